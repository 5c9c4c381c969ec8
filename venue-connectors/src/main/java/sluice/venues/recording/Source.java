package sluice.venues.recording;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import sluice.venues.recording.Problems.Kind;

/** Text that can be read again from its start: a file or a class path resource. {@code .gz} and {@code .zst} unpack. */
record Source(String name, long bytes, Opener opener) {
    /** A longer line is no line of a recording; it is skipped so that memory stays bounded. */
    static final int LONGEST_LINE = 8 << 20;

    interface Opener {
        InputStream open() throws IOException;
    }

    static Source of(Path file) throws IOException {
        Path name = file.getFileName();
        return new Source(
                name == null ? file.toString() : name.toString(), Files.size(file), () -> Files.newInputStream(file));
    }

    static Source of(String name, URL resource) throws IOException {
        return new Source(name, resource.openConnection().getContentLengthLong(), resource::openStream);
    }

    /** Name without folders and compression. */
    String plainName() {
        return name.endsWith(".gz") || name.endsWith(".zst") ? name.substring(0, name.lastIndexOf('.')) : name;
    }

    Reader read(Problems problems) throws IOException {
        Counted raw = new Counted(opener.open());
        try {
            InputStream unpacked = raw;
            if (name.endsWith(".gz")) {
                unpacked = new GZIPInputStream(raw, 1 << 16);
            } else if (name.endsWith(".zst")) {
                unpacked = new ZstdInputStream(new BufferedInputStream(raw, 1 << 16));
            }
            return new Reader(this, raw, unpacked, problems);
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    /** The first line that is not blank; null if there is none. */
    @Nullable
    String firstLine() throws IOException {
        try (Reader reader = read(new Problems())) {
            return reader.next();
        }
    }

    /** The whole text; for files known to be small. */
    String text(Problems problems) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Reader reader = read(problems)) {
            for (String line = reader.next(); line != null; line = reader.next()) {
                text.append(line).append('\n');
            }
        }
        return text.toString();
    }

    private static final class Counted extends FilterInputStream {
        private long count;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count += b >= 0 ? 1 : 0;
            return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = super.read(buffer, offset, length);
            count += Math.max(n, 0);
            return n;
        }
    }

    /** Gives lines without their ends; blank ones are passed over. */
    static final class Reader implements Closeable {
        private final Source source;
        private final Counted raw;
        private final InputStream in;
        private final Problems problems;
        private final byte[] buffer = new byte[1 << 16];
        private int position;
        private int limit;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
        private long number;
        private boolean ended;
        private boolean whole = true;

        private Reader(Source source, Counted raw, InputStream in, Problems problems) {
            this.source = source;
            this.raw = raw;
            this.in = in;
            this.problems = problems;
        }

        /** Number of the line given last, from 1. */
        long number() {
            return number;
        }

        /** Whether the line given last ended as a line does; a last line without an end may have been cut off. */
        boolean whole() {
            return whole;
        }

        long bytesRead() {
            return raw.count;
        }

        @Nullable
        String next() throws IOException {
            while (!ended) {
                String text = readLine();
                if (text != null && !text.isBlank()) {
                    return text;
                }
            }
            return null;
        }

        private @Nullable String readLine() throws IOException {
            line.reset();
            boolean tooLong = false;
            whole = false;
            while (!whole && fill()) {
                int end = position;
                while (end < limit && buffer[end] != '\n') {
                    end++;
                }
                tooLong |= line.size() + end - position > LONGEST_LINE;
                if (!tooLong) {
                    line.write(buffer, position, end - position);
                }
                whole = end < limit;
                position = whole ? end + 1 : end;
            }
            ended = !whole;
            if (ended && line.size() == 0) {
                return null;
            }
            number++;
            if (tooLong) {
                problems.add(Kind.BAD_LINE, source.name, number, "longer than " + LONGEST_LINE + " bytes");
                return null;
            }
            String text = line.toString(StandardCharsets.UTF_8);
            if (text.endsWith("\r")) {
                text = text.substring(0, text.length() - 1);
            }
            return number == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
        }

        /** Makes sure that the buffer holds a byte; false at the end. */
        private boolean fill() throws IOException {
            if (position < limit) {
                return true;
            }
            try {
                position = 0;
                limit = in.read(buffer);
            } catch (EOFException | ZipException e) {
                limit = cutOff(e);
            } catch (IOException e) {
                // zstd-jni has an exception type of its own; the file system's errors are others and are not mended.
                if (!e.getClass().getName().startsWith("com.github.luben.zstd")) {
                    throw e;
                }
                limit = cutOff(e);
            }
            return limit > 0;
        }

        private int cutOff(IOException e) {
            problems.add(
                    Kind.CUT_OFF,
                    source.name,
                    number + 1,
                    "the compressed stream ends early (" + e.getMessage() + "); everything before was used");
            return -1;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
