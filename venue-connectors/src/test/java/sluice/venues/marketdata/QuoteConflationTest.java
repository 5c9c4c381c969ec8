package sluice.venues.marketdata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.domain.MarketId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Venue;
import sluice.domain.market.Level;
import sluice.domain.market.Quote;

class QuoteConflationTest {
    private static final long PAUSE = 20;
    private static final long CONFIRM = 500;
    private static final MarketId A = new MarketId(Venue.KALSHI, "A");
    private static final MarketId B = new MarketId(Venue.KALSHI, "B");

    private final QuoteConflation conflation = new QuoteConflation(PAUSE, CONFIRM, 2);

    @Test
    void theNewestIsToldWhenItsTimeHasComeAndWhatItOvertookIsNot() {
        conflation.follow(Set.of(A));
        conflation.offer(0, quote(A, 1));
        assertThat(conflation.take(100)).containsExactly(quote(A, 1));
        conflation.offer(0, quote(A, 2));
        conflation.offer(0, quote(A, 3));

        assertThat(conflation.take(100 + PAUSE - 1)).isEmpty();
        assertThat(conflation.take(100 + PAUSE)).containsExactly(quote(A, 3));
        assertThat(conflation.take(1_000)).isEmpty();
    }

    @Test
    void afterAGapNothingIsToldUntilTheStreamTellsAnew() {
        conflation.follow(Set.of(A));
        conflation.offer(0, quote(A, 1));
        conflation.gap(0, A);
        conflation.confirm(0, Set.of(A), 10_000);
        assertThat(conflation.take(100)).isEmpty();

        conflation.offer(0, quote(A, 2));
        assertThat(conflation.take(100)).containsExactly(quote(A, 2));
    }

    @Test
    void aNewerStreamTakesOverAndTheOlderIsNotListenedTo() {
        conflation.follow(Set.of(A, B));
        conflation.offer(0, quote(A, 1));
        conflation.offer(0, quote(B, 1));
        conflation.take(0);
        conflation.offer(1, quote(A, 2));
        conflation.offer(0, quote(A, 3));
        conflation.gap(0, A);
        conflation.confirm(0, Set.of(A), 10_000);
        conflation.offer(0, quote(B, 3));

        assertThat(conflation.take(1_000)).containsExactlyInAnyOrder(quote(A, 2), quote(B, 3));
        assertThat(conflation.streamOf(A)).isEqualTo(1);
        assertThat(conflation.streamOf(B)).isZero();
    }

    @Test
    void aQuietBookIsToldAgainAsOfItsConfirmation() {
        conflation.follow(Set.of(A, B));
        conflation.offer(0, quote(A, 1_000));
        conflation.take(1_000);

        conflation.confirm(0, Set.of(A), 1_000 + CONFIRM - 1);
        assertThat(conflation.take(2_000)).isEmpty();
        conflation.confirm(0, Set.of(A, B), 1_000 + CONFIRM);
        assertThat(conflation.take(2_000)).singleElement().satisfies(told -> {
            assertThat(told.atMillis()).isEqualTo(1_000 + CONFIRM);
            assertThat(told.bids()).isEqualTo(quote(A, 1_000).bids());
        });
    }

    @Test
    void ofAMarketThatIsNotFollowedNothingIsTold() {
        conflation.offer(0, quote(A, 1));
        conflation.follow(Set.of(A));
        conflation.offer(0, quote(A, 2));
        conflation.follow(Set.of(B));

        assertThat(conflation.take(1_000)).isEmpty();
    }

    @Test
    void aClockThatWasSetBackHoldsNothingUp() {
        conflation.follow(Set.of(A));
        conflation.offer(0, quote(A, 1));
        conflation.take(1_000_000);
        conflation.offer(0, quote(A, 2));

        assertThat(conflation.take(5)).containsExactly(quote(A, 2));
    }

    @Test
    void noMoreLevelsThanAskedForAreTold() {
        conflation.follow(Set.of(A));
        var level = new Level(Price.parse("0.4"), Quantity.parse("1"));
        conflation.offer(
                0, new Quote(A, List.of(level, level, level), List.of(level), true, null, null, null, null, 1, "test"));

        assertThat(conflation.take(0)).singleElement().satisfies(told -> {
            assertThat(told.bids()).hasSize(2);
            assertThat(told.asks()).hasSize(1);
        });
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    /** Whatever happens: bounded rate, nothing older after something newer, and the newest within the pause. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theNewestIsNeverHeldBackForLongerThanThePause(long seed) {
        var random = new Random(seed);
        var markets = List.of(A, B);
        conflation.follow(Set.copyOf(markets));
        var offered = new HashMap<MarketId, Quote>();
        var toldAt = new HashMap<MarketId, Long>();
        var told = new HashMap<MarketId, Quote>();
        long now = 0;
        for (int i = 1; i <= 500; i++) {
            now += random.nextInt(15);
            var market = markets.get(random.nextInt(2));
            switch (random.nextInt(4)) {
                case 0 -> {
                    conflation.gap(0, market);
                    offered.remove(market);
                }
                case 1, 2 -> {
                    var quote = quote(market, i);
                    conflation.offer(0, quote);
                    offered.put(market, quote);
                }
                default -> {
                    // Only time goes on.
                }
            }
            for (Quote each : conflation.take(now)) {
                assertThat(each).isEqualTo(offered.get(each.market()));
                Long before = toldAt.put(each.market(), now);
                assertThat(before == null || now - before >= PAUSE).isTrue();
                told.put(each.market(), each);
            }
            for (Map.Entry<MarketId, Quote> each : new ArrayList<>(offered.entrySet())) {
                boolean isTold = each.getValue().equals(told.get(each.getKey()));
                assertThat(isTold || now - Objects.requireNonNull(toldAt.get(each.getKey())) < PAUSE)
                        .as("%s at %d", each, now)
                        .isTrue();
            }
        }
    }

    private static Quote quote(MarketId market, long at) {
        return new Quote(
                market,
                List.of(new Level(Price.parse("0.4"), Quantity.parse(Long.toString(at)))),
                List.of(),
                true,
                null,
                null,
                null,
                null,
                at,
                "test");
    }
}
