package sluice.console.stack;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import sluice.avro.RiskLimits;
import sluice.console.config.FileProblem;
import sluice.console.config.RunningStack;
import sluice.console.config.SluiceConfig;
import sluice.console.stack.VenueConnections.Connection;
import sluice.domain.AccountId;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.Venue;
import sluice.domain.paper.PaperLatency;
import sluice.domain.paper.PaperRules;
import sluice.risk.app.CoreApp;
import sluice.risk.app.CoreSettings;
import sluice.risk.ingress.IngressApp;
import sluice.risk.ingress.IngressSettings;
import sluice.risk.topology.AccountTopology;
import sluice.router.topology.TradingTopology;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.venues.api.Balance;
import sluice.venues.api.ReadOutcome;
import sluice.venues.live.LiveConnector;
import sluice.venues.live.LiveConnectorConfig;
import sluice.venues.marketdata.MarketDataConfig;
import sluice.venues.marketdata.MarketDataConnector;
import sluice.venues.paper.PaperConnector;
import sluice.venues.paper.PaperConnectorConfig;
import sluice.venues.placement.ControlFollower;
import sluice.wire.AvroSerde;
import sluice.wire.SchemaRegistryClient;

/**
 * Every role in this one process: ingress, account task, the paper connector and those of the venues, on the embedded
 * broker and registry, or on those that the configuration names. Started and stopped as one; what it keeps survives
 * restarts and kills.
 */
