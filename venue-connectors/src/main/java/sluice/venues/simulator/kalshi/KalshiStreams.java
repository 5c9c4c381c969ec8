package sluice.venues.simulator.kalshi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import sluice.venues.simulator.FaultySocket;
import sluice.venues.simulator.Http;
import sluice.venues.simulator.Later;
import sluice.venues.simulator.Venue;
import sluice.venues.simulator.core.Change;
import sluice.venues.simulator.core.Command;
import sluice.venues.simulator.core.Exchange;
import sluice.venues.simulator.core.Market;
import sluice.venues.simulator.core.Order;
import sluice.venues.simulator.core.Trade;

/** Kalshi's websocket: subscriptions with a sequence each, fed with every change of the exchange in its order. */
final class KalshiStreams {
    /** More waiting messages than this, and a reader is too slow. */
    private static final int MOST_WAITING = 10_000;

    private static final Set<String> CHANNELS = Set.of(
            "orderbook_delta",
            "ticker",
            "trade",
            "fill",
            "user_orders",
            "market_positions",
            "market_lifecycle_v2",
            "order_group_updates");
    private static final Set<String> SEQUENCED =
            Set.of("orderbook_delta", "trade", "market_lifecycle_v2", "order_group_updates");

    private final ObjectMapper json;
    private final Venue venue;
    private final Later later;
    private final List<Peer> peers = new CopyOnWriteArrayList<>();

    KalshiStreams(ObjectMapper json, Venue venue, Later later) {
        this.json = json;
        this.venue = venue;
        this.later = later;
    }

    Http.Peer newPeer(String account) {
        return new Peer(account);
    }

    void ping() {
        peers.forEach(Peer::ping);
    }

    /** Called while the exchange stands still. */
    void happened(Command command, Exchange.Outcome outcome) {
        if (!peers.isEmpty() && !outcome.changes().isEmpty()) {
            venue.live(e -> {
                peers.forEach(peer -> peer.tell(e, outcome.changes()));
                return true;
            });
        }
    }

    /** One subscription: a channel, its markets (none for all) and its sequence. */
    private static final class Subscription {
        final int sid;
        final String channel;
        final Set<String> markets = new LinkedHashSet<>();
        boolean yesPrices;
        long sequence;

        Subscription(int sid, String channel) {
            this.sid = sid;
            this.channel = channel;
        }

        boolean covers(String market) {
            return markets.isEmpty() ? !channel.equals("orderbook_delta") : markets.contains(market);
        }
    }

    private final class Peer implements Http.Peer {
        private final String account;
        private final Map<Integer, Subscription> subscriptions = new LinkedHashMap<>();
        private @Nullable FaultySocket socket;
        private int lastSid;

        Peer(String account) {
            this.account = account;
        }

        @Override
        public void opened(Http.Socket opened) {
            socket = new FaultySocket(opened, venue.faults(), later);
            peers.add(this);
        }

        @Override
        public void closed() {
            peers.remove(this);
        }

        void ping() {
            if (socket != null) {
                socket.ping("heartbeat");
            }
        }

        // ------------------------------------------------------------ commands

        @Override
        public void received(String text) {
            venue.exclusively(() -> obey(text));
        }

        private void obey(String text) {
            JsonNode message;
            try {
                message = json.readTree(text);
            } catch (JsonProcessingException e) {
                error(0, null, 1, "Unable to process message");
                return;
            }
            long id = message.path("id").asLong(0);
            JsonNode params = message.path("params");
            switch (message.path("cmd").asText()) {
                case "subscribe" -> subscribe(id, params);
                case "unsubscribe" -> unsubscribe(id, params);
                case "update_subscription" -> update(id, params);
                case "list_subscriptions" -> list(id);
                default -> error(id, null, 5, "Unknown command");
            }
        }

