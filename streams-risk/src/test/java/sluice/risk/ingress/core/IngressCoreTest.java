package sluice.risk.ingress.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.MarketId;
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
import sluice.domain.journal.JournalEntry.DayRolled;
import sluice.domain.journal.JournalEntry.MarkReceived;
import sluice.domain.journal.JournalEntry.SignalReceived;
import sluice.domain.journal.JournalEntry.SnapshotReceived;
import sluice.domain.journal.JournalEntry.Tick;
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
import sluice.domain.order.Signal;
import sluice.domain.order.VenueReport;
import sluice.domain.risk.ControlCommand;
import sluice.domain.risk.RiskLimits;
import sluice.domain.risk.Scope;
import sluice.risk.ingress.core.IngressCore.Answer;
import sluice.risk.ingress.core.IngressCore.Append;

class IngressCoreTest {
    private static final AccountId MAIN = new AccountId("main");
    private static final MarketId BOS = new MarketId(Venue.KALSHI, "KXNBA-BOS");
    private static final Map<AccountId, Mode> ACCOUNTS =
            Map.of(MAIN, Mode.PAPER, new AccountId("real"), Mode.LIVE, new AccountId("dry"), Mode.DRY_RUN);
    private static final long NOON = millis("2026-01-28T12:00:00Z");

    // ---------------------------------------------------------------- signals

    @Test
    void aSignalCarriesTheNewestBookAndRulesOfItsMarket() {
        // Given
        IngressCore core = started(NOON);
        core.onMarket(market(BOS, "old"));
        core.onMarket(market(BOS, "new"));
        core.onQuote(quote(BOS, "0.60", "0.64", NOON - 10), origin(1));
        core.onQuote(quote(BOS, "0.61", null, NOON - 5), origin(2));
        core.onQuote(quote(new MarketId(Venue.POLYMARKET, "KXNBA-BOS"), "0.1", "0.2", NOON), origin(3));

        // When
        Answer answer = core.onSignal(signal(s -> s), origin(9));

        // Then
        var view = new QuoteView(Price.parse("0.61"), null, Price.parse("0.5"), NOON - 7, NOON - 5, origin(2));
        assertThat(answer).isInstanceOf(Answer.Journaled.class);
        Append entry = ((Answer.Journaled) answer).entry();
        assertThat(entry.account()).isEqualTo(MAIN);
        assertThat(entry.timeMillis()).isEqualTo(NOON);
        assertThat(entry.origin()).isEqualTo(origin(9));
        var body = (SignalReceived) entry.body();
        assertThat(body.signal()).isEqualTo(signal(s -> s));
        assertThat(body.mode()).isEqualTo(Mode.PAPER);
        assertThat(body.quote()).isEqualTo(view);
        assertThat(body.market()).isEqualTo(market(BOS, "new"));
        assertThat(body.maintenance()).isFalse();
    }

    @Test
    void whatIsNotKnownIsLeftOutAndNotGuessed() {
        // Given
        IngressCore core = started(NOON);
        core.onMarket(market(BOS, "m"));
        core.onQuote(quote(BOS, "0.60", "0.64", NOON), origin(1));

        // When
        core.withoutQuote(BOS);
        core.withoutMarket(BOS);

        // Then
        SignalReceived body = journaled(core, signal(s -> s));
        assertThat(body.quote()).isNull();
        assertThat(body.market()).isNull();
    }

    @Test
    void anUnknownAccountIsRefusedAndTheKnownOnesAreNamed() {
        Answer answer = started(NOON).onSignal(signal(s -> s.account("mian")), origin(1));

        assertThat(answer)
                .isEqualTo(new Answer.Refused("account \"mian\" is not configured; configured are: dry, main, real;"
                        + " correct the signal or add the account to the configuration"));
    }

    @Test
    void aSignalThatContradictsItselfIsRefusedHoweverItWasEncoded() {
        Answer answer = started(NOON).onSignal(signal(s -> s.price("1")), origin(1));

        assertThat(answer).isInstanceOfSatisfying(Answer.Refused.class, refused -> assertThat(refused.reason())
                .startsWith("limit_price is 1; it must lie between 0 and 1"));
    }

