package sluice.domain;

/** Name of a strategy; limits and losses are kept per strategy. */
public record StrategyId(String value) implements Comparable<StrategyId> {
    public StrategyId {
        Names.require("StrategyId", value);
    }

    @Override
    public int compareTo(StrategyId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
