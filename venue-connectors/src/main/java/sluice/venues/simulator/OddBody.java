package sluice.venues.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Fault F18: a JSON text as a newer venue might say it, in an answer or in a frame. */
final class OddBody {
    private static final ObjectMapper JSON = new JsonMapper();

    private final Fault fault;
    private long left;

    private OddBody(Fault fault) {
        this.fault = fault;
        this.left = fault.number("count", Long.MAX_VALUE);
    }

    /** The text as the fault has it; as it was if it is not JSON. */
    static String of(Fault fault, String text) {
        try {
            return new OddBody(fault).changed(JSON.readTree(text)).toString();
        } catch (JsonProcessingException e) {
            return text;
        }
    }

    private JsonNode changed(JsonNode body) {
        switch (fault.mode()) {
            case "enum", "missing" -> change(body, fault.text("field", "status"));
            default -> {
                return JSON.createObjectNode()
                        .set("result", JSON.createObjectNode().put("v", 3));
            }
        }
        return body;
    }

    private void change(JsonNode node, String field) {
        if (node instanceof ObjectNode object && object.has(field) && left > 0) {
            left--;
            if (fault.mode().equals("enum")) {
                object.put(field, fault.text("value", "reticulating"));
            } else {
                object.remove(field);
            }
        }
        node.forEach(child -> change(child, field));
    }
}
