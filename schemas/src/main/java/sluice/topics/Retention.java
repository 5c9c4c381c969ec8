package sluice.topics;

import java.time.Duration;

/** How long a topic's records are kept. */
public sealed interface Retention {
    /**
     * Records may be deleted {@code time} after they arrived. Their timestamps are those of the arrival, not the
     * writer's; what the time of an event is stands in its value.
     */
    record For(Duration time) implements Retention {
        public For {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException("retention " + time + " is not longer than nothing");
            }
        }
    }

    /** Nothing is ever deleted. Timestamps are the writer's. */
    record Forever() implements Retention {}

    /** At least the newest record of every key is kept. Timestamps are the writer's. */
    record Compacted() implements Retention {}
}
