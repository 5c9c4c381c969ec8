package sluice.console.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import sluice.console.config.ConfigException;
import sluice.console.config.FileProblem;
import sluice.console.stack.StackException;
import sluice.wire.RegistryUnavailableException;

/** Runs one command line in a host. */
public final class Cli {
    private static final Pattern ENUM_NAMES =
            Pattern.compile("(expected one of \\[[A-Z_, ]+\\]) \\(case-insensitive\\)");

    private Cli() {}

    /** Runs the command and returns its exit code; see {@link ExitCode}. */
    public static int run(Host host, String... given) {
        String[] args = withoutHelpWord(given);
        CommandLine line = commandLine(host, args.length == 0 ? "" : args[0]);
        boolean debug = Arrays.asList(args).contains("--debug");
        line.setExecutionExceptionHandler((e, command, parsed) -> explain(host, e, debug));
        line.setParameterExceptionHandler((e, unparsed) -> explainUsage(host, e));
        int code = line.execute(args);
        boolean lost = host.out().checkError() && !Stdout.isNobodyReading(host.out());
        if (lost) {
            host.err().println("error: what was found could not all be written to stdout; is the disk full?");
        }
        host.err().flush();
        return lost && code == ExitCode.OK ? ExitCode.FAILURE : code;
    }

    /** {@code help topics print} asks for the same as {@code topics print --help}. */
    private static String[] withoutHelpWord(String... args) {
        if (args.length == 0 || !args[0].equals("help")) {
            return args;
        }
        var asked = new ArrayList<>(List.of(args).subList(1, args.length));
        asked.add("--help");
        return asked.toArray(String[]::new);
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
        List<OptionSpec> required = line.getCommandSpec().options().stream()
                .filter(OptionSpec::required)
                .toList();
        if (!required.isEmpty()) {
            line.getCommandSpec().usageMessage().customSynopsis(synopsis(line.getCommandSpec(), required));
        }
        line.getCommandSpec().versionProvider(new SluiceCommand.Version());
        line.getHelpSectionMap().put(CommandLine.Model.UsageMessageSpec.SECTION_KEY_FOOTER, help -> Arrays.stream(
                        help.commandSpec().usageMessage().footer())
                .map(text -> text.replace("%n", "\n") + "\n")
                .collect(Collectors.joining()));
        line.getSubcommands().values().forEach(Cli::readable);
    }

    /** What must be given stands there by name; the rest is listed below. */
    private static String synopsis(CommandSpec spec, List<OptionSpec> required) {
        var words = new ArrayList<>(List.of(spec.qualifiedName(), "[OPTIONS]"));
        required.forEach(option -> words.add(option.longestName() + "=" + option.paramLabel()));
        spec.positionalParameters()
                .forEach(given ->
                        words.add(given.arity().max() > 1 ? "[" + given.paramLabel() + "...]" : given.paramLabel()));
        return String.join(" ", words);
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
            case StackException stack -> say(host, ExitCode.FAILURE, stack.getMessage());
            case FileSystemException file ->
                say(host, ExitCode.FAILURE, "cannot use " + file.getFile() + ": " + FileProblem.words(file));
            case IOException io -> say(host, ExitCode.FAILURE, FileProblem.words(io));
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
        if (!command.getSubcommands().isEmpty()
                && String.valueOf(e.getMessage()).startsWith("Missing required subcommand")) {
            command.usage(host.err());
            return ExitCode.USAGE;
        }
        if (!UnmatchedArgumentException.printSuggestions(e, new PrintWriter(text))) {
            text.write("Try " + command.getCommandSpec().qualifiedName().replaceFirst("^sluice", "./sluice")
                    + " --help\n");
        }
        say(host, ExitCode.USAGE, asTyped(String.valueOf(e.getMessage())));
        host.err().print(text);
        host.err().flush();
        return ExitCode.USAGE;
    }

    /** Words to choose from, in the case in which help has them. */
    private static String asTyped(String message) {
        return ENUM_NAMES.matcher(message).replaceAll(names -> names.group(1).toLowerCase(Locale.ROOT));
    }

    private static int say(Host host, int code, @Nullable String message) {
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
