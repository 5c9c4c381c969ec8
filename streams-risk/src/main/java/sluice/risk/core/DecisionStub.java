package sluice.risk.core;

import sluice.domain.OrderId;
import sluice.domain.StrategyId;

/**
 * What is remembered of a decision: to forget its answer in time, and to count it in the windows.
 *
 * @param intent the intent it answered first; empty for a repeat
 * @param opening whether it approved an order that opens or adds to a position
 */
public record DecisionStub(long atMillis, java.util.Optional<OrderId> intent, StrategyId strategy, boolean opening) {}
