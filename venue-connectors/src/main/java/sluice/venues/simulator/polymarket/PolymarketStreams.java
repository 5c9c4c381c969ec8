package sluice.venues.simulator.polymarket;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
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

/** Polymarket's two websockets: the market channel for everybody, the user channel for the holder of an API key. */
final class PolymarketStreams {
    private final ObjectMapper json;
    private final Venue venue;
    private final ApiKeys keys;
    private final Later later;
    private final List<Peer> peers = new CopyOnWriteArrayList<>();

    PolymarketStreams(ObjectMapper json, Venue venue, ApiKeys keys, Later later) {
        this.json = json;
        this.venue = venue;
        this.keys = keys;
        this.later = later;
    }

    Http.Peer market() {
        return new MarketPeer();
    }

    Http.Peer user() {
        return new UserPeer();
    }

    /** Called while the exchange stands still. */
    void happened(Command command, Exchange.Outcome outcome) {
        if (!peers.isEmpty() && !outcome.changes().isEmpty()) {
            venue.live(e -> {
                peers.forEach(peer -> outcome.changes().forEach(change -> peer.tell(e, change)));
                return true;
            });
        }
    }

    private abstract class Peer implements Http.Peer {
        private @Nullable FaultySocket socket;
        private Http.@Nullable Socket plain;

        @Override
        public void opened(Http.Socket opened) {
            plain = opened;
            socket = new FaultySocket(opened, venue.faults(), later);
            peers.add(this);
        }

        @Override
        public void closed() {
            peers.remove(this);
        }

        @Override
        public void received(String text) {
            Http.Socket open = plain;
            FaultySocket faulty = socket;
            if (text.equals("PING") && faulty != null) {
                faulty.send("pong", "PONG");
                return;
            }
            JsonNode message;
            try {
                message = json.readTree(text);
            } catch (JsonProcessingException e) {
                if (open != null) {
                    open.send("INVALID OPERATION");
                }
                return;
            }
            venue.exclusively(() -> venue.live(e -> {
                obey(e, message);
                return true;
            }));
        }

        void send(ObjectNode message) {
            FaultySocket open = socket;
            if (open != null) {
                open.send(message.path("event_type").asText(), message.toString());
            }
        }

        void sendAll(ArrayNode messages) {
            FaultySocket open = socket;
            if (open != null) {
                open.send("book", messages.toString());
            }
        }

        void end(String reason) {
            FaultySocket open = socket;
            if (open != null) {
                open.close(1008, reason);
            }
        }

        abstract void obey(Exchange exchange, JsonNode message);

        abstract void tell(Exchange exchange, Change change);
    }

    private static @Nullable Market marketOf(Exchange exchange, String token) {
        return exchange.markets().stream()
                .filter(m -> PolymarketJson.token(m, true).equals(token)
                        || PolymarketJson.token(m, false).equals(token))
                .findFirst()
                .orElse(null);
    }

    // ---------------------------------------------------------------- market channel

    private final class MarketPeer extends Peer {
        private final Set<String> tokens = new LinkedHashSet<>();
        private boolean custom;

        @Override
        void obey(Exchange exchange, JsonNode message) {
            boolean off = message.path("operation").asText().equals("unsubscribe");
            custom |= message.path("custom_feature_enabled").asBoolean();
            ArrayNode books = json.createArrayNode();
            for (JsonNode id : message.path("assets_ids")) {
                String token = id.asText();
                if (off) {
                    tokens.remove(token);
                } else if (tokens.add(token)) {
                    Market market = marketOf(exchange, token);
                    if (market != null) {
                        books.add(book(market, token.equals(PolymarketJson.token(market, true))));
                    }
                }
            }
            if (!books.isEmpty()) {
                sendAll(books);
            }
        }

        private ObjectNode book(Market market, boolean yes) {
            return PolymarketJson.book(market, yes, venue.now()).put("event_type", "book");
        }

        private boolean wants(Market market) {
            return tokens.contains(PolymarketJson.token(market, true))
                    || tokens.contains(PolymarketJson.token(market, false));
        }

        @Override
        void tell(Exchange exchange, Change change) {
            switch (change) {
                case Change.LevelChanged level -> {
                    Market market = exchange.market(level.market());
                    if (market != null && wants(market)) {
                        level(market, level);
                    }
                }
                case Change.Traded traded -> {
                    Market market = exchange.market(traded.trade().market());
                    if (market != null) {
                        traded(market, traded.trade());
                    }
                }
                case Change.MarketChanged changed -> {
                    Market market = exchange.market(changed.market());
                    if (market != null) {
                        changed(market, changed.what());
                    }
                }
                case Change.OrderChanged order -> {}
                case Change.TradeMoved moved -> {}
                case Change.PositionChanged position -> {}
                case Change.GroupChanged group -> {}
            }
        }

        private ObjectNode event(String type, Market market) {
            return json.createObjectNode()
                    .put("event_type", type)
                    .put("market", market.id)
                    .put("timestamp", String.valueOf(venue.now()));
        }

        private void level(Market market, Change.LevelChanged level) {
            ObjectNode message = event("price_change", market);
            ArrayNode changes = message.putArray("price_changes");
            for (boolean yes : new boolean[] {true, false}) {
                long bid = PolymarketJson.best(market, yes, true);
                long ask = PolymarketJson.best(market, yes, false);
                changes.addObject()
                        .put("asset_id", PolymarketJson.token(market, yes))
                        .put("price", PolymarketJson.number(yes ? level.yesPrice() : Exchange.ONE - level.yesPrice()))
                        .put("size", PolymarketJson.number(level.total()))
                        .put("side", level.bid() == yes ? "BUY" : "SELL")
                        .put("hash", "")
                        .put("best_bid", bid < 0 ? "0" : PolymarketJson.number(bid))
                        .put("best_ask", ask < 0 ? "1" : PolymarketJson.number(ask));
            }
            send(message);
        }

