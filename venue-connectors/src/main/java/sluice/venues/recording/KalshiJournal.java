package sluice.venues.recording;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.domain.Action;
import sluice.domain.MarketId;
import sluice.domain.Micros;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.TimeInForce;
import sluice.domain.Venue;
import sluice.domain.market.Market;
import sluice.domain.market.MarketStatus;
import sluice.domain.market.Settlement;
import sluice.domain.order.Fill;
import sluice.domain.order.Signal;
import sluice.venues.recording.KalshiTrades.Trade;
import sluice.venues.recording.Problems.Kind;
import sluice.venues.recording.RecordedEvent.FillEvent;
import sluice.venues.recording.RecordedEvent.MarketEvent;
import sluice.venues.recording.RecordedEvent.SettlementEvent;
import sluice.venues.recording.RecordedEvent.SignalEvent;

/**
 * Journal of an account that traded 15-minute markets at Kalshi: {@code execution_events} (what the bot saw and did),
 * {@code trades.csv} (round trips with the prices and fees that the venue confirmed) and {@code market_results.csv}.
 *
 * <p>A {@code signal_seen} becomes a BUY signal, an {@code exit_signal_seen} a SELL signal, both IOC at the bot's cap
 * price. Fills come from {@code trades.csv}, because the journal knows how many contracts an order filled but not at
 * what price; {@link #fills} says how a row becomes fills.
 */
final class KalshiJournal implements LineParser, Line.Order {
    private static final String SOURCE = "kalshi-journal";

    /** Stamps of trades.csv are whole seconds of the bot's clock, taken a moment after the fill. */
    private static final long STAMP_SLACK_MILLIS = 1_000;

    /** An order that filled, by the journal. */
    private record FilledOrder(
            long atMillis,
            String market,
            Side side,
            boolean entry,
            String clientOrderId,
            String orderId,
            Quantity quantity) {}

    /** How a market ended, by the results file. */
    private record Ended(
            Settlement.@Nullable Result result,
            @Nullable Long closeAt,
            @Nullable Long settledAt,
            String file,
            long line) {}

    private final RecordingOptions options;
    private final Problems problems;
    private final Map<String, Ended> results = new HashMap<>();
    private final Map<String, MarketId> met = new HashMap<>();
    /** Key of the newest signal, by market, side and direction. */
    private final Map<String, String> newestSignal = new HashMap<>();
    /** Key of the signal behind an order, by client order id. */
    private final Map<String, String> signalOfOrder = new HashMap<>();
    /** Fills to come, by client order id; those of no known order under the empty id. */
    private final Map<String, List<FillEvent>> fillsOfOrder = new HashMap<>();

    private boolean started;

    KalshiJournal(
            List<Source> journals,
            List<Source> trades,
            List<Source> marketResults,
            RecordingOptions options,
            Problems problems)
            throws IOException {
        this.options = options;
        this.problems = problems;
        for (Source source : marketResults) {
            readResults(source);
        }
        List<Trade> rows = new ArrayList<>();
        for (Source source : trades) {
            rows.addAll(KalshiTrades.read(source, options.localZone(), problems));
        }
        if (trades.isEmpty()) {
            problems.add(
                    Kind.ASSUMED,
                    journals.get(0).name(),
                    0,
                    "no trades.csv beside it; the journal does not say at what price its orders filled, so no fills are given");
        }
        fills(rows, filledOrders(journals));
    }

    // ---------------------------------------------------------------- files beside the journal

    private void readResults(Source source) throws IOException {
        try (Source.Reader reader = source.read(problems)) {
            Csv header = new Csv(String.valueOf(reader.next()));
            for (String text = reader.next(); text != null; text = reader.next()) {
                try {
                    readResult(header.row(text), source.name(), reader.number());
                } catch (BadLine e) {
                    problems.add(
                            reader.whole() ? Kind.BAD_LINE : Kind.CUT_OFF,
                            source.name(),
                            reader.number(),
                            String.valueOf(e.getMessage()));
                }
            }
        } catch (BadLine e) {
            problems.add(Kind.BAD_LINE, source.name(), 1, String.valueOf(e.getMessage()));
        }
    }

