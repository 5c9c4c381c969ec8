package sluice.venues.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.EventId;
import sluice.domain.MarketId;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.Venue;
import sluice.domain.market.FeeModel;
import sluice.domain.market.FeeTerms;
import sluice.domain.market.Level;
import sluice.domain.market.Market;
import sluice.domain.market.MarketStatus;
import sluice.domain.market.PriceGrid;
import sluice.domain.market.Quote;
import sluice.domain.market.Settlement;
import sluice.domain.order.Fill;
import sluice.venues.recording.Problems.Kind;
import sluice.venues.recording.RecordedEvent.FillEvent;
import sluice.venues.recording.RecordedEvent.MarketEvent;
import sluice.venues.recording.RecordedEvent.QuoteEvent;
import sluice.venues.recording.RecordedEvent.RawSignalEvent;
import sluice.venues.recording.RecordedEvent.SettlementEvent;

class NeutralFormatTest {
    private static final MarketId MARKET = new MarketId(Venue.KALSHI, "KX-A");
    private static final long NOON = 1_769_947_200_000L;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        // given
        List<RecordedEvent> events = List.of(
                new MarketEvent(NOON, market()),
                quote(NOON + 1, NOON + 1),
                new QuoteEvent(
                        NOON + 3,
                        new Quote(
                                MARKET,
                                List.of(),
                                List.of(level("0.285", "7.5")),
                                false,
                                Price.parse("0.28"),
                                Quantity.parse("12"),
                                NOON,
                                42L,
                                NOON - 900,
                                "made up")),
                new RawSignalEvent(NOON + 4, "main", bytes("{\"a\":1.50,\"b\":\"\u00fc\"}")),
                new RawSignalEvent(NOON + 5, null, bytes("{ \"spaced\" : 1 ")),
                new RawSignalEvent(NOON + 6, "main", new byte[] {0, (byte) 0xff, 10, 13}),
                new SettlementEvent(
                        NOON + 9,
                        new Settlement(
                                MARKET,
                                Settlement.Result.SCALAR,
                                Price.parse("0.4"),
                                Settlement.Status.DETERMINED,
                                2,
                                NOON + 8,
                                "made up")));
        List<String> lines = new ArrayList<>();
        lines.add(RecordingWriter.header("made up", new LinkedHashMap<>(Map.of("note", "a test"))));
        events.forEach(event -> lines.add(RecordingWriter.line(event)));
        Path file = RecordedFiles.write(folder, "all.jsonl.gz", lines);
        Problems problems = new Problems();

        // when
        List<RecordedEvent> read = RecordedFiles.read(file, problems);

