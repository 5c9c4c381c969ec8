package sluice.venues.polymarket;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import sluice.venues.api.Subscription;
import sluice.venues.http.SocketSettings;
import sluice.venues.http.VenueHttp;
import sluice.venues.http.VenueSocket;
import sluice.venues.polymarket.Words.Unreadable;

/**
 * One websocket of the venue: PING every ten seconds or more often, one object or a list of them in a text. Its
 * listener is called by one thread of its own, so that it may read from the venue without holding up the socket.
 */
final class ClobSocket implements Subscription {
    /** Hears of one websocket. */
    interface Listener {
        /** Connected, at first or again; here is where to subscribe. */
        void onOpen(ClobSocket socket);

        /**
         * One event of the venue's.
         *
         * @throws Unreadable if it makes no sense; that is told as a gap
         */
        void onEvent(ClobSocket socket, JsonNode event) throws Unreadable;

        void onGap(String why);

        /** The venue has answered, and so has told everything that it had to tell when it was asked. */
        default void onCurrent(long askedAtMillis) {}

        /** How often the venue is asked for a sign of life. */
        default long pingMillis() {
            return PING_MILLIS;
        }
    }

    /** As the venue asks for. */
    private static final long PING_MILLIS = 10_000;

    private static final long NOT_ASKED = Long.MIN_VALUE;

    private final VenueSocket socket;
    private final Listener listener;
    private final ExecutorService events;
    private final ScheduledExecutorService timer;
    private final InstantSource clock;
    private final AtomicLong pingedAtMillis = new AtomicLong(NOT_ASKED);
    private final Object quiet = new Object();
    private @Nullable ScheduledFuture<?> pings;
    private boolean closed;
    private volatile boolean answers;

    ClobSocket(
            VenueHttp http,
            URI uri,
            SocketSettings settings,
            ScheduledExecutorService timer,
            InstantSource clock,
            Listener listener) {
        this.clock = clock;
        this.listener = listener;
        this.timer = timer;
        this.events = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("polymarket-stream").factory());
        this.socket = new VenueSocket(
                http, () -> new VenueSocket.Handshake(uri, Map.of()), settings, new VenueSocket.Listener() {
                    @Override
                    public void onOpen() {
                        later(() -> listener.onOpen(ClobSocket.this));
                        // Open proves little: it counts once the venue has said something.
                        later(ClobSocket.this::ping);
                    }

                    @Override
                    public void onText(String text) {
                        answers = true;
                        later(() -> take(text));
                    }

                    @Override
                    public void onGap(String why) {
                        answers = false;
                        pingedAtMillis.set(NOT_ASKED);
                        later(() -> listener.onGap(why));
                    }
                });
    }

    void start() {
        long every = listener.pingMillis();
        pings = timer.scheduleAtFixedRate(this::ping, every, every, TimeUnit.MILLISECONDS);
        socket.start();
    }

    private void ping() {
        long now = clock.millis();
        // What was asked before is answered first; its time is the one that the answer proves.
        boolean first = pingedAtMillis.compareAndSet(NOT_ASKED, now);
        if (!socket.send("PING") && first) {
            pingedAtMillis.compareAndSet(now, NOT_ASKED);
        }
    }

    boolean send(String text) {
        return socket.send(text);
    }

    /** Whether it is connected, and the venue has said anything since. */
    boolean isAlive() {
        return answers && socket.isOpen();
    }

    private void take(String text) {
        var words = text.strip();
        if (words.equals("PONG")) {
            long asked = pingedAtMillis.getAndSet(NOT_ASKED);
            if (asked != NOT_ASKED) {
                listener.onCurrent(asked);
            }
            return;
        }
        if (words.isEmpty() || words.equals("PING")) {
            return;
        }
        try {
            var message = Words.parse(words);
            if (message.isArray()) {
                message.forEach(this::tell);
            } else {
                tell(message);
            }
        } catch (Unreadable e) {
            notUnderstood(e);
        }
    }

    private void tell(JsonNode event) {
        try {
            listener.onEvent(this, event);
        } catch (Unreadable | IllegalArgumentException | ArithmeticException e) {
            // Also what is well-formed and cannot be kept, such as an amount that is too large.
            notUnderstood(e);
        }
    }

    private void notUnderstood(Exception e) {
        listener.onGap("a message of the stream was not understood: " + e.getMessage());
    }

    private void later(Runnable news) {
        try {
            events.execute(() -> {
                synchronized (quiet) {
                    if (!closed) {
                        news.run();
                    }
                }
            });
        } catch (RejectedExecutionException e) {
            // Closed in between; nobody listens any more.
        }
    }

    @Override
    public void close() {
        var pinging = pings;
        if (pinging != null) {
            pinging.cancel(false);
        }
        socket.close();
        synchronized (quiet) {
            closed = true;
        }
        events.shutdownNow();
    }
}
