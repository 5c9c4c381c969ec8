package sluice.domain.paper;

import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.MarketId;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.TimeInForce;
import sluice.domain.market.FeeTerms;
import sluice.domain.market.FillFee;
import sluice.domain.order.Fill;
import sluice.domain.order.OrderCommand;

/**
 * An order as the paper exchange knows it. Immutable.
 *
 * @param limit worst acceptable price of {@code side}
 * @param quantityStep fills are multiples of this
 * @param fees as they were when the order was approved; they hold for all of its fills
 * @param closesAtMillis when the market closes, as known when the order was approved
 * @param arrivesAtMillis when it reaches the book
 * @param restedAtMillis when it came to rest in the book; null before that
 * @param fills how many trades it has had
 * @param accumulatedFee what rounding has taken so far and may give back, {@link FillFee#accumulated}
 * @param detail why it ended, where it did not end filled
 */
public record PaperOrder(
        OrderId id,
        AccountId account,
        Mode mode,
        MarketId market,
        Side side,
        Action action,
        Price limit,
        Quantity quantity,
        Quantity quantityStep,
        TimeInForce timeInForce,
        boolean postOnly,
        @Nullable Long expiresAtMillis,
        FeeTerms fees,
        @Nullable Long closesAtMillis,
        Status status,
        long arrivesAtMillis,
        @Nullable Long restedAtMillis,
        Quantity filled,
        int fills,
        Money accumulatedFee,
        String detail) {
    /**
     * Where the order stands.
     *
     * <pre>
     *   REFUSED
     *   PENDING -> RESTING -> FILLED | CANCELLED | EXPIRED
     *      \-----------------/
     * </pre>
     */
    public enum Status {
        REFUSED,
        PENDING,
        RESTING,
        FILLED,
        CANCELLED,
        EXPIRED;

        public boolean isOpen() {
            return this == PENDING || this == RESTING;
        }
    }

    static PaperOrder of(OrderCommand command, Status status, long arrivesAtMillis, String detail) {
        var market = command.market();
        return new PaperOrder(
                command.orderId(),
                command.account(),
                command.mode(),
                market.id(),
                command.side(),
                command.action(),
                command.limitPrice(),
                command.quantity(),
                market.quantityStep(),
                command.timeInForce(),
                command.postOnly(),
                command.expiresAtMillis(),
                market.fees(),
                market.closeAtMillis(),
                status,
                arrivesAtMillis,
                null,
                Quantity.ZERO,
                0,
                Money.ZERO,
                detail);
    }

    public boolean isOpen() {
        return status.isOpen();
    }

    public Quantity remaining() {
        return quantity.minus(filled);
    }

    /** Id under which the venue keeps it: a function of ours, so it is known before the call. */
    public String venueOrderId() {
        return venueOrderIdOf(id);
    }

    public static String venueOrderIdOf(OrderId id) {
        return "paper-" + id;
    }

    /** Cash held back for it: the most that the rest of a purchase can still cost. Sales hold contracts instead. */
    public Money reserved() {
        if (!isOpen() || action == Action.SELL) {
            return Money.ZERO;
        }
        var rest = remaining();
        return limit.costOf(rest)
                .plus(fees.worstCase(action, rest, limit, postOnly))
                .plus(fees.padding(rest));
    }

    /** Whether it is matched with the asks for YES, or with the bids. */
    boolean takesAsks() {
        return (side == Side.YES) == (action == Action.BUY);
    }

    /** The price of the order's side at which a price of YES trades with it. */
    Price ofSide(Price yes) {
        return side == Side.YES ? yes : yes.complement();
    }

    /** The limit, as a price of YES. */
    Price yesLimit() {
        return ofSide(limit);
    }

    boolean accepts(Price ofSide) {
        return action == Action.BUY ? !ofSide.isAbove(limit) : !ofSide.isBelow(limit);
    }

    /** Whether a trade at this price leaves us the better side of the bargain, strictly. */
    boolean isTradedThroughBy(Price ofSide) {
        return action == Action.BUY ? ofSide.isBelow(limit) : ofSide.isAbove(limit);
    }

    PaperOrder rested(long atMillis) {
        return with(Status.RESTING, atMillis, filled, fills, accumulatedFee, detail);
    }

    PaperOrder ended(Status end, String why) {
        return with(end, restedAtMillis, filled, fills, accumulatedFee, why);
    }

    PaperOrder filledBy(Fill fill) {
        var after = filled.plus(fill.quantity());
        var fee = FillFee.of(fees, action, fill.price(), fill.quantity(), fill.taker(), accumulatedFee);
        var next = after.equals(quantity) ? Status.FILLED : status;
        return with(next, restedAtMillis, after, fills + 1, fee.accumulated(), detail);
    }

    private PaperOrder with(
            Status newStatus,
            @Nullable Long newRestedAt,
            Quantity newFilled,
            int newFills,
            Money newAccumulated,
            String newDetail) {
        return new PaperOrder(
                id,
                account,
                mode,
                market,
                side,
                action,
                limit,
                quantity,
                quantityStep,
                timeInForce,
                postOnly,
                expiresAtMillis,
                fees,
                closesAtMillis,
                newStatus,
                arrivesAtMillis,
                newRestedAt,
                newFilled,
                newFills,
                newAccumulated,
                newDetail);
    }
}
