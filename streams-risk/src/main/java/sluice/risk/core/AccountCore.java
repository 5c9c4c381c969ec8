package sluice.risk.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.EventId;
import sluice.domain.MarketId;
import sluice.domain.Micros;
import sluice.domain.Money;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.StrategyId;
import sluice.domain.Venue;
import sluice.domain.journal.JournalEntry;
import sluice.domain.journal.JournalEntry.ControlReceived;
import sluice.domain.journal.JournalEntry.DayRolled;
import sluice.domain.journal.JournalEntry.FillReceived;
import sluice.domain.journal.JournalEntry.LimitsReceived;
import sluice.domain.journal.JournalEntry.MarkReceived;
import sluice.domain.journal.JournalEntry.ReportReceived;
import sluice.domain.journal.JournalEntry.SettlementReceived;
import sluice.domain.journal.JournalEntry.SignalReceived;
import sluice.domain.journal.JournalEntry.SnapshotReceived;
import sluice.domain.journal.JournalEntry.Tick;
import sluice.domain.market.Market;
import sluice.domain.market.Settlement;
import sluice.domain.order.Fill;
import sluice.domain.order.Signal;
import sluice.domain.order.VenueReport;
import sluice.domain.risk.Arming;
import sluice.domain.risk.Check;
import sluice.domain.risk.Control;
import sluice.domain.risk.ControlCommand;
import sluice.domain.risk.Decision;
import sluice.domain.risk.Halt;
import sluice.domain.risk.Limit;
import sluice.domain.risk.Scope;
import sluice.domain.risk.Subject;
import sluice.domain.risk.Verdict;
import sluice.risk.core.AccountEvent.Severity;

/**
 * Takes the entries of one journal partition, one after the other, and says what follows from each: gate and ledger in
 * one.
 *
 * <p>A check and its reservation are one step, because all entries that can change an account's answer come through
 * here in one order. A reservation is released by evidence only: a refusal, the end of the order with all its fills
 * told, or a settlement; never by time.
 *
 * <p>Deterministic: entries and prior state decide everything. Not thread-safe; one instance belongs to one partition.
 */
public final class AccountCore {
    /** How long a first answer is remembered at least; and an order, from its last change on. */
    public static final long ANSWER_LIFE_MILLIS = 7L * 24 * 60 * 60 * 1000;

    /** Strategy under which trades are kept that belong to no order of ours. */
    public static final StrategyId EXTERNAL = new StrategyId("external");

    private static final long DAY_MILLIS = 24L * 60 * 60 * 1000;

    /** Answers forgotten per tick at most, so that a tick stays short. */
    private static final int FORGOTTEN_PER_TICK = 256;

    private final CoreState state;
    private final List<AccountEvent> out = new ArrayList<>();
    private long now;
    private String entryName = "";

    public AccountCore(CoreState state) {
        this.state = state;
    }

    /**
     * Applies one entry and returns what follows from it, in order. The list is the caller's.
     *
     * @throws ArithmeticException if a number of the books no longer fits; the books are then not to be used further
     */
    public List<AccountEvent> apply(JournalEntry entry) {
        out.clear();
        now = Math.max(entry.timeMillis(), everyone().timeMillis());
        entryName = entry.partition() + "@" + entry.offset();
        switch (entry.body()) {
            case SignalReceived signal -> decide(signal, entry);
            case ReportReceived report -> report(report.report());
            case FillReceived fill -> fill(fill.fill());
            case ControlReceived control -> command(control.command());
            case LimitsReceived limits -> {
                AccountId owner = limits.limits().account();
                state.controls().put(owner, controls(owner).with(limits.limits()));
            }
            case SettlementReceived settlement -> settle(settlement.settlement());
            case MarkReceived mark -> mark(mark);
            case SnapshotReceived snapshot -> snapshot(entry.account(), snapshot);
            case Tick tick -> tick();
            case DayRolled day -> roll(day.tradingDay());
        }
        return new ArrayList<>(out);
    }

    private ControlBook everyone() {
        return controls(AccountId.ALL);
    }

    private ControlBook controls(AccountId account) {
        ControlBook book = state.controls().get(account);
        return book == null ? ControlBook.EMPTY : book;
    }

    private AccountBook account(BookId id) {
        AccountBook book = state.accounts().get(id);
        return book == null ? new AccountBook() : book;
    }

    private StrategyBook strategy(BookId id, StrategyId strategy) {
        StrategyBook book = state.strategies().get(new BookId.OfStrategy(id, strategy));
        return book == null ? new StrategyBook() : book;
    }

    private void put(BookId id, AccountBook book) {
        book.changed = true;
        state.accounts().put(id, book);
    }

    private void put(BookId id, StrategyId strategy, StrategyBook book) {
        state.strategies().put(new BookId.OfStrategy(id, strategy), book);
    }

    // ---------------------------------------------------------------- gate

    private void decide(SignalReceived received, JournalEntry entry) {
        Signal signal = received.signal();
        BookId id = new BookId(signal.account(), received.mode());
        AccountBook book = account(id);
        startOfDay(book);
        forgetOldTrades(id, book);
        forgetOldPostings(id, book);
        long sequence = ++book.decisions;
        Answer first = state.answers().get(received.intentId());
        if (first != null) {
            repeat(received, entry, sequence, first);
            remember(id, sequence, Optional.empty(), signal.strategy(), false);
            put(id, book);
            return;
        }
        MarketEntry place = state.markets().get(new BookId.OfMarket(id, signal.market()));
        MarketEntry market = place == null
                ? newEntry(signal, received.market())
                : retold(id, book, signal, place, received.market());
        EventBook event = agreed(id, book, market);
        StrategyBook strategy = strategy(id, signal.strategy());
        strategy.rollTo(book.tradingDay);
        Subject subject =
                new Subject(signal.account(), signal.strategy(), signal.market(), market.event(), market.category());
        ControlBook everyone = everyone();
        ControlBook own = controls(signal.account());
        EffectiveLimits limits = EffectiveLimits.of(everyone, own, subject);
        RiskGate.Assessment answer = assess(
                received,
                new RiskGate.Books(everyone, own, limits, subject, book, strategy, event, market.isSettled()));

        boolean approved = answer.binding() == null && answer.code().equals(Control.OK);
        Decision decision = decision(
                received,
                entry,
                sequence,
                approved ? Verdict.APPROVED : Verdict.DENIED,
                answer.code(),
                answer.reason(),
                null,
                null,
                answer.checks(),
                new Money(answer.reservation().cost()),
                approved ? received.intentId() : null,
                limits.versions());
        state.answers()
                .put(
                        received.intentId(),
                        new Answer(received.payloadHash(), sequence, decision.verdict(), decision.code()));
        boolean opening = approved && signal.action() == Action.BUY;
        remember(id, sequence, Optional.of(received.intentId()), signal.strategy(), opening);
        out.add(new AccountEvent.Decided(id, decision));
        if (!approved) {
            out.add(new AccountEvent.SignalRefused(decision));
            put(id, book);
            return;
        }
        approve(id, book, strategy, received, decision, market, event, answer.reservation(), limits);
    }

