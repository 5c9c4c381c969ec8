package sluice.risk.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
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
import sluice.domain.journal.JournalEntry;
import sluice.domain.market.Market;
import sluice.domain.market.Settlement;
import sluice.domain.order.Fill;
import sluice.domain.order.VenueReport;
import sluice.domain.risk.Control;
import sluice.domain.risk.ControlCommand;
import sluice.domain.risk.Decision;
import sluice.domain.risk.Limit;
import sluice.domain.risk.Scope;
import sluice.domain.risk.Verdict;

/** What venues, models and operators say does not fit what the books know: the books stay right, and say so. */
class ContradictionsTest {
    private static final MarketId ONE = MarketId.parse("kalshi:KX1");
    private static final Market FIRST = Desk.market(ONE, "GAME", false, "0");
    private static final Market SECOND = Desk.market(MarketId.parse("kalshi:KX2"), "GAME", false, "0");

    private final Desk desk = Desk.open();

    // ---------------------------------------------------------------- markets that are told differently later

    @ParameterizedTest
    @ValueSource(strings = {"event:GAME", "category:NBA"})
    void aHaltFindsAMarketThatAFillPutIntoTheBooksBeforeItsEventWasKnown(String scope) {
        desk.fill(foreign("1"));
        desk.command(ControlCommand.Type.HALT, scope, "c1");

        assertThat(desk.ask().on(FIRST).send().code()).isEqualTo(Control.KILL_STATE.code());
        assertThat(desk.ask().on(SECOND).send().code()).isEqualTo(Control.KILL_STATE.code());
    }

    @Test
    void anEventLimitCountsWhatWasBookedBeforeTheEventWasKnown() {
        // Given 0.5 dollars in KX1, booked as if it were an event of its own
        desk.limit(Limit.MAX_EVENT_EXPOSURE, "10");
        desk.fill(foreign("1"));

        // When
        Decision nine = desk.ask().on(FIRST).buy(Side.YES, "18", "0.50").send();
        Decision ten = desk.ask().on(SECOND).buy(Side.YES, "20", "0.50").send();

        // Then
        assertThat(nine.verdict()).isEqualTo(Verdict.APPROVED);
        assertThat(ten.code()).isEqualTo(Control.EVENT_EXPOSURE.code());
        assertThat(desk.book().exposure).isEqualTo(desk.event("GAME").exposure());
        assertThat(desk.book().categories)
                .containsOnly(Map.entry("NBA", desk.event("GAME").exposure()));
        assertThat(desk.book().openPositions).isEqualTo(1);
        assertThat(desk.state.events().get(new BookId.OfEvent(Desk.BOOK, new sluice.domain.EventId("kalshi:KX1"))))
                .as("nothing is left where it was booked first")
                .isNull();
    }

    @Test
    void anotherNameDoesNotLiftAHalt() {
        // Given a market that the venue names as its own event at first
        Market bare = Desk.market(ONE, null, false, "0");
        desk.ask().on(bare).send();
        desk.command(ControlCommand.Type.HALT, "event:kalshi:KX1", "c1");

        // Then
        assertThat(desk.ask().on(FIRST).send().code()).isEqualTo(Control.KILL_STATE.code());
        desk.command(ControlCommand.Type.RESUME, "event:kalshi:KX1", "c2");
        assertThat(desk.ask().on(FIRST).send().verdict()).isEqualTo(Verdict.APPROVED);
        assertThat(desk.event("GAME").cells()).hasSize(1);
    }

    @Test
    void marketsAreExclusiveOnlyIfAllOfThemAreToldToBe() {
        Market exclusive = Desk.market(ONE, "GAME", true, "0");
        desk.ask().on(exclusive).buy(Side.NO, "10", "0.50").send();
        desk.ask().on(SECOND).buy(Side.NO, "10", "0.50").send();

        assertThat(desk.event("GAME").exposure()).isEqualTo(Desk.micros("10"));
        assertThat(desk.book().exposure).isEqualTo(desk.event("GAME").exposure());
    }

    // ---------------------------------------------------------------- fills and reports of another order

