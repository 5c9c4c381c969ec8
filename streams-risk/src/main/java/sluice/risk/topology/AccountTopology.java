package sluice.risk.topology;

import static org.apache.kafka.streams.state.Stores.inMemoryKeyValueStore;
import static org.apache.kafka.streams.state.Stores.keyValueStoreBuilder;

import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import sluice.avro.AccountState;
import sluice.avro.Decision;
import sluice.avro.Execution;
import sluice.avro.JournalEntry;
import sluice.avro.Notification;
import sluice.avro.Position;
import sluice.domain.Mode;
import sluice.risk.core.AccountCore;
import sluice.topics.Topic;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.wire.AvroSerde;
import sluice.wire.SchemaRegistry;

/**
 * Journal in, decisions and books out, one account at a time.
 *
 * <p>The journal is keyed by account, so all records that can change one account's answer reach one task in one order.
 * That is what makes check-and-reserve safe without a lock; re-keying it, or reading anything else here, would break
 * it.
 *
 * <pre>
 *   journal -> account (gate, ledger) -> records -> decisions, executions, positions, accounts, notifications
 *                         \-> whatever is wired behind {@link #ACCOUNT}: the router
 * </pre>
 */
public final class AccountTopology {
    /** Node that forwards what follows from each journal entry, as {@link sluice.risk.core.AccountEvent}. */
    public static final String ACCOUNT = "account";

    static final String DECISIONS = "decisions-sink";
    static final String EXECUTIONS = "executions-sink";
    static final String POSITIONS = "positions-sink";
    static final String ACCOUNTS = "accounts-sink";
    static final String NOTIFICATIONS = "notifications-sink";

    private static final String JOURNAL = "journal-source";
    private static final String RECORDS = "records";

    /** Hash of the last decision by account and mode. */
    static final String CHAIN = "chain";

    private AccountTopology() {}

    /** Name of the account task's application; its changelogs, group and transactional ids begin with it. */
    public static String applicationId(TopicSettings topics) {
        return topics.prefix() + "account-task";
    }

    /**
     * Registers the schemas of the stores' changelogs. The deploy step of a cluster and the start of the embedded stack
     * do this, as with the catalogue of topics.
     */
    public static void registerSchemas(TopicSettings topics, SchemaRegistry registry) {
        new Stores(registry, applicationId(topics)).registerSchemas();
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
        var stores = new Stores(registry, applicationId(topics));
        var topology = new Topology();
        topology.addSource(
                JOURNAL,
                Serdes.String().deserializer(),
                new AvroSerde<>(JournalEntry.class, registry).deserializer(),
                topics.nameOf(Topics.JOURNAL));

        topology.addProcessor(ACCOUNT, () -> new AccountProcessor(stores, connected), JOURNAL);
        stores.all().forEach(store -> topology.addStateStore(store.builder(), ACCOUNT));

        topology.addProcessor(RECORDS, RecordsProcessor::new, ACCOUNT);
        topology.addStateStore(
                keyValueStoreBuilder(inMemoryKeyValueStore(CHAIN), Serdes.String(), Serdes.ByteArray())
                        .withLoggingEnabled(Stored.changelogConfig(Stored.Kept.IN_MEMORY)),
                RECORDS);

        addSink(topology, DECISIONS, topics, Topics.DECISIONS, Decision.class, registry, RECORDS);
        addSink(topology, EXECUTIONS, topics, Topics.EXECUTIONS, Execution.class, registry, RECORDS);
        addSink(topology, POSITIONS, topics, Topics.POSITIONS, Position.class, registry, RECORDS);
        addSink(topology, ACCOUNTS, topics, Topics.ACCOUNTS, AccountState.class, registry, RECORDS);
        addSink(topology, NOTIFICATIONS, topics, Topics.NOTIFICATIONS, Notification.class, registry, RECORDS);
        return topology;
    }

    /** Adds a sink that writes {@code type} to {@code topic}; for the nodes here and for those wired behind. */
    public static <T extends SpecificRecord> void addSink(
            Topology topology,
            String node,
            TopicSettings topics,
            Topic topic,
            Class<T> type,
            SchemaRegistry registry,
            String parent) {
        topology.addSink(
                node,
                topics.nameOf(topic),
                Serdes.String().serializer(),
                new AvroSerde<>(type, registry).serializer(),
                parent);
    }
}