    private RiskGate.Assessment assess(SignalReceived received, RiskGate.Books books) {
        try {
            return RiskGate.assess(received, books, now);
        } catch (ArithmeticException e) {
            String why = "a number does not fit, so nothing can be promised: " + e.getMessage();
            Check failed =
                    new Check(Control.PRICE_VALIDITY, "", Check.NONE, Check.NONE, Check.NONE, Check.Outcome.FAIL, why);
            return new RiskGate.Assessment(List.of(failed), Reservation.NONE, failed, "OVERFLOW", why);
        }
    }

    /** The event that a market is put under: the venue's, else the model's game, else the market is its own event. */
    private static MarketEntry newEntry(Signal signal, @Nullable Market market) {
        EventId event = market != null && market.event() != null
                ? market.event()
                : signal.gameId() != null && !signal.gameId().isBlank()
                        ? EventId.of(signal.gameId())
                        : EventId.of(signal.market().toString());
        String category = market == null ? "" : market.category();
        return new MarketEntry(event, category, market != null && market.mutuallyExclusive(), 0, null, null, null);
    }

    /**
     * The market as its venue tells of it now. One that was booked before its event or category was known moves to
     * where it belongs, so that halts and limits of them find it. While what it was booked under is halted it stays
     * there: another name does not lift a halt.
     */
    private MarketEntry retold(BookId id, AccountBook book, Signal signal, MarketEntry entry, @Nullable Market told) {
        if (told == null) {
            return entry;
        }
        EventId event = told.event() == null ? entry.event() : told.event();
        String category = told.category().isEmpty() ? entry.category() : told.category();
        boolean exclusive = told.event() == null ? entry.mutuallyExclusive() : told.mutuallyExclusive();
        MarketEntry next = new MarketEntry(
                event,
                category,
                exclusive,
                entry.settledVersion(),
                entry.settledValue(),
                entry.yesBid(),
                entry.yesAsk());
        Subject before =
                new Subject(signal.account(), signal.strategy(), signal.market(), entry.event(), entry.category());
        if (next.equals(entry) || isHalted(before)) {
            return entry;
        }
        EventBook from = event(id, entry);
        List<Cell> moving = from.cells().stream()
                .filter(cell -> cell.market.equals(signal.market()))
                .toList();
        if (!moving.isEmpty()) {
            EventBook left = from.without(cell -> cell.market.equals(signal.market()));
            replace(id, book, entry.event(), from, left);
            EventBook to = event(id, next);
            EventBook joined = new EventBook(
                    to.cells().isEmpty() || to.category().isEmpty() ? category : to.category(),
                    to.exclusive() && exclusive,
                    to.cells());
            for (Cell cell : moving) {
                joined = joined.with(cell);
            }
            replace(id, book, next.event(), to, joined);
        }
        state.markets().put(new BookId.OfMarket(id, signal.market()), next);
        return next;
    }

    private boolean isHalted(Subject subject) {
        return everyone().firstHalt(subject) != null
                || controls(subject.account()).firstHalt(subject) != null;
    }

    /** The event's book; at most one of its markets can pay only if all of them are told to be like that. */
    private EventBook agreed(BookId id, AccountBook book, MarketEntry entry) {
        EventBook event = event(id, entry);
        if (!event.exclusive() || entry.mutuallyExclusive()) {
            return event;
        }
        EventBook independent = new EventBook(event.category(), false, event.cells());
        replace(id, book, entry.event(), event, independent);
        return independent;
    }

    /** Puts another book in the place of an event's, and carries along every total but those of single markets. */
    private void replace(BookId id, AccountBook book, EventId event, EventBook before, EventBook after) {
        carryExposure(book, before, after);
        List<Cell> cells = new ArrayList<>(before.cells());
        cells.addAll(after.cells());
        cells.stream()
                .map(cell -> cell.market.venue())
                .distinct()
                .forEach(at -> carryExposure(book.venue(at), at, before, after));
        cells.stream().map(cell -> cell.strategy).distinct().forEach(name -> {
            StrategyBook strategy = strategy(id, name);
            carryExposure(strategy, name, before, after);
            put(id, name, strategy);
        });
        BookId.OfEvent key = new BookId.OfEvent(id, event);
        if (after.cells().isEmpty()) {
            state.events().delete(key);
        } else {
            state.events().put(key, after);
        }
    }

    private EventBook event(BookId id, MarketEntry entry) {
        EventBook book = state.events().get(new BookId.OfEvent(id, entry.event()));
        return book == null ? new EventBook(entry.category(), entry.mutuallyExclusive(), List.of()) : book;
    }

    private void approve(
            BookId id,
            AccountBook book,
            StrategyBook strategy,
            SignalReceived received,
            Decision decision,
            MarketEntry entry,
            EventBook event,
            Reservation reservation,
            EffectiveLimits limits) {
        Signal signal = received.signal();
        Market market = java.util.Objects.requireNonNull(received.market(), "an approved signal has a market");
        OrderState order = new OrderState(
                received.intentId(),
                signal,
                received.mode(),
                entry.event(),
                market.fees(),
                decision.sequence(),
                now,
                OrderStatus.APPROVED,
                signal.size().micros(),
                0,
                0,
                0,
                null,
                null,
                "",
                null,
                List.of(),
                now);
        state.orders().put(order.id(), order);
        state.markets().put(new BookId.OfMarket(id, signal.market()), entry);
        Cell cell = event.cell(signal.market(), signal.strategy());
        Cell next = cell == null ? new Cell(signal.market(), signal.strategy()) : cell.copy();
        Ledger.add(next, signal, reservation, signal.size().micros(), 1);
        book.openOrders++;
        book.reserved = Math.addExact(book.reserved, reservation.cost());
        book.venue(signal.market().venue()).reserved += reservation.cost();
        if (signal.action() == Action.BUY) {
            book.tradesToday++;
            book.trades24h++;
            strategy.tradesToday++;
            strategy.trades24h++;
        }
        replace(id, book, strategy, entry, event, next);
        put(id, signal.strategy(), strategy);
        put(id, book);
        long timeout = limits.get(Limit.WORKING_ORDER_TIMEOUT);
        out.add(new AccountEvent.OrderApproved(
                order,
                market,
                java.util.Objects.requireNonNull(decision.deadlineMillis(), "an approved signal has a deadline"),
                timeout == EffectiveLimits.UNSET ? 0 : timeout / Micros.ONE));
        tellPosition(id, signal.market(), entry, event(id, entry));
    }

    /** The same intent again gets the first answer again; the same key for something else is refused, and told. */
    private void repeat(SignalReceived received, JournalEntry entry, long sequence, Answer first) {
        boolean same = first.payloadHash().equals(received.payloadHash());
        String why = same
                ? "the same intent was answered by decision " + first.sequence()
                : "idempotency key \"" + received.signal().idempotencyKey()
                        + "\" was used for another order by decision " + first.sequence()
                        + "; use a new key for a new order";
        Check check = new Check(Control.IDEMPOTENCY, "", Check.NONE, Check.NONE, Check.NONE, Check.Outcome.FAIL, why);
        boolean hasOrder = first.verdict() == Verdict.APPROVED;
        Decision decision = decision(
                received,
                entry,
                sequence,
                same ? Verdict.DUPLICATE : Verdict.CONFLICT,
                same ? first.code() : Control.IDEMPOTENCY.code(),
                why,
                first.sequence(),
                first.verdict(),
                List.of(check),
                Money.ZERO,
                hasOrder ? received.intentId() : null,
                List.of());
        BookId id = new BookId(received.signal().account(), received.mode());
        out.add(new AccountEvent.Decided(id, decision));
        if (!same) {
            notice(
                    id,
                    Severity.WARNING,
                    "CONFLICT",
                    why,
                    "decisions show " + first.sequence() + " --account " + id.account(),
                    received.intentId().value());
        }
    }

