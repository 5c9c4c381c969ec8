package sluice.venues.polymarket;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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

    /**
     * An account's heartbeat.
     *
     * @param answeredAt when the venue answered the last one; null before the first
     * @param first completes when the first was answered
     * @param failure why the last one was not answered; empty if it was
     */
    private record Beat(@Nullable Long answeredAt, CompletableFuture<Void> first, String failure) {}

    private @Nullable Round round;
    private long blockedUntil = Long.MIN_VALUE;
    private String blockedBy = "";
    private long postOnlyUntil = Long.MIN_VALUE;
    private final Set<String> lasting = new HashSet<>();
    private final Map<AccountId, Beat> beats = new HashMap<>();

    synchronized void asked(Round newest) {
        round = newest;
    }

    synchronized void beat(AccountId account, long nowMillis) {
        var known = beats.get(account);
        var first = known == null ? new CompletableFuture<Void>() : known.first;
        beats.put(account, new Beat(nowMillis, first, ""));
        first.complete(null);
    }

    synchronized void beatFailed(AccountId account, String why) {
        beats.computeIfPresent(account, (id, known) -> new Beat(known.answeredAt, known.first, why));
    }

    /** From now on an account's heartbeat is needed. */
    synchronized void expectBeats(AccountId account) {
        beats.putIfAbsent(account, new Beat(null, new CompletableFuture<>(), ""));
    }

    /** Completes when each heartbeat that is needed has been answered once. */
    synchronized CompletableFuture<Void> firstBeats() {
        return CompletableFuture.allOf(beats.values().stream().map(Beat::first).toArray(CompletableFuture<?>[]::new));
    }

    synchronized boolean expectsBeats(AccountId account) {
        return beats.containsKey(account);
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
        for (var account : beats.entrySet()) {
            var beat = account.getValue();
            var failure = beat.failure.isEmpty() ? "" : " (" + beat.failure + ")";
            if (beat.answeredAt == null) {
                return Optional.of("no heartbeat of account " + account.getKey() + " was answered yet" + failure
                        + "; no order leaves before one is, or the venue could not cancel it when we fall silent");
            }
            if (beat.answeredAt < nowMillis - HEARTBEAT_GAP_MILLIS) {
                return Optional.of("the heartbeat of account " + account.getKey() + " was missed for more than "
                        + HEARTBEAT_GAP_MILLIS + " ms" + failure + "; the venue cancels its orders then");
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
