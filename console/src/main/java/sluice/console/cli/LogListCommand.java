package sluice.console.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A list that grows: it can start anywhere and be followed. */
abstract class LogListCommand extends ListCommand {
    @Option(
            names = "--from",
            paramLabel = "START",
            description = "beginning (the default), an offset, -20 for the last 20 records, 15m for 15 minutes ago,"
                    + " 2026-01-28, or 2026-01-28T20:10:00Z.")
    @Nullable
    String from;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what comes, until interrupted.")
    boolean follow;

    LogListCommand(Host host) {
        super(host);
    }

    @Override
    Start start() {
        return from == null ? new Start.Beginning() : startOf(from, host);
    }

    static Start startOf(String text, Host host) {
        try {
            return Start.parse(text, host.clock());
        } catch (IllegalArgumentException e) {
            throw Failure.usage("--from " + e.getMessage());
        }
    }

    @Override
    boolean follow() {
        return follow;
    }
}
