package sluice.venues.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A simulator in this process, and plain HTTP and websocket calls to it. */
public final class Served implements AutoCloseable {
    /** An answer; the body is missing if it is not JSON. */
    public record Response(int status, JsonNode body, String text) {}

    public static final ObjectMapper JSON = JsonMapper.builder().build();

    public final Simulator simulator;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public Served(Simulator.Kind kind, Path folder, JsonNode setup, long readLagMillis) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve("setup.json");
        Files.writeString(file, setup.toString());
        simulator = Simulator.start(new Simulator.Settings(
                kind, 0, 0, folder.resolve("ledger"), null, 7, file, null, 1, false, readLagMillis));
    }

    public Response admin(String method, String path, String body) {
        try {
            return call(simulator.adminPort(), method, path, Map.of(), body);
        } catch (IOException e) {
            throw new IllegalStateException("the admin port does not answer", e);
        }
    }

    /** What an account has, by the simulator's own ledger. */
    public JsonNode ledger(String account) {
        return admin("GET", "/ledger?account=" + account, "")
                .body()
                .path("accounts")
                .path(account);
    }

    public void faults(String entries) {
        Response answer = admin("PUT", "/faults", "{\"faults\":[" + entries + "]}");
        if (answer.status() != 200) {
            throw new IllegalArgumentException(answer.text());
        }
    }

    public Response call(String method, String path, Map<String, String> headers, String body) throws IOException {
        return call(simulator.port(), method, path, headers, body);
    }

    private Response call(int port, String method, String path, Map<String, String> headers, String body)
            throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        if (!body.isEmpty() && !headers.containsKey("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        try {
            HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Response(answer.statusCode(), parse(answer.body()), answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }

    /** Messages of a websocket, as they come. */
    public static final class Stream implements WebSocket.Listener {
        public final List<JsonNode> messages = new CopyOnWriteArrayList<>();
        private final StringBuilder partial = new StringBuilder();
        private @Nullable WebSocket socket;

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                JsonNode node = parse(partial.toString());
                if (node.isArray()) {
                    node.forEach(messages::add);
                } else {
                    messages.add(node);
                }
                partial.setLength(0);
            }
            from.request(1);
            return null;
        }

        public void say(String text) {
            WebSocket open = socket;
            if (open != null) {
                open.sendText(text, true).join();
            }
        }

        public List<JsonNode> of(String field, String type) {
            return messages.stream()
                    .filter(m -> m.path(field).asText().equals(type))
                    .toList();
        }
    }

    public Stream stream(String path, Map<String, String> headers) {
        Stream stream = new Stream();
        WebSocket.Builder builder = client.newWebSocketBuilder();
        headers.forEach(builder::header);
        stream.socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + simulator.port() + path), stream)
                .join();
        return stream;
    }

    /** Waits until something is so; fails after ten seconds. */
    public static void await(String what, BooleanSupplier so) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!so.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within 10 s: " + what);
            }
            Thread.onSpinWait();
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        simulator.close();
    }
}