    private Decision decision(
            SignalReceived received,
            JournalEntry entry,
            long sequence,
            Verdict verdict,
            String code,
            String reason,
            @Nullable Long firstSequence,
            @Nullable Verdict firstVerdict,
            List<Check> checks,
            Money worstCase,
            @Nullable OrderId orderId,
            List<String> versions) {
        Long deadline = null;
        if (verdict == Verdict.APPROVED) {
            for (Check check : checks) {
                if (check.control() == Control.FRESHNESS && check.scope().equals("age")) {
                    deadline = Math.addExact(received.signal().createdAtMillis(), check.limit() / Micros.ONE);
                }
            }
        }
        Market market = received.market();
        return new Decision(
                sequence,
                now,
                received.mode(),
                received.intentId(),
                received.signal(),
                verdict,
                code,
                reason,
                firstSequence,
                firstVerdict,
                checks,
                worstCase,
                orderId,
                deadline,
                versions,
                market == null ? "" : market.fees().version(),
                received.quote() == null ? null : received.quote().origin(),
                entry.partition(),
                entry.offset());
    }

    private void remember(BookId id, long sequence, Optional<OrderId> intent, StrategyId strategy, boolean opening) {
        state.decisions().put(new BookId.Numbered(id, sequence), new DecisionStub(now, intent, strategy, opening));
    }

    // ---------------------------------------------------------------- exposure

    /** Puts {@code next} into its event and carries every running total along. */
    private void replace(
            BookId id, AccountBook book, StrategyBook strategy, MarketEntry entry, EventBook before, Cell next) {
        EventBook after = before.with(next);
        MarketId market = next.market;
        AccountBook.VenueBook venue = book.venue(market.venue());
        carryExposure(book, before, after);
        carryExposure(venue, market.venue(), before, after);
        carryExposure(strategy, next.strategy, before, after);
        book.gross = Math.addExact(book.gross, after.grossIn(market) - before.grossIn(market));
        book.openPositions += (after.isOpenIn(market) ? 1 : 0) - (before.isOpenIn(market) ? 1 : 0);
        if (market.venue().netsPairs() && venue.ledgerCash != null) {
            // The venue pays a dollar for each pair, whichever strategies hold its two sides.
            venue.ledgerCash = Math.addExact(venue.ledgerCash, after.pairsIn(market) - before.pairsIn(market));
        }
        state.events().put(new BookId.OfEvent(id, entry.event()), after);
    }

    private static void carryExposure(AccountBook book, EventBook before, EventBook after) {
        long was = Math.max(0, before.exposure());
        long is = Math.max(0, after.exposure());
        book.exposure = Math.addExact(book.exposure, is - was);
        if (after.category().equals(before.category())) {
            book.categories.merge(after.category(), is - was, Math::addExact);
        } else {
            book.categories.merge(before.category(), -was, Math::addExact);
            book.categories.merge(after.category(), is, Math::addExact);
        }
        book.categories.values().removeIf(exposure -> exposure == 0);
    }

    private static void carryExposure(AccountBook.VenueBook venue, Venue at, EventBook before, EventBook after) {
        venue.exposure = Math.addExact(venue.exposure, change(before.exposureAt(at), after.exposureAt(at)));
    }

    private static void carryExposure(StrategyBook strategy, StrategyId of, EventBook before, EventBook after) {
        strategy.exposure = Math.addExact(strategy.exposure, change(before.exposureOf(of), after.exposureOf(of)));
    }

    /** A loss counts, a certain win does not pay for another event's loss. */
    private static long change(long before, long after) {
        return Math.max(0, after) - Math.max(0, before);
    }

    // ---------------------------------------------------------------- orders

    private void report(VenueReport report) {
        OrderState order = state.orders().get(report.orderId());
        BookId id = new BookId(report.account(), report.mode());
        if (order == null) {
            notice(
                    id,
                    Severity.CRITICAL,
                    "UNKNOWN_ORDER_REPORT",
                    report.market().venue() + " reports " + report.type() + " of order " + report.orderId()
                            + ", which these books do not know",
                    "orders show " + report.orderId(),
                    report.orderId().value());
            return;
        }
        if (!report.account().equals(order.signal().account())
                || report.mode() != order.mode()
                || !report.market().equals(order.signal().market())) {
            notice(
                    id,
                    Severity.CRITICAL,
                    "CONTRADICTION",
                    report.type() + " of order " + order.id() + " speaks of account " + report.account() + ", mode "
                            + report.mode() + ", market " + report.market() + "; the order is of "
                            + order.signal().account() + ", " + order.mode() + ", "
                            + order.signal().market() + ". It changes nothing",
                    "orders show " + order.id(),
                    order.id().value());
            return;
        }
        OrderState known = order.known(report.venueOrderId());
        switch (report.type()) {
            case ACCEPTED, WORKING ->
                known.status()
                        .after(OrderStatus.Event.HELD)
                        .ifPresentOrElse(next -> change(order, known.in(next)), () -> change(order, known));
            case UNCERTAIN ->
                known.status().after(OrderStatus.Event.NO_ANSWER).ifPresent(next -> {
                    change(order, known.in(next));
                    notice(
                            id,
                            Severity.WARNING,
                            "UNKNOWN_ORDER_OUTCOME",
                            "nobody knows yet whether order " + order.id() + " is live: " + report.detail()
                                    + "; its worst case stays reserved",
                            "orders show " + order.id(),
                            order.id().value());
                });
            case REFUSED, NOT_SENT, ABSENT -> neverLived(id, order, known, report);
            case FILLED -> {
                // A venue that takes an order as an amount of dollars may be done with fewer contracts, or more.
                Quantity filled = report.filledQuantity();
                over(order, known, OrderStatus.FILLED, filled == null ? order.quantity() : filled.micros(), report);
            }
            case CANCELLED, EXPIRED -> {
                Quantity filled = report.filledQuantity();
                if (filled == null) {
                    notice(
                            id,
                            Severity.CRITICAL,
                            "UNREADABLE_REPORT",
                            report.type() + " of order " + order.id()
                                    + " does not say how much was filled; it stays open",
                            "orders show " + order.id(),
                            order.id().value());
                } else {
                    over(
                            order,
                            known,
                            report.type() == VenueReport.Type.EXPIRED ? OrderStatus.EXPIRED : OrderStatus.CANCELLED,
                            filled.micros(),
                            report);
                }
            }
            case CANCEL_REFUSED ->
                notice(
                        id,
                        Severity.WARNING,
                        "CANCEL_REFUSED",
                        "a cancel has not ended order " + order.id() + ": " + report.code() + " " + report.detail(),
                        "orders show " + order.id(),
                        order.id().value());
        }
    }

