package sluice.benchmarks;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.EventId;
import sluice.domain.MarketId;
import sluice.domain.Micros;
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
import sluice.domain.order.Signal;
import sluice.domain.order.VenueReport;
import sluice.domain.risk.Limit;
import sluice.domain.risk.RiskLimits;
import sluice.domain.risk.Verdict;
import sluice.risk.core.AccountCore;
import sluice.risk.core.AccountEvent;
import sluice.risk.core.MapState;

/**
 * One decision in the core with every control on, approved, reserved, and released again by a refusal of the venue, at
 * a growing number of markets with a position; beside it a plain hash-map gate that dedupes and checks two limits.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
public class DecisionBenchmark {
    private static final AccountId ACCOUNT = new AccountId("main");
    private static final StrategyId STRATEGY = new StrategyId("momentum");
    private static final long NOON = 1_795_176_000_000L;

    /** Markets in which the account has been active. */
    @Param({"10", "1000", "10000"})
    public int markets = 10;

    private AccountCore core = new AccountCore(new MapState());
    private Market[] market = new Market[0];
    private long offset;
    private long now = NOON;
    private final Map<Long, Long> answers = new HashMap<>();
    private final Map<MarketId, Long> exposureByMarket = new HashMap<>();
    private long exposure;

    /** Opens the books, with one order in every market. */
    @Setup
    public void open() {
        core = new AccountCore(new MapState());
        market = new Market[markets];
        enter(AccountId.ALL, new JournalEntry.DayRolled(20_777, "UTC"));
        Map<Limit, Long> limits = new EnumMap<>(Limit.class);
        for (Limit limit : Limit.values()) {
            limits.put(limit, limit.bound() == Limit.Bound.MOST ? 1_000_000_000L * Micros.ONE : 0L);
        }
        // Years of the benchmark's own time pass within a minute.
        for (Limit limit : List.of(Limit.MAX_TIME_TO_RESOLUTION, Limit.MAX_BALANCE_AGE)) {
            limits.put(limit, 1_000_000_000_000_000_000L * 9);
        }
        enter(
                AccountId.ALL,
                new JournalEntry.LimitsReceived(new RiskLimits(
                        AccountId.ALL,
                        sluice.domain.risk.Scope.ALL,
                        1,
                        limits,
                        List.of("*"),
                        List.of(),
                        "benchmark",
                        "benchmark",
                        now)));
        enter(
                ACCOUNT,
                new JournalEntry.SnapshotReceived(
                        sluice.domain.Mode.PAPER,
                        Venue.KALSHI,
                        Money.parse("100000000"),
                        Money.parse("100000000"),
                        null,
                        true,
                        now));
        for (int i = 0; i < markets; i++) {
            market[i] = market("KX-" + i);
            decide(market[i]);
        }
    }

    private static Market market(String name) {
        return new Market(
                new MarketId(Venue.KALSHI, name),
                new EventId("event-" + name),
                false,
                "NBA",
                "",
                MarketStatus.ACTIVE,
                null,
                NOON + 100L * 365 * 86_400_000,
                null,
                PriceGrid.of(Price.parse("0.01")),
                Quantity.parse("0.01"),
                Quantity.parse("1"),
                Money.ZERO,
                new FeeTerms(FeeModel.KALSHI, 70_000, 0, "benchmark"),
                null,
                null,
                false,
                null,
                NOON,
                "benchmark");
    }

    private List<AccountEvent> enter(AccountId account, JournalEntry.Body body) {
        return core.apply(new JournalEntry(account, 0, offset++, now, body));
    }

    private List<AccountEvent> decide(Market at) {
        long number = offset;
        OrderId intent = new OrderId("o" + number);
        Signal signal = new Signal(
                "r",
                "k",
                ACCOUNT,
                STRATEGY,
                at.id(),
                null,
                null,
                null,
                null,
                null,
                null,
                25L * Micros.ONE,
                Side.YES,
                Action.BUY,
                Price.HALF,
                new Quantity(10 * Micros.ONE),
                null,
                null,
                TimeInForce.IOC,
                false,
                null,
                now,
                null,
                null,
                null,
                Map.of());
        QuoteView quote =
                new QuoteView(Price.HALF, Price.HALF, null, null, now, new Origin("market.quotes", 0, number));
        return enter(
                ACCOUNT,
                new JournalEntry.SignalReceived(signal, sluice.domain.Mode.PAPER, intent, "hash", quote, at, false));
    }

    /**
     * Decision, reservation and release: two entries of the journal. An answer lives for seven days; at one decision
     * every six seconds about 100,000 are held, as many as the floor remembers.
     */
    @Benchmark
    public @Nullable Object decideAndRelease() {
        now += 6_000;
        if (offset % 32 == 0) {
            enter(AccountId.ALL, new JournalEntry.Tick(offset));
        }
        Market at = market[(int) (offset % market.length)];
        OrderId intent = new OrderId("o" + offset);
        List<AccountEvent> events = decide(at);
        if (!(events.getFirst() instanceof AccountEvent.Decided decided)
                || decided.decision().verdict() != Verdict.APPROVED) {
            throw new IllegalStateException("what is measured must be an approval, but was " + events.getFirst());
        }
        enter(
                ACCOUNT,
                new JournalEntry.ReportReceived(new VenueReport(
                        intent,
                        ACCOUNT,
                        sluice.domain.Mode.PAPER,
                        at.id(),
                        VenueReport.Type.REFUSED,
                        null,
                        null,
                        "",
                        "",
                        now)));
        return events;
    }

    /** The floor: remember the key, add to two totals, compare with two limits. */
    @Benchmark
    public boolean plainHashMapGate() {
        long key = offset++;
        MarketId at = market[(int) (key % market.length)].id();
        long cost = 5_000_000;
        if (answers.putIfAbsent(key % 100_000, cost) != null) {
            return exposure > Long.MAX_VALUE / 2;
        }
        long inMarket = exposureByMarket.merge(at, cost, Long::sum);
        exposure += cost;
        return inMarket <= Long.MAX_VALUE / 2 && exposure <= Long.MAX_VALUE / 2;
    }
}
