package sluice.venues.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.domain.Mode;
import sluice.domain.OrderId;
import sluice.domain.Quantity;
import sluice.domain.TimeInForce;
import sluice.domain.order.OrderCommand;
import sluice.domain.order.VenueReport;
import sluice.venues.api.CancelOutcome;
import sluice.venues.api.LookupOutcome;
import sluice.venues.api.OrderRef;
import sluice.venues.api.PreparedOrder;
import sluice.venues.api.SubmitOutcome;
import sluice.venues.placement.PlacementCore.Step;

/** The protocol step by step. Orders have their deadline at 1,000; reads lag by 500. */
class PlacementCoreTest {
    private static final OrderId ID = new OrderId("o1");
    private static final OrderCommand CANCEL = Commands.cancel("o1", Mode.LIVE);

    private final PlacementCore core = new PlacementCore(Mode.LIVE, Duration.ofMillis(500), Duration.ofMillis(100));

    @Test
    void sentIsWrittenBeforeTheLastLookAndTheCallComesLast() {
        assertThat(told(core.asked(order(Mode.LIVE), 7, 10))).containsExactly("write SENT", "look");
        assertThat(told(core.lookedLast(ID, Optional.empty(), 20))).containsExactly("call");
        assertThat(told(core.answered(ID, new SubmitOutcome.Accepted("v1", 30), 30)))
                .containsExactly("write OUTCOME ACCEPTED - ", "report ACCEPTED v1");
    }

    @Test
    void theLastLookStopsWhatMayNotLeave() {
        core.asked(order(Mode.LIVE), 7, 10);
        assertThat(told(core.lookedLast(ID, Optional.of("halted"), 20)))
                .containsExactly("write OUTCOME NOT_SENT stopped halted", "report NOT_SENT null stopped");
    }

    @Test
    void aPassedDeadlineStopsIt() {
        core.asked(order(Mode.LIVE), 7, 10);
        assertThat(told(core.lookedLast(ID, Optional.empty(), 1_001)))
                .containsExactly(
                        "write OUTCOME NOT_SENT deadline_passed 1 ms after its deadline",
                        "report NOT_SENT null deadline_passed");
    }

    @Test
    void anOrderOfAnotherModeNeverLeaves() {
        core.asked(order(Mode.PAPER), 7, 10);
        assertThat(told(core.lookedLast(ID, Optional.empty(), 20)))
                .containsExactly(
                        "write OUTCOME NOT_SENT wrong_mode this connector sends LIVE orders, not PAPER",
                        "report NOT_SENT null wrong_mode");
    }

    @Test
    void anOrderOnRecordIsToldOfAgainAndNotSentAgain() {
        // Given
        core.asked(order(Mode.LIVE), 7, 10);
        core.lookedLast(ID, Optional.empty(), 20);
        core.answered(ID, new SubmitOutcome.Refused("no_money", "none left", 30), 30);

        // Then
        assertThat(told(core.asked(order(Mode.LIVE), 8, 40))).containsExactly("report REFUSED null no_money");
    }

    @Test
    void afterARestartASentWithoutOutcomeIsLookedUpNeverSent() {
        // Given
        core.restore(sent());

        // Then
        assertThat(told(core.asked(order(Mode.LIVE), 8, 40))).containsExactly("look up");
        assertThat(told(core.due(40))).containsExactly("look up");
        assertThat(told(lookedUp(ID, new LookupOutcome.Found("v1", LookupOutcome.Status.FILLED, TEN, "", 50), 50)))
                .containsExactly(
                        "write OUTCOME ACCEPTED - found by lookup",
                        "report ACCEPTED v1",
                        "report FILLED v1 10",
                        "write OUTCOME ENDED - FILLED");
        assertThat(core.inDoubt()).isZero();
        assertThat(told(core.due(1_000_000))).isEmpty();
    }

    @Test
    void absenceNeedsTwoReadsAfterTheDeadlineAndTheLagApart() {
        // Given
        core.asked(order(Mode.LIVE), 7, 10);
        core.lookedLast(ID, Optional.empty(), 20);
        var absent = new LookupOutcome.Absent(0);

        // Then
        assertThat(told(core.answered(ID, new SubmitOutcome.Unknown("timeout"), 30)))
                .containsExactly("report UNCERTAIN null", "look up");
        assertThat(told(lookedUp(ID, absent, 30))).isEmpty();
        assertThat(told(core.due(129))).isEmpty();
        assertThat(told(core.due(130))).containsExactly("look up");
        assertThat(told(lookedUp(ID, absent, 1_500)))
                .as("an order that arrived at its deadline may not be shown yet")
                .isEmpty();
        assertThat(told(core.lookedUp(ID, absent, 1_400, 1_600)))
                .as("asked before that and answered after it")
                .isEmpty();
        assertThat(told(lookedUp(ID, absent, 1_700))).isEmpty();
        assertThat(told(lookedUp(ID, new LookupOutcome.Unknown("500"), 1_900))).isEmpty();
        assertThat(told(core.lookedUp(ID, absent, 2_199, 5_000)))
                .as("asked sooner than reads may lag")
                .isEmpty();
        assertThat(told(core.lookedUp(ID, absent, 2_200, 5_000)))
                .containsExactly(
                        "write OUTCOME ABSENT - not found twice after its deadline, 500 ms apart",
                        "report ABSENT null");
        assertThat(told(core.asked(order(Mode.LIVE), 8, 2_000))).containsExactly("report ABSENT null");
    }

