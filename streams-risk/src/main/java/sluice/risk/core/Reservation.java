package sluice.risk.core;

import sluice.domain.Action;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.market.FeeTerms;

/**
 * What an order can still cost at most, and what it can add to the loss in each outcome. Amounts in millionths.
 *
 * <p>An order never makes a loss smaller: what it might win counts only once it is filled. Worst-case cost is
 * {@code ceil(q * p) + worst fee + padding} for a purchase; a sale of what is held costs its fee, and gives up the
 * dollar that the contracts would have paid.
 */
record Reservation(long cost, long ifYes, long ifNo, long ifVoid) {
    static final Reservation NONE = new Reservation(0, 0, 0, 0);

    static Reservation of(Side side, Action action, Price limit, Quantity quantity, FeeTerms terms, boolean postOnly) {
        if (quantity.isZero()) {
            return NONE;
        }
        Money fees = terms.worstCase(action, quantity, limit, postOnly).plus(terms.padding(quantity));
        long q = quantity.micros();
        boolean buys = action == Action.BUY;
        long cost = buys ? limit.costOf(quantity).plus(fees).micros() : fees.micros();
        // Cash given up for certain (a purchase), or cash taken for certain (a sale, then negative).
        long spent = buys ? cost : cost - limit.proceedsOf(quantity).micros();
        // A purchase gains the dollar that its contracts pay; a sale gives it up.
        long paid = buys ? q : -q;
        long ifWins = Math.max(0, spent - paid);
        long ifLoses = Math.max(0, spent);
        long ifVoid = Math.max(0, spent - Math.floorDiv(paid, 2));
        return side == Side.YES
                ? new Reservation(cost, ifWins, ifLoses, ifVoid)
                : new Reservation(cost, ifLoses, ifWins, ifVoid);
    }

    /** What {@code order} still holds back. */
    static Reservation of(OrderState order) {
        var signal = order.signal();
        return of(
                signal.side(),
                signal.action(),
                signal.limitPrice(),
                new Quantity(order.remaining()),
                order.feeTerms(),
                signal.postOnly());
    }
}
