package sluice.console.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How what a command found is written. */
final class OutputOptions {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "table, json, ndjson or csv. Without it: a table on a terminal, NDJSON when following, JSON"
                    + " otherwise.")
    @Nullable
    OutputFormat format;

    OutputFormat formatFor(Host host, boolean following) {
        if (format == OutputFormat.JSON && following) {
            throw Failure.usage("a JSON array has an end, and following has none; use -o ndjson");
        }
        if (format != null) {
            return format;
        }
        return following ? OutputFormat.NDJSON : host.outIsTerminal() ? OutputFormat.TABLE : OutputFormat.JSON;
    }

    Output open(Host host, List<Column> columns, boolean following) {
        return new Output(host.out(), formatFor(host, following), columns, following);
    }
}
