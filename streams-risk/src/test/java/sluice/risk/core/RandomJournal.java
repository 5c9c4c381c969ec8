package sluice.risk.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
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
import sluice.domain.journal.JournalEntry.Body;
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
import sluice.domain.risk.ControlCommand;
import sluice.domain.risk.Limit;
import sluice.domain.risk.RiskLimits;
import sluice.domain.risk.Scope;
import sluice.domain.risk.Subject;

/**
 * A journal as it could have happened, drawn from a seed: several accounts and strategies trade at both venues, venues
 * answer late, twice and in any order, markets settle, operators halt and resume, days roll.
 *
 * <p>The venue in it answers the orders that the core approved, so whoever drives it hands back what the core says:
 * take {@link #next}, apply it, {@link #observe} the events. The same seed and the same answers give the same journal.
 */
public final class RandomJournal {
    /**
     * What may happen beside purchases that venues answer honestly.
     *
     * @param sells whether holdings are sold
     * @param bothSides whether both outcomes of one market are traded
     * @param voids whether Polymarket takes trades back
     * @param surprises trades of orders we do not know, trades of more than was ordered, trades told differently, and
     *     reports that contradict them
     * @param settlements whether markets end
     * @param operators whether operators command and change limits
     * @param jumps whether hours and days pass in between
     */
    public record Mix(
            boolean sells,
            boolean bothSides,
            boolean voids,
            boolean surprises,
            boolean settlements,
            boolean operators,
            boolean jumps) {
        public static final Mix EVERYTHING = new Mix(true, true, true, true, true, true, true);

        /** Venues tell the truth about our orders and nothing else. */
        public static final Mix HONEST = new Mix(true, true, true, false, true, true, true);

        /** A trading day without incidents. */
        public static final Mix CALM = new Mix(true, true, false, false, true, false, false);
    }

    /** What an account starts with at each venue. */
    public static final Money STAKE = Money.parse("2000");

    /** 2026-11-20T12:00:00Z */
    private static final long NOON = 1_795_176_000_000L;

    private static final long DAY_MILLIS = 24 * 60 * 60 * 1000L;
    private static final long CENT = Micros.ONE / 100;
    private static final int PARTITION = 3;
    private static final List<Venue> VENUES = List.of(Venue.KALSHI, Venue.POLYMARKET);
    private static final List<AccountId> ACCOUNTS =
            List.of(new AccountId("alpha"), new AccountId("beta"), new AccountId("gamma"));
    private static final List<StrategyId> STRATEGIES =
            List.of(new StrategyId("momentum"), new StrategyId("value"), new StrategyId("arb"));

    private static final class Listing {
        private final Market market;
        private long midCents;

        private Listing(Market market, long midCents) {
            this.market = market;
            this.midCents = midCents;
        }
    }

    /** An order as its venue sees it. */
    private static final class VenueOrder {
        private final OrderState order;
        private final FeeTerms fees;
        private long filled;
        private long takenBack;
        private boolean arrived;
        private boolean endedInTheBooks;

        private VenueOrder(OrderState order, FeeTerms fees) {
            this.order = order;
            this.fees = fees;
        }

        private long leaves() {
            return order.quantity() - filled - takenBack;
        }
    }

