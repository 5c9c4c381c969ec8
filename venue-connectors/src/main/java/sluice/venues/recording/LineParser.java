package sluice.venues.recording;

/** Turns the ordered lines of one format into events; may remember what it has seen. */
interface LineParser {
    /**
     * Reads one line.
     *
     * @throws BadLine if the line cannot be read; nothing has been given to {@code out} then
     */
    void accept(Line line, Output out) throws BadLine;

    /** Called once after the last line. */
    default void end(Output out) {}

    /** Where events go. */
    interface Output {
        /** Gives an event now; its time is not before that of the event before. */
        void emit(RecordedEvent event);

        /** Gives an event when the recording has passed its time, at the latest at the end. */
        void later(RecordedEvent event);
    }
}
