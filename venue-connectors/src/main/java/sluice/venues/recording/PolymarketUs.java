package sluice.venues.recording;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sluice.domain.EventId;
import sluice.domain.MarketId;
import sluice.domain.Micros;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Venue;
import sluice.domain.market.FeeTerms;
import sluice.domain.market.Level;
import sluice.domain.market.Market;
import sluice.domain.market.MarketStatus;
import sluice.domain.market.PriceGrid;
import sluice.domain.market.Quote;
import sluice.domain.market.Settlement;
import sluice.venues.recording.Problems.Kind;
import sluice.venues.recording.RecordedEvent.MarketEvent;
import sluice.venues.recording.RecordedEvent.QuoteEvent;
import sluice.venues.recording.RecordedEvent.SettlementEvent;

/**
 * Top of book of Polymarket US as polled about every two minutes, one CSV row per market and poll, with the markets and
 * their outcomes in CSV files beside it.
 *
 * <p>What the files do not say: the zone of {@code ts} (US Eastern, by the games' starting times), sizes (assumed, and
 * each quote says that its depth is not known), the tick (0.005 in game markets), the fee schedule, and when a market
 * paid (taken as when it was last listed). A row without change is still given: it shows that the book stood.
 */
final class PolymarketUs implements LineParser, Line.Order {
    private static final String SOURCE = "polymarket-us-quotes";

    /** Slugs read type-league-teams-date-line: aec-mlb-ath-cws-2026-07-10; every market of a game shares the middle. */
    private static final Pattern GAME =
            Pattern.compile("[a-z]{3}-(?<event>(?<league>[a-z0-9]+)-.*?\\d{4}-\\d{2}-\\d{2}).*");

    /** What the markets and labels files say of one market. */
    private record Listed(
            String title,
            String category,
            @Nullable Long lastSeenMillis,
            @Nullable Boolean paysYes) {}

    private final Csv csv;
    private final Markets markets;
    private final Quantity assumedSize;
    private final FeeTerms fees;

    PolymarketUs(Csv csv, Markets markets, RecordingOptions options) {
        this.csv = csv;
        this.markets = markets;
        this.assumedSize = options.assumedSize();
        this.fees = options.polymarketFees();
    }

    static boolean isQuotes(Csv header) {
        return header.hasAll("ts", "slug", "bid", "ask");
    }

    /** Markets ({@code question}) or labels ({@code y}). */
    static boolean isAbout(Csv header) {
        return header.hasAll("slug", "y") || header.hasAll("slug", "question");
    }

    @Override
    public Line.Place place(String text) throws BadLine {
        return new Line.Place(markets.millis(csv.row(text).need("ts")));
    }

    @Override
    public void accept(Line line, Output out) throws BadLine {
        Csv.Row row = csv.row(line.text());
        long at = markets.millis(row.need("ts"));
        String slug = row.need("slug");
        List<Level> bids = side("bid", row);
        List<Level> asks = side("ask", row);
        MarketId id = markets.met.get(slug);
        if (id == null) {
            id = meet(slug, row.text("category"), at, out);
        }
        markets.now = at;
        out.emit(new QuoteEvent(at, new Quote(id, bids, asks, false, null, null, null, null, at, SOURCE)));
    }

    private List<Level> side(String name, Csv.Row row) throws BadLine {
        String text = row.text(name);
        return text == null ? List.of() : List.of(new Level(Json.price(name, text), assumedSize));
    }

    private MarketId meet(String slug, @Nullable String rowCategory, long at, Output out) throws BadLine {
        MarketId id;
        try {
            id = new MarketId(Venue.POLYMARKET, slug);
        } catch (IllegalArgumentException e) {
            throw new BadLine(String.valueOf(e.getMessage()));
        }
        markets.met.put(slug, id);
        Listed about = markets.listed.get(slug);
        Matcher game = GAME.matcher(slug);
        boolean isGame = game.matches();
        String category = isGame
                ? game.group("league")
                : about != null && !about.category.isEmpty() ? about.category : rowCategory == null ? "" : rowCategory;
        out.emit(new MarketEvent(
                at,
                new Market(
                        id,
                        new EventId(isGame ? game.group("event") : slug),
                        false,
                        category,
                        about == null ? "" : about.title,
                        MarketStatus.ACTIVE,
                        null,
                        null,
                        null,
                        PriceGrid.of(Price.parse(isGame ? "0.005" : "0.001")),
                        new Quantity(Micros.ONE),
                        new Quantity(Micros.ONE),
                        Money.ZERO,
                        fees,
                        null,
                        null,
                        false,
                        null,
                        at,
                        SOURCE)));
        if (about != null && about.paysYes != null && about.lastSeenMillis != null) {
            out.later(settlement(id, about.paysYes, Math.max(at, about.lastSeenMillis)));
        }
        return id;
    }

