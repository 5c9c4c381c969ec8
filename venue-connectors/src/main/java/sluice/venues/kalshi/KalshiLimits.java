package sluice.venues.kalshi;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Our share of the venue's rate limits: one bucket for reads, one of writes for each shard. A fifth of every write
 * bucket is kept for cancels, and a cancel is never held back. Safe for several threads.
 */
final class KalshiLimits {
    static final int DEFAULT_COST = 10;
    static final int CHEAP_COST = 2;

    private static final int RESERVE_PERCENT = 20;
    private static final int UNSCOPED = 0;
    private static final int SHARDS = 4;

    private final InstantSource clock;
    private final KalshiTier tier;
    private final TokenBucket reads;
    private final Map<Integer, TokenBucket> writes = new HashMap<>();

    KalshiLimits(KalshiTier tier, InstantSource clock) {
        this.clock = clock;
        this.tier = tier;
        long now = clock.millis();
        this.reads = new TokenBucket(tier.readCapacity(), tier.readPerSecond(), now);
        for (int shard = 0; shard < SHARDS; shard++) {
            writes.put(shard, new TokenBucket(tier.writeCapacity(), tier.writePerSecond(), now));
        }
    }

    /** Waits for the tokens of a read; false if they do not come in time. */
    boolean awaitRead(int cost, long longestMillis) {
        return await(longestMillis, () -> {
            long now = clock.millis();
            return reads.take(cost, 0, now) ? 0 : reads.millisUntil(cost, 0, now);
        });
    }

    /**
     * Waits for the tokens of a new order; false if they do not come in time.
     *
     * @param shard where it goes; null where the venue has to find out, which costs tokens of every shard
     */
    boolean awaitOrder(@Nullable Integer shard, long longestMillis) {
        long reserve = tier.writeCapacity() * RESERVE_PERCENT / 100;
        return await(longestMillis, () -> {
            long now = clock.millis();
            long wait = 0;
            for (var bucket : of(shard)) {
                wait = Math.max(wait, bucket.millisUntil(DEFAULT_COST, reserve, now));
            }
            if (wait == 0) {
                for (var bucket : of(shard)) {
                    bucket.take(DEFAULT_COST, reserve, now);
                }
            }
            return wait;
        });
    }

    /** Counts a write that may not wait. */
    synchronized void spend(@Nullable Integer shard, int cost) {
        for (var bucket : of(shard)) {
            bucket.takeAnyway(cost, clock.millis());
        }
    }

    /** The venue refused a request for its rate: whatever we thought was left is not. */
    synchronized void refused(boolean write, @Nullable Integer shard) {
        if (!write) {
            reads.empty(clock.millis());
            return;
        }
        for (var bucket : of(shard)) {
            bucket.empty(clock.millis());
        }
    }

    private Iterable<TokenBucket> of(@Nullable Integer shard) {
        return shard == null
                ? writes.values()
                : List.of(writes.computeIfAbsent(
                        Math.max(shard, UNSCOPED),
                        it -> new TokenBucket(tier.writeCapacity(), tier.writePerSecond(), clock.millis())));
    }

    /** Takes tokens, and returns zero, or says how long to wait. */
    private interface Attempt {
        long waitMillis();
    }

    private boolean await(long longestMillis, Attempt attempt) {
        long left = longestMillis;
        while (true) {
            long wait;
            synchronized (this) {
                wait = attempt.waitMillis();
            }
            if (wait == 0) {
                return true;
            }
            if (wait > left) {
                return false;
            }
            left -= wait;
            try {
                Thread.sleep(wait);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