    private record Delivery(long atMillis, long number, AccountId account, Body body) implements Comparable<Delivery> {
        @Override
        public int compareTo(Delivery other) {
            int byTime = Long.compare(atMillis, other.atMillis);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private record Said(AccountId account, Body body) {}

    private record Holder(AccountId account, StrategyId strategy, MarketId market, Side side) {}

    private final Random random;
    private final Mix mix;
    private final Deque<Said> script = new ArrayDeque<>();
    private final PriorityQueue<Delivery> underway = new PriorityQueue<>();
    private final Map<OrderId, VenueOrder> live = new LinkedHashMap<>();
    private final List<List<Listing>> events = new ArrayList<>();
    private final List<SignalReceived> sent = new ArrayList<>();
    private final List<ControlCommand> commanded = new ArrayList<>();
    private final List<OrderId> approved = new ArrayList<>();
    private final Map<Holder, Long> held = new LinkedHashMap<>();
    private final Map<BookId, Map<Venue, Money>> cash = new LinkedHashMap<>();
    private long now = NOON;
    private boolean weekAhead;
    private long day = -1;
    private long offset;
    private long numbers;

    public RandomJournal(long seed) {
        this(seed, Mix.EVERYTHING);
    }

    public RandomJournal(long seed, Mix mix) {
        this.random = new Random(seed);
        this.mix = mix;
        for (int i = 0; i < 5; i++) {
            events.add(newEvent(i));
        }
        rollDay();
        script.add(new Said(
                AccountId.ALL, new LimitsReceived(limits(AccountId.ALL, Scope.ALL, ordinaryLimits(), List.of("*")))));
        snapshotAll();
    }

    /** The next entry. There is always one. */
    public JournalEntry next() {
        if (script.isEmpty()) {
            pass();
        }
        Said said = script.poll();
        if (said == null) {
            said = happen();
        }
        return entry(said.account(), said.body());
    }

    /** What the core said to the entry that {@link #next} or {@link #end} gave last. */
    public void observe(List<AccountEvent> said) {
        for (AccountEvent event : said) {
            switch (event) {
                case AccountEvent.OrderApproved order -> {
                    live.put(
                            order.order().id(),
                            new VenueOrder(order.order(), order.market().fees()));
                    approved.add(order.order().id());
                    if (approved.size() > 100) {
                        approved.removeFirst();
                    }
                }
                case AccountEvent.CancelWanted cancel ->
                    List.copyOf(live.values()).stream()
                            .filter(order -> order.order.book().equals(cancel.book()) && isIn(order, cancel.scope()))
                            .forEach(order -> end(order, VenueReport.Type.CANCELLED));
                case AccountEvent.OrderCancelWanted cancel -> {
                    VenueOrder order = live.get(cancel.order());
                    if (order != null) {
                        end(order, VenueReport.Type.CANCELLED);
                    }
                }
                case AccountEvent.TotalsChanged totals ->
                    totals.venues().forEach(venue -> {
                        Long ledger = venue.ledgerCash();
                        if (ledger != null) {
                            cash.computeIfAbsent(totals.book(), book -> new EnumMap<>(Venue.class))
                                    .put(venue.venue(), new Money(ledger));
                        }
                    });
                case AccountEvent.Decided ignored -> {}
                case AccountEvent.OrderEnded ended -> remember(ended.order());
                case AccountEvent.SignalRefused ignored -> {}
                case AccountEvent.PositionChanged ignored -> {}
                case AccountEvent.TimePassed ignored -> {}
                case AccountEvent.Notice ignored -> {}
            }
        }
    }

    /**
     * One entry on the way to the end: no more signals, venues end every order and tell all that is left to tell. Empty
     * once nothing is left.
     */
    public Optional<JournalEntry> end() {
        List.copyOf(live.values()).forEach(order -> end(order, VenueReport.Type.CANCELLED));
        Said scripted = script.poll();
        if (scripted != null) {
            return Optional.of(entry(scripted.account(), scripted.body()));
        }
        Delivery next = underway.poll();
        if (next == null) {
            return Optional.empty();
        }
        now = Math.max(now, next.atMillis());
        return Optional.of(entry(next.account(), next.body()));
    }

    /**
     * All that venues will tell of the orders so far, until the last of them has ended, in an order in which it could
     * come. It may come in any other order as well, and twice.
     */
    public List<JournalEntry> news() {
        for (int patience = 100; !live.isEmpty() && patience > 0; patience--) {
            List.copyOf(live.values()).forEach(this::act);
        }
        var news = new ArrayList<JournalEntry>();
        for (var next = end(); next.isPresent(); next = end()) {
            news.add(next.get());
        }
        return news;
    }

    /** A signal that was not sent before. */
    public JournalEntry signal() {
        now += random.nextInt(50);
        SignalReceived signal = freshSignal();
        return entry(signal.signal().account(), signal);
    }

    /** Something else that happens now. */
    public JournalEntry also(AccountId account, Body body) {
        return entry(account, body);
    }

    private JournalEntry entry(AccountId account, Body body) {
        return new JournalEntry(account, PARTITION, offset++, now, body);
    }

    // ---------------------------------------------------------------- time

    private void pass() {
        now += random.nextInt(300);
        if (mix.jumps() && chance(0.8)) {
            weekAhead = random.nextInt(8) == 0;
            if (!weekAhead) {
                jump(random.nextLong(60 * 60 * 1000L, 14 * 60 * 60 * 1000L));
            }
        }
        if (weekAhead) {
            // It passes once everything was told: a trade that is told after a week is a case of its own.
            for (Delivery due = underway.poll(); due != null; due = underway.poll()) {
                script.add(new Said(due.account(), due.body()));
            }
            if (script.isEmpty()) {
                weekAhead = false;
                live.values().removeIf(order -> order.endedInTheBooks);
                jump(8 * DAY_MILLIS);
            }
        }
        if (now / DAY_MILLIS != day) {
            rollDay();
        }
    }

    private void jump(long millis) {
        now += millis;
        for (int i = random.nextInt(3); i > 0; i--) {
            script.add(new Said(AccountId.ALL, new Tick(numbers++)));
        }
        snapshotAll();
    }

    private void rollDay() {
        day = now / DAY_MILLIS;
        script.add(new Said(AccountId.ALL, new DayRolled((int) day, "UTC")));
    }

    private void snapshotAll() {
        for (AccountId account : ACCOUNTS) {
            for (Venue venue : VENUES) {
                script.add(new Said(account, snapshot(account, venue)));
            }
        }
    }

    // ---------------------------------------------------------------- what happens

    private Said happen() {
        for (VenueOrder order : List.copyOf(live.values())) {
            if (chance(15)) {
                act(order);
            }
        }
        Delivery due = underway.peek();
        if (due != null && due.atMillis() <= now && chance(70)) {
            underway.poll();
            return new Said(due.account(), due.body());
        }
        int roll = random.nextInt(100);
        if (roll < 55) {
            SignalReceived signal = anySignal();
            return new Said(signal.signal().account(), signal);
        } else if (roll < 75) {
            return new Said(AccountId.ALL, new Tick(numbers++));
        } else if (roll < 82) {
            return new Said(AccountId.ALL, mark());
        } else if (roll < 88) {
            AccountId account = one(ACCOUNTS);
            return new Said(account, snapshot(account, one(VENUES)));
        } else if (roll < 93 && mix.operators()) {
            return operate();
        } else if (roll < 95 && mix.settlements()) {
            settle();
            return java.util.Objects.requireNonNull(script.poll(), "an event has a market to settle");
        } else if (roll < 96 && mix.surprises()) {
            return surprise();
        }
        return new Said(AccountId.ALL, new Tick(numbers++));
    }

    private MarkReceived mark() {
        Listing listing = one(one(events));
        listing.midCents = Math.clamp(listing.midCents + random.nextInt(-4, 5), 5, 95);
        return new MarkReceived(
                listing.market.id(),
                chance(90) ? new Price((listing.midCents - 1) * CENT) : null,
                chance(90) ? new Price((listing.midCents + 1) * CENT) : null,
                now);
    }

    private SnapshotReceived snapshot(AccountId account, Venue venue) {
        Money known =
                cash.getOrDefault(new BookId(account, Mode.PAPER), Map.of()).getOrDefault(venue, STAKE);
        boolean read = chance(97);
        return new SnapshotReceived(
                Mode.PAPER, venue, read ? known : null, read ? known : null, null, read, now - random.nextInt(100));
    }

    // ---------------------------------------------------------------- signals

    private SignalReceived anySignal() {
        if (!sent.isEmpty() && chance(6)) {
            SignalReceived earlier = one(sent);
            boolean same = chance(60);
            return new SignalReceived(
                    earlier.signal(),
                    earlier.mode(),
                    earlier.intentId(),
                    same ? earlier.payloadHash() : hex(4),
                    earlier.quote(),
                    earlier.market(),
                    earlier.maintenance());
        }
        return freshSignal();
    }

    private SignalReceived freshSignal() {
        Listing listing = one(one(events));
        AccountId account = one(ACCOUNTS);
        StrategyId strategy = one(STRATEGIES);
        Side side = mix.bothSides() ? one(List.of(Side.YES, Side.NO)) : sideOf(listing.market.id());
        Action action = Action.BUY;
        long size = random.nextInt(10) == 0 ? random.nextLong(1, 600) * CENT * 100 : random.nextLong(100, 6000) * CENT;
        if (mix.sells() && chance(25)) {
            action = Action.SELL;
            List<Map.Entry<Holder, Long>> holdings = held.entrySet().stream()
                    .filter(holding -> holding.getValue() >= CENT * 100)
                    .toList();
            if (!holdings.isEmpty() && chance(90)) {
                Map.Entry<Holder, Long> sold = one(holdings);
                Listing of = listingOf(sold.getKey().market());
                if (of != null) {
                    listing = of;
                    account = sold.getKey().account();
                    strategy = sold.getKey().strategy();
                    side = sold.getKey().side();
                    size = chance(40)
                            ? sold.getValue() / CENT * CENT
                            : random.nextLong(1, sold.getValue() / CENT + 1) * CENT;
                }
            }
        }
        long mid = side == Side.YES ? listing.midCents : 100 - listing.midCents;
        long limit = Math.clamp(mid + random.nextInt(-6, 7), 1, 99) * CENT;
        TimeInForce timeInForce = one(List.of(TimeInForce.values()));
        Market market = listing.market;
        long created = now - (chance(4) ? 20_000 : random.nextInt(300));
        String key = "key-" + numbers++;
        Signal signal = new Signal(
                "request-" + numbers++,
                key,
                account,
                strategy,
                market.id(),
                chance(30) ? "token-" + numbers : null,
                null,
                chance(30) ? "game-" + market.id().id() : null,
                "basketball",
                null,
                null,
                chance(95) ? (Long) (random.nextLong(1, 30) * Micros.ONE) : null,
                side,
                action,
                new Price(limit),
                new Quantity(size),
                chance(5) ? new Money(random.nextLong(1, 100) * Micros.ONE) : null,
                null,
                timeInForce,
                timeInForce.mayRest() && chance(20),
                timeInForce == TimeInForce.GTD ? (Long) (now + 60_000) : null,
                created,
                null,
                null,
                null,
                chance(10) ? Map.of("note", "n" + numbers) : Map.of());
        QuoteView quote = new QuoteView(
                new Price((listing.midCents - 1) * CENT),
                new Price((listing.midCents + 1) * CENT),
                chance(50) ? new Price(listing.midCents * CENT) : null,
                chance(50) ? (Long) (now - random.nextInt(10_000)) : null,
                now - (chance(3) ? 60_000 : random.nextInt(1000)),
                new Origin("market.quotes", PARTITION, numbers));
        SignalReceived received = new SignalReceived(
                signal,
                chance(98) ? Mode.PAPER : Mode.LIVE,
                new OrderId(hex(2)),
                hex(4),
                chance(98) ? quote : null,
                chance(98) ? market : null,
                chance(1));
        sent.add(received);
        if (sent.size() > 100) {
            sent.removeFirst();
        }
        return received;
    }

    /** Without both sides, a market is only ever bought on one of them. */
    private static Side sideOf(MarketId market) {
        return market.id().endsWith("A") ? Side.YES : Side.NO;
    }

    private @Nullable Listing listingOf(MarketId market) {
        return events.stream()
                .flatMap(List::stream)
                .filter(listing -> listing.market.id().equals(market))
                .findFirst()
                .orElse(null);
    }

    /** That the books have done with it, and what could be sold, roughly: the core knows better. */
    private void remember(OrderState ended) {
        VenueOrder order = live.get(ended.id());
        if (order != null) {
            order.endedInTheBooks = true;
        }
        Signal signal = ended.signal();
        if (listingOf(signal.market()) != null) {
            held.merge(
                    new Holder(signal.account(), signal.strategy(), signal.market(), signal.side()),
                    signal.action() == Action.BUY ? ended.filled() : -ended.filled(),
                    Long::sum);
        }
    }

    /** {@code words} times 16 hexadecimal digits. */
    private String hex(int words) {
        var text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(String.format("%016x", random.nextLong()));
        }
        return text.toString();
    }

