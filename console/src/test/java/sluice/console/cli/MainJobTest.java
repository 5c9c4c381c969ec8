package sluice.console.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.console.config.ConfigReader;
import sluice.console.demo.DemoRun;
import sluice.console.demo.DemoSummary;
import sluice.console.demo.Shipped;
import sluice.venues.recording.Problems;
import sluice.venues.recording.Recordings;

/** The main job on a part of the shipped recording, and the README's commands against what it left. */
class MainJobTest {
    private static final int LINES = 4_000;

    /** Commands that look; the others are run by the tests of their own. */
    private static final List<String> LOOKING =
            List.of("decisions", "orders", "fills", "positions", "account", "limits", "topics");

    @TempDir
    private Path folder = Path.of("replaced by the extension");

    private static List<String[]> readmeCommands() throws IOException {
        List<String[]> commands = new ArrayList<>();
        boolean inShell = false;
        for (String line : Files.readAllLines(Shipped.root().resolve("README.md"))) {
            if (line.startsWith("```")) {
                inShell = line.equals("```sh");
            } else if (inShell && line.startsWith("./sluice ")) {
                List<String> words = new ArrayList<>();
                Matcher word = Pattern.compile("\"([^\"]*)\"|(\\S+)").matcher(line.substring("./sluice ".length()));
                while (word.find()) {
                    words.add(word.group(1) != null ? word.group(1) : word.group(2));
                }
                commands.add(words.toArray(String[]::new));
            }
        }
        return commands;
    }

    @Test
    void everyCommandOfTheReadmeIsOne() throws IOException {
        var commands = readmeCommands();
        assertThat(commands).hasSizeGreaterThan(10);
        for (String[] command : commands) {
            Cli.commandLine(new TestHost(folder).host(), command[0]).parseArgs(command);
        }
    }

    @Test
    void aRecordingIsDecidedFilledBookedAndProven() throws Exception {
        // Given
        Files.writeString(folder.resolve("sluice.yaml"), "mode: PAPER\n");
        var config = ConfigReader.read(Shipped.root().resolve("console/demo.yaml"), Map.of())
                .config();
        var recording = Recordings.open(Shipped.recording(folder.resolve("part.jsonl"), LINES), new Problems());

        try (var run = new DemoRun(
                config,
                recording,
                folder.resolve("data").resolve("demo"),
                "max",
                false,
                new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                false,
                false,
                OptionalLong.empty(),
                Map.of())) {
            // When
            DemoSummary summary = run.run();

            // Then
            assertThat(summary.replaySha256()).isEqualTo(summary.decisionsSha256());
            assertThat(summary.venueBooksEqual()).isTrue();
            assertThat(summary.reservedAtEnd().micros()).isZero();
            assertThat(summary.orders()).isEqualTo(summary.approved()).isPositive();
            assertThat(summary.fills()).isPositive();
            assertThat(summary.duplicates()
                            + summary.conflicts()
                            + summary.deadLetters()
                            + summary.approved()
                            + summary.denied().values().stream()
                                    .mapToLong(Long::longValue)
                                    .sum())
                    .isEqualTo(summary.signals());
            for (String[] command : readmeCommands()) {
                if (LOOKING.contains(command[0])) {
                    var told = new TestHost(folder).run(command);
                    assertThat(told.exitCode())
                            .as("%s: %s", String.join(" ", command), told.err())
                            .isZero();
                    assertThat(told.out()).as(String.join(" ", command)).isNotBlank();
                }
            }
            anOrderIsTracedFromItsSignalToItsEnd();
        }
    }

    private void anOrderIsTracedFromItsSignalToItsEnd() throws Exception {
        var json = new JsonMapper();
        var orders = json.readTree(new TestHost(folder)
                .run("orders", "list", "--where", "status=FILLED", "-o", "json")
                .out());
        var trace = new TestHost(folder)
                .run("orders", "trace", orders.get(0).path("order_id").asText(), "-o", "json");
        assertThat(trace.exitCode()).as(trace.err()).isZero();
        assertThat(json.readTree(trace.out()).findValuesAsText("topic").stream()
                        .map(topic -> topic.equals("signals.json") ? "signals" : topic))
                .startsWith("signals", "journal", "decisions", "orders.paper", "placements")
                .contains("venue.reports", "fills")
                .endsWith("executions");
        var unknown = new TestHost(folder).run("orders", "trace", "nobody");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).contains("no record tells of order nobody");
    }
}
