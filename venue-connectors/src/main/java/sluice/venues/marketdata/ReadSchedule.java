package sluice.venues.marketdata;

/**
 * When something is read again: in good time after an answer, sooner where it is asked for, and with a growing pause
 * after failures. One read at a time. Pure.
 */
final class ReadSchedule {
    private static final long FIRST_PAUSE_MILLIS = 500;
    private static final long LONGEST_PAUSE_MILLIS = 60_000;

    /** What the venue does not have, it may list one day; until then it costs calls that others need. */
    private static final long LONGEST_PAUSE_OF_THE_ABSENT_MILLIS = 600_000;

    private static final int MOST_DOUBLINGS = 11;

    private long dueAt;
    private boolean underWay;
    private boolean asked;
    private int failures;

    /** Whether a read is to begin now; if so, it has begun. */
    boolean begin(long nowMillis) {
        if (underWay || nowMillis < dueAt) {
            return false;
        }
        underWay = true;
        asked = false;
        return true;
    }

    /** It is to be read as soon as possible; once more if a read is under way, which may have come too early. */
    void ask() {
        asked = true;
        // A venue that fails is not asked more often for it.
        if (failures == 0) {
            dueAt = Long.MIN_VALUE;
        }
    }

    void succeeded(long nextMillis) {
        underWay = false;
        failures = 0;
        dueAt = asked ? Long.MIN_VALUE : nextMillis;
    }

    /**
     * Tells how many reads have failed since the last that did not.
     *
     * @param absent whether the venue said that it has no such thing
     */
    int failed(long nowMillis, boolean absent) {
        underWay = false;
        long longest = absent ? LONGEST_PAUSE_OF_THE_ABSENT_MILLIS : LONGEST_PAUSE_MILLIS;
        dueAt = nowMillis + Math.min(longest, FIRST_PAUSE_MILLIS << Math.min(failures, MOST_DOUBLINGS));
        return ++failures;
    }
}
