package sluice.venues.recording.generator;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import sluice.domain.EventId;
import sluice.domain.MarketId;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.Venue;
import sluice.domain.market.FeeModel;
import sluice.domain.market.FeeTerms;
import sluice.domain.market.Market;
import sluice.domain.market.MarketStatus;
import sluice.domain.market.PriceGrid;
import sluice.domain.market.Quote;
import sluice.domain.market.Settlement;
import sluice.venues.recording.RecordedEvent;
import sluice.venues.recording.RecordedEvent.MarketEvent;
import sluice.venues.recording.RecordedEvent.QuoteEvent;
import sluice.venues.recording.RecordedEvent.SettlementEvent;
import sluice.venues.recording.RecordingWriter;
import sluice.venues.recording.generator.SignalMaker.Kind;
import sluice.venues.recording.generator.SignalMaker.Sent;

/**
 * Makes two hours of a game night: books of invented games at both venues, their outcomes, and signals of three
 * invented models, good and bad.
 *
 * <p>Each game has a latent probability that ends at 0 or 1; books are quoted around it with the spreads, sizes, rates
 * and settlement delays that were measured on recordings, and with their faults: a reconnect without data, crossed
 * books, sides that are empty, lines that come late, lines out of order, and a clock that runs 124 ms behind the
 * exchange.
 *
 * <p>Pure: the same seed gives the same lines on every machine.
 */
public final class RecordingGenerator {
    /** Seed of the shipped recording. */
    public static final long SHIPPED_SEED = 20_260_201;

    private static final long START = Instant.parse("2026-02-01T19:00:00Z").toEpochMilli();
    private static final int SECONDS = 2 * 60 * 60;

    /** Markets are quiet for so long at first, so that a book stands when the first signal comes. */
    private static final int FIRST_SIGNAL_SECOND = 45;

    /** Later there are few books left that a signal could take from. */
    private static final int LAST_SIGNAL_SECOND = 6_300;

    private static final long CLOCK_SKEW_MILLIS = 124;

    private static final FeeTerms KALSHI_FEES =
            new FeeTerms(FeeModel.KALSHI, 70_000, 0, "generated: general schedule of 2026-07-07");
    private static final FeeTerms POLYMARKET_FEES =
            new FeeTerms(FeeModel.POLYMARKET, 50_000, 0, "generated: sports, July 2026");

    /** Chance that a change is followed by another within milliseconds. */
    private static final double BURST = 0.72;

    /** A span of seconds. */
    private record Span(int from, int to) {
        boolean holds(int second) {
            return second >= from && second < to;
        }
    }

    /** While one of these lasts, the recorder is not connected to the venue. */
    private static final Map<Venue, Span> RECONNECTS =
            Map.of(Venue.KALSHI, new Span(3_780, 3_822), Venue.POLYMARKET, new Span(5_160, 5_185));

    /** While this lasts, the recorder's clock is seen to run behind Kalshi's. */
    private static final Span SKEWED = new Span(2_400, 2_460);

    /** A market with its game and its habits. */
    private static final class Listing {
        final Contest contest;
        final int outcome;
        final BookMaker book;
        /** Bursts of changes a second. */
        final double rate;
        /** Whether signals may name it. */
        final boolean traded;

        final @Nullable Gap gap;
        double probability;

        Listing(Contest contest, int outcome, BookMaker book, double rate, boolean traded, @Nullable Gap gap) {
            this.contest = contest;
            this.outcome = outcome;
            this.book = book;
            this.rate = rate;
            this.traded = traded;
            this.gap = gap;
        }

        boolean open(int second) {
            return second < contest.endSecond();
        }
    }

    /** How much dearer YES is at Polymarket than at Kalshi: median 3 cents, p5 0.5, p95 5, drifting for hours. */
    private static final class Gap {
        private double now = 0.03;

