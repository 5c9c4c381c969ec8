package sluice.console.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sluice.avro.Fill;
import sluice.avro.Placement;
import sluice.avro.PlacementStage;
import sluice.avro.VenueHealth;
import sluice.avro.VenueReport;
import sluice.avro.VenueSnapshot;
import sluice.console.stack.TestBroker;
import sluice.console.stack.TopicAdmin;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.MarketId;
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
import sluice.topics.Topic;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.venues.api.VenueClient;
import sluice.venues.live.DryRunClient;
import sluice.venues.live.LiveConnector;
import sluice.venues.live.LiveConnectorConfig;
import sluice.wire.AvroSerde;
import sluice.wire.InMemorySchemaRegistry;
import sluice.wire.OrderCodec;

/** A connector between real topics and a venue that loses answers: one call for one order, and every fill told. */
class LiveConnectorTest {
    @RegisterExtension
    static final TestBroker BROKER = new TestBroker();

    private static final AtomicInteger TESTS = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final AccountId ACCOUNT = new AccountId("alice");
    private static final MarketId MARKET = new MarketId(Venue.KALSHI, "KXTEST-1");

    private final TopicSettings topics =
            new TopicSettings("live-" + TESTS.incrementAndGet() + ".", (short) 1, Map.of());
    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final MemoryVenue venue = new MemoryVenue();
    private final List<LiveConnector> running = new ArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private @Nullable KafkaProducer<String, byte[]> producer;

    @BeforeEach
    void createTopics() {
        registry.registerCatalogue(topics);
        try (var admin = Admin.create(client())) {
            new TopicAdmin(admin, topics).ensure(PATIENCE);
        }
        producer = new KafkaProducer<>(client(), new StringSerializer(), new ByteArraySerializer());
    }

    @AfterEach
    void stop() {
        running.forEach(LiveConnector::close);
        if (producer != null) {
            producer.close();
        }
    }

    @Test
    void everyOrderIsCalledOnceAndEndsAsTheVenueHasIt() {
        // Given
        start("one", Mode.LIVE, venue);

        // When
        for (String id : List.of("o-1", "o-lost", "o-gone", "o-no", "o-rest")) {
            place(id, Mode.LIVE, 2_000);
        }
        await("conclusions", () -> conclusions().size() == 5);

        // Then
        assertThat(conclusions())
                .containsEntry("o-1", "ACCEPTED")
                .containsEntry("o-lost", "ACCEPTED")
                .containsEntry("o-gone", "ABSENT")
                .containsEntry("o-no", "REFUSED")
                .containsEntry("o-rest", "ACCEPTED");
        assertThat(venue.calls).hasSize(5).allSatisfy((id, calls) -> assertThat(calls)
                .isEqualTo(1));
        await("fills", () -> fills().size() == 2);
        assertThat(fills()).containsExactlyInAnyOrder("t-o-1 of o-1", "t-o-lost of o-lost");
        await("a snapshot", () -> !read(Topics.VENUE_SNAPSHOTS, VenueSnapshot.class)
                .isEmpty());
        await("health", () -> !read(Topics.VENUE_HEALTH, VenueHealth.class).isEmpty());
        assertThat(failures).isEmpty();
    }

    @Test
    void aSlowAnswerHoldsUpItsOwnOrderAlone() {
        // Given
        start("one", Mode.LIVE, venue);

        // When
        place("slow-1", Mode.LIVE, 60_000);
        place("o-2", Mode.LIVE, 60_000);

        // Then
        await("the second", () -> conclusions().containsKey("o-2"));
        assertThat(conclusions()).doesNotContainKey("slow-1");
        venue.answerSlowOnes();
        await("the first", () -> conclusions().containsKey("slow-1"));
    }

