package sluice.venues.kalshi;

import sluice.domain.MarketId;

/** Hears that something about a market has changed. Called by one thread at a time; it must return soon. */
public interface LifecycleListener {
    /** Its status, times, price grid or result is not what it was; read the market. */
    void onMarketChanged(MarketId market, String what);

    /** Fees or terms of all markets of an event are not what they were; read them. */
    void onEventChanged(String eventTicker, String what);

    /** News may have been lost; every market that matters must be read. */
    void onGap(String why);
}