    private void neverLived(BookId id, OrderState order, OrderState known, VenueReport report) {
        Optional<OrderStatus> next = known.status().after(OrderStatus.Event.NEVER_LIVED);
        if (next.isEmpty()) {
            return;
        }
        if (order.filled() > 0) {
            notice(
                    id,
                    Severity.CRITICAL,
                    "CONTRADICTION",
                    report.market().venue() + " says " + report.type() + " of order " + order.id() + ", but "
                            + Micros.text(order.filled()) + " contracts of it are booked; it stays open",
                    "orders show " + order.id(),
                    order.id().value());
            return;
        }
        String why = (report.code() + " " + report.detail()).strip();
        change(
                order,
                known.ending(
                                OrderStatus.REJECTED,
                                0,
                                why.isEmpty() ? report.type().name() : why)
                        .in(next.get()));
    }

    private void over(OrderState order, OrderState known, OrderStatus as, long filledInAll, VenueReport report) {
        Optional<OrderStatus> next = known.status().after(OrderStatus.Event.OVER);
        if (next.isEmpty()) {
            return;
        }
        if (filledInAll > order.quantity()) {
            notice(
                    order.book(),
                    Severity.CRITICAL,
                    "CONTRADICTION",
                    report.type() + " of order " + order.id() + " speaks of " + Micros.text(filledInAll)
                            + " contracts filled; it was for " + Micros.text(order.quantity())
                            + ". It waits for no more than that",
                    "orders show " + order.id(),
                    order.id().value());
        }
        long awaited = Math.min(filledInAll, order.quantity());
        change(
                order,
                settledIfComplete(known.ending(as, awaited, report.detail()).in(next.get())));
    }

    /** What the venue counted when the order ended, and takes back afterwards, is not waited for. */
    private static OrderState withoutTakenBack(OrderState order, Fill fill) {
        Long finalFilled = order.finalFilled();
        OrderStatus endedAs = order.endedAs();
        return order.status() == OrderStatus.CLOSING && finalFilled != null && endedAs != null
                ? order.ending(
                        endedAs, Math.max(0, finalFilled - fill.quantity().micros()), order.endReason())
                : order;
    }

    /**
     * An order whose fills are all told is at an end; a trade that comes or goes after the end corrects how it ended.
     */
    private static OrderState settledIfComplete(OrderState order) {
        if (order.filled() >= order.quantity()) {
            return order.in(OrderStatus.FILLED);
        }
        if (order.status().isTerminal()) {
            boolean filled = order.status() == OrderStatus.FILLED;
            boolean rejected = order.status() == OrderStatus.REJECTED && order.filled() > 0;
            return filled || rejected ? order.in(OrderStatus.CANCELLED) : order;
        }
        Long finalFilled = order.finalFilled();
        OrderStatus endedAs = order.endedAs();
        return finalFilled != null && endedAs != null && order.filled() >= finalFilled ? order.in(endedAs) : order;
    }

    /** Replaces an order's state; what it no longer needs is released in the same step. */
    private void change(OrderState before, OrderState changed) {
        if (before.equals(changed)) {
            return;
        }
        OrderState after = changed.changedAt(now);
        BookId id = after.book();
        state.orders().put(after.id(), after);
        if (before.remaining() != after.remaining()
                || before.status().isTerminal() != after.status().isTerminal()) {
            MarketEntry entry = reserve(id, before, after);
            tellPosition(id, after.signal().market(), entry, event(id, entry));
        }
        if (after.status().isTerminal() && !before.status().isTerminal()) {
            out.add(new AccountEvent.OrderEnded(after, now));
        }
    }

    /** Reserves in the books what the order may still cost after a change; returns its market. */
    private MarketEntry reserve(BookId id, OrderState before, OrderState after) {
        AccountBook book = account(id);
        StrategyId owner = after.signal().strategy();
        StrategyBook strategy = strategy(id, owner);
        MarketEntry entry = entry(id, after);
        EventBook event = event(id, entry);
        Cell cell = event.cell(after.signal().market(), owner);
        Cell next = cell == null ? new Cell(after.signal().market(), owner) : cell.copy();
        release(book, next, before, after);
        replace(id, book, strategy, entry, event, next);
        put(id, owner, strategy);
        put(id, book);
        return entry;
    }

    private MarketEntry entry(BookId id, OrderState order) {
        MarketEntry entry =
                state.markets().get(new BookId.OfMarket(id, order.signal().market()));
        return entry != null ? entry : new MarketEntry(order.event(), "", false, 0, null, null, null);
    }

    private static void release(AccountBook book, Cell cell, OrderState before, OrderState after) {
        Reservation was = Reservation.of(before);
        Reservation is = Reservation.of(after);
        int ended = after.status().isTerminal() && !before.status().isTerminal() ? 1 : 0;
        Ledger.change(cell, after.signal(), was, is, after.remaining() - before.remaining(), -ended);
        book.openOrders -= ended;
        book.reserved = Math.addExact(book.reserved, is.cost() - was.cost());
        book.venue(after.signal().market().venue()).reserved += is.cost() - was.cost();
    }

    // ---------------------------------------------------------------- fills

    private void fill(Fill fill) {
        TradeKey key = new TradeKey(fill.market().venue(), fill.account(), fill.tradeId(), fill.orderId());
        BookedTrade booked = state.trades().get(key);
        BookId id = new BookId(fill.account(), fill.mode());
        if (booked == null) {
            if (fill.status() == Fill.Status.VOID) {
                // Told void before it was told at all: whatever comes later of it is not booked.
                state.trades().put(key, new BookedTrade(fill, 0));
                OrderState order = orderOf(fill);
                if (order != null) {
                    change(order, settledIfComplete(withoutTakenBack(order.filledBy(fill.tradeId(), 0, 0, 0), fill)));
                }
            } else {
                book(id, key, fill);
            }
            return;
        }
        Fill known = booked.fill();
        boolean sameTrade = known.quantity().equals(fill.quantity())
                && known.price().equals(fill.price())
                && known.side() == fill.side()
                && known.action() == fill.action()
                && known.fee().equals(fill.fee());
        if (known.status() == Fill.Status.VOID || (known.status() == fill.status() && sameTrade)) {
            return;
        }
        switch (fill.status()) {
            case VOID -> reverse(id, key, booked);
            case FINAL -> {
                if (known.status() == Fill.Status.PROVISIONAL && sameTrade) {
                    confirm(id, key, booked);
                } else if (!sameTrade) {
                    toldDifferently(id, known, fill);
                }
            }
            case PROVISIONAL -> {
                if (!sameTrade) {
                    toldDifferently(id, known, fill);
                }
            }
        }
    }

    private void toldDifferently(BookId id, Fill known, Fill fill) {
        notice(
                id,
                Severity.CRITICAL,
                "TRADE_TOLD_DIFFERENTLY",
                "trade " + fill.tradeId() + " is booked as " + known.quantity() + " at " + known.price() + " fee "
                        + known.fee() + ", now told as " + fill.quantity() + " at " + fill.price() + " fee "
                        + fill.fee()
                        + "; the books keep the first",
                "orders show " + fill.orderId(),
                fill.orderId());
    }

