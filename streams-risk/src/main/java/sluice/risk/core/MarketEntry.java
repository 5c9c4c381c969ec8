package sluice.risk.core;

import org.jspecify.annotations.Nullable;
import sluice.domain.EventId;
import sluice.domain.Price;

/**
 * Where a market stands in the books.
 *
 * @param event the event it is put under: the venue's, as told with its newest order
 * @param settledVersion version of the settlement that was paid; 0 while none was
 * @param settledValue what it paid per YES contract; null while it has not paid
 * @param yesBid best bid for YES at the last mark
 * @param yesAsk best ask for YES at the last mark
 */
public record MarketEntry(
        EventId event,
        String category,
        boolean mutuallyExclusive,
        int settledVersion,
        @Nullable Price settledValue,
        @Nullable Price yesBid,
        @Nullable Price yesAsk) {
    /** Whether it has paid; after that nothing may be ordered in it. */
    public boolean isSettled() {
        return settledValue != null;
    }
}
