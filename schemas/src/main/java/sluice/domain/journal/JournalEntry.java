package sluice.domain.journal;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.MarketId;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Venue;
import sluice.domain.market.Market;
import sluice.domain.market.QuoteView;
import sluice.domain.order.Fill;
import sluice.domain.order.Signal;
import sluice.domain.order.VenueReport;
import sluice.domain.risk.ControlCommand;
import sluice.domain.risk.RiskLimits;

/**
 * One thing that can change what an account may do. The journal holds all of them, in the order that decides.
 *
 * @param account whom it concerns; {@link AccountId#ALL} for every account of the partition
 * @param partition journal partition
 * @param offset journal offset
 * @param timeMillis timestamp of the journal record, UTC milliseconds; the only clock a decision knows
 */
public record JournalEntry(AccountId account, int partition, long offset, long timeMillis, Body body) {
    /** What happened. */
    public sealed interface Body {}

    /**
     * A signal with everything from outside the account that a decision needs.
     *
     * @param intentId identity of the intent, from mode, account, strategy and idempotency key; becomes the order id
     * @param payloadHash SHA-256, in hex, of everything in the signal that would make it a different order
     * @param quote the newest book; null if there was none
     * @param market the market; null if it is not known
     * @param maintenance whether the venue was in a maintenance window
     */
    public record SignalReceived(
            Signal signal,
            Mode mode,
            OrderId intentId,
            String payloadHash,
            @Nullable QuoteView quote,
            @Nullable Market market,
            boolean maintenance)
            implements Body {}

    /** A connector reported on an order. */
    public record ReportReceived(VenueReport report) implements Body {}

    /** A connector told of a trade. */
    public record FillReceived(Fill fill) implements Body {}

    /** An operator commanded. */
    public record ControlReceived(ControlCommand command) implements Body {}

    /** An operator set limits. */
    public record LimitsReceived(RiskLimits limits) implements Body {}

    /** A venue settled a market. */
    public record SettlementReceived(sluice.domain.market.Settlement settlement) implements Body {}

    /** Executable prices of a market, for valuing what is held; prices of YES. */
    public record MarkReceived(
            MarketId market,
            @Nullable Price yesBid,
            @Nullable Price yesAsk,
            long atMillis) implements Body {}

    /**
     * What a venue said of an account.
     *
     * @param cash all cash over every bucket; null if it was not read
     * @param available cash not held for resting orders; null if it was not read
     * @param positions holdings; null if they were not read
     */
    public record SnapshotReceived(
            Mode mode,
            Venue venue,
            @Nullable Money cash,
            @Nullable Money available,
            @Nullable List<Holding> positions,
            boolean complete,
            long asOfMillis)
            implements Body {}

    /** A holding as a venue reports it. */
    public record Holding(MarketId market, Quantity yes, Quantity no) {}

    /** A second has passed. */
    public record Tick(long number) implements Body {}

    /** A trading day has begun: days since 1970-01-01 in the configured zone. */
    public record DayRolled(int tradingDay, String zone) implements Body {}
}
