package sluice.domain.paper;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.MarketId;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.TimeInForce;
import sluice.domain.Venue;
import sluice.domain.journal.JournalEntry.Holding;
import sluice.domain.journal.Origin;
import sluice.domain.market.FillFee;
import sluice.domain.market.Level;
import sluice.domain.market.Market;
import sluice.domain.market.MarketStatus;
import sluice.domain.market.Quote;
import sluice.domain.market.Settlement;
import sluice.domain.order.Fill;
import sluice.domain.order.OrderCommand;
import sluice.domain.paper.PaperOrder.Status;

/**
 * Fills our orders against books that other people made, pessimistically, by the rules of the market's venue.
 *
 * <p>Every method that takes something in returns the events it led to, already applied. There is no clock: times come
 * in, and nothing happens between two calls. The events alone, applied in order to a new exchange by {@link #apply},
 * give the same accounts, holdings and orders; the live exchange changes them in no other way. What is known of markets
 * (books, metadata, settlements) is not in the events and is told again after a restart, the newest book of each market
 * alone.
 *
 * <p>What is assumed, and where it is on the careful side:
 *
 * <ul>
 *   <li>An order reaches the book after a {@linkplain PaperLatency drawn latency} and meets the newest book there is at
 *       the first quote of its market, or passing of time, from then on.
 *   <li>It takes what is displayed, less what the same account already took at that price; what was taken is given back
 *       only when the price disappears from the book. Accounts do not see each other.
 *   <li>In the book it fills only where the market goes strictly through its price, at its own price, and no more than
 *       was displayed or printed beyond it: we are always last in the queue.
 *   <li>A cancel is immediate, which is the one thing faster than at a venue.
 *   <li>A purchase is checked against cash at its worst case, also where it would close a pair. Contracts are sold only
 *       if they are held.
 * </ul>
 *
 * <p>Not safe for use by several threads.
 */
public final class PaperExchange {
    private record AccountAtVenue(AccountId account, Venue venue) implements Comparable<AccountAtVenue> {
        @Override
        public int compareTo(AccountAtVenue other) {
            int byAccount = account.compareTo(other.account);
            return byAccount != 0 ? byAccount : venue.compareTo(other.venue);
        }
    }

    private static final class Books {
        Money cash = Money.ZERO;
        boolean deposited;
        final TreeMap<MarketId, Holding> holdings = new TreeMap<>();
        final TreeSet<OrderId> open = new TreeSet<>();
    }

    /** What is known of a market, and who used up what in its book. */
    private static final class MarketState {
        @Nullable
        Market market;

        @Nullable
        Quote quote;

        @Nullable
        Origin quoteOrigin;
        /** Why trading has ended for good; null while it has not. */
        @Nullable
        String ended;

        final TreeSet<OrderId> open = new TreeSet<>();
        final TreeMap<Displayed, Quantity> taken = new TreeMap<>();
    }

    /** A price level as one account sees it. */
    private record Displayed(AccountId account, boolean ask, Price yesPrice) implements Comparable<Displayed> {
        private static final Comparator<Displayed> ORDER = Comparator.comparing(Displayed::account)
                .thenComparing(Displayed::ask)
                .thenComparing(Displayed::yesPrice);

        @Override
        public int compareTo(Displayed other) {
            return ORDER.compare(this, other);
        }
    }

    private record Refusal(String code, String detail) {}

    private static final Comparator<PaperOrder> BY_ARRIVAL =
            Comparator.comparingLong(PaperOrder::arrivesAtMillis).thenComparing(PaperOrder::id);

    /** Price, then time. Bids and asks never compete, so their order among each other is arbitrary but fixed. */
    private static final Comparator<PaperOrder> BY_PRIORITY = Comparator.comparing(PaperOrder::takesAsks)
            .thenComparingLong(order -> order.takesAsks()
                    ? -order.yesLimit().micros()
                    : order.yesLimit().micros())
            .thenComparing(BY_ARRIVAL);

