package sluice.venues.simulator.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sluice.domain.Action;
import sluice.domain.Micros;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.market.FeeModel;
import sluice.domain.market.FeeTerms;
import sluice.domain.market.FillFee;
import sluice.venues.simulator.core.Command.SelfTrade;
import sluice.venues.simulator.core.Command.TimeInForce;

/**
 * The simulated exchange. Pure: what it holds depends on the commands applied and their order, on nothing else.
 *
 * <p>A market has one book in YES terms. Buying NO at q is an ask at 1 - q, selling NO at q a bid at 1 - q, so two
 * buyers of complementary tokens meet (a pair is minted) and two sellers too (a pair is merged). Trades happen at the
 * resting order's price, the best price first, at one price the oldest order first.
 *
 * <p>Cash never appears from nowhere: cash of all accounts and the house, plus fees, plus one dollar for every pair
 * outstanding, is what was deposited. Not thread-safe.
 */
public final class Exchange {
    /** One dollar, one contract. */
    public static final long ONE = Micros.ONE;

    /** The account behind the levels that are set from outside. Its cash may go below zero. */
    public static final String HOUSE = "house";

    private static final long GROUP_WINDOW_MILLIS = 15_000;

    /**
     * How a venue differs in money.
     *
     * @param nets whether a YES and a NO of one account become a dollar at once, so that NO need not be held to be sold
     */
    public record Rules(FeeModel fees, boolean nets) {}

    /**
     * What came of a command.
     *
     * @param denial null if it was done
     * @param order the order it was about, as it is now
     * @param fills of that order
     * @param reduced by how much less can still trade
     */
    public record Outcome(
            @Nullable Denial denial,
            @Nullable Order order,
            List<Trade.Fill> fills,
            long reduced,
            List<Change> changes) {}

    /** What an account holds of a market. Cost is what was paid for what is held, without fees. */
    public static final class Position {
        public long yes;
        public long no;
        public long cost;
        public long realized;
        public long fees;
        public long traded;
        public long volume;
        public long updatedAt;

        /** YES less NO. */
        public long net() {
            return yes - no;
        }
    }

    /** What a market paid an account. */
    public record Payout(
            String account,
            String market,
            String result,
            long yes,
            long no,
            long cost,
            long fees,
            long revenue,
            long at) {}

    /** A set of orders that are cancelled when too much of them trades within 15 seconds. */
    public static final class Group {
        public final String id;
        public final String account;
        public long limit;
        public boolean triggered;
        private final Deque<long[]> recent = new ArrayDeque<>();

        Group(String id, String account, long limit) {
            this.id = id;
            this.account = account;
            this.limit = limit;
        }

        long volume(long now) {
            recent.removeIf(r -> r[0] <= now - GROUP_WINDOW_MILLIS);
            return recent.stream().mapToLong(r -> r[1]).sum();
        }
    }

    private final Rules rules;
    private final Map<String, Market> markets = new LinkedHashMap<>();
    private final Map<String, Order> orders = new LinkedHashMap<>();
    /** The part of {@link #orders} that can still trade: small, however long the exchange runs. */
    private final Map<String, Order> live = new LinkedHashMap<>();

    private final Map<String, String> clientIds = new LinkedHashMap<>();
    private final Map<String, Trade> trades = new LinkedHashMap<>();
    private final Map<String, Map<String, Long>> cash = new TreeMap<>();
    private final Map<String, Map<String, Position>> positions = new TreeMap<>();
    private final List<Payout> payouts = new ArrayList<>();
    private final Map<String, Group> groups = new LinkedHashMap<>();
    private final Map<String, JsonNode> notes = new LinkedHashMap<>();
    private long feesCollected;
    private long deposited;
    private long counter;
    private long feeDrift;
    private boolean exchangeActive = true;
    private boolean tradingActive = true;
    private long now;

    private List<Change> changes = new ArrayList<>();
    private List<Trade.Fill> fills = new ArrayList<>();

    public Exchange(Rules rules) {
        this.rules = rules;
    }

    // ---------------------------------------------------------------- reading

    public @Nullable Market market(String id) {
        return markets.get(id);
    }

    public Collection<Market> markets() {
        return Collections.unmodifiableCollection(markets.values());
    }

    public @Nullable Order order(String id) {
        return orders.get(id);
    }

    /** Every order ever taken, oldest first. */
    public Collection<Order> orders() {
        return Collections.unmodifiableCollection(orders.values());
    }

    /** Every order that can still trade, oldest first. */
    public List<Order> liveOrders() {
        return List.copyOf(live.values());
    }

    /** Every trade, oldest first. */
    public Collection<Trade> trades() {
        return Collections.unmodifiableCollection(trades.values());
    }

    public @Nullable Trade trade(String id) {
        return trades.get(id);
    }

    /** Every fill of an account, oldest first. */
    public List<Trade.Fill> fills(String account) {
        List<Trade.Fill> found = new ArrayList<>();
        for (Trade trade : trades.values()) {
            if (trade.taker().account().equals(account)) {
                found.add(trade.taker());
            }
            if (trade.maker().account().equals(account)) {
                found.add(trade.maker());
            }
        }
        return found;
    }

    public Map<String, Position> positions(String account) {
        return Collections.unmodifiableMap(positions.getOrDefault(account, Map.of()));
    }