    private void readResult(Csv.Row row, String file, long line) throws BadLine {
        String market = row.need("market");
        if (market.equals("None")) {
            throw new BadLine("market None is no market");
        }
        String result = row.text("result");
        String closeAt = row.text("close_time");
        String settledAt = row.text("settlement_ts");
        results.put(
                market,
                new Ended(
                        result == null ? null : Json.oneOf(Settlement.Result.class, "result", result),
                        closeAt == null ? null : Long.valueOf(Json.millis("close_time", closeAt)),
                        settledAt == null ? null : Long.valueOf(Json.millis("settlement_ts", settledAt)),
                        file,
                        line));
    }

    /** Bad lines are passed over here; they are met again, and reported, when the journal is streamed. */
    private static List<FilledOrder> filledOrders(List<Source> journals) throws IOException {
        List<FilledOrder> orders = new ArrayList<>();
        for (Source source : journals) {
            try (Source.Reader reader = source.read(new Problems())) {
                for (String text = reader.next(); text != null; text = reader.next()) {
                    if (text.contains("\"fill_full\"") || text.contains("\"fill_partial\"")) {
                        addFilledOrder(text, orders);
                    }
                }
            }
        }
        return orders;
    }

    private static void addFilledOrder(String text, List<FilledOrder> orders) {
        FilledOrder order;
        try {
            order = filledOrder(Json.parse(text));
        } catch (BadLine e) {
            return;
        }
        if (!order.quantity.isZero()) {
            orders.add(order);
        }
    }

    private static FilledOrder filledOrder(Json json) throws BadLine {
        String clientOrderId = json.need("client_order_id");
        return new FilledOrder(
                json.needMillis("ts_wall"),
                json.need("market"),
                json.oneOf(Side.class, "side"),
                !clientOrderId.contains("-exit-"),
                clientOrderId,
                json.need("order_id"),
                Json.quantity("fill_count", json.need("fill_count")));
    }

    // ---------------------------------------------------------------- fills

    /**
     * Makes the fills of every row: the entry and the exit each become one fill per order of the journal that belongs
     * to it, at the row's average price, the row's fee shared by contracts, so that quantity and fee of the row are
     * kept exactly. Where the orders' contracts do not add up to the row's, the row is right (the venue confirmed it)
     * and its side becomes one fill that names no order.
     */
    private void fills(List<Trade> rows, List<FilledOrder> orders) {
        Map<String, List<FilledOrder>> byMarket = new HashMap<>();
        for (FilledOrder order : orders) {
            byMarket.computeIfAbsent(order.market, m -> new ArrayList<>()).add(order);
        }
        for (Trade row : rows) {
            List<FilledOrder> candidates = byMarket.getOrDefault(row.market(), new ArrayList<>());
            fills(row, row.entry(), true, candidates);
            if (row.exit() != null) {
                fills(row, row.exit(), false, candidates);
            }
        }
        long left = byMarket.values().stream().mapToLong(List::size).sum();
        if (left > 0 && !rows.isEmpty()) {
            problems.add(
                    Kind.ASSUMED,
                    SOURCE,
                    0,
                    left + " filled orders of the journal belong to no row of trades.csv; they give no fills");
        }
    }

