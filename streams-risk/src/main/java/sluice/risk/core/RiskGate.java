package sluice.risk.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sluice.domain.Action;
import sluice.domain.Micros;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Side;
import sluice.domain.StrategyId;
import sluice.domain.journal.JournalEntry.SignalReceived;
import sluice.domain.market.Market;
import sluice.domain.market.MarketStatus;
import sluice.domain.market.QuoteView;
import sluice.domain.order.Signal;
import sluice.domain.risk.Check;
import sluice.domain.risk.Check.Outcome;
import sluice.domain.risk.Control;
import sluice.domain.risk.Halt;
import sluice.domain.risk.Limit;
import sluice.domain.risk.Subject;

/**
 * Holds a signal against every control, in the order of the table; the first that fails binds, all are recorded.
 *
 * <p>Pure: the answer depends only on the arguments, so live trading, tests and replay cannot disagree. It changes
 * nothing; what it approves is reserved by {@link AccountCore} before the next entry is looked at.
 *
 * <p>A missing input, an unset limit or a number that does not fit is a denial, never a guess.
 */
final class RiskGate {
    /** Everything a signal is held against. */
    record Books(
            ControlBook everyone,
            ControlBook account,
            EffectiveLimits limits,
            Subject subject,
            AccountBook totals,
            StrategyBook strategy,
            EventBook event,
            boolean settled) {}

    /**
     * What the gate found.
     *
     * @param binding first control that failed; null if none did
     * @param code code of the denial, or OK
     */
    record Assessment(
            List<Check> checks,
            Reservation reservation,
            @Nullable Check binding,
            String code,
            String reason) {}

    private final SignalReceived received;
    private final Signal signal;
    private final Books books;
    private final EffectiveLimits limits;
    private final long now;
    private final Set<Mode> connected;
    private final List<Check> checks = new ArrayList<>(64);
    private @Nullable Check binding;
    private boolean bindingUnset;
    private boolean reducing;

    private RiskGate(SignalReceived received, Books books, long now, Set<Mode> connected) {
        this.received = received;
        this.signal = received.signal();
        this.books = books;
        this.limits = books.limits;
        this.now = now;
        this.connected = connected;
    }

    /** Answers {@code received} at time {@code now}; throws {@link ArithmeticException} if a number does not fit. */
    static Assessment assess(SignalReceived received, Books books, long now, Set<Mode> connected) {
        return new RiskGate(received, books, now, connected).assess();
    }

    private Assessment assess() {
        Market market = received.market();
        Reservation reservation = market == null
                ? Reservation.NONE
                : Reservation.of(
                        signal.side(),
                        signal.action(),
                        signal.limitPrice(),
                        signal.size(),
                        market.fees(),
                        signal.postOnly());
        Cell cell = books.event.cell(signal.market(), signal.strategy());
        reducing = cell != null && onlyReduces(cell);

        mode();
        checks.add(new Check(Control.IDEMPOTENCY, "", Check.NONE, Check.NONE, Check.NONE, Outcome.PASS, ""));
        freshness();
        killState();
        permission(market);
        if (market != null) {
            lifecycle(market);
            priceValidity(market);
            collar(received.quote());
            edge(market);
            most(
                    Control.ORDER_QUANTITY,
                    "",
                    Limit.MAX_ORDER_QUANTITY,
                    0,
                    signal.size().micros());
            orderCost(reservation);
            buyingPower(reservation);
            inventory(cell);
            exposures(market, reservation);
            openPositions();
            openOrders(reservation);
            dailyLoss(reservation);
            tradesPerDay();
        }
        Check failed = binding;
        if (failed == null) {
            return new Assessment(checks, reservation, null, Control.OK, "");
        }
        String code = bindingUnset ? Control.LIMIT_UNSET : failed.control().code();
        return new Assessment(checks, reservation, failed, code, failed.detail());
    }

    // ---------------------------------------------------------------- rows, in the order of the table

    private void mode() {
        require(
                Control.MODE,
                connected.contains(received.mode()),
                () -> "mode " + received.mode() + " has no connector in this version; only " + words(connected)
                        + " orders may leave");
    }

