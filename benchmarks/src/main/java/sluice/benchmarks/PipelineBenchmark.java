package sluice.benchmarks;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import sluice.console.stack.EmbeddedBroker;
import sluice.console.stack.TopicAdmin;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.EventId;
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
import sluice.domain.journal.JournalEntry;
import sluice.domain.journal.Origin;
import sluice.domain.market.FeeModel;
import sluice.domain.market.FeeTerms;
import sluice.domain.market.Market;
import sluice.domain.market.MarketStatus;
import sluice.domain.market.PriceGrid;
import sluice.domain.market.QuoteView;
import sluice.domain.order.Signal;
import sluice.domain.risk.Limit;
import sluice.domain.risk.RiskLimits;
import sluice.domain.risk.Scope;
import sluice.risk.app.CoreApp;
import sluice.risk.app.CoreSettings;
import sluice.router.topology.TradingTopology;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.wire.AvroSerde;
import sluice.wire.InMemorySchemaRegistry;
import sluice.wire.JournalCodec;

/**
 * The account task on a real broker against the floor: a raw hop (produce and consume) and a pass-through exactly-once
 * topology over the same bytes, alternating in one run; and how long a signal in the journal waits for its decision.
 *
 * <p>Figures are ratios of this run; machines are small and noisy. Writes {@code benchmarks/results/pipeline.json}.
 */
public final class PipelineBenchmark {
    private static final int ROUNDS = 3;
    private static final int LATENCY_SIGNALS = 2_000;
    private static final int LATENCY_PER_SECOND = 200;
    private static final AccountId ACCOUNT = new AccountId("main");
    private static final long NOON = 1_795_176_000_000L;

    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final String bootstrap;
    private final Path directory;
    private final int records;

    private PipelineBenchmark(String bootstrap, Path directory, int records) {
        this.bootstrap = bootstrap;
        this.directory = directory;
        this.records = records;
    }

    /** Runs it with as many records a round as the first argument says; 20,000 without one. */
    public static void main(String[] args) throws Exception {
        int records = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
        Path directory = Files.createTempDirectory("sluice-benchmark");
        try (var broker = EmbeddedBroker.start(directory.resolve("broker"), 0)) {
            Figures.write("pipeline.json", new PipelineBenchmark(broker.bootstrapServers(), directory, records).run());
        } finally {
            Figures.remove(directory);
        }
    }

    private Map<String, Object> run() throws Exception {
        double bestHop = 0;
        double bestPass = 0;
        double bestTask = 0;
        List<String> rounds = new ArrayList<>();
        for (int round = 0; round <= ROUNDS; round++) {
            double hop = rawHop("hop-" + round);
            double pass = passThrough("pass-" + round);
            double task = accountTask("task." + round + ".");
            System.err.printf(
                    "round %d: hop %,.0f/s  pass-through %,.0f/s  account task %,.0f/s%n", round, hop, pass, task);
            if (round > 0) { // The first one warms up.
                rounds.add(Math.round(hop) + "/" + Math.round(pass) + "/" + Math.round(task));
                bestHop = Math.max(bestHop, hop);
                bestPass = Math.max(bestPass, pass);
                bestTask = Math.max(bestTask, task);
            }
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("records", records);
        result.put("perSecondHopPassThroughTask", rounds);
        result.put("taskToPassThrough", ratio(bestTask, bestPass));
        result.put("taskToHop", ratio(bestTask, bestHop));
        result.put("passThroughToHop", ratio(bestPass, bestHop));
        result.put("signalsPerSecondForLatency", LATENCY_PER_SECOND);
        result.putAll(latency("latency."));
        return result;
    }

    private static String ratio(double a, double b) {
        return String.format("%.3f", a / b);
    }

    private void create(String... names) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(Stream.of(names)
                            .map(name -> new NewTopic(name, 1, (short) 1))
                            .toList())
                    .all()
                    .get();
        }
        Thread.sleep(500);
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private KafkaConsumer<byte[], byte[]> consumer(String topic) {
        var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        var partition = new TopicPartition(topic, 0);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        return consumer;
    }

    private double rawHop(String topic) throws Exception {
        create(topic);
        return time(topic, topic, payloads());
    }

