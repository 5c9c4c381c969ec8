package sluice.console.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.topics.Topic;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.wire.SchemaBundle;
import sluice.wire.SchemaRegistryClient;

/** A process of its own holds the stack, and comes to grief. */
class StackProcessTest {
    private static final int KILLS = 2;
    private static final int TRANSACTION_KILLS = Integer.getInteger("sluice.kills", 2);
    private static final int TRANSACTION_WRITERS = 10;

    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();

    static LongStream seeds() {
        return LongStream.of(1);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatWasAcknowledgedIsThereAfterAKillAndIdsStayTheSame(long seed) throws Exception {
        // Given
        var random = new Random(seed);
        var acknowledged = new ConcurrentSkipListSet<Integer>();
        var bundles = new ArrayList<SchemaBundle>();
        int next = 0;

        // When
        for (int kill = 0; kill < KILLS; kill++) {
            var stack = start();
            bundles.add(bundle(stack));
            next = writeUntilKilled(stack, random, next, acknowledged);
        }
        var stack = start();
        bundles.add(bundle(stack));
        var journal = read(stack, Topics.JOURNAL);
        var signals = read(stack, Topics.SIGNALS);

        // Then
        assertThat(acknowledged).hasSizeGreaterThan(KILLS * 100);
        assertThat(journal).doesNotHaveDuplicates();
        assertThat(signals).doesNotHaveDuplicates();
        var both = new HashSet<>(journal);
        both.addAll(signals);
        assertThat(both).containsAll(acknowledged);
        assertThat(bundles).allMatch(bundles.getFirst()::equals);
    }

    /** Kafka leaves markers out where a dead broker is still taken for a leader; readers then wait for ever. */
    @Test
    void transactionsThatWereBeingFinishedAtAKillAreFinishedAfterIt() throws Exception {
        // Given
        var reader = Map.<String, Object>of("isolation.level", "read_committed", "default.api.timeout.ms", 10_000);
        var topics = TopicSettings.DEFAULT;
        var inputs = List.of(new TopicPartition(topics.nameOf(Topics.SIGNALS), 0));
        var outputs = List.of(
                new TopicPartition(topics.nameOf(Topics.JOURNAL), 0),
                new TopicPartition(topics.nameOf(Topics.DECISIONS), 1));

        for (int kill = 0; kill < TRANSACTION_KILLS; kill++) {
            // When
            var stack = start();
            commitUntilKilled(stack, inputs.getFirst(), outputs);
            stack = start();
            for (int writer = 0; writer < TRANSACTION_WRITERS; writer++) {
                try (var again = transactional(stack, writer)) {
                    again.initTransactions();
                }
            }

            // Then
            for (int writer = 0; writer < TRANSACTION_WRITERS; writer++) {
                try (var consumer = consumer(stack, reader, group(writer))) {
                    assertThat(consumer.committed(Set.copyOf(inputs)))
                            .as("how far group %s has read", group(writer))
                            .isNotEmpty();
                }
            }
            try (var committed = consumer(stack, reader, "reader");
                    var all = consumer(stack, Map.of(), "reader")) {
                assertThat(committed.endOffsets(outputs))
                        .as("what readers of committed records reach")
                        .isEqualTo(all.endOffsets(outputs));
            }
            stack.process().destroyForcibly().waitFor();
        }
    }

    private static String group(int writer) {
        return "group-" + writer;
    }

    private static KafkaProducer<String, Integer> transactional(Running stack, int writer) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        stack.bootstrapServers(),
                        "transactional.id",
                        "writer-" + writer,
                        "linger.ms",
                        0),
                new StringSerializer(),
                new IntegerSerializer());
    }

    private static KafkaConsumer<String, Integer> consumer(Running stack, Map<String, Object> more, String group) {
        var config = new HashMap<String, Object>(more);
        config.put("bootstrap.servers", stack.bootstrapServers());
        config.put("group.id", group);
        return new KafkaConsumer<>(config, new StringDeserializer(), new IntegerDeserializer());
    }

    private static void commitUntilKilled(Running stack, TopicPartition input, List<TopicPartition> outputs)
            throws InterruptedException {
        var committed = new CountDownLatch(200);
        var writers = new ArrayList<Thread>();
        for (int i = 0; i < TRANSACTION_WRITERS; i++) {
            int writer = i;
            writers.add(Thread.ofPlatform().start(() -> {
                try (var producer = transactional(stack, writer);
                        var member = consumer(stack, Map.of(), group(writer))) {
                    producer.initTransactions();
                    for (long offset = 1; stack.process().isAlive(); offset++) {
                        producer.beginTransaction();
                        for (TopicPartition output : outputs) {
                            var unused = producer.send(
                                    new ProducerRecord<>(output.topic(), output.partition(), "account", writer));
                        }
                        producer.sendOffsetsToTransaction(
                                Map.of(input, new OffsetAndMetadata(offset)), member.groupMetadata());
                        producer.commitTransaction();
                        committed.countDown();
                    }
                } catch (KafkaException e) {
                    // Killed in the middle, as intended.
                }
            }));
        }
        assertThat(committed.await(60, TimeUnit.SECONDS)).isTrue();
        stack.process().destroyForcibly().waitFor();
        for (Thread writer : writers) {
            writer.interrupt();
            writer.join();
        }
    }

    @Test
    void aBrokerThatCannotGoOnEndsItsProcessWithALineAndNotInSilence() throws Exception {
        // Given
        var stack = start();

        // When its disk goes away
        try (var paths = Files.walk(directory.resolve("kafka"))) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }

        // Then
        assertThat(stack.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(stack.process().exitValue()).isEqualTo(1);
        assertThat(Files.readString(errors()))
                .contains("sluice: the embedded broker cannot go on and ends this process");
    }

    @AfterEach
    void endProcesses() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    private record Running(Process process, String bootstrapServers, URI registry) {}

    private Running start() throws IOException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        // Kafka unmaps its files in a way that newer Java versions print four lines about.
                        Runtime.version().feature() >= 24
                                ? "--sun-misc-unsafe-memory-access=allow"
                                : "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StackProcess.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.appendTo(errors().toFile()))
                .start();
        processes.add(process);
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String bootstrapServers = out.readLine();
        String registry = out.readLine();
        if (bootstrapServers == null || registry == null) {
            throw new IllegalStateException(
                    "the process that holds the stack ended before it was ready: " + Files.readString(errors()));
        }
        return new Running(process, bootstrapServers, URI.create(registry));
    }

    private Path errors() {
        return directory.resolve("stderr.txt");
    }

    private static SchemaBundle bundle(Running stack) {
        try (var client = new SchemaRegistryClient(stack.registry())) {
            return SchemaBundle.of(client, TopicSettings.DEFAULT);
        }
    }

    /** Writes to a flushed topic and to one that is not; returns the first number that was not sent. */
    private static int writeUntilKilled(Running stack, Random random, int first, Set<Integer> acknowledged)
            throws InterruptedException {
        int before = acknowledged.size();
        int moment = 200 + random.nextInt(3000);
        var enough = new CountDownLatch(moment);
        var killed = new CountDownLatch(1);
        var killer = Thread.ofPlatform().start(() -> {
            try {
                enough.await(60, TimeUnit.SECONDS);
                stack.process().destroyForcibly().waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                killed.countDown();
            }
        });
        var config = Map.<String, Object>of(
                "bootstrap.servers", stack.bootstrapServers(),
                "acks", "all",
                "linger.ms", 0,
                "max.block.ms", 1000,
                "request.timeout.ms", 1000,
                "delivery.timeout.ms", 1000);
        int next = first;
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new IntegerSerializer())) {
            while (killed.getCount() > 0) {
                int value = next++;
                String topic = TopicSettings.DEFAULT.nameOf(value % 4 == 0 ? Topics.JOURNAL : Topics.SIGNALS);
                var unused =
                        producer.send(new ProducerRecord<>(topic, value % 2, "account", value), (written, error) -> {
                            if (error == null) {
                                acknowledged.add(value);
                                enough.countDown();
                            }
                        });
            }
        }
        killer.join();
        assertThat(acknowledged.size() - before).isGreaterThanOrEqualTo(moment);
        return next;
    }

    private static List<Integer> read(Running stack, Topic topic) {
        var config = Map.<String, Object>of("bootstrap.servers", stack.bootstrapServers());
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new IntegerDeserializer())) {
            String name = TopicSettings.DEFAULT.nameOf(topic);
            var partitions = List.of(new TopicPartition(name, 0), new TopicPartition(name, 1));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var values = new ArrayList<Integer>();
            for (var partition : partitions) {
                while (consumer.position(partition) < Objects.requireNonNull(ends.get(partition))) {
                    consumer.poll(Duration.ofMillis(100)).forEach(it -> values.add(it.value()));
                }
            }
            return values;
        }
    }

    /** What is killed: holds the stack and says on stdout where it is. */
    static final class StackProcess {
        private StackProcess() {}

        public static void main(String[] args) throws InterruptedException {
            var broker = EmbeddedBroker.start(Path.of(args[0]), 0);
            try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                new TopicAdmin(admin, TopicSettings.DEFAULT).ensure(Duration.ofSeconds(30));
            }
            var registry = EmbeddedRegistry.start(broker.bootstrapServers(), TopicSettings.DEFAULT, 0);
            System.out.println(broker.bootstrapServers());
            System.out.println(registry.uri());
            Thread.currentThread().join();
        }
    }
}
