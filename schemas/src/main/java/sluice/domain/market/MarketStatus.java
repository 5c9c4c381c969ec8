package sluice.domain.market;

/** Where a market stands. Only ACTIVE can be traded. */
public enum MarketStatus {
    UNKNOWN,
    UNOPENED,
    ACTIVE,
    PAUSED,
    CLOSED,
    DETERMINED,
    DISPUTED,
    AMENDED,
    SETTLED
}
