package sluice.venues.api;

import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.MarketId;
import sluice.domain.OrderId;

/**
 * The names under which a venue can be asked for an order.
 *
 * @param clientOrderId the id that we gave it
 * @param venueOrderId the venue's own id, where it is known
 */
public record OrderRef(
        OrderId orderId,
        AccountId account,
        MarketId market,
        String clientOrderId,
        @Nullable String venueOrderId) {}
