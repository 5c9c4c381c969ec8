package sluice.venues.paper;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.domain.Quantity;
import sluice.domain.order.VenueReport;
import sluice.domain.paper.PaperEvent;
import sluice.domain.paper.PaperOrder;

/** What an event of the paper exchange says of an order, in the words of a venue. */
final class PaperReports {
    private PaperReports() {}

    /**
     * The report that an event leads to; empty where it says nothing that a report could say.
     *
     * @param order the order as it stands now, which may be later than the event
     */
    static Optional<VenueReport> of(PaperEvent.OfOrder event, PaperOrder order) {
        return Optional.ofNullable(
                switch (event) {
                    case PaperEvent.Accepted accepted ->
                        report(order, VenueReport.Type.ACCEPTED, null, "", "", accepted.atMillis());
                    case PaperEvent.Refused refused ->
                        report(
                                order,
                                VenueReport.Type.REFUSED,
                                Quantity.ZERO,
                                refused.code(),
                                refused.detail(),
                                refused.atMillis());
                    case PaperEvent.Rested rested ->
                        report(order, VenueReport.Type.WORKING, null, "", "", rested.atMillis());
                    case PaperEvent.Filled filled ->
                        isLast(filled, order)
                                ? report(order, VenueReport.Type.FILLED, order.filled(), "", "", filled.atMillis())
                                : null;
                    case PaperEvent.Cancelled cancelled -> {
                        int colon = cancelled.detail().indexOf(':');
                        yield report(
                                order,
                                VenueReport.Type.CANCELLED,
                                order.filled(),
                                colon < 0 ? "" : cancelled.detail().substring(0, colon),
                                cancelled.detail().substring(colon + 1).strip(),
                                cancelled.atMillis());
                    }
                    case PaperEvent.Expired expired ->
                        report(
                                order,
                                VenueReport.Type.EXPIRED,
                                order.filled(),
                                "",
                                "its time ended",
                                expired.atMillis());
                });
    }

    private static boolean isLast(PaperEvent.Filled filled, PaperOrder order) {
        return order.status() == PaperOrder.Status.FILLED
                && filled.fill().tradeId().equals(order.id() + "-" + order.fills());
    }

    private static VenueReport report(
            PaperOrder order,
            VenueReport.Type type,
            @Nullable Quantity filled,
            String code,
            String detail,
            long atMillis) {
        return new VenueReport(
                order.id(),
                order.account(),
                order.mode(),
                order.market(),
                type,
                order.venueOrderId(),
                filled,
                code,
                detail,
                atMillis);
    }
}
