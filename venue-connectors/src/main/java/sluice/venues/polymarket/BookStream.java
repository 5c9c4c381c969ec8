package sluice.venues.polymarket;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import sluice.domain.MarketId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.market.Level;
import sluice.domain.market.Market;
import sluice.domain.market.Quote;
import sluice.venues.api.QuoteListener;
import sluice.venues.polymarket.Words.Unreadable;

/**
 * Books from the market channel. One logical book per market: the YES token's book holds the NO orders as well,
 * mirrored, so it alone is followed. The venue numbers nothing; instead, each change tells the best prices after it,
 * and a book that disagrees is dropped and asked for anew. The book's own hash is not checked: how the venue writes
 * what it hashes is not known.
 */
final class BookStream implements ClobSocket.Listener {
    private static final String SOURCE = "polymarket:market";

    /** An order is priced against a book of a short while ago at most, also where nothing happens. */
    private static final long PING_MILLIS = 1_000;

    /** The book of one token; null levels mean that a snapshot is awaited. */
    private static final class Book {
        final MarketId market;
        final NavigableMap<Price, Quantity> bids = new TreeMap<>(Comparator.reverseOrder());
        final NavigableMap<Price, Quantity> asks = new TreeMap<>();
        boolean trusted;
        long atMillis;

        @Nullable
        Price lastPrice;

        @Nullable
        Quantity lastQuantity;

        @Nullable
        Long lastAtMillis;

        Book(MarketId market) {
            this.market = market;
        }

        Quote quote() {
            return new Quote(
                    market,
                    levels(bids),
                    levels(asks),
                    true,
                    lastPrice,
                    lastQuantity,
                    lastAtMillis,
                    null,
                    atMillis,
                    SOURCE);
        }

        private static List<Level> levels(NavigableMap<Price, Quantity> side) {
            var levels = new ArrayList<Level>(side.size());
            side.forEach((price, quantity) -> levels.add(new Level(price, quantity)));
            return levels;
        }
    }

    private final Map<String, Book> books = new LinkedHashMap<>();
    private final QuoteListener listener;
    private final BiConsumer<MarketId, String> marketChanged;

    /** @param marketChanged hears that what is known of a market is out of date, and why */
    BookStream(Collection<Market> markets, QuoteListener listener, BiConsumer<MarketId, String> marketChanged) {
        for (var market : markets) {
            var token = market.yesTokenId();
            if (token == null) {
                throw new IllegalArgumentException(market.id() + " has no YES token");
            }
            books.put(token, new Book(market.id()));
        }
        this.listener = listener;
        this.marketChanged = marketChanged;
    }

    @Override
    public void onOpen(ClobSocket socket) {
        socket.send(
                "{\"type\":\"market\",\"assets_ids\":" + quoted(books.keySet()) + ",\"custom_feature_enabled\":true}");
    }

    @Override
    public void onGap(String why) {
        for (var book : books.values()) {
            drop(book, why);
        }
    }

    @Override
    public void onEvent(ClobSocket socket, JsonNode event) throws Unreadable {
        switch (Words.textOr(event, "event_type", "")) {
            case "book" -> snapshot(event);
            case "price_change" -> changes(socket, event);
            case "last_trade_price" -> trade(event);
            case "tick_size_change" -> {
                var token = Words.text(event, "asset_id");
                var book = books.get(token);
                if (book != null) {
                    var why = "its tick changed from "
                            + event.path("old_tick_size").asText() + " to "
                            + event.path("new_tick_size").asText();
                    marketChanged.accept(book.market, why);
                    again(socket, token, book, why);
                }
            }
            case "market_resolved" -> {
                var market = event.path("market").asText();
                books.values().stream()
                        .filter(book -> book.market.id().equalsIgnoreCase(market))
                        .forEach(book -> marketChanged.accept(book.market, "it was resolved"));
            }
            // best_bid_ask says what the book says; new_market is none of ours; a kind that we do not know cannot
            // change
            // a book unseen, because the next change would disagree with it.
            default -> {}
        }
    }

    @Override
    public void onCurrent(long askedAtMillis) {
        var markets = new HashSet<MarketId>();
        for (var book : books.values()) {
            if (book.trusted) {
                markets.add(book.market);
            }
        }
        if (!markets.isEmpty()) {
            listener.onCurrent(markets, askedAtMillis);
        }
    }

