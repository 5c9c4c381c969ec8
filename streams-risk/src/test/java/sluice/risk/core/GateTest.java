package sluice.risk.core;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.risk.core.Desk.micros;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import sluice.domain.MarketId;
import sluice.domain.Mode;
import sluice.domain.Side;
import sluice.domain.StrategyId;
import sluice.domain.TimeInForce;
import sluice.domain.Venue;
import sluice.domain.market.Market;
import sluice.domain.market.MarketStatus;
import sluice.domain.market.Settlement;
import sluice.domain.order.VenueReport;
import sluice.domain.risk.Check;
import sluice.domain.risk.Control;
import sluice.domain.risk.ControlCommand;
import sluice.domain.risk.Decision;
import sluice.domain.risk.Limit;
import sluice.domain.risk.Scope;
import sluice.domain.risk.Verdict;

/** Each control, below, at and beyond its bound; and which one binds when several are broken. */
class GateTest {
    private static final Market FREE = Desk.market(MarketId.parse("polymarket:0xfree"), "game", false, "0");

    /** An order that every generous limit lets pass is refused by name as soon as one of them is missing. */
    @ParameterizedTest
    @EnumSource(value = Limit.class, mode = EnumSource.Mode.EXCLUDE, names = "WORKING_ORDER_TIMEOUT")
    void anUnsetLimitRefusesEveryOrder(Limit missing) {
        var desk = new Desk(Mode.PAPER);
        desk.day(20_777);
        desk.cash(Venue.POLYMARKET, "1000000");
        var limits = Desk.generous();
        limits.remove(missing);
        desk.limits(Scope.ALL, limits);

        Decision decision = desk.ask().on(FREE).send();

        assertThat(decision.verdict()).isEqualTo(Verdict.DENIED);
        assertThat(decision.code()).isEqualTo(Control.LIMIT_UNSET);
        assertThat(decision.reason()).contains(missing.key()).contains("not set");
    }

    @Test
    void anUnsetWorkingOrderTimeoutRefusesOrdersThatRest() {
        var desk = new Desk(Mode.PAPER);
        desk.day(20_777);
        desk.cash(Venue.POLYMARKET, "1000000");
        var limits = Desk.generous();
        limits.remove(Limit.WORKING_ORDER_TIMEOUT);
        desk.limits(Scope.ALL, limits);

        assertThat(desk.ask().on(FREE).send().verdict()).isEqualTo(Verdict.APPROVED);
        var resting = desk.ask().on(FREE);
        resting.timeInForce = TimeInForce.GTC;
        assertThat(resting.send().code()).isEqualTo(Control.LIMIT_UNSET);
    }