    private double passThrough(String name) throws Exception {
        create(name + "-in", name + "-out");
        var topology = new Topology();
        topology.addSource(
                "in", Serdes.ByteArray().deserializer(), Serdes.ByteArray().deserializer(), name + "-in");
        topology.addSink(
                "out",
                name + "-out",
                Serdes.ByteArray().serializer(),
                Serdes.ByteArray().serializer(),
                "in");
        try (var app = new CoreApp(topology, settings(name, TopicSettings.DEFAULT), PipelineBenchmark::fail)) {
            app.start();
            app.awaitRunning(Duration.ofSeconds(30));
            return time(name + "-in", name + "-out", payloads());
        }
    }

    private CoreSettings settings(String name, TopicSettings topics) {
        return new CoreSettings(bootstrap, topics, name, "1", directory.resolve("state-" + name), 1, 5);
    }

    private static void fail(Throwable error) {
        throw new IllegalStateException("the task stopped", error);
    }

    /** Sends without waiting; a record that is not taken ends the run. */
    private static void send(KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
        Future<RecordMetadata> unused = producer.send(record, (metadata, error) -> {
            if (error != null) {
                System.err.println("a record was not taken: " + error.getMessage());
                Runtime.getRuntime().halt(1);
            }
        });
    }

    private TopicSettings topics(String prefix) throws Exception {
        var one = new LinkedHashMap<String, Integer>();
        one.put(Topics.JOURNAL.name(), 1);
        one.put(Topics.DECISIONS.name(), 1);
        var topics = new TopicSettings(prefix, (short) 1, one);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            new TopicAdmin(admin, topics).ensure(Duration.ofSeconds(30));
        }
        registry.registerCatalogue(topics);
        TradingTopology.registerSchemas(topics, registry);
        return topics;
    }

    private double accountTask(String prefix) throws Exception {
        TopicSettings topics = topics(prefix);
        try (var app = new CoreApp(
                TradingTopology.build(topics, registry),
                settings(prefix + "account-task", topics),
                PipelineBenchmark::fail)) {
            app.start();
            app.awaitRunning(Duration.ofSeconds(30));
            openDesk(topics);
            return time(topics.nameOf(Topics.JOURNAL), topics.nameOf(Topics.DECISIONS), journal(topics));
        }
    }

    private Map<String, Object> latency(String prefix) throws Exception {
        TopicSettings topics = topics(prefix);
        String hop = prefix + "hop";
        create(hop);
        Map<String, Object> result = new LinkedHashMap<>();
        result.putAll(percentiles("hopMillis", paced(hop, hop, payloads())));
        try (var app = new CoreApp(
                TradingTopology.build(topics, registry),
                settings(prefix + "account-task", topics),
                PipelineBenchmark::fail)) {
            app.start();
            app.awaitRunning(Duration.ofSeconds(30));
            openDesk(topics);
            List<byte[]> journal = journal(topics);
            time(
                    topics.nameOf(Topics.JOURNAL),
                    topics.nameOf(Topics.DECISIONS),
                    journal.subList(0, journal.size() / 2));
            result.putAll(percentiles(
                    "decisionMillis",
                    paced(
                            topics.nameOf(Topics.JOURNAL),
                            topics.nameOf(Topics.DECISIONS),
                            journal.subList(journal.size() / 2, journal.size()))));
        }
        return result;
    }

    private static Map<String, Object> percentiles(String name, List<Long> nanos) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put(name + "P50", Figures.millis(Figures.percentile(nanos, 0.50)));
        result.put(name + "P99", Figures.millis(Figures.percentile(nanos, 0.99)));
        return result;
    }

    /** Open loop: a record that had to wait to be sent has waited too. */
    private List<Long> paced(String in, String out, List<byte[]> values) {
        int count = Math.min(LATENCY_SIGNALS, values.size());
        List<Long> nanos = new ArrayList<>();
        Map<String, Object> config =
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap, ProducerConfig.LINGER_MS_CONFIG, 0);
        try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
                var consumer = consumer(out)) {
            consumer.seekToEnd(consumer.assignment());
            consumer.assignment().forEach(consumer::position);
            long start = System.nanoTime();
            long step = 1_000_000_000L / LATENCY_PER_SECOND;
            int sent = 0;
            while (nanos.size() < count) {
                long now = System.nanoTime();
                while (sent < count && start + sent * step <= now) {
                    send(producer, new ProducerRecord<>(in, 0, NOON, key(), values.get(sent++)));
                }
                for (var record : consumer.poll(Duration.ofMillis(1))) {
                    if (record.value() != null) {
                        nanos.add(System.nanoTime() - (start + nanos.size() * step));
                    }
                }
            }
        }
        return nanos;
    }

    private static byte[] key() {
        return ACCOUNT.value().getBytes(StandardCharsets.UTF_8);
    }

    /** Records a second, from the first send to the last record seen at the other end. */
    private double time(String in, String out, List<byte[]> values) {
        try (var producer = producer();
                var consumer = consumer(out)) {
            consumer.seekToEnd(consumer.assignment());
            consumer.assignment().forEach(consumer::position);
            long start = System.nanoTime();
            for (byte[] value : values) {
                send(producer, new ProducerRecord<>(in, 0, NOON, key(), value));
            }
            producer.flush();
            int seen = 0;
            while (seen < values.size()) {
                seen += consumer.poll(Duration.ofMillis(100)).count();
            }
            return values.size() * 1e9 / (System.nanoTime() - start);
        }
    }

    private List<byte[]> payloads() {
        registry.registerCatalogue(TopicSettings.DEFAULT);
        return journal(TopicSettings.DEFAULT);
    }

    // ---------------------------------------------------------------- what goes in

    private void openDesk(TopicSettings topics) {
        Map<Limit, Long> limits = new EnumMap<>(Limit.class);
        for (Limit limit : Limit.values()) {
            limits.put(limit, limit.bound() == Limit.Bound.MOST ? 1_000_000_000L * Micros.ONE : 0L);
        }
        var serde = new AvroSerde<>(sluice.avro.JournalEntry.class, registry);
        String journal = topics.nameOf(Topics.JOURNAL);
        List<JournalEntry> entries = List.of(
                entry(AccountId.ALL, new JournalEntry.DayRolled(20_777, "UTC")),
                entry(
                        AccountId.ALL,
                        new JournalEntry.LimitsReceived(new RiskLimits(
                                AccountId.ALL,
                                Scope.ALL,
                                1,
                                limits,
                                List.of("*"),
                                List.of(),
                                "benchmark",
                                "benchmark",
                                NOON))),
                entry(
                        ACCOUNT,
                        new JournalEntry.SnapshotReceived(
                                Mode.PAPER,
                                Venue.KALSHI,
                                Money.parse("100000000"),
                                Money.parse("100000000"),
                                null,
                                true,
                                NOON)));
        try (var producer = producer()) {
            for (JournalEntry entry : entries) {
                send(
                        producer,
                        new ProducerRecord<>(
                                journal, 0, NOON, key(), serde.serialize(journal, JournalCodec.toAvro(entry, null))));
            }
        }
    }

    private static JournalEntry entry(AccountId account, JournalEntry.Body body) {
        return new JournalEntry(account, 0, 0, NOON, body);
    }

    private List<byte[]> journal(TopicSettings topics) {
        var serde = new AvroSerde<>(sluice.avro.JournalEntry.class, registry);
        List<byte[]> values = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            byte[] value = serde.serialize(topics.nameOf(Topics.JOURNAL), JournalCodec.toAvro(signal(i), null));
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    private static JournalEntry signal(int number) {
        MarketId id = new MarketId(Venue.KALSHI, "KX-" + number % 1000);
        Market market = new Market(
                id,
                new EventId("event-" + number % 1000),
                false,
                "NBA",
                "",
                MarketStatus.ACTIVE,
                null,
                NOON + 86_400_000L,
                null,
                PriceGrid.of(Price.parse("0.01")),
                Quantity.parse("0.01"),
                Quantity.parse("1"),
                Money.ZERO,
                new FeeTerms(FeeModel.KALSHI, 70_000, 0, "benchmark"),
                null,
                null,
                false,
                null,
                NOON,
                "benchmark");
        Signal signal = new Signal(
                "r" + number,
                "k" + number,
                ACCOUNT,
                new StrategyId("momentum"),
                id,
                null,
                null,
                null,
                null,
                null,
                null,
                25L * Micros.ONE,
                Side.YES,
                Action.BUY,
                Price.HALF,
                new Quantity(10 * Micros.ONE),
                null,
                null,
                TimeInForce.IOC,
                false,
                null,
                NOON,
                null,
                null,
                null,
                Map.of());
        return entry(
                ACCOUNT,
                new JournalEntry.SignalReceived(
                        signal,
                        Mode.PAPER,
                        new OrderId(String.format("%032x", number)),
                        "0".repeat(64),
                        new QuoteView(Price.HALF, Price.HALF, null, null, NOON, new Origin("market.quotes", 0, number)),
                        market,
                        false));
    }
}