    // ---------------------------------------------------------------- venues

    private void act(VenueOrder order) {
        if (!order.arrived) {
            int roll = random.nextInt(100);
            if (roll < 5) {
                end(order, VenueReport.Type.REFUSED);
                return;
            } else if (roll < 8) {
                end(order, VenueReport.Type.NOT_SENT);
                return;
            } else if (roll < 16) {
                tell(order, VenueReport.Type.UNCERTAIN, null);
                return;
            } else if (roll < 18) {
                tell(order, VenueReport.Type.UNCERTAIN, null);
                end(order, VenueReport.Type.ABSENT);
                return;
            }
            order.arrived = true;
            if (roll < 90) {
                tell(order, VenueReport.Type.ACCEPTED, null);
            }
        }
        boolean rests = order.order.signal().timeInForce().mayRest();
        int roll = random.nextInt(100);
        if (roll < 55) {
            // Polymarket trades fractions that its orders cannot ask for.
            long step = order.order.signal().market().venue() == Venue.POLYMARKET && chance(30) ? 1 : CENT;
            trade(order, chance(30) ? order.leaves() : random.nextLong(1, order.leaves() / step + 2) * step);
        } else if (roll < 60) {
            tell(order, VenueReport.Type.WORKING, null);
        } else if (roll < 63) {
            tell(order, VenueReport.Type.CANCEL_REFUSED, null);
        } else if (roll < (rests ? 70 : 85)) {
            end(
                    order,
                    order.order.signal().timeInForce() == TimeInForce.GTD
                            ? VenueReport.Type.EXPIRED
                            : VenueReport.Type.CANCELLED);
        }
    }

