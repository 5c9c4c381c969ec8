package sluice.venues.polymarket;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.venues.api.SubmitOutcome;

/**
 * Whether orders may leave, by what the venue has said last. Until it was asked, and whenever it cannot be, none may.
 * Times are local UTC milliseconds. Safe for several threads.
 */
final class TradingState {
    /** What one round of questions found. */
    record Round(List<String> problems, @Nullable Long clockOffsetMillis, Set<AccountId> closedOnly, long atMillis) {}

    /** The venue forgets us after ten seconds without a heartbeat. */
    static final long HEARTBEAT_GAP_MILLIS = 10_000;

    private static final long ROUND_HOLDS_MILLIS = 90_000;
    private static final long RESTART_MILLIS = 2_000;
    private static final long RESTRICTED_MILLIS = 5_000;

    private @Nullable Round round;
    private long blockedUntil = Long.MIN_VALUE;
    private String blockedBy = "";
    private long postOnlyUntil = Long.MIN_VALUE;
    private final Set<String> lasting = new HashSet<>();
    private final Map<AccountId, Long> beats = new HashMap<>();

    synchronized void asked(Round newest) {
        round = newest;
    }

    synchronized void beat(AccountId account, long nowMillis) {
        beats.put(account, nowMillis);
    }

    /** From now on an account's heartbeat is needed. */
    synchronized void expectBeats(AccountId account) {
        beats.putIfAbsent(account, Long.MIN_VALUE);
    }

    /** Learns from the answer to an order. */
    synchronized void learn(int status, @Nullable Integer retryAfterSeconds, SubmitOutcome outcome, long nowMillis) {
        long wait = retryAfterSeconds == null ? 0 : retryAfterSeconds * 1000L;
        var code = outcome instanceof SubmitOutcome.Refused refused ? refused.code() : "";
        switch (code) {
            case "post_only_mode" -> postOnlyUntil = nowMillis + Math.max(wait, RESTRICTED_MILLIS);
            case "cancel_only", "trading_disabled" -> block(code, nowMillis + Math.max(wait, RESTRICTED_MILLIS));
            case "rate_limited" -> block("too many requests", nowMillis + Math.max(wait, 1000));
            case "geoblocked", "banned", "order_version_mismatch" ->
                lasting.add("the venue refuses this " + (code.equals("geoblocked") ? "place" : "client") + ": " + code);
            default -> {
                if (status == 425) {
                    block("the matching engine is restarting", nowMillis + Math.max(wait, RESTART_MILLIS));
                }
            }
        }
    }

    private void block(String why, long untilMillis) {
        blockedBy = why;
        blockedUntil = Math.max(blockedUntil, untilMillis);
    }

    /** Why an order may not leave now. */
    synchronized Optional<String> whyNot(AccountId account, boolean buy, boolean postOnly, long nowMillis) {
        var general = whyNotTrading(nowMillis);
        if (general.isPresent()) {
            return general;
        }
        if (nowMillis < postOnlyUntil && !postOnly) {
            return Optional.of(
                    "the venue takes post-only orders alone for " + (postOnlyUntil - nowMillis) + " ms more");
        }
        var known = round;
        if (buy && known != null && known.closedOnly.contains(account)) {
            return Optional.of("the venue lets account " + account + " only close positions");
        }
        return Optional.empty();
    }

    /** Why nothing can be traded now. */
    synchronized Optional<String> whyNotTrading(long nowMillis) {
        if (!lasting.isEmpty()) {
            return Optional.of(String.join("; ", lasting));
        }
        var known = round;
        if (known == null) {
            return Optional.of("the venue was not asked yet whether we may trade");
        }
        if (!known.problems.isEmpty()) {
            return Optional.of(String.join("; ", known.problems));
        }
        if (nowMillis - known.atMillis > ROUND_HOLDS_MILLIS) {
            return Optional.of("the venue was last asked " + (nowMillis - known.atMillis)
                    + " ms ago whether we may trade; the bound is " + ROUND_HOLDS_MILLIS + " ms");
        }
        for (var beat : beats.entrySet()) {
            if (beat.getValue() < nowMillis - HEARTBEAT_GAP_MILLIS) {
                return Optional.of("the heartbeat of account " + beat.getKey() + " was missed for more than "
                        + HEARTBEAT_GAP_MILLIS + " ms; the venue cancels its orders then");
            }
        }
        if (nowMillis < blockedUntil) {
            return Optional.of(blockedBy + ", for " + (blockedUntil - nowMillis) + " ms more");
        }
        return Optional.empty();
    }

    synchronized @Nullable Long clockOffsetMillis() {
        return round == null ? null : round.clockOffsetMillis;
    }
}
