package sluice.console.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import sluice.console.config.ConfigException;
import sluice.console.config.ConfigReader;
import sluice.console.config.ConnectionConfig;
import sluice.console.config.FileProblem;
import sluice.console.config.RunningStack;
import sluice.console.config.SluiceConfig;
import sluice.domain.AccountId;

/** Options that say which Sluice is meant. */
final class ConnectionOptions {
    static final String DEFAULT_PREFIX = "sluice.";

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description =
                    "Brokers, separated by commas. Without it: the ones of the configuration, or else the stack that"
                            + " runs on this machine.")
    @Nullable
    String bootstrapServers;

    @Option(names = "--registry", paramLabel = "URL", description = "Schema registry with the Confluent API.")
    @Nullable
    String registry;

    @Option(
            names = "--prefix",
            paramLabel = "TEXT",
            description = "What topic names begin with; sluice. unless configured.")
    @Nullable
    String prefix;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration. Without it: $$SLUICE_CONFIG, ./sluice.yaml, or the shipped one.")
    @Nullable
    Path config;

    @Option(names = "--stack", paramLabel = "NAME", description = "Which of several stacks that run on this machine.")
    @Nullable
    String stack;

    /** Finds out where Sluice is: the command line first, then the configuration, then what runs on this machine. */
    Connection resolve(Host host) {
        if (bootstrapServers != null) {
            Optional<ConnectionConfig> configured = configuredOrWarn(host);
            return new Connection(
                    bootstrapServers,
                    Optional.ofNullable(registry)
                            .or(() -> configured.flatMap(it -> it.registry().url())),
                    prefix != null
                            ? prefix
                            : configured.map(it -> it.kafka().prefix()).orElse(DEFAULT_PREFIX),
                    configured.map(it -> it.kafka().properties()).orElse(Map.of()));
        }
        ConnectionConfig configured = ConfigReader.readConnection(configFile(host), host.environment());
        Optional<String> brokers = configured.kafka().bootstrapServers();
        if (brokers.isPresent() && stack == null) {
            return new Connection(
                    brokers.get(),
                    Optional.ofNullable(registry).or(() -> configured.registry().url()),
                    prefix != null ? prefix : configured.kafka().prefix(),
                    configured.kafka().properties());
        }
        RunningStack running = running(configured.dataDirectory());
        return new Connection(
                running.bootstrapServers(),
                Optional.of(registry != null ? registry : running.registryUrl()),
                prefix != null ? prefix : running.prefix(),
                Map.of());
    }

    /** With brokers named, a slip in the configuration must not stand between an operator and a halt. */
    private Optional<ConnectionConfig> configuredOrWarn(Host host) {
        Path file = configFile(host);
        if (config == null && !Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(ConfigReader.readConnection(file, host.environment()));
        } catch (ConfigException e) {
            host.say("warning: the configuration is ignored: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** Accounts of the configuration; empty if it cannot be read, which must not stand in an operator's way. */
    Set<AccountId> accounts(Host host) {
        try {
            return ConfigReader.read(configFile(host), host.environment()).config().accounts().stream()
                    .map(SluiceConfig.Account::name)
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (ConfigException e) {
            return new TreeSet<>();
        }
    }

    private RunningStack running(Path dataDirectory) {
        RunningStack.Found found;
        try {
            found = RunningStack.findIn(dataDirectory);
        } catch (IOException e) {
            throw Failure.failed("cannot look for running stacks in " + dataDirectory + ": " + FileProblem.words(e));
        }
        List<RunningStack> alive = found.alive().stream()
                .filter(it -> stack == null || it.name().equals(stack))
                .toList();
        if (alive.size() == 1) {
            return alive.get(0);
        }
        if (alive.isEmpty()) {
            String gone = found.stale().isEmpty()
                    ? ""
                    : " (" + found.stale().get(0).name() + " ran as process "
                            + found.stale().get(0).pid() + ", which is gone)";
            throw Failure.failed("no running Sluice" + (stack == null ? "" : " called " + stack) + " in "
                    + dataDirectory + gone + "; start one with ./sluice up, or name brokers with --bootstrap-servers");
        }
        throw Failure.usage("several stacks are running: "
                + String.join(", ", alive.stream().map(RunningStack::name).toList())
                + "; choose one with --stack NAME");
    }

    private Path configFile(Host host) {
        return configFile(host, config);
    }

    /**
     * The configuration that is meant, which need not exist: the one that is named, $SLUICE_CONFIG, sluice.yaml in the
     * user's folder, or the one that was shipped.
     */
    static Path configFile(Host host, @Nullable Path named) {
        if (named != null) {
            return host.workingDirectory().resolve(named);
        }
        String variable = host.environment().getOrDefault("SLUICE_CONFIG", "");
        if (!variable.isEmpty()) {
            return host.workingDirectory().resolve(variable);
        }
        Path here = host.workingDirectory().resolve("sluice.yaml");
        return Files.exists(here) ? here : host.home().resolve("sluice.yaml");
    }
}
