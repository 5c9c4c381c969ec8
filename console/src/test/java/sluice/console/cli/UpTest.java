package sluice.console.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps a stack from starting is said in words, with what to do. */
class UpTest {
    @TempDir
    Path folder;

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws IOException {
        // Given a file where the folder should be
        Files.writeString(folder.resolve("data"), "");
        Files.writeString(folder.resolve("sluice.yaml"), "mode: PAPER\n");
        Files.createDirectories(folder.resolve("console"));
        Files.writeString(folder.resolve("console/demo.yaml"), "mode: PAPER\n");

        // Then
        for (String command : new String[] {"up", "demo"}) {
            var run = new TestHost(folder).run(command);
            assertThat(run.exitCode()).isEqualTo(ExitCode.FAILURE);
            assertThat(run.err())
                    .startsWith("error: cannot use the data directory " + folder.resolve("data") + "/")
                    .contains("; give another one with ")
                    .doesNotContain("Exception")
                    .hasLineCount(1);
        }
    }

    @Test
    void aWrongKeyLeavesNothingBehind() throws IOException {
        // Given
        Files.writeString(folder.resolve("key.pem"), "no key at all");
        Files.setPosixFilePermissions(folder.resolve("key.pem"), PosixFilePermissions.fromString("rw-------"));
        Files.writeString(folder.resolve("sluice.yaml"), """
                accounts: [{name: main, kalshi: {key-id: k, key-file: key.pem}}]
                embedded: {kafka-port: 0, registry-port: 0}
                """);

        // When
        var run = new TestHost(folder).run("up");

        // Then
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILURE);
        assertThat(run.err())
                .startsWith("error: account main at Kalshi: key file ")
                .contains("there is no PEM in it");
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void theSettingsThatNothingEnforcesAreListed() throws IOException {
        Files.writeString(folder.resolve("sluice.yaml"), "not-enforced-yet: {max-drawdown-pct: 15}\n");
        assertThat(new TestHost(folder)
                        .run("limits", "show", "--not-enforced", "-o", "csv")
                        .out())
                .isEqualTo("setting,value,will_control\r\nmax-drawdown-pct,15,drawdown\r\n");
    }
}