    private final PaperRules rules;
    private final TreeMap<AccountAtVenue, Books> accounts = new TreeMap<>();
    private final TreeMap<MarketId, MarketState> markets = new TreeMap<>();
    private final Map<OrderId, PaperOrder> orders = new HashMap<>();
    private final TreeSet<MarketId> marketsWithOrders = new TreeSet<>();
    private long nextDueMillis = Long.MAX_VALUE;
    private boolean nextDueIsKnown = true;

    public PaperExchange(PaperRules rules) {
        this.rules = rules;
    }

    // ------------------------------------------------------------------ what comes in

    /** Puts cash into an account. */
    public List<PaperEvent> deposit(AccountId account, Venue venue, Money amount, long nowMillis) {
        if (amount.isNegative()) {
            throw new IllegalArgumentException("deposit of " + amount + " for " + account + " is negative");
        }
        var out = new ArrayList<PaperEvent>(1);
        var after = cash(account, venue).plus(amount);
        emit(out, new PaperEvent.Deposited(account, venue, amount, after, nowMillis));
        return out;
    }

    /** Receives an order. An order whose id was seen before, whatever became of it, changes nothing. */
    public List<PaperEvent> place(OrderCommand command, long nowMillis) {
        if (orders.containsKey(command.orderId())) {
            return List.of();
        }
        var out = new ArrayList<PaperEvent>(1);
        var cash = cash(command.account(), command.market().id().venue());
        var refusal = refusalOf(command, nowMillis);
        if (refusal != null) {
            emit(out, new PaperEvent.Refused(command, refusal.code, refusal.detail, cash, nowMillis));
        } else {
            long arrivesAt = Math.addExact(nowMillis, rules.latency().millisFor(command.orderId()));
            emit(out, new PaperEvent.Accepted(command, arrivesAt, cash, nowMillis));
        }
        return out;
    }

    /** Cancels an order at once. Empty if it is unknown or not open any more. */
    public List<PaperEvent> cancel(OrderId id, String reason, long nowMillis) {
        var order = orders.get(id);
        var out = new ArrayList<PaperEvent>(1);
        if (order != null && order.isOpen()) {
            cancel(order, "cancelled_by_user: " + reason, nowMillis, out);
        }
        return out;
    }

    /**
     * Takes the newest book of a market, fills what rests in it and lets the orders arrive that are due by then. A book
     * older than the one already known is passed over.
     *
     * @param origin the record that told of it, for the ledger
     */
    public List<PaperEvent> onQuote(Quote quote, @Nullable Origin origin) {
        var state = stateOf(quote.market());
        var before = state.quote;
        if (before != null && quote.atMillis() < before.atMillis()) {
            return List.of();
        }
        var out = new ArrayList<PaperEvent>();
        long now = quote.atMillis();
        setBook(state, quote, origin, now, out);
        endWhatIsOver(state, now, out);
        fillResting(state, before, now, out);
        letArrive(state, now, out);
        return out;
    }

    /** Takes a book as known, without trading on it: for a restart, before time passes and before any order. */
    public List<PaperEvent> restoreBook(Quote quote, @Nullable Origin origin, long nowMillis) {
        var out = new ArrayList<PaperEvent>();
        setBook(stateOf(quote.market()), quote, origin, nowMillis, out);
        return out;
    }

    /** Takes what is known of a market. Older news than what is known is passed over. */
    public List<PaperEvent> onMarket(Market market, long nowMillis) {
        var state = stateOf(market.id());
        if (state.market != null && market.updatedAtMillis() < state.market.updatedAtMillis()) {
            return List.of();
        }
        state.market = market;
        nextDueIsKnown = false;
        var out = new ArrayList<PaperEvent>();
        endWhatIsOver(state, nowMillis, out);
        return out;
    }

    /**
     * Takes a result. Any result ends trading in the market and cancels what is open; only a final one pays. A repeated
     * one finds nothing left to pay.
     */
    public List<PaperEvent> settle(Settlement settlement, long nowMillis) {
        var state = stateOf(settlement.market());
        boolean pays = settlement.status() == Settlement.Status.FINAL;
        state.ended = pays ? "market_settled: the market has paid out" : "market_determined: the market has a result";
        var out = new ArrayList<PaperEvent>();
        endWhatIsOver(state, nowMillis, out);
        if (pays) {
            for (var entry : accounts.entrySet()) {
                var holding = entry.getValue().holdings.get(settlement.market());
                if (holding != null) {
                    pay(entry.getKey(), entry.getValue(), holding, settlement, nowMillis, out);
                }
            }
        }
        return out;
    }

