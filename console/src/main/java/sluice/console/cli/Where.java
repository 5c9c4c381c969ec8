package sluice.console.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A condition on a row: the value at a dotted path is exactly this text. An element of a list is named by its number,
 * as in {@code controls.0.outcome}; what is absent equals the text null.
 */
record Where(String path, String value) {
    /**
     * Reads {@code path=value}.
     *
     * @throws IllegalArgumentException if there is no = after at least one character
     */
    static Where parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a condition; write path=value, as in verdict=DENIED");
        }
        return new Where(text.substring(0, equals), text.substring(equals + 1));
    }

    static boolean all(List<Where> conditions, JsonNode row) {
        return conditions.stream().allMatch(condition -> condition.holdsFor(row));
    }

    boolean holdsFor(JsonNode row) {
        return text(at(row, path)).equals(value);
    }

    /** The node at a dotted path; a missing node where there is none. */
    static JsonNode at(JsonNode node, String path) {
        JsonNode whole = node.path(path);
        if (!whole.isMissingNode()) {
            return whole;
        }
        int dot = path.indexOf('.');
        if (dot < 0) {
            return child(node, path);
        }
        // The keys of a map may hold dots themselves, as in limits of a scope.
        for (int end = dot; end > 0; end = path.indexOf('.', end + 1)) {
            JsonNode found = child(node, path.substring(0, end));
            if (!found.isMissingNode()) {
                JsonNode deeper = at(found, path.substring(end + 1));
                if (!deeper.isMissingNode()) {
                    return deeper;
                }
            }
        }
        return child(node, path);
    }

    private static JsonNode child(JsonNode node, String name) {
        return node.isArray() && name.matches("\\d{1,9}") ? node.path(Integer.parseInt(name)) : node.path(name);
    }

    /** A value as text: what a table cell or a condition sees. */
    static String text(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return "null";
        }
        return node.isValueNode() ? node.asText() : node.toString();
    }
}
