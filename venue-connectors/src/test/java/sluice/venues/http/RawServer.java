package sluice.venues.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server on the loopback interface that reads a request and then does to its socket whatever a test says. */
public final class RawServer implements AutoCloseable {
    /** What follows a request. The socket is closed afterwards. */
    @FunctionalInterface
    public interface Behaviour {
        void onRequest(Socket socket, String request) throws IOException, InterruptedException;
    }

    private final ServerSocket server;
    private final Thread accepting;
    private final Behaviour behaviour;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    public RawServer(Behaviour behaviour) {
        this.behaviour = behaviour;
        try {
            this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        this.accepting = Thread.ofPlatform().daemon().start(this::serve);
    }

    /** Answers every request with the same bytes, and closes. */
    public static RawServer answering(String response) {
        return new RawServer((socket, request) -> write(socket, response));
    }

    public static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    /** A whole response. */
    public static String response(String status, String body, String... headers) {
        var more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return "HTTP/1.1 " + status + "\r\nContent-Length: " + body.getBytes(StandardCharsets.UTF_8).length
                + "\r\nConnection: close\r\n" + more + "\r\n" + body;
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
    }

    /** Every request that arrived, head and body. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                Thread.ofPlatform().daemon().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var request = read(socket.getInputStream());
            requests.add(request);
            behaviour.onRequest(socket, request);
        } catch (IOException e) {
            // The client went away: some tests want just that.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String read(InputStream in) throws IOException {
        var text = new StringBuilder();
        int bodyAt = -1;
        int length = 0;
        while (bodyAt < 0 || text.length() < bodyAt + length) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            text.append((char) next);
            if (bodyAt < 0
                    && text.length() >= 4
                    && text.substring(text.length() - 4).equals("\r\n\r\n")) {
                bodyAt = text.length();
                var head = text.toString().toLowerCase(java.util.Locale.ROOT);
                int at = head.indexOf("content-length:");
                if (at >= 0) {
                    length = Integer.parseInt(
                            head.substring(at + 15, head.indexOf("\r\n", at)).strip());
                }
            }
        }
        return text.toString();
    }

    @Override
    public void close() {
        try {
            server.close();
            // Until its thread has woken up, a closed socket still accepts.
            accepting.join();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
