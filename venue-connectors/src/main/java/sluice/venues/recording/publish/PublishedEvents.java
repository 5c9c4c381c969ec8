package sluice.venues.recording.publish;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import sluice.topics.Topic;
import sluice.topics.TopicSettings;

/**
 * Which events of a recording stand in the topics already.
 *
 * <p>The largest number found anywhere would not do: partitions are written independently, so that a killed publisher
 * may have written event 101 to one of them and not event 100 to another. Within one partition the order is kept, so
 * what stands there is everything up to its last number.
 */
public final class PublishedEvents {
    /** Records looked at from the end of a partition; doubled until one of ours is found. */
    private static final long FIRST_LOOK = 64;

    private static final Duration POLL = Duration.ofMillis(200);

    private final Map<TopicPartition, Long> last;

    private PublishedEvents(Map<TopicPartition, Long> last) {
        this.last = last;
    }

    /** Before anything is published. */
    public static PublishedEvents none() {
        return new PublishedEvents(Map.of());
    }

    /**
     * Reads the ends of the topics.
     *
     * @param consumer without a group; its assignment and positions are changed
     */
    public static PublishedEvents read(Consumer<byte[], byte[]> consumer, TopicSettings topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (Topic topic : RecordingRecords.TOPICS) {
            partitions.addAll(topics.topicPartitionsOf(topic));
        }
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> last = new HashMap<>();
        for (TopicPartition partition : partitions) {
            long begin = begins.getOrDefault(partition, 0L);
            long end = ends.getOrDefault(partition, 0L);
            long sequence = -1;
            for (long back = FIRST_LOOK; sequence < 0 && begin < end; back *= 2) {
                long from = Math.max(begin, end - back);
                sequence = largest(consumer, partition, from, end);
                if (from == begin) {
                    break;
                }
            }
            last.put(partition, sequence);
        }
        return new PublishedEvents(last);
    }

    private static long largest(Consumer<byte[], byte[]> consumer, TopicPartition partition, long from, long end) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, from);
        long largest = -1;
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                largest = Math.max(largest, RecordingRecords.sequenceOf(record.headers()));
            }
        }
        return largest;
    }

    /** Whether this record of {@link RecordingRecords} stands in its topic. */
    public boolean has(ProducerRecord<byte[], byte[]> record) {
        Long published = last.get(new TopicPartition(record.topic(), record.partition()));
        return published != null && RecordingRecords.sequenceOf(record.headers()) <= published;
    }

    /** Whether nothing has been published. */
    public boolean isEmpty() {
        return last.values().stream().allMatch(sequence -> sequence < 0);
    }
}
