package sluice.venues.recording;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.EventId;
import sluice.domain.MarketId;
import sluice.domain.Micros;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.Venue;
import sluice.domain.market.FeeModel;
import sluice.domain.market.FeeTerms;
import sluice.domain.market.Level;
import sluice.domain.market.Market;
import sluice.domain.market.MarketStatus;
import sluice.domain.market.PriceGrid;
import sluice.domain.market.Quote;
import sluice.domain.market.Settlement;
import sluice.domain.order.Fill;
import sluice.domain.order.Signal;
import sluice.venues.recording.RecordedEvent.FillEvent;
import sluice.venues.recording.RecordedEvent.MarketEvent;
import sluice.venues.recording.RecordedEvent.QuoteEvent;
import sluice.venues.recording.RecordedEvent.RawSignalEvent;
import sluice.venues.recording.RecordedEvent.SettlementEvent;
import sluice.venues.recording.RecordedEvent.SignalEvent;

/** The neutral format: one JSON object a line, as FORMAT.md describes it, read and written. */
final class NeutralJson implements LineParser, Line.Order {
    private static final String UNNAMED = "recorded";

    private final FeeTerms kalshiFees;
    private final FeeTerms polymarketFees;

    NeutralJson(RecordingOptions options) {
        kalshiFees = options.kalshiFees();
        polymarketFees = options.polymarketFees();
    }

    // ---------------------------------------------------------------- reading

    @Override
    public Line.Place place(String text) throws BadLine {
        @Nullable String[] times = Json.peek(text, "received", "at");
        String time = times[0] == null ? times[1] : times[0];
        if (time == null) {
            throw new BadLine("at is missing");
        }
        return new Line.Place(Json.millis("at", time));
    }

    @Override
    public void accept(Line line, Output out) throws BadLine {
        Json json = Json.parse(line.text());
        String type = json.need("type");
        if (type.equals("recording")) {
            return;
        }
        RecordedEvent event;
        try {
            event = read(type, json, line.source().name() + ":" + line.number());
        } catch (IllegalArgumentException e) {
            // The domain's own bounds: prices, names, bands, rates.
            throw new BadLine(String.valueOf(e.getMessage()));
        }
        out.emit(event);
    }

    private RecordedEvent read(String type, Json json, String origin) throws BadLine {
        long at = json.needMillis("at");
        Long received = json.millis("received");
        long seen = received == null ? at : received;
        return switch (type) {
            case "quote" -> new QuoteEvent(seen, quote(json, at));
            case "market" -> new MarketEvent(seen, market(json, at));
            case "settlement" -> new SettlementEvent(seen, settlement(json, at));
            case "signal" -> new RawSignalEvent(seen, json.text("key"), signalBytes(json));
            case "fill" -> new FillEvent(seen, fill(json, at), json.text("signal_key"), origin);
            default ->
                throw new BadLine("type \"" + type
                        + "\" is not known; recording, quote, market, settlement, signal and fill are");
        };
    }

    private static MarketId marketId(Json json) throws BadLine {
        return new MarketId(json.oneOf(Venue.class, "venue"), json.need("market"));
    }

    private static String source(Json json) throws BadLine {
        String source = json.text("source");
        return source == null ? UNNAMED : source;
    }

    private static Quote quote(Json json, long at) throws BadLine {
        String sequence = json.text("sequence");
        return new Quote(
                marketId(json),
                levels(
                        json,
                        "bids",
                        Comparator.<Level, Price>comparing(Level::price).reversed()),
                levels(json, "asks", Comparator.comparing(Level::price)),
                json.flag("depth_known", true),
                json.price("last_price"),
                json.quantity("last_size"),
                json.millis("last_at"),
                sequence == null ? null : Long.valueOf(number("sequence", sequence)),
                at,
                source(json));
    }

