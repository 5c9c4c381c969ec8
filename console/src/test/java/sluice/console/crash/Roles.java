package sluice.console.crash;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import sluice.domain.AccountId;
import sluice.domain.Mode;
import sluice.domain.StrategyId;
import sluice.domain.Venue;
import sluice.fault.CrashPoint;
import sluice.risk.app.CoreApp;
import sluice.risk.app.CoreSettings;
import sluice.risk.ingress.IngressApp;
import sluice.risk.ingress.IngressSettings;
import sluice.risk.topology.AccountTopology;
import sluice.router.topology.TradingTopology;
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
import sluice.venues.polymarket.ApiCredentials;
import sluice.venues.polymarket.PolymarketAccount;
import sluice.venues.polymarket.PolymarketClient;
import sluice.venues.polymarket.PolymarketConfig;
import sluice.venues.polymarket.SignatureType;
import sluice.venues.polymarket.WalletKey;
import sluice.wire.SchemaRegistryClient;

/**
 * What is killed: ingress and account task as one process, the connectors of both venues as another, each put together
 * from what production is put together from. It loads, waits for a line on its input, works, and says {@code ready}.
 */
final class Roles {
    static final AccountId ACCOUNT = new AccountId("alice");

    /** How far the connectors take reads to lag behind; longer than the simulators' reads ever do. */
    static final Duration READ_LAG = Duration.ofSeconds(1);

    /** Ended by itself, which no fault here may lead to. */
    static final int ENDED_BY_ITSELF = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration HTTP = Duration.ofSeconds(2);
    private static final Duration READ_EVERY = Duration.ofSeconds(1);
    private static final Duration LOOK_EVERY = Duration.ofMillis(300);
    private static final int MOST_CALLS = 16;

    private Roles() {}

    public static void main(String[] args) throws Exception {
        var settings = new Properties();
        try (var in = Files.newBufferedReader(Path.of(args[1]))) {
            settings.load(in);
        }
        // So that an armed point is known, or refused, before anything is touched.
        if (CrashPoint.values().length == 0) {
            throw new IllegalStateException("there is nowhere to die");
        }
        touch(settings);
        Runnable role =
                switch (args[0]) {
                    case "core" -> core(settings);
                    case "connectors" -> connectors(settings);
                    default -> training(settings);
                };
        if (System.in.read() < 0) {
            Runtime.getRuntime().exit(0);
        }
        role.run();
        System.out.println("ready");
        Thread.currentThread().join();
    }

    /** Loads what takes long to load, while somebody else still does the work: reads, which change nothing. */
    private static void touch(Properties settings) {
        String signals = topics(settings).nameOf(Topics.SIGNALS);
        try (var consumer =
                        new KafkaConsumer<>(kafka(settings), new StringDeserializer(), new ByteArrayDeserializer());
                var producer =
                        new KafkaProducer<>(kafka(settings), new StringSerializer(), new ByteArraySerializer())) {
            var partitions = List.of(new TopicPartition(signals, 0));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            consumer.poll(Duration.ofMillis(10));
            producer.partitionsFor(signals);
        }
    }

    private static void failed(String role, Throwable why) {
        System.err.println(role + " ended by itself");
        why.printStackTrace();
        Runtime.getRuntime().halt(ENDED_BY_ITSELF);
    }

    private static TopicSettings topics(Properties settings) {
        return new TopicSettings(settings.getProperty("prefix"), (short) 1, Map.of());
    }

    private static Map<String, Object> kafka(Properties settings) {
        return Map.of("bootstrap.servers", settings.getProperty("bootstrap.servers"));
    }

    private static SchemaRegistryClient registry(Properties settings) {
        return new SchemaRegistryClient(URI.create(settings.getProperty("registry")));
    }

    /** Both, as far as they go before anything is changed. */
    private static Runnable training(Properties settings) throws IOException {
        core(settings);
        connectors(settings);
        return () -> {};
    }

