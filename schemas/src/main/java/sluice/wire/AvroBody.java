package sluice.wire;

import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;

/** Reads record bodies that one schema wrote, as the version of the schema that we know. Safe for several threads. */
final class AvroBody<T extends SpecificRecord> {
    private static final ThreadLocal<BinaryDecoder> DECODER =
            ThreadLocal.withInitial(() -> DecoderFactory.get().binaryDecoder(new byte[0], null));

    static {
        TrustedSchemas.trust();
    }

    private final Class<T> type;
    private final SpecificDatumReader<T> reader;

    AvroBody(Class<T> type, Schema writer) {
        this.type = type;
        var model = SpecificData.getForClass(type);
        this.reader = new SpecificDatumReader<>(writer, model.getSchema(type), model);
    }

    T read(byte[] bytes, int from) {
        T value;
        long left;
        try {
            var decoder = DecoderFactory.get().binaryDecoder(bytes, from, bytes.length - from, DECODER.get());
            value = reader.read(null, decoder);
            left = decoder.inputStream().available();
        } catch (IOException | RuntimeException e) {
            // Broken bytes end in whatever they happen to break: Avro throws a dozen kinds, not all of them its own.
            throw new UnreadableRecordException(
                    (bytes.length - from) + " bytes are no " + type.getSimpleName() + ": " + e, e);
        }
        if (left > 0) {
            throw new UnreadableRecordException(type.getSimpleName() + " ends " + left + " bytes before the end of its "
                    + (bytes.length - from) + " bytes; it was written with another schema than its id names");
        }
        return value;
    }
}
