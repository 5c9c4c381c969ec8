package sluice.risk.core;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.risk.core.Desk.micros;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import sluice.domain.MarketId;
import sluice.domain.Money;
import sluice.domain.Side;
import sluice.domain.StrategyId;
import sluice.domain.market.Market;
import sluice.domain.order.Fill;
import sluice.domain.order.VenueReport;
import sluice.domain.risk.Control;
import sluice.domain.risk.Limit;
import sluice.domain.risk.Verdict;

/** The worked examples of the specification of the controls, number by number. */
class WorkedChecksTest {
    private static Market free(String id, String event, boolean exclusive) {
        return Desk.market(MarketId.parse(id), event, exclusive, "0");
    }

    @Test
    @DisplayName("a: 50 YES at 0.65 at Kalshi cost at most 33.3263: 32.50, fee 0.7963, padding 0.03")
    void worstCaseCost() {
        var desk = Desk.open();

        var decision = desk.ask().buy(Side.YES, "50", "0.65").send();

        assertThat(decision.verdict()).isEqualTo(Verdict.APPROVED);
        assertThat(decision.worstCaseCost()).isEqualTo(Money.parse("33.3263"));
        assertThat(desk.book().reserved).isEqualTo(micros("33.3263"));
    }

    @Test
    @DisplayName("b: 100 YES at 0.40 and 100 NO at 0.55 filled: gross 95, worst case -5")
    void filledPairLocksAProfit() {
        var desk = Desk.open();
        Market market = free("polymarket:0xb", "game", false);

        var yes = desk.ask().on(market).buy(Side.YES, "100", "0.40").send();
        desk.fill(desk.fillOf(yes, "100", "0.40", "0"));
        var no = desk.ask().on(market).buy(Side.NO, "100", "0.55").send();
        desk.fill(desk.fillOf(no, "100", "0.55", "0"));

        assertThat(desk.event("game").grossIn(market.id())).isEqualTo(micros("95"));
        assertThat(desk.event("game").exposureIn(market.id())).isEqualTo(micros("-5"));
        assertThat(desk.book().exposure).isZero();
        assertThat(desk.book().gross).isEqualTo(micros("95"));
    }

    @Test
    @DisplayName("b: with the NO leg only open, the worst case stays 40; an open hedge reduces nothing")
    void openHedgeReducesNothing() {
        var desk = Desk.open();
        Market market = free("polymarket:0xb", "game", false);

        var yes = desk.ask().on(market).buy(Side.YES, "100", "0.40").send();
        desk.fill(desk.fillOf(yes, "100", "0.40", "0"));
        desk.ask().on(market).buy(Side.NO, "100", "0.55").send();

        assertThat(desk.event("game").exposureIn(market.id())).isEqualTo(micros("40"));
        assertThat(desk.event("game").grossIn(market.id())).isEqualTo(micros("95"));
    }

    @Test
    @DisplayName("c: three exclusive outcomes: YES on A and B loses 9 if C comes; NO on C makes it 11")
    void exclusiveEvent() {
        var desk = Desk.open();
        Market a = free("polymarket:A", "match", true);
        Market b = free("polymarket:B", "match", true);
        Market c = free("polymarket:C", "match", true);

        var onA = desk.ask().on(a).buy(Side.YES, "10", "0.50").send();
        desk.fill(desk.fillOf(onA, "10", "0.50", "0"));
        var onB = desk.ask().on(b).buy(Side.YES, "10", "0.40").send();
        desk.fill(desk.fillOf(onB, "10", "0.40", "0"));
        assertThat(desk.event("match").exposure()).isEqualTo(micros("9"));

        var onC = desk.ask().on(c).buy(Side.NO, "10", "0.20").send();
        desk.fill(desk.fillOf(onC, "10", "0.20", "0"));
        assertThat(desk.event("match").exposure()).isEqualTo(micros("11"));
        assertThat(desk.book().exposure).isEqualTo(micros("11"));
    }

    @Test
    @DisplayName("d: an unknown order stays reserved until evidence; 12 of 20 filled at 0.50 leaves 6, releases 4")
    void unknownStaysReserved() {
        var desk = Desk.open();
        Market market = free("polymarket:0xd", "game", false);
        var decision = desk.ask().on(market).buy(Side.YES, "20", "0.50").send();

        desk.report(decision, VenueReport.Type.UNCERTAIN, null);
        desk.later(3_600_000);
        desk.tick();
        assertThat(desk.order(decision).status()).isEqualTo(OrderStatus.UNCERTAIN);
        assertThat(desk.book().reserved).isEqualTo(micros("10"));

        desk.fill(desk.fillOf(decision, "12", "0.50", "0"));
        assertThat(desk.book().reserved).isEqualTo(micros("4"));
        desk.report(decision, VenueReport.Type.CANCELLED, "12");
        assertThat(desk.book().reserved).isZero();
        assertThat(desk.event("game").exposureIn(market.id())).isEqualTo(micros("6"));
        assertThat(desk.order(decision).status()).isEqualTo(OrderStatus.CANCELLED);
    }

