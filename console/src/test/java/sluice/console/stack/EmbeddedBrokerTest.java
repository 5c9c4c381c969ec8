package sluice.console.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;

class EmbeddedBrokerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void whatWasWrittenIsThereAfterARestartOnOtherPorts() {
        // Given
        String first;
        try (var broker = EmbeddedBroker.start(directory, 0)) {
            first = broker.bootstrapServers();
            createTopics(broker);
            write(broker, "before");
        }

        // When
        try (var broker = EmbeddedBroker.start(directory, 0)) {
            createTopics(broker);
            write(broker, "after");

            // Then
            assertThat(read(broker)).containsExactly("before", "after");
            assertThat(first).startsWith("127.0.0.1:");
        }
    }

    @Test
    void aDirectoryInUseIsRefusedByTheProcessThatUsesIt() {
        try (var broker = EmbeddedBroker.start(directory, 0)) {
            assertThatThrownBy(() -> EmbeddedBroker.start(directory, 0))
                    .isInstanceOf(StackException.class)
                    .hasMessageContaining(
                            "is in use by process " + ProcessHandle.current().pid());
            assertThat(broker.bootstrapServers()).isNotEmpty();
        }
    }

    @Test
    void aTakenPortIsRefusedByItsNumber() throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedBroker.start(directory, other.getLocalPort()))
                    .isInstanceOf(StackException.class)
                    .hasMessageContaining("port " + other.getLocalPort())
                    .hasMessageContaining("set another port");
        }
        // And the directory is free again.
        EmbeddedBroker.start(directory, 0).close();
    }

    /** A free port may be taken by others before the broker binds it, that of the controller as well. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aPortThatIsTakenInTheLastMomentIsReplacedByAnother(int unlucky) throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var asked = new AtomicInteger();

            try (var broker = EmbeddedBroker.start(
                    directory,
                    0,
                    () -> asked.getAndIncrement() == unlucky ? other.getLocalPort() : EmbeddedBroker.freePort())) {
                createTopics(broker);
                write(broker, "written");

                assertThat(read(broker)).containsExactly("written");
            }
            assertThat(asked).hasValue(4);
        }
    }

    @Test
    void aDirectoryThatCannotBeIsRefusedByItsName() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertThatThrownBy(() -> EmbeddedBroker.start(file.resolve("data"), 0))
                .isInstanceOf(StackException.class)
                .hasMessageContaining("data directory " + file.resolve("data") + " cannot be written");
    }

    @Test
    void aFormatThatWasCutOffIsDoneAgain() throws IOException {
        Files.createDirectories(directory.resolve("kafka.formatting/half"));

        EmbeddedBroker.start(directory, 0).close();

        assertThat(directory.resolve("kafka/meta.properties")).exists();
        assertThat(directory.resolve("kafka.formatting")).doesNotExist();
    }

    private static void createTopics(EmbeddedBroker broker) {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            new TopicAdmin(admin, TopicSettings.DEFAULT).ensure(PATIENCE);
        }
    }

    private static void write(EmbeddedBroker broker, String value) {
        var config = Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers(), "acks", "all");
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(TopicSettings.DEFAULT.nameOf(Topics.JOURNAL), 0, "account", value))
                    .get();
        } catch (Exception e) {
            throw new AssertionError("could not write " + value, e);
        }
    }

    private static List<String> read(EmbeddedBroker broker) {
        var config = Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers());
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            var partition = new TopicPartition(TopicSettings.DEFAULT.nameOf(Topics.JOURNAL), 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = Objects.requireNonNull(
                    consumer.endOffsets(List.of(partition)).get(partition));
            var values = new ArrayList<String>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(it -> values.add(it.value()));
            }
            return values;
        }
    }
}
