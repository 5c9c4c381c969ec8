package sluice.console.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.avro.Fill;
import sluice.avro.PaperEvent;
import sluice.avro.PaperEventType;
import sluice.avro.PlacementStage;
import sluice.avro.VenueSnapshot;
import sluice.console.stack.TestBroker;
import sluice.console.stack.TestTopics;
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
import sluice.domain.market.Level;
import sluice.domain.market.Quote;
import sluice.domain.market.Settlement;
import sluice.domain.order.OrderCommand;
import sluice.domain.paper.PaperAccount;
import sluice.domain.paper.PaperLatency;
import sluice.domain.paper.PaperOrder;
import sluice.domain.paper.PaperRules;
import sluice.domain.risk.ControlCommand;
import sluice.domain.risk.Scope;
import sluice.topics.Topics;
import sluice.venues.paper.PaperConnector;
import sluice.venues.paper.PaperConnectorConfig;
import sluice.venues.placement.ControlFollower;
import sluice.wire.MarketCodec;
import sluice.wire.OrderCodec;
import sluice.wire.RiskCodec;

/** The paper connector between real topics: what goes in, what comes out, and what a crash in between does. */
class PaperConnectorTest {
    @RegisterExtension
    static final TestBroker BROKER = new TestBroker();

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final AccountId ACCOUNT = new AccountId("alice");
    private static final MarketId MARKET = new MarketId(Venue.KALSHI, "KXTEST-1");
    private static final long START = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();

    private final TestTopics topics = new TestTopics(BROKER, "paper");
    private final AtomicLong clock = new AtomicLong(START);
    private final AtomicReference<@Nullable String> halt = new AtomicReference<>();
    private final List<PaperConnector> running = new ArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    @BeforeEach
    void tellOfTheMarket() {
        topics.send(Topics.MARKET_METADATA, MARKET.toString(), MarketCodec.toAvro(TestTopics.market(MARKET, START)));
    }

    @AfterEach
    void stop() {
        running.forEach(PaperConnector::close);
        topics.close();
    }

    @Test
    void aCommandBecomesAFillAReportAndASnapshot() {
        // Given
        var connector = start("one");
        bookTaken("0.40", "10", "0.45", "10");

        // When
        place("o1", Action.BUY, "0.45", "4", TimeInForce.IOC);
        await("the report of the placement", () -> !reports().isEmpty());
        passTime(100);

        // Then
        await("the fill", () -> !fills().isEmpty());
        await("both reports", () -> reports().size() == 2);
        assertThat(reports()).containsExactly("o1 ACCEPTED", "o1 FILLED 4.000000");
        assertThat(fills()).containsExactly("o1-1 4.000000 at 0.450000 fee 0.069300");
        passTime(100);
        await(
                "the snapshot",
                () -> lastSnapshot().map(it -> it.getPositions().size() == 1).orElse(false));
        var snapshot = lastSnapshot().orElseThrow();
        assertThat(snapshot.getBalances().get(0).getTotal()).isEqualTo("98.130700");
        assertThat(snapshot.getPositions().get(0).getYesQuantity()).isEqualTo("4.000000");
        assertThat(snapshot.getFills()).hasSize(1);
        assertThat(snapshot.getComplete()).isTrue();
        assertThat(placements()).containsExactly("o1 SENT ", "o1 OUTCOME ACCEPTED - ");
        assertThat(cash(connector)).isEqualTo(Money.parse("98.1307"));
        assertThat(failures).isEmpty();
    }

    @Test
    void startingCashIsThereOnceHoweverOftenItStarts() {
        // Given
        try (var first = start("one")) {
            await("the deposit", () -> cash(first).equals(Money.parse("100")));
        }
        running.clear();

        // When
        var second = start("one");

        // Then
        await("the deposit", () -> !second.accounts().isEmpty());
        assertThat(cash(second)).isEqualTo(Money.parse("100"));
        assertThat(ledger()).hasSize(2);
    }

    @Test
    void aCommandDeliveredAgainIsNotPlacedAgain() {
        // Given
        var connector = start("one");
        bookTaken("0.40", "10", "0.45", "10");
        place("o1", Action.BUY, "0.45", "4", TimeInForce.IOC);
        await("the report", () -> !reports().isEmpty());
        passTime(100);
        await("the fill", () -> !fills().isEmpty());

        // When
        place("o1", Action.BUY, "0.45", "4", TimeInForce.IOC);
        await("its answer again", () -> reports().size() == 3);
        passTime(1_000);
        place("o2", Action.BUY, "0.45", "1", TimeInForce.IOC);
        await("the next order", () -> reports().contains("o2 ACCEPTED"));

        // Then
        assertThat(reports()).containsExactly("o1 ACCEPTED", "o1 FILLED 4.000000", "o1 ACCEPTED", "o2 ACCEPTED");
        assertThat(fills()).hasSize(1);
        assertThat(placements().stream().filter(it -> it.startsWith("o1 SENT"))).hasSize(1);
        assertThat(cash(connector)).isEqualTo(Money.parse("98.1307"));
    }

