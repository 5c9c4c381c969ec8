package sluice.console.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The root: says what there is. */
@Command(
        name = "sluice",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = SluiceCommand.Version.class,
        description = "The gate between a trading model and real money on prediction markets.",
        commandListHeading = "%nCommands:%n",
        footer = {
            "%nData goes to stdout, everything else to stderr. Decimals in JSON are strings; times are RFC 3339 in UTC.",
            "%nExit codes:",
            "  0  done",
            "  1  not done; the message says why",
            "  2  the command line or the configuration cannot be understood",
            "  5  refused: a control denied it, or a setting asks for what must not happen",
            "  6  sent, but what came of it was not seen in time; look before trying again",
            "%nExamples:",
            "  ./sluice signals send --market kalshi:KXNBA-26-BOS --side yes --price 0.65 --size 50 --edge 21",
            "  ./sluice decisions list --limit 20",
            "  ./sluice halt --scope all --reason \"fills look wrong\"",
            "  ./sluice topics print journal --from -10",
            "%nEvery command explains itself with --help."
        })
final class SluiceCommand {
    /** Every command, in the order in which help lists them. */
    static final List<Class<?>> COMMANDS = List.of(
            DemoCommand.class,
            UpCommand.class,
            SignalCommands.class,
            DecisionCommands.class,
            OrderCommands.class,
            BookCommands.Fills.class,
            BookCommands.Positions.class,
            BookCommands.Account.class,
            LimitCommands.class,
            HaltCommand.Halt.class,
            HaltCommand.Resume.class,
            HaltCommand.Arm.class,
            HaltCommand.Disarm.class,
            ArmedCommand.class,
            VenueCommands.class,
            TopicCommands.class,
            ImportCommand.class,
            SimulateCommand.class,
            VersionCommand.class);

    /** Version in the shape of other tools. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"sluice " + VersionCommand.version()};
        }
    }
}
