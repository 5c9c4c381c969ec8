package sluice.console.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sluice.avro.Market;
import sluice.avro.MarketStatus;
import sluice.avro.Position;
import sluice.avro.Quote;
import sluice.avro.Settlement;
import sluice.avro.SettlementResult;
import sluice.avro.SettlementStatus;
import sluice.console.stack.TestBroker;
import sluice.console.stack.TopicAdmin;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.MarketId;
import sluice.domain.Micros;
import sluice.domain.Mode;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.StrategyId;
import sluice.domain.TimeInForce;
import sluice.domain.Venue;
import sluice.domain.order.Signal;
import sluice.topics.Topic;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.venues.api.VenueClient;
import sluice.venues.http.HttpSettings;
import sluice.venues.http.VenueHttp;
import sluice.venues.kalshi.KalshiClient;
import sluice.venues.kalshi.KalshiConfig;
import sluice.venues.kalshi.KalshiKey;
import sluice.venues.marketdata.MarketDataConfig;
import sluice.venues.marketdata.MarketDataConnector;
import sluice.venues.polymarket.PolymarketClient;
import sluice.venues.polymarket.PolymarketConfig;
import sluice.venues.simulator.Simulator;
import sluice.wire.AvroSerde;
import sluice.wire.InMemorySchemaRegistry;
import sluice.wire.SignalCodec;

/** Market data of both simulated venues, over real HTTP and websockets, into real topics. */
class MarketDataConnectorTest {
    @RegisterExtension
    static final TestBroker BROKER = new TestBroker();

    private static final AtomicInteger TESTS = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final MarketDataConfig.Tuning TUNING = new MarketDataConfig.Tuning(
            Duration.ofHours(1),
            10,
            Duration.ofMillis(500),
            Duration.ofMillis(200),
            Duration.ofMillis(20),
            Duration.ofMillis(500),
            20,
            8);
    private static final String YES = "71321045679252212594626385532706912750332728571942532289631379312455583992563";
    private static final String NO = "52114319501245915516055106046884209969926127482827954674443846427813813222426";
    private static final String OTHER_YES =
            "71321045679252212594626385532706912750332728571942532289631379312455583992564";
    private static final String OTHER_NO =
            "52114319501245915516055106046884209969926127482827954674443846427813813222427";

    @TempDir
    private Path folder = Path.of("replaced by the extension");

    private final TopicSettings topics =
            new TopicSettings("market-data-" + TESTS.incrementAndGet() + ".", (short) 1, Map.of());
    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final HttpClient admin = HttpClient.newHttpClient();
    private final AtomicReference<@Nullable MarketDataConnector> connector = new AtomicReference<>();
    private @Nullable KafkaProducer<String, byte[]> producer;
    private @Nullable Simulator simulator;
    private @Nullable VenueClient client;

    enum Simulated {
        KALSHI,
        POLYMARKET;

        Venue venue() {
            return Venue.valueOf(name());
        }

        MarketId market() {
            return new MarketId(venue(), this == KALSHI ? "KXSIM-1" : "0x" + "0".repeat(63) + "1");
        }

        MarketId other() {
            return new MarketId(venue(), this == KALSHI ? "KXSIM-2" : "0x" + "0".repeat(63) + "2");
        }
    }

