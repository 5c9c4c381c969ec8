package sluice.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import sluice.console.stack.EmbeddedBroker;
import sluice.console.stack.TopicAdmin;
import sluice.domain.AccountId;
import sluice.domain.Mode;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.TimeInForce;
import sluice.domain.Venue;
import sluice.domain.risk.ControlCommand;
import sluice.domain.risk.Scope;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.venues.api.VenueClient;
import sluice.venues.http.HttpSettings;
import sluice.venues.http.VenueHttp;
import sluice.venues.kalshi.KalshiClient;
import sluice.venues.kalshi.KalshiConfig;
import sluice.venues.kalshi.KalshiKey;
import sluice.venues.live.LiveConnector;
import sluice.venues.live.LiveConnectorConfig;
import sluice.venues.placement.ControlFollower;
import sluice.venues.placement.FencedProducer;
import sluice.venues.polymarket.PolymarketAccount;
import sluice.venues.polymarket.PolymarketClient;
import sluice.venues.polymarket.PolymarketConfig;
import sluice.venues.polymarket.SignatureType;
import sluice.venues.polymarket.WalletKey;
import sluice.venues.simulator.Simulator;
import sluice.wire.AvroSerde;
import sluice.wire.InMemorySchemaRegistry;
import sluice.wire.OrderCodec;
import sluice.wire.RiskCodec;

/**
 * What a connector adds to an order: from the commit of its command to the first byte of its request on the socket, as
 * a multiple of that commit, which is one committed write to Kafka. Before the byte leaves, the connector reads the
 * command, signs the order, commits its placement (one such write more) and looks once more.
 *
 * <p>The connector is the real one, with its control topic, on a real broker; the venue is the simulator, behind a
 * relay that takes the time. One order is under way at a time. Ends without figures unless the venue has accepted every
 * order, and with it every signature. Writes {@code benchmarks/results/connector.json}.
 */
public final class ConnectorBenchmark {
    private static final int WARM_UP = 600;
    private static final int ORDERS = 400;
    private static final int WARM_UP_PER_SECOND = 50;
    private static final int PER_SECOND = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Price ASK = Price.parse("0.44");

    /** When what happened to one order, in nanoseconds of this process. */
    private record Times(long begun, long committed, long readable, long taken, long looked, long firstByte) {}

    private final Map<String, Object> client;
    private final TopicSettings topics = new TopicSettings("benchmark.", (short) 1, Map.of());
    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final Path directory;
    private final KeyPair kalshiPair;

