package sluice.router.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.avro.AccountState;
import sluice.avro.Decision;
import sluice.avro.Execution;
import sluice.avro.ExecutionStatus;
import sluice.avro.OrderCommand;
import sluice.avro.OrderCommandType;
import sluice.avro.Position;
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
import sluice.domain.order.Fill;
import sluice.domain.order.Signal;
import sluice.domain.order.VenueReport;
import sluice.domain.risk.ControlCommand;
import sluice.domain.risk.Limit;
import sluice.domain.risk.RiskLimits;
import sluice.domain.risk.Scope;
import sluice.risk.replay.DecisionDigest;
import sluice.risk.replay.Replay;
import sluice.risk.topology.AccountTopology;
import sluice.topics.Topic;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.wire.AvroSerde;
import sluice.wire.DecisionCodec;
import sluice.wire.InMemorySchemaRegistry;
import sluice.wire.JournalCodec;

/** The whole account task in a driver: what goes into the journal, what comes out of every topic. */
class TradingTopologyTest {
    private static final TopicSettings TOPICS = TopicSettings.DEFAULT;
    private static final AccountId MAIN = new AccountId("main");
    private static final long NOON = 1_795_176_000_000L;
    private static final Market MARKET = new Market(
            MarketId.parse("kalshi:KX"),
            new EventId("game"),
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
            new FeeTerms(FeeModel.KALSHI, 70_000, 0, "test"),
            null,
            null,
            false,
            null,
            NOON,
            "test");

    @TempDir
    private Path directory = Path.of("replaced by the extension");

    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final List<JournalEntry> journal = new ArrayList<>();
    private @Nullable TopologyTestDriver driver;
    private long now = NOON;