    @Override
    public long pingMillis() {
        return PING_MILLIS;
    }

    private void snapshot(JsonNode event) throws Unreadable {
        var book = books.get(Words.text(event, "asset_id"));
        if (book == null) {
            return;
        }
        var bids = levels(event, "bids");
        var asks = levels(event, "asks");
        long at = Words.millis(event, "timestamp");
        book.bids.clear();
        book.asks.clear();
        book.bids.putAll(bids);
        book.asks.putAll(asks);
        book.atMillis = at;
        book.trusted = true;
        listener.onQuote(book.quote());
    }

    private static Map<Price, Quantity> levels(JsonNode event, String side) throws Unreadable {
        var levels = new HashMap<Price, Quantity>();
        for (var level : Words.array(event.path(side), side)) {
            var size = Words.quantity(level, "size");
            if (!size.isZero()) {
                levels.put(Words.price(level, "price"), size);
            }
        }
        return levels;
    }

    private void changes(ClobSocket socket, JsonNode event) throws Unreadable {
        long at = Words.millis(event, "timestamp");
        var last = new LinkedHashMap<String, JsonNode>();
        for (var change : Words.array(event.path("price_changes"), "price_changes")) {
            var token = Words.text(change, "asset_id");
            var book = books.get(token);
            if (book == null || !book.trusted || at < book.atMillis) {
                continue;
            }
            var side = Words.text(change, "side");
            var levels =
                    switch (side) {
                        case "BUY" -> book.bids;
                        case "SELL" -> book.asks;
                        default -> throw new Unreadable("side is \"" + side + "\"; BUY and SELL are known");
                    };
            var price = Words.price(change, "price");
            var size = Words.quantity(change, "size");
            if (size.isZero()) {
                levels.remove(price);
            } else {
                levels.put(price, size);
            }
            last.put(token, change);
        }
        for (var change : last.entrySet()) {
            var book = books.get(change.getKey());
            if (book == null) {
                continue;
            }
            if (!agrees(book.bids, change.getValue(), "best_bid", BigDecimal.ZERO)
                    || !agrees(book.asks, change.getValue(), "best_ask", BigDecimal.ONE)) {
                again(socket, change.getKey(), book, "its best prices are not the ones that the venue tells");
                continue;
            }
            book.atMillis = at;
            listener.onQuote(book.quote());
        }
    }

    /** Whether the best price is the one told; a message that tells none proves nothing. */
    private static boolean agrees(NavigableMap<Price, Quantity> side, JsonNode change, String key, BigDecimal none)
            throws Unreadable {
        var told = Words.decimalOrNull(change, key);
        if (told == null) {
            return true;
        }
        if (side.isEmpty()) {
            return told.signum() == 0 || told.compareTo(none) == 0;
        }
        return Words.price(change, key).equals(side.firstKey());
    }

    private void trade(JsonNode event) throws Unreadable {
        var book = books.get(Words.text(event, "asset_id"));
        if (book == null) {
            return;
        }
        book.lastPrice = Words.price(event, "price");
        book.lastQuantity = Words.quantity(event, "size");
        book.lastAtMillis = Words.millis(event, "timestamp");
        if (book.trusted) {
            book.atMillis = Math.max(book.atMillis, Words.millis(event, "timestamp"));
            listener.onQuote(book.quote());
        }
    }

    /** A subscription that stands brings no snapshot; it has to be ended first. */
    private void again(ClobSocket socket, String token, Book book, String why) {
        drop(book, why);
        var list = quoted(List.of(token));
        socket.send("{\"operation\":\"unsubscribe\",\"assets_ids\":" + list + "}");
        socket.send("{\"operation\":\"subscribe\",\"assets_ids\":" + list + ",\"custom_feature_enabled\":true}");
    }

    private void drop(Book book, String why) {
        book.trusted = false;
        listener.onGap(book.market, why);
    }

    private static String quoted(Collection<String> tokens) {
        var list = new StringJoiner("\",\"", "[\"", "\"]");
        tokens.forEach(list::add);
        return list.toString();
    }
}
