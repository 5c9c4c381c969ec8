package sluice.venues.api;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import sluice.domain.order.OrderCommand;

/**
 * An order ready to leave: built and signed once, and a function of the command alone.
 *
 * @param clientOrderId id under which the venue can be asked for it
 * @param venueOrderId the venue's own id, where it is known before the call
 * @param request the exact bytes that leave; read-only
 */
public record PreparedOrder(
        OrderCommand command,
        String clientOrderId,
        @Nullable String venueOrderId,
        ByteBuffer request) {
    public PreparedOrder {
        request = request.asReadOnlyBuffer();
    }

    public OrderRef ref() {
        return new OrderRef(
                command.orderId(), command.account(), command.market().id(), clientOrderId, venueOrderId);
    }
}
