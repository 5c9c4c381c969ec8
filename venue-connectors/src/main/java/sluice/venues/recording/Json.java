package sluice.venues.recording;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sluice.domain.Micros;
import sluice.domain.Price;
import sluice.domain.Quantity;

/** An object of JSON read field by field; a number never passes through floating point. */
record Json(JsonNode node) {
    static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final ObjectReader READER = MAPPER.readerFor(JsonNode.class);
    private static final JsonFactory FACTORY = MAPPER.getFactory();

    static Json parse(String text) throws BadLine {
        JsonNode node;
        try {
            node = READER.readValue(text);
        } catch (JsonProcessingException e) {
            throw new BadLine("not JSON: " + e.getOriginalMessage());
        }
        if (node == null || !node.isObject()) {
            throw new BadLine("not a JSON object");
        }
        return new Json(node);
    }

    /** Texts of an object's own fields, null where it has none, without making a tree of the rest. */
    static @Nullable String[] peek(String text, String... names) throws BadLine {
        @Nullable String[] found = new @Nullable String[names.length];
        int missing = names.length;
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new BadLine("not a JSON object");
            }
            while (missing > 0 && parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                for (int i = 0; i < names.length; i++) {
                    if (names[i].equals(field) && value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                        found[i] = parser.getText();
                        missing--;
                    }
                }
                parser.skipChildren();
            }
        } catch (IOException e) {
            throw new BadLine("not JSON");
        }
        return found;
    }

    boolean has(String name) {
        return node.hasNonNull(name);
    }

    @Nullable
    String text(String name) throws BadLine {
        JsonNode value = node.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isValueNode()) {
            throw new BadLine(name + " is not a plain value");
        }
        return value.isNumber() && value.isBigDecimal() ? value.decimalValue().toPlainString() : value.asText();
    }

    String need(String name) throws BadLine {
        String text = text(name);
        if (text == null || text.isEmpty()) {
            throw new BadLine(name + " is missing");
        }
        return text;
    }

    Json object(String name) throws BadLine {
        JsonNode value = node.get(name);
        if (value == null || !value.isObject()) {
            throw new BadLine(name + " is not an object");
        }
        return new Json(value);
    }

    /** Decimal as millionths; null where there is none. */
    @Nullable
    Long micros(String name) throws BadLine {
        String text = text(name);
        return text == null || text.isEmpty() ? null : Long.valueOf(micros(name, text));
    }

    static long micros(String name, String text) throws BadLine {
        try {
            return Micros.exact(new BigDecimal(text));
        } catch (ArithmeticException e) {
            throw new BadLine(name + " " + e.getMessage());
        } catch (NumberFormatException e) {
            throw new BadLine(name + " \"" + text + "\" is not a decimal number");
        }
    }

    static Price price(String name, String text) throws BadLine {
        try {
            return new Price(micros(name, text));
        } catch (IllegalArgumentException e) {
            throw new BadLine(name + ": " + e.getMessage());
        }
    }

    static Quantity quantity(String name, String text) throws BadLine {
        try {
            return new Quantity(micros(name, text));
        } catch (IllegalArgumentException e) {
            throw new BadLine(name + ": " + e.getMessage());
        }
    }

    @Nullable
    Price price(String name) throws BadLine {
        String text = text(name);
        return text == null || text.isEmpty() ? null : price(name, text);
    }

    @Nullable
    Quantity quantity(String name) throws BadLine {
        String text = text(name);
        return text == null || text.isEmpty() ? null : quantity(name, text);
    }

    /** RFC 3339 text or a whole number of UTC milliseconds; null where there is none. */
    @Nullable
    Long millis(String name) throws BadLine {
        String text = text(name);
        return text == null || text.isEmpty() ? null : Long.valueOf(millis(name, text));
    }

    long needMillis(String name) throws BadLine {
        return millis(name, need(name));
    }

    static long millis(String name, String text) throws BadLine {
        try {
            if (text.indexOf('T') < 0 && text.chars().allMatch(Character::isDigit)) {
                return Long.parseLong(text);
            }
            return OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw new BadLine(
                    name + " \"" + text + "\" is no time; RFC 3339 with a zone, as in 2026-01-31T19:00:00.250Z, is");
        }
    }

    static <E extends Enum<E>> E oneOf(Class<E> type, String name, String text) throws BadLine {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text.toUpperCase(Locale.ROOT))) {
                return constant;
            }
        }
        throw new BadLine(name + " \"" + text + "\" is not known");
    }

    <E extends Enum<E>> E oneOf(Class<E> type, String name) throws BadLine {
        return oneOf(type, name, need(name));
    }

    boolean flag(String name, boolean otherwise) throws BadLine {
        JsonNode value = node.get(name);
        if (value == null || value.isNull()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw new BadLine(name + " is neither true nor false");
        }
        return value.booleanValue();
    }
}
