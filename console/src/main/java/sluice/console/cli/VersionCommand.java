package sluice.console.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.kafka.common.utils.AppInfoParser;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says which version this is. */
@Command(
        name = "version",
        description = "Say which version this is, and what it runs on.",
        mixinStandardHelpOptions = true,
        footer = {"%nExamples:", "  ./sluice version", "  ./sluice version -o json"})
final class VersionCommand implements Callable<Integer> {
    private final Host host;

    @Mixin
    OutputOptions output = new OutputOptions();

    VersionCommand(Host host) {
        this.host = host;
    }

    /** Version of this build; {@code unbuilt} where no jar says it. */
    static String version() {
        return Objects.requireNonNullElse(VersionCommand.class.getPackage().getImplementationVersion(), "unbuilt");
    }

    @Override
    public Integer call() {
        Output.writeOne(
                host.out(),
                output.formatFor(host, false),
                JsonNodeFactory.instance
                        .objectNode()
                        .put("sluice", version())
                        .put("kafka", AppInfoParser.getVersion())
                        .put("java", System.getProperty("java.version"))
                        .put("jvm", System.getProperty("java.vm.name"))
                        .put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch")));
        return ExitCode.OK;
    }
}
