package sluice.venues.marketdata;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sluice.domain.MarketId;

/**
 * Which markets are followed: those of the watch list, those that are held, and those that a signal named lately. A
 * market that has paid out is of no interest any more.
 *
 * <p>Pure, and for one thread. It remembers no more signals than markets may be followed.
 */
final class FollowedMarkets {
    /**
     * What to follow now.
     *
     * @param markets those to follow
     * @param leftOut how many more would be, if more could
     */
    record Choice(Set<MarketId> markets, int leftOut) {}

    private final Set<MarketId> watchList;
    private final long keepMillis;
    private final int most;
    private final Map<MarketId, Long> signalledAt = new HashMap<>();
    private final Map<String, MarketId> held = new HashMap<>();
    private final Set<MarketId> paidOut = new HashSet<>();

    /**
     * @param keepMillis how long a market is followed after its last signal
     * @param most markets that are followed at once; held ones are followed even beyond
     */
    FollowedMarkets(Set<MarketId> watchList, long keepMillis, int most) {
        this.watchList = Set.copyOf(watchList);
        this.keepMillis = keepMillis;
        this.most = most;
    }

    void signalled(MarketId market, long atMillis) {
        signalledAt.merge(market, atMillis, Math::max);
    }

    /** @param position names the position; the newest word on it counts */
    void holds(String position, MarketId market) {
        held.put(position, market);
    }

    void holdsNothing(String position) {
        held.remove(position);
    }

    /** The market has paid out for good. */
    void paidOut(MarketId market) {
        paidOut.add(market);
        signalledAt.remove(market);
    }

    /** Held ones come first, then the watch list, then those with the newest signals. */
    Choice choose(long nowMillis) {
        signalledAt.values().removeIf(at -> nowMillis - at > keepMillis);
        var markets = new LinkedHashSet<>(held.values());
        var rest = new LinkedHashSet<MarketId>();
        watchList.stream().sorted().forEach(rest::add);
        rest.addAll(newestFirst());
        rest.removeAll(markets);
        rest.removeAll(paidOut);
        markets.removeAll(paidOut);
        int wanted = markets.size() + rest.size();
        for (MarketId market : rest) {
            if (markets.size() < most) {
                markets.add(market);
            } else {
                signalledAt.remove(market);
            }
        }
        return new Choice(Set.copyOf(markets), wanted - markets.size());
    }

    private List<MarketId> newestFirst() {
        var sorted = new ArrayList<>(signalledAt.entrySet());
        sorted.sort(Map.Entry.<MarketId, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey(Comparator.naturalOrder())));
        return sorted.stream().map(Map.Entry::getKey).toList();
    }
}
