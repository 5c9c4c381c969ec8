package sluice.console.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;
import sluice.wire.SchemaRegistry;

/**
 * Turns the bytes of any record into JSON, by the schema it was written with, whatever that is. Not safe for use by
 * several threads.
 */
final class RecordDecoder {
    /** What a value turned out to be. */
    sealed interface Decoded {
        /** A record of a schema, or JSON text; {@code type} names which. */
        record Decodable(String type, JsonNode json) implements Decoded {}

        /** No value: a tombstone of a compacted topic. */
        record Nothing() implements Decoded {}

        /** Neither; {@code reason} says why not. */
        record Unreadable(String hex, String reason) implements Decoded {}
    }

    private static final byte MAGIC = 0;
    private static final int HEADER_BYTES = 5;

    /** Numbers keep every digit that was written. */
    static final ObjectMapper EXACT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Optional<SchemaRegistry> registry;
    private final Map<Integer, Optional<Schema>> schemas = new HashMap<>();

    /** Without a registry only JSON can be read. */
    RecordDecoder(Optional<SchemaRegistry> registry) {
        this.registry = registry;
    }

    Decoded decode(byte @Nullable [] value) {
        if (value == null) {
            return new Decoded.Nothing();
        }
        if (value.length > 0 && value[0] == MAGIC) {
            return value.length < HEADER_BYTES
                    ? unreadable(value, "starts like a record with a schema, but ends within the schema's id")
                    : decodeAvro(value, ByteBuffer.wrap(value, 1, 4).getInt());
        }
        try {
            String text = utf8(value);
            JsonNode json = EXACT.readTree(text);
            return json.isMissingNode() ? unreadable(value, "is empty") : new Decoded.Decodable("JSON", json);
        } catch (CharacterCodingException e) {
            return unreadable(value, "is neither a record with a schema id nor text in UTF-8");
        } catch (JsonProcessingException e) {
            return unreadable(value, "is neither a record with a schema id nor JSON: " + e.getOriginalMessage());
        }
    }

    private Decoded decodeAvro(byte[] value, int id) {
        if (registry.isEmpty()) {
            return unreadable(value, "needs schema " + id + ", but no schema registry is named; add --registry URL");
        }
        Optional<Schema> schema = schemas.computeIfAbsent(id, registry.get()::byId);
        if (schema.isEmpty()) {
            return unreadable(value, "was written with schema id " + id + ", which the registry does not have");
        }
        try {
            BinaryDecoder bytes =
                    DecoderFactory.get().binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, null);
            // A model without conversions keeps decimals as digits, so none passes through a class that rounds.
            Object datum = new GenericDatumReader<>(schema.get(), schema.get(), new GenericData()).read(null, bytes);
            if (!bytes.isEnd()) {
                return unreadable(
                        value, "has bytes left over after " + schema.get().getFullName());
            }
            return datum instanceof IndexedRecord one
                    ? new Decoded.Decodable(schema.get().getName(), AvroJson.of(one))
                    : unreadable(value, "has schema id " + id + ", which is no record");
        } catch (IOException | AvroRuntimeException | ClassCastException e) {
            return unreadable(value, "is no whole " + schema.get().getFullName() + " (schema id " + id + "): " + e);
        }
    }

    private static Decoded unreadable(byte[] value, String why) {
        return new Decoded.Unreadable(HexFormat.of().formatHex(value), "value of " + value.length + " bytes " + why);
    }

    /** A key as text: as it is where it is UTF-8, else in hexadecimal. */
    static String key(byte[] key) {
        try {
            return utf8(key);
        } catch (CharacterCodingException e) {
            return "0x" + HexFormat.of().formatHex(key);
        }
    }

    private static String utf8(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }
}
