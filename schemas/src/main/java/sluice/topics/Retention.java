package sluice.topics;

import java.time.Duration;

/** How long a topic's records are kept. */
public sealed interface Retention {
    /** Records older than {@code time} may be deleted. */
    record For(Duration time) implements Retention {
        public For {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException("retention " + time + " is not longer than nothing");
            }
        }
    }

    /** Nothing is ever deleted. */
    record Forever() implements Retention {}

    /** At least the newest record of every key is kept. */
    record Compacted() implements Retention {}
}
