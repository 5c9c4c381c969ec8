package sluice.venues.live;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import sluice.domain.AccountId;
import sluice.domain.Mode;
import sluice.domain.Venue;
import sluice.topics.TopicSettings;
import sluice.venues.api.VenueClient;
import sluice.venues.placement.LastLook;
import sluice.wire.SchemaRegistry;

/**
 * What a connector to a venue needs to know.
 *
 * @param client how to reach the broker: settings of a Kafka client, {@code bootstrap.servers} at least
 * @param mode the only mode whose orders it carries out
 * @param accounts how each account reaches the venue; an order of any other account is refused as not sent
 * @param lastLook whether an order may still leave; asked after its placement is on record
 * @param instance name of this instance among all of them: a restart under the same name takes over at once
 * @param readEvery how often balances, positions, open orders and fills are read without any news
 * @param lookEvery how long to wait between two looks for an order in doubt
 * @param mostCalls calls under way at a time
 */
public record LiveConnectorConfig(
        Map<String, Object> client,
        TopicSettings topics,
        SchemaRegistry registry,
        Venue venue,
        Mode mode,
        Map<AccountId, VenueClient> accounts,
        LastLook lastLook,
        InstantSource clock,
        String instance,
        Duration readEvery,
        Duration lookEvery,
        int mostCalls) {
    public static final Duration READ_EVERY = Duration.ofSeconds(10);
    public static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    public static final int MOST_CALLS = 64;

    public LiveConnectorConfig {
        client = Map.copyOf(client);
        accounts = Map.copyOf(accounts);
        if (venue == Venue.PAPER || mode == Mode.PAPER) {
            throw new IllegalArgumentException("paper orders are carried out by the paper connector");
        }
    }
}
