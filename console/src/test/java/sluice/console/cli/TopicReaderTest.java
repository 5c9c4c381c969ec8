package sluice.console.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sluice.console.stack.TestBroker;
import sluice.topics.Topics;

/** Reading topics on a real broker. */
class TopicReaderTest {
    @RegisterExtension
    static final TestBroker BROKER = new TestBroker();

    private static final long T0 = Instant.parse("2026-01-28T20:00:00Z").toEpochMilli();

    private Cluster cluster = open();

    @BeforeAll
    static void topics() {
        BROKER.createTopics();
    }

    private static Cluster open() {
        return Cluster.open(new Connection(
                BROKER.bootstrapServers(), Optional.empty(), BROKER.settings().prefix(), Map.of()));
    }

    @BeforeEach
    void connect() {
        cluster = open();
    }

    @AfterEach
    void disconnect() {
        cluster.close();
    }

    @Test
    void partitionsAreReadInOneOrderOfTime() {
        // Given
        // A topic that keeps its writers' times.
        String topic = cluster.nameOf(Topics.DECISIONS);
        int seed = 7;
        var random = new Random(seed);
        var expected = new ArrayList<String>();
        try (var producer = producer(Optional.empty())) {
            for (int i = 0; i < 5_000; i++) {
                // Long runs in one partition, so that one of them is always far ahead.
                int partition = (i / 3_000 + random.nextInt(10) / 9) % 2;
                send(producer, new ProducerRecord<>(topic, partition, T0 + i, "k", "v" + i));
                expected.add("v" + i);
            }
        }

        // Then
        assertThat(read(topic, new Start.Beginning())).isEqualTo(expected);
        assertThat(read(topic, new Start.Last(7))).isEqualTo(expected.subList(4_993, 5_000));
        assertThat(read(topic, new Start.Time(Instant.ofEpochMilli(T0 + 4_990))))
                .isEqualTo(expected.subList(4_990, 5_000));
        assertThat(read(topic, new Start.Time(Instant.ofEpochMilli(T0 + 5_000))))
                .isEmpty();
        assertThat(read(topic, new Start.Offset(1_000_000))).isEmpty();
    }

    @Test
    void whatWasAbortedIsNotThereAndDoesNotCount() {
        // Given
        String topic = cluster.nameOf(Topics.CONTROL);
        try (var producer = producer(Optional.of("aborts"))) {
            producer.initTransactions();
            for (int i = 0; i < 60; i++) {
                producer.beginTransaction();
                send(producer, new ProducerRecord<>(topic, 0, T0 + i, "k", "v" + i));
                if (i % 20 == 0) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
            }
        }

        // Then
        assertThat(read(topic, new Start.Beginning())).containsExactly("v0", "v20", "v40");
        assertThat(read(topic, new Start.Last(2))).containsExactly("v20", "v40");
    }

    @Test
    void followingGoesOnWhereReadingStopped() {
        // Given
        String topic = cluster.nameOf(Topics.RISK_LIMITS);
        try (var producer = producer(Optional.empty())) {
            send(producer, new ProducerRecord<>(topic, 0, T0, "k", "before"));
            producer.flush();
            TopicReader.Position end = cluster.reader().read(List.of(topic), new Start.Beginning(), found -> true);
            IntStream.range(0, 3)
                    .forEach(i -> send(producer, new ProducerRecord<>(topic, 0, T0 + i, "k", "after" + i)));
            producer.flush();

            // When
            var seen = new ArrayList<String>();
            boolean ended = cluster.reader().follow(end, Duration.ofSeconds(30), found -> {
                seen.add(value(found));
                return seen.size() < 2;
            });

            // Then
            assertThat(ended).isTrue();
            assertThat(seen).containsExactly("after0", "after1");
            assertThat(cluster.reader().follow(cluster.reader().end(List.of(topic)), Duration.ofMillis(300), f -> true))
                    .isFalse();
        }
    }

    @Test
    void aTopicThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> read("nothing.here", new Start.Beginning()))
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith("there is no topic nothing.here on this broker; see ./sluice topics list");
    }

    private List<String> read(String topic, Start start) {
        var values = new ArrayList<String>();
        cluster.reader().read(List.of(topic), start, found -> values.add(value(found)));
        return values;
    }

    private static String value(ConsumerRecord<byte[], byte[]> found) {
        return new String(found.value(), StandardCharsets.UTF_8);
    }

    private static void send(KafkaProducer<String, String> producer, ProducerRecord<String, String> record) {
        var sent = producer.send(record);
        assertThat(sent).isNotNull();
    }

    private static KafkaProducer<String, String> producer(Optional<String> transactionalId) {
        var config = new java.util.HashMap<String, Object>(Map.of("bootstrap.servers", BROKER.bootstrapServers()));
        transactionalId.ifPresent(id -> config.put("transactional.id", id));
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }
}
