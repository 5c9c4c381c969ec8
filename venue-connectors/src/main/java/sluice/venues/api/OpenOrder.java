package sluice.venues.api;

import org.jspecify.annotations.Nullable;
import sluice.domain.Action;
import sluice.domain.MarketId;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;

/**
 * An open order as the venue tells of it.
 *
 * @param orderId our id; null where the venue does not carry one, as for an order that somebody else made
 * @param limit limit price of the side
 * @param filled contracts filled so far
 */
public record OpenOrder(
        @Nullable OrderId orderId,
        String venueOrderId,
        MarketId market,
        Side side,
        Action action,
        Price limit,
        Quantity quantity,
        Quantity filled) {
    /** The same order, with our id of it. */
    public OpenOrder withOrderId(@Nullable OrderId newOrderId) {
        return new OpenOrder(newOrderId, venueOrderId, market, side, action, limit, quantity, filled);
    }
}
