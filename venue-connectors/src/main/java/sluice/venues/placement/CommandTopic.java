package sluice.venues.placement;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.Utils;
import sluice.topics.Topic;
import sluice.topics.TopicSettings;

/**
 * A topic of commands as connectors read it: as a group that shares its partitions, and with them the accounts. All
 * that belongs to an account is in partitions of the same number.
 */
public final class CommandTopic {
    /** After a kill, a restart under the same name takes over at once; a different instance waits this long. */
    private static final int SESSION_TIMEOUT_MILLIS = 6_000;

    private static final int HEARTBEAT_MILLIS = 2_000;

    private final Map<String, Object> client;
    private final TopicSettings topics;
    private final Topic topic;
    private final String name;

    public CommandTopic(Map<String, Object> client, TopicSettings topics, Topic topic) {
        this.client = client;
        this.topics = topics;
        this.topic = topic;
        this.name = topics.nameOf(topic);
    }

    /** The topic's name on the broker. */
    public String name() {
        return name;
    }

    /**
     * A member of the group that has subscribed to nothing yet.
     *
     * @param group without the deployment's prefix
     * @param instance the member's name, the same after a restart
     */
    public KafkaConsumer<String, byte[]> consumer(String group, String instance) {
        var settings = new HashMap<>(client);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, topics.prefix() + group);
        settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instance);
        settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MILLIS);
        settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT_MILLIS);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Makes sure that accounts have the same number everywhere.
     *
     * @throws IllegalStateException if one of the others does not have as many partitions as the commands
     */
    public void requireSamePartitions(KafkaConsumer<?, ?> consumer, Topic... others) {
        int expected = consumer.partitionsFor(name).size();
        for (var other : others) {
            int actual = consumer.partitionsFor(topics.nameOf(other)).size();
            if (actual != expected) {
                throw new IllegalStateException("topic " + other.name() + " has " + actual + " partitions and "
                        + topic.name() + " has " + expected
                        + "; what belongs to an account must have the same number in all of them");
            }
        }
    }

    /** Where Kafka's own partitioner puts records with this key, such as the commands of an account. */
    public static int partitionOf(String key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % partitions;
    }
}