    @Test
    void theAccountCalledStarIsNotForSale() {
        assertThatThrownBy(() -> new IngressCore(
                        Map.of(AccountId.ALL, Mode.PAPER),
                        ZoneOffset.UTC,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10),
                        0))
                .hasMessageContaining("stands for all accounts");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "2026-01-29T07:59:59.999Z, false, Thursday 02:59 in winter",
        "2026-01-29T08:00:00.000Z, true, Thursday 03:00 in winter",
        "2026-01-29T09:59:59.999Z, true, Thursday 04:59 in winter",
        "2026-01-29T10:00:00.000Z, false, Thursday 05:00 in winter",
        "2026-07-09T07:00:00.000Z, true, Thursday 03:00 in summer",
        "2026-07-09T09:00:00.000Z, false, Thursday 05:00 in summer",
        "2026-07-10T08:00:00.000Z, false, Friday",
    })
    void kalshiIsMaintainedOnThursdayMorningsInNewYork(String at, boolean expected, String why) {
        IngressCore core = started(millis(at));

        assertThat(journaled(core, signal(s -> s)).maintenance()).as(why).isEqualTo(expected);
        assertThat(journaled(core, signal(s -> s.venue(Venue.POLYMARKET))).maintenance())
                .isFalse();
    }

    // ---------------------------------------------------------------- identity

    @Test
    void theIdentityOfAnIntentIsModeAccountStrategyAndKey() {
        // Given
        IngressCore core = started(NOON);
        var variants = List.of(
                signal(s -> s),
                signal(s -> s.account("real")),
                signal(s -> s.account("dry")),
                signal(s -> s.strategy("other")),
                signal(s -> s.key("k-2")),
                // The same letters, cut elsewhere.
                signal(s -> s.strategy("sk").key("-1")));

        // Then
        assertThat(variants.stream().map(signal -> journaled(core, signal).intentId()))
                .doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(id.value()).matches("[0-9a-f]{32}"));
        assertThat(journaled(core, signal(s -> s.price("0.7").request("r-2"))).intentId())
                .isEqualTo(journaled(core, signal(s -> s)).intentId());
    }

    /** Computed once with another implementation (Python's hashlib), so that a changed encoding is seen. */
    @Test
    void theEncodingsAreTheOnesThatJournalsHold() {
        SignalReceived body = journaled(started(NOON), signal(s -> s));

        assertThat(body.intentId()).isEqualTo(new OrderId("378dd63cd7374163846ae5370954ef20"));
        assertThat(body.payloadHash()).isEqualTo("2a55ec8459dc3fda4dbe5a20ca959a0a587843168cea8aa27a3fa6a6dbe1476c");
    }

    static Stream<Arguments> repeats() {
        return Stream.of(
                Arguments.of("request id", edit(s -> s.request("r-2"))),
                Arguments.of("creation time", edit(s -> s.created(NOON + 1))),
                Arguments.of("attributes", edit(s -> s.attributes(Map.of("retry", "2")))),
                Arguments.of("edge", edit(s -> s.edge(1L))),
                Arguments.of("model price", edit(s -> s.model(1L))),
                Arguments.of("words", edit(s -> s.words("other"))));
    }

    @ParameterizedTest(name = "another {0}")
    @MethodSource("repeats")
    void whatOnlyTellsOfTheSignalLeavesTheOrderTheSame(String what, UnaryOperator<Draft> change) {
        IngressCore core = started(NOON);

        assertThat(journaled(core, signal(change)).payloadHash())
                .isEqualTo(journaled(core, signal(s -> s)).payloadHash());
    }

    @Test
    void whatWouldBeAnotherOrderHasAnotherHash() {
        // Given
        IngressCore core = started(NOON);
        var variants = List.of(
                signal(s -> s),
                signal(s -> s.venue(Venue.POLYMARKET)),
                signal(s -> s.market("KXNBA-NYK")),
                signal(s -> s.token("1")),
                signal(s -> s.token("")),
                signal(s -> s.side(Side.NO)),
                signal(s -> s.action(Action.SELL)),
                signal(s -> s.price("0.66")),
                signal(s -> s.size("51")),
                signal(s -> s.maxCost("40")),
                signal(s -> s.life(TimeInForce.GTC)),
                signal(s -> s.life(TimeInForce.GTC).postOnly()),
                signal(s -> s.life(TimeInForce.GTD).expires(NOON)),
                signal(s -> s.life(TimeInForce.GTD).expires(NOON + 1)),
                signal(s -> s.leg("g", 0, 2)),
                signal(s -> s.leg("g", 1, 2)),
                signal(s -> s.leg("g", 0, 3)),
                signal(s -> s.leg("h", 0, 2)));

        // Then
        assertThat(variants.stream().map(signal -> journaled(core, signal).payloadHash()))
                .doesNotHaveDuplicates()
                .allSatisfy(hash -> assertThat(hash).matches("[0-9a-f]{64}"));
    }

    // ---------------------------------------------------------------- who hears what

    @Test
    void whatConcernsOneAccountGoesToIt() {
        // Given
        IngressCore core = started(NOON);
        var gone = new AccountId("no-longer-configured");
        var report = new VenueReport(
                new OrderId("o-1"), gone, Mode.LIVE, BOS, VenueReport.Type.WORKING, null, null, "", "", NOON);
        var snapshot = new SnapshotReceived(Mode.LIVE, Venue.KALSHI, null, null, null, false, NOON);

        // Then
        assertThat(core.onReport(report, origin(1)))
                .isEqualTo(new Append(gone, NOON, new JournalEntry.ReportReceived(report), origin(1)));
        assertThat(core.onFill(fill(gone), origin(2)))
                .isEqualTo(new Append(gone, NOON, new JournalEntry.FillReceived(fill(gone)), origin(2)));
        assertThat(core.onSnapshot(gone, snapshot, origin(3))).isEqualTo(new Append(gone, NOON, snapshot, origin(3)));
    }

    @Test
    void whatMayConcernAnyAccountGoesToAll() {
        // Given
        IngressCore core = started(NOON);
        var halt = new ControlCommand(
                "c-1", ControlCommand.Type.HALT, Scope.ALL, MAIN, "test", "me", NOON, null, 1, Map.of());
        var limits = new RiskLimits(MAIN, Scope.ALL, 1, Map.of(), List.of(), List.of(), "me", "test", NOON);
        var settlement =
                new Settlement(BOS, Settlement.Result.YES, Price.ONE, Settlement.Status.FINAL, 1, NOON, "recorded");

        // Then
        assertThat(core.onControl(halt, origin(1)))
                .isEqualTo(new Append(AccountId.ALL, NOON, new JournalEntry.ControlReceived(halt), origin(1)));
        assertThat(core.onLimits(limits, origin(2)))
                .isEqualTo(new Append(AccountId.ALL, NOON, new JournalEntry.LimitsReceived(limits), origin(2)));
        assertThat(core.onSettlement(settlement, origin(3)))
                .isEqualTo(new Append(AccountId.ALL, NOON, new JournalEntry.SettlementReceived(settlement), origin(3)));
    }

    // ---------------------------------------------------------------- time

    @Test
    void theFirstMomentTellsTheDayAndThenTicks() {
        List<Append> entries = core(ZoneOffset.UTC, 0).onTime(NOON + 5);

        assertThat(entries)
                .containsExactly(
                        new Append(AccountId.ALL, NOON + 5, new DayRolled(20_481, "Z"), null),
                        new Append(AccountId.ALL, NOON + 5, new Tick(1), null));
    }

    @Test
    void thereIsOneTickASecondAndOneForALeap() {
        // Given
        IngressCore core = started(NOON);

        // Then
        assertThat(bodies(core.onTime(NOON + 999))).isEmpty();
        assertThat(bodies(core.onTime(NOON + 1_000))).containsExactly(new Tick(2));
        assertThat(bodies(core.onTime(NOON + 1_500))).isEmpty();
        assertThat(bodies(core.onTime(NOON + 3_600_000))).containsExactly(new Tick(3));
        assertThat(bodies(core.onTime(NOON + 3_600_999))).isEmpty();
        assertThat(bodies(core.onTime(NOON + 3_601_000))).containsExactly(new Tick(4));
    }

    @Test
    void timeNeverGoesBack() {
        // Given: a journal that is ahead of the clock
        IngressCore core = core(ZoneOffset.UTC, NOON);

        // When
        List<Append> first = core.onTime(NOON - 60_000);
        List<Append> second = core.onTime(NOON - 30_000);

        // Then
        assertThat(first).extracting(Append::timeMillis).containsExactly(NOON, NOON);
        assertThat(second).isEmpty();
        assertThat(journaledAt(core)).isEqualTo(NOON);
        core.onTime(NOON + 1);
        core.onTime(NOON - 1);
        assertThat(journaledAt(core)).isEqualTo(NOON + 1);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "UTC, 2026-01-28T23:59:59.999Z, 2026-01-29",
        "America/New_York, 2026-01-29T04:59:59.999Z, 2026-01-29",
        "America/New_York, 2026-07-09T03:59:59.999Z, 2026-07-09",
        // The night in which clocks go forward, and the one in which they go back.
        "America/New_York, 2026-03-09T03:59:59.999Z, 2026-03-09",
        "America/New_York, 2026-11-02T04:59:59.999Z, 2026-11-02",
        // No midnight that day: it begins at 01:00.
        "America/Santiago, 2026-09-06T03:59:59.999Z, 2026-09-06",
        // Midnight twice that day: it begins with the first.
        "America/Havana, 2026-11-01T03:59:59.999Z, 2026-11-01",
        // One minute past midnight, clocks go back to the day before: the new day has begun and stays.
        "America/Goose_Bay, 2010-11-07T02:59:59.999Z, 2010-11-07",
        "Asia/Kathmandu, 2026-01-28T18:14:59.999Z, 2026-01-29",
    })
    void aDayBeginsWithItsFirstMomentInTheZone(String zone, Instant lastMoment, LocalDate next) {
        // Given
        long last = lastMoment.toEpochMilli();
        IngressCore core = core(ZoneId.of(zone), 0);
        int day = (int) next.toEpochDay();

        // When
        List<Body> before = bodies(core.onTime(last));
        List<Body> after = bodies(core.onTime(last + 1));

        // Then
        assertThat(before.get(0)).isEqualTo(new DayRolled(day - 1, zone));
        assertThat(after.get(0)).isEqualTo(new DayRolled(day, zone));
        assertThat(after.get(1)).isInstanceOf(Tick.class);
        for (long later = last + 1; later < last + Duration.ofHours(22).toMillis(); later += 60_000) {
            assertThat(bodies(core.onTime(later))).noneMatch(DayRolled.class::isInstance);
            // A restart in between tells the same day.
            assertThat(bodies(core(ZoneId.of(zone), 0).onTime(later)).get(0)).isEqualTo(new DayRolled(day, zone));
        }
    }

    @Test
    void aDayBeginsAlsoBetweenTicks() {
        // Given
        IngressCore core = new IngressCore(ACCOUNTS, ZoneOffset.UTC, Duration.ofHours(5), Duration.ofSeconds(10), 0);
        core.onTime(millis("2026-01-28T23:59:00Z"));

        // Then
        assertThat(bodies(core.onTime(millis("2026-01-29T00:00:00Z")))).containsExactly(new DayRolled(20_482, "Z"));
    }

    @Test
    void aLeapOverDaysTellsWhereTimeStands() {
        IngressCore core = started(NOON);

        assertThat(bodies(core.onTime(NOON + Duration.ofDays(3).toMillis())))
                .containsExactly(new DayRolled(20_484, "Z"), new Tick(2));
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 100);
    }

    /** Whatever the clock does, entries are stamped in order, days only grow, and no second has two ticks. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anyClockGivesAnOrderedJournal(long seed) {
        // Given
        var random = new Random(seed);
        var zones = ZoneId.getAvailableZoneIds().stream().sorted().toList();
        ZoneId zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
        IngressCore core = core(zone, NOON + random.nextInt(-100_000, 100_000));
        long clock = NOON;
        var journal = new ArrayList<Append>();

        // When
        for (int i = 0; i < 2_000; i++) {
            clock += switch (random.nextInt(20)) {
                case 0 -> random.nextInt(-5_000_000, 5_000_000);
                case 1 -> random.nextInt(100_000_000);
                default -> random.nextInt(2_000);
            };
            journal.addAll(core.onTime(clock));
            if (core.onSignal(signal(s -> s), origin(i)) instanceof Answer.Journaled journaled) {
                journal.add(journaled.entry());
            }
        }

        // Then
        assertThat(journal).extracting(Append::timeMillis).isSorted();
        assertThat(journal.stream().filter(e -> e.body() instanceof Tick).map(e -> e.timeMillis() / 1_000))
                .doesNotHaveDuplicates();
        int day = Integer.MIN_VALUE;
        for (Append entry : journal) {
            if (entry.body() instanceof DayRolled roll) {
                assertThat(roll.tradingDay()).isGreaterThan(day);
                day = roll.tradingDay();
            }
            long first =
                    LocalDate.ofEpochDay(day).atStartOfDay(zone).toInstant().toEpochMilli();
            long next =
                    LocalDate.ofEpochDay(day + 1).atStartOfDay(zone).toInstant().toEpochMilli();
            assertThat(entry.timeMillis()).isBetween(first, next - 1);
        }
    }

    // ---------------------------------------------------------------- marks

    @Test
    void aMarketThatIsAskedForIsMarkedWithTheNextTick() {
        // Given
        IngressCore core = started(NOON);
        core.onQuote(quote(BOS, "0.60", "0.64", NOON), origin(1));
        core.onQuote(quote(new MarketId(Venue.KALSHI, "QUIET"), "0.60", "0.64", NOON), origin(2));
        journaled(core, signal(s -> s));

        // Then
        assertThat(marks(core, NOON + 999)).isEmpty();
        assertThat(core.onTime(NOON + 1_000))
                .containsExactly(
                        new Append(AccountId.ALL, NOON + 1_000, new Tick(2), null),
                        new Append(AccountId.ALL, NOON + 1_000, mark("0.6", "0.64", NOON), null));
    }

    @Test
    void aMarkIsRepeatedWhenThePriceChangedAndTheIntervalHasPassed() {
        // Given
        IngressCore core = started(NOON);
        journaled(core, signal(s -> s));
        core.onQuote(quote(BOS, "0.60", "0.64", NOON), origin(1));
        assertThat(marks(core, NOON + 1_000)).hasSize(1);

        // Then: nothing changed
        assertThat(marks(core, NOON + 60_000)).isEmpty();

        // Then: changed twice, told once, with the newest
        core.onQuote(quote(BOS, "0.61", "0.64", NOON + 60_500), origin(2));
        assertThat(marks(core, NOON + 61_000)).containsExactly(mark("0.61", "0.64", NOON + 60_500));
        core.onQuote(quote(BOS, "0.62", "0.64", NOON + 61_500), origin(3));
        assertThat(marks(core, NOON + 62_000)).isEmpty();
        core.onQuote(quote(BOS, null, "0.64", NOON + 63_000), origin(4));
        assertThat(marks(core, NOON + 70_999)).isEmpty();
        assertThat(marks(core, NOON + 71_000)).containsExactly(mark(null, "0.64", NOON + 63_000));
    }

    @Test
    void aPriceThatIsConfirmedIsMarkedAgainBeforeItLooksStale() {
        // Given
        IngressCore core = started(NOON);
        journaled(core, signal(s -> s));
        core.onQuote(quote(BOS, "0.60", "0.64", NOON), origin(1));
        assertThat(marks(core, NOON + 1_000)).hasSize(1);

        // When
        core.onQuote(quote(BOS, "0.60", "0.64", NOON + 30_000), origin(2));

        // Then
        assertThat(marks(core, NOON + 30_999)).isEmpty();
        assertThat(marks(core, NOON + 31_000)).containsExactly(mark("0.6", "0.64", NOON + 30_000));
        assertThat(marks(core, NOON + 90_000)).isEmpty();
    }

    @Test
    void aMarketThatNobodyAskedForInADayIsForgotten() {
        // Given
        IngressCore core = started(NOON);
        journaled(core, signal(s -> s));
        long day = Duration.ofHours(24).toMillis();

        // Then
        core.onQuote(quote(BOS, "0.60", "0.64", NOON), origin(1));
        assertThat(marks(core, NOON + day)).hasSize(1);
        core.onQuote(quote(BOS, "0.70", "0.74", NOON + day), origin(2));
        assertThat(marks(core, NOON + day + 20_000)).isEmpty();
    }

    /** After a restart no signal may come, and what is held wants its marks all the same. */
    @Test
    void whatIsTradedOrHeldIsMarkedToo() {
        // Given
        var held = new MarketId(Venue.KALSHI, "HELD");
        var sold = new MarketId(Venue.KALSHI, "SOLD");
        IngressCore core = started(NOON);
        for (MarketId market : List.of(BOS, held, sold)) {
            core.onQuote(quote(market, "0.60", "0.64", NOON), origin(1));
        }

        // When
        core.onFill(fill(MAIN), origin(2));
        core.onSnapshot(
                MAIN,
                new SnapshotReceived(
                        Mode.PAPER,
                        Venue.KALSHI,
                        Money.ZERO,
                        Money.ZERO,
                        List.of(
                                new JournalEntry.Holding(held, Quantity.parse("1"), Quantity.ZERO),
                                new JournalEntry.Holding(sold, Quantity.ZERO, Quantity.ZERO)),
                        true,
                        NOON),
                origin(3));

        // Then
        assertThat(marks(core, NOON + 1_000)).extracting(MarkReceived::market).containsExactly(held, BOS);
    }

    // ---------------------------------------------------------------- makers

    private static IngressCore core(ZoneId zone, long notBefore) {
        return new IngressCore(ACCOUNTS, zone, Duration.ofSeconds(1), Duration.ofSeconds(10), notBefore);
    }

    private static IngressCore started(long millis) {
        IngressCore core = core(ZoneOffset.UTC, 0);
        core.onTime(millis);
        return core;
    }

    private static long millis(String time) {
        return Instant.parse(time).toEpochMilli();
    }

    private static Origin origin(long offset) {
        return new Origin("topic", 0, offset);
    }

    private static List<Body> bodies(List<Append> entries) {
        return entries.stream().map(Append::body).toList();
    }

    private static List<MarkReceived> marks(IngressCore core, long millis) {
        return core.onTime(millis).stream()
                .map(Append::body)
                .filter(MarkReceived.class::isInstance)
                .map(MarkReceived.class::cast)
                .toList();
    }

    private static MarkReceived mark(@Nullable String bid, @Nullable String ask, long at) {
        return new MarkReceived(BOS, bid == null ? null : Price.parse(bid), ask == null ? null : Price.parse(ask), at);
    }

    private static SignalReceived journaled(IngressCore core, Signal signal) {
        return (SignalReceived)
                ((Answer.Journaled) core.onSignal(signal, origin(1))).entry().body();
    }

    private static long journaledAt(IngressCore core) {
        return ((Answer.Journaled) core.onSignal(signal(s -> s), origin(1)))
                .entry()
                .timeMillis();
    }

    private static Quote quote(MarketId market, @Nullable String bid, @Nullable String ask, long at) {
        return new Quote(market, levels(bid), levels(ask), true, Price.HALF, Quantity.ZERO, at - 2, null, at, "test");
    }

    private static List<Level> levels(@Nullable String price) {
        return price == null
                ? List.of()
                : List.of(new Level(Price.parse(price), Quantity.parse("10")), new Level(Price.HALF, Quantity.ZERO));
    }

    private static Market market(MarketId id, String title) {
        return new Market(
                id,
                null,
                false,
                "NBA",
                title,
                MarketStatus.ACTIVE,
                null,
                null,
                null,
                PriceGrid.of(Price.parse("0.01")),
                Quantity.parse("1"),
                Quantity.parse("1"),
                Money.ZERO,
                new FeeTerms(FeeModel.NONE, 0, 0, "v"),
                null,
                null,
                false,
                null,
                NOON,
                "test");
    }

    private static Fill fill(AccountId account) {
        return new Fill(
                "t-1",
                "o-1",
                "v-1",
                account,
                Mode.LIVE,
                BOS,
                Side.YES,
                Action.BUY,
                Price.HALF,
                Quantity.parse("1"),
                Money.ZERO,
                true,
                Fill.Status.FINAL,
                NOON);
    }

    private static UnaryOperator<Draft> edit(UnaryOperator<Draft> change) {
        return change;
    }

    private static Signal signal(UnaryOperator<Draft> change) {
        return change.apply(new Draft()).signal();
    }

    /** A valid signal, to be changed in the one field that a test is about. */
    private static final class Draft {
        private String request = "r-1";
        private String key = "k-1";
        private String account = "main";
        private String strategy = "s";
        private Venue venue = Venue.KALSHI;
        private String market = "KXNBA-BOS";
        private @Nullable String token;
        private String words = "w";
        private @Nullable Long edge;
        private Side side = Side.YES;
        private Action action = Action.BUY;
        private String price = "0.65";
        private String size = "50";
        private @Nullable String maxCost;
        private @Nullable Long model;
        private TimeInForce life = TimeInForce.IOC;
        private boolean postOnly;
        private @Nullable Long expires;
        private long created = NOON;
        private @Nullable String group;
        private @Nullable Integer index;
        private @Nullable Integer count;
        private Map<String, String> attributes = Map.of();

        Signal signal() {
            return new Signal(
                    request,
                    key,
                    new AccountId(account),
                    new StrategyId(strategy),
                    new MarketId(venue, market),
                    token,
                    words,
                    words,
                    words,
                    words,
                    words,
                    edge,
                    side,
                    action,
                    Price.parse(price),
                    Quantity.parse(size),
                    maxCost == null ? null : Money.parse(maxCost),
                    model,
                    life,
                    postOnly,
                    expires,
                    created,
                    group,
                    index,
                    count,
                    attributes);
        }

        Draft request(String value) {
            request = value;
            return this;
        }

        Draft key(String value) {
            key = value;
            return this;
        }

        Draft account(String value) {
            account = value;
            return this;
        }

        Draft strategy(String value) {
            strategy = value;
            return this;
        }

        Draft venue(Venue value) {
            venue = value;
            return this;
        }

        Draft market(String value) {
            market = value;
            return this;
        }

        Draft token(String value) {
            token = value;
            return this;
        }

        Draft words(String value) {
            words = value;
            return this;
        }

        Draft edge(long value) {
            edge = value;
            return this;
        }

        Draft side(Side value) {
            side = value;
            return this;
        }

        Draft action(Action value) {
            action = value;
            return this;
        }

        Draft price(String value) {
            price = value;
            return this;
        }

        Draft size(String value) {
            size = value;
            return this;
        }

        Draft maxCost(String value) {
            maxCost = value;
            return this;
        }

        Draft model(long value) {
            model = value;
            return this;
        }

        Draft life(TimeInForce value) {
            life = value;
            return this;
        }

        Draft expires(long value) {
            expires = value;
            return this;
        }

        Draft created(long value) {
            created = value;
            return this;
        }

        Draft attributes(Map<String, String> value) {
            attributes = value;
            return this;
        }

        Draft postOnly() {
            postOnly = true;
            return this;
        }

        Draft leg(String groupId, int legIndex, int legCount) {
            group = groupId;
            index = legIndex;
            count = legCount;
            return this;
        }
    }
}
