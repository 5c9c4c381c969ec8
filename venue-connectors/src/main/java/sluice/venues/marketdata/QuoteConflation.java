package sluice.venues.marketdata;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.domain.MarketId;
import sluice.domain.market.Quote;

/**
 * The newest book of each market that is followed, handed on at a bounded rate. What is overtaken is left out; the
 * newest is never left out, only put off for as long as the rate asks.
 *
 * <p>Streams are numbered as they are opened. A newer one takes a market over with its first word of it; from then on
 * older ones are not listened to, so that they can end without a loss.
 *
 * <p>Pure, and safe for several threads: streams put in, the connector takes out. It holds one book of each market,
 * however slow the taking is.
 */
final class QuoteConflation {
    private static final class Book {
        int stream = -1;
        /** Null while the book cannot be trusted. */
        @Nullable
        Quote newest;

        @Nullable
        Long toldAtMillis;
    }

    private final long pauseMillis;
    private final long confirmMillis;
    private final int depth;
    private final Map<MarketId, Book> books = new HashMap<>();
    private final Set<MarketId> untold = new LinkedHashSet<>();

    /**
     * @param pauseMillis least time between two books of a market
     * @param confirmMillis least time before an unchanged book is told again because its stream has confirmed it
     * @param depth levels of each side that are told
     */
    QuoteConflation(long pauseMillis, long confirmMillis, int depth) {
        this.pauseMillis = pauseMillis;
        this.confirmMillis = confirmMillis;
        this.depth = depth;
    }

    /** Follows these markets and no others; of the others nothing is kept. */
    synchronized void follow(Set<MarketId> markets) {
        books.keySet().retainAll(markets);
        untold.retainAll(markets);
        markets.forEach(market -> books.computeIfAbsent(market, id -> new Book()));
    }

    /** A stream tells of a book. */
    synchronized void offer(int stream, Quote quote) {
        var book = books.get(quote.market());
        if (book == null || stream < book.stream) {
            return;
        }
        book.stream = stream;
        book.newest = cut(quote);
        untold.add(quote.market());
    }

    /** A stream may have lost news of a market: what it told is not handed on any more, until it tells anew. */
    synchronized void gap(int stream, MarketId market) {
        var book = books.get(market);
        if (book != null && stream == book.stream) {
            book.newest = null;
            untold.remove(market);
        }
    }

    /**
     * A stream has told everything that happened in these markets up to a time: the books that it told are as of then.
     * Those that changed or were confirmed a short while ago are left as they are.
     */
    synchronized void confirm(int stream, Set<MarketId> markets, long asOfMillis) {
        for (MarketId market : markets) {
            var book = books.get(market);
            if (book == null || book.stream != stream || book.newest == null) {
                continue;
            }
            if (asOfMillis - book.newest.atMillis() >= confirmMillis) {
                book.newest = asOf(book.newest, asOfMillis);
                untold.add(market);
            }
        }
    }

    /** The stream that a market's books come from; -1 while none has told of it. */
    synchronized int streamOf(MarketId market) {
        var book = books.get(market);
        return book == null ? -1 : book.stream;
    }

    /** Takes out the books that are due. */
    synchronized List<Quote> take(long nowMillis) {
        var due = new ArrayList<Quote>();
        for (Iterator<MarketId> each = untold.iterator(); each.hasNext(); ) {
            var book = books.get(each.next());
            if (book == null || book.newest == null) {
                each.remove();
                continue;
            }
            var told = book.toldAtMillis;
            // A clock that was set back must not hold anything up.
            if (told == null || nowMillis - told >= pauseMillis || nowMillis < told) {
                due.add(book.newest);
                book.toldAtMillis = nowMillis;
                each.remove();
            }
        }
        return due;
    }

    private Quote cut(Quote quote) {
        return quote.bids().size() <= depth && quote.asks().size() <= depth
                ? quote
                : new Quote(
                        quote.market(),
                        quote.bids().subList(0, Math.min(depth, quote.bids().size())),
                        quote.asks().subList(0, Math.min(depth, quote.asks().size())),
                        quote.depthKnown(),
                        quote.lastTradePrice(),
                        quote.lastTradeQuantity(),
                        quote.lastTradeAtMillis(),
                        quote.sequence(),
                        quote.atMillis(),
                        quote.source());
    }

    private static Quote asOf(Quote quote, long atMillis) {
        return new Quote(
                quote.market(),
                quote.bids(),
                quote.asks(),
                quote.depthKnown(),
                quote.lastTradePrice(),
                quote.lastTradeQuantity(),
                quote.lastTradeAtMillis(),
                quote.sequence(),
                atMillis,
                quote.source());
    }
}