    public long cash(String account, String pocket) {
        return cash.getOrDefault(account, Map.of()).getOrDefault(pocket, 0L);
    }

    public Map<String, Long> cash(String account) {
        return Collections.unmodifiableMap(cash.getOrDefault(account, Map.of()));
    }

    public Set<String> accounts() {
        return Collections.unmodifiableSet(cash.keySet());
    }

    public List<Payout> payouts() {
        return Collections.unmodifiableList(payouts);
    }

    public @Nullable Group group(String id) {
        return groups.get(id);
    }

    public Collection<Group> groups() {
        return Collections.unmodifiableCollection(groups.values());
    }

    public @Nullable JsonNode note(String key) {
        return notes.get(key);
    }

    public Map<String, JsonNode> notes() {
        return Collections.unmodifiableMap(notes);
    }

    public boolean exchangeActive() {
        return exchangeActive;
    }

    public boolean tradingActive() {
        return tradingActive;
    }

    public long feesCollected() {
        return feesCollected;
    }

    /** When the newest command was given. */
    public long now() {
        return now;
    }

    /** Deposits less everything that accounts for them; zero, or this class is wrong. */
    public long imbalance() {
        long held = feesCollected;
        for (Map<String, Long> pockets : cash.values()) {
            held += pockets.values().stream().mapToLong(Long::longValue).sum();
        }
        Map<String, long[]> tokens = new TreeMap<>();
        positions
                .values()
                .forEach(byMarket -> byMarket.forEach((market, p) -> {
                    long[] sum = tokens.computeIfAbsent(market, m -> new long[2]);
                    sum[0] += p.yes;
                    sum[1] += p.no;
                }));
        for (long[] sum : tokens.values()) {
            if (sum[0] != sum[1]) {
                throw new IllegalStateException("YES and NO outstanding differ: " + sum[0] + " and " + sum[1]);
            }
            held += sum[0];
        }
        return deposited - held;
    }

    /** What orders of the account keep bound in a pocket; free cash is cash less this. */
    public long reserved(String account, String pocket) {
        long sum = 0;
        for (Market market : markets.values()) {
            if (market.definition.pocket().equals(pocket)) {
                sum += reserved(account, market, null);
            }
        }
        return sum;
    }

    // ---------------------------------------------------------------- changing

    /** Applies one command. Expected refusals are in the outcome; an exception means that this class is wrong. */
    public Outcome apply(Command command) {
        now = Math.max(now, command.at());
        changes = new ArrayList<>();
        fills = new ArrayList<>();
        return switch (command) {
            case Command.Place c -> place(c);
            case Command.Cancel c -> cancelAsked(c);
            case Command.Amend c -> amend(c);
            case Command.SetLevels c -> setLevels(c);
            case Command.HouseTakes c -> houseTakes(c);
            case Command.DefineMarket c -> define(c);
            case Command.Deposit c -> {
                move(c.account(), c.pocket(), c.amount());
                deposited += c.amount();
                yield done(null);
            }
            case Command.GiveTokens c -> giveTokens(c);
            case Command.SetStatus c -> withMarket(c.market(), m -> setStatus(m, c.status()));
            case Command.SetGrid c ->
                withMarket(c.market(), m -> {
                    m.bands = c.bands();
                    m.gridLabel = c.label();
                    changed(m, "grid");
                });
            case Command.SetFees c ->
                withMarket(c.market(), m -> {
                    m.fees = c.fees();
                    changed(m, "fees");
                });
            case Command.SetClose c ->
                withMarket(c.market(), m -> {
                    m.closeAt = c.closeAt();
                    changed(m, "close_date");
                });
            case Command.Determine c -> withMarket(c.market(), m -> determine(m, c.yesValue(), c.result()));
            case Command.Settle c -> withMarket(c.market(), this::settle);
            case Command.Pause c -> pause(c);
            case Command.SetGroup c -> setGroup(c);
            case Command.SetTrade c -> setTrade(c);
            case Command.FeeDrift c -> {
                feeDrift = c.amount();
                yield done(null);
            }
            case Command.Tick c -> tick(c);
            case Command.Note c -> {
                notes.put(c.key(), c.value());
                yield done(null);
            }
        };
    }

    private Outcome done(@Nullable Order order) {
        return new Outcome(null, order == null ? null : order.copy(), fills, 0, changes);
    }

    private Outcome reduced(Order order, long by) {
        return new Outcome(null, order.copy(), fills, by, changes);
    }

    private Outcome denied(Denial denial) {
        return new Outcome(denial, null, fills, 0, changes);
    }

    private Outcome withMarket(String id, java.util.function.Consumer<Market> change) {
        Market market = markets.get(id);
        if (market == null) {
            return denied(Denial.NO_SUCH_MARKET);
        }
        change.accept(market);
        market.updatedAt = now;
        return done(null);
    }

    private void changed(Market market, String what) {
        market.updatedAt = now;
        changes.add(new Change.MarketChanged(market.id, what));
    }

    private Outcome define(Command.DefineMarket c) {
        Market market = markets.get(c.market());
        if (market == null) {
            market = new Market(c);
            markets.put(c.market(), market);
            Long openAt = c.openAt();
            market.status = openAt != null && openAt > now ? Market.Status.INITIALIZED : Market.Status.ACTIVE;
            changed(market, "created");
        } else {
            market.definition = c;
            market.bands = c.bands();
            market.fees = c.fees();
            market.closeAt = c.closeAt();
            market.updatedAt = now;
        }
        return done(null);
    }

