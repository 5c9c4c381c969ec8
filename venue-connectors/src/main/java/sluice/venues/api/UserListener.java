package sluice.venues.api;

import sluice.domain.order.Fill;
import sluice.domain.order.VenueReport;

/** Hears of an account's own orders. Called by one thread at a time; the same news may come more than once. */
public interface UserListener {
    void onReport(VenueReport report);

    void onFill(Fill fill);

    /** News may have been lost; orders, fills and positions must be read. */
    void onGap(String why);
}
