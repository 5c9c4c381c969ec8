package sluice.venues.api;

import java.util.List;
import sluice.domain.order.Fill;

/**
 * Fills since a cursor, oldest first.
 *
 * @param next goes into the next call; the same as before where there was nothing new
 * @param more whether there is another page now
 */
public record FillPage(List<Fill> fills, String next, boolean more) {
    /** Before the first fill there ever was. */
    public static final String START = "";

    public FillPage {
        fills = List.copyOf(fills);
    }
}