    private Outcome giveTokens(Command.GiveTokens c) {
        if (!markets.containsKey(c.market())) {
            return denied(Denial.NO_SUCH_MARKET);
        }
        // The house pays for the pair and keeps the other half.
        move(HOUSE, "", -c.quantity());
        Position theirs = position(c.account(), c.market());
        Position house = position(HOUSE, c.market());
        theirs.yes += c.yes() ? c.quantity() : 0;
        theirs.no += c.yes() ? 0 : c.quantity();
        house.yes += c.yes() ? 0 : c.quantity();
        house.no += c.yes() ? c.quantity() : 0;
        theirs.updatedAt = now;
        changes.add(new Change.PositionChanged(c.account(), c.market()));
        return done(null);
    }

    // ---------------------------------------------------------------- orders

    private Outcome place(Command.Place c) {
        Market market = markets.get(c.market());
        if (market == null) {
            return denied(Denial.NO_SUCH_MARKET);
        }
        if (orders.containsKey(c.orderId()) || clientIdTaken(c)) {
            return denied(Denial.DUPLICATE);
        }
        if (!exchangeActive) {
            return denied(Denial.EXCHANGE_PAUSED);
        }
        if (!tradingActive) {
            return denied(Denial.TRADING_PAUSED);
        }
        if (market.status != Market.Status.ACTIVE) {
            return denied(Denial.MARKET_NOT_OPEN);
        }
        if (!market.definition.pocket().equals(c.pocket())) {
            return denied(Denial.WRONG_POCKET);
        }
        if (!market.onGrid(c.price())) {
            return denied(Denial.PRICE_OFF_GRID);
        }
        if (c.quantity() <= 0) {
            return denied(Denial.BAD_QUANTITY);
        }
        if (!c.group().isEmpty()) {
            Group group = groups.get(c.group());
            if (group == null || !group.account.equals(c.account())) {
                return denied(Denial.NO_SUCH_GROUP);
            }
            if (group.triggered) {
                return denied(Denial.GROUP_TRIGGERED);
            }
        }
        Order order = new Order(c);
        order.priority = ++counter;
        if (c.reduceOnly()) {
            long net = position(c.account(), c.market()).net();
            long held = order.bid() ? -net : net;
            order.remaining = Math.min(order.remaining, Math.max(held, 0));
        }
        if (c.postOnly() && crosses(market, order)) {
            remember(order);
            finish(order, Order.Status.CANCELED, "PostOnlyCrossCancel");
            return denied(Denial.POST_ONLY_CROSSES);
        }
        if (c.timeInForce() == TimeInForce.FOK && c.activeAt() == null && fillable(market, order) < c.quantity()) {
            spendClientId(order);
            return denied(Denial.FOK_CANNOT_FILL);
        }
        Denial funds = lacking(market, order);
        if (funds != null) {
            return denied(funds);
        }
        remember(order);
        if (c.reduceOnly() && order.remaining == 0) {
            finish(order, Order.Status.CANCELED, "ReduceOnlyCancel");
            return done(order);
        }
        if (c.activeAt() != null) {
            order.status = Order.Status.DELAYED;
            changes.add(new Change.OrderChanged(order.copy(), ""));
            return done(order);
        }
        enter(market, order);
        return done(order);
    }

    private boolean clientIdTaken(Command.Place c) {
        if (c.clientId().isEmpty()) {
            return false;
        }
        String holder = clientIds.get(c.account() + "/" + c.clientId());
        if (holder == null) {
            return false;
        }
        Order earlier = orders.get(holder);
        return !(c.reuseOfFinished() && (earlier == null || !earlier.live()));
    }

    private void remember(Order order) {
        orders.put(order.id, order);
        live.put(order.id, order);
        spendClientId(order);
    }

    private void spendClientId(Order order) {
        if (!order.clientId.isEmpty()) {
            clientIds.put(order.account() + "/" + order.clientId, order.id);
        }
    }

    /** Trades what crosses and lets the rest stand or go. */
    private void enter(Market market, Order order) {
        order.status = Order.Status.RESTING;
        boolean stopped = match(market, order);
        boolean rests = order.placed.timeInForce() == TimeInForce.GTC && !stopped;
        if (order.remaining == 0) {
            finish(order, order.filled == order.initial ? Order.Status.EXECUTED : Order.Status.CANCELED, "Trade");
        } else if (rests) {
            rest(market, order);
            changes.add(new Change.OrderChanged(order.copy(), order.filled > 0 ? "Trade" : ""));
        } else {
            finish(order, Order.Status.CANCELED, stopped ? "SelfTradeCancel" : order.filled > 0 ? "Trade" : "Decrease");
        }
        keepWithinCash(order.account(), market);
    }

    private void rest(Market market, Order order) {
        market.side(order.bid())
                .computeIfAbsent(order.yesPrice(), p -> new TreeMap<>())
                .put(order.priority, order);
        levelChanged(market, order.bid(), order.yesPrice(), order.remaining, order.id);
    }

    private void levelChanged(Market market, boolean bid, long yesPrice, long delta, String orderId) {
        NavigableMap<Long, Order> level = market.side(bid).get(yesPrice);
        long total = level == null
                ? 0
                : level.values().stream().mapToLong(o -> o.remaining).sum();
        changes.add(new Change.LevelChanged(market.id, bid, yesPrice, delta, total, orderId));
    }

