package sluice.venues.http;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;

/** A websocket server on the loopback interface; tests speak for it. */
public final class SocketServer implements AutoCloseable {
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private final BlockingQueue<Session> sessions = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final List<String> keys = new ArrayList<>();

    public SocketServer() {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(WebSocketUpgradeHandler.from(
                server,
                container -> container.addMapping("/*", (request, response, callback) -> {
                    var key = request.getHeaders().get("KALSHI-ACCESS-KEY");
                    synchronized (keys) {
                        keys.add(key == null ? "" : key);
                    }
                    return new End();
                })));
        LifeCycle.start(server);
    }

    public URI uri() {
        return URI.create("ws://127.0.0.1:" + connector.getLocalPort() + "/trade-api/ws/v2");
    }

    /** The next connection, in the order they came. */
    public Session nextSession() throws InterruptedException {
        return taken(sessions.poll(10, TimeUnit.SECONDS), "a connection");
    }

    /** The next text from any client. */
    public String nextText() throws InterruptedException {
        return taken(received.poll(10, TimeUnit.SECONDS), "a text");
    }

    public List<String> keys() {
        synchronized (keys) {
            return List.copyOf(keys);
        }
    }

    public static void say(Session session, String text) {
        session.sendText(text, Callback.NOOP);
    }

    private static <T> T taken(@Nullable T value, String what) {
        if (value == null) {
            throw new AssertionError(what + " did not come within 10 s");
        }
        return value;
    }

    @Override
    public void close() {
        LifeCycle.stop(server);
    }

    /** One connection, server side. */
    public final class End implements Session.Listener.AutoDemanding {
        @Override
        public void onWebSocketOpen(Session session) {
            session.setIdleTimeout(Duration.ofMinutes(5));
            sessions.add(session);
        }

        /** Tests cut connections. */
        @Override
        public void onWebSocketError(Throwable cause) {}

        @Override
        public void onWebSocketText(String message) {
            received.add(message);
        }
    }
}