    @Test
    void whatWasUnderWayWhenAnotherTookOverIsLookedUpAndNeverSentAgain() {
        // Given one that waits for its answer for ever, and loses its ownership meanwhile
        start("one", Mode.LIVE, venue);
        place("slow-lost", Mode.LIVE, 1_000);
        await("the call", () -> venue.calls.containsKey("slow-lost"));

        // When another instance under the same name takes over, and the answer is lost on the way to the dead one
        start("one", Mode.LIVE, venue);
        venue.answerSlowOnes();

        // Then
        await("the conclusion", () -> conclusions().containsKey("slow-lost"));
        assertThat(venue.calls).containsEntry("slow-lost", 1);
        assertThat(conclusions().get("slow-lost")).isEqualTo(venue.taken.contains("slow-lost") ? "ACCEPTED" : "ABSENT");
        await("the fill", () -> fills().contains("t-slow-lost of slow-lost"));
    }

    @Test
    void fillsThatTheStreamDidNotTellAreReadAfterwards() {
        // Given
        start("one", Mode.LIVE, venue);
        venue.fallSilent();

        // When
        place("o-1", Mode.LIVE, 2_000);

        // Then
        await("the fill", () -> fills().contains("t-o-1 of o-1"));
    }

    @Test
    void anOrderWhoseCancelGotLostIsAskedFor() {
        // Given
        start("one", Mode.LIVE, venue);
        place("rest-unclear", Mode.LIVE, 2_000);
        await("the order", () -> conclusions().containsKey("rest-unclear"));

        // When
        send(command("rest-unclear", OrderCommand.Type.CANCEL, Mode.LIVE, 0));

        // Then
        await("doubt, then certainty", () -> reportsOf("rest-unclear").contains("CANCELLED"));
        assertThat(reportsOf("rest-unclear")).containsSubsequence("ACCEPTED", "UNCERTAIN", "CANCELLED");
    }

    @Test
    void aDryRunStopsAtTheSocketAndSaysWhatItWouldHaveSent() {
        // Given
        start("one", Mode.DRY_RUN, new DryRunClient(venue));

        // When
        place("o-1", Mode.DRY_RUN, 2_000);
        await("the answer", () -> conclusions().containsKey("o-1"));

        // Then
        assertThat(conclusions()).containsEntry("o-1", "NOT_SENT");
        assertThat(read(Topics.VENUE_REPORTS, VenueReport.class).getFirst().getDetail())
                .isEqualTo("dry run; this would have been sent: order o-1");
        assertThat(venue.calls).isEmpty();
    }

    @Test
    void anAccountWithoutCredentialsSendsNothing() {
        start("one", Mode.LIVE, venue);

        send(command("o-1", OrderCommand.Type.PLACE, Mode.LIVE, 2_000, new AccountId("bob")));

        await("the answer", () -> conclusions().containsKey("o-1"));
        assertThat(reportsOf("o-1")).containsExactly("NOT_SENT");
        assertThat(placements()).isEmpty();
    }

    @Test
    void aPlacementIsOnRecordBeforeItsCall() {
        start("one", Mode.LIVE, venue);
        place("slow-1", Mode.LIVE, 60_000);

        await("the call", () -> venue.calls.containsKey("slow-1"));
        assertThat(placements()).containsExactly("slow-1 SENT");
        venue.answerSlowOnes();
        await("the outcome", () -> placements().size() >= 2);
    }

    // ------------------------------------------------------------------ the world around

    private void start(String instance, Mode mode, VenueClient through) {
        var connector = new LiveConnector(
                new LiveConnectorConfig(
                        client(),
                        topics,
                        registry,
                        Venue.KALSHI,
                        mode,
                        Map.of(ACCOUNT, through),
                        (command, epoch) -> Optional.empty(),
                        InstantSource.system(),
                        instance,
                        Duration.ofMillis(500),
                        Duration.ofMillis(100),
                        8),
                failures::add);
        running.add(connector);
        connector.start();
        try {
            connector.ready().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the connector did not start: " + failures, e);
        }
    }

    private void place(String id, Mode mode, long millis) {
        send(command(id, OrderCommand.Type.PLACE, mode, millis));
    }

    private OrderCommand command(String id, OrderCommand.Type type, Mode mode, long millis) {
        return command(id, type, mode, millis, ACCOUNT);
    }

