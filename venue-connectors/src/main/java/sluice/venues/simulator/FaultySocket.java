package sluice.venues.simulator;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A websocket whose outgoing frames suffer faults F4, F5, F6, F17 and F18. */
public final class FaultySocket {
    private final Http.Socket socket;
    private final Faults faults;
    private final Later later;
    private @Nullable String held;
    private long gapUntilNanos;
    private boolean silent;

    public FaultySocket(Http.Socket socket, Faults faults, Later later) {
        this.socket = socket;
        this.faults = faults;
        this.later = later;
    }

    /** Sends a message; entries of faults name its type in {@code where}. */
    public synchronized void send(String type, String text) {
        silent = faults.standing("F17", type) != null
                && (silent || faults.strike("F17", "silent", "silent", type) != null);
        if (silent) {
            return;
        }
        Fault standing = faults.standing("F18", "frame " + type);
        // Without a where it is about answers.
        Fault odd = standing == null || standing.where().isEmpty() ? null : faults.strike("F18", "frame " + type);
        deliver(type, odd == null ? text : OddBody.of(odd, text));
    }

    private void deliver(String type, String text) {
        Fault drop = faults.strike("F5", type);
        if (drop != null && drop.mode().equals("gap")) {
            gapUntilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(drop.number("millis", 2_000));
        }
        if (drop != null || System.nanoTime() - gapUntilNanos < 0) {
            return;
        }
        Fault order = faults.strike("F6", type, mode -> !mode.equals("answer"));
        if (order != null && order.mode().equals("late")) {
            later.in(order.number("millis", 500), () -> socket.send(text));
            return;
        }
        if (order != null && held == null) {
            held = text;
            // A quiet stream must not keep it for ever.
            later.in(order.number("millis", 1_000), this::release);
            return;
        }
        Fault twice = faults.strike("F4", type);
        long copies = twice == null ? 1 : twice.number("count", 2);
        for (long i = 0; i < copies; i++) {
            socket.send(text);
        }
        release();
    }

    private synchronized void release() {
        String text = held;
        held = null;
        if (text != null) {
            socket.send(text);
        }
    }

    /** A protocol-level ping, kept back while silent. */
    public synchronized void ping(String payload) {
        if (!silent) {
            socket.ping(payload);
        }
    }

    public void close(int code, String reason) {
        socket.close(code, reason);
    }

    public int backlog() {
        return socket.backlog();
    }
}