    /** The order that was filled: the one it names, if that is of the same account, mode and market. */
    private @Nullable OrderState orderOf(Fill fill) {
        OrderState order = fill.order().map(state.orders()::get).orElse(null);
        return order != null
                        && order.signal().account().equals(fill.account())
                        && order.mode() == fill.mode()
                        && order.signal().market().equals(fill.market())
                ? order
                : null;
    }

    private void book(BookId id, TradeKey key, Fill fill) {
        OrderState order = orderOf(fill);
        if (order == null) {
            if (fill.tradedAtMillis() < now - ANSWER_LIFE_MILLIS) {
                notice(
                        id,
                        Severity.CRITICAL,
                        "OLD_TRADE",
                        "trade " + fill.tradeId()
                                + " is older than orders are remembered; it was not booked, reconcile it",
                        "fills list --trade " + fill.tradeId(),
                        fill.tradeId());
                return;
            }
            notice(
                    id,
                    Severity.CRITICAL,
                    "ORPHAN_FILL",
                    fill.market().venue() + " tells of trade " + fill.tradeId() + ", " + fill.quantity() + " "
                            + fill.side() + " of " + fill.market() + " at " + fill.price()
                            + (fill.order()
                                            .flatMap(named -> Optional.ofNullable(
                                                    state.orders().get(named)))
                                            .isPresent()
                                    ? ", and names order " + fill.orderId() + " of another account, mode or market"
                                    : ", that belongs to no order of ours")
                            + "; it counts",
                    "fills list --trade " + fill.tradeId(),
                    fill.tradeId());
        }
        StrategyId owner = order == null ? EXTERNAL : order.signal().strategy();
        AccountBook book = account(id);
        startOfDay(book);
        StrategyBook strategy = strategy(id, owner);
        MarketEntry entry = entryOf(id, fill, order);
        EventBook event = event(id, entry);
        Cell cell = event.cell(fill.market(), owner);
        Cell next = cell == null ? new Cell(fill.market(), owner) : cell.copy();
        Ledger.Booked booked = Ledger.book(next, fill);
        OrderState after = null;
        if (order != null) {
            long gross = fill.action() == Action.BUY
                    ? fill.price().costOf(fill.quantity()).micros()
                    : -fill.price().proceedsOf(fill.quantity()).micros();
            after = settledIfComplete(order.known(emptyToNull(fill.venueOrderId()))
                            .filledBy(
                                    fill.tradeId(),
                                    fill.quantity().micros(),
                                    gross,
                                    fill.fee().micros()))
                    .changedAt(now);
            state.orders().put(after.id(), after);
            release(book, next, order, after);
        }
        state.trades().put(key, new BookedTrade(fill, booked.realised()));
        moveCash(book, fill, booked.cash());
        replace(id, book, strategy, entry, event, next);
        book.fees = Math.addExact(book.fees, fill.fee().micros());
        post(
                id,
                book,
                strategy,
                owner,
                booked.realised(),
                booked.realised() - fill.fee().micros());
        put(id, owner, strategy);
        put(id, book);
        tellPosition(id, fill.market(), entry, event(id, entry));
        if (order != null && after != null) {
            tellOrder(id, order, after, fill);
        }
        latchOnLoss(id, book, strategy, owner, fill.market(), entry);
        payIfSettled(id, entry, fill.market());
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private void tellOrder(BookId id, OrderState before, OrderState after, Fill fill) {
        if (after.status().isTerminal()) {
            // Also for a trade that is told late: the result that was given is corrected.
            out.add(new AccountEvent.OrderEnded(after, now));
        }
        if (before.status().isTerminal() || after.filled() > after.quantity()) {
            notice(
                    id,
                    Severity.CRITICAL,
                    after.filled() > after.quantity() ? "OVERFILL" : "LATE_FILL",
                    "trade " + fill.tradeId() + " of order " + after.id() + " came after " + before.status() + ": "
                            + Micros.text(after.filled()) + " of " + Micros.text(after.quantity())
                            + " filled; it counts",
                    "orders show " + after.id(),
                    after.id().value());
        }
    }

    private MarketEntry entryOf(BookId id, Fill fill, @Nullable OrderState order) {
        BookId.OfMarket key = new BookId.OfMarket(id, fill.market());
        MarketEntry entry = state.markets().get(key);
        if (entry != null) {
            return entry;
        }
        EventId event = order != null ? order.event() : EventId.of(fill.market().toString());
        MarketEntry made = new MarketEntry(event, "", false, 0, null, null, null);
        state.markets().put(key, made);
        return made;
    }

    private static void moveCash(AccountBook book, Fill fill, long change) {
        AccountBook.VenueBook venue = book.venue(fill.market().venue());
        if (venue.ledgerCash != null) {
            venue.ledgerCash = Math.addExact(venue.ledgerCash, change);
        }
    }

    private void confirm(BookId id, TradeKey key, BookedTrade booked) {
        Fill was = booked.fill();
        Fill confirmed = was.withStatus(Fill.Status.FINAL);
        state.trades().put(key, new BookedTrade(confirmed, booked.realised()));
        if (was.action() == Action.SELL) {
            return;
        }
        OrderState order = orderOf(was);
        StrategyId owner = order == null ? EXTERNAL : order.signal().strategy();
        MarketEntry entry = entryOf(id, was, order);
        EventBook event = event(id, entry);
        Cell cell = event.cell(was.market(), owner);
        if (cell != null) {
            Cell next = cell.copy();
            Ledger.provisional(next, was.side(), -was.quantity().micros());
            state.events().put(new BookId.OfEvent(id, entry.event()), event.with(next));
        }
    }

    /** A trade that the venue takes back: cash, holding, fee and loss go back by a posting of today. */
    private void reverse(BookId id, TradeKey key, BookedTrade booked) {
        Fill fill = booked.fill();
        OrderState order = orderOf(fill);
        StrategyId owner = order == null ? EXTERNAL : order.signal().strategy();
        AccountBook book = account(id);
        startOfDay(book);
        StrategyBook strategy = strategy(id, owner);
        MarketEntry entry = entryOf(id, fill, order);
        EventBook event = event(id, entry);
        Cell cell = event.cell(fill.market(), owner);
        Cell next = cell == null ? new Cell(fill.market(), owner) : cell.copy();
        Ledger.Booked reversed = Ledger.reverse(next, fill, booked.realised());
        state.trades().put(key, new BookedTrade(fill.withStatus(Fill.Status.VOID), 0));
        moveCash(book, fill, reversed.cash());
        replace(id, book, strategy, entry, event, next);
        book.fees = Math.subtractExact(book.fees, fill.fee().micros());
        post(
                id,
                book,
                strategy,
                owner,
                reversed.realised(),
                reversed.realised() + fill.fee().micros());
        put(id, owner, strategy);
        put(id, book);
        if (order != null) {
            long gross = fill.action() == Action.BUY
                    ? fill.price().costOf(fill.quantity()).micros()
                    : -fill.price().proceedsOf(fill.quantity()).micros();
            OrderState after = settledIfComplete(withoutTakenBack(
                            order.filledBy(
                                    fill.tradeId(),
                                    -fill.quantity().micros(),
                                    -gross,
                                    -fill.fee().micros()),
                            fill))
                    .changedAt(now);
            state.orders().put(after.id(), after);
            if (!order.status().isTerminal()) {
                // The venue may fill again what it took back while the order lives.
                reserve(id, order, after);
            }
            if (after.status().isTerminal()) {
                out.add(new AccountEvent.OrderEnded(after, now));
            }
        }
        notice(
                id,
                Severity.CRITICAL,
                "VOID_FILL",
                fill.market().venue() + " takes back trade " + fill.tradeId() + ", " + fill.quantity() + " "
                        + fill.side() + " of " + fill.market() + " at " + fill.price(),
                "fills list --trade " + fill.tradeId(),
                fill.orderId());
        tellPosition(id, fill.market(), entry, event(id, entry));
        latchOnLoss(id, book, strategy, owner, fill.market(), entry);
        payIfSettled(id, entry, fill.market());
    }

    /** The market was over before this was told: what it changed of the holding is paid at once. */
    private void payIfSettled(BookId id, MarketEntry entry, MarketId market) {
        Price paidOut = entry.settledValue();
        if (paidOut != null) {
            pay(id, entry, market, paidOut);
        }
    }

    // ---------------------------------------------------------------- profit and loss

    private void post(
            BookId id, AccountBook book, StrategyBook strategy, StrategyId owner, long realised, long profit) {
        book.realised = Math.addExact(book.realised, realised);
        if (profit == 0) {
            return;
        }
        forgetOldPostings(id, book);
        strategy.rollTo(book.tradingDay);
        book.profitToday = Math.addExact(book.profitToday, profit);
        book.profit24h = Math.addExact(book.profit24h, profit);
        strategy.profitToday = Math.addExact(strategy.profitToday, profit);
        strategy.profit24h = Math.addExact(strategy.profit24h, profit);
        state.postings().put(new BookId.Numbered(id, book.nextPosting++), new Posting(now, owner, profit));
    }

    /** A loss at or over its limit halts the account, or the strategy, in the same step that booked it. */
    private void latchOnLoss(
            BookId id, AccountBook book, StrategyBook strategy, StrategyId owner, MarketId market, MarketEntry entry) {
        strategy.rollTo(book.tradingDay);
        EffectiveLimits limits = EffectiveLimits.of(
                everyone(),
                controls(id.account()),
                new Subject(id.account(), owner, market, entry.event(), entry.category()));
        latch(
                id,
                new Scope(Scope.Kind.ACCOUNT, id.account().value()),
                Limit.MAX_DAILY_LOSS,
                limits,
                Math.max(-book.profitToday, -book.profit24h));
        latch(
                id,
                new Scope(Scope.Kind.STRATEGY, owner.value()),
                Limit.MAX_STRATEGY_DAILY_LOSS,
                limits,
                Math.max(-strategy.profitToday, -strategy.profit24h));
    }

    private void latch(BookId id, Scope scope, Limit limit, EffectiveLimits limits, long loss) {
        long bound = limits.get(limit);
        if (bound == EffectiveLimits.UNSET || loss < bound || loss <= 0) {
            return;
        }
        ControlBook own = controls(id.account());
        if (own.haltOf(scope).isPresent()) {
            return;
        }
        String why =
                "loss " + Micros.text(loss) + " of " + scope + " reached " + limit.key() + " " + Micros.text(bound);
        state.controls().put(id.account(), own.with(new Halt(scope, why, Control.DAILY_LOSS.name(), now)));
        out.add(new AccountEvent.CancelWanted(id, scope, why));
        notice(
                id,
                Severity.CRITICAL,
                "DAILY_LOSS",
                why + "; new orders are refused, and open ones are being cancelled",
                "resume --scope " + scope + " --account " + id.account() + " --reason WHY",
                scope.toString());
    }

    // ---------------------------------------------------------------- windows

    private void startOfDay(AccountBook book) {
        Integer day = everyone().tradingDay();
        if (day != null) {
            book.rollTo(day);
        }
    }

    /** Lets go of approvals that are a day old; whether there was anything to let go of. */
    private boolean forgetOldTrades(BookId id, AccountBook book) {
        long oldest = book.oldestTrade;
        while (book.oldestTrade <= book.decisions) {
            DecisionStub stub = state.decisions().get(new BookId.Numbered(id, book.oldestTrade));
            if (stub != null) {
                if (stub.atMillis() > now - DAY_MILLIS) {
                    break;
                }
                if (stub.opening()) {
                    book.trades24h--;
                    book.changed = true;
                    StrategyBook strategy = strategy(id, stub.strategy());
                    strategy.trades24h--;
                    put(id, stub.strategy(), strategy);
                }
            }
            book.oldestTrade++;
        }
        return oldest != book.oldestTrade;
    }

    /** Lets go of profits and losses that are a day old; whether there was anything to let go of. */
    private boolean forgetOldPostings(BookId id, AccountBook book) {
        long oldest = book.oldestPosting;
        while (book.oldestPosting < book.nextPosting) {
            BookId.Numbered key = new BookId.Numbered(id, book.oldestPosting);
            Posting posting = state.postings().get(key);
            if (posting != null) {
                if (posting.atMillis() > now - DAY_MILLIS) {
                    break;
                }
                book.profit24h -= posting.amount();
                book.changed = true;
                StrategyBook strategy = strategy(id, posting.strategy());
                strategy.profit24h -= posting.amount();
                put(id, posting.strategy(), strategy);
                state.postings().delete(key);
            }
            book.oldestPosting++;
        }
        return oldest != book.oldestPosting;
    }

    /** Forgets answers whose time is over, with their orders and trades; one whose order may still change is kept. */
    private boolean forgetOldAnswers(BookId id, AccountBook book) {
        long oldest = book.oldestDecision;
        for (int i = 0; i < FORGOTTEN_PER_TICK && book.oldestDecision < book.oldestTrade; i++) {
            BookId.Numbered key = new BookId.Numbered(id, book.oldestDecision);
            DecisionStub stub = state.decisions().get(key);
            if (stub != null) {
                if (stub.atMillis() > now - ANSWER_LIFE_MILLIS) {
                    break;
                }
                if (stub.intent().isPresent() && !forget(id, stub.intent().get())) {
                    break;
                }
                state.decisions().delete(key);
            }
            book.oldestDecision++;
        }
        return oldest != book.oldestDecision;
    }

    private boolean forget(BookId id, OrderId intent) {
        OrderState order = state.orders().get(intent);
        if (order != null) {
            // A trade of it may be told again for as long; without the order it would count as another.
            if (!order.status().isTerminal() || order.changedAtMillis() > now - ANSWER_LIFE_MILLIS) {
                return false;
            }
            for (String trade : order.tradeIds()) {
                state.trades()
                        .delete(new TradeKey(order.signal().market().venue(), id.account(), trade, intent.value()));
            }
            state.orders().delete(intent);
        }
        state.answers().delete(intent);
        return true;
    }

    // ---------------------------------------------------------------- operator, market, time

    private void command(ControlCommand command) {
        // Told twice it counts once; the same id for something else is another command, and a halt must not get lost.
        String identity = String.join(
                " ",
                command.commandId(),
                command.type().name(),
                command.scope().toString(),
                command.account().value());
        if (state.commands().get(identity) != null) {
            return;
        }
        state.commands().put(identity, now);
        if (command.scope().kind() == Scope.Kind.ACCOUNT
                && !command.account().equals(AccountId.ALL)
                && !command.scope().id().equals(command.account().value())) {
            notice(
                    command,
                    Severity.CRITICAL,
                    "COMMAND_WITHOUT_EFFECT",
                    "no order of account " + command.account() + " is of account "
                            + command.scope().id());
            return;
        }
        Long expires = command.expiresAtMillis();
        if (expires != null && now > expires) {
            notice(command, Severity.WARNING, "COMMAND_EXPIRED", "it had expired and had no effect");
            return;
        }
        switch (command.type()) {
            case HALT -> {
                ControlBook book = controls(command.account());
                if (book.haltOf(command.scope()).isEmpty()) {
                    state.controls()
                            .put(
                                    command.account(),
                                    book.with(new Halt(command.scope(), command.reason(), command.operator(), now)));
                }
                cancelAll(command);
                notice(command, Severity.CRITICAL, "HALT", "new orders are refused, and open ones are being cancelled");
            }
            case RESUME -> {
                ControlBook book = controls(command.account());
                boolean halted = book.haltOf(command.scope()).isPresent();
                state.controls().put(command.account(), book.withoutHalt(command.scope()));
                touchBooks(command);
                notice(
                        command,
                        halted ? Severity.CRITICAL : Severity.WARNING,
                        "RESUME",
                        halted ? "orders may leave again" : "nothing was halted under exactly this scope and account");
            }
            case CANCEL_ALL -> {
                cancelAll(command);
                notice(command, Severity.WARNING, "CANCEL_ALL", "open orders are being cancelled");
            }
            case CANCEL_ORDER -> cancelOrder(command);
            // Connectors follow these by themselves too, as their last look.
            case ARM -> {
                if (expires == null) {
                    // It would outlive whoever gave it.
                    notice(
                            command,
                            Severity.WARNING,
                            "COMMAND_WITHOUT_EFFECT",
                            "an arming must name the time at which it ends");
                    return;
                }
                state.controls()
                        .put(command.account(), controls(command.account()).with(new Arming(command.scope(), expires)));
                notice(
                        command,
                        Severity.CRITICAL,
                        "ARM",
                        "live orders may leave until " + Instant.ofEpochMilli(expires));
            }
            case DISARM -> {
                ControlBook book = controls(command.account());
                boolean armed = book.armings().stream()
                        .anyMatch(arming -> arming.scope().equals(command.scope()));
                state.controls().put(command.account(), book.disarmed(command.scope()));
                notice(
                        command,
                        armed ? Severity.CRITICAL : Severity.WARNING,
                        "DISARM",
                        armed
                                ? "no live order may leave under this arming"
                                : "nothing was armed under exactly this scope and account");
            }
            case FLATTEN, ACK ->
                notice(
                        command,
                        Severity.WARNING,
                        "COMMAND_WITHOUT_EFFECT",
                        "this version does not know how to do that");
        }
    }

    private void cancelAll(ControlCommand command) {
        touchBooks(command);
        for (BookId id : state.books()) {
            if (command.account().equals(AccountId.ALL) || command.account().equals(id.account())) {
                out.add(new AccountEvent.CancelWanted(id, command.scope(), command.reason()));
            }
        }
    }

    /** The next tick tells the totals, halts included. */
    private void touchBooks(ControlCommand command) {
        for (BookId id : state.books()) {
            if (command.account().equals(AccountId.ALL) || command.account().equals(id.account())) {
                put(id, account(id));
            }
        }
    }

    private void cancelOrder(ControlCommand command) {
        if (command.scope().kind() != Scope.Kind.ORDER) {
            notice(command, Severity.WARNING, "COMMAND_WITHOUT_EFFECT", "a cancel needs a scope order:ID");
            return;
        }
        OrderId orderId = new OrderId(command.scope().id());
        OrderState order = state.orders().get(orderId);
        if (order != null && !order.status().isTerminal()) {
            out.add(new AccountEvent.OrderCancelWanted(order.book(), orderId, command.reason()));
        } else if (order != null) {
            notice(command, Severity.WARNING, "COMMAND_WITHOUT_EFFECT", "order " + orderId + " is " + order.status());
        }
        // Commands go to every partition; the partition that does not hold the order has nothing to say.
    }

    private void settle(Settlement settlement) {
        if (settlement.status() != Settlement.Status.FINAL) {
            return;
        }
        for (BookId id : state.books()) {
            BookId.OfMarket key = new BookId.OfMarket(id, settlement.market());
            MarketEntry known = state.markets().get(key);
            // Also where nothing was booked yet: what is told late of it is then paid at once.
            MarketEntry entry = known != null
                    ? known
                    : new MarketEntry(EventId.of(settlement.market().toString()), "", false, 0, null, null, null);
            if (entry.isSettled()) {
                if (entry.settledVersion() < settlement.version()) {
                    notice(
                            id,
                            Severity.CRITICAL,
                            "SETTLEMENT_AMENDED",
                            settlement.market()
                                    + " was settled again after it was paid; the books keep the first, reconcile",
                            "positions list --market " + settlement.market(),
                            settlement.market().toString());
                }
                continue;
            }
            MarketEntry settled = new MarketEntry(
                    entry.event(),
                    entry.category(),
                    entry.mutuallyExclusive(),
                    settlement.version(),
                    settlement.yesValue(),
                    entry.yesBid(),
                    entry.yesAsk());
            state.markets().put(key, settled);
            if (known == null) {
                continue;
            }
            pay(id, settled, settlement.market(), settlement.yesValue());
        }
    }

    /**
     * Pays out a market. The venue pays for what the account holds as a whole, rounded down once for each side; what
     * that leaves over the strategies' own rounded shares goes to the first of them.
     */
    private void pay(BookId id, MarketEntry entry, MarketId market, Price yesValue) {
        EventBook event = event(id, entry);
        List<Cell> holders = event.cells().stream()
                .filter(cell -> cell.market.equals(market) && (cell.yesQuantity > 0 || cell.noQuantity > 0))
                .toList();
        if (holders.isEmpty()) {
            tellPosition(id, market, entry, event);
            return;
        }
        long yes = 0;
        long no = 0;
        for (Cell cell : holders) {
            yes = Math.addExact(yes, cell.yesQuantity);
            no = Math.addExact(no, cell.noQuantity);
        }
        long pairs = market.venue().netsPairs() ? Math.min(yes, no) : 0;
        long paid = yesValue.proceedsOf(new Quantity(yes - pairs)).micros()
                + yesValue.complement().proceedsOf(new Quantity(no - pairs)).micros();
        long left = Math.addExact(paid, pairs);
        for (Cell cell : holders) {
            left -= share(cell, yesValue);
        }
        AccountBook book = account(id);
        startOfDay(book);
        AccountBook.VenueBook venue = book.venue(market.venue());
        for (Cell cell : holders) {
            long share = Math.addExact(share(cell, yesValue), left);
            left = 0;
            EventBook before = event(id, entry);
            StrategyBook strategy = strategy(id, cell.strategy);
            Cell next = cell.copy();
            long cost = Ledger.removeHolding(next, sluice.domain.Side.YES, cell.yesQuantity)
                    + Ledger.removeHolding(next, sluice.domain.Side.NO, cell.noQuantity);
            next.yesProvisional = 0;
            next.noProvisional = 0;
            long realised = share - cost;
            next.realised = Math.addExact(next.realised, realised);
            if (venue.ledgerCash != null) {
                venue.ledgerCash = Math.addExact(venue.ledgerCash, share);
            }
            replace(id, book, strategy, entry, before, next);
            post(id, book, strategy, cell.strategy, realised, realised);
            put(id, cell.strategy, strategy);
            put(id, book);
            latchOnLoss(id, book, strategy, cell.strategy, market, entry);
        }
        tellPosition(id, market, entry, event(id, entry));
    }

    private static long share(Cell cell, Price yesValue) {
        return yesValue.proceedsOf(new Quantity(cell.yesQuantity)).micros()
                + yesValue.complement()
                        .proceedsOf(new Quantity(cell.noQuantity))
                        .micros();
    }

    private void mark(MarkReceived mark) {
        for (BookId id : state.books()) {
            BookId.OfMarket key = new BookId.OfMarket(id, mark.market());
            MarketEntry entry = state.markets().get(key);
            if (entry != null && !entry.isSettled()) {
                MarketEntry marked = new MarketEntry(
                        entry.event(),
                        entry.category(),
                        entry.mutuallyExclusive(),
                        0,
                        null,
                        mark.yesBid(),
                        mark.yesAsk());
                state.markets().put(key, marked);
                EventBook event = event(id, marked);
                if (event.isOpenIn(mark.market())) {
                    tellPosition(id, mark.market(), marked, event);
                }
            }
        }
    }

    private void snapshot(AccountId account, SnapshotReceived snapshot) {
        Money cash = snapshot.cash();
        if (!snapshot.complete() || cash == null) {
            return;
        }
        BookId id = new BookId(account, snapshot.mode());
        AccountBook book = account(id);
        startOfDay(book);
        AccountBook.VenueBook venue = book.venue(snapshot.venue());
        // A venue whose clock is ahead must not look fresh for longer than it is, nor outrank what it says later.
        long asOf = Math.min(snapshot.asOfMillis(), now);
        if (venue.venueCash != null && asOf < venue.venueCashAtMillis) {
            return;
        }
        if (venue.ledgerCash == null) {
            // Before this nothing could be bought there, so the venue's balance is where our books begin.
            venue.ledgerCash = cash.micros();
        }
        venue.venueCash = cash.micros();
        venue.venueCashAtMillis = asOf;
        put(id, book);
    }

    private void tick() {
        state.controls().put(AccountId.ALL, everyone().at(now));
        for (BookId id : state.books()) {
            AccountBook book = account(id);
            startOfDay(book);
            // Whatever a window let go of must be written with the book, or a restart would let go of it again.
            boolean forgot = forgetOldTrades(id, book);
            forgot |= forgetOldPostings(id, book);
            forgot |= forgetOldAnswers(id, book);
            if (book.changed) {
                tellTotals(id, book);
                book.changed = false;
                state.accounts().put(id, book);
            } else if (forgot) {
                state.accounts().put(id, book);
            }
        }
        out.add(new AccountEvent.TimePassed(now));
    }

    private void roll(int day) {
        Integer current = everyone().tradingDay();
        if (current != null && day <= current) {
            return;
        }
        state.controls().put(AccountId.ALL, everyone().onDay(day));
        for (BookId id : state.books()) {
            AccountBook book = account(id);
            book.rollTo(day);
            put(id, book);
        }
    }

    // ---------------------------------------------------------------- telling

    private void tellPosition(BookId id, MarketId market, MarketEntry entry, EventBook event) {
        long yes = 0;
        long yesCost = 0;
        long no = 0;
        long noCost = 0;
        long fees = 0;
        long realised = 0;
        for (Cell cell : event.cells()) {
            if (cell.market.equals(market)) {
                yes += cell.yesQuantity;
                yesCost += cell.yesCost;
                no += cell.noQuantity;
                noCost += cell.noCost;
                fees += cell.feesPaid;
                realised += cell.realised;
            }
        }
        out.add(new AccountEvent.PositionChanged(
                id, market, entry, yes, yesCost, no, noCost, fees, realised, event.exposureIn(market), now));
        if (entry.isSettled()) {
            EventBook kept = event.without(cell -> cell.market.equals(market) && cell.isEmpty());
            BookId.OfEvent key = new BookId.OfEvent(id, entry.event());
            if (kept.cells().isEmpty()) {
                state.events().delete(key);
            } else {
                state.events().put(key, kept);
            }
        }
    }

    private void tellTotals(BookId id, AccountBook book) {
        List<AccountEvent.VenueTotals> venues = new ArrayList<>();
        book.venues.forEach((venue, totals) -> venues.add(new AccountEvent.VenueTotals(
                venue,
                totals.exposure,
                totals.reserved,
                totals.ledgerCash,
                totals.venueCash,
                totals.venueCashAtMillis)));
        List<AccountEvent.StrategyTotals> strategies = new ArrayList<>();
        for (StrategyId name : state.strategiesOf(id)) {
            StrategyBook strategy = strategy(id, name);
            boolean today = strategy.tradingDay == book.tradingDay;
            strategies.add(new AccountEvent.StrategyTotals(
                    name,
                    strategy.exposure,
                    today ? -strategy.profitToday : 0,
                    -strategy.profit24h,
                    today ? strategy.tradesToday : 0,
                    strategy.trades24h));
        }
        List<Halt> halts = new ArrayList<>(everyone().halts());
        halts.addAll(controls(id.account()).halts());
        out.add(new AccountEvent.TotalsChanged(
                id,
                new AccountEvent.Totals(
                        book.tradingDay,
                        book.decisions,
                        book.exposure,
                        book.gross,
                        book.reserved,
                        book.openPositions,
                        book.openOrders,
                        -book.profitToday,
                        -book.profit24h,
                        book.realised,
                        book.fees,
                        book.tradesToday,
                        book.trades24h),
                venues,
                strategies,
                Map.copyOf(new TreeMap<>(book.categories)),
                halts,
                now));
    }

    private void notice(ControlCommand command, Severity severity, String kind, String what) {
        out.add(new AccountEvent.Notice(
                "command-" + command.commandId() + "-" + entryName,
                command.account().value(),
                null,
                severity,
                kind,
                command.type() + " of " + command.scope() + " by " + command.operator() + " (" + command.reason()
                        + "): " + what,
                "account show",
                command.scope().toString(),
                now));
    }

    private void notice(BookId id, Severity severity, String kind, String text, String nextCommand, String subject) {
        out.add(new AccountEvent.Notice(
                kind + "-" + entryName + "-" + subject,
                id.account().value(),
                id.mode(),
                severity,
                kind,
                text,
                nextCommand,
                subject,
                now));
    }
}
