package sluice.risk.core;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sluice.domain.Venue;

/**
 * Running totals of an account in a mode; never computed by walking over what it holds. Mutable; owned by the core.
 * Amounts are in millionths.
 */
public final class AccountBook {
    /** Number of the last decision; the first is 1. */
    public long decisions;

    /** Oldest decision that is still remembered. */
    public long oldestDecision = 1;

    /** Oldest decision that counts in the 24-hour window of trades. */
    public long oldestTrade = 1;

    public int tradingDay;
    public long exposure;
    public long gross;
    public long reserved;
    public long openOrders;
    public long openPositions;
    public long profitToday;
    public long profit24h;
    public long realised;
    public long fees;
    public long tradesToday;
    public long trades24h;

    /** Number of the next posting; the first is 1. */
    public long nextPosting = 1;

    /** Oldest posting that counts in the 24-hour window. */
    public long oldestPosting = 1;

    /** Whether something changed since the totals were last told. */
    public boolean changed;

    public final Map<Venue, VenueBook> venues = new EnumMap<>(Venue.class);
    public final Map<String, Long> categories = new TreeMap<>();

    /** An account's money at a venue. */
    public static final class VenueBook {
        public long exposure;

        /** Worst-case cost of orders that may still cost cash there. */
        public long reserved;

        /** Cash by our books; null until the venue has reported once. */
        public @Nullable Long ledgerCash;

        /** Cash by the venue's last report. */
        public @Nullable Long venueCash;

        /** When the venue reported, UTC milliseconds. */
        public long venueCashAtMillis;
    }

    VenueBook venue(Venue venue) {
        return venues.computeIfAbsent(venue, v -> new VenueBook());
    }

    void rollTo(int day) {
        if (tradingDay != day) {
            tradingDay = day;
            profitToday = 0;
            tradesToday = 0;
            changed = true;
        }
    }
}
