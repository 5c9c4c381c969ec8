package sluice.domain.risk;

/** The controls that a signal is held against, in the order in which the first failing one binds. */
public enum Control {
    MODE(1, "MODE", false),
    IDEMPOTENCY(2, "CONFLICT", false),
    FRESHNESS(3, "STALE", false),
    KILL_STATE(4, "KILLED", false),
    PERMISSION(5, "NOT_ALLOWED", false),
    LIFECYCLE(6, "MARKET_STATE", true),
    PRICE_VALIDITY(7, "INVALID", false),
    COLLAR(8, "COLLAR", false),
    EDGE(9, "EDGE", false),
    ORDER_QUANTITY(10, "ORDER_QUANTITY", false),
    ORDER_COST(11, "ORDER_COST", false),
    BUYING_POWER(13, "FUNDS", false),
    INVENTORY(14, "INVENTORY", false),
    MARKET_EXPOSURE(15, "MARKET_EXPOSURE", true),
    EVENT_EXPOSURE(16, "EVENT_EXPOSURE", true),
    CATEGORY_EXPOSURE(17, "CATEGORY_EXPOSURE", true),
    LEVEL_EXPOSURE(18, "LEVEL_EXPOSURE", true),
    OPEN_POSITIONS(19, "OPEN_POSITIONS", true),
    OPEN_ORDERS(20, "OPEN_ORDERS", false),
    DAILY_LOSS(21, "DAILY_LOSS", false),
    TRADES_PER_DAY(25, "TRADES_PER_DAY", true);

    /** Code of an approval. */
    public static final String OK = "OK";

    /** Code where the binding control has no limit to compare with. */
    public static final String LIMIT_UNSET = "LIMIT_UNSET";

    private final int row;
    private final String code;
    private final boolean waivedForReducing;

    Control(int row, String code, boolean waivedForReducing) {
        this.row = row;
        this.code = code;
        this.waivedForReducing = waivedForReducing;
    }

    /** Row of the table of controls. */
    public int row() {
        return row;
    }

    /** Code of a denial that this control binds. */
    public String code() {
        return code;
    }

    /** Whether an order that only reduces risk passes although this control is broken. */
    public boolean waivedForReducing() {
        return waivedForReducing;
    }
}
