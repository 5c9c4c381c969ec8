package sluice.console.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Help is what most people read of all documentation, so it must be there, and true. */
class HelpTest {
    private static final Host HOST = new TestHost(Path.of("").toAbsolutePath()).host();
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

    static Stream<CommandLine> commands() {
        var all = new ArrayList<CommandLine>();
        for (Class<?> type : SluiceCommand.COMMANDS) {
            collect(top(type.getAnnotation(Command.class).name()), all);
        }
        return all.stream();
    }

    private static CommandLine top(String name) {
        return Objects.requireNonNull(
                Cli.commandLine(HOST, name).getSubcommands().get(name));
    }

    private static void collect(CommandLine line, List<CommandLine> all) {
        all.add(line);
        line.getSubcommands().values().forEach(inner -> collect(inner, all));
    }

    static Stream<String> examples() {
        return Stream.concat(Stream.of(Cli.commandLine(HOST, "")), commands())
                .flatMap(line -> Stream.of(line.getCommandSpec().usageMessage().footer()))
                .flatMap(text -> text.replace("%n", "\n").lines())
                .filter(text -> text.startsWith("  ") && text.contains("./sluice "));
    }

    @Test
    void theRootNamesEveryCommandAndEveryExitCode() {
        // When
        TestHost.Run run = new TestHost(Path.of("").toAbsolutePath()).run("--help");

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        for (Class<?> type : SluiceCommand.COMMANDS) {
            assertThat(run.out())
                    .contains("\n  " + type.getAnnotation(Command.class).name() + " ");
        }
        assertThat(run.out()).contains("\n  0  ", "\n  1  ", "\n  2  ", "\n  5  ", "\n  6  ", "./sluice ");
        assertThat(run.out()).doesNotContain("\u001b");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandSaysWhatItDoes(CommandLine line) {
        assertThat(line.getCommandSpec().usageMessage().description()).isNotEmpty();
        boolean leaf = line.getSubcommands().isEmpty();
        assertThat(line.getUsageMessage(CommandLine.Help.Ansi.OFF))
                .contains("Usage: " + line.getCommandSpec().qualifiedName())
                .satisfies(text -> assertThat(text.contains("Examples:")).isEqualTo(leaf));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleCanBeTypedAsItStands(String example) {
        // Given
        String command = example.substring(example.indexOf("./sluice ") + "./sluice ".length());
        String[] args = WORD.matcher(command)
                .results()
                .map(word ->
                        word.group(1) != null ? word.group(1) : word.group(2) != null ? word.group(2) : word.group(3))
                .toArray(String[]::new);

        // Then
        assertThatCode(() -> Cli.commandLine(HOST, args[0]).parseArgs(args)).doesNotThrowAnyException();
    }

    @Test
    void aSlipGetsASuggestion() {
        var run = new TestHost(Path.of("").toAbsolutePath()).run("limts");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("error: Unmatched argument at index 0: 'limts'\nDid you mean")
                .contains("limits");
    }

    @Test
    void aMissingOptionPointsToHelp() {
        var run = new TestHost(Path.of("").toAbsolutePath()).run("halt", "--scope", "all");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).isEqualTo("error: Missing required option: '--reason=TEXT'\nTry ./sluice halt --help\n");
    }

    @Test
    void whatMustBeGivenStandsInTheSynopsisWithoutBrackets() {
        assertThat(new TestHost(Path.of("").toAbsolutePath())
                        .run("halt", "--help")
                        .out())
                .startsWith("Usage: sluice halt [OPTIONS] --scope=SCOPE --reason=TEXT\n");
    }

    @Test
    void helpIsAlsoAWord() {
        var host = new TestHost(Path.of("").toAbsolutePath());
        assertThat(host.run("help")).isEqualTo(host.run("--help"));
        assertThat(host.run("help", "orders", "list")).isEqualTo(host.run("orders", "list", "--help"));
        assertThat(host.run("help").exitCode()).isZero();
    }

    @Test
    void wordsToChooseFromAreSaidAsTheyAreTyped() {
        assertThat(new TestHost(Path.of("").toAbsolutePath())
                        .run("version", "-o", "xml")
                        .err())
                .contains("[table, json, ndjson, csv]");
    }

    @Test
    void nounsWithoutAVerbShowTheirVerbs() {
        var run = new TestHost(Path.of("").toAbsolutePath()).run("orders");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("list", "show", "cancel");
        assertThat(new TestHost(Path.of("").toAbsolutePath()).run().err()).contains("Commands:");
    }

    @Test
    void versionsAreForPeopleAndForScripts() {
        var host = new TestHost(Path.of("").toAbsolutePath());
        assertThat(host.run("--version").out()).startsWith("sluice ");
        assertThat(host.run("orders", "list", "--version").out()).startsWith("sluice ");
        assertThat(host.run("version").out()).contains("\"kafka\" : \"4.");
        assertThat(host.onATerminal(true).run("version").out()).contains("kafka   4.");
    }
}
