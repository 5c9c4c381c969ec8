package sluice.domain;

/** Name of an event or game; markets of one event share an exposure limit. */
public record EventId(String value) implements Comparable<EventId> {
    public EventId {
        Names.require("EventId", value);
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
