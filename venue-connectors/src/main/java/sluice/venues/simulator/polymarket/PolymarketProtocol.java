package sluice.venues.simulator.polymarket;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
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
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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
import sluice.venues.simulator.core.Change;
import sluice.venues.simulator.core.Command;
import sluice.venues.simulator.core.Denial;
import sluice.venues.simulator.core.Exchange;
import sluice.venues.simulator.core.Market;
import sluice.venues.simulator.core.Order;
import sluice.venues.simulator.core.Trade;

/**
 * Polymarket's CLOB over the simulated exchange, and on the same port what a client needs of its other hosts: Gamma
 * under {@code /gamma}, the data API under {@code /data-api}, the geoblock check at {@code /api/geoblock}, a node of
 * the chain (JSON-RPC) at {@code /chain}. Thread-safe.
 *
 * <p>SETUP:
 *
 * <pre>{@code
 * {"chainId": 137, "country": "PT", "blocked": false, "mineMillis": 200, "confirmMillis": 400,
 *  "heartbeatMillis": 15000,                                                   silence after which orders are cancelled
 *  "exchanges": {"standard": "0x…", "negRisk": "0x…", "v3": "0x…"},          optional, the published ones if absent
 *  "accounts": [{"name": "alice", "address": "0x… of the key",
 *                "wallets": {"0": "0x… same address", "1": "0x… proxy", "2": "0x… Safe", "3": "0x… deposit wallet"},
 *                "cash": {"0": "1000.00", "3": "50"},
 *                "apiKeys": [{"key": UUID, "secret": base64, "passphrase": text}]}],
 *  "markets": [{"conditionId": "0x…", "yesToken": "…", "noToken": "…", "question": "", "slug": "", "event": "",
 *               "tick": "0.01", "minSize": "5", "negRisk": false, "version": "v1", "feeRate": "0.05",
 *               "secondsDelay": 0, "takerDelay": false, "closeAt": ms}]}
 * }</pre>
 *
 * The account of a wallet is its address in lower case. A wallet that is not listed is not allowed to trade.
 */
public final class PolymarketProtocol implements Protocol {
    /** YES and NO are tokens of their own. */
    public static final Exchange.Rules RULES = new Exchange.Rules(FeeModel.POLYMARKET, false);

    static final String FOK_KILLED = "order couldn't be fully filled. FOK orders are fully filled or killed.";
    private static final String FAK_KILLED =
            "no orders found to match with FAK order. FAK orders are partially filled or killed if no match is found.";
    private static final String CANCEL_ONLY =
            "Trading is currently cancel-only. New orders are not accepted, but cancels are allowed.";
    private static final String DISABLED = "Trading is currently disabled. Check polymarket.com for updates";
    private static final String START = "MA==";
    private static final String END = "LTE=";
    private static final int PAGE = 100;
    private static final int MOST_ORDERS = 15;
    private static final int MOST_CANCELS = 1_000;
    private static final long HEARTBEAT_MILLIS = 15_000;
    private static final long EXPIRY_MARGIN_SECONDS = 60;

    /** Exchange contracts as published, by their names in a setup. */
    private static final Map<String, String> PUBLISHED = Map.of(
            "standard", "0xE111180000d2663C0091e4f400237545B87B996B",
            "negRisk", "0xe2222d279d744050d28e00520010520000310F59",
            "v3", "0xe3333700cA9d93003F00f0F71f8515005F6c00Aa");

    private final ObjectMapper json;
    private final Venue venue;
    private final JsonNode setup;
    private final long chainId;
    private final long heartbeatMillis;
    private final ApiKeys keys;
    private final PolymarketStreams streams;
    private final ChainNode chain;
    private final OrderFaults orderFaults;
    private final Later later;
    private final Map<String, byte[]> domains = new HashMap<>();

    /** By wallet address: whose it is and of which signature type. */
    private final Map<String, Wallet> wallets = new HashMap<>();

    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private final Map<String, Beat> beats = new ConcurrentHashMap<>();

    private record Wallet(String owner, String address, int type) {}

    private record Beat(String id, long at) {}

    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
        final transient Http.Answer answer;

