package sluice.domain.risk;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import sluice.domain.AccountId;
import sluice.domain.EventId;
import sluice.domain.MarketId;
import sluice.domain.OrderId;
import sluice.domain.StrategyId;
import sluice.domain.Venue;
import sluice.domain.market.Market;

/**
 * What a halt, a limit or a command applies to. Written {@code all}, {@code strategy:momentum},
 * {@code market:kalshi:KX}.
 *
 * <p>A venue and a market have one spelling, {@code kalshi} and {@code kalshi:KX}, however they were given; a venue
 * that does not exist is refused, as is a name that no account, strategy, event or order can have. So two scopes of the
 * same thing are equal, and none can silently match nothing.
 */
public record Scope(Kind kind, String id) implements Comparable<Scope> {
    private static final List<String> VENUE_NAMES = Arrays.stream(Venue.values())
            .map(venue -> venue.name().toLowerCase(Locale.ROOT))
            .toList();

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
        id = switch (kind) {
            case VENUE -> venueNamed(id);
            case MARKET -> MarketId.parse(id).toString();
            case ACCOUNT -> new AccountId(id).value();
            case STRATEGY -> new StrategyId(id).value();
            case EVENT -> new EventId(id).value();
            case ORDER -> new OrderId(id).value();
            case CATEGORY -> categoryNamed(id);
            case ALL -> id;
        };
    }

    private static String categoryNamed(String id) {
        if (id.length() > Market.LONGEST_CATEGORY) {
            throw new IllegalArgumentException(
                    "category has " + id.length() + " characters; at most " + Market.LONGEST_CATEGORY + " are allowed");
        }
        return id;
    }

    private static String venueNamed(String id) {
        for (String name : VENUE_NAMES) {
            if (name.equalsIgnoreCase(id)) {
                return name;
            }
        }
        throw new IllegalArgumentException(
                "scope venue:" + id + " names no venue; it must be one of " + String.join(", ", VENUE_NAMES));
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
