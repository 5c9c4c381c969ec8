package sluice.console.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sluice.avro.Fill;
import sluice.avro.Placement;
import sluice.avro.PlacementStage;
import sluice.avro.VenueHealth;
import sluice.avro.VenueReport;
import sluice.console.stack.TestBroker;
import sluice.console.stack.TestTopics;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.MarketId;
import sluice.domain.Micros;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.StrategyId;
import sluice.domain.TimeInForce;
import sluice.domain.Venue;
import sluice.domain.market.FeeModel;
import sluice.domain.market.FeeTerms;
import sluice.domain.market.Market;
import sluice.domain.market.MarketStatus;
import sluice.domain.market.PriceGrid;
import sluice.domain.order.OrderCommand;
import sluice.topics.Topics;
import sluice.venues.api.VenueClient;
import sluice.venues.http.HttpSettings;
import sluice.venues.http.SocketSettings;
import sluice.venues.http.VenueHttp;
import sluice.venues.kalshi.KalshiClient;
import sluice.venues.kalshi.KalshiConfig;
import sluice.venues.kalshi.KalshiKey;
import sluice.venues.live.LiveConnector;
import sluice.venues.live.LiveConnectorConfig;
import sluice.venues.polymarket.ApiCredentials;
import sluice.venues.polymarket.PolymarketAccount;
import sluice.venues.polymarket.PolymarketClient;
import sluice.venues.polymarket.PolymarketConfig;
import sluice.venues.polymarket.SignatureType;
import sluice.venues.polymarket.WalletKey;
import sluice.venues.simulator.Simulator;
import sluice.wire.OrderCodec;

/**
 * A simulated venue with one account and one market, and connectors to it between topics of a test's own. What the
 * venue has is asked on its admin port, behind the connector's back.
 */
final class LiveVenue implements AutoCloseable {
    static final AccountId ACCOUNT = new AccountId("alice");

    /** An ask of the house, and a price at which an order rests. */
    static final String ASK = "0.45";

    static final String BELOW = "0.30";

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String KALSHI_MARKET = "KXSIM-1";
    private static final String POLYMARKET_MARKET = "0x" + "5f".repeat(32);
    private static final String YES = "71321045679252212594626385532706912750332728571942532289631379312455583992563";
    private static final String NO = "52114319501245915516055106046884209969926127482827954674443846427813813222426";
    private static final Duration HTTP = Duration.ofSeconds(2);
    private static final Duration READ_LAG = Duration.ofSeconds(1);
    private static final Duration READ_EVERY = Duration.ofSeconds(1);
    private static final Duration LOOK_EVERY = Duration.ofMillis(300);
    private static final Duration KALSHI_TOKENS_COME = Duration.ofSeconds(1);
    private static final Duration SILENCE = Duration.ofSeconds(3);
    private static final int MOST_CALLS = 16;
    private static final int VENUE_READ_LAG_MILLIS = 300;

    final TestTopics topics;
    final List<Throwable> failures = new CopyOnWriteArrayList<>();
    final List<LiveConnector> running = new ArrayList<>();

    /** How far the local clock is ahead, of clients; and of the connector besides. */
    final AtomicLong clockAhead = new AtomicLong();

    final AtomicLong connectorAhead = new AtomicLong();

    private final Venue venue;
    private final List<Runnable> open = new ArrayList<>();
    private final HttpClient admin = HttpClient.newHttpClient();
    private final Simulator simulator;
    private final Supplier<VenueClient> clients;
    private final String nameAtVenue;
    private boolean wrongKey;
    private int healthBeforeChange;
    private @Nullable VenueClient newest;
    private Runnable refresh = () -> {};

