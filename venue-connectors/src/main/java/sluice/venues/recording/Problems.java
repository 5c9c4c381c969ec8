package sluice.venues.recording;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What was wrong with a recording. Nothing that is skipped or mended goes unmentioned: every case is counted, and the
 * first ones are kept with file, line and reason. Safe to share between threads.
 */
public final class Problems {
    /** Cases kept with their text; later ones are only counted. */
    public static final int KEPT = 1_000;

    /** What kind of thing was found. */
    public enum Kind {
        /** A line that could not be read; it was skipped. */
        BAD_LINE,
        /** The file ends in the middle of a line or of its compressed stream; what was whole was used. */
        CUT_OFF,
        /** Lines were not in time order; they were sorted. */
        UNORDERED,
        /** The ask was below the bid; the quote was kept as recorded and offers no usable price. */
        CROSSED,
        /** A sequence number was skipped; the book was dropped until the next snapshot. */
        SEQUENCE_GAP,
        /** A level went below zero; the level was dropped, and the book until the next snapshot. */
        NEGATIVE_LEVEL,
        /** The recorder connected anew; books wait for their snapshot. */
        RECONNECT,
        /** A change arrived for a book that has no snapshot; it was skipped. */
        NO_BOOK,
        /** The recording does not say something that is needed; the reason tells what was assumed. */
        ASSUMED
    }

    /**
     * One case.
     *
     * @param line line number from 1; 0 where it concerns the whole file
     */
    public record Problem(Kind kind, String file, long line, String reason) {
        @Override
        public String toString() {
            return file + (line > 0 ? ":" + line : "") + ": "
                    + kind.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + reason;
        }
    }

    private final List<Problem> kept = new ArrayList<>();
    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);

    synchronized void add(Kind kind, String file, long line, String reason) {
        counts.merge(kind, 1L, Math::addExact);
        if (kept.size() < KEPT) {
            kept.add(new Problem(kind, file, line, reason));
        }
    }

    /** Cases of one kind. */
    public synchronized long count(Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /** Lines that were skipped because they could not be read. */
    public synchronized long linesSkipped() {
        return count(Kind.BAD_LINE) + count(Kind.NO_BOOK);
    }

    /** Cases by kind; kinds that did not occur are absent. */
    public synchronized Map<Kind, Long> counts() {
        return Map.copyOf(counts);
    }

    /** The first {@value #KEPT} cases. */
    public synchronized List<Problem> first() {
        return List.copyOf(kept);
    }

    @Override
    public synchronized String toString() {
        return counts.isEmpty() ? "no problems" : counts.toString();
    }
}
