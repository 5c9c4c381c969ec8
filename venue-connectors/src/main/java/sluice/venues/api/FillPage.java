package sluice.venues.api;

import java.util.List;
import sluice.domain.order.Fill;

/**
 * Fills since a cursor, oldest first.
 *
 * @param next goes into the next call; the same as before where there was nothing new, and never past a fill that could
 *     not be read
 * @param more whether there is another page now
 * @param unread why some fill could not be read, while the others could; empty if all were read
 */
public record FillPage(List<Fill> fills, String next, boolean more, String unread) {
    /** Before the first fill there ever was. */
    public static final String START = "";

    public FillPage {
        fills = List.copyOf(fills);
    }

    /** A page of which everything was read. */
    public FillPage(List<Fill> fills, String next, boolean more) {
        this(fills, next, more, "");
    }
}
