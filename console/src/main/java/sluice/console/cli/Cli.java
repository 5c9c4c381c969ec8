package sluice.console.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import sluice.console.config.ConfigException;
import sluice.wire.RegistryUnavailableException;

/** Runs one command line in a host. */
public final class Cli {
    private Cli() {}

    /** Runs the command and returns its exit code; see {@link ExitCode}. */
    public static int run(Host host, String... args) {
        CommandLine line = commandLine(host, args.length == 0 ? "" : args[0]);
        boolean debug = Arrays.asList(args).contains("--debug");
        line.setExecutionExceptionHandler((e, command, parsed) -> explain(host, e, debug));
        line.setParameterExceptionHandler((e, unparsed) -> explainUsage(host, e));
        int code = line.execute(args);
        host.out().flush();
        host.err().flush();
        return code;
    }

    /**
     * The root with the one command that is {@code called}, or, if that is none, with the names of all of them. Making
     * all of them ready takes longer than what most commands do.
     */
    static CommandLine commandLine(Host host, String called) {
        CommandLine line = new CommandLine(SluiceCommand.class, new HostFactory(host));
        Optional<Class<?>> one = SluiceCommand.COMMANDS.stream()
                .filter(it -> it.getAnnotation(Command.class).name().equals(called))
                .findFirst();
        if (one.isPresent()) {
            line.addSubcommand(one.get());
        } else {
            for (Class<?> type : SluiceCommand.COMMANDS) {
                Command command = type.getAnnotation(Command.class);
                CommandSpec named = CommandSpec.create();
                named.usageMessage().description(command.description());
                line.addSubcommand(command.name(), named);
            }
        }
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        line.setUsageHelpLongOptionsMaxWidth(34);
        readable(line);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(host.colours() ? Ansi.ON : Ansi.OFF));
        line.setOut(new PrintWriter(host.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(host.err(), true, StandardCharsets.UTF_8));
        return line;
    }

    /** Options are listed below the synopsis anyway, and an example that is broken into lines cannot be copied. */
    private static void readable(CommandLine line) {
        line.getCommandSpec().usageMessage().abbreviateSynopsis(true);
        line.getCommandSpec().versionProvider(new SluiceCommand.Version());
        line.getHelpSectionMap().put(CommandLine.Model.UsageMessageSpec.SECTION_KEY_FOOTER, help -> Arrays.stream(
                        help.commandSpec().usageMessage().footer())
                .map(text -> text.replace("%n", "\n") + "\n")
                .collect(Collectors.joining()));
        line.getSubcommands().values().forEach(Cli::readable);
    }

    private static int explain(Host host, Exception e, boolean debug) {
        host.out().flush();
        if (debug) {
            e.printStackTrace(host.err());
        }
        return switch (e) {
            case Failure failure -> say(host, failure.exitCode(), failure.getMessage());
            case ConfigException config ->
                say(
                        host,
                        switch (config.kind()) {
                            case INVALID -> ExitCode.USAGE;
                            case REFUSED -> ExitCode.REFUSED;
                        },
                        config.getMessage());
            case RegistryUnavailableException registry -> say(host, ExitCode.FAILURE, registry.getMessage());
            case KafkaException kafka ->
                say(
                        host,
                        ExitCode.FAILURE,
                        "Kafka: " + kafka.getMessage() + " (" + kafka.getClass().getSimpleName() + ")");
            default ->
                say(
                        host,
                        ExitCode.FAILURE,
                        "unexpected " + e + (debug ? "" : "; run it again with --debug to see where"));
        };
    }

    private static int explainUsage(Host host, ParameterException e) {
        CommandLine command = e.getCommandLine();
        var text = new StringWriter();
        if (!command.getSubcommands().isEmpty() && String.valueOf(e.getMessage()).startsWith("Missing required subcommand")) {
            command.usage(host.err());
            return ExitCode.USAGE;
        }
        if (!UnmatchedArgumentException.printSuggestions(e, new PrintWriter(text))) {
            text.write("Try " + command.getCommandSpec().qualifiedName().replaceFirst("^sluice", "./sluice")
                    + " --help\n");
        }
        say(host, ExitCode.USAGE, e.getMessage());
        host.err().print(text);
        host.err().flush();
        return ExitCode.USAGE;
    }

    private static int say(Host host, int code, @org.jspecify.annotations.Nullable String message) {
        host.say((code == ExitCode.UNKNOWN ? "unknown: " : code == ExitCode.REFUSED ? "refused: " : "error: ")
                + message);
        return code;
    }

    /** Gives commands the host they run in. */
    private record HostFactory(Host host) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            List<Constructor<?>> withHost = Arrays.stream(type.getDeclaredConstructors())
                    .filter(it -> List.of(it.getParameterTypes()).equals(List.of(Host.class)))
                    .toList();
            return withHost.isEmpty()
                    ? CommandLine.defaultFactory().create(type)
                    : type.cast(withHost.get(0).newInstance(host));
        }
    }
}