    private void trade(VenueOrder order, long wanted) {
        long quantity = Math.min(wanted, order.leaves());
        if (quantity <= 0) {
            return;
        }
        Signal signal = order.order.signal();
        long better = random.nextInt(3) * CENT;
        long price = signal.action() == Action.BUY
                ? Math.max(CENT, signal.limitPrice().micros() - better)
                : Math.min(99 * CENT, signal.limitPrice().micros() + better);
        boolean provisional = signal.market().venue() == Venue.POLYMARKET;
        Fill fill = new Fill(
                "t" + numbers++,
                order.order.id().value(),
                "v-" + order.order.id().value(),
                signal.account(),
                order.order.mode(),
                signal.market(),
                signal.side(),
                signal.action(),
                new Price(price),
                new Quantity(quantity),
                // The formula at the price of the trade itself.
                order.fees.worstCase(Action.BUY, new Quantity(quantity), new Price(price), signal.postOnly()),
                !signal.postOnly(),
                provisional ? Fill.Status.PROVISIONAL : Fill.Status.FINAL,
                now);
        order.filled += quantity;
        send(signal.account(), new FillReceived(fill));
        if (provisional) {
            if (mix.voids() && chance(10)) {
                order.filled -= quantity;
                // An honest venue does not trade again what it takes back.
                order.takenBack += mix.surprises() ? 0 : quantity;
                send(signal.account(), new FillReceived(fill.withStatus(Fill.Status.VOID)));
            } else {
                send(signal.account(), new FillReceived(fill.withStatus(Fill.Status.FINAL)));
            }
        }
        if (order.leaves() == 0) {
            end(order, order.takenBack > 0 ? VenueReport.Type.CANCELLED : VenueReport.Type.FILLED);
        }
    }

