package sluice.venues.recording;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import sluice.venues.recording.Problems.Kind;

/**
 * The lines of one or more files in order, in bounded memory.
 *
 * <p>A file is looked through once. If its lines are in order they are streamed; if not, they are sorted in pieces of
 * {@link RecordingOptions#sortBytes}, which lie in a temporary folder until {@link #close}.
 */
final class OrderedLines implements Closeable {
    /** Memory of a line besides its characters, roughly. */
    private static final int LINE_OVERHEAD = 120;

    /** One run of lines that is in order. */
    private abstract static class Run implements Closeable {
        @Nullable
        Line head;

        abstract @Nullable Line read() throws IOException;

        abstract long bytesRead();

        void advance() throws IOException {
            head = read();
        }
    }

    private final PriorityQueue<Run> runs = new PriorityQueue<>((a, b) -> compare(a.head, b.head));
    private final List<Run> all = new ArrayList<>();
    private final Problems problems;
    private final int sortBytes;
    private @Nullable Path folder;
    private long rows;
    private long sortedBytes;
    private long sortedRows;
    private long sortedRowsGiven;

    private OrderedLines(Problems problems, int sortBytes) {
        this.problems = problems;
        this.sortBytes = sortBytes;
    }

    private static int compare(@Nullable Line a, @Nullable Line b) {
        if (a == null || b == null) {
            return Boolean.compare(b != null, a != null);
        }
        return a.compareTo(b);
    }

    /**
     * Opens {@code sources}, which rank in the order given.
     *
     * @param parts how each of them is read
     */
    static OrderedLines open(List<Source> sources, List<ByFile.Part> parts, RecordingOptions options, Problems problems)
            throws IOException {
        OrderedLines lines = new OrderedLines(problems, options.sortBytes());
        try {
            for (int rank = 0; rank < sources.size(); rank++) {
                lines.add(
                        sources.get(rank),
                        rank,
                        parts.get(rank).headers(),
                        parts.get(rank).order());
            }
            return lines;
        } catch (IOException e) {
            lines.close();
            throw e;
        }
    }

    private void add(Source source, int rank, int headers, Line.Order order) throws IOException {
        if (inOrder(source, rank, headers, order)) {
            add(new Streamed(source, rank, headers, order, problems));
        } else {
            problems.add(Kind.UNORDERED, source.name(), 0, "lines are not in time order; they were sorted");
            sort(source, rank, headers, order);
        }
    }

    private void add(Run run) throws IOException {
        all.add(run);
        run.advance();
        if (run.head != null) {
            runs.add(run);
        }
    }

    private static boolean inOrder(Source source, int rank, int headers, Line.Order order) throws IOException {
        // Problems found here are found again, and reported, when the lines are read.
        try (Streamed lines = new Streamed(source, rank, headers, order, new Problems())) {
            Line before = null;
            for (Line line = lines.read(); line != null; line = lines.read()) {
                if (before != null && line.compareTo(before) < 0) {
                    return false;
                }
                before = line;
            }
            return true;
        }
    }

    private void sort(Source source, int rank, int headers, Line.Order order) throws IOException {
        try (Streamed lines = new Streamed(source, rank, headers, order, problems)) {
            List<Line> piece = new ArrayList<>();
            long size = 0;
            for (Line line = lines.read(); line != null; line = lines.read()) {
                sortedRows++;
                long needed = (long) LINE_OVERHEAD + line.text().length();
                if (size + needed > sortBytes && !piece.isEmpty()) {
                    Collections.sort(piece);
                    add(spill(source, piece));
                    piece.clear();
                    size = 0;
                }
                piece.add(line);
                size += needed;
            }
            Collections.sort(piece);
            add(new Held(piece));
            sortedBytes += source.bytes();
        }
    }

    private Run spill(Source source, List<Line> piece) throws IOException {
        if (folder == null) {
            folder = Files.createTempDirectory("sluice-sort-");
        }
        Path file = folder.resolve("piece-" + all.size());
        try (OutputStream raw = Files.newOutputStream(file);
                DataOutputStream out = new DataOutputStream(new BufferedOutputStream(raw, 1 << 16))) {
            for (Line line : piece) {
                byte[] text = line.text().getBytes(StandardCharsets.UTF_8);
                out.writeInt(line.rank());
                out.writeLong(line.number());
                out.writeLong(line.key());
                out.writeLong(line.tie());
                out.writeBoolean(line.whole());
                out.writeInt(text.length);
                out.write(text);
            }
        }
        return new Spilled(source, file);
    }

    /** The next line; null at the end. */
    @Nullable
    Line next() throws IOException {
        Run run = runs.poll();
        if (run == null) {
            return null;
        }
        Line line = run.head;
        run.advance();
        if (run.head != null) {
            runs.add(run);
        }
        rows++;
        sortedRowsGiven += run instanceof Streamed ? 0 : 1;
        return line;
    }

    long rows() {
        return rows;
    }

    /** Of sorted files, the part that has been given. */
    long bytesRead() {
        long sum = sortedRows == 0 ? 0 : (long) ((double) sortedBytes * sortedRowsGiven / sortedRows);
        for (Run run : all) {
            sum += run.bytesRead();
        }
        return sum;
    }

    @Override
    public void close() throws IOException {
        for (Run run : all) {
            run.close();
        }
        if (folder != null) {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
            folder = null;
        }
    }

    /** Lines straight from their file. */
    private static final class Streamed extends Run {
        private final Source source;
        private final int rank;
        private final Line.Order order;
        private final Source.Reader reader;
        private Line.Place place = new Line.Place(Long.MIN_VALUE, Long.MIN_VALUE);

        Streamed(Source source, int rank, int headers, Line.Order order, Problems problems) throws IOException {
            this.source = source;
            this.rank = rank;
            this.order = order;
            this.reader = source.read(problems);
            for (int i = 0; i < headers; i++) {
                reader.next();
            }
        }

        @Override
        @Nullable
        Line read() throws IOException {
            String text = reader.next();
            if (text == null) {
                return null;
            }
            try {
                place = order.place(text);
            } catch (BadLine e) {
                // It stays behind the line before it; whoever parses it reports it.
            }
            return new Line(source, rank, reader.number(), place.key(), place.tie(), reader.whole(), text);
        }

        @Override
        long bytesRead() {
            return reader.bytesRead();
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }

    /** Lines in memory. */
    private static final class Held extends Run {
        private final List<Line> lines;
        private int next;

        Held(List<Line> lines) {
            this.lines = lines;
        }

        @Override
        @Nullable
        Line read() {
            return next < lines.size() ? lines.get(next++) : null;
        }

        @Override
        long bytesRead() {
            return 0;
        }

        @Override
        public void close() {}
    }

    /** Lines from a temporary file. */
    private static final class Spilled extends Run {
        private final Source source;
        private final DataInputStream in;

        Spilled(Source source, Path file) throws IOException {
            this.source = source;
            this.in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
        }

        @Override
        @Nullable
        Line read() throws IOException {
            int rank;
            try {
                rank = in.readInt();
            } catch (EOFException e) {
                return null;
            }
            long number = in.readLong();
            long key = in.readLong();
            long tie = in.readLong();
            boolean whole = in.readBoolean();
            byte[] text = in.readNBytes(in.readInt());
            return new Line(source, rank, number, key, tie, whole, new String(text, StandardCharsets.UTF_8));
        }

        @Override
        long bytesRead() {
            return 0;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