    @ParameterizedTest
    @CsvSource({"main, PAPER, kalshi:OTHER", "main, LIVE, kalshi:KX1", "other, PAPER, kalshi:KX1"})
    void aFillThatDoesNotFitItsOrderCountsAsForeignAndReleasesNothing(String account, Mode mode, String market) {
        // Given
        Decision order = desk.ask().on(FIRST).send();
        long reserved = desk.book().reserved;

        // When
        AccountId of = new AccountId(account);
        Fill fill = fill("t1", order.intentId().value(), of, mode, MarketId.parse(market), "10");
        desk.enter(of, new JournalEntry.FillReceived(fill));

        // Then
        assertThat(kinds()).containsExactly("ORPHAN_FILL");
        assertThat(desk.order(order).filled()).isZero();
        assertThat(desk.book().reserved).isEqualTo(reserved);
        AccountBook booked = desk.state.accounts().get(new BookId(of, mode));
        assertThat(booked).isNotNull();
        assertThat(booked.reserved).isGreaterThanOrEqualTo(0);
        assertThat(booked.openOrders).isGreaterThanOrEqualTo(0);
        assertThat(booked.gross).isGreaterThanOrEqualTo(Desk.micros("5"));
    }

    @Test
    void aFillOfNobodysOrderIsHeldByNoStrategyAndSaidToBeNobodys() {
        // Given
        Decision order = desk.ask().on(FIRST).send();
        long reserved = desk.book().reserved;

        // When
        desk.fill(foreign("10"));

        // Then
        assertThat(kinds()).containsExactly("ORPHAN_FILL");
        assertThat(desk.order(order).filled()).isZero();
        assertThat(desk.book().reserved).isEqualTo(reserved);
        Cell external = desk.event("GAME").cell(ONE, AccountCore.EXTERNAL);
        assertThat(external).isNotNull();
        assertThat(external.yesQuantity).isEqualTo(Desk.micros("10"));
        assertThat(external.yesCost).isEqualTo(Desk.micros("5"));
    }

    @Test
    void aReportThatDoesNotFitItsOrderChangesNothing() {
        // Given
        Decision order = desk.ask().on(FIRST).send();
        OrderState before = desk.order(order);

        // When
        desk.enter(
                Desk.MAIN,
                new JournalEntry.ReportReceived(new VenueReport(
                        order.intentId(),
                        Desk.MAIN,
                        Mode.PAPER,
                        SECOND.id(),
                        VenueReport.Type.ABSENT,
                        null,
                        null,
                        "",
                        "",
                        desk.now)));

        // Then
        assertThat(desk.order(order)).isEqualTo(before);
        assertThat(kinds()).containsExactly("CONTRADICTION");
    }

    @Test
    void anEndThatSpeaksOfMoreThanTheOrderWaitsForNoMoreThanTheOrder() {
        // Given
        Decision order = desk.ask().on(FIRST).send();
        long reserved = desk.book().reserved;

        // When
        desk.report(order, VenueReport.Type.CANCELLED, "999999999");

        // Then
        assertThat(desk.book().reserved).isLessThanOrEqualTo(reserved);
        assertThat(kinds()).contains("CONTRADICTION");
    }

    // ---------------------------------------------------------------- commands

    @Test
    void aHaltWithAnIdThatWasUsedForSomethingElseHalts() {
        desk.command(ControlCommand.Type.RESUME, "all", "c1");
        desk.command(ControlCommand.Type.HALT, "all", "c1");

        assertThat(desk.ask().on(FIRST).send().code()).isEqualTo(Control.KILL_STATE.code());
    }

    @Test
    void aHaltThatIsToldAgainAfterItsResumeHaltsNothing() {
        desk.command(ControlCommand.Type.HALT, "all", "c1");
        desk.command(ControlCommand.Type.RESUME, "all", "c2");
        desk.command(ControlCommand.Type.HALT, "all", "c1");

        assertThat(desk.ask().on(FIRST).send().verdict()).isEqualTo(Verdict.APPROVED);
    }

