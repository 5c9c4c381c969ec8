package sluice.venues.marketdata;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import sluice.domain.MarketId;
import sluice.domain.market.Settlement;

/**
 * The newest result of each market, as it was told. A result is told when it is new, when it becomes more or less
 * final, and when it is set again, which counts its version up; and never twice. Pure.
 */
final class KnownResults {
    private final Map<MarketId, Settlement> told = new HashMap<>();

    /** Takes in what was told before. */
    void restore(Settlement settlement) {
        told.merge(
                settlement.market(),
                settlement,
                (before, after) -> after.version() >= before.version() ? after : before);
    }

    /** What is to be told of this result, if anything. */
    Optional<Settlement> tell(Settlement read) {
        var before = told.get(read.market());
        if (before == null) {
            told.put(read.market(), read);
            return Optional.of(read);
        }
        boolean same = before.result() == read.result() && before.yesValue().equals(read.yesValue());
        if (same && (before.status() == read.status() || before.status() == Settlement.Status.FINAL)) {
            return Optional.empty();
        }
        var next = new Settlement(
                read.market(),
                read.result(),
                read.yesValue(),
                read.status(),
                same ? before.version() : before.version() + 1,
                read.settledAtMillis(),
                read.source());
        told.put(read.market(), next);
        return Optional.of(next);
    }

    boolean isFinal(MarketId market) {
        var settlement = told.get(market);
        return settlement != null && settlement.status() == Settlement.Status.FINAL;
    }
}
