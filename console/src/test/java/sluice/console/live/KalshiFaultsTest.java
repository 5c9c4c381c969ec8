package sluice.console.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.avro.Fill;
import sluice.avro.Placement;
import sluice.avro.PlacementStage;
import sluice.avro.VenueReport;
import sluice.console.stack.TestBroker;
import sluice.console.stack.TestTopics;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.MarketId;
import sluice.domain.Micros;
import sluice.domain.Mode;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.StrategyId;
import sluice.domain.TimeInForce;
import sluice.domain.Venue;
import sluice.domain.order.OrderCommand;
import sluice.topics.Topics;
import sluice.venues.http.HttpSettings;
import sluice.venues.http.VenueHttp;
import sluice.venues.kalshi.KalshiClient;
import sluice.venues.kalshi.KalshiConfig;
import sluice.venues.kalshi.KalshiKey;
import sluice.venues.live.LiveConnector;
import sluice.venues.live.LiveConnectorConfig;
import sluice.venues.simulator.Simulator;
import sluice.wire.OrderCodec;

/**
 * The connector and the Kalshi client against a venue that loses answers, resets connections, answers 500 after it took
 * an order, reads late and repeats frames, while owners of the partition take over from each other. The venue's own
 * ledger, asked behind its back, is the oracle.
 */
class KalshiFaultsTest {
    @RegisterExtension
    static final TestBroker BROKER = new TestBroker();

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int ORDERS = 30;
    private static final int TAKEOVERS = 3;
    private static final AccountId ACCOUNT = new AccountId("alice");
    private static final MarketId MARKET = new MarketId(Venue.KALSHI, "KXSIM-1");
    private static final String FAULTS = """
            {"faults": [
             {"fault": "F1", "where": "POST /trade-api/v2/portfolio/events/orders", "probability": "0.15"},
             {"fault": "F2", "where": "POST /trade-api/v2/portfolio/events/orders", "probability": "0.15"},
             {"fault": "F3", "where": "POST /trade-api/v2/portfolio/events/orders", "probability": "0.15"},
             {"fault": "F4", "where": "fill", "probability": "0.3", "count": 3},
             {"fault": "F5", "where": "fill", "probability": "0.2"},
             {"fault": "F7", "where": "GET", "probability": "0.1", "millis": 1500},
             {"fault": "F14"}
            ]}
            """;

    @TempDir
    private Path folder = Path.of("replaced by the extension");

    private final TestTopics topics = new TestTopics(BROKER, "kalshi-faults");
    private final List<LiveConnector> running = new ArrayList<>();
    private final List<KalshiClient> clients = new ArrayList<>();
    private final List<VenueHttp> https = new ArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final HttpClient admin = HttpClient.newHttpClient();
    private @Nullable Simulator simulator;

