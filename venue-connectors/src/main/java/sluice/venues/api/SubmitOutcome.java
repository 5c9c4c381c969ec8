package sluice.venues.api;

/** What we know after trying to place an order. The four cases differ in what may safely be done next. */
public sealed interface SubmitOutcome {
    /**
     * The venue holds the order, or held it: it may have been filled meanwhile.
     *
     * @param atMillis when the venue said so
     */
    record Accepted(String venueOrderId, long atMillis) implements SubmitOutcome {}

    /**
     * The venue refused it and it never lived; asking again unchanged gives the same answer.
     *
     * @param code the venue's code
     * @param detail the venue's words
     */
    record Refused(String code, String detail, long atMillis) implements SubmitOutcome {}

    /** Proved that nothing reached the venue. The intent is at its end all the same: a placement is tried once. */
    record NotSent(String why) implements SubmitOutcome {}

    /** The order may or may not be live; it must be looked up before anything else. */
    record Unknown(String why) implements SubmitOutcome {}
}
