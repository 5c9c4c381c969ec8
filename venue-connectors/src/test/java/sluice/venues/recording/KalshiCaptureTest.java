package sluice.venues.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.market.Level;
import sluice.domain.market.Quote;
import sluice.domain.market.Settlement;
import sluice.venues.recording.Problems.Kind;
import sluice.venues.recording.RecordedEvent.MarketEvent;
import sluice.venues.recording.RecordedEvent.QuoteEvent;
import sluice.venues.recording.RecordedEvent.SettlementEvent;

class KalshiCaptureTest {
    private static final long START = 1_778_844_640_000L;
    private static final String FIRST = "local-only/kalshi-btc15m-ws/rv600_next_evidence_shadow_20260515T113027Z";
    private static final String SECOND = "local-only/kalshi-btc15m-ws/rv600_next_evidence_shadow_20260515T213152Z";

    /** Every change gives a quote. */
    private static final RecordingOptions EVERY = RecordingOptions.DEFAULTS.withConflation(Duration.ZERO);

    @TempDir
    private Path folder = Path.of("");

    private final List<String> deltas = new ArrayList<>();
    private final List<String> snapshots = new ArrayList<>();
    private final List<String> others = new ArrayList<>();

    private static String message(String type, long afterNanos, String sequence, String payload) {
        return "{\"event_type\":\"" + type
                + "\",\"market_ticker\":\"KX-A\",\"exchange_ts\":\"2026-05-15T11:30:47.000488Z\","
                + "\"local_recv_ns\":" + (START * 1_000_000 + afterNanos) + ",\"sequence_number\":" + sequence
                + ",\"payload_json\":" + payload + "}";
    }

    private void delta(long afterNanos, int sequence, String side, String price, String by) {
        deltas.add(message(
                "orderbook_delta",
                afterNanos,
                Integer.toString(sequence),
                "{\"side\":\"" + side + "\",\"price_dollars\":\"" + price + "\",\"delta_fp\":\"" + by + "\"}"));
    }

    private void snapshot(long afterNanos, int sequence, String levels) {
        snapshots.add(message("orderbook_snapshot", afterNanos, Integer.toString(sequence), "{" + levels + "}"));
    }

    private List<RecordedEvent> read(RecordingOptions options, Problems problems) throws IOException {
        RecordedFiles.write(folder, "orderbook_delta_hour11.ndjson.gz", deltas);
        RecordedFiles.write(folder, "orderbook_snapshot_hour11.ndjson", snapshots);
        if (!others.isEmpty()) {
            RecordedFiles.write(folder, "others.ndjson", others);
        }
        return RecordedFiles.read(folder, options, problems);
    }

    private static Level level(String price, String size) {
        return new Level(Price.parse(price), Quantity.parse(size));
    }

    @Test
    void bidsOfBothOutcomesBecomeBidsAndAsksOfYes() throws IOException {
        // given
        snapshot(
                0,
                1,
                "\"yes_dollars_fp\":[[\"0.4400\",\"5.00\"],[\"0.4500\",\"10.50\"]],\"no_dollars_fp\":[[\"0.5400\",\"7.00\"],[\"0.0010\",\"1502.00\"]]");
        delta(1_000_000, 2, "yes", "0.4600", "3.00");
        delta(2_000_000, 3, "no", "0.5400", "-7.00");
        delta(3_000_000, 4, "yes", "0.4600", "-1.25");

        // when
        Problems problems = new Problems();
        List<QuoteEvent> quotes = RecordedFiles.only(QuoteEvent.class, read(EVERY, problems));

        // then
        assertThat(quotes).hasSize(4);
        assertThat(quotes.get(0).quote().bids()).containsExactly(level("0.45", "10.5"), level("0.44", "5"));
        assertThat(quotes.get(0).quote().asks()).containsExactly(level("0.46", "7"), level("0.999", "1502"));
        Quote last = quotes.get(3).quote();
        assertThat(last.bids()).containsExactly(level("0.46", "1.75"), level("0.45", "10.5"), level("0.44", "5"));
        assertThat(last.asks()).containsExactly(level("0.999", "1502"));
        assertThat(last.sequence()).isEqualTo(4);
        assertThat(quotes.get(3).atMillis()).isEqualTo(START + 3);
        assertThat(last.atMillis()).isEqualTo(1_778_844_647_000L);
        assertThat(problems.counts()).isEmpty();
    }

