package sluice.venues.api;

import org.jspecify.annotations.Nullable;

/**
 * Whether a venue can be traded on.
 *
 * @param trading whether it takes orders, as far as we can tell
 * @param streams whether our streams are connected and complete
 * @param clockOffsetMillis local time minus the venue's; null if it was not measured
 * @param detail in words
 */
public record Health(
        boolean trading, boolean streams, @Nullable Long clockOffsetMillis, String detail) {}
