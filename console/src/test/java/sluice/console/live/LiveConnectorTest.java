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
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sluice.avro.Fill;
import sluice.avro.Placement;
import sluice.avro.PlacementStage;
import sluice.avro.VenueHealth;
import sluice.avro.VenueReport;
import sluice.avro.VenueSnapshot;
import sluice.console.stack.TestBroker;
import sluice.console.stack.TestTopics;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.MarketId;
import sluice.domain.Mode;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.StrategyId;
import sluice.domain.TimeInForce;
import sluice.domain.Venue;
import sluice.domain.order.OrderCommand;
import sluice.topics.Topics;
import sluice.venues.api.VenueClient;
import sluice.venues.live.DryRunClient;
import sluice.venues.live.LiveConnector;
import sluice.venues.live.LiveConnectorConfig;
import sluice.wire.OrderCodec;

/** A connector between real topics and a venue that loses answers: one call for one order, and every fill told. */
class LiveConnectorTest {
    @RegisterExtension
    static final TestBroker BROKER = new TestBroker();

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final AccountId ACCOUNT = new AccountId("alice");
    private static final MarketId MARKET = new MarketId(Venue.KALSHI, "KXTEST-1");

    private final TestTopics topics = new TestTopics(BROKER, "live");
    private final MemoryVenue venue = new MemoryVenue();
    private final List<LiveConnector> running = new ArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        running.forEach(LiveConnector::close);
        topics.close();
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
        await("a snapshot", () -> !topics.read(Topics.VENUE_SNAPSHOTS, VenueSnapshot.class)
                .isEmpty());
        await("health", () -> !topics.read(Topics.VENUE_HEALTH, VenueHealth.class)
                .isEmpty());
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
        await("certainty", () -> reportsOf("rest-unclear").contains("CANCELLED"));
        assertThat(reportsOf("rest-unclear")).containsSubsequence("ACCEPTED", "CANCELLED");
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
        assertThat(topics.read(Topics.VENUE_REPORTS, VenueReport.class)
                        .getFirst()
                        .getDetail())
                .isEqualTo("dry run; this would have been sent: order o-1");
        assertThat(venue.calls).isEmpty();
    }

    /**
     * An account that was LIVE and is switched to DRY_RUN: its orders are the other connector's, whatever became of
     * them.
     */
    @Test
    void aConnectorSaysNothingOfAnotherModesOrders() {
        // Given a live order that rests
        start("one", Mode.LIVE, venue);
        place("o-rest", Mode.LIVE, 2_000);
        await("the order", () -> conclusions().containsKey("o-rest"));
        running.forEach(LiveConnector::close);

        // When the account dries run from the beginning of the same topic on
        start("one", Mode.DRY_RUN, new DryRunClient(venue));
        place("dry-1", Mode.DRY_RUN, 60_000);
        await("its own order", () -> conclusions().containsKey("dry-1"));

        // Then
        assertThat(topics.read(Topics.PLACEMENTS, Placement.class))
                .filteredOn(placement -> placement.getOrderId().equals("o-rest"))
                .extracting(Placement::getStage)
                .containsExactly(PlacementStage.SENT, PlacementStage.OUTCOME);
        assertThat(conclusions()).containsEntry("o-rest", "ACCEPTED").containsEntry("dry-1", "NOT_SENT");
        assertThat(failures).isEmpty();
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
        // Readers see a moment later what was committed.
        await("the placement", () -> !placements().isEmpty());
        assertThat(placements()).containsExactly("slow-1 SENT");
        venue.answerSlowOnes();
        await("the outcome", () -> placements().size() >= 2);
    }

    // ------------------------------------------------------------------ the world around

    private void start(String instance, Mode mode, VenueClient through) {
        var connector = new LiveConnector(
                new LiveConnectorConfig(
                        topics.client(),
                        topics.settings(),
                        topics.registry(),
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
                TestTopics.market(MARKET, 1),
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
        topics.send(
                Topics.ordersFor(command.mode(), Venue.KALSHI),
                command.account().value(),
                OrderCodec.toAvro(command));
    }

    /** What is certain of each order, by the reports. */
    private Map<String, String> conclusions() {
        var conclusions = new TreeMap<String, String>();
        for (var report : topics.read(Topics.VENUE_REPORTS, VenueReport.class)) {
            switch (report.getType()) {
                case ACCEPTED, REFUSED, NOT_SENT, ABSENT ->
                    conclusions.put(report.getOrderId(), report.getType().name());
                default -> {}
            }
        }
        return conclusions;
    }

    private List<String> reportsOf(String order) {
        return topics.read(Topics.VENUE_REPORTS, VenueReport.class).stream()
                .filter(report -> report.getOrderId().equals(order))
                .map(report -> report.getType().name())
                .toList();
    }

    private List<String> fills() {
        return topics.read(Topics.FILLS, Fill.class).stream()
                .map(fill -> fill.getTradeId() + " of " + fill.getOrderId())
                .distinct()
                .toList();
    }

    private List<String> placements() {
        return topics.read(Topics.PLACEMENTS, Placement.class).stream()
                .map(placement -> placement.getOrderId() + " "
                        + (placement.getStage() == PlacementStage.SENT ? "SENT" : placement.getOutcome()))
                .toList();
    }

    private void await(String what, BooleanSupplier happened) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!happened.getAsBoolean()) {
            assertThat(failures).as("while waiting for %s", what).isEmpty();
            assertThat(System.nanoTime())
                    .as(
                            "%s; reports: %s",
                            what,
                            topics.read(Topics.VENUE_REPORTS, VenueReport.class).stream()
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