    @Test
    void aGapDropsTheBookUntilTheNextSnapshot() throws IOException {
        // given
        snapshot(0, 1, "\"yes_dollars_fp\":[[\"0.4500\",\"10.00\"]]");
        delta(1_000_000, 2, "yes", "0.4500", "1.00");
        delta(2_000_000, 4, "yes", "0.4500", "1.00");
        delta(3_000_000, 5, "yes", "0.4500", "1.00");
        snapshot(4_000_000, 6, "\"yes_dollars_fp\":[[\"0.4500\",\"20.00\"]]");
        delta(5_000_000, 7, "yes", "0.4500", "1.00");

        // when
        Problems problems = new Problems();
        List<QuoteEvent> quotes = RecordedFiles.only(QuoteEvent.class, read(EVERY, problems));

        // then
        assertThat(quotes.stream().map(q -> q.quote().bids().get(0).quantity().toString()))
                .containsExactly("10", "11", "20", "21");
        assertThat(problems.counts()).isEqualTo(Map.of(Kind.SEQUENCE_GAP, 1L, Kind.NO_BOOK, 1L));
        assertThat(problems.first().get(0).reason()).contains("from 2 to 4");
    }

    @Test
    void aLevelBelowZeroDropsTheBook() throws IOException {
        // given
        snapshot(0, 1, "\"yes_dollars_fp\":[[\"0.4500\",\"10.00\"]]");
        delta(1_000_000, 2, "yes", "0.4500", "-10.01");
        delta(2_000_000, 3, "yes", "0.4500", "50.00");

        // when
        Problems problems = new Problems();
        List<QuoteEvent> quotes = RecordedFiles.only(QuoteEvent.class, read(EVERY, problems));

        // then
        assertThat(quotes).hasSize(1);
        assertThat(problems.counts()).isEqualTo(Map.of(Kind.NEGATIVE_LEVEL, 1L, Kind.NO_BOOK, 1L));
    }

    @Test
    void messagesOfOneNanosecondAreOrderedByTheirNumber() throws IOException {
        // given
        snapshot(0, 1, "\"yes_dollars_fp\":[[\"0.4500\",\"10.00\"]]");
        snapshot(5_000_000, 3, "");
        delta(5_000_000, 2, "yes", "0.4500", "-10.00");

        // when
        Problems problems = new Problems();
        List<QuoteEvent> quotes = RecordedFiles.only(QuoteEvent.class, read(EVERY, problems));

        // then
        assertThat(quotes).hasSize(3);
        assertThat(quotes.get(2).quote().bids()).isEmpty();
        assertThat(problems.counts()).isEmpty();
    }

    @Test
    void aReconnectDropsTheBookUntilItsSnapshot() throws IOException {
        // given
        others.add(message("ws_connected", 0, "null", "{}"));
        snapshot(1, 1, "\"yes_dollars_fp\":[[\"0.4500\",\"10.00\"]]");
        others.add(message("ws_connected", 1_000_000, "null", "{}"));
        delta(2_000_000, 2, "yes", "0.4500", "1.00");
        snapshot(3_000_000, 1, "\"yes_dollars_fp\":[[\"0.4500\",\"30.00\"]]");

        // when
        Problems problems = new Problems();
        List<QuoteEvent> quotes = RecordedFiles.only(QuoteEvent.class, read(EVERY, problems));

        // then
        assertThat(quotes).hasSize(2);
        assertThat(problems.counts()).isEqualTo(Map.of(Kind.RECONNECT, 1L, Kind.NO_BOOK, 1L));
    }

