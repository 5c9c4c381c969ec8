package sluice.console.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import sluice.console.stack.EmbeddedRegistry;
import sluice.console.stack.TopicAdmin;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.EventId;
import sluice.domain.MarketId;
import sluice.domain.Micros;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.StrategyId;
import sluice.domain.TimeInForce;
import sluice.domain.Venue;
import sluice.domain.market.FeeModel;
import sluice.domain.market.FeeTerms;
import sluice.domain.market.Level;
import sluice.domain.market.Market;
import sluice.domain.market.MarketStatus;
import sluice.domain.market.PriceGrid;
import sluice.domain.market.Quote;
import sluice.domain.order.Signal;
import sluice.domain.risk.ControlCommand;
import sluice.domain.risk.Limit;
import sluice.domain.risk.RiskLimits;
import sluice.domain.risk.Scope;
import sluice.router.topology.TradingTopology;
import sluice.topics.Topic;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.venues.polymarket.WalletKey;
import sluice.venues.simulator.Simulator;
import sluice.wire.AvroSerde;
import sluice.wire.MarketCodec;
import sluice.wire.RiskCodec;
import sluice.wire.SchemaRegistryClient;
import sluice.wire.SignalCodec;

/**
 * What is not killed: topics on a broker, the registry, both venues with their faults, a model that sends signals and
 * an operator who armed live trading.
 */
final class CrashWorld implements AutoCloseable {
    /** A signal older than this becomes no order; so long a doubt lasts at least before absence can be proven. */
    static final Duration SIGNAL_AGE = Duration.ofSeconds(4);

    /** Orders of this strategy rest for {@link #REST} and are then cancelled by the router. */
    static final String QUICK = "quick";

    /** Orders of this one rest until they are cancelled by command. */
    static final String SLOW = "slow";

    private static final Duration REST = Duration.ofMillis(1_500);

    /** How late the simulators' reads are, without and with fault F7; less than {@link Roles#READ_LAG}. */
    private static final int READ_LAG_MILLIS = 200;

    private static final int STALE_MILLIS = 700;
    private static final String KALSHI_MARKET = "KXSIM-1";
    private static final String POLYMARKET_MARKET = "0x" + "5f".repeat(32);
    private static final String YES = "71321045679252212594626385532706912750332728571942532289631379312455583992563";
    private static final String NO = "52114319501245915516055106046884209969926127482827954674443846427813813222426";
    static final List<Venue> VENUES = List.of(Venue.KALSHI, Venue.POLYMARKET);

    private final Map<String, Object> client;
    private final TopicSettings topics;
    private final EmbeddedRegistry registryServer;
    private final SchemaRegistryClient registry;
    private final KafkaProducer<String, byte[]> producer;
    private final Map<Venue, Simulator> simulators = new EnumMap<>(Venue.class);
    private final Map<Venue, String> ledgerAccounts = new EnumMap<>(Venue.class);
    private final HttpClient http = HttpClient.newHttpClient();
    private final Path settings;
    private final Tail tail;
    private long sequence;

    CrashWorld(String bootstrapServers, Path folder, long seed) throws IOException, InterruptedException {
        this.client = Map.of("bootstrap.servers", bootstrapServers);
        this.topics = new TopicSettings("crash-" + seed + "-" + System.nanoTime() + ".", (short) 1, Map.of());
        try (var admin = Admin.create(client)) {
            new TopicAdmin(admin, topics).ensure(Duration.ofSeconds(60));
        }
        this.registryServer = EmbeddedRegistry.start(bootstrapServers, topics, 0);
        this.registry = new SchemaRegistryClient(registryServer.uri());
        registry.registerCatalogue(topics);
        TradingTopology.registerSchemas(topics, registry);
        this.producer = new KafkaProducer<>(client, new StringSerializer(), new ByteArraySerializer());
        var forChildren = new Properties();
        forChildren.setProperty("bootstrap.servers", bootstrapServers);
        forChildren.setProperty("prefix", topics.prefix());
        forChildren.setProperty("registry", registryServer.uri().toString());
        forChildren.setProperty("state", folder.resolve("state").toString());
        startKalshi(folder, seed, forChildren);
        startPolymarket(folder, seed, forChildren);
        this.settings = folder.resolve("roles.properties");
        try (var out = Files.newBufferedWriter(settings)) {
            forChildren.store(out, null);
        }
        this.tail = new Tail(client, topics, registry);
        openDesk();
    }