    private static SettlementEvent settlement(MarketId id, boolean paysYes, long at) {
        return new SettlementEvent(
                at,
                new Settlement(
                        id,
                        paysYes ? Settlement.Result.YES : Settlement.Result.NO,
                        paysYes ? Price.ONE : Price.ZERO,
                        Settlement.Status.FINAL,
                        1,
                        at,
                        SOURCE));
    }

    /** Outcomes of which no time is known come at the end, from the first file that is asked. */
    @Override
    public void end(Output out) {
        markets.met.forEach((slug, id) -> {
            Listed about = markets.listed.get(slug);
            if (about != null && about.paysYes != null && about.lastSeenMillis == null) {
                out.later(settlement(id, about.paysYes, markets.now));
            }
        });
        markets.met.clear();
    }

    /** What several quote files share: what is known of the markets, and which have been met. */
    static final class Markets {
        private final ZoneId zone;
        private final Map<String, Listed> listed = new HashMap<>();
        private final Map<String, MarketId> met = new HashMap<>();
        private String lastTime = "";
        private long lastMillis;
        private long now;

        Markets(List<Source> about, RecordingOptions options, Problems problems) throws IOException {
            this.zone = options.localZone();
            for (Source source : about) {
                readAbout(source, problems);
            }
        }

        private void readAbout(Source source, Problems problems) throws IOException {
            long inferred = 0;
            try (Source.Reader reader = source.read(problems)) {
                Csv header = new Csv(String.valueOf(reader.next()));
                for (String text = reader.next(); text != null; text = reader.next()) {
                    try {
                        inferred += readAbout(header.row(text)) ? 0 : 1;
                    } catch (BadLine e) {
                        problems.add(
                                reader.whole() ? Kind.BAD_LINE : Kind.CUT_OFF,
                                source.name(),
                                reader.number(),
                                String.valueOf(e.getMessage()));
                    }
                }
            } catch (BadLine e) {
                problems.add(Kind.BAD_LINE, source.name(), 1, String.valueOf(e.getMessage()));
            }
            if (inferred > 0) {
                problems.add(
                        Kind.ASSUMED,
                        source.name(),
                        0,
                        inferred
                                + " outcomes were inferred by the recording's author, not told by the venue; not used");
            }
        }

        /** False where an outcome is given that the venue did not tell. */
        private boolean readAbout(Csv.Row row) throws BadLine {
            String slug = row.need("slug");
            String y = row.text("y");
            String labelSource = row.text("label_source");
            if (labelSource == null) {
                labelSource = row.text("source");
            }
            boolean told = "api".equals(labelSource);
            Boolean paysYes = null;
            if (y != null && told) {
                paysYes = switch (y) {
                    case "1", "1.0" -> Boolean.TRUE;
                    case "0", "0.0" -> Boolean.FALSE;
                    default -> throw new BadLine("y \"" + y + "\" is neither 0 nor 1");
                };
            }
            String question = row.text("question");
            String category = row.text("category");
            String lastSeen = row.text("last_ts");
            Listed here = new Listed(
                    question == null ? "" : question,
                    category == null ? "" : category,
                    lastSeen == null ? null : Long.valueOf(millis(lastSeen)),
                    paysYes);
            listed.merge(slug, here, Markets::both);
            return y == null || told;
        }

        private static Listed both(Listed a, Listed b) {
            return new Listed(
                    a.title.isEmpty() ? b.title : a.title,
                    a.category.isEmpty() ? b.category : a.category,
                    a.lastSeenMillis == null ? b.lastSeenMillis : a.lastSeenMillis,
                    a.paysYes == null ? b.paysYes : a.paysYes);
        }

        private long millis(String text) throws BadLine {
            if (text.equals(lastTime)) {
                return lastMillis;
            }
            try {
                lastMillis = LocalDateTime.parse(text.replace(' ', 'T'))
                        .atZone(zone)
                        .toInstant()
                        .toEpochMilli();
                lastTime = text;
                return lastMillis;
            } catch (DateTimeException e) {
                throw new BadLine("time \"" + text + "\" is not written as in 2026-07-10 20:25:46");
            }
        }
    }
}
