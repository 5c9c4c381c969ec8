package sluice.venues.kalshi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KalshiLimitsTest {
    private final AtomicLong now = new AtomicLong(1_000_000);
    private final InstantSource clock = () -> Instant.ofEpochMilli(now.get());

    static LongStream seeds() {
        return LongStream.range(0, 30);
    }

    /** In any stretch of time, no more is taken than was saved up plus what came in. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nothingTakesMoreThanTheVenueGives(long seed) {
        var random = new Random(seed);
        long capacity = 1L + random.nextInt(500);
        long rate = 1L + random.nextInt(500);
        var bucket = new TokenBucket(capacity, rate, 0);
        long at = 0;
        long taken = 0;
        for (int i = 0; i < 500; i++) {
            at += random.nextInt(200);
            long cost = 1L + random.nextInt(20);
            long reserve = random.nextInt(20);
            long wait = bucket.millisUntil(cost, reserve, at);
            boolean took = bucket.take(cost, reserve, at);
            assertThat(took).isEqualTo(wait == 0);
            if (took) {
                taken += cost;
            } else if (wait < Long.MAX_VALUE && random.nextBoolean()) {
                at += wait;
                assertThat(bucket.take(cost, reserve, at)).isTrue();
                taken += cost;
            }
            assertThat(taken * 1000).isLessThanOrEqualTo(at * rate);
        }
    }

    @Test
    void ordersLeaveAFifthForCancelsWhichNeverWait() {
        // Given a full bucket of 100
        var limits = new KalshiLimits(KalshiTier.BASIC, clock);
        now.addAndGet(10_000);

        // When orders take what they may
        int orders = 0;
        while (limits.awaitOrder(1, 0)) {
            orders++;
        }

        // Then a fifth is left, cancels spend it, and orders wait until it is there again
        assertThat(orders).isEqualTo(8);
        for (int i = 0; i < 20; i++) {
            limits.spend(1, KalshiLimits.CHEAP_COST);
        }
        now.addAndGet(299);
        assertThat(limits.awaitOrder(1, 0)).isFalse();
        now.addAndGet(1);
        assertThat(limits.awaitOrder(1, 0)).isTrue();
    }

    @Test
    void shardsHaveBucketsOfTheirOwnAndAnOrderWithoutOneNeedsAll() {
        var limits = new KalshiLimits(KalshiTier.BASIC, clock);
        now.addAndGet(10_000);
        while (limits.awaitOrder(1, 0)) {}

        assertThat(limits.awaitOrder(2, 0)).isTrue();
        assertThat(limits.awaitOrder(null, 0)).isFalse();
    }

    @Test
    void aRefusalForTheRateEmptiesTheBucket() {
        var limits = new KalshiLimits(KalshiTier.BASIC, clock);
        now.addAndGet(10_000);
        limits.refused(true, 0);
        limits.refused(false, null);

        assertThat(limits.awaitOrder(0, 0)).isFalse();
        assertThat(limits.awaitRead(10, 0)).isFalse();
        now.addAndGet(300);
        assertThat(limits.awaitOrder(0, 0)).isTrue();
        assertThat(limits.awaitRead(10, 0)).isTrue();
    }

    @Test
    void aNewProcessStartsWithNothing() {
        assertThat(new KalshiLimits(KalshiTier.BASIC, clock).awaitOrder(0, 0)).isFalse();
    }

    @Test
    void theTierIsWhatTheVenueSays() throws Exception {
        var tier = KalshiTier.of(KalshiVectors.sample("/rest_samples/account_limits/response"));

        assertThat(tier).isEqualTo(KalshiTier.BASIC);
        assertThat(tier.share(25)).isEqualTo(new KalshiTier("basic", 50, 150, 25, 25));
        assertThat(tier.share(1).writeCapacity()).isEqualTo(20);
    }

    /** The venue's clock shows whole seconds; many answers show more. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void manyWholeSecondsTellTheOffset(long seed) {
        var random = new Random(seed);
        long ahead = random.nextLong(-90_000, 90_000);
        var offset = new ClockOffset();
        long venue = 1_795_185_000_000L;
        for (int i = 0; i < 40; i++) {
            venue += 137 + random.nextInt(1000);
            long latency = random.nextInt(20);
            offset.saidWithinSecond(venue / 1000 * 1000, venue + ahead - latency, venue + ahead + latency);
            assertThat(offset.millis()).isBetween(ahead - 520, ahead + 520);
        }
        assertThat(offset.millis()).isBetween(ahead - 150, ahead + 150);
    }

    @Test
    void aStepOfTheClockIsSeenAtOnce() {
        var offset = new ClockOffset();
        assertThat(offset.millis()).isNull();
        for (int i = 0; i < 10; i++) {
            offset.saidWithinSecond(i * 1000L, i * 1000L + 500, i * 1000L + 510);
        }
        offset.saidWithinSecond(20_000, 80_500, 80_510);

        assertThat(offset.millis()).isBetween(59_500L, 60_510L);
    }

    @Test
    void maintenanceIsThursdayNightInTheEast() {
        var none = List.<KalshiExchange.Window>of();
        // 26 November 2026 is a Thursday, and Eastern is UTC-5 then.
        assertThat(KalshiExchange.isMaintenance(
                        Instant.parse("2026-11-26T08:00:00Z").toEpochMilli(), none))
                .isTrue();
        assertThat(KalshiExchange.isMaintenance(
                        Instant.parse("2026-11-26T09:59:59Z").toEpochMilli(), none))
                .isTrue();
        assertThat(KalshiExchange.isMaintenance(
                        Instant.parse("2026-11-26T10:00:00Z").toEpochMilli(), none))
                .isFalse();
        assertThat(KalshiExchange.isMaintenance(
                        Instant.parse("2026-11-25T08:30:00Z").toEpochMilli(), none))
                .isFalse();
        // And in summer it is UTC-4.
        assertThat(KalshiExchange.isMaintenance(
                        Instant.parse("2026-07-16T07:00:00Z").toEpochMilli(), none))
                .isTrue();
        assertThat(KalshiExchange.isMaintenance(15, List.of(new KalshiExchange.Window(10, 20))))
                .isTrue();
    }
}
