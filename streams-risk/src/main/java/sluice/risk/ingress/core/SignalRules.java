package sluice.risk.ingress.core;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.domain.Micros;
import sluice.domain.TimeInForce;
import sluice.domain.order.Signal;

/**
 * What makes a signal contradict itself, however it was encoded. Whether a signal that makes sense may become an order
 * is not asked here but at the gate.
 */
final class SignalRules {
    /** Longest request id and idempotency key, characters. */
    private static final int LONGEST_KEY = 200;

    private SignalRules() {}

    /** Why the signal makes no sense, and what to do; empty if it does. The first contradiction is named. */
    static Optional<String> contradiction(Signal signal) {
        @Nullable String found = first(signal);
        return Optional.ofNullable(found);
    }

    private static @Nullable String first(Signal signal) {
        @Nullable String key = badKey("request_id", signal.requestId());
        if (key == null) {
            key = badKey("idempotency_key", signal.idempotencyKey());
        }
        if (key != null) {
            return key;
        }
        long price = signal.limitPrice().micros();
        if (price <= 0 || price >= Micros.ONE) {
            return "limit_price is " + signal.limitPrice()
                    + "; it must lie between 0 and 1 dollar, both excluded: send dollars per contract, 0.65 for 65 cents";
        }
        if (signal.size().isZero()) {
            return "size is 0; it must be more than 0: send the number of contracts";
        }
        if (signal.maxCost() != null && signal.maxCost().micros() <= 0) {
            return "max_cost is " + signal.maxCost()
                    + "; it must be more than 0 dollars: leave it out for no bound on the cost";
        }
        Long model = signal.modelPriceMicros();
        if (model != null && (model < 0 || model > Micros.ONE)) {
            return "model_price is " + Micros.text(model)
                    + "; it must lie between 0 and 1: send the probability of the side";
        }
        @Nullable String life = badLife(signal);
        return life != null ? life : badGroup(signal);
    }

    private static @Nullable String badKey(String field, String value) {
        if (value.isBlank() || value.length() > LONGEST_KEY) {
            return field + " has " + value.length() + " characters" + (value.isBlank() ? ", all blank" : "")
                    + "; from 1 to " + LONGEST_KEY + " are allowed";
        }
        for (int i = 0; i < value.length(); i++) {
            if (Character.isISOControl(value.charAt(i))) {
                return field + " has a control character at " + i + "; send printable text";
            }
        }
        return null;
    }

    private static @Nullable String badLife(Signal signal) {
        TimeInForce life = signal.timeInForce();
        if (signal.postOnly() && !life.mayRest()) {
            return "post_only is true with time_in_force " + life
                    + ", which never rests; send GTC or GTD, or leave post_only out";
        }
        if (life == TimeInForce.GTD && signal.expiresAtMillis() == null) {
            return "time_in_force is GTD without expires_at; send the time at which the order ends";
        }
        if (life != TimeInForce.GTD && signal.expiresAtMillis() != null) {
            return "expires_at is set with time_in_force " + life + ", which has no end; send GTD or leave it out";
        }
        return null;
    }

    private static @Nullable String badGroup(Signal signal) {
        Integer index = signal.legIndex();
        Integer count = signal.legCount();
        if (signal.groupId() == null) {
            return index == null && count == null
                    ? null
                    : "leg_index or leg_count is set without group_id; send the three together or none of them";
        }
        if (signal.groupId().isBlank() || signal.groupId().length() > LONGEST_KEY) {
            return "group_id has " + signal.groupId().length() + " characters; from 1 to " + LONGEST_KEY
                    + " that are not all blank are allowed";
        }
        if (index == null || count == null) {
            return "group_id is set without leg_index or leg_count; send the three together or none of them";
        }
        if (index < 0 || index >= count) {
            return "leg_index is " + index + " and leg_count " + count
                    + "; indexes count from 0 and stay below the number of legs";
        }
        return null;
    }
}
