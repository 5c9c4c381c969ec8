package sluice.router.topology;

import java.util.List;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;
import sluice.avro.OrderCommand;
import sluice.avro.WorkingOrder;
import sluice.domain.Mode;
import sluice.risk.core.AccountCore;
import sluice.risk.topology.AccountTopology;
import sluice.topics.Topic;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.wire.AvroSerde;
import sluice.wire.SchemaRegistry;
import sluice.wire.SchemaRegistry.Registration;

/**
 * The whole account task: gate and ledger, and the router behind them.
 *
 * <pre>
 *   journal -> account -> records -> decisions, executions, positions, accounts, notifications
 *                  \----> router --> orders.paper, orders.kalshi, orders.polymarket
 * </pre>
 */
public final class TradingTopology {
    static final String WORKING_ORDERS = "working-orders";

    private static final String ROUTER = "router";
    private static final List<Topic> ORDERS =
            List.of(Topics.ORDERS_PAPER, Topics.ORDERS_KALSHI, Topics.ORDERS_POLYMARKET);

    private TradingTopology() {}

    /** Registers the schemas of all changelogs of the task. */
    public static void registerSchemas(TopicSettings topics, SchemaRegistry registry) {
        AccountTopology.registerSchemas(topics, registry);
        String subject = AccountTopology.applicationId(topics) + "-" + WORKING_ORDERS + "-changelog-value";
        if (registry.register(subject, WorkingOrder.getClassSchema()) instanceof Registration.Refused refused) {
            throw new IllegalStateException(
                    "the registry refuses WorkingOrder as the next version of " + subject + ": " + refused.reason());
        }
    }

    /** Approves PAPER orders only. */
    public static Topology build(TopicSettings topics, SchemaRegistry registry) {
        return build(topics, registry, AccountCore.PAPER_ONLY);
    }

    /**
     * Approves orders of some modes.
     *
     * @param connected modes whose orders somebody carries out; a signal of any other is denied
     */
    public static Topology build(TopicSettings topics, SchemaRegistry registry, Set<Mode> connected) {
        Topology topology = AccountTopology.build(topics, registry, connected);
        topology.addProcessor(ROUTER, RouterProcessor::new, AccountTopology.ACCOUNT);
        topology.addStateStore(
                Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(WORKING_ORDERS),
                        Serdes.String(),
                        new AvroSerde<>(WorkingOrder.class, registry)),
                ROUTER);
        for (Topic topic : ORDERS) {
            AccountTopology.addSink(topology, sinkOf(topic), topics, topic, OrderCommand.class, registry, ROUTER);
        }
        return topology;
    }

    static String sinkOf(Topic topic) {
        return topic.name() + "-sink";
    }
}