    private static String words(Set<Mode> modes) {
        return modes.stream().sorted().map(Mode::name).collect(Collectors.joining(" and "));
    }

    private void freshness() {
        long age = now - signal.createdAtMillis();
        most(
                Control.FRESHNESS,
                "age",
                Limit.MAX_SIGNAL_AGE,
                Check.NONE,
                Math.multiplyExact(Math.max(age, 0), Micros.ONE));
        most(
                Control.FRESHNESS,
                "skew",
                Limit.MAX_SIGNAL_SKEW,
                Check.NONE,
                Math.multiplyExact(Math.max(-age, 0), Micros.ONE));
    }

    private void killState() {
        Halt halt = firstHalt(books.everyone);
        Halt found = halt != null ? halt : firstHalt(books.account);
        require(
                Control.KILL_STATE,
                found == null,
                () -> found == null
                        ? ""
                        : found.scope() + " is halted by " + found.by() + ": " + found.reason()
                                + "; resume it with a reason once it is safe");
    }

    private @Nullable Halt firstHalt(ControlBook book) {
        for (Halt halt : book.halts()) {
            if (books.subject.isIn(halt.scope())) {
                return halt;
            }
        }
        return null;
    }

    private void permission(@Nullable Market market) {
        require(
                Control.PERMISSION,
                market != null,
                () -> "market " + signal.market() + " is not known; publish its metadata before its signals");
        if (market == null) {
            return;
        }
        require(
                Control.PERMISSION,
                limits.namesAllowedMarkets() && limits.allows(market.id()),
                () -> limits.namesAllowedMarkets()
                        ? "market " + market.id() + " is on no list of allowed markets"
                        : "no market is allowed; set allowed-markets");
        require(
                Control.PERMISSION,
                !market.restricted() && !limits.restricts(market.category()),
                () -> market.restricted()
                        ? "the venue does not let us trade " + market.id()
                        : "category " + market.category() + " is restricted");
    }

    private void lifecycle(Market market) {
        require(
                Control.LIFECYCLE,
                market.status() == MarketStatus.ACTIVE && !received.maintenance() && !books.settled,
                () -> books.settled
                        ? "market " + market.id() + " is settled"
                        : received.maintenance()
                                ? market.id().venue() + " is in its maintenance window"
                                : "market " + market.id() + " is " + market.status() + ", not ACTIVE");
        least(Control.LIFECYCLE, "time to close", Limit.CLOSE_BUFFER, millisUntil(market.closeAtMillis()));
        Long resolves = market.resolveAtMillis() != null ? market.resolveAtMillis() : market.closeAtMillis();
        long left = millisUntil(resolves);
        least(Control.LIFECYCLE, "time to resolution", Limit.MIN_TIME_TO_RESOLUTION, left);
        most(Control.LIFECYCLE, "time to resolution", Limit.MAX_TIME_TO_RESOLUTION, Check.NONE, left);
    }

    private long millisUntil(@Nullable Long at) {
        return at == null ? Check.NONE : Math.multiplyExact(at - now, Micros.ONE);
    }

    private void priceValidity(Market market) {
        Price price = signal.limitPrice();
        Price onYes = signal.side() == Side.YES ? price : price.complement();
        require(
                Control.PRICE_VALIDITY,
                market.prices().accepts(onYes),
                () -> "price " + price + " of " + signal.side() + " is not on the price grid of " + market.id());
        least(Control.PRICE_VALIDITY, "price", Limit.MIN_PRICE, price.micros());
        most(Control.PRICE_VALIDITY, "price", Limit.MAX_PRICE, Check.NONE, price.micros());
        long quantity = signal.size().micros();
        least(Control.PRICE_VALIDITY, "quantity", Limit.MIN_ORDER_QUANTITY, quantity);
        long step = market.quantityStep().micros();
        require(
                Control.PRICE_VALIDITY,
                quantity % step == 0,
                () -> "quantity " + signal.size() + " is not a multiple of " + market.quantityStep());
        boolean rests = signal.timeInForce().mayRest();
        require(
                Control.PRICE_VALIDITY,
                rests ? quantity >= market.minQuantity().micros() : isNotionalEnough(market, price),
                () -> rests
                        ? "quantity " + signal.size() + " is below the smallest resting order " + market.minQuantity()
                        : "price times quantity is below the smallest marketable order " + market.minNotional());
        require(
                Control.PRICE_VALIDITY,
                rests || !signal.postOnly(),
                () -> "a post-only order must be able to rest; use GTC or GTD, not " + signal.timeInForce());
    }