    private void leaveBook(Market market, Order order) {
        NavigableMap<Long, Order> level = market.side(order.bid()).get(order.yesPrice());
        if (level != null && level.remove(order.priority) != null && level.isEmpty()) {
            market.side(order.bid()).remove(order.yesPrice());
        }
    }

    private void finish(Order order, Order.Status status, String reason) {
        order.status = status;
        order.reason = reason;
        order.remaining = 0;
        order.updatedAt = now;
        live.remove(order.id);
        if (order.filled == 0 && order.account().equals(HOUSE)) {
            orders.remove(order.id);
        }
        changes.add(new Change.OrderChanged(order.copy(), reason));
    }

    /** Takes a live order out; gives how much could still have traded. */
    private long cancel(Order order, String reason) {
        Market market = marketOf(order);
        long left = order.remaining;
        if (order.status == Order.Status.RESTING) {
            leaveBook(market, order);
            finish(order, Order.Status.CANCELED, reason);
            levelChanged(market, order.bid(), order.yesPrice(), -left, order.id);
        } else {
            finish(order, Order.Status.CANCELED, reason);
        }
        return left;
    }

    private Market marketOf(Order order) {
        Market market = markets.get(order.market());
        if (market == null) {
            throw new IllegalStateException("order " + order.id + " is of no known market: " + order.market());
        }
        return market;
    }

    private boolean crosses(Market market, Order order) {
        var opposite = market.side(!order.bid());
        return !opposite.isEmpty() && reaches(order, opposite.firstKey());
    }

    private static boolean reaches(Order order, long yesPrice) {
        return order.bid() ? yesPrice <= order.yesPrice() : yesPrice >= order.yesPrice();
    }

    private long fillable(Market market, Order order) {
        long sum = 0;
        for (var level : market.side(!order.bid()).entrySet()) {
            if (!reaches(order, level.getKey())) {
                break;
            }
            for (Order resting : level.getValue().values()) {
                boolean skipped = order.placed.selfTrade() == SelfTrade.CANCEL_MAKER
                        && resting.account().equals(order.account());
                sum += skipped ? 0 : resting.remaining;
            }
        }
        return sum;
    }

    /** Trades until nothing crosses; true if it had to stop because of the account's own order. */
    private boolean match(Market market, Order taker) {
        var opposite = market.side(!taker.bid());
        while (taker.remaining > 0 && !opposite.isEmpty() && reaches(taker, opposite.firstKey())) {
            Order maker = opposite.firstEntry().getValue().firstEntry().getValue();
            if (maker.account().equals(taker.account())) {
                if (taker.placed.selfTrade() == SelfTrade.CANCEL_TAKER) {
                    return true;
                }
                if (taker.placed.selfTrade() == SelfTrade.CANCEL_MAKER) {
                    cancel(maker, "SelfTradeCancel");
                    continue;
                }
            }
            trade(market, taker, maker);
        }
        return false;
    }

    private void trade(Market market, Order taker, Order maker) {
        long quantity = Math.min(taker.remaining, maker.remaining);
        long yesPrice = maker.yesPrice();
        String id = nextId("trade");
        Trade.Fill took = fill(market, taker, id, yesPrice, quantity, true);
        Trade.Fill made = fill(market, maker, id, yesPrice, quantity, false);
        Trade trade = new Trade(
                id,
                market.id,
                now,
                yesPrice,
                quantity,
                took,
                made,
                rules.nets() ? Trade.Status.CONFIRMED : Trade.Status.MATCHED,
                "",
                now);
        trades.put(id, trade);
        fills.add(took);
        fills.add(made);
        market.lastPrice = yesPrice;
        market.lastQuantity = quantity;
        market.lastBuy = taker.bid();
        market.volume += quantity;
        boolean makerDone = maker.remaining == 0;
        if (makerDone) {
            leaveBook(market, maker);
            maker.status = Order.Status.EXECUTED;
            maker.reason = "Trade";
            live.remove(maker.id);
        }
        levelChanged(market, maker.bid(), yesPrice, -quantity, taker.id);
        changes.add(new Change.Traded(trade));
        changes.add(new Change.OrderChanged(maker.copy(), "Trade"));
        countForGroup(taker, quantity);
        countForGroup(maker, quantity);
        keepWithinCash(maker.account(), market);
    }

