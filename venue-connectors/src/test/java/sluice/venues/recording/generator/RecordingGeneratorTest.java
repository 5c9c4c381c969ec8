package sluice.venues.recording.generator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.domain.MarketId;
import sluice.domain.market.Quote;
import sluice.venues.recording.RecordedEvent;
import sluice.venues.recording.RecordedEvent.QuoteEvent;
import sluice.venues.recording.RecordedEvent.RawSignalEvent;
import sluice.venues.recording.Recording;
import sluice.venues.recording.Recordings;
import sluice.venues.recording.generator.RecordingStatistics.Figure;

class RecordingGeneratorTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void theShippedRecordingIsWhatItsSeedGives() throws IOException {
        // given
        List<String> shipped = shippedLines();

        // when
        List<String> generated = RecordingGenerator.lines(RecordingGenerator.SHIPPED_SEED);

        // then
        assertThat(generated).isEqualTo(shipped);
        assertThat(Recordings.shipped().bytes()).isLessThan(900_000);
        assertThat(generated.stream().filter(line -> line.startsWith("{\"type\":\"quote\"")))
                .hasSizeBetween(20_000, 40_000);
    }

    @Test
    void anotherSeedGivesAnotherNight() {
        assertThat(RecordingGenerator.lines(1)).isNotEqualTo(RecordingGenerator.lines(2));
    }

    @Test
    void everyLineThatNamesASourceSaysThatItIsGenerated() throws IOException {
        for (String line : shippedLines()) {
            JsonNode json = JSON.readTree(line);
            if (!json.get("type").asText().equals("signal")) {
                assertThat(json.path("source").asText()).as(line).isEqualTo("generated");
            }
        }
    }

    /** Bytes must not depend on the JDK's own compressor, so the unpacked lines are compared. */
    private static List<String> shippedLines() throws IOException {
        InputStream packed =
                Objects.requireNonNull(Recordings.class.getResourceAsStream("/recordings/game-night.jsonl.gz"));
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(new GZIPInputStream(packed), StandardCharsets.UTF_8))) {
            return lines.lines().toList();
        }
    }

    @Test
    void figuresAreThoseOfRealRecordings() throws IOException {
        // when
        List<Figure> figures;
        try (Recording.Events events = Recordings.shipped().events()) {
            figures = RecordingStatistics.of(events, GenerateRecording.PAIR);
        }

        // then
        System.out.println(RecordingStatistics.table(figures));
        Map<String, String> here = new HashMap<>();
        figures.forEach(figure -> here.put(figure.name(), figure.here()));
        assertThat(here)
                .containsEntry("Kalshi spread, cents", "median 1, p90 2, p99 3")
                .containsEntry("Polymarket spread days before, cents", "p10 50, median 50, p90 50")
                .containsEntry("signals", "304");
        assertThat(here.get("Polymarket spread in game, cents")).startsWith("p10 0.5, median 1");
        assertThat(here.get("Polymarket above Kalshi, cents"))
                .matches("p5 0\\.\\d, median (2\\.[5-9]|3(\\.[0-5])?), p95 .*");
    }

    @Test
    void everySignalIsShownAndGoodOnesFindAFreshBook() throws IOException {
        // given
        Map<MarketId, Quote> newest = new HashMap<>();
        Set<String> keys = new HashSet<>();
        List<JsonNode> good = new ArrayList<>();
        int unreadable = 0;
        int repeats = 0;

        // when
        try (Recording.Events events = Recordings.shipped().events()) {
            while (events.hasNext()) {
                RecordedEvent event = events.next();
                if (event instanceof QuoteEvent quote) {
                    newest.put(quote.quote().market(), quote.quote());
                } else if (event instanceof RawSignalEvent signal) {
                    JsonNode json = read(signal.value());
                    if (json == null) {
                        unreadable++;
                    } else if (!keys.add(json.path("idempotency_key").asText())) {
                        repeats++;
                    } else if (isGood(json, newest, signal.atMillis())) {
                        good.add(json);
                    }
                }
            }
        }

        // then
        assertThat(unreadable).isEqualTo(6);
        assertThat(repeats).isEqualTo(20);
        assertThat(good).hasSizeGreaterThanOrEqualTo(202 + 18 + 10 + 22);
        assertThat(good.stream().map(signal -> signal.get("strategy").asText()).distinct())
                .containsExactlyInAnyOrder("hoops-model", "soccer-model", "venue-gap");
        assertThat(good.stream().map(signal -> signal.get("account").asText()).distinct())
                .containsExactlyInAnyOrder("main", "alt");
    }

    private static @Nullable JsonNode read(byte[] value) {
        try {
            JsonNode json = JSON.reader()
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readTree(value);
            return json.isObject() ? json : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** Fresh, for a market with a book on both sides that is at most two seconds old. */
    private static boolean isGood(JsonNode signal, Map<MarketId, Quote> newest, long at) {
        if (!signal.path("market_id").isTextual() || !signal.path("created_at").isTextual()) {
            return false;
        }
        Quote quote = newest.get(MarketId.parse(signal.path("platform").asText() + ":"
                + signal.path("market_id").asText()));
        return quote != null
                && quote.bestBid() != null
                && quote.bestAsk() != null
                && at - quote.atMillis() <= 2_000
                && at - Instant.parse(signal.path("created_at").asText()).toEpochMilli() < 1_000;
    }
}
