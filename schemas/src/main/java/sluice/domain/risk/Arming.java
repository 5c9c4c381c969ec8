package sluice.domain.risk;

/**
 * Live orders of a scope may leave until a time.
 *
 * @param untilMillis UTC milliseconds; from then on it has no effect
 */
public record Arming(Scope scope, long untilMillis) {}
