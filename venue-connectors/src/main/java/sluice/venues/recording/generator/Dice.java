package sluice.venues.recording.generator;

import java.util.Random;

/**
 * Seeded chance with the distributions that the recordings show. Every function is exactly specified ({@link Random}
 * and {@link StrictMath}), so that any JDK gives the same numbers.
 */
final class Dice {
    private final Random random;

    Dice(long seed) {
        this.random = new Random(seed);
    }

    /** From {@code least} to {@code most}, both included. */
    int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    double gaussian() {
        return random.nextGaussian();
    }

    /**
     * A skewed quantity with the given median, tenth and ninetieth percentile: lognormal, with a width of its own on
     * either side of the median.
     */
    double skewed(double p10, double median, double p90) {
        double z = gaussian();
        double width = z < 0 ? StrictMath.log(median / p10) : StrictMath.log(p90 / median);
        return median * StrictMath.exp(z / 1.2815515655446004 * width);
    }

    /** How often something happens that happens {@code mean} times on average. */
    int poisson(double mean) {
        double limit = StrictMath.exp(-mean);
        int count = 0;
        for (double product = random.nextDouble(); product > limit; product *= random.nextDouble()) {
            count++;
        }
        return count;
    }

    /** Milliseconds until something that happens after {@code meanMillis} on average. */
    long waitMillis(double meanMillis) {
        return StrictMath.round(-StrictMath.log(1 - random.nextDouble()) * meanMillis);
    }
}
