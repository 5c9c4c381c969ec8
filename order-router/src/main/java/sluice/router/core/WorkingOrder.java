package sluice.router.core;

import org.jspecify.annotations.Nullable;
import sluice.domain.EventId;
import sluice.domain.order.OrderCommand;
import sluice.domain.risk.Scope;

/**
 * An order that was placed and is not at an end.
 *
 * @param command what was placed
 * @param event event that its market belongs to
 * @param cancelAtMillis a resting order is cancelled at this time; null for one that cannot rest
 * @param cancelSent whether a cancel was sent
 */
public record WorkingOrder(
        OrderCommand command, EventId event, @Nullable Long cancelAtMillis, boolean cancelSent) {
    boolean isIn(Scope scope) {
        return switch (scope.kind()) {
            case ALL -> true;
            case ACCOUNT -> scope.id().equals(command.account().value());
            case VENUE ->
                scope.id().equalsIgnoreCase(command.market().id().venue().name());
            case STRATEGY -> scope.id().equals(command.strategy().value());
            case CATEGORY -> scope.id().equals(command.market().category());
            case EVENT -> scope.id().equals(event.value());
            case MARKET -> scope.id().equals(command.market().id().toString());
            case ORDER -> scope.id().equals(command.orderId().value());
        };
    }

    boolean isDue(long nowMillis) {
        return !cancelSent && cancelAtMillis != null && cancelAtMillis <= nowMillis;
    }

    WorkingOrder withCancelSent() {
        return new WorkingOrder(command, event, cancelAtMillis, true);
    }
}