    private boolean isNotionalEnough(Market market, Price price) {
        return signal.action() == Action.SELL || price.costOf(signal.size()).compareTo(market.minNotional()) >= 0;
    }

    /**
     * The reference is the middle of a narrow, fresh book; else a fresh last trade; else there is none and no order.
     */
    private void collar(@Nullable QuoteView quote) {
        if (isUnset(Control.COLLAR, Limit.MAX_BOOK_AGE)
                || isUnset(Control.COLLAR, Limit.MAX_SPREAD)
                || isUnset(Control.COLLAR, Limit.MAX_LAST_TRADE_AGE)
                || isUnset(Control.COLLAR, Limit.COLLAR_ABSOLUTE)
                || isUnset(Control.COLLAR, Limit.COLLAR_PERCENT)
                || isUnset(Control.COLLAR, Limit.MAX_PRICE)) {
            return;
        }
        long reference = quote == null ? Check.NONE : referenceOfYes(quote);
        if (reference == Check.NONE) {
            fail(
                    Control.COLLAR,
                    "",
                    Check.NONE,
                    Check.NONE,
                    signal.limitPrice().micros(),
                    quote == null
                            ? "no quote of " + signal.market()
                                    + " was ever seen; there is nothing to hold the price against"
                            : "no reference price: the book of " + signal.market() + " is " + (now - quote.atMillis())
                                    + " ms old or too wide, and no last trade is fresh enough"
                                    + (quote.atMillis() > now ? "; its time is in the future" : ""));
            return;
        }
        long own = signal.side() == Side.YES ? reference : Micros.ONE - reference;
        long absolute = limits.get(Limit.COLLAR_ABSOLUTE);
        long share = Micros.mulDivFloor(own, limits.get(Limit.COLLAR_PERCENT), 100 * Micros.ONE);
        long distance = Math.min(absolute, share);
        long price = signal.limitPrice().micros();
        boolean buys = signal.action() == Action.BUY;
        long bound = buys ? Math.min(own + distance, limits.get(Limit.MAX_PRICE)) : own - distance;
        outcome(
                Control.COLLAR,
                buys ? "highest price" : "lowest price",
                bound,
                own,
                price,
                buys ? price <= bound : price >= bound,
                () -> "price " + signal.limitPrice() + (buys ? " is above " : " is below ") + Micros.text(bound)
                        + ", which is " + Micros.text(distance) + " from the reference " + Micros.text(own));
    }

    private long referenceOfYes(QuoteView quote) {
        Price bid = quote.yesBid();
        Price ask = quote.yesAsk();
        boolean fresh = isFresh(quote.atMillis(), Limit.MAX_BOOK_AGE);
        if (fresh && bid != null && ask != null) {
            long spread = ask.micros() - bid.micros();
            if (spread >= 0 && spread <= limits.get(Limit.MAX_SPREAD)) {
                return (bid.micros() + ask.micros()) / 2;
            }
        }
        Price last = quote.lastTradePrice();
        Long lastAt = quote.lastTradeAtMillis();
        boolean lastFresh = lastAt != null && isFresh(lastAt, Limit.MAX_LAST_TRADE_AGE);
        return last != null && lastFresh ? last.micros() : Check.NONE;
    }

    /** What is told to be of later than now, by more than clocks may differ, is of nobody knows when. */
    private boolean isFresh(long atMillis, Limit oldest) {
        long age = Math.multiplyExact(Math.subtractExact(now, atMillis), Micros.ONE);
        return age <= limits.get(oldest) && -age <= Math.max(0, limits.get(Limit.MAX_SIGNAL_SKEW));
    }