    private void fills(Trade row, Trade.Half half, boolean entry, List<FilledOrder> candidates) {
        List<FilledOrder> mine = new ArrayList<>();
        for (FilledOrder order : candidates) {
            if (order.entry == entry
                    && order.side == row.side()
                    && order.atMillis >= row.entry().firstMillis() - STAMP_SLACK_MILLIS
                    && order.atMillis <= half.lastMillis() + 2 * STAMP_SLACK_MILLIS) {
                mine.add(order);
            }
        }
        mine.sort(Comparator.comparingLong(FilledOrder::atMillis));
        candidates.removeAll(mine);
        Action action = entry ? Action.BUY : Action.SELL;
        String origin = row.file() + ":" + row.line() + (entry ? " entry" : " exit");
        String unconfirmed = origin.replace(' ', ':');
        long sum = mine.stream().mapToLong(o -> o.quantity.micros()).sum();
        if (mine.isEmpty() || sum != half.quantity().micros()) {
            String tradeId = half.fillIds().isEmpty() ? unconfirmed : String.join("+", half.fillIds());
            add("", fill(row, action, half, tradeId, "", half.quantity(), half.fee(), half.lastMillis(), origin));
            return;
        }
        long feeLeft = half.fee().micros();
        for (int i = 0; i < mine.size(); i++) {
            FilledOrder order = mine.get(i);
            long fee = i == mine.size() - 1
                    ? feeLeft
                    : Micros.mulDivFloor(half.fee().micros(), order.quantity.micros(), sum);
            feeLeft -= fee;
            String tradeId = half.fillIds().size() == mine.size()
                    ? half.fillIds().get(i)
                    : (half.fillIds().isEmpty() ? unconfirmed : String.join("+", half.fillIds())) + "#" + (i + 1);
            add(
                    order.clientOrderId,
                    fill(
                            row,
                            action,
                            half,
                            tradeId,
                            order.orderId,
                            order.quantity,
                            new Money(fee),
                            order.atMillis,
                            origin));
        }
    }

    private void add(String clientOrderId, FillEvent fill) {
        fillsOfOrder.computeIfAbsent(clientOrderId, id -> new ArrayList<>()).add(fill);
    }

    private FillEvent fill(
            Trade row,
            Action action,
            Trade.Half half,
            String tradeId,
            String venueOrderId,
            Quantity quantity,
            Money fee,
            long atMillis,
            String origin) {
        Fill fill = new Fill(
                tradeId,
                "",
                venueOrderId,
                options.account(),
                options.mode(),
                new MarketId(Venue.KALSHI, row.market()),
                row.side(),
                action,
                half.price(),
                quantity,
                fee,
                true,
                Fill.Status.FINAL,
                atMillis);
        return new FillEvent(atMillis, fill, null, origin);
    }

    // ---------------------------------------------------------------- the journal

    @Override
    public Line.Place place(String text) throws BadLine {
        String at = Json.peek(text, "ts_wall")[0];
        if (at == null) {
            throw new BadLine("ts_wall is missing");
        }
        return new Line.Place(Json.millis("ts_wall", at));
    }

    @Override
    public void accept(Line line, Output out) throws BadLine {
        Json json = Json.parse(line.text());
        String type = json.need("event_type");
        long at = json.needMillis("ts_wall");
        try {
            switch (type) {
                case "signal_seen" -> signal(json, at, true, out);
                case "exit_signal_seen" -> signal(json, at, false, out);
                case "order_submit_start" -> ordered(json);
                case "fill_full", "fill_partial" -> filled(json, out);
                default -> json.need("market");
            }
        } catch (IllegalArgumentException e) {
            throw new BadLine(String.valueOf(e.getMessage()));
        }
    }

    private void signal(Json json, long at, boolean entry, Output out) throws BadLine {
        Side side = json.oneOf(Side.class, "side");
        Price limit = cents("cap_price_cents", json.need("cap_price_cents"));
        String market = json.need("market");
        Quantity size = Json.quantity("position_size", json.need("position_size"));
        String key = (entry ? "entry-" : "exit-") + market + "-" + side.name().toLowerCase(Locale.ROOT) + "-"
                + json.need("ts_wall");
        Long probability = probability(json, side, entry);
        Long edge = rounded(json.text("mushroom_edge_cents"));
        if (edge == null) {
            edge = rounded(json.text("mushroom_v28_edge_cents"));
        }
        MarketId id = meet(market, at, out);
        newestSignal.put(direction(market, side, entry), key);
        out.emit(new SignalEvent(
                at,
                new Signal(
                        key,
                        key,
                        options.account(),
                        options.strategy(),
                        id,
                        null,
                        null,
                        null,
                        null,
                        key,
                        entry ? "Entry" : "Exit",
                        edge,
                        side,
                        entry ? Action.BUY : Action.SELL,
                        limit,
                        size,
                        null,
                        probability,
                        TimeInForce.IOC,
                        false,
                        null,
                        at,
                        null,
                        null,
                        null,
                        Map.of("run_id", json.need("run_id")))));
    }

