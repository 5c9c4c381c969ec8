package sluice.risk.core;

import sluice.domain.MarketId;
import sluice.domain.Micros;
import sluice.domain.Side;
import sluice.domain.StrategyId;

/**
 * What a strategy holds and has ordered in a market: the unit from which every exposure is added up. Amounts in
 * millionths.
 *
 * <p>A cell in a book is never changed; a change is made to a {@link #copy} that replaces it.
 */
public final class Cell {
    public final MarketId market;
    public final StrategyId strategy;

    /** YES contracts, what they cost without fees, and the fees they cost. */
    public long yesQuantity, yesCost, yesFees;

    /** NO contracts, what they cost without fees, and the fees they cost. */
    public long noQuantity, noCost, noFees;

    /** Contracts among the holdings whose trade may still be voided; they cannot be sold. */
    public long yesProvisional, noProvisional;

    /** Loss that open orders add if YES wins, if NO wins, and if the market is void; an order never subtracts. */
    public long ordersIfYes, ordersIfNo, ordersIfVoid;

    /** Worst-case cost of open orders. */
    public long openCost;

    public long openOrders;
    public long openingOrders;

    /** Contracts that open orders sell. */
    public long yesSelling, noSelling;

    /** Contracts that open orders buy. */
    public long yesBuying, noBuying;

    /** Profit taken so far by sale, netting and settlement, before fees; and all fees so far. */
    public long realised, feesPaid;

    public Cell(MarketId market, StrategyId strategy) {
        this.market = market;
        this.strategy = strategy;
    }

    Cell copy() {
        Cell copy = new Cell(market, strategy);
        copy.yesQuantity = yesQuantity;
        copy.yesCost = yesCost;
        copy.yesFees = yesFees;
        copy.noQuantity = noQuantity;
        copy.noCost = noCost;
        copy.noFees = noFees;
        copy.yesProvisional = yesProvisional;
        copy.noProvisional = noProvisional;
        copy.ordersIfYes = ordersIfYes;
        copy.ordersIfNo = ordersIfNo;
        copy.ordersIfVoid = ordersIfVoid;
        copy.openCost = openCost;
        copy.openOrders = openOrders;
        copy.openingOrders = openingOrders;
        copy.yesSelling = yesSelling;
        copy.noSelling = noSelling;
        copy.yesBuying = yesBuying;
        copy.noBuying = noBuying;
        copy.realised = realised;
        copy.feesPaid = feesPaid;
        return copy;
    }

    long quantity(Side side) {
        return side == Side.YES ? yesQuantity : noQuantity;
    }

    /** Contracts of {@code side} that may be sold: held for certain and not being sold already. */
    long sellable(Side side) {
        return side == Side.YES ? yesQuantity - yesProvisional - yesSelling : noQuantity - noProvisional - noSelling;
    }

    /** What the holdings cost, fees included. */
    long cost() {
        return yesCost + yesFees + noCost + noFees;
    }

    /** Holdings at cost and open orders at their worst; nothing offsets. */
    long gross() {
        return cost() + openCost;
    }

    long lossIfYes() {
        return cost() - yesQuantity + ordersIfYes;
    }

    long lossIfNo() {
        return cost() - noQuantity + ordersIfNo;
    }

    /** A void market pays half a dollar each. */
    long lossIfVoid() {
        return cost() - Math.floorDiv(Math.addExact(yesQuantity, noQuantity), 2) + ordersIfVoid;
    }

    /** Whether it counts as an open position: more than dust (0.01 contract) is held, or an opening order lives. */
    boolean isOpen() {
        return yesQuantity > DUST || noQuantity > DUST || openingOrders > 0;
    }

    boolean isEmpty() {
        return yesQuantity == 0 && noQuantity == 0 && openOrders == 0;
    }

    private static final long DUST = Micros.ONE / 100;
}
