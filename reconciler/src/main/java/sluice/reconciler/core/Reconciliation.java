package sluice.reconciler.core;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import sluice.domain.MarketId;
import sluice.domain.Money;
import sluice.domain.Venue;

/** Compares our books with a venue's, to the micro-dollar and the micro-contract; nothing is too small to differ. */
public final class Reconciliation {
    private Reconciliation() {}

    /** Every difference, cash first, ordered by venue and market. A venue that nets pairs is compared after netting. */
    public static List<Difference> compare(Books ours, Books venues) {
        List<Difference> differences = new ArrayList<>();
        var cash = new TreeSet<Venue>(ours.cash().keySet());
        cash.addAll(venues.cash().keySet());
        for (Venue venue : cash) {
            Money own = ours.cash().getOrDefault(venue, Money.ZERO);
            Money reported = venues.cash().getOrDefault(venue, Money.ZERO);
            if (!own.equals(reported)) {
                differences.add(new Difference.Cash(venue, own, reported));
            }
        }
        var markets = new TreeSet<MarketId>(ours.holdings().keySet());
        markets.addAll(venues.holdings().keySet());
        for (MarketId market : markets) {
            Books.Holding own = comparable(market, ours);
            Books.Holding reported = comparable(market, venues);
            if (!own.equals(reported)) {
                differences.add(new Difference.Position(market, own, reported));
            }
        }
        return differences;
    }

    private static Books.Holding comparable(MarketId market, Books books) {
        Books.Holding holding = books.holdings().getOrDefault(market, Books.Holding.NONE);
        return market.venue().netsPairs() ? holding.netted() : holding;
    }
}
