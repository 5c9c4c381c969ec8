package sluice.venues.kalshi;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sluice.domain.MarketId;
import sluice.domain.Micros;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Venue;
import sluice.domain.market.Level;
import sluice.domain.market.Quote;
import sluice.venues.kalshi.KalshiJson.Unreadable;

/**
 * The books of one subscription, built from a snapshot and the changes after it, all in prices of YES. A number that is
 * missing, repeated or out of order ends it: nothing more is believed until {@link #restart}.
 *
 * <p>Pure. Not safe for several threads.
 */
final class KalshiBook {
    private static final class Side {
        final NavigableMap<Long, Long> levels = new TreeMap<>();

        void set(String price, String count) throws Unreadable {
            long micros = decimal(count);
            if (micros < 0) {
                throw new Unreadable("a level of " + count + " contracts");
            }
            long at = decimal(price);
            if (at < 0 || at > Micros.ONE) {
                throw new Unreadable("a level at " + price);
            }
            levels.put(at, micros);
        }

        void add(long price, long delta) throws Unreadable {
            long after = levels.getOrDefault(price, 0L) + delta;
            if (after < 0) {
                throw new Unreadable("a level of " + Micros.text(after) + " contracts at " + Micros.text(price));
            }
            if (after == 0) {
                levels.remove(price);
            } else {
                levels.put(price, after);
            }
        }

        List<Level> best(boolean highestFirst, int depth) {
            var best = new ArrayList<Level>();
            for (var level : (highestFirst ? levels.descendingMap() : levels).entrySet()) {
                if (best.size() == depth) {
                    break;
                }
                if (level.getValue() > 0) {
                    best.add(new Level(new Price(level.getKey()), new Quantity(level.getValue())));
                }
            }
            return best;
        }
    }

    private static final class Book {
        final Side bids = new Side();
        final Side asks = new Side();
        long sequence;
        long atMillis;
    }

    private record Trade(Price price, Quantity quantity, long atMillis) {}

    private final Map<String, Book> books = new HashMap<>();
    private final Map<String, Trade> trades = new HashMap<>();
    private @Nullable Long sid;
    private long sequence;
    private boolean broken;

    /** A new subscription begins; what was known before is forgotten. */
    void restart() {
        books.clear();
        sid = null;
        broken = false;
        sequence = 0;
    }

    /** The venue has named the subscription. Messages of any other are not of these books. */
    void subscribed(long newSid) {
        sid = newSid;
    }

    @Nullable
    Long sid() {
        return sid;
    }

    /**
     * Takes any message that carries a sequence number of this subscription.
     *
     * @return the ticker whose book has changed, if one has
     * @throws Unreadable if news was lost, or makes no sense; then {@link #restart} is needed
     */
    Optional<String> take(KalshiJson message) throws Unreadable {
        var mine = sid;
        if (broken || mine == null || !message.has("sid") || message.integer("sid") != mine) {
            return Optional.empty();
        }
        try {
            long next = message.integer("seq");
            if (next != sequence + 1) {
                throw new Unreadable("message " + next + " follows " + sequence + " of subscription " + mine);
            }
            sequence = next;
            return switch (message.text("type")) {
                case "orderbook_snapshot" -> Optional.of(snapshot(message));
                case "orderbook_delta" -> Optional.of(delta(message));
                // These count, and change nothing.
                default -> Optional.empty();
            };
        } catch (Unreadable e) {
            broken = true;
            throw e;
        }
    }

    private String snapshot(KalshiJson message) throws Unreadable {
        var msg = message.object("msg");
        var ticker = msg.text("market_ticker");
        var book = new Book();
        for (var level : msg.levels("yes_dollars_fp")) {
            book.bids.set(level[0], level[1]);
        }
        for (var level : msg.levels("no_dollars_fp")) {
            book.asks.set(level[0], level[1]);
        }
        stamp(book, message, msg);
        books.put(ticker, book);
        return ticker;
    }

    private String delta(KalshiJson message) throws Unreadable {
        var msg = message.object("msg");
        var ticker = msg.text("market_ticker");
        var book = books.get(ticker);
        if (book == null) {
            throw new Unreadable("a change of " + ticker + " before its snapshot");
        }
        var side = msg.text("side");
        switch (side) {
            case "yes" -> book.bids.add(msg.price("price_dollars").micros(), msg.micros("delta_fp"));
            case "no" -> book.asks.add(msg.price("price_dollars").micros(), msg.micros("delta_fp"));
            default -> throw new Unreadable("side \"" + side + "\" is none we know");
        }
        stamp(book, message, msg);
        return ticker;
    }

    private void stamp(Book book, KalshiJson message, KalshiJson msg) throws Unreadable {
        book.sequence = sequence;
        if (msg.has("ts_ms")) {
            book.atMillis = msg.integer("ts_ms");
        } else if (message.has("sending_ts_ms")) {
            book.atMillis = message.integer("sending_ts_ms");
        }
    }

    /** A trade of anybody; its order does not matter for the books. */
    void traded(KalshiJson message) throws Unreadable {
        var msg = message.object("msg");
        trades.put(
                msg.text("market_ticker"),
                new Trade(msg.price("yes_price_dollars"), msg.quantity("count_fp"), msg.integer("ts_ms")));
    }

    /** The newest book of a market; empty without one that can be trusted. */
    Optional<Quote> quote(String ticker, int depth) {
        var book = broken ? null : books.get(ticker);
        if (book == null) {
            return Optional.empty();
        }
        var trade = trades.get(ticker);
        return Optional.of(new Quote(
                new MarketId(Venue.KALSHI, ticker),
                book.bids.best(true, depth),
                book.asks.best(false, depth),
                true,
                trade == null ? null : trade.price,
                trade == null ? null : trade.quantity,
                trade == null ? null : (Long) trade.atMillis,
                book.sequence,
                book.atMillis,
                "kalshi"));
    }

    /** Those whose books can be trusted. */
    Set<String> tickers() {
        return broken ? Set.of() : Set.copyOf(books.keySet());
    }

    private static long decimal(String text) throws Unreadable {
        try {
            return Micros.parse(text);
        } catch (ArithmeticException | NumberFormatException e) {
            throw new Unreadable("\"" + text + "\" in a book is not a decimal of at most six places");
        }
    }
}
