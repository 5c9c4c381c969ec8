package sluice.venues.simulator.core;

/** What a command changed, in the order in which it happened; what a venue's streams are made of. */
public sealed interface Change {
    /** A level of the book grew or shrank. {@code orderId} caused it. */
    record LevelChanged(String market, boolean bid, long yesPrice, long delta, long total, String orderId)
            implements Change {}

    /** An order is new or has changed; the copy is as of then. */
    record OrderChanged(Order order, String reason) implements Change {}

    record Traded(Trade trade) implements Change {}

    /** A trade that was reported before has moved on. */
    record TradeMoved(Trade trade) implements Change {}

    record PositionChanged(String account, String market) implements Change {}

    /**
     * A market changed: created, opened, activated, deactivated, closed, determined, settled, grid, fees, close_date.
     */
    record MarketChanged(String market, String what) implements Change {}

    record GroupChanged(String account, String group, String what) implements Change {}
}