    @AfterEach
    void stop() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
        admin.close();
    }

    @ParameterizedTest
    @EnumSource
    void aSignalMakesItsMarketAppearAndNoOther(Simulated venue) throws Exception {
        // Given
        setUp(venue);
        levels(venue.market(), "0.40", "0.45");
        levels(venue.other(), "0.20", "0.25");
        start(venue);
        send(Topics.SIGNALS_JSON, "x", "no JSON".getBytes(StandardCharsets.UTF_8));
        send(Topics.SIGNALS, "x", new byte[] {0, 1, 2, 3, 4, 5, 6});

        // When
        signalJson(venue.market());

        // Then
        await("its book", () -> lastQuote(venue.market(), "0.40", "0.45"));
        assertThat(markets(venue.market())).singleElement().satisfies(market -> {
            assertThat(market.getStatus()).isEqualTo(MarketStatus.ACTIVE);
            assertThat(market.getPriceRanges()).isNotEmpty();
        });

        // When its book changes
        levels(venue.market(), "0.41", "0.44");

        // Then
        await("the change", () -> lastQuote(venue.market(), "0.41", "0.44"));
        assertThat(markets(venue.other())).isEmpty();
        assertThat(quotes(venue.other())).isEmpty();

        // When a signal in the other format names the other market
        signalAvro(venue.other());

        // Then both are followed
        await("the other book", () -> lastQuote(venue.other(), "0.20", "0.25"));
        levels(venue.market(), "0.42", "0.43");
        await("a change of the first", () -> lastQuote(venue.market(), "0.42", "0.43"));
        assertThat(markets(venue.market())).as("nothing of it has changed").hasSize(1);
        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsHeldIsFollowedAndItsResultIsToldOnce(Simulated venue) throws Exception {
        // Given
        setUp(venue);
        levels(venue.market(), "0.40", "0.45");
        hold(venue.market());
        start(venue);
        await("its book", () -> lastQuote(venue.market(), "0.40", "0.45"));
        assertThat(settlements(venue.market())).isEmpty();

        // When
        post(
                "/settle",
                "{\"market\":\"%s\",\"value\":\"1\",\"result\":\"yes\",\"pay\":true}"
                        .formatted(venue.market().id()));

        // Then
        await("the result", () -> settlements(venue.market()).stream()
                .anyMatch(each -> each.getStatus() == SettlementStatus.FINAL));
        await(
                "the market's last status",
                () -> markets(venue.market()).getLast().getStatus() == MarketStatus.SETTLED);

        // When another instance starts, and follows another market
        restart(venue);
        levels(venue.other(), "0.20", "0.25");
        signalJson(venue.market());
        signalJson(venue.other());
        await("the other book", () -> lastQuote(venue.other(), "0.20", "0.25"));

        // Then nothing is told again
        assertThat(settlements(venue.market()).stream().filter(each -> each.getStatus() == SettlementStatus.FINAL))
                .singleElement()
                .satisfies(settlement -> {
                    assertThat(settlement.getResult()).isEqualTo(SettlementResult.YES);
                    assertThat(Micros.exact(settlement.getYesValue())).isEqualTo(Micros.ONE);
                });
        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aQuietBookStaysFreshBecauseTheVenueConfirmsIt(Simulated venue) throws Exception {
        // Given
        setUp(venue);
        levels(venue.market(), "0.40", "0.45");
        start(venue);
        signalJson(venue.market());
        await("its book", () -> lastQuote(venue.market(), "0.40", "0.45"));
        var quiet = quotes(venue.market()).getLast().getAt();

        // Then it is told again, as of later, with nothing having happened
        await("confirmations", () -> quotes(venue.market()).getLast().getAt().isAfter(quiet.plusSeconds(3)));
        assertThat(lastQuote(venue.market(), "0.40", "0.45")).isTrue();
        assertThat(quotes(venue.market()))
                .allSatisfy(quote -> assertThat(quote.getAt()).isBeforeOrEqualTo(Instant.now()));
    }

    @ParameterizedTest
    @EnumSource
    void afterACutOnlyFreshBooksAreTold(Simulated venue) throws Exception {
        // Given
        setUp(venue);
        levels(venue.market(), "0.40", "0.45");
        start(venue);
        signalJson(venue.market());
        await("its book", () -> lastQuote(venue.market(), "0.40", "0.45"));

        // When the venue is gone for a while
        int port = Objects.requireNonNull(simulator).port();
        Objects.requireNonNull(simulator).close();
        await("the gap", () -> !Objects.requireNonNull(client).health().streams());
        int before = quotes(venue.market()).size();
        long cut = System.currentTimeMillis();
        Thread.sleep(1_500);
        assertThat(quotes(venue.market()))
                .as("nothing is told while nothing is known")
                .hasSize(before);
        simulate(venue, port);
        levels(venue.market(), "0.30", "0.35");

        // Then
        await("the new book", () -> lastQuote(venue.market(), "0.30", "0.35"));
        assertThat(quotes(venue.market()).stream().skip(before))
                .allSatisfy(quote -> assertThat(quote.getAt()).isAfterOrEqualTo(Instant.ofEpochMilli(cut)));
        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aMarketThatTheVenueDoesNotKnowDisturbsNoOther(Simulated venue) throws Exception {
        // Given
        setUp(venue);
        levels(venue.market(), "0.40", "0.45");
        start(venue);
        var unknown = new MarketId(venue.venue(), venue.market().id().replace('1', '9'));

        // When
        signalJson(unknown);
        signalJson(venue.market());

        // Then
        await("its book", () -> lastQuote(venue.market(), "0.40", "0.45"));
        assertThat(markets(unknown)).isEmpty();
        assertThat(failures).isEmpty();
    }

    // ------------------------------------------------------------------ the world around

    private final KeyPair keys = newKeys();
    private final String keyId = new UUID(1, 1).toString();

    private static KeyPair newKeys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void setUp(Simulated venue) throws Exception {
        registry.registerCatalogue(topics);
        try (var kafka = Admin.create(kafka())) {
            new TopicAdmin(kafka, topics).ensure(PATIENCE);
        }
        var writing = new KafkaProducer<>(kafka(), new StringSerializer(), new ByteArraySerializer());
        producer = writing;
        open.push(writing);
        Files.writeString(
                folder.resolve("setup.json"),
                switch (venue) {
                    case KALSHI ->
                        """
                {"accounts": [{"name": "alice", "tier": "prime", "cash": {"0": "10000.00"},
                               "keys": [{"id": "%s", "publicKey": "%s"}]}],
                 "markets": [%s, %s]}
                """.formatted(
                                keyId,
                                pem("PUBLIC KEY", keys.getPublic().getEncoded()).replace("\n", "\\n"),
                                kalshiMarket("KXSIM-1"),
                                kalshiMarket("KXSIM-2"));
                    case POLYMARKET ->
                        """
                {"accounts": [], "markets": [%s, %s]}
                """.formatted(
                                        polymarketMarket(venue.market(), YES, NO),
                                        polymarketMarket(venue.other(), OTHER_YES, OTHER_NO));
                });
        simulate(venue, 0);
        open.push(() -> Objects.requireNonNull(simulator).close());
    }

    private static String kalshiMarket(String ticker) {
        return """
               {"ticker": "%s", "event": "KXSIM", "series": "KXSIM", "title": "Sim", "exchangeIndex": 0,
                "structure": "linear_cent", "feeType": "quadratic", "feeMultiplier": "1", "settleAfterMillis": -1}
               """.formatted(ticker);
    }

    private static String polymarketMarket(MarketId market, String yes, String no) {
        return """
               {"conditionId": "%s", "yesToken": "%s", "noToken": "%s", "question": "Q", "tick": "0.01",
                "negRisk": false, "feeRate": "0.05"}
               """.formatted(market.id(), yes, no);
    }

    private void simulate(Simulated venue, int port) throws IOException {
        simulator = Simulator.start(new Simulator.Settings(
                Simulator.Kind.valueOf(venue.name()),
                port,
                0,
                folder.resolve("ledger"),
                null,
                1,
                folder.resolve("setup.json"),
                null,
                1,
                false,
                0));
    }

    private VenueClient client(Simulated venue) {
        int port = Objects.requireNonNull(simulator).port();
        var http = new VenueHttp(HttpSettings.all(Duration.ofSeconds(2)), InstantSource.system());
        open.push(http);
        return switch (venue) {
            case KALSHI -> {
                var kalshi = new KalshiClient(
                        KalshiConfig.of(
                                        URI.create("http://127.0.0.1:" + port + "/trade-api/v2"),
                                        URI.create("ws://127.0.0.1:" + port + "/trade-api/ws/v2"),
                                        new AccountId("alice"),
                                        Mode.LIVE)
                                .withPercentOfLimits(100),
                        KalshiKey.parse(
                                keyId, pem("PRIVATE KEY", keys.getPrivate().getEncoded()), null),
                        http,
                        InstantSource.system());
                open.push(kalshi);
                kalshi.readLimits();
                yield kalshi;
            }
            case POLYMARKET -> {
                var polymarket = new PolymarketClient(
                        PolymarketConfig.oneHost(URI.create("http://127.0.0.1:" + port), false, Mode.LIVE),
                        List.of(),
                        http,
                        InstantSource.system(),
                        (market, why) -> {
                            var running = connector.get();
                            if (running != null) {
                                running.reread(market, why);
                            }
                        });
                open.push(polymarket);
                yield polymarket;
            }
        };
    }

    private void start(Simulated venue) throws Exception {
        var through = client(venue);
        client = through;
        var started = new MarketDataConnector(
                new MarketDataConfig(
                        kafka(), topics, registry, venue.venue(), through, Set.of(), InstantSource.system(), TUNING),
                failures::add);
        connector.set(started);
        open.push(started);
        started.start();
        started.ready().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private void restart(Simulated venue) throws Exception {
        Objects.requireNonNull(connector.get()).close();
        start(venue);
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + what + "-----\n";
    }

    private void levels(MarketId market, String bid, String ask) throws IOException, InterruptedException {
        post(
                "/levels",
                "{\"market\":\"%s\",\"bids\":[[\"%s\",\"100\"]],\"asks\":[[\"%s\",\"100\"]]}"
                        .formatted(market.id(), bid, ask));
    }

    private void post(String path, String body) throws IOException, InterruptedException {
        var answer = admin.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                + Objects.requireNonNull(simulator).adminPort() + path))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private void signalJson(MarketId market) throws Exception {
        send(
                Topics.SIGNALS_JSON,
                "any",
                "{\"platform\":\"%s\",\"market_id\":\"%s\",\"size\":1}"
                        .formatted(market.venue().name().toLowerCase(java.util.Locale.ROOT), market.id())
                        .getBytes(StandardCharsets.UTF_8));
    }

    private void signalAvro(MarketId market) throws Exception {
        var signal = new Signal(
                "r-1",
                "k-1",
                new AccountId("alice"),
                new StrategyId("s1"),
                market,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                Side.YES,
                Action.BUY,
                Price.parse("0.40"),
                Quantity.parse("1"),
                null,
                null,
                TimeInForce.IOC,
                false,
                null,
                System.currentTimeMillis(),
                null,
                null,
                null,
                Map.of());
        var serde = new AvroSerde<>(sluice.avro.Signal.class, registry);
        send(Topics.SIGNALS, "alice", serde.serialize(topics.nameOf(Topics.SIGNALS), SignalCodec.toAvro(signal)));
    }

    private void hold(MarketId market) throws Exception {
        var zero = Micros.decimal(0);
        var position = Position.newBuilder()
                .setAccount("alice")
                .setMode(sluice.avro.Mode.LIVE)
                .setVenue(sluice.avro.Venue.valueOf(market.venue().name()))
                .setMarketId(market.id())
                .setEventId("e")
                .setCategory("")
                .setYesQuantity(Micros.decimal(5 * Micros.ONE))
                .setYesCost(zero)
                .setNoQuantity(zero)
                .setNoCost(zero)
                .setFees(zero)
                .setRealisedPnl(zero)
                .setExposure(zero)
                .setSettled(false)
                .setAt(Instant.now())
                .build();
        var serde = new AvroSerde<>(Position.class, registry);
        send(Topics.POSITIONS, "alice|LIVE|" + market, serde.serialize(topics.nameOf(Topics.POSITIONS), position));
    }

    private void send(Topic topic, String key, byte @Nullable [] value) throws Exception {
        Objects.requireNonNull(producer)
                .send(new ProducerRecord<>(topics.nameOf(topic), key, value))
                .get();
    }

    // ------------------------------------------------------------------ what was told

    private boolean lastQuote(MarketId market, String bid, String ask) {
        var quotes = quotes(market);
        if (quotes.isEmpty()) {
            return false;
        }
        var last = quotes.getLast();
        return !last.getBids().isEmpty()
                && !last.getAsks().isEmpty()
                && Micros.exact(last.getBids().getFirst().getPrice())
                        == Price.parse(bid).micros()
                && Micros.exact(last.getAsks().getFirst().getPrice())
                        == Price.parse(ask).micros();
    }

    private List<Quote> quotes(MarketId market) {
        return read(Topics.MARKET_QUOTES, Quote.class, market);
    }

    private List<Market> markets(MarketId market) {
        return read(Topics.MARKET_METADATA, Market.class, market);
    }

    private List<Settlement> settlements(MarketId market) {
        return read(Topics.MARKET_SETTLEMENTS, Settlement.class, market);
    }

    private <T extends SpecificRecord> List<T> read(Topic topic, Class<T> type, MarketId market) {
        var serde = new AvroSerde<>(type, registry);
        String name = topics.nameOf(topic);
        var values = new ArrayList<T>();
        try (var consumer = new KafkaConsumer<>(kafka(), new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(name).stream()
                    .map(info -> new TopicPartition(name, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                for (var record : consumer.poll(Duration.ofMillis(50))) {
                    var value = serde.deserialize(name, record.value());
                    if (value != null && record.key().equals(market.toString())) {
                        values.add(value);
                    }
                }
            }
        }
        return values;
    }

    private static Map<String, Object> kafka() {
        return Map.of("bootstrap.servers", BROKER.bootstrapServers());
    }

    private void await(String what, BooleanSupplier happened) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!happened.getAsBoolean()) {
            assertThat(System.nanoTime()).as("%s; failures %s", what, failures).isLessThan(deadline);
            Thread.sleep(50);
        }
    }
}
