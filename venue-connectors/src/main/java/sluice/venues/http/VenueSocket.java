package sluice.venues.http;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.jspecify.annotations.Nullable;

/**
 * A websocket that comes back. It says when news may have been lost; what was lost has to be read elsewhere.
 *
 * <p>The listener is called by one thread at a time, and not any more once {@link #close} has returned. A connection
 * counts as lost when it closes, fails, does not answer pings, or stays silent too long.
 */
public final class VenueSocket implements AutoCloseable {
    /** Where to connect and as whom; asked anew for every attempt, because signatures age. */
    public record Handshake(URI uri, Map<String, String> headers) {
        public Handshake {
            headers = Map.copyOf(headers);
        }
    }

    /** Hears of one socket. It may call the socket. */
    public interface Listener {
        /** Connected, at first or again; nothing is subscribed to yet. */
        void onOpen();

        void onText(String text);

        /** The connection is lost, or could not be made; it is tried again by itself. */
        void onGap(String why);
    }

    private static final int NORMAL = 1000;

    private final VenueHttp http;
    private final Supplier<Handshake> handshake;
    private final SocketSettings settings;
    private final Listener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final ScheduledExecutorService timer;
    private final Random jitter;

    // All guarded by lock.
    private @Nullable WebSocket current;
    private @Nullable ScheduledFuture<?> watch;
    private boolean open;
    private boolean closed;
    private boolean probed;
    private int failures;
    private long lastTextNanos;

    /** Nothing happens before {@link #start}. */
    public VenueSocket(VenueHttp http, Supplier<Handshake> handshake, SocketSettings settings, Listener listener) {
        this.http = http;
        this.handshake = handshake;
        this.settings = settings;
        this.listener = listener;
        this.jitter = new Random(settings.seed());
        this.timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("venue-socket").factory());
    }

    /** Begins to connect; returns at once. */
    public void start() {
        timer.execute(this::connect);
    }

    /** Runs a task again and again, as the listener is called: by one thread at a time, and not after closing. */
    public void every(Duration period, Runnable task) {
        long millis = period.toMillis();
        var unused = timer.scheduleWithFixedDelay(
                () -> {
                    lock.lock();
                    try {
                        if (!closed) {
                            task.run();
                        }
                    } finally {
                        lock.unlock();
                    }
                },
                millis,
                millis,
                TimeUnit.MILLISECONDS);
    }

    /** Sends a text; false if there is no open connection to send it on. */
    public boolean send(String text) {
        lock.lock();
        try {
            var socket = current;
            return open && socket != null && socket.send(text);
        } finally {
            lock.unlock();
        }
    }

    public boolean isOpen() {
        lock.lock();
        try {
            return open;
        } finally {
            lock.unlock();
        }
    }

    /** Drops the connection, as if it had failed: for a caller that can make no sense of it any more. */
    public void reconnect(String why) {
        lock.lock();
        try {
            lost(current, why);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            open = false;
            var socket = current;
            current = null;
            if (socket != null && !socket.close(NORMAL, null)) {
                socket.cancel();
            }
        } finally {
            lock.unlock();
        }
        timer.shutdownNow();
    }

    // ------------------------------------------------------------------ connecting and losing

    private void connect() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            var to = handshake.get();
            var request = new Request.Builder()
                    .url(VenueHttp.checked(to.uri(), "wss", "ws").toString())
                    .headers(VenueHttp.headers(to.headers()))
                    .build();
            current = http.client().newWebSocket(request, new Events());
        } catch (RuntimeException e) {
            // A key that cannot sign, an address that is none: said, and tried again, because nobody waits for us.
            lost(null, "cannot begin to connect: " + VenueHttp.told(e));
        } finally {
            lock.unlock();
        }
    }

    /** Forgets {@code socket} if it is the one in use, and plans the next attempt. Holds the lock. */
    private void lost(@Nullable WebSocket socket, String why) {
        if (closed || socket != current) {
            return;
        }
        open = false;
        current = null;
        if (socket != null) {
            socket.cancel();
        }
        var watching = watch;
        if (watching != null) {
            watching.cancel(false);
        }
        failures++;
        long wait = settings.backOff(failures).toMillis();
        var unused = timer.schedule(this::connect, wait / 2 + jitter.nextLong(wait / 2 + 1), TimeUnit.MILLISECONDS);
        listener.onGap(why);
    }

    private void watchSilence() {
        long every = Math.max(1, settings.silence().toMillis() / 8);
        watch = timer.scheduleWithFixedDelay(this::lookForLife, every, every, TimeUnit.MILLISECONDS);
    }

    private void lookForLife() {
        lock.lock();
        try {
            var socket = current;
            if (!open || socket == null) {
                return;
            }
            long silent = System.nanoTime() - lastTextNanos;
            if (silent >= settings.silence().toNanos()) {
                lost(
                        socket,
                        "open, and silent for " + TimeUnit.NANOSECONDS.toMillis(silent) + " ms; the bound is "
                                + settings.silence().toMillis() + " ms");
            } else if (!probed
                    && !settings.probe().isEmpty()
                    && silent >= settings.silence().toNanos() / 2) {
                probed = true;
                socket.send(settings.probe());
            }
        } finally {
            lock.unlock();
        }
    }

    private final class Events extends WebSocketListener {
        private void ifCurrent(WebSocket socket, Runnable then) {
            lock.lock();
            try {
                if (!closed && socket == current) {
                    then.run();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void onOpen(WebSocket socket, Response response) {
            ifCurrent(socket, () -> {
                open = true;
                lastTextNanos = System.nanoTime();
                probed = false;
                watchSilence();
                listener.onOpen();
            });
        }

        @Override
        public void onMessage(WebSocket socket, String text) {
            ifCurrent(socket, () -> {
                lastTextNanos = System.nanoTime();
                probed = false;
                // An opened connection that never says anything has not ended a row of failures.
                failures = 0;
                listener.onText(text);
            });
        }

        @Override
        public void onClosing(WebSocket socket, int code, String reason) {
            ifCurrent(socket, () -> lost(socket, "closed by the venue: " + code + " " + reason));
        }

        @Override
        public void onFailure(WebSocket socket, Throwable failure, @Nullable Response response) {
            var status = response == null ? "" : "status " + response.code() + ", ";
            ifCurrent(socket, () -> lost(socket, "lost: " + status + VenueHttp.told(failure)));
        }
    }
}
