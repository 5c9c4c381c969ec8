package sluice.console.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningStackTest {
    @TempDir
    Path data;

    private final RunningStack ours =
            RunningStack.ofThisProcess("main", "127.0.0.1:9092", "http://127.0.0.1:8081", "sluice.");

    @Test
    void aNoteIsFoundWhileItsProcessLives() throws IOException {
        // Given
        ours.writeTo(Files.createDirectory(data.resolve("main")));

        // When
        RunningStack.Found found = RunningStack.findIn(data);

        // Then
        assertThat(found.alive()).containsExactly(ours);
        assertThat(found.stale()).isEmpty();
        assertThat(data.resolve("main")).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void aNoteOfADeadProcessIsStale() throws IOException, InterruptedException {
        // Given
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        var note = new RunningStack("main", gone.pid(), "", "127.0.0.1:1", "http://127.0.0.1:2", "sluice.");
        note.writeTo(Files.createDirectory(data.resolve("main")));

        // When
        RunningStack.Found found = RunningStack.findIn(data);

        // Then
        assertThat(found.alive()).isEmpty();
        assertThat(found.stale()).containsExactly(note);
    }

    @Test
    void aLaterProcessWithTheSameNumberIsNotTakenForIt() {
        var earlier = new RunningStack(
                "main", ours.pid(), "2020-01-01T00:00:00Z", ours.bootstrapServers(), ours.registryUrl(), "sluice.");
        assertThat(earlier.isAlive()).isFalse();
        assertThat(ours.isAlive()).isTrue();
    }

    @Test
    void onlyItsOwnNoteIsTakenAway() throws IOException {
        // Given
        var other = new RunningStack("main", 1, "", "127.0.0.1:1", "http://127.0.0.1:2", "sluice.");
        other.writeTo(data);

        // When
        ours.removeFrom(data);

        // Then
        assertThat(RunningStack.read(data)).contains(other);
        other.removeFrom(data);
        assertThat(RunningStack.read(data)).isEmpty();
    }

    @Test
    void whatIsNoNoteIsPassedOver() throws IOException {
        Files.writeString(Files.createDirectory(data.resolve("a")).resolve("running.json"), "{\"pid\":");
        Files.writeString(Files.createDirectory(data.resolve("b")).resolve("running.json"), "{\"started-at\":\"x\"}");
        Files.createDirectory(data.resolve("c"));
        assertThat(RunningStack.findIn(data).alive()).isEmpty();
        assertThat(RunningStack.findIn(data.resolve("none")).alive()).isEmpty();
    }
}
