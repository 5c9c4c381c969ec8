package sluice.domain.risk;

/** The answer to a signal. */
public enum Verdict {
    APPROVED,
    DENIED,
    /** The same intent again; carries the first answer and makes no order. */
    DUPLICATE,
    /** The same key with another payload; makes no order. */
    CONFLICT
}
