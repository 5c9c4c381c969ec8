package sluice.venues.recording.generator;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.market.Level;
import sluice.domain.market.Market;
import sluice.domain.market.Quote;

/** Quotes one market around a probability, with spreads and sizes as recorded. */
final class BookMaker {
    static final String SOURCE = "generated";

    /**
     * Levels kept on each side: the recorded books have about a hundred, of which an order of ours sees the first few.
     */
    private static final int LEVELS = 6;

    /** Weights of a spread of one, two and three ticks: of a cent, and of half a cent. */
    private static final double[] CENT_SPREADS = {0.80, 0.165, 0.035};

    private static final double[] HALF_CENT_SPREADS = {0.35, 0.45, 0.20};

    private final Market market;
    private final Dice dice;
    private final int tickMicros;
    private final int wideTicks;
    private int bidTick;
    private int askTick;
    private double wobble;
    private final long[] bidSizes = new long[LEVELS];
    private final long[] askSizes = new long[LEVELS];
    private @Nullable Price lastPrice;
    private @Nullable Quantity lastSize;

    /** @param wideTicks spread of a market that nobody looks at yet; 0 for one with the usual spreads */
    BookMaker(Market market, int tickMicros, int wideTicks, Dice dice) {
        this.market = market;
        this.tickMicros = tickMicros;
        this.wideTicks = wideTicks;
        this.dice = dice;
        for (int i = 0; i < LEVELS; i++) {
            bidSizes[i] = size();
            askSizes[i] = size();
        }
    }

    Market market() {
        return market;
    }

    /** Contracts at a level: p10 39, median 494, p90 2,412. */
    private long size() {
        return StrictMath.max(1, StrictMath.min(90_000, StrictMath.round(dice.skewed(39, 494, 2_412))));
    }

    /** Moves the book to where {@code probability} is now. */
    void follow(double probability) {
        wobble = 0.95 * wobble + 0.001 * dice.gaussian();
        int ticks = 1_000_000 / tickMicros;
        double fair = StrictMath.max(0, StrictMath.min(1, probability + wobble)) * ticks;
        int spread = wideTicks > 0 ? wideTicks : askTick - bidTick;
        double[] weights = tickMicros == 10_000 ? CENT_SPREADS : HALF_CENT_SPREADS;
        if (wideTicks == 0 && (spread < 1 || spread > weights.length || dice.chance(0.1))) {
            spread = dice.chance(weights[0]) ? 1 : dice.chance(weights[1] / (1 - weights[0])) ? 2 : 3;
        }
        int bid = (int) StrictMath.floor(fair - (spread - 1) / 2.0);
        move(bidSizes, bidTick - bid);
        move(askSizes, bid + spread - askTick);
        bidTick = bid;
        askTick = bid + spread;
    }

    /** Levels stay where they are when the best price moves: {@code by} new ones appear in front, or old ones go. */
    private void move(long[] sizes, int by) {
        long[] before = sizes.clone();
        for (int i = 0; i < LEVELS; i++) {
            int from = i + by;
            sizes[i] = from >= 0 && from < LEVELS ? before[from] : size();
        }
    }

    /** Changes the size of one level by a typical change: median 25 contracts, p90 1,000, p99 3,000. */
    void change() {
        long[] sizes = dice.chance(0.5) ? bidSizes : askSizes;
        int level = dice.between(0, LEVELS - 1);
        long by = StrictMath.max(1, StrictMath.min(3_000, StrictMath.round(dice.skewed(4, 25, 1_000))));
        // Sizes go back towards the typical one, else they would grow all night.
        boolean grows = dice.chance(sizes[level] < 250 ? 0.7 : 0.15);
        // A level that is taken away completely is quoted anew.
        sizes[level] = grows ? sizes[level] + by : sizes[level] > by ? sizes[level] - by : size();
    }

    /** Someone trades at the best bid or ask: median 14 contracts, p90 130. */
    void trade() {
        Level level = dice.chance(0.5) ? first(bids()) : first(asks());
        if (level != null) {
            long size = StrictMath.max(1, StrictMath.round(dice.skewed(2, 14, 130)));
            lastPrice = level.price();
            lastSize = Quantity.parse(Long.toString(size));
        }
    }

    private static @Nullable Level first(List<Level> levels) {
        return levels.isEmpty() ? null : levels.get(0);
    }

    private List<Level> bids() {
        List<Level> levels = new ArrayList<>();
        for (int i = 0; i < LEVELS; i++) {
            add(levels, bidTick - i, bidSizes[i]);
        }
        return levels;
    }

    private List<Level> asks() {
        List<Level> levels = new ArrayList<>();
        for (int i = 0; i < LEVELS; i++) {
            add(levels, askTick + i, askSizes[i]);
        }
        return levels;
    }

    /** A price of 0 or 1 cannot be traded, so that a side is empty when the outcome is all but known. */
    private void add(List<Level> levels, int tick, long contracts) {
        if (tick > 0 && tick < 1_000_000 / tickMicros) {
            levels.add(new Level(new Price((long) tick * tickMicros), Quantity.parse(Long.toString(contracts))));
        }
    }

    /** Price at which {@code side} can be bought now; null if it cannot. */
    @Nullable
    Price buyPrice(Side side) {
        Level best = side == Side.YES ? first(asks()) : first(bids());
        return best == null
                ? null
                : side == Side.YES ? best.price() : best.price().complement();
    }

    /** Price at which {@code side} can be sold now; null if it cannot. */
    @Nullable
    Price sellPrice(Side side) {
        Price buy = buyPrice(side.other());
        return buy == null ? null : buy.complement();
    }

    int tickMicros() {
        return tickMicros;
    }

    /** The book as a quote; a trade is told once. */
    Quote quote(long atMillis) {
        return quote(bids(), asks(), atMillis);
    }

    /** The book as a fault shows it: the ask two ticks below the bid. */
    Quote crossed(long atMillis) {
        List<Level> below = new ArrayList<>();
        for (Level ask : asks()) {
            long price = ask.price().micros() - (askTick - bidTick + 2L) * tickMicros;
            if (price > 0) {
                below.add(new Level(new Price(price), ask.quantity()));
            }
        }
        return quote(bids(), below, atMillis);
    }

    /** The book as a fault shows it: one side gone. */
    Quote oneSided(long atMillis) {
        return dice.chance(0.5) ? quote(List.of(), asks(), atMillis) : quote(bids(), List.of(), atMillis);
    }

    private Quote quote(List<Level> bids, List<Level> asks, long atMillis) {
        Quote quote = new Quote(
                market.id(),
                bids,
                asks,
                true,
                lastPrice,
                lastSize,
                lastPrice == null ? null : Long.valueOf(atMillis),
                null,
                atMillis,
                SOURCE);
        lastPrice = null;
        lastSize = null;
        return quote;
    }
}
