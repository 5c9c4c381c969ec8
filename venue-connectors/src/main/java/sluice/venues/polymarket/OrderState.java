package sluice.venues.polymarket;

import com.fasterxml.jackson.databind.JsonNode;
import sluice.domain.Quantity;
import sluice.venues.api.LookupOutcome.Status;
import sluice.venues.polymarket.Words.Unreadable;

/**
 * Where an order stands by the venue's words.
 *
 * @param words the venue's status
 */
record OrderState(Status status, Quantity size, Quantity filled, String words) {
    private static final String PREFIX = "ORDER_STATUS_";
    private static final String CANCELLED = "CANCELED";

    /** Of an order as the venue's reads and streams tell of it; the same words in both, with a prefix or bare. */
    static OrderState of(JsonNode order) throws Unreadable {
        var words = Words.text(order, "status");
        var size = Words.quantity(order, "original_size");
        var matched = Words.decimalOrNull(order, "size_matched");
        var filled = matched == null ? Quantity.ZERO : Words.quantity(order, "size_matched");
        return new OrderState(
                status(words.startsWith(PREFIX) ? words.substring(PREFIX.length()) : words, size, filled),
                size,
                filled,
                words);
    }

    private static Status status(String word, Quantity size, Quantity filled) throws Unreadable {
        if (word.startsWith(CANCELLED)) {
            return Status.CANCELLED; // Reasons follow the word, in free text.
        }
        return switch (word) {
            case "LIVE" -> Status.WORKING;
            // Matched and no longer open: where it is not all of it, the rest was killed.
            case "MATCHED" -> filled.compareTo(size) >= 0 ? Status.FILLED : Status.CANCELLED;
            case "DELAYED", "UNMATCHED" -> Status.ACCEPTED;
            // Funds or approvals fell away, and the venue took it off the book.
            case "INVALID" -> Status.CANCELLED;
            default ->
                throw new Unreadable("an order has the status \"" + word
                        + "\"; LIVE, MATCHED, DELAYED, UNMATCHED, INVALID and CANCELED are known");
        };
    }

    /** Whether nothing more can happen to it. */
    boolean atEnd() {
        return switch (status) {
            case ACCEPTED, WORKING, GONE -> false;
            case FILLED, CANCELLED, EXPIRED, REFUSED -> true;
        };
    }
}
