package sluice.domain.risk;

import java.util.Locale;

/**
 * What a halt, a limit or a command applies to. Written {@code all}, {@code strategy:momentum},
 * {@code market:kalshi:KX}.
 */
public record Scope(Kind kind, String id) implements Comparable<Scope> {
    public static final Scope ALL = new Scope(Kind.ALL, "");

    /** Kind of thing. */
    public enum Kind {
        ALL,
        ACCOUNT,
        VENUE,
        STRATEGY,
        CATEGORY,
        EVENT,
        MARKET,
        ORDER
    }

    public Scope {
        if ((kind == Kind.ALL) != id.isEmpty()) {
            throw new IllegalArgumentException(
                    kind == Kind.ALL ? "scope all takes no name, but got " + id : "scope " + kind + " needs a name");
        }
    }

    /**
     * Reads {@code all} or {@code kind:name}.
     *
     * @throws IllegalArgumentException if there is no such kind, or the name is missing
     */
    public static Scope parse(String text) {
        int colon = text.indexOf(':');
        String kind = (colon < 0 ? text : text.substring(0, colon)).toUpperCase(Locale.ROOT);
        for (Kind candidate : Kind.values()) {
            if (candidate.name().equals(kind)) {
                return new Scope(candidate, colon < 0 ? "" : text.substring(colon + 1));
            }
        }
        throw new IllegalArgumentException(
                "scope \"" + text + "\" is not all, account:, venue:, strategy:, category:, event:, market: or order:");
    }

    @Override
    public int compareTo(Scope other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : id.compareTo(other.id);
    }

    @Override
    public String toString() {
        String name = kind.name().toLowerCase(Locale.ROOT);
        return kind == Kind.ALL ? name : name + ":" + id;
    }
}
