package sluice.risk.topology;

import java.util.Map;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import sluice.wire.AvroSerde;
import sluice.wire.SchemaRegistry;

/**
 * One store: its name, how its keys and values are written, and how it is kept. Values carry the header of the
 * Confluent wire format, under the changelog's subject, so that a newer version reads what an older one wrote, and
 * tools read changelogs. Safe for several threads.
 */
public final class Stored<K, V> {
    /** Where a store lives beside its changelog. */
    enum Kept {
        /** Reread from the changelog at every start. */
        IN_MEMORY,
        /** On disk as well. */
        ON_DISK
    }

    /**
     * A start rereads changelogs, so they must not grow with history: compaction leaves the newest segment alone, hence
     * small segments, rolled soon and compacted early.
     */
    private static final int SEGMENT_BYTES = 4 * 1024 * 1024;

    private static final long SEGMENT_MILLIS = 10 * 60 * 1000L;
    private static final String DIRTY_RATIO = "0.1";

    /** A deletion need only outlive the one pass of a start over the changelog. */
    private static final long DELETION_MILLIS_IN_MEMORY = 60 * 60 * 1000L;

    /**
     * A store on disk goes on from where it stopped, and would keep what was deleted if the deletion were gone by then:
     * so long it may be stopped.
     */
    private static final long DELETION_MILLIS_ON_DISK = 7 * 24 * 60 * 60 * 1000L;

    private final String name;
    private final Kept kept;
    private final String changelog;
    private final KeyCodec<K> keys;
    private final Schema schema;
    private final Function<V, byte[]> write;
    private final Function<byte[], V> read;

    <A extends SpecificRecord> Stored(
            String name,
            Kept kept,
            String applicationId,
            KeyCodec<K> keys,
            Class<A> type,
            Function<V, A> toAvro,
            Function<A, V> fromAvro,
            SchemaRegistry registry) {
        this.name = name;
        this.kept = kept;
        this.changelog = applicationId + "-" + name + "-changelog";
        this.keys = keys;
        this.schema = SpecificData.getForClass(type).getSchema(type);
        var serde = new AvroSerde<>(type, registry);
        this.write = value -> java.util.Objects.requireNonNull(serde.serialize(changelog, toAvro.apply(value)));
        this.read = bytes -> fromAvro.apply(java.util.Objects.requireNonNull(serde.deserialize(changelog, bytes)));
    }

    /** Name of the store, by which a processor asks for it. */
    public String name() {
        return name;
    }

    /** Name of its changelog topic, as Kafka Streams makes it. */
    public String changelog() {
        return changelog;
    }

    /** Subject of its values. */
    public String subject() {
        return changelog + "-value";
    }

    /** Schema of its values. */
    public Schema schema() {
        return schema;
    }

    /** Makes the store: logged, and never cached, because a cache would hold back changes until the next commit. */
    public StoreBuilder<KeyValueStore<Bytes, byte[]>> builder() {
        var supplier =
                switch (kept) {
                    case IN_MEMORY -> org.apache.kafka.streams.state.Stores.inMemoryKeyValueStore(name);
                    case ON_DISK -> org.apache.kafka.streams.state.Stores.persistentKeyValueStore(name);
                };
        return org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(supplier, Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingEnabled(changelogConfig(kept))
                .withCachingDisabled();
    }

    /** Topic settings of a changelog, beyond those that Kafka Streams sets by itself. */
    static Map<String, String> changelogConfig(Kept kept) {
        long deletions =
                switch (kept) {
                    case IN_MEMORY -> DELETION_MILLIS_IN_MEMORY;
                    case ON_DISK -> DELETION_MILLIS_ON_DISK;
                };
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT,
                TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(SEGMENT_BYTES),
                TopicConfig.SEGMENT_MS_CONFIG, Long.toString(SEGMENT_MILLIS),
                TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, DIRTY_RATIO,
                TopicConfig.DELETE_RETENTION_MS_CONFIG, Long.toString(deletions));
    }

    byte[] writeKey(K key) {
        return keys.write(key);
    }

    K readKey(byte[] bytes) {
        return keys.read(bytes);
    }

    byte[] write(V value) {
        return write.apply(value);
    }

    V read(byte[] bytes) {
        return read.apply(bytes);
    }
}