    /** A sale gives up what is held, it claims no edge; only purchases are asked for one. */
    private void edge(Market market) {
        if (signal.action() == Action.SELL) {
            checks.add(
                    new Check(Control.EDGE, "", Check.NONE, Check.NONE, Check.NONE, Outcome.NOT_APPLICABLE, "a sale"));
            return;
        }
        Long edge = signal.edgePctMicros();
        Long model = signal.modelPriceMicros();
        long price = signal.limitPrice().micros();
        if (edge == null && model == null) {
            fail(
                    Control.EDGE,
                    "edge",
                    limits.get(Limit.MIN_EDGE) == EffectiveLimits.UNSET ? Check.NONE : limits.get(Limit.MIN_EDGE),
                    Check.NONE,
                    Check.NONE,
                    "the signal claims no edge; send edge_pct or model_price");
            return;
        }
        // A percentage point of probability is a hundredth of a dollar per contract.
        long modelPrice;
        if (model != null) {
            modelPrice = model;
        } else {
            modelPrice = Math.addExact(price, Math.floorDiv(edge == null ? 0 : edge, 100));
        }
        long claimed = edge != null ? edge : Math.multiplyExact(Math.subtractExact(modelPrice, price), 100);
        least(Control.EDGE, "edge", Limit.MIN_EDGE, claimed);
        long fee = market.fees().perContract(signal.limitPrice()).micros();
        long gain = Math.subtractExact(Math.subtractExact(modelPrice, price), fee);
        long roi = price == 0 ? Check.NONE : Micros.mulDivFloor(gain, 100 * Micros.ONE, price);
        least(Control.EDGE, "return", Limit.MIN_ROI, roi);
    }

    private void orderCost(Reservation reservation) {
        most(Control.ORDER_COST, "", Limit.MAX_ORDER_COST, 0, reservation.cost());
        Money most = signal.maxCost();
        if (most != null) {
            outcome(
                    Control.ORDER_COST,
                    "max_cost of the signal",
                    most.micros(),
                    0,
                    reservation.cost(),
                    reservation.cost() <= most.micros(),
                    () -> "worst-case cost " + Micros.text(reservation.cost()) + " exceeds the signal's max_cost "
                            + most);
        }
    }

    private void buyingPower(Reservation reservation) {
        if (signal.action() == Action.SELL) {
            checks.add(new Check(
                    Control.BUYING_POWER, "", Check.NONE, Check.NONE, Check.NONE, Outcome.NOT_APPLICABLE, "a sale"));
            return;
        }
        var venue = books.totals.venues.get(signal.market().venue());
        Long ledger = venue == null ? null : venue.ledgerCash;
        Long reported = venue == null ? null : venue.venueCash;
        if (venue == null || ledger == null || reported == null) {
            fail(
                    Control.BUYING_POWER,
                    signal.market().venue().name(),
                    Check.NONE,
                    Check.NONE,
                    reservation.cost(),
                    "the balance at " + signal.market().venue() + " is not known yet");
            return;
        }
        most(
                Control.BUYING_POWER,
                "age of balance",
                Limit.MAX_BALANCE_AGE,
                Check.NONE,
                Math.multiplyExact(Math.max(0, now - venue.venueCashAtMillis), Micros.ONE));
        long cash = Math.min(ledger, reported);
        long after = Math.addExact(venue.reserved, reservation.cost());
        outcome(
                Control.BUYING_POWER,
                signal.market().venue().name(),
                cash,
                venue.reserved,
                after,
                after <= cash,
                () -> "worst-case cost " + Micros.text(reservation.cost()) + " exceeds the free cash "
                        + Micros.text(cash - venue.reserved) + " at "
                        + signal.market().venue());
    }