    Path settings() {
        return settings;
    }

    Tail tail() {
        return tail;
    }

    // ------------------------------------------------------------------ venues

    private void startKalshi(Path folder, long seed, Properties forChildren) throws IOException, InterruptedException {
        var keys = keys();
        String keyId = new UUID(seed, seed).toString();
        Path pem = folder.resolve("kalshi.pem");
        Files.writeString(pem, pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
        Path setup = folder.resolve("kalshi.json");
        Files.writeString(setup, """
                {"accounts": [{"name": "alice", "tier": "prime", "cash": {"0": "1000000.00"},
                               "keys": [{"id": "%s", "publicKey": "%s"}]}],
                 "markets": [{"ticker": "%s", "event": "KXSIM", "series": "KXSIM", "title": "Sim",
                              "exchangeIndex": 0, "structure": "linear_cent", "feeType": "quadratic",
                              "feeMultiplier": "1", "settleAfterMillis": -1}]}
                """.formatted(
                        keyId, pem("PUBLIC KEY", keys.getPublic().getEncoded()).replace("\n", "\\n"), KALSHI_MARKET));
        var simulator = start(Simulator.Kind.KALSHI, folder.resolve("kalshi"), seed, setup);
        simulators.put(Venue.KALSHI, simulator);
        ledgerAccounts.put(Venue.KALSHI, "alice");
        forChildren.setProperty("kalshi.port", Integer.toString(simulator.port()));
        forChildren.setProperty("kalshi.key", keyId);
        forChildren.setProperty("kalshi.pem", pem.toString());
        faults(Venue.KALSHI, "POST /trade-api/v2/portfolio/events/orders", "GET /trade-api/v2/portfolio/fills");
    }

    private void startPolymarket(Path folder, long seed, Properties forChildren)
            throws IOException, InterruptedException {
        byte[] secret = new byte[32];
        new Random(seed).nextBytes(secret);
        secret[0] = 1;
        String address = WalletKey.of(secret).address().text();
        String apiKey = new UUID(seed, seed + 1).toString();
        String apiSecret = Base64.getUrlEncoder().encodeToString(secret);
        Path setup = folder.resolve("polymarket.json");
        Files.writeString(setup, """
                {"accounts": [{"name": "alice", "address": "%s", "wallets": {"0": "%s"}, "cash": {"0": "1000000.00"},
                               "apiKeys": [{"key": "%s", "secret": "%s", "passphrase": "open"}]}],
                 "markets": [{"conditionId": "%s", "yesToken": "%s", "noToken": "%s", "question": "Sim",
                              "tick": "0.01", "minSize": "5", "feeRate": "0.05"}]}
                """.formatted(address, address, apiKey, apiSecret, POLYMARKET_MARKET, YES, NO));
        var simulator = start(Simulator.Kind.POLYMARKET, folder.resolve("polymarket"), seed, setup);
        simulators.put(Venue.POLYMARKET, simulator);
        ledgerAccounts.put(Venue.POLYMARKET, address.toLowerCase(Locale.ROOT));
        forChildren.setProperty("polymarket.port", Integer.toString(simulator.port()));
        forChildren.setProperty("polymarket.secret", HexFormat.of().formatHex(secret));
        forChildren.setProperty("polymarket.apiKey", apiKey);
        forChildren.setProperty("polymarket.apiSecret", apiSecret);
        forChildren.setProperty("polymarket.passphrase", "open");
        faults(Venue.POLYMARKET, "POST /order", "GET /data/trades");
    }

    private static Simulator start(Simulator.Kind kind, Path ledger, long seed, Path setup) throws IOException {
        return Simulator.start(
                new Simulator.Settings(kind, 0, 0, ledger, null, seed, setup, null, 1, false, READ_LAG_MILLIS));
    }

    /**
     * F1, F2, F3 on orders and cancels, F7 on reads, which lag or miss the newest fill, F10 on cancels, F13 on fees and
     * cash, F14.
     */
    private void faults(Venue venue, String orders, String fills) throws IOException, InterruptedException {
        post(venue, "/faults", """
                {"faults": [
                 {"fault": "F1", "where": "%1$s", "probability": "0.08"},
                 {"fault": "F2", "where": "%1$s", "probability": "0.08"},
                 {"fault": "F3", "where": "%1$s", "probability": "0.08"},
                 {"fault": "F1", "where": "DELETE", "probability": "0.1"},
                 {"fault": "F2", "where": "DELETE", "probability": "0.1"},
                 {"fault": "F3", "where": "DELETE", "probability": "0.1"},
                 {"fault": "F7", "where": "GET", "probability": "0.1", "millis": %2$d},
                 {"fault": "F7", "mode": "row", "where": "%3$s", "probability": "0.1"},
                 {"fault": "F10", "where": "DELETE", "probability": "0.2"},
                 {"fault": "F10", "mode": "late", "where": "DELETE", "probability": "0.1", "millis": 600},
                 {"fault": "F13", "where": "%1$s", "probability": "0.05"},
                 {"fault": "F13", "mode": "deposit", "where": "%1$s", "probability": "0.05"},
                 {"fault": "F14"}
                ]}
                """.formatted(orders, STALE_MILLIS, fills));
    }

    /** The venue's own books, asked behind its back. */
    JsonNode ledger(Venue venue) throws IOException, InterruptedException {
        String account = ledgerAccounts.getOrDefault(venue, "");
        return get(venue, "/ledger?account=" + account).path("accounts").path(account);
    }

    /** How often each order arrived at the venue, whatever became of it. */
    List<JsonNode> arrivals(Venue venue) throws IOException, InterruptedException {
        var orders = new ArrayList<JsonNode>();
        for (JsonNode each : get(venue, "/arrivals").path("arrivals")) {
            if (each.path("place").asText().endsWith("/portfolio/events/orders")
                    || each.path("place").asText().equals("POST /order")) {
                orders.add(each);
            }
        }
        return orders;
    }

    int strikes(Venue venue) throws IOException, InterruptedException {
        return get(venue, "/strikes").findValues("fault").size();
    }

    private URI admin(Venue venue, String path) {
        var simulator = simulators.get(venue);
        if (simulator == null) {
            throw new IllegalStateException("no simulator of " + venue);
        }
        return URI.create("http://127.0.0.1:" + simulator.adminPort() + path);
    }

    private void post(Venue venue, String path, String body) throws IOException, InterruptedException {
        var answer = http.send(
                HttpRequest.newBuilder(admin(venue, path))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(venue + " " + path + ": " + answer.body());
        }
    }

    private JsonNode get(Venue venue, String path) throws IOException, InterruptedException {
        return new JsonMapper()
                .readTree(http.send(
                                HttpRequest.newBuilder(admin(venue, path)).build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body());
    }

    private static java.security.KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + what + "-----\n";
    }

    // ------------------------------------------------------------------ model and operator

    private void openDesk() throws IOException, InterruptedException {
        long now = System.currentTimeMillis();
        Map<Limit, Long> limits = new EnumMap<>(Limit.class);
        for (Limit limit : Limit.values()) {
            limits.put(limit, limit.bound() == Limit.Bound.MOST ? 1_000_000_000L * Micros.ONE : 0L);
        }
        limits.put(Limit.MAX_PRICE, 990_000L);
        limits.put(Limit.MAX_SIGNAL_AGE, SIGNAL_AGE.toMillis() * Micros.ONE);
        limits(Scope.ALL, limits, List.of("*"), now);
        limits(
                new Scope(Scope.Kind.STRATEGY, QUICK),
                Map.of(Limit.WORKING_ORDER_TIMEOUT, REST.toMillis() * Micros.ONE),
                List.of(),
                now);
        control(ControlCommand.Type.ARM, Scope.ALL, now + Duration.ofDays(1).toMillis());
        for (Venue venue : VENUES) {
            send(Topics.MARKET_METADATA, venue.name(), sluice.avro.Market.class, MarketCodec.toAvro(market(venue)));
        }
        refreshBooks();
    }

    private void limits(Scope scope, Map<Limit, Long> limits, List<String> markets, long now) {
        send(
                Topics.RISK_LIMITS,
                AccountId.ALL + "|" + scope,
                sluice.avro.RiskLimits.class,
                RiskCodec.toAvro(
                        new RiskLimits(AccountId.ALL, scope, 1, limits, markets, List.of(), "test", "test", now)));
    }

    private void control(ControlCommand.Type type, Scope scope, @Nullable Long expires) {
        long number = ++sequence;
        send(
                Topics.CONTROL,
                scope.toString(),
                sluice.avro.ControlCommand.class,
                RiskCodec.toAvro(new ControlCommand(
                        "c" + number,
                        type,
                        scope,
                        AccountId.ALL,
                        "a test",
                        "test",
                        System.currentTimeMillis(),
                        expires,
                        number,
                        Map.of())));
    }

    /** The operator takes off what rests. */
    void cancelSlow() {
        control(ControlCommand.Type.CANCEL_ALL, new Scope(Scope.Kind.STRATEGY, SLOW), null);
    }

    /** Both venues offer enough again, and the quotes say so. */
    void refreshBooks() throws IOException, InterruptedException {
        for (Venue venue : VENUES) {
            post(venue, "/levels", """
                    {"market": "%s", "bids": [["0.40", "10000"]], "asks": [["0.45", "10000"]]}
                    """.formatted(market(venue).id().id()));
            send(
                    Topics.MARKET_QUOTES,
                    market(venue).id().toString(),
                    sluice.avro.Quote.class,
                    MarketCodec.toAvro(new Quote(
                            market(venue).id(),
                            List.of(new Level(Price.parse("0.40"), Quantity.parse("10000"))),
                            List.of(new Level(Price.parse("0.45"), Quantity.parse("10000"))),
                            true,
                            null,
                            null,
                            null,
                            null,
                            System.currentTimeMillis(),
                            "test")));
        }
    }

    /** What a model wants; sent again it is the same intent. */
    record Wish(String key, Venue venue, String strategy, boolean rests, int quantity) {}

    void send(Wish wish) {
        send(
                Topics.SIGNALS,
                Roles.ACCOUNT.value(),
                sluice.avro.Signal.class,
                SignalCodec.toAvro(new Signal(
                        "r-" + ++sequence,
                        wish.key,
                        Roles.ACCOUNT,
                        new StrategyId(wish.strategy),
                        market(wish.venue).id(),
                        null,
                        null,
                        null,
                        "Sim",
                        null,
                        null,
                        Micros.parse("25"),
                        Side.YES,
                        Action.BUY,
                        Price.parse(wish.rests ? "0.30" : "0.45"),
                        Quantity.parse(Integer.toString(wish.quantity)),
                        null,
                        null,
                        wish.rests ? TimeInForce.GTC : TimeInForce.IOC,
                        false,
                        null,
                        System.currentTimeMillis(),
                        null,
                        null,
                        null,
                        Map.of())));
    }

    private <T extends SpecificRecord> void send(Topic topic, String key, Class<T> type, T value) {
        String name = topics.nameOf(topic);
        try {
            producer.send(new ProducerRecord<>(name, key, new AvroSerde<>(type, registry).serialize(name, value)))
                    .get();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException("cannot write to " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static String marketOf(Venue venue) {
        return venue == Venue.KALSHI ? KALSHI_MARKET : POLYMARKET_MARKET;
    }

    private static Market market(Venue venue) {
        boolean kalshi = venue == Venue.KALSHI;
        var step = Price.parse("0.01");
        return new Market(
                new MarketId(venue, marketOf(venue)),
                new EventId(kalshi ? "KXSIM" : "sim"),
                false,
                "Sim",
                "",
                MarketStatus.ACTIVE,
                null,
                System.currentTimeMillis() + Duration.ofDays(1).toMillis(),
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
                System.currentTimeMillis(),
                "test");
    }

    @Override
    public void close() throws IOException {
        tail.close();
        producer.close();
        http.close();
        for (Simulator simulator : simulators.values()) {
            simulator.close();
        }
        registry.close();
        registryServer.close();
    }
}
