package sluice.risk.core;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.EventId;
import sluice.domain.MarketId;
import sluice.domain.Micros;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.StrategyId;
import sluice.domain.Venue;
import sluice.domain.journal.JournalEntry;
import sluice.domain.market.Market;
import sluice.domain.market.Settlement;
import sluice.domain.order.Fill;
import sluice.domain.order.Signal;
import sluice.domain.order.VenueReport;
import sluice.domain.risk.Check;
import sluice.domain.risk.Control;
import sluice.domain.risk.Decision;
import sluice.domain.risk.Limit;
import sluice.domain.risk.RiskLimits;
import sluice.domain.risk.Scope;
import sluice.domain.risk.Subject;

/**
 * The books without a running total: holdings and orders are folded from the journal, and every figure is added up anew
 * when it is asked for. Slow, and written a second time on purpose; what the core approved is all that it takes from
 * it.
 */
final class NaiveBooks {
    private static final long DAY_MILLIS = 24L * 60 * 60 * 1000;

    record Owner(BookId book, MarketId market, StrategyId strategy) {
        private BookId.OfMarket place() {
            return new BookId.OfMarket(book, market);
        }
    }

    static final class Holding {
        private final long[] quantity = new long[2];
        private final long[] cost = new long[2];
        private final long[] fees = new long[2];

        private long cost() {
            return cost[0] + fees[0] + cost[1] + fees[1];
        }
    }

    static final class Order {
        private final OrderState approved;
        private long filled;
        private boolean held;
        private boolean over;
        private boolean ended;
        private long finalFilled;

        private Order(OrderState approved) {
            this.approved = approved;
        }

        Owner owner() {
            return new Owner(
                    approved.book(),
                    approved.signal().market(),
                    approved.signal().strategy());
        }

        boolean isOpen() {
            return !ended;
        }

        private long remaining() {
            return ended ? 0 : Math.max(0, (over ? finalFilled : approved.quantity()) - filled);
        }

        /** What it can cost at most: price, fee and padding of all that may still be filled. */
        long worstCost() {
            long rest = remaining();
            if (rest == 0) {
                return 0;
            }
            Signal signal = approved.signal();
            Quantity quantity = new Quantity(rest);
            long fees = approved.feeTerms()
                            .worstCase(signal.action(), quantity, signal.limitPrice(), signal.postOnly())
                            .micros()
                    + approved.feeTerms().padding(quantity).micros();
            return signal.action() == Action.BUY
                    ? fees + ceil(signal.limitPrice().micros(), rest)
                    : fees;
        }

        /** What it can add to the loss if a YES contract pays {@code yesValue}; a certain win does not count. */
        private long worstLoss(long yesValue) {
            Signal signal = approved.signal();
            long rest = remaining();
            long value = signal.side() == Side.YES ? yesValue : Micros.ONE - yesValue;
            long paidOut = floor(value, signal.action() == Action.BUY ? rest : -rest);
            long proceeds = signal.action() == Action.BUY
                    ? 0
                    : floor(signal.limitPrice().micros(), rest);
            return Math.max(0, worstCost() - proceeds - paidOut);
        }
    }

    private record Place(EventId event, String category, boolean exclusive) {}

    record Profit(BookId book, StrategyId strategy, int day, long atMillis, long amount) {}

    record Opening(BookId book, StrategyId strategy, int day, long atMillis) {}

    private final Map<BookId.OfMarket, Map<Owner, Holding>> holdings = new LinkedHashMap<>();
    private final Map<OrderId, Order> orders = new LinkedHashMap<>();
    private final Map<BookId.OfMarket, List<Order>> ordersByPlace = new LinkedHashMap<>();
    private final Map<BookId.OfMarket, Place> places = new LinkedHashMap<>();
    private final Map<BookId.OfMarket, Price> settled = new LinkedHashMap<>();
    private final Map<TradeKey, BookedTrade> trades = new LinkedHashMap<>();
    private final Map<AccountId, Map<Scope, RiskLimits>> limits = new LinkedHashMap<>();
    private final Map<BookId, Long> realised = new LinkedHashMap<>();
    private final Map<BookId, Long> fees = new LinkedHashMap<>();
    final List<Profit> profits = new ArrayList<>();
    final List<Opening> openings = new ArrayList<>();
    private long tickMillis;
    private long now;
    private int day;

