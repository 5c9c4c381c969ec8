package sluice.console.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sluice.avro.Action;
import sluice.avro.Side;
import sluice.avro.VenueSnapshot;
import sluice.console.stack.TestBroker;
import sluice.domain.Venue;
import sluice.topics.Topics;

/**
 * What a trader sees of a venue that refuses the key, disagrees about the time, is hidden behind somebody's error page,
 * is overrun, falls silent, or says what nobody has heard before: the right report, what to do about it, and nothing
 * lost.
 */
class BadVenueInputTest {
    @RegisterExtension
    static final TestBroker BROKER = new TestBroker();

    private static final long A_MINUTE = Duration.ofSeconds(60).toMillis();
    private static final long A_SECOND = Duration.ofSeconds(1).toMillis();

    @TempDir
    private Path folder = Path.of("replaced by the extension");

    private @Nullable LiveVenue opened;

    /** A test that mostly waits, with a venue and topics of its own. */
    @Retention(RetentionPolicy.RUNTIME)
    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource(
            value = Venue.class,
            names = {"KALSHI", "POLYMARKET"})
    @interface AtBothVenues {}

    // ------------------------------------------------------------------ keys

    @AtBothVenues
    void aKeyThatIsNotTheAccountsPlacesNothingAndSaysSo(Venue name) throws Exception {
        // Given
        var venue = venue(name);
        venue.signWithAnothersKey();
        venue.start();

        // When
        venue.take("o-1", 7);

        // Then
        var conclusion = venue.awaitConclusion("o-1");
        assertThat(conclusion).isEqualTo(name == Venue.KALSHI ? "REFUSED" : "NOT_SENT");
        assertThat(venue.words("o-1", conclusion)).contains("key");
        assertThat(venue.reportTypes("o-1")).doesNotContain("UNCERTAIN");
        var health = venue.awaitHealth("the key", it -> it.getDetail().contains("401"));
        assertThat(health.getTrading()).isFalse();
        assertThat(health.getDetail()).contains("key");

        // When the right one takes over
        venue.signWithTheAccountsKey();
        venue.start();
        venue.take("o-2", 7);

        // Then
        venue.awaitAccepted("o-2");
        assertEverythingIsTold(venue);
    }

    @AtBothVenues
    void aKeyThatExpiresLeavesNothingInDoubtAndIsNamed(Venue name) throws Exception {
        // Given
        var venue = venue(name);
        venue.start();
        venue.rest("before", 7);
        venue.awaitAccepted("before");
        venue.faults("""
                {"fault": "F15", "mode": "401"}""");

        // When
        venue.take("o-1", 7);

        // Then
        assertThat(venue.awaitConclusion("o-1")).isEqualTo("REFUSED");
        assertThat(venue.words("o-1", "REFUSED")).contains("key");
        var health = venue.awaitHealth("the key", it -> it.getDetail().contains("401"));
        assertThat(health.getTrading()).isFalse();
        venue.cancel("before");
        venue.await("an answer to the cancel", () -> venue.reports("before").size() >= 2);
        assertThat(venue.reportTypes("before")).doesNotContain("CANCELLED", "FILLED", "EXPIRED");

        // When the key is good again
        venue.noFaults();
        venue.refresh();

        // Then what was open is still ours to cancel, and the next order goes
        venue.awaitHealth("well", it -> it.getTrading());
        venue.take("o-2", 7);
        venue.awaitAccepted("o-2");
        venue.cancel("before");
        venue.await("the cancel", () -> venue.reportTypes("before").contains("CANCELLED"));
        assertEverythingIsTold(venue);
    }

    // ------------------------------------------------------------------ clocks

