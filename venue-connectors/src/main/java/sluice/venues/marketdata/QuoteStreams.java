package sluice.venues.marketdata;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.domain.MarketId;
import sluice.domain.market.Quote;
import sluice.venues.api.QuoteListener;
import sluice.venues.api.Subscription;
import sluice.venues.api.VenueClient;

/**
 * The streams that tell of books. Markets that join get a stream of their own, so that the others are not disturbed;
 * when there are too many, one for all is opened, and the old ones end once it has told of what they told.
 *
 * <p>For the connector's thread; opening and closing run elsewhere.
 */
final class QuoteStreams {
    private static final Logger LOG = LoggerFactory.getLogger(QuoteStreams.class);
    private static final int MOST_STREAMS = 4;

    /** Markets that are left on a stream though nobody follows them, before it is made anew. */
    private static final int MOST_UNWANTED = 20;

    /** Between two openings, so that what comes together is asked for together. */
    private static final Duration PAUSE = Duration.ofMillis(250);

    /** A stream that replaces others has so long to tell of their markets. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final class Stream {
        final int number;
        final Set<MarketId> markets;
        final long openedAt;
        boolean ended;

        @Nullable
        Subscription subscription;

        Stream(int number, Set<MarketId> markets, long openedAt) {
            this.number = number;
            this.markets = markets;
            this.openedAt = openedAt;
        }
    }

    private final VenueClient venue;
    private final QuoteConflation conflation;
    private final Executor io;
    private final Consumer<Runnable> connectorThread;
    private final List<Stream> streams = new ArrayList<>();
    /** Also those that the connector's thread does not know of yet. */
    private final Set<Subscription> open = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;
    private int numbers;
    private @Nullable Long openedAt;

    /** @param connectorThread runs what has to be done by it */
    QuoteStreams(VenueClient venue, QuoteConflation conflation, Executor io, Consumer<Runnable> connectorThread) {
        this.venue = venue;
        this.conflation = conflation;
        this.io = io;
        this.connectorThread = connectorThread;
    }

    /** Sees to it that exactly these markets are streamed, now or in a moment. */
    void follow(Set<MarketId> wanted, long now) {
        conflation.follow(wanted);
        var streamed = new HashSet<MarketId>();
        int places = 0;
        for (var stream : streams) {
            streamed.addAll(stream.markets);
            places += stream.markets.size();
        }
        boolean replacing = places > streamed.size();
        var missing = new HashSet<>(wanted);
        missing.removeAll(streamed);
        streamed.removeAll(wanted);
        var last = openedAt;
        if (last == null || now - last >= PAUSE.toMillis() || now < last) {
            if (!missing.isEmpty() && streams.size() < MOST_STREAMS) {
                open(missing, now);
            } else if (!replacing && !wanted.isEmpty() && (!missing.isEmpty() || streamed.size() > MOST_UNWANTED)) {
                open(wanted, now);
            }
        }
        for (var stream : List.copyOf(streams)) {
            if (isReplaced(stream, wanted, now)) {
                end(stream);
            }
        }
    }

    private boolean isReplaced(Stream old, Set<MarketId> wanted, long now) {
        return old.markets.stream().filter(wanted::contains).allMatch(market -> streams.stream()
                .anyMatch(stream -> stream.number > old.number
                        && stream.markets.contains(market)
                        && (conflation.streamOf(market) >= stream.number
                                || now - stream.openedAt >= PATIENCE.toMillis())));
    }

    private void open(Set<MarketId> markets, long now) {
        openedAt = now;
        var stream = new Stream(numbers++, Set.copyOf(markets), now);
        streams.add(stream);
        LOG.info("stream {} of books is opened for {} markets", stream.number, stream.markets.size());
        var listener = new QuoteListener() {
            @Override
            public void onQuote(Quote quote) {
                conflation.offer(stream.number, quote);
            }

            @Override
            public void onGap(MarketId market, String why) {
                LOG.debug("stream {}: the book of {} is not known: {}", stream.number, market, why);
                conflation.gap(stream.number, market);
            }

            @Override
            public void onCurrent(Set<MarketId> markets, long asOfMillis) {
                conflation.confirm(stream.number, markets, asOfMillis);
            }
        };
        io.execute(() -> {
            var subscription = venue.streamQuotes(stream.markets, listener);
            open.add(subscription);
            if (closed) {
                subscription.close();
            }
            connectorThread.accept(() -> {
                stream.subscription = subscription;
                if (stream.ended) {
                    close(subscription);
                }
            });
        });
    }

    private void end(Stream stream) {
        stream.ended = true;
        streams.remove(stream);
        // Where nobody took over, nothing more will be heard: what it told must not be confirmed.
        stream.markets.forEach(market -> conflation.gap(stream.number, market));
        var subscription = stream.subscription;
        if (subscription != null) {
            close(subscription);
        }
    }

    private void close(Subscription subscription) {
        open.remove(subscription);
        io.execute(subscription::close);
    }

    /** Ends every stream, also those that are being opened; on the thread that calls. */
    void close() {
        closed = true;
        open.forEach(Subscription::close);
    }
}
