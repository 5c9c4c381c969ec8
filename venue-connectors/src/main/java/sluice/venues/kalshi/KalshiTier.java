package sluice.venues.kalshi;

import sluice.venues.kalshi.KalshiJson.Unreadable;

/**
 * What a key may do: tokens that refill each second, and the most that can be saved up. A request costs ten, a cancel
 * or the read of one order two.
 *
 * @param name as the venue calls it
 */
public record KalshiTier(String name, long readPerSecond, long readCapacity, long writePerSecond, long writeCapacity) {
    /** What every key may do at least. */
    public static final KalshiTier BASIC = new KalshiTier("basic", 200, 600, 100, 100);

    static KalshiTier of(KalshiJson json) throws Unreadable {
        var read = json.object("read");
        var write = json.object("write");
        return new KalshiTier(
                json.text("usage_tier"),
                read.integer("refill_rate"),
                read.integer("bucket_capacity"),
                write.integer("refill_rate"),
                write.integer("bucket_capacity"));
    }

    /** A part of it, with room for one order and the reserve of cancels at least. */
    KalshiTier share(int percent) {
        return new KalshiTier(
                name,
                Math.max(1, readPerSecond * percent / 100),
                Math.max(KalshiLimits.DEFAULT_COST, readCapacity * percent / 100),
                Math.max(1, writePerSecond * percent / 100),
                Math.max(2 * KalshiLimits.DEFAULT_COST, writeCapacity * percent / 100));
    }
}