    @Test
    void aDoubtIsReportedOnceAndStaysADoubt() {
        core.restore(sent());
        assertThat(told(lookedUp(ID, new LookupOutcome.Unknown("down"), 5_000)))
                .containsExactly("report UNCERTAIN null");
        assertThat(told(lookedUp(ID, new LookupOutcome.Unknown("down"), 6_000))).isEmpty();
        assertThat(core.inDoubt()).isEqualTo(1);
    }

    @Test
    void whatTheVenueTellsEndsADoubtAndTheLateAnswerChangesNothing() {
        // Given a call that is not answered yet
        core.asked(order(Mode.LIVE), 7, 10);
        core.lookedLast(ID, Optional.empty(), 20);

        // Then
        assertThat(told(core.heard(news(VenueReport.Type.WORKING))))
                .containsExactly(
                        "write OUTCOME ACCEPTED - the venue told of it", "report ACCEPTED v1", "report WORKING v1");
        assertThat(told(core.answered(ID, new SubmitOutcome.Unknown("timeout"), 40)))
                .isEmpty();
        assertThat(core.orderNamed("v1", null)).contains(ID);
        assertThat(core.orderNamed("v2", "c1")).contains(ID);
        assertThat(core.mayLive()).extracting(OrderRef::orderId).containsExactly(ID);
    }

    @Test
    void theEndOfAnOrderIsPutOnRecordOnce() {
        // Given
        core.asked(order(Mode.LIVE), 7, 10);
        core.lookedLast(ID, Optional.empty(), 20);
        core.answered(ID, new SubmitOutcome.Accepted("v1", 30), 30);

        // Then
        assertThat(told(core.heard(news(VenueReport.Type.CANCELLED))))
                .containsExactly("report CANCELLED v1", "write OUTCOME ENDED - CANCELLED");
        assertThat(told(core.heard(news(VenueReport.Type.CANCELLED)))).containsExactly("report CANCELLED v1");
        assertThat(core.mayLive()).isEmpty();
    }

    @Test
    void anOrderWhoseCancelIsInDoubtIsAskedForUntilTheVenueSaysHowItStands() {
        // Given
        accepted();
        assertThat(told(core.cancelAsked(CANCEL, 100))).containsExactly("cancel");

        // Then
        assertThat(told(core.cancelAnswered(ID, new CancelOutcome.Unknown("timeout"), 100)))
                .as("what may come right by itself")
                .isEmpty();
        assertThat(told(core.due(100))).containsExactly("look up");
        assertThat(told(lookedUp(ID, new LookupOutcome.Unknown("down"), 110))).isEmpty();
        assertThat(told(core.due(1_000_000))).containsExactly("cancel", "look up");
        assertThat(told(lookedUp(ID, new LookupOutcome.Absent(1_000_000), 1_000_000)))
                .as("it was accepted: a read that misses it proves nothing")
                .isEmpty();
        assertThat(told(lookedUp(ID, working(), 1_000_500))).containsExactly("report WORKING v1 0");
        core.question(ID, 1_001_000);
        assertThat(told(lookedUp(ID, new LookupOutcome.Absent(1_900_000), 1_900_000)))
                .as("the one before was wrong, so this is the first that misses it")
                .isEmpty();
        assertThat(told(lookedUp(
                        ID,
                        new LookupOutcome.Found("v1", LookupOutcome.Status.CANCELLED, Quantity.ZERO, "", 2_000_000),
                        2_000_000)))
                .containsExactly("report CANCELLED v1 0", "write OUTCOME ENDED - CANCELLED");
        assertThat(told(core.due(9_000_000))).isEmpty();
        assertThat(core.isUnsettled(ID)).isFalse();
    }

