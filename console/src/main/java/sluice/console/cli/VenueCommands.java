package sluice.console.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sluice.console.config.ConfigReader;
import sluice.console.config.LoadedConfig;
import sluice.console.config.SluiceConfig;
import sluice.console.config.VenueSettings.Environment;
import sluice.console.stack.VenueConnections;
import sluice.console.stack.VenueKeys;
import sluice.domain.AccountId;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.Venue;
import sluice.venues.api.Health;
import sluice.venues.api.ReadOutcome;
import sluice.venues.polymarket.ChainReader;
import sluice.venues.polymarket.PolymarketChain.ExchangeKind;

/** Venues, as this configuration reaches them. */
@Command(
        name = "venues",
        description = "Venues: which accounts reach which, and whether they really do.",
        mixinStandardHelpOptions = true,
        subcommands = {VenueCommands.ListVenues.class, VenueCommands.CheckVenues.class})
final class VenueCommands {
    private VenueCommands() {}

    /** A command that needs the configuration alone, and no broker. */
    @Command(mixinStandardHelpOptions = true)
    abstract static class OfConfiguration implements Callable<Integer> {
        final Host host;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "Configuration. Without it: $$SLUICE_CONFIG, ./sluice.yaml, or the shipped one.")
        @Nullable
        Path file;

        @Mixin
        OutputOptions output = new OutputOptions();

        @Option(names = "--debug", description = "Show where an error came from.")
        boolean debug;

        OfConfiguration(Host host) {
            this.host = host;
        }