    /** Lets time pass: orders arrive, expire, and lose their market when it closes. */
    public List<PaperEvent> advanceTo(long nowMillis) {
        if (nowMillis < nextDueMillis()) {
            return List.of();
        }
        var out = new ArrayList<PaperEvent>();
        for (var id : List.copyOf(marketsWithOrders)) {
            var state = stateOf(id);
            endWhatIsOver(state, nowMillis, out);
            letArrive(state, nowMillis, out);
        }
        return out;
    }

    // ------------------------------------------------------------------ what is known

    /** Whether cash was ever put into this account. */
    public boolean hasDeposit(AccountId account, Venue venue) {
        var books = accounts.get(new AccountAtVenue(account, venue));
        return books != null && books.deposited;
    }

    public Money cash(AccountId account, Venue venue) {
        var books = accounts.get(new AccountAtVenue(account, venue));
        return books == null ? Money.ZERO : books.cash;
    }

    /** An order that was ever received, refused ones too. */
    public Optional<PaperOrder> order(OrderId id) {
        return Optional.ofNullable(orders.get(id));
    }

    /** Every account at every venue, by name. */
    public List<PaperAccount> accounts() {
        var all = new ArrayList<PaperAccount>(accounts.size());
        accounts.forEach((key, books) -> all.add(view(key, books)));
        return all;
    }

    /** An account at a venue; one that was never used is empty. */
    public PaperAccount account(AccountId account, Venue venue) {
        var key = new AccountAtVenue(account, venue);
        return view(key, accounts.getOrDefault(key, new Books()));
    }

    /** The newest book of a market. */
    public Optional<Quote> book(MarketId market) {
        var state = markets.get(market);
        return state == null ? Optional.empty() : Optional.ofNullable(state.quote);
    }

    /** The newest news of a market. */
    public Optional<Market> market(MarketId market) {
        var state = markets.get(market);
        return state == null ? Optional.empty() : Optional.ofNullable(state.market);
    }

    /** What the account has used up of a displayed price level and not been given back. */
    public Quantity taken(AccountId account, MarketId market, boolean ask, Price yesPrice) {
        var state = markets.get(market);
        return state == null
                ? Quantity.ZERO
                : state.taken.getOrDefault(new Displayed(account, ask, yesPrice), Quantity.ZERO);
    }

    /** When {@link #advanceTo} has something to do next; {@link Long#MAX_VALUE} if nothing is due. */
    public long nextDueMillis() {
        if (!nextDueIsKnown) {
            nextDueMillis = Long.MAX_VALUE;
            for (var id : marketsWithOrders) {
                var state = stateOf(id);
                for (var open : state.open) {
                    nextDueMillis = Math.min(nextDueMillis, dueMillis(state, known(open)));
                }
            }
            nextDueIsKnown = true;
        }
        return nextDueMillis;
    }

    // ------------------------------------------------------------------ the ledger

    /**
     * Makes an event of the ledger true.
     *
     * @throws IllegalStateException if it cannot follow on the events before it; the ledger is then not ours or broken
     */
    public void apply(PaperEvent event) {
        nextDueIsKnown = false;
        var books = accounts.computeIfAbsent(new AccountAtVenue(event.account(), event.venue()), key -> new Books());
        var cash = books.cash.plus(event.cashChange());
        if (!cash.equals(event.cashAfter())) {
            throw new IllegalStateException("paper ledger of " + event.account() + " at " + event.venue() + ": cash "
                    + books.cash + " and a change of " + event.cashChange() + " do not make " + event.cashAfter()
                    + "; an event is missing, doubled or foreign: " + event);
        }
        books.cash = cash;
        switch (event) {
            case PaperEvent.Deposited deposited -> books.deposited = true;
            case PaperEvent.Accepted accepted -> {
                keep(PaperOrder.of(accepted.order(), Status.PENDING, accepted.arrivesAtMillis(), ""));
                books.open.add(accepted.orderId());
                stateOf(accepted.market()).open.add(accepted.orderId());
                marketsWithOrders.add(accepted.market());
            }
            case PaperEvent.Refused refused ->
                keep(PaperOrder.of(
                        refused.order(), Status.REFUSED, refused.atMillis(), refused.code() + ": " + refused.detail()));
            case PaperEvent.Rested rested -> replace(books, openOrder(rested).rested(rested.atMillis()));
            case PaperEvent.Filled filled -> applyFill(books, filled);
            case PaperEvent.Cancelled cancelled ->
                replace(books, openOrder(cancelled).ended(Status.CANCELLED, cancelled.detail()));
            case PaperEvent.Expired expired ->
                replace(books, openOrder(expired).ended(Status.EXPIRED, "expired: its time ended"));
            case PaperEvent.LevelGone gone ->
                stateOf(gone.market()).taken.remove(new Displayed(gone.account(), gone.ask(), gone.yesPrice()));
            case PaperEvent.Settled settled ->
                books.holdings.remove(settled.settlement().market());
        }
    }

