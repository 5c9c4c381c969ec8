package sluice.console.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import sluice.domain.Micros;
import sluice.domain.risk.Limit;

/**
 * Limits by their names, each in millionths of its unit. A limit that is not in the map is unset.
 *
 * <p>Unmodifiable, in the order of the table of controls.
 */
public record LimitValues(Map<Limit, Long> values) {
    public static final LimitValues NONE = new LimitValues(Map.of());

    /** Longer numbers are slips of the keyboard, and an exponent in front of one could ask for gigabytes of digits. */
    private static final Pattern PLAIN_DECIMAL = Pattern.compile("-?\\d{1,12}(\\.\\d{1,30})?");

    private static final List<String> NAMES =
            Arrays.stream(Limit.values()).map(Limit::key).toList();

    /** Dollars that a limit may never exceed, whoever asks for it. */
    private static final Map<Limit, Long> CEILINGS = Map.of(
            Limit.MAX_DAILY_LOSS, 500L,
            Limit.MAX_MARKET_EXPOSURE, 1_000L,
            Limit.MAX_STRATEGY_EXPOSURE, 1_000L,
            Limit.MAX_VENUE_EXPOSURE, 1_000L,
            Limit.MAX_ACCOUNT_EXPOSURE, 1_000L);

    /** A limit above what any setting may allow. */
    public static final class AboveCeiling extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        AboveCeiling(String message) {
            super(message);
        }
    }

    public LimitValues {
        var sorted = new EnumMap<Limit, Long>(Limit.class);
        sorted.putAll(values);
        values = Collections.unmodifiableMap(sorted);
    }

    /**
     * Reads the {@code limits} section of the configuration.
     *
     * @throws IllegalArgumentException if a name or a value is not one of a limit; the message says which
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static LimitValues of(Map<String, String> texts) {
        var values = new EnumMap<Limit, Long>(Limit.class);
        texts.forEach((name, text) -> {
            Limit limit = Limit.byKey(name)
                    .orElseThrow(() ->
                            InvalidSetting.of(name, name + " is not a limit" + NearestName.suggestion(name, NAMES)));
            try {
                values.put(limit, parse(limit, text));
            } catch (IllegalArgumentException e) {
                throw InvalidSetting.of(name, String.valueOf(e.getMessage()));
            }
        });
        return new LimitValues(values);
    }

    /**
     * Reads one limit, in its own unit.
     *
     * @return millionths of the unit
     * @throws AboveCeiling if it is more than may ever be set
     * @throws IllegalArgumentException if it is not a plain decimal, negative, or out of the unit's range
     */
    public static long parse(Limit limit, String text) {
        if (limit.unit() == Limit.Unit.SWITCH) {
            return parseSwitch(limit, text);
        }
        long micros = plainDecimal(limit.key(), text);
        if (micros < 0) {
            throw new IllegalArgumentException(limit.key() + " is negative: " + text + "; it must be 0 or more");
        }
        switch (limit.unit()) {
            case COUNT, MILLIS -> {
                if (micros % Micros.ONE != 0) {
                    throw new IllegalArgumentException(limit.key() + " counts "
                            + (limit.unit() == Limit.Unit.COUNT ? "things" : "milliseconds")
                            + " and must be a whole number, but is " + text);
                }
            }
            case DOLLARS, CONTRACTS, PERCENT -> {
                if ((limit == Limit.MIN_PRICE || limit == Limit.MAX_PRICE) && micros > Micros.ONE) {
                    throw new IllegalArgumentException(
                            limit.key() + " is " + text + "; a contract pays one dollar at most, so it is from 0 to 1");
                }
            }
            case SWITCH -> throw new AssertionError("read above");
        }
        requireBelowCeiling(limit, text, micros);
        return micros;
    }

    private static void requireBelowCeiling(Limit limit, String text, long micros) {
        Long ceiling = CEILINGS.get(limit);
        if (ceiling != null && micros > ceiling * Micros.ONE) {
            throw new AboveCeiling(limit.key() + " is " + text + "; it may never be above " + ceiling
                    + " dollars, and no setting lifts that");
        }
    }

    private static long parseSwitch(Limit limit, String text) {
        return switch (text) {
            case "1", "true" -> Micros.ONE;
            case "0", "false" -> 0L;
            default -> throw new IllegalArgumentException(limit.key() + " is a switch, 1 or 0, but is " + text);
        };
    }

    /** A decimal number without exponent, in millionths; refuses what would have to be rounded. */
    static long plainDecimal(String name, String text) {
        if (!PLAIN_DECIMAL.matcher(text).matches()) {
            throw new IllegalArgumentException(name + " is \"" + text
                    + "\"; it must be a plain decimal number of at most 12 digits before the point, such as 12.50");
        }
        try {
            return Micros.exact(new BigDecimal(text));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    name + " is " + text + "; at most six decimals are kept, and nothing is rounded for you", e);
        }
    }

    /** The value in millionths of the limit's unit, if it is set. */
    public Optional<Long> get(Limit limit) {
        return Optional.ofNullable(values.get(limit));
    }

    /** What is set. */
    public Set<Limit> names() {
        return values.keySet();
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }
}
