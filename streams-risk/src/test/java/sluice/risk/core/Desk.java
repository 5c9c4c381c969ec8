package sluice.risk.core;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
import sluice.domain.market.Settlement;
import sluice.domain.order.Fill;
import sluice.domain.order.Signal;
import sluice.domain.order.VenueReport;
import sluice.domain.risk.Check;
import sluice.domain.risk.Control;
import sluice.domain.risk.ControlCommand;
import sluice.domain.risk.Decision;
import sluice.domain.risk.Limit;
import sluice.domain.risk.RiskLimits;
import sluice.domain.risk.Scope;

/** A core with one account, generous limits and a clock, for tests that tell a story. Times are UTC milliseconds. */
public final class Desk {
    public static final AccountId MAIN = new AccountId("main");
    static final StrategyId STRATEGY = new StrategyId("momentum");
    static final BookId BOOK = new BookId(MAIN, Mode.PAPER);

    /** 2026-11-20T12:00:00Z */
    static final long NOON = 1_795_176_000_000L;

    final MapState state = new MapState();
    final AccountCore core = new AccountCore(state);
    private final Mode mode;
    long now = NOON;
    private long offset;
    private long limitsVersion;
    private int orders;
    private int trades;
    List<AccountEvent> last = List.of();

    /** Limits that stand in no story's way; a story tightens what it is about. */
    static Map<Limit, Long> generous() {
        Map<Limit, Long> limits = new EnumMap<>(Limit.class);
        for (Limit limit : Limit.values()) {
            limits.put(limit, limit.bound() == Limit.Bound.MOST ? 1_000_000_000L * Micros.ONE : 0L);
        }
        limits.put(Limit.MAX_PRICE, 990_000L);
        limits.put(Limit.MIN_PRICE, 10_000L);
        limits.put(Limit.COLLAR_PERCENT, 10_000L * Micros.ONE);
        limits.put(Limit.DAILY_LOSS_LOOK_AHEAD, 0L);
        return limits;
    }

    /** A desk with generous limits, a trading day and a million dollars at both venues. */
    static Desk open() {
        return open(Mode.PAPER);
    }

    static Desk open(Mode mode) {
        Desk desk = new Desk(mode);
        desk.day(20_777);
        desk.limits(Scope.ALL, generous());
        desk.cash(Venue.KALSHI, "1000000");
        desk.cash(Venue.POLYMARKET, "1000000");
        return desk;
    }

    Desk(Mode mode) {
        this.mode = mode;
    }

    List<AccountEvent> enter(AccountId account, JournalEntry.Body body) {
        last = core.apply(new JournalEntry(account, 0, offset++, now, body));
        return last;
    }

    void day(int day) {
        enter(AccountId.ALL, new JournalEntry.DayRolled(day, "UTC"));
    }

    void tick() {
        enter(AccountId.ALL, new JournalEntry.Tick(now));
    }

    void later(long millis) {
        now += millis;
    }

    void limits(Scope scope, Map<Limit, Long> values) {
        enter(
                AccountId.ALL,
                new JournalEntry.LimitsReceived(new RiskLimits(
                        AccountId.ALL, scope, ++limitsVersion, values, List.of("*"), List.of(), "test", "test", now)));
    }

    /** Sets one limit for everything and keeps the others generous. */
    void limit(Limit limit, String value) {
        Map<Limit, Long> values = generous();
        values.put(limit, Micros.parse(value));
        limits(Scope.ALL, values);
    }

    void cash(Venue venue, String dollars) {
        enter(
                MAIN,
                new JournalEntry.SnapshotReceived(
                        mode, venue, Money.parse(dollars), Money.parse(dollars), null, true, now));
    }

    static Market market(String id) {
        return market(MarketId.parse(id), null, false, "0.07");
    }

    static Market market(MarketId id, @Nullable String event, boolean exclusive, String rate) {
        FeeModel model = Micros.parse(rate) == 0
                ? FeeModel.NONE
                : id.venue() == Venue.KALSHI ? FeeModel.KALSHI : FeeModel.POLYMARKET;
        return new Market(
                id,
                event == null ? null : new EventId(event),
                exclusive,
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
                new FeeTerms(model, Micros.parse(rate), 0, "test"),
                null,
                null,
                false,
                null,
                NOON,
                "test");
    }

    /** What a story asks for; everything that it does not name has an ordinary value. */
    final class Ask {
        Market market = market("kalshi:KX");
        Side side = Side.YES;
        Action action = Action.BUY;
        String price = "0.50";
        String size = "10";
        String key = "key-" + ++orders;
        StrategyId strategy = STRATEGY;
        TimeInForce timeInForce = TimeInForce.IOC;

        @Nullable
        Long createdAt;

        @Nullable
        String bid = null;

        @Nullable
        String ask = null;

        @Nullable
        String edge = "25";

        Mode mode = Desk.this.mode;
        boolean marketKnown = true;
        boolean quoteKnown = true;

