package sluice.console.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import sluice.console.stack.StackException;
import sluice.topics.Topic;
import sluice.topics.TopicSettings;
import sluice.wire.AvroSerde;
import sluice.wire.SchemaRegistry;
import sluice.wire.SchemaRegistryClient;

/**
 * The topics of one Sluice, to read and to write. Clients are made when they are first needed. Not safe for use by
 * several threads.
 */
final class Cluster implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final int ANSWER_MILLIS = 15_000;

    private final Connection connection;
    private final TopicSettings settings;
    private final Optional<SchemaRegistryClient> registry;
    private final RecordDecoder decoder;
    private @Nullable TopicReader reader;
    private @Nullable Producer<byte[], byte[]> producer;
    private @Nullable Admin admin;

    private Cluster(Connection connection) {
        this.connection = connection;
        this.settings = new TopicSettings(connection.prefix(), (short) 1, Map.of());
        this.registry = connection.registryUrl().map(url -> new SchemaRegistryClient(URI.create(url)));
        this.decoder = new RecordDecoder(registry.map(SchemaRegistry.class::cast));
    }

    /**
     * Opens a cluster.
     *
     * @throws Failure if no broker listens at any of the addresses
     */
    static Cluster open(Connection connection) {
        requireListener(connection.bootstrapServers());
        return new Cluster(connection);
    }

    /** Kafka's clients try for a minute without a word; a person wants to know at once that nobody is there. */
    private static void requireListener(String bootstrapServers) {
        List<InetSocketAddress> addresses;
        try {
            addresses =
                    ClientUtils.parseAndValidateAddresses(List.of(bootstrapServers.split(",", -1)), "use_all_dns_ips");
        } catch (ConfigException e) {
            throw Failure.usage("bootstrap servers \"" + bootstrapServers + "\": " + e.getMessage());
        }
        for (InetSocketAddress address : addresses) {
            try (var socket = new Socket()) {
                socket.connect(address, Math.toIntExact(CONNECT.toMillis()));
                return;
            } catch (IOException e) {
                // Another one may answer.
            }
        }
        throw Failure.failed("no broker answers at " + bootstrapServers
                + "; is Sluice running? Start it with ./sluice up, or name brokers with --bootstrap-servers");
    }

    /** Names on the broker. */
    TopicSettings settings() {
        return settings;
    }

    String nameOf(Topic topic) {
        return settings.nameOf(topic);
    }

    RecordDecoder decoder() {
        return decoder;
    }

    TopicReader reader() {
        TopicReader open = reader;
        if (open == null) {
            Map<String, Object> config = common();
            config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
            config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
            config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
            config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
            config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
            config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
            open = new TopicReader(
                    new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
            reader = open;
        }
        return open;
    }

    Admin admin() {
        Admin open = admin;
        if (open == null) {
            open = Admin.create(common());
            admin = open;
        }
        return open;
    }

    /** The registry, where records with a schema are to be written. */
    SchemaRegistry registry() {
        return registry.orElseThrow(() ->
                Failure.usage("no schema registry is named; add --registry URL, or registry.url in the configuration"));
    }

    /** Bytes of a record as they stand in this topic. */
    <T extends SpecificRecord> byte[] encode(Topic topic, Class<T> type, T value) {
        try (var serde = new AvroSerde<>(type, registry())) {
            byte[] bytes = serde.serialize(nameOf(topic), value);
            if (bytes == null) {
                throw new IllegalStateException("no bytes for a " + type.getSimpleName());
            }
            return bytes;
        }
    }

    /** A reader of records of one topic as the classes that they were generated for. */
    <T extends SpecificRecord> AvroSerde<T> serde(Class<T> type) {
        return new AvroSerde<>(type, registry());
    }

    /**
     * Writes one record and waits until the broker has it.
     *
     * @throws Failure with {@link ExitCode#UNKNOWN} if the broker did not say in time whether it has it
     */
    RecordMetadata send(Topic topic, String key, byte[] value) {
        return confirmed(topic, sendLater(topic, key, value));
    }

    /** Writes one record without waiting; look at the outcome with {@link #confirmed}. */
    Future<RecordMetadata> sendLater(Topic topic, String key, byte[] value) {
        return producer().send(new ProducerRecord<>(nameOf(topic), null, key.getBytes(StandardCharsets.UTF_8), value));
    }

    /** Connects for writing to a topic, so that the next record leaves at once. */
    void warmUp(Topic topic) {
        producer().partitionsFor(nameOf(topic));
    }

    /** Idempotent, with acknowledgement by all; closed with the cluster. */
    Producer<byte[], byte[]> producer() {
        Producer<byte[], byte[]> open = producer;
        if (open == null) {
            Map<String, Object> config = common();
            config.put(ProducerConfig.ACKS_CONFIG, "all");
            config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
            config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, ANSWER_MILLIS);
            config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MILLIS - 5_000);
            config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
            open = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
            producer = open;
        }
        return open;
    }

    /** Waits until the broker has a record that was sent. */
    RecordMetadata confirmed(Topic topic, Future<RecordMetadata> sent) {
        try {
            return sent.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.unknown("interrupted before the broker confirmed the record in " + nameOf(topic));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw Failure.unknown("the broker did not confirm the record in " + nameOf(topic) + " within "
                        + ANSWER_MILLIS / 1000 + " s; it may be there or not: look with ./sluice topics print "
                        + topic.name() + " --from -5");
            }
            throw Failure.failed("the broker refused the record in " + nameOf(topic) + ": " + StackException.reason(e));
        }
    }

    /** The settings with the numbers of partitions that these topics have on the broker. */
    TopicSettings settingsOnBroker(List<Topic> topics) {
        var partitions = new HashMap<String, Integer>();
        topics.forEach(topic -> partitions.put(topic.name(), partitionsOf(topic)));
        return new TopicSettings(settings.prefix(), (short) 1, partitions);
    }

    /** Partitions that the topic has on the broker. */
    int partitionsOf(Topic topic) {
        return reader().end(List.of(nameOf(topic))).offsets().size();
    }

    private Map<String, Object> common() {
        var config = new HashMap<String, Object>(connection.properties());
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, connection.bootstrapServers());
        config.put(CommonClientConfigs.CLIENT_ID_CONFIG, "sluice-cli");
        config.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
        config.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MILLIS - 5_000);
        config.put(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, 100);
        config.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, List.of());
        config.put("enable.metrics.push", false);
        return config;
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(Duration.ofSeconds(5));
        }
        if (reader != null) {
            reader.close();
        }
        if (admin != null) {
            admin.close(Duration.ofSeconds(2));
        }
        registry.ifPresent(SchemaRegistryClient::close);
    }
}
