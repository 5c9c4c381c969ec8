package sluice.reconciler.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import sluice.domain.MarketId;
import sluice.domain.Money;
import sluice.domain.Quantity;
import sluice.domain.Venue;

class ReconciliationTest {
    private static final MarketId KALSHI = MarketId.parse("kalshi:KX");
    private static final MarketId POLYMARKET = MarketId.parse("polymarket:0x1");

    private static Books.Holding holding(String yes, String no) {
        return new Books.Holding(Quantity.parse(yes), Quantity.parse(no));
    }

    @Test
    void equalBooksHaveNoDifference() {
        var books = Books.of(Map.of(Venue.KALSHI, Money.parse("10")), Map.of(KALSHI, holding("1", "0")));

        assertThat(Reconciliation.compare(books, books)).isEmpty();
    }

    @Test
    void aMicroDollarIsADifference() {
        var ours = Books.of(Map.of(Venue.KALSHI, Money.parse("10")), Map.of());
        var venues = Books.of(Map.of(Venue.KALSHI, Money.parse("10.000001")), Map.of());

        assertThat(Reconciliation.compare(ours, venues))
                .containsExactly(new Difference.Cash(Venue.KALSHI, Money.parse("10"), Money.parse("10.000001")));
    }

    @Test
    void whatOnlyOnePartyNamesIsADifference() {
        var ours = Books.of(Map.of(), Map.of(POLYMARKET, holding("0.000001", "0")));
        var venues = Books.of(Map.of(), Map.of());

        assertThat(Reconciliation.compare(ours, venues))
                .containsExactly(new Difference.Position(POLYMARKET, holding("0.000001", "0"), Books.Holding.NONE));
        assertThat(Reconciliation.compare(venues, ours)).hasSize(1);
    }

    @Test
    void pairsCountAsClosedOnlyWhereTheVenueNets() {
        var ours = Books.of(Map.of(), Map.of(KALSHI, holding("5", "3"), POLYMARKET, holding("5", "3")));
        var venues = Books.of(Map.of(), Map.of(KALSHI, holding("2", "0"), POLYMARKET, holding("2", "0")));

        assertThat(Reconciliation.compare(ours, venues))
                .containsExactly(new Difference.Position(POLYMARKET, holding("5", "3"), holding("2", "0")));
    }
}
