package sluice.risk.core;

/** Running totals of a strategy. Mutable; owned by the core. Day figures belong to {@link #tradingDay} only. */
public final class StrategyBook {
    public long exposure;
    public int tradingDay;
    public long profitToday;
    public long profit24h;
    public long tradesToday;
    public long trades24h;

    /** Day figures start again when the day is another. */
    void rollTo(int day) {
        if (tradingDay != day) {
            tradingDay = day;
            profitToday = 0;
            tradesToday = 0;
        }
    }
}
