package sluice.venues.kalshi;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.Mode;

/**
 * Where and as whom to trade.
 *
 * @param rest base of the REST calls, {@code https://host/trade-api/v2}
 * @param websocket {@code wss://host/trade-api/ws/v2}
 * @param account our name of the account that the key belongs to
 * @param mode of the fills and reports that come from here
 * @param subaccount null for the primary one, or the one that the key is locked to
 * @param orderGroups order group of each shard, as a stop at the venue; a shard without one has none
 * @param percentOfLimits our share of the key's rate limits, 1 to 100
 * @param readLag how far reads may lag behind the exchange
 * @param depth levels of each side in a quote
 * @param conflation the shortest time between two quotes of one market
 * @param silence a websocket without a message for this long is dropped; it is asked for a sign of life before that
 * @param seed of the jitter in reconnecting
 */
public record KalshiConfig(
        URI rest,
        URI websocket,
        AccountId account,
        Mode mode,
        @Nullable Integer subaccount,
        Map<Integer, String> orderGroups,
        int percentOfLimits,
        Duration readLag,
        int depth,
        Duration conflation,
        Duration silence,
        long seed) {
    public static final URI PRODUCTION_REST = URI.create("https://external-api.kalshi.com/trade-api/v2");
    public static final URI PRODUCTION_WEBSOCKET = URI.create("wss://external-api-ws.kalshi.com/trade-api/ws/v2");
    public static final URI DEMO_REST = URI.create("https://external-api.demo.kalshi.co/trade-api/v2");
    public static final URI DEMO_WEBSOCKET = URI.create("wss://external-api-ws.demo.kalshi.co/trade-api/ws/v2");

    public KalshiConfig {
        orderGroups = Map.copyOf(orderGroups);
        if (percentOfLimits < 1 || percentOfLimits > 100) {
            throw new IllegalArgumentException(
                    "share of the rate limits is " + percentOfLimits + " percent; give 1 to 100");
        }
        if (rest.getPath().endsWith("/")) {
            throw new IllegalArgumentException("\"" + rest + "\" ends in a slash, which would be signed; leave it out");
        }
    }

    /** Everything but hosts, account and mode as it is good for most. */
    public static KalshiConfig of(URI rest, URI websocket, AccountId account, Mode mode) {
        return new KalshiConfig(
                rest,
                websocket,
                account,
                mode,
                null,
                Map.of(),
                25,
                Duration.ofSeconds(2),
                20,
                Duration.ofMillis(50),
                Duration.ofSeconds(15),
                1);
    }

    /** The whole budget of the key, for an account that nothing else uses. */
    public KalshiConfig withPercentOfLimits(int percent) {
        return with(orderGroups, percent, readLag, silence);
    }

    public KalshiConfig withReadLag(Duration lag) {
        return with(orderGroups, percentOfLimits, lag, silence);
    }

    public KalshiConfig withSilence(Duration longest) {
        return with(orderGroups, percentOfLimits, readLag, longest);
    }

    public KalshiConfig withOrderGroups(Map<Integer, String> groups) {
        return with(groups, percentOfLimits, readLag, silence);
    }

    private KalshiConfig with(Map<Integer, String> groups, int percent, Duration lag, Duration longest) {
        return new KalshiConfig(
                rest, websocket, account, mode, subaccount, groups, percent, lag, depth, conflation, longest, seed);
    }
}
