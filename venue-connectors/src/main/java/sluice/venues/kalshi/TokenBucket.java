package sluice.venues.kalshi;

/**
 * Tokens that refill steadily up to a bound. Starts empty: what a process before this one has spent is not known.
 *
 * <p>Pure but for its own count: times come in and may repeat. Not safe for several threads.
 */
final class TokenBucket {
    private static final long MILLIS = 1000;

    private final long capacity;
    private final long refillPerSecond;
    /** In thousandths of a token, so that a millisecond refills a whole number of them. */
    private long thousandths;

    private long atMillis;

    TokenBucket(long capacity, long refillPerSecond, long nowMillis) {
        if (capacity < 1 || refillPerSecond < 1) {
            throw new IllegalArgumentException("a bucket of " + capacity + " tokens, " + refillPerSecond
                    + " a second, never lets anything pass; both must be positive");
        }
        this.capacity = capacity;
        this.refillPerSecond = refillPerSecond;
        this.atMillis = nowMillis;
    }

    private void refill(long nowMillis) {
        if (nowMillis > atMillis) {
            long most = capacity * MILLIS;
            long elapsed = Math.min(nowMillis - atMillis, most / refillPerSecond + 1);
            thousandths = Math.min(most, thousandths + elapsed * refillPerSecond);
        }
        // A clock that was set back starts to count from there.
        atMillis = nowMillis;
    }

    /** Takes {@code cost} if {@code reserve} is left afterwards. */
    boolean take(long cost, long reserve, long nowMillis) {
        refill(nowMillis);
        if (thousandths < (cost + reserve) * MILLIS) {
            return false;
        }
        thousandths -= cost * MILLIS;
        return true;
    }

    /** Takes {@code cost}, or what there is. */
    void takeAnyway(long cost, long nowMillis) {
        refill(nowMillis);
        thousandths = Math.max(0, thousandths - cost * MILLIS);
    }

    /** How long until {@link #take} says yes; {@link Long#MAX_VALUE} if it never will. */
    long millisUntil(long cost, long reserve, long nowMillis) {
        refill(nowMillis);
        if (cost + reserve > capacity) {
            return Long.MAX_VALUE;
        }
        return Math.max(0, Math.ceilDiv((cost + reserve) * MILLIS - thousandths, refillPerSecond));
    }

    /** The venue says that there is nothing left, whatever we counted. */
    void empty(long nowMillis) {
        refill(nowMillis);
        thousandths = 0;
    }
}
