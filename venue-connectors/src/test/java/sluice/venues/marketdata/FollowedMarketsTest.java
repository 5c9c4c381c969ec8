package sluice.venues.marketdata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import sluice.domain.MarketId;
import sluice.domain.Venue;

class FollowedMarketsTest {
    private static final long KEEP = 1_000;

    @Test
    void nobodysMarketIsNotFollowed() {
        assertThat(new FollowedMarkets(Set.of(), KEEP, 10).choose(0).markets()).isEmpty();
    }

    @Test
    void aSignalledMarketIsDroppedWhenItsLastSignalIsOld() {
        var followed = new FollowedMarkets(Set.of(), KEEP, 10);
        followed.signalled(market(1), 0);
        followed.signalled(market(1), 500);
        followed.signalled(market(1), 200);

        assertThat(followed.choose(500 + KEEP).markets()).containsExactly(market(1));
        assertThat(followed.choose(501 + KEEP).markets()).isEmpty();
    }

    @Test
    void aHeldMarketIsFollowedForAsLongAsAnybodyHoldsIt() {
        var followed = new FollowedMarkets(Set.of(), KEEP, 10);
        followed.holds("alice", market(1));
        followed.holds("bob", market(1));

        followed.holdsNothing("alice");
        assertThat(followed.choose(1_000_000).markets()).containsExactly(market(1));
        followed.holdsNothing("bob");
        assertThat(followed.choose(1_000_000).markets()).isEmpty();
    }

    @Test
    void theWatchListIsFollowedWithoutAnySignal() {
        var followed = new FollowedMarkets(Set.of(market(7)), KEEP, 10);

        assertThat(followed.choose(1_000_000).markets()).containsExactly(market(7));
    }

    @Test
    void whatHasPaidOutIsNotFollowedWhoeverAsks() {
        var followed = new FollowedMarkets(Set.of(market(1)), KEEP, 10);
        followed.signalled(market(2), 0);
        followed.holds("alice", market(3));
        Set.of(market(1), market(2), market(3)).forEach(followed::paidOut);
        followed.signalled(market(2), 1);

        assertThat(followed.choose(1).markets()).isEmpty();
    }

    @Test
    void beyondTheBoundHeldOnesStayAndTheOldestSignalsAreLeftOut() {
        var followed = new FollowedMarkets(Set.of(market(0)), KEEP, 3);
        followed.holds("alice", market(1));
        followed.signalled(market(2), 20);
        followed.signalled(market(3), 30);
        followed.signalled(market(4), 10);

        var choice = followed.choose(40);

        assertThat(choice.markets()).containsExactlyInAnyOrder(market(1), market(0), market(3));
        assertThat(choice.leftOut()).isEqualTo(2);
        // What was left out comes back with its next signal.
        followed.signalled(market(4), 41);
        assertThat(followed.choose(41).markets()).containsExactlyInAnyOrder(market(1), market(0), market(4));
    }

    @Test
    void heldOnesAreFollowedBeyondTheBound() {
        var followed = new FollowedMarkets(Set.of(market(9)), KEEP, 1);
        followed.holds("alice", market(1));
        followed.holds("bob", market(2));

        assertThat(followed.choose(0)).isEqualTo(new FollowedMarkets.Choice(Set.of(market(1), market(2)), 1));
    }

    private static MarketId market(int number) {
        return new MarketId(Venue.KALSHI, "M-" + number);
    }
}