    private void end(VenueOrder order, VenueReport.Type as) {
        live.remove(order.order.id());
        boolean lived =
                switch (as) {
                    case REFUSED, NOT_SENT, ABSENT -> false;
                    case ACCEPTED, UNCERTAIN, WORKING, FILLED, CANCELLED, EXPIRED, CANCEL_REFUSED -> true;
                };
        tell(order, as, lived ? new Quantity(order.filled) : null);
    }

    private void tell(VenueOrder order, VenueReport.Type type, @Nullable Quantity filled) {
        Signal signal = order.order.signal();
        send(
                signal.account(),
                new ReportReceived(new VenueReport(
                        order.order.id(),
                        signal.account(),
                        order.order.mode(),
                        signal.market(),
                        type,
                        order.arrived && chance(90) ? "v-" + order.order.id().value() : null,
                        filled,
                        type == VenueReport.Type.REFUSED ? "insufficient_balance" : "",
                        "",
                        now)));
    }

    /** Puts a message on its way; it may take long, and it may come twice. */
    private void send(AccountId account, Body body) {
        underway.add(new Delivery(now + delay(), numbers++, account, body));
        if (chance(15)) {
            underway.add(new Delivery(now + delay(), numbers++, account, body));
        }
    }

    private long delay() {
        int roll = random.nextInt(100);
        return roll < 70 ? random.nextInt(200) : roll < 97 ? random.nextInt(5_000) : random.nextInt(600_000);
    }

