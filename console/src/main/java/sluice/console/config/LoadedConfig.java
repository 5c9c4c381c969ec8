package sluice.console.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import sluice.domain.Mode;
import sluice.domain.risk.Limit;

/** A configuration together with where each of its values came from. */
public final class LoadedConfig {
    private final SluiceConfig config;
    private final Path file;
    private final LocatedYaml yaml;
    private final List<EnvironmentVariable.Effect> effects;

    LoadedConfig(SluiceConfig config, Path file, LocatedYaml yaml, List<EnvironmentVariable.Effect> effects) {
        this.config = config;
        this.file = file;
        this.yaml = yaml;
        this.effects = effects;
    }

    public SluiceConfig config() {
        return config;
    }

    public Path file() {
        return file;
    }

    /** Where the value at a dotted path came from: file and line, an environment variable, or {@code default}. */
    public String originOf(String path) {
        return yaml.text(path).isPresent() ? yaml.origin(path) : "default";
    }

    /**
     * What a start says before anything else: the mode, what the environment changed, which limits are unset and so
     * refuse every order, and which settings nothing enforces.
     */
    public List<String> banner() {
        var lines = new ArrayList<String>();
        lines.add("Mode " + config.mode() + " (" + originOf("mode") + "): " + meaning(config.mode())
                + (config.accounts().stream().anyMatch(it -> config.modeOf(it) != config.mode())
                        ? "; not so for every account"
                        : ""));
        lines.add("Configuration " + file + ", " + config.limits().names().size() + " of " + Limit.values().length
                + " limits set for every order");
        lines.addAll(environmentWords());
        for (SluiceConfig.Account account : config.accounts()) {
            Mode mode = config.modeOf(account);
            if (mode != config.mode() || mode == Mode.LIVE) {
                lines.add("Account " + account.name() + " is in mode " + mode + ": " + meaning(mode, account));
            }
            List<Limit> unset = config.unsetLimits(account);
            if (!unset.isEmpty()) {
                lines.add("Account " + account.name() + " REFUSES EVERY ORDER: unset "
                        + unset.stream().map(Limit::key).collect(Collectors.joining(", "))
                        + "; set them under limits");
            }
        }
        if (config.allowedMarkets().isEmpty()) {
            lines.add("No market may be traded: allowed-markets is empty");
        }
        List<FutureControl> notEnforced = config.notEnforced();
        if (!notEnforced.isEmpty()) {
            lines.add("NOT ENFORCED by this version: " + notEnforced.size()
                    + " settings of controls to come; ./sluice limits show --not-enforced lists them");
        }
        return List.copyOf(lines);
    }

    /** A line for each environment variable that changed something, without its value. */
    public List<String> environmentWords() {
        return effects.stream()
                .map(effect -> "Environment " + effect.variable() + ": " + effect.words())
                .toList();
    }

    private String meaning(Mode mode, SluiceConfig.Account account) {
        if (mode != Mode.LIVE) {
            return meaning(mode);
        }
        return config.tradingRealMoney().contains(account)
                ? "its orders are sent WITH REAL MONEY"
                : "its orders are sent to a venue without real money";
    }

    private static String meaning(Mode mode) {
        return switch (mode) {
            case PAPER -> "fills are simulated, no order leaves this machine";
            case DRY_RUN -> "orders are built and signed, and stop at the socket";
            case LIVE -> "orders are sent";
        };
    }
}