    private void applyFill(Books books, PaperEvent.Filled filled) {
        var fill = filled.fill();
        var order = openOrder(filled);
        replace(books, order.filledBy(fill));

        var holding =
                books.holdings.getOrDefault(fill.market(), new Holding(fill.market(), Quantity.ZERO, Quantity.ZERO));
        var after = net(traded(holding, fill.side(), fill.action(), fill.quantity()));
        if (after.yes().isZero() && after.no().isZero()) {
            books.holdings.remove(fill.market());
        } else {
            books.holdings.put(fill.market(), after);
        }
        if (filled.level() != null) {
            var level = new Displayed(fill.account(), order.takesAsks(), filled.level());
            stateOf(fill.market()).taken.merge(level, fill.quantity(), Quantity::plus);
        }
    }

    private static Holding traded(Holding before, Side side, Action action, Quantity quantity) {
        var held = side == Side.YES ? before.yes() : before.no();
        var after = action == Action.BUY ? held.plus(quantity) : held.minus(quantity);
        return side == Side.YES
                ? new Holding(before.market(), after, before.no())
                : new Holding(before.market(), before.yes(), after);
    }

    private static Holding net(Holding holding) {
        if (!holding.market().venue().netsPairs()) {
            return holding;
        }
        var pairs = holding.yes().min(holding.no());
        return new Holding(
                holding.market(), holding.yes().minus(pairs), holding.no().minus(pairs));
    }

    private void keep(PaperOrder order) {
        if (orders.putIfAbsent(order.id(), order) != null) {
            throw new IllegalStateException("paper ledger: order " + order.id() + " was received twice");
        }
    }

    private void replace(Books books, PaperOrder order) {
        orders.put(order.id(), order);
        if (!order.isOpen()) {
            books.open.remove(order.id());
            var state = stateOf(order.market());
            state.open.remove(order.id());
            if (state.open.isEmpty()) {
                marketsWithOrders.remove(order.market());
            }
        }
    }

    private PaperOrder openOrder(PaperEvent.OfOrder event) {
        var order = orders.get(event.orderId());
        if (order == null || !order.isOpen()) {
            throw new IllegalStateException("paper ledger: order " + event.orderId() + " is "
                    + (order == null ? "unknown" : order.status()) + " and cannot have " + event);
        }
        return order;
    }

    private void emit(List<PaperEvent> out, PaperEvent event) {
        apply(event);
        out.add(event);
    }

    // ------------------------------------------------------------------ the venue's checks

