package sluice.venues.marketdata;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadScheduleTest {
    private final ReadSchedule schedule = new ReadSchedule();

    @Test
    void oneReadAtATimeAndTheNextWhenItIsDue() {
        assertThat(schedule.begin(0)).isTrue();
        assertThat(schedule.begin(0)).isFalse();
        schedule.succeeded(100);
        assertThat(schedule.begin(99)).isFalse();
        assertThat(schedule.begin(100)).isTrue();
    }

    @Test
    void whatIsAskedForIsReadAtOnceAndOnceMoreAfterAReadThatMayHaveComeTooEarly() {
        schedule.begin(0);
        schedule.ask();
        schedule.succeeded(1_000);
        assertThat(schedule.begin(1)).isTrue();
        schedule.succeeded(1_000);
        assertThat(schedule.begin(2)).isFalse();
        schedule.ask();
        assertThat(schedule.begin(2)).isTrue();
    }

    @Test
    void whatTheVenueDoesNotHaveIsAskedForEverMoreRarelyUpToTenMinutes() {
        long now = 0;
        for (long pause : new long[] {
            500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 512_000, 600_000, 600_000
        }) {
            assertThat(schedule.begin(now)).isTrue();
            schedule.failed(now, true);
            // Signals go on naming it.
            schedule.ask();
            assertThat(schedule.begin(now + pause - 1)).isFalse();
            now += pause;
        }
        assertThat(schedule.begin(now)).isTrue();
    }

    @Test
    void eachFailureInARowWaitsLongerUpToAMinute() {
        long now = 0;
        for (long pause : new long[] {500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000}) {
            assertThat(schedule.begin(now)).isTrue();
            schedule.failed(now, false);
            // A venue that fails is not asked more often because somebody asks.
            schedule.ask();
            assertThat(schedule.begin(now + pause - 1)).isFalse();
            now += pause;
        }
        assertThat(schedule.begin(now)).isTrue();
        schedule.succeeded(now + 10);
        assertThat(schedule.begin(now + 10)).isTrue();
        assertThat(schedule.failed(now, false)).isEqualTo(1);
    }
}