    // ---------------------------------------------------------------- markets

    private void settle() {
        int index = random.nextInt(events.size());
        List<Listing> ended = events.get(index);
        List.copyOf(live.values()).stream()
                .filter(order -> ended.stream()
                        .anyMatch(listing ->
                                listing.market.id().equals(order.order.signal().market())))
                .forEach(order -> end(order, VenueReport.Type.CANCELLED));
        boolean isVoid = chance(10);
        int winner = random.nextInt(ended.size() + 1);
        for (int i = 0; i < ended.size(); i++) {
            Market market = ended.get(i).market;
            boolean wins = market.mutuallyExclusive() ? i == winner : chance(50);
            Settlement.Result result =
                    isVoid ? Settlement.Result.VOID : wins ? Settlement.Result.YES : Settlement.Result.NO;
            Price value = isVoid ? Price.HALF : wins ? Price.ONE : Price.ZERO;
            if (chance(30)) {
                script.add(settlement(market, result, value, Settlement.Status.DETERMINED, 1));
            }
            script.add(settlement(market, result, value, Settlement.Status.FINAL, 1));
            if (mix.surprises() && chance(10)) {
                script.add(settlement(market, result, value.complement(), Settlement.Status.FINAL, chance(50) ? 1 : 2));
            }
            held.keySet().removeIf(holder -> holder.market().equals(market.id()));
        }
        events.set(index, newEvent(index));
    }

    private Said settlement(
            Market market, Settlement.Result result, Price value, Settlement.Status status, int version) {
        return new Said(
                AccountId.ALL,
                new SettlementReceived(
                        new Settlement(market.id(), result, value, status, version, now, "random journal")));
    }

    /** Two games of several outcomes, a game that both venues list, and two markets that stand alone. */
    private List<Listing> newEvent(int kind) {
        long number = numbers++;
        return switch (kind) {
            case 0 -> listings(number, "NBA", true, Venue.KALSHI, Venue.KALSHI, Venue.KALSHI);
            case 1 -> listings(number, "NFL", true, Venue.POLYMARKET, Venue.POLYMARKET);
            case 2 -> listings(number, "NBA", false, Venue.KALSHI, Venue.POLYMARKET);
            case 3 -> listings(number, "NFL", false, Venue.KALSHI);
            default -> listings(number, "", false, Venue.POLYMARKET);
        };
    }

    private List<Listing> listings(long number, String category, boolean exclusive, Venue... venues) {
        var listings = new ArrayList<Listing>();
        for (Venue venue : venues) {
            String id = "EVENT-" + number + "-" + (char) ('A' + listings.size());
            boolean kalshi = venue == Venue.KALSHI;
            boolean free = category.isEmpty();
            listings.add(new Listing(
                    new Market(
                            new MarketId(venue, id),
                            venues.length == 1 && chance(50) ? null : new EventId("EVENT-" + number),
                            exclusive,
                            category,
                            "",
                            MarketStatus.ACTIVE,
                            null,
                            now + 60 * DAY_MILLIS,
                            chance(50) ? (Long) (now + 61 * DAY_MILLIS) : null,
                            PriceGrid.of(new Price(CENT)),
                            new Quantity(CENT),
                            new Quantity(Micros.ONE),
                            kalshi ? Money.ZERO : new Money(Micros.ONE),
                            new FeeTerms(
                                    free ? FeeModel.NONE : kalshi ? FeeModel.KALSHI : FeeModel.POLYMARKET,
                                    free ? 0 : kalshi ? 70_000 : 50_000,
                                    free ? 0 : kalshi ? 17_500 : 0,
                                    "random"),
                            null,
                            null,
                            false,
                            null,
                            now,
                            "random journal"),
                    random.nextLong(15, 86)));
        }
        return listings;
    }

    // ---------------------------------------------------------------- operators

