package sluice.topics;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/**
 * What of the topics belongs to a deployment and not to the product.
 *
 * @param prefix stands before every topic name and every subject; may be empty
 * @param replication copies of every partition
 * @param partitions partitions by topic name without prefix, where they differ from the catalogue
 */
public record TopicSettings(String prefix, short replication, Map<String, Integer> partitions) {
    /** One broker, prefix {@code sluice.}, partitions as in the catalogue. */
    public static final TopicSettings DEFAULT = new TopicSettings("sluice.", (short) 1, Map.of());

    public TopicSettings {
        if (!prefix.matches("[A-Za-z0-9._-]{0,100}")) {
            throw new IllegalArgumentException("topic prefix \"" + prefix
                    + "\" may have up to 100 letters, digits, dots, dashes and underscores and nothing else");
        }
        if (replication < 1) {
            throw new IllegalArgumentException("replication " + replication + " is less than 1");
        }
        partitions = Map.copyOf(partitions);
        partitions.forEach((name, count) -> {
            if (Topics.byName(name).isEmpty()) {
                throw new IllegalArgumentException("partitions are set for \"" + name
                        + "\", which is no topic; topics are named without prefix, as in journal");
            }
            if (count < 1) {
                throw new IllegalArgumentException(
                        "topic " + name + " is to have " + count + " partitions; 1 is the least");
            }
        });
    }

    /** The topic's name on the broker. */
    public String nameOf(Topic topic) {
        return prefix + topic.name();
    }

    /** The topic with this name on the broker; empty if it is none of ours. */
    public Optional<Topic> topicOf(String nameOnBroker) {
        return nameOnBroker.startsWith(prefix)
                ? Topics.byName(nameOnBroker.substring(prefix.length()))
                : Optional.empty();
    }

    /** The subject of the topic's values in the registry; empty where they are not Avro. */
    public Optional<String> subjectOf(Topic topic) {
        return topic.subject().map(subject -> prefix + subject);
    }

    /** How many partitions the topic has. */
    public int partitionsOf(Topic topic) {
        return partitions.getOrDefault(topic.name(), topic.partitions());
    }

    /** All partitions of the topic, by number. */
    public List<TopicPartition> topicPartitionsOf(Topic topic) {
        return IntStream.range(0, partitionsOf(topic))
                .mapToObj(number -> new TopicPartition(nameOf(topic), number))
                .toList();
    }

    /** The smallest majority of the copies: an acknowledged record survives the loss of any minority. */
    public int minInSyncReplicas() {
        return replication / 2 + 1;
    }
}
