package sluice.console.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.console.config.RunningStack;

/** Finding the Sluice that is meant, and saying so when there is none. */
class ConnectionTest {
    @TempDir
    Path folder;

    @Test
    void withNothingRunningItSaysHowToStart() throws IOException {
        // Given
        Files.writeString(folder.resolve("sluice.yaml"), "mode: PAPER\n");

        // When
        var run = new TestHost(folder).run("decisions", "list");

        // Then
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILURE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo("error: no running Sluice in " + folder.resolve("data")
                        + "; start one with ./sluice up, or name brokers with --bootstrap-servers\n");
    }

    @Test
    void aStackThatIsGoneIsNamed() throws IOException, InterruptedException {
        // Given
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        leaveNote("main", new RunningStack("main", gone.pid(), "", "127.0.0.1:1", "http://127.0.0.1:1", "sluice."));

        // When
        var run = new TestHost(folder).run("decisions", "list");

        // Then
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILURE);
        assertThat(run.err())
                .contains("no running Sluice in ")
                .contains("(main ran as process " + gone.pid() + ", which is gone)");
    }

    @Test
    void oneOfSeveralStacksMustBeChosen() throws IOException {
        // Given
        for (String name : new String[] {"demo", "main"}) {
            leaveNote(name, RunningStack.ofThisProcess(name, "127.0.0.1:1", "http://127.0.0.1:1", "sluice."));
        }

        // Then
        var run = new TestHost(folder).run("decisions", "list");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err())
                .isEqualTo("error: several stacks are running: demo, main; choose one with --stack NAME\n");
        assertThat(new TestHost(folder)
                        .run("decisions", "list", "--stack", "demo")
                        .err())
                .startsWith("error: no broker answers at 127.0.0.1:1; is Sluice running?");
        assertThat(new TestHost(folder)
                        .run("decisions", "list", "--stack", "other")
                        .err())
                .startsWith("error: no running Sluice called other in ");
    }

    @Test
    void aBrokenConfigurationDoesNotStandInTheWayOfAHalt() throws IOException {
        // Given
        Files.writeString(folder.resolve("sluice.yaml"), "kafka: [\n");

        // When
        var run = new TestHost(folder)
                .run("halt", "--scope", "all", "--reason", "x", "--bootstrap-servers", "127.0.0.1:1");

        // Then
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILURE);
        assertThat(run.err())
                .contains("warning: the configuration is ignored: sluice.yaml:")
                .contains("error: no broker answers at 127.0.0.1:1");
    }

    @Test
    void aConfigurationThatIsNamedMustBeThere() {
        var run = new TestHost(folder).run("decisions", "list", "--config", "none.yaml");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).startsWith("error: there is no configuration " + folder.resolve("none.yaml"));
    }

    @Test
    void brokersOfTheConfigurationAreUsed() throws IOException {
        // Given
        Files.writeString(folder.resolve("other.yaml"), "kafka: {bootstrap-servers: \"127.0.0.1:2\"}\n");

        // Then
        assertThat(new TestHost(folder)
                        .run("decisions", "list", "--config", "other.yaml")
                        .err())
                .startsWith("error: no broker answers at 127.0.0.1:2;");
        assertThat(new TestHost(folder)
                        .with("SLUICE_CONFIG", "other.yaml")
                        .with("SLUICE_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:3")
                        .run("decisions", "list")
                        .err())
                .startsWith("error: no broker answers at 127.0.0.1:3;");
    }

    @Test
    void whatIsNoAddressIsAUsageError() {
        var run = new TestHost(folder).run("decisions", "list", "--bootstrap-servers", "nonsense");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).startsWith("error: bootstrap servers \"nonsense\": ");
    }

    @Test
    void aBugIsShownWithoutItsTraceUnlessAskedFor() throws IOException {
        // Given
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("sluice.yaml"), "mode: PAPER\n");

        // When
        var quiet = new TestHost(folder).run("decisions", "list");
        var loud = new TestHost(folder).run("decisions", "list", "--debug");

        // Then
        assertThat(quiet.err().lines()).hasSize(1);
        assertThat(loud.err()).contains("\tat sluice.console.cli.");
    }

    private void leaveNote(String name, RunningStack note) throws IOException {
        Files.writeString(folder.resolve("sluice.yaml"), "mode: PAPER\n");
        note.writeTo(Files.createDirectories(folder.resolve("data").resolve(name)));
    }
}
