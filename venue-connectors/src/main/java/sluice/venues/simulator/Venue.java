package sluice.venues.simulator;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sluice.venues.simulator.core.Command;
import sluice.venues.simulator.core.Exchange;

/**
 * The exchange with a clock, a ledger and faults around it. Thread-safe: commands are carried out one at a time, are on
 * disk before the caller sees the outcome, and are told to the listeners in the order in which they happened.
 */
public final class Venue implements AutoCloseable {
    private static final long STALEST_MILLIS = 60_000;

    /** What a command's maker is told: the venue's time, and an id that no other command has, also after a restart. */
    public record Stamp(long at, String id) {}

    /** Hears of every command after it is durable. Must not block: the exchange stands still meanwhile. */
    @FunctionalInterface
    public interface Listener {
        void happened(Command command, Exchange.Outcome outcome);
    }

    /** The exchange as it was some time ago. */
    private static final class Replica {
        final Exchange exchange;
        final Deque<Command> ahead = new ArrayDeque<>();

        Replica(Exchange.Rules rules) {
            this.exchange = new Exchange(rules);
        }

        Exchange at(long time) {
            while (!ahead.isEmpty() && ahead.peekFirst().at() <= time) {
                exchange.apply(ahead.removeFirst());
            }
            return exchange;
        }
    }

    private final Exchange exchange;
    private final Replica lagging;
    private final Replica stale;
    private final Ledger ledger;
    private final Faults faults;
    private final InstantSource clock;
    private final long seed;
    private final long readLagMillis;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private long lastAt;
    private long commands;

    Venue(
            ObjectMapper json,
            Exchange.Rules rules,
            Path ledgerFolder,
            Faults faults,
            InstantSource clock,
            long seed,
            long readLagMillis)
            throws IOException {
        this.exchange = new Exchange(rules);
        this.lagging = new Replica(rules);
        this.stale = new Replica(rules);
        this.ledger = new Ledger(json, ledgerFolder);
        this.faults = faults;
        this.clock = clock;
        this.seed = seed;
        this.readLagMillis = readLagMillis;
        for (Command command : ledger.earlier()) {
            exchange.apply(command);
            lagging.ahead.add(command);
            stale.ahead.add(command);
            lastAt = command.at();
            commands++;
        }
    }

    public Faults faults() {
        return faults;
    }

    /** Whether the ledger was empty when it was opened. */
    public boolean isNew() {
        return ledger.earlier().isEmpty();
    }

    /** The venue's clock, milliseconds; fault F16 puts it off. */
    public long now() {
        Fault skew = faults.standing("F16", "");
        return clock.millis() + (skew == null ? 0 : skew.number("millis", 2_000));
    }

    /** Carries out a command; when this returns it will be remembered. */
    public Exchange.Outcome submit(Function<Stamp, Command> maker) {
        return submit(maker, true);
    }

    /** With {@code durable} false, the command is on disk only once a later durable one is: for quotes. */
    public synchronized Exchange.Outcome submit(Function<Stamp, Command> maker, boolean durable) {
        lastAt = Math.max(lastAt, clock.millis());
        String id = UUID.nameUUIDFromBytes(("order/" + seed + "/" + commands).getBytes(StandardCharsets.UTF_8))
                .toString();
        Command command = maker.apply(new Stamp(lastAt, id));
        Exchange.Outcome outcome = exchange.apply(command);
        if (command instanceof Command.Tick && outcome.changes().isEmpty()) {
            return outcome;
        }
        commands++;
        ledger.append(command, durable);
        lagging.ahead.add(command);
        stale.ahead.add(command);
        stale.at(lastAt - STALEST_MILLIS);
        lagging.at(lastAt - readLagMillis);
        for (Listener listener : listeners) {
            listener.happened(command, outcome);
        }
        return outcome;
    }

    /** Reads the exchange as it is. Nothing of it may be kept. */
    public synchronized <T> T live(Function<Exchange, T> reader) {
        return reader.apply(exchange);
    }

    /** Reads what the venue's read side shows: late by the read lag, or by fault F7. Nothing of it may be kept. */
    public synchronized <T> T view(String place, Function<Exchange, T> reader) {
        long now = clock.millis();
        Fault fault = faults.strike("F7", "stale", "stale", place);
        if (fault != null) {
            return reader.apply(stale.at(now - Math.min(STALEST_MILLIS, fault.number("millis", 5_000))));
        }
        return reader.apply(readLagMillis == 0 ? exchange : lagging.at(now - readLagMillis));
    }

    /** As of when reads are, milliseconds. */
    public long viewTime() {
        return now() - readLagMillis;
    }

    /** Runs something that must not interleave with commands. */
    public synchronized void exclusively(Runnable action) {
        action.run();
    }

    public void listen(Listener listener) {
        listeners.add(listener);
    }

    public @Nullable Fault strike(String id, String place) {
        return faults.strike(id, place);
    }

    @Override
    public synchronized void close() throws IOException {
        ledger.close();
    }
}
