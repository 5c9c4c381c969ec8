package sluice.wire;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Records of one type in the Confluent wire format: a zero byte, the schema's id as a big-endian number of four bytes,
 * and Avro's binary encoding. Any tool that knows the registry can read and write them.
 *
 * <p>The registry is asked once for each subject that is written and each id that is read, never again; nothing is ever
 * registered from here. One serde may be shared by several threads. Its subject is the topic's name and {@code -value}.
 */
public final class AvroSerde<T extends SpecificRecord> implements Serde<T>, Serializer<T>, Deserializer<T> {
    private static final byte MAGIC = 0;
    private static final int HEADER_BYTES = 5;

    private final Class<T> type;
    private final Schema schema;
    private final SchemaRegistry registry;
    private final Map<String, Integer> idBySubject = new ConcurrentHashMap<>();
    private final Map<Integer, AvroBody<T>> bodyById = new ConcurrentHashMap<>();

    public AvroSerde(Class<T> type, SchemaRegistry registry) {
        this.type = type;
        this.schema = SpecificData.getForClass(type).getSchema(type);
        this.registry = registry;
    }

    /**
     * The record with its header; null for null.
     *
     * @throws IllegalStateException if the registry does not hold the record's schema under the topic's subject
     * @throws RegistryUnavailableException if the registry does not answer
     */
    @Override
    public byte @Nullable [] serialize(String topic, @Nullable T value) {
        if (value == null) {
            return null;
        }
        Integer id = idBySubject.get(topic);
        if (id == null) {
            id = register(topic);
        }
        return AvroBytes.encodeBehind(MAGIC, id, value);
    }

    /**
     * The record, whatever compatible version of its schema it was written with; null for null.
     *
     * @throws UnreadableRecordException if the bytes are no such record
     * @throws RegistryUnavailableException if the registry does not answer, which says nothing about the bytes
     */
    @Override
    public @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        if (bytes.length < HEADER_BYTES) {
            throw new UnreadableRecordException(topic + ": value of " + bytes.length + " bytes (" + start(bytes)
                    + "); a record starts with 00 and a schema id of four bytes");
        }
        if (bytes[0] != MAGIC) {
            throw new UnreadableRecordException(topic + ": value starts with " + start(bytes)
                    + " and not with 00 and a schema id of four bytes; send it in the Confluent wire format"
                    + (bytes[0] == '{' ? ", or as JSON to the topic that takes JSON" : ""));
        }
        int id = ByteBuffer.wrap(bytes, 1, 4).getInt();
        var body = bodyById.get(id);
        if (body == null) {
            body = bodyWrittenWith(id, topic);
        }
        try {
            return body.read(bytes, HEADER_BYTES);
        } catch (UnreadableRecordException e) {
            throw new UnreadableRecordException(topic + ": schema id " + id + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Serializer<T> serializer() {
        return this;
    }

    @Override
    public Deserializer<T> deserializer() {
        return this;
    }

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        if (isKey) {
            throw new IllegalArgumentException("keys are UTF-8 strings; this serde writes values");
        }
    }

    /** Nothing to release; the registry belongs to whoever made it. */
    @Override
    public void close() {}

    private Integer register(String topic) {
        String subject = topic + "-value";
        int id = registry.idOf(subject, schema)
                .orElseThrow(() -> new IllegalStateException("schema " + type.getSimpleName()
                        + " is not registered in this version under " + subject
                        + "; register the schemas of this release before starting it"));
        idBySubject.put(topic, id);
        return id;
    }

    private AvroBody<T> bodyWrittenWith(int id, String topic) {
        var writer = registry.byId(id)
                .orElseThrow(() -> new UnreadableRecordException(topic + ": schema id " + id
                        + " is not known to the registry; was the record written with another registry?"));
        if (!writer.getFullName().equals(schema.getFullName())) {
            throw new UnreadableRecordException(
                    topic + ": schema id " + id + " is " + writer.getFullName() + " and not " + schema.getFullName());
        }
        var changes = Compatibility.changedMeanings(schema, writer);
        if (!changes.isEmpty()) {
            // Avro would read on and turn 0.65 into 65.
            throw new UnreadableRecordException(
                    topic + ": schema id " + id + " means other numbers than ours: " + String.join("; ", changes));
        }
        var body = new AvroBody<>(type, writer);
        bodyById.put(id, body);
        return body;
    }

    private static String start(byte[] bytes) {
        return HexFormat.ofDelimiter(" ").formatHex(bytes, 0, Math.min(bytes.length, HEADER_BYTES));
    }
}