    /** Takes one entry, and what the core said to it. */
    void apply(JournalEntry entry, List<AccountEvent> said) {
        now = Math.max(entry.timeMillis(), tickMillis);
        for (AccountEvent event : said) {
            if (event instanceof AccountEvent.OrderApproved approved) {
                approve(approved);
            }
        }
        switch (entry.body()) {
            case JournalEntry.SignalReceived signal ->
                said.forEach(event -> {
                    if (event instanceof AccountEvent.Decided decided) {
                        retell(signal, decided);
                    }
                });
            case JournalEntry.ReportReceived report -> report(report.report());
            case JournalEntry.FillReceived fill -> fill(fill.fill());
            case JournalEntry.LimitsReceived set ->
                limits.computeIfAbsent(set.limits().account(), account -> new TreeMap<>())
                        .merge(
                                set.limits().scope(),
                                set.limits(),
                                (known, next) -> next.version() > known.version() ? next : known);
            case JournalEntry.SettlementReceived settlement -> settle(settlement.settlement());
            case JournalEntry.Tick ignored -> tickMillis = now;
            case JournalEntry.DayRolled rolled -> day = Math.max(day, rolled.tradingDay());
            case JournalEntry.ControlReceived ignored -> {}
            case JournalEntry.MarkReceived ignored -> {}
            case JournalEntry.SnapshotReceived ignored -> {}
        }
    }

    // ---------------------------------------------------------------- folding

    /** A first answer takes the venue's word for where its market belongs, unless that was halted where it was. */
    private void retell(JournalEntry.SignalReceived received, AccountEvent.Decided decided) {
        Decision decision = decided.decision();
        Market told = received.market();
        BookId.OfMarket key =
                new BookId.OfMarket(decided.book(), received.signal().market());
        Place place = places.get(key);
        if (place == null || told == null || decision.firstSequence() != null) {
            return;
        }
        Subject was = new Subject(
                received.signal().account(),
                received.signal().strategy(),
                key.market(),
                place.event(),
                place.category());
        boolean halted = decision.checks().stream()
                .filter(check -> check.control() == Control.KILL_STATE && check.outcome() != Check.Outcome.PASS)
                .anyMatch(check -> was.isIn(
                        Scope.parse(check.detail().substring(0, check.detail().indexOf(" is halted")))));
        if (!halted) {
            places.put(
                    key,
                    new Place(
                            told.event() == null ? place.event() : told.event(),
                            told.category().isEmpty() ? place.category() : told.category(),
                            told.event() == null ? place.exclusive() : told.mutuallyExclusive()));
        }
    }

    private void approve(AccountEvent.OrderApproved event) {
        OrderState order = event.order();
        Signal signal = order.signal();
        Order made = new Order(order);
        orders.put(order.id(), made);
        ordersByPlace
                .computeIfAbsent(made.owner().place(), place -> new ArrayList<>())
                .add(made);
        places.putIfAbsent(
                new BookId.OfMarket(order.book(), signal.market()),
                new Place(
                        order.event(), event.market().category(), event.market().mutuallyExclusive()));
        if (signal.action() == Action.BUY) {
            openings.add(new Opening(order.book(), signal.strategy(), day, now));
        }
    }

    private void report(VenueReport report) {
        Order order = orders.get(report.orderId());
        if (order == null || order.ended || order.over) {
            return;
        }
        switch (report.type()) {
            case ACCEPTED, WORKING -> order.held = true;
            case REFUSED, NOT_SENT, ABSENT -> order.ended = !order.held && order.filled == 0;
            case FILLED -> over(order, order.approved.quantity());
            case CANCELLED, EXPIRED -> {
                Quantity filled = report.filledQuantity();
                if (filled != null) {
                    over(order, filled.micros());
                }
            }
            case UNCERTAIN, CANCEL_REFUSED -> {}
        }
    }

    private static void over(Order order, long finalFilled) {
        order.over = true;
        order.finalFilled = finalFilled;
        endIfComplete(order);
    }

    private static void endIfComplete(Order order) {
        if (order.filled >= order.approved.quantity() || (order.over && order.filled >= order.finalFilled)) {
            order.ended = true;
        }
    }