    private static String direction(String market, Side side, boolean entry) {
        return market + " " + side + (entry ? " in" : " out");
    }

    /** The model's probability that the signal's side pays, in millionths. */
    private static @Nullable Long probability(Json json, Side side, boolean entry) throws BadLine {
        Long yes = rounded(json.text(entry ? "mushroom_p_yes" : "mushroom_v28_p_yes"));
        if (yes == null) {
            return null;
        }
        return side == Side.YES ? yes : Long.valueOf(Micros.ONE - yes);
    }

    /** A model's number to the nearest millionth; it is no money. */
    private static @Nullable Long rounded(@Nullable String text) throws BadLine {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            return new BigDecimal(text)
                    .setScale(Micros.SCALE, RoundingMode.HALF_EVEN)
                    .unscaledValue()
                    .longValueExact();
        } catch (NumberFormatException | ArithmeticException e) {
            throw new BadLine("\"" + text + "\" is not a decimal number");
        }
    }

    static Price cents(String name, String text) throws BadLine {
        try {
            return Json.price(name, new BigDecimal(text).movePointLeft(2).toPlainString());
        } catch (NumberFormatException e) {
            throw new BadLine(name + " \"" + text + "\" is not a decimal number");
        }
    }

    private void ordered(Json json) throws BadLine {
        String clientOrderId = json.need("client_order_id");
        boolean entry = !clientOrderId.contains("-exit-");
        String key = newestSignal.get(direction(json.need("market"), json.oneOf(Side.class, "side"), entry));
        if (key != null) {
            signalOfOrder.put(clientOrderId, key);
        }
    }

    private void filled(Json json, Output out) throws BadLine {
        FilledOrder order = filledOrder(json);
        List<FillEvent> fills = fillsOfOrder.remove(order.clientOrderId);
        if (fills == null) {
            return;
        }
        meet(order.market, order.atMillis, out);
        String key = signalOfOrder.get(order.clientOrderId);
        for (FillEvent fill : fills) {
            out.emit(new FillEvent(fill.atMillis(), fill.fill(), key, fill.origin()));
        }
    }

    /** At the first sight of a market: what is known of it, and its outcome for later. */
    private MarketId meet(String ticker, long at, Output out) {
        if (!started) {
            started = true;
            // Fills of no known order wait from the start for their own time.
            List<FillEvent> unlinked = fillsOfOrder.remove("");
            if (unlinked != null) {
                unlinked.forEach(out::later);
            }
        }
        MarketId known = met.get(ticker);
        if (known != null) {
            return known;
        }
        MarketId id = new MarketId(Venue.KALSHI, ticker);
        met.put(ticker, id);
        Ended ended = results.get(ticker);
        Long closeAt = ended == null ? null : ended.closeAt;
        out.emit(new MarketEvent(
                at,
                new Market(
                        id,
                        null,
                        false,
                        "",
                        ticker,
                        MarketStatus.ACTIVE,
                        null,
                        closeAt,
                        closeAt,
                        KalshiCapture.TAPERED,
                        Quantity.parse("0.01"),
                        Quantity.parse("0.01"),
                        Money.ZERO,
                        options.kalshiFees(),
                        null,
                        null,
                        false,
                        null,
                        at,
                        SOURCE)));
        if (ended != null && ended.result != null) {
            settle(id, ended, ended.result, at, out);
        }
        return id;
    }

    private void settle(MarketId id, Ended ended, Settlement.Result result, long metAt, Output out) {
        Long settledAt = ended.settledAt;
        if (settledAt == null) {
            settledAt = ended.closeAt == null ? metAt : ended.closeAt;
            problems.add(
                    Kind.ASSUMED,
                    ended.file,
                    ended.line,
                    id + " had a result but was not paid yet when the file was made; taken as paid at its close");
        }
        out.later(new SettlementEvent(
                Math.max(settledAt, metAt),
                new Settlement(
                        id,
                        result,
                        result == Settlement.Result.YES ? Price.ONE : Price.ZERO,
                        Settlement.Status.FINAL,
                        1,
                        settledAt,
                        SOURCE)));
    }
}
