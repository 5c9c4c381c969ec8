package sluice.venues.paper;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.wire.AvroSerde;

/** Reads committed records of partitions that belong to no group. */
final class TopicReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);
    private static final int HEADER_BYTES = 5;
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<String, byte[]> consumer;

    TopicReader(Map<String, Object> client) {
        var config = new HashMap<>(client);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        // A fetch that waits at the end of one partition holds up the next one.
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
        this.consumer = new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
    }

    Map<TopicPartition, Long> beginnings(Collection<TopicPartition> partitions) {
        consumer.assign(partitions);
        return consumer.beginningOffsets(partitions);
    }

    Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
        consumer.assign(partitions);
        return consumer.endOffsets(partitions);
    }

    List<TopicPartition> partitionsOf(String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .sorted((a, b) -> Integer.compare(a.partition(), b.partition()))
                .toList();
    }

    /** Hands over every committed record from {@code from}, included, to {@code to}, excluded, in order. */
    void read(TopicPartition partition, long from, long to, Consumer<ConsumerRecord<String, byte[]>> into) {
        if (from >= to) {
            return;
        }
        consumer.assign(List.of(partition));
        consumer.seek(partition, from);
        while (consumer.position(partition) < to) {
            for (var record : consumer.poll(POLL)) {
                if (record.offset() < to) {
                    into.accept(record);
                }
            }
        }
    }

    /**
     * Whether a record can be one that we wrote: all of ours begin with the wire format's header. What does not begin
     * like that was put there by somebody else and is passed over, aloud. What does begin like that and cannot be read
     * may well be ours, written under a schema that got lost; passing it over could place an order twice.
     */
    static boolean isOurs(ConsumerRecord<String, byte[]> record) {
        byte[] value = record.value();
        boolean ours = value != null && value.length > HEADER_BYTES && value[0] == 0;
        if (!ours) {
            LOG.error(
                    "{}/{}@{} is no record of Sluice's and is passed over; find out who may write to this topic",
                    record.topic(),
                    record.partition(),
                    record.offset());
        }
        return ours;
    }

    /**
     * The value of a record that only we write.
     *
     * @throws IllegalStateException if there is none
     */
    static <T extends SpecificRecord> T valueOf(ConsumerRecord<String, byte[]> record, AvroSerde<T> serde) {
        var value = serde.deserialize(record.topic(), record.value());
        if (value == null) {
            throw new IllegalStateException("an empty record at " + record.topic() + "/" + record.partition() + "@"
                    + record.offset() + "; records of this topic have a value");
        }
        return value;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