    @ParameterizedTest(name = "signal {0} ms old: {1}")
    @CsvSource({"0, OK", "2000, OK", "2001, STALE", "-100, OK", "-101, STALE"})
    void freshness(long age, String code) {
        var desk = Desk.open();
        var limits = Desk.generous();
        limits.put(Limit.MAX_SIGNAL_AGE, micros("2000"));
        limits.put(Limit.MAX_SIGNAL_SKEW, micros("100"));
        desk.limits(Scope.ALL, limits);
        var ask = desk.ask().on(FREE);
        ask.createdAt = desk.now - age;

        Decision decision = ask.send();

        assertThat(decision.code()).isEqualTo(code);
        if (code.equals("OK")) {
            assertThat(decision.deadlineMillis())
                    .as("the connector refuses it once it is too old")
                    .isEqualTo(desk.now - age + 2000);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Mode.class, names = "LIVE", mode = EnumSource.Mode.EXCLUDE)
    void withoutMoneyNothingNeedsToBeArmed(Mode mode) {
        var desk = Desk.open(mode);

        assertThat(desk.ask().on(FREE).send().code()).isEqualTo(Control.OK);
    }

    @ParameterizedTest
    @CsvSource({
        "all, true",
        "account:main, true",
        "venue:polymarket, true",
        "account:other, false",
        "venue:kalshi, false",
    })
    void liveOrdersLeaveWhileTheirScopeIsArmed(String scope, boolean approved) {
        // Given
        var desk = Desk.open(Mode.LIVE);
        assertThat(desk.ask().on(FREE).send().code()).isEqualTo(Control.MODE.code());

        // When
        desk.arm(scope, "arm", desk.now + 10_000);

        // Then
        assertThat(desk.ask().on(FREE).send().code()).isEqualTo(approved ? Control.OK : Control.MODE.code());
    }

    @Test
    void anArmingEndsByItselfAndAtACommandAndWithoutAnEndIsNone() {
        // Given
        var desk = Desk.open(Mode.LIVE);
        desk.arm("all", "for ever", null);
        assertThat(desk.ask().on(FREE).send().code()).isEqualTo(Control.MODE.code());

        // When, Then
        desk.arm("all", "first", desk.now + 10_000);
        assertThat(desk.ask().on(FREE).send().code()).isEqualTo(Control.OK);
        desk.command(ControlCommand.Type.DISARM, "venue:kalshi", "another scope");
        assertThat(desk.ask().on(FREE).send().code()).isEqualTo(Control.OK);
        desk.command(ControlCommand.Type.DISARM, "all", "the same");
        assertThat(desk.ask().on(FREE).send().code()).isEqualTo(Control.MODE.code());
        desk.arm("all", "second", desk.now + 1_000);
        desk.now += 1_000;
        assertThat(desk.ask().on(FREE).send().code()).isEqualTo(Control.MODE.code());
    }

    @ParameterizedTest
    @CsvSource({
        "all",
        "account:main",
        "venue:polymarket",
        "strategy:momentum",
        "category:NBA",
        "event:game",
        "market:polymarket:0xfree"
    })
    void aHaltRefusesWhatItNamesUntilResumed(String scope) {
        var desk = Desk.open();
        desk.command(ControlCommand.Type.HALT, scope, "c1");

        assertThat(desk.ask().on(FREE).send().code()).isEqualTo(Control.KILL_STATE.code());

        desk.command(ControlCommand.Type.RESUME, scope, "c2");
        assertThat(desk.ask().on(FREE).send().code()).isEqualTo(Control.OK);
        desk.command(ControlCommand.Type.HALT, scope, "c3");
        desk.command(ControlCommand.Type.RESUME, scope, "c2");
        assertThat(desk.ask().on(FREE).send().code())
                .as("a resume that is told again has no second effect")
                .isEqualTo(Control.KILL_STATE.code());
    }

    @ParameterizedTest
    @CsvSource({"venue:kalshi", "strategy:other", "event:other", "market:polymarket:other", "account:alt"})
    void aHaltOfSomethingElseDoesNotRefuse(String scope) {
        var desk = Desk.open();
        desk.command(ControlCommand.Type.HALT, scope, "c1");

        assertThat(desk.ask().on(FREE).send().code()).isEqualTo(Control.OK);
    }

    @Test
    void aMarketThatIsUnknownOrOnNoListIsRefused() {
        var desk = Desk.open();
        var unknown = desk.ask().on(FREE);
        unknown.marketKnown = false;
        assertThat(unknown.send().code()).isEqualTo(Control.PERMISSION.code());

        desk.enter(
                sluice.domain.AccountId.ALL,
                new sluice.domain.journal.JournalEntry.LimitsReceived(new sluice.domain.risk.RiskLimits(
                        sluice.domain.AccountId.ALL,
                        Scope.ALL,
                        99,
                        Desk.generous(),
                        List.of("kalshi:KX?BA*"),
                        List.of("NFL"),
                        "test",
                        "test",
                        desk.now)));
        assertThat(desk.ask().on(FREE).send().code()).isEqualTo(Control.PERMISSION.code());
        assertThat(desk.ask().on(Desk.market("kalshi:KXNBA-1")).send().code()).isEqualTo(Control.OK);
        assertThat(desk.ask().on(Desk.market("kalshi:KXBA-1")).send().code()).isEqualTo(Control.PERMISSION.code());
    }

    @ParameterizedTest
    @EnumSource(value = MarketStatus.class, names = "ACTIVE", mode = EnumSource.Mode.EXCLUDE)
    void onlyAnActiveMarketTrades(MarketStatus status) {
        var desk = Desk.open();
        Market market = withStatus(FREE, status);

        assertThat(desk.ask().on(market).send().code()).isEqualTo(Control.LIFECYCLE.code());
    }

    private static Market withStatus(Market m, MarketStatus status) {
        return new Market(
                m.id(),
                m.event(),
                m.mutuallyExclusive(),
                m.category(),
                m.title(),
                status,
                m.openAtMillis(),
                m.closeAtMillis(),
                m.resolveAtMillis(),
                m.prices(),
                m.quantityStep(),
                m.minQuantity(),
                m.minNotional(),
                m.fees(),
                m.yesTokenId(),
                m.noTokenId(),
                m.restricted(),
                m.exchangeIndex(),
                m.updatedAtMillis(),
                m.source());
    }

    @ParameterizedTest(name = "{0} ms before close with a buffer of 60000: {1}")
    @CsvSource({"60000, OK", "59999, MARKET_STATE"})
    void closeBuffer(long left, String code) {
        var desk = Desk.open();
        desk.limit(Limit.CLOSE_BUFFER, "60000");
        desk.later(86_400_000L - left);
        desk.cash(Venue.POLYMARKET, "1000000");

        assertThat(desk.ask().on(FREE).send().code()).isEqualTo(code);
    }

    @ParameterizedTest(name = "price {0}: {1}")
    @CsvSource({"0.01, OK", "0.99, OK", "0.505, INVALID", "0, INVALID", "1, INVALID"})
    void priceOnTheGrid(String price, String code) {
        var desk = Desk.open();
        desk.cash(Venue.POLYMARKET, "1000000");

        assertThat(desk.ask().on(FREE).buy(Side.YES, "10", price).send().code()).isEqualTo(code);
    }

    @ParameterizedTest(name = "{0} at {1} against a middle of {2} bid and {3} ask: {4}")
    @CsvSource({
        "YES, 0.55, 0.49, 0.51, OK",
        "YES, 0.56, 0.49, 0.51, COLLAR",
        "NO, 0.55, 0.49, 0.51, OK",
        "NO, 0.56, 0.49, 0.51, COLLAR",
        "YES, 0.21, 0.19, 0.21, OK",
        "YES, 0.23, 0.19, 0.21, COLLAR",
        "YES, 0.50, 0.40, 0.60, COLLAR"
    })
    void collar(Side side, String price, String bid, String ask, String code) {
        var desk = Desk.open();
        var limits = Desk.generous();
        limits.put(Limit.COLLAR_ABSOLUTE, micros("0.05"));
        limits.put(Limit.COLLAR_PERCENT, micros("10"));
        limits.put(Limit.MAX_SPREAD, micros("0.10"));
        desk.limits(Scope.ALL, limits);
        var order = desk.ask().on(FREE).buy(side, "10", price);
        order.bid = bid;
        order.ask = ask;

        assertThat(order.send().code()).isEqualTo(code);
    }

    @Test
    void withoutAQuoteThereIsNoOrder() {
        var desk = Desk.open();
        var blind = desk.ask().on(FREE);
        blind.quoteKnown = false;

        Decision decision = blind.send();

        assertThat(decision.code()).isEqualTo(Control.COLLAR.code());
        assertThat(decision.reason()).contains("no quote");
    }

    @ParameterizedTest(name = "claimed edge {0} points against 20: {1}")
    @CsvSource({"20, OK", "19.999999, EDGE"})
    void edge(String claimed, String code) {
        var desk = Desk.open();
        desk.limit(Limit.MIN_EDGE, "20");
        var order = desk.ask().on(FREE);
        order.edge = claimed;

        assertThat(order.send().code()).isEqualTo(code);
    }

    @Test
    void aSignalWithoutEdgeIsRefused() {
        var desk = Desk.open();
        var order = desk.ask().on(FREE);
        order.edge = null;

        assertThat(order.send().code()).isEqualTo(Control.EDGE.code());
    }

    @ParameterizedTest(name = "claimed edge {0} points at 0.50 with a Kalshi fee: {1}")
    @CsvSource({"2.25, OK", "2.24, EDGE"})
    void returnAfterFees(String claimed, String code) {
        // The fee of a contract at 0.50 is 0.0175; a return of 1 % of 0.50 is 0.005.
        var desk = Desk.open();
        desk.limit(Limit.MIN_ROI, "1");
        var order = desk.ask();
        order.edge = claimed;

        assertThat(order.send().code()).isEqualTo(code);
    }

    @ParameterizedTest(name = "{0} = {1} lets 10 contracts at 0.50 pass: {2}")
    @CsvSource({
        "MAX_ORDER_QUANTITY, 10, OK",
        "MAX_ORDER_QUANTITY, 9.99, ORDER_QUANTITY",
        "MAX_ORDER_COST, 5, OK",
        "MAX_ORDER_COST, 4.999999, ORDER_COST",
        "MAX_MARKET_EXPOSURE, 5, OK",
        "MAX_MARKET_EXPOSURE, 4.999999, MARKET_EXPOSURE",
        "MAX_MARKET_GROSS, 5, OK",
        "MAX_MARKET_GROSS, 4.999999, MARKET_EXPOSURE",
        "MAX_EVENT_EXPOSURE, 5, OK",
        "MAX_EVENT_EXPOSURE, 4.999999, EVENT_EXPOSURE",
        "MAX_CATEGORY_EXPOSURE, 5, OK",
        "MAX_CATEGORY_EXPOSURE, 4.999999, CATEGORY_EXPOSURE",
        "MAX_STRATEGY_EXPOSURE, 5, OK",
        "MAX_STRATEGY_EXPOSURE, 4.999999, LEVEL_EXPOSURE",
        "MAX_VENUE_EXPOSURE, 5, OK",
        "MAX_VENUE_EXPOSURE, 4.999999, LEVEL_EXPOSURE",
        "MAX_ACCOUNT_EXPOSURE, 5, OK",
        "MAX_ACCOUNT_EXPOSURE, 4.999999, LEVEL_EXPOSURE",
        "MAX_ACCOUNT_GROSS, 5, OK",
        "MAX_ACCOUNT_GROSS, 4.999999, LEVEL_EXPOSURE",
        "MAX_OPEN_POSITIONS, 1, OK",
        "MAX_OPEN_POSITIONS, 0, OPEN_POSITIONS",
        "MAX_MARKET_OPEN_ORDERS, 1, OK",
        "MAX_MARKET_OPEN_ORDERS, 0, OPEN_ORDERS",
        "MAX_ACCOUNT_OPEN_ORDERS, 1, OK",
        "MAX_ACCOUNT_OPEN_ORDERS, 0, OPEN_ORDERS",
        "MAX_MARKET_OPEN_NOTIONAL, 5, OK",
        "MAX_MARKET_OPEN_NOTIONAL, 4.999999, OPEN_ORDERS",
        "MAX_ACCOUNT_OPEN_NOTIONAL, 5, OK",
        "MAX_ACCOUNT_OPEN_NOTIONAL, 4.999999, OPEN_ORDERS",
        "MAX_DAILY_TRADES, 1, OK",
        "MAX_DAILY_TRADES, 0, TRADES_PER_DAY",
        "MAX_STRATEGY_DAILY_TRADES, 1, OK",
        "MAX_STRATEGY_DAILY_TRADES, 0, TRADES_PER_DAY"
    })
    void sizes(Limit limit, String bound, String code) {
        var desk = Desk.open();
        desk.limit(limit, bound);

        Decision decision = desk.ask().on(FREE).send();

        assertThat(decision.code()).as(decision.reason()).isEqualTo(code);
        if (!code.equals("OK")) {
            assertThat(decision.reason()).contains(limit.key());
            assertThat(desk.state.orders().get(decision.intentId())).isNull();
        }
    }

    @Test
    void whatOneOrderUsesTheNextOneLacks() {
        var desk = Desk.open();
        desk.limit(Limit.MAX_ACCOUNT_EXPOSURE, "9");
        Decision first = desk.ask().on(FREE).send();

        assertThat(desk.ask().on(FREE).send().code()).isEqualTo(Control.LEVEL_EXPOSURE.code());
        assertThat(desk.check(Control.LEVEL_EXPOSURE, "account"))
                .isEqualTo(new Check(
                        Control.LEVEL_EXPOSURE,
                        "account",
                        micros("9"),
                        micros("5"),
                        micros("10"),
                        Check.Outcome.FAIL,
                        desk.check(Control.LEVEL_EXPOSURE, "account").detail()));

        desk.report(first, VenueReport.Type.REFUSED, null);
        assertThat(desk.ask().on(FREE).send().code())
                .as("a refusal releases what was reserved")
                .isEqualTo(Control.OK);
    }

    @Test
    void buyingPowerIsTheLowerOfOurCashAndTheVenues() {
        var desk = Desk.open();
        desk.later(1000);
        desk.cash(Venue.POLYMARKET, "9");

        assertThat(desk.ask().on(FREE).send().code()).isEqualTo(Control.OK);
        assertThat(desk.ask().on(FREE).send().code()).isEqualTo(Control.BUYING_POWER.code());
    }

    @Test
    void anUnknownOrOldBalanceRefuses() {
        var unknown = new Desk(Mode.PAPER);
        unknown.day(20_777);
        unknown.limits(Scope.ALL, Desk.generous());
        assertThat(unknown.ask().on(FREE).send().code()).isEqualTo(Control.BUYING_POWER.code());

        var old = Desk.open();
        old.limit(Limit.MAX_BALANCE_AGE, "30000");
        old.later(30_001);
        assertThat(old.ask().on(FREE).send().code()).isEqualTo(Control.BUYING_POWER.code());
    }

    @Test
    void onlyWhatIsHeldAndNotBeingSoldCanBeSold() {
        var desk = Desk.open();
        Decision bought = desk.ask().on(FREE).buy(Side.YES, "10", "0.50").send();
        desk.fill(desk.fillOf(bought, "10", "0.50", "0"));

        assertThat(desk.ask().on(FREE).sell(Side.YES, "10.01", "0.50").send().code())
                .isEqualTo(Control.INVENTORY.code());
        assertThat(desk.ask().on(FREE).sell(Side.YES, "6", "0.50").send().code())
                .isEqualTo(Control.OK);
        assertThat(desk.ask().on(FREE).sell(Side.YES, "5", "0.50").send().code())
                .isEqualTo(Control.INVENTORY.code());
        assertThat(desk.ask()
                        .on(FREE)
                        .by(new StrategyId("other"))
                        .sell(Side.YES, "1", "0.50")
                        .send()
                        .code())
                .as("a strategy sells only its own")
                .isEqualTo(Control.INVENTORY.code());
    }

    @Test
    void aSaleThatOnlyReducesPassesAFullExposureLimit() {
        var desk = Desk.open();
        Decision bought = desk.ask().on(FREE).buy(Side.YES, "10", "0.50").send();
        desk.fill(desk.fillOf(bought, "10", "0.50", "0"));
        desk.limit(Limit.MAX_MARKET_EXPOSURE, "1");

        Decision sale = desk.ask().on(FREE).sell(Side.YES, "10", "0.50").send();

        assertThat(sale.verdict()).isEqualTo(Verdict.APPROVED);
        assertThat(desk.check(Control.MARKET_EXPOSURE, FREE.id().toString()).outcome())
                .isEqualTo(Check.Outcome.WAIVED);
        assertThat(desk.ask().on(FREE).buy(Side.YES, "1", "0.50").send().code())
                .isEqualTo(Control.MARKET_EXPOSURE.code());
    }

    @Test
    void tradesAreCountedByDayAndOver24Hours() {
        var desk = Desk.open();
        desk.limit(Limit.MAX_DAILY_TRADES, "2");
        desk.ask().on(FREE).send();
        desk.ask().on(FREE).send();
        assertThat(desk.ask().on(FREE).send().code()).isEqualTo(Control.TRADES_PER_DAY.code());

        desk.later(3_600_000);
        desk.day(20_778);
        desk.cash(Venue.POLYMARKET, "1000000");
        Decision nextDay = desk.ask().on(FREE).send();
        assertThat(nextDay.code()).as("midnight does not reset the 24 hours").isEqualTo(Control.TRADES_PER_DAY.code());

        desk.later(23 * 3_600_000L + 1);
        Market open = Desk.market(MarketId.parse("polymarket:0xlater"), "game", false, "0");
        var later = desk.ask().on(withClose(open, desk.now + 1_000_000));
        assertThat(later.send().code()).isEqualTo(Control.OK);
    }

    private static Market withClose(Market m, long closeAt) {
        return new Market(
                m.id(),
                m.event(),
                m.mutuallyExclusive(),
                m.category(),
                m.title(),
                m.status(),
                m.openAtMillis(),
                closeAt,
                m.resolveAtMillis(),
                m.prices(),
                m.quantityStep(),
                m.minQuantity(),
                m.minNotional(),
                m.fees(),
                m.yesTokenId(),
                m.noTokenId(),
                m.restricted(),
                m.exchangeIndex(),
                m.updatedAtMillis(),
                m.source());
    }

    /** The table's order decides which of several broken controls binds; all of them are listed. */
    @Test
    void theFirstBrokenControlBindsAndAllAreListed() {
        var desk = Desk.open();
        var limits = Desk.generous();
        limits.put(Limit.MAX_SIGNAL_AGE, micros("1000"));
        limits.put(Limit.MAX_ORDER_QUANTITY, micros("1"));
        limits.put(Limit.MAX_ORDER_COST, micros("1"));
        limits.put(Limit.MAX_ACCOUNT_EXPOSURE, micros("1"));
        desk.limits(Scope.ALL, limits);
        var order = desk.ask().on(FREE);
        order.createdAt = desk.now - 5000;

        Decision decision = order.send();

        assertThat(decision.code()).isEqualTo(Control.FRESHNESS.code());
        assertThat(decision.checks().stream().filter(Check::failed).map(Check::control))
                .containsExactly(Control.FRESHNESS, Control.ORDER_QUANTITY, Control.ORDER_COST, Control.LEVEL_EXPOSURE);
        assertThat(decision.checks().stream().map(check -> check.control().row()))
                .as("in the order of the table")
                .isSorted();
    }

    @Test
    void theTightestOfAllScopesHolds() {
        var desk = Desk.open();
        desk.limits(Scope.parse("strategy:momentum"), Map.of(Limit.MAX_ORDER_COST, micros("4")));
        desk.limits(Scope.parse("market:polymarket:0xfree"), Map.of(Limit.MAX_ORDER_COST, micros("1000")));

        assertThat(desk.ask().on(FREE).send().code()).isEqualTo(Control.ORDER_COST.code());
        assertThat(desk.ask().on(FREE).by(new StrategyId("other")).send().code())
                .isEqualTo(Control.OK);
    }

    @Test
    void aNumberThatDoesNotFitIsADenial() {
        var desk = Desk.open();

        Decision decision =
                desk.ask().on(FREE).buy(Side.YES, "9000000000000", "0.50").send();

        assertThat(decision.verdict()).isEqualTo(Verdict.DENIED);
        assertThat(desk.book().reserved).isZero();
    }

    @Test
    void settlementPaysOnceAndEndsThePosition() {
        var desk = Desk.open();
        Decision bought = desk.ask().on(FREE).buy(Side.YES, "10", "0.50").send();
        desk.fill(desk.fillOf(bought, "10", "0.50", "0.10"));

        desk.settle(FREE.id(), Settlement.Result.YES, "1");
        desk.settle(FREE.id(), Settlement.Result.YES, "1");

        assertThat(desk.book().realised).isEqualTo(micros("5"));
        assertThat(desk.book().profitToday).isEqualTo(micros("4.9"));
        assertThat(desk.book().openPositions).isZero();
        assertThat(desk.book().gross).isZero();
        assertThat(desk.book().venue(Venue.POLYMARKET).ledgerCash).isEqualTo(micros("1000004.9"));
    }
}
