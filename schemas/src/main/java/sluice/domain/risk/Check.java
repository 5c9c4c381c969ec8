package sluice.domain.risk;

/**
 * One control's answer, with its numbers in millionths of the control's unit; {@link #NONE} where there is no number.
 *
 * @param scope what the limit applied to, empty for the order itself
 * @param used what was used before the order
 * @param after what would be used with it; the number compared with {@code limit}
 * @param detail why, where it is not a pass; empty otherwise
 */
public record Check(Control control, String scope, long limit, long used, long after, Outcome outcome, String detail) {
    /** No number. */
    public static final long NONE = Long.MIN_VALUE;

    /** How the control answered. */
    public enum Outcome {
        PASS,
        FAIL,
        /** Broken, but the order only reduces risk and the control lets such orders pass. */
        WAIVED,
        NOT_APPLICABLE
    }

    public boolean failed() {
        return outcome == Outcome.FAIL;
    }

    /** Limit minus what was used before the order, or {@link #NONE}. */
    public long headroom() {
        return limit == NONE || used == NONE ? NONE : limit - used;
    }
}