    @AtBothVenues
    void aClockThatIsAMinuteOffIsNamedAndTradingGoesOnOnceItIsSet(Venue name) throws Exception {
        // Given
        var venue = venue(name);
        venue.clockAhead.set(-A_MINUTE);
        venue.start();

        // When
        venue.take("o-1", 7);

        // Then
        var conclusion = venue.awaitConclusion("o-1");
        assertThat(conclusion).isEqualTo(name == Venue.KALSHI ? "REFUSED" : "NOT_SENT");
        assertThat(venue.words("o-1", conclusion))
                .contains("behind the venue's")
                .contains("set")
                .contains("(NTP)");
        var health = venue.awaitHealth("the clock", it -> it.getDetail().contains("NTP"));
        assertThat(health.getTrading()).isFalse();
        assertThat(health.getClockOffsetMillis()).isBetween(-A_MINUTE - 2_000, -A_MINUTE + 2_000);

        // When
        venue.clockAhead.set(0);
        venue.refresh();

        // Then
        venue.awaitHealth("well", it -> it.getTrading());
        venue.take("o-2", 7);
        venue.awaitAccepted("o-2");
        assertEverythingIsTold(venue);
    }

    // ------------------------------------------------------------------ somebody in between

    @AtBothVenues
    void anErrorPageOfSomebodyInBetweenProvesNothingAboutAnOrder(Venue name) throws Exception {
        // Given
        var venue = venue(name);
        venue.start();
        // One page instead of the order, and one instead of its answer
        venue.faults("""
                {"fault": "F5", "where": "order"},
                {"fault": "F5", "where": "fill"},
                {"fault": "F5", "where": "trade"},
                {"fault": "F15", "mode": "html", "where": "ORDERS", "times": 1},
                {"fault": "F3", "status": 403, "body": "<html><h1>403 Forbidden</h1></html>", "where": "ORDERS",
                 "times": 1}""");

        // When
        venue.take("o-1", 7);
        venue.await("the doubt", () -> venue.reportTypes("o-1").contains("UNCERTAIN"));
        venue.take("o-2", 8);

        // Then each is decided by what the venue shows
        assertThat(venue.words("o-1", "UNCERTAIN")).contains("403").contains("between us");
        assertThat(venue.awaitConclusion("o-1")).isEqualTo("ABSENT");
        venue.awaitAccepted("o-2");
        assertThat(venue.reportTypes("o-2")).startsWith("UNCERTAIN");
        venue.take("o-3", 9);
        venue.awaitAccepted("o-3");
        assertEverythingIsTold(venue);
        assertThat(venue.filled()).containsEntry("o-2", 8L).containsEntry("o-3", 9L);
    }

    // ------------------------------------------------------------------ too many requests

    @AtBothVenues
    void aStormOfRefusalsForTheRateStarvesNoCancelAndLosesNothing(Venue name) throws Exception {
        // Given one order that rests, and one whose answer got lost when the storm began
        var venue = venue(name);
        venue.start();
        venue.rest("resting", 7);
        venue.awaitAccepted("resting");
        venue.faults("""
                {"fault": "F5", "where": "order"},
                {"fault": "F5", "where": "fill"},
                {"fault": "F5", "where": "trade"},
                {"fault": "F1", "where": "ORDERS", "times": 1},
                {"fault": "F15", "mode": "429", "where": "ORDERS", "skip": 1},
                {"fault": "F15", "mode": "429", "where": "GET"}""");

        // When
        var lost = venue.take("lost", 8);
        venue.await("the doubt", () -> venue.reportTypes("lost").contains("UNCERTAIN"));
        venue.take("refused", 9);
        venue.cancel("resting");

        // Then the order is refused or kept back, the cancel arrives, and health says what is the matter
        assertThat(venue.awaitConclusion("refused")).isIn("REFUSED", "NOT_SENT");
        assertThat(venue.words("refused", venue.awaitConclusion("refused"))).containsIgnoringCase("too many requests");
        venue.await("the cancel to arrive", () -> venue.statusAtVenue("resting").equals("CANCELED"));
        var health = venue.awaitHealth("the storm", it -> it.getDetail().contains("429"));
        assertThat(health.getTrading()).isFalse();
        assertThat(venue.filled().keySet()).isSubsetOf("lost");

        // And though looks are refused until an absence would be believed, nobody takes the lost one to be absent
        venue.await("the time to believe it", () -> System.currentTimeMillis() > lost.deadlineMillis() + 4 * A_SECOND);
        assertThat(venue.reportTypes("lost")).containsOnly("UNCERTAIN");

        // When it is over
        venue.noFaults();
        venue.refresh();

        // Then
        venue.awaitAccepted("lost");
        venue.await("the cancel", () -> venue.reportTypes("resting").contains("CANCELLED"));
        venue.awaitHealth("well", it -> it.getTrading());
        venue.take("after", 10);
        venue.awaitAccepted("after");
        assertEverythingIsTold(venue);
        assertThat(venue.filled()).containsEntry("lost", 8L).containsEntry("after", 10L);
    }

