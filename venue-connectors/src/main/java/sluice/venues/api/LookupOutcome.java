package sluice.venues.api;

import sluice.domain.Quantity;

/** What a venue says when asked for an order by the id we gave it. */
public sealed interface LookupOutcome {
    /** Where a found order stands. */
    enum Status {
        /** Received; it is not known to rest yet. */
        ACCEPTED,
        WORKING,
        FILLED,
        CANCELLED,
        EXPIRED,
        /** Received, and not open by this read; how it ended, if it did, is not remembered. */
        GONE,
        /** The venue remembers it and never let it live. */
        REFUSED
    }

    /**
     * The venue has or had the order.
     *
     * @param filled contracts filled in all, as the venue counts them
     * @param detail the venue's words, where it has any
     */
    record Found(String venueOrderId, Status status, Quantity filled, String detail, long atMillis)
            implements LookupOutcome {}

    /**
     * Every place where the order could be (open and finished orders, fills) was read completely, and it is in none.
     * One such answer proves nothing: reads lag behind the exchange by up to {@link VenueClient#readLag}.
     */
    record Absent(long asOfMillis) implements LookupOutcome {}

    /** It could not be read, or not all of it. */
    record Unknown(String why) implements LookupOutcome {}
}