    private void inventory(@Nullable Cell cell) {
        if (signal.action() == Action.BUY) {
            if (signal.market().venue().netsPairs() && books.event.sellingIn(signal.market(), other()) > 0) {
                netting(
                        other(),
                        books.event.sellingIn(signal.market(), other()),
                        signal.size().micros());
            } else {
                checks.add(new Check(
                        Control.INVENTORY,
                        "",
                        Check.NONE,
                        Check.NONE,
                        Check.NONE,
                        Outcome.NOT_APPLICABLE,
                        "a purchase"));
            }
            return;
        }
        long sellable = cell == null ? 0 : cell.sellable(signal.side());
        long quantity = signal.size().micros();
        outcome(
                Control.INVENTORY,
                signal.side().name(),
                sellable,
                0,
                quantity,
                quantity <= sellable,
                () -> "cannot sell " + signal.size() + " " + signal.side() + " of " + signal.market() + ": strategy "
                        + signal.strategy() + " holds " + Micros.text(sellable) + " that it may sell");
        if (signal.market().venue().netsPairs()) {
            netting(signal.side(), Math.addExact(books.event.sellingIn(signal.market(), signal.side()), quantity), 0);
        }
    }

    private Side other() {
        return signal.side().other();
    }

    /**
     * A venue that nets turns a purchase of the one side into the end of the other: contracts that are for sale must
     * not be netted away, or their sale would open a position that nothing was reserved for.
     *
     * @param side side that is for sale
     * @param selling contracts of it that are, or would be
     * @param bought contracts of the other side that would be bought
     */
    private void netting(Side side, long selling, long bought) {
        long netted = Math.addExact(
                Math.addExact(
                        books.event.heldIn(signal.market(), side.other()),
                        books.event.buyingIn(signal.market(), side.other())),
                bought);
        long left = Math.max(0, Math.subtractExact(books.event.heldIn(signal.market(), side), netted));
        outcome(
                Control.INVENTORY,
                side.name() + " after netting",
                left,
                Check.NONE,
                selling,
                selling <= left,
                () -> Micros.text(selling) + " " + side + " of " + signal.market() + " would be for sale, and only "
                        + Micros.text(left) + " are left when the venue nets them against " + side.other());
    }

    private void exposures(Market market, Reservation reservation) {
        EventBook before = books.event;
        EventBook after = before.with(reserved(before, reservation));
        most(
                Control.MARKET_EXPOSURE,
                market.id().toString(),
                Limit.MAX_MARKET_EXPOSURE,
                before.exposureIn(market.id()),
                after.exposureIn(market.id()));
        most(
                Control.MARKET_EXPOSURE,
                "gross",
                Limit.MAX_MARKET_GROSS,
                before.grossIn(market.id()),
                after.grossIn(market.id()));
        most(
                Control.EVENT_EXPOSURE,
                books.subject.event().toString(),
                Limit.MAX_EVENT_EXPOSURE,
                before.exposure(),
                after.exposure());
        long added = atLeastZero(after.exposure()) - atLeastZero(before.exposure());
        long category = books.totals.categories.getOrDefault(before.category(), 0L);
        most(
                Control.CATEGORY_EXPOSURE,
                before.category(),
                Limit.MAX_CATEGORY_EXPOSURE,
                category,
                Math.addExact(category, added));

        StrategyId strategy = signal.strategy();
        long ofStrategy = atLeastZero(after.exposureOf(strategy)) - atLeastZero(before.exposureOf(strategy));
        most(
                Control.LEVEL_EXPOSURE,
                "strategy:" + strategy,
                Limit.MAX_STRATEGY_EXPOSURE,
                books.strategy.exposure,
                Math.addExact(books.strategy.exposure, ofStrategy));
        var venue = market.id().venue();
        var venueBook = books.totals.venues.get(venue);
        long atVenue = venueBook == null ? 0 : venueBook.exposure;
        long addedAtVenue = atLeastZero(after.exposureAt(venue)) - atLeastZero(before.exposureAt(venue));
        most(
                Control.LEVEL_EXPOSURE,
                "venue:" + venue,
                Limit.MAX_VENUE_EXPOSURE,
                atVenue,
                Math.addExact(atVenue, addedAtVenue));
        most(
                Control.LEVEL_EXPOSURE,
                "account",
                Limit.MAX_ACCOUNT_EXPOSURE,
                books.totals.exposure,
                Math.addExact(books.totals.exposure, added));
        most(
                Control.LEVEL_EXPOSURE,
                "account gross",
                Limit.MAX_ACCOUNT_GROSS,
                books.totals.gross,
                Math.addExact(books.totals.gross, reservation.cost()));
    }

