package sluice.reconciler.core;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import sluice.domain.MarketId;
import sluice.domain.Money;
import sluice.domain.Quantity;
import sluice.domain.Venue;

/**
 * What an account holds, as one party tells it.
 *
 * @param cash all cash by venue
 * @param holdings contracts by market; a market that is not named holds none
 */
public record Books(SortedMap<Venue, Money> cash, SortedMap<MarketId, Holding> holdings) {
    /** Contracts of both sides of a market. */
    public record Holding(Quantity yes, Quantity no) {
        public static final Holding NONE = new Holding(Quantity.ZERO, Quantity.ZERO);

        /** What is left after a venue closed every pair of YES and NO at one dollar. */
        public Holding netted() {
            Quantity pairs = yes.min(no);
            return new Holding(yes.minus(pairs), no.minus(pairs));
        }
    }

    public Books {
        cash = new TreeMap<>(cash);
        holdings = new TreeMap<>(holdings);
    }

    public static Books of(Map<Venue, Money> cash, Map<MarketId, Holding> holdings) {
        return new Books(new TreeMap<>(cash), new TreeMap<>(holdings));
    }
}
