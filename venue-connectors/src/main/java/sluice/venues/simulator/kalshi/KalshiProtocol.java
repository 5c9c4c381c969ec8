package sluice.venues.simulator.kalshi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sluice.domain.Micros;
import sluice.domain.market.FeeModel;
import sluice.venues.simulator.Decimals;
import sluice.venues.simulator.Fault;
import sluice.venues.simulator.Http;
import sluice.venues.simulator.Later;
import sluice.venues.simulator.OrderFaults;
import sluice.venues.simulator.Protocol;
import sluice.venues.simulator.Venue;
import sluice.venues.simulator.core.Command;
import sluice.venues.simulator.core.Denial;
import sluice.venues.simulator.core.Exchange;
import sluice.venues.simulator.core.Market;
import sluice.venues.simulator.core.Order;
import sluice.venues.simulator.core.Trade;

/** Kalshi's trade-api/v2 over the simulated exchange. Thread-safe. */
public final class KalshiProtocol implements Protocol {
    /** A YES and a NO of one account are a dollar. */
    public static final Exchange.Rules RULES = new Exchange.Rules(FeeModel.KALSHI, true);

    private static final String ROOT = "/trade-api/v2";
    private static final int SHARDS = 4;
    private static final long DAY_MILLIS = 86_400_000;
    private static final Set<String> TIMES_IN_FORCE =
            Set.of("fill_or_kill", "good_till_canceled", "immediate_or_cancel");

    private final ObjectMapper json;
    private final Venue venue;
    private final KalshiKeys keys = new KalshiKeys();
    private final Map<String, TokenBuckets> buckets = new HashMap<>();
    private final KalshiStreams streams;
    private final OrderFaults orderFaults;
    private final Later later;
    private final long ordersLiveMillis;
    private final long tradesLiveMillis;

    /** Refuses a request from inside its parsing. */
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
        final transient Http.Answer answer;

