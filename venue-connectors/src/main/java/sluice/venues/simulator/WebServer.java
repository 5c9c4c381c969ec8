package sluice.venues.simulator;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;

/** An HTTP and websocket server on the loopback interface. */
final class WebServer implements AutoCloseable {
    private static final int MOST_THREADS = 64;
    private static final long LONGEST_MESSAGE = 1 << 20;

    private final Server server;
    private final ServerConnector connector;

    /** @param port 0 for any free one */
    WebServer(String name, int port, Http.Service service, Map<String, Http.Handshake> sockets) throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS);
        threads.setName(name);
        threads.setDaemon(true);
        server = new Server(threads);
        server.setStopTimeout(0);
        HttpConfiguration config = new HttpConfiguration();
        config.setSendServerVersion(false);
        connector = new ServerConnector(server, new HttpConnectionFactory(config));
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        Handler plain = new Serving(service);
        if (sockets.isEmpty()) {
            server.setHandler(plain);
        } else {
            WebSocketUpgradeHandler upgrade = WebSocketUpgradeHandler.from(server, container -> {
                container.setMaxTextMessageSize(LONGEST_MESSAGE);
                container.setIdleTimeout(Duration.ofMinutes(10));
                sockets.forEach((path, handshake) -> container.addMapping(path, (request, response, callback) -> {
                    Object decided = handshake.shake(read(request, ""));
                    if (decided instanceof Http.Peer peer) {
                        return new Connection(peer);
                    }
                    write((Http.Answer) decided, response, callback);
                    return null;
                }));
            });
            upgrade.setHandler(plain);
            server.setHandler(upgrade);
        }
        try {
            server.start();
        } catch (Exception e) {
            throw new IOException(
                    "127.0.0.1:" + port + " cannot be listened on for " + name + ": " + e.getMessage(), e);
        }
    }

    int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the server on port " + port() + " did not stop", e);
        }
    }

    private static Http.Request read(Request request, String body) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (HttpField field : request.getHeaders()) {
            headers.put(field.getName().toLowerCase(Locale.ROOT), field.getValue() == null ? "" : field.getValue());
        }
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (Fields.Field field : Request.extractQueryParameters(request)) {
            query.put(field.getName(), new ArrayList<>(field.getValues()));
        }
        return new Http.Request(request.getMethod(), request.getHttpURI().getPath(), query, headers, body);
    }

    private static void write(Http.Answer answer, Response response, Callback callback) {
        response.setStatus(answer.status());
        if (!answer.contentType().isEmpty()) {
            response.getHeaders().put("Content-Type", answer.contentType());
        }
        answer.headers().forEach((name, value) -> response.getHeaders().put(name, value));
        response.write(true, ByteBuffer.wrap(answer.body().getBytes(StandardCharsets.UTF_8)), callback);
    }

    private static final class Serving extends Handler.Abstract {
        private final Http.Service service;

        Serving(Http.Service service) {
            this.service = service;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            String body;
            try (var in = Request.asInputStream(request)) {
                body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
            switch (service.serve(read(request, body))) {
                case Http.Answer answer -> write(answer, response, callback);
                case Http.Drop drop -> {
                    EndPoint endPoint =
                            request.getConnectionMetaData().getConnection().getEndPoint();
                    if (drop.reset() && endPoint.getTransport() instanceof SocketChannel channel) {
                        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                    }
                    endPoint.close();
                    callback.succeeded();
                }
            }
            return true;
        }
    }

    /** Public, because Jetty calls it by reflection. */
    public static final class Connection implements Session.Listener, Http.Socket {
        private final Http.Peer peer;
        private final Deque<String> waiting = new ArrayDeque<>();
        private @Nullable Session session;
        private boolean sending;

        Connection(Http.Peer peer) {
            this.peer = peer;
        }

        @Override
        public void onWebSocketOpen(Session opened) {
            synchronized (this) {
                session = opened;
            }
            peer.opened(this);
            opened.demand();
        }

        @Override
        public void onWebSocketText(String text) {
            peer.received(text);
            Session open = open();
            if (open != null) {
                open.demand();
            }
        }

        @Override
        public void onWebSocketPing(ByteBuffer payload) {
            Session open = open();
            if (open != null) {
                open.sendPong(payload, org.eclipse.jetty.websocket.api.Callback.NOOP);
                open.demand();
            }
        }

        @Override
        public void onWebSocketPong(ByteBuffer payload) {
            Session open = open();
            if (open != null) {
                open.demand();
            }
        }

        @Override
        public void onWebSocketClose(int code, String reason, org.eclipse.jetty.websocket.api.Callback callback) {
            peer.closed();
            callback.succeed();
        }

        @Override
        public void onWebSocketError(Throwable cause) {
            peer.closed();
        }

        private synchronized @Nullable Session open() {
            return session != null && session.isOpen() ? session : null;
        }

        @Override
        public void send(String text) {
            synchronized (this) {
                waiting.add(text);
                if (sending) {
                    return;
                }
                sending = true;
            }
            next();
        }

        private void next() {
            String text;
            Session open;
            synchronized (this) {
                open = open();
                text = waiting.poll();
                if (text == null || open == null) {
                    sending = false;
                    return;
                }
            }
            open.sendText(text, org.eclipse.jetty.websocket.api.Callback.from(this::next, failure -> {
                synchronized (this) {
                    waiting.clear();
                    sending = false;
                }
            }));
        }

        @Override
        public void ping(String payload) {
            Session open = open();
            if (open != null) {
                open.sendPing(
                        ByteBuffer.wrap(payload.getBytes(StandardCharsets.UTF_8)),
                        org.eclipse.jetty.websocket.api.Callback.NOOP);
            }
        }

        @Override
        public void close(int code, String reason) {
            Session open = open();
            if (open != null) {
                open.close(code, reason, org.eclipse.jetty.websocket.api.Callback.NOOP);
            }
        }

        @Override
        public synchronized int backlog() {
            return waiting.size();
        }
    }
}
