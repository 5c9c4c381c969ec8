package sluice.domain;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sluice.domain.journal.JournalEntry;
import sluice.domain.journal.Origin;
import sluice.domain.market.FeeModel;
import sluice.domain.market.FeeTerms;
import sluice.domain.market.Level;
import sluice.domain.market.Market;
import sluice.domain.market.MarketStatus;
import sluice.domain.market.PriceGrid;
import sluice.domain.market.Quote;
import sluice.domain.market.QuoteView;
import sluice.domain.market.Settlement;
import sluice.domain.order.Fill;
import sluice.domain.order.OrderCommand;
import sluice.domain.order.Signal;
import sluice.domain.order.VenueReport;
import sluice.domain.risk.Check;
import sluice.domain.risk.Control;
import sluice.domain.risk.ControlCommand;
import sluice.domain.risk.Decision;
import sluice.domain.risk.Halt;
import sluice.domain.risk.Limit;
import sluice.domain.risk.RiskLimits;
import sluice.domain.risk.Scope;
import sluice.domain.risk.Verdict;

/**
 * Random domain values that a record can hold: optional fields present and absent, numbers at their extremes, text in
 * any script. The same seed gives the same values.
 */
public final class RandomDomain {
    /** Largest number of millionths that the wire's decimals hold. */
    private static final long MOST_MICROS = 999_999_999_999_999_999L;

    private static final long MOST_BOOKED_MICROS = 1_000_000_000L * Micros.ONE;

    /** First millisecond of 2200, which no record may name. */
    private static final long TIME_END_MILLIS = 7_258_118_400_000L;

    private static final String[] WORDS = {
        "Boston",
        "Will it rain?",
        "São Paulo",
        "日本ハム",
        "🏀 final",
        "a\tb\nc",
        "Ω≈ç√",
        "",
        "null",
        "\u0000",
        "ﷺ",
        "\"quoted\""
    };
    private static final String[] NAME_PARTS = {"KXNBA", "0xabc", "日本", "🏀", "-", ".", "é", "26", "*", ":"};

    private final Random random;

    public RandomDomain(long seed) {
        random = new Random(seed);
    }

    /** Seeds that a property is tried on; each stands in the name of its test. */
    public static java.util.stream.LongStream seeds() {
        return java.util.stream.LongStream.rangeClosed(1, 50);
    }

    // ---------------------------------------------------------------- vocabulary

    /** One of the values, each as likely. */
    @SafeVarargs
    public final <T> T oneOf(T... values) {
        return values[random.nextInt(values.length)];
    }

    /** The value or, as often, null. */
    public <T> @Nullable T maybe(Supplier<T> value) {
        return random.nextBoolean() ? value.get() : null;
    }

    public boolean flag() {
        return random.nextBoolean();
    }

    /** From none to four values. */
    public <T> List<T> some(Supplier<T> value) {
        var values = new ArrayList<T>();
        for (int i = random.nextInt(5); i > 0; i--) {
            values.add(value.get());
        }
        return values;
    }

    /** A number from {@code least} to {@code most}; the ends and small numbers come often. */
    public long number(long least, long most) {
        return switch (random.nextInt(6)) {
            case 0 -> least;
            case 1 -> most;
            case 2 -> Math.clamp(random.nextInt(3) - 1, least, most);
            case 3 -> Math.clamp(random.nextInt(200) * (Micros.ONE / 100), least, most);
            default -> most == Long.MAX_VALUE ? random.nextLong(least, most) : random.nextLong(least, most + 1);
        };
    }

    public int count() {
        return (int) number(0, Integer.MAX_VALUE);
    }

    public String text() {
        return oneOf(WORDS) + (flag() ? oneOf(WORDS) : "");
    }

    /** Text with at least one character. */
    public String identity() {
        return name() + (flag() ? oneOf(WORDS) : "");
    }

    public String name() {
        var name = new StringBuilder("n").append(random.nextInt(1000));
        for (int i = random.nextInt(4); i > 0; i--) {
            name.append(oneOf(NAME_PARTS));
        }
        while (random.nextInt(20) == 0 && name.length() < Names.LONGEST) {
            name.append("x".repeat(Names.LONGEST - name.length()));
        }
        return name.toString();
    }

    public String hash() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    public Map<String, String> attributes() {
        var attributes = new HashMap<String, String>();
        some(this::text).forEach(key -> attributes.put(key, text()));
        return attributes;
    }

    public long time() {
        return number(0, TIME_END_MILLIS - 1);
    }

    public Price price() {
        return new Price(number(0, Micros.ONE));
    }

