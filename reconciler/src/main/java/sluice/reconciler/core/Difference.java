package sluice.reconciler.core;

import sluice.domain.MarketId;
import sluice.domain.Money;
import sluice.domain.Venue;

/** Where our books and the venue's say different things. */
public sealed interface Difference {
    /** Cash at a venue. */
    record Cash(Venue venue, Money ours, Money venues) implements Difference {}

    /** Contracts of a market. */
    record Position(MarketId market, Books.Holding ours, Books.Holding venues) implements Difference {}
}
