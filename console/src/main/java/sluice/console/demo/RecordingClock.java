package sluice.console.demo;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** The time of a recording while it is played; moved on by the player, and never back. Safe for several threads. */
final class RecordingClock implements InstantSource {
    private final AtomicLong millis;

    RecordingClock(long startMillis) {
        this.millis = new AtomicLong(startMillis);
    }

    /** Moves on to {@code toMillis}; a time that is past already changes nothing. */
    void advanceTo(long toMillis) {
        millis.accumulateAndGet(toMillis, Math::max);
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis.get());
    }

    @Override
    public long millis() {
        return millis.get();
    }
}