        Refused(Http.Answer answer) {
            super(null, null, false, false);
            this.answer = answer;
        }
    }

    /** Serves the accounts, keys and markets of a setup file; see {@link sluice.venues.simulator.Simulator}. */
    public KalshiProtocol(ObjectMapper json, Venue venue, JsonNode setup) {
        this.json = json;
        this.venue = venue;
        this.later = new Later("kalshi-sim-later");
        this.streams = new KalshiStreams(json, venue, later);
        this.orderFaults = new OrderFaults(venue, later);
        for (JsonNode account : setup.path("accounts")) {
            String name = account.path("name").asText();
            String tier = account.path("tier").asText("basic").toUpperCase(Locale.ROOT);
            buckets.put(name, new TokenBuckets(TokenBuckets.Tier.valueOf(tier)));
            for (JsonNode key : account.path("keys")) {
                keys.add(
                        key.path("id").asText(),
                        name,
                        key.path("publicKey").asText(),
                        key.has("subaccount") ? key.path("subaccount").asInt() : null);
            }
            if (venue.isNew()) {
                account.path("cash")
                        .properties()
                        .forEach(cash -> venue.submit(s -> new Command.Deposit(
                                s.at(),
                                name,
                                cash.getKey(),
                                Decimals.micros(cash.getValue().asText()),
                                "opening balance")));
            }
        }
        JsonNode live = setup.path("liveWindow");
        this.ordersLiveMillis = live.path("ordersMillis").asLong(14 * DAY_MILLIS);
        this.tradesLiveMillis = live.path("tradesMillis").asLong(60 * DAY_MILLIS);
        for (JsonNode market : setup.path("markets")) {
            define(market);
        }
        venue.listen(streams::happened);
        later.every(50, () -> venue.submit(s -> new Command.Tick(s.at())));
        later.every(10_000, streams::ping);
    }

    /** Makes a market of the setup or of a recording, unless the ledger has it already. */
    public void define(JsonNode market) {
        String ticker = market.path("ticker").asText();
        if (venue.live(e -> e.market(ticker)) != null) {
            return;
        }
        String structure = market.path("structure").asText("linear_cent");
        String feeType = market.path("feeType").asText("quadratic");
        BigDecimal multiplier = new BigDecimal(market.path("feeMultiplier").asText("1"));
        long makerRate =
                switch (feeType) {
                    case "quadratic_with_maker_fees" -> 17_500;
                    case "quadratic_with_combo_maker_fees" -> 35_000;
                    default -> 0;
                };
        ObjectNode about = market.deepCopy();
        String event = market.path("event").asText(ticker);
        about.put("structure", structure)
                .put("feeType", feeType)
                .put("series", market.path("series").asText(event));
        venue.submit(s -> new Command.DefineMarket(
                s.at(),
                ticker,
                event,
                String.valueOf(market.path("exchangeIndex").asInt(0)),
                KalshiJson.bands(structure),
                new Command.Fees(rate(multiplier, KalshiJson.FULL_RATE), rate(multiplier, makerRate)),
                market.has("openAt") ? market.path("openAt").asLong() : null,
                market.has("closeAt") ? market.path("closeAt").asLong() : null,
                market.path("settleAfterMillis").asLong(1_800_000),
                about));
    }

    private static long rate(BigDecimal multiplier, long full) {
        return multiplier.multiply(BigDecimal.valueOf(full)).longValueExact();
    }

    @Override
    public Http.Service service() {
        return this::serve;
    }

    @Override
    public Map<String, Http.Handshake> sockets() {
        return Map.of("/trade-api/ws/v2", request -> {
            KalshiKeys.Caller caller = keys.identify(request, venue.now());
            KalshiKeys.Key key = caller.key();
            return key == null ? refusal(caller) : streams.newPeer(key.account());
        });
    }

    @Override
    public Http.@Nullable Answer restricted(Fault fault, Http.Request request) {
        boolean writes = !request.method().equals("GET");
        boolean opens = request.method().equals("POST");
        return switch (fault.mode()) {
            case "401" ->
                request.path().startsWith(ROOT + "/portfolio") || request.path().startsWith(ROOT + "/account")
                        ? KalshiJson.error(401, "authentication_error", "authentication_error", "NOT_FOUND")
                        : null;
            case "403", "html" ->
                Http.Answer.text(
                        403, "text/html", "<html><head><title>403 Forbidden</title></head><body>403</body></html>");
            case "425" -> writes ? KalshiJson.error(425, "too_early") : null;
            case "cancel-only" -> opens ? KalshiJson.error(503, "service_unavailable") : null;
            case "maintenance" -> opens ? KalshiJson.error(409, "trading_is_paused") : null;
            default -> tooMany();
        };
    }

    private Http.Answer tooMany() {
        return Http.Answer.json(429, json.createObjectNode().put("error", "too many requests"));
    }

    @Override
    public void close() {
        later.close();
    }

    // ---------------------------------------------------------------- routing

    private Http.Reply serve(Http.Request request) {
        try {
            if (!request.path().startsWith(ROOT + "/")) {
                return Http.Answer.text(404, "text/plain", "404 page not found\n");
            }
            String path = request.path().substring(ROOT.length() + 1);
            String[] parts = path.split("/", -1);
            Http.Reply open = request.method().equals("GET") ? open(request, parts) : null;
            return open != null ? open : signed(request, path, parts);
        } catch (Refused e) {
            return e.answer;
        }
    }

    /** What needs no signature; null if this is none of it. */
    private Http.@Nullable Reply open(Http.Request request, String[] parts) {
        return switch (parts[0] + "/" + (parts.length > 1 ? parts[1] : "")) {
            case "exchange/status" -> ok(exchangeStatus());
            case "exchange/schedule" -> ok(schedule());
            case "exchange/user_data_timestamp" ->
                ok(json.createObjectNode().put("as_of_time", KalshiJson.time(venue.viewTime())));
            case "account/endpoint_costs" -> ok(endpointCosts());
            case "historical/cutoff" -> ok(cutoff());
            case "markets/trades" -> publicTrades(request);
            case "markets/orderbooks" -> orderbooks(request);
            case "markets/" -> markets(request);
            case "series/fee_changes" -> {
                ObjectNode none = json.createObjectNode();
                none.putArray("series_fee_change_arr");
                yield ok(none);
            }
            case "events/fee_changes" -> {
                ObjectNode none = json.createObjectNode();
                none.putArray("event_fee_changes");
                yield ok(none.put("cursor", ""));
            }
            default -> {
                boolean one = parts.length == 2;
                boolean book = parts.length == 3 && parts[0].equals("markets") && parts[2].equals("orderbook");
                if (parts[0].equals("markets") && (one || book)) {
                    yield oneMarket(request, parts[1], book);
                }
                if (parts[0].equals("events")) {
                    yield one ? oneEvent(request, parts[1]) : events(request);
                }
                if (parts[0].equals("series")) {
                    yield one ? oneSeries(parts[1]) : allSeries();
                }
                yield null;
            }
        };
    }

    private static Http.Answer refusal(KalshiKeys.Caller caller) {
        Http.Answer refusal = caller.refusal();
        return refusal == null ? KalshiJson.error(401, "authentication_error") : refusal;
    }

    private Http.Reply signed(Http.Request request, String path, String[] parts) {
        KalshiKeys.Caller caller = keys.identify(request, venue.now());
        KalshiKeys.Key key = caller.key();
        if (key == null) {
            return refusal(caller);
        }
        Http.@Nullable Answer limited = limited(request, key, path);
        if (limited != null) {
            return limited;
        }
        if (!request.method().equals("GET")
                && !request.body().isEmpty()
                && !String.valueOf(request.header("Content-Type")).startsWith("application/json")) {
            return KalshiJson.flat(400, "invalid_content_type", "Content-Type must be application/json");
        }
        if (parts[0].equals("portfolio") && parts.length > 1) {
            return switch (parts[1]) {
                case "events" -> writes(request, key, parts);
                case "orders" -> legacyPath(request, key, parts);
                case "order_groups" -> groups(request, key, parts);
                case "fills" -> fills(request, key, false);
                case "positions" -> positions(request, key);
                case "balance" -> balance(request, key);
                case "settlements" -> settlements(request, key);
                case "summary" -> restingValue(key);
                case "intra_exchange_instance_transfer" -> transfer(request, key);
                default -> KalshiJson.error(404, "not_found");
            };
        }
        if (parts[0].equals("historical") && parts.length == 2) {
            return switch (parts[1]) {
                case "orders" -> orders(request, key, true);
                case "fills" -> fills(request, key, true);
                default -> KalshiJson.error(404, "not_found");
            };
        }
        if (request.place().equals("GET " + ROOT + "/account/limits")) {
            return ok(limits(key));
        }
        if (request.place().equals("GET " + ROOT + "/api_keys")) {
            ObjectNode all = json.createObjectNode();
            ObjectNode one = all.putArray("api_keys").addObject();
            one.put("api_key_id", key.id())
                    .put("name", key.account())
                    .putArray("scopes")
                    .add("read")
                    .add("write");
            return ok(all);
        }
        return KalshiJson.error(404, "not_found");
    }

    private static Http.Answer ok(JsonNode body) {
        return Http.Answer.json(200, body);
    }

    // ---------------------------------------------------------------- limits

    private Http.@Nullable Answer limited(Http.Request request, KalshiKeys.Key key, String path) {
        boolean write = !request.method().equals("GET");
        long cost = 10;
        boolean batch = path.equals("portfolio/events/orders/batched");
        List<String> names = List.of(write ? "write" : "read");
        if (batch) {
            long items = Math.max(1, body(request).path("orders").size());
            cost = items * (request.method().equals("DELETE") ? 2 : 10);
        } else if (path.startsWith("portfolio/events/orders")
                && request.method().equals("DELETE")) {
            cost = 2;
            names = writeBuckets(
                    request.query("exchange_index"),
                    request.query("exchange_index").isEmpty());
        } else if (path.equals("portfolio/events/orders")) {
            JsonNode index = body(request).path("exchange_index");
            names = writeBuckets(index.asText(""), index.isMissingNode() || index.asInt(-1) < 0);
        } else if (path.matches("portfolio/orders/[^/]+") && !write) {
            cost = 2;
        }
        TokenBuckets bucket = buckets.get(key.account());
        return bucket == null || bucket.take(names, cost, venue.now()) ? null : tooMany();
    }

    /** An explicit shard above 0 has its own bucket; a write that is routed for the caller bills them all. */
    private static List<String> writeBuckets(String index, boolean routed) {
        if (routed || index.equals("-1")) {
            return List.of("write", "write1", "write2", "write3");
        }
        return List.of(index.equals("0") ? "write" : "write" + index);
    }

    private ObjectNode limits(KalshiKeys.Key key) {
        TokenBuckets bucket = buckets.get(key.account());
        TokenBuckets.Tier tier = bucket == null ? TokenBuckets.Tier.BASIC : bucket.tier;
        ObjectNode node = json.createObjectNode().put("usage_tier", tier.text());
        node.putObject("read").put("refill_rate", tier.read).put("bucket_capacity", tier.readCapacity);
        node.putObject("write").put("refill_rate", tier.write).put("bucket_capacity", tier.writeCapacity);
        node.putArray("grants");
        return node;
    }

    private ObjectNode endpointCosts() {
        ObjectNode node = json.createObjectNode().put("default_cost", 10);
        ArrayNode costs = node.putArray("endpoint_costs");
        cost(costs, "DELETE", "/portfolio/events/orders");
        cost(costs, "DELETE", "/portfolio/events/orders/:order_id");
        cost(costs, "DELETE", "/portfolio/events/orders/batched");
        cost(costs, "GET", "/portfolio/orders/:order_id");
        return node;
    }

    private static void cost(ArrayNode costs, String method, String path) {
        costs.addObject().put("method", method).put("path", ROOT + path).put("cost", 2);
    }

    // ---------------------------------------------------------------- exchange and markets

    private ObjectNode exchangeStatus() {
        return venue.live(e -> {
            ObjectNode node = json.createObjectNode()
                    .put("exchange_active", e.exchangeActive())
                    .put("trading_active", e.tradingActive())
                    .put("intra_exchange_transfers_active", true);
            ArrayNode shards = node.putArray("exchange_index_statuses");
            List<String> names = List.of("Default", "Combos", "Crypto & Commodities", "Tennis/Baseball/Basketball");
            for (int i = 0; i < SHARDS; i++) {
                shards.addObject()
                        .put("exchange_index", i)
                        .put("description", names.get(i))
                        .put("exchange_active", e.exchangeActive())
                        .put("trading_active", e.tradingActive())
                        .put("intra_exchange_transfers_active", true);
            }
            return node;
        });
    }

    private ObjectNode schedule() {
        ObjectNode node = json.createObjectNode();
        ObjectNode schedule = node.putObject("schedule");
        ObjectNode hours = schedule.putArray("standard_hours")
                .addObject()
                .put("start_time", "2026-01-01T05:00:00Z")
                .put("end_time", "2027-01-01T05:00:00Z");
        for (String day : List.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")) {
            ArrayNode open = hours.putArray(day);
            boolean thursday = day.equals("thursday");
            open.addObject().put("open_time", "00:00").put("close_time", thursday ? "03:00" : "00:00");
            if (thursday) {
                open.addObject().put("open_time", "05:00").put("close_time", "00:00");
            }
        }
        schedule.putArray("maintenance_windows");
        return node;
    }

    private ObjectNode cutoff() {
        return json.createObjectNode()
                .put("market_settled_ts", KalshiJson.time(venue.now() - 60 * DAY_MILLIS))
                .put("trades_created_ts", KalshiJson.time(venue.now() - tradesLiveMillis))
                .put("orders_updated_ts", KalshiJson.time(venue.now() - ordersLiveMillis))
                .put("market_positions_last_updated_ts", KalshiJson.time(venue.now() - 60 * DAY_MILLIS));
    }

    /** Whether a finished order has moved to the archive; one that rests never does. */
    private boolean isArchived(Order order) {
        boolean finished = order.status == Order.Status.CANCELED || order.status == Order.Status.EXECUTED;
        return finished && order.updatedAt < venue.now() - ordersLiveMillis;
    }

    private boolean isArchived(Trade.Fill fill) {
        return fill.at() < venue.now() - tradesLiveMillis;
    }

    private Http.Reply oneMarket(Http.Request request, String ticker, boolean book) {
        int depth = number(request, "depth", 0);
        return venue.live(e -> {
            Market market = e.market(ticker);
            if (market == null) {
                return KalshiJson.error(404, "not_found");
            }
            ObjectNode node = json.createObjectNode();
            return ok(
                    book
                            ? node.set("orderbook_fp", book(market, depth))
                            : node.set("market", KalshiJson.market(market)));
        });
    }

    private ObjectNode book(Market market, int depth) {
        ObjectNode book = json.createObjectNode();
        book.set("yes_dollars", KalshiJson.side(market, true, false, depth));
        book.set("no_dollars", KalshiJson.side(market, false, false, depth));
        return book;
    }

    private Http.Reply orderbooks(Http.Request request) {
        return venue.live(e -> {
            ObjectNode node = json.createObjectNode();
            ArrayNode books = node.putArray("orderbooks");
            for (String ticker : request.queries("tickers")) {
                Market market = e.market(ticker);
                if (market != null) {
                    books.addObject().put("ticker", ticker).set("orderbook_fp", book(market, 0));
                }
            }
            return ok(node);
        });
    }

    private Http.Reply markets(Http.Request request) {
        int limit = limit(request, "GetMarkets", 1_000);
        List<String> tickers = request.queries("tickers");
        String event = request.query("event_ticker");
        String series = request.query("series_ticker");
        String status = request.query("status");
        return venue.live(e -> {
            List<Market> found = e.markets().stream()
                    .filter(m -> tickers.isEmpty() || tickers.contains(m.id))
                    .filter(m -> event.isEmpty() || m.definition.event().equals(event))
                    .filter(m -> series.isEmpty()
                            || m.attributes().path("series").asText().equals(series))
                    .filter(m -> status.isEmpty() || filterWord(m.status).equals(status))
                    .toList();
            return ok(page("markets", found, limit, request.query("cursor"), KalshiJson::market));
        });
    }

    private static String filterWord(Market.Status status) {
        return switch (status) {
            case INITIALIZED -> "unopened";
            case ACTIVE -> "open";
            case INACTIVE -> "paused";
            case CLOSED, DETERMINED, DISPUTED, AMENDED -> "closed";
            case FINALIZED -> "settled";
        };
    }

    private Http.Reply publicTrades(Http.Request request) {
        int limit = limit(request, "GetTrades", 1_000);
        String ticker = request.query("ticker");
        return venue.live(e -> {
            List<Trade> found = new ArrayList<>(e.trades().stream()
                    .filter(t -> ticker.isEmpty() || t.market().equals(ticker))
                    .filter(t -> within(request, t.at()))
                    .toList());
            Collections.reverse(found);
            return ok(page("trades", found, limit, request.query("cursor"), KalshiJson::trade));
        });
    }

    private Http.Reply oneEvent(Http.Request request, String ticker) {
        boolean nested = request.query("with_nested_markets").equals("true");
        return venue.live(e -> {
            List<Market> markets = ofEvent(e, ticker);
            return markets.isEmpty() ? KalshiJson.error(404, "not_found") : ok(event(markets, nested));
        });
    }

    private static List<Market> ofEvent(Exchange exchange, String event) {
        return exchange.markets().stream()
                .filter(m -> m.definition.event().equals(event))
                .toList();
    }

    private ObjectNode event(List<Market> markets, boolean nested) {
        ObjectNode node = json.createObjectNode();
        ObjectNode event = KalshiJson.event(markets.get(0));
        ArrayNode list = json.createArrayNode();
        markets.forEach(m -> list.add(KalshiJson.market(m)));
        if (nested) {
            event.set("markets", list);
        }
        node.set("event", event);
        node.set("markets", nested ? json.createArrayNode() : list);
        return node;
    }

    private Http.Reply events(Http.Request request) {
        int limit = limit(request, "GetEvents", 200);
        String series = request.query("series_ticker");
        boolean nested = request.query("with_nested_markets").equals("true");
        return venue.live(e -> {
            Map<String, List<Market>> byEvent = new LinkedHashMap<>();
            e.markets().stream()
                    .filter(m -> series.isEmpty()
                            || m.attributes().path("series").asText().equals(series))
                    .forEach(m -> byEvent.computeIfAbsent(m.definition.event(), k -> new ArrayList<>())
                            .add(m));
            return ok(page("events", new ArrayList<>(byEvent.values()), limit, request.query("cursor"), markets ->
                    (ObjectNode) event(markets, nested).get("event")));
        });
    }

    private Http.Reply oneSeries(String ticker) {
        return venue.live(e -> e.markets().stream()
                .filter(m -> m.attributes().path("series").asText().equals(ticker))
                .findFirst()
                .map(m -> ok(json.createObjectNode().set("series", KalshiJson.series(m))))
                .orElseGet(() -> KalshiJson.error(404, "not_found")));
    }

    private Http.Reply allSeries() {
        return venue.live(e -> {
            Map<String, ObjectNode> bySeries = new LinkedHashMap<>();
            e.markets()
                    .forEach(m ->
                            bySeries.putIfAbsent(m.attributes().path("series").asText(), KalshiJson.series(m)));
            ObjectNode node = json.createObjectNode();
            node.putArray("series").addAll(bySeries.values());
            return ok(node);
        });
    }

    // ---------------------------------------------------------------- orders: writing

    private Http.Reply legacyPath(Http.Request request, KalshiKeys.Key key, String[] parts) {
        if (!request.method().equals("GET")) {
            return KalshiJson.error(
                    410,
                    "deprecated_v1_order_endpoint",
                    "Please switch to the V2 endpoints",
                    "https://docs.kalshi.com/api-reference/orders/create-order-v2");
        }
        if (parts.length == 2) {
            return orders(request, key, false);
        }
        if (parts.length == 3 && parts[2].equals("queue_positions")) {
            return queuePositions(request, key);
        }
        return oneOrder(request, key, parts[2], parts.length == 4);
    }

    private Http.Reply writes(Http.Request request, KalshiKeys.Key key, String[] parts) {
        if (parts.length < 3 || !parts[2].equals("orders")) {
            return KalshiJson.error(404, "not_found");
        }
        String what = request.method()
                + (parts.length == 3 ? "" : parts[3].equals("batched") ? " batch" : " one")
                + (parts.length == 5 ? " " + parts[4] : "");
        return switch (what) {
            case "POST" -> created(create(request, key, body(request), false));
            case "POST batch" -> batchCreate(request, key);
            case "DELETE" -> cancelAll(request, key);
            case "DELETE batch" -> batchCancel(request, key);
            case "DELETE one" ->
                cancel(
                        request,
                        key,
                        parts[3],
                        request.query("subaccount"),
                        request.query("exchange_index"),
                        request.query("market_ticker"));
            case "POST one amend" -> amend(request, key, parts[3]);
            case "POST one decrease" -> decrease(request, key, parts[3]);
            default -> KalshiJson.error(404, "not_found");
        };
    }

    private Http.Answer created(Object result) {
        return result instanceof ObjectNode body ? Http.Answer.json(201, body) : (Http.Answer) result;
    }

    private JsonNode body(Http.Request request) {
        try {
            JsonNode body = json.readTree(request.body());
            return body == null || body.isMissingNode() ? json.createObjectNode() : body;
        } catch (JsonProcessingException e) {
            throw new Refused(KalshiJson.flat(400, "bad_request", e.getOriginalMessage()));
        }
    }

    private static void requireStrings(JsonNode body, String type) {
        Set<String> texts = Set.of(
                "ticker",
                "side",
                "count",
                "price",
                "time_in_force",
                "self_trade_prevention_type",
                "client_order_id",
                "order_group_id",
                "reduce_by",
                "reduce_to",
                "updated_client_order_id",
                "market_ticker");
        body.properties().forEach(field -> {
            if (texts.contains(field.getKey())
                    && !field.getValue().isTextual()
                    && !field.getValue().isNull()) {
                String kind = field.getValue().isNumber()
                        ? "number"
                        : field.getValue().isBoolean()
                                ? "bool"
                                : field.getValue().isArray() ? "array" : "object";
                throw new Refused(KalshiJson.flat(
                        400,
                        "bad_request",
                        "json: cannot unmarshal " + kind + " into Go struct field " + type + "." + field.getKey()
                                + " of type string"));
            }
        });
    }

    private static String required(JsonNode body, String field) {
        String text = body.path(field).asText("");
        if (text.isEmpty()) {
            throw new Refused(
                    KalshiJson.error(400, "invalid_parameters", "invalid parameters", field + " is required"));
        }
        return text;
    }

    private static long priceOf(JsonNode body) {
        String text = required(body, "price");
        if (!text.matches("\\d{1,6}(\\.\\d+)?")) {
            throw new Refused(KalshiJson.error(400, "invalid_price"));
        }
        BigDecimal price = new BigDecimal(text);
        if (price.stripTrailingZeros().scale() > 4) {
            throw new Refused(KalshiJson.error(
                    400,
                    "invalid_order",
                    "invalid order",
                    "invalid price: invalid dollar precision: -"
                            + price.stripTrailingZeros().scale()));
        }
        return Micros.exact(price);
    }

    private static long countOf(String text) {
        if (!text.matches("\\d{1,10}(\\.\\d{1,2})?")) {
            throw new Refused(KalshiJson.error(400, "invalid_order_size"));
        }
        return Decimals.micros(text);
    }

    private String accountOf(KalshiKeys.Key key, String subaccount) {
        Integer locked = key.subaccount();
        int wanted = subaccount.isEmpty() ? (locked == null ? 0 : locked) : Integer.parseInt(subaccount);
        if (locked != null && wanted != locked) {
            throw new Refused(
                    KalshiJson.error(403, "forbidden", "API key is restricted to a single sub-account", null));
        }
        return KalshiJson.account(key.account(), wanted);
    }

    /** The answer's body if it was placed, else the refusal. */
    private Object create(Http.Request request, KalshiKeys.Key key, JsonNode body, boolean inBatch) {
        requireStrings(body, "CreateOrderV2Request");
        String ticker = required(body, "ticker");
        String side = required(body, "side");
        String timeInForce = required(body, "time_in_force");
        String selfTrade = required(body, "self_trade_prevention_type");
        String clientId = body.path("client_order_id").asText("");
        if (!side.equals("bid") && !side.equals("ask")) {
            throw new Refused(KalshiJson.error(400, "invalid_parameters", "invalid parameters", "side"));
        }
        if (!TIMES_IN_FORCE.contains(timeInForce)) {
            throw new Refused(KalshiJson.error(400, "invalid_parameters", "invalid parameters", "time_in_force"));
        }
        if (!selfTrade.equals("taker_at_cross") && !selfTrade.equals("maker")) {
            throw new Refused(
                    KalshiJson.error(400, "invalid_parameters", "invalid parameters", "self_trade_prevention_type"));
        }
        if (clientId.contains(".")) {
            throw new Refused(KalshiJson.error(400, "invalid_parameters", "invalid parameters", "client_order_id"));
        }
        long price = priceOf(body);
        long count = countOf(required(body, "count"));
        boolean bid = side.equals("bid");
        boolean resting = timeInForce.equals("good_till_canceled");
        if (body.path("reduce_only").asBoolean() && !timeInForce.equals("immediate_or_cancel")) {
            throw new Refused(KalshiJson.error(
                    400, "invalid_order", "invalid order", "reduce_only can only be used with IoC or FoK orders"));
        }
        Long expiresAt = null;
        if (body.path("expiration_time").isIntegralNumber()) {
            expiresAt = body.path("expiration_time").asLong() * 1_000;
            if (!resting || expiresAt <= venue.now()) {
                throw new Refused(KalshiJson.error(400, "invalid_order", "invalid order", "invalid expiration time"));
            }
        }
        Long expiry = expiresAt;
        String account = accountOf(key, body.path("subaccount").asText(""));
        Market market = venue.live(e -> e.market(ticker));
        if (market == null) {
            return KalshiJson.error(404, "not_found");
        }
        int index = body.path("exchange_index").asInt(-1);
        String pocket = index < 0 ? market.definition.pocket() : String.valueOf(index);
        String place = request.place();
        orderFaults.before(place, account, ticker);
        boolean reuse = venue.strike("F14", place) != null;
        Exchange.Outcome outcome = venue.submit(s -> new Command.Place(
                s.at(),
                s.id(),
                account,
                pocket,
                ticker,
                bid,
                true,
                bid ? price : Exchange.ONE - price,
                count,
                switch (timeInForce) {
                    case "fill_or_kill" -> Command.TimeInForce.FOK;
                    case "immediate_or_cancel" -> Command.TimeInForce.IOC;
                    default -> Command.TimeInForce.GTC;
                },
                body.path("post_only").asBoolean(),
                body.path("reduce_only").asBoolean(),
                selfTrade.equals("maker") ? Command.SelfTrade.CANCEL_MAKER : Command.SelfTrade.CANCEL_TAKER,
                clientId,
                body.path("order_group_id").asText(""),
                expiry,
                null,
                body.path("cancel_order_on_pause").asBoolean(),
                reuse,
                false,
                JsonNodeFactory.instance.objectNode()));
        Denial denial = outcome.denial();
        Order order = outcome.order();
        if (denial != null || order == null) {
            return refusal(denial, ticker);
        }
        orderFaults.after(place, account, ticker);
        return placed(outcome, order, inBatch);
    }

    private ObjectNode placed(Exchange.Outcome outcome, Order order, boolean inBatch) {
        ObjectNode node = json.createObjectNode().put("order_id", order.id);
        if (!order.clientId.isEmpty()) {
            node.put("client_order_id", order.clientId);
        }
        List<Trade.Fill> own = outcome.fills().stream()
                .filter(f -> f.orderId().equals(order.id))
                .toList();
        node.put(
                "fill_count",
                KalshiJson.count(own.stream().mapToLong(Trade.Fill::quantity).sum()));
        node.put("remaining_count", KalshiJson.count(order.remaining));
        averages(node, own, inBatch);
        return node.put("ts_ms", order.updatedAt);
    }

    private static void averages(ObjectNode node, List<Trade.Fill> own, boolean nulls) {
        long filled = own.stream().mapToLong(Trade.Fill::quantity).sum();
        if (filled > 0) {
            long value = own.stream()
                    .mapToLong(f -> Micros.mulDivFloor(f.yesPrice(), f.quantity(), Exchange.ONE))
                    .sum();
            long fees = own.stream().mapToLong(Trade.Fill::fee).sum();
            node.put("average_fill_price", KalshiJson.average(value, filled));
            node.put("average_fee_paid", KalshiJson.average(fees, filled));
        } else if (nulls) {
            node.putNull("average_fill_price");
            node.putNull("average_fee_paid");
        }
    }

    private Http.Answer refusal(@Nullable Denial denial, String ticker) {
        if (denial == null) {
            return KalshiJson.error(500, "internal_server_error");
        }
        return switch (denial) {
            case NO_SUCH_MARKET, NO_SUCH_ORDER, NO_SUCH_GROUP, WRONG_POCKET -> KalshiJson.error(404, "not_found");
            case DUPLICATE -> KalshiJson.error(409, "order_already_exists");
            case EXCHANGE_PAUSED -> KalshiJson.error(409, "exchange_is_paused");
            case TRADING_PAUSED -> KalshiJson.error(409, "trading_is_paused");
            case MARKET_NOT_OPEN -> {
                Market market = venue.live(e -> e.market(ticker));
                boolean halted = market != null && market.status == Market.Status.INACTIVE;
                yield halted ? KalshiJson.error(409, "trading_is_paused") : KalshiJson.error(400, "market_inactive");
            }
            case PRICE_OFF_GRID -> KalshiJson.error(400, "invalid_price");
            case BAD_QUANTITY -> KalshiJson.error(400, "invalid_order_size");
            case GROUP_TRIGGERED -> KalshiJson.error(409, "exceeded_order_group_risk_limit");
            case POST_ONLY_CROSSES -> KalshiJson.error(400, "invalid_order", "invalid order", "post only cross");
            case FOK_CANNOT_FILL -> KalshiJson.error(409, "fill_or_kill_insufficient_resting_volume");
            case NOTHING_TO_REDUCE, TOO_FEW_TOKENS -> KalshiJson.error(400, "invalid_order");
            case TOO_LITTLE_CASH -> KalshiJson.error(400, "insufficient_balance");
        };
    }

    private Http.Reply batchCreate(Http.Request request, KalshiKeys.Key key) {
        JsonNode items = body(request).path("orders");
        ObjectNode answer = json.createObjectNode();
        ArrayNode rows = answer.putArray("orders");
        for (JsonNode item : items) {
            Object result;
            try {
                result = create(request, key, item, true);
            } catch (Refused e) {
                if (e.answer.status() == 403) {
                    throw e;
                }
                result = e.answer;
            }
            if (result instanceof ObjectNode row) {
                rows.add(row);
            } else {
                ObjectNode row = rows.addObject();
                row.put("client_order_id", item.path("client_order_id").asText(""));
                row.putNull("fill_count").putNull("remaining_count").putNull("average_fill_price");
                row.putNull("average_fee_paid").putNull("ts_ms");
                row.set("error", errorOf((Http.Answer) result));
            }
        }
        return Http.Answer.json(201, answer);
    }

    private JsonNode errorOf(Http.Answer answer) {
        try {
            JsonNode body = json.readTree(answer.body());
            return body.has("error") ? body.get("error") : body;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an error of ours is not JSON", e);
        }
    }

    private Http.Reply batchCancel(Http.Request request, KalshiKeys.Key key) {
        ObjectNode answer = json.createObjectNode();
        ArrayNode rows = answer.putArray("orders");
        for (JsonNode item : body(request).path("orders")) {
            String id = item.path("order_id").asText();
            Http.Answer one = cancel(
                    request,
                    key,
                    id,
                    item.path("subaccount").asText(""),
                    item.path("exchange_index").asText(""),
                    item.path("market_ticker").asText(""));
            if (one.status() == 200) {
                rows.add(errorOf(one));
            } else {
                ObjectNode row = rows.addObject()
                        .put("order_id", id)
                        .put("reduced_by", "0.00")
                        .putNull("ts_ms");
                row.set("error", errorOf(one));
            }
        }
        return ok(answer);
    }

    /** The live order if the id and the way it was routed lead to it; an id alone leads to shard 0. */
    private @Nullable Order reach(KalshiKeys.Key key, String id, String subaccount, String index, String ticker) {
        String account = accountOf(key, subaccount);
        return venue.live(e -> {
            Order order = e.order(id);
            if (order == null || !order.account().equals(account)) {
                return null;
            }
            boolean routed = !index.isEmpty() && !index.equals("-1");
            String shard = routed ? index : ticker.isEmpty() ? "0" : order.placed.pocket();
            boolean right = shard.equals(order.placed.pocket()) && (ticker.isEmpty() || ticker.equals(order.market()));
            return right ? order.copy() : null;
        });
    }

    private Http.Answer cancel(
            Http.Request request, KalshiKeys.Key key, String id, String subaccount, String index, String ticker) {
        Order order = reach(key, id, subaccount, index, ticker);
        if (order == null || !order.live()) {
            return KalshiJson.error(404, "not_found");
        }
        Fault race = orderFaults.onCancel(request.place(), id);
        if (race != null && race.mode().equals("late")) {
            orderFaults.cancelLate(race, id);
            return ok(cancelled(order, order.remaining, venue.now()));
        }
        Exchange.Outcome outcome = venue.submit(s -> new Command.Cancel(s.at(), id, "Decrease"));
        if (outcome.denial() != null) {
            return refusal(outcome.denial(), order.market());
        }
        ObjectNode body = cancelled(order, outcome.reduced(), venue.now());
        if (race != null && race.mode().equals("other")) {
            body.put("order_id", KalshiJson.uuid("other/" + id));
            body.remove("client_order_id");
        }
        return ok(body);
    }

    private ObjectNode cancelled(Order order, long reduced, long at) {
        ObjectNode node = json.createObjectNode().put("order_id", order.id);
        if (!order.clientId.isEmpty()) {
            node.put("client_order_id", order.clientId);
        }
        return node.put("reduced_by", KalshiJson.count(reduced)).put("ts_ms", at);
    }

    private Http.Reply cancelAll(Http.Request request, KalshiKeys.Key key) {
        String subaccount = request.query("subaccount");
        Predicate<Order> mine = subaccount.isEmpty() && key.subaccount() == null
                ? o -> KalshiJson.owner(o.account()).equals(key.account())
                : o -> o.account().equals(accountOf(key, subaccount));
        List<String> ids = venue.live(
                e -> e.liveOrders().stream().filter(mine).map(o -> o.id).toList());
        ids.forEach(id -> venue.submit(s -> new Command.Cancel(s.at(), id, "Decrease")));
        return Http.Answer.empty(204);
    }

    private Http.Reply amend(Http.Request request, KalshiKeys.Key key, String id) {
        JsonNode body = body(request);
        requireStrings(body, "AmendOrderV2Request");
        String ticker = required(body, "ticker");
        String side = required(body, "side");
        long price = priceOf(body);
        long count = countOf(required(body, "count"));
        Order order = reach(
                key,
                id,
                request.query("subaccount"),
                body.path("exchange_index").asText(""),
                venue.live(e -> e.order(id)) == null ? ticker : "");
        if (order == null) {
            order = reach(key, id, request.query("subaccount"), "", ticker);
        }
        if (order == null || !order.live()) {
            return KalshiJson.error(404, "not_found");
        }
        if (!order.market().equals(ticker)) {
            return KalshiJson.error(400, "order_ticker_mismatch");
        }
        if (order.bid() != side.equals("bid")) {
            return KalshiJson.error(400, "order_side_mismatch");
        }
        String claimed = body.path("client_order_id").asText("");
        if (!claimed.isEmpty() && !claimed.equals(order.clientId)) {
            return KalshiJson.error(400, "order_id_and_client_order_id_mismatch");
        }
        Long expiry = body.path("expiration_time").isIntegralNumber()
                ? Long.valueOf(body.path("expiration_time").asLong() * 1_000)
                : null;
        boolean bid = order.bid();
        Exchange.Outcome outcome = venue.submit(s -> new Command.Amend(
                s.at(),
                id,
                bid ? price : Exchange.ONE - price,
                count,
                expiry,
                body.path("updated_client_order_id").asText("")));
        Order now = outcome.order();
        if (outcome.denial() != null || now == null) {
            return refusal(outcome.denial(), ticker);
        }
        ObjectNode node = json.createObjectNode().put("order_id", id);
        if (!now.clientId.isEmpty()) {
            node.put("client_order_id", now.clientId);
        }
        List<Trade.Fill> own =
                outcome.fills().stream().filter(f -> f.orderId().equals(id)).toList();
        node.put("remaining_count", KalshiJson.count(now.remaining));
        if (!own.isEmpty()) {
            node.put(
                    "fill_count",
                    KalshiJson.count(
                            own.stream().mapToLong(Trade.Fill::quantity).sum()));
            averages(node, own, false);
        }
        return ok(node.put("ts_ms", now.updatedAt));
    }

    private Http.Reply decrease(Http.Request request, KalshiKeys.Key key, String id) {
        JsonNode body = body(request);
        requireStrings(body, "DecreaseOrderV2Request");
        boolean by = body.hasNonNull("reduce_by");
        if (by == body.hasNonNull("reduce_to")) {
            return KalshiJson.error(
                    400, "invalid_parameters", "invalid parameters", "exactly one of reduce_by and reduce_to");
        }
        Order order = reach(
                key,
                id,
                request.query("subaccount"),
                body.path("exchange_index").asText(""),
                body.path("market_ticker").asText(""));
        if (order == null || !order.live()) {
            return KalshiJson.error(404, "not_found");
        }
        long number = countOf(body.path(by ? "reduce_by" : "reduce_to").asText());
        long left = by ? Math.max(0, order.remaining - number) : number;
        if (left > order.remaining) {
            return KalshiJson.error(400, "invalid_order_size");
        }
        Exchange.Outcome outcome =
                venue.submit(s -> new Command.Amend(s.at(), id, order.price, order.filled + left, null, ""));
        Order now = outcome.order();
        if (outcome.denial() != null || now == null) {
            return refusal(outcome.denial(), order.market());
        }
        ObjectNode node = json.createObjectNode().put("order_id", id);
        if (!now.clientId.isEmpty()) {
            node.put("client_order_id", now.clientId);
        }
        return ok(node.put("remaining_count", KalshiJson.count(now.remaining)).put("ts_ms", now.updatedAt));
    }

    // ---------------------------------------------------------------- order groups

    private Http.Reply groups(Http.Request request, KalshiKeys.Key key, String[] parts) {
        String account = accountOf(key, request.query("subaccount"));
        if (request.method().equals("POST")) {
            JsonNode body = body(request);
            String owner = accountOf(key, body.path("subaccount").asText(""));
            long limit = groupLimit(body);
            String[] id = {""};
            venue.submit(s -> {
                id[0] = s.id();
                return new Command.SetGroup(s.at(), s.id(), owner, limit, Command.SetGroup.Change.CREATE);
            });
            return Http.Answer.json(
                    201,
                    json.createObjectNode()
                            .put("order_group_id", id[0])
                            .put("subaccount", KalshiJson.subaccount(owner))
                            .put("exchange_index", body.path("exchange_index").asInt(0)));
        }
        if (parts.length == 2) {
            return ok(venue.live(e -> {
                ObjectNode node = json.createObjectNode();
                for (Exchange.Group group : e.groups()) {
                    if (group.account.equals(account)) {
                        ArrayNode rows = node.withArray("order_groups");
                        rows.addObject()
                                .put("id", group.id)
                                .put("contracts_limit_fp", KalshiJson.count(group.limit))
                                .put("is_auto_cancel_enabled", true)
                                .put("exchange_index", 0);
                    }
                }
                return node;
            }));
        }
        String id = parts[2];
        if (request.method().equals("GET")) {
            return venue.live(e -> {
                Exchange.Group group = e.group(id);
                if (group == null || !group.account.equals(account)) {
                    return KalshiJson.error(404, "not_found");
                }
                ObjectNode node = json.createObjectNode()
                        .put("is_auto_cancel_enabled", true)
                        .put("contracts_limit_fp", KalshiJson.count(group.limit));
                ArrayNode ids = node.putArray("orders");
                e.liveOrders().stream().filter(o -> o.placed.group().equals(id)).forEach(o -> ids.add(o.id));
                return ok(node.put("exchange_index", 0));
            });
        }
        String action = parts.length > 3 ? parts[3] : request.method();
        Command.SetGroup.Change change =
                switch (action) {
                    case "reset" -> Command.SetGroup.Change.RESET;
                    case "trigger" -> Command.SetGroup.Change.TRIGGER;
                    case "limit" -> Command.SetGroup.Change.LIMIT;
                    case "DELETE" -> Command.SetGroup.Change.DELETE;
                    default -> throw new Refused(KalshiJson.error(404, "not_found"));
                };
        long limit = change == Command.SetGroup.Change.LIMIT ? groupLimit(body(request)) : 0;
        Exchange.Outcome outcome = venue.submit(s -> new Command.SetGroup(s.at(), id, account, limit, change));
        return outcome.denial() == null ? ok(json.createObjectNode()) : KalshiJson.error(404, "not_found");
    }

    private static long groupLimit(JsonNode body) {
        long limit = body.hasNonNull("contracts_limit_fp")
                ? countOf(body.path("contracts_limit_fp").asText())
                : body.path("contracts_limit").asLong() * Exchange.ONE;
        if (limit < Exchange.ONE || limit > 1_000_000 * Exchange.ONE) {
            throw new Refused(KalshiJson.error(400, "invalid_parameters", "invalid parameters", "contracts_limit"));
        }
        return limit;
    }

    // ---------------------------------------------------------------- reading the account

    private Predicate<String> ownAccounts(Http.Request request, KalshiKeys.Key key, boolean primaryByDefault) {
        String subaccount = request.query("subaccount");
        if (subaccount.isEmpty() && !primaryByDefault && key.subaccount() == null) {
            return account -> KalshiJson.owner(account).equals(key.account());
        }
        return accountOf(key, subaccount)::equals;
    }

    private Http.Reply orders(Http.Request request, KalshiKeys.Key key, boolean archived) {
        int limit = limit(request, "GetOrders", 1_000);
        Predicate<String> mine = ownAccounts(request, key, false);
        List<String> tickers = request.queries("ticker");
        List<String> events = request.queries("event_ticker");
        String status = request.query("status");
        String index = request.query("exchange_index");
        return venue.view(request.place(), e -> {
            List<Order> found = new ArrayList<>(e.orders().stream()
                    .filter(o -> mine.test(o.account()))
                    .filter(o -> isArchived(o) == archived)
                    .filter(o -> tickers.isEmpty() || tickers.contains(o.market()))
                    .filter(o -> events.isEmpty() || inEvents(e, o.market(), events))
                    .filter(o -> status.isEmpty() || KalshiJson.status(o).equals(status))
                    .filter(o -> index.isEmpty() || o.placed.pocket().equals(index))
                    .filter(o -> within(request, o.placed.at()))
                    .toList());
            Collections.reverse(found);
            return ok(partial(
                    request, "orders", page("orders", found, limit, request.query("cursor"), KalshiJson::order)));
        });
    }

    private static boolean inEvents(Exchange exchange, String ticker, List<String> events) {
        Market market = exchange.market(ticker);
        return market != null && events.contains(market.definition.event());
    }

    private Http.Reply oneOrder(Http.Request request, KalshiKeys.Key key, String id, boolean queue) {
        return venue.view(request.place(), e -> {
            Order order = e.order(id);
            if (order == null || !KalshiJson.owner(order.account()).equals(key.account()) || isArchived(order)) {
                return KalshiJson.error(404, "not_found");
            }
            if (queue) {
                return ok(json.createObjectNode().put("queue_position_fp", KalshiJson.count(ahead(e, order))));
            }
            return ok(json.createObjectNode().set("order", KalshiJson.order(order)));
        });
    }

    private static long ahead(Exchange exchange, Order order) {
        Market market = exchange.market(order.market());
        return market == null ? 0 : market.ahead(order);
    }

    private Http.Reply queuePositions(Http.Request request, KalshiKeys.Key key) {
        List<String> tickers = request.queries("market_tickers");
        List<String> events = request.queries("event_ticker");
        if (tickers.isEmpty() && events.isEmpty()) {
            return KalshiJson.error(400, "invalid_parameters");
        }
        String account = accountOf(key, request.query("subaccount"));
        return venue.view(request.place(), e -> {
            ObjectNode node = json.createObjectNode();
            ArrayNode rows = node.putArray("queue_positions");
            e.liveOrders().stream()
                    .filter(o -> o.account().equals(account))
                    .filter(o -> tickers.contains(o.market()) || inEvents(e, o.market(), events))
                    .forEach(o -> rows.addObject()
                            .put("order_id", o.id)
                            .put("market_ticker", o.market())
                            .put("queue_position_fp", KalshiJson.count(ahead(e, o))));
            return ok(node);
        });
    }

    private Http.Reply fills(Http.Request request, KalshiKeys.Key key, boolean archived) {
        int limit = limit(request, "GetFills", 1_000);
        Predicate<String> mine = ownAccounts(request, key, false);
        List<String> tickers = request.queries("ticker");
        String orderId = request.query("order_id");
        return venue.view(request.place(), e -> {
            List<Trade.Fill> found = new ArrayList<>();
            for (String account : e.accounts()) {
                if (mine.test(account)) {
                    found.addAll(e.fills(account));
                }
            }
            found.removeIf(f -> !(tickers.isEmpty() || tickers.contains(f.market()))
                    || isArchived(f) != archived
                    || !(orderId.isEmpty() || f.orderId().equals(orderId))
                    || !within(request, f.at()));
            found.sort(java.util.Comparator.comparingLong(Trade.Fill::at));
            Collections.reverse(found);
            return ok(partial(
                    request,
                    "fills",
                    page(
                            "fills",
                            found,
                            limit,
                            request.query("cursor"),
                            f -> KalshiJson.fill(f, shard(e, f.market())))));
        });
    }

    private static int shard(Exchange exchange, String ticker) {
        Market market = exchange.market(ticker);
        return market == null ? 0 : KalshiJson.shard(market);
    }

    private Http.Reply positions(Http.Request request, KalshiKeys.Key key) {
        int limit = limit(request, "GetPositions", 1_000);
        String account = accountOf(key, request.query("subaccount"));
        String ticker = request.query("ticker");
        String event = request.query("event_ticker");
        String settled = request.query("settlement_status");
        List<String> nonZero = request.queries("count_filter");
        return venue.view(request.place(), e -> {
            Map<String, Exchange.Position> held = e.positions(account);
            List<Market> found = e.markets().stream()
                    .filter(m -> held.containsKey(m.id))
                    .filter(m -> ticker.isEmpty() || m.id.equals(ticker))
                    .filter(m -> event.isEmpty() || m.definition.event().equals(event))
                    .filter(m ->
                            settled.equals("all") || settled.equals("settled") == (m.status == Market.Status.FINALIZED))
                    .filter(m -> !nonZero.contains("position") || at(held, m).net() != 0)
                    .toList();
            ObjectNode node = page(
                    "market_positions",
                    found,
                    limit,
                    request.query("cursor"),
                    m -> KalshiJson.position(m, at(held, m)));
            ArrayNode events = node.putArray("event_positions");
            Map<String, List<Market>> byEvent = new LinkedHashMap<>();
            found.forEach(m -> byEvent.computeIfAbsent(m.definition.event(), k -> new ArrayList<>())
                    .add(m));
            byEvent.forEach((name, markets) -> events.addObject()
                    .put("event_ticker", name)
                    .put("total_cost_dollars", KalshiJson.money(sum(held, markets, p -> p.traded)))
                    .put("total_cost_shares_fp", KalshiJson.count(sum(held, markets, p -> p.volume)))
                    .put("event_exposure_dollars", KalshiJson.money(sum(held, markets, p -> p.cost)))
                    .put("realized_pnl_dollars", KalshiJson.money(sum(held, markets, p -> p.realized)))
                    .put("fees_paid_dollars", KalshiJson.money(sum(held, markets, p -> p.fees))));
            return ok(partial(request, "market_positions", node));
        });
    }

    private static Exchange.Position at(Map<String, Exchange.Position> held, Market market) {
        return held.getOrDefault(market.id, new Exchange.Position());
    }

    private static long sum(
            Map<String, Exchange.Position> held, List<Market> markets, Function<Exchange.Position, Long> part) {
        return markets.stream().mapToLong(m -> part.apply(at(held, m))).sum();
    }

    private Http.Reply balance(Http.Request request, KalshiKeys.Key key) {
        String account = accountOf(key, request.query("subaccount"));
        String only = request.query("exchange_index");
        return venue.view(request.place(), e -> {
            ArrayNode breakdown = json.createArrayNode();
            long sum = 0;
            for (int shard = 0; shard < SHARDS; shard++) {
                String pocket = String.valueOf(shard);
                boolean known = e.cash(account).containsKey(pocket);
                if ((only.isEmpty() && known) || only.equals(pocket)) {
                    long free = e.cash(account, pocket) - e.reserved(account, pocket);
                    sum += free;
                    breakdown.addObject().put("exchange_index", shard).put("balance", KalshiJson.price4(free));
                }
            }
            long value = 0;
            for (var held : e.positions(account).entrySet()) {
                Market market = e.market(held.getKey());
                value += market == null ? 0 : worth(market, held.getValue());
            }
            ObjectNode node = json.createObjectNode()
                    .put("balance", Math.floorDiv(sum, 10_000))
                    .put("balance_dollars", KalshiJson.price4(sum))
                    .put("portfolio_value", value / 10_000)
                    .put("updated_ts", venue.viewTime() / 1_000);
            node.set("balance_breakdown", breakdown);
            return ok(node);
        });
    }

    /** At the best bid for what is held. */
    private static long worth(Market market, Exchange.Position position) {
        long net = position.net();
        List<Command.Level> side = market.levels(net > 0);
        if (net == 0 || side.isEmpty()) {
            return 0;
        }
        long price = net > 0 ? side.get(0).price() : Exchange.ONE - side.get(0).price();
        return Micros.mulDivFloor(price, Math.abs(net), Exchange.ONE);
    }

    private Http.Reply restingValue(KalshiKeys.Key key) {
        return venue.live(e -> {
            ArrayNode breakdown = json.createArrayNode();
            long sum = 0;
            for (int shard = 0; shard < SHARDS; shard++) {
                long bound = e.reserved(key.account(), String.valueOf(shard));
                sum += bound;
                if (bound > 0) {
                    breakdown.addObject().put("exchange_index", shard).put("balance", KalshiJson.price4(bound));
                }
            }
            ObjectNode node = json.createObjectNode().put("total_resting_order_value", sum / 10_000);
            node.set("resting_order_value_breakdown", breakdown);
            return ok(node);
        });
    }

    private Http.Reply settlements(Http.Request request, KalshiKeys.Key key) {
        int limit = limit(request, "GetSettlements", 1_000);
        Predicate<String> mine = ownAccounts(request, key, false);
        String ticker = request.query("ticker");
        String event = request.query("event_ticker");
        return venue.view(request.place(), e -> {
            List<Exchange.Payout> found = new ArrayList<>(e.payouts().stream()
                    .filter(p -> mine.test(p.account()))
                    .filter(p -> ticker.isEmpty() || p.market().equals(ticker))
                    .filter(p -> event.isEmpty() || inEvents(e, p.market(), List.of(event)))
                    .filter(p -> within(request, p.at()))
                    .toList());
            Collections.reverse(found);
            return ok(page("settlements", found, limit, request.query("cursor"), p -> settlement(e, p)));
        });
    }

    private ObjectNode settlement(Exchange exchange, Exchange.Payout payout) {
        Market market = exchange.market(payout.market());
        if (market == null) {
            throw new IllegalStateException("a payout of no known market: " + payout);
        }
        return json.createObjectNode()
                .put("ticker", payout.market())
                .put("exchange_index", KalshiJson.shard(market))
                .put("event_ticker", market.definition.event())
                .put("market_result", payout.result())
                .put("yes_count_fp", KalshiJson.count(payout.yes()))
                .put("yes_total_cost_dollars", KalshiJson.money(payout.yes() > 0 ? payout.cost() : 0))
                .put("no_count_fp", KalshiJson.count(payout.no()))
                .put("no_total_cost_dollars", KalshiJson.money(payout.no() > 0 ? payout.cost() : 0))
                .put("revenue", payout.revenue() / 10_000)
                .put("settled_time", KalshiJson.time(payout.at()))
                .put("fee_cost", KalshiJson.money(payout.fees()))
                .put("value", market.yesValue / 10_000);
    }

    private Http.Reply transfer(Http.Request request, KalshiKeys.Key key) {
        JsonNode body = body(request);
        String id = body.path("client_transfer_id").asText("");
        String note = "transfer/" + key.account() + "/" + id;
        String from = body.path("source_exchange_shard").asText("0");
        String to = body.path("destination_exchange_shard").asText("0");
        String giver = accountOf(key, body.path("source_subaccount").asText(""));
        String taker = accountOf(key, body.path("destination_subaccount").asText(""));
        long amount = body.path("amount").asLong() * 100;
        Http.Answer[] answer = {KalshiJson.error(400, "invalid_parameters")};
        venue.exclusively(() -> {
            boolean repeated = !id.isEmpty() && venue.live(e -> e.note(note)) != null;
            long free = venue.live(e -> e.cash(giver, from) - e.reserved(giver, from));
            if (repeated) {
                answer[0] = KalshiJson.error(409, "transfer_already_applied");
            } else if (amount > 0 && free < amount) {
                answer[0] = KalshiJson.error(400, "insufficient_balance");
            } else if (amount > 0) {
                String[] transfer = {""};
                venue.submit(s -> {
                    transfer[0] = s.id();
                    return new Command.Note(
                            s.at(), note, json.createObjectNode().put("id", s.id()));
                });
                venue.submit(s -> new Command.Deposit(s.at(), giver, from, -amount, "transfer"));
                venue.submit(s -> new Command.Deposit(s.at(), taker, to, amount, "transfer"));
                answer[0] = ok(json.createObjectNode().put("transfer_id", transfer[0]));
            }
        });
        return answer[0];
    }

    // ---------------------------------------------------------------- pages and parameters

    private static int number(Http.Request request, String name, int otherwise) {
        String text = request.query(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new Refused(KalshiJson.message("Invalid value for parameter " + name + ": " + text));
        }
    }

    private static int limit(Http.Request request, String operation, int most) {
        int limit = number(request, "limit", 100);
        if (limit > most || limit < 0) {
            String tag = limit < 0 ? "gte" : "lte";
            throw new Refused(KalshiJson.message("Parameter validation failed for " + operation + ": Key: '" + operation
                    + "Params.Limit' Error:Field validation for 'Limit' failed on the '" + tag + "' tag"));
        }
        return limit == 0 ? 100 : limit;
    }

    private static boolean within(Http.Request request, long atMillis) {
        String min = request.query("min_ts");
        String max = request.query("max_ts");
        return (min.isEmpty() || atMillis >= Long.parseLong(min) * 1_000)
                && (max.isEmpty() || atMillis < (Long.parseLong(max) + 1) * 1_000);
    }

    /** Rows come newest first, so a cursor counts from the oldest end: new rows do not shift older pages. */
    private <T> ObjectNode page(String name, List<T> rows, int limit, String cursor, Function<T, ObjectNode> writer) {
        int left = rows.size();
        try {
            left = Math.min(
                    left, Integer.parseInt(new String(Base64.getDecoder().decode(cursor), StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            // A cursor that means nothing gives the first page, as the venue does.
        }
        int start = rows.size() - left;
        int end = Math.min(rows.size(), start + limit);
        ObjectNode node = json.createObjectNode();
        ArrayNode list = node.putArray(name);
        rows.subList(start, end).forEach(row -> list.add(writer.apply(row)));
        String next = end == rows.size()
                ? ""
                : Base64.getEncoder()
                        .encodeToString(String.valueOf(rows.size() - end).getBytes(StandardCharsets.UTF_8));
        return node.put("cursor", next);
    }

    /** Fault F7: the newest row is missing, or every page after the first. */
    private ObjectNode partial(Http.Request request, String name, ObjectNode page) {
        if (page.path(name) instanceof ArrayNode rows && !rows.isEmpty()) {
            if (venue.faults().strike("F7", "row", "stale", request.place()) != null) {
                rows.remove(0);
            } else if (venue.faults().strike("F7", "page", "stale", request.place()) != null) {
                page.put("cursor", "");
                int kept = Math.max(1, rows.size() / 2);
                while (rows.size() > kept) {
                    rows.remove(rows.size() - 1);
                }
            }
        }
        return page;
    }
}
