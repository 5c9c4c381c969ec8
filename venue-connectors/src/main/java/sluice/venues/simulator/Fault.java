package sluice.venues.simulator;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One fault that a simulator injects.
 *
 * @param id F1 to F19
 * @param mode which variant; empty for the usual one
 * @param where only requests whose {@code "METHOD /path"}, or frames whose type, contain this; empty for all
 * @param chance from 0 to 1,000,000: how many opportunities in a million it takes
 * @param times how often it strikes at most; -1 without bound
 * @param skip how many opportunities pass first
 * @param options the rest of the entry
 */
public record Fault(String id, String mode, String where, int chance, long times, long skip, JsonNode options) {
    /** A duration or count of the entry. */
    public long number(String name, long otherwise) {
        return options.path(name).asLong(otherwise);
    }

    /** A text of the entry. */
    public String text(String name, String otherwise) {
        return options.path(name).asText(otherwise);
    }
}
