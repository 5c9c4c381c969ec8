package sluice.risk.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.avro.Signal;
import sluice.avro.VenueReport;
import sluice.domain.AccountId;
import sluice.domain.MarketId;
import sluice.domain.Micros;
import sluice.domain.Mode;
import sluice.domain.RandomDomain;
import sluice.domain.StrategyId;
import sluice.domain.Venue;
import sluice.domain.journal.JournalEntry;
import sluice.domain.journal.JournalEntry.Body;
import sluice.domain.journal.JournalEntry.SignalReceived;
import sluice.domain.journal.Origin;
import sluice.domain.market.Quote;
import sluice.risk.ingress.Intake.Outcome;
import sluice.risk.ingress.core.IngressCore;
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

class IntakeTest {
    static {
        TrustedSchemas.trust();
    }

    private static final TopicSettings TOPICS = TopicSettings.DEFAULT;
    private static final long NOON = Instant.parse("2026-01-28T12:00:00Z").toEpochMilli();
    private static final AccountId MAIN = new AccountId("main");
    private static final MarketId BOS = new MarketId(Venue.KALSHI, "KXNBA-BOS");
    private static final IngressSettings SETTINGS =
            IngressSettings.of(Map.of(MAIN, Mode.PAPER), MAIN, new StrategyId("default"), TOPICS);

    private final InMemorySchemaRegistry schemas = new InMemorySchemaRegistry();
    private final AtomicBoolean registryIsDown = new AtomicBoolean();
    private final SchemaRegistry registry = registry();
    private final IngressCore core =
            new IngressCore(SETTINGS.accounts(), SETTINGS.zone(), SETTINGS.tickEvery(), SETTINGS.markEvery(), NOON);
    private final Intake intake = new Intake(core, SETTINGS, registry);

    // ---------------------------------------------------------------- what is good

