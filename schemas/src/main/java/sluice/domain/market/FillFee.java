package sluice.domain.market;

import sluice.domain.Action;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;

/**
 * What a venue charges for one fill of an order.
 *
 * @param fee never negative
 * @param accumulated what rounding has taken from this order so far and may still give back; goes into the order's next
 *     fill. Zero before the first one, and always zero where the venue keeps no such account
 */
public record FillFee(Money fee, Money accumulated) {
    /**
     * The charge for a fill, rounded as the venue rounds.
     *
     * <p>Kalshi: as published in October 2026, for a direct member, whose cash moves in hundredths of a cent.
     * Polymarket: takers only, to five decimals, nothing below 0.00001. Which way Polymarket rounds is not confirmed;
     * this rounds up, so that simulated books are never better than the real ones.
     *
     * @param price price of the side that was traded
     * @param taker whether this part was matched on arrival
     * @param accumulated from the order's fill before this one, {@link Money#ZERO} for the first
     */
    public static FillFee of(
            FeeTerms terms, Action action, Price price, Quantity quantity, boolean taker, Money accumulated) {
        return switch (terms.model()) {
            case NONE -> new FillFee(Money.ZERO, Money.ZERO);
            case POLYMARKET -> new FillFee(taker ? polymarket(terms, price, quantity) : Money.ZERO, Money.ZERO);
            case KALSHI -> kalshi(terms, action, price, quantity, taker, accumulated, FeeTerms.KALSHI_STEP_MICROS);
        };
    }

    private static Money polymarket(FeeTerms terms, Price price, Quantity quantity) {
        long step = FeeTerms.POLYMARKET_STEP_MICROS;
        return FeeTerms.isBelow(step, terms.takerRateMicros(), quantity, price)
                ? Money.ZERO
                : terms.ceilTo(step, terms.takerRateMicros(), quantity, price);
    }

    /** @param precisionMicros what the member's cash moves in: 0.0001 for direct members, 0.01 for all others */
    static FillFee kalshi(
            FeeTerms terms,
            Action action,
            Price price,
            Quantity quantity,
            boolean taker,
            Money accumulated,
            long precisionMicros) {
        long rate = taker ? terms.takerRateMicros() : terms.makerRateMicros();
        long tradeFee = terms.ceilTo(1, rate, quantity, price).micros();
        long revenue = action == Action.BUY
                ? -price.costOf(quantity).micros()
                : price.proceedsOf(quantity).micros();
        long exact = Math.subtractExact(revenue, tradeFee);
        long aligned = Math.floorDiv(exact, precisionMicros) * precisionMicros;
        long roundingFee = exact - aligned;
        long charged = tradeFee + roundingFee;
        long owedBack = accumulated.micros() + roundingFee;
        long rebate = Math.min(owedBack, charged) / precisionMicros * precisionMicros;
        return new FillFee(new Money(charged - rebate), new Money(owedBack - rebate));
    }
}