        private void subscribe(long id, JsonNode params) {
            if (!params.isObject()) {
                error(id, null, 2, "Params required");
                return;
            }
            if (params.path("channels").isEmpty()) {
                error(id, null, 3, "Channels required");
                return;
            }
            List<Subscription> made = new ArrayList<>();
            for (JsonNode channel : params.path("channels")) {
                if (!CHANNELS.contains(channel.asText())) {
                    error(id, null, 8, "Unknown channel name");
                    continue;
                }
                List<String> tickers = tickers(params);
                if (channel.asText().equals("orderbook_delta") && tickers.isEmpty()) {
                    error(id, null, 14, "Market Ticker required");
                    continue;
                }
                Subscription subscription = new Subscription(++lastSid, channel.asText());
                subscription.yesPrices = params.path("use_yes_price").asBoolean();
                if (!channel.asText().equals("market_lifecycle_v2")
                        && !channel.asText().equals("order_group_updates")) {
                    subscription.markets.addAll(tickers);
                }
                subscriptions.put(subscription.sid, subscription);
                made.add(subscription);
                ObjectNode answer = json.createObjectNode().put("id", id).put("type", "subscribed");
                answer.putObject("msg").put("channel", subscription.channel).put("sid", subscription.sid);
                send(answer);
            }
            venue.live(e -> {
                for (Subscription subscription : made) {
                    if (subscription.channel.equals("orderbook_delta")) {
                        subscription.markets.forEach(m -> snapshot(e, subscription, m));
                    } else if (subscription.channel.equals("ticker")
                            && params.path("send_initial_snapshot").asBoolean()) {
                        e.markets().stream()
                                .filter(m -> subscription.covers(m.id))
                                .forEach(m -> tell(subscription, "ticker", ticker(m)));
                    }
                }
                return true;
            });
        }

        private static List<String> tickers(JsonNode params) {
            List<String> tickers = new ArrayList<>();
            params.path("market_tickers").forEach(t -> tickers.add(t.asText()));
            if (params.hasNonNull("market_ticker")) {
                tickers.add(params.path("market_ticker").asText());
            }
            return tickers;
        }

        private void unsubscribe(long id, JsonNode params) {
            if (params.path("sids").isEmpty()) {
                error(id, null, 4, "Subscription IDs required");
                return;
            }
            for (JsonNode sid : params.path("sids")) {
                Subscription subscription = subscriptions.remove(sid.asInt());
                if (subscription == null) {
                    error(id, null, 7, "Unknown subscription ID");
                } else {
                    ObjectNode answer = json.createObjectNode().put("id", id).put("sid", subscription.sid);
                    send(answer.put("seq", ++subscription.sequence).put("type", "unsubscribed"));
                }
            }
        }

        private void update(long id, JsonNode params) {
            int sid = params.has("sid")
                    ? params.path("sid").asInt()
                    : params.path("sids").size() == 1
                            ? params.path("sids").path(0).asInt()
                            : -1;
            if (sid < 0) {
                error(id, null, 12, "Exactly one subscription ID is required");
                return;
            }
            Subscription subscription = subscriptions.get(sid);
            if (subscription == null) {
                error(id, null, 7, "Unknown subscription ID");
                return;
            }
            List<String> tickers = tickers(params);
            String action = params.path("action").asText("");
            Set<String> fresh = new LinkedHashSet<>();
            switch (action) {
                case "add_markets" ->
                    tickers.stream().filter(subscription.markets::add).forEach(fresh::add);
                case "delete_markets" -> subscription.markets.removeAll(tickers);
                case "get_snapshot" -> fresh.addAll(tickers.isEmpty() ? subscription.markets : tickers);
                default -> {
                    error(
                            id,
                            subscription,
                            action.isEmpty() ? 15 : 13,
                            action.isEmpty() ? "Action required" : "Unsupported action");
                    return;
                }
            }
            ObjectNode answer = json.createObjectNode()
                    .put("id", id)
                    .put("sid", sid)
                    .put("seq", ++subscription.sequence)
                    .put("type", "ok");
            ArrayNode list = answer.putObject("msg").putArray("market_tickers");
            subscription.markets.forEach(list::add);
            send(answer);
            if (subscription.channel.equals("orderbook_delta")) {
                venue.live(e -> {
                    fresh.forEach(m -> snapshot(e, subscription, m));
                    return true;
                });
            }
        }