    private void fill(Fill fill) {
        TradeKey key = new TradeKey(fill.market().venue(), fill.account(), fill.tradeId(), fill.orderId());
        BookedTrade known = trades.get(key);
        Order order = fill.orderId().isEmpty() ? null : orders.get(new OrderId(fill.orderId()));
        if (known == null) {
            if (fill.status() == Fill.Status.VOID) {
                trades.put(key, new BookedTrade(fill, 0));
                takenBack(order, fill);
            } else if (order != null || fill.tradedAtMillis() >= now - AccountCore.ANSWER_LIFE_MILLIS) {
                book(key, fill, order);
            }
        } else if (known.fill().status() != Fill.Status.VOID && fill.status() == Fill.Status.VOID) {
            reverse(key, known, order);
        }
    }

    private void book(TradeKey key, Fill fill, @Nullable Order order) {
        Owner owner = ownerOf(fill, order);
        Holding holding = holding(owner);
        long quantity = fill.quantity().micros();
        long profit = fill.action() == Action.BUY
                ? buy(
                        holding,
                        owner,
                        fill.side(),
                        quantity,
                        ceil(fill.price().micros(), quantity),
                        fill.fee().micros())
                : sell(holding, owner, fill);
        trades.put(key, new BookedTrade(fill, profit));
        if (order != null) {
            order.filled += quantity;
            endIfComplete(order);
        }
        fees.merge(owner.book(), fill.fee().micros(), Long::sum);
        post(owner, profit, fill.fee().micros());
        payIfSettled(owner);
    }

    private Owner ownerOf(Fill fill, @Nullable Order order) {
        BookId book = new BookId(fill.account(), fill.mode());
        places.putIfAbsent(
                new BookId.OfMarket(book, fill.market()),
                new Place(new EventId(fill.market().toString()), "", false));
        return new Owner(
                book,
                fill.market(),
                order == null ? AccountCore.EXTERNAL : order.approved.signal().strategy());
    }

    private Holding holding(Owner owner) {
        return holdings.computeIfAbsent(owner.place(), place -> new LinkedHashMap<>())
                .computeIfAbsent(owner, o -> new Holding());
    }

    private static long buy(Holding holding, Owner owner, Side side, long quantity, long cost, long fee) {
        int i = index(side);
        holding.quantity[i] += quantity;
        holding.cost[i] += cost;
        holding.fees[i] += fee;
        if (owner.market().venue() != Venue.KALSHI) {
            return 0;
        }
        long pairs = Math.min(holding.quantity[0], holding.quantity[1]);
        return pairs - take(holding, Side.YES, pairs) - take(holding, Side.NO, pairs);
    }

    private static long sell(Holding holding, Owner owner, Fill fill) {
        long quantity = fill.quantity().micros();
        long held = Math.min(quantity, holding.quantity[index(fill.side())]);
        long profit = floor(fill.price().micros(), held) - take(holding, fill.side(), held);
        if (held == quantity) {
            return profit;
        }
        long more = quantity - held;
        return profit
                + buy(
                        holding,
                        owner,
                        fill.side().other(),
                        more,
                        ceil(fill.price().complement().micros(), more),
                        0);
    }

    /** Takes contracts out at their average cost, rounded against us, and returns that cost. */
    private static long take(Holding holding, Side side, long quantity) {
        int i = index(side);
        if (quantity == 0) {
            return 0;
        }
        long cost = ceilDiv(holding.cost[i], quantity, holding.quantity[i]);
        holding.fees[i] -= ceilDiv(holding.fees[i], quantity, holding.quantity[i]);
        holding.cost[i] -= cost;
        holding.quantity[i] -= quantity;
        return cost;
    }

    /**
     * A purchase that is taken back is a sale of the same at the same price, a sale is a purchase; what a purchase
     * taken back leaves us short of is held as the other side.
     */
    private void reverse(TradeKey key, BookedTrade booked, @Nullable Order order) {
        Fill fill = booked.fill();
        Owner owner = ownerOf(fill, order);
        Holding holding = holding(owner);
        long quantity = fill.quantity().micros();
        int i = index(fill.side());
        long profit;
        if (fill.action() == Action.SELL) {
            holding.quantity[i] += quantity;
            holding.cost[i] += floor(fill.price().micros(), quantity) - booked.realised();
            profit = -booked.realised();
        } else {
            long held = Math.min(quantity, holding.quantity[i]);
            long back = ceil(fill.price().micros(), held);
            profit = back - take(holding, fill.side(), held);
            int other = index(fill.side().other());
            holding.quantity[other] += quantity - held;
            holding.cost[other] += quantity - held - (ceil(fill.price().micros(), quantity) - back);
        }
        trades.put(key, new BookedTrade(fill.withStatus(Fill.Status.VOID), 0));
        if (order != null) {
            order.filled -= quantity;
        }
        takenBack(order, fill);
        fees.merge(owner.book(), -fill.fee().micros(), Long::sum);
        post(owner, profit, -fill.fee().micros());
        payIfSettled(owner);
    }