    @Test
    void aHaltOrALateCommandStopsAnOrderThatIsAlreadyOnRecord() {
        // Given
        start("one");
        bookTaken("0.40", "10", "0.45", "10");

        // When
        halt.set("halted by a test");
        place("o1", Action.BUY, "0.45", "4", TimeInForce.IOC);
        await("the first answer", () -> reports().size() == 1);
        halt.set(null);
        clock.addAndGet(-10_000);
        place("o2", Action.BUY, "0.45", "4", TimeInForce.IOC, clock.get());
        clock.addAndGet(10_000);
        await("the second answer", () -> reports().size() == 2);

        // Then
        assertThat(reports()).containsExactly("o1 NOT_SENT stopped", "o2 NOT_SENT deadline_passed");
        assertThat(placements()).hasSize(4);
        assertThat(fills()).isEmpty();
    }

    @Test
    void whatSomebodyElseWroteIntoItsTopicsIsPassedOver() {
        // Given
        topics.send(Topics.ORDERS_PAPER, ACCOUNT.value(), "{}".getBytes(StandardCharsets.UTF_8));
        topics.send(Topics.PLACEMENTS, ACCOUNT.value(), "{}".getBytes(StandardCharsets.UTF_8));

        // When
        start("one");
        bookTaken("0.40", "10", "0.45", "10");
        topics.send(Topics.ORDERS_PAPER, ACCOUNT.value(), "{}".getBytes(StandardCharsets.UTF_8));
        place("o1", Action.BUY, "0.45", "4", TimeInForce.IOC);

        // Then
        await("the answer", () -> reports().contains("o1 ACCEPTED"));
        assertThat(failures).isEmpty();
    }

    @Test
    void aHaltInTheControlTopicIsSeenByTheConnectorItself() throws InterruptedException {
        // Given
        try (var follower = new ControlFollower(
                topics.client(), topics.settings(), topics.registry(), () -> Instant.ofEpochMilli(clock.get()))) {
            assertThat(follower.awaitReady(PATIENCE)).isTrue();
            var command = command("o1", Action.BUY, "0.45", "4", TimeInForce.IOC, clock.get() + 1_000);
            await("a lease", () -> follower.whyNot(command, 1).isEmpty());

            // When
            topics.send(Topics.CONTROL, "all", RiskCodec.toAvro(control("c1", ControlCommand.Type.HALT)));

            // Then
            await("the halt", () -> follower.whyNot(command, 1)
                    .filter(why -> why.contains("all is halted by tester: a test"))
                    .isPresent());
            topics.send(Topics.CONTROL, "all", RiskCodec.toAvro(control("c2", ControlCommand.Type.RESUME)));
            await("the resume", () -> follower.whyNot(command, 1).isEmpty());
            topics.send(Topics.CONTROL, ACCOUNT.value(), "halt everything!".getBytes(StandardCharsets.UTF_8));
            await("a halt by what cannot be read", () -> follower.whyNot(command, 1)
                    .filter(why -> why.contains("cannot be read"))
                    .isPresent());
        }
    }

    private ControlCommand control(String id, ControlCommand.Type type) {
        return new ControlCommand(
                id, type, Scope.ALL, AccountId.ALL, "a test", "tester", clock.get(), null, 1, Map.of());
    }

    @Test
    void restingOrdersPendingOrdersAndBooksSurviveACrash() {
        // Given: one order rests, one is under way, and nothing is closed properly
        var first = start("one");
        bookTaken("0.40", "10", "0.45", "10");
        place("resting", Action.BUY, "0.42", "5", TimeInForce.GTC);
        await("the placement", () -> reports().contains("resting ACCEPTED"));
        passTime(100);
        await("it rests", () -> reports().contains("resting WORKING"));
        place("pending", Action.BUY, "0.45", "3", TimeInForce.IOC);
        await("the placement", () -> reports().contains("pending ACCEPTED"));

        // When: another instance takes over under the same name; the first is a zombie now
        var second = start("one");
        await("the zombie noticed", () -> !failures.isEmpty());
        assertThat(openOrders(second)).containsExactly("pending", "resting");
        passTime(100);
        await("the fill", () -> fills().size() == 1);
        book("0.38", "10", "0.41", "2");

        // Then
        await("the second fill", () -> fills().size() == 2);
        assertThat(fills())
                .containsExactly("pending-1 3.000000 at 0.450000 fee 0.052000", "resting-1 2.000000 at 0.420000 fee 0");
        assertThat(cash(second)).isEqualTo(Money.parse("97.758"));
        assertThat(first.close(PATIENCE)).isTrue();
    }

