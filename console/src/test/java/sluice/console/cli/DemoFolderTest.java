package sluice.console.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.console.config.RunningStack;
import sluice.console.demo.Shipped;

/** The two commands that everybody types first, in an installation like that of everybody, with no option at all. */
class DemoFolderTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int LINES = 600;

    @TempDir
    Path home;

    @Test
    void aDemoIsWhereHelpSaysAndIsFoundByOtherCommands() throws Exception {
        // Given the configurations as they are shipped, in the places where they are
        Path root = Shipped.root();
        Files.copy(root.resolve("sluice.yaml"), home.resolve("sluice.yaml"));
        Files.createDirectories(home.resolve("console"));
        Files.copy(root.resolve("console/demo.yaml"), home.resolve("console/demo.yaml"));
        Path recording = Shipped.recording(home.resolve("recording.jsonl"), LINES);

        // When a demo runs
        var demo = new CompletableFuture<TestHost.Run>();
        Thread running = Thread.ofPlatform()
                .start(() -> demo.complete(new TestHost(home).run("demo", "--data", recording.toString())));
        try {
            // Then it keeps its data in the one folder in which every command looks
            awaitNote(demo);
            var topics = new TestHost(home).run("topics", "list");
            assertThat(topics.err()).isEmpty();
            assertThat(topics.exitCode()).isZero();
            assertThat(home.resolve("console/data")).doesNotExist();
        } finally {
            running.interrupt();
            running.join(PATIENCE.toMillis());
        }
        assertThat(running.isAlive()).isFalse();
    }

    private void awaitNote(CompletableFuture<TestHost.Run> demo)
            throws IOException, InterruptedException, ExecutionException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (RunningStack.read(home.resolve("data").resolve("demo")).isEmpty()) {
            if (demo.isDone()) {
                throw new AssertionError("the demo ended: " + demo.get());
            }
            assertThat(System.nanoTime()).as("it comes up").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
