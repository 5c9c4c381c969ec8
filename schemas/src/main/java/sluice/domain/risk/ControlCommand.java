package sluice.domain.risk;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;

/**
 * A command of an operator.
 *
 * @param account account it concerns, or {@link AccountId#ALL}
 * @param commandId at most 200 characters, as is the operator
 * @param reason why; never blank, at most 1,000 characters, because halts are kept for ever
 * @param expiresAtMillis after this it has no effect; null for never
 */
public record ControlCommand(
        String commandId,
        Type type,
        Scope scope,
        AccountId account,
        String reason,
        String operator,
        long issuedAtMillis,
        @Nullable Long expiresAtMillis,
        long sequence,
        Map<String, String> attributes) {
    /** What to do. */
    public enum Type {
        HALT,
        RESUME,
        CANCEL_ALL,
        FLATTEN,
        CANCEL_ORDER,
        ARM,
        DISARM,
        ACK
    }

    public static final int LONGEST_REASON = 1_000;
    public static final int LONGEST_NAME = 200;

    public ControlCommand {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("a " + type + " needs a reason");
        }
        requireAtMost("reason", reason, LONGEST_REASON);
        requireAtMost("command id", commandId, LONGEST_NAME);
        requireAtMost("operator", operator, LONGEST_NAME);
        attributes = Map.copyOf(attributes);
    }

    private static void requireAtMost(String what, String text, int most) {
        if (text.length() > most) {
            throw new IllegalArgumentException(
                    what + " has " + text.length() + " characters; at most " + most + " are allowed");
        }
    }
}