    private Cell reserved(EventBook before, Reservation reservation) {
        Cell cell = before.cell(signal.market(), signal.strategy());
        Cell next = cell == null ? new Cell(signal.market(), signal.strategy()) : cell.copy();
        Ledger.add(next, signal, reservation, signal.size().micros(), 1);
        return next;
    }

    private void openPositions() {
        boolean opens = signal.action() == Action.BUY && !books.event.isOpenIn(signal.market());
        long open = books.totals.openPositions;
        most(
                Control.OPEN_POSITIONS,
                "",
                Limit.MAX_OPEN_POSITIONS,
                Math.multiplyExact(open, Micros.ONE),
                Math.multiplyExact(open + (opens ? 1 : 0), Micros.ONE));
    }

    private void openOrders(Reservation reservation) {
        long inMarket = books.event.openOrdersIn(signal.market());
        long inAccount = books.totals.openOrders;
        long costInMarket = books.event.openCostIn(signal.market());
        long costInAccount = books.totals.reserved;
        if (signal.timeInForce().mayRest()) {
            isUnset(Control.OPEN_ORDERS, Limit.WORKING_ORDER_TIMEOUT);
        }
        count("market", Limit.MAX_MARKET_OPEN_ORDERS, inMarket);
        count("account", Limit.MAX_ACCOUNT_OPEN_ORDERS, inAccount);
        most(
                Control.OPEN_ORDERS,
                "notional in market",
                Limit.MAX_MARKET_OPEN_NOTIONAL,
                costInMarket,
                Math.addExact(costInMarket, reservation.cost()));
        most(
                Control.OPEN_ORDERS,
                "notional in account",
                Limit.MAX_ACCOUNT_OPEN_NOTIONAL,
                costInAccount,
                Math.addExact(costInAccount, reservation.cost()));
    }

    private void count(String scope, Limit limit, long used) {
        most(
                Control.OPEN_ORDERS,
                scope,
                limit,
                Math.multiplyExact(used, Micros.ONE),
                Math.multiplyExact(used + 1, Micros.ONE));
    }

    /** Denies once the loss has reached the limit; with look-ahead also an order that could carry it past the limit. */
    private void dailyLoss(Reservation reservation) {
        if (books.everyone.tradingDay() == null) {
            fail(
                    Control.DAILY_LOSS,
                    "",
                    Check.NONE,
                    Check.NONE,
                    Check.NONE,
                    "the trading day is not known yet; try again");
            return;
        }
        if (isUnset(Control.DAILY_LOSS, Limit.DAILY_LOSS_LOOK_AHEAD)) {
            return;
        }
        boolean lookAhead = limits.get(Limit.DAILY_LOSS_LOOK_AHEAD) > 0;
        long added = lookAhead && signal.action() == Action.BUY ? reservation.cost() : 0;
        var account = books.totals;
        var strategy = books.strategy;
        loss("account today", Limit.MAX_DAILY_LOSS, -account.profitToday, added);
        loss("account 24 h", Limit.MAX_DAILY_LOSS, -account.profit24h, added);
        loss("strategy today", Limit.MAX_STRATEGY_DAILY_LOSS, -strategy.profitToday, added);
        loss("strategy 24 h", Limit.MAX_STRATEGY_DAILY_LOSS, -strategy.profit24h, added);
    }

    private void loss(String scope, Limit limit, long lost, long added) {
        if (isUnset(Control.DAILY_LOSS, limit)) {
            return;
        }
        long bound = limits.get(limit);
        long after = Math.addExact(lost, added);
        outcome(
                Control.DAILY_LOSS,
                scope,
                bound,
                lost,
                after,
                lost < bound && after <= bound,
                () -> "loss of " + scope + " is " + Micros.text(lost)
                        + (added > 0 ? " and the order could make it " + Micros.text(after) : "") + "; "
                        + limit.key() + " is " + Micros.text(bound));
    }