    private static long number(String name, String text) throws BadLine {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new BadLine(name + " \"" + text + "\" is not a whole number");
        }
    }

    private static List<Level> levels(Json json, String name, Comparator<Level> bestFirst) throws BadLine {
        JsonNode side = json.node().get(name);
        if (side == null || side.isNull()) {
            return List.of();
        }
        List<Level> levels = new ArrayList<>();
        for (JsonNode level : side) {
            if (!level.isArray() || level.size() != 2) {
                throw new BadLine(name + " holds something other than [price, size]");
            }
            levels.add(new Level(
                    Json.price(name, level.get(0).asText()),
                    Json.quantity(name, level.get(1).asText())));
        }
        levels.sort(bestFirst);
        return levels;
    }

    private Market market(Json json, long at) throws BadLine {
        MarketId id = marketId(json);
        String event = json.text("event");
        String category = json.text("category");
        String title = json.text("title");
        Quantity step = json.quantity("quantity_step");
        Quantity least = json.quantity("min_quantity");
        Long notional = json.micros("min_notional");
        String index = json.text("exchange_index");
        return new Market(
                id,
                event == null ? null : new EventId(event),
                json.flag("mutually_exclusive", false),
                category == null ? "" : category,
                title == null ? "" : title,
                json.oneOf(MarketStatus.class, "status"),
                json.millis("open_at"),
                json.millis("close_at"),
                json.millis("resolve_at"),
                grid(json),
                step == null ? Quantity.parse("1") : step,
                least == null ? Quantity.parse("1") : least,
                new Money(notional == null ? 0 : notional),
                fees(json, id.venue()),
                json.text("yes_token"),
                json.text("no_token"),
                json.flag("restricted", false),
                index == null ? null : Integer.valueOf(Math.toIntExact(number("exchange_index", index))),
                at,
                source(json));
    }

    private static PriceGrid grid(Json json) throws BadLine {
        JsonNode ranges = json.node().get("price_ranges");
        if (ranges == null || ranges.isNull()) {
            return PriceGrid.of(Json.price("tick", json.need("tick")));
        }
        List<PriceGrid.Band> bands = new ArrayList<>();
        for (JsonNode band : ranges) {
            if (!band.isArray() || band.size() != 3) {
                throw new BadLine("price_ranges holds something other than [start, end, step]");
            }
            bands.add(new PriceGrid.Band(
                    Json.price("price_ranges", band.get(0).asText()),
                    Json.price("price_ranges", band.get(1).asText()),
                    Json.price("price_ranges", band.get(2).asText())));
        }
        return new PriceGrid(bands);
    }

    private FeeTerms fees(Json json, Venue venue) throws BadLine {
        if (!json.has("fees")) {
            return switch (venue) {
                case KALSHI -> kalshiFees;
                case POLYMARKET -> polymarketFees;
                case PAPER -> new FeeTerms(FeeModel.NONE, 0, 0, "none");
            };
        }
        Json fees = json.object("fees");
        Long taker = fees.micros("taker_rate");
        Long maker = fees.micros("maker_rate");
        return new FeeTerms(
                fees.oneOf(FeeModel.class, "model"),
                taker == null ? 0 : taker,
                maker == null ? 0 : maker,
                fees.need("version"));
    }

    private static Settlement settlement(Json json, long at) throws BadLine {
        Settlement.Result result = json.oneOf(Settlement.Result.class, "result");
        Price value = json.price("yes_value");
        if (value == null) {
            value = switch (result) {
                case YES -> Price.ONE;
                case NO -> Price.ZERO;
                case VOID, SCALAR -> throw new BadLine("yes_value is missing; only yes and no can do without");
            };
        }
        String version = json.text("version");
        return new Settlement(
                marketId(json),
                result,
                value,
                json.has("status") ? json.oneOf(Settlement.Status.class, "status") : Settlement.Status.FINAL,
                version == null ? 1 : Math.toIntExact(number("version", version)),
                at,
                source(json));
    }

    private static byte[] signalBytes(Json json) throws BadLine {
        JsonNode object = json.node().get("signal");
        if (object != null && object.isObject()) {
            return compact(object).getBytes(StandardCharsets.UTF_8);
        }
        String text = json.text("text");
        if (text != null) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(json.need("base64"));
        } catch (IllegalArgumentException e) {
            throw new BadLine("base64: " + e.getMessage());
        }
    }

    private static Fill fill(Json json, long at) throws BadLine {
        String orderId = json.text("order_id");
        String venueOrderId = json.text("venue_order_id");
        Long fee = json.micros("fee");
        return new Fill(
                json.need("trade_id"),
                orderId == null ? "" : orderId,
                venueOrderId == null ? "" : venueOrderId,
                new AccountId(json.need("account")),
                json.oneOf(Mode.class, "mode"),
                marketId(json),
                json.oneOf(Side.class, "side"),
                json.oneOf(Action.class, "action"),
                Json.price("price", json.need("price")),
                Json.quantity("quantity", json.need("quantity")),
                new Money(fee == null ? 0 : fee),
                json.flag("taker", true),
                json.has("status") ? json.oneOf(Fill.Status.class, "status") : Fill.Status.FINAL,
                at);
    }

    // ---------------------------------------------------------------- writing

    /** The line for an event, without its end. */
    static String write(RecordedEvent event) {
        ObjectNode line =
                switch (event) {
                    case QuoteEvent e -> quote(e);
                    case MarketEvent e -> market(e);
                    case SettlementEvent e -> settlement(e);
                    case SignalEvent e -> {
                        ObjectNode signal = head("signal", e.atMillis(), e.atMillis());
                        signal.put("key", e.signal().account().value());
                        signal.set("signal", signal(e.signal()));
                        yield signal;
                    }
                    case RawSignalEvent e -> raw(e);
                    case FillEvent e -> fill(e);
                };
        return compact(line);
    }

    /** First line of a file: says what made it. */
    static String header(String source, Map<String, String> facts) {
        ObjectNode line = Json.MAPPER.createObjectNode();
        line.put("type", "recording").put("format", 1).put("source", source);
        facts.forEach(line::put);
        return compact(line);
    }

    static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    private static String compact(JsonNode node) {
        try {
            return Json.MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree could not be written", e);
        }
    }

    private static ObjectNode head(String type, long seen, long at) {
        ObjectNode line = Json.MAPPER.createObjectNode();
        line.put("type", type);
        if (seen != at) {
            line.put("received", time(seen));
        }
        return line.put("at", time(at));
    }

    private static void put(ObjectNode line, String name, @Nullable Object value) {
        if (value != null) {
            line.put(name, value.toString());
        }
    }

    private static void putTime(ObjectNode line, String name, @Nullable Long millis) {
        put(line, name, millis == null ? null : time(millis));
    }

    private static void put(ObjectNode line, MarketId market) {
        line.put("venue", lower(market.venue())).put("market", market.id());
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode quote(QuoteEvent event) {
        Quote quote = event.quote();
        ObjectNode line = head("quote", event.atMillis(), quote.atMillis());
        put(line, quote.market());
        levels(line.putArray("bids"), quote.bids());
        levels(line.putArray("asks"), quote.asks());
        if (!quote.depthKnown()) {
            line.put("depth_known", false);
        }
        put(line, "last_price", quote.lastTradePrice());
        put(line, "last_size", quote.lastTradeQuantity());
        putTime(line, "last_at", quote.lastTradeAtMillis());
        if (quote.sequence() != null) {
            line.put("sequence", quote.sequence());
        }
        return line.put("source", quote.source());
    }

    private static void levels(ArrayNode side, List<Level> levels) {
        for (Level level : levels) {
            side.addArray().add(level.price().toString()).add(level.quantity().toString());
        }
    }

    private static ObjectNode market(MarketEvent event) {
        Market market = event.market();
        ObjectNode line = head("market", event.atMillis(), market.updatedAtMillis());
        put(line, market.id());
        put(line, "event", market.event());
        line.put("mutually_exclusive", market.mutuallyExclusive())
                .put("category", market.category())
                .put("title", market.title())
                .put("status", lower(market.status()));
        putTime(line, "open_at", market.openAtMillis());
        putTime(line, "close_at", market.closeAtMillis());
        putTime(line, "resolve_at", market.resolveAtMillis());
        ArrayNode ranges = line.putArray("price_ranges");
        for (PriceGrid.Band band : market.prices().bands()) {
            ranges.addArray()
                    .add(band.start().toString())
                    .add(band.end().toString())
                    .add(band.step().toString());
        }
        line.put("quantity_step", market.quantityStep().toString())
                .put("min_quantity", market.minQuantity().toString())
                .put("min_notional", market.minNotional().toString());
        line.putObject("fees")
                .put("model", lower(market.fees().model()))
                .put("taker_rate", Micros.text(market.fees().takerRateMicros()))
                .put("maker_rate", Micros.text(market.fees().makerRateMicros()))
                .put("version", market.fees().version());
        put(line, "yes_token", market.yesTokenId());
        put(line, "no_token", market.noTokenId());
        if (market.restricted()) {
            line.put("restricted", true);
        }
        if (market.exchangeIndex() != null) {
            line.put("exchange_index", market.exchangeIndex());
        }
        return line.put("source", market.source());
    }

    private static ObjectNode settlement(SettlementEvent event) {
        Settlement settlement = event.settlement();
        ObjectNode line = head("settlement", event.atMillis(), settlement.settledAtMillis());
        put(line, settlement.market());
        return line.put("result", lower(settlement.result()))
                .put("yes_value", settlement.yesValue().toString())
                .put("status", lower(settlement.status()))
                .put("version", settlement.version())
                .put("source", settlement.source());
    }

    private static ObjectNode raw(RawSignalEvent event) {
        ObjectNode line = head("signal", event.atMillis(), event.atMillis());
        put(line, "key", event.key());
        byte[] value = event.value();
        String text = utf8(value);
        if (text == null) {
            return line.put("base64", Base64.getEncoder().encodeToString(value));
        }
        try {
            JsonNode object = Json.parse(text).node();
            if (compact(object).equals(text)) {
                line.set("signal", object);
                return line;
            }
        } catch (BadLine e) {
            // Broken on purpose; it travels as text.
        }
        return line.put("text", text);
    }

    private static @Nullable String utf8(byte[] bytes) {
        try {
            CharBuffer text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes));
            return text.toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static ObjectNode fill(FillEvent event) {
        Fill fill = event.fill();
        ObjectNode line = head("fill", event.atMillis(), fill.tradedAtMillis());
        put(line, fill.market());
        line.put("trade_id", fill.tradeId());
        if (!fill.orderId().isEmpty()) {
            line.put("order_id", fill.orderId());
        }
        line.put("venue_order_id", fill.venueOrderId());
        put(line, "signal_key", event.signalKey());
        return line.put("account", fill.account().value())
                .put("mode", lower(fill.mode()))
                .put("side", lower(fill.side()))
                .put("action", lower(fill.action()))
                .put("price", fill.price().toString())
                .put("quantity", fill.quantity().toString())
                .put("fee", fill.fee().toString())
                .put("taker", fill.taker())
                .put("status", lower(fill.status()));
    }

    /** A signal in the shape of topic {@code signals.json}. */
    static ObjectNode signal(Signal signal) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("request_id", signal.requestId())
                .put("idempotency_key", signal.idempotencyKey())
                .put("account", signal.account().value())
                .put("strategy", signal.strategy().value())
                .put("platform", lower(signal.market().venue()))
                .put("market_id", signal.market().id());
        put(json, "token_id", signal.tokenId());
        put(json, "contract_team", signal.contractTeam());
        put(json, "game_id", signal.gameId());
        put(json, "sport", signal.sport());
        put(json, "signal_id", signal.signalId());
        put(json, "signal_type", signal.signalType());
        put(json, "edge_pct", signal.edgePctMicros() == null ? null : Micros.text(signal.edgePctMicros()));
        json.put("side", lower(signal.side()))
                .put("action", lower(signal.action()))
                .put("limit_price", signal.limitPrice().toString())
                .put("size", signal.size().toString());
        put(json, "max_cost", signal.maxCost());
        put(json, "model_price", signal.modelPriceMicros() == null ? null : Micros.text(signal.modelPriceMicros()));
        json.put("time_in_force", signal.timeInForce().name());
        if (signal.postOnly()) {
            json.put("post_only", true);
        }
        putTime(json, "expires_at", signal.expiresAtMillis());
        json.put("created_at", time(signal.createdAtMillis()));
        put(json, "group_id", signal.groupId());
        if (signal.legIndex() != null) {
            json.put("leg_index", signal.legIndex());
        }
        if (signal.legCount() != null) {
            json.put("leg_count", signal.legCount());
        }
        signal.attributes().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(e -> json.put(e.getKey(), e.getValue()));
        return json;
    }
}