    private Trade.Fill fill(Market market, Order order, String tradeId, long yesPrice, long quantity, boolean taker) {
        boolean yes = order.placed.yes();
        boolean buy = order.placed.buy();
        long yesCost = Micros.mulDivFloor(yesPrice, quantity, ONE);
        long cost = yes ? yesCost : quantity - yesCost;
        long price = yes ? yesPrice : ONE - yesPrice;
        long fee = fee(market, order, price, quantity, taker);
        long moved = (buy ? -cost : cost) - fee;
        Position position = position(order.account(), market.id);
        long paired = 0;
        if (buy) {
            position.yes += yes ? quantity : 0;
            position.no += yes ? 0 : quantity;
            position.cost += cost;
            position.traded += cost;
        } else {
            long held = yes ? position.yes : position.no;
            long part = held <= 0 ? 0 : Micros.mulDivFloor(position.cost, Math.min(quantity, held), held);
            position.realized += cost - part;
            position.cost -= part;
            position.yes -= yes ? quantity : 0;
            position.no -= yes ? 0 : quantity;
        }
        if (rules.nets() || order.account().equals(HOUSE)) {
            paired = Math.min(position.yes, position.no);
            if (paired > 0) {
                net(position, paired, yes, quantity, cost);
            } else {
                paired = 0;
            }
        }
        position.fees += fee;
        position.volume += quantity;
        position.updatedAt = now;
        move(order.account(), market.definition.pocket(), moved + paired);
        feesCollected += fee;
        market.openInterest = positions.values().stream()
                .mapToLong(p -> {
                    Position one = p.get(market.id);
                    return one == null ? 0 : one.yes;
                })
                .sum();
        order.filled += quantity;
        order.remaining -= quantity;
        order.updatedAt = now;
        if (taker) {
            order.takerCost += cost;
            order.takerFees += fee;
        } else {
            order.makerCost += cost;
            order.makerFees += fee;
        }
        changes.add(new Change.PositionChanged(order.account(), market.id));
        return new Trade.Fill(
                tradeId,
                order.id,
                order.account(),
                market.id,
                yes,
                buy,
                price,
                yesPrice,
                quantity,
                fee,
                moved + paired,
                taker,
                now,
                position.net());
    }

    /**
     * Pairs become dollars. The cost of what they closed leaves the position, and what is left of the dollars is
     * profit.
     */
    private static void net(Position position, long paired, boolean boughtYes, long quantity, long cost) {
        long oldHeld = boughtYes ? position.no : position.yes;
        long costOfNew = Micros.mulDivFloor(cost, paired, quantity);
        long oldCost = position.cost - cost;
        long costOfOld = Micros.mulDivFloor(oldCost, paired, oldHeld);
        position.yes -= paired;
        position.no -= paired;
        position.cost -= costOfNew + costOfOld;
        position.realized += paired - costOfNew - costOfOld;
    }

    private long fee(Market market, Order order, long price, long quantity, boolean taker) {
        if (order.account().equals(HOUSE)) {
            return 0;
        }
        FillFee charged = FillFee.of(
                terms(market),
                order.placed.buy() ? Action.BUY : Action.SELL,
                new Price(price),
                new Quantity(quantity),
                taker,
                new Money(order.feeAccumulated));
        order.feeAccumulated = charged.accumulated().micros();
        long drift = feeDrift;
        feeDrift = 0;
        return Math.max(0, charged.fee().micros() + drift);
    }

    private FeeTerms terms(Market market) {
        return new FeeTerms(rules.fees(), market.fees.takerRate(), market.fees.makerRate(), "");
    }

    // ---------------------------------------------------------------- money

    private Position position(String account, String market) {
        return positions
                .computeIfAbsent(account, a -> new LinkedHashMap<>())
                .computeIfAbsent(market, m -> new Position());
    }

    private void move(String account, String pocket, long amount) {
        cash.computeIfAbsent(account, a -> new TreeMap<>()).merge(pocket, amount, Math::addExact);
    }

    private List<Order> liveOrders(String account, Market market, @Nullable Order extra) {
        List<Order> found = new ArrayList<>();
        for (Order order : live.values()) {
            if (order.account().equals(account) && order.market().equals(market.id)) {
                found.add(order);
            }
        }
        if (extra != null) {
            found.add(extra);
        }
        return found;
    }

    /** What orders in one market may still cost. With netting, an order that closes a position costs nothing. */
    private long reserved(String account, Market market, @Nullable Order extra) {
        List<Order> live = liveOrders(account, market, extra);
        Position position = positions.getOrDefault(account, Map.of()).get(market.id);
        long net = position == null || !rules.nets() ? 0 : position.net();
        return side(live, market, true, Math.max(-net, 0)) + side(live, market, false, Math.max(net, 0));
    }

    private long side(List<Order> live, Market market, boolean bid, long covered) {
        long free = covered;
        long sum = 0;
        List<Order> orders = live.stream()
                .filter(o -> o.bid() == bid && o.placed.buy())
                .sorted(Comparator.comparingLong((Order o) -> o.price).reversed())
                .toList();
        for (Order order : orders) {
            long closing = Math.min(free, order.remaining);
            free -= closing;
            long opening = order.remaining - closing;
            sum += Micros.mulDivCeil(order.price, opening, ONE);
            sum += terms(market)
                    .worstCase(
                            Action.BUY, new Quantity(order.remaining), new Price(order.price), order.priority < counter)
                    .micros();
        }
        return sum;
    }

    private @Nullable Denial lacking(Market market, Order order) {
        String account = order.account();
        if (account.equals(HOUSE)) {
            return null;
        }
        if (!order.placed.buy()) {
            Position position = positions.getOrDefault(account, Map.of()).get(market.id);
            long held = position == null ? 0 : order.placed.yes() ? position.yes : position.no;
            long offered = liveOrders(account, market, order).stream()
                    .filter(o -> !o.placed.buy() && o.placed.yes() == order.placed.yes())
                    .mapToLong(o -> o.remaining)
                    .sum();
            return offered > held ? Denial.TOO_FEW_TOKENS : null;
        }
        long have = cash(account, order.placed.pocket());
        long before = rules.nets() ? reserved(account, order.placed.pocket()) : reserved(account, market, null);
        long after = before - reserved(account, market, null) + reserved(account, market, order);
        return after > have && after > before ? Denial.TOO_LITTLE_CASH : null;
    }

