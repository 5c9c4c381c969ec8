package sluice.console.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
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
import sluice.console.stack.LocalStack;

/** Every role in one process, until it is told to stop. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {
            "Runs everything in this process: broker, registry, ingress, account task and paper venue, by the wall clock.",
            "Stays up until Ctrl-C. What it keeps survives that, and a kill."
        },
        footer = {
            "%nEnvironment variables that win over the configuration are listed at the end of sluice.yaml.",
            "%nExamples:",
            "  ./sluice up",
            "  ./sluice up --config my-sluice.yaml --name desk"
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

    @Option(names = "--debug", description = "Show where an error came from.")
    boolean debug;

    UpCommand(Host host) {
        this.host = host;
    }

    @Override
    public Integer call() throws Exception {
        LoadedConfig loaded = ConfigReader.read(ConnectionOptions.configFile(host, config), host.environment());
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
        var ended = new CountDownLatch(1);
        var failure = new AtomicReference<@Nullable Throwable>();
        try (var log = new LogFile(folder, host::say)) {
            host.say("Data in " + folder + ", log in " + log.file());
            try (LocalStack stack = LocalStack.start(
                    loaded.config(), folder, host.clock(), beforeRoles -> {}, line -> host.say("  " + line), error -> {
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
}
