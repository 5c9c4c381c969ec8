package sluice.domain;

/** Name of an event or game; markets of one event share an exposure limit. */
public record EventId(String value) implements Comparable<EventId> {
    public EventId {
        Names.require("EventId", value);
    }

    /**
     * The event that free text names: what no name may contain becomes {@code _}, and what is too long is cut. Never
     * refuses, except for an empty text.
     */
    public static EventId of(String text) {
        return new EventId(Names.madeOf(text));
    }

    @Override
    public int compareTo(EventId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
