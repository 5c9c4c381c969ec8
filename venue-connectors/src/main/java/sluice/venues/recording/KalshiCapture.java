package sluice.venues.recording;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sluice.domain.MarketId;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.Venue;
import sluice.domain.market.FeeTerms;
import sluice.domain.market.Market;
import sluice.domain.market.MarketStatus;
import sluice.domain.market.PriceGrid;
import sluice.domain.market.Quote;
import sluice.domain.market.Settlement;
import sluice.venues.recording.Problems.Kind;
import sluice.venues.recording.RecordedEvent.MarketEvent;
import sluice.venues.recording.RecordedEvent.QuoteEvent;
import sluice.venues.recording.RecordedEvent.SettlementEvent;

/**
 * Kalshi's market websocket as a recorder wrote it: envelopes with {@code event_type}, one file per type, merged by
 * {@code local_recv_ns} and then by {@code sequence_number}.
 *
 * <p>The second key matters: several messages share a nanosecond, and a change put behind the snapshot that came after
 * it looks like a gap and takes a level below zero.
 *
 * <p>Books become quotes with full depth, at most one per market in {@link RecordingOptions#conflation}. A quote's
 * event time is the recorder's clock; its {@code atMillis} is the exchange's, which may be ahead of it.
 */
final class KalshiCapture implements LineParser, Line.Order {
    private static final String SOURCE = "kalshi-capture";
    private static final long NANOS = 1_000_000;

    /** Tenths of a cent outside 0.10 to 0.90, as these markets are quoted; cents inside. */
    static final PriceGrid TAPERED = new PriceGrid(List.of(
            new PriceGrid.Band(Price.ZERO, Price.parse("0.1"), Price.parse("0.001")),
            new PriceGrid.Band(Price.parse("0.1"), Price.parse("0.9"), Price.parse("0.01")),
            new PriceGrid.Band(Price.parse("0.9"), Price.ONE, Price.parse("0.001"))));

    /** A market while it is recorded. */
    private static final class Tracked {
        final MarketId id;
        final KalshiBook book = new KalshiBook();

        @Nullable
        Price lastPrice;

        @Nullable
        Quantity lastSize;

        @Nullable
        Long lastAt;

        @Nullable
        String volume;

        long exchangeMillis;
        long quotedNanos = Long.MIN_VALUE;
        boolean waiting;
        boolean connected;

        Tracked(MarketId id) {
            this.id = id;
        }
    }

    private record Due(long nanos, Tracked market) {}

    /** How a market ended, by the results file. */
    private record Ended(
            Settlement.Result result,
            Settlement.Status status,
            @Nullable Long closeAt) {}

