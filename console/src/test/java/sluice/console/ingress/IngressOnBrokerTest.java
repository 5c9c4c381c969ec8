package sluice.console.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.avro.DeadLetter;
import sluice.avro.Signal;
import sluice.console.stack.EmbeddedBroker;
import sluice.console.stack.TopicAdmin;
import sluice.domain.AccountId;
import sluice.domain.MarketId;
import sluice.domain.Micros;
import sluice.domain.Mode;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.RandomDomain;
import sluice.domain.StrategyId;
import sluice.domain.Venue;
import sluice.domain.journal.JournalEntry;
import sluice.domain.journal.JournalEntry.ControlReceived;
import sluice.domain.journal.JournalEntry.DayRolled;
import sluice.domain.journal.JournalEntry.SignalReceived;
import sluice.domain.journal.JournalEntry.Tick;
import sluice.domain.journal.Origin;
import sluice.domain.market.Level;
import sluice.domain.market.Quote;
import sluice.risk.ingress.IngressApp;
import sluice.risk.ingress.IngressSettings;
import sluice.topics.Topic;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.wire.AvroSerde;
import sluice.wire.InMemorySchemaRegistry;
import sluice.wire.JournalCodec;
import sluice.wire.MarketCodec;
import sluice.wire.OrderCodec;
import sluice.wire.RegistryUnavailableException;
import sluice.wire.RiskCodec;
import sluice.wire.SchemaRegistry;
import sluice.wire.SnapshotCodec;
import sluice.wire.TrustedSchemas;

