package sluice.venues.recording;

import java.io.IOException;
import java.util.Iterator;

/** Market data, signals and fills that were written down, to be given again in the order in which they were seen. */
public interface Recording {
    /** What it is called, for people: the file or folder it was opened from. */
    String name();

    /** How it is written. */
    RecordingFormat format();

    /** Size of all its files as they are stored, bytes. */
    long bytes();

    /**
     * Starts reading from the beginning. Memory stays bounded whatever the size: events are made as they are asked for,
     * and a file that is not in time order is sorted in pieces on disk.
     *
     * @throws IOException if a file cannot be read; a bad line is no such case, it is reported and skipped
     */
    Events events() throws IOException;

    /**
     * Events in the order of {@link RecordedEvent#atMillis}, which never goes back. For one thread. Reading on after
     * the file can no longer be read throws {@link java.io.UncheckedIOException}.
     */
    interface Events extends Iterator<RecordedEvent>, AutoCloseable {
        Progress progress();

        /** Frees files and temporary space. */
        @Override
        void close();
    }

    /**
     * How far reading has come.
     *
     * @param bytesRead of {@link #bytes}, as stored
     * @param rowsRead lines read, bad ones included
     * @param events events given
     */
    record Progress(long bytesRead, long bytesTotal, long rowsRead, long events) {}
}
