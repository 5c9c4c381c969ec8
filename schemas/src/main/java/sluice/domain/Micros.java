package sluice.domain;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * Integer arithmetic at a scale of one millionth, with every rounding named.
 *
 * <p>Nothing here wraps: a result that does not fit a signed 64-bit integer throws {@link ArithmeticException}.
 */
public final class Micros {
    /** One, at a scale of one millionth. */
    public static final long ONE = 1_000_000L;

    /** Digits after the point. */
    public static final int SCALE = 6;

    /** No number with more digits before the point fits 64 bits in millionths. */
    private static final int MOST_DIGITS = 13;

    private static final long LOW_HALF = 0xffff_ffffL;

    private Micros() {}

    /** {@code a * b / c} rounded towards positive infinity, exact to 128 bits; {@code c} is positive. */
    public static long mulDivCeil(long a, long b, long c) {
        long high = Math.multiplyHigh(a, b);
        long low = a * b;
        return high == (low >> 63) ? Math.ceilDiv(low, c) : divideWide(high, low, c, true);
    }

    /** {@code a * b / c} rounded towards negative infinity, exact to 128 bits; {@code c} is positive. */
    public static long mulDivFloor(long a, long b, long c) {
        long high = Math.multiplyHigh(a, b);
        long low = a * b;
        return high == (low >> 63) ? Math.floorDiv(low, c) : divideWide(high, low, c, false);
    }

    /** The signed 128-bit number {@code high:low} divided by {@code c}; every fee takes this way. */
    private static long divideWide(long high, long low, long c, boolean up) {
        boolean negative = high < 0;
        long magnitudeLow = negative ? -low : low;
        long magnitudeHigh = negative ? ~high + (low == 0 ? 1 : 0) : high;
        if (Long.compareUnsigned(magnitudeHigh, c) >= 0) {
            throw tooLarge(c);
        }
        long magnitude = quotient(magnitudeHigh, magnitudeLow, c);
        long result = negative ? -magnitude : magnitude;
        if (negative ? result > 0 : result < 0) {
            throw tooLarge(c);
        }
        boolean exact = magnitudeLow == magnitude * c;
        if (exact || negative == up) {
            return result;
        }
        return up ? Math.incrementExact(result) : Math.decrementExact(result);
    }

    /**
     * Quotient of the unsigned 128-bit number {@code high:low}, by Knuth's algorithm D with two digits of 32 bits.
     * {@code c} is positive and more than {@code high}, so that the quotient fits 64 bits.
     */
    private static long quotient(long high, long low, long c) {
        int shift = Long.numberOfLeadingZeros(c);
        long divisor = c << shift;
        long dividendHigh = (high << shift) | (low >>> (Long.SIZE - shift));
        long dividendLow = low << shift;
        long firstNext = dividendLow >>> 32;
        long first = digit(dividendHigh, firstNext, divisor);
        long rest = ((dividendHigh << 32) | firstNext) - first * divisor;
        return (first << 32) + digit(rest, dividendLow & LOW_HALF, divisor);
    }

    /** Quotient of the 96-bit number {@code top:next} by a divisor whose top bit is set; it fits 32 bits. */
    private static long digit(long top, long next, long divisor) {
        long divisorHigh = divisor >>> 32;
        long divisorLow = divisor & LOW_HALF;
        long guess = Long.divideUnsigned(top, divisorHigh);
        long rest = top - guess * divisorHigh;
        // The guess is at most two too large, and no longer once what remains needs more than 32 bits.
        while (rest >>> 32 == 0
                && (guess >>> 32 != 0 || Long.compareUnsigned(guess * divisorLow, (rest << 32) | next) > 0)) {
            guess--;
            rest += divisorHigh;
        }
        return guess;
    }

    private static ArithmeticException tooLarge(long c) {
        return new ArithmeticException("a product divided by " + c + " does not fit 64 bits");
    }

    /**
     * The integer number of millionths in {@code value}.
     *
     * @throws ArithmeticException if {@code value} has a digit beyond the sixth decimal or does not fit
     */
    public static long exact(BigDecimal value) {
        if (value.signum() == 0) {
            return 0;
        }
        // Asked first: 1e999999999 written out in millionths would fill gigabytes before it is found not to fit.
        long digitsBeforePoint = (long) value.precision() - value.scale();
        if (digitsBeforePoint > -SCALE && digitsBeforePoint <= MOST_DIGITS) {
            BigDecimal stripped = value.stripTrailingZeros();
            BigInteger micros =
                    stripped.scale() <= SCALE ? stripped.setScale(SCALE).unscaledValue() : null;
            if (micros != null && micros.bitLength() < Long.SIZE) {
                return micros.longValue();
            }
        }
        throw new ArithmeticException(
                value + " has more than six decimals or is too large; it would have to be rounded");
    }

    /**
     * Reads a plain decimal number.
     *
     * @throws NumberFormatException if {@code text} is not a plain decimal number
     * @throws ArithmeticException if it has a digit beyond the sixth decimal or does not fit
     */
    public static long parse(String text) {
        try {
            return exact(new BigDecimal(text));
        } catch (NumberFormatException e) {
            throw new NumberFormatException("\"" + text + "\" is not a decimal number");
        }
    }

    /** The decimal with scale 6 that {@code micros} stands for. */
    public static BigDecimal decimal(long micros) {
        return BigDecimal.valueOf(micros, SCALE);
    }

    /** Shortest plain decimal text: no exponent, no trailing zeros. */
    public static String text(long micros) {
        BigDecimal stripped = decimal(micros).stripTrailingZeros();
        return (stripped.scale() < 0 ? stripped.setScale(0, RoundingMode.UNNECESSARY) : stripped).toPlainString();
    }
}
