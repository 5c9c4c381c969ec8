package sluice.console.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.domain.Mode;

/**
 * Every environment variable that means something here, and what it does.
 *
 * <p>The names are those that trading systems of this kind already use, so that a deployment can be moved over with its
 * environment. A variable wins over the file. One that cannot be honoured refuses the start and says what to use
 * instead, rather than being ignored; values of credentials are never printed.
 */
public enum EnvironmentVariable {
    // The mode. Two variables that ask for different modes refuse the start.
    PAPER_TRADING(Kind.SWITCH, Mode.PAPER, Mode.LIVE),
    LIVE_TRADING(Kind.SWITCH, Mode.LIVE, null),
    DRY_RUN(Kind.SWITCH, Mode.DRY_RUN, null),
    PAPER_TRADING_ENABLED(Kind.SWITCH, null, null),
    LIVE_TRADING_CONFIRMED(Kind.SWITCH, null, null),

    // Limits.
    MAX_ORDER_SIZE(Kind.SETS, "limits.max-order-quantity"),
    MAX_DAILY_LOSS(Kind.SETS, "limits.max-daily-loss"),
    MAX_GAME_EXPOSURE(Kind.SETS, "limits.max-event-exposure"),
    MAX_SPORT_EXPOSURE(Kind.SETS, "limits.max-category-exposure"),
    MIN_EDGE_PCT(Kind.SETS, "limits.min-edge-pct"),

    // Paper books.
    PAPER_TRADING_INITIAL_BALANCE(
            Kind.SETS,
            "paper.starting-balances.kalshi paper.starting-balances.polymarket paper.starting-balances.paper"),
    PAPER_TRADING_MIN_ROI(Kind.SETS, "limits.min-roi-pct"),
    PAPER_TRADING_BET_AMOUNT(Kind.REFUSED, "a signal carries its own size; cap it with limits.max-order-cost"),

    // Live books. They have limits of their own, which must not leak into paper ones.
    LIVE_TRADING_INITIAL_BALANCE(Kind.REFUSED, "a live balance is read from the venue and never assumed"),
    LIVE_TRADING_BET_AMOUNT(Kind.REFUSED, "a signal carries its own size; cap it with limits.max-order-cost"),
    LIVE_TRADING_MIN_ROI(Kind.NOT_USED_YET, "a limit of live books (limits.min-roi-pct)"),
    LIVE_TRADING_MAX_POSITION_SIZE(Kind.NOT_USED_YET, "a limit of live books (limits.max-market-exposure)"),
    LIVE_TRADING_MAX_DAILY_TRADES(Kind.NOT_USED_YET, "a limit of live books (limits.max-daily-trades)"),
    LIVE_TRADING_DAILY_LOSS_LIMIT(Kind.NOT_USED_YET, "a limit of live books (limits.max-daily-loss)"),
    LIVE_TRADING_RESET_KEY(
            Kind.REFUSED,
            "a key that clears live counters would be a way around the daily loss limit;"
                    + " an operator resumes with ./sluice resume and a reason"),

    // Kalshi.
    KALSHI_API_KEY(Kind.ACCESS, ""),
    KALSHI_PRIVATE_KEY(Kind.ACCESS, ""),
    KALSHI_PRIVATE_KEY_PATH(Kind.ACCESS, ""),
    KALSHI_ENV(Kind.ACCESS, ""),
    KALSHI_SECRET(Kind.REFUSED, "Kalshi signs with an RSA private key and has no secret; use KALSHI_PRIVATE_KEY_PATH"),
    KALSHI_API_SECRET(
            Kind.REFUSED, "Kalshi signs with an RSA private key and has no secret; use KALSHI_PRIVATE_KEY_PATH"),

    // Polymarket.
    POLYMARKET_PRIVATE_KEY(Kind.ACCESS, ""),
    POLYMARKET_KEY(Kind.ACCESS, ""),
    POLYMARKET_FUNDER_ADDRESS(Kind.ACCESS, ""),
    POLYMARKET_CHAIN_ID(Kind.ACCESS, ""),
    POLYMARKET_CLOB_HOST(Kind.ACCESS, ""),
    POLYMARKET_API_KEY(
            Kind.REFUSED, "Polymarket's API credentials are derived from the wallet key; use POLYMARKET_PRIVATE_KEY"),
    POLYMARKET_PROXY_URL(
            Kind.REFUSED,
            "Sluice does not work around a venue's geoblock, by proxy or otherwise;"
                    + " trade where the venue admits you, or on Polymarket US"),

    // Alerts.
    DISCORD_WEBHOOK_URL(
            Kind.NOT_USED_YET, "alerts; this version writes them to the topic notifications and delivers none"),
    PAGERDUTY_ROUTING_KEY(
            Kind.NOT_USED_YET,
            "critical alerts; this version writes them to the topic notifications and delivers none"),

    // Our own, for containers.
    SLUICE_KAFKA_BOOTSTRAP_SERVERS(Kind.SETS, "kafka.bootstrap-servers"),
    SLUICE_REGISTRY_URL(Kind.SETS, "registry.url"),
    SLUICE_DATA_DIRECTORY(Kind.SETS, "data-directory");

    /** What a variable does. */
    private enum Kind {
        /** Yes or no, and the mode that each asks for, if any. Anything else refuses the start. */
        SWITCH,
        /** Sets the settings at these paths. */
        SETS,
        /** Access to a venue, which {@link EnvironmentCredentials} puts over the file's. */
        ACCESS,
        /** Belongs to something that this version does not have; the start says so and goes on. */
        NOT_USED_YET,
        /** Never honoured; the words say why and what to use instead. */
        REFUSED
    }

