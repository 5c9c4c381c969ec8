package sluice.console.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Scanner;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sluice.console.config.ConfigReader;
import sluice.console.config.FileProblem;
import sluice.console.config.LoadedConfig;
import sluice.console.config.RunningStack;
import sluice.console.config.SluiceConfig;
import sluice.console.stack.LocalStack;
import sluice.console.stack.VenueKeys;
import sluice.domain.Mode;

/** Every role in one process, until it is told to stop. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {
            "Runs everything in this process: broker, registry, ingress, account task, the paper venue and connectors to"
                    + " the real ones, by the wall clock.",
            "Stays up until Ctrl-C. What it keeps survives that, and a kill."
        },
        footer = {
            "%nEnvironment variables that win over the configuration are listed at the end of sluice.yaml.",
            "%nExamples:",
            "  ./sluice up",
            "  ./sluice up --config my-sluice.yaml --name desk",
            "  ./sluice up --config my-sluice.yaml --live main"
        })
final class UpCommand implements Callable<Integer> {
    private final Host host;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration. Without it: $$SLUICE_CONFIG, ./sluice.yaml, or the shipped one.")
    @Nullable
    Path config;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Folder of the stack in the data directory. Default: ${DEFAULT-VALUE}.")
    String name = "main";

    @Option(
            names = "--live",
            paramLabel = "ACCOUNTS",
            description = "Needed where an account is in mode LIVE at a real venue: the names of all of them, separated"
                    + " by commas. On a terminal it is asked for.")
    @Nullable
    String live;

    @Option(names = "--debug", description = "Show where an error came from.")
    boolean debug;

    UpCommand(Host host) {
        this.host = host;
    }

    @Override
    public Integer call() throws Exception {
        LoadedConfig loaded = ConfigReader.read(ConnectionOptions.configFile(host, config), host.environment());
        VenueKeys keys = VenueKeys.read(loaded.config(), host.environment());
        Path folder = host.home().resolve(loaded.config().dataDirectory()).resolve(name);
        try {
            Optional<RunningStack> running = RunningStack.read(folder).filter(RunningStack::isAlive);
            if (running.isPresent()) {
                throw Failure.failed("a Sluice runs in " + folder + " already, process "
                        + running.get().pid());
            }
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw Failure.failed(FileProblem.ofDataFolder(folder, e, "data-directory in the configuration"));
        }
        loaded.banner().forEach(host::say);
        confirmLive(loaded.config());
        if (loaded.config().accounts().stream().anyMatch(it -> loaded.config().modeOf(it) == Mode.LIVE)) {
            host.say("Live orders leave only while they are armed: ./sluice arm --scope all --for 8h --reason ...");
        }
        var ended = new CountDownLatch(1);
        var failure = new AtomicReference<@Nullable Throwable>();
        try (var log = new LogFile(folder, host::say)) {
            host.say("Data in " + folder + ", log in " + log.file());
            try (LocalStack stack = LocalStack.start(
                    loaded.config(),
                    keys,
                    folder,
                    host.clock(),
                    beforeRoles -> {},
                    line -> host.say("  " + line),
                    error -> {
                        failure.compareAndSet(null, error);
                        ended.countDown();
                    })) {
                Thread closing = new Thread(stack::close, "up-shutdown");
                Runtime.getRuntime().addShutdownHook(closing);
                host.say("up: Kafka at " + stack.bootstrapServers() + ", schema registry at " + stack.registry()
                        + "; Ctrl-C ends it");
                ended.await();
            }
        }
        throw Failure.failed("a role stopped, and nothing is decided any more: " + failure.get());
    }

    /** Real money is traded with only when somebody who starts this says so, account by account. */
    private void confirmLive(SluiceConfig config) {
        List<String> accounts = config.tradingRealMoney().stream()
                .map(account -> account.name().value())
                .toList();
        if (accounts.isEmpty()) {
            if (live != null) {
                throw Failure.usage("--live " + live + ", but no account is in mode LIVE at a real venue");
            }
            return;
        }
        String wanted = String.join(",", accounts);
        String typed = live;
        if (typed == null && host.errIsTerminal()) {
            host.say("This trades with REAL MONEY. Type the names of the accounts (" + wanted + ") to go on:");
            typed = new Scanner(host.in(), StandardCharsets.UTF_8).nextLine();
        }
        if (!wanted.equals(typed == null ? null : typed.strip())) {
            throw Failure.refused("accounts " + wanted + " would trade with real money, and that was "
                    + (typed == null ? "not confirmed" : "confirmed for \"" + typed.strip() + "\"")
                    + "; start with --live " + wanted);
        }
    }
}
