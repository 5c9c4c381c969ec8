package sluice.console.stack;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import sluice.domain.MarketId;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.market.FeeModel;
import sluice.domain.market.FeeTerms;
import sluice.domain.market.Market;
import sluice.domain.market.MarketStatus;
import sluice.domain.market.PriceGrid;
import sluice.topics.Topic;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.wire.AvroSerde;
import sluice.wire.InMemorySchemaRegistry;

/** The catalogue's topics for one test alone: writes records to them, and reads all that is in them. */
public final class TestTopics implements AutoCloseable {
    private static final AtomicInteger TESTS = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Map<String, Object> client;
    private final TopicSettings settings;
    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Map<String, List<byte[]>> came = new HashMap<>();

    /**
     * Creates them.
     *
     * @param name what their names begin with
     */
    public TestTopics(TestBroker broker, String name) {
        this.client = Map.of("bootstrap.servers", broker.bootstrapServers());
        this.settings = new TopicSettings(name + "-" + TESTS.incrementAndGet() + ".", (short) 1, Map.of());
        registry.registerCatalogue(settings);
        try (var admin = Admin.create(client)) {
            new TopicAdmin(admin, settings).ensure(PATIENCE);
        }
        this.producer = new KafkaProducer<>(client, new StringSerializer(), new ByteArraySerializer());
        var reading = new HashMap<>(client);
        reading.put("isolation.level", "read_committed");
        // The broker answers nothing else while it waits for a fetch.
        reading.put("fetch.max.wait.ms", 10);
        this.consumer = new KafkaConsumer<>(reading, new StringDeserializer(), new ByteArrayDeserializer());
        var everything = Topics.all().stream()
                .flatMap(topic -> settings.topicPartitionsOf(topic).stream())
                .toList();
        consumer.assign(everything);
        consumer.seekToBeginning(everything);
    }

    /** What clients need to connect. */
    public Map<String, Object> client() {
        return client;
    }

    public TopicSettings settings() {
        return settings;
    }

    public InMemorySchemaRegistry registry() {
        return registry;
    }

    /** Returns once the record is written, with the partition where it is. */
    public <T extends SpecificRecord> TopicPartition send(Topic topic, String key, T value) {
        @SuppressWarnings("unchecked")
        var serde = new AvroSerde<>((Class<T>) value.getClass(), registry);
        return send(topic, key, serde.serialize(settings.nameOf(topic), value));
    }

    /** Returns once the bytes are written, whatever they are, with the partition where they are. */
    public TopicPartition send(Topic topic, String key, byte @Nullable [] value) {
        try {
            var sent = producer.send(new ProducerRecord<>(settings.nameOf(topic), key, value))
                    .get();
            return new TopicPartition(sent.topic(), sent.partition());
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("could not send to " + topic.name(), e);
        }
    }

    /** Every committed value of the topic. */
    public synchronized <T extends SpecificRecord> List<T> read(Topic topic, Class<T> type) {
        var partitions = settings.topicPartitionsOf(topic);
        var ends = consumer.endOffsets(partitions);
        while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
            for (var record : consumer.poll(Duration.ofMillis(50))) {
                came.computeIfAbsent(record.topic(), name -> new ArrayList<>()).add(record.value());
            }
        }
        var serde = new AvroSerde<>(type, registry);
        var values = new ArrayList<T>();
        for (byte[] bytes : came.getOrDefault(settings.nameOf(topic), List.of())) {
            var value = serde.deserialize(settings.nameOf(topic), bytes);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    /** An active market in steps of a cent, with Kalshi's usual fees. */
    public static Market market(MarketId id, long updatedAtMillis) {
        return new Market(
                id,
                null,
                false,
                "test",
                "",
                MarketStatus.ACTIVE,
                null,
                null,
                null,
                PriceGrid.of(Price.parse("0.01")),
                Quantity.parse("0.01"),
                Quantity.parse("0.01"),
                Money.ZERO,
                new FeeTerms(FeeModel.KALSHI, 70_000, 0, "test"),
                null,
                null,
                false,
                0,
                updatedAtMillis,
                "test");
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
    }
}
