package sluice.venues.kalshi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.domain.Micros;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;

/**
 * An object of an answer, read field by field. Keys that nobody asks for are ignored; what is asked for and is not what
 * it should be is {@link Unreadable}. No number passes through floating point.
 */
record KalshiJson(JsonNode node) {
    static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final int SHOWN = 200;

    /** An answer that is not what the venue documents: nothing may be concluded from it. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        /** Whether the venue said that it has no such thing. */
        final boolean absent;

        Unreadable(String message) {
            this(message, false);
        }

        Unreadable(String message, boolean absent) {
            super(message);
            this.absent = absent;
        }
    }

    static KalshiJson parse(String text) throws Unreadable {
        JsonNode node;
        try {
            node = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new Unreadable("not JSON: \"" + start(text) + "\"");
        }
        if (node == null || !node.isObject()) {
            throw new Unreadable("not a JSON object: \"" + start(text) + "\"");
        }
        return new KalshiJson(node);
    }

    /** The beginning of a body, for a message. */
    static String start(String text) {
        var line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
    }

    boolean has(String name) {
        return node.hasNonNull(name);
    }

    KalshiJson object(String name) throws Unreadable {
        var value = node.get(name);
        if (value == null || !value.isObject()) {
            throw missing(name, "an object");
        }
        return new KalshiJson(value);
    }

    /** The objects of a list that must be there. */
    List<KalshiJson> list(String name) throws Unreadable {
        var value = node.get(name);
        if (value == null || !value.isArray()) {
            throw missing(name, "a list");
        }
        var objects = new ArrayList<KalshiJson>(value.size());
        for (var element : value) {
            if (!element.isObject()) {
                throw missing(name, "a list of objects");
            }
            objects.add(new KalshiJson(element));
        }
        return objects;
    }

    /** The price levels of one side; no list is an empty side. */
    List<String[]> levels(String name) throws Unreadable {
        var value = node.get(name);
        if (value == null || value.isNull()) {
            return List.of();
        }
        var levels = new ArrayList<String[]>(value.size());
        for (var level : value) {
            if (!level.isArray() || level.size() != 2) {
                throw missing(name, "a list of [price, count]");
            }
            levels.add(new String[] {level.get(0).asText(), level.get(1).asText()});
        }
        return levels;
    }

    @Nullable
    String optionalText(String name) {
        var value = node.get(name);
        return value == null || !value.isTextual() ? null : value.textValue();
    }

    /** A text that is there and not empty. */
    String text(String name) throws Unreadable {
        var value = optionalText(name);
        if (value == null || value.isEmpty()) {
            throw missing(name, "a text");
        }
        return value;
    }

    long integer(String name) throws Unreadable {
        var value = node.get(name);
        if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
            throw missing(name, "a whole number");
        }
        return value.longValue();
    }

    boolean flag(String name) throws Unreadable {
        var value = node.get(name);
        if (value == null || !value.isBoolean()) {
            throw missing(name, "true or false");
        }
        return value.booleanValue();
    }

    /** A decimal in millionths, written as a text or as a number. */
    long micros(String name) throws Unreadable {
        var value = node.get(name);
        if (value == null || !(value.isTextual() || value.isNumber())) {
            throw missing(name, "a decimal");
        }
        try {
            return value.isTextual() ? Micros.parse(value.textValue()) : Micros.exact(value.decimalValue());
        } catch (ArithmeticException | NumberFormatException e) {
            throw missing(name, "a decimal of at most six places");
        }
    }

    Price price(String name) throws Unreadable {
        try {
            return new Price(micros(name));
        } catch (IllegalArgumentException e) {
            throw missing(name, "a price from 0 to 1");
        }
    }

    Quantity quantity(String name) throws Unreadable {
        try {
            return new Quantity(micros(name));
        } catch (IllegalArgumentException e) {
            throw missing(name, "a number of contracts");
        }
    }

    Money money(String name) throws Unreadable {
        return new Money(micros(name));
    }

    /** An RFC 3339 time in UTC milliseconds. */
    long time(String name) throws Unreadable {
        try {
            return Instant.parse(text(name)).toEpochMilli();
        } catch (DateTimeException e) {
            throw missing(name, "a time");
        }
    }

    @Nullable
    Long optionalTime(String name) throws Unreadable {
        return has(name) ? (Long) time(name) : null;
    }

    Unreadable missing(String name, String wanted) {
        var value = node.get(name);
        return new Unreadable("\"" + name + "\" is " + (value == null ? "missing" : start(value.toString())) + ", not "
                + wanted + ", in " + start(node.toString()));
    }
}
