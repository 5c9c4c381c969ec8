package sluice.venues.recording;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.market.Level;

/**
 * One Kalshi book as its feed tells it: bids of both outcomes, a snapshot and then relative changes, numbered. A bid
 * for NO at q is an offer of YES at 1 - q.
 */
final class KalshiBook {
    /** What a change did. */
    enum Applied {
        /** The book follows. */
        YES,
        /** There is no snapshot to change. */
        NO_SNAPSHOT,
        /** A number is missing before it; the book is dropped until the next snapshot. */
        GAP,
        /** It took more from a level than was there; the book is dropped until the next snapshot. */
        NEGATIVE
    }

    private final Map<Price, Quantity> yesBids = new TreeMap<>(Comparator.reverseOrder());
    private final Map<Price, Quantity> noBids = new TreeMap<>(Comparator.reverseOrder());
    private boolean valid;
    private long sequence;

    /** Whether it follows the feed. */
    boolean valid() {
        return valid;
    }

    long sequence() {
        return sequence;
    }

    void snapshot(Map<Price, Quantity> yes, Map<Price, Quantity> no, long number) {
        yesBids.clear();
        noBids.clear();
        yesBids.putAll(yes);
        noBids.putAll(no);
        yesBids.values().removeIf(Quantity::isZero);
        noBids.values().removeIf(Quantity::isZero);
        sequence = number;
        valid = true;
    }

    /** The connection was lost; what changed since is not known. */
    void drop() {
        valid = false;
        yesBids.clear();
        noBids.clear();
    }

    Applied change(Side side, Price price, long deltaMicros, long number) {
        if (!valid) {
            return Applied.NO_SNAPSHOT;
        }
        if (number != sequence + 1) {
            drop();
            return Applied.GAP;
        }
        sequence = number;
        Map<Price, Quantity> bids = side == Side.YES ? yesBids : noBids;
        Quantity before = bids.getOrDefault(price, Quantity.ZERO);
        long after = Math.addExact(before.micros(), deltaMicros);
        if (after < 0) {
            drop();
            return Applied.NEGATIVE;
        }
        if (after == 0) {
            bids.remove(price);
        } else {
            bids.put(price, new Quantity(after));
        }
        return Applied.YES;
    }

    /** Bids for YES, best first. */
    List<Level> bids() {
        List<Level> levels = new ArrayList<>(yesBids.size());
        yesBids.forEach((price, quantity) -> levels.add(new Level(price, quantity)));
        return levels;
    }

    /** Offers of YES, best first. */
    List<Level> asks() {
        List<Level> levels = new ArrayList<>(noBids.size());
        noBids.forEach((price, quantity) -> levels.add(new Level(price.complement(), quantity)));
        return levels;
    }
}
