package sluice.domain.risk;

/** Something is stopped until an operator resumes it, over any restart. */
public record Halt(Scope scope, String reason, String by, long sinceMillis) {}
