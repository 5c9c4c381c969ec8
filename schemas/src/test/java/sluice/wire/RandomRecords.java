package sluice.wire;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.Random;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/** Any record of a schema, drawn from a seed: every branch, every symbol, extreme numbers, empty and long texts. */
public final class RandomRecords {
    static {
        TrustedSchemas.trust();
    }

    private final Random random;

    public RandomRecords(long seed) {
        this.random = new Random(seed);
    }

    public <T extends SpecificRecord> T next(Class<T> type) {
        var model = SpecificData.getForClass(type);
        return Objects.requireNonNull(type.cast(value(model.getSchema(type), model)));
    }

    private @Nullable Object value(Schema schema, SpecificData model) {
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            long unscaled = random.nextInt(10) == 0
                    ? 999_999_999_999_999_999L
                    : random.nextLong(-1_000_000_000_000L, 1_000_000_000_000L);
            return BigDecimal.valueOf(unscaled, decimal.getScale());
        }
        if (schema.getLogicalType() instanceof LogicalTypes.TimestampMillis) {
            return Instant.ofEpochMilli(random.nextLong(0, 4_000_000_000_000L));
        }
        return switch (schema.getType()) {
            case RECORD -> {
                var record = (SpecificRecordBase) model.newRecord(null, schema);
                for (var field : schema.getFields()) {
                    record.put(field.pos(), value(field.schema(), model));
                }
                yield record;
            }
            case ENUM -> {
                var symbols = schema.getEnumSymbols();
                yield model.createEnum(symbols.get(random.nextInt(symbols.size())), schema);
            }
            case ARRAY -> {
                var list = new ArrayList<@Nullable Object>();
                for (int i = random.nextInt(3); i > 0; i--) {
                    list.add(value(schema.getElementType(), model));
                }
                yield list;
            }
            case MAP -> {
                var map = new LinkedHashMap<String, @Nullable Object>();
                for (int i = random.nextInt(3); i > 0; i--) {
                    map.put(text(), value(schema.getValueType(), model));
                }
                yield map;
            }
            case UNION -> {
                var branches = schema.getTypes();
                yield value(branches.get(random.nextInt(branches.size())), model);
            }
            case FIXED -> model.createFixed(null, bytes(schema.getFixedSize()), schema);
            case STRING -> text();
            case BYTES -> ByteBuffer.wrap(bytes(random.nextInt(40)));
            case INT -> random.nextInt();
            case LONG -> random.nextLong();
            case FLOAT -> random.nextFloat();
            case DOUBLE -> random.nextDouble();
            case BOOLEAN -> random.nextBoolean();
            case NULL -> null;
        };
    }

    private byte[] bytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private String text() {
        var text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.appendCodePoint("aZ9|:\"\\\né€𝄞".codePointAt(random.nextInt(10)));
        }
        return text.toString();
    }
}
