package sluice.domain.order;

import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.MarketId;
import sluice.domain.Mode;
import sluice.domain.OrderId;
import sluice.domain.Quantity;

/**
 * A fact about an order at a venue.
 *
 * @param filledQuantity contracts filled in all, as the venue counts them; what the fills of a finished order add up to
 * @param atMillis when the venue said so, UTC milliseconds
 */
public record VenueReport(
        OrderId orderId,
        AccountId account,
        Mode mode,
        MarketId market,
        Type type,
        @Nullable String venueOrderId,
        @Nullable Quantity filledQuantity,
        String code,
        String detail,
        long atMillis) {
    /** What is reported. */
    public enum Type {
        /** The venue holds the order. */
        ACCEPTED,
        /** The venue refused it; it never lived. */
        REFUSED,
        /** Proved not to have left us. */
        NOT_SENT,
        /** It may or may not be live; it keeps its reservation. */
        UNCERTAIN,
        /** It rests in the book. */
        WORKING,
        /** It was filled completely. */
        FILLED,
        /** It was cancelled, or its rest was killed; what was filled stays. */
        CANCELLED,
        /** Its time ended; what was filled stays. */
        EXPIRED,
        /** Proven never to have reached the venue. */
        ABSENT,
        /** A cancel was refused; the order is as it was. */
        CANCEL_REFUSED
    }
}
