package sluice.domain.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.domain.Price;
import sluice.domain.RandomDomain;

class PriceGridTest {
    /** Tenths of a cent near the ends, cents between. */
    private static final PriceGrid TAPERED =
            new PriceGrid(List.of(band("0", "0.1", "0.001"), band("0.1", "0.9", "0.01"), band("0.9", "1", "0.001")));

    private static PriceGrid.Band band(String start, String end, String step) {
        return new PriceGrid.Band(Price.parse(start), Price.parse(end), Price.parse(step));
    }

    static LongStream seeds() {
        return RandomDomain.seeds();
    }

    @ParameterizedTest
    @CsvSource({
        "0, false",
        "0.001, true",
        "0.0015, false",
        "0.099, true",
        "0.1, true",
        "0.101, false",
        "0.11, true",
        "0.899, false",
        "0.9, true",
        "0.901, true",
        "0.999, true",
        "0.999999, false",
        "1, false"
    })
    void acceptsMultiplesOfTheStepOfTheirBand(String price, boolean accepted) {
        assertThat(TAPERED.accepts(Price.parse(price))).isEqualTo(accepted);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatIsAcceptedIsTradableAndOnTheStepOfSomeBand(long seed) {
        var random = new RandomDomain(seed);
        for (int i = 0; i < 100; i++) {
            PriceGrid grid = random.prices();
            Price price = random.price();

            boolean onStep = grid.bands().stream()
                    .anyMatch(band -> !price.isBelow(band.start())
                            && !price.isAbove(band.end())
                            && price.micros() % band.step().micros() == 0);
            boolean tradable = price.isAbove(Price.ZERO) && price.isBelow(Price.ONE);

            assertThat(grid.accepts(price)).as("%s in %s", price, grid).isEqualTo(onStep && tradable);
        }
    }

    @Test
    void noBandMeansNoPrice() {
        assertThat(new PriceGrid(List.of()).accepts(Price.HALF)).isFalse();
    }

    @Test
    void aBandHoldsAPrice() {
        assertThatThrownBy(() -> band("0", "1", "0")).hasMessageContaining("step must be positive");
        assertThatThrownBy(() -> band("0.5", "0.4", "0.01")).hasMessageContaining("price band 0.5 to 0.4 by 0.01");
    }
}