    /** Where orders in other markets do not bind cash, those that can no longer be paid for are taken out. */
    private void keepWithinCash(String account, Market traded) {
        if (rules.nets() || account.equals(HOUSE)) {
            return;
        }
        long have = cash(account, traded.definition.pocket());
        for (Market market : markets.values()) {
            List<Order> live = liveOrders(account, market, null);
            for (int i = live.size() - 1; i >= 0 && reserved(account, market, null) > have; i--) {
                if (live.get(i).placed.buy() && live.get(i).status == Order.Status.RESTING) {
                    cancel(live.get(i), "INVALID");
                }
            }
        }
    }

    // ---------------------------------------------------------------- cancel and change

    private Outcome cancelAsked(Command.Cancel c) {
        Order order = orders.get(c.orderId());
        if (order == null || !order.live()) {
            return denied(Denial.NO_SUCH_ORDER);
        }
        if (!exchangeActive) {
            return denied(Denial.EXCHANGE_PAUSED);
        }
        Market.Status status = marketOf(order).status;
        if (status != Market.Status.ACTIVE && status != Market.Status.INACTIVE) {
            return denied(Denial.MARKET_NOT_OPEN);
        }
        return reduced(order, cancel(order, c.reason()));
    }

    private Outcome amend(Command.Amend c) {
        Order order = orders.get(c.orderId());
        if (order == null || order.status != Order.Status.RESTING) {
            return denied(Denial.NO_SUCH_ORDER);
        }
        Market market = marketOf(order);
        if (!exchangeActive || !tradingActive) {
            return denied(exchangeActive ? Denial.TRADING_PAUSED : Denial.EXCHANGE_PAUSED);
        }
        if (market.status != Market.Status.ACTIVE) {
            return denied(Denial.MARKET_NOT_OPEN);
        }
        if (!market.onGrid(c.price())) {
            return denied(Denial.PRICE_OFF_GRID);
        }
        if (c.total() < order.filled) {
            return denied(Denial.BAD_QUANTITY);
        }
        String key = order.account() + "/" + c.clientId();
        if (!c.clientId().isEmpty() && clientIds.containsKey(key) && !order.id.equals(clientIds.get(key))) {
            return denied(Denial.DUPLICATE);
        }
        long left = order.remaining;
        if (c.total() == order.filled) {
            return reduced(order, cancel(order, "Amend"));
        }
        long oldPrice = order.price;
        long next = c.total() - order.filled;
        order.price = c.price();
        order.remaining = next;
        Denial funds = next > left || c.price() != oldPrice ? lackingAfter(order) : null;
        order.price = oldPrice;
        order.remaining = left;
        if (funds != null) {
            return denied(funds);
        }
        if (!c.clientId().isEmpty()) {
            order.clientId = c.clientId();
            clientIds.put(key, order.id);
        }
        Long expiresAt = c.expiresAt();
        if (expiresAt != null) {
            order.expiresAt = expiresAt == 0 ? null : expiresAt;
        }
        order.initial = c.total();
        order.updatedAt = now;
        if (c.price() == oldPrice && next <= left) {
            order.remaining = next;
            if (next < left) {
                levelChanged(market, order.bid(), order.yesPrice(), next - left, order.id);
            }
            changes.add(new Change.OrderChanged(order.copy(), next < left ? "Decrease" : "Amend"));
            return reduced(order, left - next);
        }
        leaveBook(market, order);
        long oldYesPrice = order.yesPrice();
        order.remaining = 0;
        levelChanged(market, order.bid(), oldYesPrice, -left, order.id);
        order.price = c.price();
        order.remaining = next;
        order.priority = ++counter;
        enter(market, order);
        return reduced(order, Math.max(0, left - order.remaining));
    }

    /** Whether an order that stands already could not be paid for as it would be now. */
    private @Nullable Denial lackingAfter(Order order) {
        long have = cash(order.account(), order.placed.pocket());
        long need = reserved(order.account(), order.placed.pocket());
        return order.placed.buy() && need > have ? Denial.TOO_LITTLE_CASH : null;
    }

    // ---------------------------------------------------------------- the house

    private Outcome setLevels(Command.SetLevels c) {
        Market market = markets.get(c.market());
        if (market == null) {
            return denied(Denial.NO_SUCH_MARKET);
        }
        if (market.status != Market.Status.ACTIVE) {
            return denied(Denial.MARKET_NOT_OPEN);
        }
        shrinkHouse(market, true, c.bids());
        shrinkHouse(market, false, c.asks());
        growHouse(market, true, c.bids());
        growHouse(market, false, c.asks());
        return done(null);
    }

    /** The house's order at a price, if any; it never has two at one price. */
    private static @Nullable Order houseOrder(Market market, boolean bid, long yesPrice) {
        NavigableMap<Long, Order> level = market.side(bid).get(yesPrice);
        return level == null
                ? null
                : level.values().stream()
                        .filter(o -> o.account().equals(HOUSE))
                        .findFirst()
                        .orElse(null);
    }