    private ConnectorBenchmark(String bootstrap, Path directory) throws Exception {
        this.client = Map.of("bootstrap.servers", bootstrap);
        this.directory = directory;
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2_048);
        this.kalshiPair = generator.generateKeyPair();
    }

    public static void main(String[] args) throws Exception {
        Path directory = Files.createTempDirectory("sluice-benchmark");
        try (var broker = EmbeddedBroker.start(directory.resolve("broker"), 0)) {
            Figures.write("connector.json", new ConnectorBenchmark(broker.bootstrapServers(), directory).run());
        } finally {
            Figures.remove(directory);
        }
    }

    private Map<String, Object> run() throws Exception {
        try (Admin admin = Admin.create(client)) {
            new TopicAdmin(admin, topics).ensure(PATIENCE);
        }
        registry.registerCatalogue(topics);
        try (var control = new ControlFollower(client, topics, registry, InstantSource.system())) {
            arm();
            Map<String, Object> result = new LinkedHashMap<>();
            for (Venue venue : List.of(Venue.KALSHI, Venue.POLYMARKET)) {
                result.put(venue.name().toLowerCase(java.util.Locale.ROOT), measure(venue, control));
            }
            result.put("orders", ORDERS);
            result.put("ordersPerSecond", PER_SECOND);
            result.put("ordersBefore", WARM_UP);
            return result;
        }
    }

    private void arm() {
        long now = System.currentTimeMillis();
        var command = new ControlCommand(
                "arm",
                ControlCommand.Type.ARM,
                Scope.ALL,
                AccountId.ALL,
                "benchmark",
                "benchmark",
                now,
                now + Duration.ofDays(1).toMillis(),
                1,
                Map.of());
        String topic = topics.nameOf(Topics.CONTROL);
        try (var producer = new FencedProducer(client, "operator")) {
            var serde = new AvroSerde<>(sluice.avro.ControlCommand.class, registry);
            producer.commit(List.of(new ProducerRecord<>(
                    topic, Scope.ALL.toString(), serde.serialize(topic, RiskCodec.toAvro(command)))));
        }
    }

    private Map<String, Object> measure(Venue venue, ControlFollower control) throws Exception {
        var taken = new LinkedBlockingQueue<Long>();
        var looks = new LinkedBlockingQueue<Long>();
        try (var simulator = simulator(venue);
                var relay = new Relay(simulator.port(), venue == Venue.KALSHI ? KALSHI_ORDER : POLYMARKET_ORDER);
                var http = new VenueHttp(HttpSettings.DEFAULT, InstantSource.system());
                var commands = new FencedProducer(client, "core-" + venue);
                var readable = new Arrivals(client, topics.nameOf(Topics.ordersFor(Mode.LIVE, venue)))) {
            offer(simulator, venue);
            VenueClient venueClient =
                    venue == Venue.KALSHI ? kalshi(relay.port(), http) : polymarket(relay.port(), http);
            var connector = new LiveConnector(
                    new LiveConnectorConfig(
                            client,
                            topics,
                            registry,
                            venue,
                            Mode.LIVE,
                            Map.of(Desk.ACCOUNT, timed(venueClient, taken)),
                            (command, epoch) -> {
                                looks.add(System.nanoTime());
                                return control.whyNot(command, epoch);
                            },
                            InstantSource.system(),
                            "one",
                            LiveConnectorConfig.READ_EVERY,
                            LiveConnectorConfig.LOOK_EVERY,
                            LiveConnectorConfig.MOST_CALLS),
                    ConnectorBenchmark::failed);
            try (connector) {
                connector.start();
                connector.ready().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                if (!control.awaitReady(PATIENCE)) {
                    throw new IllegalStateException("the control topic was not read in " + PATIENCE);
                }
                awaitTrading(venueClient);
                place(
                        venue,
                        "w",
                        WARM_UP,
                        WARM_UP_PER_SECOND,
                        commands,
                        readable.times,
                        taken,
                        looks,
                        relay.firstBytes);
                List<Times> times =
                        place(venue, "o", ORDERS, PER_SECOND, commands, readable.times, taken, looks, relay.firstBytes);
                requireAccepted(venue);
                return figures(times);
            } finally {
                if (venueClient instanceof AutoCloseable open) {
                    open.close();
                }
            }
        }
    }

    private static void failed(Throwable why) {
        System.err.println("the connector ended: " + why);
        Runtime.getRuntime().halt(1);
    }

    private static Map<String, Object> figures(List<Times> times) {
        List<Long> commits = nanos(times, each -> each.committed - each.begun);
        List<Long> adds = nanos(times, each -> each.firstByte - each.committed);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put(
                "connectorToCommit",
                Figures.decimals(Figures.percentile(adds, 0.50) / Figures.percentile(commits, 0.50)));
        both(result, "commitMillis", commits);
        both(result, "connectorMillis", adds);
        both(result, "untilAnyConsumerHasItMillis", nanos(times, each -> each.readable - each.committed));
        both(result, "untilTheConnectorHasItMillis", nanos(times, each -> each.taken - each.committed));
        both(result, "fromThereToThePlacementsCommitMillis", nanos(times, each -> each.looked - each.taken));
        both(result, "fromThereToTheFirstByteMillis", nanos(times, each -> each.firstByte - each.looked));
        return result;
    }

    private static List<Long> nanos(List<Times> times, ToLongFunction<Times> of) {
        return times.stream().map(of::applyAsLong).toList();
    }

    private static void both(Map<String, Object> result, String name, List<Long> nanos) {
        result.put(name + "P50", Figures.millis(Figures.percentile(nanos, 0.50)));
        result.put(name + "P99", Figures.millis(Figures.percentile(nanos, 0.99)));
    }

    // ---------------------------------------------------------------- orders

    private List<Times> place(
            Venue venue,
            String name,
            int count,
            int perSecond,
            FencedProducer commands,
            BlockingQueue<Long> readable,
            BlockingQueue<Long> taken,
            BlockingQueue<Long> looks,
            BlockingQueue<Long> firstBytes)
            throws InterruptedException {
        String topic = topics.nameOf(Topics.ordersFor(Mode.LIVE, venue));
        var serde = new AvroSerde<>(sluice.avro.OrderCommand.class, registry);
        var market = Desk.market(venue);
        List<Times> times = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            TimeUnit.NANOSECONDS.sleep(start + i * 1_000_000_000L / perSecond - System.nanoTime());
            var command = Desk.buy(
                    new OrderId(venue + "-" + name + "-" + i), market, ASK, Quantity.parse("10"), TimeInForce.IOC);
            byte[] value = serde.serialize(topic, OrderCodec.toAvro(command));
            long begun = System.nanoTime();
            commands.commit(List.of(new ProducerRecord<>(topic, Desk.ACCOUNT.value(), value)));
            long committed = System.nanoTime();
            times.add(new Times(begun, committed, next(readable), next(taken), next(looks), next(firstBytes)));
        }
        return times;
    }

    private static long next(BlockingQueue<Long> times) throws InterruptedException {
        Long time = times.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (time == null) {
            throw new IllegalStateException("an order did not leave within " + PATIENCE);
        }
        return time;
    }

    private static void awaitTrading(VenueClient venue) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!venue.health().trading()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the venue does not trade: " + venue.health());
            }
            Thread.sleep(20);
        }
    }

    /** The venue accepts what is signed right, and nothing else. */
    private void requireAccepted(Venue venue) throws InterruptedException {
        var serde = new AvroSerde<>(sluice.avro.VenueReport.class, registry);
        String topic = topics.nameOf(Topics.VENUE_REPORTS);
        int accepted = 0;
        try (var consumer = Arrivals.consumer(client)) {
            var partitions = topics.topicPartitionsOf(Topics.VENUE_REPORTS);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (accepted < WARM_UP + ORDERS) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            accepted + " of " + (WARM_UP + ORDERS) + " orders were accepted at " + venue);
                }
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    var report = serde.deserialize(topic, record.value());
                    if (report != null
                            && report.getOrderId().startsWith(venue + "-")
                            && report.getType() == sluice.avro.ReportType.ACCEPTED) {
                        accepted++;
                    }
                }
            }
        }
    }

    // ---------------------------------------------------------------- venues

    private static final String KALSHI_ORDER = "POST /trade-api/v2/portfolio/events/orders ";
    private static final String POLYMARKET_ORDER = "POST /order ";

    private Simulator simulator(Venue venue) throws IOException {
        Path setup = directory.resolve(venue + ".json");
        String market = Desk.market(venue).id().id();
        if (venue == Venue.KALSHI) {
            String key =
                    Desk.pem("PUBLIC KEY", kalshiPair.getPublic().getEncoded()).replace("\n", "\\n");
            Files.writeString(setup, """
                    {"accounts": [{"name": "main", "tier": "prime", "cash": {"0": "1000000.00"},
                                   "keys": [{"id": "%s", "publicKey": "%s"}]}],
                     "markets": [{"ticker": "%s", "event": "KXSIM", "series": "KXSIM", "title": "Sim",
                                  "exchangeIndex": 0, "structure": "linear_cent", "feeType": "quadratic",
                                  "feeMultiplier": "1", "settleAfterMillis": -1}]}
                    """.formatted(Desk.KALSHI_KEY, key, market));
        } else {
            String address = WalletKey.of(Desk.walletKey()).address().text();
            Files.writeString(setup, """
                    {"accounts": [{"name": "main", "address": "%s", "wallets": {"0": "%s"},
                                   "cash": {"0": "1000000.00"},
                                   "apiKeys": [{"key": "%s", "secret": "%s", "passphrase": "%s"}]}],
                     "markets": [{"conditionId": "%s", "yesToken": "%s", "noToken": "%s", "question": "Sim",
                                  "tick": "0.01", "minSize": "5", "feeRate": "0.05"}]}
                    """.formatted(
                            address,
                            address,
                            Desk.CREDENTIALS.key(),
                            Desk.CREDENTIALS.secret(),
                            Desk.CREDENTIALS.passphrase(),
                            market,
                            Desk.YES,
                            Desk.NO));
        }
        return Simulator.start(new Simulator.Settings(
                venue == Venue.KALSHI ? Simulator.Kind.KALSHI : Simulator.Kind.POLYMARKET,
                0,
                0,
                directory.resolve(venue + "-ledger"),
                null,
                1,
                setup,
                null,
                1,
                false,
                0));
    }

    /** Enough for every order to be filled. */
    private static void offer(Simulator simulator, Venue venue) throws IOException, InterruptedException {
        String levels = "{\"market\": \"%s\", \"bids\": [], \"asks\": [[\"%s\", \"1000000\"]]}"
                .formatted(Desk.market(venue).id().id(), ASK);
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + simulator.adminPort() + "/levels"))
                            .POST(HttpRequest.BodyPublishers.ofString(levels))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("the simulator takes no levels: " + answer.body());
            }
        }
    }

    private KalshiClient kalshi(int port, VenueHttp http) {
        var kalshi = new KalshiClient(
                KalshiConfig.of(
                                URI.create("http://127.0.0.1:" + port + "/trade-api/v2"),
                                URI.create("ws://127.0.0.1:" + port + "/trade-api/ws/v2"),
                                Desk.ACCOUNT,
                                Mode.LIVE)
                        .withPercentOfLimits(100),
                KalshiKey.parse(
                        Desk.KALSHI_KEY,
                        Desk.pem("PRIVATE KEY", kalshiPair.getPrivate().getEncoded()),
                        null),
                http,
                InstantSource.system());
        kalshi.refresh();
        kalshi.readLimits();
        return kalshi;
    }

    private static PolymarketClient polymarket(int port, VenueHttp http) {
        var key = WalletKey.of(Desk.walletKey());
        var polymarket = new PolymarketClient(
                PolymarketConfig.oneHost(URI.create("http://127.0.0.1:" + port), true, Mode.LIVE),
                List.of(new PolymarketAccount(Desk.ACCOUNT, key, SignatureType.EOA, key.address(), Desk.CREDENTIALS)),
                http,
                InstantSource.system(),
                (market, why) -> {});
        polymarket.refresh();
        polymarket.keepFresh();
        polymarket.startTrading().join();
        return polymarket;
    }

    /** The same, noting when it is given an order to sign. */
    private static VenueClient timed(VenueClient venue, BlockingQueue<Long> taken) {
        return (VenueClient) Proxy.newProxyInstance(
                VenueClient.class.getClassLoader(), new Class<?>[] {VenueClient.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("prepare")) {
                        taken.add(System.nanoTime());
                    }
                    try {
                        return method.invoke(venue, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** When a consumer that does nothing else has the records of a topic: what of the way is Kafka's own. */
    private static final class Arrivals implements AutoCloseable {
        private final BlockingQueue<Long> times = new LinkedBlockingQueue<>();
        private final KafkaConsumer<byte[], byte[]> consumer;
        private final Thread thread = new Thread(this::run, "arrivals");
        private volatile boolean closing;

        Arrivals(Map<String, Object> client, String topic) {
            this.consumer = consumer(client);
            consumer.assign(consumer.partitionsFor(topic).stream()
                    .map(each -> new org.apache.kafka.common.TopicPartition(each.topic(), each.partition()))
                    .toList());
            consumer.seekToBeginning(consumer.assignment());
            thread.start();
        }

        static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> client) {
            Map<String, Object> config = new LinkedHashMap<>(client);
            config.put("isolation.level", "read_committed");
            return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }

        private void run() {
            try (consumer) {
                while (!closing) {
                    int count = consumer.poll(Duration.ofMillis(100)).count();
                    long now = System.nanoTime();
                    for (int i = 0; i < count; i++) {
                        times.add(now);
                    }
                }
            }
        }

        @Override
        public void close() {
            closing = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Hands every byte on, in both directions, and takes the time when the first one of an order comes. */
    private static final class Relay implements AutoCloseable {
        private final BlockingQueue<Long> firstBytes = new LinkedBlockingQueue<>();
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final int venue;
        private final byte[] beginning;

        Relay(int venue, String beginning) throws IOException {
            this.venue = venue;
            this.beginning = beginning.getBytes(StandardCharsets.US_ASCII);
            start(this::accept);
        }

        int port() {
            return server.getLocalPort();
        }

        private static void start(Runnable task) {
            Thread.ofPlatform().daemon().name("relay").start(task);
        }

        private void accept() {
            try {
                while (true) {
                    Socket near = server.accept();
                    Socket far = new Socket(InetAddress.getLoopbackAddress(), venue);
                    near.setTcpNoDelay(true);
                    far.setTcpNoDelay(true);
                    start(() -> handOn(near, far, beginning));
                    start(() -> handOn(far, near, null));
                }
            } catch (IOException e) {
                // Closed.
            }
        }

        private void handOn(Socket from, Socket to, byte @Nullable [] watched) {
            byte[] buffer = new byte[65_536];
            try (from;
                    to) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    long now = System.nanoTime();
                    if (watched != null && beginsWith(buffer, count, watched)) {
                        firstBytes.add(now);
                    }
                    out.write(buffer, 0, count);
                }
            } catch (IOException e) {
                // One of both has ended the connection.
            }
        }

        private static boolean beginsWith(byte[] buffer, int count, byte[] beginning) {
            return count >= beginning.length
                    && java.util.Arrays.equals(buffer, 0, beginning.length, beginning, 0, beginning.length);
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
