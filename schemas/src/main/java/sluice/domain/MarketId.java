package sluice.domain;

import java.util.Locale;

/** A market of a venue. Written {@code venue:id}, as in {@code kalshi:KXNBA-26-BOS}. */
public record MarketId(Venue venue, String id) implements Comparable<MarketId> {
    public MarketId {
        Names.require("market", id);
    }

    /**
     * Reads {@code venue:id}.
     *
     * @throws IllegalArgumentException if there is no venue before a colon
     */
    public static MarketId parse(String text) {
        int colon = text.indexOf(':');
        if (colon > 0) {
            String name = text.substring(0, colon).toUpperCase(Locale.ROOT);
            for (Venue venue : Venue.values()) {
                if (venue.name().equals(name)) {
                    return new MarketId(venue, text.substring(colon + 1));
                }
            }
        }
        throw new IllegalArgumentException(
                "market \"" + text + "\" is not written venue:id, as in kalshi:KXNBA-26-BOS");
    }

    @Override
    public int compareTo(MarketId other) {
        int byVenue = venue.compareTo(other.venue);
        return byVenue != 0 ? byVenue : id.compareTo(other.id);
    }

    @Override
    public String toString() {
        return venue.name().toLowerCase(Locale.ROOT) + ":" + id;
    }
}
