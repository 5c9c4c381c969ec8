package sluice.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/**
 * Avro's binary encoding of a record, without any header. What a hash is computed over.
 *
 * <p>Equal records give equal bytes, except that entries of a map are written in the map's own order: hand in a sorted
 * map where bytes are compared. Safe for use by several threads.
 */
public final class AvroBytes {
    /** Buffers that grew beyond this are dropped, so that one large record does not stay in memory for ever. */
    private static final int LARGEST_KEPT = 256 * 1024;

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private static final ClassValue<SpecificDatumWriter<Object>> WRITERS = new ClassValue<>() {
        @Override
        protected SpecificDatumWriter<Object> computeValue(Class<?> type) {
            var model = SpecificData.getForClass(type);
            return new SpecificDatumWriter<>(model.getSchema(type), model);
        }
    };

    static {
        TrustedSchemas.trust();
    }

    private AvroBytes() {}

    /** The record's bytes under its own schema. */
    public static byte[] encode(SpecificRecord value) {
        var scratch = SCRATCH.get();
        scratch.start();
        return scratch.finish(WRITERS.get(value.getClass()), value);
    }

    /**
     * Reads what {@link #encode} wrote with this very version of the schema.
     *
     * @throws UnreadableRecordException if the bytes are not one record of this schema and nothing more
     */
    public static <T extends SpecificRecord> T decode(Class<T> type, byte[] bytes) {
        return new AvroBody<>(type, SpecificData.getForClass(type).getSchema(type)).read(bytes, 0);
    }

    /** The record behind a header of one byte and a big-endian number. */
    static byte[] encodeBehind(byte magic, int id, SpecificRecord value) {
        var scratch = SCRATCH.get();
        scratch.start();
        scratch.buffer.write(magic);
        scratch.buffer.write(id >>> 24);
        scratch.buffer.write(id >>> 16);
        scratch.buffer.write(id >>> 8);
        scratch.buffer.write(id);
        return scratch.finish(WRITERS.get(value.getClass()), value);
    }

    private static final class Scratch {
        private ByteArrayOutputStream buffer = new ByteArrayOutputStream(1024);
        private BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(buffer, null);

        /** Forgets everything, also what a record left behind that could not be encoded to its end. */
        private void start() {
            if (buffer.size() > LARGEST_KEPT) {
                buffer = new ByteArrayOutputStream(1024);
            }
            // A new encoder: one that is used again writes first what it still holds of the record before.
            encoder = EncoderFactory.get().binaryEncoder(buffer, null);
            buffer.reset();
        }

        private byte[] finish(DatumWriter<Object> writer, SpecificRecord value) {
            try {
                writer.write(value, encoder);
                encoder.flush();
            } catch (IOException e) {
                throw new UncheckedIOException("a buffer in memory refused a write", e);
            }
            return buffer.toByteArray();
        }
    }
}
