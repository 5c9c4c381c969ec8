package sluice.venues.http;

import java.time.Duration;

/**
 * When a websocket counts as dead, and how it comes back.
 *
 * @param silence a connection without a text for this long is dropped, however open it looks
 * @param probe sent when half of {@code silence} has passed without a text, to make a healthy venue say something;
 *     empty for none
 * @param firstBackOff before the second attempt; doubles with every failed one
 * @param longestBackOff bound of the doubling
 * @param seed of the jitter: each wait is between half of the back-off and all of it
 */
public record SocketSettings(
        Duration silence, String probe, Duration firstBackOff, Duration longestBackOff, long seed) {
    public SocketSettings {
        if (silence.isNegative() || silence.isZero() || firstBackOff.isNegative() || firstBackOff.isZero()) {
            throw new IllegalArgumentException(
                    "silence " + silence + " and back-off " + firstBackOff + " must be positive");
        }
    }

    /** The wait after {@code failures} attempts in a row that led to nothing, before jitter. */
    Duration backOff(int failures) {
        var wait = firstBackOff;
        for (int i = 1; i < failures && wait.compareTo(longestBackOff) < 0; i++) {
            wait = wait.multipliedBy(2);
        }
        return wait.compareTo(longestBackOff) < 0 ? wait : longestBackOff;
    }
}