        private void list(long id) {
            ObjectNode answer = json.createObjectNode().put("id", id).put("type", "ok");
            ArrayNode list = answer.putArray("msg");
            subscriptions
                    .values()
                    .forEach(s -> list.addObject().put("channel", s.channel).put("sid", s.sid));
            send(answer);
        }

        private void error(long id, @Nullable Subscription subscription, int code, String text) {
            ObjectNode answer = json.createObjectNode();
            if (id > 0) {
                answer.put("id", id);
            }
            if (subscription != null) {
                answer.put("sid", subscription.sid).put("seq", ++subscription.sequence);
            }
            answer.put("type", "error").putObject("msg").put("code", code).put("msg", text);
            send(answer);
        }

        // ------------------------------------------------------------ data

        private void snapshot(Exchange exchange, Subscription subscription, String ticker) {
            Market market = exchange.market(ticker);
            ObjectNode body = json.createObjectNode()
                    .put("market_ticker", ticker)
                    .put("market_id", KalshiJson.uuid("market/" + ticker));
            if (market != null) {
                ArrayNode yes = KalshiJson.side(market, true, subscription.yesPrices, 0);
                ArrayNode no = KalshiJson.side(market, false, subscription.yesPrices, 0);
                if (!yes.isEmpty()) {
                    body.set("yes_dollars_fp", yes);
                }
                if (!no.isEmpty()) {
                    body.set("no_dollars_fp", no);
                }
            }
            tell(subscription, "orderbook_snapshot", body);
        }

        void tell(Exchange exchange, List<Change> changes) {
            Set<String> quoted = new LinkedHashSet<>();
            for (Change change : changes) {
                switch (change) {
                    case Change.LevelChanged level -> {
                        quoted.add(level.market());
                        each("orderbook_delta", level.market(), s -> delta(exchange, s, level));
                    }
                    case Change.Traded traded -> traded(exchange, traded.trade());
                    case Change.OrderChanged changed -> {
                        if (mine(changed.order().account())) {
                            each(
                                    "user_orders",
                                    changed.order().market(),
                                    s -> tell(
                                            s, "user_order", KalshiJson.userOrder(changed.order(), changed.reason())));
                        }
                    }
                    case Change.PositionChanged moved -> {
                        Exchange.Position position =
                                exchange.positions(moved.account()).get(moved.market());
                        if (mine(moved.account()) && position != null) {
                            each(
                                    "market_positions",
                                    moved.market(),
                                    s -> tell(
                                            s,
                                            "market_position",
                                            KalshiJson.positionMessage(moved.account(), moved.market(), position)));
                        }
                    }
                    case Change.MarketChanged changed -> {
                        Market market = exchange.market(changed.market());
                        if (market != null) {
                            lifecycle(market, changed.what());
                        }
                    }
                    case Change.GroupChanged changed -> {
                        if (mine(changed.account())) {
                            ObjectNode body = json.createObjectNode()
                                    .put("event_type", changed.what())
                                    .put("order_group_id", changed.group());
                            Exchange.Group group = exchange.group(changed.group());
                            if (group != null && !changed.what().equals("triggered")) {
                                body.put("contracts_limit_fp", KalshiJson.count(group.limit));
                            }
                            body.put("ts_ms", venue.now());
                            each("order_group_updates", "", s -> tell(s, "order_group_updates", body));
                        }
                    }
                    case Change.TradeMoved moved -> {
                        // Kalshi's trades are final at once.
                    }
                }
            }
            for (String ticker : quoted) {
                Market market = exchange.market(ticker);
                if (market != null) {
                    each("ticker", ticker, s -> tell(s, "ticker", ticker(market)));
                }
            }
        }

