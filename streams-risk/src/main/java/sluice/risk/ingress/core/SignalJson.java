package sluice.risk.ingress.core;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.MarketId;
import sluice.domain.Micros;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.StrategyId;
import sluice.domain.TimeInForce;
import sluice.domain.Venue;
import sluice.domain.order.Signal;

/**
 * Reads a signal from plain JSON, so that any language can send one without a schema registry.
 *
 * <p>One object in UTF-8, of at most {@value #MOST_BYTES} bytes. Required: {@code request_id, idempotency_key,
 * platform, market_id, side, limit_price, size, created_at}. Optional, as in the Avro schema: {@code account, strategy}
 * (else the configured ones), {@code token_id, contract_team, game_id, sport, signal_id, signal_type, edge_pct, action}
 * (else BUY), {@code max_cost, model_price, time_in_force} (else IOC), {@code post_only, expires_at, group_id,
 * leg_index, leg_count}. An optional field that is null counts as absent. Names of platform, side, action and life may
 * be in any case.
 *
 * <p>Decimals may be JSON numbers or strings that hold one, and are exact: they never pass through floating point, and
 * more than six decimals are refused rather than rounded. Times are RFC 3339 or milliseconds since 1970; what is finer
 * than a millisecond is cut off. A field of another name is kept as an attribute: text as it is, anything else as its
 * JSON text, character by character.
 *
 * <p>Never throws on any input. Safe for use by several threads.
 */
public final class SignalJson {
    /** Largest record that is read, bytes. */
    public static final int MOST_BYTES = 65_536;

    private static final int DEEPEST = 16;
    private static final int LONGEST_NUMBER = 60;
    private static final int LONGEST_QUOTE = 100;
    private static final int LONGEST_REASON = 600;

    /** Sanity bounds of a time, so that seconds and microseconds are not taken for milliseconds. */
    private static final long EARLIEST = Instant.parse("2000-01-01T00:00:00Z").toEpochMilli();

