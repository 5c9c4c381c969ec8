package sluice.venues.placement;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.MarketId;
import sluice.domain.Mode;
import sluice.domain.OrderId;
import sluice.venues.api.OrderRef;

/**
 * Proof of what left for a venue, written before the call, and of what is known after it.
 *
 * @param venueOrderId the venue's id, where it is known
 * @param request the exact bytes that leave; empty in an OUTCOME
 * @param epoch which owner of the partition wrote it
 * @param deadlineMillis not to be sent after this
 * @param outcome what is known for certain, in an OUTCOME; null in a SENT
 */
public record Placement(
        OrderId orderId,
        AccountId account,
        Mode mode,
        MarketId market,
        Stage stage,
        @Nullable String venueOrderId,
        String clientOrderId,
        ByteBuffer request,
        int epoch,
        long deadlineMillis,
        long atMillis,
        @Nullable Outcome outcome) {
    /** How far a placement got. */
    public enum Stage {
        /** About to be called. Without an OUTCOME after it, nobody knows whether it was. */
        SENT,
        /** What is known for certain. */
        OUTCOME
    }

    public Placement {
        request = request.asReadOnlyBuffer();
        if ((stage == Stage.OUTCOME) != (outcome != null)) {
            throw new IllegalArgumentException("placement of " + orderId + ": " + stage + " with outcome " + outcome);
        }
    }

    public OrderRef ref() {
        return new OrderRef(orderId, account, market, clientOrderId, venueOrderId);
    }
}
