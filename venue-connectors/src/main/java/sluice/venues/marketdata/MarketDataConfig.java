package sluice.venues.marketdata;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import sluice.domain.MarketId;
import sluice.domain.Venue;
import sluice.topics.TopicSettings;
import sluice.venues.api.VenueClient;
import sluice.wire.SchemaRegistry;

/**
 * What a market-data connector needs to know.
 *
 * @param client how to reach the broker: settings of a Kafka client, {@code bootstrap.servers} at least
 * @param venueClient asked for metadata, books and results; whoever made it starts and closes it
 * @param watchList markets that are followed whether or not anybody asks for them
 * @param tuning how much, and how often
 */
public record MarketDataConfig(
        Map<String, Object> client,
        TopicSettings topics,
        SchemaRegistry registry,
        Venue venue,
        VenueClient venueClient,
        Set<MarketId> watchList,
        InstantSource clock,
        Tuning tuning) {
    /**
     * How much, and how often.
     *
     * @param keep how long a market is followed after its last signal, if nobody holds it; so far back are signals read
     *     at the start
     * @param mostMarkets that are followed at once; held ones are followed even beyond
     * @param metadataEvery how often what is known of a market is read again without any news
     * @param resultsEvery how often the result of a market is asked for that does not trade any more
     * @param quotePause least time between two quotes of a market
     * @param confirmQuotes least time before an unchanged book is told again because the venue's stream confirmed it
     * @param depth levels of each side in a quote
     * @param mostCalls reads under way at a time
     */
    public record Tuning(
            Duration keep,
            int mostMarkets,
            Duration metadataEvery,
            Duration resultsEvery,
            Duration quotePause,
            Duration confirmQuotes,
            int depth,
            int mostCalls) {
        /** Good for most. */
        public static final Tuning DEFAULT = new Tuning(
                Duration.ofHours(24),
                500,
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                Duration.ofMillis(20),
                Duration.ofMillis(500),
                20,
                8);

        public Tuning {
            if (mostMarkets < 1 || depth < 1 || mostCalls < 1) {
                throw new IllegalArgumentException("markets " + mostMarkets + ", depth " + depth + " and calls "
                        + mostCalls + " must each be at least 1");
            }
        }
    }

    public MarketDataConfig {
        client = Map.copyOf(client);
        watchList = Set.copyOf(watchList);
        if (venue == Venue.PAPER) {
            throw new IllegalArgumentException("the paper venue has no markets of its own; follow those of a real one");
        }
        for (MarketId market : watchList) {
            if (market.venue() != venue) {
                throw new IllegalArgumentException(
                        "market " + market + " on the watch list is not of " + venue + "; name it there");
            }
        }
    }
}