    /** What the venue counted when the order ended, and takes back afterwards, is not waited for. */
    private static void takenBack(@Nullable Order order, Fill fill) {
        if (order != null && order.over && !order.ended) {
            order.finalFilled = Math.max(0, order.finalFilled - fill.quantity().micros());
            endIfComplete(order);
        }
    }

    private void settle(Settlement settlement) {
        if (settlement.status() != Settlement.Status.FINAL) {
            return;
        }
        for (BookId.OfMarket market : List.copyOf(places.keySet())) {
            if (market.market().equals(settlement.market())
                    && settled.putIfAbsent(market, settlement.yesValue()) == null) {
                pay(market, settlement.yesValue());
            }
        }
    }

    private void payIfSettled(Owner owner) {
        BookId.OfMarket market = new BookId.OfMarket(owner.book(), owner.market());
        Price value = settled.get(market);
        if (value != null) {
            pay(market, value);
        }
    }

    /** The venue pays for each side of the whole account, rounded down; the first holder gets what that leaves over. */
    private void pay(BookId.OfMarket market, Price value) {
        long[] worth = {value.micros(), value.complement().micros()};
        Map<Owner, Holding> holders = new LinkedHashMap<>(holdings.getOrDefault(market, Map.of()));
        holders.values().removeIf(holding -> holding.quantity[0] == 0 && holding.quantity[1] == 0);
        long yes = sum(holders.values(), holding -> holding.quantity[0]);
        long no = sum(holders.values(), holding -> holding.quantity[1]);
        long pairs = market.market().venue() == Venue.KALSHI ? Math.min(yes, no) : 0;
        long left = pairs + floor(worth[0], yes - pairs) + floor(worth[1], no - pairs);
        for (Holding holding : holders.values()) {
            left -= floor(worth[0], holding.quantity[0]) + floor(worth[1], holding.quantity[1]);
        }
        for (Map.Entry<Owner, Holding> holder : holders.entrySet()) {
            Holding holding = holder.getValue();
            long share = left + floor(worth[0], holding.quantity[0]) + floor(worth[1], holding.quantity[1]);
            left = 0;
            long cost = take(holding, Side.YES, holding.quantity[0]) + take(holding, Side.NO, holding.quantity[1]);
            post(holder.getKey(), share - cost, 0);
        }
    }

    private void post(Owner owner, long profit, long fee) {
        realised.merge(owner.book(), profit, Long::sum);
        if (profit != fee) {
            profits.add(new Profit(owner.book(), owner.strategy(), day, now, profit - fee));
        }
    }

    // ---------------------------------------------------------------- adding up

    /** Worst-case loss of an event, over what {@code which} names of it. */
    private long exposure(BookId book, EventId event, Predicate<Owner> which) {
        List<MarketId> markets = places(book).stream()
                .map(BookId.OfMarket::market)
                .filter(market -> at(book, market).event().equals(event))
                .toList();
        boolean exclusive = !markets.isEmpty()
                && markets.stream().allMatch(market -> at(book, market).exclusive());
        if (!exclusive) {
            return markets.stream()
                    .mapToLong(market -> Math.max(
                            loss(book, market, Micros.ONE, which),
                            Math.max(loss(book, market, 0, which), loss(book, market, Micros.ONE / 2, which))))
                    .sum();
        }
        long none = markets.stream()
                .mapToLong(market -> loss(book, market, 0, which))
                .sum();
        long worst = Math.max(
                none,
                markets.stream()
                        .mapToLong(market -> loss(book, market, Micros.ONE / 2, which))
                        .sum());
        for (MarketId winner : markets) {
            worst = Math.max(worst, none - loss(book, winner, 0, which) + loss(book, winner, Micros.ONE, which));
        }
        return worst;
    }