    static LongStream seeds() {
        return RandomDomain.seeds();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyKindOfRecordReachesTheJournalAsItWasSent(long seed) {
        var random = new RandomDomain(seed);
        var report = random.report();
        var fill = random.fill();
        var control = random.control();
        var limits = random.limits();
        var settlement = random.settlement();
        var account = random.account();
        var snapshot = random.snapshot();

        assertThat(taken(Topics.VENUE_REPORTS, OrderCodec.toAvro(report)))
                .isEqualTo(entry(report.account(), new JournalEntry.ReportReceived(report)));
        assertThat(taken(Topics.FILLS, OrderCodec.toAvro(fill)))
                .isEqualTo(entry(fill.account(), new JournalEntry.FillReceived(fill)));
        assertThat(taken(Topics.CONTROL, RiskCodec.toAvro(control)))
                .isEqualTo(entry(AccountId.ALL, new JournalEntry.ControlReceived(control)));
        assertThat(taken(Topics.RISK_LIMITS, RiskCodec.toAvro(limits)))
                .isEqualTo(entry(AccountId.ALL, new JournalEntry.LimitsReceived(limits)));
        assertThat(taken(Topics.MARKET_SETTLEMENTS, MarketCodec.toAvro(settlement)))
                .isEqualTo(entry(AccountId.ALL, new JournalEntry.SettlementReceived(settlement)));
        assertThat(taken(Topics.VENUE_SNAPSHOTS, SnapshotCodec.toAvro(account, snapshot)))
                .isEqualTo(entry(account, snapshot));
    }

    @Test
    void aSignalIsTheSameFromAvroAndFromJson() {
        // Given
        String json = """
                {"request_id": "r-1", "idempotency_key": "k-1", "account": "main", "strategy": "s",
                 "platform": "Kalshi", "market_id": "KXNBA-BOS", "side": "Yes", "limit_price": "0.65", "size": 50,
                 "created_at": "2026-01-28T12:00:00Z"}""";

        // Then
        assertThat(decoded(take(Topics.SIGNALS_JSON, json.getBytes(UTF_8))))
                .isEqualTo(taken(Topics.SIGNALS, signal(builder -> builder)));
    }

    @Test
    void aSignalCarriesWhatMarketDataSaid() {
        // Given
        var market = new RandomDomain(1).market(BOS);
        var quote = new Quote(BOS, List.of(), List.of(), true, null, null, null, null, NOON - 1, "test");

        // When
        assertThat(take(Topics.MARKET_METADATA, bytes(Topics.MARKET_METADATA, MarketCodec.toAvro(market))))
                .isEqualTo(new Outcome.Remembered());
        assertThat(take(Topics.MARKET_QUOTES, bytes(Topics.MARKET_QUOTES, MarketCodec.toAvro(quote))))
                .isEqualTo(new Outcome.Remembered());

        // Then
        SignalReceived received = received();
        assertThat(received.market()).isEqualTo(market);
        assertThat(requireNonNull(received.quote()).atMillis()).isEqualTo(NOON - 1);
        assertThat(received.quote().origin()).isEqualTo(new Origin("market.quotes", 1, 7));
    }

    @Test
    void aDeletedMarketIsForgottenWithoutADeadLetter() {
        // Given
        take(
                Topics.MARKET_METADATA,
                bytes(Topics.MARKET_METADATA, MarketCodec.toAvro(new RandomDomain(1).market(BOS))));

        // When
        Outcome outcome = intake.take(
                Topics.MARKET_METADATA,
                new Origin("market.metadata", 0, 1),
                BOS.toString().getBytes(UTF_8),
                null);

        // Then
        assertThat(outcome).isEqualTo(new Outcome.Remembered());
        assertThat(received().market()).isNull();
    }

    /** What came before an unreadable record is not the newest any more, and a decision must not take it for that. */
    @Test
    void unreadableMarketDataTakesTheEarlierWordWithIt() {
        // Given
        byte[] key = BOS.toString().getBytes(UTF_8);
        var quote = new Quote(BOS, List.of(), List.of(), true, null, null, null, null, NOON, "test");
        take(
                Topics.MARKET_METADATA,
                bytes(Topics.MARKET_METADATA, MarketCodec.toAvro(new RandomDomain(1).market(BOS))));
        take(Topics.MARKET_QUOTES, bytes(Topics.MARKET_QUOTES, MarketCodec.toAvro(quote)));

        // When
        Outcome first = intake.take(Topics.MARKET_QUOTES, new Origin("market.quotes", 0, 1), key, new byte[] {1});
        Outcome second = intake.take(Topics.MARKET_METADATA, new Origin("market.metadata", 0, 1), key, new byte[] {1});

        // Then
        assertThat(List.of(first, second)).allMatch(Outcome.Rejected.class::isInstance);
        assertThat(received().quote()).isNull();
        assertThat(received().market()).isNull();
    }

    // ---------------------------------------------------------------- what is not

    static Stream<Topic> avroTopics() {
        return Stream.of(
                Topics.SIGNALS,
                Topics.CONTROL,
                Topics.RISK_LIMITS,
                Topics.MARKET_QUOTES,
                Topics.MARKET_METADATA,
                Topics.MARKET_SETTLEMENTS,
                Topics.VENUE_REPORTS,
                Topics.FILLS,
                Topics.VENUE_SNAPSHOTS);
    }

    @ParameterizedTest
    @MethodSource("avroTopics")
    void bytesThatAreNoRecordOfTheTopicAreRejected(Topic topic) {
        // Given
        byte[] good = good(topic);
        byte[] unknownId = ByteBuffer.wrap(good.clone()).putInt(1, 99_999).array();
        byte[] otherSchema = good(topic.equals(Topics.FILLS) ? Topics.SIGNALS : Topics.FILLS);
        byte[] wrongMagic = good.clone();
        wrongMagic[0] = 1;

        // Then
        assertThat(take(topic, good)).isNotInstanceOf(Outcome.Rejected.class);
        assertThat(rejected(topic, new byte[0])).contains("value of 0 bytes");
        assertThat(rejected(topic, new byte[] {0, 0, 0})).contains("value of 3 bytes");
        assertThat(rejected(topic, wrongMagic)).contains("send it in the Confluent wire format");
        assertThat(rejected(topic, "{\"request_id\": 1}".getBytes(UTF_8))).contains("as JSON to the topic");
        assertThat(rejected(topic, unknownId)).contains("schema id 99999 is not known to the registry");
        assertThat(rejected(topic, otherSchema)).contains("and not sluice.avro.");
        assertThat(rejected(topic, Arrays.copyOf(good, good.length + 1))).contains("before the end of its");
        for (int length = 5; length < good.length; length++) {
            assertThat(rejected(topic, Arrays.copyOf(good, length))).contains(topic.name());
        }
    }

    @ParameterizedTest
    @MethodSource("avroTopics")
    void aRecordWithoutAValueIsRejectedUnlessItDeletesAMarket(Topic topic) {
        Outcome outcome = intake.take(topic, new Origin(topic.name(), 0, 1), null, null);

        if (topic.equals(Topics.MARKET_METADATA)) {
            assertThat(outcome).isEqualTo(new Outcome.Remembered());
        } else {
            assertThat(outcome).isInstanceOfSatisfying(Outcome.Rejected.class, it -> assertThat(it.reason())
                    .contains("the record has no value; send a "));
        }
    }

    /** A length that is a lie must not cost its worth in memory, wherever it stands. */
    @ParameterizedTest
    @MethodSource("avroTopics")
    void aLengthOfTwoBillionIsNotBelieved(Topic topic) {
        byte[] good = good(topic);
        // Zig-zag varint of 2^31 - 16.
        byte[] length = {(byte) 0xE0, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F};
        for (int at = 5; at < good.length - length.length; at++) {
            byte[] bomb = good.clone();
            System.arraycopy(length, 0, bomb, at, length.length);
            assertThat(take(topic, bomb)).isNotNull();
        }
    }

    static Stream<Arguments> senselessSignals() {
        return Stream.of(
                Arguments.of(
                        edit(it -> it.setPlatform(sluice.avro.Venue.UNKNOWN)), "Signal.platform: UNKNOWN is not one"),
                Arguments.of(
                        edit(it -> it.setSide(sluice.avro.Side.UNKNOWN)), "Signal.side: UNKNOWN is not one of YES"),
                Arguments.of(
                        edit(it -> it.setLimitPrice(Micros.decimal(1_500_000))), "price 1.5 is not between 0 and 1"),
                Arguments.of(edit(it -> it.setLimitPrice(Micros.decimal(-1))), "is not between 0 and 1"),
                Arguments.of(edit(it -> it.setLimitPrice(Micros.decimal(0))), "limit_price is 0; it must lie between"),
                Arguments.of(edit(it -> it.setSize(Micros.decimal(0))), "size is 0; it must be more than 0"),
                Arguments.of(edit(it -> it.setSize(Micros.decimal(-1_000_000))), "quantity -1 is negative"),
                Arguments.of(edit(it -> it.setMaxCost(Micros.decimal(0))), "max_cost is 0; it must be more than 0"),
                Arguments.of(
                        edit(it -> it.setAccount("nobody")),
                        "account \"nobody\" is not configured; configured are: main"),
                Arguments.of(edit(it -> it.setAccount("*")), "account \"*\" is not configured"),
                Arguments.of(edit(it -> it.setAccount("")), "Signal.account: AccountId has 0 characters"),
                Arguments.of(edit(it -> it.setMarketId("KX NBA")), "has a space"),
                Arguments.of(edit(it -> it.setIdempotencyKey("")), "Signal.idempotency_key: it is empty"),
                Arguments.of(edit(it -> it.setPostOnly(true)), "post_only is true with time_in_force IOC"),
                Arguments.of(
                        edit(it -> it.setCreatedAt(Instant.parse("9999-01-01T00:00:00Z"))), "is not a time from 1970"),
                Arguments.of(
                        edit(it -> it.setLegs(List.of(new sluice.avro.Leg(
                                sluice.avro.Venue.KALSHI,
                                "M",
                                null,
                                sluice.avro.Side.YES,
                                sluice.avro.Action.BUY,
                                Micros.decimal(1),
                                Micros.decimal(1))))),
                        "send one signal per leg"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("senselessSignals")
    void aSignalThatMakesNoSenseIsRejectedWithItsField(UnaryOperator<Signal.Builder> change, String reason) {
        assertThat(rejected(Topics.SIGNALS, bytes(Topics.SIGNALS, signal(change))))
                .contains(reason);
    }

    @Test
    void otherRecordsAreHeldToTheirRulesToo() {
        var random = new RandomDomain(3);
        var report = VenueReport.newBuilder(OrderCodec.toAvro(random.report()))
                .setType(sluice.avro.ReportType.UNKNOWN)
                .build();
        var halt = sluice.avro.ControlCommand.newBuilder(RiskCodec.toAvro(random.control()))
                .setReason(" ")
                .build();
        var limits = sluice.avro.RiskLimits.newBuilder(RiskCodec.toAvro(random.limits()))
                .setLimits(Map.of("max-oder-cost", Micros.decimal(1)))
                .build();
        var fill = sluice.avro.Fill.newBuilder(OrderCodec.toAvro(random.fill()))
                .setPrice(Micros.decimal(2_000_000))
                .build();

        assertThat(rejected(Topics.VENUE_REPORTS, bytes(Topics.VENUE_REPORTS, report)))
                .contains("VenueReport.type: UNKNOWN");
        assertThat(rejected(Topics.CONTROL, bytes(Topics.CONTROL, halt))).contains("needs a reason");
        assertThat(rejected(Topics.RISK_LIMITS, bytes(Topics.RISK_LIMITS, limits)))
                .contains("\"max-oder-cost\" is not a limit; the nearest is max-order-cost");
        assertThat(rejected(Topics.FILLS, bytes(Topics.FILLS, fill))).contains("price 2 is not between 0 and 1");
    }

    @Test
    void aNumberThatNoRecordHoldsIsRejectedBeforeTheJournal() {
        String json = """
                {"request_id": "r-1", "idempotency_key": "k-1", "platform": "Kalshi", "market_id": "KXNBA-BOS",
                 "side": "Yes", "limit_price": "0.65", "size": 1000000000000, "created_at": 1769601600000}""";

        assertThat(rejected(Topics.SIGNALS_JSON, json.getBytes(UTF_8)))
                .contains("Signal.size: 1000000000000 is beyond 999999999999.999999");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void damagedRecordsGiveAnAnswer(long seed) {
        var random = new Random(seed);
        for (Topic topic : avroTopics().toList()) {
            byte[] good = good(topic);
            for (int i = 0; i < 20; i++) {
                byte[] bytes = good.clone();
                for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                    bytes[5 + random.nextInt(bytes.length - 5)] = (byte) random.nextInt(256);
                }
                Outcome outcome = take(topic, bytes);
                if (outcome instanceof Outcome.Rejected rejected) {
                    assertThat(rejected.reason()).isNotBlank().doesNotContain("ingress failed on the record");
                }
            }
        }
    }

    // ---------------------------------------------------------------- a registry that is down

    @Test
    void aDeadRegistryIsNoFaultOfTheRecord() {
        // Given
        byte[] record = bytes(Topics.SIGNALS, signal(builder -> builder));
        received();
        var fresh = new Intake(core, SETTINGS, registry);

        // When
        registryIsDown.set(true);

        // Then: what is known goes on, what is not known waits
        assertThat(take(Topics.SIGNALS, record)).isInstanceOf(Outcome.Journaled.class);
        assertThatThrownBy(() -> fresh.take(Topics.SIGNALS, new Origin("signals", 0, 1), null, record))
                .isInstanceOf(RegistryUnavailableException.class);

        // Then: the same record, later
        registryIsDown.set(false);
        assertThat(fresh.take(Topics.SIGNALS, new Origin("signals", 0, 1), null, record))
                .isInstanceOf(Outcome.Journaled.class);
    }

    // ---------------------------------------------------------------- makers

    private SchemaRegistry registry() {
        schemas.registerCatalogue(TOPICS);
        return (SchemaRegistry) Proxy.newProxyInstance(
                SchemaRegistry.class.getClassLoader(), new Class<?>[] {SchemaRegistry.class}, (proxy, method, args) -> {
                    if (registryIsDown.get()) {
                        throw new RegistryUnavailableException("switched off");
                    }
                    return method.invoke(schemas, args);
                });
    }

    private static UnaryOperator<Signal.Builder> edit(UnaryOperator<Signal.Builder> change) {
        return change;
    }

    private static Signal signal(UnaryOperator<Signal.Builder> change) {
        return change.apply(Signal.newBuilder()
                        .setRequestId("r-1")
                        .setIdempotencyKey("k-1")
                        .setAccount("main")
                        .setStrategy("s")
                        .setPlatform(sluice.avro.Venue.KALSHI)
                        .setMarketId("KXNBA-BOS")
                        .setSide(sluice.avro.Side.YES)
                        .setLimitPrice(Micros.decimal(650_000))
                        .setSize(Micros.decimal(50_000_000))
                        .setCreatedAt(Instant.ofEpochMilli(NOON)))
                .build();
    }

    /** A valid record of the topic. */
    private byte[] good(Topic topic) {
        var random = new RandomDomain(7);
        Map<Topic, SpecificRecord> records = Map.of(
                Topics.SIGNALS, signal(builder -> builder),
                Topics.CONTROL, RiskCodec.toAvro(random.control()),
                Topics.RISK_LIMITS, RiskCodec.toAvro(random.limits()),
                Topics.MARKET_QUOTES, MarketCodec.toAvro(random.quote()),
                Topics.MARKET_METADATA, MarketCodec.toAvro(random.market()),
                Topics.MARKET_SETTLEMENTS, MarketCodec.toAvro(random.settlement()),
                Topics.VENUE_REPORTS, OrderCodec.toAvro(random.report()),
                Topics.FILLS, OrderCodec.toAvro(random.fill()),
                Topics.VENUE_SNAPSHOTS, SnapshotCodec.toAvro(MAIN, random.snapshot()));
        return bytes(topic, requireNonNull(records.get(topic)));
    }

    private <T extends SpecificRecord> byte[] bytes(Topic topic, T record) {
        @SuppressWarnings("unchecked")
        var type = (Class<T>) record.getClass();
        return requireNonNull(new AvroSerde<>(type, schemas).serialize(TOPICS.nameOf(topic), record));
    }

    private Outcome take(Topic topic, byte[] value) {
        return intake.take(topic, new Origin(topic.name(), 1, 7), null, value);
    }

    private String rejected(Topic topic, byte[] value) {
        Outcome outcome = take(topic, value);
        assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
        return ((Outcome.Rejected) outcome).reason();
    }

    private JournalEntry taken(Topic topic, SpecificRecord record) {
        return decoded(take(topic, bytes(topic, record)));
    }

    private SignalReceived received() {
        return (SignalReceived)
                taken(Topics.SIGNALS, signal(builder -> builder)).body();
    }

    private JournalEntry decoded(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Journaled.class);
        Intake.Entry entry = ((Outcome.Journaled) outcome).entry();
        var avro = new AvroSerde<>(sluice.avro.JournalEntry.class, schemas)
                .deserialize(TOPICS.nameOf(Topics.JOURNAL), entry.value().array());
        return JournalCodec.fromAvro(requireNonNull(avro), 0, 0, entry.append().timeMillis());
    }

    private static JournalEntry entry(AccountId account, Body body) {
        return new JournalEntry(account, 0, 0, NOON, body);
    }
}
