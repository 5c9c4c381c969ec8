package sluice.domain.paper;

import sluice.domain.Quantity;

/**
 * What a simulation assumes beyond the venue's own rules.
 *
 * @param latency how long orders travel
 * @param assumedDepth contracts assumed at each price of a book that was recorded without quantities; an assumption,
 *     not an observation
 */
public record PaperRules(PaperLatency latency, Quantity assumedDepth) {
    /** Contracts assumed at a price whose quantity was not recorded, unless configured otherwise. */
    public static final Quantity DEFAULT_ASSUMED_DEPTH = Quantity.parse("10");

    /** Measured latency and the default depth. */
    public static PaperRules withSeed(long seed) {
        return new PaperRules(PaperLatency.measuredAtKalshi(seed), DEFAULT_ASSUMED_DEPTH);
    }
}