        void advance(Dice dice) {
            now += 0.006 * (0.030 - now) + 0.0014 * dice.gaussian();
        }
    }

    private final Dice dice;
    private final Random order;
    private final SignalMaker signals;
    private final List<Contest> contests = new ArrayList<>();
    private final List<Listing> listings = new ArrayList<>();
    private final List<RecordedEvent> events = new ArrayList<>();
    private final List<SettlementEvent> due = new ArrayList<>();
    private final Map<Integer, Kind> plan = new LinkedHashMap<>();
    private final Map<Kind, Integer> variants = new EnumMap<>(Kind.class);
    private final Market unquoted;

    private RecordingGenerator(long seed) {
        this.dice = new Dice(seed);
        this.order = new Random(seed + 1);
        this.signals = new SignalMaker(new Dice(seed + 2));
        this.unquoted = market(
                Venue.KALSHI,
                "KXGENHOOPS-26FEB08OAKELM-OAK",
                "26FEB08OAKELM",
                false,
                "basketball",
                "Oak",
                SECONDS * 84);
        list();
        plan();
    }

    /** The lines of the recording made from {@code seed}, without their ends, in the order of the file. */
    public static List<String> lines(long seed) {
        List<String> lines = new ArrayList<>();
        SequencedMap<String, String> facts = new LinkedHashMap<>();
        facts.put("seed", Long.toString(seed));
        facts.put("note", "invented games, prices and signals; no recorded data");
        lines.add(RecordingWriter.header(BookMaker.SOURCE, facts));
        for (RecordedEvent event : new RecordingGenerator(seed).run()) {
            lines.add(RecordingWriter.line(event));
        }
        return lines;
    }

    // ---------------------------------------------------------------- what is played

    private void list() {
        Contest harbor = game(600, 6_300, 0.15);
        Gap gap = new Gap();
        kalshi("KXGENHOOPS-26FEB01HRBSMT", "HRB", "basketball", "Harbor", harbor, 0, false);
        Contest valley = game(0, 5_400, -0.3);
        kalshi("KXGENHOOPS-26FEB01VALRDG", "VAL", "basketball", "Valley", valley, 0, true);
        kalshi("KXGENHOOPS-26FEB01VALRDG", "RDG", "basketball", "Ridge", valley, 1, true);
        Contest soccer = new Contest.Goals(300, 6_600, 1.5, 1.1);
        contests.add(soccer);
        kalshi("KXGENGOAL-26FEB01LAKFEN", "LAK", "soccer", "Lake", soccer, 0, true);
        kalshi("KXGENGOAL-26FEB01LAKFEN", "TIE", "soccer", "Draw", soccer, 1, true);
        kalshi("KXGENGOAL-26FEB01LAKFEN", "FEN", "soccer", "Fen", soccer, 2, true);
        kalshi("KXGENHOOPS-26FEB01DUNCLF", "DUN", "basketball", "Dune", game(1_200, 6_900, 0), 0, false);
        polymarket("gen-hoops-hrb-smt-2026-02-01", "Harbor", harbor, 0.1, 0, gap);
        polymarket("gen-hoops-mes-cay-2026-02-01", "Mesa", game(0, 5_700, 0.4), 0.1, 0, null);
        polymarket("gen-hoops-brk-gln-2026-02-01", "Brook", game(900, 6_600, -0.1), 0.1, 0, null);
        polymarket("gen-hoops-pin-bay-2026-02-08", "Pine", game(SECONDS * 83, SECONDS * 84, 0.1), 0.010, 100, null);
    }

    private Contest game(int from, int to, double strength) {
        Contest contest = new Contest.Scores(from, to, strength);
        contests.add(contest);
        return contest;
    }

    private void kalshi(
            String event, String team, String category, String title, Contest contest, int outcome, boolean exclusive) {
        Market market =
                market(Venue.KALSHI, event + "-" + team, event, exclusive, category, title, contest.endSecond());
        listings.add(new Listing(contest, outcome, new BookMaker(market, 10_000, 0, dice), 0.16, true, null));
    }

