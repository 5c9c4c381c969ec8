package sluice.risk.topology;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
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
import sluice.domain.market.FeeModel;
import sluice.domain.market.FeeTerms;
import sluice.domain.order.Fill;
import sluice.domain.order.Signal;
import sluice.domain.risk.Arming;
import sluice.domain.risk.Halt;
import sluice.domain.risk.Limit;
import sluice.domain.risk.RiskLimits;
import sluice.domain.risk.Scope;
import sluice.domain.risk.Verdict;
import sluice.risk.core.AccountBook;
import sluice.risk.core.Answer;
import sluice.risk.core.BookId;
import sluice.risk.core.BookedTrade;
import sluice.risk.core.Cell;
import sluice.risk.core.ControlBook;
import sluice.risk.core.DecisionStub;
import sluice.risk.core.EventBook;
import sluice.risk.core.MarketEntry;
import sluice.risk.core.OrderState;
import sluice.risk.core.OrderStatus;
import sluice.risk.core.Posting;
import sluice.risk.core.StrategyBook;
import sluice.risk.core.TradeKey;

/** Any key and value of the core's state, drawn from a seed: numbers at their ends, names of every letter, nothing. */
final class RandomState {
    private final Random random;

    RandomState(long seed) {
        this.random = new Random(seed);
    }

    // ---------------------------------------------------------------- keys

    AccountId account() {
        return random.nextInt(10) == 0 ? AccountId.ALL : new AccountId(name());
    }

    BookId book() {
        return new BookId(account(), one(Mode.values()));
    }

    OrderId order() {
        return new OrderId(
                random.nextBoolean()
                        ? hex(32)
                        : random.nextBoolean() ? hex(32).toUpperCase(java.util.Locale.ROOT) : name());
    }

    BookId.OfStrategy ofStrategy() {
        return new BookId.OfStrategy(book(), strategy());
    }

    BookId.OfEvent ofEvent() {
        return new BookId.OfEvent(book(), new EventId(name()));
    }

    BookId.OfMarket ofMarket() {
        return new BookId.OfMarket(book(), market());
    }

    BookId.Numbered numbered() {
        return new BookId.Numbered(book(), random.nextLong(0, Long.MAX_VALUE));
    }

    TradeKey trade() {
        return new TradeKey(one(Venue.values()), account(), text() + "|" + text(), random.nextBoolean() ? "" : name());
    }

    // ---------------------------------------------------------------- values

    ControlBook controlBook() {
        return new ControlBook(
                maybe(random::nextInt),
                millis(),
                several(this::limits),
                several(() -> new Halt(scope(), text(), text(), millis())),
                several(() -> new Arming(scope(), millis())));
    }

    private RiskLimits limits() {
        Map<Limit, Long> limits = new EnumMap<>(Limit.class);
        for (Limit limit : Limit.values()) {
            if (random.nextInt(3) > 0) {
                limits.put(limit, random.nextLong(0, 1_000_000_000_000_000_000L));
            }
        }
        return new RiskLimits(
                account(),
                scope(),
                random.nextLong(),
                limits,
                several(this::text),
                several(this::text),
                text(),
                text(),
                millis());
    }

    private Scope scope() {
        Scope.Kind kind = one(Scope.Kind.values());
        return switch (kind) {
            case ALL -> Scope.ALL;
            case VENUE -> new Scope(kind, one(Venue.values()).name().toLowerCase(java.util.Locale.ROOT));
            case MARKET -> new Scope(kind, market().toString());
            case ACCOUNT, STRATEGY, CATEGORY, EVENT, ORDER -> new Scope(kind, name());
        };
    }

    AccountBook accountBook() {
        var book = new AccountBook();
        book.decisions = any();
        book.oldestDecision = any();
        book.oldestTrade = any();
        book.tradingDay = random.nextInt();
        book.exposure = any();
        book.gross = any();
        book.reserved = any();
        book.openOrders = any();
        book.openPositions = any();
        book.profitToday = any();
        book.profit24h = any();
        book.realised = any();
        book.fees = any();
        book.tradesToday = any();
        book.trades24h = any();
        book.nextPosting = any();
        book.oldestPosting = any();
        book.changed = random.nextBoolean();
        for (Venue venue : Venue.values()) {
            if (random.nextBoolean()) {
                var at = new AccountBook.VenueBook();
                at.exposure = any();
                at.reserved = any();
                at.ledgerCash = maybe(this::any);
                at.venueCash = maybe(this::any);
                at.venueCashAtMillis = any();
                book.venues.put(venue, at);
            }
        }
        several(this::text).forEach(category -> book.categories.put(category, any()));
        return book;
    }

    StrategyBook strategyBook() {
        var book = new StrategyBook();
        book.exposure = any();
        book.tradingDay = random.nextInt();
        book.profitToday = any();
        book.profit24h = any();
        book.tradesToday = any();
        book.trades24h = any();
        return book;
    }

    EventBook eventBook() {
        return new EventBook(text(), random.nextBoolean(), several(this::cell));
    }