        private boolean mine(String other) {
            return KalshiJson.owner(other).equals(account);
        }

        private void each(String channel, String market, java.util.function.Consumer<Subscription> action) {
            for (Subscription subscription : List.copyOf(subscriptions.values())) {
                if (subscription.channel.equals(channel) && (market.isEmpty() || subscription.covers(market))) {
                    action.accept(subscription);
                }
            }
        }

        private void delta(Exchange exchange, Subscription subscription, Change.LevelChanged level) {
            boolean yes = level.bid() || subscription.yesPrices;
            ObjectNode body = json.createObjectNode()
                    .put("market_ticker", level.market())
                    .put("market_id", KalshiJson.uuid("market/" + level.market()))
                    .put("price_dollars", KalshiJson.price(yes ? level.yesPrice() : Exchange.ONE - level.yesPrice()))
                    .put("delta_fp", KalshiJson.count(level.delta()))
                    .put("side", level.bid() ? "yes" : "no");
            Order order = exchange.order(level.orderId());
            if (order != null && mine(order.account())) {
                if (!order.clientId.isEmpty()) {
                    body.put("client_order_id", order.clientId);
                }
                body.put("subaccount", KalshiJson.subaccount(order.account()));
            }
            body.put("ts", KalshiJson.time(exchange.now())).put("ts_ms", exchange.now());
            tell(subscription, "orderbook_delta", body);
        }

        private void traded(Exchange exchange, Trade trade) {
            boolean bid = trade.taker().bid();
            each(
                    "trade",
                    trade.market(),
                    s -> tell(
                            s,
                            "trade",
                            json.createObjectNode()
                                    .put("trade_id", trade.id())
                                    .put("market_ticker", trade.market())
                                    .put("yes_price_dollars", KalshiJson.price(trade.yesPrice()))
                                    .put("no_price_dollars", KalshiJson.price(Exchange.ONE - trade.yesPrice()))
                                    .put("count_fp", KalshiJson.count(trade.quantity()))
                                    .put("taker_side", bid ? "yes" : "no")
                                    .put("taker_outcome_side", bid ? "yes" : "no")
                                    .put("taker_book_side", bid ? "bid" : "ask")
                                    .put("is_block_trade", false)
                                    .put("ts", trade.at() / 1_000)
                                    .put("ts_ms", trade.at())));
            for (Trade.Fill fill : List.of(trade.taker(), trade.maker())) {
                if (mine(fill.account())) {
                    Order order = exchange.order(fill.orderId());
                    Market market = exchange.market(fill.market());
                    each(
                            "fill",
                            fill.market(),
                            s -> tell(
                                    s,
                                    "fill",
                                    KalshiJson.fillMessage(
                                            fill,
                                            order == null ? "" : order.clientId,
                                            market == null ? 0 : KalshiJson.shard(market))));
                }
            }
        }

        private ObjectNode ticker(Market market) {
            List<Command.Level> bids = market.levels(true);
            List<Command.Level> asks = market.levels(false);
            long now = venue.now();
            return json.createObjectNode()
                    .put("market_ticker", market.id)
                    .put("market_id", KalshiJson.uuid("market/" + market.id))
                    .put("price_dollars", KalshiJson.price(market.lastPrice))
                    .put(
                            "yes_bid_dollars",
                            KalshiJson.price(bids.isEmpty() ? 0 : bids.get(0).price()))
                    .put(
                            "yes_ask_dollars",
                            KalshiJson.price(
                                    asks.isEmpty() ? Exchange.ONE : asks.get(0).price()))
                    .put("volume_fp", KalshiJson.count(market.volume))
                    .put("open_interest_fp", KalshiJson.count(market.openInterest))
                    .put("dollar_volume", market.volume / Exchange.ONE)
                    .put("dollar_open_interest", market.openInterest / Exchange.ONE)
                    .put(
                            "yes_bid_size_fp",
                            KalshiJson.count(bids.isEmpty() ? 0 : bids.get(0).quantity()))
                    .put(
                            "yes_ask_size_fp",
                            KalshiJson.count(asks.isEmpty() ? 0 : asks.get(0).quantity()))
                    .put("last_trade_size_fp", KalshiJson.count(market.lastQuantity))
                    .put("ts", now / 1_000)
                    .put("ts_ms", now)
                    .put("time", KalshiJson.time(now));
        }