/** Ingress on a real broker: what it appends, what it puts aside, and what it does when others fail it. */
class IngressOnBrokerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long NOON = Instant.parse("2026-01-28T12:00:00Z").toEpochMilli();
    private static final AccountId MAIN = new AccountId("main");
    private static final AccountId SECOND = new AccountId("second");
    private static final MarketId BOS = new MarketId(Venue.KALSHI, "KXNBA-BOS");
    private static final int PARTITIONS = 3;
    private static final AtomicLong RUNS = new AtomicLong();

    @TempDir
    private static Path directory;

    private static EmbeddedBroker broker;
    private static Producer<byte[], byte[]> producer;

    private final InMemorySchemaRegistry schemas = new InMemorySchemaRegistry();
    private final AtomicBoolean registryIsDown = new AtomicBoolean();
    private final AtomicBoolean registryHangs = new AtomicBoolean();
    private final SchemaRegistry registry = registry();
    private final AtomicLong clock = new AtomicLong(NOON);
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final List<IngressApp> apps = new ArrayList<>();
    private final Map<Topic, Tail> tails = new HashMap<>();
    private TopicSettings topics = TopicSettings.DEFAULT;

    /** A journal record with what is not part of its value. */
    private record Entry(
            JournalEntry entry, String key, @Nullable Origin origin) {}

    @BeforeAll
    static void startBroker() {
        TrustedSchemas.trust();
        broker = EmbeddedBroker.start(directory, 0);
        producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @AfterAll
    static void stopBroker() {
        producer.close(Duration.ofSeconds(10));
        broker.close();
    }

    @BeforeEach
    void useTopicsOfItsOwn() {
        String name = "test" + RUNS.incrementAndGet();
        topics = new TopicSettings(name + ".", (short) 1, Map.of("journal", PARTITIONS));
        schemas.registerCatalogue(topics);
    }

    @AfterEach
    void closeAll() {
        registryHangs.set(false);
        apps.forEach(app -> assertThat(app.close(Duration.ofSeconds(30))).isTrue());
        tails.values().forEach(tail -> tail.consumer.close());
    }

    // ---------------------------------------------------------------- what is appended

    @Test
    void everythingGoesIntoOneLog() {
        // Given
        createTopics();
        var random = new RandomDomain(1);
        var report = random.report(SECOND);
        var fill = random.fill(MAIN);
        var halt = random.control();
        var limits = random.limits();
        var settlement = random.settlement();
        var snapshot = random.snapshot();
        start();

        // When
        send(Topics.SIGNALS, null, signal("k-1", MAIN));
        send(Topics.SIGNALS_JSON, null, json("k-2"));
        send(Topics.VENUE_REPORTS, "second", OrderCodec.toAvro(report));
        send(Topics.FILLS, "main", OrderCodec.toAvro(fill));
        send(Topics.CONTROL, "all", RiskCodec.toAvro(halt));
        send(Topics.RISK_LIMITS, "all", RiskCodec.toAvro(limits));
        send(Topics.MARKET_SETTLEMENTS, "m", MarketCodec.toAvro(settlement));
        send(Topics.VENUE_SNAPSHOTS, "second|kalshi", SnapshotCodec.toAvro(SECOND, snapshot));
        until(() -> journal().stream().filter(it -> it.origin != null).count() == 5 + 3 * PARTITIONS);

        // Then: what concerns one account stands in its partition, where any Kafka client would look for it
        for (Entry it : journal()) {
            if (it.entry.account().equals(AccountId.ALL)) {
                assertThat(it.key).isEqualTo("*");
            } else {
                assertThat(it.key).isEqualTo(it.entry.account().value());
                assertThat(it.entry.partition())
                        .isEqualTo(Utils.toPositive(Utils.murmur2(it.key.getBytes(UTF_8))) % PARTITIONS);
            }
            assertThat(it.entry.timeMillis()).isEqualTo(NOON);
        }
        assertThat(bodiesOf(SECOND)).containsExactlyInAnyOrder(new JournalEntry.ReportReceived(report), snapshot);
        assertThat(bodiesOf(MAIN)).contains(new JournalEntry.FillReceived(fill)).hasSize(3);
        assertThat(intentKeys()).containsExactlyInAnyOrder("k-1", "k-2");
        // Then: what may concern any account stands in every partition, after the day had begun there
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int here = partition;
            List<JournalEntry.Body> told = journal().stream()
                    .map(it -> it.entry)
                    .filter(it -> it.account().equals(AccountId.ALL) && it.partition() == here)
                    .map(JournalEntry::body)
                    .toList();
            assertThat(told)
                    .startsWith(new DayRolled(20_481, "Z"), new Tick(1))
                    .contains(
                            new ControlReceived(halt),
                            new JournalEntry.LimitsReceived(limits),
                            new JournalEntry.SettlementReceived(settlement))
                    .hasSize(5);
        }
    }

    @Test
    void theClockIsTheOneThatWasGiven() {
        // Given
        createTopics();
        start();
        until(() -> journal().size() == 2 * PARTITIONS);

        // When
        clock.set(NOON + 1_000);
        until(() -> journal().size() == 3 * PARTITIONS);
        clock.set(NOON + Duration.ofHours(12).toMillis());
        until(() -> journal().size() == 5 * PARTITIONS);

        // Then
        assertThat(journal().stream()
                        .filter(it -> it.entry.partition() == 1)
                        .map(it -> it.entry.body() + " " + (it.entry.timeMillis() - NOON)))
                .containsExactly(
                        "DayRolled[tradingDay=20481, zone=Z] 0",
                        "Tick[number=1] 0",
                        "Tick[number=2] 1000",
                        "DayRolled[tradingDay=20482, zone=Z] 43200000",
                        "Tick[number=3] 43200000");
    }

    @Test
    void whatWasAppliedIsBesideTheNextSignal() {
        // Given
        createTopics();
        var market = new RandomDomain(5).market(BOS);
        TopicPartition known = send(Topics.MARKET_METADATA, BOS.toString(), MarketCodec.toAvro(market));
        send(Topics.MARKET_QUOTES, BOS.toString(), MarketCodec.toAvro(quote("0.40")));
        IngressApp app = start();
        assertThat(app.positionOf(known)).isEqualTo(1);

        for (int i = 1; i <= 5; i++) {
            // When
            String bid = "0.5" + (10 + i);
            TopicPartition quotes = send(Topics.MARKET_QUOTES, BOS.toString(), MarketCodec.toAvro(quote(bid)));
            long next = i + 1L;
            until(() -> app.positionOf(quotes) == next);
            send(Topics.SIGNALS, "any", signal("k-" + i, MAIN));
            String key = "k-" + i;
            until(() -> !signals(key).isEmpty());

            // Then
            SignalReceived received = signals(key).getFirst();
            assertThat(requireNonNull(received.quote()).yesBid()).isEqualTo(Price.parse(bid));
            assertThat(received.quote().origin()).isEqualTo(new Origin("market.quotes", quotes.partition(), i));
            assertThat(received.market()).isEqualTo(market);
        }
    }

    @Test
    void quotesFromBeforeTheStartAreKnown() {
        // Given
        createTopics();
        send(Topics.MARKET_QUOTES, BOS.toString(), MarketCodec.toAvro(quote("0.41")));
        send(Topics.MARKET_QUOTES, BOS.toString(), MarketCodec.toAvro(quote("0.42")));
        send(Topics.SIGNALS, "any", signal("k-1", MAIN));

        // When
        start();
        until(() -> !signals("k-1").isEmpty());

        // Then
        assertThat(requireNonNull(signals("k-1").getFirst().quote()).yesBid()).isEqualTo(Price.parse("0.42"));
    }

    // ---------------------------------------------------------------- what is put aside

    @Test
    void poisonOfEveryKindIsPutAsideAndNothingStops() {
        // Given
        createTopics();
        byte[] good = bytes(Topics.SIGNALS, signal("k-0", MAIN));
        var poison = new HashMap<String, byte @Nullable []>();
        poison.put("the record has no value", null);
        poison.put("value of 0 bytes", new byte[0]);
        poison.put("send it in the Confluent wire format", json("k-0").getBytes(UTF_8));
        poison.put(
                "schema id 4711 is not known",
                ByteBuffer.wrap(good.clone()).putInt(1, 4711).array());
        poison.put(
                "is sluice.avro.Fill and not sluice.avro.Signal",
                bytes(Topics.FILLS, OrderCodec.toAvro(new RandomDomain(1).fill())));
        poison.put("bytes are no Signal", java.util.Arrays.copyOf(good, good.length - 3));
        poison.put("before the end of its", java.util.Arrays.copyOf(good, good.length + 3));
        poison.put(
                "Signal.limit_price: price 1.5 is not between 0 and 1",
                bytes(Topics.SIGNALS, edited(signal -> signal.setLimitPrice(Micros.decimal(1_500_000)))));
        poison.put(
                "Signal.side: UNKNOWN is not one of YES, NO",
                bytes(Topics.SIGNALS, edited(signal -> signal.setSide(sluice.avro.Side.UNKNOWN))));
        poison.put(
                "account \"nobody\" is not configured; configured are: main, second",
                bytes(Topics.SIGNALS, edited(signal -> signal.setAccount("nobody"))));
        var poisonJson = new HashMap<String, byte @Nullable []>();
        poisonJson.put("signals.json: the record has no value", null);
        poisonJson.put("the record is empty", new byte[0]);
        poisonJson.put("is not JSON that is read", "{".getBytes(UTF_8));
        poisonJson.put("is not UTF-8", new byte[] {'{', (byte) 0xFF, '}'});
        poisonJson.put("send it to the topic signals", good);
        poisonJson.put("at most 65536 are read", ("\"" + "x".repeat(900_000) + "\"").getBytes(UTF_8));
        poisonJson.put("limit_price is 1.5", json("k-0").replace("0.65", "1.5").getBytes(UTF_8));
        IngressApp app = start();

        // When
        poison.forEach((reason, value) -> send(Topics.SIGNALS, "key of " + reason, value));
        poisonJson.forEach((reason, value) -> send(Topics.SIGNALS_JSON, "key of " + reason, value));
        for (Topic topic : inputs()) {
            send(topic, "broken", new byte[] {1, 2, 3});
        }
        IntStream.range(0, 10).forEach(i -> send(Topics.SIGNALS, "any-" + i, signal("good-" + i, MAIN)));
        until(() -> intentKeys().size() == 10);

        // Then
        expectDeadLetters(Topics.SIGNALS, poison);
        expectDeadLetters(Topics.SIGNALS_JSON, poisonJson);
        for (Topic topic : inputs()) {
            until(() ->
                    deadLetters(topic).stream().anyMatch(it -> text(it.getKey()).equals("broken")));
            assertThat(app.metrics().deadLetters(topic))
                    .isEqualTo(deadLetters(topic).size());
        }
        assertThat(failures).isEmpty();
        assertThat(app.metrics().restarts()).isZero();
    }

    private void expectDeadLetters(Topic topic, Map<String, byte @Nullable []> poison) {
        until(() -> deadLetters(topic).size() == poison.size() + 1);
        List<DeadLetter> letters = deadLetters(topic);
        poison.forEach((reason, value) -> {
            DeadLetter letter = letters.stream()
                    .filter(it -> text(it.getKey()).equals("key of " + reason))
                    .findFirst()
                    .orElseThrow();
            assertThat(letter.getReason()).contains(reason);
            assertThat(letter.getValue()).isEqualTo(value == null ? null : ByteBuffer.wrap(value));
            ConsumerRecord<byte[], byte[]> original = records(topic).stream()
                    .filter(it -> it.partition() == letter.getOrigin().getPartition()
                            && it.offset() == letter.getOrigin().getOffset())
                    .findFirst()
                    .orElseThrow();
            assertThat(letter.getOrigin().getTopic()).isEqualTo(topic.name());
            assertThat(letter.getKey()).isEqualTo(ByteBuffer.wrap(original.key()));
            assertThat(letter.getRecordAt()).isEqualTo(Instant.ofEpochMilli(original.timestamp()));
            assertThat(letter.getAt()).isEqualTo(Instant.ofEpochMilli(NOON));
        });
    }

    // ---------------------------------------------------------------- when others fail it

    /** A halt does not stand behind a record whose schema nobody can tell. */
    @ParameterizedTest
    @ValueSource(strings = {"refuses", "hangs"})
    void aRegistryThatFailsHoldsUpOnlyWhatNeedsIt(String how) {
        // Given: a schema that ingress has not seen yet, on a partition of its own
        createTopics();
        IngressApp app = start();
        send(Topics.CONTROL, "all", RiskCodec.toAvro(new RandomDomain(1).control()));
        until(() -> journal().stream().anyMatch(it -> it.entry.body() instanceof ControlReceived));
        AtomicBoolean failing = how.equals("hangs") ? registryHangs : registryIsDown;
        failing.set(true);
        TopicPartition waiting = send(Topics.SIGNALS, "any", signal("k-1", MAIN));

        // When
        until(() -> app.metrics().postponements() > 0);
        send(Topics.CONTROL, "all", RiskCodec.toAvro(new RandomDomain(2).control()));
        send(Topics.SIGNALS_JSON, null, json("k-2"));
        clock.addAndGet(1_000);

        // Then: commands, other signals and time go on
        until(() -> intentKeys().contains("k-2"));
        until(() -> journal().stream()
                        .filter(it -> it.entry.body() instanceof ControlReceived)
                        .count()
                == 2L * PARTITIONS);
        until(() -> journal().stream().anyMatch(it -> it.entry.body().equals(new Tick(2))));
        assertThat(app.positionOf(waiting)).isZero();
        assertThat(signals("k-1")).isEmpty();

        // Then: nothing was lost
        failing.set(false);
        until(() -> !signals("k-1").isEmpty());
        until(() -> app.positionOf(waiting) == 1);
        assertThat(deadLetters(Topics.SIGNALS)).isEmpty();
        assertThat(app.metrics().restarts()).isZero();
    }

    @Test
    void aRegistryThatIsDownAtTheStartIsWaitedFor() throws InterruptedException {
        // Given
        createTopics();
        registryIsDown.set(true);
        send(Topics.SIGNALS_JSON, null, json("k-1"));

        // When
        IngressApp app = app();
        app.start();
        until(() -> app.metrics().restarts() > 0);
        registryIsDown.set(false);

        // Then
        assertThat(app.awaitReady(PATIENCE)).isTrue();
        until(() -> intentKeys().contains("k-1"));
        assertThat(failures).isEmpty();
    }

    @Test
    void topicsThatAreNotThereYetAreWaitedFor() throws InterruptedException {
        // Given
        IngressApp app = app();
        app.start();
        until(() -> app.metrics().restarts() > 0);

        // When
        createTopics();

        // Then
        assertThat(app.awaitReady(PATIENCE)).isTrue();
        assertThat(failures).isEmpty();
    }

    @Test
    void schemasThatWereNeverRegisteredStopItAndSaySo() throws InterruptedException {
        // Given
        createTopics();
        var empty = new IngressApp(
                settings(), kafka(), new InMemorySchemaRegistry(), () -> Instant.ofEpochMilli(NOON), failures::add);
        apps.add(empty);

        // When
        empty.start();
        until(() -> !failures.isEmpty());

        // Then
        assertThat(failures.element()).hasMessageContaining("register the schemas of this release");
        assertThat(empty.awaitReady(Duration.ZERO)).isFalse();
    }

    @Test
    void itIsStartedOnce() {
        createTopics();
        IngressApp app = start();

        assertThatThrownBy(app::start).isInstanceOf(IllegalStateException.class);
        assertThat(app.close(PATIENCE)).isTrue();
        assertThat(app.close(PATIENCE)).isTrue();
        assertThatThrownBy(app::start).isInstanceOf(IllegalStateException.class);
    }

    /**
     * Stopped at random moments, gently or not, with clocks that go back: every signal arrives, and time is in order.
     */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void restartsLoseNothingAndTimeNeverGoesBack(long seed) throws InterruptedException {
        // Given
        createTopics();
        var random = new Random(seed);
        int signals = 600;
        var sender = new Thread(() -> IntStream.range(0, signals).forEach(i -> {
            send(Topics.SIGNALS, "any-" + i, signal("k-" + i, i % 2 == 0 ? MAIN : SECOND));
            clock.addAndGet(i % 50 == 49 ? -30_000 : 100);
        }));

        // When
        sender.start();
        for (int restart = 0; restart < 5; restart++) {
            IngressApp app = app();
            app.start();
            boolean gentle = random.nextBoolean();
            int moment = random.nextInt(600);
            Thread.sleep(moment);
            app.close(gentle ? PATIENCE : Duration.ZERO);
            assertThat(app.close(PATIENCE)).isTrue();
        }
        sender.join();
        start();
        until(() -> new HashSet<>(intentKeys()).size() == signals);

        // Then
        List<Entry> journal = journal();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int here = partition;
            List<JournalEntry> entries = journal.stream()
                    .map(it -> it.entry)
                    .filter(it -> it.partition() == here)
                    .toList();
            assertThat(entries).extracting(JournalEntry::timeMillis).isSorted();
            assertThat(entries.getFirst().body()).isInstanceOf(DayRolled.class);
        }
        // Then: the same intent is the same, however often it was told
        Map<String, Set<Object>> told = new HashMap<>();
        journal.forEach(it -> {
            if (it.entry.body() instanceof SignalReceived received) {
                told.computeIfAbsent(received.signal().idempotencyKey(), key -> new HashSet<>())
                        .add(List.of(received.intentId(), received.payloadHash(), requireNonNull(it.origin)));
            }
        });
        assertThat(told.values()).allMatch(it -> it.size() == 1);
        assertThat(failures).isEmpty();
    }

    @Test
    void aBrokerThatRestartsLosesNothing() {
        // Given
        createTopics();
        start();
        int port = Integer.parseInt(broker.bootstrapServers().replaceAll(".*:", ""));
        IntStream.range(0, 50).forEach(i -> send(Topics.SIGNALS, "a-" + i, signal("before-" + i, MAIN)));

        // When
        broker.close();
        broker = EmbeddedBroker.start(directory, port);
        IntStream.range(0, 50).forEach(i -> send(Topics.SIGNALS, "a-" + i, signal("after-" + i, MAIN)));

        // Then
        until(() -> new HashSet<>(intentKeys()).size() == 100);
        assertThat(failures).isEmpty();
    }

    // ---------------------------------------------------------------- makers

    private void createTopics() {
        try (var admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
            new TopicAdmin(admin, topics).ensure(PATIENCE);
        }
    }

    private IngressSettings settings() {
        return IngressSettings.of(
                Map.of(MAIN, Mode.PAPER, SECOND, Mode.PAPER), MAIN, new StrategyId("default"), topics);
    }

    private static Map<String, Object> kafka() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    private IngressApp app() {
        var app = new IngressApp(settings(), kafka(), registry, () -> Instant.ofEpochMilli(clock.get()), failures::add);
        apps.add(app);
        return app;
    }

    private IngressApp start() {
        IngressApp app = app();
        app.start();
        try {
            assertThat(app.awaitReady(PATIENCE)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return app;
    }

    private SchemaRegistry registry() {
        return (SchemaRegistry) Proxy.newProxyInstance(
                SchemaRegistry.class.getClassLoader(), new Class<?>[] {SchemaRegistry.class}, (proxy, method, args) -> {
                    if (registryIsDown.get()) {
                        throw new RegistryUnavailableException("switched off");
                    }
                    while (registryHangs.get() && method.getName().equals("byId")) {
                        Thread.sleep(10);
                    }
                    return method.invoke(schemas, args);
                });
    }

    private static List<Topic> inputs() {
        return Topics.INGRESS_INPUTS.stream()
                .filter(topic -> !topic.equals(Topics.VENUE_HEALTH))
                .toList();
    }

    private static Signal signal(String key, AccountId account) {
        return edited(signal -> signal.setIdempotencyKey(key).setAccount(account.value()));
    }

    private static Signal edited(java.util.function.UnaryOperator<Signal.Builder> change) {
        return change.apply(Signal.newBuilder()
                        .setRequestId("r-1")
                        .setIdempotencyKey("k-0")
                        .setAccount("main")
                        .setStrategy("s")
                        .setPlatform(sluice.avro.Venue.KALSHI)
                        .setMarketId(BOS.id())
                        .setSide(sluice.avro.Side.YES)
                        .setLimitPrice(Micros.decimal(650_000))
                        .setSize(Micros.decimal(50_000_000))
                        .setCreatedAt(Instant.ofEpochMilli(NOON)))
                .build();
    }

    private static String json(String key) {
        return """
                {"request_id": "r-1", "idempotency_key": "%s", "platform": "Kalshi", "market_id": "KXNBA-BOS",
                 "side": "Yes", "limit_price": 0.65, "size": 50, "created_at": 1769601600000}""".formatted(key);
    }

    private static Quote quote(String bid) {
        var bids = List.of(new Level(Price.parse(bid), Quantity.parse("10")));
        return new Quote(BOS, bids, List.of(), true, null, null, null, null, NOON, "test");
    }

    private TopicPartition send(Topic topic, @Nullable String key, SpecificRecord value) {
        return send(topic, key, bytes(topic, value));
    }

    private TopicPartition send(Topic topic, @Nullable String key, String json) {
        return send(topic, key, json.getBytes(UTF_8));
    }

    private TopicPartition send(Topic topic, @Nullable String key, byte @Nullable [] value) {
        try {
            var stored = producer.send(
                            new ProducerRecord<>(topics.nameOf(topic), key == null ? null : key.getBytes(UTF_8), value))
                    .get();
            return new TopicPartition(stored.topic(), stored.partition());
        } catch (Exception e) {
            throw new IllegalStateException("the test's own record was not stored", e);
        }
    }

    private <T extends SpecificRecord> byte[] bytes(Topic topic, T record) {
        @SuppressWarnings("unchecked")
        var type = (Class<T>) record.getClass();
        return requireNonNull(new AvroSerde<>(type, schemas).serialize(topics.nameOf(topic), record));
    }

    // ---------------------------------------------------------------- what the broker holds

    private List<Entry> journal() {
        var serde = new AvroSerde<>(sluice.avro.JournalEntry.class, schemas);
        return records(Topics.JOURNAL).stream()
                .map(it -> {
                    var avro = requireNonNull(serde.deserialize(it.topic(), it.value()));
                    var origin = avro.getOrigin();
                    return new Entry(
                            JournalCodec.fromAvro(avro, it.partition(), it.offset(), it.timestamp()),
                            new String(it.key(), UTF_8),
                            origin == null
                                    ? null
                                    : new Origin(origin.getTopic(), origin.getPartition(), origin.getOffset()));
                })
                .toList();
    }

    private List<JournalEntry.Body> bodiesOf(AccountId account) {
        return journal().stream()
                .map(it -> it.entry)
                .filter(it -> it.account().equals(account))
                .map(JournalEntry::body)
                .toList();
    }

    private List<SignalReceived> signals(String key) {
        return journal().stream()
                .map(it -> it.entry.body())
                .filter(SignalReceived.class::isInstance)
                .map(SignalReceived.class::cast)
                .filter(it -> it.signal().idempotencyKey().equals(key))
                .toList();
    }

    private List<String> intentKeys() {
        return journal().stream()
                .map(it -> it.entry.body())
                .filter(SignalReceived.class::isInstance)
                .map(it -> ((SignalReceived) it).signal().idempotencyKey())
                .toList();
    }

    private List<DeadLetter> deadLetters(Topic topic) {
        var serde = new AvroSerde<>(DeadLetter.class, schemas);
        return records(Topics.deadLettersOf(topic)).stream()
                .map(it -> requireNonNull(serde.deserialize(it.topic(), it.value())))
                .toList();
    }

    private static String text(@Nullable ByteBuffer bytes) {
        return bytes == null ? "" : UTF_8.decode(bytes.duplicate()).toString();
    }

    /** Everything in the topic; each partition in its order. */
    private List<ConsumerRecord<byte[], byte[]>> records(Topic topic) {
        Tail tail = tails.computeIfAbsent(topic, it -> Tail.of(topics.nameOf(it)));
        Map<TopicPartition, Long> ends = tail.consumer.endOffsets(tail.consumer.assignment());
        while (ends.entrySet().stream().anyMatch(end -> tail.consumer.position(end.getKey()) < end.getValue())) {
            tail.consumer.poll(Duration.ofMillis(50)).forEach(tail.seen::add);
        }
        return List.copyOf(tail.seen);
    }

    /** A reader of a topic and what it has read so far. */
    private record Tail(Consumer<byte[], byte[]> consumer, List<ConsumerRecord<byte[], byte[]>> seen) {
        static Tail of(String topic) {
            var consumer = new KafkaConsumer<>(
                    Map.of(
                            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                            broker.bootstrapServers(),
                            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                            "earliest"),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer());
            consumer.assign(consumer.partitionsFor(topic).stream()
                    .map(it -> new TopicPartition(it.topic(), it.partition()))
                    .toList());
            return new Tail(consumer, new ArrayList<>());
        }
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time until the condition holds").isLessThan(deadline);
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
