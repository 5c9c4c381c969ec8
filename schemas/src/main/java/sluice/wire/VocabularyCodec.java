package sluice.wire;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sluice.domain.Action;
import sluice.domain.MarketId;
import sluice.domain.Micros;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.TimeInForce;
import sluice.domain.Venue;
import sluice.domain.journal.Origin;
import sluice.domain.risk.Scope;

/**
 * The words that every record uses: enums, decimals, times, names, scopes and origins.
 *
 * <p>Every method takes the name of the field it works for, because the message of its {@link InvalidRecordException}
 * starts with it.
 */
public final class VocabularyCodec {
    /**
     * Largest number of millionths that a decimal with 18 digits holds; {@code ControlResult} alone has more digits.
     */
    public static final long MOST_MICROS = 999_999_999_999_999_999L;

    private static final long MOST_BOOKED_MICROS = 1_000_000_000L * Micros.ONE;

    /**
     * First millisecond that no record may name, 2200-01-01. Any two allowed times then differ by less than a signed
     * 64-bit number of millionths of a millisecond holds, so that no age can overflow a limit's comparison.
     */
    public static final long TIME_END_MILLIS =
            Instant.parse("2200-01-01T00:00:00Z").toEpochMilli();

    private static final String CORRECT = "correct it and send the record again";

    private VocabularyCodec() {}

    // ---------------------------------------------------------------- enums

    public static sluice.avro.Venue toAvro(Venue venue) {
        return switch (venue) {
            case KALSHI -> sluice.avro.Venue.KALSHI;
            case POLYMARKET -> sluice.avro.Venue.POLYMARKET;
            case PAPER -> sluice.avro.Venue.PAPER;
        };
    }

    public static Venue fromAvro(String field, sluice.avro.Venue venue) {
        return switch (required(field, venue)) {
            case KALSHI -> Venue.KALSHI;
            case POLYMARKET -> Venue.POLYMARKET;
            case PAPER -> Venue.PAPER;
            case UNKNOWN -> throw unknown(field, Venue.values());
        };
    }

    public static sluice.avro.Mode toAvro(Mode mode) {
        return switch (mode) {
            case PAPER -> sluice.avro.Mode.PAPER;
            case DRY_RUN -> sluice.avro.Mode.DRY_RUN;
            case LIVE -> sluice.avro.Mode.LIVE;
        };
    }

    public static Mode fromAvro(String field, sluice.avro.Mode mode) {
        return switch (required(field, mode)) {
            case PAPER -> Mode.PAPER;
            case DRY_RUN -> Mode.DRY_RUN;
            case LIVE -> Mode.LIVE;
            case UNKNOWN -> throw unknown(field, Mode.values());
        };
    }

    public static sluice.avro.Side toAvro(Side side) {
        return switch (side) {
            case YES -> sluice.avro.Side.YES;
            case NO -> sluice.avro.Side.NO;
        };
    }

    public static Side fromAvro(String field, sluice.avro.Side side) {
        return switch (required(field, side)) {
            case YES -> Side.YES;
            case NO -> Side.NO;
            case UNKNOWN -> throw unknown(field, Side.values());
        };
    }

    public static sluice.avro.Action toAvro(Action action) {
        return switch (action) {
            case BUY -> sluice.avro.Action.BUY;
            case SELL -> sluice.avro.Action.SELL;
        };
    }

    public static Action fromAvro(String field, sluice.avro.Action action) {
        return switch (required(field, action)) {
            case BUY -> Action.BUY;
            case SELL -> Action.SELL;
            case UNKNOWN -> throw unknown(field, Action.values());
        };
    }

    public static sluice.avro.TimeInForce toAvro(TimeInForce timeInForce) {
        return switch (timeInForce) {
            case IOC -> sluice.avro.TimeInForce.IOC;
            case FOK -> sluice.avro.TimeInForce.FOK;
            case GTC -> sluice.avro.TimeInForce.GTC;
            case GTD -> sluice.avro.TimeInForce.GTD;
        };
    }

    public static TimeInForce fromAvro(String field, sluice.avro.TimeInForce timeInForce) {
        return switch (required(field, timeInForce)) {
            case IOC -> TimeInForce.IOC;
            case FOK -> TimeInForce.FOK;
            case GTC -> TimeInForce.GTC;
            case GTD -> TimeInForce.GTD;
            case UNKNOWN -> throw unknown(field, TimeInForce.values());
        };
    }

    // ---------------------------------------------------------------- scopes and origins

    public static sluice.avro.Scope toAvro(Scope scope) {
        return new sluice.avro.Scope(
                switch (scope.kind()) {
                    case ALL -> sluice.avro.ScopeKind.ALL;
                    case ACCOUNT -> sluice.avro.ScopeKind.ACCOUNT;
                    case VENUE -> sluice.avro.ScopeKind.VENUE;
                    case STRATEGY -> sluice.avro.ScopeKind.STRATEGY;
                    case CATEGORY -> sluice.avro.ScopeKind.CATEGORY;
                    case EVENT -> sluice.avro.ScopeKind.EVENT;
                    case MARKET -> sluice.avro.ScopeKind.MARKET;
                    case ORDER -> sluice.avro.ScopeKind.ORDER;
                },
                text("Scope.id", scope.id()));
    }