    @Test
    @DisplayName(
            "e: a provisional trade counts and cannot be sold; void takes back cost, fee and loss by a posting of today")
    void voidedTrade() {
        var desk = Desk.open();
        Market market = free("polymarket:0xe", "game", false);
        var decision = desk.ask().on(market).buy(Side.YES, "100", "0.30").send();
        Fill told = desk.fillOf(decision, "100", "0.30", "1.5").withStatus(Fill.Status.PROVISIONAL);

        desk.fill(told);
        assertThat(desk.event("game").exposureIn(market.id())).isEqualTo(micros("31.5"));
        assertThat(desk.book().profitToday).isEqualTo(micros("-1.5"));
        assertThat(desk.ask().on(market).sell(Side.YES, "1", "0.30").send().code())
                .isEqualTo(Control.INVENTORY.code());

        desk.fill(told.withStatus(Fill.Status.VOID));
        assertThat(desk.book().realised).isZero();
        assertThat(desk.book().fees).isZero();
        assertThat(desk.book().profitToday).isZero();
        assertThat(desk.event("game").cells().get(0).yesQuantity).isZero();
        assertThat(desk.book().venue(sluice.domain.Venue.POLYMARKET).ledgerCash).isEqualTo(micros("1000000"));

        desk.fill(told);
        assertThat(desk.event("game").cells().get(0).yesQuantity)
                .as("a void trade told again stays void")
                .isZero();
    }

    private static Desk losing(String loss, String lookAhead) {
        var desk = Desk.open();
        var limits = Desk.generous();
        limits.put(Limit.MAX_DAILY_LOSS, micros("100"));
        limits.put(Limit.DAILY_LOSS_LOOK_AHEAD, micros(lookAhead));
        desk.limits(sluice.domain.risk.Scope.ALL, limits);
        lose(desk, "polymarket:lost-first", loss);
        return desk;
    }

    /** Buys for {@code loss} dollars in a market of its own, which then pays nothing. */
    private static void lose(Desk desk, String marketId, String loss) {
        Market market = free(marketId, marketId, false);
        var decision = desk.ask()
                .on(market)
                .by(new StrategyId("loser"))
                .buy(Side.YES, sluice.domain.Micros.text(2 * micros(loss)), "0.50")
                .send();
        assertThat(decision.verdict()).as(decision.reason()).isEqualTo(Verdict.APPROVED);
        desk.fill(desk.fillOf(decision, sluice.domain.Micros.text(2 * micros(loss)), "0.50", "0"));
        desk.settle(market.id(), sluice.domain.market.Settlement.Result.NO, "0");
    }

    @Test
    @DisplayName("f: limit 100, lost 96: with look-ahead an order that may cost 5 is refused")
    void lookAheadRefuses() {
        var desk = losing("96", "1");

        var decision = desk.ask()
                .on(free("polymarket:next", "next", false))
                .buy(Side.YES, "10", "0.50")
                .send();

        assertThat(decision.code()).isEqualTo(Control.DAILY_LOSS.code());
    }

    @Test
    @DisplayName("f: without look-ahead it is allowed, and its loss of 5 latches at 101")
    void lossLatches() {
        var desk = losing("96", "0");

        lose(desk, "polymarket:next", "5");

        assertThat(desk.book().profitToday).isEqualTo(micros("-101"));
        assertThat(desk.last).anyMatch(event -> event instanceof AccountEvent.CancelWanted);
        var after = desk.ask().on(free("polymarket:after", "after", false)).send();
        assertThat(after.code()).isEqualTo(Control.KILL_STATE.code());

        desk.later(3 * 86_400_000L);
        desk.day(20_780);
        desk.tick();
        desk.cash(sluice.domain.Venue.POLYMARKET, "1000");
        assertThat(desk.ask()
                        .on(free("polymarket:days-later", "after", false))
                        .send()
                        .code())
                .as("a latch outlives the day; only an operator lifts it")
                .isEqualTo(Control.KILL_STATE.code());
    }

    @Test
    @DisplayName("g: 90 lost before midnight and 60 after: the day says 60, the last 24 hours say 150")
    void midnightDoesNotResetRisk() {
        var desk = losing("90", "0");
        desk.later(20_000);
        desk.day(20_778);

        lose(desk, "polymarket:after-midnight", "60");

        assertThat(desk.book().profitToday).isEqualTo(micros("-60"));
        assertThat(desk.book().profit24h).isEqualTo(micros("-150"));
        assertThat(desk.ask().send().code()).isEqualTo(Control.KILL_STATE.code());
    }

    @Test
    @DisplayName("h: the same key with the same payload is one order; with another price it is a conflict and none")
    void repeatsAndConflicts() {
        var desk = Desk.open();
        var first = desk.ask().key("k").buy(Side.YES, "10", "0.50").send();

        var again = desk.ask().key("k").buy(Side.YES, "10", "0.50").send();
        assertThat(again.verdict()).isEqualTo(Verdict.DUPLICATE);
        assertThat(again.firstSequence()).isEqualTo(first.sequence());
        assertThat(again.firstVerdict()).isEqualTo(Verdict.APPROVED);
        assertThat(again.orderId()).isEqualTo(first.orderId());
        assertThat(desk.book().openOrders).isEqualTo(1);

        var other = desk.ask().key("k").buy(Side.YES, "10", "0.51").send();
        assertThat(other.verdict()).isEqualTo(Verdict.CONFLICT);
        assertThat(desk.last).anyMatch(event -> event instanceof AccountEvent.Notice);
        assertThat(desk.book().openOrders).isEqualTo(1);
        assertThat(desk.last).noneMatch(event -> event instanceof AccountEvent.OrderApproved);
    }
}