    // ------------------------------------------------------------------ silence

    @AtBothVenues
    void fillsAreFoundWhileTheStreamIsOpenAndSilentAndHealthSaysSo(Venue name) throws Exception {
        // Given
        var venue = venue(name);
        venue.start();
        venue.awaitHealth("well", it -> it.getStreams());
        venue.faults("""
                {"fault": "F17"}""");

        // When
        venue.take("o-1", 7);
        venue.rest("o-2", 8);

        // Then
        venue.awaitAccepted("o-1");
        venue.awaitAccepted("o-2");
        venue.await("the fill", () -> venue.filled().containsKey("o-1"));
        venue.houseTakes("o-2", 8);
        venue.await("the fill of the one that rested", () -> venue.filled().containsKey("o-2"));
        venue.awaitHealth("the stream", it -> !it.getStreams());
        // A stream that connects again and says nothing is no better.
        for (int i = 0; i < 20; i++) {
            assertThat(venue.client().health().streams()).isFalse();
            Thread.sleep(100);
        }
        assertThat(venue.newestHealth().getDetail()).contains("stream");

        // When it speaks again
        venue.noFaults();

        // Then
        venue.awaitHealth("well", it -> it.getStreams());
        venue.take("o-3", 9);
        venue.awaitAccepted("o-3");
        assertEverythingIsTold(venue);
        assertThat(venue.filled()).containsEntry("o-1", 7L).containsEntry("o-2", 8L);
    }

    // ------------------------------------------------------------------ somebody else's trade

    @AtBothVenues
    void aFillOfAnOrderThatIsNotOursIsToldAsNobodysAndCountsInWhatTheAccountHas(Venue name) throws Exception {
        // Given
        var venue = venue(name);
        venue.start();
        venue.faults("""
                {"fault": "F11", "mode": "position", "quantity": 6000000, "where": "ORDERS", "times": 1}""");

        // When somebody buys with the same account right after an order of ours
        venue.take("o-1", 7);
        venue.await("our fill", () -> venue.filled().containsKey("o-1"));

        // Then, once it has waited in vain for a placement that explains it
        venue.await("the fill of nobody's order", () -> {
            venue.connectorAhead.addAndGet(A_SECOND);
            return venue.filled().containsKey("");
        });
        assertThat(venue.filled())
                .containsEntry("o-1", 7L)
                .containsEntry("", 6L)
                .hasSize(2);
        venue.await(
                "a snapshot with both", () -> venue.topics.read(Topics.VENUE_SNAPSHOTS, VenueSnapshot.class).stream()
                        .anyMatch(snapshot -> snapshot.toString().contains("13.000000")));

        // And trading goes on
        venue.take("o-2", 8);
        venue.awaitAccepted("o-2");
        assertEverythingIsTold(venue);
    }

    // ------------------------------------------------------------------ new words

    @AtBothVenues
    void anAnswerWithANewStatusIsADoubtThatTheVenuesRecordsEnd(Venue name) throws Exception {
        // Given: the answer to the order, and what is told of orders afterwards, on the stream too
        var venue = venue(name);
        venue.start();
        venue.faults("""
                {"fault": "F18", "mode": "%s", "field": "%s", "where": "ORDERS"},
                {"fault": "F18", "mode": "enum", "where": "GET %s"},
                {"fault": "F18", "mode": "enum", "where": "frame %s"}""".formatted(
                        name == Venue.KALSHI ? "shape" : "enum",
                        "status",
                        name == Venue.KALSHI ? "/trade-api/v2/portfolio/orders" : "/data/order",
                        name == Venue.KALSHI ? "user_order" : "order"));

        // When
        venue.rest("o-1", 7);
        venue.await("the doubt", () -> venue.reportTypes("o-1").contains("UNCERTAIN"));

        // Then nobody guesses, however often it is looked up
        venue.await("some looks", () -> venue.strikes() >= 6);
        assertThat(venue.reportTypes("o-1")).containsOnly("UNCERTAIN");

        // When the venue says what we know
        venue.noFaults();

        // Then
        venue.awaitAccepted("o-1");
        venue.take("o-2", 8);
        venue.awaitAccepted("o-2");
        venue.awaitHealth("well", it -> it.getTrading());
        assertEverythingIsTold(venue);
    }