        /** Opening and closing by the clock have no message, as at the venue. */
        private void lifecycle(Market market, String what) {
            ObjectNode body = json.createObjectNode();
            String type = "market_lifecycle_v2";
            switch (what) {
                case "created" -> {
                    body.put("event_type", "created").put("market_ticker", market.id);
                    Long openAt = market.definition.openAt();
                    body.put("exchange_index", KalshiJson.shard(market))
                            .put("open_ts", (openAt == null ? market.definition.at() : openAt) / 1_000)
                            .put("close_ts", KalshiJson.closeAt(market) / 1_000)
                            .put("price_level_structure", KalshiJson.structure(market));
                    body.set("price_ranges", KalshiJson.ranges(market));
                    body.putObject("additional_metadata")
                            .put("title", market.attributes().path("title").asText(""))
                            .put("event_ticker", market.definition.event())
                            .put("can_close_early", true);
                }
                case "activated", "deactivated" ->
                    body.put("event_type", what)
                            .put("market_ticker", market.id)
                            .put("is_deactivated", what.equals("deactivated"));
                case "close_date" ->
                    body.put("event_type", "close_date_updated")
                            .put("market_ticker", market.id)
                            .put("close_ts", KalshiJson.closeAt(market) / 1_000);
                case "determined" ->
                    body.put("event_type", "determined")
                            .put("market_ticker", market.id)
                            .put("result", market.result)
                            .put("determination_ts", venue.now() / 1_000)
                            .put("settlement_value", KalshiJson.price(market.yesValue));
                case "settled" ->
                    body.put("event_type", "settled")
                            .put("market_ticker", market.id)
                            .put("settled_ts", venue.now() / 1_000);
                case "grid" -> {
                    body.put("event_type", "price_level_structure_updated")
                            .put("market_ticker", market.id)
                            .put("price_level_structure", KalshiJson.structure(market));
                    body.set("price_ranges", KalshiJson.ranges(market));
                }
                case "fees" -> {
                    type = "event_fee_update";
                    body.put("event_ticker", market.definition.event())
                            .put("fee_type_override", "quadratic")
                            .put("fee_multiplier_override", KalshiJson.multiplier(market.fees.takerRate()));
                }
                default -> {
                    return;
                }
            }
            String sent = type;
            each("market_lifecycle_v2", "", s -> tell(s, sent, body.deepCopy()));
        }

        private void tell(Subscription subscription, String type, ObjectNode body) {
            boolean overflow = venue.faults().strike("F17", "overflow", "silent", type) != null;
            if (socket != null && (overflow || socket.backlog() > MOST_WAITING)) {
                error(0, subscription, 25, "Subscription buffer overflow");
                subscriptions.remove(subscription.sid);
                return;
            }
            ObjectNode message = json.createObjectNode().put("type", type).put("sid", subscription.sid);
            if (SEQUENCED.contains(subscription.channel)) {
                message.put("seq", ++subscription.sequence);
            }
            message.set("msg", body);
            send(message);
        }

        private void send(ObjectNode message) {
            if (socket != null) {
                message.put("sending_ts_ms", venue.now());
                socket.send(message.path("type").asText(), message + "\n");
            }
        }
    }
}