    private static final long LATEST = Instant.parse("2200-01-01T00:00:00Z").toEpochMilli();

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]{1,4})?");
    /** What Jackson adds to some messages about its own source; the place is told in its own words below. */
    private static final Pattern WHERE_IT_BEGAN = Pattern.compile(" \\(start marker at .*\\)");

    private static final Pattern DIGITS = Pattern.compile("-?[0-9]{1,18}");

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(MOST_BYTES)
                    .build())
            .build();

    private final AccountId account;
    private final StrategyId strategy;

    /** What was read. */
    public sealed interface Result {
        /** A signal that does not contradict itself. */
        record Parsed(Signal signal) implements Result {}

        /** No signal; {@code reason} names the field, what was seen, the bound and what to do. */
        record Rejected(String reason) implements Result {}
    }

    /**
     * @param account account of a signal that names none
     * @param strategy strategy of a signal that names none
     */
    public SignalJson(AccountId account, StrategyId strategy) {
        this.account = account;
        this.strategy = strategy;
    }

    /** Reads one record. */
    public Result parse(byte[] json) {
        try {
            Signal signal = signal(new Fields(members(text(json))));
            Optional<String> contradiction = SignalRules.contradiction(signal);
            return contradiction.isPresent()
                    ? new Result.Rejected(printable(contradiction.get()))
                    : new Result.Parsed(signal);
        } catch (Refusal e) {
            return new Result.Rejected(printable(e.reason));
        }
    }

    private Signal signal(Fields fields) {
        fields.refuse("legs", "send one record for each leg, with the same group_id, its leg_index and leg_count");
        return new Signal(
                fields.required("request_id", SignalJson::text),
                fields.required("idempotency_key", SignalJson::text),
                fields.optional("account", value -> new AccountId(text(value))).orElse(account),
                fields.optional("strategy", value -> new StrategyId(text(value)))
                        .orElse(strategy),
                market(fields),
                fields.optional("token_id", SignalJson::text).orElse(null),
                fields.optional("contract_team", SignalJson::text).orElse(null),
                fields.optional("game_id", SignalJson::text).orElse(null),
                fields.optional("sport", SignalJson::text).orElse(null),
                fields.optional("signal_id", SignalJson::text).orElse(null),
                fields.optional("signal_type", SignalJson::text).orElse(null),
                fields.optional("edge_pct", SignalJson::micros).orElse(null),
                fields.required("side", value -> oneOf(Side.class, value)),
                fields.optional("action", value -> oneOf(Action.class, value)).orElse(Action.BUY),
                fields.required("limit_price", SignalJson::price),
                fields.required("size", value -> new Quantity(positive(value, "the number of contracts"))),
                fields.optional("max_cost", value -> new Money(positive(value, "dollars, or leave it out")))
                        .orElse(null),
                fields.optional("model_price", SignalJson::micros).orElse(null),
                fields.optional("time_in_force", value -> oneOf(TimeInForce.class, value))
                        .orElse(TimeInForce.IOC),
                fields.optional("post_only", SignalJson::bool).orElse(false),
                fields.optional("expires_at", SignalJson::millis).orElse(null),
                fields.required("created_at", SignalJson::millis),
                fields.optional("group_id", SignalJson::text).orElse(null),
                fields.optional("leg_index", SignalJson::count).orElse(null),
                fields.optional("leg_count", SignalJson::count).orElse(null),
                fields.rest());
    }

    private static MarketId market(Fields fields) {
        Venue venue = fields.required("platform", value -> oneOf(Venue.class, value));
        return fields.required("market_id", value -> new MarketId(venue, text(value)));
    }

    // ---------------------------------------------------------------- bytes to members

    private static String text(byte[] json) {
        if (json.length == 0) {
            throw new Refusal("the record is empty; send one JSON object");
        }
        if (json.length > MOST_BYTES) {
            throw new Refusal("the record has " + json.length + " bytes; at most " + MOST_BYTES
                    + " are read: keep what the order does not need elsewhere");
        }
        if (json[0] == 0) {
            throw new Refusal("the record begins with byte 0, as Avro with a schema id does;"
                    + " send it to the topic signals, or send JSON");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString();
            // RFC 8259 lets a reader ignore a byte order mark; some shells always write one.
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new Refusal("the record is not UTF-8; encode the JSON in UTF-8", e);
        }
    }

    /** A member's value: text as the string it stands for, anything else as its JSON text. */
    private record Value(JsonToken kind, String text) {
        String seen() {
            return switch (kind) {
                case VALUE_STRING -> "the text \"" + shortened(text) + "\"";
                case START_OBJECT -> "an object";
                case START_ARRAY -> "an array";
                default -> shortened(text);
            };
        }
    }

    private static Map<String, Value> members(String json) {
        var members = new LinkedHashMap<String, Value>();
        try (JsonParser parser = JSON.createParser(json)) {
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_OBJECT) {
                throw new Refusal("the record holds " + (first == null ? "nothing" : "no JSON object but a " + first)
                        + "; send one JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = wellFormed("a field name", parser.currentName());
                members.put(name, value(parser, parser.nextToken(), json, name));
            }
            if (parser.nextToken() != null) {
                throw new Refusal("something follows the JSON object; send one object in a record");
            }
            return members;
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw new Refusal(
                    "the record is not JSON that is read: "
                            + shortened(WHERE_IT_BEGAN
                                    .matcher(e.getOriginalMessage())
                                    .replaceAll(""))
                            + (at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")"),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory cannot fail to be read", e);
        }
    }

    private static Value value(JsonParser parser, JsonToken kind, String json, String name) throws IOException {
        return switch (kind) {
            case START_OBJECT, START_ARRAY -> {
                int start = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
                parser.skipChildren();
                int end = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
                yield new Value(kind, json.substring(start, end + 1));
            }
            case VALUE_STRING -> new Value(kind, wellFormed(name, parser.getText()));
            default -> new Value(kind, parser.getText());
        };
    }

    /** An escape may name half of a character; written as UTF-8 it would become another one, and two keys the same. */
    private static String wellFormed(String name, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new Refusal(
                        shortened(name) + " holds half of a surrogate pair at " + i + "; send whole characters");
            }
        }
        return text;
    }

    // ---------------------------------------------------------------- members to fields

    /** The members, each taken out once; what is left over nobody knows. */
    private static final class Fields {
        private final Map<String, Value> members;
        private final String names;

        Fields(Map<String, Value> members) {
            this.members = members;
            this.names = shortened(String.join(", ", members.keySet()));
        }

        <T> T required(String name, Function<Value, T> read) {
            Value value = members.remove(name);
            if (value == null) {
                throw new Refusal(name + " is missing; it is required (fields seen: " + names + ")");
            }
            if (value.kind == JsonToken.VALUE_NULL) {
                throw new Refusal(name + " is null; it is required");
            }
            return as(name, value, read);
        }

        <T> Optional<T> optional(String name, Function<Value, T> read) {
            Value value = members.remove(name);
            return value == null || value.kind == JsonToken.VALUE_NULL
                    ? Optional.empty()
                    : Optional.of(as(name, value, read));
        }

        private static <T> T as(String name, Value value, Function<Value, T> read) {
            try {
                return read.apply(value);
            } catch (IllegalArgumentException e) {
                throw new Refusal(name + " " + e.getMessage(), e);
            }
        }

        void refuse(String name, String instead) {
            Value value = members.get(name);
            if (value != null && value.kind != JsonToken.VALUE_NULL && !value.text.equals("[]")) {
                throw new Refusal(name + " is not read from JSON; " + instead);
            }
        }

        Map<String, String> rest() {
            return members.entrySet().stream()
                    .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, member -> member.getValue().text));
        }
    }

    /** What a field holds is not what it must hold; the message goes on after the field's name. */
    private static IllegalArgumentException wrong(Value value, String wanted) {
        return new IllegalArgumentException("is " + value.seen() + "; send " + wanted);
    }

    private static String text(Value value) {
        if (value.kind != JsonToken.VALUE_STRING) {
            throw wrong(value, "text in quotes");
        }
        return value.text;
    }

    private static boolean bool(Value value) {
        return switch (value.kind) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw wrong(value, "true or false, without quotes");
        };
    }

    private static <E extends Enum<E>> E oneOf(Class<E> type, Value value) {
        String seen = text(value).toUpperCase(Locale.ROOT);
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equals(seen))
                .findFirst()
                .orElseThrow(() -> wrong(
                        value,
                        Arrays.stream(type.getEnumConstants()).map(Enum::name).collect(Collectors.joining(" or "))));
    }

    private static BigDecimal decimal(Value value) {
        boolean number =
                switch (value.kind) {
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_STRING -> true;
                    default -> false;
                };
        if (!number
                || value.text.length() > LONGEST_NUMBER
                || !NUMBER.matcher(value.text).matches()) {
            throw wrong(value, "a decimal number of at most " + LONGEST_NUMBER + " characters, as in 0.65 or \"0.65\"");
        }
        return new BigDecimal(value.text);
    }

    private static long micros(Value value) {
        try {
            return Micros.exact(decimal(value));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "is " + value.seen() + ", which has more than six decimals or is too large;"
                            + " send at most six decimals, rounded as you want it",
                    e);
        }
    }

    private static Price price(Value value) {
        long micros = micros(value);
        if (micros <= 0 || micros >= Micros.ONE) {
            throw new IllegalArgumentException("is " + value.seen() + "; it must lie between 0 and 1 dollar, both"
                    + " excluded: send dollars per contract, 0.65 for 65 cents");
        }
        return new Price(micros);
    }

    private static long positive(Value value, String wanted) {
        long micros = micros(value);
        if (micros <= 0) {
            throw new IllegalArgumentException("is " + value.seen() + "; it must be more than 0: send " + wanted);
        }
        return micros;
    }

    private static int count(Value value) {
        if (value.kind != JsonToken.VALUE_NUMBER_INT || value.text.length() > 9) {
            throw wrong(value, "a whole number");
        }
        return Integer.parseInt(value.text);
    }

    private static long millis(Value value) {
        String wanted = "an RFC 3339 time with its offset, as in 2026-01-28T20:10:00.142Z,"
                + " or whole milliseconds since 1970";
        long millis;
        if (DIGITS.matcher(value.text).matches()) {
            millis = Long.parseLong(value.text);
        } else if (value.kind == JsonToken.VALUE_STRING) {
            millis = rfc3339(value, wanted);
        } else {
            throw wrong(value, wanted);
        }
        if (millis < EARLIEST || millis >= LATEST) {
            throw new IllegalArgumentException("is " + value.seen() + ", which is "
                    + (Math.abs(millis) < EARLIEST ? "before 2000 (seconds since 1970?)" : "not from 2000 to 2199")
                    + "; send " + wanted);
        }
        return millis;
    }

    private static long rfc3339(Value value, String wanted) {
        // RFC 3339 section 5.6 allows a space for the T; ISO 8601, which Java reads, does not.
        String text = value.text.length() > 10 && value.text.charAt(10) == ' '
                ? value.text.substring(0, 10) + "T" + value.text.substring(11)
                : value.text;
        try {
            return OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new IllegalArgumentException("is " + value.seen() + "; send " + wanted, e);
        }
    }

    // ---------------------------------------------------------------- words

    private static String shortened(String text) {
        return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "…";
    }

    /** A reason is one line of bounded length, whatever the record held. */
    private static String printable(String reason) {
        var line = new StringBuilder(reason.length());
        reason.codePoints()
                .limit(LONGEST_REASON)
                .forEach(c -> line.appendCodePoint(
                        Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? '\uFFFD' : c));
        return line.toString();
    }

    /** Leaves the reading of a record; never leaves this class. */
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String reason;

        Refusal(String reason) {
            this(reason, null);
        }

        Refusal(String reason, @Nullable Throwable cause) {
            super(reason, cause, false, false);
            this.reason = reason;
        }
    }
}
