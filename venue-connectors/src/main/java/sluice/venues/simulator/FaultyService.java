package sluice.venues.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A venue's HTTP service with faults F1, F2, F3, F6, F15 and F18 around it. Without a {@code where}, the first three
 * strike only what changes something.
 */
final class FaultyService implements Http.Service {
    private final ObjectMapper json;
    private final Faults faults;
    private final Http.Service service;
    private final BiFunction<Fault, Http.Request, Http.@Nullable Answer> restricted;
    private final Arrivals arrivals;

    /**
     * @param restricted the venue's words for F15; null lets the request pass
     * @param arrivals told of every request before anything strikes
     */
    FaultyService(
            ObjectMapper json,
            Faults faults,
            Http.Service service,
            BiFunction<Fault, Http.Request, Http.@Nullable Answer> restricted,
            Arrivals arrivals) {
        this.json = json;
        this.faults = faults;
        this.service = service;
        this.restricted = restricted;
        this.arrivals = arrivals;
    }

    @Override
    public Http.Reply serve(Http.Request request) {
        arrivals.arrived(request);
        if (strike("F2", request) != null) {
            return new Http.Drop(true);
        }
        Fault restriction = faults.strike("F15", request.place());
        if (restriction != null) {
            Http.Answer refusal = restricted.apply(restriction, request);
            if (refusal != null) {
                return refusal;
            }
        }
        Http.Reply reply = service.serve(request);
        if (!(reply instanceof Http.Answer answer) || answer.status() >= 300) {
            return reply;
        }
        Fault late = faults.strike("F6", "answer", "swap", request.place());
        if (late != null) {
            sleep(late.number("millis", 500));
        }
        Fault lost = strike("F1", request);
        if (lost != null) {
            if (lost.mode().equals("hang")) {
                sleep(lost.number("millis", 15_000));
            }
            return new Http.Drop(false);
        }
        Fault failed = strike("F3", request);
        if (failed != null) {
            return Http.Answer.text(
                    (int) failed.number("status", 500),
                    "application/json",
                    failed.text("body", "{\"error\":\"internal\"}"));
        }
        Fault odd = strike("F18", request);
        return odd == null ? answer : distorted(odd, answer);
    }

    private @Nullable Fault strike(String id, Http.Request request) {
        if (request.method().equals("GET")) {
            Fault standing = faults.standing(id, request.place());
            if (standing == null || standing.where().isEmpty()) {
                return null;
            }
        }
        return faults.strike(id, request.place());
    }

    private Http.Answer distorted(Fault odd, Http.Answer answer) {
        try {
            JsonNode body = json.readTree(answer.body());
            JsonNode changed =
                    switch (odd.mode()) {
                        case "enum" -> renamed(body, odd.text("field", "status"), odd.text("value", "reticulating"));
                        case "missing" -> without(body, odd.text("field", "status"));
                        default ->
                            json.createObjectNode()
                                    .set("result", json.createObjectNode().put("v", 3));
                    };
            return Http.Answer.json(answer.status(), changed);
        } catch (JsonProcessingException e) {
            return answer;
        }
    }

    private static JsonNode renamed(JsonNode node, String field, String value) {
        if (node instanceof ObjectNode object) {
            if (object.has(field)) {
                object.put(field, value);
            }
            object.forEach(child -> renamed(child, field, value));
        } else if (node instanceof ArrayNode array) {
            array.forEach(child -> renamed(child, field, value));
        }
        return node;
    }

    private static JsonNode without(JsonNode node, String field) {
        if (node instanceof ObjectNode object) {
            object.remove(field);
            object.forEach(child -> without(child, field));
        } else if (node instanceof ArrayNode array) {
            array.forEach(child -> without(child, field));
        }
        return node;
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
