package sluice.domain.market;

import java.util.List;
import sluice.domain.Micros;
import sluice.domain.Price;

/** The prices that a venue accepts in a market: bands, each with one step. 0 and 1 are never tradable. */
public record PriceGrid(List<Band> bands) {
    /** From {@code start} to {@code end}, both included, every multiple of {@code step}. */
    public record Band(Price start, Price end, Price step) {
        public Band {
            if (step.micros() == 0 || end.isBelow(start)) {
                throw new IllegalArgumentException("price band " + start + " to " + end + " by " + step
                        + " holds no price; step must be positive");
            }
        }
    }

    public PriceGrid {
        bands = List.copyOf(bands);
    }

    /** One band over the whole range. */
    public static PriceGrid of(Price step) {
        return new PriceGrid(List.of(new Band(Price.ZERO, Price.ONE, step)));
    }

    public boolean accepts(Price price) {
        long micros = price.micros();
        if (micros == 0 || micros == Micros.ONE) {
            return false;
        }
        for (Band band : bands) {
            if (micros >= band.start.micros() && micros <= band.end.micros() && micros % band.step.micros() == 0) {
                return true;
            }
        }
        return false;
    }
}