    @Test
    void aHaltOfAnAccountUnderAnotherAccountIsSaidToHaltNothing() {
        desk.enter(
                new AccountId("other"),
                new JournalEntry.ControlReceived(new ControlCommand(
                        "c1",
                        ControlCommand.Type.HALT,
                        Scope.parse("account:main"),
                        new AccountId("other"),
                        "test",
                        "tester",
                        desk.now,
                        null,
                        0,
                        Map.of())));

        assertThat(kinds()).containsExactly("COMMAND_WITHOUT_EFFECT");
    }

    // ---------------------------------------------------------------- free text and patterns

    @ParameterizedTest
    @ValueSource(strings = {"Celtics at Lakers", "a|b", "tab\there", "x"})
    void anyGameIdNamesAnEvent(String game) {
        assertThat(sluice.domain.EventId.of(game).value())
                .doesNotContainAnyWhitespaces()
                .doesNotContain("|");
        assertThat(sluice.domain.EventId.of(game.repeat(300)).value()).hasSize(200);
    }

    @Test
    @Timeout(5)
    void patternsTakeNoLongerThanTheirLengths() {
        String pattern = "kalshi:" + "*-".repeat(60) + "X";
        assertThat(EffectiveLimits.matches(pattern, "kalshi:" + "a-".repeat(2_000)))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "*, kalshi:KX, true",
        "kalshi:*, kalshi:KX, true",
        "kalshi:*, polymarket:1, false",
        "kalshi:KX?, kalshi:KX1, true",
        "kalshi:KX?, kalshi:KX, false",
        "*KX*-1*, kalshi:KXA-2-1, true",
        "*KX*-1, kalshi:KXA-1-2, false",
        "kalshi:KX, kalshi:KX1, false",
        "**, a, true"
    })
    void patternsKnowStarsAndQuestionMarks(String pattern, String text, boolean matches) {
        assertThat(EffectiveLimits.matches(pattern, text)).isEqualTo(matches);
    }

    // ---------------------------------------------------------------- settlements

    @Test
    void aSettledMarketTakesNoOrderWhateverItsMetadataSay() {
        desk.ask().on(FIRST).send();
        desk.settle(ONE, Settlement.Result.YES, "1");

        assertThat(desk.ask().on(FIRST).send().code()).isEqualTo(Control.LIFECYCLE.code());
    }

    @Test
    void whatIsToldAfterASettlementThatTheBooksKnewNoReasonForIsPaidAtOnce() {
        // Given a first order, so that there are books, and the settlement of a market that they do not know
        desk.ask().on(SECOND).send();
        long cash = ledgerCash();
        desk.settle(ONE, Settlement.Result.YES, "1");

        // When
        desk.fill(foreign("10"));

        // Then 10 contracts were bought for 5 dollars and paid 10
        assertThat(ledgerCash() - cash).isEqualTo(Desk.micros("5"));
    }

    @Test
    void aFirstSettlementMayHaveAnyVersion() {
        Decision order = desk.ask().on(FIRST).send();
        desk.fill(desk.fillOf(order, "5", "0.50", "0"));
        desk.enter(
                AccountId.ALL,
                new JournalEntry.SettlementReceived(new Settlement(
                        ONE, Settlement.Result.YES, Price.ONE, Settlement.Status.FINAL, 0, desk.now, "test")));
        desk.enter(AccountId.ALL, new JournalEntry.MarkReceived(ONE, Price.HALF, Price.HALF, desk.now));
        long cash = ledgerCash();

        desk.fill(desk.fillOf(order, "5", "0.50", "0"));

        assertThat(ledgerCash() - cash).isEqualTo(Desk.micros("2.5"));
    }

    // ---------------------------------------------------------------- times from the future

    @ParameterizedTest(name = "quote {0} ms old: {1}")
    @CsvSource({"0, OK", "2000, OK", "2001, COLLAR", "-100, OK", "-101, COLLAR", "-3600000, COLLAR"})
    void aQuoteFromTheFutureIsNoReference(long age, String code) {
        var limits = Desk.generous();
        limits.put(Limit.MAX_BOOK_AGE, Desk.micros("2000"));
        limits.put(Limit.MAX_SIGNAL_SKEW, Desk.micros("100"));
        desk.limits(Scope.ALL, limits);
        var ask = desk.ask().on(FIRST);
        ask.quoteAt = desk.now - age;

        assertThat(ask.send().code()).isEqualTo(code);
    }

    @Test
    void aBalanceFromTheFutureIsNoFresherThanNowAndDoesNotOutrankLaterOnes() {
        // Given
        desk.limit(Limit.MAX_BALANCE_AGE, "30000");
        snapshot("1000", desk.now + 365L * 86_400_000);

        // When
        desk.later(60_000);
        Decision stale = desk.ask().on(FIRST).send();
        snapshot("0", desk.now);
        Decision broke = desk.ask().on(FIRST).send();

        // Then
        assertThat(stale.code()).isEqualTo(Control.BUYING_POWER.code());
        assertThat(broke.code()).isEqualTo(Control.BUYING_POWER.code());
    }

    // ---------------------------------------------------------------- sales where the venue nets

    @Test
    void whatIsForSaleMustNotBeNettedAway() {
        // Given 10 YES, all of them for sale
        bought(Side.YES, "10", new StrategyId("a"));
        var sale = desk.ask().on(FIRST).sell(Side.YES, "10", "0.60").by(new StrategyId("a"));
        sale.timeInForce = TimeInForce.GTC;
        assertThat(sale.send().verdict()).isEqualTo(Verdict.APPROVED);

        // Then
        assertThat(desk.ask().on(FIRST).buy(Side.NO, "1", "0.40").send().code()).isEqualTo(Control.INVENTORY.code());
    }

    @Test
    void whatIsNettedAwayCannotBeSold() {
        bought(Side.YES, "10", new StrategyId("a"));
        bought(Side.NO, "4", new StrategyId("b"));

        assertThat(sale("7").code()).isEqualTo(Control.INVENTORY.code());
        assertThat(sale("6").verdict()).isEqualTo(Verdict.APPROVED);
    }

    @Test
    void whatOpenPurchasesMayNetAwayCannotBeSold() {
        bought(Side.YES, "10", new StrategyId("a"));
        var purchase = desk.ask().on(FIRST).buy(Side.NO, "4", "0.40").by(new StrategyId("b"));
        purchase.timeInForce = TimeInForce.GTC;
        assertThat(purchase.send().verdict()).isEqualTo(Verdict.APPROVED);

        assertThat(sale("7").code()).isEqualTo(Control.INVENTORY.code());
        assertThat(sale("6").verdict()).isEqualTo(Verdict.APPROVED);
    }

    // ---------------------------------------------------------------- words

    private Decision sale(String quantity) {
        return desk.ask()
                .on(FIRST)
                .sell(Side.YES, quantity, "0.60")
                .by(new StrategyId("a"))
                .send();
    }

    private void bought(Side side, String quantity, StrategyId by) {
        Decision order = desk.ask().on(FIRST).buy(side, quantity, "0.50").by(by).send();
        assertThat(order.verdict()).as(order.reason()).isEqualTo(Verdict.APPROVED);
        desk.fill(desk.fillOf(order, quantity, "0.50", "0"));
    }

    private void snapshot(String cash, long asOf) {
        desk.enter(
                Desk.MAIN,
                new JournalEntry.SnapshotReceived(
                        Mode.PAPER, Venue.KALSHI, Money.parse(cash), Money.parse(cash), null, true, asOf));
    }

    private long ledgerCash() {
        Long cash = desk.book().venue(Venue.KALSHI).ledgerCash;
        assertThat(cash).isNotNull();
        return cash;
    }

    private java.util.List<String> kinds() {
        return desk.last.stream()
                .filter(event -> event instanceof AccountEvent.Notice)
                .map(event -> ((AccountEvent.Notice) event).kind())
                .toList();
    }

    private Fill foreign(String quantity) {
        return fill("foreign", null, Desk.MAIN, Mode.PAPER, ONE, quantity);
    }

    private Fill fill(
            String trade, @Nullable String order, AccountId account, Mode mode, MarketId market, String quantity) {
        return new Fill(
                trade,
                order == null ? "" : new OrderId(order).value(),
                "v",
                account,
                mode,
                market,
                Side.YES,
                Action.BUY,
                Price.HALF,
                Quantity.parse(quantity),
                Money.ZERO,
                true,
                Fill.Status.FINAL,
                desk.now);
    }
}
