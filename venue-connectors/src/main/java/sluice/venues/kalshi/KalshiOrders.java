package sluice.venues.kalshi;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sluice.domain.Action;
import sluice.domain.Micros;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.TimeInForce;
import sluice.domain.order.OrderCommand;

/**
 * Orders in Kalshi's terms: one book per market, quoted in YES. Buying YES and selling NO are bids, selling YES and
 * buying NO are asks.
 *
 * <p>Pure: the same command gives the same bytes.
 */
final class KalshiOrders {
    private static final long PRICE_STEP_MICROS = 100;
    private static final long COUNT_STEP_MICROS = 10_000;

    private KalshiOrders() {}

    /** The id under which we ask for an order: a function of our own, in the only alphabet that is known to pass. */
    static String clientOrderId(OrderId order) {
        return UUID.nameUUIDFromBytes(order.value().getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    static boolean isBid(Side side, Action action) {
        return (side == Side.YES) == (action == Action.BUY);
    }

    /** The price of {@code side} said in YES, or the other way round. */
    static Price inYes(Side side, Price price) {
        return side == Side.YES ? price : price.complement();
    }

    /**
     * The body of a create.
     *
     * @param groups order group of each shard; a shard without one gets none
     * @param subaccount null for the primary one, or the one that the key is locked to
     * @throws IllegalArgumentException if the order cannot be said in Kalshi's terms, or would be refused for certain
     */
    static ByteBuffer createBody(OrderCommand command, Map<Integer, String> groups, @Nullable Integer subaccount) {
        var market = command.market();
        var price = inYes(command.side(), command.limitPrice());
        if (!market.prices().accepts(price)) {
            throw new IllegalArgumentException(
                    "order " + command.orderId() + ": " + price + " in YES is not on the" + " price grid of "
                            + market.id() + "; grid " + market.prices().bands());
        }
        var body = KalshiJson.MAPPER.createObjectNode();
        body.put("ticker", market.id().id());
        body.put("client_order_id", clientOrderId(command.orderId()));
        body.put("side", isBid(command.side(), command.action()) ? "bid" : "ask");
        body.put("count", countText(command.quantity()));
        body.put("price", priceText(price));
        body.put(
                "time_in_force",
                switch (command.timeInForce()) {
                    case IOC -> "immediate_or_cancel";
                    case FOK -> "fill_or_kill";
                    case GTC, GTD -> "good_till_canceled";
                });
        body.put("self_trade_prevention_type", "taker_at_cross");
        if (command.timeInForce() == TimeInForce.GTD) {
            var expires = command.expiresAtMillis();
            if (expires == null) {
                throw new IllegalArgumentException("order " + command.orderId() + " is GTD and names no time");
            }
            // Whole seconds at the venue: rather a moment too early than too late.
            body.put("expiration_time", Math.floorDiv(expires, 1000L));
        }
        if (command.postOnly()) {
            if (!command.timeInForce().mayRest()) {
                throw new IllegalArgumentException("order " + command.orderId() + " is post-only and "
                        + command.timeInForce() + "; it could neither take nor rest");
            }
            body.put("post_only", true);
        }
        if (subaccount != null) {
            body.put("subaccount", subaccount);
        }
        var shard = market.exchangeIndex();
        var group = shard == null ? null : groups.get(shard);
        if (group != null) {
            body.put("order_group_id", group);
        }
        if (shard != null) {
            body.put("exchange_index", shard);
        }
        try {
            return ByteBuffer.wrap(KalshiJson.MAPPER.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts cannot be written", e);
        }
    }

    /** Dollars with four decimals, which every price has room in. */
    static String priceText(Price price) {
        if (price.micros() % PRICE_STEP_MICROS != 0) {
            throw new IllegalArgumentException("price " + price + " has more than four decimals; Kalshi takes four");
        }
        return Micros.decimal(price.micros()).setScale(4).toPlainString();
    }

    /** Contracts with two decimals. */
    static String countText(Quantity quantity) {
        if (quantity.isZero() || quantity.micros() % COUNT_STEP_MICROS != 0) {
            throw new IllegalArgumentException(
                    "quantity " + quantity + " is not a positive multiple of 0.01; Kalshi trades no smaller part");
        }
        return Micros.decimal(quantity.micros()).setScale(2).toPlainString();
    }
}
