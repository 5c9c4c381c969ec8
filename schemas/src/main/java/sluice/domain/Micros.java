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

    private Micros() {}

    /** {@code a * b / c} rounded towards positive infinity, exact to 128 bits; {@code c} is positive. */
    public static long mulDivCeil(long a, long b, long c) {
        long high = Math.multiplyHigh(a, b);
        long low = a * b;
        if (high == (low >> 63)) {
            return Math.ceilDiv(low, c);
        }
        return big(a, b, c, RoundingMode.CEILING);
    }

    /** {@code a * b / c} rounded towards negative infinity, exact to 128 bits; {@code c} is positive. */
    public static long mulDivFloor(long a, long b, long c) {
        long high = Math.multiplyHigh(a, b);
        long low = a * b;
        if (high == (low >> 63)) {
            return Math.floorDiv(low, c);
        }
        return big(a, b, c, RoundingMode.FLOOR);
    }

    private static long big(long a, long b, long c, RoundingMode rounding) {
        BigInteger product = BigInteger.valueOf(a).multiply(BigInteger.valueOf(b));
        return new BigDecimal(product)
                .divide(BigDecimal.valueOf(c), 0, rounding)
                .toBigIntegerExact()
                .longValueExact();
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
