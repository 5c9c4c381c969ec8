package sluice.domain.market;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.domain.MarketId;
import sluice.domain.Price;
import sluice.domain.Quantity;

/**
 * The newest state of a market's book, in prices of YES.
 *
 * @param bids bids for YES, best (highest) first; empty means no bid
 * @param asks asks for YES, best (lowest) first; empty means no ask. A NO bid at q is a YES ask at 1 - q
 * @param depthKnown whether the quantities were displayed; false where a recording has prices only
 * @param atMillis when the venue said so, UTC milliseconds
 */
public record Quote(
        MarketId market,
        List<Level> bids,
        List<Level> asks,
        boolean depthKnown,
        @Nullable Price lastTradePrice,
        @Nullable Quantity lastTradeQuantity,
        @Nullable Long lastTradeAtMillis,
        @Nullable Long sequence,
        long atMillis,
        String source) {
    public Quote {
        bids = List.copyOf(bids);
        asks = List.copyOf(asks);
    }

    /** The same book, as of this time at the latest: nothing is known of what is still to come. */
    public Quote notAfter(long millis) {
        return atMillis <= millis
                ? this
                : new Quote(
                        market,
                        bids,
                        asks,
                        depthKnown,
                        lastTradePrice,
                        lastTradeQuantity,
                        lastTradeAtMillis,
                        sequence,
                        millis,
                        source);
    }

    public @Nullable Level bestBid() {
        return bids.isEmpty() ? null : bids.get(0);
    }

    public @Nullable Level bestAsk() {
        return asks.isEmpty() ? null : asks.get(0);
    }
}
