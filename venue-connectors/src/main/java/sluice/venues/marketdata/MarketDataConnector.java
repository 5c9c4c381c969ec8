package sluice.venues.marketdata;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.domain.MarketId;
import sluice.domain.market.Market;
import sluice.domain.market.Settlement;
import sluice.venues.api.ReadOutcome;
import sluice.venues.placement.Outbox;

/**
 * Puts what a venue says of markets into topics: the process role around a {@code VenueClient}'s market side.
 *
 * <p>Followed are the markets of the watch list, those that signals named lately, and those that somebody holds. Of
 * each, metadata is read and told when it is not what it was; its books are told as they change, at a bounded rate; and
 * once it does not trade any more its result is asked for until that is final. A read that fails is tried again and
 * tells nothing.
 *
 * <p>One thread decides and writes; every call to the venue runs on a thread of its own. What it tells may come twice
 * after a restart, but a result that is final. Run one for each venue: two would tell everything twice.
 */
public final class MarketDataConnector implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MarketDataConnector.class);

    /** How long a round waits for signals; answers of the venue wait as long. */
    private static final Duration ROUND = Duration.ofMillis(5);

    /** How often it is asked anew what to follow, if no signal or position has come. */
    private static final Duration CHOOSE_EVERY = Duration.ofSeconds(1);

    /** The venue's clock and ours differ; a market is read so long after the time at which it should change. */
    private static final Duration AFTER_ITS_TIME = Duration.ofSeconds(1);

    private static final Duration FOR_EVER = Duration.ofDays(1);

    /** A market that is followed. */
    private static final class Followed {
        final MarketId id;
        final ReadSchedule metadata = new ReadSchedule();
        final ReadSchedule result = new ReadSchedule();
        boolean isFinal;
        boolean saidAbsent;

        /** As it was last told; null before that. */
        @Nullable
        Market told;

        Followed(MarketId id) {
            this.id = id;
        }
    }

    private final MarketDataConfig config;
    private final MarketDataConfig.Tuning tuning;
    private final Consumer<Throwable> failureListener;
    private final InstantSource clock;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore underWay;
    private final Thread thread;
    private volatile boolean closing;

    // The connector's thread's own.
    private final FollowedMarkets interest;
    private final KnownResults results = new KnownResults();
    private final QuoteConflation conflation;
    private final QuoteStreams streams;
    private final TreeMap<MarketId, Followed> markets = new TreeMap<>();
    private int leftOut;
    private @Nullable Long chosenAt;

    /** @param failureListener hears of what ended the connector, other than a close; called once, by its thread */
    public MarketDataConnector(MarketDataConfig config, Consumer<Throwable> failureListener) {
        this.config = config;
        this.tuning = config.tuning();
        this.failureListener = failureListener;
        this.clock = config.clock();
        this.underWay = new Semaphore(tuning.mostCalls());
        this.interest = new FollowedMarkets(config.watchList(), tuning.keep().toMillis(), tuning.mostMarkets());
        this.conflation = new QuoteConflation(
                tuning.quotePause().toMillis(), tuning.confirmQuotes().toMillis(), tuning.depth());
        this.streams = new QuoteStreams(config.venueClient(), conflation, this::io, inbox::add);
        this.thread = new Thread(this::run, "market-data-" + config.venue());
    }

    /** Starts the connector's thread; {@link #ready} tells when it works. */
    public void start() {
        thread.start();
    }

    /** Completes when all signals and positions until now are taken in, or with what prevented it. */
    public CompletableFuture<Void> ready() {
        return ready.copy();
    }

    /**
     * Says that what is known of a market is out of date, as a venue's stream may tell: it is read again at once, if it
     * is followed. From any thread; returns at once.
     */
    public void reread(MarketId market, String why) {
        inbox.add(() -> {
            var followed = markets.get(market);
            if (followed != null) {
                LOG.info("{} is read again: {}", market, why);
                followed.metadata.ask();
                followed.result.ask();
            }
        });
    }

    /** The same for every market that is followed. */
    public void rereadAll(String why) {
        inbox.add(() -> {
            LOG.info("all {} markets of {} are read again: {}", markets.size(), config.venue(), why);
            markets.values().forEach(followed -> followed.metadata.ask());
        });
    }

    /**
     * Ends after the round at hand, and ends its streams.
     *
     * @return whether it ended in time
     */
    public boolean close(Duration atMost) {
        closing = true;
        try {
            return thread.join(atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        close(FOR_EVER);
    }

    // ------------------------------------------------------------------ the thread

    private void run() {
        try (var outbox = new Outbox(config.client(), config.topics(), config.registry());
                var feed = new InterestFeed(config, interest)) {
            feed.readResults(results::restore);
            while (!closing) {
                round(feed, outbox);
            }
        } catch (RuntimeException e) {
            ready.completeExceptionally(e);
            failureListener.accept(e);
        } finally {
            calls.shutdownNow();
            streams.close();
        }
    }

    private void round(InterestFeed feed, Outbox outbox) {
        boolean heard = feed.poll(ROUND);
        for (var news = inbox.poll(); news != null; news = inbox.poll()) {
            news.run();
        }
        long now = clock.millis();
        if (feed.isCaughtUp()) {
            var last = chosenAt;
            if (heard || last == null || now - last >= CHOOSE_EVERY.toMillis() || now < last) {
                choose(now);
            }
            markets.values().forEach(followed -> work(followed, now, outbox));
            streamBooks(now);
        }
        conflation.take(now).forEach(outbox::send);
        outbox.flush();
        if (feed.isCaughtUp()) {
            ready.complete(null);
        }
    }

    private void choose(long now) {
        chosenAt = now;
        var choice = interest.choose(now);
        for (var gone : new ArrayList<>(markets.keySet())) {
            if (!choice.markets().contains(gone)) {
                LOG.info("{} is not followed any more", gone);
                markets.remove(gone);
            }
        }
        for (var market : choice.markets()) {
            if (results.isFinal(market)) {
                interest.paidOut(market);
            } else if (!markets.containsKey(market)) {
                LOG.info("{} is followed", market);
                markets.put(market, new Followed(market));
            }
        }
        if (choice.leftOut() != leftOut) {
            leftOut = choice.leftOut();
            if (leftOut > 0) {
                LOG.warn(
                        "{} markets of {} are asked for and {} are followed at most: {} have neither quotes nor"
                                + " metadata, those with the oldest signals; raise the bound, or signal fewer markets",
                        markets.size() + leftOut,
                        config.venue(),
                        tuning.mostMarkets(),
                        leftOut);
            }
        }
    }

    private void streamBooks(long now) {
        var wanted = new HashSet<MarketId>();
        for (var followed : markets.values()) {
            var known = followed.told;
            // Only what the venue knows is subscribed to: one wrong name could spoil a stream for all.
            if (known != null && !mayHaveResult(known)) {
                wanted.add(followed.id);
            }
        }
        streams.follow(wanted, now);
    }

    // ------------------------------------------------------------------ metadata and results

    private void work(Followed followed, long now, Outbox outbox) {
        if (followed.metadata.begin(now)) {
            io(() -> {
                var outcome = config.venueClient().market(followed.id);
                inbox.add(() -> market(followed, outcome, outbox));
            });
        }
        var known = followed.told;
        if (known != null && !followed.isFinal && mayHaveResult(known) && followed.result.begin(now)) {
            io(() -> {
                var outcome = config.venueClient().settlement(followed.id);
                inbox.add(() -> result(followed, outcome, outbox));
            });
        }
    }

    private static boolean mayHaveResult(Market market) {
        return switch (market.status()) {
            case CLOSED, DETERMINED, DISPUTED, AMENDED, SETTLED -> true;
            case UNKNOWN, UNOPENED, ACTIVE, PAUSED -> false;
        };
    }

    private void market(Followed followed, ReadOutcome<Market> outcome, Outbox outbox) {
        long now = clock.millis();
        switch (outcome) {
            case ReadOutcome.Failed<Market> failed ->
                failed("metadata", followed, followed.metadata.failed(now, failed.absent()), failed);
            case ReadOutcome.Complete<Market>(Market market, long asOf) -> {
                followed.metadata.succeeded(nextRead(market, now));
                followed.saidAbsent = false;
                if (markets.get(followed.id) != followed) {
                    return;
                }
                var before = followed.told;
                if (before == null || !sameButTime(before, market)) {
                    followed.told = market;
                    outbox.send(market);
                    if (before == null || before.status() != market.status()) {
                        followed.result.ask();
                    }
                }
                if (followed.isFinal) {
                    interest.paidOut(followed.id);
                }
            }
        }
    }

    private void result(Followed followed, ReadOutcome<Optional<Settlement>> outcome, Outbox outbox) {
        long now = clock.millis();
        switch (outcome) {
            case ReadOutcome.Failed<Optional<Settlement>> failed ->
                failed("result", followed, followed.result.failed(now, failed.absent()), failed);
            case ReadOutcome.Complete<Optional<Settlement>>(Optional<Settlement> read, long asOf) -> {
                followed.result.succeeded(now + tuning.resultsEvery().toMillis());
                read.flatMap(results::tell).ifPresent(settlement -> {
                    LOG.info(
                            "{} is {} ({}, version {}): YES pays {}",
                            settlement.market(),
                            settlement.result(),
                            settlement.status(),
                            settlement.version(),
                            settlement.yesValue());
                    outbox.send(settlement);
                });
                if (results.isFinal(followed.id) && !followed.isFinal) {
                    // Once more, so that the last word on the market is not the one before.
                    followed.isFinal = true;
                    followed.metadata.ask();
                }
            }
        }
    }

    /** A market opens and closes by the clock, and nobody may tell of it. */
    private long nextRead(Market market, long now) {
        long next = now + tuning.metadataEvery().toMillis();
        for (Long at : new Long[] {market.openAtMillis(), market.closeAtMillis()}) {
            if (at != null && at + AFTER_ITS_TIME.toMillis() > now) {
                next = Math.min(next, at + AFTER_ITS_TIME.toMillis());
            }
        }
        return next;
    }

    private static boolean sameButTime(Market a, Market b) {
        return a.equals(new Market(
                b.id(),
                b.event(),
                b.mutuallyExclusive(),
                b.category(),
                b.title(),
                b.status(),
                b.openAtMillis(),
                b.closeAtMillis(),
                b.resolveAtMillis(),
                b.prices(),
                b.quantityStep(),
                b.minQuantity(),
                b.minNotional(),
                b.fees(),
                b.yesTokenId(),
                b.noTokenId(),
                b.restricted(),
                b.exchangeIndex(),
                a.updatedAtMillis(),
                b.source()));
    }

    private static void failed(String what, Followed followed, int failures, ReadOutcome.Failed<?> failed) {
        String why = failed.why();
        if (failed.absent() && !followed.saidAbsent) {
            followed.saidAbsent = true;
            LOG.warn(
                    "{} is not known to its venue; it is asked for again after pauses that grow to ten minutes, and"
                            + " until it is found there are no quotes and no orders: {}",
                    followed.id,
                    why);
        } else if (failures == 1) {
            LOG.warn("{} of {} could not be read and is tried again: {}", what, followed.id, why);
        } else {
            LOG.debug("{} of {} could not be read, {} times now: {}", what, followed.id, failures, why);
        }
    }

    // ------------------------------------------------------------------ calls

    private void io(Runnable call) {
        try {
            calls.execute(() -> {
                try {
                    underWay.acquire();
                } catch (InterruptedException e) {
                    // The connector ends; nobody waits for the answer.
                    Thread.currentThread().interrupt();
                    return;
                }
                try {
                    call.run();
                } catch (RuntimeException e) {
                    // What a venue does is an outcome; this is a bug, and ends the connector where it is heard.
                    inbox.add(() -> {
                        throw e;
                    });
                } finally {
                    underWay.release();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("the connector ends; a call is left out");
        }
    }
}
