package sluice.venues.placement;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.domain.Quantity;
import sluice.domain.order.OrderCommand;
import sluice.domain.order.VenueReport;
import sluice.venues.api.CancelOutcome;
import sluice.venues.api.VenueClient;
import sluice.venues.placement.PlacementCore.Step;

/**
 * Takes the steps of {@link PlacementCore} in the world: writes, looks, calls, reports.
 *
 * <p>It blocks while it writes and calls, and is not safe for several threads. An exception from the log means that
 * this process is not the owner any more or cannot write: then nothing further may be sent, and the order that was
 * being placed is in doubt until its next owner has looked.
 */
public final class Placer {
    private final PlacementCore core;
    private final PlacementLog log;
    private final VenueClient venue;
    private final LastLook lastLook;
    private final Consumer<VenueReport> reports;
    private final InstantSource clock;
    private final int epoch;

    /**
     * @param core with everything restored that is on record
     * @param reports where reports go; what it is given must be delivered before the command counts as done
     * @param epoch which owner of the partition this is
     */
    public Placer(
            PlacementCore core,
            PlacementLog log,
            VenueClient venue,
            LastLook lastLook,
            Consumer<VenueReport> reports,
            InstantSource clock,
            int epoch) {
        this.core = core;
        this.log = log;
        this.venue = venue;
        this.lastLook = lastLook;
        this.reports = reports;
        this.clock = clock;
        this.epoch = epoch;
    }

    /** Does what a command asks, and returns when its answer is reported. */
    public void accept(OrderCommand command) {
        switch (command.type()) {
            case PLACE -> place(command);
            case CANCEL -> cancel(command);
        }
    }

    /** Looks again for what is in doubt, as far as it is due. */
    public void lookAgain() {
        take(core.due(clock.millis()));
    }

    private void place(OrderCommand command) {
        take(core.asked(venue.prepare(command), epoch, clock.millis()));
    }

    private void cancel(OrderCommand command) {
        var order = core.refOf(command.orderId());
        if (order.isEmpty()) {
            report(command, VenueReport.Type.CANCEL_REFUSED, null, null, "not_placed", "it was never placed from here");
            return;
        }
        var venueOrderId = order.get().venueOrderId();
        switch (venue.cancel(order.get())) {
            case CancelOutcome.Cancelled done ->
                report(
                        command,
                        VenueReport.Type.CANCELLED,
                        venueOrderId,
                        done.filled(),
                        "cancelled_by_user",
                        command.reason());
            case CancelOutcome.Refused refused ->
                report(command, VenueReport.Type.CANCEL_REFUSED, venueOrderId, null, refused.code(), refused.detail());
            case CancelOutcome.NotSent notSent ->
                report(command, VenueReport.Type.CANCEL_REFUSED, venueOrderId, null, "not_sent", notSent.why());
            case CancelOutcome.Unknown unknown ->
                report(command, VenueReport.Type.UNCERTAIN, venueOrderId, null, "cancel_unknown", unknown.why());
        }
    }

    private void take(List<Step> first) {
        var steps = new ArrayDeque<>(first);
        while (!steps.isEmpty()) {
            var next =
                    switch (steps.removeFirst()) {
                        case Step.Write write -> {
                            log.write(write.placement());
                            yield List.<Step>of();
                        }
                        case Step.Look look ->
                            core.lookedLast(
                                    look.command().orderId(), lastLook.whyNot(look.command(), epoch), clock.millis());
                        case Step.Call call ->
                            core.answered(call.order().command().orderId(), venue.submit(call.order()), clock.millis());
                        case Step.LookUp lookUp ->
                            core.lookedUp(lookUp.order().orderId(), venue.lookUp(lookUp.order()), clock.millis());
                        case Step.Report report -> {
                            reports.accept(report.report());
                            yield List.<Step>of();
                        }
                    };
            for (int i = next.size() - 1; i >= 0; i--) {
                steps.addFirst(next.get(i));
            }
        }
    }

    private void report(
            OrderCommand command,
            VenueReport.Type type,
            @Nullable String venueOrderId,
            @Nullable Quantity filled,
            String code,
            String detail) {
        reports.accept(new VenueReport(
                command.orderId(),
                command.account(),
                command.mode(),
                command.market().id(),
                type,
                venueOrderId,
                filled,
                code,
                detail,
                clock.millis()));
    }
}
