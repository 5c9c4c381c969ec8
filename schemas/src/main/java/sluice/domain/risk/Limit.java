package sluice.domain.risk;

import java.util.Arrays;
import java.util.Optional;

/**
 * Every limit that can be set, once. A value is a decimal with six places in the limit's unit.
 *
 * <p>Where several scopes name one order, the tightest value holds: the smallest of a MOST, the largest of a LEAST. A
 * limit that no scope sets refuses every order that the control looks at.
 */
public enum Limit {
    MAX_SIGNAL_AGE("max-signal-age-ms", 3, Unit.MILLIS, Bound.MOST, "age of a signal when it is decided"),
    MAX_SIGNAL_SKEW("max-signal-skew-ms", 3, Unit.MILLIS, Bound.MOST, "how far a signal may lie in the future"),
    CLOSE_BUFFER("close-buffer-ms", 6, Unit.MILLIS, Bound.LEAST, "time left before a market closes"),
    MIN_TIME_TO_RESOLUTION("min-time-to-resolution-ms", 6, Unit.MILLIS, Bound.LEAST, "time left before the outcome"),
    MAX_TIME_TO_RESOLUTION("max-time-to-resolution-ms", 6, Unit.MILLIS, Bound.MOST, "time left before the outcome"),
    MIN_PRICE("min-price", 7, Unit.DOLLARS, Bound.LEAST, "price of an order"),
    MAX_PRICE("max-price", 7, Unit.DOLLARS, Bound.MOST, "price of an order"),
    MIN_ORDER_QUANTITY("min-order-quantity", 7, Unit.CONTRACTS, Bound.LEAST, "contracts of an order"),
    MAX_BOOK_AGE("max-book-age-ms", 8, Unit.MILLIS, Bound.MOST, "age of the book that an order is priced against"),
    MAX_SPREAD("max-spread", 8, Unit.DOLLARS, Bound.MOST, "spread up to which the middle is a reference price"),
    MAX_LAST_TRADE_AGE("max-last-trade-age-ms", 8, Unit.MILLIS, Bound.MOST, "age of a last trade used as reference"),
    COLLAR_ABSOLUTE("collar-absolute", 8, Unit.DOLLARS, Bound.MOST, "distance from the reference price"),
    COLLAR_PERCENT("collar-percent", 8, Unit.PERCENT, Bound.MOST, "distance from the reference price"),
    MIN_EDGE("min-edge-pct", 9, Unit.PERCENT, Bound.LEAST, "claimed edge in percentage points"),
    MIN_ROI("min-roi-pct", 9, Unit.PERCENT, Bound.LEAST, "return after fees, by the model"),
    MAX_ORDER_QUANTITY("max-order-quantity", 10, Unit.CONTRACTS, Bound.MOST, "contracts of an order"),
    MAX_ORDER_COST("max-order-cost", 11, Unit.DOLLARS, Bound.MOST, "worst-case cost of an order"),
    MAX_BALANCE_AGE("max-balance-age-ms", 13, Unit.MILLIS, Bound.MOST, "age of the venue's balance"),
    MAX_MARKET_EXPOSURE("max-market-exposure", 15, Unit.DOLLARS, Bound.MOST, "worst-case loss in a market"),
    MAX_MARKET_GROSS("max-market-gross", 15, Unit.DOLLARS, Bound.MOST, "cost of everything in a market"),
    MAX_EVENT_EXPOSURE("max-event-exposure", 16, Unit.DOLLARS, Bound.MOST, "worst-case loss in an event or game"),
    MAX_CATEGORY_EXPOSURE("max-category-exposure", 17, Unit.DOLLARS, Bound.MOST, "worst-case loss in a sport"),
    MAX_STRATEGY_EXPOSURE("max-strategy-exposure", 18, Unit.DOLLARS, Bound.MOST, "worst-case loss of a strategy"),
    MAX_VENUE_EXPOSURE("max-venue-exposure", 18, Unit.DOLLARS, Bound.MOST, "worst-case loss at a venue"),
    MAX_ACCOUNT_EXPOSURE("max-account-exposure", 18, Unit.DOLLARS, Bound.MOST, "worst-case loss of the account"),
    MAX_ACCOUNT_GROSS("max-account-gross", 18, Unit.DOLLARS, Bound.MOST, "cost of everything in the account"),
    MAX_OPEN_POSITIONS("max-open-positions", 19, Unit.COUNT, Bound.MOST, "markets held or being opened"),
    MAX_MARKET_OPEN_ORDERS("max-market-open-orders", 20, Unit.COUNT, Bound.MOST, "open orders in a market"),
    MAX_ACCOUNT_OPEN_ORDERS("max-account-open-orders", 20, Unit.COUNT, Bound.MOST, "open orders of the account"),
    MAX_MARKET_OPEN_NOTIONAL(
            "max-market-open-notional", 20, Unit.DOLLARS, Bound.MOST, "cost of a market's open orders"),
    MAX_ACCOUNT_OPEN_NOTIONAL("max-account-open-notional", 20, Unit.DOLLARS, Bound.MOST, "cost of all open orders"),
    MAX_DAILY_LOSS("max-daily-loss", 21, Unit.DOLLARS, Bound.MOST, "account's loss in a day and in 24 hours"),
    MAX_STRATEGY_DAILY_LOSS("max-strategy-daily-loss", 21, Unit.DOLLARS, Bound.MOST, "strategy's loss, likewise"),
    DAILY_LOSS_LOOK_AHEAD("daily-loss-look-ahead", 21, Unit.SWITCH, Bound.LEAST, "1: a new order's worst case counts"),
    MAX_DAILY_TRADES("max-daily-trades", 25, Unit.COUNT, Bound.MOST, "account's opening orders a day and in 24 hours"),
    MAX_STRATEGY_DAILY_TRADES("max-strategy-daily-trades", 25, Unit.COUNT, Bound.MOST, "strategy's opening orders"),
    WORKING_ORDER_TIMEOUT("working-order-timeout-ms", 38, Unit.MILLIS, Bound.MOST, "life of a resting order");

    /** What a value counts. */
    public enum Unit {
        DOLLARS,
        CONTRACTS,
        PERCENT,
        MILLIS,
        COUNT,
        SWITCH
    }

    /** Which direction is tighter. */
    public enum Bound {
        MOST,
        LEAST
    }

    private final String key;
    private final int row;
    private final Unit unit;
    private final Bound bound;
    private final String meaning;

    Limit(String key, int row, Unit unit, Bound bound, String meaning) {
        this.key = key;
        this.row = row;
        this.unit = unit;
        this.bound = bound;
        this.meaning = meaning;
    }

    /** Name in configuration, records and messages. */
    public String key() {
        return key;
    }

    /** Row of the table of controls that asks it. */
    public int row() {
        return row;
    }

    public Unit unit() {
        return unit;
    }

    /** What is bounded, in words. */
    public String meaning() {
        return meaning;
    }

    public Bound bound() {
        return bound;
    }

    /** The tighter of two values of this limit. */
    public long tighter(long a, long b) {
        return bound == Bound.MOST ? Math.min(a, b) : Math.max(a, b);
    }

    public static Optional<Limit> byKey(String key) {
        return Arrays.stream(values()).filter(limit -> limit.key.equals(key)).findFirst();
    }
}
