package sluice.venues.polymarket;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import sluice.venues.api.ReadOutcome;
import sluice.venues.http.HttpCall;
import sluice.venues.http.HttpOutcome;
import sluice.venues.http.VenueHttp;

/** Requests to the order book: proved, paged, and read as JSON. Tries nothing twice. */
final class ClobRequests {
    private static final String FIRST_PAGE = "MA==";
    private static final String LAST_PAGE = "LTE=";

    /** More pages than this are not the answer to any question of ours. */
    private static final int MOST_PAGES = 1000;

    private final VenueHttp http;
    private final URI clob;
    private final InstantSource clock;

    ClobRequests(VenueHttp http, URI clob, InstantSource clock) {
        this.http = http;
        this.clob = clob;
        this.clock = clock;
    }

    /** A request that the account proves; the query is not part of the proof. */
    HttpOutcome signed(
            PolymarketAccount account,
            String method,
            String path,
            Map<String, String> query,
            @Nullable ByteBuffer body,
            long notAfterMillis) {
        var headers = account.credentials().headers(account.key().address(), clock.millis() / 1000, method, path, body);
        return http.send(new HttpCall(method, at(clob, path + text(query)), headers, body, notAfterMillis));
    }

    HttpOutcome signed(PolymarketAccount account, String method, String path, @Nullable String body) {
        return signed(account, method, path, Map.of(), body == null ? null : utf8(body), Long.MAX_VALUE);
    }

    /** A read that anybody may make, from any of the venue's hosts. */
    ReadOutcome<JsonNode> read(URI host, String path, Map<String, String> query) {
        var uri = path.isEmpty() ? host : at(host, path + text(query));
        return json(http.send(HttpCall.get(uri, Map.of())), uri.getPath());
    }

    ReadOutcome<JsonNode> read(PolymarketAccount account, String path, Map<String, String> query) {
        return json(signed(account, "GET", path, query, null, Long.MAX_VALUE), path);
    }

    /** All pages of a list; Failed if one of them is missing, whatever the others said. */
    ReadOutcome<List<JsonNode>> readAll(PolymarketAccount account, String path, Map<String, String> query) {
        var all = new ArrayList<JsonNode>();
        var seen = new HashSet<String>();
        var cursor = FIRST_PAGE;
        long asOf = clock.millis();
        while (!cursor.equals(LAST_PAGE) && !cursor.isEmpty()) {
            if (!seen.add(cursor) || seen.size() > MOST_PAGES) {
                return new ReadOutcome.Failed<>(path + ": page " + cursor + " came after itself, or after " + MOST_PAGES
                        + " others; the list has no end");
            }
            var withCursor = new java.util.LinkedHashMap<>(query);
            withCursor.put("next_cursor", cursor);
            switch (read(account, path, withCursor)) {
                case ReadOutcome.Failed<JsonNode> failed -> {
                    return new ReadOutcome.Failed<>(failed.why());
                }
                case ReadOutcome.Complete<JsonNode> page -> {
                    var data = page.value().path("data");
                    var next = page.value().path("next_cursor");
                    if (!data.isArray() || !next.isTextual()) {
                        return new ReadOutcome.Failed<>(path + ": a page is not {data, next_cursor} but "
                                + Words.shown(page.value().toString()));
                    }
                    data.forEach(all::add);
                    cursor = next.textValue();
                }
            }
        }
        return new ReadOutcome.Complete<>(all, asOf);
    }

    private ReadOutcome<JsonNode> json(HttpOutcome outcome, String path) {
        return switch (outcome) {
            case HttpOutcome.Answer answer
            when answer.status() == 200 -> {
                try {
                    yield new ReadOutcome.Complete<>(Words.parse(answer.body()), clock.millis());
                } catch (Words.Unreadable e) {
                    yield new ReadOutcome.Failed<>(path + ": " + e.why());
                }
            }
            case HttpOutcome.Answer answer -> new ReadOutcome.Failed<>(path + ": " + told(answer));
            case HttpOutcome.NotSent notSent -> new ReadOutcome.Failed<>(notSent.why());
            case HttpOutcome.NoAnswer noAnswer -> new ReadOutcome.Failed<>(noAnswer.why());
        };
    }

    /** Status and words of an answer, and what to do where that is known. */
    static String told(HttpOutcome.Answer answer) {
        var hint =
                switch (answer.status()) {
                    case 401 -> "; is the API key of this wallet, and is the clock right?";
                    case 403 ->
                        "; the venue, or something between us and it (proxy, firewall, geoblock), does not let this machine in";
                    case 425 -> "; the matching engine is restarting";
                    case 429 -> "; too many requests";
                    default -> "";
                };
        return "status " + answer.status() + " " + Words.shown(answer.body()) + hint;
    }

    /** A path below a host, which may have a path of its own; that one is not part of any proof. */
    static URI at(URI host, String path) {
        var base = host.toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
    }

    static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Map<String, String> query) {
        if (query.isEmpty()) {
            return "";
        }
        var text = new StringJoiner("&", "?", "");
        query.forEach((key, value) -> text.add(key + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return text.toString();
    }
}
