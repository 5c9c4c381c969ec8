package sluice.venues.recording.generator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sluice.domain.MarketId;
import sluice.domain.Venue;
import sluice.domain.market.Level;
import sluice.domain.market.MarketStatus;
import sluice.domain.market.Quote;
import sluice.venues.recording.RecordedEvent;
import sluice.venues.recording.RecordedEvent.FillEvent;
import sluice.venues.recording.RecordedEvent.MarketEvent;
import sluice.venues.recording.RecordedEvent.QuoteEvent;
import sluice.venues.recording.RecordedEvent.RawSignalEvent;
import sluice.venues.recording.RecordedEvent.SettlementEvent;
import sluice.venues.recording.RecordedEvent.SignalEvent;

/** Measures a recording by the figures that were measured on real ones, to be set beside them. */
public final class RecordingStatistics {
    private static final long POLL_MILLIS = 120_000;

    /** Books of two venues are compared only where both are this fresh. */
    private static final long MOST_APART_MILLIS = 3_000;

    /** One figure. */
    public record Figure(String name, String recorded, String here) {}

    private final Map<MarketId, Quote> newest = new HashMap<>();
    private final Map<MarketId, Long> lastQuoteAt = new HashMap<>();
    private final Map<MarketId, Long> polled = new HashMap<>();
    private final Map<MarketId, Quote> polledQuote = new HashMap<>();
    private final Map<MarketId, Long> closedAt = new HashMap<>();
    private final Map<MarketId, Integer> quotesOf = new TreeMap<>();
    private final Map<Long, Integer> perSecond = new HashMap<>();
    private final List<Double> kalshiSpread = new ArrayList<>();
    private final List<Double> polymarketSpread = new ArrayList<>();
    private final List<Double> wideSpread = new ArrayList<>();
    private final List<Double> bidSize = new ArrayList<>();
    private final List<Double> levels = new ArrayList<>();
    private final List<Double> change = new ArrayList<>();
    private final List<Double> tradeSize = new ArrayList<>();
    private final List<Double> delay = new ArrayList<>();
    private final List<Double> gap = new ArrayList<>();
    private final List<Double> silence = new ArrayList<>();
    private final List<Double> reach = new ArrayList<>();
    private int polls;
    private int changedPolls;
    private int crossed;
    private int oneSided;
    private int signals;
    private int stale;
    private int skewed;

    private RecordingStatistics() {}

    /**
     * Measures all events.
     *
     * @param pair a market at Kalshi and the same at Polymarket, whose gap is measured; null for none
     */
    public static List<Figure> of(Iterator<RecordedEvent> events, Map.@Nullable Entry<MarketId, MarketId> pair) {
        RecordingStatistics statistics = new RecordingStatistics();
        while (events.hasNext()) {
            statistics.add(events.next(), pair);
        }
        return statistics.figures();
    }

