package sluice.domain.market;

import sluice.domain.MarketId;
import sluice.domain.Price;

/**
 * What a market pays.
 *
 * @param yesValue dollars paid per YES contract; NO pays one dollar minus this
 * @param version counts up when a result is set again
 * @param settledAtMillis when the venue said so, UTC milliseconds
 */
public record Settlement(
        MarketId market,
        Result result,
        Price yesValue,
        Status status,
        int version,
        long settledAtMillis,
        String source) {
    /** How a market ended. */
    public enum Result {
        YES,
        NO,
        VOID,
        SCALAR
    }

    /** How final a settlement is. Only FINAL pays. */
    public enum Status {
        DETERMINED,
        DISPUTED,
        AMENDED,
        FINAL
    }
}
