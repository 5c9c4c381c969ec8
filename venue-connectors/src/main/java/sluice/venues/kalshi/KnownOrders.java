package sluice.venues.kalshi;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import sluice.domain.Action;
import sluice.domain.OrderId;
import sluice.domain.Side;

/**
 * Which of the venue's orders are ours. The venue carries our id as a hash, and knows neither side nor action: what
 * came back must be put into our words again. Safe for several threads.
 */
final class KnownOrders {
    /**
     * An order of ours.
     *
     * @param side null where only its ids are known, from before this process
     * @param exchangeIndex its shard, where it is known
     */
    record Known(
            OrderId id,
            @Nullable Side side,
            @Nullable Action action,
            @Nullable Integer exchangeIndex) {}

    private final Map<String, Known> byClientId = new ConcurrentHashMap<>();
    private final Map<String, String> clientIdByVenueId = new ConcurrentHashMap<>();
    private final Map<String, String> venueIdByClientId = new ConcurrentHashMap<>();

    /** An order of ours, with all there is to know; more is never replaced by less. */
    void add(String clientOrderId, Known known) {
        byClientId.merge(clientOrderId, known, (before, now) -> now.side == null ? before : now);
    }

    /**
     * The venue's name of an order.
     *
     * @param clientOrderId ours, somebody else's, or empty where it has none
     */
    void named(String venueOrderId, String clientOrderId) {
        clientIdByVenueId.put(venueOrderId, clientOrderId);
        venueIdByClientId.put(clientOrderId, venueOrderId);
    }

    /** Whether the venue has said what client id an order has, ours or not. */
    boolean isNamed(String venueOrderId) {
        return clientIdByVenueId.containsKey(venueOrderId);
    }

    @Nullable
    Known byClientId(@Nullable String clientOrderId) {
        return clientOrderId == null ? null : byClientId.get(clientOrderId);
    }

    @Nullable
    Known byVenueId(String venueOrderId) {
        return byClientId(clientIdByVenueId.get(venueOrderId));
    }

    @Nullable
    String venueIdOf(String clientOrderId) {
        return venueIdByClientId.get(clientOrderId);
    }
}
