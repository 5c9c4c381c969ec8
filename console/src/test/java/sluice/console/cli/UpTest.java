package sluice.console.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    void theSettingsThatNothingEnforcesAreListed() throws IOException {
        Files.writeString(folder.resolve("sluice.yaml"), "not-enforced-yet: {max-drawdown-pct: 15}\n");
        assertThat(new TestHost(folder)
                        .run("limits", "show", "--not-enforced", "-o", "csv")
                        .out())
                .isEqualTo("setting,value,will_control\r\nmax-drawdown-pct,15,drawdown\r\n");
    }
}
