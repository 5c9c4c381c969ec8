package sluice.venues.simulator;

import java.math.BigDecimal;
import java.math.RoundingMode;
import sluice.domain.Micros;

/** Millionths as decimal text and back. */
public final class Decimals {
    private Decimals() {}

    /** With exactly so many decimals, towards zero. */
    public static String fixed(long micros, int decimals) {
        return BigDecimal.valueOf(micros, 6)
                .setScale(decimals, RoundingMode.DOWN)
                .toPlainString();
    }

    /** With exactly so many decimals, half up: for averages. */
    public static String rounded(long micros, int decimals) {
        return BigDecimal.valueOf(micros, 6)
                .setScale(decimals, RoundingMode.HALF_UP)
                .toPlainString();
    }

    /** As short as it can be. */
    public static String plain(long micros) {
        return Micros.text(micros);
    }

    /**
     * Reads a decimal number.
     *
     * @throws IllegalArgumentException if it is no decimal number or has more than six decimals
     */
    public static long micros(String text) {
        try {
            return Micros.parse(text);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