    LiveVenue(TestBroker broker, Venue venue, Path folder, long seed) throws IOException {
        this.venue = venue;
        this.topics = new TestTopics(broker, "live-" + venue.name().toLowerCase(Locale.ROOT));
        Path setup = folder.resolve("setup.json");
        if (venue == Venue.KALSHI) {
            KeyPair keys = keys();
            KeyPair others = keys();
            String id = new UUID(seed, seed).toString();
            Files.writeString(setup, """
                    {"accounts": [{"name": "alice", "tier": "prime", "cash": {"0": "10000.00"},
                                   "keys": [{"id": "%s", "publicKey": "%s"}]}],
                     "markets": [{"ticker": "%s", "event": "KXSIM", "series": "KXSIM", "title": "Sim",
                                  "exchangeIndex": 0, "structure": "linear_cent", "feeType": "quadratic",
                                  "feeMultiplier": "1", "settleAfterMillis": -1}]}
                    """.formatted(
                            id, pem("PUBLIC KEY", keys.getPublic().getEncoded()).replace("\n", "\\n"), KALSHI_MARKET));
            this.nameAtVenue = "alice";
            this.clients = () -> kalshi(KalshiKey.parse(
                    id,
                    pem("PRIVATE KEY", (wrongKey ? others : keys).getPrivate().getEncoded()),
                    null));
        } else {
            byte[] secret = new byte[32];
            new Random(seed).nextBytes(secret);
            secret[0] = 1;
            byte[] another = secret.clone();
            another[1]++;
            String address = WalletKey.of(secret).address().text();
            String apiKey = new UUID(seed, seed + 1).toString();
            String apiSecret = Base64.getUrlEncoder().encodeToString(secret);
            Files.writeString(setup, """
                    {"accounts": [{"name": "alice", "address": "%s", "wallets": {"0": "%s"},
                                   "cash": {"0": "10000.00"},
                                   "apiKeys": [{"key": "%s", "secret": "%s", "passphrase": "open"}]}],
                     "markets": [{"conditionId": "%s", "yesToken": "%s", "noToken": "%s", "question": "Sim",
                                  "tick": "0.01", "minSize": "5", "feeRate": "0.05"}]}
                    """.formatted(address, address, apiKey, apiSecret, POLYMARKET_MARKET, YES, NO));
            this.nameAtVenue = address.toLowerCase(Locale.ROOT);
            this.clients = () -> polymarket(
                    WalletKey.of(secret),
                    new ApiCredentials(
                            apiKey, wrongKey ? Base64.getUrlEncoder().encodeToString(another) : apiSecret, "open"));
        }
        this.simulator = Simulator.start(new Simulator.Settings(
                venue == Venue.KALSHI ? Simulator.Kind.KALSHI : Simulator.Kind.POLYMARKET,
                0,
                0,
                folder.resolve("ledger"),
                null,
                seed,
                setup,
                null,
                1,
                false,
                VENUE_READ_LAG_MILLIS));
        post(
                "/levels",
                "{\"market\":\"" + marketId().id() + "\",\"bids\":[[\"0.40\",\"10000\"]],\"asks\":[[\"" + ASK
                        + "\",\"10000\"]]}");
    }

    // ------------------------------------------------------------------ our side

    /** Requests are signed by a key that is not the account's, of connectors that start from now on. */
    void signWithAnothersKey() {
        wrongKey = true;
    }

    void signWithTheAccountsKey() {
        wrongKey = false;
    }

    /** The newest client. */
    VenueClient client() {
        return Objects.requireNonNull(newest, "start comes first");
    }