    public Quantity quantity() {
        return new Quantity(number(0, MOST_MICROS));
    }

    public Money money() {
        return new Money(number(-MOST_MICROS, MOST_MICROS));
    }

    /** As much as one record may book. */
    public Quantity bookedQuantity() {
        return new Quantity(number(0, MOST_BOOKED_MICROS));
    }

    public Money bookedMoney() {
        return new Money(number(-MOST_BOOKED_MICROS, MOST_BOOKED_MICROS));
    }

    public Long micros() {
        return number(-MOST_MICROS, MOST_MICROS);
    }

    public Venue venue() {
        return oneOf(Venue.values());
    }

    public MarketId marketId() {
        return new MarketId(venue(), name());
    }

    public AccountId account() {
        return oneOf(new AccountId(name()), AccountId.ALL);
    }

    public Origin origin() {
        return new Origin(text(), count(), number(0, Long.MAX_VALUE));
    }

    public Scope scope() {
        Scope.Kind kind = oneOf(Scope.Kind.values());
        return new Scope(
                kind,
                switch (kind) {
                    case ALL -> "";
                    case VENUE -> oneOf("kalshi", "polymarket", "paper", "KALSHI");
                    case MARKET -> marketId().toString();
                    case ACCOUNT, STRATEGY, CATEGORY, EVENT, ORDER -> name();
                });
    }

    // ---------------------------------------------------------------- markets

    public FeeTerms fees() {
        return new FeeTerms(oneOf(FeeModel.values()), number(0, Micros.ONE), number(0, Micros.ONE), text());
    }

    public PriceGrid prices() {
        return new PriceGrid(some(() -> {
            Price a = price();
            Price b = price();
            return new PriceGrid.Band(a.isBelow(b) ? a : b, a.isBelow(b) ? b : a, new Price(number(1, Micros.ONE)));
        }));
    }

    public Market market() {
        return market(marketId());
    }

    public Market market(MarketId id) {
        return new Market(
                id,
                maybe(() -> new EventId(name())),
                flag(),
                text(),
                text(),
                oneOf(MarketStatus.values()),
                maybe(this::time),
                maybe(this::time),
                maybe(this::time),
                prices(),
                new Quantity(number(1, MOST_MICROS)),
                quantity(),
                money(),
                fees(),
                maybe(this::text),
                maybe(this::text),
                flag(),
                maybe(this::count),
                time(),
                text());
    }

    public Quote quote() {
        return new Quote(
                marketId(),
                some(() -> new Level(price(), quantity())),
                some(() -> new Level(price(), quantity())),
                flag(),
                maybe(this::price),
                maybe(this::quantity),
                maybe(this::time),
                maybe(() -> number(Long.MIN_VALUE, Long.MAX_VALUE)),
                time(),
                text());
    }

    public QuoteView quoteView() {
        return new QuoteView(
                maybe(this::price), maybe(this::price), maybe(this::price), maybe(this::time), time(), origin());
    }

    public Settlement settlement() {
        return new Settlement(
                marketId(),
                oneOf(Settlement.Result.values()),
                price(),
                oneOf(Settlement.Status.values()),
                count(),
                time(),
                text());
    }

    // ---------------------------------------------------------------- orders

    public Signal signal() {
        return signal(account());
    }

    public Signal signal(AccountId account) {
        return new Signal(
                identity(),
                identity(),
                account,
                new StrategyId(name()),
                marketId(),
                maybe(this::text),
                maybe(this::text),
                maybe(this::text),
                maybe(this::text),
                maybe(this::text),
                maybe(this::text),
                maybe(this::micros),
                oneOf(Side.values()),
                oneOf(Action.values()),
                price(),
                quantity(),
                maybe(this::money),
                maybe(this::micros),
                oneOf(TimeInForce.values()),
                flag(),
                maybe(this::time),
                time(),
                maybe(this::text),
                maybe(this::count),
                maybe(this::count),
                attributes());
    }

    public OrderCommand orderCommand() {
        return new OrderCommand(
                oneOf(OrderCommand.Type.values()),
                new OrderId(name()),
                account(),
                new StrategyId(name()),
                oneOf(Mode.values()),
                market(),
                maybe(this::text),
                oneOf(Side.values()),
                oneOf(Action.values()),
                price(),
                quantity(),
                oneOf(TimeInForce.values()),
                flag(),
                maybe(this::time),
                time(),
                time(),
                number(0, Long.MAX_VALUE),
                text(),
                maybe(this::text),
                maybe(this::count),
                maybe(this::count));
    }

    public VenueReport report() {
        return report(account());
    }

