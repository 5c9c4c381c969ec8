package sluice.domain.risk;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;

/**
 * A command of an operator.
 *
 * @param account account it concerns, or {@link AccountId#ALL}
 * @param reason why; never blank
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

    public ControlCommand {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("a " + type + " needs a reason");
        }
        attributes = Map.copyOf(attributes);
    }
}
