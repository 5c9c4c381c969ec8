package sluice.venues.api;

/** What came of pulling the venue's own switch. */
public sealed interface StopOutcome {
    /**
     * The venue confirms that no order of the account is open.
     *
     * @param cancelled orders that were cancelled by it
     */
    record Stopped(int cancelled, long atMillis) implements StopOutcome {}

    /** It could not be confirmed; orders may still be open. */
    record Unknown(String why) implements StopOutcome {}
}