    /** Reads a scope; one that could match nothing, such as an unknown venue, is refused. */
    public static Scope fromAvro(String field, sluice.avro.Scope scope) {
        Scope.Kind kind =
                switch (required(field + ".kind", required(field, scope).getKind())) {
                    case ALL -> Scope.Kind.ALL;
                    case ACCOUNT -> Scope.Kind.ACCOUNT;
                    case VENUE -> Scope.Kind.VENUE;
                    case STRATEGY -> Scope.Kind.STRATEGY;
                    case CATEGORY -> Scope.Kind.CATEGORY;
                    case EVENT -> Scope.Kind.EVENT;
                    case MARKET -> Scope.Kind.MARKET;
                    case ORDER -> Scope.Kind.ORDER;
                    case UNKNOWN -> throw unknown(field + ".kind", Scope.Kind.values());
                };
        String id = text(field + ".id", scope.getId());
        try {
            return new Scope(kind, id);
        } catch (IllegalArgumentException e) {
            throw refused(field, e);
        }
    }

    public static sluice.avro.Origin toAvro(Origin origin) {
        return new sluice.avro.Origin(text("Origin.topic", origin.topic()), origin.partition(), origin.offset());
    }

    public static Origin fromAvro(String field, sluice.avro.Origin origin) {
        return new Origin(
                text(field + ".topic", required(field, origin).getTopic()), origin.getPartition(), origin.getOffset());
    }

    // ---------------------------------------------------------------- decimals

    /** {@code micros} as a decimal with scale 6; refused beyond {@link #MOST_MICROS}. */
    public static BigDecimal decimal(String field, long micros) {
        requireDigits(field, micros);
        return Micros.decimal(micros);
    }

    public static BigDecimal decimal(String field, Money money) {
        return decimal(field, money.micros());
    }

    public static BigDecimal decimal(String field, Quantity quantity) {
        return decimal(field, quantity.micros());
    }

    public static BigDecimal decimal(String field, Price price) {
        return decimal(field, price.micros());
    }

    /** The millionths in {@code decimal}, whose scale must be 6 to the letter. */
    public static long micros(String field, BigDecimal decimal) {
        if (required(field, decimal).scale() != Micros.SCALE) {
            throw new InvalidRecordException(
                    field,
                    decimal + " has scale " + decimal.scale() + ", but decimals have scale " + Micros.SCALE
                            + " everywhere",
                    "write it with six digits after the point");
        }
        if (decimal.unscaledValue().bitLength() >= Long.SIZE) {
            throw tooLarge(field, decimal.toPlainString());
        }
        long micros = decimal.unscaledValue().longValue();
        requireDigits(field, micros);
        return micros;
    }

    public static Price price(String field, BigDecimal decimal) {
        long micros = micros(field, decimal);
        try {
            return new Price(micros);
        } catch (IllegalArgumentException e) {
            throw refused(field, e);
        }
    }

    public static Quantity quantity(String field, BigDecimal decimal) {
        long micros = micros(field, decimal);
        try {
            return new Quantity(micros);
        } catch (IllegalArgumentException e) {
            throw refused(field, e);
        }
    }

    public static Money money(String field, BigDecimal decimal) {
        return new Money(micros(field, decimal));
    }

    /**
     * A quantity that goes into books as it is told: at most a thousand million contracts, so that no sum of what one
     * account can ever be told fails to fit.
     */
    public static Quantity bookedQuantity(String field, BigDecimal decimal) {
        Quantity quantity = quantity(field, decimal);
        requireBookable(field, quantity.micros());
        return quantity;
    }

    /** An amount that goes into books as it is told: at most a thousand million dollars either way. */
    public static Money bookedMoney(String field, BigDecimal decimal) {
        Money money = money(field, decimal);
        requireBookable(field, money.micros());
        return money;
    }

    static void requireBookable(String field, long micros) {
        if (micros > MOST_BOOKED_MICROS || micros < -MOST_BOOKED_MICROS) {
            throw new InvalidRecordException(
                    field,
                    Micros.text(micros) + " is beyond " + Micros.text(MOST_BOOKED_MICROS)
                            + ", the most that one record may book",
                    CORRECT);
        }
    }

    private static void requireDigits(String field, long micros) {
        if (micros > MOST_MICROS || micros < -MOST_MICROS) {
            throw tooLarge(field, Micros.text(micros));
        }
    }

