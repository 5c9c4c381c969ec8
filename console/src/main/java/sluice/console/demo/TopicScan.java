package sluice.console.demo;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import sluice.console.stack.LocalStack;
import sluice.topics.Topic;
import sluice.wire.AvroSerde;

/** Reads a topic from its beginning to its end as of now, committed records only. */
final class TopicScan {
    private TopicScan() {}

    /** Tells {@code each} of every record, each partition in its order. */
    static <T extends SpecificRecord> void scan(
            LocalStack stack, Topic topic, Class<T> type, Consumer<ConsumerRecord<String, T>> each) {
        Map<String, Object> config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                stack.bootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed");
        try (var consumer = new KafkaConsumer<>(
                config, new StringDeserializer(), new AvroSerde<>(type, stack.registryClient()).deserializer())) {
            List<TopicPartition> partitions = stack.topics().topicPartitionsOf(topic);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (!ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(each);
            }
        }
    }

    /** Records that a topic without transactions has taken. */
    static long count(LocalStack stack, Topic topic) {
        try (var consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, stack.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            List<TopicPartition> partitions = stack.topics().topicPartitionsOf(topic);
            consumer.assign(partitions);
            return consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }
}