    /** Loss of a market if YES pays {@code yesValue}. */
    private long loss(BookId book, MarketId market, long yesValue, Predicate<Owner> which) {
        BookId.OfMarket place = new BookId.OfMarket(book, market);
        long loss = 0;
        for (Map.Entry<Owner, Holding> entry :
                holdings.getOrDefault(place, Map.of()).entrySet()) {
            if (which.test(entry.getKey())) {
                Holding holding = entry.getValue();
                // Void pays half a dollar for each contract, the odd one rounded once.
                long pays = yesValue == Micros.ONE
                        ? holding.quantity[0]
                        : yesValue == 0 ? holding.quantity[1] : (holding.quantity[0] + holding.quantity[1]) / 2;
                loss += holding.cost() - pays;
            }
        }
        for (Order order : ordersByPlace.getOrDefault(place, List.of())) {
            if (order.isOpen() && which.test(order.owner())) {
                loss += order.worstLoss(yesValue);
            }
        }
        return loss;
    }

    /** Places where something is held or ordered; the others add nothing. */
    private List<BookId.OfMarket> places(BookId book) {
        return places.keySet().stream()
                .filter(place -> place.book().equals(book))
                .filter(place -> holdings.getOrDefault(place, Map.of()).values().stream()
                                .anyMatch(holding -> holding.quantity[0] != 0 || holding.quantity[1] != 0)
                        || ordersByPlace.getOrDefault(place, List.of()).stream().anyMatch(Order::isOpen))
                .toList();
    }

    private Place at(BookId book, MarketId market) {
        return Objects.requireNonNull(places.get(new BookId.OfMarket(book, market)));
    }

    private long exposures(BookId book, Predicate<Place> where, Predicate<Owner> which) {
        return places(book).stream()
                .map(place -> at(book, place.market()))
                .filter(where)
                .map(Place::event)
                .distinct()
                .mapToLong(event -> Math.max(0, exposure(book, event, which)))
                .sum();
    }

    long exposure(BookId book) {
        return exposures(book, place -> true, owner -> true);
    }

    long exposureIn(BookId book, MarketId market) {
        return Math.max(
                loss(book, market, Micros.ONE, owner -> true),
                Math.max(loss(book, market, 0, owner -> true), loss(book, market, Micros.ONE / 2, owner -> true)));
    }

    long exposureOfEvent(BookId book, MarketId market) {
        return exposure(book, at(book, market).event(), owner -> true);
    }

    String categoryOf(BookId book, MarketId market) {
        return at(book, market).category();
    }

    long exposureOf(BookId book, String category) {
        return exposures(book, place -> place.category().equals(category), owner -> true);
    }

    long exposureAt(BookId book, Venue venue) {
        return exposures(book, place -> true, owner -> owner.market().venue() == venue);
    }

    long exposureOf(BookId book, StrategyId strategy) {
        return exposures(book, place -> true, owner -> owner.strategy().equals(strategy));
    }

    /** Cost of holdings and open orders; nothing offsets. */
    long gross(BookId book, Predicate<MarketId> markets) {
        return places(book).stream()
                        .filter(place -> markets.test(place.market()))
                        .mapToLong(place ->
                                sum(holdings.getOrDefault(place, Map.of()).values(), Holding::cost))
                        .sum()
                + reserved(book, markets);
    }

    long reserved(BookId book, Predicate<MarketId> markets) {
        return sum(open(book, markets), Order::worstCost);
    }

    List<Order> open(BookId book, Predicate<MarketId> markets) {
        return places(book).stream()
                .filter(place -> markets.test(place.market()))
                .flatMap(place -> ordersByPlace.getOrDefault(place, List.of()).stream())
                .filter(Order::isOpen)
                .toList();
    }

    /** Markets of which more than 0.01 contract of a side is held, or an order buys. */
    long openPositions(BookId book) {
        return places(book).stream()
                .filter(place -> holdings.getOrDefault(place, Map.of()).values().stream()
                                .anyMatch(holding ->
                                        Math.max(holding.quantity[0], holding.quantity[1]) > Micros.ONE / 100)
                        || open(book, place.market()::equals).stream()
                                .anyMatch(order -> order.approved.signal().action() == Action.BUY))
                .count();
    }

    long realised(BookId book) {
        return realised.getOrDefault(book, 0L);
    }

    long fees(BookId book) {
        return fees.getOrDefault(book, 0L);
    }

    long profitToday(BookId book, @Nullable StrategyId strategy) {
        return profits.stream()
                .filter(profit -> profit.book().equals(book) && profit.day() == day)
                .filter(profit -> strategy == null || profit.strategy().equals(strategy))
                .mapToLong(Profit::amount)
                .sum();
    }

    long profit24h(BookId book, @Nullable StrategyId strategy) {
        return profits.stream()
                .filter(profit -> profit.book().equals(book) && profit.atMillis() > now - DAY_MILLIS)
                .filter(profit -> strategy == null || profit.strategy().equals(strategy))
                .mapToLong(Profit::amount)
                .sum();
    }