        @Nullable
        Long quoteAt;

        Ask on(Market at) {
            market = at;
            return this;
        }

        Ask buy(Side of, String quantity, String at) {
            side = of;
            size = quantity;
            price = at;
            return this;
        }

        Ask sell(Side of, String quantity, String at) {
            action = Action.SELL;
            return buy(of, quantity, at);
        }

        Ask by(StrategyId name) {
            strategy = name;
            return this;
        }

        Ask key(String name) {
            key = name;
            return this;
        }

        Decision send() {
            Signal signal = new Signal(
                    "request-" + offset,
                    key,
                    MAIN,
                    strategy,
                    market.id(),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    edge == null ? null : (Long) Micros.parse(edge),
                    side,
                    action,
                    Price.parse(price),
                    Quantity.parse(size),
                    null,
                    null,
                    timeInForce,
                    false,
                    null,
                    createdAt == null ? now : createdAt,
                    null,
                    null,
                    null,
                    Map.of());
            Price own = Price.parse(price);
            Price yes = side == Side.YES ? own : own.complement();
            QuoteView quote = new QuoteView(
                    bid == null ? yes : Price.parse(bid),
                    ask == null ? yes : Price.parse(ask),
                    null,
                    null,
                    quoteAt == null ? now : quoteAt,
                    new Origin("market.quotes", 0, offset));
            enter(
                    MAIN,
                    new JournalEntry.SignalReceived(
                            signal,
                            mode,
                            idOf(key, strategy),
                            price + "/" + size + "/" + side + "/" + action + "/" + market.id(),
                            quoteKnown ? quote : null,
                            marketKnown ? market : null,
                            false));
            return decision();
        }
    }

    Ask ask() {
        return new Ask();
    }

    static OrderId idOf(String key, StrategyId strategy) {
        return new OrderId(strategy + "/" + key);
    }

    Decision decision() {
        return last.stream()
                .filter(event -> event instanceof AccountEvent.Decided)
                .map(event -> ((AccountEvent.Decided) event).decision())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no decision among " + last));
    }

    /** The order that an approved ask made. */
    OrderState order(Decision decision) {
        OrderId id = decision.orderId();
        OrderState order = id == null ? null : state.orders().get(id);
        if (order == null) {
            throw new AssertionError("no order for " + decision);
        }
        return order;
    }

    Fill fillOf(Decision decision, String quantity, String price, String fee) {
        Signal signal = decision.signal();
        return new Fill(
                "t" + ++trades,
                decision.intentId().value(),
                "v-" + decision.intentId().value(),
                MAIN,
                mode,
                signal.market(),
                signal.side(),
                signal.action(),
                Price.parse(price),
                Quantity.parse(quantity),
                Money.parse(fee),
                true,
                Fill.Status.FINAL,
                now);
    }

    void fill(Fill fill) {
        enter(MAIN, new JournalEntry.FillReceived(fill));
    }

    void report(Decision decision, VenueReport.Type type, @Nullable String filled) {
        enter(
                MAIN,
                new JournalEntry.ReportReceived(new VenueReport(
                        decision.intentId(),
                        MAIN,
                        Mode.PAPER,
                        decision.signal().market(),
                        type,
                        "v-" + decision.intentId().value(),
                        filled == null ? null : Quantity.parse(filled),
                        "",
                        "told by the test",
                        now)));
    }

    void settle(MarketId market, Settlement.Result result, String yesValue) {
        enter(
                AccountId.ALL,
                new JournalEntry.SettlementReceived(new Settlement(
                        market, result, Price.parse(yesValue), Settlement.Status.FINAL, 1, now, "test")));
    }

    void command(ControlCommand.Type type, String scope, String commandId) {
        command(type, scope, commandId, null);
    }

    void arm(String scope, String commandId, @Nullable Long untilMillis) {
        command(ControlCommand.Type.ARM, scope, commandId, untilMillis);
    }

    private void command(ControlCommand.Type type, String scope, String commandId, @Nullable Long expiresAtMillis) {
        enter(
                AccountId.ALL,
                new JournalEntry.ControlReceived(new ControlCommand(
                        commandId,
                        type,
                        Scope.parse(scope),
                        AccountId.ALL,
                        "test",
                        "tester",
                        now,
                        expiresAtMillis,
                        0,
                        Map.of())));
    }

    AccountBook book() {
        AccountBook book = state.accounts().get(BOOK);
        if (book == null) {
            throw new AssertionError("no books yet");
        }
        return book;
    }

    EventBook event(String name) {
        EventBook event = state.events().get(new BookId.OfEvent(BOOK, new EventId(name)));
        if (event == null) {
            throw new AssertionError("no event " + name);
        }
        return event;
    }

    Check check(Control control, String scope) {
        return decision().checks().stream()
                .filter(check -> check.control() == control && check.scope().equals(scope))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + control + " " + scope + " in " + decision()));
    }

    static long micros(String dollars) {
        return Micros.parse(dollars);
    }
}