    /** The figures as a table. */
    public static String table(List<Figure> figures) {
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "%-46s %-34s %s%n", "", "recorded", "here"));
        for (Figure figure : figures) {
            table.append(String.format(Locale.ROOT, "%-46s %-34s %s%n", figure.name, figure.recorded, figure.here));
        }
        return table.toString();
    }

    private void add(RecordedEvent event, Map.@Nullable Entry<MarketId, MarketId> pair) {
        switch (event) {
            case QuoteEvent quote -> quote(quote, pair);
            case MarketEvent market -> {
                if (market.market().status() == MarketStatus.CLOSED) {
                    closedAt.put(market.market().id(), market.atMillis());
                }
            }
            case SettlementEvent settlement -> {
                Long closed = closedAt.get(settlement.settlement().market());
                if (closed != null && settlement.settlement().market().venue() == Venue.KALSHI) {
                    delay.add((settlement.atMillis() - closed) / 1_000.0);
                }
            }
            case RawSignalEvent ignored -> signals++;
            case SignalEvent ignored -> signals++;
            case FillEvent ignored -> {}
        }
    }

    private void quote(QuoteEvent event, Map.@Nullable Entry<MarketId, MarketId> pair) {
        Quote quote = event.quote();
        MarketId market = quote.market();
        boolean kalshi = market.venue() == Venue.KALSHI;
        quotesOf.merge(market, 1, Integer::sum);
        stale += event.atMillis() - quote.atMillis() >= 1_000 ? 1 : 0;
        skewed += event.atMillis() < quote.atMillis() ? 1 : 0;
        if (event.crossed()) {
            crossed++;
        } else if (quote.bids().isEmpty() || quote.asks().isEmpty()) {
            oneSided++;
        } else {
            sound(quote, market, kalshi);
        }
        if (kalshi) {
            perSecond.merge(event.atMillis() / 1_000, 1, Integer::sum);
            Long before = lastQuoteAt.put(market, event.atMillis());
            if (before != null) {
                silence.add((double) event.atMillis() - before);
            }
        } else {
            if (quote.bestBid() != null && quote.bestAsk() != null && spread(quote) > 20) {
                poll(event, market);
            }
        }
        if (quote.lastTradeQuantity() != null) {
            tradeSize.add(quote.lastTradeQuantity().micros() / 1e6);
        }
        Quote previous = newest.put(market, quote);
        if (previous != null && kalshi) {
            changes(previous, quote);
        }
        if (pair != null && pair.getKey().equals(market)) {
            gap(quote, newest.get(pair.getValue()));
        }
    }

    private void sound(Quote quote, MarketId market, boolean kalshi) {
        double spread = spread(quote);
        if (kalshi) {
            kalshiSpread.add(spread);
            bidSize.add(quote.bids().get(0).quantity().micros() / 1e6);
            levels.add((double) quote.bids().size() + quote.asks().size());
        } else if (spread > 20) {
            wideSpread.add(spread);
        } else {
            polymarketSpread.add(spread);
        }
        reach.add(quote.bids().get(0).price().micros() / 1e4);
        newest.putIfAbsent(market, quote);
    }

    private static double spread(Quote quote) {
        return (quote.asks().get(0).price().micros()
                        - quote.bids().get(0).price().micros())
                / 1e4;
    }

    /** As a poll every two minutes would see it. */
    private void poll(QuoteEvent event, MarketId market) {
        long slot = event.atMillis() / POLL_MILLIS;
        Long before = polled.get(market);
        if (before == null || before < slot) {
            polls += before == null ? 0 : (int) Math.min(slot - before, 1_000);
            Quote seen = newest.get(market);
            Quote earlier = polledQuote.get(market);
            if (seen != null && earlier != null && !samePrices(seen, earlier)) {
                changedPolls++;
            }
            if (seen != null) {
                polledQuote.put(market, seen);
            }
            polled.put(market, slot);
        }
    }

    private static boolean samePrices(Quote a, Quote b) {
        return Objects.equals(price(a.bestBid()), price(b.bestBid()))
                && Objects.equals(price(a.bestAsk()), price(b.bestAsk()));
    }

    private static @Nullable Object price(@Nullable Level level) {
        return level == null ? null : level.price();
    }

    /** Sizes of changes of levels that both books show. */
    private void changes(Quote before, Quote after) {
        sides(before.bids(), after.bids());
        sides(before.asks(), after.asks());
    }

    private void sides(List<Level> before, List<Level> after) {
        for (Level was : before) {
            for (Level is : after) {
                if (is.price().equals(was.price()) && !is.quantity().equals(was.quantity())) {
                    change.add(Math.abs(is.quantity().micros() - was.quantity().micros()) / 1e6);
                }
            }
        }
    }

    private void gap(Quote kalshi, @Nullable Quote polymarket) {
        if (polymarket == null
                || kalshi.atMillis() - polymarket.atMillis() > MOST_APART_MILLIS
                || kalshi.bids().isEmpty()
                || kalshi.asks().isEmpty()
                || polymarket.bids().isEmpty()
                || polymarket.asks().isEmpty()) {
            return;
        }
        double middle = middle(kalshi);
        if (middle > 20 && middle < 80) {
            gap.add(middle(polymarket) - middle);
        }
    }

    private static double middle(Quote quote) {
        return (quote.bids().get(0).price().micros()
                        + quote.asks().get(0).price().micros())
                / 2e4;
    }

    private List<Figure> figures() {
        List<Double> rates = new ArrayList<>();
        perSecond.values().forEach(n -> rates.add((double) n));
        return List.of(
                new Figure(
                        "Kalshi book changes in a second with any",
                        "mean 101, p95 266, max 658",
                        of(rates, 50, 95, 100)),
                new Figure(
                        "Kalshi gap between changes of a market, ms",
                        "median 0, p95 48, p99 127",
                        of(silence, 50, 95, 99)),
                new Figure(
                        "Kalshi change of a level, contracts", "median 25, p90 1000, p99 3000", of(change, 50, 90, 99)),
                new Figure("Kalshi spread, cents", "median 1, p90 2, p99 3", of(kalshiSpread, 50, 90, 99)),
                new Figure(
                        "Kalshi size at best bid, contracts", "p10 39, median 494, p90 2412", of(bidSize, 10, 50, 90)),
                new Figure("Kalshi levels, both sides", "about 200", of(levels, 10, 50, 90)),
                new Figure("last trade size, contracts", "median 14, p90 130, p99 628", of(tradeSize, 50, 90, 99)),
                new Figure("Kalshi settlement after close, s", "p5 8, median 11.5, p95 17", of(delay, 5, 50, 95)),
                new Figure("Polymarket spread in game, cents", "p10 0.5, median 1", of(polymarketSpread, 10, 50, 90)),
                new Figure("Polymarket spread days before, cents", "flat 50", of(wideSpread, 10, 50, 90)),
                new Figure(
                        "Polymarket polls with a change, days before, %",
                        "14 (all markets)", polls == 0 ? "-" : number(100.0 * changedPolls / polls)),
                new Figure("Polymarket above Kalshi, cents", "p5 0.5, median 3, p95 5", of(gap, 5, 50, 95)),
                new Figure("best bid, cents", "-", of(reach, 5, 50, 95)),
                new Figure(
                        "quotes",
                        "-",
                        Integer.toString(
                                quotesOf.values().stream().mapToInt(n -> n).sum())),
                new Figure("crossed, one-sided", "seen", crossed + ", " + oneSided),
                new Figure("seen a second late or more, exchange ahead", "124 ms ahead", stale + ", " + skewed),
                new Figure("signals", "-", Integer.toString(signals)));
    }

    private static String of(List<Double> values, int... percentiles) {
        if (values.isEmpty()) {
            return "-";
        }
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        StringBuilder text = new StringBuilder();
        for (int percentile : percentiles) {
            int index = Math.min(sorted.size() - 1, sorted.size() * percentile / 100);
            text.append(text.isEmpty() ? "" : ", ")
                    .append(percentile == 50 ? "median " : percentile == 100 ? "max " : "p" + percentile + " ")
                    .append(number(sorted.get(index)));
        }
        return text.toString();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value).replace(".0", "");
    }
}