    private void polymarket(String slug, String title, Contest contest, double rate, int wideTicks, @Nullable Gap gap) {
        Market market = market(Venue.POLYMARKET, slug, slug, false, "basketball", title, contest.endSecond());
        boolean traded = wideTicks == 0;
        listings.add(new Listing(contest, 0, new BookMaker(market, 5_000, wideTicks, dice), rate, traded, gap));
    }

    private static Market market(
            Venue venue, String id, String event, boolean exclusive, String category, String title, int endSecond) {
        boolean kalshi = venue == Venue.KALSHI;
        long end = START + 1_000L * endSecond;
        return new Market(
                new MarketId(venue, id),
                new EventId(event),
                exclusive,
                category,
                title,
                MarketStatus.ACTIVE,
                START - 86_400_000L,
                end + 3_600_000L,
                end,
                PriceGrid.of(Price.parse(kalshi ? "0.01" : "0.005")),
                Quantity.parse("0.01"),
                Quantity.parse(kalshi ? "1" : "5"),
                kalshi ? Money.ZERO : Money.parse("1"),
                kalshi ? KALSHI_FEES : POLYMARKET_FEES,
                kalshi ? null : "yes-" + id,
                kalshi ? null : "no-" + id,
                false,
                kalshi ? Integer.valueOf(0) : null,
                START,
                BookMaker.SOURCE);
    }