    private void tradesPerDay() {
        long opening = signal.action() == Action.BUY ? 1 : 0;
        var account = books.totals;
        var strategy = books.strategy;
        trades("account today", Limit.MAX_DAILY_TRADES, account.tradesToday, opening);
        trades("account 24 h", Limit.MAX_DAILY_TRADES, account.trades24h, opening);
        trades("strategy today", Limit.MAX_STRATEGY_DAILY_TRADES, strategy.tradesToday, opening);
        trades("strategy 24 h", Limit.MAX_STRATEGY_DAILY_TRADES, strategy.trades24h, opening);
    }

    private void trades(String scope, Limit limit, long used, long added) {
        most(
                Control.TRADES_PER_DAY,
                scope,
                limit,
                Math.multiplyExact(used, Micros.ONE),
                Math.multiplyExact(used + added, Micros.ONE));
    }

    // ---------------------------------------------------------------- comparing and recording

    /** A sale of what is held, that leaves neither the worst case nor the gross of the market higher. */
    private boolean onlyReduces(Cell cell) {
        if (signal.action() != Action.SELL || signal.size().micros() > cell.sellable(signal.side())) {
            return false;
        }
        EventBook before = books.event;
        Cell sold = cell.copy();
        Ledger.removeHolding(sold, signal.side(), signal.size().micros());
        EventBook after = before.with(sold);
        return after.exposureIn(signal.market()) <= before.exposureIn(signal.market())
                && after.grossIn(signal.market()) < before.grossIn(signal.market());
    }

    private static long atLeastZero(long value) {
        return Math.max(0, value);
    }

    private void require(Control control, boolean holds, Supplier<String> why) {
        outcome(control, "", Check.NONE, Check.NONE, Check.NONE, holds, why);
    }

    private boolean isUnset(Control control, Limit limit) {
        if (limits.get(limit) != EffectiveLimits.UNSET) {
            return false;
        }
        boolean first = binding == null;
        fail(
                control,
                limit.key(),
                Check.NONE,
                Check.NONE,
                Check.NONE,
                limit.key() + " is not set; an unset limit refuses every order (set it with: limits set " + limit.key()
                        + "=VALUE)");
        bindingUnset |= first && binding != null;
        return true;
    }

    private void most(Control control, String scope, Limit limit, long used, long after) {
        if (isUnset(control, limit)) {
            return;
        }
        long bound = limits.get(limit);
        outcome(
                control,
                scope,
                bound,
                used,
                after,
                after != Check.NONE && after <= bound,
                () -> after == Check.NONE
                        ? scope + " is not known, and " + limit.key() + " needs it"
                        : limit.meaning() + (scope.isEmpty() ? "" : " (" + scope + ")") + " would be "
                                + Micros.text(after) + "; " + limit.key() + " is " + Micros.text(bound));
    }

    private void least(Control control, String scope, Limit limit, long value) {
        if (isUnset(control, limit)) {
            return;
        }
        long bound = limits.get(limit);
        // Nothing is asked of a value that may be anything: a bound of zero on something that the venue does not
        // publish.
        boolean waivedUnknown = value == Check.NONE && bound == 0;
        outcome(
                control,
                scope,
                bound,
                Check.NONE,
                value,
                waivedUnknown || (value != Check.NONE && value >= bound),
                () -> value == Check.NONE
                        ? scope + " is not known, and " + limit.key() + " needs it"
                        : limit.meaning() + (scope.isEmpty() ? "" : " (" + scope + ")") + " is " + Micros.text(value)
                                + "; " + limit.key() + " is " + Micros.text(bound));
    }

    private void fail(Control control, String scope, long limit, long used, long after, String why) {
        outcome(control, scope, limit, used, after, false, () -> why);
    }

    private void outcome(
            Control control, String scope, long limit, long used, long after, boolean holds, Supplier<String> why) {
        if (holds) {
            checks.add(new Check(control, scope, limit, used, after, Outcome.PASS, ""));
        } else if (reducing && control.waivedForReducing()) {
            checks.add(new Check(control, scope, limit, used, after, Outcome.WAIVED, why.get()));
        } else {
            Check failed = new Check(control, scope, limit, used, after, Outcome.FAIL, why.get());
            checks.add(failed);
            if (binding == null) {
                binding = failed;
            }
        }
    }
}