        LoadedConfig load() {
            return ConfigReader.read(ConnectionOptions.configFile(host, file), host.environment());
        }
    }

    private static String word(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode row(AccountId account, Venue venue, Mode mode, Environment environment) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("account", account.value())
                .put("venue", word(venue))
                .put("mode", mode.name())
                .put("environment", word(environment));
    }

    /** What the configuration says. */
    @Command(
            name = "list",
            description =
                    "List every account at every venue that the configuration gives it access to. Contacts nobody.",
            footer = {"%nExamples:", "  ./sluice venues list", "  ./sluice venues list --config my-sluice.yaml -o json"
            })
    static final class ListVenues extends OfConfiguration {
        ListVenues(Host host) {
            super(host);
        }

        @Override
        public Integer call() {
            SluiceConfig config = load().config();
            Output rows = output.open(
                    host,
                    List.of(
                            Column.of("account"),
                            Column.of("venue"),
                            Column.of("mode"),
                            Column.of("environment"),
                            new Column("market data", "market_data")),
                    false);
            for (SluiceConfig.Account account : config.accounts()) {
                for (Venue venue : List.of(Venue.KALSHI, Venue.POLYMARKET)) {
                    if (account.reaches(venue)) {
                        rows.row(row(
                                        account.name(),
                                        venue,
                                        config.modeOf(account),
                                        config.venues().environmentOf(venue))
                                .put("market_data", config.venues().marketData().contains(venue)));
                    }
                }
            }
            rows.end();
            if (rows.rows() == 0) {
                host.say("No account has access to a venue; add kalshi or polymarket to one under accounts");
            }
            return ExitCode.OK;
        }
    }

    /** What the venues say. */
    @Command(
            name = "check",
            description = {
                "Make a signed read of every account at every venue it has access to: balance, clock, limits of the key,"
                        + " and whether the venue takes orders. Sends no order and no heartbeat, and disturbs no Sluice"
                        + " that trades.",
                "With venues: polymarket: chain-url, also what the chain says of the wallet: dollars, allowances of the"
                        + " exchanges in dollars, and which of them may take outcome tokens.",
                "Exit code 1 if an account or its wallet cannot be read, or its venue does not take orders."
            },
            footer = {
                "%nExamples:",
                "  ./sluice venues check",
                "  ./sluice venues check --config my-sluice.yaml -o json"
            })
    static final class CheckVenues extends OfConfiguration {
        CheckVenues(Host host) {
            super(host);
        }

        @Override
        public Integer call() {
            LoadedConfig loaded = load();
            SluiceConfig config = loaded.config();
            // Which key and which wallet were looked at is part of the answer.
            loaded.environmentWords().forEach(host::say);
            Output rows = output.open(
                    host,
                    List.of(
                            Column.of("account"),
                            Column.of("venue"),
                            Column.of("mode"),
                            Column.of("environment"),
                            Column.of("ok"),
                            Column.of("available"),
                            new Column("clock ms", "clock_offset_ms"),
                            Column.of("limits"),
                            Column.of("chain"),
                            Column.of("detail")),
                    false);
            boolean allOk = true;
            try (var venues = open(config)) {
                for (VenueConnections.Connection connection : venues.all()) {
                    Health health = connection.client().health();
                    ReadOutcome<String> chain = chain(connection);
                    boolean ok = connection.available().isPresent()
                            && health.trading()
                            && chain instanceof ReadOutcome.Complete<String>;
                    allOk &= ok;
                    ObjectNode row = row(
                                    connection.account(),
                                    connection.venue(),
                                    connection.mode(),
                                    connection.environment())
                            .put("ok", ok);
                    connection.available().ifPresent(available -> row.put("available", available.toString()));
                    if (health.clockOffsetMillis() != null) {
                        row.put("clock_offset_ms", health.clockOffsetMillis());
                    }
                    rows.row(row.put("limits", connection.limits())
                            .put(
                                    "chain",
                                    switch (chain) {
                                        case ReadOutcome.Complete<String> read -> read.value();
                                        case ReadOutcome.Failed<String> failed -> failed.why();
                                    })
                            .put(
                                    "detail",
                                    connection.balances() instanceof ReadOutcome.Failed<?> failed
                                            ? failed.why()
                                            : health.detail()));
                }
            }
            rows.end();
            if (rows.rows() == 0) {
                throw Failure.failed(
                        "no account has access to a venue; add kalshi or polymarket to one under accounts in"
                                + " the configuration");
            }
            return allOk ? ExitCode.OK : ExitCode.FAILURE;
        }

        private VenueConnections open(SluiceConfig config) {
            VenueKeys keys = VenueKeys.read(config, host.environment());
            return VenueConnections.open(config, keys, host.clock(), host::say, (market, why) -> {});
        }

        /** What the chain says of an account's wallet, in words. */
        private static ReadOutcome<String> chain(VenueConnections.Connection connection) {
            if (connection.venue() != Venue.POLYMARKET) {
                return new ReadOutcome.Complete<>("", 0);
            }
            if (connection.onChain().isEmpty()) {
                return new ReadOutcome.Complete<>(
                        "not asked: no node is configured (venues: polymarket: chain-url)", 0);
            }
            VenueConnections.OnChain at = connection.onChain().get();
            ReadOutcome<Money> collateral = at.chain().collateral(at.wallet());
            if (!(collateral instanceof ReadOutcome.Complete<Money> dollars)) {
                return new ReadOutcome.Failed<>(why(collateral));
            }
            var words = new StringJoiner("; ", dollars.value() + " dollars; allowances ", "");
            for (ExchangeKind exchange : ExchangeKind.values()) {
                ReadOutcome<Money> allowance = at.chain().allowance(at.wallet(), exchange);
                ReadOutcome<Boolean> approved = at.chain().tokensApproved(at.wallet(), exchange);
                if (!(allowance instanceof ReadOutcome.Complete<Money> allowed)) {
                    return new ReadOutcome.Failed<>(why(allowance));
                }
                if (!(approved instanceof ReadOutcome.Complete<Boolean> may)) {
                    return new ReadOutcome.Failed<>(why(approved));
                }
                words.add(word(exchange).replace('_', '-') + " "
                        + (allowed.value().equals(ChainReader.UNLIMITED) ? "unlimited" : allowed.value())
                        + (may.value() ? " and tokens" : " without tokens"));
            }
            return new ReadOutcome.Complete<>(words.toString(), dollars.asOfMillis());
        }

        private static String why(ReadOutcome<?> outcome) {
            return outcome instanceof ReadOutcome.Failed<?> failed ? failed.why() : "";
        }
    }
}
