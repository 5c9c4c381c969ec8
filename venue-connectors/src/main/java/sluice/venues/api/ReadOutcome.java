package sluice.venues.api;

/** What came of reading something from a venue. */
public sealed interface ReadOutcome<T> {
    /** All of it, as of one time of the venue. */
    record Complete<T>(T value, long asOfMillis) implements ReadOutcome<T> {}

    /**
     * It could not be read, or not all of it; nothing may be concluded.
     *
     * @param absent whether the venue said that it has no such thing: asking again soon is of little use
     */
    record Failed<T>(String why, boolean absent) implements ReadOutcome<T> {
        public Failed(String why) {
            this(why, false);
        }
    }
}