        // then
        assertThat(read).isEqualTo(events);
        assertThat(problems.counts()).isEmpty();
    }

    @Test
    void aFillIsReadAgainAndSaysWhereItStood() throws IOException {
        // given
        Fill fill = new Fill(
                "t-1",
                "",
                "v-1",
                new AccountId("main"),
                Mode.PAPER,
                MARKET,
                Side.NO,
                Action.SELL,
                Price.parse("0.766667"),
                Quantity.parse("1.41"),
                Money.parse("0.0352"),
                false,
                Fill.Status.FINAL,
                NOON);
        Path file = RecordedFiles.write(
                folder, "fills.jsonl", RecordingWriter.line(new FillEvent(NOON, fill, "key-1", "elsewhere")));

        // when
        List<RecordedEvent> read = RecordedFiles.read(file, new Problems());

        // then
        assertThat(read).containsExactly(new FillEvent(NOON, fill, "key-1", "fills.jsonl:1"));
    }

    @Test
    void badLinesAreReportedWithPlaceAndReasonAndTheRestIsRead() throws IOException {
        // given
        String good = RecordingWriter.line(quote(NOON, NOON));
        Path file = RecordedFiles.write(
                folder,
                "bad.jsonl",
                good,
                "{\"type\":\"quote\"",
                "{\"type\":\"quote\",\"at\":\"yesterday\",\"venue\":\"kalshi\",\"market\":\"KX-A\"}",
                "{\"type\":\"quote\",\"at\":" + NOON + ",\"venue\":\"nyse\",\"market\":\"KX-A\"}",
                "{\"type\":\"quote\",\"at\":" + NOON + ",\"venue\":\"kalshi\",\"market\":\"KX A\"}",
                "{\"type\":\"quote\",\"at\":" + NOON
                        + ",\"venue\":\"kalshi\",\"market\":\"KX-A\",\"bids\":[[\"1.2\",\"1\"]]}",
                "{\"type\":\"quote\",\"at\":" + NOON
                        + ",\"venue\":\"kalshi\",\"market\":\"KX-A\",\"bids\":[[\"0.1234567\",\"1\"]]}",
                "{\"type\":\"dance\",\"at\":" + NOON + "}",
                "",
                good);
        Problems problems = new Problems();

        // when
        List<RecordedEvent> read = RecordedFiles.read(file, problems);

        // then
        assertThat(read).hasSize(2);
        assertThat(problems.linesSkipped()).isEqualTo(7);
        assertThat(problems.first()).extracting(Problems.Problem::file).containsOnly("bad.jsonl");
        assertThat(problems.first()).extracting(Problems.Problem::line).containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L);
        assertThat(problems.first())
                .extracting(Problems.Problem::reason)
                .satisfiesExactly(
                        reason -> assertThat(reason).contains("not JSON"),
                        reason -> assertThat(reason).contains("at \"yesterday\" is no time"),
                        reason -> assertThat(reason).contains("venue \"nyse\" is not known"),
                        reason -> assertThat(reason).contains("has a space"),
                        reason -> assertThat(reason).contains("1.2 is not between 0 and 1"),
                        reason -> assertThat(reason).contains("more than six decimals"),
                        reason -> assertThat(reason).contains("type \"dance\" is not known"));
    }

    @Test
    void aLastLineThatIsCutOffCostsOnlyItself() throws IOException {
        // given
        String good = RecordingWriter.line(quote(NOON, NOON));
        Path file = folder.resolve("cut.jsonl");
        Files.writeString(file, good + "\n" + good + "\n" + good.substring(0, 60));
        Problems problems = new Problems();

        // when
        List<RecordedEvent> read = RecordedFiles.read(file, problems);

        // then
        assertThat(read).hasSize(2);
        assertThat(problems.counts()).containsOnlyKeys(Kind.CUT_OFF);
        assertThat(problems.first().get(0).line()).isEqualTo(3);
    }

    @Test
    void aLastLineWithoutItsEndIsReadWhenItIsWhole() throws IOException {
        // given
        Path file = folder.resolve("whole.jsonl");
        Files.writeString(file, RecordingWriter.line(quote(NOON, NOON)));
        Problems problems = new Problems();

        // then
        assertThat(RecordedFiles.read(file, problems)).hasSize(1);
        assertThat(problems.counts()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {".gz", ".zst"})
    void aCompressedFileThatEndsEarlyGivesWhatWasWhole(String compression) throws IOException {
        // given
        List<String> lines = new ArrayList<>();
        Random random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            lines.add(RecordingWriter.line(quote(NOON + i, NOON + i - random.nextInt(100_000))));
        }
        String text = String.join("\n", lines) + "\n";
        byte[] packed = compression.equals(".gz") ? RecordedFiles.gzip(text) : Zstd.compress(bytes(text));
        Path file = folder.resolve("part.jsonl" + compression);
        Files.write(file, Arrays.copyOf(packed, packed.length * 2 / 3));
        Problems problems = new Problems();

        // when
        List<RecordedEvent> read = RecordedFiles.read(file, problems);

        // then
        assertThat(read).isNotEmpty().hasSizeLessThan(5_000);
        assertThat(problems.count(Kind.CUT_OFF)).isPositive();
        assertThat(problems.count(Kind.BAD_LINE)).isZero();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void linesInAnyOrderAreGivenInTimeOrderWithinLittleMemory(long seed) throws IOException {
        // given
        Random random = new Random(seed);
        List<RecordedEvent> events = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(2_000); i++) {
            long seen = NOON + random.nextInt(500);
            events.add(quote(seen, seen + random.nextInt(200) - 100));
        }
        int files = 1 + random.nextInt(3);
        for (int f = 0; f < files; f++) {
            List<String> lines = new ArrayList<>();
            for (int i = f; i < events.size(); i += files) {
                lines.add(RecordingWriter.line(events.get(i)));
            }
            RecordedFiles.write(folder, "part-" + f + ".jsonl", lines);
        }
        Problems problems = new Problems();
        RecordingOptions little = RecordingOptions.DEFAULTS.withSortBytes(2_000 + random.nextInt(20_000));

        // when
        List<RecordedEvent> read = RecordedFiles.read(folder, little, problems);

        // then
        assertThat(read).isSortedAccordingTo(Comparator.comparingLong(RecordedEvent::atMillis));
        assertThat(read).containsExactlyInAnyOrderElementsOf(events);
        assertThat(problems.linesSkipped()).isZero();
    }

    @Test
    void linesOfOneMomentKeepTheirOrder() throws IOException {
        // given
        List<RecordedEvent> events = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            events.add(quote(NOON + i / 100, NOON - i));
        }
        List<String> lines = new ArrayList<>();
        events.forEach(event -> lines.add(RecordingWriter.line(event)));
        Collections.rotate(lines, 100);
        Path file = RecordedFiles.write(folder, "ties.jsonl", lines);

        // when
        List<RecordedEvent> read =
                RecordedFiles.read(file, RecordingOptions.DEFAULTS.withSortBytes(5_000), new Problems());

        // then
        assertThat(read).isEqualTo(events);
    }

    @Test
    void csvColumnsMayStandInAnyOrderAndSidesMayBeEmpty() throws IOException {
        // given
        Path file = RecordedFiles.write(
                folder,
                "quotes.csv",
                "\uFEFFask,market,bid,AT,venue,ask_size,note,bid_size\r",
                "0.28,KX-A,0.27,2026-02-01T12:00:00.250Z,kalshi,302,\"a, \"\"b\"\"\",494\r",
                ",KX-A,0.27,2026-02-01T07:00:01-05:00,Kalshi,,,\r",
                "0.28,KX-A,0.27,2026-02-01T12:00:02Z,kalshi,302,\r",
                "0.20,KX-A,0.27,2026-02-01T12:00:03Z,kalshi,302,x,5\r");
        Problems problems = new Problems();

        // when
        List<QuoteEvent> read = RecordedFiles.only(QuoteEvent.class, RecordedFiles.read(file, problems));

        // then
        assertThat(read).hasSize(3);
        Quote first = read.get(0).quote();
        assertThat(first.bids()).containsExactly(level("0.27", "494"));
        assertThat(first.asks()).containsExactly(level("0.28", "302"));
        assertThat(first.depthKnown()).isTrue();
        assertThat(first.atMillis()).isEqualTo(NOON + 250);
        Quote second = read.get(1).quote();
        assertThat(second.asks()).isEmpty();
        assertThat(second.depthKnown()).isFalse();
        assertThat(second.atMillis()).isEqualTo(NOON + 1_000);
        assertThat(read.get(2).crossed()).isTrue();
        assertThat(problems.counts()).isEqualTo(Map.of(Kind.BAD_LINE, 1L, Kind.CROSSED, 1L));
        assertThat(problems.first().get(0).reason()).isEqualTo("7 columns; the header has 8");
    }

    @Test
    void progressReachesTheEnd() throws IOException {
        // given
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            lines.add(RecordingWriter.line(quote(NOON + i, NOON + i)));
        }
        Recording recording = Recordings.open(RecordedFiles.write(folder, "long.jsonl.gz", lines), new Problems());

        // when
        try (Recording.Events events = recording.events()) {
            while (events.hasNext()) {
                events.next();
            }

            // then
            assertThat(events.progress())
                    .isEqualTo(new Recording.Progress(recording.bytes(), recording.bytes(), 1_000, 1_000));
        }
    }

    @Test
    void whatIsNoRecordingIsRefusedWithWhatWasSeen() throws IOException {
        // given
        Path file = RecordedFiles.write(folder, "letter.txt", "Dear Sir or Madam,");

        // then
        assertThatThrownBy(() -> Recordings.open(file, new Problems()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not a recording of a known format")
                .hasMessageContaining("letter.txt: OTHER");
        assertThatThrownBy(() -> Recordings.open(folder.resolve("none"), new Problems()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there is no such file or folder");
    }

    @Test
    void aFormatThatIsAskedForMustBeThere() throws IOException {
        // given
        Path file = RecordedFiles.write(folder, "a.jsonl", RecordingWriter.line(quote(NOON, NOON)));

        // then
        assertThatThrownBy(() -> Recordings.open(
                        file, RecordingFormat.KALSHI_CAPTURE, RecordingOptions.DEFAULTS, new Problems()))
                .hasMessageContaining("is not a recording of format kalshi-capture");
        assertThat(Recordings.open(file, RecordingFormat.NEUTRAL, RecordingOptions.DEFAULTS, new Problems())
                        .format())
                .isEqualTo(RecordingFormat.NEUTRAL);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Level level(String price, String size) {
        return new Level(Price.parse(price), Quantity.parse(size));
    }

    private static QuoteEvent quote(long seen, long at) {
        return new QuoteEvent(
                seen,
                new Quote(
                        MARKET,
                        List.of(level("0.27", "494"), level("0.26", "1")),
                        List.of(level("0.28", "302.25")),
                        true,
                        null,
                        null,
                        null,
                        null,
                        at,
                        "made up"));
    }

    private static Market market() {
        return new Market(
                MARKET,
                new EventId("KX"),
                true,
                "basketball",
                "Who wins?",
                MarketStatus.ACTIVE,
                NOON - 1_000,
                NOON + 1_000,
                null,
                new PriceGrid(List.of(
                        new PriceGrid.Band(Price.ZERO, Price.parse("0.1"), Price.parse("0.001")),
                        new PriceGrid.Band(Price.parse("0.1"), Price.ONE, Price.parse("0.01")))),
                Quantity.parse("0.01"),
                Quantity.parse("1"),
                Money.parse("1"),
                new FeeTerms(FeeModel.KALSHI, 70_000, 17_500, "v1"),
                "yes-token",
                null,
                true,
                3,
                NOON,
                "made up");
    }
}
