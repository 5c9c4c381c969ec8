package sluice.venues.simulator.core;

/** Why the exchange did not do what was asked. Each venue has its own words for these. */
public enum Denial {
    NO_SUCH_MARKET,
    NO_SUCH_ORDER,
    NO_SUCH_GROUP,
    DUPLICATE,
    EXCHANGE_PAUSED,
    TRADING_PAUSED,
    MARKET_NOT_OPEN,
    WRONG_POCKET,
    PRICE_OFF_GRID,
    BAD_QUANTITY,
    GROUP_TRIGGERED,
    POST_ONLY_CROSSES,
    FOK_CANNOT_FILL,
    NOTHING_TO_REDUCE,
    TOO_LITTLE_CASH,
    TOO_FEW_TOKENS
}
