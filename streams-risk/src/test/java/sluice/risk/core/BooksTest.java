package sluice.risk.core;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.risk.core.Desk.micros;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.domain.Side;
import sluice.domain.TimeInForce;
import sluice.domain.Venue;
import sluice.domain.market.Market;
import sluice.domain.market.Settlement;
import sluice.domain.order.Fill;
import sluice.domain.order.VenueReport;
import sluice.domain.risk.ControlCommand;
import sluice.domain.risk.Decision;
import sluice.domain.risk.Limit;
import sluice.domain.risk.Scope;

/** News that comes late, twice, or is taken back. */
class BooksTest {
    private static final long DAY_MILLIS = 24 * 60 * 60 * 1000L;
    private static final String STAKE = "1000000";

    private final Desk desk = Desk.open();

    // ---------------------------------------------------------------- windows

    @Test
    void theLastApprovalLeavesTheWindowLikeAnyOther() {
        // Given
        desk.ask().buy(Side.YES, "10", "0.50").send();

        // When
        desk.later(DAY_MILLIS);
        desk.tick();

        // Then
        assertThat(desk.book().trades24h).isZero();
    }

    @Test
    void yesterdaysLossHaltsNothingToday() {
        // Given
        desk.limit(Limit.MAX_STRATEGY_DAILY_LOSS, "4");
        Decision resting = send(Desk.market(Desk.market("kalshi:REST").id(), null, false, "0"), "0.50");
        Market lost = Desk.market("kalshi:LOST");
        Decision losing = send(lost, "0.50");
        desk.fill(desk.fillOf(losing, "10", "0.50", "0"));
        desk.settle(lost.id(), Settlement.Result.NO, "0");
        assertThat(halted()).isTrue();
        resume();

        // When
        desk.later(2 * DAY_MILLIS);
        desk.day(20_779);
        desk.tick();
        desk.fill(desk.fillOf(resting, "10", "0.50", "0"));

        // Then
        assertThat(halted()).isFalse();
    }

    // ---------------------------------------------------------------- told again

    @Test
    void aTradeOfAnOrderThatRestedForAWeekCountsOnceHoweverOftenItIsTold() {
        // Given
        Decision decision = send(Desk.market("kalshi:KX"), "0.50");
        desk.later(8 * DAY_MILLIS);
        Fill fill = desk.fillOf(decision, "4", "0.50", "0");
        desk.fill(fill);
        desk.report(decision, VenueReport.Type.CANCELLED, "4");
        long cash = cash(Venue.KALSHI);

        // When
        desk.tick();
        desk.fill(fill);

        // Then
        assertThat(cash(Venue.KALSHI)).isEqualTo(cash);
        assertThat(desk.book().gross).isEqualTo(micros("2"));
    }

    @Test
    void anOrderIsForgottenAWeekAfterItsLastTrade() {
        // Given
        Decision decision = send(Desk.market("kalshi:KX"), "0.50");
        desk.later(DAY_MILLIS);
        desk.fill(desk.fillOf(decision, "10", "0.50", "0"));

        // When
        desk.later(AccountCore.ANSWER_LIFE_MILLIS - 1);
        desk.tick();

        // Then
        assertThat(desk.state.orders().get(decision.intentId())).isNotNull();

        // When
        desk.later(1);
        desk.tick();

        // Then
        assertThat(desk.state.orders().get(decision.intentId())).isNull();
        assertThat(desk.state.answers().get(decision.intentId())).isNull();
    }

    // ---------------------------------------------------------------- filled with less

