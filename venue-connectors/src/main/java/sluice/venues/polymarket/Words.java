package sluice.venues.polymarket;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import sluice.domain.Micros;
import sluice.domain.Price;
import sluice.domain.Quantity;

/**
 * The venue's JSON in our words. Keys that we do not know are passed over; a value that we cannot read throws
 * {@link Unreadable}, and whoever asked must treat the whole answer as not understood.
 */
final class Words {
    /** Something that the venue said and we do not understand. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        private final String why;

        Unreadable(String why) {
            super(why);
            this.why = why;
        }

        String why() {
            return why;
        }
    }

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final int SHOWN = 200;

    /** More than any amount has, in the smallest unit of a chain too. */
    private static final int MOST_DIGITS = 100;

    // Timestamps come in seconds, milliseconds and nanoseconds; these bounds are years away from any of today's.
    private static final long SECONDS_BELOW = 100_000_000_000L;
    private static final long MILLIS_BELOW = 100_000_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private Words() {}

    /** The JSON of a text; an empty text is no value. */
    static JsonNode parse(String text) throws Unreadable {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            throw new Unreadable("not JSON: " + shown(text));
        }
    }

    /** The beginning of a text, for messages. */
    static String shown(String text) {
        var line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= SHOWN ? "\"" + line + "\"" : "\"" + line.substring(0, SHOWN) + "\"...";
    }

    static String text(JsonNode object, String key) throws Unreadable {
        var node = object.path(key);
        if (!node.isTextual() || node.textValue().isEmpty()) {
            throw missing(object, key, "a text");
        }
        return node.textValue();
    }

    static String textOr(JsonNode object, String key, String otherwise) {
        var node = object.path(key);
        return node.isTextual() ? node.textValue() : otherwise;
    }

    static boolean flag(JsonNode object, String key) throws Unreadable {
        if (!object.path(key).isBoolean()) {
            throw missing(object, key, "true or false");
        }
        return object.path(key).booleanValue();
    }

    /** A decimal, written as a text or as a number; null where there is none, or an empty text. */
    static @Nullable BigDecimal decimalOrNull(JsonNode object, String key) throws Unreadable {
        var node = object.path(key);
        if (node.isNumber()) {
            return ofSize(node.decimalValue(), object, key);
        }
        if (node.isMissingNode()
                || node.isNull()
                || (node.isTextual() && node.textValue().isEmpty())) {
            return null;
        }
        try {
            return ofSize(new BigDecimal(node.asText()), object, key);
        } catch (NumberFormatException e) {
            throw missing(object, key, "a decimal number");
        }
    }

    /** Refuses 1e999999999 and the like, which would fill gigabytes where it is written out or rounded. */
    private static BigDecimal ofSize(BigDecimal value, JsonNode object, String key) throws Unreadable {
        if (Math.abs((long) value.precision() - value.scale()) > MOST_DIGITS) {
            throw missing(object, key, "a decimal number of at most " + MOST_DIGITS + " digits");
        }
        return value;
    }

    static BigDecimal decimal(JsonNode object, String key) throws Unreadable {
        var value = decimalOrNull(object, key);
        if (value == null) {
            throw missing(object, key, "a decimal number");
        }
        return value;
    }

    static Quantity quantity(JsonNode object, String key) throws Unreadable {
        try {
            return new Quantity(Micros.exact(decimal(object, key)));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw missing(object, key, "a quantity");
        }
    }

    /** A price with up to six decimals. */
    static Price price(JsonNode object, String key) throws Unreadable {
        return price(object, key, RoundingMode.UNNECESSARY);
    }

    /** A price; what is beyond its sixth decimal is rounded so. */
    static Price price(JsonNode object, String key, RoundingMode rounding) throws Unreadable {
        try {
            return new Price(Micros.exact(decimal(object, key).setScale(Micros.SCALE, rounding)));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw missing(object, key, "a price from 0 to 1");
        }
    }

    /** UTC milliseconds of a time in seconds, milliseconds or nanoseconds, or written out; null where there is none. */
    static @Nullable Long millisOrNull(JsonNode object, String key) throws Unreadable {
        var node = object.path(key);
        if (node.isMissingNode() || node.isNull() || node.asText().isEmpty()) {
            return null;
        }
        var text = node.asText();
        try {
            long number = ofSize(new BigDecimal(text), object, key)
                    .setScale(0, RoundingMode.DOWN)
                    .longValueExact();
            return number < SECONDS_BELOW
                    ? Math.multiplyExact(number, 1000L)
                    : number < MILLIS_BELOW ? number : number / NANOS_PER_MILLI;
        } catch (NumberFormatException e) {
            try {
                return Instant.parse(text.replace(' ', 'T').replaceAll("\\+00(:00)?$", "Z"))
                        .toEpochMilli();
            } catch (DateTimeParseException notWritten) {
                throw missing(object, key, "a time");
            }
        } catch (ArithmeticException e) {
            throw missing(object, key, "a time");
        }
    }

    static long millis(JsonNode object, String key) throws Unreadable {
        var value = millisOrNull(object, key);
        if (value == null) {
            throw missing(object, key, "a time");
        }
        return value;
    }

    static JsonNode array(JsonNode node, String what) throws Unreadable {
        if (!node.isArray()) {
            throw new Unreadable(what + " is not a list: " + shown(node.toString()));
        }
        return node;
    }

    private static Unreadable missing(JsonNode object, String key, String wanted) {
        return new Unreadable("\"" + key + "\" should be " + wanted + " and is "
                + shown(object.path(key).toString()) + " in " + shown(object.toString()));
    }
}
