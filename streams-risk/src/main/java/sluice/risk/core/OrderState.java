package sluice.risk.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.domain.EventId;
import sluice.domain.Mode;
import sluice.domain.OrderId;
import sluice.domain.market.FeeTerms;
import sluice.domain.order.Signal;

/**
 * An order and what it still holds back. Immutable. Amounts in millionths.
 *
 * @param status where it stands
 * @param quantity contracts approved
 * @param filled contracts filled
 * @param cost cash paid (positive) or received (negative) for the fills, without fees
 * @param fees fees of the fills
 * @param finalFilled contracts that the venue said were filled in all when the order ended; null while it lives
 * @param endedAs how it ends once all fills are told; null while it lives
 * @param endReason the venue's words
 * @param tradeIds the trades that filled it
 * @param changedAtMillis when it last changed, UTC milliseconds; it is remembered from then on
 */
public record OrderState(
        OrderId id,
        Signal signal,
        Mode mode,
        EventId event,
        FeeTerms feeTerms,
        long decisionSequence,
        long approvedAtMillis,
        OrderStatus status,
        long quantity,
        long filled,
        long cost,
        long fees,
        @Nullable Long finalFilled,
        @Nullable OrderStatus endedAs,
        String endReason,
        @Nullable String venueOrderId,
        List<String> tradeIds,
        long changedAtMillis) {
    public OrderState {
        tradeIds = List.copyOf(tradeIds);
    }

    BookId book() {
        return new BookId(signal.account(), mode);
    }

    /** Contracts that may still be filled; what the reservation is for. */
    long remaining() {
        if (status.isTerminal()) {
            return 0;
        }
        return Math.max(0, (finalFilled != null ? finalFilled : quantity) - filled);
    }

    OrderState changedAt(long millis) {
        return new OrderState(
                id,
                signal,
                mode,
                event,
                feeTerms,
                decisionSequence,
                approvedAtMillis,
                status,
                quantity,
                filled,
                cost,
                fees,
                finalFilled,
                endedAs,
                endReason,
                venueOrderId,
                tradeIds,
                millis);
    }

    OrderState in(OrderStatus next) {
        return new OrderState(
                id,
                signal,
                mode,
                event,
                feeTerms,
                decisionSequence,
                approvedAtMillis,
                next,
                quantity,
                filled,
                cost,
                fees,
                finalFilled,
                endedAs,
                endReason,
                venueOrderId,
                tradeIds,
                changedAtMillis);
    }

    OrderState ending(OrderStatus as, long filledInAll, String reason) {
        return new OrderState(
                id,
                signal,
                mode,
                event,
                feeTerms,
                decisionSequence,
                approvedAtMillis,
                status,
                quantity,
                filled,
                cost,
                fees,
                filledInAll,
                as,
                reason,
                venueOrderId,
                tradeIds,
                changedAtMillis);
    }

    OrderState filledBy(String tradeId, long moreFilled, long moreCost, long moreFees) {
        List<String> trades = new ArrayList<>(tradeIds);
        if (!trades.contains(tradeId)) {
            trades.add(tradeId);
        }
        return new OrderState(
                id,
                signal,
                mode,
                event,
                feeTerms,
                decisionSequence,
                approvedAtMillis,
                status,
                quantity,
                Math.addExact(filled, moreFilled),
                Math.addExact(cost, moreCost),
                Math.addExact(fees, moreFees),
                finalFilled,
                endedAs,
                endReason,
                venueOrderId,
                trades,
                changedAtMillis);
    }

    OrderState known(@Nullable String venueId) {
        return venueId == null || venueOrderId != null
                ? this
                : new OrderState(
                        id,
                        signal,
                        mode,
                        event,
                        feeTerms,
                        decisionSequence,
                        approvedAtMillis,
                        status,
                        quantity,
                        filled,
                        cost,
                        fees,
                        finalFilled,
                        endedAs,
                        endReason,
                        venueId,
                        tradeIds,
                        changedAtMillis);
    }
}