    /** What a variable that is set has done, in words for the start banner. */
    public record Effect(EnvironmentVariable variable, String words) {}

    private static final List<EnvironmentVariable> CONNECTION =
            List.of(SLUICE_KAFKA_BOOTSTRAP_SERVERS, SLUICE_REGISTRY_URL, SLUICE_DATA_DIRECTORY);

    private final Kind kind;
    private final @Nullable Mode ifTrue;
    private final @Nullable Mode ifFalse;
    /** Words or, for SETS, paths with blanks between them. */
    private final String text;

    EnvironmentVariable(Kind kind, String text) {
        this.kind = kind;
        this.text = text;
        this.ifTrue = null;
        this.ifFalse = null;
    }

    EnvironmentVariable(Kind kind, @Nullable Mode ifTrue, @Nullable Mode ifFalse) {
        this.kind = kind;
        this.text = "";
        this.ifTrue = ifTrue;
        this.ifFalse = ifFalse;
    }

    /** Puts the environment over the file and says what it did; refuses what must not be honoured. */
    static List<Effect> apply(Map<String, String> environment, LocatedYaml yaml) {
        var effects = new ArrayList<Effect>();
        var modes = new LinkedHashMap<EnvironmentVariable, Mode>();
        for (EnvironmentVariable variable : values()) {
            String value = environment.get(variable.name());
            if (value == null) {
                continue;
            }
            switch (variable.kind) {
                case SWITCH -> {
                    boolean on = variable.truth(value);
                    Mode asked = on ? variable.ifTrue : variable.ifFalse;
                    if (asked != null) {
                        modes.put(variable, asked);
                    }
                }
                case SETS -> variable.set(value, yaml, effects);
                case ACCESS -> {
                    // Below: what they set hangs together.
                }
                case NOT_USED_YET -> {
                    if (!value.isBlank()) {
                        effects.add(new Effect(variable, "not used by this version: " + variable.text));
                    }
                }
                case REFUSED -> {
                    if (!value.isBlank()) {
                        throw ConfigException.refused(
                                variable + " is set, and is refused: " + variable.text + "; unset it to start");
                    }
                }
            }
        }
        effects.addAll(EnvironmentCredentials.apply(environment, yaml));
        applyMode(environment, modes, yaml, effects);
        return List.copyOf(effects);
    }

    /** The environment without access to venues: for runs that must reach none, whatever is set. */
    public static Map<String, String> withoutAccess(Map<String, String> environment) {
        var rest = new HashMap<>(environment);
        for (EnvironmentVariable variable : values()) {
            if (variable.kind == Kind.ACCESS) {
                rest.remove(variable.name());
            }
        }
        return Map.copyOf(rest);
    }

    /** Puts only those over the file that say where the brokers are. */
    static void applyConnection(Map<String, String> environment, LocatedYaml yaml) {
        for (EnvironmentVariable variable : CONNECTION) {
            String value = environment.get(variable.name());
            if (value != null) {
                variable.set(value, yaml, new ArrayList<>());
            }
        }
    }

    private void set(String value, LocatedYaml yaml, List<Effect> effects) {
        if (value.isBlank()) {
            return;
        }
        for (String path : List.of(text.split(" ", -1))) {
            String over = yaml.text(path)
                    .map(old -> " over " + old + " (" + yaml.origin(path) + ")")
                    .orElse("");
            yaml.set(path, value.strip(), "environment variable " + name());
            effects.add(new Effect(this, path + " = " + value.strip() + over));
        }
    }

    private static void applyMode(
            Map<String, String> environment,
            Map<EnvironmentVariable, Mode> modes,
            LocatedYaml yaml,
            List<Effect> effects) {
        if (modes.values().stream().distinct().count() > 1) {
            throw ConfigException.refused("the environment asks for several modes at once: "
                    + String.join(
                            ", ",
                            modes.entrySet().stream()
                                    .map(asked -> asked.getKey() + "="
                                            + environment.get(asked.getKey().name()) + " for " + asked.getValue())
                                    .toList())
                    + "; nothing starts until one of them is left");
        }
        modes.forEach((variable, mode) -> {
            String over = yaml.text("mode")
                    .filter(old -> !old.equals(mode.name()))
                    .map(old -> " over " + old + " (" + yaml.origin("mode") + ")")
                    .orElse("");
            effects.add(new Effect(variable, "mode = " + mode + over));
        });
        modes.forEach((variable, mode) -> yaml.set("mode", mode.name(), "environment variable " + variable));
        String mode = yaml.text("mode").orElse(Mode.PAPER.name());
        if (isOff(environment, LIVE_TRADING) && mode.equals(Mode.LIVE.name())) {
            throw ConfigException.refused("LIVE_TRADING is off, but " + yaml.origin("mode") + " says mode LIVE");
        }
        if (isOff(environment, PAPER_TRADING_ENABLED) && mode.equals(Mode.PAPER.name())) {
            throw ConfigException.refused("PAPER_TRADING_ENABLED is off and the mode is PAPER, so nothing may trade;"
                    + " unset it, or do not start");
        }
    }

    private static boolean isOff(Map<String, String> environment, EnvironmentVariable variable) {
        String value = environment.get(variable.name());
        return value != null && !variable.truth(value);
    }

    /** Reads a switch; a word that is neither refuses the start, because the other reading could be real money. */
    private boolean truth(String value) {
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "1", "true", "yes" -> true;
            case "0", "false", "no" -> false;
            default ->
                throw ConfigException.refused(this + " is \"" + value
                        + "\"; it must be 1, true or yes, or 0, false or no, and nothing starts with another value");
        };
    }
}
