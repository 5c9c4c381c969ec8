package sluice.venues.recording;

/**
 * A line and what orders it among the lines of a recording.
 *
 * @param rank place of its file among the recording's files
 * @param number line number in its file, from 1
 * @param key main order, milliseconds or nanoseconds as the format has them
 * @param tie order among lines with the same key
 * @param whole whether it ended as a line does
 */
record Line(Source source, int rank, long number, long key, long tie, boolean whole, String text)
        implements Comparable<Line> {
    /** A main order, and an order among lines with the same main one. */
    record Place(long key, long tie) {
        Place(long key) {
            this(key, 0);
        }
    }

    /** Gives a line's place. */
    interface Order {
        /**
         * Where {@code text} belongs.
         *
         * @throws BadLine if the line does not say; it then stays behind the line before it
         */
        Place place(String text) throws BadLine;
    }

    @Override
    public int compareTo(Line other) {
        int order = Long.compare(key, other.key);
        if (order == 0) {
            order = Long.compare(tie, other.tie);
        }
        if (order == 0) {
            order = Integer.compare(rank, other.rank);
        }
        return order != 0 ? order : Long.compare(number, other.number);
    }
}
