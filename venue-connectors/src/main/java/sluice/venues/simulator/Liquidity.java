package sluice.venues.simulator;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import sluice.domain.market.Level;
import sluice.domain.market.Settlement;
import sluice.venues.recording.RecordedEvent;
import sluice.venues.recording.Recording;
import sluice.venues.simulator.core.Command;
import sluice.venues.simulator.core.Exchange;
import sluice.venues.simulator.core.Market;

/** Where the house's levels come from while the simulator runs: a recording, or a seeded random maker. One thread. */
final class Liquidity implements AutoCloseable {
    private static final long CENT = 10_000;

    private final Venue venue;
    private final Thread thread;
    private volatile boolean closed;

    private Liquidity(Venue venue, String name, Runnable work) {
        this.venue = venue;
        this.thread = new Thread(work, name);
        this.thread.setDaemon(true);
    }

    /** What a maker needs to know of a market before it can quote there. */
    interface Definer {
        void define(sluice.domain.market.Market market);
    }

    /**
     * Plays a recording in time with its clock, {@code speed} times as fast. Quotes of markets not defined are left
     * out.
     */
    static Liquidity recorded(Venue venue, Recording recording, int speed, Definer definer) {
        Liquidity[] self = new Liquidity[1];
        Liquidity liquidity = new Liquidity(venue, "sim-recording", () -> self[0].play(recording, speed, definer));
        self[0] = liquidity;
        liquidity.thread.start();
        return liquidity;
    }

    /** Keeps random levels around a price that wanders, in every open market. */
    static Liquidity random(Venue venue, long seed, long everyMillis) {
        Liquidity[] self = new Liquidity[1];
        Liquidity liquidity = new Liquidity(venue, "sim-maker", () -> self[0].make(seed, everyMillis));
        self[0] = liquidity;
        liquidity.thread.start();
        return liquidity;
    }

    private void play(Recording recording, int speed, Definer definer) {
        Long first = null;
        long began = System.nanoTime();
        try (Recording.Events events = recording.events()) {
            while (!closed && events.hasNext()) {
                RecordedEvent event = events.next();
                first = first == null ? Long.valueOf(event.atMillis()) : first;
                long dueNanos = began + (event.atMillis() - first) * 1_000_000 / Math.max(1, speed);
                sleep((dueNanos - System.nanoTime()) / 1_000_000);
                switch (event) {
                    case RecordedEvent.QuoteEvent quote ->
                        set(
                                quote.quote().market().id(),
                                levels(quote.quote().bids()),
                                levels(quote.quote().asks()));
                    case RecordedEvent.MarketEvent market -> definer.define(market.market());
                    case RecordedEvent.SettlementEvent settled -> settle(settled.settlement());
                    case RecordedEvent.SignalEvent signal -> {}
                    case RecordedEvent.FillEvent fill -> {}
                    case RecordedEvent.RawSignalEvent raw -> {}
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("the recording " + recording + " cannot be read on", e);
        }
    }

    private void settle(Settlement settlement) {
        String market = settlement.market().id();
        if (venue.live(e -> e.market(market)) == null) {
            return;
        }
        String result =
                switch (settlement.result()) {
                    case YES -> "yes";
                    case NO -> "no";
                    case VOID, SCALAR -> "scalar";
                };
        venue.submit(
                s -> new Command.Determine(s.at(), market, settlement.yesValue().micros(), result));
        if (settlement.status() == Settlement.Status.FINAL) {
            venue.submit(s -> new Command.Settle(s.at(), market));
        }
    }

    private static List<Command.Level> levels(List<Level> levels) {
        return levels.stream()
                .map(l -> new Command.Level(l.price().micros(), l.quantity().micros()))
                .toList();
    }

    private void set(String market, List<Command.Level> bids, List<Command.Level> asks) {
        if (venue.live(e -> e.market(market)) != null) {
            venue.submit(s -> new Command.SetLevels(s.at(), market, bids, asks), false);
        }
    }

    private void make(long seed, long everyMillis) {
        SplittableRandom random = new SplittableRandom(seed);
        java.util.Map<String, Long> mids = new java.util.HashMap<>();
        while (!closed) {
            List<String> open = venue.live(e -> e.markets().stream()
                    .filter(m -> m.status == Market.Status.ACTIVE)
                    .map(m -> m.id)
                    .toList());
            for (String market : open) {
                long mid = mids.merge(
                        market, (20 + random.nextLong(60)) * CENT, (old, fresh) -> old + random.nextLong(-1, 2) * CENT);
                mid = Math.max(10 * CENT, Math.min(Exchange.ONE - 10 * CENT, mid));
                mids.put(market, mid);
                List<Command.Level> bids = new ArrayList<>();
                List<Command.Level> asks = new ArrayList<>();
                for (int i = 1; i <= 5; i++) {
                    bids.add(new Command.Level(mid - i * CENT, random.nextLong(10, 200) * Exchange.ONE));
                    asks.add(new Command.Level(mid + i * CENT, random.nextLong(10, 200) * Exchange.ONE));
                }
                set(market, bids, asks);
            }
            sleep(everyMillis);
        }
    }

    private void sleep(long millis) {
        try {
            if (millis > 0 && !closed) {
                Thread.sleep(millis);
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    /** What a recorded market is called in a setup entry; null where it has nothing to say. */
    static @Nullable String eventOf(sluice.domain.market.Market market) {
        var event = market.event();
        return event == null ? null : event.value();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
