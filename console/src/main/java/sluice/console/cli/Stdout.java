package sluice.console.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Stdout of this process, which tells a reader that went away from a disk that is full. */
final class Stdout extends PrintStream {
    private static final int BUFFER_BYTES = 65_536;

    private final File file;

    Stdout() {
        this(new File());
    }

    private Stdout(File file) {
        super(new BufferedOutputStream(file, BUFFER_BYTES), false, StandardCharsets.UTF_8);
        this.file = file;
    }

    /** Whether writing ended because nobody reads any more, as behind {@code | head}, which is no failure of ours. */
    static boolean isNobodyReading(PrintStream out) {
        return out instanceof Stdout stdout && stdout.file.brokenPipe;
    }

    private static final class File extends FileOutputStream {
        private volatile boolean brokenPipe;

        File() {
            super(FileDescriptor.out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                super.write(bytes, offset, length);
            } catch (IOException e) {
                brokenPipe |=
                        String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("broken pipe");
                throw e;
            }
        }
    }
}
