package sluice.venues.recording;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Opens recordings of every format. */
public final class Recordings {
    private static final String SHIPPED = "/recordings/game-night.jsonl.gz";

    private Recordings() {}

    /** What a file is, told by its first line. */
    private enum Content {
        NEUTRAL_JSON,
        NEUTRAL_CSV,
        POLYMARKET_US_QUOTES,
        POLYMARKET_US_ABOUT,
        KALSHI_MESSAGES,
        KALSHI_RESULTS_JSON,
        KALSHI_JOURNAL,
        KALSHI_TRADES,
        KALSHI_RESULTS_CSV,
        OTHER
    }

    private record Found(
            Source source, Content content, @Nullable Csv header) {}

    /** The recording that Sluice ships: generated, and saying so on every line. */
    public static Recording shipped() throws IOException {
        URL resource = Recordings.class.getResource(SHIPPED);
        if (resource == null) {
            throw new NoSuchFileException("class path: " + SHIPPED);
        }
        String name = SHIPPED.substring(SHIPPED.lastIndexOf('/') + 1);
        return neutral(name, List.of(look(Source.of(name, resource))), RecordingOptions.DEFAULTS, new Problems());
    }

    /** Opens {@code path} with the usual options; its problems are those of {@code problems}. */
    public static Recording open(Path path, Problems problems) throws IOException {
        return open(path, null, RecordingOptions.DEFAULTS, problems);
    }