    @BeforeEach
    void open() {
        registry.registerCatalogue(TOPICS);
        TradingTopology.registerSchemas(TOPICS, registry);
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, AccountTopology.applicationId(TOPICS));
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
        config.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        driver = new TopologyTestDriver(TradingTopology.build(TOPICS, registry), config);
    }

    @AfterEach
    void close() {
        driver().close();
    }

    private TopologyTestDriver driver() {
        if (driver == null) {
            throw new IllegalStateException("no driver");
        }
        return driver;
    }

    private void enter(AccountId account, JournalEntry.Body body) {
        JournalEntry entry = new JournalEntry(account, 0, journal.size(), now, body);
        journal.add(entry);
        TestInputTopic<String, sluice.avro.JournalEntry> input = driver().createInputTopic(
                        TOPICS.nameOf(Topics.JOURNAL),
                        Serdes.String().serializer(),
                        new AvroSerde<>(sluice.avro.JournalEntry.class, registry).serializer());
        input.pipeInput(account.value(), JournalCodec.toAvro(entry, null), Instant.ofEpochMilli(now));
    }

    private <T extends org.apache.avro.specific.SpecificRecord> List<T> told(Topic topic, Class<T> type) {
        return driver().createOutputTopic(
                        TOPICS.nameOf(topic),
                        Serdes.String().deserializer(),
                        new AvroSerde<>(type, registry).deserializer())
                .readValuesToList();
    }

    private void openDesk() {
        enter(AccountId.ALL, new JournalEntry.DayRolled(20_777, "UTC"));
        Map<Limit, Long> limits = new EnumMap<>(Limit.class);
        for (Limit limit : Limit.values()) {
            limits.put(limit, limit.bound() == Limit.Bound.MOST ? 1_000_000_000L * Micros.ONE : 0L);
        }
        limits.put(Limit.MAX_PRICE, 990_000L);
        limits.put(Limit.WORKING_ORDER_TIMEOUT, 60_000L * Micros.ONE);
        enter(
                AccountId.ALL,
                new JournalEntry.LimitsReceived(new RiskLimits(
                        AccountId.ALL, Scope.ALL, 1, limits, List.of("*"), List.of(), "test", "test", now)));
        enter(
                MAIN,
                new JournalEntry.SnapshotReceived(
                        Mode.PAPER, Venue.KALSHI, Money.parse("1000"), Money.parse("1000"), null, true, now));
    }

    private void signal(String key, String price, TimeInForce timeInForce) {
        Signal signal = new Signal(
                "r-" + key,
                key,
                MAIN,
                new StrategyId("momentum"),
                MARKET.id(),
                null,
                "Boston",
                "game-1",
                "NBA",
                "s1",
                "ModelEdgeYes",
                Micros.parse("25"),
                Side.YES,
                Action.BUY,
                Price.parse(price),
                Quantity.parse("10"),
                null,
                null,
                timeInForce,
                false,
                null,
                now,
                null,
                null,
                null,
                Map.of());
        enter(
                MAIN,
                new JournalEntry.SignalReceived(
                        signal,
                        Mode.PAPER,
                        new OrderId("o-" + key),
                        java.util.HexFormat.of().formatHex(sha256(price)),
                        new QuoteView(
                                Price.parse("0.49"),
                                Price.parse("0.51"),
                                null,
                                null,
                                now,
                                new Origin("market.quotes", 0, 1)),
                        MARKET,
                        false));
    }

    private static byte[] sha256(String text) {
        try {
            return java.security.MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void fill(String key, String quantity) {
        enter(
                MAIN,
                new JournalEntry.FillReceived(new Fill(
                        "t-" + key + quantity,
                        "o-" + key,
                        "v",
                        MAIN,
                        Mode.PAPER,
                        MARKET.id(),
                        Side.YES,
                        Action.BUY,
                        Price.parse("0.50"),
                        Quantity.parse(quantity),
                        Money.parse("0.1"),
                        true,
                        Fill.Status.FINAL,
                        now)));
    }

    private void report(String key, VenueReport.Type type, String filled) {
        enter(
                MAIN,
                new JournalEntry.ReportReceived(new VenueReport(
                        new OrderId("o-" + key),
                        MAIN,
                        Mode.PAPER,
                        MARKET.id(),
                        type,
                        "v",
                        Quantity.parse(filled),
                        "",
                        "",
                        now)));
    }

    private void tick() {
        enter(AccountId.ALL, new JournalEntry.Tick(now));
    }

    @Test
    void anApprovalAndItsCommandLeaveTogetherAndARepeatMakesNoSecondOrder() {
        openDesk();

        signal("a", "0.50", TimeInForce.IOC);
        signal("a", "0.50", TimeInForce.IOC);
        signal("a", "0.51", TimeInForce.IOC);

        assertThat(told(Topics.DECISIONS, Decision.class))
                .extracting(decision -> decision.getVerdict().name())
                .containsExactly("APPROVED", "DUPLICATE", "CONFLICT");
        var orders = told(Topics.ORDERS_PAPER, OrderCommand.class);
        assertThat(orders).hasSize(1);
        assertThat(orders.get(0).getOrderId()).isEqualTo("o-a");
        assertThat(orders.get(0).getType()).isEqualTo(OrderCommandType.PLACE);
    }

    @Test
    void fillsMakePositionsAndTheEndOfAnOrderMakesOneResult() {
        openDesk();
        signal("a", "0.50", TimeInForce.IOC);
        fill("a", "4");
        fill("a", "4");
        report("a", VenueReport.Type.CANCELLED, "4");
        tick();

        var executions = told(Topics.EXECUTIONS, Execution.class);
        assertThat(executions).hasSize(1);
        assertThat(executions.get(0).getStatus()).isEqualTo(ExecutionStatus.PARTIAL);
        assertThat(executions.get(0).getFilledQty()).isEqualByComparingTo("4");
        assertThat(executions.get(0).getAvgPrice()).isEqualByComparingTo("0.5");
        assertThat(executions.get(0).getGameId()).isEqualTo("game-1");
        var positions = told(Topics.POSITIONS, Position.class);
        assertThat(positions.get(positions.size() - 1).getYesQuantity()).isEqualByComparingTo("4");
        var accounts = told(Topics.ACCOUNTS, AccountState.class);
        AccountState last = accounts.get(accounts.size() - 1);
        assertThat(last.getReserved()).isEqualByComparingTo("0");
        assertThat(last.getOpenOrders()).isZero();
        assertThat(last.getVenues().get(0).getLedgerCash()).isEqualByComparingTo("997.9");
    }

    @Test
    void anOrderThatRestsTooLongIsCancelledOnce() {
        openDesk();
        signal("a", "0.50", TimeInForce.GTC);
        now += 59_999;
        tick();
        assertThat(told(Topics.ORDERS_PAPER, OrderCommand.class)).hasSize(1);

        now += 1;
        tick();
        now += 1000;
        tick();

        var commands = told(Topics.ORDERS_PAPER, OrderCommand.class);
        assertThat(commands).hasSize(1);
        assertThat(commands.get(0).getType()).isEqualTo(OrderCommandType.CANCEL);
        assertThat(commands.get(0).getReason()).contains("timeout");
    }

    @Test
    void aHaltCancelsWhatRestsAndRefusesWhatComes() {
        openDesk();
        signal("a", "0.50", TimeInForce.GTC);
        told(Topics.ORDERS_PAPER, OrderCommand.class);

        enter(
                AccountId.ALL,
                new JournalEntry.ControlReceived(new ControlCommand(
                        "c1",
                        ControlCommand.Type.HALT,
                        Scope.parse("strategy:momentum"),
                        AccountId.ALL,
                        "looks wrong",
                        "ann",
                        now,
                        null,
                        0,
                        Map.of())));
        signal("b", "0.50", TimeInForce.IOC);

        assertThat(told(Topics.ORDERS_PAPER, OrderCommand.class))
                .extracting(command -> command.getType().name() + " " + command.getOrderId())
                .containsExactly("CANCEL o-a");
        var decisions = told(Topics.DECISIONS, Decision.class);
        assertThat(decisions.get(decisions.size() - 1).getCode()).isEqualTo("KILLED");
    }

    /** What the core alone computes from the journal is what the topology wrote, byte for byte. */
    @Test
    void coreAndTopologyDecideTheSameBytes() {
        openDesk();
        for (int i = 0; i < 50; i++) {
            now += 700;
            signal("k" + (i % 40), i % 7 == 0 ? "0.55" : "0.50", i % 5 == 0 ? TimeInForce.GTC : TimeInForce.IOC);
            if (i % 3 == 0) {
                fill("k" + (i % 40), "10");
            } else {
                report("k" + (i % 40), VenueReport.Type.CANCELLED, "0");
            }
            tick();
        }

        var recorded = new DecisionDigest();
        Decision previous = null;
        for (Decision decision : told(Topics.DECISIONS, Decision.class)) {
            recorded.add(decision);
            assertThat(DecisionCodec.verify(decision, previous)).isTrue();
            previous = decision;
        }
        var again = new DecisionDigest();
        var replay = new Replay(again::add);
        journal.forEach(replay::apply);

        assertThat(recorded.count()).isEqualTo(50);
        assertThat(again.hex()).isEqualTo(recorded.hex());
    }

    /**
     * Fails whenever the graph changes, on purpose. Node and store names become changelog topics; a rename strands the
     * state of a running deployment, so the person renaming edits this file and says how state moves.
     */
    @Test
    void shapeIsTheOneWeDeployed() throws IOException {
        String described = TradingTopology.build(TOPICS, registry).describe().toString();
        String deployed = new String(
                java.util.Objects.requireNonNull(getClass().getResourceAsStream("/trading-topology.txt"))
                        .readAllBytes(),
                StandardCharsets.UTF_8);
        assertThat(described).isEqualToIgnoringWhitespace(deployed);
    }
}
