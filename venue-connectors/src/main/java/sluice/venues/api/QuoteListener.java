package sluice.venues.api;

import java.util.Set;
import sluice.domain.MarketId;
import sluice.domain.market.Quote;

/** Hears of books. Called by one thread at a time; it must return soon. */
public interface QuoteListener {
    /** The newest book of a market. */
    void onQuote(Quote quote);

    /** News of the market may have been lost; its book is not to be trusted until the next quote. */
    void onGap(MarketId market, String why);

    /**
     * The venue has answered on the stream, after everything that it told there before: the books of these markets, as
     * they were told, stood like that at this time at least. Without it a quiet book and a dead stream look the same.
     *
     * @param asOfMillis when the venue was asked, by the local clock
     */
    default void onCurrent(Set<MarketId> markets, long asOfMillis) {}
}
