package sluice.console.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with the files of a simulated venue is said in one line. */
@Timeout(60) // without a mistake in its files it runs until it is stopped
class SimulateCommandTest {
    @TempDir
    Path folder;

    @Test
    void brokenFaultsAreSaidWithTheirPlace() throws IOException {
        // Given
        Path broken = Files.writeString(folder.resolve("broken.json"), "{\"faults\": [\n  {\"fault\": \"F1\",}\n]}\n");

        // When
        var run = simulate("--setup", "setup.json", "--faults", "broken.json");

        // Then
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILURE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo("error: cannot simulate kalshi: " + broken + ", line 2, column 18: this is not JSON: "
                        + "Unexpected character ('}' (code 125)): was expecting double-quote to start field name; "
                        + "mend it and start again\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"accounts\": ["})
    void aSetupThatEndsTooSoonIsSaidWithItsPlace(String text) throws IOException {
        // Given
        Path broken = Files.writeString(folder.resolve("setup.json"), text);

        // When
        var run = simulate("--setup", "setup.json");

        // Then
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILURE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo("error: cannot simulate kalshi: " + broken + ", line 1, column " + (text.length() + 1)
                        + ": this is not JSON: it ends before it is complete; mend it and start again\n");
    }

    @Test
    void aFileThatCannotBeReadIsNamedWithTheReason() {
        // When
        var run = simulate("--setup", "no-such-file.json");

        // Then
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILURE);
        assertThat(run.err())
                .isEqualTo("error: cannot simulate kalshi: " + folder.resolve("no-such-file.json")
                        + ": there is no such file or folder\n");
    }

    private TestHost.Run simulate(String... options) {
        var arguments = Stream.concat(Stream.of("simulate", "kalshi", "--ledger", "ledger"), Stream.of(options));
        return new TestHost(folder).run(arguments.toArray(String[]::new));
    }
}
