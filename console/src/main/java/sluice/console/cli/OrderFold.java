package sluice.console.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sluice.topics.Topic;
import sluice.topics.Topics;

/**
 * Orders, put together from what was commanded, reported, filled and concluded. What the account task concluded (the
 * execution) wins over what is only reported.
 */
final class OrderFold {
    /** Statuses after which nothing more is expected. */
    static final Set<String> ENDED = Set.of("FILLED", "PARTIAL", "CANCELLED", "REJECTED", "FAILED");

    static final List<Topic> TOPICS = List.of(
            Topics.ORDERS_KALSHI,
            Topics.ORDERS_POLYMARKET,
            Topics.ORDERS_PAPER,
            Topics.VENUE_REPORTS,
            Topics.FILLS,
            Topics.EXECUTIONS);

    private final Map<String, ObjectNode> orders = new HashMap<>();
    private final Map<String, Map<String, JsonNode>> fills = new HashMap<>();
    private final Set<String> concluded = new HashSet<>();

    /** The order that a record tells of, as it stands afterwards; empty if the record tells of none. */
    Optional<ObjectNode> after(Topic topic, ObjectNode value) {
        String id = value.path("order_id").asText("");
        if (id.isEmpty() || id.equals("null")) {
            return Optional.empty();
        }
        ObjectNode order = orders.computeIfAbsent(id, OrderFold::unknown);
        if (topic.equals(Topics.VENUE_REPORTS)) {
            report(id, order, value);
        } else if (topic.equals(Topics.FILLS)) {
            fill(id, order, value);
        } else if (topic.equals(Topics.EXECUTIONS)) {
            conclude(id, order, value);
        } else {
            command(id, order, value);
        }
        return Optional.of(order);
    }

    private static ObjectNode unknown(String id) {
        ObjectNode order = JsonNodeFactory.instance.objectNode().put("order_id", id);
        for (String field : List.of(
                "account", "strategy", "mode", "venue", "market_id", "side", "action", "limit_price", "quantity")) {
            order.putNull(field);
        }
        return order.put("status", "UNKNOWN")
                .put("filled", "0")
                .putNull("avg_price")
                .put("fees", "0")
                .put("reason", "")
                .putNull("venue_order_id")
                .putNull("decided_at")
                .putNull("updated_at");
    }

    private void command(String id, ObjectNode order, ObjectNode value) {
        copy(
                value,
                order,
                "account",
                "strategy",
                "mode",
                "venue",
                "market_id",
                "side",
                "action",
                "limit_price",
                "quantity");
        if (value.path("type").asText().equals("PLACE")) {
            copy(value, order, "decided_at");
            if (order.path("status").asText().equals("UNKNOWN")) {
                order.put("status", "PLACED");
            }
        } else if (!isEnded(id, order)) {
            order.put("status", "CANCEL_WANTED")
                    .put("reason", value.path("reason").asText());
        }
        updated(order, value.path("decided_at"));
    }

    private void report(String id, ObjectNode order, ObjectNode value) {
        copy(value, order, "account", "mode", "venue", "market_id");
        if (value.hasNonNull("venue_order_id")) {
            copy(value, order, "venue_order_id");
        }
        if (!concluded.contains(id)) {
            String status =
                    switch (value.path("type").asText()) {
                        case "ACCEPTED", "WORKING" -> "WORKING";
                        case "REFUSED" -> "REJECTED";
                        case "NOT_SENT", "ABSENT" -> "FAILED";
                        case "UNCERTAIN" -> "UNCERTAIN";
                        case "FILLED" -> "FILLED";
                        case "CANCELLED", "EXPIRED" -> "CANCELLED";
                        default -> order.path("status").asText();
                    };
            order.put("status", status);
        }
        String detail =
                (value.path("code").asText("") + " " + value.path("detail").asText("")).strip();
        if (!detail.isEmpty()) {
            order.put("reason", detail);
        }
        updated(order, value.path("at"));
    }

    private void fill(String id, ObjectNode order, ObjectNode value) {
        copy(value, order, "account", "mode", "venue", "market_id", "side", "action");
        // The same trade may be told many times, and taken back: only its last word counts.
        fills.computeIfAbsent(id, unseen -> new HashMap<>())
                .put(value.path("trade_id").asText(), value);
        BigDecimal filled = BigDecimal.ZERO;
        BigDecimal paid = BigDecimal.ZERO;
        BigDecimal fees = BigDecimal.ZERO;
        for (JsonNode fill : fills.getOrDefault(id, Map.of()).values()) {
            if (!fill.path("status").asText().equals("VOID")) {
                BigDecimal quantity = new BigDecimal(fill.path("quantity").asText());
                filled = filled.add(quantity);
                paid = paid.add(
                        quantity.multiply(new BigDecimal(fill.path("price").asText())));
                fees = fees.add(new BigDecimal(fill.path("fee").asText()));
            }
        }
        order.put("filled", AvroJson.decimal(filled)).put("fees", AvroJson.decimal(fees));
        order.put(
                "avg_price", filled.signum() == 0 ? null : AvroJson.decimal(paid.divide(filled, 6, RoundingMode.DOWN)));
        updated(order, value.path("traded_at"));
    }

    private void conclude(String id, ObjectNode order, ObjectNode value) {
        concluded.add(id);
        copy(
                value,
                order,
                "account",
                "strategy",
                "mode",
                "market_id",
                "side",
                "action",
                "limit_price",
                "status",
                "fees");
        order.set("venue", value.path("platform"));
        order.set("quantity", value.path("size"));
        order.set("filled", value.path("filled_qty"));
        order.set("avg_price", value.path("avg_price"));
        if (value.hasNonNull("venue_order_id")) {
            copy(value, order, "venue_order_id");
        }
        if (value.hasNonNull("rejection_reason")) {
            order.set("reason", value.path("rejection_reason"));
        }
        updated(order, value.path("executed_at"));
    }

    /** Topics are not read in the order in which things happened, so an earlier time takes nothing back. */
    private static void updated(ObjectNode order, JsonNode at) {
        String before = order.path("updated_at").asText("");
        if (!order.hasNonNull("updated_at") || at.asText("").compareTo(before) > 0) {
            order.set("updated_at", at);
        }
    }

    private boolean isEnded(String id, ObjectNode order) {
        return concluded.contains(id) || ENDED.contains(order.path("status").asText());
    }

    private static void copy(ObjectNode from, ObjectNode to, String... fields) {
        for (String field : fields) {
            JsonNode value = from.get(field);
            if (value != null) {
                to.set(field, value);
            }
        }
    }
}