    static LongStream seeds() {
        return LongStream.of(Long.getLong("sluice.faults.seed", 1));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void noIntentBecomesTwoOrdersAndNoFillIsLost(long seed) throws Exception {
        // Given
        var random = new Random(seed);
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        String keyId = new UUID(seed, seed).toString();
        setUp(seed, keyId, keys);
        KalshiKey key =
                KalshiKey.parse(keyId, pem("PRIVATE KEY", keys.getPrivate().getEncoded()), null);
        start(key);
        post("/faults", FAULTS);

        // When orders come while one owner after the other is replaced
        var commands = new HashMap<String, OrderCommand>();
        for (int i = 0; i < ORDERS; i++) {
            var command = order("intent-" + i, random);
            commands.put(command.orderId().value(), command);
            topics.send(Topics.ORDERS_KALSHI, command.account().value(), OrderCodec.toAvro(command));
            if (i % (ORDERS / (TAKEOVERS + 1)) == ORDERS / (TAKEOVERS + 1) - 1 && running.size() <= TAKEOVERS) {
                start(key);
            }
            Thread.sleep(random.nextInt(100));
        }

        // Then each comes to a conclusion, and the venue has what we say it has
        await("every conclusion", () -> conclusions().keySet().containsAll(commands.keySet()));
        JsonNode ledger = ledger();
        var atVenue = new TreeMap<String, Integer>();
        var clientIds = new HashMap<String, String>();
        topics.read(Topics.PLACEMENTS, Placement.class)
                .forEach(placement -> clientIds.put(placement.getClientOrderId(), placement.getOrderId()));
        for (JsonNode order : ledger.path("orders")) {
            atVenue.merge(
                    Objects.requireNonNull(
                            clientIds.get(order.path("clientId").asText()), "an order without a placement"),
                    1,
                    Integer::sum);
        }
        assertThat(atVenue).as("orders by intent").allSatisfy((id, count) -> assertThat(count)
                .isEqualTo(1));
        assertThat(placements()).as("placements of what is at the venue").containsAll(atVenue.keySet());
        conclusions().forEach((id, conclusion) -> assertThat(conclusion.equals("ACCEPTED"))
                .as("%s was told %s; at the venue: %s", id, conclusion, atVenue.containsKey(id))
                .isEqualTo(atVenue.containsKey(id)));
        delete("/faults");
        await("every fill", () -> told().equals(traded(ledger())));
        assertThat(traded(ledger())).as("the scenario trades").isNotEmpty();
        assertThat(strikes()).as("faults that struck").isGreaterThan(5);
        assertThat(failures).allSatisfy(failure -> assertThat(failure)
                .as("only those who were taken over from fail")
                .hasStackTraceContaining("enced"));
    }

    @AfterEach
    void stop() throws IOException {
        running.forEach(LiveConnector::close);
        clients.forEach(KalshiClient::close);
        https.forEach(VenueHttp::close);
        if (simulator != null) {
            simulator.close();
        }
        topics.close();
        admin.close();
    }

    // ------------------------------------------------------------------ the world around

    private void setUp(long seed, String keyId, KeyPair keys) throws IOException, InterruptedException {
        Path setup = folder.resolve("setup.json");
        Files.writeString(setup, """
                {"accounts": [{"name": "alice", "tier": "prime", "cash": {"0": "10000.00"},
                               "keys": [{"id": "%s", "publicKey": "%s"}]}],
                 "markets": [{"ticker": "KXSIM-1", "event": "KXSIM", "series": "KXSIM", "title": "Sim",
                              "exchangeIndex": 0, "structure": "linear_cent", "feeType": "quadratic",
                              "feeMultiplier": "1", "settleAfterMillis": -1}]}
                """.formatted(
                        keyId, pem("PUBLIC KEY", keys.getPublic().getEncoded()).replace("\n", "\\n")));
        simulator = Simulator.start(new Simulator.Settings(
                Simulator.Kind.KALSHI, 0, 0, folder.resolve("ledger"), null, seed, setup, null, 1, false, 300));
        post("/levels", "{\"market\":\"KXSIM-1\",\"bids\":[[\"0.40\",\"10000\"]],\"asks\":[[\"0.45\",\"10000\"]]}");
    }

    /** Another owner, which takes over from the one before. */
    private void start(KalshiKey key) throws Exception {
        int port = Objects.requireNonNull(simulator).port();
        var http = new VenueHttp(HttpSettings.all(Duration.ofSeconds(2)), InstantSource.system());
        https.add(http);
        var venue = new KalshiClient(
                KalshiConfig.of(
                                URI.create("http://127.0.0.1:" + port + "/trade-api/v2"),
                                URI.create("ws://127.0.0.1:" + port + "/trade-api/ws/v2"),
                                ACCOUNT,
                                Mode.LIVE)
                        .withPercentOfLimits(100),
                key,
                http,
                InstantSource.system());
        clients.add(venue);
        venue.refresh();
        venue.readLimits();
        var connector = new LiveConnector(
                new LiveConnectorConfig(
                        topics.client(),
                        topics.settings(),
                        topics.registry(),
                        Venue.KALSHI,
                        Mode.LIVE,
                        Map.of(ACCOUNT, venue),
                        (command, epoch) -> Optional.empty(),
                        InstantSource.system(),
                        "one",
                        Duration.ofSeconds(2),
                        Duration.ofMillis(500),
                        16),
                failures::add);
        running.add(connector);
        connector.start();
        connector.ready().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + what + "-----\n";
    }

    private URI adminUri(String path) {
        return URI.create(
                "http://127.0.0.1:" + Objects.requireNonNull(simulator).adminPort() + path);
    }

    private void post(String path, String body) throws IOException, InterruptedException {
        var answer = admin.send(
                HttpRequest.newBuilder(adminUri(path))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private void delete(String path) throws IOException, InterruptedException {
        admin.send(HttpRequest.newBuilder(adminUri(path)).DELETE().build(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode get(String path) {
        try {
            return new JsonMapper()
                    .readTree(admin.send(
                                    HttpRequest.newBuilder(adminUri(path)).build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode ledger() {
        return Objects.requireNonNull(get("/ledger?account=alice").findValue("alice"), "alice's ledger");
    }

    private int strikes() {
        return get("/strikes").findValues("fault").size();
    }

    /** What the venue traded, as order, contracts and price; one line a trade. */
    private static Map<String, Long> traded(JsonNode ledger) {
        var traded = new TreeMap<String, Long>();
        for (JsonNode order : ledger.path("orders")) {
            long filled = order.path("filled").asLong();
            if (filled > 0) {
                traded.put(order.path("orderId").asText(), filled);
            }
        }
        return traded;
    }

    /** What we told of fills, each trade counted once. */
    private Map<String, Long> told() {
        var told = new TreeMap<String, Long>();
        var seen = new TreeSet<String>();
        for (var fill : topics.read(Topics.FILLS, Fill.class)) {
            if (seen.add(fill.getTradeId())) {
                assertThat(fill.getOrderId())
                        .as("our order of trade %s", fill.getTradeId())
                        .isNotEmpty();
                told.merge(fill.getVenueOrderId(), Micros.exact(fill.getQuantity()), Long::sum);
            }
        }
        return told;
    }

    private Map<String, String> conclusions() {
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

    private List<String> placements() {
        return topics.read(Topics.PLACEMENTS, Placement.class).stream()
                .filter(placement -> placement.getStage() == PlacementStage.SENT)
                .map(Placement::getOrderId)
                .toList();
    }

    private OrderCommand order(String id, Random random) {
        long now = System.currentTimeMillis();
        boolean rests = random.nextInt(3) == 0;
        return new OrderCommand(
                OrderCommand.Type.PLACE,
                new OrderId(id),
                ACCOUNT,
                new StrategyId("s1"),
                Mode.LIVE,
                TestTopics.market(MARKET, 1),
                null,
                Side.YES,
                Action.BUY,
                Price.parse(rests ? "0.30" : "0.45"),
                Quantity.parse(String.valueOf(1 + random.nextInt(9))),
                rests ? TimeInForce.GTC : TimeInForce.IOC,
                false,
                null,
                now + 5_000,
                now,
                1,
                "a test",
                null,
                null,
                null);
    }

    private void await(String what, BooleanSupplier happened) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!happened.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("%s; concluded %s; told %s; failures %s", what, conclusions(), told(), failures)
                    .isLessThan(deadline);
            Thread.sleep(100);
        }
    }
}