    private @Nullable Refusal refusalOf(OrderCommand command, long nowMillis) {
        var market = newest(command.market());
        var limit = command.limitPrice();
        var quantity = command.quantity();
        if (command.mode() != Mode.PAPER) {
            return new Refusal("wrong_mode", "the paper exchange takes no order of mode " + command.mode());
        }
        if (nowMillis > command.deadlineMillis()) {
            return new Refusal(
                    "deadline_passed", "received " + (nowMillis - command.deadlineMillis()) + " ms after its deadline");
        }
        var notTrading = whyNotTrading(market, nowMillis);
        if (notTrading != null) {
            return notTrading;
        }
        if (command.postOnly() && !command.timeInForce().mayRest()) {
            return new Refusal("invalid_order", "post-only contradicts " + command.timeInForce());
        }
        if (command.timeInForce() == TimeInForce.GTD
                && (command.expiresAtMillis() == null || command.expiresAtMillis() <= nowMillis)) {
            return new Refusal("invalid_order", "GTD needs an end in the future, not " + command.expiresAtMillis());
        }
        if (!market.prices().accepts(limit)) {
            return new Refusal("invalid_price", "price " + limit + " is not on the grid of " + market.id());
        }
        if (quantity.isZero() || quantity.micros() % market.quantityStep().micros() != 0) {
            return new Refusal(
                    "invalid_count", "quantity " + quantity + " is not a multiple of " + market.quantityStep());
        }
        if (command.timeInForce().mayRest() && quantity.compareTo(market.minQuantity()) < 0) {
            return new Refusal("below_min_quantity", "quantity " + quantity + " is below " + market.minQuantity());
        }
        var order = PaperOrder.of(command, Status.PENDING, nowMillis, "");
        boolean crosses = takeable(order).isPresent();
        if (command.postOnly() && crosses) {
            return new Refusal("post_only_cross", "it would have taken liquidity at " + limit);
        }
        boolean marketable = crosses || !command.timeInForce().mayRest();
        if (command.action() == Action.BUY && marketable && market.minNotional().exceeds(limit.costOf(quantity))) {
            return new Refusal(
                    "below_min_notional",
                    "a marketable order of " + limit.costOf(quantity) + " is below " + market.minNotional());
        }
        return whyNotCovered(order);
    }

    private @Nullable Refusal whyNotTrading(Market market, long nowMillis) {
        var ended = stateOf(market.id()).ended;
        if (ended != null) {
            return new Refusal("market_closed", ended);
        }
        if (market.status() != MarketStatus.ACTIVE) {
            return new Refusal("market_inactive", market.id() + " is " + market.status());
        }
        if (market.closeAtMillis() != null && nowMillis >= market.closeAtMillis()) {
            return new Refusal("market_closed", market.id() + " closed at " + market.closeAtMillis());
        }
        if (market.restricted()) {
            return new Refusal("market_restricted", market.id() + " may not be traded from here");
        }
        return null;
    }

    private @Nullable Refusal whyNotCovered(PaperOrder order) {
        var books = booksOf(order);
        if (order.action() == Action.BUY) {
            var available = books.cash.minus(reserved(books));
            if (order.reserved().exceeds(available)) {
                return new Refusal(
                        "insufficient_balance",
                        "it may cost " + order.reserved() + " with fees; available are " + available + " of "
                                + books.cash);
            }
            return null;
        }
        var held = held(books, order.market(), order.side());
        var promised = Quantity.ZERO;
        for (var id : books.open) {
            var other = known(id);
            if (other.action() == Action.SELL
                    && other.side() == order.side()
                    && other.market().equals(order.market())) {
                promised = promised.plus(other.remaining());
            }
        }
        if (promised.plus(order.quantity()).compareTo(held) > 0) {
            return new Refusal(
                    "insufficient_inventory",
                    "selling " + order.quantity() + " " + order.side() + " needs as many; held are " + held
                            + ", of which open orders already sell " + promised);
        }
        return null;
    }

    // ------------------------------------------------------------------ matching

    /** Ends the orders of a market whose time is up, and all of them once the market is over. */
    private void endWhatIsOver(MarketState state, long nowMillis, List<PaperEvent> out) {
        for (var order : openIn(state, order -> true)) {
            var over = whyOver(state, order, nowMillis);
            if (over != null) {
                cancel(order, over, nowMillis, out);
            } else if (order.expiresAtMillis() != null && order.expiresAtMillis() <= nowMillis) {
                emit(
                        out,
                        new PaperEvent.Expired(order.account(), order.market(), order.id(), cashOf(order), nowMillis));
            }
        }
    }

