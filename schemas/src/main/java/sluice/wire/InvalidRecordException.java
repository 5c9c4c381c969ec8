package sluice.wire;

import org.jspecify.annotations.Nullable;

/**
 * A record, read or about to be written, that breaks a rule of its schema or of the domain.
 *
 * <p>The message names the field, what was seen, the bound and what to do next; it is the text of the dead letter.
 */
public final class InvalidRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * @param field record and field, as in {@code Signal.limit_price}
     * @param problem what was seen, and the bound that it breaks
     * @param next what the sender can do about it
     */
    public InvalidRecordException(String field, String problem, String next) {
        this(field, problem, next, null);
    }

    InvalidRecordException(String field, String problem, String next, @Nullable Throwable cause) {
        super(field + ": " + problem + "; " + next, cause);
        this.field = field;
    }

    /** Record and field that are wrong, as in {@code Signal.limit_price}. */
    public String field() {
        return field;
    }
}
