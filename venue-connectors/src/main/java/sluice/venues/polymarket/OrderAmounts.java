package sluice.venues.polymarket;

import java.math.BigInteger;
import sluice.domain.Action;
import sluice.domain.Micros;
import sluice.domain.Price;
import sluice.domain.Quantity;

/**
 * What an order gives at most and wants at least, in millionths, with no more digits than the venue takes.
 *
 * <p>An order that may rest names an exact product. One that may not (FAK, FOK) has two decimals on what it gives and
 * four on what it wants, whatever the tick. Its wanted amount is cut down for a buy, so that it still crosses an ask at
 * its limit, and up for a sale, so that it never takes less than its limit; what it gives is only ever cut down.
 *
 * @param maker dollars for a buy, shares for a sale
 * @param taker shares for a buy, dollars for a sale
 */
record OrderAmounts(long maker, long taker) {
    /** Two decimals. */
    private static final long CENT = 10_000;

    /** Four decimals. */
    private static final long HUNDREDTH_OF_A_CENT = 100;

    /** Amounts of an order that may rest. */
    static OrderAmounts limit(Action action, Price price, Quantity size, Price tick) {
        long step = priceStep(tick);
        long shares = floor(size.micros(), CENT);
        long rounded = (price.micros() + step / 2) / step * step;
        long dollars = Micros.mulDivFloor(shares, rounded, Micros.ONE);
        return action == Action.BUY ? of(dollars, shares) : of(shares, dollars);
    }

    /**
     * Amounts of an order that fills at once or dies.
     *
     * @param amount millionths of a dollar to spend, or of a share to sell
     * @param price the worst acceptable
     */
    static OrderAmounts market(Action action, Price price, long amount, Price tick) {
        long worst = floor(price.micros(), priceStep(tick));
        if (worst == 0) {
            throw new IllegalArgumentException("price " + price + " is less than the tick " + tick);
        }
        long given = floor(amount, CENT);
        // A coarse tick has fewer decimals on its amounts than four.
        long step = Math.max(HUNDREDTH_OF_A_CENT, priceStep(tick) / HUNDREDTH_OF_A_CENT);
        return action == Action.BUY
                ? of(given, floor(Micros.mulDivFloor(given, Micros.ONE, worst), step))
                : of(given, ceil(Micros.mulDivCeil(given, worst, Micros.ONE), step));
    }

    /**
     * Amounts of a buy of at most {@code size}, or a sale of it, that fills at once or dies. The buy spends at most
     * what {@code size} costs at its limit. The sale leaves out what would give its limit a fifth decimal of a dollar
     * (less than one share): rounded up, it would not match a bid at its limit, and rounded down it would go below it.
     */
    static OrderAmounts market(Action action, Price price, Quantity size, Price tick) {
        if (action == Action.BUY) {
            return market(action, price, price.proceedsOf(size).micros(), tick);
        }
        long exact = CENT
                * (CENT
                        / BigInteger.valueOf(price.micros())
                                .gcd(BigInteger.valueOf(CENT))
                                .longValue());
        long whole = floor(size.micros(), exact);
        return market(action, price, whole == 0 ? size.micros() : whole, tick);
    }

    private static OrderAmounts of(long maker, long taker) {
        if (maker <= 0 || taker <= 0) {
            throw new IllegalArgumentException("the order comes to " + Micros.text(maker) + " for " + Micros.text(taker)
                    + " after rounding; both must be positive, so it is too small");
        }
        return new OrderAmounts(maker, taker);
    }

    /** Millionths in the last decimal that a price with this tick has. */
    private static long priceStep(Price tick) {
        return switch ((int) tick.micros()) {
            case 100_000 -> 100_000;
            case 10_000 -> 10_000;
            case 5_000, 1_000 -> 1_000;
            case 2_500, 100 -> 100;
            default ->
                throw new IllegalArgumentException("tick " + tick
                        + " is none of 0.1, 0.01, 0.005, 0.0025, 0.001 and 0.0001; how it rounds is not known");
        };
    }

    private static long floor(long micros, long step) {
        return Math.floorDiv(micros, step) * step;
    }

    private static long ceil(long micros, long step) {
        return Math.multiplyExact(Math.ceilDiv(micros, step), step);
    }
}
