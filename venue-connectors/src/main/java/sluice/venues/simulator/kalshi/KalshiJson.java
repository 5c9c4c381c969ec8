package sluice.venues.simulator.kalshi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sluice.domain.Micros;
import sluice.venues.simulator.Decimals;
import sluice.venues.simulator.Http;
import sluice.venues.simulator.core.Command;
import sluice.venues.simulator.core.Exchange;
import sluice.venues.simulator.core.Market;
import sluice.venues.simulator.core.Order;
import sluice.venues.simulator.core.Trade;

/** How Kalshi writes things: decimal strings, RFC 3339 without trailing zeros, three shapes of error. */
final class KalshiJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Taker rate of multiplier 1, in millionths. */
    static final long FULL_RATE = 70_000;

    private KalshiJson() {}

    // ---------------------------------------------------------------- errors

    static ObjectNode errorBody(String code, String message, @Nullable String details) {
        ObjectNode error = NODES.objectNode().put("code", code).put("message", message);
        if (details != null) {
            error.put("details", details);
        }
        return error;
    }

    /** The nested shape: matching engine and authentication. */
    static Http.Answer error(int status, String code, String message, @Nullable String details) {
        return Http.Answer.json(status, NODES.objectNode().set("error", errorBody(code, message, details)));
    }

    static Http.Answer error(int status, String code) {
        return error(status, code, code.replace('_', ' '), null);
    }

    /** The flat shape: decoding and content type. */
    static Http.Answer flat(int status, String code, String details) {
        return Http.Answer.json(status, errorBody(code, code.replace('_', ' '), details));
    }

    /** The shape of parameter validation. */
    static Http.Answer message(String text) {
        return Http.Answer.json(400, NODES.objectNode().put("msg", text));
    }

    // ---------------------------------------------------------------- values

    static String price(long micros) {
        return Decimals.fixed(micros, micros % 100 == 0 ? 4 : 6);
    }

    /** A balance: four decimals, floor. */
    static String price4(long micros) {
        return Decimals.fixed(Math.floorDiv(micros, 100) * 100, 4);
    }

    static String money(long micros) {
        return Decimals.fixed(micros, 6);
    }

    static String count(long micros) {
        return Decimals.fixed(micros, 2);
    }

    static String time(long millis) {
        String text = Instant.ofEpochMilli(millis).toString();
        return text.contains(".") ? text.replaceAll("0+Z$", "Z") : text;
    }

    static String uuid(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** The account without its subaccount. */
    static String owner(String account) {
        int hash = account.indexOf('#');
        return hash < 0 ? account : account.substring(0, hash);
    }

    static int subaccount(String account) {
        int hash = account.indexOf('#');
        return hash < 0 ? 0 : Integer.parseInt(account.substring(hash + 1));
    }

    static String account(String owner, int subaccount) {
        return subaccount == 0 ? owner : owner + "#" + subaccount;
    }

    static int shard(Market market) {
        return Integer.parseInt(market.definition.pocket());
    }

    // ---------------------------------------------------------------- price grids

    /** Bands by label: step near the edges, step in the middle, and where the edges end. */
    static List<Command.Band> bands(String label) {
        return switch (label) {
            case "linear_cent" -> bands(10_000, 10_000, 0);
            case "deci_cent" -> bands(1_000, 1_000, 0);
            case "tapered_deci_cent" -> bands(1_000, 10_000, 100_000);
            case "center_whole_edge_half_cent" -> bands(5_000, 10_000, 100_000);
            case "center_whole_edge_quint_cent" -> bands(2_000, 10_000, 100_000);
            case "center_half_edge_half_cent" -> bands(5_000, 5_000, 0);
            case "center_half_edge_quint_cent" -> bands(2_000, 5_000, 100_000);
            case "center_half_edge_deci_cent" -> bands(1_000, 5_000, 100_000);
            case "center_quint_edge_quint_cent" -> bands(2_000, 2_000, 0);
            case "center_quint_edge_deci_cent" -> bands(1_000, 2_000, 100_000);
            case "center_centi_edge_centi_cent" -> bands(100, 100, 0);
            case "center_deci_edge_centi_cent" -> bands(100, 1_000, 10_000);
            default -> throw new IllegalArgumentException("no price_level_structure is called " + label);
        };
    }

    private static List<Command.Band> bands(long edge, long center, long edgeEnds) {
        return edgeEnds == 0
                ? List.of(new Command.Band(0, Exchange.ONE, center))
                : List.of(
                        new Command.Band(0, edgeEnds, edge),
                        new Command.Band(edgeEnds, Exchange.ONE - edgeEnds, center),
                        new Command.Band(Exchange.ONE - edgeEnds, Exchange.ONE, edge));
    }

    static ArrayNode ranges(Market market) {
        ArrayNode ranges = NODES.arrayNode();
        for (Command.Band band : market.bands) {
            ranges.addObject()
                    .put("start", price(band.start()))
                    .put("end", price(band.end()))
                    .put("step", price(band.step()));
        }
        return ranges;
    }

    static String structure(Market market) {
        return market.gridLabel.isEmpty()
                ? market.attributes().path("structure").asText()
                : market.gridLabel;
    }

    // ---------------------------------------------------------------- markets

    static String status(Market.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    static ObjectNode market(Market market) {
        JsonNode about = market.attributes();
        List<Command.Level> bids = market.levels(true);
        List<Command.Level> asks = market.levels(false);
        boolean unopened = market.status == Market.Status.INITIALIZED;
        long bid = bids.isEmpty() ? 0 : bids.get(0).price();
        long ask = asks.isEmpty() ? (unopened ? 0 : Exchange.ONE) : asks.get(0).price();
        Long openAt = market.definition.openAt();
        long close = closeAt(market);
        ObjectNode node = NODES.objectNode()
                .put("ticker", market.id)
                .put("event_ticker", market.definition.event())
                .put("market_type", "binary")
                .put("title", about.path("title").asText(""))
                .put("yes_sub_title", about.path("yesSubTitle").asText("Yes"))
                .put("no_sub_title", about.path("noSubTitle").asText("No"))
                .put("created_time", time(market.definition.at()))
                .put("updated_time", time(market.updatedAt))
                .put("open_time", time(openAt == null ? market.definition.at() : openAt))
                .put("close_time", time(close))
                .put("expected_expiration_time", time(close + 3_600_000))
                .put("latest_expiration_time", time(close + 7 * 86_400_000L))
                .put("settlement_timer_seconds", Math.max(0, market.definition.settleAfterMillis() / 1_000))
                .put("status", status(market.status))
                .put("notional_value_dollars", "1.0000")
                .put("yes_bid_dollars", price(bid))
                .put("yes_bid_size_fp", count(bids.isEmpty() ? 0 : bids.get(0).quantity()))
                .put("yes_ask_dollars", price(ask))
                .put("yes_ask_size_fp", count(asks.isEmpty() ? 0 : asks.get(0).quantity()))
                .put("no_bid_dollars", price(Exchange.ONE - ask))
                .put("no_ask_dollars", price(Exchange.ONE - bid))
                .put("last_price_dollars", price(market.lastPrice))
                .put("previous_yes_bid_dollars", "0.0000")
                .put("previous_yes_ask_dollars", "0.0000")
                .put("previous_price_dollars", "0.0000")
                .put("volume_fp", count(market.volume))
                .put("volume_24h_fp", count(market.volume))
                .put("open_interest_fp", count(market.openInterest))
                .put("result", market.result)
                .put("can_close_early", true)
                .put("expiration_value", "")
                .put("rules_primary", about.path("rules").asText("Simulated market."))
                .put("rules_secondary", "")
                .put("price_level_structure", structure(market))
                .put("settlement_bounds_type", "default")
                .put("exchange_index", shard(market));
        node.set("price_ranges", ranges(market));
        if (market.determinedAt != null) {
            node.put("settlement_value_dollars", price(market.yesValue));
        }
        Long settledAt = market.settledAt;
        if (settledAt != null) {
            node.put("settlement_ts", time(settledAt));
        }
        return node;
    }

    static long closeAt(Market market) {
        Long closeAt = market.closeAt;
        return closeAt == null ? market.definition.at() + 30 * 86_400_000L : closeAt;
    }

    static BigDecimal multiplier(long takerRate) {
        return BigDecimal.valueOf(takerRate)
                .divide(BigDecimal.valueOf(FULL_RATE), 6, java.math.RoundingMode.HALF_UP)
                .stripTrailingZeros();
    }

    static ObjectNode event(Market any) {
        JsonNode about = any.attributes();
        ObjectNode node = NODES.objectNode()
                .put("event_ticker", any.definition.event())
                .put("series_ticker", about.path("series").asText())
                .put("sub_title", about.path("subTitle").asText(""))
                .put("title", about.path("eventTitle").asText(any.definition.event()))
                .put("collateral_return_type", "")
                .put("mutually_exclusive", about.path("mutuallyExclusive").asBoolean(false))
                .put("last_updated_ts", time(any.updatedAt))
                .put("exchange_index", shard(any));
        node.putArray("settlement_sources");
        if (!any.fees.equals(any.definition.fees())) {
            node.put("fee_type_override", "quadratic");
            node.put("fee_multiplier_override", multiplier(any.fees.takerRate()));
        }
        return node;
    }

    static ObjectNode series(Market any) {
        JsonNode about = any.attributes();
        ObjectNode node = NODES.objectNode()
                .put("ticker", about.path("series").asText())
                .put("frequency", "daily")
                .put("title", about.path("series").asText())
                .put("category", about.path("category").asText("Simulated"))
                .put("contract_url", "")
                .put("contract_terms_url", "")
                .put("fee_type", about.path("feeType").asText("quadratic"))
                .put("fee_multiplier", multiplier(any.definition.fees().takerRate()))
                .put("last_updated_ts", time(any.definition.at()))
                .put("exchange_index", shard(any));
        node.putArray("categories").add(about.path("category").asText("Simulated"));
        node.putArray("tags");
        node.putArray("settlement_sources");
        node.putArray("additional_prohibitions");
        return node;
    }

    /** Levels of one side as Kalshi shows them: worst first, NO prices on the NO side. */
    static ArrayNode side(Market market, boolean bid, boolean yesPrices, int depth) {
        List<Command.Level> levels = new ArrayList<>(market.levels(bid));
        ArrayNode rows = NODES.arrayNode();
        int shown = depth == 0 ? levels.size() : Math.min(depth, levels.size());
        for (int i = shown - 1; i >= 0; i--) {
            long price = levels.get(i).price();
            rows.addArray()
                    .add(price(bid || yesPrices ? price : Exchange.ONE - price))
                    .add(count(levels.get(i).quantity()));
        }
        return rows;
    }

    static ObjectNode trade(Trade trade) {
        boolean bid = trade.taker().bid();
        return NODES.objectNode()
                .put("trade_id", trade.id())
                .put("ticker", trade.market())
                .put("count_fp", count(trade.quantity()))
                .put("yes_price_dollars", price(trade.yesPrice()))
                .put("no_price_dollars", price(Exchange.ONE - trade.yesPrice()))
                .put("taker_side", bid ? "yes" : "no")
                .put("taker_outcome_side", bid ? "yes" : "no")
                .put("taker_book_side", bid ? "bid" : "ask")
                .put("created_time", time(trade.at()))
                .put("is_block_trade", false);
    }

    // ---------------------------------------------------------------- orders

    static ObjectNode order(Order order) {
        boolean bid = order.bid();
        ObjectNode node = orderCore(order)
                .put("action", bid ? "buy" : "sell")
                .put("type", "limit")
                .put("no_price_dollars", price(Exchange.ONE - order.yesPrice()));
        if (order.placed.cancelOnPause()) {
            node.put("cancel_order_on_pause", true);
        }
        return node;
    }

    private static ObjectNode orderCore(Order order) {
        boolean bid = order.bid();
        ObjectNode node = NODES.objectNode()
                .put("order_id", order.id)
                .put("user_id", uuid("user/" + owner(order.account())))
                .put("client_order_id", order.clientId)
                .put("ticker", order.market())
                .put("side", "yes")
                .put("outcome_side", bid ? "yes" : "no")
                .put("book_side", bid ? "bid" : "ask")
                .put("status", status(order))
                .put("yes_price_dollars", price(order.yesPrice()))
                .put("fill_count_fp", count(order.filled))
                .put("remaining_count_fp", count(order.remaining))
                .put("initial_count_fp", count(order.initial))
                .put("taker_fill_cost_dollars", money(order.takerCost))
                .put("maker_fill_cost_dollars", money(order.makerCost))
                .put("taker_fees_dollars", money(order.takerFees))
                .put("maker_fees_dollars", money(order.makerFees))
                .put("created_time", time(order.placed.at()))
                .put("last_update_time", time(order.updatedAt))
                .put(
                        "self_trade_prevention_type",
                        order.placed.selfTrade() == Command.SelfTrade.CANCEL_MAKER ? "maker" : "taker_at_cross")
                .put("subaccount_number", subaccount(order.account()))
                .put("exchange_index", Integer.parseInt(order.placed.pocket()));
        Long expiresAt = order.expiresAt;
        if (expiresAt != null) {
            node.put("expiration_time", time(expiresAt));
        }
        if (!order.placed.group().isEmpty()) {
            node.put("order_group_id", order.placed.group());
        }
        return node;
    }

    static String status(Order order) {
        return switch (order.status) {
            case RESTING, DELAYED -> "resting";
            case CANCELED -> "canceled";
            case EXECUTED -> "executed";
        };
    }

    /** The body of a {@code user_order} message. */
    static ObjectNode userOrder(Order order, String reason) {
        ObjectNode node = orderCore(order)
                .put("is_yes", order.bid())
                .put("created_ts_ms", order.placed.at())
                .put("last_updated_ts_ms", order.updatedAt);
        Long expiresAt = order.expiresAt;
        if (expiresAt != null) {
            node.put("expiration_ts_ms", expiresAt);
        }
        if (!reason.isEmpty()) {
            node.put("last_update_reason", reason);
        }
        return node;
    }

    static ObjectNode fill(Trade.Fill fill, int shard) {
        boolean bid = fill.bid();
        return NODES.objectNode()
                .put("fill_id", fillId(fill))
                .put("trade_id", fillId(fill))
                .put("order_id", fill.orderId())
                .put("ticker", fill.market())
                .put("market_ticker", fill.market())
                .put("exchange_index", shard)
                .put("side", "yes")
                .put("action", bid ? "buy" : "sell")
                .put("outcome_side", bid ? "yes" : "no")
                .put("book_side", bid ? "bid" : "ask")
                .put("count_fp", count(fill.quantity()))
                .put("yes_price_dollars", price(fill.yesPrice()))
                .put("no_price_dollars", price(Exchange.ONE - fill.yesPrice()))
                .put("is_taker", fill.taker())
                .put("created_time", time(fill.at()))
                .put("fee_cost", money(fill.fee()))
                .put("subaccount_number", subaccount(fill.account()))
                .put("ts", fill.at() / 1_000);
    }

    /**
     * Each side of a trade has an id of its own: whether the venue shares one is not known, so nothing may rely on it.
     */
    static String fillId(Trade.Fill fill) {
        return uuid(fill.tradeId() + (fill.taker() ? "/taker" : "/maker"));
    }

    static ObjectNode fillMessage(Trade.Fill fill, String clientId, int shard) {
        boolean bid = fill.bid();
        ObjectNode node = NODES.objectNode().put("trade_id", fillId(fill)).put("order_id", fill.orderId());
        if (!clientId.isEmpty()) {
            node.put("client_order_id", clientId);
        }
        return node.put("market_ticker", fill.market())
                .put("exchange_index", shard)
                .put("is_taker", fill.taker())
                .put("side", "yes")
                .put("yes_price_dollars", price(fill.yesPrice()))
                .put("count_fp", count(fill.quantity()))
                .put("fee_cost", money(fill.fee()))
                .put("action", bid ? "buy" : "sell")
                .put("ts", fill.at() / 1_000)
                .put("ts_ms", fill.at())
                .put("post_position_fp", count(fill.yesAfter()))
                .put("purchased_side", bid ? "yes" : "no")
                .put("outcome_side", bid ? "yes" : "no")
                .put("book_side", bid ? "bid" : "ask")
                .put("subaccount", subaccount(fill.account()));
    }

    static ObjectNode position(Market market, Exchange.Position position) {
        return NODES.objectNode()
                .put("ticker", market.id)
                .put("exchange_index", shard(market))
                .put("total_traded_dollars", money(position.traded))
                .put("position_fp", count(position.net()))
                .put("market_exposure_dollars", money(position.cost))
                .put("realized_pnl_dollars", money(position.realized))
                .put("fees_paid_dollars", money(position.fees))
                .put("last_updated_ts", time(position.updatedAt));
    }

    static ObjectNode positionMessage(String account, String market, Exchange.Position position) {
        return NODES.objectNode()
                .put("user_id", uuid("user/" + owner(account)))
                .put("market_ticker", market)
                .put("position_fp", count(position.net()))
                .put("position_cost_dollars", money(position.cost))
                .put("realized_pnl_dollars", money(position.realized))
                .put("fees_paid_dollars", money(position.fees))
                .put("position_fee_cost_dollars", money(position.fees))
                .put("volume_fp", count(position.volume))
                .put("subaccount", subaccount(account));
    }

    /** Average of fills per contract, four decimals. */
    static String average(long total, long quantity) {
        return Decimals.rounded(Micros.mulDivFloor(total, Exchange.ONE, quantity), 4);
    }
}