    private final Problems problems;
    private final FeeTerms fees;
    private final long conflationNanos;
    private final Map<String, Tracked> markets = new HashMap<>();
    private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::nanos));
    private final Map<String, Ended> results = new HashMap<>();

    KalshiCapture(List<Source> about, RecordingOptions options, Problems problems) throws IOException {
        this.problems = problems;
        this.fees = options.kalshiFees();
        this.conflationNanos = options.conflation().toNanos();
        for (Source source : about) {
            readResults(source);
        }
    }

    /** Results are one JSON array, of a few entries. */
    private void readResults(Source source) throws IOException {
        JsonNode all;
        try {
            all = Json.MAPPER.readTree(source.text(problems));
        } catch (JsonProcessingException e) {
            problems.add(Kind.BAD_LINE, source.name(), 0, "not JSON: " + e.getOriginalMessage());
            return;
        }
        for (JsonNode one : all) {
            try {
                Json json = new Json(one);
                Settlement.Result result = json.oneOf(Settlement.Result.class, "result");
                if (result != Settlement.Result.YES && result != Settlement.Result.NO) {
                    throw new BadLine("result " + result + " does not say what it pays");
                }
                results.put(
                        json.need("market"),
                        new Ended(
                                result,
                                "finalized".equals(json.text("status"))
                                        ? Settlement.Status.FINAL
                                        : Settlement.Status.DETERMINED,
                                json.millis("close_time")));
            } catch (BadLine e) {
                problems.add(Kind.BAD_LINE, source.name(), 0, "a result: " + e.getMessage());
            }
        }
    }

    @Override
    public Line.Place place(String text) throws BadLine {
        @Nullable String[] found = Json.peek(text, "local_recv_ns", "sequence_number");
        if (found[0] == null) {
            throw new BadLine("local_recv_ns is missing");
        }
        return new Line.Place(
                whole("local_recv_ns", found[0]), found[1] == null ? 0 : whole("sequence_number", found[1]));
    }

    private static long whole(String name, String text) throws BadLine {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new BadLine(name + " \"" + text + "\" is not a whole number");
        }
    }

    @Override
    public void accept(Line line, Output out) throws BadLine {
        Json json = Json.parse(line.text());
        String type = json.need("event_type");
        long nanos = whole("local_recv_ns", json.need("local_recv_ns"));
        switch (type) {
            case "orderbook_delta", "orderbook_snapshot", "ticker", "watch_market", "ws_connected" -> {
                quoteDue(nanos, out);
                String ticker = json.need("market_ticker");
                Tracked market = markets.get(ticker);
                if (market == null) {
                    market = meet(ticker, nanos / NANOS, out);
                }
                Json payload = json.object("payload_json");
                switch (type) {
                    case "orderbook_delta" -> change(line, json, payload, market, nanos, out);
                    case "orderbook_snapshot" -> snapshot(json, payload, market, nanos, out);
                    case "ticker" -> ticker(payload, market, nanos, out);
                    case "watch_market" -> watch(payload, market, nanos, out);
                    default -> connected(line, market);
                }
            }
            case "ws_subscribed", "market_rotated" -> {
                // They say nothing of a market that the other messages do not.
            }
            default -> throw new BadLine("event_type \"" + type + "\" is not known");
        }
    }

    private Tracked meet(String ticker, long at, Output out) throws BadLine {
        try {
            Tracked market = new Tracked(new MarketId(Venue.KALSHI, ticker));
            markets.put(ticker, market);
            Ended ended = results.get(ticker);
            if (ended != null) {
                out.later(settlement(market.id, ended, at));
            }
            return market;
        } catch (IllegalArgumentException e) {
            throw new BadLine(String.valueOf(e.getMessage()));
        }
    }

    private void change(Line line, Json json, Json payload, Tracked market, long nanos, Output out) throws BadLine {
        Side side = payload.oneOf(Side.class, "side");
        Price price = Json.price("price_dollars", payload.need("price_dollars"));
        long delta = Json.micros("delta_fp", payload.need("delta_fp"));
        long sequence = whole("sequence_number", json.need("sequence_number"));
        Long exchange = json.millis("exchange_ts");
        switch (market.book.change(side, price, delta, sequence)) {
            case YES -> {
                market.exchangeMillis = exchange == null ? nanos / NANOS : exchange;
                changed(market, nanos, out);
            }
            case NO_SNAPSHOT ->
                problems.add(
                        Kind.NO_BOOK,
                        line.source().name(),
                        line.number(),
                        market.id + " has no snapshot since its book was dropped");
            case GAP ->
                problems.add(
                        Kind.SEQUENCE_GAP,
                        line.source().name(),
                        line.number(),
                        market.id + " goes from " + market.book.sequence() + " to " + sequence);
            case NEGATIVE ->
                problems.add(
                        Kind.NEGATIVE_LEVEL,
                        line.source().name(),
                        line.number(),
                        market.id + " " + side + " at " + price + " goes below zero");
        }
    }

    private void snapshot(Json json, Json payload, Tracked market, long nanos, Output out) throws BadLine {
        Map<Price, Quantity> yes = levels(payload, "yes_dollars_fp");
        Map<Price, Quantity> no = levels(payload, "no_dollars_fp");
        market.book.snapshot(yes, no, whole("sequence_number", json.need("sequence_number")));
        Long exchange = json.millis("exchange_ts");
        market.exchangeMillis = exchange == null ? nanos / NANOS : exchange;
        changed(market, nanos, out);
    }

    private static Map<Price, Quantity> levels(Json payload, String name) throws BadLine {
        Map<Price, Quantity> levels = new TreeMap<>();
        JsonNode side = payload.node().get(name);
        if (side == null || side.isNull()) {
            return levels; // An empty side is left out.
        }
        for (JsonNode level : side) {
            if (!level.isArray() || level.size() != 2) {
                throw new BadLine(name + " holds something other than [price, size]");
            }
            levels.put(
                    Json.price(name, level.get(0).asText()),
                    Json.quantity(name, level.get(1).asText()));
        }
        return levels;
    }

    /** A ticker tells of a trade when the volume has grown since the ticker before. */
    private void ticker(Json payload, Tracked market, long nanos, Output out) throws BadLine {
        Price price = payload.price("price_dollars");
        Quantity size = payload.quantity("last_trade_size_fp");
        String volume = payload.text("volume_fp");
        Long at = payload.millis("ts_ms");
        boolean traded = market.volume != null && volume != null && !volume.equals(market.volume);
        market.volume = volume;
        if (traded && price != null && size != null) {
            market.lastPrice = price;
            market.lastSize = size;
            market.lastAt = at == null ? nanos / NANOS : at;
            changed(market, nanos, out);
        }
    }

    private void watch(Json payload, Tracked market, long nanos, Output out) throws BadLine {
        long at = nanos / NANOS;
        Long closeAt = payload.millis("close_time");
        String status = payload.text("status");
        out.emit(new MarketEvent(
                at,
                new Market(
                        market.id,
                        null,
                        false,
                        "",
                        market.id.id(),
                        status(status),
                        null,
                        closeAt,
                        closeAt,
                        TAPERED,
                        Quantity.parse("0.01"),
                        Quantity.parse("0.01"),
                        Money.ZERO,
                        fees,
                        null,
                        null,
                        false,
                        null,
                        at,
                        SOURCE)));
    }

    /** Kalshi's REST words and its websocket's. */
    private static MarketStatus status(@Nullable String text) {
        if (text == null) {
            return MarketStatus.UNKNOWN;
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "initialized", "unopened" -> MarketStatus.UNOPENED;
            case "active", "open" -> MarketStatus.ACTIVE;
            case "inactive", "paused" -> MarketStatus.PAUSED;
            case "closed" -> MarketStatus.CLOSED;
            case "determined" -> MarketStatus.DETERMINED;
            case "disputed" -> MarketStatus.DISPUTED;
            case "amended" -> MarketStatus.AMENDED;
            case "finalized", "settled" -> MarketStatus.SETTLED;
            default -> MarketStatus.UNKNOWN;
        };
    }

    /** When the market paid is not told; it is given at the close, or when met where that was later. */
    private static SettlementEvent settlement(MarketId id, Ended ended, long metAt) {
        long at = ended.closeAt == null ? metAt : Math.max(ended.closeAt, metAt);
        return new SettlementEvent(
                at,
                new Settlement(
                        id,
                        ended.result,
                        ended.result == Settlement.Result.YES ? Price.ONE : Price.ZERO,
                        ended.status,
                        1,
                        at,
                        SOURCE));
    }

    private void connected(Line line, Tracked market) {
        market.book.drop();
        if (market.connected) {
            problems.add(
                    Kind.RECONNECT,
                    line.source().name(),
                    line.number(),
                    market.id + " is without a book until its next snapshot");
        }
        market.connected = true;
    }

    private void changed(Tracked market, long nanos, Output out) {
        if (market.waiting) {
            return;
        }
        if (market.quotedNanos == Long.MIN_VALUE || nanos - market.quotedNanos >= conflationNanos) {
            quote(market, nanos, out);
        } else {
            market.waiting = true;
            due.add(new Due(market.quotedNanos + conflationNanos, market));
        }
    }

    /** Quotes held back are given once their time has come; nothing has changed in between. */
    private void quoteDue(long nanos, Output out) {
        while (!due.isEmpty() && due.element().nanos < nanos) {
            Due next = due.remove();
            next.market.waiting = false;
            quote(next.market, next.nanos, out);
        }
    }

    private static void quote(Tracked market, long nanos, Output out) {
        market.quotedNanos = nanos;
        if (!market.book.valid()) {
            return; // Dropped while its quote was held back.
        }
        out.emit(new QuoteEvent(
                nanos / NANOS,
                new Quote(
                        market.id,
                        market.book.bids(),
                        market.book.asks(),
                        true,
                        market.lastPrice,
                        market.lastSize,
                        market.lastAt,
                        market.book.sequence(),
                        market.exchangeMillis,
                        SOURCE)));
    }

    @Override
    public void end(Output out) {
        quoteDue(Long.MAX_VALUE, out);
    }
}
