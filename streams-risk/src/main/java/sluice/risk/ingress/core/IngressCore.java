package sluice.risk.ingress.core;

import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.MarketId;
import sluice.domain.Mode;
import sluice.domain.Price;
import sluice.domain.journal.JournalEntry;
import sluice.domain.journal.JournalEntry.Body;
import sluice.domain.journal.JournalEntry.SnapshotReceived;
import sluice.domain.journal.Origin;
import sluice.domain.market.Level;
import sluice.domain.market.Market;
import sluice.domain.market.Quote;
import sluice.domain.market.QuoteView;
import sluice.domain.market.Settlement;
import sluice.domain.order.Fill;
import sluice.domain.order.Signal;
import sluice.domain.order.VenueReport;
import sluice.domain.risk.ControlCommand;
import sluice.domain.risk.RiskLimits;

/**
 * Turns what arrives into what is appended to the journal.
 *
 * <p>Time enters through {@link #onTime} alone and never goes back; everything else happens at the time of the last
 * call. So nothing of a new trading day can come before the entry that begins it. What is held in memory is only the
 * newest book and rules of each market, and which markets are worth a mark: all of it comes back from the topics.
 *
 * <p>Pure, and for one thread.
 */
public final class IngressCore {
    /** A market that nobody asked for or held for this long gets no more marks. */
    private static final long WATCHED_MILLIS = Duration.ofHours(24).toMillis();

    /** Marks of an unchanged price are repeated after so many mark intervals, if a newer book confirmed it. */
    private static final int CONFIRM_AFTER = 3;

    private final Map<AccountId, Mode> accounts;
    private final TradingCalendar calendar;
    private final long tickMillis;
    private final long markMillis;

    private final Map<MarketId, QuoteView> quotes = new HashMap<>();
    private final Map<MarketId, Market> markets = new HashMap<>();
    /** Sorted, so that marks of one moment are appended in the same order on every run. */
    private final Map<MarketId, Watch> watched = new TreeMap<>();

    private long time;
    private long nextTick = Long.MIN_VALUE;
    private long nextDay = Long.MIN_VALUE;
    private long ticks;

    /**
     * Something to be appended.
     *
     * @param account whom it concerns; {@link AccountId#ALL} asks for a copy in every partition of the journal
     * @param timeMillis timestamp of the journal record, UTC milliseconds
     * @param origin the record that it was made from; null where ingress made it
     */
    public record Append(
            AccountId account,
            long timeMillis,
            Body body,
            @Nullable Origin origin) {}

    /** What becomes of a signal. */
    public sealed interface Answer {
        /** It goes to its account. */
        record Journaled(Append entry) implements Answer {}

        /** It cannot become an order, whatever the books say; {@code reason} says what to do. */
        record Refused(String reason) implements Answer {}
    }

    /** A market that is asked for or held, and the mark that was last told of it. */
    private static final class Watch {
        long wantedAt;
        long markedAt = Long.MIN_VALUE;

        @Nullable
        QuoteView marked;
    }

    /**
     * @param accounts every account that may trade, with its mode
     * @param zone whose midnight begins a trading day
     * @param tickEvery time between ticks, at least a millisecond
     * @param markEvery least time between two marks of a market; looked at with each tick
     * @param notBeforeMillis newest timestamp in the journal, UTC milliseconds; time starts there at the earliest
     */
    public IngressCore(
            Map<AccountId, Mode> accounts, ZoneId zone, Duration tickEvery, Duration markEvery, long notBeforeMillis) {
        if (accounts.containsKey(AccountId.ALL)) {
            throw new IllegalArgumentException("account * stands for all accounts; give the account a name of its own");
        }
        if (tickEvery.toMillis() < 1 || markEvery.toMillis() < 1) {
            throw new IllegalArgumentException("a tick every " + tickEvery + " and a mark every " + markEvery
                    + "; both must be at least a millisecond");
        }
        this.accounts = Map.copyOf(accounts);
        this.calendar = new TradingCalendar(zone);
        this.tickMillis = tickEvery.toMillis();
        this.markMillis = markEvery.toMillis();
        this.time = notBeforeMillis;
    }

    /** Time of the journal: of the last {@link #onTime}, or later if the journal already was. */
    public long timeMillis() {
        return time;
    }

    /**
     * Moves time on, and answers what everybody is to be told because of it: that a trading day began (also at the
     * first call), a tick, and marks. A leap over several ticks or days is told once, as where time stands now.
     *
     * @param clockMillis the clock, UTC milliseconds; a clock that went back leaves time where it was
     */
    public List<Append> onTime(long clockMillis) {
        time = Math.max(time, clockMillis);
        if (time < nextTick && time < nextDay) {
            return List.of();
        }
        var due = new ArrayList<Append>();
        if (time >= nextDay) {
            int day = calendar.dayAt(time);
            nextDay = calendar.startOf(day + 1);
            due.add(toAll(new JournalEntry.DayRolled(day, calendar.zone().getId()), null));
        }
        if (time >= nextTick) {
            nextTick = Math.addExact(Math.multiplyExact(Math.floorDiv(time, tickMillis), tickMillis), tickMillis);
            due.add(toAll(new JournalEntry.Tick(++ticks), null));
            addMarks(due);
        }
        return due;
    }

