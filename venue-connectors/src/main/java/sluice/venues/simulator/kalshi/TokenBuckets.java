package sluice.venues.simulator.kalshi;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Rate limits of one account: token buckets that refill continuously. Kept in memory only, as a limit of a moment. */
final class TokenBuckets {
    /** What a tier is allowed: tokens a second, and how many seconds a bucket holds. */
    enum Tier {
        BASIC(200, 100, 3, 1),
        ADVANCED(300, 300, 3, 3),
        EXPERT(600, 600, 1, 3),
        PREMIER(1_200, 1_200, 1, 3),
        PARAGON(2_400, 2_400, 1, 3),
        PRIME(4_800, 4_800, 1, 3),
        PRESTIGE(12_000, 9_600, 1, 3);

        final long read;
        final long write;
        final long readCapacity;
        final long writeCapacity;

        Tier(long read, long write, long readSeconds, long writeSeconds) {
            this.read = read;
            this.write = write;
            this.readCapacity = read * readSeconds;
            this.writeCapacity = write * writeSeconds;
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Level in thousandths of a token, as of a time in milliseconds. */
    private static final class Bucket {
        long level;
        long at;
    }

    final Tier tier;
    private final Map<String, Bucket> buckets = new HashMap<>();

    TokenBuckets(Tier tier) {
        this.tier = tier;
    }

    /**
     * Takes tokens out of every named bucket, or out of none. Buckets whose name starts with "read" refill as reads.
     */
    synchronized boolean take(Iterable<String> names, long tokens, long nowMillis) {
        for (String name : names) {
            if (filled(name, nowMillis).level < tokens * 1_000) {
                return false;
            }
        }
        for (String name : names) {
            filled(name, nowMillis).level -= tokens * 1_000;
        }
        return true;
    }

    private Bucket filled(String name, long now) {
        boolean read = name.startsWith("read");
        long rate = read ? tier.read : tier.write;
        long capacity = (read ? tier.readCapacity : tier.writeCapacity) * 1_000;
        Bucket bucket = buckets.computeIfAbsent(name, n -> {
            Bucket fresh = new Bucket();
            fresh.level = capacity;
            fresh.at = now;
            return fresh;
        });
        long passed = Math.max(0, Math.min(now - bucket.at, 60_000));
        bucket.level = Math.min(capacity, bucket.level + passed * rate);
        bucket.at = now;
        return bucket;
    }
}
