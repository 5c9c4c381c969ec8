package sluice.console.demo;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import sluice.console.stack.LocalStack;
import sluice.topics.Topic;
import sluice.topics.Topics;

/**
 * Tells when everything that was published has been taken in: nothing is on its way from any topic to whoever reads it.
 * A player waits for it around each signal, so that a recording played at full speed is decided and filled as it would
 * have been at the time. For one thread.
 */
final class Quiet implements AutoCloseable {
    private static final List<Topic> INGRESS = List.of(
            Topics.SIGNALS,
            Topics.SIGNALS_JSON,
            Topics.CONTROL,
            Topics.RISK_LIMITS,
            Topics.MARKET_QUOTES,
            Topics.MARKET_METADATA,
            Topics.MARKET_SETTLEMENTS,
            Topics.VENUE_REPORTS,
            Topics.FILLS,
            Topics.VENUE_SNAPSHOTS);
    private static final List<Topic> PAPER =
            List.of(Topics.ORDERS_PAPER, Topics.MARKET_QUOTES, Topics.MARKET_METADATA, Topics.MARKET_SETTLEMENTS);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final LocalStack stack;
    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> ends;
    private final Set<TopicPartition> ingressInputs;
    private final Set<TopicPartition> paperInputs;
    private final Set<TopicPartition> journal;
    private final Set<TopicPartition> all = new HashSet<>();

    Quiet(LocalStack stack) {
        this.stack = stack;
        this.admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()));
        this.ends = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        stack.bootstrapServers(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        this.ingressInputs = partitionsOf(INGRESS);
        this.paperInputs = partitionsOf(PAPER);
        this.journal = partitionsOf(List.of(Topics.JOURNAL));
        all.addAll(ingressInputs);
        all.addAll(paperInputs);
        all.addAll(journal);
        ends.assign(all);
    }

    private Set<TopicPartition> partitionsOf(Collection<Topic> topics) {
        Set<TopicPartition> partitions = new HashSet<>();
        for (Topic topic : topics) {
            partitions.addAll(stack.topics().topicPartitionsOf(topic));
        }
        return partitions;
    }

    /**
     * Waits until nothing is on its way and the paper venue has let {@code timeMillis} come.
     *
     * @throws IllegalStateException if that takes longer than a minute; the message says who is behind
     */
    void await(long timeMillis) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Map<TopicPartition, Long> before = Map.of();
        while (true) {
            Map<TopicPartition, Long> now = new HashMap<>(ends.endOffsets(all));
            String behind = behind(now, timeMillis);
            if (behind.isEmpty() && now.equals(before)) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not everything was taken in within " + PATIENCE.toSeconds() + " s: "
                        + (behind.isEmpty() ? "topics keep growing" : behind));
            }
            if (behind.isEmpty()) {
                before = now;
            } else {
                Thread.sleep(1);
            }
        }
    }

    private String behind(Map<TopicPartition, Long> now, long timeMillis) throws InterruptedException {
        if (stack.paper().timeMillis() < timeMillis) {
            return "the paper venue is at " + stack.paper().timeMillis() + " and not at " + timeMillis;
        }
        for (TopicPartition partition : ingressInputs) {
            if (stack.ingress().positionOf(partition) < now.getOrDefault(partition, 0L)) {
                return "ingress is at " + stack.ingress().positionOf(partition) + " of " + partition;
            }
        }
        for (TopicPartition partition : paperInputs) {
            if (stack.paper().positionOf(partition) < now.getOrDefault(partition, 0L)) {
                return "the paper venue is at " + stack.paper().positionOf(partition) + " of " + partition;
            }
        }
        try {
            var committed = admin.listConsumerGroupOffsets(stack.coreGroup())
                    .partitionsToOffsetAndMetadata()
                    .get();
            for (TopicPartition partition : journal) {
                var offset = committed.get(partition);
                long at = offset == null ? 0 : offset.offset();
                if (at < now.getOrDefault(partition, 0L)) {
                    return "the account task is at " + at + " of " + partition;
                }
            }
        } catch (ExecutionException e) {
            return "the account task's offsets cannot be read: " + e.getCause();
        }
        return "";
    }

    @Override
    public void close() {
        ends.close();
        admin.close();
    }
}
