package sluice.console.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A command that speaks to a Sluice. */
@Command(mixinStandardHelpOptions = true)
abstract class ClusterCommand implements Callable<Integer> {
    static final String ANY_OPERATOR = "operator";

    final Host host;

    @ArgGroup(validate = false, heading = "%nWhich Sluice:%n", order = 90)
    ConnectionOptions connection = new ConnectionOptions();

    @Option(names = "--debug", description = "Show where an error came from.", order = 91)
    boolean debug;

    ClusterCommand(Host host) {
        this.host = host;
    }

    /** Opens the cluster that the command line, the configuration or this machine points at. */
    Cluster connect() {
        return Cluster.open(connection.resolve(host));
    }

    /** Who acts: the name given, or the one the shell knows. */
    String operatorOr(@Nullable String given) {
        String name = given != null ? given : host.environment().getOrDefault("USER", "");
        return name.isBlank() ? ANY_OPERATOR : name;
    }
}
