package sluice.console.stack;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;
import sluice.topics.TopicSettings;

/**
 * One Kafka broker for all tests of a run that talk to one; register it as a static extension. It is the embedded
 * broker, or Kafka's official image in the profile {@code containers}.
 *
 * <p>Every test class has topics of its own: use {@link #settings}, whose prefix no other class has.
 */
public final class TestBroker implements BeforeAllCallback {
    /** {@code embedded}, the default, or {@code container}. */
    public static final String PROPERTY = "sluice.test.broker";

    private static final String IMAGE = "apache/kafka:4.3.1";
    private static final AtomicInteger CLASSES = new AtomicInteger();

    private final TopicSettings settings =
            new TopicSettings("test-" + CLASSES.incrementAndGet() + ".", (short) 1, Map.of());
    private @Nullable Running running;

    private record Running(String bootstrapServers, Closeable broker) implements Closeable {
        @Override
        public void close() throws IOException {
            broker.close();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        running = context.getRoot()
                .getStore(ExtensionContext.Namespace.create(TestBroker.class))
                .getOrComputeIfAbsent("broker", key -> start(), Running.class);
    }

    /** Where clients connect. */
    public String bootstrapServers() {
        if (running == null) {
            throw new IllegalStateException("the broker starts before the first test; annotate it @RegisterExtension");
        }
        return running.bootstrapServers();
    }

    /** Topic names of this test class alone. */
    public TopicSettings settings() {
        return settings;
    }

    /** Creates the catalogue's topics for this test class. */
    public void createTopics() {
        try (var admin = Admin.create(Map.of("bootstrap.servers", (Object) bootstrapServers()))) {
            new TopicAdmin(admin, settings).ensure(Duration.ofSeconds(60));
        }
    }

    private static Running start() {
        String kind = System.getProperty(PROPERTY, "embedded");
        return switch (kind) {
            case "embedded" -> embedded();
            case "container" -> container();
            default ->
                throw new IllegalArgumentException(PROPERTY + " is \"" + kind + "\"; embedded and container are known");
        };
    }

    private static Running embedded() {
        try {
            Path directory = Files.createTempDirectory("sluice-test-broker");
            var broker = EmbeddedBroker.start(directory, 0);
            return new Running(broker.bootstrapServers(), () -> {
                broker.close();
                delete(directory);
            });
        } catch (IOException e) {
            throw new IllegalStateException("no directory for the broker's data", e);
        }
    }

    private static Running container() {
        var container = new KafkaContainer(DockerImageName.parse(IMAGE))
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")
                .withEnv("KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "1000")
                .withEnv("KAFKA_TRANSACTION_ABORT_TIMED_OUT_TRANSACTION_CLEANUP_INTERVAL_MS", "1000")
                .withEnv("KAFKA_ADD_PARTITIONS_TO_TXN_RETRY_BACKOFF_MS", "1")
                .withEnv("KAFKA_MESSAGE_MAX_BYTES", "8388608")
                .withEnv("KAFKA_LOG_MESSAGE_TIMESTAMP_AFTER_MAX_MS", Long.toString(Long.MAX_VALUE));
        try {
            container.start();
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "the profile \"containers\" runs the broker tests against " + IMAGE
                            + " and needs a container engine, and none could run it: " + e.getMessage()
                            + "; start one, or leave the profile out to use the embedded broker",
                    e);
        }
        return new Running(container.getBootstrapServers(), container::close);
    }

    private static void delete(Path tree) throws IOException {
        try (var paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
