package sluice.venues.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often each body was posted, whatever a fault or a rule made of it: a second call for one order shows here even
 * where the venue refuses it. Thread-safe.
 */
final class Arrivals {
    private static final int NEWEST_KEPT = 20_000;

    private record Posted(String place, String body) {}

    private final ObjectMapper json;
    private final Map<Posted, Integer> counts = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Posted, Integer> eldest) {
            return size() > NEWEST_KEPT;
        }
    };

    Arrivals(ObjectMapper json) {
        this.json = json;
    }

    synchronized void arrived(Http.Request request) {
        if (request.method().equals("POST")) {
            counts.merge(new Posted(request.place(), request.body()), 1, Integer::sum);
        }
    }

    /** Bodies, oldest first. */
    synchronized JsonNode describe() {
        ArrayNode all = json.createArrayNode();
        counts.forEach((posted, count) -> all.addObject()
                .put("place", posted.place)
                .put("body", posted.body)
                .put("count", count));
        return json.createObjectNode().set("arrivals", all);
    }
}