    @Test
    void quotesOfAMarketAreHeldApartAndTheLastStateIsNeverLost() throws IOException {
        // given
        snapshot(0, 1, "\"yes_dollars_fp\":[[\"0.4500\",\"10.00\"]]");
        for (int i = 1; i <= 25; i++) {
            delta(i * 10_000_000L, i + 1, "yes", "0.4500", "1.00");
        }

        // when
        List<QuoteEvent> quotes = RecordedFiles.only(QuoteEvent.class, read(RecordingOptions.DEFAULTS, new Problems()));

        // then
        assertThat(quotes.stream().map(q -> q.atMillis() - START)).containsExactly(0L, 100L, 200L, 300L);
        assertThat(quotes.stream().map(q -> q.quote().bids().get(0).quantity().toString()))
                .containsExactly("10", "20", "30", "35");
    }

    @Test
    void aTickerTellsOfATradeWhenTheVolumeGrows() throws IOException {
        // given
        snapshot(0, 1, "\"yes_dollars_fp\":[[\"0.4500\",\"10.00\"]]");
        others.add(message(
                "ticker",
                1_000_000,
                "null",
                "{\"price_dollars\":\"0.4400\",\"last_trade_size_fp\":\"5.00\",\"volume_fp\":\"100.00\",\"ts_ms\":"
                        + START + "}"));
        others.add(message(
                "ticker",
                2_000_000,
                "null",
                "{\"price_dollars\":\"0.4500\",\"last_trade_size_fp\":\"0.61\",\"volume_fp\":\"100.61\",\"ts_ms\":"
                        + START + "}"));

        // when
        List<QuoteEvent> quotes = RecordedFiles.only(QuoteEvent.class, read(EVERY, new Problems()));

        // then
        assertThat(quotes).hasSize(2);
        assertThat(quotes.get(0).quote().lastTradePrice()).isNull();
        assertThat(quotes.get(1).quote().lastTradePrice()).isEqualTo(Price.parse("0.45"));
        assertThat(quotes.get(1).quote().lastTradeQuantity()).isEqualTo(Quantity.parse("0.61"));
    }

    @Test
    void theFirstRealSessionHasNoGapAndNoNegativeLevel() throws IOException {
        // given
        Path path = SharedData.find(FIRST);
        Problems problems = new Problems();

        // when
        List<RecordedEvent> events = RecordedFiles.read(path, problems);

        // then
        assertThat(problems.counts()).isEmpty();
        assertThat(events).isSortedAccordingTo(Comparator.comparingLong(RecordedEvent::atMillis));
        List<SettlementEvent> settlements = RecordedFiles.only(SettlementEvent.class, events);
        assertThat(settlements.stream()
                        .map(s -> s.settlement().market().id() + " "
                                + s.settlement().result() + " " + s.settlement().status()))
                .containsExactly(
                        "KXBTC15M-26MAY150745-45 " + Settlement.Result.YES + " " + Settlement.Status.FINAL,
                        "KXBTC15M-26MAY150800-00 " + Settlement.Result.NO + " " + Settlement.Status.FINAL);
        assertThat(RecordedFiles.only(MarketEvent.class, events)).hasSize(2);
        List<QuoteEvent> quotes = RecordedFiles.only(QuoteEvent.class, events);
        assertThat(quotes).hasSizeBetween(7_000, 9_000);
        assertThat(quotes).noneMatch(QuoteEvent::crossed);
    }

    /**
     * A change and two snapshots of this session share a nanosecond. Merged by the nanosecond alone, the change can
     * come behind the snapshots, and then looks like a gap that takes a level below zero; by their numbers there is
     * neither.
     */
    @Test
    void theSecondRealSessionReconnectsFourTimesAndHasNoGapWhenOrderedByNumber() throws IOException {
        // given
        Path path = SharedData.find(SECOND);
        Problems problems = new Problems();

        // when
        List<RecordedEvent> events = RecordedFiles.read(path, problems);

        // then
        assertThat(problems.counts()).isEqualTo(Map.of(Kind.RECONNECT, 4L));
        assertThat(RecordedFiles.only(SettlementEvent.class, events)).isEmpty();
    }
}
