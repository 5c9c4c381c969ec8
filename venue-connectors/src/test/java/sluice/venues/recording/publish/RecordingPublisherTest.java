package sluice.venues.recording.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.avro.Quote;
import sluice.avro.Settlement;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.venues.recording.RecordedEvent;
import sluice.venues.recording.RecordedEvent.QuoteEvent;
import sluice.venues.recording.RecordedEvent.SettlementEvent;
import sluice.venues.recording.Recording;
import sluice.venues.recording.Recordings;
import sluice.wire.AvroSerde;
import sluice.wire.InMemorySchemaRegistry;
import sluice.wire.MarketCodec;

class RecordingPublisherTest {
    private static final TopicSettings TOPICS = TopicSettings.DEFAULT;

    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final RecordingRecords records = new RecordingRecords(TOPICS, registry, false);

    RecordingPublisherTest() {
        registry.registerCatalogue(TOPICS);
    }

    /** A producer that acknowledges at once. */
    private static MockProducer<byte[], byte[]> producer() {
        return new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static List<RecordedEvent> shipped() throws IOException {
        List<RecordedEvent> all = new ArrayList<>();
        try (Recording.Events events = Recordings.shipped().events()) {
            events.forEachRemaining(all::add);
        }
        return all;
    }

    @Test
    void everyEventBecomesTheRecordItWouldHaveBeen() throws Exception {
        // given
        MockProducer<byte[], byte[]> producer = producer();
        List<RecordedEvent> events = shipped();
        long[] told = new long[1];

        // when
        RecordingPublisher.Result result = new RecordingPublisher(producer, records)
                .publish(
                        Recordings.shipped(), PublishedEvents.none(), (event, progress) -> told[0] = progress.events());

        // then
        List<ProducerRecord<byte[], byte[]>> sent = producer.history();
        assertThat(result).isEqualTo(new RecordingPublisher.Result(events.size(), 0, 0));
        assertThat(told[0]).isEqualTo(events.size());
        assertThat(sent).hasSameSizeAs(events);
        AvroSerde<Quote> quotes = new AvroSerde<>(Quote.class, registry);
        AvroSerde<Settlement> settlements = new AvroSerde<>(Settlement.class, registry);
        for (int i = 0; i < sent.size(); i++) {
            ProducerRecord<byte[], byte[]> record = sent.get(i);
            assertThat(RecordingRecords.sequenceOf(record.headers())).isEqualTo(i);
            assertThat(record.timestamp()).isEqualTo(events.get(i).atMillis());
            assertThat(record.partition())
                    .isEqualTo(BuiltInPartitioner.partitionForKey(
                            record.key(),
                            TOPICS.partitionsOf(TOPICS.topicOf(record.topic()).orElseThrow())));
            if (events.get(i) instanceof QuoteEvent quote) {
                assertThat(record.topic()).isEqualTo(TOPICS.nameOf(Topics.MARKET_QUOTES));
                assertThat(new String(record.key(), StandardCharsets.UTF_8))
                        .isEqualTo(quote.quote().market().toString());
                assertThat(MarketCodec.fromAvro(
                                Objects.requireNonNull(quotes.deserialize(record.topic(), record.value()))))
                        .isEqualTo(quote.quote());
            } else if (events.get(i) instanceof SettlementEvent settlement) {
                assertThat(MarketCodec.fromAvro(
                                Objects.requireNonNull(settlements.deserialize(record.topic(), record.value()))))
                        .isEqualTo(settlement.settlement());
            }
        }
    }

    /** A killed publisher leaves each partition with the records up to some last one, each with another. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void whatWasInterruptedGoesOnWithoutAHoleAndWithoutARepeat(long seed) throws Exception {
        // given
        Random random = new Random(seed);
        MockProducer<byte[], byte[]> first = producer();
        new RecordingPublisher(first, records).publish(Recordings.shipped(), PublishedEvents.none(), (e, p) -> {});
        Map<TopicPartition, List<ProducerRecord<byte[], byte[]>>> whole = new HashMap<>();
        for (ProducerRecord<byte[], byte[]> record : first.history()) {
            whole.computeIfAbsent(new TopicPartition(record.topic(), record.partition()), p -> new ArrayList<>())
                    .add(record);
        }
        Map<TopicPartition, List<ProducerRecord<byte[], byte[]>>> left = new HashMap<>();
        whole.forEach((partition, all) -> left.put(partition, all.subList(0, random.nextInt(all.size() + 1))));

        // when
        MockProducer<byte[], byte[]> second = producer();
        PublishedEvents already = PublishedEvents.read(consumer(left, random.nextInt(200)), TOPICS);
        RecordingPublisher.Result result =
                new RecordingPublisher(second, records).publish(Recordings.shipped(), already, (e, p) -> {});

        // then
        long kept = left.values().stream().mapToLong(List::size).sum();
        assertThat(result.before()).isEqualTo(kept);
        assertThat(result.published()).isEqualTo(first.history().size() - kept);
        Set<Long> sequences = new HashSet<>();
        left.values().forEach(some -> some.forEach(r -> sequences.add(RecordingRecords.sequenceOf(r.headers()))));
        second.history().forEach(r -> assertThat(sequences.add(RecordingRecords.sequenceOf(r.headers())))
                .isTrue());
        assertThat(sequences).hasSize(first.history().size());
    }

    /** A consumer of topics that hold {@code records}, each partition followed by {@code others} of somebody else. */
    private static MockConsumer<byte[], byte[]> consumer(
            Map<TopicPartition, List<ProducerRecord<byte[], byte[]>>> records, int others) {
        MockConsumer<byte[], byte[]> consumer = new SeekableConsumer();
        for (var topic : RecordingRecords.TOPICS) {
            for (int i = 0; i < TOPICS.partitionsOf(topic); i++) {
                TopicPartition partition = new TopicPartition(TOPICS.nameOf(topic), i);
                List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
                for (ProducerRecord<byte[], byte[]> record : records.getOrDefault(partition, List.of())) {
                    all.add(consumed(partition, all.size(), record));
                }
                for (int n = 0; n < others; n++) {
                    all.add(consumed(
                            partition, all.size(), new ProducerRecord<>(partition.topic(), new byte[0], new byte[0])));
                }
                ((SeekableConsumer) consumer).holds(partition, all);
            }
        }
        return consumer;
    }

    private static ConsumerRecord<byte[], byte[]> consumed(
            TopicPartition partition, long offset, ProducerRecord<byte[], byte[]> record) {
        return new ConsumerRecord<>(
                partition.topic(),
                partition.partition(),
                offset,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                record.key(),
                record.value(),
                new RecordHeaders(record.headers().toArray()),
                Optional.empty());
    }

    /** Kafka's mock forgets its records when it is assigned anew; this one gives them again. */
    private static final class SeekableConsumer extends MockConsumer<byte[], byte[]> {
        private final Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> held = new HashMap<>();

        SeekableConsumer() {
            super(AutoOffsetResetStrategy.EARLIEST.name());
        }

        void holds(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
            held.put(partition, records);
            updateBeginningOffsets(Map.of(partition, 0L));
            updateEndOffsets(Map.of(partition, (long) records.size()));
        }

        @Override
        public synchronized void seek(TopicPartition partition, long offset) {
            super.seek(partition, offset);
            held.getOrDefault(partition, List.of()).stream().skip(offset).forEach(this::addRecord);
        }
    }

    @Test
    void aRecordThatIsNotTakenStopsThePublisher() {
        // given
        MockProducer<byte[], byte[]> producer =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        int[] events = new int[1];

        // then
        assertThatThrownBy(() -> new RecordingPublisher(producer, records)
                        .publish(Recordings.shipped(), PublishedEvents.none(), (event, progress) -> {
                            events[0]++;
                            if (events[0] == 100) {
                                producer.errorNext(new IllegalStateException("disk full"));
                            }
                        }))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("disk full");
        assertThat(producer.history()).hasSize(100);
    }
}