    private Said operate() {
        AccountId account = chance(50) ? AccountId.ALL : one(ACCOUNTS);
        int roll = random.nextInt(100);
        if (roll < 40) {
            Scope scope = anyScope();
            Map<Limit, Long> limits = ordinaryLimits();
            limits.replaceAll((limit, value) ->
                    limit.unit() == Limit.Unit.DOLLARS && limit.row() >= 15 ? value / random.nextInt(1, 4) : value);
            return new Said(account, new LimitsReceived(limits(account, scope, limits, List.of("*"))));
        }
        if (!commanded.isEmpty() && roll < 45) {
            ControlCommand again = one(commanded);
            return new Said(again.account(), new ControlReceived(again));
        }
        // A halt is soon lifted, or nothing would ever happen again.
        ControlCommand.Type type = roll < 55
                ? ControlCommand.Type.HALT
                : roll < 60
                        ? ControlCommand.Type.CANCEL_ALL
                        : roll < 75 ? ControlCommand.Type.CANCEL_ORDER : ControlCommand.Type.RESUME;
        Scope scope = anyScope();
        if (type == ControlCommand.Type.CANCEL_ORDER) {
            scope = approved.isEmpty()
                    ? Scope.ALL
                    : new Scope(Scope.Kind.ORDER, one(approved).value());
        }
        ControlCommand command = command(type, scope, account);
        if (type == ControlCommand.Type.HALT) {
            for (AccountId own : ACCOUNTS) {
                script.add(said(command(ControlCommand.Type.RESUME, new Scope(Scope.Kind.ACCOUNT, own.value()), own)));
                for (StrategyId strategy : STRATEGIES) {
                    script.add(said(command(
                            ControlCommand.Type.RESUME, new Scope(Scope.Kind.STRATEGY, strategy.value()), own)));
                }
            }
            for (int i = 0; i < 3; i++) {
                SignalReceived signal = anySignal();
                script.addFirst(new Said(signal.signal().account(), signal));
            }
            script.add(said(command(ControlCommand.Type.RESUME, scope, account)));
        }
        return said(command);
    }

    private Said said(ControlCommand command) {
        commanded.add(command);
        if (commanded.size() > 20) {
            commanded.removeFirst();
        }
        return new Said(command.account(), new ControlReceived(command));
    }

    private ControlCommand command(ControlCommand.Type type, Scope scope, AccountId account) {
        return new ControlCommand(
                "command-" + numbers++,
                type,
                scope,
                account,
                "because",
                "operator",
                now,
                chance(5) ? (Long) (now - 1) : null,
                0,
                Map.of());
    }

    private Scope anyScope() {
        Listing listing = one(one(events));
        EventId event = listing.market.event();
        return switch (one(List.of(Scope.Kind.values()))) {
            case ALL, ORDER -> Scope.ALL;
            case ACCOUNT -> new Scope(Scope.Kind.ACCOUNT, one(ACCOUNTS).value());
            case VENUE -> new Scope(Scope.Kind.VENUE, one(VENUES).name().toLowerCase(java.util.Locale.ROOT));
            case STRATEGY -> new Scope(Scope.Kind.STRATEGY, one(STRATEGIES).value());
            case CATEGORY -> new Scope(Scope.Kind.CATEGORY, one(List.of("NBA", "NFL")));
            case EVENT -> new Scope(Scope.Kind.EVENT, event == null ? "EVENT-0" : event.value());
            case MARKET -> new Scope(Scope.Kind.MARKET, listing.market.id().toString());
        };
    }

    private static boolean isIn(VenueOrder order, Scope scope) {
        Signal signal = order.order.signal();
        return new Subject(signal.account(), signal.strategy(), signal.market(), order.order.event(), "").isIn(scope);
    }

    /** Limits that an hour of trading reaches now and then. */
    public static Map<Limit, Long> ordinaryLimits() {
        Map<Limit, Long> limits = new EnumMap<>(Limit.class);
        for (Limit limit : Limit.values()) {
            limits.put(limit, Micros.parse(ordinary(limit)));
        }
        return limits;
    }

