package sluice.risk.core;

import sluice.domain.StrategyId;

/** One profit (positive) or loss, fees included, in millionths of a dollar. */
public record Posting(long atMillis, StrategyId strategy, long amount) {}