    private static @Nullable String whyOver(MarketState state, PaperOrder order, long nowMillis) {
        if (state.ended != null) {
            return state.ended;
        }
        var closesAt = closesAtMillis(state, order);
        if (closesAt != null && closesAt <= nowMillis) {
            return "market_closed: trading closed at " + closesAt;
        }
        return state.market == null
                ? null
                : switch (state.market.status()) {
                    case CLOSED, DETERMINED, DISPUTED, AMENDED, SETTLED ->
                        "market_closed: the market is " + state.market.status();
                    case UNKNOWN, UNOPENED, ACTIVE, PAUSED -> null;
                };
    }

    private void letArrive(MarketState state, long nowMillis, List<PaperEvent> out) {
        var due = openIn(state, order -> order.status() == Status.PENDING && order.arrivesAtMillis() <= nowMillis);
        due.sort(BY_ARRIVAL);
        for (var order : due) {
            arrive(state, order, nowMillis, out);
        }
    }

    private void arrive(MarketState state, PaperOrder order, long nowMillis, List<PaperEvent> out) {
        boolean trading = isTrading(state);
        var takeable = trading ? takeable(order).orElse(Quantity.ZERO) : Quantity.ZERO;
        if (order.action() == Action.SELL) {
            takeable = takeable.min(held(booksOf(order), order.market(), order.side()));
        }
        if (order.postOnly() && !takeable.isZero()) {
            cancel(order, "post_only_cross: it would have taken liquidity on arrival", nowMillis, out);
            return;
        }
        if (order.timeInForce() == TimeInForce.FOK && takeable.compareTo(order.quantity()) < 0) {
            cancel(
                    order,
                    "fok_insufficient_volume: " + takeable + " of " + order.quantity() + " were there",
                    nowMillis,
                    out);
            return;
        }
        if (trading) {
            for (var level : levels(state, order)) {
                var price = order.ofSide(level.price());
                if (!order.isOpen() || !order.accepts(price)) {
                    break;
                }
                order = fill(order, price, left(state, order, level), true, level.price(), nowMillis, out);
            }
        }
        if (!order.isOpen()) {
            return;
        }
        if (order.timeInForce().mayRest()) {
            emit(out, new PaperEvent.Rested(order.account(), order.market(), order.id(), cashOf(order), nowMillis));
        } else {
            var why = trading ? "ioc_unfilled: nothing more was there at its price" : "market_inactive: not trading";
            cancel(order, why, nowMillis, out);
        }
    }

    private void fillResting(MarketState state, @Nullable Quote before, long nowMillis, List<PaperEvent> out) {
        if (!isTrading(state)) {
            return;
        }
        var resting = openIn(state, order -> order.status() == Status.RESTING);
        resting.sort(BY_PRIORITY);
        var printed = newTrade(state, before);
        // Each account has the printed trade to itself, and each contract of it once.
        var printedLeft = new HashMap<AccountId, Quantity>();
        for (var order : resting) {
            var filledBefore = order.filled();
            for (var level : levels(state, order)) {
                if (!order.isOpen() || !order.isTradedThroughBy(order.ofSide(level.price()))) {
                    break;
                }
                order = fill(order, order.limit(), left(state, order, level), false, level.price(), nowMillis, out);
            }
            boolean bookWentThrough = !order.filled().equals(filledBefore);
            if (printed == null || bookWentThrough || !order.isOpen()) {
                continue;
            }
            if (order.restedAtMillis() != null
                    && printed.atMillis > order.restedAtMillis()
                    && order.isTradedThroughBy(order.ofSide(printed.price))) {
                var left = printedLeft.getOrDefault(order.account(), printed.quantity);
                var after = fill(order, order.limit(), left, false, null, nowMillis, out);
                printedLeft.put(order.account(), left.minus(after.filled().minus(filledBefore)));
            }
        }
    }

    private record Print(Price price, Quantity quantity, long atMillis) {}

    /**
     * The trade that this book tells of and the one before it did not. Without a time nobody can say that it is new.
     */
    private @Nullable Print newTrade(MarketState state, @Nullable Quote before) {
        var quote = state.quote;
        if (quote == null
                || before == null
                || quote.lastTradePrice() == null
                || quote.lastTradeAtMillis() == null
                || (before.lastTradeAtMillis() != null && before.lastTradeAtMillis() >= quote.lastTradeAtMillis())) {
            return null;
        }
        var quantity = quote.lastTradeQuantity();
        return new Print(
                quote.lastTradePrice(), quantity == null ? rules.assumedDepth() : quantity, quote.lastTradeAtMillis());
    }

