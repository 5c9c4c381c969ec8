package sluice.venues.api;

import sluice.domain.Quantity;

/** What we know after trying to cancel an order. A cancel may be repeated without harm. */
public sealed interface CancelOutcome {
    /**
     * The venue confirms that nothing of the order lives any more. Fills until then stay and may still be on their way.
     *
     * @param filled contracts that were filled, as the venue counts them
     */
    record Cancelled(Quantity filled, long atMillis) implements CancelOutcome {}

    /** The venue refused: the order is unknown to it, or at an end already. */
    record Refused(String code, String detail, long atMillis) implements CancelOutcome {}

    /** Proved that nothing reached the venue, or that it was turned away unread (429); the order is as it was. */
    record NotSent(String why) implements CancelOutcome {}

    /** The order may or may not be cancelled. */
    record Unknown(String why) implements CancelOutcome {}
}