public final class LocalStack implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration GOODBYE = Duration.ofSeconds(10);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final TopicSettings topics;
    private String bootstrapServers = "";
    private URI registryUri = URI.create("http://127.0.0.1");
    private final Parts parts = new Parts();

    /** What is made on the way up; each is there once {@link #start} returned. */
    private static final class Parts {
        @org.jspecify.annotations.Nullable
        SchemaRegistryClient registry;

        @org.jspecify.annotations.Nullable
        IngressApp ingress;

        @org.jspecify.annotations.Nullable
        PaperConnector paper;

        @org.jspecify.annotations.Nullable
        ControlFollower control;

        @org.jspecify.annotations.Nullable
        VenueConnections venues;
    }

    private LocalStack(TopicSettings topics) {
        this.topics = topics;
    }

    /**
     * Starts everything and returns once signals are taken.
     *
     * @param directory where the stack keeps its data and its note for other commands
     * @param clock time of the journal and of the paper venue
     * @param beforeRoles called once topics and schemas are there and before anything reads or writes them
     * @param said told what is being done, for people
     * @param failed told of what a role cannot recover from; nothing is decided any more then
     * @throws StackException if a part does not start; what was started is stopped again
     */
    public static LocalStack start(
            SluiceConfig config,
            Path directory,
            InstantSource clock,
            Consumer<LocalStack> beforeRoles,
            Consumer<String> said,
            Consumer<Throwable> failed) {
        return start(config, VenueKeys.read(config, System.getenv()), directory, clock, beforeRoles, said, failed);
    }

    /** The same with keys that were read before, as whoever makes the directory does. */
    public static LocalStack start(
            SluiceConfig config,
            VenueKeys keys,
            Path directory,
            InstantSource clock,
            Consumer<LocalStack> beforeRoles,
            Consumer<String> said,
            Consumer<Throwable> failed) {
        LocalStack stack = new LocalStack(config.topicSettings());
        try {
            stack.up(config, keys, directory, clock, beforeRoles, said, failed);
            return stack;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stack.close();
            throw new StackException("interrupted while starting", e);
        } catch (IOException e) {
            stack.close();
            throw new StackException("the stack's folder " + directory + " cannot be used: " + FileProblem.words(e), e);
        } catch (RuntimeException | Error e) {
            stack.close();
            throw e;
        }
    }

    private void up(
            SluiceConfig config,
            VenueKeys keys,
            Path directory,
            InstantSource clock,
            Consumer<LocalStack> beforeRoles,
            Consumer<String> said,
            Consumer<Throwable> failed)
            throws InterruptedException, IOException {
        VenuesOfFolder.require(directory, config);
        if (config.kafka().bootstrapServers().isEmpty()) {
            said.accept("starting the broker");
            var broker = EmbeddedBroker.start(
                    directory.resolve("broker"), config.embedded().kafkaPort());
            open.push(broker);
            bootstrapServers = broker.bootstrapServers();
        } else {
            bootstrapServers = config.kafka().bootstrapServers().get();
        }
        Map<String, Object> kafka = new HashMap<>(config.kafka().properties());
        kafka.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        said.accept("bringing the topics up");
        try (Admin admin = Admin.create(kafka)) {
            new TopicAdmin(admin, topics)
                    .ensure(PATIENCE)
                    .differences()
                    .forEach(difference -> said.accept("differs from the catalogue: " + difference));
        }
        SchemaRegistryClient registry = registry(config);
        registry.registerCatalogue(topics);
        TradingTopology.registerSchemas(topics, registry);
        LeftOrders.require(config, kafka, topics, registry);
        beforeRoles.accept(this);
        publishLimits(config, kafka, registry, clock, said);

        Map<Venue, MarketDataConnector> marketData = new ConcurrentHashMap<>();
        var venues = VenueConnections.open(config, keys, clock, said, (market, why) -> {
            MarketDataConnector reader = marketData.get(market.venue());
            if (reader != null) {
                reader.reread(market, why);
            }
        });
        open.push(venues);
        parts.venues = venues;
        requireSignedReads(venues, said);
        // As late as can be, and before the first command is taken: a start that fails above must not have begun
        // heartbeats that then fall silent, and an order that comes before the first one is answered would be lost.
        venues.startTrading(said);

        said.accept("starting ingress, account task and connectors");
        var ingress = new IngressApp(ingressSettings(config), kafka, registry, clock, failed);
        open.push(() -> {
            if (!ingress.close(GOODBYE)) {
                said.accept("ingress did not stop in time; what it had in hand comes again at the next start");
            }
        });
        parts.ingress = ingress;
        ingress.start();
        var core = new CoreApp(
                TradingTopology.build(topics, registry),
                new CoreSettings(
                        bootstrapServers,
                        topics,
                        AccountTopology.applicationId(topics),
                        "1",
                        directory.resolve("state"),
                        1,
                        5),
                failed);
        open.push(core);
        core.start();
        var paper = paper(config, kafka, registry, clock, failed);
        open.push(() -> paper.close(GOODBYE));
        parts.paper = paper;
        paper.start();
        List<CompletableFuture<Void>> connectors = connectors(venues, kafka, registry, clock, failed);
        for (Venue venue : config.venues().marketData()) {
            var reader = new MarketDataConnector(
                    new MarketDataConfig(
                            kafka,
                            topics,
                            registry,
                            venue,
                            require(venues.readers().get(venue)),
                            config.venues().watch().stream()
                                    .filter(market -> market.venue() == venue)
                                    .collect(Collectors.toSet()),
                            clock,
                            MarketDataConfig.Tuning.DEFAULT),
                    failed);
            open.push(() -> reader.close(GOODBYE));
            marketData.put(venue, reader);
            connectors.add(reader.ready());
            reader.start();
        }
        if (!ingress.awaitReady(PATIENCE)
                || !core.awaitRunning(PATIENCE)
                || !isReady(paper.ready())
                || !areReady(connectors)) {
            throw new StackException("not every role took up its work within " + PATIENCE.toSeconds()
                    + " s: the account task is " + core.state());
        }
        require(parts.control).armed().forEach(armed -> said.accept("ARMED for live orders from before: " + armed));
        var note = RunningStack.ofThisProcess(
                directory.getFileName().toString(), bootstrapServers, registryUri.toString(), topics.prefix());
        note.writeTo(directory);
        open.push(() -> note.removeFrom(directory));
    }

    private boolean areReady(List<CompletableFuture<Void>> connectors) throws InterruptedException {
        for (CompletableFuture<Void> connector : connectors) {
            if (!isReady(connector)) {
                return false;
            }
        }
        return true;
    }

    private boolean isReady(CompletableFuture<Void> connector) throws InterruptedException {
        try {
            connector.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            // Until it knows what is halted, the connector refuses every order, and their keys would be spent.
            return require(parts.control).awaitReady(PATIENCE);
        } catch (ExecutionException e) {
            throw new StackException("a connector did not start: " + StackException.reason(e), e);
        } catch (TimeoutException e) {
            return false;
        }
    }

    private SchemaRegistryClient registry(SluiceConfig config) {
        if (config.registry().url().isPresent()) {
            registryUri = URI.create(config.registry().url().get());
        } else {
            var embedded = EmbeddedRegistry.start(
                    bootstrapServers, topics, config.embedded().registryPort());
            open.push(embedded);
            registryUri = embedded.uri();
        }
        var client = new SchemaRegistryClient(registryUri);
        open.push(client);
        parts.registry = client;
        return client;
    }

    private void publishLimits(
            SluiceConfig config,
            Map<String, Object> kafka,
            SchemaRegistryClient registry,
            InstantSource clock,
            Consumer<String> said)
            throws InterruptedException {
        var serde = new AvroSerde<>(RiskLimits.class, registry);
        Map<String, Object> reading = new HashMap<>(kafka);
        reading.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        Map<String, Object> writing = new HashMap<>(kafka);
        writing.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        try (var reader = new KafkaConsumer<>(reading, new StringDeserializer(), new ByteArrayDeserializer());
                var writer = new KafkaProducer<>(writing, new StringSerializer(), serde.serializer())) {
            ConfiguredLimits.publish(config, topics, reader, serde, writer, clock)
                    .forEach(said);
        }
    }

    private IngressSettings ingressSettings(SluiceConfig config) {
        Map<AccountId, Mode> accounts = new LinkedHashMap<>();
        config.accounts().forEach(account -> accounts.put(account.name(), config.modeOf(account)));
        var defaults = IngressSettings.of(
                accounts, config.signals().defaultAccount(), config.signals().defaultStrategy(), topics);
        return new IngressSettings(
                accounts,
                defaults.jsonAccount(),
                defaults.jsonStrategy(),
                config.tradingDayZone(),
                Duration.ofMillis(config.intervals().tickMs()),
                Duration.ofMillis(config.intervals().marksMs()),
                defaults.quoteLookBack(),
                defaults.groupId(),
                defaults.instanceId(),
                topics);
    }

    /** Nobody trades, or says that they would, with credentials that the venue does not take. */
    private static void requireSignedReads(VenueConnections venues, Consumer<String> said) {
        for (Connection connection : venues.all()) {
            String who = "account " + connection.account() + " at " + connection.venue();
            switch (connection.balances()) {
                case ReadOutcome.Failed<List<Balance>> failed -> {
                    if (connection.mode() != Mode.PAPER) {
                        throw new StackException(who + " is in mode " + connection.mode()
                                + ", and its balance cannot be read: " + failed.why()
                                + "; look with ./sluice venues check");
                    }
                    said.accept(who + " cannot be read: " + failed.why());
                }
                case ReadOutcome.Complete<List<Balance>> read ->
                    said.accept(who + ": " + connection.available().orElse(Money.ZERO) + " dollars available");
            }
        }
    }

    /** A connector for each venue and mode in which an account trades. */
    private List<CompletableFuture<Void>> connectors(
            VenueConnections venues,
            Map<String, Object> kafka,
            SchemaRegistryClient registry,
            InstantSource clock,
            Consumer<Throwable> failed) {
        List<CompletableFuture<Void>> ready = new ArrayList<>();
        for (Venue venue : List.of(Venue.KALSHI, Venue.POLYMARKET)) {
            for (Mode mode : List.of(Mode.DRY_RUN, Mode.LIVE)) {
                var accounts = venues.at(venue, mode);
                if (accounts.isEmpty()) {
                    continue;
                }
                var connector = new LiveConnector(
                        new LiveConnectorConfig(
                                kafka,
                                topics,
                                registry,
                                venue,
                                mode,
                                accounts,
                                require(parts.control),
                                clock,
                                "1",
                                LiveConnectorConfig.READ_EVERY,
                                LiveConnectorConfig.LOOK_EVERY,
                                LiveConnectorConfig.MOST_CALLS),
                        failed);
                open.push(() -> connector.close(GOODBYE));
                ready.add(connector.ready());
                connector.start();
            }
        }
        return ready;
    }

    private PaperConnector paper(
            SluiceConfig config,
            Map<String, Object> kafka,
            SchemaRegistryClient registry,
            InstantSource clock,
            Consumer<Throwable> failed) {
        Map<AccountId, Map<Venue, Money>> balances = new LinkedHashMap<>();
        for (SluiceConfig.Account account : config.accounts()) {
            if (config.modeOf(account) == Mode.PAPER) {
                balances.put(account.name(), config.paper().startingBalances());
            }
        }
        PaperRules rules = new PaperRules(
                config.paper()
                        .latencyMs()
                        .fixedMillis()
                        .map(millis -> PaperLatency.fixed(millis))
                        .orElseGet(() ->
                                PaperLatency.measuredAtKalshi(config.paper().seed())),
                config.paper().assumedDepth());
        var control = new ControlFollower(kafka, topics, registry, clock);
        open.push(control);
        parts.control = control;
        return new PaperConnector(
                new PaperConnectorConfig(kafka, topics, registry, rules, balances, control, clock, "1"), failed);
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Address of the schema registry. */
    public URI registry() {
        return registryUri;
    }

    public TopicSettings topics() {
        return topics;
    }

    /** The registry's client; closed with the stack. */
    public SchemaRegistryClient registryClient() {
        return require(parts.registry);
    }

    /** Accounts and their clients at the venues. */
    public VenueConnections venues() {
        return require(parts.venues);
    }

    public IngressApp ingress() {
        return require(parts.ingress);
    }

    public PaperConnector paper() {
        return require(parts.paper);
    }

    private static <T> T require(@org.jspecify.annotations.Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the stack is not up");
        }
        return part;
    }

    /** Group whose committed offsets in the journal say what is decided. */
    public String coreGroup() {
        return AccountTopology.applicationId(topics);
    }

    /** Name of the journal on the broker. */
    public String journal() {
        return topics.nameOf(Topics.JOURNAL);
    }

    /** Stops every part, the last first. */
    @Override
    public synchronized void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                System.err.println("while stopping: " + e.getMessage());
            }
        }
    }
}
