package sluice.risk.core;

import sluice.domain.Action;
import sluice.domain.Micros;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.order.Fill;
import sluice.domain.order.Signal;

/**
 * What a trade does to a holding: average cost, fees, realised profit and cash. Amounts in millionths.
 *
 * <p>Cost is kept by average: a sale takes the same share of cost as of contracts, rounded so that a loss is never
 * understated; the last contract takes all that is left, so nothing is ever created or lost by rounding.
 */
final class Ledger {
    /**
     * What booking a trade moved.
     *
     * @param realised profit taken, before fees
     * @param cash change of cash, fee included, negative when we paid
     */
    record Booked(long realised, long cash) {}

    private Ledger() {}

    /** Adds (or, with negative numbers, takes away) what an order holds back. */
    static void add(Cell cell, Signal signal, Reservation change, long quantity, int orders) {
        add(cell, change.cost(), change.ifYes(), change.ifNo(), change.ifVoid());
        cell.openOrders += orders;
        if (signal.action() == Action.BUY) {
            cell.openingOrders += orders;
            if (signal.side() == Side.YES) {
                cell.yesBuying += quantity;
            } else {
                cell.noBuying += quantity;
            }
        } else if (signal.side() == Side.YES) {
            cell.yesSelling += quantity;
        } else {
            cell.noSelling += quantity;
        }
    }

    /** Replaces what an order held back by what it holds back now. */
    static void change(Cell cell, Signal signal, Reservation from, Reservation to, long quantity, int orders) {
        add(cell, -from.cost(), -from.ifYes(), -from.ifNo(), -from.ifVoid());
        add(cell, signal, to, quantity, orders);
    }

    private static void add(Cell cell, long cost, long ifYes, long ifNo, long ifVoid) {
        cell.openCost = Math.addExact(cell.openCost, cost);
        cell.ordersIfYes = Math.addExact(cell.ordersIfYes, ifYes);
        cell.ordersIfNo = Math.addExact(cell.ordersIfNo, ifNo);
        cell.ordersIfVoid = Math.addExact(cell.ordersIfVoid, ifVoid);
    }

    /** Takes {@code quantity} contracts out of the holding and returns what they had cost, without fees. */
    static long removeHolding(Cell cell, Side side, long quantity) {
        long held = cell.quantity(side);
        if (quantity <= 0) {
            return 0;
        }
        long cost = side == Side.YES ? cell.yesCost : cell.noCost;
        long fees = side == Side.YES ? cell.yesFees : cell.noFees;
        long costTaken = quantity == held ? cost : Micros.mulDivCeil(cost, quantity, held);
        long feesTaken = quantity == held ? fees : Micros.mulDivCeil(fees, quantity, held);
        if (side == Side.YES) {
            cell.yesQuantity -= quantity;
            cell.yesCost -= costTaken;
            cell.yesFees -= feesTaken;
        } else {
            cell.noQuantity -= quantity;
            cell.noCost -= costTaken;
            cell.noFees -= feesTaken;
        }
        return costTaken;
    }

    private static void addHolding(Cell cell, Side side, long quantity, long cost, long fees) {
        if (side == Side.YES) {
            cell.yesQuantity = Math.addExact(cell.yesQuantity, quantity);
            cell.yesCost = Math.addExact(cell.yesCost, cost);
            cell.yesFees = Math.addExact(cell.yesFees, fees);
        } else {
            cell.noQuantity = Math.addExact(cell.noQuantity, quantity);
            cell.noCost = Math.addExact(cell.noCost, cost);
            cell.noFees = Math.addExact(cell.noFees, fees);
        }
    }

    /** Books a trade that was not booked before. */
    static Booked book(Cell cell, Fill fill) {
        long fee = fill.fee().micros();
        cell.feesPaid = Math.addExact(cell.feesPaid, fee);
        return switch (fill.action()) {
            case BUY -> buy(cell, fill, fill.side(), fill.price(), fill.quantity(), fee);
            case SELL -> sell(cell, fill, fee);
        };
    }

    private static Booked buy(Cell cell, Fill fill, Side side, Price price, Quantity quantity, long fee) {
        long cost = price.costOf(quantity).micros();
        addHolding(cell, side, quantity.micros(), cost, fee);
        if (fill.status() == Fill.Status.PROVISIONAL) {
            provisional(cell, side, quantity.micros());
        }
        long realised = 0;
        long cash = Math.subtractExact(Math.negateExact(cost), fee);
        if (fill.market().venue().netsPairs()) {
            long pairs = Math.min(cell.yesQuantity, cell.noQuantity);
            if (pairs > 0) {
                long paid = removeHolding(cell, Side.YES, pairs) + removeHolding(cell, Side.NO, pairs);
                realised = pairs - paid;
                cash += pairs;
            }
        }
        cell.realised = Math.addExact(cell.realised, realised);
        return new Booked(realised, cash);
    }

    /** Selling more than is held is buying the other side at the complement; a venue that nets does just that. */
    private static Booked sell(Cell cell, Fill fill, long fee) {
        long held = Math.min(fill.quantity().micros(), cell.quantity(fill.side()));
        Quantity sold = new Quantity(held);
        long proceeds = fill.price().proceedsOf(sold).micros();
        long realised = proceeds - removeHolding(cell, fill.side(), held);
        cell.realised = Math.addExact(cell.realised, realised);
        Quantity excess = fill.quantity().minus(sold);
        if (excess.isZero()) {
            return new Booked(realised, proceeds - fee);
        }
        Booked bought = buy(cell, fill, fill.side().other(), fill.price().complement(), excess, 0);
        return new Booked(realised + bought.realised(), proceeds - fee + bought.cash());
    }

    /** A provisional trade is confirmed, or taken back: its contracts are no longer provisional. */
    static void provisional(Cell cell, Side side, long change) {
        // What was paid out meanwhile is no longer provisional either.
        if (side == Side.YES) {
            cell.yesProvisional = Math.max(0, cell.yesProvisional + change);
        } else {
            cell.noProvisional = Math.max(0, cell.noProvisional + change);
        }
    }

    /**
     * Takes a booked trade back: the cash moves back exactly, and the contracts leave the holding at their average
     * cost. Contracts that were sold, netted or paid out meanwhile are owed: a dollar each is set aside for them, and
     * comes back if the other side wins, which is to hold the other side.
     *
     * @param realisedThen what booking it had realised
     */
    static Booked reverse(Cell cell, Fill fill, long realisedThen) {
        long fee = fill.fee().micros();
        cell.feesPaid -= fee;
        if (fill.status() == Fill.Status.PROVISIONAL && fill.action() == Action.BUY) {
            provisional(cell, fill.side(), -fill.quantity().micros());
        }
        if (fill.action() == Action.SELL) {
            // The cost that the sale had taken out comes back with the contracts.
            long proceeds = fill.price().proceedsOf(fill.quantity()).micros();
            addHolding(cell, fill.side(), fill.quantity().micros(), proceeds - realisedThen, 0);
            cell.realised -= realisedThen;
            return new Booked(-realisedThen, fee - proceeds);
        }
        long cost = fill.price().costOf(fill.quantity()).micros();
        long held = Math.min(cell.quantity(fill.side()), fill.quantity().micros());
        long owed = fill.quantity().micros() - held;
        long costOfHeld = fill.price().costOf(new Quantity(held)).micros();
        long realised = costOfHeld - removeHolding(cell, fill.side(), held);
        cell.realised = Math.addExact(cell.realised, realised);
        addHolding(cell, fill.side().other(), owed, owed - (cost - costOfHeld), 0);
        return new Booked(realised, cost + fee - owed);
    }
}
