package sluice.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MicrosTest {
    /** Numbers around which a division of two words goes wrong, if it does. */
    private static final long[] EDGES = {
        0,
        1,
        2,
        3,
        Micros.ONE - 1,
        Micros.ONE,
        Micros.ONE + 1,
        0x7fff_ffffL,
        0x8000_0000L,
        0xffff_ffffL,
        0x1_0000_0000L,
        0x1_0000_0001L,
        Micros.ONE * Micros.ONE * Micros.ONE,
        0x3fff_ffff_ffff_ffffL,
        0x4000_0000_0000_0000L,
        0x7fff_ffff_0000_0000L,
        0x7fff_ffff_ffff_fffeL,
        Long.MAX_VALUE
    };

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 50);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void divisionAgreesWithBigIntegerOnRandomNumbers(long seed) {
        var random = new Random(seed);

        for (int i = 0; i < 10_000; i++) {
            agrees(anyLong(random), anyLong(random), Math.max(1, anyLong(random) & Long.MAX_VALUE));
        }
    }

    @Test
    void divisionAgreesWithBigIntegerAtTheEdges() {
        for (long a : EDGES) {
            for (long b : EDGES) {
                for (long c : EDGES) {
                    if (c > 0) {
                        agrees(a, b, c);
                        agrees(-a, b, c);
                        agrees(-a - 1, b, c);
                        agrees(-a - 1, -b - 1, c);
                    }
                }
            }
        }
    }

    /** Of every length, so that small and large numbers meet. */
    private static long anyLong(Random random) {
        return random.nextLong() >> random.nextInt(64);
    }

    private static void agrees(long a, long b, long c) {
        String division = a + " * " + b + " / " + c;
        assertThat(orOverflow(() -> Micros.mulDivCeil(a, b, c)))
                .as(division + " up")
                .isEqualTo(byBigInteger(a, b, c, RoundingMode.CEILING));
        assertThat(orOverflow(() -> Micros.mulDivFloor(a, b, c)))
                .as(division + " down")
                .isEqualTo(byBigInteger(a, b, c, RoundingMode.FLOOR));
    }

    private static String orOverflow(java.util.function.LongSupplier division) {
        try {
            return Long.toString(division.getAsLong());
        } catch (ArithmeticException e) {
            return "overflow";
        }
    }

    private static String byBigInteger(long a, long b, long c, RoundingMode rounding) {
        BigInteger quotient = new BigDecimal(BigInteger.valueOf(a).multiply(BigInteger.valueOf(b)))
                .divide(BigDecimal.valueOf(c), 0, rounding)
                .toBigIntegerExact();
        return quotient.bitLength() < Long.SIZE ? quotient.toString() : "overflow";
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0.65, 650000",
        "-0.000001, -1",
        "1e2, 100000000",
        "9223372036854.775807, 9223372036854775807",
        "0.6500000, 650000",
        "0e999999999, 0",
        "0e-999999999, 0"
    })
    void readsPlainDecimals(String text, long micros) {
        assertThat(Micros.parse(text)).isEqualTo(micros);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0000001", "9223372036854.775808", "1e-7", "1e999999999", "1e-999999999"})
    void refusesDigitsItCannotKeep(String text) {
        assertThatThrownBy(() -> Micros.parse(text))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("more than six decimals or is too large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "NaN", "Infinity", "1,5", "0x10", " 1"})
    void refusesWhatIsNoNumber(String text) {
        assertThatThrownBy(() -> Micros.parse(text))
                .isInstanceOf(NumberFormatException.class)
                .hasMessageContaining(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 0.000001",
        "650000, 0.65",
        "100000000, 100",
        "-1500000, -1.5",
        "-9223372036854775808, -9223372036854.775808"
    })
    void writesTheShortestText(long micros, String text) {
        assertThat(Micros.text(micros)).isEqualTo(text);
        assertThat(Micros.parse(text)).isEqualTo(micros);
    }
}
