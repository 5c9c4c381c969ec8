package sluice.console.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Tells a condition that nothing fulfils from one on a field that does not exist, which is a slip of the keyboard. */
final class SeenFields {
    private final List<Where> conditions;
    private final Set<String> found = new HashSet<>();
    private final Set<String> names = new LinkedHashSet<>();

    SeenFields(List<Where> conditions) {
        this.conditions = conditions;
    }

    /** Takes note of a row, shown or not. */
    void see(JsonNode row) {
        if (conditions.size() > 0) {
            row.fieldNames().forEachRemaining(names::add);
            for (Where condition : conditions) {
                if (!Where.at(row, condition.path()).isMissingNode()) {
                    found.add(condition.path());
                }
            }
        }
    }

    /** Refuses a condition on what no row has, if there were rows; that a field is absent may be asked for any. */
    void requireKnown() {
        for (Where condition : conditions) {
            if (!names.isEmpty()
                    && !found.contains(condition.path())
                    && !condition.value().equals("null")) {
                throw Failure.usage("--where " + condition.path() + "=" + condition.value() + ": nothing here has "
                        + condition.path() + "; there are " + String.join(", ", names));
            }
        }
    }
}