    private void shrinkHouse(Market market, boolean bid, List<Command.Level> wanted) {
        for (long yesPrice : new ArrayList<>(market.side(bid).keySet())) {
            Order order = houseOrder(market, bid, yesPrice);
            if (order == null) {
                continue;
            }
            long want = wanted.stream()
                    .filter(l -> l.price() == yesPrice)
                    .mapToLong(Command.Level::quantity)
                    .sum();
            long less = order.remaining - want;
            if (want <= 0) {
                cancel(order, "Decrease");
            } else if (less > 0) {
                order.remaining = want;
                order.initial = order.filled + want;
                levelChanged(market, bid, yesPrice, -less, order.id);
            }
        }
    }

    private void growHouse(Market market, boolean bid, List<Command.Level> wanted) {
        for (Command.Level level : wanted) {
            if (level.quantity() <= 0 || level.price() <= 0 || level.price() >= ONE) {
                continue;
            }
            Order standing = houseOrder(market, bid, level.price());
            long more = level.quantity() - (standing == null ? 0 : standing.remaining);
            if (more <= 0) {
                continue;
            }
            if (standing == null) {
                Order order = house(market, bid, level.price(), more);
                enter(market, order);
            } else {
                standing.remaining += more;
                standing.initial += more;
                levelChanged(market, bid, level.price(), more, standing.id);
            }
        }
    }

    private Order house(Market market, boolean bid, long yesPrice, long quantity) {
        Order order = new Order(new Command.Place(
                now,
                nextId("house"),
                HOUSE,
                market.definition.pocket(),
                market.id,
                bid,
                true,
                bid ? yesPrice : ONE - yesPrice,
                quantity,
                TimeInForce.GTC,
                false,
                false,
                SelfTrade.CANCEL_MAKER,
                "",
                "",
                null,
                null,
                false,
                false,
                true,
                JsonNodeFactory.instance.objectNode()));
        order.priority = ++counter;
        orders.put(order.id, order);
        live.put(order.id, order);
        return order;
    }

    private Outcome houseTakes(Command.HouseTakes c) {
        Order order = orders.get(c.orderId());
        if (order == null || order.status != Order.Status.RESTING) {
            return denied(Denial.NO_SUCH_ORDER);
        }
        Market market = marketOf(order);
        long quantity = Math.min(c.quantity(), order.remaining);
        Order house = house(market, !order.bid(), order.yesPrice(), quantity);
        trade(market, house, order);
        finish(house, Order.Status.EXECUTED, "Trade");
        return done(order);
    }

    // ---------------------------------------------------------------- markets

    private void setStatus(Market market, Market.Status status) {
        boolean reactivated = market.status == Market.Status.INACTIVE && status == Market.Status.ACTIVE;
        market.status = status;
        if (status == Market.Status.CLOSED || reactivated) {
            cancelAll(market, status == Market.Status.CLOSED ? "CloseCancel" : "HaltCancel");
        }
        changed(
                market,
                switch (status) {
                    case ACTIVE -> reactivated ? "activated" : "opened";
                    case INACTIVE -> "deactivated";
                    case CLOSED -> "closed";
                    case INITIALIZED, DETERMINED, DISPUTED, AMENDED, FINALIZED -> "status";
                });
    }

    private void cancelAll(Market market, String reason) {
        for (Order order : liveOrders()) {
            if (order.market().equals(market.id)) {
                cancel(order, reason);
            }
        }
    }

    private void determine(Market market, long yesValue, String result) {
        if (market.status == Market.Status.FINALIZED) {
            return;
        }
        boolean again = market.status == Market.Status.DETERMINED || market.status == Market.Status.AMENDED;
        cancelAll(market, "CloseCancel");
        market.status = again ? Market.Status.AMENDED : Market.Status.DETERMINED;
        market.yesValue = yesValue;
        market.result = result;
        market.determinedAt = now;
        changed(market, "determined");
    }

    private void settle(Market market) {
        if (market.determinedAt == null || market.status == Market.Status.FINALIZED) {
            return;
        }
        market.status = Market.Status.FINALIZED;
        market.settledAt = now;
        long pairs = positions.values().stream()
                .mapToLong(p -> p.containsKey(market.id) ? p.get(market.id).yes : 0)
                .sum();
        long[] paid = {0};
        positions.forEach((account, byMarket) -> {
            Position position = byMarket.get(market.id);
            if (position == null || (position.yes == 0 && position.no == 0)) {
                return;
            }
            long yesPays = Micros.mulDivFloor(market.yesValue, position.yes, ONE);
            long noPays = position.no - Micros.mulDivCeil(market.yesValue, position.no, ONE);
            long revenue = yesPays + noPays;
            paid[0] += revenue;
            payouts.add(new Payout(
                    account,
                    market.id,
                    market.result,
                    position.yes,
                    position.no,
                    position.cost,
                    position.fees,
                    revenue,
                    now));
            move(account, account.equals(HOUSE) ? "" : market.definition.pocket(), revenue);
            position.realized += revenue - position.cost;
            position.yes = 0;
            position.no = 0;
            position.cost = 0;
            position.updatedAt = now;
            changes.add(new Change.PositionChanged(account, market.id));
        });
        // What rounding down left of the pairs' dollars.
        move(HOUSE, "", pairs - paid[0]);
        market.openInterest = 0;
        changed(market, "settled");
    }

    private Outcome pause(Command.Pause c) {
        boolean began = (tradingActive && !c.trading()) || (exchangeActive && !c.exchange());
        tradingActive = c.trading();
        exchangeActive = c.exchange();
        if (began) {
            for (Order order : liveOrders()) {
                if (order.placed.cancelOnPause()) {
                    cancel(order, "HaltCancel");
                }
            }
        }
        return done(null);
    }

