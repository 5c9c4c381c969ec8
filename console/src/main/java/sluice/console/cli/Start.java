package sluice.console.cli;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the reading of a topic starts. */
sealed interface Start {
    /** At the oldest record that is kept. */
    record Beginning() implements Start {}

    /** At this offset, in every partition. */
    record Offset(long offset) implements Start {}

    /** At the first record of each partition that is not older than this. */
    record Time(Instant time) implements Start {}

    /** So many records before the end, over all partitions. */
    record Last(int records) implements Start {}

    Pattern AGO = Pattern.compile("(\\d{1,6})(s|m|h|d)");

    /**
     * Reads {@code beginning}, an offset, {@code -N}, an age such as {@code 15m}, a date or an RFC 3339 time.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    static Start parse(String text, Clock clock) {
        if (text.equals("beginning")) {
            return new Beginning();
        }
        if (text.matches("\\d{1,18}")) {
            return new Offset(Long.parseLong(text));
        }
        if (text.matches("-[1-9]\\d{0,6}")) {
            return new Last(-Integer.parseInt(text));
        }
        Matcher ago = AGO.matcher(text);
        if (ago.matches()) {
            long count = Long.parseLong(ago.group(1));
            Duration age =
                    switch (ago.group(2)) {
                        case "s" -> Duration.ofSeconds(count);
                        case "m" -> Duration.ofMinutes(count);
                        case "h" -> Duration.ofHours(count);
                        default -> Duration.ofDays(count);
                    };
            return new Time(clock.instant().minus(age));
        }
        try {
            return new Time(
                    text.length() == 10
                            ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                            : OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "\"" + text
                            + "\" is not a start; write beginning, an offset, -20 for the last 20, 15m for 15 minutes"
                            + " ago, 2026-01-28, or 2026-01-28T20:10:00Z",
                    e);
        }
    }
}