    /**
     * Trades up to {@code most} contracts, or cancels the order where the account has no contracts or no cash left for
     * them.
     *
     * @param level price of YES of the displayed level that is used up; null for a printed trade
     * @return the order afterwards
     */
    private PaperOrder fill(
            PaperOrder order,
            Price price,
            Quantity most,
            boolean taker,
            @Nullable Price level,
            long nowMillis,
            List<PaperEvent> out) {
        var quantity = wholeSteps(order, most.min(order.remaining()));
        if (quantity.isZero()) {
            return order;
        }
        var books = booksOf(order);
        if (order.action() == Action.SELL) {
            // The contracts may be gone although they were there on receipt: a pair of the market was closed since.
            quantity = quantity.min(held(books, order.market(), order.side()));
            if (quantity.isZero()) {
                return cancel(order, "insufficient_inventory: the contracts are no longer held", nowMillis, out);
            }
        }
        var fee = FillFee.of(order.fees(), order.action(), price, quantity, taker, order.accumulatedFee());
        var fill = new Fill(
                order.id() + "-" + (order.fills() + 1),
                order.id().value(),
                order.venueOrderId(),
                order.account(),
                order.mode(),
                order.market(),
                order.side(),
                order.action(),
                price,
                quantity,
                fee.fee(),
                taker,
                Fill.Status.FINAL,
                nowMillis);
        var change = fill.cashChange();
        if (order.action() == Action.BUY && order.market().venue().netsPairs()) {
            var pairs = quantity.min(held(books, order.market(), order.side().other()));
            change = change.plus(Price.ONE.proceedsOf(pairs));
        }
        var after = books.cash.plus(change);
        if (after.isNegative()) {
            // Only the rounding of more fills than the reservation was padded for can lead here.
            return cancel(order, "insufficient_balance: fees used up the reservation", nowMillis, out);
        }
        var origin = stateOf(order.market()).quoteOrigin;
        emit(out, new PaperEvent.Filled(fill, change, after, level, origin, nowMillis));
        return known(order.id());
    }

    private PaperOrder cancel(PaperOrder order, String why, long nowMillis, List<PaperEvent> out) {
        emit(out, new PaperEvent.Cancelled(order.account(), order.market(), order.id(), why, cashOf(order), nowMillis));
        return known(order.id());
    }

    private void pay(
            AccountAtVenue key,
            Books books,
            Holding holding,
            Settlement settlement,
            long nowMillis,
            List<PaperEvent> out) {
        var yes = holding.yes().paidAt(settlement.yesValue());
        var no = holding.no().paidAt(settlement.yesValue().complement());
        var paid = yes.plus(no);
        emit(out, new PaperEvent.Settled(key.account, settlement, paid, books.cash.plus(paid), nowMillis));
    }

    // ------------------------------------------------------------------ books and holdings

    private void setBook(
            MarketState state, Quote quote, @Nullable Origin origin, long nowMillis, List<PaperEvent> out) {
        state.quote = quote;
        state.quoteOrigin = origin;
        if (state.taken.isEmpty()) {
            return;
        }
        var bids = prices(quote.bids());
        var asks = prices(quote.asks());
        for (var level : List.copyOf(state.taken.keySet())) {
            if (!(level.ask ? asks : bids).contains(level.yesPrice)) {
                var cash = cash(level.account, quote.market().venue());
                emit(
                        out,
                        new PaperEvent.LevelGone(
                                level.account, quote.market(), level.ask, level.yesPrice, cash, nowMillis));
            }
        }
    }

    private static Set<Price> prices(List<Level> levels) {
        var prices = new HashSet<Price>();
        levels.forEach(level -> prices.add(level.price()));
        return prices;
    }

    /** The levels that an order meets, best first; prices of 0 and 1 are not tradable and are left out. */
    private static List<Level> levels(MarketState state, PaperOrder order) {
        if (state.quote == null) {
            return List.of();
        }
        var levels = order.takesAsks() ? state.quote.asks() : state.quote.bids();
        for (var level : levels) {
            if (isUntradable(level.price())) {
                return levels.stream().filter(any -> !isUntradable(any.price())).toList();
            }
        }
        return levels;
    }

