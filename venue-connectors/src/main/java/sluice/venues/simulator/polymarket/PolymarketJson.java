package sluice.venues.simulator.polymarket;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import sluice.venues.simulator.Decimals;
import sluice.venues.simulator.Http;
import sluice.venues.simulator.core.Command;
import sluice.venues.simulator.core.Exchange;
import sluice.venues.simulator.core.Market;
import sluice.venues.simulator.core.Order;
import sluice.venues.simulator.core.Trade;

/** How Polymarket writes things. */
final class PolymarketJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private PolymarketJson() {}

    static Http.Answer error(int status, String text) {
        return Http.Answer.json(status, NODES.objectNode().put("error", text));
    }

    static String number(long micros) {
        return Decimals.plain(micros);
    }

    static BigDecimal decimal(long micros) {
        return new BigDecimal(Decimals.plain(micros));
    }

    static String token(Market market, boolean yes) {
        return market.attributes().path(yes ? "yesToken" : "noToken").asText();
    }

    static String outcome(boolean yes) {
        return yes ? "Yes" : "No";
    }

    static long tick(Market market) {
        return market.bands.get(0).step();
    }

    static long minSize(Market market) {
        return Decimals.micros(market.attributes().path("minSize").asText("5"));
    }

    static boolean negRisk(Market market) {
        return market.attributes().path("negRisk").asBoolean(false);
    }

    static boolean open(Market market) {
        return market.status == Market.Status.ACTIVE;
    }

    static boolean resolved(Market market) {
        return market.status == Market.Status.FINALIZED;
    }

    /** Levels of a token's book; the NO book is the YES book seen from the other side. Best level last. */
    static ArrayNode side(Market market, boolean yes, boolean bids) {
        ArrayNode rows = NODES.arrayNode();
        List<Command.Level> levels = new ArrayList<>(market.levels(yes == bids));
        for (int i = levels.size() - 1; i >= 0; i--) {
            long price = levels.get(i).price();
            rows.addObject()
                    .put("price", number(yes ? price : Exchange.ONE - price))
                    .put("size", number(levels.get(i).quantity()));
        }
        return rows;
    }

    /** The best price of one side of a token's book; -1 if there is none. */
    static long best(Market market, boolean yes, boolean bid) {
        List<Command.Level> levels = market.levels(yes == bid);
        return levels.isEmpty()
                ? -1
                : yes ? levels.get(0).price() : Exchange.ONE - levels.get(0).price();
    }

    static ObjectNode book(Market market, boolean yes, long now) {
        ObjectNode node = NODES.objectNode()
                .put("market", market.id)
                .put("asset_id", token(market, yes))
                .put("timestamp", String.valueOf(now));
        node.set("bids", side(market, yes, true));
        node.set("asks", side(market, yes, false));
        node.put("min_order_size", number(minSize(market)))
                .put("tick_size", number(tick(market)))
                .put("neg_risk", negRisk(market))
                .put("last_trade_price", last(market, yes))
                .put("hash", "");
        return node.put("hash", sha1(node.toString()));
    }

    static String last(Market market, boolean yes) {
        return market.volume == 0 ? "" : number(yes ? market.lastPrice : Exchange.ONE - market.lastPrice);
    }

    private static String sha1(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-1 is part of every JDK", e);
        }
    }

    static ObjectNode market(Market market) {
        JsonNode about = market.attributes();
        ObjectNode node = NODES.objectNode()
                .put("condition_id", market.id)
                .put("question_id", about.path("questionId").asText(market.id))
                .put("question", about.path("question").asText(""))
                .put("market_slug", slug(market))
                .put("active", true)
                .put("closed", resolved(market))
                .put("archived", false)
                .put("accepting_orders", open(market))
                .putNull("accepting_order_timestamp")
                .put("enable_order_book", true)
                .put("end_date_iso", java.time.Instant.ofEpochMilli(end(market)).toString())
                .putNull("game_start_time")
                .put("seconds_delay", about.path("secondsDelay").asInt(0))
                .put("minimum_order_size", decimal(minSize(market)))
                .put("minimum_tick_size", decimal(tick(market)))
                .put("neg_risk", negRisk(market))
                .put("neg_risk_market_id", about.path("negRiskMarketId").asText(""))
                .put("neg_risk_request_id", "")
                .put("maker_base_fee", 0)
                .put("taker_base_fee", 0)
                .put("is_50_50_outcome", resolved(market) && market.yesValue == Exchange.ONE / 2);
        ArrayNode tokens = node.putArray("tokens");
        for (boolean yes : new boolean[] {true, false}) {
            long value =
                    resolved(market) ? (yes ? market.yesValue : Exchange.ONE - market.yesValue) : middle(market, yes);
            tokens.addObject()
                    .put("token_id", token(market, yes))
                    .put("outcome", outcome(yes))
                    .put("price", decimal(value))
                    .put("winner", resolved(market) && value == Exchange.ONE);
        }
        node.putArray("tags");
        return node;
    }

    static String slug(Market market) {
        return market.attributes().path("slug").asText(market.id);
    }

    static long end(Market market) {
        Long closeAt = market.closeAt;
        return closeAt == null ? market.definition.at() + 30 * 86_400_000L : closeAt;
    }

    static long middle(Market market, boolean yes) {
        long bid = best(market, yes, true);
        long ask = best(market, yes, false);
        return bid < 0 || ask < 0 ? Exchange.ONE / 2 : (bid + ask) / 2;
    }

    static ObjectNode compact(Market market) {
        JsonNode about = market.attributes();
        ObjectNode node = NODES.objectNode().put("c", market.id);
        ArrayNode tokens = node.putArray("t");
        tokens.addObject().put("t", token(market, true)).put("o", "Yes");
        tokens.addObject().put("t", token(market, false)).put("o", "No");
        node.put("mts", decimal(tick(market))).put("mos", decimal(minSize(market)));
        if (negRisk(market)) {
            node.put("nr", true);
        }
        node.putObject("fd")
                .put("r", decimal(market.fees.takerRate()))
                .put("e", 1)
                .put("to", true);
        return node.put("mbf", 0)
                .put("tbf", 0)
                .put("ao", open(market))
                .put("sd", about.path("secondsDelay").asInt(0))
                .put("itode", about.path("takerDelay").asBoolean(false));
    }

    static ObjectNode gamma(Market market) {
        JsonNode about = market.attributes();
        boolean done = resolved(market);
        long yes = done ? market.yesValue : middle(market, true);
        ObjectNode node = NODES.objectNode()
                .put("id", about.path("id").asText(market.id))
                .put("slug", slug(market))
                .put("question", about.path("question").asText(""))
                .put("version", about.path("version").asText("v1"))
                .put("conditionId", market.id)
                .put("questionID", about.path("questionId").asText(market.id))
                .put(
                        "clobTokenIds",
                        NODES.arrayNode()
                                .add(token(market, true))
                                .add(token(market, false))
                                .toString())
                .put("outcomes", "[\"Yes\", \"No\"]")
                .put(
                        "outcomePrices",
                        NODES.arrayNode()
                                .add(number(yes))
                                .add(number(Exchange.ONE - yes))
                                .toString())
                .put("orderPriceMinTickSize", decimal(tick(market)))
                .put("orderMinSize", decimal(minSize(market)))
                .put("negRisk", negRisk(market))
                .put("enableOrderBook", true)
                .put("acceptingOrders", open(market))
                .put("active", true)
                .put("closed", done)
                .put("archived", false)
                .put("endDate", java.time.Instant.ofEpochMilli(end(market)).toString())
                .put("secondsDelay", about.path("secondsDelay").asInt(0))
                .put("feesEnabled", market.fees.takerRate() > 0)
                .put("umaResolutionStatus", done ? "resolved" : market.determinedAt != null ? "proposed" : "");
        node.putObject("feeSchedule")
                .put("rate", decimal(market.fees.takerRate()))
                .put("exponent", 1)
                .put("takerOnly", true)
                .put("rebateRate", 0);
        Long settledAt = market.settledAt;
        if (settledAt != null) {
            node.put("closedTime", java.time.Instant.ofEpochMilli(settledAt).toString());
        }
        ArrayNode events = node.putArray("events");
        events.addObject()
                .put("id", market.definition.event())
                .put("slug", market.definition.event())
                .put("title", about.path("eventTitle").asText(market.definition.event()))
                .put("negRisk", negRisk(market));
        return node;
    }

    // ---------------------------------------------------------------- orders and trades

    static String orderType(Order order) {
        return order.attributes().path("orderType").asText("GTC");
    }

    static ObjectNode order(Market market, Order order, List<String> trades) {
        ObjectNode node = NODES.objectNode()
                .put("id", order.id)
                .put("status", "ORDER_STATUS_" + status(order))
                .put("owner", order.attributes().path("owner").asText(""))
                .put("maker_address", order.attributes().path("maker").asText(order.account()))
                .put("market", market.id)
                .put("asset_id", token(market, order.placed.yes()))
                .put("side", order.placed.buy() ? "BUY" : "SELL")
                .put("original_size", number(order.initial))
                .put("size_matched", number(order.filled))
                .put("price", number(order.price))
                .put("outcome", outcome(order.placed.yes()))
                .put("created_at", order.placed.at() / 1_000)
                .put("expiration", order.attributes().path("expiration").asText("0"))
                .put("order_type", orderType(order));
        ArrayNode list = node.putArray("associate_trades");
        trades.forEach(list::add);
        return node;
    }

    static String status(Order order) {
        return switch (order.status) {
            case RESTING -> "LIVE";
            case DELAYED -> "DELAYED";
            case EXECUTED -> "MATCHED";
            case CANCELED ->
                order.reason.equals("INVALID")
                        ? "INVALID"
                        : order.reason.equals("CloseCancel")
                                ? "CANCELED_MARKET_RESOLVED"
                                : order.filled > 0
                                                && !order.placed.timeInForce().equals(Command.TimeInForce.GTC)
                                        ? "MATCHED"
                                        : "CANCELED";
        };
    }

    /** The message of the user channel. */
    static ObjectNode orderMessage(Market market, Order order, String type, List<String> trades, long now) {
        ObjectNode node = order(market, order, trades)
                .put("event_type", "order")
                .put("type", type)
                .put("status", status(order))
                .put("order_owner", order.attributes().path("owner").asText(""))
                .put("timestamp", String.valueOf(now));
        return node.put("created_at", String.valueOf(order.placed.at() / 1_000));
    }

    /** A trade as one of its sides sees it. Without {@code prefix} the status is a bare word. */
    static ObjectNode trade(Market market, Trade trade, Order taker, Order maker, boolean asTaker, String prefix) {
        Trade.Fill took = trade.taker();
        Trade.Fill made = trade.maker();
        Order mine = asTaker ? taker : maker;
        ObjectNode node = NODES.objectNode()
                .put("id", trade.id())
                .put("taker_order_id", took.orderId())
                .put("market", market.id)
                .put("asset_id", token(market, took.yes()))
                .put("side", took.buy() ? "BUY" : "SELL")
                .put("size", number(trade.quantity()))
                .put("fee_rate_bps", "0")
                .put("price", number(took.price()))
                .put("status", prefix + trade.status().name())
                .put("match_time", String.valueOf(trade.at() / 1_000))
                .put("match_time_nano", trade.at() + "000000")
                .put("last_update", String.valueOf(trade.updatedAt() / 1_000))
                .put("outcome", outcome(took.yes()))
                .put("bucket_index", 0)
                .put("owner", mine.attributes().path("owner").asText(""))
                .put("maker_address", mine.attributes().path("maker").asText(mine.account()))
                .put("transaction_hash", trade.hash())
                .put("trader_side", asTaker ? "TAKER" : "MAKER");
        node.putArray("maker_orders")
                .addObject()
                .put("order_id", made.orderId())
                .put("owner", maker.attributes().path("owner").asText(""))
                .put("maker_address", maker.attributes().path("maker").asText(maker.account()))
                .put("matched_amount", number(trade.quantity()))
                .put("price", number(made.price()))
                .put("fee_rate_bps", "")
                .put("asset_id", token(market, made.yes()))
                .put("outcome", outcome(made.yes()))
                .put("side", made.buy() ? "BUY" : "SELL");
        return node;
    }
}