    private static InvalidRecordException tooLarge(String field, String seen) {
        return new InvalidRecordException(
                field,
                seen + " is beyond " + Micros.text(MOST_MICROS) + ", the largest number that a record holds",
                CORRECT);
    }

    // ---------------------------------------------------------------- times

    /** A time from 1970 up to, not including, 2200. */
    public static Instant instant(String field, long millis) {
        if (millis < 0 || millis >= TIME_END_MILLIS) {
            throw outOfTime(field, millis + " ms since 1970");
        }
        return Instant.ofEpochMilli(millis);
    }

    /** Milliseconds since 1970; the time is refused where {@link #instant} would refuse it. */
    public static long millis(String field, Instant instant) {
        long seconds = required(field, instant).getEpochSecond();
        if (seconds < 0 || seconds >= TIME_END_MILLIS / 1000) {
            throw outOfTime(field, instant.toString());
        }
        return instant.toEpochMilli();
    }

    private static InvalidRecordException outOfTime(String field, String seen) {
        return new InvalidRecordException(
                field,
                seen + " is not a time from 1970-01-01 up to 2200-01-01",
                "write UTC milliseconds since 1970-01-01 and send the record again");
    }

    // ---------------------------------------------------------------- text

    /** The text itself; refused if it is missing or cannot be written as UTF-8 without changing it. */
    public static String text(String field, String value) {
        required(field, value);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isHighSurrogate(c)
                        && i + 1 < value.length()
                        && Character.isLowSurrogate(value.charAt(i + 1))) {
                    i++;
                } else {
                    // Encoded, it would become a question mark, and two different keys would be one.
                    throw new InvalidRecordException(
                            field, "character " + i + " is half of a surrogate pair, which is no text", CORRECT);
                }
            }
        }
        return value;
    }

    /** A text that is kept for ever, and so must not be long. */
    public static String shortText(String field, String value, int most) {
        if (text(field, value).length() > most) {
            throw new InvalidRecordException(
                    field, value.length() + " characters are more than " + most + ", the most it may have", CORRECT);
        }
        return value;
    }

    /** A text that identifies something, and so must not be empty. */
    public static String identity(String field, String value) {
        if (text(field, value).isEmpty()) {
            throw new InvalidRecordException(field, "it is empty, but it must identify the record", CORRECT);
        }
        return value;
    }

    /** A name under the rules of its type, as in {@code named("Fill.account", text, AccountId::new)}. */
    public static <T> T named(String field, String value, Function<String, T> type) {
        text(field, value);
        try {
            return type.apply(value);
        } catch (IllegalArgumentException e) {
            throw refused(field, e);
        }
    }

    /** The market that a venue and the venue's own name for it stand for. */
    public static MarketId market(String field, Venue venue, String id) {
        text(field, id);
        try {
            return new MarketId(venue, id);
        } catch (IllegalArgumentException e) {
            throw refused(field, e);
        }
    }

    // ---------------------------------------------------------------- shapes

    /** Reads or writes an optional field: null stays null. */
    public static <T, R> @Nullable R optional(String field, @Nullable T value, BiFunction<String, T, R> codec) {
        return value == null ? null : codec.apply(field, value);
    }

    /** Reads or writes every element of a list in its order. */
    public static <T, R> List<R> list(String field, List<T> values, BiFunction<String, T, R> codec) {
        var written = new ArrayList<R>(required(field, values).size());
        for (T value : values) {
            written.add(codec.apply(field, value));
        }
        return Collections.unmodifiableList(written);
    }

    /** The map in the order of its keys: bytes must not depend on hash order. */
    static Map<String, String> sorted(String field, Map<String, String> map) {
        var sorted = new TreeMap<String, String>();
        required(field, map).forEach((key, value) -> sorted.put(text(field, key), text(field, value)));
        return sorted;
    }

    /** The value, which a record from the wire always has; one made in memory may lack it. */
    static <T> T required(String field, @Nullable T value) {
        if (value == null) {
            throw new InvalidRecordException(field, "it is missing, but it is required", CORRECT);
        }
        return value;
    }

    /** What a domain constructor refused, under the field's name. */
    static InvalidRecordException refused(String field, IllegalArgumentException cause) {
        return new InvalidRecordException(field, String.valueOf(cause.getMessage()), CORRECT, cause);
    }

    /** An enum value that this version does not know, or that was never set. */
    static InvalidRecordException unknown(String field, Enum<?>[] known) {
        return new InvalidRecordException(
                field,
                "UNKNOWN is not one of " + Arrays.stream(known).map(Enum::name).collect(Collectors.joining(", ")),
                "set it, or run a version that knows the value that was sent");
    }

    /** Refuses a record in which two fields that name the same thing disagree. */
    static void requireSame(String field, Object seen, String otherField, Object other) {
        if (!seen.equals(other)) {
            throw new InvalidRecordException(
                    field,
                    seen + " is not " + other + ", which " + otherField + " says; they must be the same",
                    CORRECT);
        }
    }
}