    private Cell cell() {
        var cell = new Cell(market(), strategy());
        cell.yesQuantity = any();
        cell.yesCost = any();
        cell.yesFees = any();
        cell.noQuantity = any();
        cell.noCost = any();
        cell.noFees = any();
        cell.yesProvisional = any();
        cell.noProvisional = any();
        cell.ordersIfYes = any();
        cell.ordersIfNo = any();
        cell.ordersIfVoid = any();
        cell.openCost = any();
        cell.openOrders = any();
        cell.openingOrders = any();
        cell.yesSelling = any();
        cell.noSelling = any();
        cell.yesBuying = any();
        cell.noBuying = any();
        cell.realised = any();
        cell.feesPaid = any();
        return cell;
    }

    MarketEntry marketEntry() {
        return new MarketEntry(
                new EventId(name()),
                text(),
                random.nextBoolean(),
                random.nextInt(),
                maybe(this::price),
                maybe(this::price),
                maybe(this::price));
    }

    Answer answer() {
        return new Answer(hex(64), any(), one(Verdict.values()), text());
    }

    DecisionStub decisionStub() {
        return new DecisionStub(any(), Optional.ofNullable(maybe(this::order)), strategy(), random.nextBoolean());
    }

    OrderState orderState() {
        return new OrderState(
                order(),
                signal(),
                one(Mode.values()),
                new EventId(name()),
                new FeeTerms(one(FeeModel.values()), random.nextInt(1_000_001), random.nextInt(1_000_001), text()),
                any(),
                any(),
                one(OrderStatus.values()),
                any(),
                any(),
                any(),
                any(),
                maybe(this::any),
                maybe(() -> one(OrderStatus.values())),
                text(),
                maybe(this::text),
                several(this::text),
                any());
    }

    private Signal signal() {
        Map<String, String> attributes = new TreeMap<>();
        several(this::text).forEach(name -> attributes.put(name, text()));
        return new Signal(
                name(),
                name(),
                account(),
                strategy(),
                market(),
                maybe(this::text),
                maybe(this::text),
                maybe(this::text),
                maybe(this::text),
                maybe(this::text),
                maybe(this::text),
                maybe(this::amount),
                one(Side.values()),
                one(Action.values()),
                price(),
                new Quantity(Math.abs(amount())),
                maybe(() -> new Money(amount())),
                maybe(this::amount),
                one(TimeInForce.values()),
                random.nextBoolean(),
                maybe(this::millis),
                millis(),
                maybe(this::text),
                maybe(random::nextInt),
                maybe(random::nextInt),
                attributes);
    }

    BookedTrade bookedTrade() {
        return new BookedTrade(
                new Fill(
                        name(),
                        random.nextBoolean() ? "" : name(),
                        text(),
                        account(),
                        one(Mode.values()),
                        market(),
                        one(Side.values()),
                        one(Action.values()),
                        price(),
                        new Quantity(Math.floorMod(amount(), 1_000_000_000_000_000L)),
                        new Money(amount() % 1_000_000_000_000_000L),
                        random.nextBoolean(),
                        one(Fill.Status.values()),
                        millis()),
                any());
    }

    Posting posting() {
        return new Posting(any(), strategy(), any());
    }

    String command() {
        return text() + "|" + name();
    }

    long any() {
        return switch (random.nextInt(6)) {
            case 0 -> Long.MAX_VALUE;
            case 1 -> Long.MIN_VALUE;
            case 2 -> 0;
            default -> random.nextLong() >> random.nextInt(63);
        };
    }

    // ---------------------------------------------------------------- parts

    private StrategyId strategy() {
        return new StrategyId(name());
    }

    private MarketId market() {
        return new MarketId(one(Venue.values()), name());
    }

    private Price price() {
        return new Price(random.nextLong(0, Micros.ONE + 1));
    }

    /** As large as a decimal of a record may be. */
    private long amount() {
        return random.nextLong(-999_999_999_999_999_999L, 1_000_000_000_000_000_000L);
    }

    private long millis() {
        return random.nextLong(0, 7_000_000_000_000L);
    }

    private String name() {
        var name = new StringBuilder();
        for (int i = random.nextInt(1, 30); i > 0; i--) {
            name.appendCodePoint("aZ9:/-_.\"é€𝄞".codePoints().toArray()[random.nextInt(12)]);
        }
        return name.toString();
    }

    private String text() {
        return random.nextInt(4) == 0 ? "" : name() + " " + name();
    }

    private String hex(int digits) {
        var hex = new StringBuilder();
        for (int i = 0; i < digits; i++) {
            hex.append("0123456789abcdef".charAt(random.nextInt(16)));
        }
        return hex.toString();
    }

    private <T> @Nullable T maybe(Supplier<T> value) {
        return random.nextInt(3) == 0 ? null : value.get();
    }

    private <T> List<T> several(Supplier<T> value) {
        var several = new ArrayList<T>();
        for (int i = random.nextInt(4); i > 0; i--) {
            several.add(value.get());
        }
        return several;
    }

    private <T> T one(T[] of) {
        return of[random.nextInt(of.length)];
    }
}