        private void traded(Market market, Trade trade) {
            boolean yes = trade.taker().yes();
            String token = PolymarketJson.token(market, yes);
            if (tokens.contains(token)) {
                ObjectNode message = event("last_trade_price", market)
                        .put("asset_id", token)
                        .put("price", PolymarketJson.number(trade.taker().price()))
                        .put("size", PolymarketJson.number(trade.quantity()))
                        .put("side", trade.taker().buy() ? "BUY" : "SELL")
                        .put("fee_rate_bps", "0");
                send(message);
            }
            for (boolean one : new boolean[] {true, false}) {
                if (tokens.contains(PolymarketJson.token(market, one))) {
                    send(book(market, one));
                }
            }
        }

        private void changed(Market market, String what) {
            if (what.equals("grid") && wants(market)) {
                for (boolean yes : new boolean[] {true, false}) {
                    send(event("tick_size_change", market)
                            .put("asset_id", PolymarketJson.token(market, yes))
                            .put(
                                    "old_tick_size",
                                    PolymarketJson.number(
                                            market.definition.bands().get(0).step()))
                            .put("new_tick_size", PolymarketJson.number(PolymarketJson.tick(market))));
                }
            } else if (what.equals("settled") && custom && wants(market)) {
                boolean yes = market.yesValue * 2 >= Exchange.ONE;
                ObjectNode message = event("market_resolved", market).put("id", market.id);
                message.putArray("assets_ids")
                        .add(PolymarketJson.token(market, true))
                        .add(PolymarketJson.token(market, false));
                send(message.put("winning_asset_id", PolymarketJson.token(market, yes))
                        .put("winning_outcome", PolymarketJson.outcome(yes)));
            } else if (what.equals("created") && custom) {
                ObjectNode message = event("new_market", market)
                        .put("id", market.id)
                        .put("condition_id", market.id)
                        .put("question", market.attributes().path("question").asText(""))
                        .put("slug", PolymarketJson.slug(market))
                        .put("order_price_min_tick_size", PolymarketJson.number(PolymarketJson.tick(market)));
                message.putArray("assets_ids")
                        .add(PolymarketJson.token(market, true))
                        .add(PolymarketJson.token(market, false));
                send(message);
            }
        }
    }

    // ---------------------------------------------------------------- user channel

    private final class UserPeer extends Peer {
        private final Set<String> markets = new LinkedHashSet<>();
        private boolean all;
        private String owner = "";

        @Override
        void obey(Exchange exchange, JsonNode message) {
            if (message.has("auth")) {
                JsonNode auth = message.path("auth");
                ApiKeys.Key key = keys.find(auth.path("apiKey").asText());
                boolean right = key != null
                        && key.active()
                        && key.secret().equals(auth.path("secret").asText())
                        && key.passphrase().equals(auth.path("passphrase").asText());
                if (!right || key == null) {
                    end("auth failed");
                    return;
                }
                owner = key.id();
                all = message.path("markets").isEmpty();
            }
            boolean off = message.path("operation").asText().equals("unsubscribe");
            for (JsonNode market : message.path("markets")) {
                if (off) {
                    markets.remove(market.asText());
                } else {
                    markets.add(market.asText());
                }
            }
        }

        private boolean mine(@Nullable Order order) {
            return order != null && !owner.isEmpty() && (all || markets.contains(order.market())) && sameWallet(order);
        }

        private boolean sameWallet(Order order) {
            ApiKeys.Key key = keys.find(owner);
            return key != null && order.attributes().path("address").asText().equals(key.address());
        }

        @Override
        void tell(Exchange exchange, Change change) {
            switch (change) {
                case Change.OrderChanged changed -> {
                    Market market = exchange.market(changed.order().market());
                    if (market != null && mine(changed.order())) {
                        order(exchange, market, changed.order(), changed.reason());
                    }
                }
                case Change.Traded traded -> trade(exchange, traded.trade());
                case Change.TradeMoved moved -> trade(exchange, moved.trade());
                case Change.LevelChanged level -> {}
                case Change.MarketChanged market -> {}
                case Change.PositionChanged position -> {}
                case Change.GroupChanged group -> {}
            }
        }

        private void order(Exchange exchange, Market market, Order order, String reason) {
            boolean over = order.status == Order.Status.CANCELED;
            String type = over ? "CANCELLATION" : order.filled > 0 ? "UPDATE" : "PLACEMENT";
            List<String> trades = PolymarketProtocol.tradesOf(exchange, order.id);
            ObjectNode message = PolymarketJson.orderMessage(market, order, type, trades, venue.now());
            if (reason.equals("FOK")) {
                message.put("status", "CANCELED_" + PolymarketProtocol.FOK_KILLED)
                        .put("size_matched", "")
                        .put("outcome", "")
                        .put("created_at", "");
            }
            send(message);
        }

        private void trade(Exchange exchange, Trade trade) {
            Market market = exchange.market(trade.market());
            Order taker = exchange.order(trade.taker().orderId());
            Order maker = exchange.order(trade.maker().orderId());
            if (market == null || taker == null || maker == null || !(mine(taker) || mine(maker))) {
                return;
            }
            ObjectNode message = PolymarketJson.trade(market, trade, taker, maker, mine(taker), "")
                    .put("event_type", "trade")
                    .put("type", "TRADE")
                    .put("trade_owner", owner)
                    .put("timestamp", String.valueOf(venue.now()));
            send(message);
        }
    }
}