    @Test
    void aCancelIsRepeatedAfterGrowingPausesUntilTheOrderIsAtAnEnd() {
        // Given
        accepted();
        core.cancelAsked(CANCEL, 100);

        // When: nothing gets through, twice
        assertThat(told(core.cancelAnswered(ID, new CancelOutcome.NotSent("no connection"), 100)))
                .as("what may come right by itself")
                .isEmpty();
        assertThat(core.isUnsettled(ID)).isTrue();
        assertThat(told(core.due(199))).isEmpty();
        assertThat(told(core.due(200))).containsExactly("cancel");
        assertThat(told(core.cancelAnswered(ID, new CancelOutcome.NotSent("no connection"), 200)))
                .containsExactly("report CANCEL_REFUSED v1 not_sent");
        assertThat(told(core.due(399))).isEmpty();
        assertThat(told(core.due(400))).containsExactly("cancel");

        // Then
        assertThat(told(core.cancelAnswered(ID, new CancelOutcome.Cancelled(Quantity.parse("3"), 400), 400)))
                .containsExactly("report CANCELLED v1 3cancelled_by_user", "write OUTCOME ENDED - CANCELLED");
        assertThat(core.isUnsettled(ID)).isFalse();
        assertThat(told(core.due(9_000_000))).isEmpty();
        assertThat(told(core.cancelAsked(CANCEL, 9_000_000)))
                .as("it is at its end, which was told")
                .isEmpty();
    }

    /** A halt whose cancels fail must be heard of, and not drowned in its own noise. */
    @Test
    void aCancelThatKeepsFailingIsToldEveryMinute() {
        // Given
        accepted();
        core.cancelAsked(CANCEL, 0);

        // When it fails every five seconds for five minutes
        var told = new ArrayList<String>();
        for (int seconds = 0; seconds < 300; seconds += 5) {
            told.addAll(told(core.cancelAnswered(ID, new CancelOutcome.Unknown("status 503"), seconds * 1_000L)));
        }

        // Then
        assertThat(told).containsOnly("report CANCEL_REFUSED v1 cancel_unknown").hasSize(5);
    }

    @Test
    void thatAnOrderWorksIsToldOnceUntilMoreOfItIsFilled() {
        accepted();
        core.question(ID, 100);
        assertThat(told(lookedUp(ID, working(), 100))).containsExactly("report WORKING v1 0");
        core.question(ID, 200);
        assertThat(told(lookedUp(ID, working(), 200))).isEmpty();
        core.question(ID, 300);
        var more = new LookupOutcome.Found("v1", LookupOutcome.Status.WORKING, Quantity.parse("2"), "", 300);
        assertThat(told(lookedUp(ID, more, 300))).containsExactly("report WORKING v1 2");
    }

    /** What missed it before a sign of life proves nothing after it. */
    @Test
    void newsOfAnOrderTakesBackThatItWasFoundGone() {
        accepted();
        core.question(ID, 2_000);
        lookedUp(ID, new LookupOutcome.Absent(2_000), 2_000);

        core.heard(news(VenueReport.Type.WORKING));

        assertThat(told(lookedUp(ID, new LookupOutcome.Absent(3_000), 3_000))).isEmpty();
        assertThat(told(lookedUp(ID, new LookupOutcome.Absent(4_000), 4_000)))
                .containsExactly("report CANCELLED v1 0", "write OUTCOME ENDED - CANCELLED");
    }

    @Test
    void pausesBetweenCancelsStopGrowing() {
        accepted();
        core.cancelAsked(CANCEL, 0);
        for (int i = 0; i < 100; i++) {
            core.cancelAnswered(ID, new CancelOutcome.NotSent("no connection"), 0);
        }
        assertThat(told(core.due(4_999))).isEmpty();
        assertThat(told(core.due(5_000))).containsExactly("cancel");
    }

    @Test
    void anOrderInDoubtIsCancelledOnceItIsFoundAndNotCancelledOnceItIsAbsent() {
        // Given an order in doubt whose cancel finds nothing
        core.restore(sent());
        assertThat(told(core.cancelAsked(CANCEL, 0))).containsExactly("cancel");
        assertThat(told(core.cancelAnswered(ID, new CancelOutcome.Refused("not_found", "", 0), 0)))
                .isEmpty();

        // When it is not there either, by two reads after its deadline
        assertThat(told(core.due(5_000))).containsExactly("cancel", "look up");
        lookedUp(ID, new LookupOutcome.Absent(5_000), 5_000);
        assertThat(core.isUnsettled(ID)).isTrue();
        lookedUp(ID, new LookupOutcome.Absent(6_000), 6_000);

        // Then
        assertThat(core.isUnsettled(ID)).isFalse();
        assertThat(told(core.due(9_000_000))).isEmpty();
    }