    /** An owner of the account's orders, which takes over from the one before. */
    void start() throws Exception {
        changed();
        var client = clients.get();
        newest = client;
        var connector = new LiveConnector(
                new LiveConnectorConfig(
                        topics.client(),
                        topics.settings(),
                        topics.registry(),
                        venue,
                        Mode.LIVE,
                        Map.of(ACCOUNT, client),
                        (command, epoch) -> Optional.empty(),
                        ahead(() -> clockAhead.get() + connectorAhead.get()),
                        "one",
                        READ_EVERY,
                        LOOK_EVERY,
                        MOST_CALLS),
                failures::add);
        running.add(connector);
        if (venue == Venue.KALSHI) {
            // Our share of the rate limit begins empty, and an order waits no longer than a quarter of a second for it.
            Thread.sleep(KALSHI_TOKENS_COME.toMillis());
        }
        connector.start();
        connector.ready().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Asks the venue how it is, as the schedule does in a while. */
    void refresh() {
        changed();
        refresh.run();
    }

    private VenueClient kalshi(KalshiKey key) {
        var http = http();
        var client = new KalshiClient(
                KalshiConfig.of(
                                URI.create("http://127.0.0.1:" + simulator.port() + "/trade-api/v2"),
                                URI.create("ws://127.0.0.1:" + simulator.port() + "/trade-api/ws/v2"),
                                ACCOUNT,
                                Mode.LIVE)
                        .withPercentOfLimits(100)
                        .withReadLag(READ_LAG)
                        .withSilence(SILENCE),
                key,
                http,
                ahead(clockAhead::get));
        open.add(client::close);
        refresh = client::refresh;
        client.refresh();
        client.readLimits();
        return client;
    }

    private VenueClient polymarket(WalletKey key, ApiCredentials credentials) {
        var one = PolymarketConfig.oneHost(URI.create("http://127.0.0.1:" + simulator.port()), true, Mode.LIVE);
        var client = new PolymarketClient(
                new PolymarketConfig(
                        one.clob(),
                        one.gamma(),
                        one.data(),
                        one.geoblock(),
                        one.marketSocket(),
                        one.userSocket(),
                        one.chain(),
                        one.mode(),
                        READ_LAG,
                        one.maxClockOffset(),
                        false,
                        one.builder(),
                        new SocketSettings(SILENCE, "PING", Duration.ofMillis(100), Duration.ofMillis(500), 1)),
                List.of(new PolymarketAccount(ACCOUNT, key, SignatureType.EOA, key.address(), credentials)),
                http(),
                ahead(clockAhead::get),
                (market, why) -> {});
        open.add(client::close);
        refresh = client::refresh;
        client.refresh();
        return client;
    }

    private VenueHttp http() {
        var http = new VenueHttp(HttpSettings.all(HTTP), ahead(clockAhead::get));
        open.add(http::close);
        return http;
    }

    private static InstantSource ahead(LongSupplier millis) {
        return () -> Instant.ofEpochMilli(System.currentTimeMillis() + millis.getAsLong());
    }

    /** An order that is filled at once, and the command for it. */
    OrderCommand take(String id, int contracts) {
        return place(id, ASK, contracts, TimeInForce.IOC);
    }

    /** An order that rests. */
    OrderCommand rest(String id, int contracts) {
        return place(id, BELOW, contracts, TimeInForce.GTC);
    }

    OrderCommand place(String id, String price, int contracts, TimeInForce timeInForce) {
        return send(command(OrderCommand.Type.PLACE, id, price, contracts, timeInForce));
    }

    void cancel(String id) {
        send(command(OrderCommand.Type.CANCEL, id, BELOW, 1, TimeInForce.GTC));
    }

    private OrderCommand send(OrderCommand command) {
        topics.send(Topics.ordersFor(Mode.LIVE, venue), command.account().value(), OrderCodec.toAvro(command));
        return command;
    }

    private OrderCommand command(
            OrderCommand.Type type, String id, String price, int contracts, TimeInForce timeInForce) {
        long now = System.currentTimeMillis() + clockAhead.get() + connectorAhead.get();
        return new OrderCommand(
                type,
                new OrderId(id),
                ACCOUNT,
                new StrategyId("s1"),
                Mode.LIVE,
                market(),
                null,
                Side.YES,
                Action.BUY,
                Price.parse(price),
                Quantity.parse(String.valueOf(contracts)),
                timeInForce,
                false,
                null,
                now + 4_000,
                now,
                1,
                "a test",
                null,
                null,
                null);
    }

    private MarketId marketId() {
        return new MarketId(venue, venue == Venue.KALSHI ? KALSHI_MARKET : POLYMARKET_MARKET);
    }

    private Market market() {
        boolean kalshi = venue == Venue.KALSHI;
        var step = Price.parse("0.01");
        return new Market(
                marketId(),
                null,
                false,
                "Sim",
                "",
                MarketStatus.ACTIVE,
                null,
                null,
                null,
                kalshi ? PriceGrid.of(step) : new PriceGrid(List.of(new PriceGrid.Band(step, step.complement(), step))),
                Quantity.parse("0.01"),
                Quantity.parse(kalshi ? "1" : "5"),
                kalshi ? Money.ZERO : Money.parse("1"),
                new FeeTerms(kalshi ? FeeModel.KALSHI : FeeModel.POLYMARKET, kalshi ? 70_000 : 50_000, 0, "test"),
                kalshi ? null : YES,
                kalshi ? null : NO,
                false,
                0,
                1,
                "test");
    }

    // ------------------------------------------------------------------ what a trader sees

    List<VenueReport> reports(String order) {
        return topics.read(Topics.VENUE_REPORTS, VenueReport.class).stream()
                .filter(report -> report.getOrderId().equals(order))
                .toList();
    }

    List<String> reportTypes(String order) {
        return reports(order).stream().map(report -> report.getType().name()).toList();
    }

    /** What was said of it in this report. */
    String words(String order, String type) {
        return reports(order).stream()
                .filter(report -> report.getType().name().equals(type))
                .map(report -> report.getCode() + ": " + report.getDetail())
                .findFirst()
                .orElse("");
    }

    /** What is certain of each order's placement, of which nothing may take back another. */
    Map<String, String> conclusions() {
        var conclusions = new TreeMap<String, String>();
        for (var report : topics.read(Topics.VENUE_REPORTS, VenueReport.class)) {
            switch (report.getType()) {
                case ACCEPTED, REFUSED, NOT_SENT, ABSENT -> {
                    var before = conclusions.put(
                            report.getOrderId(), report.getType().name());
                    assertThat(before == null || before.equals(report.getType().name()))
                            .as("%s was %s and is now %s", report.getOrderId(), before, report)
                            .isTrue();
                }
                default -> {}
            }
        }
        return conclusions;
    }

    String awaitConclusion(String order) throws InterruptedException {
        await("what became of " + order, () -> conclusions().containsKey(order));
        return conclusions().getOrDefault(order, "");
    }

    void awaitAccepted(String order) throws InterruptedException {
        var conclusion = awaitConclusion(order);
        assertThat(conclusion).as(words(order, conclusion)).isEqualTo("ACCEPTED");
    }

    List<Fill> fills() {
        return topics.read(Topics.FILLS, Fill.class);
    }

    /** Contracts told of each order of ours, by its id; fills of nobody's order under the empty text. */
    Map<String, Long> filled() {
        var filled = new TreeMap<String, Long>();
        var seen = new TreeMap<String, String>();
        for (var fill : fills()) {
            String trade = fill.getTradeId() + " of " + fill.getVenueOrderId();
            String owner = seen.putIfAbsent(trade, fill.getOrderId());
            if (owner == null) {
                filled.merge(fill.getOrderId(), Micros.exact(fill.getQuantity()) / Micros.ONE, Long::sum);
            } else {
                assertThat(fill.getOrderId()).as("the order of trade %s", trade).isEqualTo(owner);
            }
        }
        return filled;
    }

    List<VenueHealth> health() {
        return topics.read(Topics.VENUE_HEALTH, VenueHealth.class).stream()
                .sorted(Comparator.comparing(VenueHealth::getAt))
                .toList();
    }

    VenueHealth newestHealth() {
        return health().getLast();
    }

    /** Waits until the newest record says this, and it is of after the last change to the world around. */
    VenueHealth awaitHealth(String what, Predicate<VenueHealth> said) throws InterruptedException {
        await("health: " + what, () -> {
            var all = health();
            return all.size() > healthBeforeChange && said.test(all.getLast());
        });
        return newestHealth();
    }

    private void changed() {
        healthBeforeChange = health().size();
    }

    List<String> placements() {
        return topics.read(Topics.PLACEMENTS, Placement.class).stream()
                .filter(placement -> placement.getStage() == PlacementStage.SENT)
                .map(Placement::getOrderId)
                .toList();
    }

    /** Our order behind each name that we gave. */
    Map<String, String> clientOrderIds() {
        var names = new TreeMap<String, String>();
        topics.read(Topics.PLACEMENTS, Placement.class)
                .forEach(placement -> names.put(placement.getClientOrderId(), placement.getOrderId()));
        return names;
    }

    // ------------------------------------------------------------------ what the venue has

    /** Where orders are posted, as faults name it. */
    String orderPath() {
        return venue == Venue.KALSHI ? "POST /trade-api/v2/portfolio/events/orders" : "POST /order";
    }

    void faults(String entries) {
        changed();
        post("/faults", "{\"faults\": [" + entries.replace("ORDERS", orderPath()) + "]}");
    }

    void noFaults() {
        changed();
        ask(HttpRequest.newBuilder(adminUri("/faults")).DELETE());
    }

    void post(String path, String body) {
        ask(HttpRequest.newBuilder(adminUri(path)).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private JsonNode get(String path) {
        return ask(HttpRequest.newBuilder(adminUri(path)));
    }

    private JsonNode ask(HttpRequest.Builder request) {
        try {
            var answer = admin.send(request.build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return new JsonMapper().readTree(answer.body());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("the venue's admin port did not answer", e);
        }
    }

    private URI adminUri(String path) {
        return URI.create("http://127.0.0.1:" + simulator.adminPort() + path);
    }

    /** Its own books of the account. */
    JsonNode ledger() {
        return get("/ledger?account=" + nameAtVenue).path("accounts").path(nameAtVenue);
    }

    /** Contracts that the venue filled, by its order; not of what it took back. */
    Map<String, Long> tradedByVenueOrder() {
        var traded = new TreeMap<String, Long>();
        for (JsonNode order : ledger().path("orders")) {
            long filled = order.path("filled").asLong();
            if (filled > 0) {
                traded.put(order.path("orderId").asText(), filled);
            }
        }
        return traded;
    }

    /** Contracts that were told as filled, by the venue's order, each trade counted once. */
    Map<String, Long> toldByVenueOrder() {
        var told = new TreeMap<String, Long>();
        var seen = new TreeSet<String>();
        for (var fill : fills()) {
            if (seen.add(fill.getTradeId() + " of " + fill.getVenueOrderId())) {
                told.merge(fill.getVenueOrderId(), Micros.exact(fill.getQuantity()), Long::sum);
            }
        }
        return told;
    }

    /** Where the venue has an order of ours; empty if nowhere. */
    String statusAtVenue(String id) {
        return orderAtVenue(id).path("status").asText();
    }

    /** Somebody trades with an order of ours that rests. */
    void houseTakes(String id, int contracts) {
        post(
                "/take",
                "{\"order\":\"" + orderAtVenue(id).path("orderId").asText() + "\",\"quantity\":\"" + contracts + "\"}");
    }

    private JsonNode orderAtVenue(String id) {
        var names = clientOrderIds();
        for (JsonNode order : ledger().path("orders")) {
            if (id.equals(names.get(order.path("clientId").asText()))
                    || id.equals(names.get(order.path("orderId").asText()))) {
                return order;
            }
        }
        return MissingNode.getInstance();
    }

    /** Orders at the venue by our id; those of nobody here are left out. */
    Map<String, Integer> ordersAtVenue() {
        var names = clientOrderIds();
        var orders = new TreeMap<String, Integer>();
        for (JsonNode order : ledger().path("orders")) {
            var ours = names.get(order.path("clientId").asText());
            if (ours == null) {
                ours = names.get(order.path("orderId").asText());
            }
            if (ours != null) {
                orders.merge(ours, 1, Integer::sum);
            }
        }
        return orders;
    }

    int strikes() {
        return get("/strikes").findValues("fault").size();
    }

    /** Each order was posted once at most, and is at the venue exactly if it was said to be. */
    void assertCalledOnceAndToldTheTruth() {
        for (JsonNode posted : get("/arrivals").path("arrivals")) {
            if (posted.path("place").asText().equals(orderPath())) {
                assertThat(posted.path("count").asInt())
                        .as("posts of %s", posted.path("body"))
                        .isEqualTo(1);
            }
        }
        var atVenue = ordersAtVenue();
        assertThat(atVenue.values()).as("orders of an intent").allMatch(count -> count == 1);
        assertThat(placements()).as("placements of what is at the venue").containsAll(atVenue.keySet());
        conclusions().forEach((id, conclusion) -> assertThat(conclusion.equals("ACCEPTED"))
                .as("%s was told %s; at the venue: %s", id, conclusion, atVenue.containsKey(id))
                .isEqualTo(atVenue.containsKey(id)));
    }

    // ------------------------------------------------------------------ waiting

    void await(String what, BooleanSupplier happened) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!happened.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as(() -> what + "; reports "
                            + topics.read(Topics.VENUE_REPORTS, VenueReport.class).stream()
                                    .map(it -> it.getOrderId() + " " + it.getType() + " " + it.getDetail())
                                    .toList()
                            + "; told " + filled() + "; health " + (health().isEmpty() ? "" : newestHealth())
                            + "; failures " + failures)
                    .isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    @Override
    public void close() throws IOException {
        running.forEach(LiveConnector::close);
        open.reversed().forEach(Runnable::run);
        simulator.close();
        topics.close();
        admin.close();
    }

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has Ed25519", e);
        }
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + what + "-----\n";
    }
}
