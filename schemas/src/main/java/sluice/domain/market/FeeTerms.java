package sluice.domain.market;

import sluice.domain.Action;
import sluice.domain.Micros;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;

/**
 * What a venue charges in a market: {@code rate * contracts * p * (1 - p)}, rounded as the venue rounds.
 *
 * <p>Kalshi: fee schedule effective 2026-07-07, multiplier included in the rates. Polymarket: {@code feeSchedule} of
 * the market with exponent 1; takers only.
 *
 * @param takerRateMicros rate of a taker in millionths, from 0 to 1,000,000
 * @param makerRateMicros rate of a maker in millionths, from 0 to 1,000,000
 * @param version which publication of the schedule this is
 */
public record FeeTerms(FeeModel model, long takerRateMicros, long makerRateMicros, String version) {
    /** A fill smaller than 0.01 contract does not exist at Kalshi. */
    private static final long SMALLEST_FILL_MICROS = 10_000;

    /** So many fills of one order are padded for; more are booked as they come and are reported as fee drift. */
    private static final long MOST_FILLS_ASSUMED = 200;

    static final long KALSHI_STEP_MICROS = 100;
    static final long POLYMARKET_STEP_MICROS = 10;
    private static final long KALSHI_CENT_MICROS = 10_000;

    /** One, at the scale of a rate times two prices. */
    private static final long SCALED_ONE = Micros.ONE * Micros.ONE * Micros.ONE;

    public FeeTerms {
        requireRate("taker rate", takerRateMicros);
        requireRate("maker rate", makerRateMicros);
    }

    private static void requireRate(String what, long micros) {
        if (micros < 0 || micros > Micros.ONE) {
            throw new IllegalArgumentException(what + " " + Micros.text(micros) + " is not between 0 and 1");
        }
    }

    /**
     * The most that the fee of a whole order can come to, without {@link #padding}.
     *
     * <p>A buy costs {@code q(p + rp(1-p))}, which grows with p for any rate up to 1, so its limit price is the worst
     * case. A sale may fill anywhere from its limit upwards, and the fee is highest at one half.
     */
    public Money worstCase(Action action, Quantity quantity, Price limit, boolean postOnly) {
        long rate = postOnly ? makerRateMicros : Math.max(takerRateMicros, makerRateMicros);
        Price worst = action == Action.SELL && limit.isBelow(Price.HALF) ? Price.HALF : limit;
        return ceilTo(step(), rate, quantity, worst);
    }

    /** What the rounding of many small fills may add to {@link #worstCase}. */
    public Money padding(Quantity quantity) {
        long fills = Math.min(Math.ceilDiv(quantity.micros(), SMALLEST_FILL_MICROS), MOST_FILLS_ASSUMED);
        return switch (model) {
            case NONE -> Money.ZERO;
            case KALSHI -> new Money(KALSHI_CENT_MICROS + KALSHI_STEP_MICROS * fills);
            case POLYMARKET -> new Money(POLYMARKET_STEP_MICROS * fills);
        };
    }

    /** Fee of one contract taken at {@code price}, rounded up to a millionth of a dollar. */
    public Money perContract(Price price) {
        return ceilTo(1, takerRateMicros, new Quantity(Micros.ONE), price);
    }

    private long step() {
        return switch (model) {
            case NONE -> 1;
            case KALSHI -> KALSHI_STEP_MICROS;
            case POLYMARKET -> POLYMARKET_STEP_MICROS;
        };
    }

    /** Whether {@code rate * quantity * p * (1 - p)}, unrounded, is less than {@code micros}. */
    static boolean isBelow(long micros, long rateMicros, Quantity quantity, Price price) {
        return Micros.mulDivFloor(scaled(rateMicros, price), quantity.micros(), SCALED_ONE) < micros;
    }

    private static long scaled(long rateMicros, Price price) {
        return rateMicros * price.micros() * price.complement().micros();
    }

    /** {@code rate * quantity * p * (1 - p)}, rounded up to a multiple of {@code stepMicros}. */
    Money ceilTo(long stepMicros, long rateMicros, Quantity quantity, Price price) {
        if (model == FeeModel.NONE || rateMicros == 0 || quantity.isZero()) {
            return Money.ZERO;
        }
        // rate * p * (1 - p) has 18 decimals and fits 63 bits. Rounding up twice equals rounding up once to the step.
        long micros = Micros.mulDivCeil(scaled(rateMicros, price), quantity.micros(), SCALED_ONE);
        long steps = Math.ceilDiv(micros, stepMicros);
        return new Money(Math.multiplyExact(steps, stepMicros));
    }
}
