package sluice.venues.paper;

import java.time.InstantSource;
import java.util.Map;
import sluice.domain.AccountId;
import sluice.domain.Money;
import sluice.domain.Venue;
import sluice.domain.paper.PaperRules;
import sluice.topics.TopicSettings;
import sluice.venues.placement.LastLook;
import sluice.wire.SchemaRegistry;

/**
 * What a paper connector needs to know.
 *
 * @param client how to reach the broker: settings of a Kafka client, {@code bootstrap.servers} at least
 * @param topics names and partitions of the deployment
 * @param registry where schemas are
 * @param rules what the simulation assumes
 * @param startingBalances cash that an account starts with at a simulated venue; put in once and never again
 * @param lastLook whether an order may still leave; asked after its placement is on record
 * @param clock the wall clock, or the time of a recording; where it goes back, the connector's time stands still
 * @param instance name of this instance among all of them: a restart under the same name takes over at once
 */
public record PaperConnectorConfig(
        Map<String, Object> client,
        TopicSettings topics,
        SchemaRegistry registry,
        PaperRules rules,
        Map<AccountId, Map<Venue, Money>> startingBalances,
        LastLook lastLook,
        InstantSource clock,
        String instance) {
    public PaperConnectorConfig {
        client = Map.copyOf(client);
        startingBalances = Map.copyOf(startingBalances);
    }
}
