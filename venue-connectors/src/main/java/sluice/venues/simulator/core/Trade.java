package sluice.venues.simulator.core;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.jspecify.annotations.Nullable;

/**
 * One match of two orders.
 *
 * @param yesPrice the maker's price in YES terms, millionths of a dollar
 * @param quantity millionths of a contract
 * @param hash of the transaction; empty while there is none
 */
public record Trade(
        String id,
        String market,
        long at,
        long yesPrice,
        long quantity,
        Fill taker,
        Fill maker,
        Status status,
        String hash,
        long updatedAt) {
    /** How final it is. Venues without a chain know {@link #CONFIRMED} only. */
    public enum Status {
        MATCHED,
        MINED,
        CONFIRMED,
        RETRYING,
        FAILED
    }

    /**
     * One side of a trade.
     *
     * @param price of the token that was traded
     * @param fee what was charged, not negative
     * @param yesAfter holding of YES less NO after the fill
     */
    public record Fill(
            String tradeId,
            String orderId,
            String account,
            String market,
            boolean yes,
            boolean buy,
            long price,
            long yesPrice,
            long quantity,
            long fee,
            long cash,
            boolean taker,
            long at,
            long yesAfter) {
        @JsonIgnore
        public boolean bid() {
            return yes == buy;
        }
    }

    Trade with(Status next, @Nullable String newHash, long at) {
        return new Trade(
                id, market, this.at, yesPrice, quantity, taker, maker, next, newHash == null ? hash : newHash, at);
    }
}
