package sluice.venues.kalshi;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sluice.venues.http.RawServer;

/** Answers requests as a test has written down; whatever it did not write down is not found. */
final class ScriptedVenue implements AutoCloseable {
    static final String NOT_FOUND = "{\"error\":{\"code\":\"not_found\",\"message\":\"not found\"}}";
    private static final String BASE = "/trade-api/v2";

    private final Map<String, Deque<RawServer.Behaviour>> script = new LinkedHashMap<>();
    private Duration readsAreBehind = Duration.ZERO;
    private final RawServer server =
            new RawServer((socket, request) -> next(request).onRequest(socket, request));

    /** The next answer to requests that start so; the last one of several is given again and again. */
    ScriptedVenue on(String methodAndPath, String status, String body, String... headers) {
        return on(
                methodAndPath, (socket, request) -> RawServer.write(socket, RawServer.response(status, body, headers)));
    }

    synchronized ScriptedVenue on(String methodAndPath, RawServer.Behaviour behaviour) {
        script.computeIfAbsent(methodAndPath, it -> new ArrayDeque<>()).add(behaviour);
        return this;
    }

    private synchronized RawServer.Behaviour next(String request) {
        for (var entry : script.entrySet()) {
            int space = entry.getKey().indexOf(' ');
            var start = entry.getKey().substring(0, space + 1)
                    + BASE
                    + entry.getKey().substring(space + 1);
            if (request.startsWith(start) && " ?\r".indexOf(request.charAt(start.length())) >= 0) {
                var answers = entry.getValue();
                return answers.size() > 1 ? answers.remove() : answers.element();
            }
        }
        if (request.startsWith("GET " + BASE + "/exchange/user_data_timestamp")) {
            var asOf = Instant.now().minus(readsAreBehind);
            return (socket, it) ->
                    RawServer.write(socket, RawServer.response("200 OK", "{\"as_of_time\":\"" + asOf + "\"}"));
        }
        return (socket, it) -> RawServer.write(socket, RawServer.response("404 Not Found", NOT_FOUND));
    }

    synchronized void readsAreBehind(Duration lag) {
        readsAreBehind = lag;
    }

    URI rest() {
        return server.uri(BASE);
    }

    List<String> requests() {
        return server.requests();
    }

    /** First lines of what arrived, without the base and the protocol. */
    List<String> lines() {
        return requests().stream()
                .map(it -> it.substring(0, it.indexOf(" HTTP/")).replace(BASE, ""))
                .toList();
    }

    @Override
    public void close() {
        server.close();
    }
}
