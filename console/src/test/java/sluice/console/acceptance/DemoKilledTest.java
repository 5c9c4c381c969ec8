package sluice.console.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.console.cli.Main;
import sluice.console.config.RunningStack;
import sluice.console.demo.Shipped;

/**
 * The whole process, broker and all, is killed at random moments of a demo run and started again.
 *
 * <p>Two kills of a part of the shipped recording by default; {@code -Dsluice.kills=20} kills more often, and plays the
 * whole of it. {@code -Dsluice.kills.seed=N} draws other moments.
 */
class DemoKilledTest {
    private static final int KILLS = Integer.getInteger("sluice.kills", 2);
    private static final int LINES = KILLS > 2 ? Integer.MAX_VALUE : 4_000;
    private static final int LONGEST_LIFE_MILLIS = KILLS > 2 ? 20_000 : 6_000;
    private static final long PATIENCE_SECONDS = 300;

    @TempDir
    private Path folder = Path.of("replaced by the extension");

    private final List<Process> processes = new ArrayList<>();

    static LongStream seeds() {
        return LongStream.of(Long.getLong("sluice.kills.seed", 7));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everySignalHasOneVerdictAndTheBooksAreTheVenues(long seed) throws Exception {
        // Given
        var random = new Random(seed);
        Path recording = Shipped.recording(folder.resolve("recording.jsonl"), LINES);

        // When
        int killed = 0;
        for (int i = 0; i < KILLS; i++) {
            Process demo = start(recording);
            if (i % 2 == 0) {
                waitUntilItIsUp(demo);
            } // else it is killed while it starts, as often as not
            boolean ended = demo.waitFor(random.nextInt(LONGEST_LIFE_MILLIS), TimeUnit.MILLISECONDS);
            killed += ended ? 0 : 1;
            demo.destroyForcibly().waitFor();
            if (ended) {
                break;
            }
        }
        Process last = start(recording);
        assertThat(last.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("the last run ends: %s", said())
                .isTrue();

        // Then
        assertThat(killed).as("kills that hit a run").isPositive();
        assertThat(last.exitValue()).as(said()).isZero();
        JsonNode summary = new JsonMapper().readTree(Files.readString(folder.resolve("out")));
        assertThat(summary.path("replaySha256")).isEqualTo(summary.path("decisionsSha256"));
        assertThat(summary.path("venueBooksEqual").asBoolean()).isTrue();
        assertThat(summary.path("reservedAtEnd").asText()).isEqualTo("0");
        assertThat(summary.path("orders").asLong())
                .isEqualTo(summary.path("approved").asLong())
                .isPositive();
        assertThat(summary.path("fills").asLong()).isPositive();
        assertThat(verdicts(summary)).isEqualTo(summary.path("signals").asLong());
        assertThat(summary.path("signals").asLong())
                .as("signals in the recording")
                .isEqualTo(signalsIn(recording));
    }

    private static long verdicts(JsonNode summary) {
        long denied = 0;
        for (JsonNode count : summary.path("denied")) {
            denied += count.asLong();
        }
        return denied
                + summary.path("approved").asLong()
                + summary.path("duplicates").asLong()
                + summary.path("conflicts").asLong()
                + summary.path("deadLetters").asLong();
    }

    private static long signalsIn(Path recording) throws IOException {
        var json = new JsonMapper();
        long signals = 0;
        for (String line : Files.readAllLines(recording)) {
            signals += json.readTree(line).path("type").asText().equals("signal") ? 1 : 0;
        }
        return signals;
    }

    private Process start(Path recording) throws IOException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-Dsluice.home=" + Shipped.root(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "demo",
                        "--exit",
                        "--output",
                        "json",
                        "--data",
                        recording.toString(),
                        "--data-directory",
                        folder.resolve("data").toString())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("err").toFile()))
                .start();
        processes.add(process);
        return process;
    }

    private void waitUntilItIsUp(Process demo) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (RunningStack.read(folder.resolve("data"))
                .filter(stack -> stack.pid() == demo.pid())
                .isEmpty()) {
            assertThat(demo.isAlive()).as(said()).isTrue();
            assertThat(System.nanoTime()).as("it comes up: %s", said()).isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    private String said() throws IOException {
        Path err = folder.resolve("err");
        return Files.exists(err) ? Files.readString(err) : "";
    }

    @AfterEach
    void endProcesses() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }
}
