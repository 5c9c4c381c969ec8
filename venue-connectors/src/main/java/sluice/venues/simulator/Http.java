package sluice.venues.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests and what is done with them, without a server. */
public final class Http {
    private Http() {}

    /**
     * A request.
     *
     * @param path without query, as sent
     * @param query decoded
     * @param headers by name in lower case
     */
    public record Request(
            String method, String path, Map<String, List<String>> query, Map<String, String> headers, String body) {
        public @Nullable String header(String name) {
            return headers.get(name.toLowerCase(java.util.Locale.ROOT));
        }

        /** First value of a query parameter; empty if absent. */
        public String query(String name) {
            List<String> values = query.getOrDefault(name, List.of());
            return values.isEmpty() ? "" : values.get(0);
        }

        /** Every value of a parameter that may be repeated or be a comma list. */
        public List<String> queries(String name) {
            return query.getOrDefault(name, List.of()).stream()
                    .flatMap(v -> java.util.Arrays.stream(v.split(",", -1)))
                    .filter(v -> !v.isEmpty())
                    .toList();
        }

        public String place() {
            return method + " " + path;
        }
    }

    /** What a request gets. */
    public sealed interface Reply {}

    /** An answer. */
    public record Answer(int status, String contentType, String body, Map<String, String> headers) implements Reply {
        public static Answer json(int status, JsonNode body) {
            return new Answer(status, "application/json", body.toString(), Map.of());
        }

        public static Answer text(int status, String contentType, String body) {
            return new Answer(status, contentType, body, Map.of());
        }

        public static Answer empty(int status) {
            return new Answer(status, "", "", Map.of());
        }
    }

    /** The connection ends without an answer; with {@code reset}, by a reset. */
    public record Drop(boolean reset) implements Reply {}

    /** Serves requests; may block. */
    @FunctionalInterface
    public interface Service {
        Reply serve(Request request);
    }

    /** One websocket, seen from the server. Thread-safe; sending never blocks. */
    public interface Socket {
        void send(String text);

        void ping(String payload);

        void close(int code, String reason);

        /** Messages that were given but have not gone out. */
        int backlog();
    }

    /** What is done with a websocket's messages. One call at a time. */
    public interface Peer {
        void opened(Socket socket);

        void received(String text);

        void closed();
    }

    /** Decides on a handshake: a {@link Peer} lets it in, an {@link Answer} refuses. */
    @FunctionalInterface
    public interface Handshake {
        Object shake(Request request);
    }
}
