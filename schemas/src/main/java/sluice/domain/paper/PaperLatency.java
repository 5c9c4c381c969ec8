package sluice.domain.paper;

import java.util.List;
import sluice.domain.OrderId;

/**
 * How long an order travels before it reaches the exchange: a distribution, drawn once per order.
 *
 * <p>The draw is a function of the seed and the order id, so it does not depend on what else happens and in which
 * order.
 *
 * @param seed another seed, other draws
 * @param quantiles the distribution, by rising probability; in between it is linear. The first is at 0, the last at
 *     1,000,000
 */
public record PaperLatency(long seed, List<Quantile> quantiles) {
    /**
     * So many of a million orders travel at most this long.
     *
     * @param ofMillion from 0 to 1,000,000
     * @param millis not negative
     */
    public record Quantile(int ofMillion, int millis) {}

    private static final int MILLION = 1_000_000;

    public PaperLatency {
        quantiles = List.copyOf(quantiles);
        if (quantiles.size() < 2
                || quantiles.get(0).ofMillion != 0
                || quantiles.get(quantiles.size() - 1).ofMillion != MILLION) {
            throw new IllegalArgumentException("latency quantiles " + quantiles + " do not reach from 0 to " + MILLION);
        }
        for (int i = 1; i < quantiles.size(); i++) {
            var lower = quantiles.get(i - 1);
            var upper = quantiles.get(i);
            if (upper.ofMillion <= lower.ofMillion || upper.millis < lower.millis || lower.millis < 0) {
                throw new IllegalArgumentException("latency quantiles " + lower + ", " + upper + " do not rise");
            }
        }
    }

    /**
     * The round trip measured at Kalshi's order endpoint: median 47 ms, 95 of 100 within 109 ms, 99 within 156 ms. The
     * other points lie on the log-normal curve through these. A round trip is longer than the way there, which is on
     * the careful side.
     */
    public static PaperLatency measuredAtKalshi(long seed) {
        return new PaperLatency(
                seed,
                List.of(
                        new Quantile(0, 15),
                        new Quantile(50_000, 20),
                        new Quantile(250_000, 33),
                        new Quantile(500_000, 47),
                        new Quantile(750_000, 66),
                        new Quantile(900_000, 91),
                        new Quantile(950_000, 109),
                        new Quantile(990_000, 156),
                        new Quantile(999_000, 230),
                        new Quantile(MILLION, 400)));
    }

    /** Every order travels {@code millis}. */
    public static PaperLatency fixed(int millis) {
        return new PaperLatency(0, List.of(new Quantile(0, millis), new Quantile(MILLION, millis)));
    }

    /** How long the order travels, milliseconds; the same on every call. */
    public long millisFor(OrderId order) {
        int draw = (int) Long.remainderUnsigned(mix(seed ^ hash(order.value())), MILLION);
        int upper = 1;
        while (quantiles.get(upper).ofMillion < draw) {
            upper++;
        }
        var low = quantiles.get(upper - 1);
        var high = quantiles.get(upper);
        long along = (long) (draw - low.ofMillion) * (high.millis - low.millis);
        return low.millis + along / (high.ofMillion - low.ofMillion);
    }

    /** FNV-1a over the characters. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    /** The finaliser of SplitMix64: neighbouring inputs give unrelated outputs. */
    private static long mix(long value) {
        long mixed = value + 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