        Refused(int status, String text) {
            super(null, null, false, false);
            this.answer = PolymarketJson.error(status, text);
        }
    }

    public PolymarketProtocol(ObjectMapper json, Venue venue, JsonNode setup, long seed) {
        this.json = json;
        this.venue = venue;
        this.setup = setup;
        this.chainId = setup.path("chainId").asLong(137);
        this.heartbeatMillis = setup.path("heartbeatMillis").asLong(HEARTBEAT_MILLIS);
        this.keys = new ApiKeys(json, venue, chainId, seed);
        this.later = new Later("polymarket-sim-later");
        this.streams = new PolymarketStreams(json, venue, keys, later);
        this.orderFaults = new OrderFaults(venue, later);
        PUBLISHED.keySet().forEach(kind -> domains.put(kind, domain(kind.equals("v3") ? "3" : "2", exchange(kind))));
        setup.path("accounts").forEach(this::addAccount);
        this.chain = new ChainNode(
                json,
                venue,
                chainId,
                PUBLISHED.keySet().stream()
                        .map(kind -> exchange(kind).toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet()),
                Set.copyOf(wallets.keySet()),
                tokens);
        setup.path("markets").forEach(this::define);
        venue.live(e -> {
            e.markets().forEach(this::remember);
            e.trades().forEach(t -> schedule(t.id(), t.status()));
            return true;
        });
        venue.listen((command, outcome) -> {
            streams.happened(command, outcome);
            for (Change change : outcome.changes()) {
                if (change instanceof Change.Traded traded) {
                    schedule(traded.trade().id(), traded.trade().status());
                }
            }
        });
        later.every(50, this::tick);
    }

    /** The contract of an exchange. */
    private String exchange(String kind) {
        return setup.path("exchanges").path(kind).asText(PUBLISHED.get(kind));
    }

    private byte[] domain(String version, String contract) {
        return Eip712.domain("Polymarket CTF Exchange", version, chainId, contract);
    }

    private void addAccount(JsonNode account) {
        String address = account.path("address").asText().toLowerCase(Locale.ROOT);
        Map<Integer, String> byType = new HashMap<>();
        byType.put(0, address);
        account.path("wallets")
                .properties()
                .forEach(wallet -> byType.put(
                        Integer.parseInt(wallet.getKey()),
                        wallet.getValue().asText().toLowerCase(Locale.ROOT)));
        byType.forEach((type, wallet) -> wallets.put(wallet, new Wallet(address, wallet, type)));
        if (venue.isNew()) {
            account.path("cash")
                    .properties()
                    .forEach(cash -> venue.submit(s -> new Command.Deposit(
                            s.at(),
                            byType.getOrDefault(Integer.parseInt(cash.getKey()), address),
                            "",
                            Decimals.micros(cash.getValue().asText()),
                            "opening balance")));
        }
        for (JsonNode key : account.path("apiKeys")) {
            if (keys.find(key.path("key").asText()) == null) {
                keys.save(new ApiKeys.Key(
                        key.path("key").asText(),
                        address,
                        "0",
                        key.path("secret").asText(),
                        key.path("passphrase").asText(),
                        true));
            }
        }
    }

    /** Makes a market of the setup or of a recording, unless the ledger has it already. */
    public void define(JsonNode market) {
        String id = market.path("conditionId").asText();
        if (venue.live(e -> e.market(id)) != null) {
            return;
        }
        long tick = Decimals.micros(market.path("tick").asText("0.01"));
        venue.submit(s -> new Command.DefineMarket(
                s.at(),
                id,
                market.path("event").asText(id),
                "",
                List.of(new Command.Band(0, Exchange.ONE, tick)),
                new Command.Fees(Decimals.micros(market.path("feeRate").asText("0")), 0),
                market.has("openAt") ? market.path("openAt").asLong() : null,
                market.has("closeAt") ? market.path("closeAt").asLong() : null,
                market.path("settleAfterMillis").asLong(-1),
                market));
        venue.live(e -> {
            Market made = e.market(id);
            if (made != null) {
                remember(made);
            }
            return true;
        });
    }

    private void remember(Market market) {
        tokens.put(PolymarketJson.token(market, true), market.id);
        tokens.put(PolymarketJson.token(market, false), market.id);
    }

    @Override
    public Http.Service service() {
        return this::serve;
    }

    @Override
    public Map<String, Http.Handshake> sockets() {
        return Map.of("/ws/market", request -> streams.market(), "/ws/user", request -> streams.user());
    }

    @Override
    public Http.@Nullable Answer restricted(Fault fault, Http.Request request) {
        boolean orders = request.method().equals("POST")
                && (request.path().equals("/order") || request.path().equals("/orders"));
        boolean trades = orders || request.method().equals("DELETE");
        return switch (fault.mode()) {
            case "401" ->
                request.header("POLY_API_KEY") == null
                        ? null
                        : PolymarketJson.error(401, "Unauthorized/Invalid api key");
            case "html" -> Http.Answer.text(403, "text/html", "<html><body>403 Forbidden</body></html>");
            case "403" ->
                orders
                        ? PolymarketJson.error(
                                403,
                                "Trading restricted in your region, please refer to available regions -"
                                        + " https://docs.polymarket.com/polymarket-learn/FAQ/geoblocking")
                        : Http.Answer.text(403, "text/html", "<html><body>403 Forbidden</body></html>");
            case "425" -> trades ? PolymarketJson.error(425, "service not ready") : null;
            case "cancel-only" -> orders ? PolymarketJson.error(503, CANCEL_ONLY) : null;
            case "maintenance" -> trades ? PolymarketJson.error(503, DISABLED) : null;
            case "post-only" -> {
                if (!orders || request.body().contains("\"postOnly\":true")) {
                    yield null;
                }
                ObjectNode body = json.createObjectNode()
                        .put("error", "post-only mode: only post-only orders and cancels are allowed")
                        .put("code", "post_only_mode")
                        .put("retry_after_seconds", 79);
                Http.Answer answer = Http.Answer.json(503, body);
                yield new Http.Answer(503, answer.contentType(), answer.body(), Map.of("Retry-After", "79"));
            }
            default ->
                new Http.Answer(
                        429, "application/json", "{\"error\":\"Too Many Requests\"}", Map.of("Retry-After", "1"));
        };
    }

    @Override
    public void close() {
        later.close();
    }

    // ---------------------------------------------------------------- time

    /** MATCHED, MINED, CONFIRMED, unless fault F8 has it otherwise. */
    private void schedule(String tradeId, Trade.Status status) {
        long mine = setup.path("mineMillis").asLong(200);
        long confirm = setup.path("confirmMillis").asLong(400);
        switch (status) {
            case MATCHED -> {
                Fault fault = venue.strike("F8", "trade");
                String mode = fault == null ? "" : fault.mode().isEmpty() ? "failed" : fault.mode();
                long wait = mode.equals("late") && fault != null ? fault.number("millis", 10_000) : mine;
                switch (mode) {
                    case "failed" -> move(tradeId, Trade.Status.FAILED, wait);
                    case "retrying" -> move(tradeId, Trade.Status.RETRYING, wait);
                    default -> move(tradeId, Trade.Status.MINED, wait);
                }
            }
            case RETRYING -> move(tradeId, Trade.Status.MINED, mine);
            case MINED -> move(tradeId, Trade.Status.CONFIRMED, confirm);
            case CONFIRMED, FAILED -> {}
        }
    }

    private void move(String tradeId, Trade.Status to, long afterMillis) {
        later.in(afterMillis, () -> {
            String hash = to == Trade.Status.MINED ? Eip712.hex(Eip712.text(tradeId + venue.now())) : null;
            String kept = venue.live(e -> {
                Trade trade = e.trade(tradeId);
                return hash != null ? hash : trade == null ? "" : trade.hash();
            });
            venue.submit(s -> new Command.SetTrade(s.at(), tradeId, to, kept));
            schedule(tradeId, to);
        });
    }

    private void tick() {
        venue.submit(s -> new Command.Tick(s.at()));
        long now = venue.now();
        beats.forEach((key, beat) -> {
            if (now - beat.at() > heartbeatMillis && beats.remove(key, beat)) {
                ApiKeys.Key owner = keys.find(key);
                if (owner != null) {
                    cancelWhere(o -> address(o).equals(owner.address()), "heartbeat");
                }
            }
        });
    }

    private static String address(Order order) {
        return order.attributes().path("address").asText();
    }

    private List<String> cancelWhere(Predicate<Order> which, String why) {
        List<String> ids = venue.live(
                e -> e.liveOrders().stream().filter(which).map(o -> o.id).toList());
        ids.forEach(id -> venue.submit(s -> new Command.Cancel(s.at(), id, why)));
        return ids;
    }

    // ---------------------------------------------------------------- routing

    private Http.Reply serve(Http.Request request) {
        try {
            Http.Reply open = open(request);
            return open != null ? open : signed(request);
        } catch (Refused e) {
            return e.answer;
        }
    }

    private static Http.Answer ok(JsonNode body) {
        return Http.Answer.json(200, body);
    }

    private Http.@Nullable Reply open(Http.Request request) {
        String path = request.path();
        if (path.startsWith("/gamma/")) {
            return gamma(request, path.substring(7));
        }
        return switch (request.place()) {
            case "GET /" -> ok(json.getNodeFactory().textNode("OK"));
            case "GET /ok" -> ok(json.getNodeFactory().textNode("OK"));
            case "GET /time" -> ok(json.getNodeFactory().numberNode(venue.now() / 1_000));
            case "POST /chain" -> ok(chain.answer(body(request)));
            case "GET /version" -> ok(json.createObjectNode().put("version", 2));
            case "GET /api/geoblock" ->
                ok(json.createObjectNode()
                        .put("blocked", setup.path("blocked").asBoolean(false))
                        .put("ip", "127.0.0.1")
                        .put("country", setup.path("country").asText("PT"))
                        .put("region", ""));
            case "GET /book" ->
                ok(token(request.query("token_id"), (m, yes) -> PolymarketJson.book(m, yes, venue.now())));
            case "POST /books" -> each(request, (m, yes) -> PolymarketJson.book(m, yes, venue.now()));
            case "GET /price" ->
                ok(token(request.query("token_id"), (m, yes) -> json.createObjectNode()
                        .put("price", best(m, yes, request.query("side").equals("BUY")))));
            case "GET /midpoint" ->
                ok(token(request.query("token_id"), (m, yes) -> json.createObjectNode()
                        .put("mid", PolymarketJson.number(PolymarketJson.middle(m, yes)))));
            case "GET /spread" ->
                ok(token(request.query("token_id"), (m, yes) -> json.createObjectNode()
                        .put(
                                "spread",
                                PolymarketJson.number(Math.max(
                                        0, PolymarketJson.best(m, yes, false) - PolymarketJson.best(m, yes, true))))));
            case "GET /last-trade-price" ->
                ok(token(request.query("token_id"), (m, yes) -> json.createObjectNode()
                        .put("price", PolymarketJson.last(m, yes))
                        .put("side", m.volume == 0 ? "" : m.lastBuy == yes ? "BUY" : "SELL")));
            case "GET /tick-size" ->
                ok(token(request.query("token_id"), (m, yes) -> json.createObjectNode()
                        .put("minimum_tick_size", PolymarketJson.decimal(PolymarketJson.tick(m)))));
            case "GET /neg-risk" ->
                ok(token(request.query("token_id"), (m, yes) -> json.createObjectNode()
                        .put("neg_risk", PolymarketJson.negRisk(m))));
            case "GET /fee-rate" ->
                ok(token(request.query("token_id"), (m, yes) -> json.createObjectNode()
                        .put("base_fee", 0)));
            case "GET /markets",
                    "GET /sampling-markets",
                    "GET /simplified-markets",
                    "GET /sampling-simplified-markets" ->
                venue.live(e -> ok(page(new ArrayList<>(e.markets()), request, PolymarketJson::market)));
            case "GET /data-api/positions" -> ok(positions(request));
            case "GET /data-api/trades" -> dataTrades(request);
            case "POST /auth/api-key" -> createKey(request);
            case "GET /auth/derive-api-key" -> deriveKey(request);
            default -> {
                if (!request.method().equals("GET")) {
                    yield null;
                }
                String last = path.substring(path.lastIndexOf('/') + 1);
                if (path.equals("/markets/" + last)) {
                    yield market(last, PolymarketJson::market);
                }
                if (path.equals("/clob-markets/" + last)) {
                    yield market(last, PolymarketJson::compact);
                }
                if (path.equals("/markets-by-token/" + last)) {
                    yield ok(token(last, (m, yes) -> json.createObjectNode()
                            .put("condition_id", m.id)
                            .put("primary_token_id", PolymarketJson.token(m, true))
                            .put("secondary_token_id", PolymarketJson.token(m, false))));
                }
                if (path.equals("/fees/builder-fees/" + last)) {
                    yield ok(json.createObjectNode()
                            .put("builder_maker_fee_rate_bps", 0)
                            .put("builder_taker_fee_rate_bps", 0));
                }
                yield null;
            }
        };
    }

    private interface TokenReader {
        ObjectNode read(Market market, boolean yes);
    }

    private ObjectNode token(String token, TokenReader reader) {
        if (!token.matches("\\d{1,78}")) {
            throw new Refused(400, "Invalid token id");
        }
        String id = tokens.get(token);
        return venue.live(e -> {
            Market market = id == null ? null : e.market(id);
            if (market == null) {
                throw new Refused(404, "No orderbook exists for the requested token id");
            }
            return reader.read(market, PolymarketJson.token(market, true).equals(token));
        });
    }

    private static String best(Market market, boolean yes, boolean bid) {
        long price = PolymarketJson.best(market, yes, bid);
        return price < 0 ? "0" : PolymarketJson.number(price);
    }

    private Http.Reply each(Http.Request request, TokenReader reader) {
        ArrayNode all = json.createArrayNode();
        for (JsonNode item : body(request)) {
            all.add(token(item.path("token_id").asText(), reader));
        }
        return ok(all);
    }

    private Http.Reply market(String id, Function<Market, ObjectNode> writer) {
        return venue.live(e -> {
            Market market = e.market(id);
            return market == null ? PolymarketJson.error(404, "market not found") : ok(writer.apply(market));
        });
    }

    private Http.Reply gamma(Http.Request request, String path) {
        List<String> conditions = request.queries("condition_ids");
        List<String> tokenIds = request.queries("clob_token_ids");
        List<String> slugs = request.queries("slug");
        String closed = request.query("closed").isEmpty() ? "false" : request.query("closed");
        return venue.live(e -> {
            String last = path.substring(path.lastIndexOf('/') + 1);
            if (path.startsWith("markets/") && !last.equals("keyset")) {
                return e.markets().stream()
                        .filter(m -> m.id.equals(last) || PolymarketJson.slug(m).equals(last))
                        .findFirst()
                        .map(m -> ok(PolymarketJson.gamma(m)))
                        .orElseGet(() -> PolymarketJson.error(404, "id not found"));
            }
            List<Market> found = e.markets().stream()
                    .filter(m -> conditions.isEmpty() || conditions.contains(m.id))
                    .filter(m -> tokenIds.isEmpty()
                            || tokenIds.contains(PolymarketJson.token(m, true))
                            || tokenIds.contains(PolymarketJson.token(m, false)))
                    .filter(m -> slugs.isEmpty() || slugs.contains(PolymarketJson.slug(m)))
                    .filter(m -> closed.equals(String.valueOf(PolymarketJson.resolved(m))))
                    .toList();
            int offset =
                    Math.min(found.size(), whole(request.query("offset"), whole(request.query("after_cursor"), 0)));
            int limit = Math.min(500, whole(request.query("limit"), path.endsWith("keyset") ? 100 : 20));
            int end = Math.min(found.size(), offset + limit);
            ArrayNode rows = json.createArrayNode();
            if (path.startsWith("events")) {
                Map<String, ArrayNode> events = new LinkedHashMap<>();
                found.forEach(m -> events.computeIfAbsent(m.definition.event(), k -> json.createArrayNode())
                        .add(PolymarketJson.gamma(m)));
                events.forEach((id, markets) -> rows.addObject()
                        .put("id", id)
                        .put("slug", id)
                        .put("title", id)
                        .set("markets", markets));
                return ok(rows);
            }
            found.subList(offset, end).forEach(m -> rows.add(PolymarketJson.gamma(m)));
            if (!path.endsWith("keyset")) {
                return ok(rows);
            }
            ObjectNode node = json.createObjectNode();
            node.set("markets", rows);
            return ok(node.put("next_cursor", end < found.size() ? String.valueOf(end) : ""));
        });
    }

    private static int whole(String text, int otherwise) {
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : otherwise;
    }

    private JsonNode body(Http.Request request) {
        try {
            JsonNode body = json.readTree(request.body());
            return body == null ? json.createObjectNode() : body;
        } catch (JsonProcessingException e) {
            throw new Refused(400, "Invalid order payload");
        }
    }

    /** CLOB pages: cursors are base64 of an offset. */
    private <T> ObjectNode page(List<T> rows, Http.Request request, Function<T, ObjectNode> writer) {
        String cursor = request.query("next_cursor").isEmpty() ? START : request.query("next_cursor");
        int offset;
        try {
            offset = Integer.parseInt(new String(Base64.getDecoder().decode(cursor), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new Refused(400, "Invalid next_cursor");
        }
        int start = offset < 0 ? rows.size() : Math.min(offset, rows.size());
        int end = Math.min(rows.size(), start + PAGE);
        ArrayNode data = json.createArrayNode();
        rows.subList(start, end).forEach(row -> data.add(writer.apply(row)));
        String next = end == rows.size()
                ? END
                : Base64.getEncoder().encodeToString(String.valueOf(end).getBytes(StandardCharsets.UTF_8));
        if (!data.isEmpty() && venue.faults().strike("F7", "row", "stale", request.place()) != null) {
            data.remove(0);
        }
        if (venue.faults().strike("F7", "page", "stale", request.place()) != null) {
            next = END;
            while (data.size() > 1) {
                data.remove(data.size() - 1);
            }
        }
        ObjectNode node = json.createObjectNode().put("limit", PAGE).put("count", data.size());
        node.put("next_cursor", next).set("data", data);
        return node;
    }

    // ---------------------------------------------------------------- keys

    private Http.Reply createKey(Http.Request request) {
        String address = keys.provenAddress(request);
        if (address == null) {
            return PolymarketJson.error(401, "Invalid L1 Request headers");
        }
        String nonce = String.valueOf(request.header("POLY_NONCE"));
        return keys.at(address, nonce) != null
                ? PolymarketJson.error(400, "Could not create api key")
                : ok(credentials(keys.create(address, nonce)));
    }

    private Http.Reply deriveKey(Http.Request request) {
        String address = keys.provenAddress(request);
        if (address == null) {
            return PolymarketJson.error(401, "Invalid L1 Request headers");
        }
        ApiKeys.Key key = keys.at(address, String.valueOf(request.header("POLY_NONCE")));
        return key == null ? PolymarketJson.error(400, "Could not derive api key!") : ok(credentials(key));
    }

    private ObjectNode credentials(ApiKeys.Key key) {
        return json.createObjectNode()
                .put("apiKey", key.id())
                .put("secret", key.secret())
                .put("passphrase", key.passphrase());
    }

    private Http.Reply signed(Http.Request request) {
        ApiKeys.Key key = keys.provenKey(request);
        if (key == null) {
            return PolymarketJson.error(401, "Unauthorized/Invalid api key");
        }
        return switch (request.place()) {
            case "GET /auth/api-keys" -> {
                ObjectNode node = json.createObjectNode();
                ArrayNode ids = node.putArray("apiKeys");
                keys.of(key.address()).forEach(k -> ids.add(k.id()));
                yield ok(node);
            }
            case "DELETE /auth/api-key" -> {
                keys.save(new ApiKeys.Key(key.id(), key.address(), key.nonce(), key.secret(), key.passphrase(), false));
                yield ok(json.getNodeFactory().textNode("OK"));
            }
            case "GET /auth/ban-status/closed-only" ->
                ok(json.createObjectNode().put("closed_only", false));
            case "POST /order" -> post(request, key);
            case "POST /orders" -> postMany(request, key);
            case "DELETE /order" -> cancel(request, key, List.of(orderId(body(request))));
            case "DELETE /orders" -> cancelMany(request, key);
            case "DELETE /cancel-all" ->
                cancelled(cancelWhere(o -> address(o).equals(key.address()), "user"), Map.of());
            case "DELETE /cancel-market-orders" -> cancelMarket(request, key);
            case "GET /data/orders" -> orders(request, key);
            case "GET /data/trades" -> trades(request, key);
            case "GET /balance-allowance", "GET /balance-allowance/update" -> balance(request, key);
            case "POST /v1/heartbeats" -> heartbeat(request, key);
            case "POST /heartbeats" -> {
                beats.put(key.id(), new Beat("", venue.now()));
                yield ok(json.createObjectNode().put("status", "ok"));
            }
            case "GET /v1/user/rate-limit-tier" -> ok(json.createObjectNode().put("tier", "standard"));
            default ->
                request.path().startsWith("/data/order/") && request.method().equals("GET")
                        ? order(request, key, request.path().substring("/data/order/".length()))
                        : PolymarketJson.error(404, "not found");
        };
    }

    private Http.Reply heartbeat(Http.Request request, ApiKeys.Key key) {
        String given = body(request).path("heartbeat_id").asText("");
        Beat beat = beats.get(key.id());
        if (beat != null && !beat.id().equals(given)) {
            return Http.Answer.json(
                    400,
                    json.createObjectNode().put("error", "Invalid heartbeat id").put("heartbeat_id", beat.id()));
        }
        String next = UUID.nameUUIDFromBytes((key.id() + given + venue.now()).getBytes(StandardCharsets.UTF_8))
                .toString();
        beats.put(key.id(), new Beat(next, venue.now()));
        return ok(json.createObjectNode().put("heartbeat_id", next));
    }

    // ---------------------------------------------------------------- placing

    private Http.Reply post(Http.Request request, ApiKeys.Key key) {
        return ok(place(request, key, body(request)));
    }

    private Http.Reply postMany(Http.Request request, ApiKeys.Key key) {
        JsonNode items = body(request);
        if (!items.isArray() || items.isEmpty()) {
            return PolymarketJson.error(400, "Invalid order payload");
        }
        if (items.size() > MOST_ORDERS) {
            return PolymarketJson.error(
                    400, "Too many orders in payload: " + items.size() + ", max allowed: " + MOST_ORDERS);
        }
        ArrayNode answers = json.createArrayNode();
        for (JsonNode item : items) {
            try {
                answers.add(place(request, key, item));
            } catch (Refused e) {
                answers.add(answer("", "", "", "").put("errorMsg", errorOf(e.answer)));
            }
        }
        return ok(answers);
    }

    private String errorOf(Http.Answer answer) {
        try {
            return json.readTree(answer.body()).path("error").asText();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an error of ours is not JSON", e);
        }
    }

    private ObjectNode answer(String id, String status, String taking, String making) {
        return json.createObjectNode()
                .put("success", true)
                .put("errorMsg", "")
                .put("orderID", id)
                .put("status", status)
                .put("takingAmount", taking)
                .put("makingAmount", making);
    }

    private byte[] domainOf(Market market) {
        String version = market.attributes().path("version").asText("v1");
        byte[] domain =
                domains.get(version.equals("v2") ? "v3" : PolymarketJson.negRisk(market) ? "negRisk" : "standard");
        if (domain == null) {
            throw new IllegalStateException("every kind of market has an exchange");
        }
        return domain;
    }

    private ObjectNode place(Http.Request request, ApiKeys.Key key, JsonNode body) {
        JsonNode written = body.path("order");
        String type = body.path("orderType").asText("GTC");
        if (!written.isObject() || !List.of("GTC", "GTD", "FOK", "FAK").contains(type)) {
            throw new Refused(400, "Invalid order payload");
        }
        if (written.has("nonce") || written.has("feeRateBps") || !written.has("timestamp")) {
            throw new Refused(400, "order_version_mismatch");
        }
        SignedOrder order;
        try {
            order = SignedOrder.read(written);
            order.structHash();
        } catch (IllegalArgumentException e) {
            throw new Refused(400, "Invalid order payload");
        }
        if (!body.path("owner").asText().equals(key.id())) {
            throw new Refused(400, "the order owner has to be the owner of the API KEY");
        }
        String marketId = tokens.get(order.tokenId().toString());
        Market market = marketId == null ? null : venue.live(e -> e.market(marketId));
        if (market == null) {
            throw new Refused(400, "Invalid token id");
        }
        boolean yes = PolymarketJson.token(market, true).equals(order.tokenId().toString());
        Wallet wallet = authorise(key, order, market);
        orderFaults.before(request.place(), wallet.address(), market.id);
        String id = order.hash(domainOf(market));
        if (venue.live(e -> e.order(id)) != null) {
            throw new Refused(400, "order " + id + " is invalid. Duplicated.");
        }
        boolean market0 = type.equals("FAK") || type.equals("FOK");
        long price = market0 ? marketPrice(order, market, id) : limitPrice(order, market, id);
        boolean postOnly = body.path("postOnly").asBoolean();
        boolean crosses = crosses(market, yes, order.buy(), price);
        if (postOnly && (market0 || crosses)) {
            throw new Refused(400, "invalid post-only order: order crosses book");
        }
        if (!market0 && order.shares() < PolymarketJson.minSize(market)) {
            throw new Refused(
                    400,
                    "order " + id + " is invalid. Size (" + PolymarketJson.number(order.shares())
                            + ") lower than the minimum: " + PolymarketJson.number(PolymarketJson.minSize(market)));
        }
        if (order.buy() && (market0 || crosses) && order.makerAmount() < Exchange.ONE) {
            throw new Refused(
                    400,
                    "invalid amount for a marketable BUY order ($" + Decimals.plain(order.makerAmount())
                            + "), min size: 1");
        }
        long now = venue.now();
        boolean dated = type.equals("GTD");
        if (dated ? order.expiration() * 1_000 <= now + EXPIRY_MARGIN_SECONDS * 1_000 : order.expiration() != 0) {
            throw new Refused(400, "invalid expiration");
        }
        Long expiresAt = dated ? Long.valueOf((order.expiration() - EXPIRY_MARGIN_SECONDS) * 1_000) : null;
        return submit(
                request, key, new Ready(order, market, yes, wallet, id, type, price, postOnly, crosses, expiresAt));
    }

    /** An order that has passed every check but those of the exchange. */
    private record Ready(
            SignedOrder order,
            Market market,
            boolean yes,
            Wallet wallet,
            String id,
            String type,
            long price,
            boolean postOnly,
            boolean crosses,
            @Nullable Long expiresAt) {}

    private ObjectNode submit(Http.Request request, ApiKeys.Key key, Ready ready) {
        JsonNode about = ready.market().attributes();
        Fault delay = ready.crosses() ? venue.strike("F9", request.place()) : null;
        long holdMillis = delay != null
                ? delay.number("millis", 3_000)
                : ready.crosses() ? about.path("secondsDelay").asLong(0) * 1_000 : 0;
        if (ready.crosses() && about.path("takerDelay").asBoolean()) {
            sleep(250);
        }
        boolean unmatched = delay != null && delay.mode().equals("unmatched");
        ObjectNode attributes = json.createObjectNode()
                .put("owner", key.id())
                .put("address", key.address())
                .put("maker", ready.wallet().address())
                .put("orderType", ready.type())
                .put("expiration", String.valueOf(ready.order().expiration()))
                .put("signature", ready.order().signature());
        Exchange.Outcome outcome = venue.submit(s -> new Command.Place(
                s.at(),
                ready.id(),
                ready.wallet().address(),
                "",
                ready.market().id,
                ready.yes(),
                ready.order().buy(),
                ready.price(),
                ready.order().shares(),
                switch (ready.type()) {
                    case "FOK" -> Command.TimeInForce.FOK;
                    case "FAK" -> Command.TimeInForce.IOC;
                    default -> Command.TimeInForce.GTC;
                },
                ready.postOnly(),
                false,
                Command.SelfTrade.ALLOW,
                ready.id(),
                "",
                ready.expiresAt(),
                holdMillis > 0 ? Long.valueOf(s.at() + holdMillis + (unmatched ? 1_000 : 0)) : null,
                false,
                false,
                false,
                attributes));
        Denial denial = outcome.denial();
        Order placed = outcome.order();
        if (denial != null || placed == null) {
            throw refusal(denial, ready);
        }
        orderFaults.after(request.place(), ready.wallet().address(), ready.market().id);
        if (placed.status == Order.Status.DELAYED) {
            if (unmatched) {
                later.in(holdMillis, () -> venue.submit(s -> new Command.Cancel(s.at(), placed.id, "unmatched")));
            }
            return answer(placed.id, "delayed", "", "");
        }
        List<Trade.Fill> own = outcome.fills().stream()
                .filter(f -> f.orderId().equals(placed.id) && f.taker())
                .toList();
        if (own.isEmpty() && ready.type().equals("FAK")) {
            throw new Refused(400, FAK_KILLED);
        }
        if (own.isEmpty()) {
            return answer(placed.id, "live", "", "");
        }
        long shares = own.stream().mapToLong(Trade.Fill::quantity).sum();
        long money = own.stream().mapToLong(f -> Math.abs(f.cash() + f.fee())).sum();
        boolean buy = ready.order().buy();
        ObjectNode answer = answer(
                placed.id,
                "matched",
                PolymarketJson.number(buy ? shares : money),
                PolymarketJson.number(buy ? money : shares));
        ArrayNode ids = answer.putArray("tradeIDs");
        own.forEach(f -> ids.add(f.tradeId()));
        return answer;
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Refused refusal(@Nullable Denial denial, Ready ready) {
        if (denial == null) {
            return new Refused(500, "could not run the execution");
        }
        return switch (denial) {
            case NO_SUCH_MARKET, NO_SUCH_ORDER, NO_SUCH_GROUP, WRONG_POCKET, GROUP_TRIGGERED, NOTHING_TO_REDUCE ->
                new Refused(400, "Invalid order payload");
            case DUPLICATE -> new Refused(400, "order " + ready.id() + " is invalid. Duplicated.");
            case EXCHANGE_PAUSED -> new Refused(503, DISABLED);
            case TRADING_PAUSED -> new Refused(503, CANCEL_ONLY);
            case MARKET_NOT_OPEN -> new Refused(400, "the market is not yet ready to process new orders");
            case PRICE_OFF_GRID -> offTick(ready.id(), ready.price(), ready.market());
            case BAD_QUANTITY -> new Refused(400, "Invalid order payload");
            case POST_ONLY_CROSSES -> new Refused(400, "invalid post-only order: order crosses book");
            case FOK_CANNOT_FILL -> new Refused(400, FOK_KILLED);
            case TOO_LITTLE_CASH, TOO_FEW_TOKENS -> new Refused(400, "not enough balance / allowance");
        };
    }

    private static Refused offTick(String id, long price, Market market) {
        return new Refused(
                400,
                "order " + id + " is invalid. Price (" + PolymarketJson.number(price)
                        + ") breaks minimum tick size rule: " + PolymarketJson.number(PolymarketJson.tick(market)));
    }

    /** Whose wallet it is, once the signature has proved that its owner wants this. */
    private Wallet authorise(ApiKeys.Key key, SignedOrder order, Market market) {
        Wallet wallet = wallets.get(order.maker());
        boolean contractSigns = order.signatureType() == 3;
        if (!contractSigns && !order.signer().equals(key.address())) {
            throw new Refused(400, "the order signer address has to be the address of the API KEY");
        }
        if (wallet == null
                || wallet.type() != order.signatureType()
                || !wallet.owner().equals(key.address())) {
            throw contractSigns
                    ? new Refused(400, "the order signer address has to be the address of the API KEY")
                    : new Refused(400, "maker address not allowed, please use the deposit wallet flow");
        }
        if (contractSigns && !order.signer().equals(order.maker())) {
            throw new Refused(400, "invalid signature");
        }
        byte[] right = domainOf(market);
        if (!key.address().equals(order.signedBy(right, chainId))) {
            String version = market.attributes().path("version").asText("v1");
            boolean other = version.equals("v2")
                    ? signs(key, order, "standard") || signs(key, order, "negRisk")
                    : signs(key, order, "v3");
            throw new Refused(400, other ? "order_version_mismatch" : "invalid signature");
        }
        return wallet;
    }

    private boolean signs(ApiKeys.Key key, SignedOrder order, String exchange) {
        byte[] domain = domains.get(exchange);
        return domain != null && key.address().equals(order.signedBy(domain, chainId));
    }

    private static boolean crosses(Market market, boolean yes, boolean buy, long price) {
        long other = PolymarketJson.best(market, yes, !buy);
        return other >= 0 && (buy ? price >= other : price <= other);
    }

    private static int decimals(long micros) {
        return Math.max(0, Micros.decimal(micros).stripTrailingZeros().scale());
    }

    /** Price of a GTC or GTD order; its amounts must be exact. */
    private static long limitPrice(SignedOrder order, Market market, String id) {
        int amountDecimals = decimals(PolymarketJson.tick(market)) + 2;
        if (decimals(order.shares()) > 2 || decimals(order.collateral()) > amountDecimals) {
            String side = order.buy() ? "buy" : "sell";
            int maker = order.buy() ? amountDecimals : 2;
            int taker = order.buy() ? 2 : amountDecimals;
            throw new Refused(
                    400,
                    "invalid amounts, the " + side + " orders maker amount supports a max accuracy of " + maker
                            + " decimals, taker amount a max of " + taker + " decimals");
        }
        BigDecimal exact = BigDecimal.valueOf(order.collateral())
                .divide(BigDecimal.valueOf(order.shares()), 12, RoundingMode.HALF_EVEN);
        long tick = PolymarketJson.tick(market);
        BigDecimal ticks = exact.divide(Micros.decimal(tick), 6, RoundingMode.HALF_EVEN);
        long price = ticks.setScale(0, RoundingMode.HALF_UP).longValueExact() * tick;
        long should = Micros.mulDivFloor(price, order.shares(), Exchange.ONE);
        if (should != order.collateral() && Math.abs(should - order.collateral()) < order.shares() / 1_000) {
            throw new Refused(
                    400,
                    "invalid amounts, the " + (order.buy() ? "maker" : "taker") + " amount for a $"
                            + PolymarketJson.number(price) + " order of size " + PolymarketJson.number(order.shares())
                            + " should be '" + PolymarketJson.number(should) + "' but the value submited is '"
                            + PolymarketJson.number(order.collateral()) + "'. ");
        }
        if (should != order.collateral() || price < tick || price > Exchange.ONE - tick) {
            throw offTick(
                    id, exact.setScale(6, RoundingMode.HALF_UP).unscaledValue().longValueExact(), market);
        }
        return price;
    }

    /** Worst price of a FAK or FOK order: its amounts, cut down to a tick that is no worse than they say. */
    private static long marketPrice(SignedOrder order, Market market, String id) {
        if (decimals(order.makerAmount()) > 2 || decimals(order.takerAmount()) > 4) {
            throw new Refused(
                    400,
                    "invalid amounts, the market " + (order.buy() ? "buy" : "sell")
                            + " orders maker amount supports a max accuracy of 2 decimals,"
                            + " taker amount a max of 4 decimals");
        }
        long tick = PolymarketJson.tick(market);
        long price = order.buy()
                ? Micros.mulDivFloor(order.collateral(), Exchange.ONE, order.shares()) / tick * tick
                : Math.ceilDiv(Micros.mulDivCeil(order.collateral(), Exchange.ONE, order.shares()), tick) * tick;
        if (price < tick || price > Exchange.ONE - tick) {
            throw offTick(id, price, market);
        }
        return price;
    }

    // ---------------------------------------------------------------- cancelling

    private static String orderId(JsonNode body) {
        String id = body.path("orderID").asText("");
        if (!id.matches("0x[0-9a-fA-F]{64}")) {
            throw new Refused(400, "Invalid orderID");
        }
        return id;
    }

    private Http.Reply cancelMany(Http.Request request, ApiKeys.Key key) {
        JsonNode ids = body(request);
        if (!ids.isArray()) {
            return PolymarketJson.error(400, "Invalid order payload");
        }
        if (ids.size() > MOST_CANCELS) {
            return PolymarketJson.error(400, "Too many orders in payload, max allowed: " + MOST_CANCELS);
        }
        List<String> list = new ArrayList<>();
        ids.forEach(id -> list.add(id.asText()));
        return cancel(request, key, list.stream().distinct().toList());
    }

    private Http.Reply cancel(Http.Request request, ApiKeys.Key key, List<String> ids) {
        List<String> done = new ArrayList<>();
        Map<String, String> not = new LinkedHashMap<>();
        boolean halted = venue.live(e -> !e.exchangeActive());
        if (halted) {
            return PolymarketJson.error(503, DISABLED);
        }
        for (String id : ids) {
            Order order = venue.live(e -> {
                Order found = e.order(id);
                return found == null ? null : found.copy();
            });
            if (order == null || !address(order).equals(key.address())) {
                not.put(id, "Order not found or already canceled");
            } else if (order.status == Order.Status.DELAYED) {
                not.put(id, "cannot cancel because the order is in pending/delayed status");
            } else if (!order.live()) {
                not.put(id, order.filled > 0 ? "already canceled or matched" : "Order not found or already canceled");
            } else {
                Fault race = orderFaults.onCancel(request.place(), id);
                if (race != null && race.mode().equals("late")) {
                    orderFaults.cancelLate(race, id);
                    done.add(id);
                } else if (venue.submit(s -> new Command.Cancel(s.at(), id, "user"))
                                .denial()
                        != null) {
                    not.put(id, "already canceled or matched");
                } else {
                    done.add(race != null && race.mode().equals("other") ? Eip712.hex(Eip712.text(id)) : id);
                }
            }
        }
        return cancelled(done, not);
    }

    private Http.Answer cancelled(List<String> done, Map<String, String> not) {
        ObjectNode node = json.createObjectNode();
        ArrayNode list = node.putArray("canceled");
        done.forEach(list::add);
        ObjectNode reasons = node.putObject("not_canceled");
        not.forEach((id, why) -> reasons.put(id, why));
        return ok(node);
    }

    private Http.Reply cancelMarket(Http.Request request, ApiKeys.Key key) {
        JsonNode body = body(request);
        String market = body.path("market").asText("");
        String asset = body.path("asset_id").asText("");
        return cancelled(
                cancelWhere(
                        o -> address(o).equals(key.address())
                                && (market.isEmpty() || o.market().equals(market))
                                && (asset.isEmpty() || asset.equals(tokenOf(o))),
                        "user"),
                Map.of());
    }

    private String tokenOf(Order order) {
        return venue.live(e -> {
            Market market = e.market(order.market());
            return market == null ? "" : PolymarketJson.token(market, order.placed.yes());
        });
    }

    // ---------------------------------------------------------------- reading

    static List<String> tradesOf(Exchange exchange, String orderId) {
        return exchange.trades().stream()
                .filter(t -> t.taker().orderId().equals(orderId)
                        || t.maker().orderId().equals(orderId))
                .map(Trade::id)
                .toList();
    }

    private Http.Reply order(Http.Request request, ApiKeys.Key key, String id) {
        return venue.view(request.place(), e -> {
            Order order = e.order(id);
            Market market = order == null ? null : e.market(order.market());
            boolean shown = order != null
                    && market != null
                    && order.live()
                    && address(order).equals(key.address());
            return shown && order != null && market != null
                    ? ok(PolymarketJson.order(market, order, tradesOf(e, id)))
                    : PolymarketJson.error(404, "Order not found");
        });
    }

    private Http.Reply orders(Http.Request request, ApiKeys.Key key) {
        String id = request.query("id");
        String market = request.query("market");
        String asset = request.query("asset_id");
        return venue.view(request.place(), e -> {
            List<Order> found = e.liveOrders().stream()
                    .filter(o -> address(o).equals(key.address()))
                    .filter(o -> id.isEmpty() || o.id.equals(id))
                    .filter(o -> market.isEmpty() || o.market().equals(market))
                    .filter(o -> asset.isEmpty() || asset.equals(tokenOf(o)))
                    .toList();
            return ok(page(found, request, o -> PolymarketJson.order(known(e, o.market()), o, tradesOf(e, o.id))));
        });
    }

    private static Market known(Exchange exchange, String id) {
        Market market = exchange.market(id);
        if (market == null) {
            throw new IllegalStateException("something traded in no known market: " + id);
        }
        return market;
    }

    private record Seen(Trade trade, Order taker, Order maker, boolean asTaker) {}

    private Http.Reply trades(Http.Request request, ApiKeys.Key key) {
        String id = request.query("id");
        String maker = request.query("maker_address").toLowerCase(Locale.ROOT);
        String market = request.query("market");
        String asset = request.query("asset_id");
        return venue.view(request.place(), e -> {
            List<Seen> found = new ArrayList<>();
            for (Trade trade : e.trades()) {
                Order took = e.order(trade.taker().orderId());
                Order made = e.order(trade.maker().orderId());
                if (took == null || made == null) {
                    continue;
                }
                boolean asTaker = address(took).equals(key.address());
                boolean mine = asTaker || address(made).equals(key.address());
                boolean wanted = (id.isEmpty() || trade.id().equals(id))
                        && (market.isEmpty() || trade.market().equals(market))
                        && (maker.isEmpty() || maker.equals((asTaker ? took : made).account()))
                        && (asset.isEmpty() || asset.equals(tokenOf(took)) || asset.equals(tokenOf(made)))
                        && trade.at() / 1_000 >= whole(request.query("after"), 0)
                        && trade.at() / 1_000 <= whole(request.query("before"), Integer.MAX_VALUE);
                if (mine && wanted) {
                    found.add(new Seen(trade, took, made, asTaker));
                }
            }
            Collections.reverse(found);
            return ok(page(
                    found,
                    request,
                    s -> PolymarketJson.trade(
                            known(e, s.trade().market()),
                            s.trade(),
                            s.taker(),
                            s.maker(),
                            s.asTaker(),
                            "TRADE_STATUS_")));
        });
    }

    private Http.Reply balance(Http.Request request, ApiKeys.Key key) {
        int type = whole(request.query("signature_type"), 0);
        String wallet = wallets.values().stream()
                .filter(w -> w.owner().equals(key.address()) && w.type() == type)
                .map(Wallet::address)
                .findFirst()
                .orElse(key.address());
        String token = request.query("token_id");
        boolean collateral = request.query("asset_type").equals("COLLATERAL");
        return venue.view(request.place(), e -> {
            long amount = e.cash(wallet, "");
            if (!collateral) {
                String id = tokens.get(token);
                Exchange.Position position =
                        id == null ? null : e.positions(wallet).get(id);
                boolean yes =
                        id != null && PolymarketJson.token(known(e, id), true).equals(token);
                amount = position == null ? 0 : yes ? position.yes : position.no;
            }
            ObjectNode node = json.createObjectNode().put("balance", String.valueOf(Math.max(0, amount)));
            ObjectNode allowances = node.putObject("allowances");
            for (String kind : PUBLISHED.keySet()) {
                allowances.put(
                        exchange(kind),
                        "115792089237316195423570985008687907853269984665640564039457584007913129639935");
            }
            return ok(node);
        });
    }

    private ArrayNode positions(Http.Request request) {
        String user = request.query("user").toLowerCase(Locale.ROOT);
        return venue.view(request.place(), e -> {
            ArrayNode rows = json.createArrayNode();
            e.positions(user).forEach((id, position) -> {
                Market market = known(e, id);
                for (boolean yes : new boolean[] {true, false}) {
                    long held = yes ? position.yes : position.no;
                    if (held > 0) {
                        rows.add(positionRow(market, position, yes, held, user));
                    }
                }
            });
            return rows;
        });
    }

    private ObjectNode positionRow(Market market, Exchange.Position position, boolean yes, long held, String user) {
        long all = position.yes + position.no;
        long cost = Micros.mulDivFloor(position.cost, held, all);
        boolean done = PolymarketJson.resolved(market);
        long value =
                done ? (yes ? market.yesValue : Exchange.ONE - market.yesValue) : PolymarketJson.middle(market, yes);
        return json.createObjectNode()
                .put("proxyWallet", user)
                .put("asset", PolymarketJson.token(market, yes))
                .put("conditionId", market.id)
                .put("size", PolymarketJson.decimal(held))
                .put("avgPrice", PolymarketJson.decimal(Micros.mulDivFloor(cost, Exchange.ONE, held)))
                .put("initialValue", PolymarketJson.decimal(cost))
                .put("currentValue", PolymarketJson.decimal(Micros.mulDivFloor(value, held, Exchange.ONE)))
                .put("realizedPnl", PolymarketJson.decimal(position.realized))
                .put("curPrice", PolymarketJson.decimal(value))
                .put("redeemable", done)
                .put("mergeable", position.yes > 0 && position.no > 0)
                .put("title", market.attributes().path("question").asText(""))
                .put("slug", PolymarketJson.slug(market))
                .put("outcome", PolymarketJson.outcome(yes))
                .put("outcomeIndex", yes ? 0 : 1)
                .put("oppositeOutcome", PolymarketJson.outcome(!yes))
                .put("oppositeAsset", PolymarketJson.token(market, !yes))
                .put("negativeRisk", PolymarketJson.negRisk(market));
    }

    private Http.Reply dataTrades(Http.Request request) {
        String user = request.query("user").toLowerCase(Locale.ROOT);
        return venue.view(request.place(), e -> {
            ArrayNode rows = json.createArrayNode();
            for (Trade.Fill fill : e.fills(user)) {
                Market market = known(e, fill.market());
                rows.insertObject(0)
                        .put("proxyWallet", user)
                        .put("side", fill.buy() ? "BUY" : "SELL")
                        .put("asset", PolymarketJson.token(market, fill.yes()))
                        .put("conditionId", market.id)
                        .put("size", PolymarketJson.decimal(fill.quantity()))
                        .put("price", PolymarketJson.decimal(fill.price()))
                        .put("timestamp", fill.at() / 1_000)
                        .put("outcome", PolymarketJson.outcome(fill.yes()));
            }
            return ok(rows);
        });
    }
}