    /** Which second shows which kind of signal. */
    private void plan() {
        List<Kind> kinds = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            kinds.addAll(Collections.nCopies(kind.count(), kind));
        }
        Collections.shuffle(kinds, order);
        int every = (LAST_SIGNAL_SECOND - FIRST_SIGNAL_SECOND) / kinds.size();
        for (int i = 0; i < kinds.size(); i++) {
            plan.put(FIRST_SIGNAL_SECOND + i * every + order.nextInt(every - 1), kinds.get(i));
        }
    }

    // ---------------------------------------------------------------- the night

    private List<RecordedEvent> run() {
        events.add(new MarketEvent(START, unquoted));
        for (Listing listing : listings) {
            events.add(new MarketEvent(START, listing.book.market()));
        }
        Deque<Kind> wanted = new ArrayDeque<>();
        for (int second = 0; second < SECONDS; second++) {
            advance(second);
            Kind planned = plan.get(second);
            if (planned != null) {
                wanted.add(planned);
            }
            List<RecordedEvent> now = new ArrayList<>();
            Kind next = wanted.poll();
            Listing named = next == null ? null : choose(next, second);
            for (Listing listing : listings) {
                quotes(listing, second, listing == named, now);
            }
            if (next != null && (named == null || !signal(next, named, second, now))) {
                // What the books do not allow now is tried again later.
                wanted.add(next);
            }
            finish(second, now);
            now.sort(Comparator.comparingLong(RecordedEvent::atMillis));
            disorder(now);
            events.addAll(now);
        }
        return events;
    }

    private void advance(int second) {
        contests.forEach(contest -> contest.advance(second, dice));
        for (Listing listing : listings) {
            double probability = listing.contest.probability(listing.outcome);
            if (listing.gap != null) {
                listing.gap.advance(dice);
                // The gap closes as the outcome becomes known.
                probability += listing.gap.now * StrictMath.min(1, 8 * probability * (1 - probability));
            }
            listing.probability = probability;
        }
    }

    private boolean connected(Listing listing, int second) {
        Span span = RECONNECTS.get(listing.book.market().id().venue());
        return span == null || !span.holds(second);
    }

    private void quotes(Listing listing, int second, boolean named, List<RecordedEvent> now) {
        if (!listing.open(second) || !connected(listing, second)) {
            return;
        }
        BookMaker book = listing.book;
        // When all but decided, a market hardly moves any more.
        boolean decided = StrictMath.abs(listing.probability - 0.5) > 0.49;
        int bursts = dice.poisson(decided ? listing.rate / 6 : listing.rate);
        if (bursts == 0 && !named) {
            return;
        }
        book.follow(listing.probability);
        // A named market changes early in the second and then stands still until the signal.
        int latest = named ? 380 : 900;
        for (int burst = 0; burst < Math.max(bursts, 1); burst++) {
            long at = START + 1_000L * second + dice.between(0, latest);
            do {
                book.change();
                if (dice.chance(0.3)) {
                    book.trade();
                }
                now.add(seen(listing, book.quote(at), second, named));
                at += 1 + Math.min(dice.waitMillis(12), 60);
            } while (!named && dice.chance(BURST));
        }
        if (!named && dice.chance(0.003)) {
            long at = START + 1_000L * second + 930;
            now.add(seen(listing, dice.chance(0.5) ? book.crossed(at) : book.oneSided(at), second, true));
            now.add(seen(listing, book.quote(at + 45), second, true));
        }
    }

    /** When the recorder sees a quote: at once, a little behind the exchange's clock, or seconds late. */
    private QuoteEvent seen(Listing listing, Quote quote, int second, boolean punctual) {
        boolean kalshi = listing.book.market().id().venue() == Venue.KALSHI;
        if (kalshi && SKEWED.holds(second)) {
            return new QuoteEvent(quote.atMillis() - CLOCK_SKEW_MILLIS, quote);
        }
        if (!kalshi && !punctual && dice.chance(0.01)) {
            return new QuoteEvent(quote.atMillis(), late(quote, dice.between(1_000, 4_000)));
        }
        return new QuoteEvent(quote.atMillis(), quote);
    }

    private static Quote late(Quote quote, int millis) {
        return new Quote(
                quote.market(),
                quote.bids(),
                quote.asks(),
                quote.depthKnown(),
                null,
                null,
                null,
                null,
                quote.atMillis() - millis,
                quote.source());
    }

    /** A few lines stand in the file before one that was seen earlier. */
    private void disorder(List<RecordedEvent> now) {
        if (now.size() > 3 && dice.chance(0.004)) {
            Collections.swap(now, 0, now.size() - 1);
        }
    }

    /** Markets whose game has ended close, and pay a little later. */
    private void finish(int second, List<RecordedEvent> now) {
        for (Listing listing : listings) {
            if (listing.contest.endSecond() == second) {
                long at = START + 1_000L * second;
                now.add(new MarketEvent(at, closed(listing.book.market(), at)));
                boolean yes = listing.contest.result() == listing.outcome;
                long paid = at + settlementDelay(listing);
                due.add(new SettlementEvent(
                        paid,
                        new Settlement(
                                listing.book.market().id(),
                                yes ? Settlement.Result.YES : Settlement.Result.NO,
                                yes ? Price.ONE : Price.ZERO,
                                Settlement.Status.FINAL,
                                1,
                                paid,
                                BookMaker.SOURCE)));
            }
        }
        long until = START + 1_000L * (second + 1);
        for (SettlementEvent settlement : List.copyOf(due)) {
            if (settlement.atMillis() < until) {
                now.add(settlement);
                due.remove(settlement);
            }
        }
    }

    /** Kalshi: median 11.5 s, p5 8, p95 17. Polymarket, where an oracle has to speak: minutes. */
    private long settlementDelay(Listing listing) {
        if (listing.book.market().id().venue() == Venue.KALSHI) {
            return StrictMath.round(1_000 * dice.skewed(8.7, 11.5, 15.6));
        }
        return 1_000L * dice.between(120, 280);
    }

    private static Market closed(Market market, long at) {
        return new Market(
                market.id(),
                market.event(),
                market.mutuallyExclusive(),
                market.category(),
                market.title(),
                MarketStatus.CLOSED,
                market.openAtMillis(),
                at,
                market.resolveAtMillis(),
                market.prices(),
                market.quantityStep(),
                market.minQuantity(),
                market.minNotional(),
                market.fees(),
                market.yesTokenId(),
                market.noTokenId(),
                market.restricted(),
                market.exchangeIndex(),
                at,
                market.source());
    }

    // ---------------------------------------------------------------- signals

    /** A market that a signal of this kind can name now; null if there is none. */
    private @Nullable Listing choose(Kind kind, int second) {
        if (refersBack(kind)) {
            Sent bought = earlier(second, age(kind));
            return bought == null ? null : of(bought.book(), second);
        }
        List<Listing> can = new ArrayList<>();
        for (Listing listing : listings) {
            // In its last minutes a game is all but decided, and its book empties.
            if (listing.traded && listing.open(second + 120) && connected(listing, second)) {
                can.add(listing);
            }
        }
        return can.isEmpty() ? null : can.get(order.nextInt(can.size()));
    }

    private static boolean refersBack(Kind kind) {
        return switch (kind) {
            case SELL, SAME_AGAIN, NEW_REQUEST, CONFLICT -> true;
            case TAKE,
                    REST,
                    POST_ONLY,
                    STALE,
                    OVERSIZED,
                    NO_QUOTE,
                    NO_PRICE,
                    UNKNOWN_MARKET,
                    OFF_TICK,
                    BROKEN_JSON,
                    NO_TEXT,
                    WRONG_TYPE -> false;
        };
    }

    /** Seconds between a buy and what refers to it. */
    private static int age(Kind kind) {
        return kind == Kind.SELL ? 240 : 3;
    }

    private @Nullable Listing of(BookMaker book, int second) {
        for (Listing listing : listings) {
            if (listing.book == book && listing.open(second + 120) && connected(listing, second)) {
                return listing;
            }
        }
        return null;
    }

    /**
     * A buy of at least {@code seconds} ago whose market is still open, the newest ones first; null if there is none.
     */
    private @Nullable Sent earlier(int second, int seconds) {
        for (int i = signals.sent().size() - 1; i >= 0; i--) {
            Sent one = signals.sent().get(i);
            if (one.second() + seconds <= second && of(one.book(), second) != null) {
                return one;
            }
        }
        return null;
    }

    /** Adds the signal if it can be made from the book that stands now. */
    private boolean signal(Kind kind, Listing named, int second, List<RecordedEvent> now) {
        long at = START + 1_000L * second + dice.between(500, 950);
        RecordedEvent event =
                switch (kind) {
                    case TAKE, REST, POST_ONLY, STALE, OVERSIZED, OFF_TICK ->
                        signals.buy(kind, named.book, side(named), at, second);
                    case SELL, SAME_AGAIN, NEW_REQUEST, CONFLICT -> {
                        Sent bought = earlier(second, age(kind));
                        yield bought == null ? null : again(kind, bought, at);
                    }
                    case NO_QUOTE, NO_PRICE, UNKNOWN_MARKET, BROKEN_JSON, NO_TEXT, WRONG_TYPE ->
                        signals.bad(kind, variants.merge(kind, 1, Integer::sum) - 1, named.book.market(), unquoted, at);
                };
        if (event == null) {
            return false;
        }
        now.add(event);
        return true;
    }

    private @Nullable RecordedEvent again(Kind kind, Sent bought, long at) {
        if (kind != Kind.SELL) {
            return signals.again(kind, bought, at);
        }
        RecordedEvent sale = signals.sell(bought, at);
        if (sale != null) {
            signals.sent().remove(bought);
        }
        return sale;
    }

    /** The models are right somewhat more often than not, else nobody would run them. */
    private Side side(Listing listing) {
        boolean likely = dice.chance(0.5 + 0.35 * (listing.probability - 0.5) * 2);
        return likely ? Side.YES : Side.NO;
    }
}