    @AtBothVenues
    void oneFillInNewWordsHoldsUpNoOther(Venue name) throws Exception {
        // Given: the first fill of every page has a side that nobody knows, and the stream tells of no fill
        var venue = venue(name);
        venue.start();
        venue.take("o-1", 7);
        venue.awaitAccepted("o-1");
        venue.faults("""
                {"fault": "F5", "where": "%s"},
                {"fault": "F18", "mode": "enum", "field": "%s", "count": 1, "where": "GET %s"}""".formatted(
                        name == Venue.KALSHI ? "fill" : "trade",
                        name == Venue.KALSHI ? "book_side" : "side",
                        name == Venue.KALSHI ? "/trade-api/v2/portfolio/fills" : "/data/trades"));

        // When
        venue.take("o-2", 8);
        venue.take("o-3", 9);

        // Then all but the one are told, and that there is one is told
        venue.await("the others", () -> venue.filled().size() >= 2);
        venue.awaitHealth("the word", it -> it.getDetail().contains("reticulating"));

        // When
        venue.noFaults();

        // Then
        venue.await("all", () -> venue.filled().size() == 3);
        assertThat(venue.filled())
                .containsEntry("o-1", 7L)
                .containsEntry("o-2", 8L)
                .containsEntry("o-3", 9L);
        venue.awaitHealth("well", it -> it.getTrading());
        assertEverythingIsTold(venue);
    }

    @AtBothVenues
    void aMessageOfTheStreamInNewWordsIsReadElsewhere(Venue name) throws Exception {
        // Given
        var venue = venue(name);
        venue.start();
        venue.faults("""
                {"fault": "F18", "mode": "enum", "field": "%s", "where": "frame %s"},
                {"fault": "F18", "mode": "enum", "field": "%s", "where": "frame %s"}""".formatted(
                        name == Venue.KALSHI ? "book_side" : "side",
                        name == Venue.KALSHI ? "fill" : "trade",
                        name == Venue.KALSHI ? "status" : "type",
                        name == Venue.KALSHI ? "user_order" : "order"));

        // When
        venue.take("o-1", 7);
        venue.rest("o-2", 8);

        // Then
        venue.awaitAccepted("o-1");
        venue.awaitAccepted("o-2");
        venue.await("the fill", () -> venue.filled().containsKey("o-1"));
        venue.houseTakes("o-2", 8);
        venue.await("the other", () -> venue.filled().containsKey("o-2"));
        venue.await("its end", () -> venue.reportTypes("o-2").contains("FILLED"));
        assertThat(venue.strikes()).isPositive();
        assertEverythingIsTold(venue);
    }

    // ------------------------------------------------------------------ laws

    /** One call an order, the truth about each, every trade told of the order that it is of, and nobody died. */
    private static void assertEverythingIsTold(LiveVenue venue) throws Exception {
        venue.await("every fill", () -> venue.toldByVenueOrder().equals(venue.tradedByVenueOrder()));
        venue.assertCalledOnceAndToldTheTruth();
        assertThat(venue.fills()).as("what was bought, and nothing was sold").allSatisfy(fill -> {
            assertThat(fill.getSide()).isEqualTo(Side.YES);
            assertThat(fill.getAction()).isEqualTo(Action.BUY);
        });
        assertThat(venue.failures)
                .as("only those who were taken over from may fail")
                .allSatisfy(failure -> assertThat(failure).hasStackTraceContaining("enced"))
                .hasSizeLessThan(venue.running.size());
    }

    private LiveVenue venue(Venue name) throws Exception {
        var venue = new LiveVenue(BROKER, name, folder, 1);
        opened = venue;
        return venue;
    }

    @AfterEach
    void stop() throws Exception {
        if (opened != null) {
            opened.close();
        }
    }
}
