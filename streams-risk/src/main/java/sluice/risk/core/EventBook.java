package sluice.risk.core;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import sluice.domain.MarketId;
import sluice.domain.Side;
import sluice.domain.StrategyId;
import sluice.domain.Venue;

/**
 * Everything held and ordered in the markets of one event, and what the worst outcome of the event costs.
 *
 * <p>With mutually exclusive markets the scenarios are: this market pays YES and every other NO; none of them does (the
 * unlisted other outcome, always assumed possible); all are void. Otherwise the markets are independent and their worst
 * cases add up. Immutable.
 *
 * @param exclusive whether at most one market of the event can pay YES
 */
public record EventBook(String category, boolean exclusive, List<Cell> cells) {
    public EventBook {
        cells = List.copyOf(cells);
    }

    @Nullable
    Cell cell(MarketId market, StrategyId strategy) {
        for (Cell cell : cells) {
            if (cell.market.equals(market) && cell.strategy.equals(strategy)) {
                return cell;
            }
        }
        return null;
    }

    /** With {@code next} in the place of the cell of its market and strategy. */
    EventBook with(Cell next) {
        Cell[] changed = cells.toArray(new Cell[0]);
        for (int i = 0; i < changed.length; i++) {
            if (changed[i].market.equals(next.market) && changed[i].strategy.equals(next.strategy)) {
                changed[i] = next;
                return new EventBook(category, exclusive, List.of(changed));
            }
        }
        Cell[] longer = java.util.Arrays.copyOf(changed, changed.length + 1);
        longer[changed.length] = next;
        return new EventBook(category, exclusive, List.of(longer));
    }

    EventBook without(Predicate<Cell> gone) {
        return new EventBook(
                category, exclusive, cells.stream().filter(gone.negate()).toList());
    }

    /** Worst-case loss of the whole event; negative when even the worst outcome wins. */
    long exposure() {
        return exposure(null, null, null);
    }

    long exposureAt(Venue venue) {
        return exposure(venue, null, null);
    }

    long exposureOf(StrategyId strategy) {
        return exposure(null, strategy, null);
    }

    /** Worst-case loss of one market, as if it stood alone. */
    long exposureIn(MarketId market) {
        return exposure(null, null, market);
    }

    private long exposure(@Nullable Venue venue, @Nullable StrategyId strategy, @Nullable MarketId only) {
        int n = cells.size();
        long ifNone = 0;
        long ifVoid = 0;
        long independent = 0;
        long bestSwitch = 0;
        for (int i = 0; i < n; i++) {
            Cell first = cells.get(i);
            if (!chosen(first, venue, strategy, only) || seenBefore(i, first.market, venue, strategy, only)) {
                continue;
            }
            long yes = 0;
            long no = 0;
            long voided = 0;
            for (int j = i; j < n; j++) {
                Cell cell = cells.get(j);
                if (cell.market.equals(first.market) && chosen(cell, venue, strategy, only)) {
                    yes = Math.addExact(yes, cell.lossIfYes());
                    no = Math.addExact(no, cell.lossIfNo());
                    voided = Math.addExact(voided, cell.lossIfVoid());
                }
            }
            independent = Math.addExact(independent, Math.max(yes, Math.max(no, voided)));
            ifNone = Math.addExact(ifNone, no);
            ifVoid = Math.addExact(ifVoid, voided);
            bestSwitch = Math.max(bestSwitch, yes - no);
        }
        if (!exclusive || only != null) {
            return independent;
        }
        return Math.max(Math.addExact(ifNone, bestSwitch), ifVoid);
    }

    private static boolean chosen(
            Cell cell, @Nullable Venue venue, @Nullable StrategyId strategy, @Nullable MarketId only) {
        return (venue == null || cell.market.venue() == venue)
                && (strategy == null || cell.strategy.equals(strategy))
                && (only == null || cell.market.equals(only));
    }

    private boolean seenBefore(
            int end, MarketId market, @Nullable Venue venue, @Nullable StrategyId strategy, @Nullable MarketId only) {
        for (int i = 0; i < end; i++) {
            Cell cell = cells.get(i);
            if (cell.market.equals(market) && chosen(cell, venue, strategy, only)) {
                return true;
            }
        }
        return false;
    }

    /** Cost of everything in a market, nothing netted. */
    long grossIn(MarketId market) {
        return sumIn(market, Cell::gross);
    }

    /** Contracts of a side that are held in a market, by all strategies. */
    long heldIn(MarketId market, Side side) {
        return sumIn(market, side == Side.YES ? cell -> cell.yesQuantity : cell -> cell.noQuantity);
    }

    /** Contracts of a side that open orders in a market sell, by all strategies. */
    long sellingIn(MarketId market, Side side) {
        return sumIn(market, side == Side.YES ? cell -> cell.yesSelling : cell -> cell.noSelling);
    }

    /** Contracts of a side that open orders in a market buy, by all strategies. */
    long buyingIn(MarketId market, Side side) {
        return sumIn(market, side == Side.YES ? cell -> cell.yesBuying : cell -> cell.noBuying);
    }

    long openOrdersIn(MarketId market) {
        return sumIn(market, cell -> cell.openOrders);
    }

    long openCostIn(MarketId market) {
        return sumIn(market, cell -> cell.openCost);
    }

    /** @param amount captures nothing, so that a decision makes no garbage with it */
    private long sumIn(MarketId market, ToLongFunction<Cell> amount) {
        long sum = 0;
        for (Cell cell : cells) {
            if (cell.market.equals(market)) {
                sum = Math.addExact(sum, amount.applyAsLong(cell));
            }
        }
        return sum;
    }

    boolean isOpenIn(MarketId market) {
        for (Cell cell : cells) {
            if (cell.market.equals(market) && cell.isOpen()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Pairs of YES and NO that different strategies hold of one market. A venue that nets has already paid a dollar for
     * each of them, although every strategy still has its own side in its books.
     */
    long pairsIn(MarketId market) {
        return Math.min(heldIn(market, Side.YES), heldIn(market, Side.NO));
    }
}
