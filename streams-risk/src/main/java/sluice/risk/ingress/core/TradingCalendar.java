package sluice.risk.ingress.core;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import sluice.domain.Venue;

/** Trading days of a zone, and when venues are closed for maintenance. Times are UTC milliseconds. */
record TradingCalendar(ZoneId zone) {
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final LocalTime KALSHI_CLOSES = LocalTime.of(3, 0);
    private static final LocalTime KALSHI_OPENS = LocalTime.of(5, 0);

    /**
     * The trading day at {@code millis}, in days since 1970-01-01: the last day whose first moment has come. It never
     * goes back as time goes on, not even where clocks are turned back over midnight.
     */
    int dayAt(long millis) {
        var byTheClock = Math.toIntExact(
                LocalDate.ofInstant(Instant.ofEpochMilli(millis), zone).toEpochDay());
        return startOf(byTheClock + 1) <= millis ? byTheClock + 1 : byTheClock;
    }

    /** First moment of a trading day. */
    long startOf(int day) {
        return LocalDate.ofEpochDay(day).atStartOfDay(zone).toInstant().toEpochMilli();
    }

    /**
     * Whether the venue's weekly window covers {@code millis}. Kalshi: Thursday 03:00 to 05:00 in New York, as its
     * exchange schedule publishes; the others have none.
     */
    static boolean inMaintenance(Venue venue, long millis) {
        return switch (venue) {
            case KALSHI -> {
                ZonedDateTime local = Instant.ofEpochMilli(millis).atZone(NEW_YORK);
                LocalTime time = local.toLocalTime();
                yield local.getDayOfWeek() == DayOfWeek.THURSDAY
                        && !time.isBefore(KALSHI_CLOSES)
                        && time.isBefore(KALSHI_OPENS);
            }
            case POLYMARKET, PAPER -> false;
        };
    }
}