    // ---------------------------------------------------------------- groups, trades, time

    private Outcome setGroup(Command.SetGroup c) {
        Group group = groups.get(c.group());
        if (c.change() == Command.SetGroup.Change.CREATE) {
            groups.put(c.group(), new Group(c.group(), c.account(), c.limit()));
            changes.add(new Change.GroupChanged(c.account(), c.group(), "created"));
            return done(null);
        }
        if (group == null || !group.account.equals(c.account())) {
            return denied(Denial.NO_SUCH_GROUP);
        }
        switch (c.change()) {
            case CREATE -> throw new IllegalStateException("handled above");
            case LIMIT -> {
                group.limit = c.limit();
                changes.add(new Change.GroupChanged(c.account(), c.group(), "limit_updated"));
                if (group.volume(now) > group.limit) {
                    trigger(group);
                }
            }
            case RESET -> {
                group.triggered = false;
                group.recent.clear();
                changes.add(new Change.GroupChanged(c.account(), c.group(), "reset"));
            }
            case TRIGGER -> trigger(group);
            case DELETE -> {
                cancelGroup(group);
                groups.remove(group.id);
                changes.add(new Change.GroupChanged(c.account(), c.group(), "deleted"));
            }
        }
        return done(null);
    }

    private void trigger(Group group) {
        group.triggered = true;
        cancelGroup(group);
        changes.add(new Change.GroupChanged(group.account, group.id, "triggered"));
    }

    private void cancelGroup(Group group) {
        for (Order order : liveOrders()) {
            if (order.live() && order.placed.group().equals(group.id)) {
                cancel(order, "Decrease");
            }
        }
    }

    private void countForGroup(Order order, long quantity) {
        Group group = groups.get(order.placed.group());
        if (group == null) {
            return;
        }
        group.recent.add(new long[] {now, quantity});
        if (!group.triggered && group.volume(now) > group.limit) {
            trigger(group);
        }
    }

    private Outcome setTrade(Command.SetTrade c) {
        Trade trade = trades.get(c.tradeId());
        if (trade == null || trade.status() == Trade.Status.FAILED || trade.status() == Trade.Status.CONFIRMED) {
            return denied(Denial.NO_SUCH_ORDER);
        }
        Trade next = trade.with(c.status(), c.hash(), now);
        trades.put(trade.id(), next);
        if (c.status() == Trade.Status.FAILED) {
            undo(trade.taker());
            undo(trade.maker());
        }
        changes.add(new Change.TradeMoved(next));
        return done(null);
    }

    private void undo(Trade.Fill fill) {
        Market market = markets.get(fill.market());
        Position position = position(fill.account(), fill.market());
        if (market == null) {
            return;
        }
        long sign = fill.buy() ? -1 : 1;
        long paired = fill.cash() + fill.fee() - costOf(fill);
        position.yes += (fill.yes() ? sign * fill.quantity() : 0) + paired;
        position.no += (fill.yes() ? 0 : sign * fill.quantity()) + paired;
        position.cost = Math.max(0, position.cost + costOf(fill));
        position.fees -= fill.fee();
        position.updatedAt = now;
        feesCollected -= fill.fee();
        move(fill.account(), market.definition.pocket(), -fill.cash());
        changes.add(new Change.PositionChanged(fill.account(), fill.market()));
    }

    /** Cash of a fill without fee and without pairs that it closed. */
    private static long costOf(Trade.Fill fill) {
        long yesCost = Micros.mulDivFloor(fill.yesPrice(), fill.quantity(), ONE);
        long cost = fill.yes() ? yesCost : fill.quantity() - yesCost;
        return fill.buy() ? -cost : cost;
    }

    private Outcome tick(Command.Tick c) {
        for (Market market : markets.values()) {
            Long openAt = market.definition.openAt();
            Long closeAt = market.closeAt;
            Long determinedAt = market.determinedAt;
            if (market.status == Market.Status.INITIALIZED && openAt != null && openAt <= c.at()) {
                setStatus(market, Market.Status.ACTIVE);
            }
            if (market.status == Market.Status.ACTIVE && closeAt != null && closeAt <= c.at()) {
                setStatus(market, Market.Status.CLOSED);
            }
            if ((market.status == Market.Status.DETERMINED || market.status == Market.Status.AMENDED)
                    && determinedAt != null
                    && market.definition.settleAfterMillis() >= 0
                    && determinedAt + market.definition.settleAfterMillis() <= c.at()) {
                settle(market);
            }
        }
        for (Order order : liveOrders()) {
            Long activeAt = order.placed.activeAt();
            Long expiresAt = order.expiresAt;
            if (order.live() && expiresAt != null && expiresAt <= c.at()) {
                cancel(order, "ExpiryCancel");
            } else if (order.status == Order.Status.DELAYED && activeAt != null && activeAt <= c.at()) {
                Market market = marketOf(order);
                if (order.placed.timeInForce() == TimeInForce.FOK && fillable(market, order) < order.remaining) {
                    cancel(order, "FOK");
                } else {
                    enter(market, order);
                }
            }
        }
        return done(null);
    }

    private String nextId(String kind) {
        return UUID.nameUUIDFromBytes((kind + "/" + ++counter).getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