    /** Polymarket takes an order that fills at once as an amount of dollars, and cuts contracts to its own digits. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anOrderThatIsFilledWithFewerContractsThanAskedForReservesNoRest(boolean fillFirst) {
        // Given
        Decision decision = send(Desk.market("polymarket:0xa"), "0.50");
        Fill fill = desk.fillOf(decision, "9.9927", "0.50", "0");

        // When
        if (fillFirst) {
            desk.fill(fill);
            desk.report(decision, VenueReport.Type.FILLED, "9.9927");
        } else {
            desk.report(decision, VenueReport.Type.FILLED, "9.9927");
            assertThat(desk.book().reserved).isPositive();
            desk.fill(fill);
        }
        desk.fill(fill);

        // Then
        assertThat(desk.book().reserved).isZero();
        assertThat(desk.book().openOrders).isZero();
        assertThat(desk.order(decision).status()).isEqualTo(OrderStatus.FILLED);
    }

    // ---------------------------------------------------------------- taken back

    @Test
    void aPurchaseTakenBackAfterItsMarketPaidGivesThePaymentBack() {
        // Given
        Market market = Desk.market("polymarket:0x1");
        Decision decision = send(market, "0.50");
        Fill fill = desk.fillOf(decision, "10", "0.50", "0.1").withStatus(Fill.Status.PROVISIONAL);
        desk.fill(fill);
        desk.settle(market.id(), Settlement.Result.YES, "1");

        // When
        desk.fill(fill.withStatus(Fill.Status.VOID));

        // Then
        assertThat(cash(Venue.POLYMARKET)).isEqualTo(micros(STAKE));
        assertThat(desk.book().gross).isZero();
        assertThat(desk.book().profitToday).isZero();
    }

    @Test
    void aSaleTakenBackAfterItsMarketPaidIsPaidLikeWhatWasKept() {
        // Given
        Market market = Desk.market("polymarket:0x1");
        desk.fill(desk.fillOf(send(market, "0.50"), "10", "0.50", "0"));
        Decision sale = desk.ask().on(market).sell(Side.YES, "10", "0.40").send();
        Fill sold = desk.fillOf(sale, "10", "0.40", "0").withStatus(Fill.Status.PROVISIONAL);
        desk.fill(sold);
        desk.settle(market.id(), Settlement.Result.YES, "1");

        // When
        desk.fill(sold.withStatus(Fill.Status.VOID));

        // Then
        assertThat(cash(Venue.POLYMARKET)).isEqualTo(micros(STAKE) + micros("5"));
        assertThat(desk.book().gross).isZero();
        assertThat(desk.book().profitToday).isEqualTo(micros("5"));
    }

    @Test
    void aPurchaseTakenBackAfterItNettedLeavesTheOtherSide() {
        // Given
        Market market = Desk.market("kalshi:KX");
        Fill yes = desk.fillOf(send(market, "0.50"), "10", "0.50", "0");
        desk.fill(yes);
        Decision no = desk.ask().on(market).buy(Side.NO, "10", "0.30").send();
        desk.fill(desk.fillOf(no, "10", "0.30", "0"));
        assertThat(cash(Venue.KALSHI)).isEqualTo(micros(STAKE) + micros("2"));

        // When
        desk.fill(yes.withStatus(Fill.Status.VOID));

        // Then
        Cell cell = Objects.requireNonNull(desk.event("kalshi:KX").cell(market.id(), Desk.STRATEGY));
        assertThat(cell.noQuantity).isEqualTo(micros("10"));
        assertThat(cell.yesQuantity).isZero();
        assertThat(cash(Venue.KALSHI)).isEqualTo(micros(STAKE) - micros("3"));
    }

    @Test
    void anOrderDoesNotWaitForATradeThatWasTakenBackBeforeItWasTold() {
        // Given
        Decision decision = send(Desk.market("polymarket:0x1"), "0.50");
        desk.fill(desk.fillOf(decision, "3", "0.50", "0"));
        Fill other = desk.fillOf(decision, "2", "0.50", "0");
        desk.report(decision, VenueReport.Type.CANCELLED, "5");
        assertThat(desk.order(decision).status()).isEqualTo(OrderStatus.CLOSING);

        // When
        desk.fill(other.withStatus(Fill.Status.VOID));

        // Then
        assertThat(desk.order(decision).status()).isEqualTo(OrderStatus.CANCELLED);
        assertThat(desk.book().reserved).isZero();
        assertThat(desk.book().openOrders).isZero();
    }

    @Test
    void anOrderThatIsOverDoesNotWaitForAnotherTradeInThePlaceOfOneTakenBack() {
        // Given
        Decision decision = send(Desk.market("polymarket:0x1"), "0.50");
        Fill first = desk.fillOf(decision, "3", "0.50", "0");
        Fill second = desk.fillOf(decision, "2", "0.50", "0");
        desk.fill(first);
        desk.report(decision, VenueReport.Type.CANCELLED, "5");

        // When
        desk.fill(first.withStatus(Fill.Status.VOID));
        desk.fill(second);

        // Then
        assertThat(desk.order(decision).status()).isEqualTo(OrderStatus.CANCELLED);
        assertThat(desk.order(decision).filled()).isEqualTo(micros("2"));
        assertThat(desk.book().reserved).isZero();
    }

    @Test
    void aLossThatComesWithATradeTakenBackHaltsLikeAnyOther() {
        // Given
        desk.limit(Limit.MAX_DAILY_LOSS, "3");
        Market market = Desk.market("polymarket:0x1");
        Decision cheap = send(market, "0.10");
        Fill fill = desk.fillOf(cheap, "10", "0.10", "0").withStatus(Fill.Status.PROVISIONAL);
        desk.fill(fill);
        desk.fill(desk.fillOf(send(market, "0.90"), "10", "0.90", "0"));

        // When
        desk.fill(fill.withStatus(Fill.Status.VOID));

        // Then
        assertThat(desk.book().profitToday).isEqualTo(-micros("4"));
        assertThat(desk.last).anyMatch(event -> event instanceof AccountEvent.CancelWanted);
    }

    private Decision send(Market market, String price) {
        Desk.Ask ask = desk.ask().on(market).buy(Side.YES, "10", price);
        ask.timeInForce = TimeInForce.GTC;
        return ask.send();
    }

    private long cash(Venue venue) {
        return Objects.requireNonNull(desk.book().venue(venue).ledgerCash);
    }

    private boolean halted() {
        ControlBook controls = desk.state.controls().get(Desk.MAIN);
        return controls != null
                && controls.haltOf(new Scope(Scope.Kind.STRATEGY, Desk.STRATEGY.value()))
                        .isPresent();
    }

    private void resume() {
        desk.enter(
                Desk.MAIN,
                new sluice.domain.journal.JournalEntry.ControlReceived(new ControlCommand(
                        "resume-2",
                        ControlCommand.Type.RESUME,
                        new Scope(Scope.Kind.STRATEGY, Desk.STRATEGY.value()),
                        Desk.MAIN,
                        "test",
                        "tester",
                        desk.now,
                        null,
                        0,
                        java.util.Map.of())));
    }
}