    private static boolean isUntradable(Price price) {
        return price.equals(Price.ZERO) || price.equals(Price.ONE);
    }

    /** What the account can still take at a level. */
    private Quantity left(MarketState state, PaperOrder order, Level level) {
        var displayed = state.quote != null && state.quote.depthKnown() ? level.quantity() : rules.assumedDepth();
        var taken = state.taken.getOrDefault(
                new Displayed(order.account(), order.takesAsks(), level.price()), Quantity.ZERO);
        return taken.compareTo(displayed) >= 0 ? Quantity.ZERO : displayed.minus(taken);
    }

    /** How much of the order it could take from the book now; empty if the book does not reach its price. */
    private Optional<Quantity> takeable(PaperOrder order) {
        var state = stateOf(order.market());
        var sum = Quantity.ZERO;
        for (var level : levels(state, order)) {
            if (!order.accepts(order.ofSide(level.price()))) {
                break;
            }
            sum = sum.plus(wholeSteps(order, left(state, order, level)).min(order.quantity()));
            if (sum.compareTo(order.quantity()) >= 0) {
                // Enough; what a deep book shows beyond that may not even fit a number.
                break;
            }
        }
        return sum.isZero() ? Optional.empty() : Optional.of(sum.min(order.quantity()));
    }

    private static Quantity wholeSteps(PaperOrder order, Quantity quantity) {
        return new Quantity(
                quantity.micros() - quantity.micros() % order.quantityStep().micros());
    }

    private static boolean isTrading(MarketState state) {
        return state.ended == null && (state.market == null || state.market.status() == MarketStatus.ACTIVE);
    }

    private static Quantity held(Books books, MarketId market, Side side) {
        var holding = books.holdings.get(market);
        if (holding == null) {
            return Quantity.ZERO;
        }
        return side == Side.YES ? holding.yes() : holding.no();
    }

    private Books booksOf(PaperOrder order) {
        var key = new AccountAtVenue(order.account(), order.market().venue());
        return accounts.getOrDefault(key, new Books());
    }

    private Money reserved(Books books) {
        var sum = Money.ZERO;
        for (var id : books.open) {
            sum = sum.plus(known(id).reserved());
        }
        return sum;
    }

    private PaperAccount view(AccountAtVenue key, Books books) {
        return new PaperAccount(
                key.account,
                key.venue,
                books.cash,
                reserved(books),
                List.copyOf(books.holdings.values()),
                books.open.stream().map(this::known).toList());
    }

    private static long dueMillis(MarketState state, PaperOrder order) {
        long due = order.status() == Status.PENDING ? order.arrivesAtMillis() : Long.MAX_VALUE;
        if (order.expiresAtMillis() != null) {
            due = Math.min(due, order.expiresAtMillis());
        }
        var closesAt = closesAtMillis(state, order);
        return closesAt == null ? due : Math.min(due, closesAt);
    }

    private static @Nullable Long closesAtMillis(MarketState state, PaperOrder order) {
        return state.market == null ? order.closesAtMillis() : state.market.closeAtMillis();
    }

    private Market newest(Market told) {
        var known = stateOf(told.id()).market;
        return known != null && known.updatedAtMillis() >= told.updatedAtMillis() ? known : told;
    }

    private List<PaperOrder> openIn(MarketState state, Predicate<PaperOrder> which) {
        var found = new ArrayList<PaperOrder>();
        for (var id : state.open) {
            var order = known(id);
            if (which.test(order)) {
                found.add(order);
            }
        }
        return found;
    }

    private Money cashOf(PaperOrder order) {
        return cash(order.account(), order.market().venue());
    }

    private MarketState stateOf(MarketId market) {
        return markets.computeIfAbsent(market, id -> new MarketState());
    }

    private PaperOrder known(OrderId id) {
        var order = orders.get(id);
        if (order == null) {
            throw new IllegalStateException("order " + id + " is open but unknown");
        }
        return order;
    }
}
