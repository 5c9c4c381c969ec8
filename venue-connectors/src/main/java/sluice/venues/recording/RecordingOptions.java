package sluice.venues.recording;

import java.time.Duration;
import java.time.ZoneId;
import sluice.domain.AccountId;
import sluice.domain.Mode;
import sluice.domain.Quantity;
import sluice.domain.StrategyId;
import sluice.domain.market.FeeModel;
import sluice.domain.market.FeeTerms;

/**
 * What a recording leaves open and the reader must be told.
 *
 * @param localZone zone of times that are written without one; Polymarket US files and the Kalshi journal's trades are
 *     US Eastern
 * @param conflation shortest time between two quotes of one market made from a stream of book changes
 * @param account account of recorded signals and fills
 * @param strategy strategy of recorded signals
 * @param mode mode of recorded fills. They were real, but they are replayed into paper books unless told otherwise
 * @param assumedSize contracts put beside a price where the recording has no sizes; such quotes say so
 * @param kalshiFees fees of Kalshi markets whose recording names none
 * @param polymarketFees fees of Polymarket markets whose recording names none
 * @param sortBytes memory for sorting a file that is not in time order; beyond it pieces go to temporary files
 */
public record RecordingOptions(
        ZoneId localZone,
        Duration conflation,
        AccountId account,
        StrategyId strategy,
        Mode mode,
        Quantity assumedSize,
        FeeTerms kalshiFees,
        FeeTerms polymarketFees,
        int sortBytes) {
    /** US Eastern, 100 ms, account main, paper, 100 contracts, general fee schedules, 64 MB. */
    public static final RecordingOptions DEFAULTS = new RecordingOptions(
            ZoneId.of("America/New_York"),
            Duration.ofMillis(100),
            new AccountId("main"),
            new StrategyId("recorded"),
            Mode.PAPER,
            Quantity.parse("100"),
            new FeeTerms(FeeModel.KALSHI, 70_000, 0, "assumed: general schedule of 2026-07-07"),
            new FeeTerms(FeeModel.POLYMARKET, 50_000, 0, "assumed: sports, July 2026"),
            64 << 20);

    public RecordingOptions {
        if (conflation.isNegative() || conflation.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("conflation " + conflation + " is not between 0 and 1 hour");
        }
        if (sortBytes < 1024) {
            throw new IllegalArgumentException("sortBytes " + sortBytes + " is too small; at least 1024");
        }
    }

    public RecordingOptions withLocalZone(ZoneId zone) {
        return new RecordingOptions(
                zone, conflation, account, strategy, mode, assumedSize, kalshiFees, polymarketFees, sortBytes);
    }

    public RecordingOptions withConflation(Duration shortest) {
        return new RecordingOptions(
                localZone, shortest, account, strategy, mode, assumedSize, kalshiFees, polymarketFees, sortBytes);
    }

    public RecordingOptions withAccount(AccountId name, StrategyId strategyName) {
        return new RecordingOptions(
                localZone, conflation, name, strategyName, mode, assumedSize, kalshiFees, polymarketFees, sortBytes);
    }

    public RecordingOptions withSortBytes(int bytes) {
        return new RecordingOptions(
                localZone, conflation, account, strategy, mode, assumedSize, kalshiFees, polymarketFees, bytes);
    }
}