    private static String ordinary(Limit limit) {
        return switch (limit) {
            case MAX_SIGNAL_AGE, MAX_BOOK_AGE -> "5000";
            case MAX_SIGNAL_SKEW -> "1000";
            case CLOSE_BUFFER -> "60000";
            case MIN_TIME_TO_RESOLUTION, MIN_ROI, DAILY_LOSS_LOOK_AHEAD -> "0";
            case MAX_TIME_TO_RESOLUTION -> "10000000000";
            case MIN_PRICE -> "0.02";
            case MAX_PRICE -> "0.98";
            case MIN_ORDER_QUANTITY, MIN_EDGE -> "1";
            case MAX_SPREAD -> "0.10";
            case MAX_LAST_TRADE_AGE, WORKING_ORDER_TIMEOUT -> "60000";
            case COLLAR_ABSOLUTE -> "0.10";
            case COLLAR_PERCENT -> "50";
            case MAX_ORDER_QUANTITY -> "500";
            case MAX_ORDER_COST, MAX_STRATEGY_DAILY_LOSS -> "150";
            case MAX_BALANCE_AGE -> "3600000";
            case MAX_MARKET_EXPOSURE -> "120";
            case MAX_MARKET_GROSS, MAX_STRATEGY_EXPOSURE -> "400";
            case MAX_EVENT_EXPOSURE -> "200";
            case MAX_CATEGORY_EXPOSURE -> "350";
            case MAX_VENUE_EXPOSURE, MAX_ACCOUNT_OPEN_NOTIONAL -> "500";
            case MAX_ACCOUNT_EXPOSURE -> "700";
            case MAX_ACCOUNT_GROSS -> "1500";
            case MAX_OPEN_POSITIONS -> "8";
            case MAX_MARKET_OPEN_ORDERS -> "6";
            case MAX_ACCOUNT_OPEN_ORDERS -> "25";
            case MAX_MARKET_OPEN_NOTIONAL -> "200";
            case MAX_DAILY_LOSS -> "250";
            case MAX_DAILY_TRADES -> "400";
            case MAX_STRATEGY_DAILY_TRADES -> "200";
        };
    }

    private RiskLimits limits(AccountId account, Scope scope, Map<Limit, Long> values, List<String> allowed) {
        return new RiskLimits(
                account,
                scope,
                chance(90) ? numbers++ : numbers / 2,
                values,
                allowed,
                List.of(),
                "operator",
                "because",
                now);
    }

    // ---------------------------------------------------------------- surprises

    private Said surprise() {
        Listing listing = one(one(events));
        AccountId account = one(ACCOUNTS);
        int roll = random.nextInt(4);
        if (roll == 0 || approved.isEmpty()) {
            Price price = new Price(listing.midCents * CENT);
            return new Said(
                    account,
                    new FillReceived(new Fill(
                            "t" + numbers++,
                            chance(50) ? "" : hex(2),
                            "v-" + numbers++,
                            account,
                            Mode.PAPER,
                            listing.market.id(),
                            mix.bothSides() ? one(List.of(Side.YES, Side.NO)) : sideOf(listing.market.id()),
                            Action.BUY,
                            price,
                            new Quantity(random.nextLong(1, 500) * CENT),
                            new Money(random.nextLong(0, 10) * 100),
                            true,
                            Fill.Status.FINAL,
                            now)));
        }
        VenueOrder order = live.get(one(approved));
        if (order == null) {
            // A report of an order that was never ours.
            return new Said(
                    account,
                    new ReportReceived(new VenueReport(
                            new OrderId(hex(2)),
                            account,
                            Mode.PAPER,
                            listing.market.id(),
                            VenueReport.Type.WORKING,
                            null,
                            null,
                            "",
                            "",
                            now)));
        }
        Signal signal = order.order.signal();
        if (roll == 1) {
            // More than was ordered.
            Fill fill = new Fill(
                    "t" + numbers++,
                    order.order.id().value(),
                    "",
                    signal.account(),
                    order.order.mode(),
                    signal.market(),
                    signal.side(),
                    signal.action(),
                    signal.limitPrice(),
                    new Quantity(order.leaves() + random.nextLong(1, 100) * CENT),
                    Money.ZERO,
                    true,
                    Fill.Status.FINAL,
                    now);
            order.filled = order.order.quantity();
            send(signal.account(), new FillReceived(fill));
            end(order, VenueReport.Type.FILLED);
        } else if (roll == 2) {
            // Proven absent, and traded none the less.
            trade(order, order.leaves());
            end(order, VenueReport.Type.ABSENT);
        } else {
            // The end of an order that does not say how much was filled.
            tell(order, VenueReport.Type.CANCELLED, null);
        }
        return new Said(AccountId.ALL, new Tick(numbers++));
    }

    private boolean chance(double percent) {
        return random.nextDouble() * 100 < percent;
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