    long tradesToday(BookId book, @Nullable StrategyId strategy) {
        return openings.stream()
                .filter(opening -> opening.book().equals(book) && opening.day() == day)
                .filter(opening -> strategy == null || opening.strategy().equals(strategy))
                .count();
    }

    long trades24h(BookId book, @Nullable StrategyId strategy) {
        return openings.stream()
                .filter(opening -> opening.book().equals(book) && opening.atMillis() > now - DAY_MILLIS)
                .filter(opening -> strategy == null || opening.strategy().equals(strategy))
                .count();
    }

    /** The tightest value that any scope sets for the signal. */
    long limit(Limit limit, Signal signal, Subject subject) {
        return limits.entrySet().stream()
                .filter(owner ->
                        owner.getKey().equals(AccountId.ALL) || owner.getKey().equals(signal.account()))
                .flatMap(owner -> owner.getValue().values().stream())
                .filter(set -> subject.isIn(set.scope()) && set.limits().containsKey(limit))
                .map(set -> set.limits().get(limit))
                .reduce(limit::tighter)
                .orElseThrow();
    }

    Subject subject(BookId book, Signal signal) {
        Place place = at(book, signal.market());
        return new Subject(signal.account(), signal.strategy(), signal.market(), place.event(), place.category());
    }

    // ---------------------------------------------------------------- cash

    /**
     * What every trade that stands and every settlement have moved at a venue, and nothing else: a trade taken back
     * never happened, a settled market pays for all that was ever bought of it and not sold, and a pair of both sides
     * is a dollar as soon as the venue nets. Order does not matter to it.
     */
    long cashMoved(BookId book, Venue venue) {
        long cash = 0;
        Map<MarketId, long[]> positions = new LinkedHashMap<>();
        for (BookedTrade trade : trades.values()) {
            Fill fill = trade.fill();
            if (fill.status() != Fill.Status.VOID
                    && fill.market().venue() == venue
                    && new BookId(fill.account(), fill.mode()).equals(book)) {
                cash += fill.cashChange().micros();
                positions.computeIfAbsent(fill.market(), market -> new long[2])[index(fill.side())] += fill.action()
                                == Action.BUY
                        ? fill.quantity().micros()
                        : -fill.quantity().micros();
            }
        }
        for (Map.Entry<MarketId, long[]> position : positions.entrySet()) {
            long yes = position.getValue()[0];
            long no = position.getValue()[1];
            Price value = settled.get(new BookId.OfMarket(book, position.getKey()));
            if (value != null) {
                cash += floor(value.micros(), yes) + floor(value.complement().micros(), no);
            } else {
                long pairs = Math.min(yes, no);
                cash += venue.netsPairs() ? pairs : Math.min(0, pairs);
            }
        }
        return cash;
    }

    /** Payments that may have been rounded one by one where {@link #cashMoved} rounds their sum. */
    long roundedPayments(BookId book, Venue venue) {
        return trades.values().stream()
                .map(BookedTrade::fill)
                .filter(fill -> fill.market().venue() == venue && fill.account().equals(book.account()))
                .map(fill -> settled.get(new BookId.OfMarket(book, fill.market())))
                .filter(value -> value != null && value.micros() != 0 && value.micros() != Micros.ONE)
                .count();
    }

    // ---------------------------------------------------------------- arithmetic

    private static <T> long sum(Collection<T> of, ToLongFunction<T> number) {
        return of.stream().mapToLong(number).sum();
    }

    private static long ceil(long price, long quantity) {
        return -floor(-price, quantity);
    }

    private static long floor(long price, long quantity) {
        BigInteger[] parts = BigInteger.valueOf(price)
                .multiply(BigInteger.valueOf(quantity))
                .divideAndRemainder(BigInteger.valueOf(Micros.ONE));
        return parts[0].longValueExact() - (parts[1].signum() < 0 ? 1 : 0);
    }

    private static long ceilDiv(long amount, long part, long whole) {
        BigInteger[] parts = BigInteger.valueOf(amount)
                .multiply(BigInteger.valueOf(part))
                .divideAndRemainder(BigInteger.valueOf(whole));
        return parts[0].longValueExact() + (parts[1].signum() > 0 ? 1 : 0);
    }

    private static int index(Side side) {
        return side == Side.YES ? 0 : 1;
    }
}
