package sluice.venues.simulator.core;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A market and its one book, in YES terms. Only {@link Exchange} changes one. */
public final class Market {
    /** From not yet open to paid out. */
    public enum Status {
        INITIALIZED,
        ACTIVE,
        INACTIVE,
        CLOSED,
        DETERMINED,
        DISPUTED,
        AMENDED,
        FINALIZED
    }

    public final String id;
    public Command.DefineMarket definition;
    public List<Command.Band> bands;
    public String gridLabel = "";
    public Command.Fees fees;
    public Status status = Status.ACTIVE;
    public @Nullable Long closeAt;
    public @Nullable Long determinedAt;
    public @Nullable Long settledAt;
    public long yesValue;
    public String result = "";
    public long updatedAt;
    public long lastPrice;
    public long lastQuantity;
    public boolean lastBuy;
    public long volume;
    public long openInterest;

    /** Best first: highest bid, lowest ask. */
    final NavigableMap<Long, NavigableMap<Long, Order>> bids = new TreeMap<>(java.util.Comparator.reverseOrder());

    final NavigableMap<Long, NavigableMap<Long, Order>> asks = new TreeMap<>();

    Market(Command.DefineMarket definition) {
        this.id = definition.market();
        this.definition = definition;
        this.bands = definition.bands();
        this.fees = definition.fees();
        this.closeAt = definition.closeAt();
        this.updatedAt = definition.at();
    }

    public JsonNode attributes() {
        return definition.attributes();
    }

    NavigableMap<Long, NavigableMap<Long, Order>> side(boolean bid) {
        return bid ? bids : asks;
    }

    /** Displayed levels of one side, best first, in YES terms. */
    public List<Command.Level> levels(boolean bid) {
        return side(bid).entrySet().stream()
                .map(level -> new Command.Level(
                        level.getKey(),
                        level.getValue().values().stream()
                                .mapToLong(o -> o.remaining)
                                .sum()))
                .toList();
    }

    /** What stands ahead of an order at its price. */
    public long ahead(Order order) {
        NavigableMap<Long, Order> level = side(order.bid()).get(order.yesPrice());
        return level == null
                ? 0
                : level.headMap(order.priority).values().stream()
                        .mapToLong(o -> o.remaining)
                        .sum();
    }

    /** Whether a price, in millionths, is on the grid; 0 and 1 never are. */
    public boolean onGrid(long price) {
        return onGrid(bands, price);
    }

    /** The same for any bands. */
    public static boolean onGrid(List<Command.Band> bands, long price) {
        return price > 0
                && price < Exchange.ONE
                && bands.stream()
                        .anyMatch(b -> price >= b.start() && price <= b.end() && (price - b.start()) % b.step() == 0);
    }
}
