package sluice.venues.recording;

/** A line that cannot be read; the message says why, for the person who has the file. */
final class BadLine extends Exception {
    BadLine(String reason) {
        super(reason);
    }
}
