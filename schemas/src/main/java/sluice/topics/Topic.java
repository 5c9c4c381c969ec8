package sluice.topics;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/**
 * One topic of the catalogue. Keys are UTF-8 strings everywhere.
 *
 * @param name name without the prefix of the deployment
 * @param key what the key is, in words; parts are separated by |, which no name contains
 * @param value what the values are
 * @param retention how long records are kept
 * @param writer the only role that writes
 * @param readers who reads, and what for
 * @param partitions partitions unless configured otherwise
 * @param durability when a record counts as stored
 */
public record Topic(
        String name,
        String key,
        Value value,
        Retention retention,
        Role writer,
        String readers,
        int partitions,
        Durability durability) {
    /** When a record counts as stored. */
    public enum Durability {
        /** When every in-sync replica has it; on one machine a power cut may take the last moments. */
        REPLICATED,
        /** When it is on disk as well: a lost machine is not a lost record. */
        FLUSHED
    }

    /**
     * Bytes of the largest batch accepted from outside: a record that is longer is refused at its producer. Kafka's own
     * default, written down because {@link #LARGEST_WRAPPING_BATCH} depends on it.
     */
    public static final int LARGEST_OUTSIDE_BATCH = 1_048_588;

    /**
     * Bytes of the largest batch in topics that only we write: such a record may carry a whole outside one and more.
     * Our producers need a {@code max.request.size} of as much.
     */
    public static final int LARGEST_WRAPPING_BATCH = 8 * 1024 * 1024;

    /** Small, so that a reader of a compacted topic never reads much history: the newest segment is never compacted. */
    private static final int COMPACTED_SEGMENT_BYTES = 4 * 1024 * 1024;

    private static final long COMPACTED_SEGMENT_MILLIS = 10 * 60 * 1000L;

    public Topic {
        if (!name.matches("[a-z][a-z.]*")) {
            throw new IllegalArgumentException("topic \"" + name + "\" has other characters than a-z and dots");
        }
        if (partitions < 1) {
            throw new IllegalArgumentException("topic " + name + " has " + partitions + " partitions; 1 is the least");
        }
    }

    /** The subject of the values' schema without the prefix of the deployment; empty where values are not Avro. */
    public Optional<String> subject() {
        return switch (value) {
            case Value.Avro ignored -> Optional.of(name + "-value");
            case Value.Json ignored -> Optional.empty();
        };
    }

    /** Topic settings that must hold on the broker, whoever created the topic; by name, sorted. */
    public Map<String, String> config(TopicSettings settings) {
        var config = new TreeMap<String, String>();
        switch (retention) {
            case Retention.For kept -> {
                config.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
                config.put(
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(kept.time().toMillis()));
                // Counted from the record's arrival. A replay writes by a recorded clock, and by that clock its orders
                // would be over their time before anyone had read them.
                config.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
            }
            case Retention.Forever ignored -> {
                config.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
                config.put(TopicConfig.RETENTION_MS_CONFIG, "-1");
                config.put(TopicConfig.RETENTION_BYTES_CONFIG, "-1");
            }
            case Retention.Compacted ignored -> {
                config.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
                config.put(TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(COMPACTED_SEGMENT_BYTES));
                config.put(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(COMPACTED_SEGMENT_MILLIS));
                config.put(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.1");
            }
        }
        if (!(retention instanceof Retention.For)) {
            // The writer's clock counts, wherever it stands: the journal's timestamps are the time of decisions.
            config.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime");
            config.put(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, Long.toString(Long.MAX_VALUE));
        }
        if (durability == Durability.FLUSHED) {
            config.put(TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG, "1");
        }
        boolean fromOutside = writer == Role.MODELS || writer == Role.OPERATOR;
        config.put(
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                Integer.toString(fromOutside ? LARGEST_OUTSIDE_BATCH : LARGEST_WRAPPING_BATCH));
        config.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(settings.minInSyncReplicas()));
        config.put(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
        return config;
    }

    /** What to ask a broker for. */
    public NewTopic newTopic(TopicSettings settings) {
        return new NewTopic(settings.nameOf(this), settings.partitionsOf(this), settings.replication())
                .configs(config(settings));
    }
}
