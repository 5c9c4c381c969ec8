package sluice.venues.api;

import sluice.domain.MarketId;
import sluice.domain.market.Quote;

/** Hears of books. Called by one thread at a time; it must return soon. */
public interface QuoteListener {
    /** The newest book of a market. */
    void onQuote(Quote quote);

    /** News of the market may have been lost; its book is not to be trusted until the next quote. */
    void onGap(MarketId market, String why);
}
