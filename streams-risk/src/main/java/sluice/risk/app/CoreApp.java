package sluice.risk.app;

import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import sluice.topics.Topic;

/**
 * Runs the account task. A bug, or a journal record that cannot be read, stops it and is told once to the failure
 * listener: a stop is seen, a guess is not. Safe for use by several threads.
 */
public final class CoreApp implements AutoCloseable {
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);

    private final KafkaStreams streams;
    private final CountDownLatch running = new CountDownLatch(1);

    /**
     * Prepares the task; {@link #start} begins it.
     *
     * @param failures told of the error that stopped the task, on a thread of the task
     */
    public CoreApp(Topology topology, CoreSettings settings, Consumer<Throwable> failures) {
        streams = new KafkaStreams(topology, properties(settings));
        streams.setUncaughtExceptionHandler(error -> {
            failures.accept(error);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.setStateListener((next, before) -> {
            if (next == KafkaStreams.State.RUNNING) {
                running.countDown();
            }
        });
    }

    private static Properties properties(CoreSettings settings) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        config.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDirectory().toString());
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        config.put(
                StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) settings.topics().replication());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.commitIntervalMillis());
        config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        // A cache would swallow intermediate changelog writes; every state must be there after a crash.
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        // With nothing arriving the thread sits in poll and does not commit the tail of a burst.
        config.put(StreamsConfig.POLL_MS_CONFIG, 2);
        // Static membership: a killed process comes back to its own tasks without waiting for a rebalance.
        config.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
                settings.applicationId() + "-" + settings.instance());
        config.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000);
        config.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 2_000);
        config.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        // A dead predecessor's open transaction blocks its readers for at most this long.
        config.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 5_000);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), Topic.LARGEST_WRAPPING_BATCH);
        // Changelogs are reread after a crash: small segments let compaction keep them as short as the live state.
        config.put(StreamsConfig.topicPrefix(TopicConfig.SEGMENT_BYTES_CONFIG), 4 * 1024 * 1024);
        config.put(StreamsConfig.topicPrefix(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG), "0.1");
        return config;
    }

    /** Starts the task; returns at once. */
    public void start() {
        streams.start();
    }

    /** Waits until the task has its state back and takes records; false if that takes longer than {@code patience}. */
    public boolean awaitRunning(Duration patience) throws InterruptedException {
        return running.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What the task is doing, in Kafka Streams' words. */
    public String state() {
        return streams.state().name();
    }

    /** Stops the task; what it had not committed is done again by its next start. */
    @Override
    public void close() {
        streams.close(CLOSE_WITHIN);
    }
}