    private OrderCommand command(String id, OrderCommand.Type type, Mode mode, long millis, AccountId account) {
        long now = System.currentTimeMillis();
        return new OrderCommand(
                type,
                new OrderId(id),
                account,
                new StrategyId("s1"),
                mode,
                market(),
                null,
                Side.YES,
                Action.BUY,
                Price.HALF,
                Quantity.parse("10"),
                TimeInForce.IOC,
                false,
                null,
                now + millis,
                now,
                1,
                "a test",
                null,
                null,
                null);
    }

    private void send(OrderCommand command) {
        if (producer == null) {
            throw new IllegalStateException("not set up");
        }
        var serde = new AvroSerde<>(sluice.avro.OrderCommand.class, registry);
        String topic = topics.nameOf(Topics.ordersFor(command.mode(), Venue.KALSHI));
        try {
            producer.send(new ProducerRecord<>(
                            topic, command.account().value(), serde.serialize(topic, OrderCodec.toAvro(command))))
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is certain of each order, by the reports. */
    private Map<String, String> conclusions() {
        var conclusions = new TreeMap<String, String>();
        for (var report : read(Topics.VENUE_REPORTS, VenueReport.class)) {
            switch (report.getType()) {
                case ACCEPTED, REFUSED, NOT_SENT, ABSENT ->
                    conclusions.put(report.getOrderId(), report.getType().name());
                default -> {}
            }
        }
        return conclusions;
    }

    private List<String> reportsOf(String order) {
        return read(Topics.VENUE_REPORTS, VenueReport.class).stream()
                .filter(report -> report.getOrderId().equals(order))
                .map(report -> report.getType().name())
                .toList();
    }

    private List<String> fills() {
        return read(Topics.FILLS, Fill.class).stream()
                .map(fill -> fill.getTradeId() + " of " + fill.getOrderId())
                .distinct()
                .toList();
    }

    private List<String> placements() {
        return read(Topics.PLACEMENTS, Placement.class).stream()
                .map(placement -> placement.getOrderId() + " "
                        + (placement.getStage() == PlacementStage.SENT ? "SENT" : placement.getOutcome()))
                .toList();
    }

    private <T extends SpecificRecord> List<T> read(Topic topic, Class<T> type) {
        var serde = new AvroSerde<>(type, registry);
        String name = topics.nameOf(topic);
        var settings = new TreeMap<String, Object>(client());
        settings.put("isolation.level", "read_committed");
        var values = new ArrayList<T>();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(name).stream()
                    .map(info -> new TopicPartition(name, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            Function<TopicPartition, Boolean> isRead =
                    partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L);
            while (!partitions.stream().allMatch(isRead::apply)) {
                for (var record : consumer.poll(Duration.ofMillis(50))) {
                    var value = serde.deserialize(name, record.value());
                    if (value != null) {
                        values.add(value);
                    }
                }
            }
        }
        return values;
    }

    private static Map<String, Object> client() {
        return Map.of("bootstrap.servers", BROKER.bootstrapServers());
    }

    private static Market market() {
        return new Market(
                MARKET,
                null,
                false,
                "test",
                "",
                MarketStatus.ACTIVE,
                null,
                null,
                null,
                PriceGrid.of(Price.parse("0.01")),
                Quantity.parse("0.01"),
                Quantity.parse("1"),
                Money.ZERO,
                new FeeTerms(FeeModel.KALSHI, 70_000, 0, "test"),
                null,
                null,
                false,
                null,
                1,
                "test");
    }

    private void await(String what, BooleanSupplier happened) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!happened.getAsBoolean()) {
            assertThat(failures).as("while waiting for %s", what).isEmpty();
            assertThat(System.nanoTime())
                    .as(
                            "%s; reports: %s",
                            what,
                            read(Topics.VENUE_REPORTS, VenueReport.class).stream()
                                    .map(report -> report.getOrderId() + " " + report.getType())
                                    .toList())
                    .isLessThan(deadline);
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
