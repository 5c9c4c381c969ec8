package sluice.venues.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.domain.EventId;
import sluice.domain.MarketId;
import sluice.domain.Price;
import sluice.domain.market.Level;
import sluice.domain.market.Quote;
import sluice.domain.market.Settlement;
import sluice.venues.recording.Problems.Kind;
import sluice.venues.recording.RecordedEvent.MarketEvent;
import sluice.venues.recording.RecordedEvent.QuoteEvent;
import sluice.venues.recording.RecordedEvent.SettlementEvent;

class PolymarketUsTest {
    private static final String SLUG_A = "aec-mlb-ath-cws-2026-07-10";
    private static final String SLUG_B = "aec-wnba-ny-tor-2026-07-12";

    @TempDir
    private Path folder = Path.of("");

    private void writeSmall() throws IOException {
        // Slug order, as the venue's files have it; other columns than usual, in another order.
        RecordedFiles.write(
                folder,
                "day_quotes.csv.gz",
                "bid,ask,slug,ts,volume24hr",
                "0.365,0.37," + SLUG_A + ",2026-07-10 20:25:46,326999.0",
                "0.37,0.36," + SLUG_A + ",2026-07-10 20:27:48,",
                "NULL,0.38," + SLUG_A + ",2026-07-10 20:29:50,",
                "nonsense,0.38," + SLUG_A + ",2026-07-10 20:31:50,",
                "0.6,0.61," + SLUG_B + ",2026-07-10 20:25:46,1.0",
                "0.61,0.62," + SLUG_B + ",2026-07-10 20:27:48,1.0");
        RecordedFiles.write(
                folder,
                "day_markets.csv",
                "slug,question,category,last_ts,y,label_source",
                SLUG_A + ",\"Athletics vs. \"\"Sox\"\", Chicago\",sports,2026-07-10 22:23:18,0,api",
                SLUG_B + ",New York vs. Toronto,sports,2026-07-12 22:00:00,1,convergence");
    }

    @Test
    void localTimesBecomeUtcAndSlugOrderBecomesTimeOrder() throws IOException {
        // given
        writeSmall();
        Problems problems = new Problems();

        // when
        List<RecordedEvent> events = RecordedFiles.read(folder.resolve("day_quotes.csv.gz"), problems);

        // then
        List<QuoteEvent> quotes = RecordedFiles.only(QuoteEvent.class, events);
        assertThat(quotes.stream().map(q -> Instant.ofEpochMilli(q.atMillis()).toString()))
                .containsExactly(
                        "2026-07-11T00:25:46Z",
                        "2026-07-11T00:25:46Z",
                        "2026-07-11T00:27:48Z",
                        "2026-07-11T00:27:48Z",
                        "2026-07-11T00:29:50Z");
        assertThat(quotes).allSatisfy(q -> assertThat(q.quote().depthKnown()).isFalse());
        assertThat(quotes.get(2).crossed()).isTrue();
        assertThat(quotes.get(4).quote().bids()).isEmpty();
        assertThat(problems.count(Kind.UNORDERED)).isEqualTo(1);
        assertThat(problems.count(Kind.CROSSED)).isEqualTo(1);
        assertThat(problems.count(Kind.BAD_LINE)).isEqualTo(1);
    }

    @Test
    void theZoneCanBeToldOtherwise() throws IOException {
        // given
        writeSmall();

        // when
        List<RecordedEvent> events =
                RecordedFiles.read(folder, RecordingOptions.DEFAULTS.withLocalZone(ZoneOffset.UTC), new Problems());

        // then
        assertThat(events.get(0).atMillis())
                .isEqualTo(Instant.parse("2026-07-10T20:25:46Z").toEpochMilli());
    }

    @Test
    void marketsComeFromTheSlugAndOutcomesOnlyFromTheVenue() throws IOException {
        // given
        writeSmall();
        Problems problems = new Problems();

        // when
        List<RecordedEvent> events = RecordedFiles.read(folder, problems);

        // then
        List<MarketEvent> markets = RecordedFiles.only(MarketEvent.class, events);
        assertThat(markets).hasSize(2);
        assertThat(markets.get(0).market().title()).isEqualTo("Athletics vs. \"Sox\", Chicago");
        assertThat(markets.get(0).market().category()).isEqualTo("mlb");
        assertThat(markets.get(0).market().event()).isEqualTo(new EventId("mlb-ath-cws-2026-07-10"));
        List<SettlementEvent> settlements = RecordedFiles.only(SettlementEvent.class, events);
        assertThat(settlements).hasSize(1);
        assertThat(settlements.get(0).settlement().result()).isEqualTo(Settlement.Result.NO);
        assertThat(settlements.get(0).settlement().yesValue()).isEqualTo(Price.ZERO);
        assertThat(Instant.ofEpochMilli(settlements.get(0).atMillis())).hasToString("2026-07-11T02:23:18Z");
        assertThat(problems.first()).anySatisfy(p -> assertThat(p.reason()).contains("1 outcomes were inferred"));
    }

    @Test
    void theRealGamesHaveTheirCountedRowsChangesAndMarkets() throws IOException {
        // given
        Path path = SharedData.find("open/polymarket-us-quotes_cc-by-4.0/derived");
        Problems problems = new Problems();
        Map<MarketId, List<List<Level>>> newest = new HashMap<>();

        // when
        List<RecordedEvent> events = RecordedFiles.read(path, problems);
        int rows = 0;
        int changes = 0;
        int crossed = 0;
        for (QuoteEvent event : RecordedFiles.only(QuoteEvent.class, events)) {
            Quote quote = event.quote();
            List<List<Level>> book = List.of(quote.bids(), quote.asks());
            rows++;
            changes += book.equals(newest.put(quote.market(), book)) ? 0 : 1;
            crossed += event.crossed() ? 1 : 0;
        }

        // then
        assertThat(rows).isEqualTo(90_716);
        assertThat(changes).isEqualTo(13_131); // a market's first row counts as one
        assertThat(newest).hasSize(104);
        assertThat(crossed).isEqualTo(7);
        assertThat(RecordedFiles.only(SettlementEvent.class, events)).hasSize(104);
        assertThat(RecordedFiles.only(MarketEvent.class, events)).hasSize(104);
        assertThat(problems.linesSkipped()).isZero();
    }
}