    /**
     * Opens a file or a folder.
     *
     * @param format null to find out from what is there; otherwise what is there must be of that format
     * @param problems where bad lines are reported while events are read
     * @throws IOException if nothing readable is there, or not of {@code format}; the message says what was found
     */
    public static Recording open(
            Path path, @Nullable RecordingFormat format, RecordingOptions options, Problems problems)
            throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString(), null, "there is no such file or folder");
        }
        boolean folder = Files.isDirectory(path);
        List<Found> found = new ArrayList<>();
        for (Path file : folder ? filesOf(path) : List.of(path)) {
            found.add(look(Source.of(file)));
        }
        RecordingFormat seen = formatOf(found);
        RecordingFormat wanted = format == null ? seen : format;
        if (seen == null || wanted == null || seen != wanted) {
            throw new IOException(path + " is not a recording "
                    + (format == null ? "of a known format" : "of format " + format.text())
                    + "; the first lines of its files look like "
                    + found.stream()
                            .map(f -> f.source.name() + ": " + f.content)
                            .toList());
        }
        if (!folder) {
            found.addAll(companions(path, wanted));
        }
        String name = path.toString();
        return switch (wanted) {
            case NEUTRAL -> neutral(name, found, options, problems);
            case POLYMARKET_US -> polymarketUs(name, found, options, problems);
            case KALSHI_CAPTURE -> kalshiCapture(name, found, options, problems);
            case KALSHI_JOURNAL -> kalshiJournal(name, found, options, problems);
        };
    }

    private static List<Path> filesOf(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder, 2)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** A single quotes file brings the markets file of the same name; a single journal brings its folder. */
    private static List<Found> companions(Path path, RecordingFormat format) throws IOException {
        List<Found> companions = new ArrayList<>();
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null || format == RecordingFormat.NEUTRAL || format == RecordingFormat.KALSHI_CAPTURE) {
            return companions;
        }
        String stem = Source.of(path).plainName().replace("_quotes.csv", "");
        for (Path file : filesOf(folder)) {
            Found other = look(Source.of(file));
            boolean belongs =
                    switch (other.content) {
                        case POLYMARKET_US_ABOUT ->
                            format == RecordingFormat.POLYMARKET_US
                                    && other.source.name().startsWith(stem);
                        case KALSHI_TRADES, KALSHI_RESULTS_CSV -> format == RecordingFormat.KALSHI_JOURNAL;
                        case NEUTRAL_JSON,
                                NEUTRAL_CSV,
                                POLYMARKET_US_QUOTES,
                                KALSHI_MESSAGES,
                                KALSHI_RESULTS_JSON,
                                KALSHI_JOURNAL,
                                OTHER -> false;
                    };
            if (belongs) {
                companions.add(other);
            }
        }
        return companions;
    }

    private static Found look(Source source) throws IOException {
        String plain = source.plainName();
        if (plain.endsWith(".parquet") || plain.endsWith(".md") || plain.endsWith(".txt")) {
            return new Found(source, Content.OTHER, null);
        }
        String first = source.firstLine();
        if (first == null) {
            return new Found(source, Content.OTHER, null);
        }
        String start = first.stripLeading();
        if (start.startsWith("{")) {
            return new Found(source, ofJson(start), null);
        }
        if (start.startsWith("[")) {
            boolean results = plain.contains("result");
            return new Found(source, results ? Content.KALSHI_RESULTS_JSON : Content.OTHER, null);
        }
        try {
            Csv header = new Csv(first);
            return new Found(source, ofCsv(header), header);
        } catch (BadLine e) {
            return new Found(source, Content.OTHER, null);
        }
    }

    private static Content ofJson(String line) {
        try {
            @Nullable String[] found = Json.peek(line, "local_recv_ns", "ts_mono", "type");
            return found[0] != null
                    ? Content.KALSHI_MESSAGES
                    : found[1] != null
                            ? Content.KALSHI_JOURNAL
                            : found[2] != null ? Content.NEUTRAL_JSON : Content.OTHER;
        } catch (BadLine e) {
            return Content.OTHER;
        }
    }

    private static Content ofCsv(Csv header) {
        if (PolymarketUs.isQuotes(header)) {
            return Content.POLYMARKET_US_QUOTES;
        }
        if (PolymarketUs.isAbout(header)) {
            return Content.POLYMARKET_US_ABOUT;
        }
        if (KalshiTrades.isTrades(header)) {
            return Content.KALSHI_TRADES;
        }
        if (header.hasAll("market", "result", "settlement_ts")) {
            return Content.KALSHI_RESULTS_CSV;
        }
        return header.hasAll(NeutralCsv.REQUIRED) ? Content.NEUTRAL_CSV : Content.OTHER;
    }

    private static @Nullable RecordingFormat formatOf(List<Found> found) {
        if (holds(found, Content.POLYMARKET_US_QUOTES)) {
            return RecordingFormat.POLYMARKET_US;
        }
        if (holds(found, Content.KALSHI_MESSAGES)) {
            return RecordingFormat.KALSHI_CAPTURE;
        }
        if (holds(found, Content.KALSHI_JOURNAL)) {
            return RecordingFormat.KALSHI_JOURNAL;
        }
        return holds(found, Content.NEUTRAL_JSON) || holds(found, Content.NEUTRAL_CSV) ? RecordingFormat.NEUTRAL : null;
    }

    private static boolean holds(List<Found> found, Content content) {
        return found.stream().anyMatch(f -> f.content == content);
    }

    private static List<Source> sources(List<Found> found, Content content) {
        return found.stream()
                .filter(f -> f.content == content)
                .map(Found::source)
                .toList();
    }

    // ---------------------------------------------------------------- formats

    private interface Opening {
        EventStream events() throws IOException;
    }

    private record Opened(String name, RecordingFormat format, long bytes, Opening opening) implements Recording {
        @Override
        public Events events() throws IOException {
            return opening.events();
        }

        @Override
        public String toString() {
            return name + " (" + format.text() + ", " + bytes + " bytes)";
        }
    }

    private static long bytes(List<Source> sources) {
        return sources.stream().mapToLong(Source::bytes).sum();
    }

    private static Recording neutral(String name, List<Found> found, RecordingOptions options, Problems problems) {
        List<Found> used = found.stream()
                .filter(f -> f.content == Content.NEUTRAL_JSON || f.content == Content.NEUTRAL_CSV)
                .toList();
        List<Source> sources = used.stream().map(Found::source).toList();
        return new Opened(name, RecordingFormat.NEUTRAL, bytes(sources), () -> {
            List<ByFile.Part> parts = new ArrayList<>();
            for (Found one : used) {
                if (one.header == null) {
                    NeutralJson json = new NeutralJson(options);
                    parts.add(new ByFile.Part(json, json, 0));
                } else {
                    NeutralCsv csv = new NeutralCsv(one.header, options);
                    parts.add(new ByFile.Part(csv, csv, 1));
                }
            }
            return stream(sources, parts, options, problems);
        });
    }

    private static Recording polymarketUs(String name, List<Found> found, RecordingOptions options, Problems problems) {
        List<Source> quotes = sources(found, Content.POLYMARKET_US_QUOTES);
        List<Source> about = sources(found, Content.POLYMARKET_US_ABOUT);
        return new Opened(name, RecordingFormat.POLYMARKET_US, bytes(quotes), () -> {
            PolymarketUs.Markets markets = new PolymarketUs.Markets(about, options, problems);
            List<ByFile.Part> parts = new ArrayList<>();
            for (Found one : found) {
                if (one.content == Content.POLYMARKET_US_QUOTES && one.header != null) {
                    PolymarketUs reader = new PolymarketUs(one.header, markets, options);
                    parts.add(new ByFile.Part(reader, reader, 1));
                }
            }
            return stream(quotes, parts, options, problems);
        });
    }

    private static Recording kalshiCapture(
            String name, List<Found> found, RecordingOptions options, Problems problems) {
        List<Source> messages = sources(found, Content.KALSHI_MESSAGES);
        List<Source> results = sources(found, Content.KALSHI_RESULTS_JSON);
        return new Opened(name, RecordingFormat.KALSHI_CAPTURE, bytes(messages), () -> {
            KalshiCapture reader = new KalshiCapture(results, options, problems);
            return stream(messages, same(messages, new ByFile.Part(reader, reader, 0)), options, problems);
        });
    }

    private static Recording kalshiJournal(
            String name, List<Found> found, RecordingOptions options, Problems problems) {
        List<Source> journals = sources(found, Content.KALSHI_JOURNAL);
        return new Opened(name, RecordingFormat.KALSHI_JOURNAL, bytes(journals), () -> {
            KalshiJournal reader = new KalshiJournal(
                    journals,
                    sources(found, Content.KALSHI_TRADES),
                    sources(found, Content.KALSHI_RESULTS_CSV),
                    options,
                    problems);
            return stream(journals, same(journals, new ByFile.Part(reader, reader, 0)), options, problems);
        });
    }

    private static List<ByFile.Part> same(List<Source> sources, ByFile.Part part) {
        return Collections.nCopies(sources.size(), part);
    }

    private static EventStream stream(
            List<Source> sources, List<ByFile.Part> parts, RecordingOptions options, Problems problems)
            throws IOException {
        OrderedLines lines = OrderedLines.open(sources, parts, options, problems);
        return new EventStream(lines, new ByFile(parts), bytes(sources), problems);
    }
}