    @Test
    void whatWasNeverPlacedCannotBeCancelled() {
        assertThat(told(core.cancelAsked(CANCEL, 0))).containsExactly("report CANCEL_REFUSED null not_placed");
    }

    /** Each cancel that finds nothing asks for the order; the first read that missed it must stay evidence. */
    @Test
    void cancelsThatFindNothingDoNotHoldUpTheEndOfAnOrderThatIsGone() {
        accepted();
        core.cancelAsked(CANCEL, 0);
        core.cancelAnswered(ID, new CancelOutcome.Refused("not_found", "", 0), 0);
        lookedUp(ID, new LookupOutcome.Absent(2_000), 2_000);

        core.cancelAnswered(ID, new CancelOutcome.Refused("not_found", "", 2_300), 2_300);

        assertThat(told(lookedUp(ID, new LookupOutcome.Absent(2_500), 2_500)))
                .containsExactly("report CANCELLED v1 0", "write OUTCOME ENDED - CANCELLED");
    }

    /** A venue may forget an order as soon as it is cancelled; then no read will ever find it again. */
    @Test
    void anAcceptedOrderThatIsOpenNoMoreByTwoReadsHasEnded() {
        // Given
        core.asked(order(Mode.LIVE), 7, 10);
        core.lookedLast(ID, Optional.empty(), 20);
        core.answered(ID, new SubmitOutcome.Accepted("v1", 30), 30);
        core.question(ID, 100);
        var fourFilled =
                new LookupOutcome.Found("v1", LookupOutcome.Status.GONE, Quantity.parse("4"), "found by its trades", 0);

        // Then
        assertThat(told(lookedUp(ID, new LookupOutcome.Absent(1_500), 1_500)))
                .as("what arrived at the deadline may not be shown yet")
                .isEmpty();
        assertThat(told(lookedUp(ID, new LookupOutcome.Absent(59_000), 59_000))).isEmpty();
        assertThat(told(lookedUp(ID, fourFilled, 59_001)))
                .as("sooner than reads may lag")
                .isEmpty();
        assertThat(told(lookedUp(ID, new LookupOutcome.Unknown("down"), 60_000)))
                .isEmpty();
        assertThat(told(core.due(10_000_000))).containsExactly("look up");
        assertThat(told(lookedUp(ID, fourFilled, 120_000)))
                .containsExactly("report CANCELLED v1 4", "write OUTCOME ENDED - CANCELLED");
        assertThat(told(core.due(10_000_000))).isEmpty();
    }

    /** An answer that came at once. */
    private List<Step> lookedUp(OrderId id, LookupOutcome answer, long atMillis) {
        return core.lookedUp(id, answer, atMillis, atMillis);
    }

    private void accepted() {
        core.asked(order(Mode.LIVE), 7, 10);
        core.lookedLast(ID, Optional.empty(), 20);
        core.answered(ID, new SubmitOutcome.Accepted("v1", 30), 30);
    }

    private static LookupOutcome working() {
        return new LookupOutcome.Found("v1", LookupOutcome.Status.WORKING, Quantity.ZERO, "", 1_000_500);
    }

    // ------------------------------------------------------------------

    private static VenueReport news(VenueReport.Type type) {
        return new VenueReport(ID, Commands.ACCOUNT, Mode.LIVE, Commands.MARKET, type, "v1", null, "", "", 35);
    }

    private static final Quantity TEN = Quantity.parse("10");

    private static PreparedOrder order(Mode mode) {
        return new PreparedOrder(
                Commands.place("o1", mode, TimeInForce.IOC, 1_000), "c1", null, ByteBuffer.allocate(0));
    }

    private static Placement sent() {
        return new Placement(
                ID,
                Commands.ACCOUNT,
                Mode.LIVE,
                Commands.MARKET,
                Placement.Stage.SENT,
                null,
                "c1",
                ByteBuffer.allocate(0),
                7,
                1_000,
                10,
                null);
    }

    private static List<String> told(List<? extends Step> steps) {
        return steps.stream()
                .map(step -> switch (step) {
                    case Step.Write write ->
                        "write " + write.placement().stage()
                                + text(write.placement().outcome());
                    case Step.Look look -> "look";
                    case Step.Call call -> "call";
                    case Step.LookUp lookUp -> "look up";
                    case Step.Cancel cancel -> "cancel";
                    case Step.Report(var report) ->
                        ("report " + report.type() + " " + report.venueOrderId() + " "
                                        + (report.filledQuantity() == null ? "" : report.filledQuantity())
                                        + report.code())
                                .strip();
                })
                .toList();
    }

    private static String text(@Nullable Outcome outcome) {
        return outcome == null ? "" : " " + outcome.text();
    }
}
