package sluice.venues.kalshi;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import sluice.venues.kalshi.KalshiJson.Unreadable;

/**
 * Whether the exchange takes orders, as it says itself.
 *
 * @param exchangeActive whether anything is possible, cancels included
 * @param tradingActive whether orders can be placed
 * @param pausedShards shards that do not trade now
 */
public record KalshiExchange(boolean exchangeActive, boolean tradingActive, List<Integer> pausedShards) {
    /** A time in which the exchange says that it will not trade. */
    public record Window(long fromMillis, long untilMillis) {}

    private static final ZoneId EASTERN = ZoneId.of("America/New_York");
    private static final LocalTime THURSDAY_FROM = LocalTime.of(3, 0);
    private static final LocalTime THURSDAY_UNTIL = LocalTime.of(5, 0);

    public KalshiExchange {
        pausedShards = List.copyOf(pausedShards);
    }

    static KalshiExchange status(KalshiJson json) throws Unreadable {
        var paused = new ArrayList<Integer>();
        if (json.has("exchange_index_statuses")) {
            for (var shard : json.list("exchange_index_statuses")) {
                if (!shard.flag("trading_active") || !shard.flag("exchange_active")) {
                    paused.add(Math.toIntExact(shard.integer("exchange_index")));
                }
            }
        }
        return new KalshiExchange(json.flag("exchange_active"), json.flag("trading_active"), paused);
    }

    static List<Window> schedule(KalshiJson json) throws Unreadable {
        var windows = new ArrayList<Window>();
        for (var window : json.object("schedule").list("maintenance_windows")) {
            windows.add(new Window(window.time("start_datetime"), window.time("end_datetime")));
        }
        return windows;
    }

    /** Whether it is the weekly maintenance, Thursday 03:00 to 05:00 Eastern, or one that was announced. */
    static boolean isMaintenance(long atMillis, List<Window> announced) {
        var eastern = Instant.ofEpochMilli(atMillis).atZone(EASTERN);
        var time = eastern.toLocalTime();
        return (eastern.getDayOfWeek() == DayOfWeek.THURSDAY
                        && !time.isBefore(THURSDAY_FROM)
                        && time.isBefore(THURSDAY_UNTIL))
                || announced.stream().anyMatch(it -> atMillis >= it.fromMillis && atMillis < it.untilMillis);
    }
}