    public VenueReport report(AccountId account) {
        return new VenueReport(
                new OrderId(name()),
                account,
                oneOf(Mode.values()),
                marketId(),
                oneOf(VenueReport.Type.values()),
                maybe(this::text),
                maybe(this::bookedQuantity),
                text(),
                text(),
                time());
    }

    public Fill fill() {
        return fill(account());
    }

    public Fill fill(AccountId account) {
        return new Fill(
                identity(),
                flag() ? name() : "",
                text(),
                account,
                oneOf(Mode.values()),
                marketId(),
                oneOf(Side.values()),
                oneOf(Action.values()),
                price(),
                bookedQuantity(),
                bookedMoney(),
                flag(),
                oneOf(Fill.Status.values()),
                time());
    }

    // ---------------------------------------------------------------- risk

    public RiskLimits limits() {
        Map<Limit, Long> limits = new EnumMap<>(Limit.class);
        for (Limit limit : Limit.values()) {
            if (flag()) {
                limits.put(limit, number(0, MOST_MICROS));
            }
        }
        return new RiskLimits(
                account(),
                scope(),
                number(0, Long.MAX_VALUE),
                limits,
                some(this::text),
                some(this::text),
                text(),
                text(),
                time());
    }

    public ControlCommand control() {
        return new ControlCommand(
                name(),
                oneOf(ControlCommand.Type.values()),
                scope(),
                account(),
                identity(),
                text(),
                time(),
                maybe(this::time),
                number(0, Long.MAX_VALUE),
                attributes());
    }

    public Halt halt() {
        return new Halt(scope(), text(), text(), time());
    }

    /** One control's answer; its numbers may be any, as they are computed and not received. */
    public Check check() {
        return new Check(
                oneOf(Control.values()),
                text(),
                oneOf(Check.NONE, number(0, MOST_MICROS)),
                oneOf(Check.NONE, number(-MOST_MICROS, MOST_MICROS)),
                oneOf(Check.NONE, number(-Long.MAX_VALUE, Long.MAX_VALUE)),
                oneOf(Check.Outcome.values()),
                text());
    }

    public Decision decision() {
        return new Decision(
                number(1, Long.MAX_VALUE),
                time(),
                oneOf(Mode.values()),
                new OrderId(name()),
                signal(),
                oneOf(Verdict.values()),
                text(),
                text(),
                maybe(() -> number(1, Long.MAX_VALUE)),
                maybe(() -> oneOf(Verdict.values())),
                some(this::check),
                new Money(number(-Long.MAX_VALUE, Long.MAX_VALUE)),
                maybe(() -> new OrderId(name())),
                maybe(this::time),
                some(this::text),
                text(),
                maybe(this::origin),
                count(),
                number(0, Long.MAX_VALUE));
    }

    // ---------------------------------------------------------------- journal

    public JournalEntry entry() {
        AccountId account = account();
        return new JournalEntry(account, count(), number(0, Long.MAX_VALUE), time(), body(account));
    }

    /** A body of any kind, for an entry of {@code account}. */
    public JournalEntry.Body body(AccountId account) {
        return switch (random.nextInt(10)) {
            case 0 ->
                new JournalEntry.SignalReceived(
                        signal(account),
                        oneOf(Mode.values()),
                        new OrderId(name()),
                        hash(),
                        maybe(this::quoteView),
                        maybe(this::market),
                        flag());
            case 1 -> new JournalEntry.ReportReceived(report(account));
            case 2 -> new JournalEntry.FillReceived(fill(account));
            case 3 -> new JournalEntry.ControlReceived(control());
            case 4 -> new JournalEntry.LimitsReceived(limits());
            case 5 -> new JournalEntry.SettlementReceived(settlement());
            case 6 -> new JournalEntry.MarkReceived(marketId(), maybe(this::price), maybe(this::price), time());
            case 7 -> snapshot();
            case 8 -> new JournalEntry.Tick(number(0, Long.MAX_VALUE));
            default -> new JournalEntry.DayRolled(count(), oneOf("UTC", "America/New_York"));
        };
    }

    public JournalEntry.SnapshotReceived snapshot() {
        Venue venue = venue();
        boolean cashRead = flag();
        return new JournalEntry.SnapshotReceived(
                oneOf(Mode.values()),
                venue,
                cashRead ? bookedMoney() : null,
                cashRead ? bookedMoney() : null,
                maybe(() -> some(() ->
                        new JournalEntry.Holding(new MarketId(venue, name()), bookedQuantity(), bookedQuantity()))),
                flag(),
                time());
    }
}