    private static Runnable core(Properties settings) {
        var topics = topics(settings);
        var registry = registry(settings);
        var unused = registry.byId(1);
        var ingress = new IngressApp(
                IngressSettings.of(Map.of(ACCOUNT, Mode.LIVE), ACCOUNT, new StrategyId("quick"), topics),
                kafka(settings),
                registry,
                InstantSource.system(),
                why -> failed("ingress", why));
        // The gate's default denies every LIVE order; here both venues' connectors are there.
        var topology = TradingTopology.build(topics, registry);
        return () -> {
            ingress.start();
            var core = new CoreApp(
                    topology,
                    new CoreSettings(
                            settings.getProperty("bootstrap.servers"),
                            topics,
                            AccountTopology.applicationId(topics),
                            "1",
                            Path.of(settings.getProperty("state")),
                            1,
                            5),
                    why -> failed("account task", why));
            core.start();
            try {
                if (!ingress.awaitReady(PATIENCE) || !core.awaitRunning(PATIENCE)) {
                    throw new IllegalStateException("not ready in time: " + core.state());
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private static Runnable connectors(Properties settings) throws IOException {
        var clock = InstantSource.system();
        var topics = topics(settings);
        var registry = registry(settings);
        var unused = registry.byId(1);
        var http = new VenueHttp(HttpSettings.all(HTTP), clock);
        var kalshi = kalshi(settings, http);
        var polymarket = polymarket(settings, http);
        // A signed read of each, which the start repeats.
        kalshi.refresh();
        polymarket.refresh();
        return () -> {
            var control = new ControlFollower(kafka(settings), topics, registry, clock);
            kalshi.refresh();
            kalshi.readLimits();
            polymarket.refresh();
            polymarket.keepFresh();
            polymarket
                    .startTrading()
                    .completeOnTimeout(null, 10, TimeUnit.SECONDS)
                    .join();
            var connectors = List.of(
                    connector(settings, topics, registry, control, Venue.KALSHI, kalshi),
                    connector(settings, topics, registry, control, Venue.POLYMARKET, polymarket));
            connectors.forEach(LiveConnector::start);
            try {
                for (var connector : connectors) {
                    connector.ready().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                }
                if (!control.awaitReady(PATIENCE)) {
                    throw new IllegalStateException("the control topic was not read in time");
                }
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                throw new IllegalStateException("the connectors did not start", e);
            }
        };
    }

    private static LiveConnector connector(
            Properties settings,
            TopicSettings topics,
            SchemaRegistryClient registry,
            ControlFollower control,
            Venue venue,
            VenueClient client) {
        return new LiveConnector(
                new LiveConnectorConfig(
                        kafka(settings),
                        topics,
                        registry,
                        venue,
                        Mode.LIVE,
                        Map.of(ACCOUNT, client),
                        control,
                        InstantSource.system(),
                        "one",
                        READ_EVERY,
                        LOOK_EVERY,
                        MOST_CALLS),
                why -> failed("the connector of " + venue, why));
    }

    private static KalshiClient kalshi(Properties settings, VenueHttp http) throws IOException {
        String port = settings.getProperty("kalshi.port");
        return new KalshiClient(
                KalshiConfig.of(
                                URI.create("http://127.0.0.1:" + port + "/trade-api/v2"),
                                URI.create("ws://127.0.0.1:" + port + "/trade-api/ws/v2"),
                                ACCOUNT,
                                Mode.LIVE)
                        .withPercentOfLimits(100)
                        .withReadLag(READ_LAG),
                KalshiKey.parse(
                        settings.getProperty("kalshi.key"),
                        Files.readString(Path.of(settings.getProperty("kalshi.pem"))),
                        null),
                http,
                InstantSource.system());
    }

    private static PolymarketClient polymarket(Properties settings, VenueHttp http) {
        var key = WalletKey.of(HexFormat.of().parseHex(settings.getProperty("polymarket.secret")));
        var one = PolymarketConfig.oneHost(
                URI.create("http://127.0.0.1:" + settings.getProperty("polymarket.port")), true, Mode.LIVE);
        return new PolymarketClient(
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
                        one.heartbeats(),
                        one.builder(),
                        one.sockets()),
                List.of(new PolymarketAccount(
                        ACCOUNT,
                        key,
                        SignatureType.EOA,
                        key.address(),
                        new ApiCredentials(
                                settings.getProperty("polymarket.apiKey"),
                                settings.getProperty("polymarket.apiSecret"),
                                settings.getProperty("polymarket.passphrase")))),
                http,
                InstantSource.system(),
                (market, why) -> {});
    }
}
