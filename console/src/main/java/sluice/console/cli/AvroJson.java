package sluice.console.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Records as JSON for people and scripts: decimals as exact text without trailing zeros, times as RFC 3339 in UTC with
 * milliseconds, trading days as dates, bytes in hexadecimal. Where a field may hold records of several kinds, the value
 * stands under the name of its kind.
 */
final class AvroJson {
    private static final DateTimeFormatter RFC_3339 =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Days since 1970 in records, because what is decided goes by the number. */
    private static final String TRADING_DAY = "trading_day";

    private AvroJson() {}

    static JsonNode of(IndexedRecord avro) {
        return of(avro.getSchema(), avro);
    }

    /** A time as all commands print it. */
    static String time(long millis) {
        return RFC_3339.format(Instant.ofEpochMilli(millis));
    }

    /** A decimal as all commands print it. */
    static String decimal(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return (stripped.scale() < 0 ? stripped.setScale(0, RoundingMode.UNNECESSARY) : stripped).toPlainString();
    }

    private static JsonNode of(Schema schema, @Nullable Object datum) {
        if (datum == null) {
            return JSON.nullNode();
        }
        return switch (schema.getType()) {
            case RECORD -> record(schema, (IndexedRecord) datum);
            case ARRAY -> array(schema.getElementType(), (Collection<?>) datum);
            case MAP -> map(schema.getValueType(), (Map<?, ?>) datum);
            case UNION -> union(schema, datum);
            case BYTES -> bytes(schema, datum);
            case FIXED -> JSON.textNode(HexFormat.of().formatHex(((GenericFixed) datum).bytes()));
            case LONG, INT -> whole(schema, datum);
            case FLOAT, DOUBLE -> JSON.textNode(datum.toString());
            case BOOLEAN -> JSON.booleanNode((Boolean) datum);
            case STRING, ENUM -> JSON.textNode(datum.toString());
            case NULL -> JSON.nullNode();
        };
    }

    private static ObjectNode record(Schema schema, IndexedRecord datum) {
        ObjectNode object = JSON.objectNode();
        for (Schema.Field field : schema.getFields()) {
            object.set(
                    field.name(),
                    field.name().equals(TRADING_DAY) && datum.get(field.pos()) instanceof Number days
                            ? JSON.textNode(
                                    LocalDate.ofEpochDay(days.longValue()).toString())
                            : of(field.schema(), datum.get(field.pos())));
        }
        return object;
    }

    private static ArrayNode array(Schema element, Collection<?> datum) {
        ArrayNode array = JSON.arrayNode(datum.size());
        datum.forEach(item -> array.add(of(element, item)));
        return array;
    }

    /** Sorted by key, so that the same record prints the same way. */
    private static ObjectNode map(Schema value, Map<?, ?> datum) {
        var sorted = new TreeMap<String, JsonNode>();
        datum.forEach((key, item) -> sorted.put(String.valueOf(key), of(value, item)));
        ObjectNode object = JSON.objectNode();
        sorted.forEach(object::set);
        return object;
    }

    private static JsonNode union(Schema schema, Object datum) {
        var branches = schema.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .toList();
        if (branches.size() == 1) {
            return of(branches.get(0), datum);
        }
        if (datum instanceof IndexedRecord one) {
            return JSON.objectNode().set(one.getSchema().getName(), of(one));
        }
        return JSON.textNode(datum.toString());
    }

    private static JsonNode bytes(Schema schema, Object datum) {
        if (datum instanceof BigDecimal decimal) {
            return JSON.textNode(decimal(decimal));
        }
        byte[] bytes = array((ByteBuffer) datum);
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            return JSON.textNode(decimal(new BigDecimal(new BigInteger(bytes), decimal.getScale())));
        }
        return JSON.textNode(HexFormat.of().formatHex(bytes));
    }

    private static byte[] array(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static JsonNode whole(Schema schema, Object datum) {
        if (datum instanceof Instant instant) {
            return JSON.textNode(time(instant.toEpochMilli()));
        }
        long number = ((Number) datum).longValue();
        return schema.getLogicalType() instanceof LogicalTypes.TimestampMillis
                ? JSON.textNode(time(number))
                : JSON.numberNode(number);
    }
}