    /** Adds what a decision needs from outside the account: mode, identity, newest book, market and maintenance. */
    public Answer onSignal(Signal signal, Origin origin) {
        Mode mode = accounts.get(signal.account());
        if (mode == null) {
            return new Answer.Refused("account \"" + signal.account() + "\" is not configured; configured are: "
                    + accounts.keySet().stream().sorted().map(AccountId::value).collect(Collectors.joining(", "))
                    + "; correct the signal or add the account to the configuration");
        }
        Optional<String> contradiction = SignalRules.contradiction(signal);
        if (contradiction.isPresent()) {
            return new Answer.Refused(contradiction.get());
        }
        MarketId market = signal.market();
        watch(market);
        var body = new JournalEntry.SignalReceived(
                signal,
                mode,
                Intent.id(mode, signal),
                Intent.payloadHash(signal),
                quotes.get(market),
                markets.get(market),
                TradingCalendar.inMaintenance(market.venue(), time));
        return new Answer.Journaled(new Append(signal.account(), time, body, origin));
    }

    /** Reports go to their account, configured or not: what a venue says of our orders is never dropped. */
    public Append onReport(VenueReport report, Origin origin) {
        return new Append(report.account(), time, new JournalEntry.ReportReceived(report), origin);
    }

    /** Fills go to their account, configured or not: a trade is a fact. */
    public Append onFill(Fill fill, Origin origin) {
        watch(fill.market());
        return new Append(fill.account(), time, new JournalEntry.FillReceived(fill), origin);
    }

    /** A snapshot goes to its account. */
    public Append onSnapshot(AccountId account, SnapshotReceived snapshot, Origin origin) {
        if (snapshot.positions() != null) {
            for (JournalEntry.Holding holding : snapshot.positions()) {
                if (!holding.yes().isZero() || !holding.no().isZero()) {
                    watch(holding.market());
                }
            }
        }
        return new Append(account, time, snapshot, origin);
    }

    /** Every partition hears of a command: its scope may be wider than an account. */
    public Append onControl(ControlCommand command, Origin origin) {
        return toAll(new JournalEntry.ControlReceived(command), origin);
    }

    /** Every partition hears of limits: their scope may be wider than an account. */
    public Append onLimits(RiskLimits limits, Origin origin) {
        return toAll(new JournalEntry.LimitsReceived(limits), origin);
    }

    /** Every partition hears of a settlement: any account may hold the market. */
    public Append onSettlement(Settlement settlement, Origin origin) {
        return toAll(new JournalEntry.SettlementReceived(settlement), origin);
    }

    /** Replaces the book of a market. The last record in the log is the newest: its venue's connector wrote it last. */
    public void onQuote(Quote quote, Origin origin) {
        quotes.put(
                quote.market(),
                new QuoteView(
                        priceOf(quote.bestBid()),
                        priceOf(quote.bestAsk()),
                        quote.lastTradePrice(),
                        quote.lastTradeAtMillis(),
                        quote.atMillis(),
                        origin));
    }

    /** Replaces what is known of a market. */
    public void onMarket(Market market) {
        markets.put(market.id(), market);
    }

    /**
     * Forgets the book of a market whose newest one could not be read: what came before it would pass for the newest.
     */
    public void withoutQuote(MarketId market) {
        quotes.remove(market);
    }

    /** Forgets a market that was deleted, or whose newest description could not be read. */
    public void withoutMarket(MarketId market) {
        markets.remove(market);
    }

    private static @Nullable Price priceOf(@Nullable Level level) {
        return level == null ? null : level.price();
    }

    private Append toAll(Body body, @Nullable Origin origin) {
        return new Append(AccountId.ALL, time, body, origin);
    }

    private void watch(MarketId market) {
        watched.computeIfAbsent(market, id -> new Watch()).wantedAt = time;
    }

    private void addMarks(List<Append> due) {
        watched.values().removeIf(watch -> time - watch.wantedAt > WATCHED_MILLIS);
        watched.forEach((market, watch) -> {
            QuoteView quote = quotes.get(market);
            if (quote != null && isDue(watch, quote)) {
                watch.markedAt = time;
                watch.marked = quote;
                due.add(toAll(
                        new JournalEntry.MarkReceived(market, quote.yesBid(), quote.yesAsk(), quote.atMillis()), null));
            }
        });
    }

    private boolean isDue(Watch watch, QuoteView quote) {
        QuoteView marked = watch.marked;
        if (marked == null) {
            return true;
        }
        long sinceMark = time - watch.markedAt;
        boolean samePrices =
                Objects.equals(marked.yesBid(), quote.yesBid()) && Objects.equals(marked.yesAsk(), quote.yesAsk());
        if (samePrices) {
            // A mark has an age: without this, a price that the venue keeps confirming would look stale.
            return quote.atMillis() != marked.atMillis() && sinceMark >= markMillis * CONFIRM_AFTER;
        }
        return sinceMark >= markMillis;
    }
}
