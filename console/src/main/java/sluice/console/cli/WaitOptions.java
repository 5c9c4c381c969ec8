package sluice.console.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** Whether and how long a command waits to see what came of it. */
final class WaitOptions {
    @Option(names = "--no-wait", description = "Do not wait to see what came of it.")
    boolean no;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long to wait; ${DEFAULT-VALUE} unless said. After that the exit code is 6.")
    int seconds = 10;

    Duration timeout() {
        if (seconds < 0) {
            throw Failure.usage("--timeout " + seconds + " is negative");
        }
        return Duration.ofSeconds(seconds);
    }
}
