package sluice.console.config;

import static sluice.console.config.EnvironmentVariable.KALSHI_API_KEY;
import static sluice.console.config.EnvironmentVariable.KALSHI_ENV;
import static sluice.console.config.EnvironmentVariable.KALSHI_PRIVATE_KEY;
import static sluice.console.config.EnvironmentVariable.KALSHI_PRIVATE_KEY_PATH;
import static sluice.console.config.EnvironmentVariable.POLYMARKET_CHAIN_ID;
import static sluice.console.config.EnvironmentVariable.POLYMARKET_CLOB_HOST;
import static sluice.console.config.EnvironmentVariable.POLYMARKET_FUNDER_ADDRESS;
import static sluice.console.config.EnvironmentVariable.POLYMARKET_KEY;
import static sluice.console.config.EnvironmentVariable.POLYMARKET_PRIVATE_KEY;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sluice.console.config.EnvironmentVariable.Effect;

/**
 * Access to venues out of the environment, put over the file's. It names no account, and so belongs to the only one.
 *
 * <p>Secrets stay where they are: the configuration only learns the name of the variable that holds one, so that no
 * message of it can show the secret.
 */
final class EnvironmentCredentials {
    private static final List<EnvironmentVariable> OF_AN_ACCOUNT = List.of(
            KALSHI_API_KEY,
            KALSHI_PRIVATE_KEY,
            KALSHI_PRIVATE_KEY_PATH,
            POLYMARKET_PRIVATE_KEY,
            POLYMARKET_KEY,
            POLYMARKET_FUNDER_ADDRESS);

    private static final String ACCOUNT = "accounts[0]";
    private static final String POLYGON = "137";
    private static final String CLOB = "https://clob.polymarket.com";

    private final Map<String, String> environment;
    private final LocatedYaml yaml;
    private final List<Effect> effects = new ArrayList<>();

    private EnvironmentCredentials(Map<String, String> environment, LocatedYaml yaml) {
        this.environment = environment;
        this.yaml = yaml;
    }

    /** Puts what is set over the file and says what it did, without showing any of it. */
    static List<Effect> apply(Map<String, String> environment, LocatedYaml yaml) {
        var credentials = new EnvironmentCredentials(environment, yaml);
        credentials.hosts();
        var set = OF_AN_ACCOUNT.stream().filter(credentials::isSet).toList();
        if (!set.isEmpty()) {
            credentials.requireOneAccount(set);
            credentials.kalshi();
            credentials.polymarket();
        }
        return credentials.effects;
    }

    private boolean isSet(EnvironmentVariable variable) {
        return !value(variable).isEmpty();
    }

    private String value(EnvironmentVariable variable) {
        return environment.getOrDefault(variable.name(), "").strip();
    }

    private void requireOneAccount(List<EnvironmentVariable> set) {
        int accounts = yaml.root().path("accounts").size();
        if (accounts > 1) {
            throw ConfigException.refused(set.getFirst() + " is set, and names no account; the configuration has "
                    + accounts + ". Unset it, and name each account's own variable under accounts: kalshi: key-variable"
                    + " or polymarket: wallet-variable");
        }
        if (accounts == 0) {
            yaml.set(ACCOUNT + ".name", "main", origin(set.getFirst()));
        }
    }

    private void kalshi() {
        if (isSet(KALSHI_API_KEY)) {
            put(KALSHI_API_KEY, ACCOUNT + ".kalshi.key-id", value(KALSHI_API_KEY));
        }
        requireOneOf(KALSHI_PRIVATE_KEY, KALSHI_PRIVATE_KEY_PATH);
        if (isSet(KALSHI_PRIVATE_KEY)) {
            put(
                    KALSHI_PRIVATE_KEY,
                    ACCOUNT + ".kalshi.key-variable",
                    KALSHI_PRIVATE_KEY.name(),
                    ACCOUNT + ".kalshi.key-file");
        }
        if (isSet(KALSHI_PRIVATE_KEY_PATH)) {
            if (value(KALSHI_PRIVATE_KEY_PATH).contains("-----")) {
                throw ConfigException.refused(
                        "KALSHI_PRIVATE_KEY_PATH holds a key and no path; put the key into KALSHI_PRIVATE_KEY");
            }
            put(
                    KALSHI_PRIVATE_KEY_PATH,
                    ACCOUNT + ".kalshi.key-file",
                    value(KALSHI_PRIVATE_KEY_PATH),
                    ACCOUNT + ".kalshi.key-variable");
        }
    }

    private void polymarket() {
        requireOneOf(POLYMARKET_PRIVATE_KEY, POLYMARKET_KEY);
        for (EnvironmentVariable variable : List.of(POLYMARKET_PRIVATE_KEY, POLYMARKET_KEY)) {
            if (isSet(variable)) {
                put(
                        variable,
                        ACCOUNT + ".polymarket.wallet-variable",
                        variable.name(),
                        ACCOUNT + ".polymarket.wallet-file");
            }
        }
        if (isSet(POLYMARKET_FUNDER_ADDRESS)) {
            if (!value(POLYMARKET_FUNDER_ADDRESS).matches("0x[0-9a-fA-F]{40}")) {
                throw ConfigException.refused("POLYMARKET_FUNDER_ADDRESS is no address, which is 0x and 40 hex digits");
            }
            put(POLYMARKET_FUNDER_ADDRESS, ACCOUNT + ".polymarket.funder", value(POLYMARKET_FUNDER_ADDRESS));
        }
    }

    private void hosts() {
        if (isSet(KALSHI_ENV)) {
            String named =
                    switch (value(KALSHI_ENV)) {
                        case "prod", "production" -> "production";
                        case "demo" -> "demo";
                        default ->
                            throw ConfigException.refused(
                                    "KALSHI_ENV must be prod or demo, and nothing starts with another word");
                    };
            put(KALSHI_ENV, "venues.kalshi.environment", named);
        }
        if (isSet(POLYMARKET_CHAIN_ID) && !value(POLYMARKET_CHAIN_ID).equals(POLYGON)) {
            throw ConfigException.refused(
                    "POLYMARKET_CHAIN_ID must be " + POLYGON + ": orders are signed for that chain");
        }
        if (isSet(POLYMARKET_CLOB_HOST)) {
            String host = value(POLYMARKET_CLOB_HOST);
            if (!host.equals(CLOB) && !host.equals(CLOB + "/")) {
                throw ConfigException.refused("POLYMARKET_CLOB_HOST must be " + CLOB + "; a venue on this machine is"
                        + " named in the configuration, under venues: polymarket: environment and address");
            }
            put(POLYMARKET_CLOB_HOST, "venues.polymarket.environment", "production");
        }
    }

    private void requireOneOf(EnvironmentVariable one, EnvironmentVariable other) {
        if (isSet(one) && isSet(other)) {
            throw ConfigException.refused(
                    one + " and " + other + " are both set, and there can be one key; unset one of them");
        }
    }

    /** @param instead settings that this one takes the place of */
    private void put(EnvironmentVariable variable, String path, String value, String... instead) {
        var over = new ArrayList<String>();
        yaml.text(path).ifPresent(old -> over.add(yaml.origin(path)));
        for (String other : instead) {
            yaml.text(other).ifPresent(old -> over.add(other + " (" + yaml.origin(other) + ")"));
            yaml.remove(other);
        }
        yaml.set(path, value, origin(variable));
        effects.add(
                new Effect(variable, "sets " + path + (over.isEmpty() ? "" : " over " + String.join(" and ", over))));
    }

    private static String origin(EnvironmentVariable variable) {
        return "environment variable " + variable;
    }
}