    /** Nobody closes the old one: it is still writing when its successor takes over. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void takeoversAtAnyMomentLoseAndDoubleNothing(long seed) {
        // Given
        var random = new Random(seed);
        start("one");
        book("0.40", "1000", "0.45", "1000");
        int orders = 24;

        // When
        for (int i = 0; i < orders; i++) {
            place("o" + i, Action.BUY, i % 3 == 0 ? "0.43" : "0.45", "1", TimeInForce.GTC);
            passTime(random.nextInt(40));
            if (random.nextInt(8) == 0) {
                start("one");
            }
            if (random.nextInt(6) == 0) {
                book("0.40", "1000", "0.4" + random.nextInt(2, 6), "1000");
            }
        }
        var last = start("one");
        var end = new TopicPartition(topics.settings().nameOf(Topics.ORDERS_PAPER), 1);
        await("every command to be taken", () -> last.positionOf(end) == orders);
        // What was killed between its record and its call is proven absent only after its deadline.
        passTime(10_000);
        await(
                "every order to be done",
                () -> placements().stream()
                                .filter(it -> it.contains("OUTCOME"))
                                .distinct()
                                .count()
                        == orders);
        passTime(500);
        await("every order to arrive", () -> last.accounts().stream()
                .flatMap(it -> it.openOrders().stream())
                .allMatch(it -> it.status() == PaperOrder.Status.RESTING));
        await("every fill to be passed on", () -> Set.copyOf(fills()).equals(Set.copyOf(ledgerFills())));

        // Then
        assertThat(placements().stream().filter(it -> it.contains(" SENT "))).hasSize(orders);
        var accepted = ledger().stream()
                .filter(it -> it.getType() == PaperEventType.ACCEPTED)
                .map(PaperEvent::getOrderId)
                .toList();
        assertThat(accepted).doesNotHaveDuplicates();
        var told = Set.copyOf(reports());
        for (int i = 0; i < orders; i++) {
            var id = "o" + i;
            assertThat(told).contains(id + (accepted.contains(id) ? " ACCEPTED" : " ABSENT"));
            assertThat(told).doesNotContain(id + (accepted.contains(id) ? " ABSENT" : " ACCEPTED"));
        }
        assertThat(ledgerFills()).isNotEmpty().doesNotHaveDuplicates();
        var expected = ledger().stream()
                .filter(it -> it.getVenue() == sluice.avro.Venue.KALSHI)
                .map(PaperEvent::getCashChange)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(cash(last)).isEqualTo(Money.parse(expected.toPlainString()));
    }

    @Test
    void settlementsMissedWhileDownArePaidOnTheNextStart() {
        // Given
        try (var first = start("one")) {
            bookTaken("0.40", "10", "0.45", "10");
            place("o1", Action.BUY, "0.45", "4", TimeInForce.IOC);
            await("the placement", () -> !reports().isEmpty());
            passTime(100);
            await("the fill", () -> !fills().isEmpty());
            assertThat(first.close(PATIENCE)).isTrue();
        }

        // When
        var paid = new Settlement(
                MARKET, Settlement.Result.YES, Price.ONE, Settlement.Status.FINAL, 1, clock.get(), "test");
        topics.send(Topics.MARKET_SETTLEMENTS, MARKET.toString(), MarketCodec.toAvro(paid));
        topics.send(Topics.MARKET_SETTLEMENTS, MARKET.toString(), MarketCodec.toAvro(paid));
        var second = start("one");

        // Then
        await("the payout", () -> !second.accounts().isEmpty() && cash(second).equals(Money.parse("102.1307")));
        topics.send(Topics.MARKET_SETTLEMENTS, MARKET.toString(), MarketCodec.toAvro(paid));
        place("o2", Action.BUY, "0.45", "4", TimeInForce.IOC);
        await("the market is over", () -> reports().contains("o2 REFUSED market_closed"));
        assertThat(cash(second)).isEqualTo(Money.parse("102.1307"));
    }

    @Test
    void positionsTellWhatWasTakenIn() {
        // Given
        var connector = start("one");
        var partition = book("0.40", "10", "0.45", "10");

        // When
        await("the quote", () -> connector.positionOf(partition) >= 1);

        // Then
        assertThat(connector.positionOf(new TopicPartition("elsewhere", 0))).isZero();
    }

    // ------------------------------------------------------------------ the world around

    private PaperConnector start(String instance) {
        int number = running.size() + 1;
        var connector = new PaperConnector(
                new PaperConnectorConfig(
                        topics.client(),
                        topics.settings(),
                        topics.registry(),
                        new PaperRules(PaperLatency.fixed(50), PaperRules.DEFAULT_ASSUMED_DEPTH),
                        Map.of(ACCOUNT, Map.of(Venue.KALSHI, Money.parse("100"), Venue.POLYMARKET, Money.parse("50"))),
                        (command, epoch) -> Optional.ofNullable(halt.get()),
                        () -> Instant.ofEpochMilli(clock.get()),
                        instance),
                failure -> failures.add(new AssertionError("connector " + number + " failed", failure)));
        running.add(connector);
        connector.start();
        try {
            connector.ready().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the connector did not start: " + failures, e);
        }
        return connector;
    }

    private void passTime(long millis) {
        clock.addAndGet(millis);
    }

    private static Money cash(PaperConnector connector) {
        return connector.accounts().stream()
                .filter(it -> it.account().equals(ACCOUNT) && it.venue() == Venue.KALSHI)
                .map(PaperAccount::cash)
                .findFirst()
                .orElse(Money.ZERO);
    }

    private static List<String> openOrders(PaperConnector connector) {
        return connector.accounts().stream()
                .flatMap(it -> it.openOrders().stream())
                .map(it -> it.id().value())
                .toList();
    }

    private List<String> reports() {
        return topics.read(Topics.VENUE_REPORTS, sluice.avro.VenueReport.class).stream()
                .map(it -> (it.getOrderId() + " " + it.getType() + " "
                                + (it.getFilledQuantity() == null ? "" : it.getFilledQuantity()) + it.getCode())
                        .strip())
                .toList();
    }

    private List<String> fills() {
        return topics.read(Topics.FILLS, Fill.class).stream()
                .map(PaperConnectorTest::line)
                .toList();
    }

    private List<String> ledgerFills() {
        var fills = new ArrayList<String>();
        for (var event : ledger()) {
            if (event.getFill() != null) {
                fills.add(line(event.getFill()));
            }
        }
        return fills;
    }

    private List<PaperEvent> ledger() {
        return topics.read(Topics.PAPER_LEDGER, PaperEvent.class);
    }

    private static String line(Fill fill) {
        return fill.getTradeId() + " " + fill.getQuantity() + " at " + fill.getPrice() + " fee "
                + (fill.getFee().signum() == 0 ? "0" : fill.getFee().toString());
    }

    private List<String> placements() {
        return topics.read(Topics.PLACEMENTS, sluice.avro.Placement.class).stream()
                .map(it -> it.getOrderId() + " " + it.getStage() + " "
                        + (it.getStage() == PlacementStage.SENT ? "" : it.getOutcome()))
                .toList();
    }

    private Optional<VenueSnapshot> lastSnapshot() {
        return topics.read(Topics.VENUE_SNAPSHOTS, VenueSnapshot.class).stream()
                .filter(it -> it.getVenue() == sluice.avro.Venue.KALSHI)
                .reduce((first, second) -> second);
    }

    private void place(String id, Action action, String limit, String quantity, TimeInForce tif) {
        place(id, action, limit, quantity, tif, clock.get() + 5_000);
    }

    private void place(String id, Action action, String limit, String quantity, TimeInForce tif, long deadline) {
        topics.send(
                Topics.ORDERS_PAPER,
                ACCOUNT.value(),
                OrderCodec.toAvro(command(id, action, limit, quantity, tif, deadline)));
    }

    private OrderCommand command(
            String id, Action action, String limit, String quantity, TimeInForce tif, long deadline) {
        return new OrderCommand(
                OrderCommand.Type.PLACE,
                new OrderId(id),
                ACCOUNT,
                new StrategyId("s1"),
                Mode.PAPER,
                TestTopics.market(MARKET, START),
                null,
                Side.YES,
                action,
                Price.parse(limit),
                Quantity.parse(quantity),
                tif,
                false,
                null,
                deadline,
                clock.get(),
                1,
                "",
                null,
                null,
                null);
    }

    private TopicPartition book(String bid, String bidQuantity, String ask, String askQuantity) {
        var quote = new Quote(
                MARKET,
                List.of(new Level(Price.parse(bid), Quantity.parse(bidQuantity))),
                List.of(new Level(Price.parse(ask), Quantity.parse(askQuantity))),
                true,
                null,
                null,
                null,
                null,
                clock.get(),
                "test");
        return topics.send(Topics.MARKET_QUOTES, MARKET.toString(), MarketCodec.toAvro(quote));
    }

    /** Publishes a book and waits until the newest connector has it. */
    private void bookTaken(String bid, String bidQuantity, String ask, String askQuantity) {
        var partition = book(bid, bidQuantity, ask, askQuantity);
        var newest = running.getLast();
        await("the book", () -> newest.positionOf(partition) > 0);
    }

    private void await(String what, BooleanSupplier happened) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!happened.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                failures.forEach(Throwable::printStackTrace);
                fail(what + " did not come within " + PATIENCE + "; failures: " + failures);
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + what, e);
            }
        }
    }
}
