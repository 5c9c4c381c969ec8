package sluice.venues.kalshi;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * How far the local clock is ahead of the venue's. The venue tells its time in whole seconds, so each answer only
 * bounds the offset; the bounds of several answers together are narrow. Safe for several threads.
 */
final class ClockOffset {
    private record Bounds(long least, long most) {}

    private static final int REMEMBERED = 32;
    private static final long SECOND_MILLIS = 1000;

    private final Deque<Bounds> bounds = new ArrayDeque<>();
    private @Nullable Long offset;

    /** An answer said that the venue's time was within the second that began at {@code dateMillis}. */
    void saidWithinSecond(long dateMillis, long sentAtMillis, long receivedAtMillis) {
        add(new Bounds(sentAtMillis - dateMillis - SECOND_MILLIS + 1, receivedAtMillis - dateMillis));
    }

    private synchronized void add(Bounds said) {
        bounds.addLast(said);
        if (bounds.size() > REMEMBERED) {
            bounds.removeFirst();
        }
        long least = Long.MIN_VALUE;
        long most = Long.MAX_VALUE;
        for (var it : bounds) {
            least = Math.max(least, it.least);
            most = Math.min(most, it.most);
        }
        if (least > most) {
            // A clock has moved: what was measured before is no longer true.
            bounds.clear();
            bounds.addLast(said);
            least = said.least;
            most = said.most;
        }
        offset = least + (most - least) / 2;
    }

    /** Local time minus the venue's, in milliseconds; null before the first answer. */
    synchronized @Nullable Long millis() {
        return offset;
    }
}
