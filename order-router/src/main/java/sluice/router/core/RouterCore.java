package sluice.router.core;

import java.util.ArrayList;
import java.util.List;
import sluice.domain.order.OrderCommand;
import sluice.domain.order.Signal;
import sluice.risk.core.AccountEvent;
import sluice.risk.core.BookId;

/**
 * Says what a venue is asked to do when something happened in the account: place what was approved, cancel what rested
 * too long, what an operator names and what a halt stops. An order is cancelled at most once; what became of it, its
 * report and its fills say.
 *
 * <p>Deterministic, and nothing of it feeds back into a decision except through a venue's report. Not thread-safe.
 */
public final class RouterCore {
    private final WorkingOrders orders;

    public RouterCore(WorkingOrders orders) {
        this.orders = orders;
    }

    /** What follows from {@code event}, in order. */
    public List<OrderCommand> on(AccountEvent event) {
        List<OrderCommand> commands = new ArrayList<>();
        switch (event) {
            case AccountEvent.OrderApproved approved -> commands.add(place(approved));
            case AccountEvent.OrderEnded ended -> orders.remove(ended.order().id());
            case AccountEvent.TimePassed time -> {
                for (WorkingOrder order : orders.dueBy(time.nowMillis())) {
                    if (order.isDue(time.nowMillis())) {
                        commands.add(cancel(order, "rested longer than the working-order timeout"));
                    }
                }
            }
            case AccountEvent.CancelWanted wanted -> {
                for (WorkingOrder order : orders.all()) {
                    if (isOf(order, wanted.book()) && order.isIn(wanted.scope()) && !order.cancelSent()) {
                        commands.add(cancel(order, wanted.reason()));
                    }
                }
            }
            case AccountEvent.OrderCancelWanted wanted -> {
                WorkingOrder order = orders.get(wanted.order());
                if (order != null && !order.cancelSent()) {
                    commands.add(cancel(order, wanted.reason()));
                }
            }
            case AccountEvent.Decided decided -> {}
            case AccountEvent.SignalRefused refused -> {}
            case AccountEvent.PositionChanged changed -> {}
            case AccountEvent.TotalsChanged changed -> {}
            case AccountEvent.Notice notice -> {}
        }
        return commands;
    }

    private static boolean isOf(WorkingOrder order, BookId book) {
        return order.command().account().equals(book.account())
                && order.command().mode() == book.mode();
    }

    private OrderCommand place(AccountEvent.OrderApproved approved) {
        var order = approved.order();
        Signal signal = order.signal();
        OrderCommand command = new OrderCommand(
                OrderCommand.Type.PLACE,
                order.id(),
                signal.account(),
                signal.strategy(),
                order.mode(),
                approved.market(),
                signal.tokenId(),
                signal.side(),
                signal.action(),
                signal.limitPrice(),
                signal.size(),
                signal.timeInForce(),
                signal.postOnly(),
                signal.expiresAtMillis(),
                approved.deadlineMillis(),
                order.approvedAtMillis(),
                order.decisionSequence(),
                "",
                signal.groupId(),
                signal.legIndex(),
                signal.legCount());
        Long cancelAt = signal.timeInForce().mayRest()
                ? (Long) Math.addExact(order.approvedAtMillis(), approved.workingTimeoutMillis())
                : null;
        orders.put(new WorkingOrder(command, order.event(), cancelAt, false));
        return command;
    }

    private OrderCommand cancel(WorkingOrder order, String reason) {
        orders.put(order.withCancelSent());
        OrderCommand placed = order.command();
        return new OrderCommand(
                OrderCommand.Type.CANCEL,
                placed.orderId(),
                placed.account(),
                placed.strategy(),
                placed.mode(),
                placed.market(),
                placed.tokenId(),
                placed.side(),
                placed.action(),
                placed.limitPrice(),
                placed.quantity(),
                placed.timeInForce(),
                placed.postOnly(),
                placed.expiresAtMillis(),
                placed.deadlineMillis(),
                placed.decidedAtMillis(),
                placed.decisionSequence(),
                reason,
                placed.groupId(),
                placed.legIndex(),
                placed.legCount());
    }
}
