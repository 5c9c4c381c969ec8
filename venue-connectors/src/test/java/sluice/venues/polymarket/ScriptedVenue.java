package sluice.venues.polymarket;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import sluice.domain.Mode;
import sluice.venues.http.HttpSettings;
import sluice.venues.http.RawServer;
import sluice.venues.http.SocketSettings;
import sluice.venues.http.VenueHttp;

/** A venue that says what a test has written down for it, request by request; the last answer of a path repeats. */
final class ScriptedVenue implements AutoCloseable {
    private final Map<String, ArrayDeque<RawServer.Behaviour>> answers = new HashMap<>();
    private final RawServer server = new RawServer(this::answer);
    final AtomicLong now = new AtomicLong(1_795_100_000_500L);
    final InstantSource clock = () -> java.time.Instant.ofEpochMilli(now.get());
    final VenueHttp http = new VenueHttp(HttpSettings.all(Duration.ofSeconds(2)), clock);

    ScriptedVenue() {
        on("GET /time", "200 OK", "1795100000");
        on("GET /version", "200 OK", "{\"version\":2}");
        on("GET /api/geoblock", "200 OK", "{\"blocked\":false,\"country\":\"IE\",\"region\":\"L\"}");
        on("GET /auth/ban-status/closed-only", "200 OK", "{\"closed_only\":false}");
        on("GET /data/trades", "200 OK", page());
        on("GET /data/orders", "200 OK", page());
    }

    /** A page of a list, the last one. */
    static String page(String... items) {
        return "{\"limit\":100,\"count\":" + items.length + ",\"next_cursor\":\"LTE=\",\"data\":["
                + String.join(",", items) + "]}";
    }

    /** Answers requests that begin so; said again, it replaces what was said. */
    ScriptedVenue on(String request, String status, String body, String... headers) {
        return then(request, (socket, text) -> RawServer.write(socket, RawServer.response(status, body, headers)));
    }

    ScriptedVenue then(String request, RawServer.Behaviour behaviour) {
        synchronized (answers) {
            answers.put(request, new ArrayDeque<>(List.of(behaviour)));
        }
        return this;
    }

    /** Answers the next such request so, after those said already. */
    ScriptedVenue andThen(String request, String status, String body) {
        synchronized (answers) {
            answers.computeIfAbsent(request, it -> new ArrayDeque<>())
                    .add((socket, text) -> RawServer.write(socket, RawServer.response(status, body)));
        }
        return this;
    }

    private void answer(Socket socket, String request) throws IOException, InterruptedException {
        RawServer.Behaviour behaviour = null;
        synchronized (answers) {
            var longest = "";
            for (var known : answers.entrySet()) {
                if (request.startsWith(known.getKey()) && known.getKey().length() > longest.length()) {
                    longest = known.getKey();
                }
            }
            var list = answers.get(longest);
            if (list != null) {
                behaviour = list.size() > 1 ? list.poll() : list.peek();
            }
        }
        if (behaviour == null) {
            RawServer.write(socket, RawServer.response("500 Not Scripted", "{\"error\":\"not scripted\"}"));
        } else {
            behaviour.onRequest(socket, request);
        }
    }

    List<String> requests(String beginning) {
        return server.requests().stream().filter(it -> it.startsWith(beginning)).toList();
    }

    PolymarketConfig config(URI sockets) {
        var one = PolymarketConfig.oneHost(server.uri(""), true, Mode.LIVE);
        return new PolymarketConfig(
                one.clob(),
                one.gamma(),
                one.data(),
                server.uri("/api/geoblock"),
                sockets,
                sockets,
                one.chain(),
                one.mode(),
                one.readLag(),
                one.maxClockOffset(),
                false,
                one.builder(),
                new SocketSettings(Duration.ofSeconds(1), "PING", Duration.ofMillis(20), Duration.ofMillis(50), 1));
    }

    /** One that sends heartbeats once it trades. */
    PolymarketClient beatingClient() {
        var config = config(URI.create("ws://127.0.0.1:1/ws"));
        return new PolymarketClient(
                new PolymarketConfig(
                        config.clob(),
                        config.gamma(),
                        config.data(),
                        config.geoblock(),
                        config.marketSocket(),
                        config.userSocket(),
                        config.chain(),
                        config.mode(),
                        config.readLag(),
                        config.maxClockOffset(),
                        true,
                        config.builder(),
                        config.sockets()),
                List.of(PolymarketTesting.eoa()),
                http,
                clock,
                (market, why) -> {});
    }

    PolymarketClient client(URI sockets) {
        return new PolymarketClient(
                config(sockets), List.of(PolymarketTesting.eoa()), http, clock, (market, why) -> {});
    }

    PolymarketClient client() {
        return client(URI.create("ws://127.0.0.1:1/ws"));
    }

    @Override
    public void close() {
        server.close();
        http.close();
    }
}
