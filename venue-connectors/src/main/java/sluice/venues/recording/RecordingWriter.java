package sluice.venues.recording;

import java.util.SequencedMap;

/** Writes the neutral format, JSONL, one line at a time; see FORMAT.md beside the shipped recording. */
public final class RecordingWriter {
    private RecordingWriter() {}

    /**
     * The first line of a file, without its end.
     *
     * @param source what made it
     * @param facts anything else worth knowing
     */
    public static String header(String source, SequencedMap<String, String> facts) {
        return NeutralJson.header(source, facts);
    }

    /** The line of an event, without its end. A signal is written in the shape of topic {@code signals.json}. */
    public static String line(RecordedEvent event) {
        return NeutralJson.write(event);
    }
}
