package sluice.console.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sluice.topics.Topic;
import sluice.topics.Topics;

/** What accounts traded and hold. */
final class BookCommands {
    private BookCommands() {}

    /** Fills. */
    @Command(
            name = "fills",
            description = "Trades of ours.",
            mixinStandardHelpOptions = true,
            subcommands = ListFills.class)
    static final class Fills {}

    /** Lists fills. */
    @Command(
            name = "list",
            description = "List fills, each trade once, as it was told last.",
            footer = {
                "%nExamples:",
                "  ./sluice fills list --account main --limit 50",
                "  ./sluice fills list --from 2026-01-28 -o csv",
                "  ./sluice fills list --where order_id=o-123"
            })
    static final class ListFills extends LogListCommand {
        ListFills(Host host) {
            super(host);
        }

        @Override
        List<Topic> topics() {
            return List.of(Topics.FILLS);
        }

        @Override
        List<Column> columns() {
            return List.of(
                    new Column("traded", "traded_at"),
                    Column.of("account"),
                    Column.of("mode"),
                    Column.of("venue"),
                    new Column("market", "market_id"),
                    Column.of("side"),
                    Column.of("action"),
                    Column.of("price"),
                    Column.of("quantity"),
                    Column.of("fee"),
                    Column.of("status"),
                    new Column("order", "order_id"),
                    new Column("trade", "trade_id"));
        }

        @Override
        Optional<Row> after(Topic topic, String key, ObjectNode value) {
            return Optional.of(new Row(
                    String.join(
                            "|",
                            List.of("venue", "account", "mode", "trade_id", "order_id").stream()
                                    .map(field -> value.path(field).asText())
                                    .toList()),
                    value));
        }
    }

    /** Positions. */
    @Command(
            name = "positions",
            description = "Holdings.",
            mixinStandardHelpOptions = true,
            subcommands = ListPositions.class)
    static final class Positions {}

    /** Lists positions. */
    @Command(
            name = "list",
            description = "List holdings by market.",
            footer = {
                "%nExamples:",
                "  ./sluice positions list",
                "  ./sluice positions list --all --where category=basketball -o json"
            })
    static final class ListPositions extends ListCommand {
        @Option(names = "--all", description = "Also markets in which nothing is held any more.")
        boolean all;

        ListPositions(Host host) {
            super(host);
        }

        @Override
        List<Topic> topics() {
            return List.of(Topics.POSITIONS);
        }

        @Override
        List<Column> columns() {
            return List.of(
                    Column.of("account"),
                    Column.of("mode"),
                    Column.of("venue"),
                    new Column("market", "market_id"),
                    new Column("yes", "yes_quantity"),
                    new Column("yes_cost", "yes_cost"),
                    new Column("no", "no_quantity"),
                    new Column("no_cost", "no_cost"),
                    Column.of("fees"),
                    new Column("realised", "realised_pnl"),
                    Column.of("exposure"),
                    new Column("bid", "yes_bid"),
                    new Column("ask", "yes_ask"),
                    Column.of("settled"),
                    Column.of("at"));
        }

        @Override
        Optional<Row> after(Topic topic, String key, ObjectNode value) {
            return Optional.of(new Row(key, value));
        }

        @Override
        boolean shows(ObjectNode row) {
            return all
                    || !(row.path("yes_quantity").asText().equals("0")
                            && row.path("no_quantity").asText().equals("0")
                            && row.path("exposure").asText().equals("0"));
        }
    }

    /** Accounts. */
    @Command(
            name = "account",
            description = "Totals of an account: exposure, loss, cash, and what is halted.",
            mixinStandardHelpOptions = true,
            subcommands = ShowAccount.class)
    static final class Account {}

    /** Shows an account. */
    @Command(
            name = "show",
            description = "Show the totals of an account, and what is halted in it.",
            footer = {"%nExamples:", "  ./sluice account show", "  ./sluice account show --account main -o json"})
    static final class ShowAccount extends ClusterCommand {
        @Option(names = "--account", paramLabel = "NAME", description = "Which; needed where there are several.")
        @Nullable
        String account;

        @Option(names = "--mode", paramLabel = "MODE", description = "PAPER, DRY_RUN or LIVE; needed likewise.")
        @Nullable
        String mode;

        @Mixin
        OutputOptions output = new OutputOptions();

        ShowAccount(Host host) {
            super(host);
        }

        @Override
        public Integer call() {
            Map<String, ObjectNode> books = new LinkedHashMap<>();
            try (Cluster cluster = connect()) {
                cluster.reader().read(List.of(cluster.nameOf(Topics.ACCOUNTS)), new Start.Beginning(), found -> {
                    if (cluster.decoder().decode(found.value())
                                    instanceof RecordDecoder.Decoded.Decodable(String type, JsonNode json)
                            && json instanceof ObjectNode state
                            && (account == null
                                    || state.path("account").asText().equals(account))
                            && (mode == null || state.path("mode").asText().equals(mode))) {
                        books.put(
                                state.path("account").asText() + " "
                                        + state.path("mode").asText(),
                                state);
                    }
                    return true;
                });
            }
            if (books.isEmpty()) {
                throw Failure.failed(
                        account == null
                                ? "no account has any books yet; they begin with its first signal or snapshot"
                                : "account " + account + " has no books" + (mode == null ? "" : " in mode " + mode)
                                        + "; it has had no signal and no snapshot yet");
            }
            if (books.size() > 1) {
                throw Failure.usage("there are several books: " + String.join(", ", books.keySet())
                        + "; choose with --account and --mode");
            }
            Output.writeOne(
                    host.out(),
                    output.formatFor(host, false),
                    books.values().iterator().next());
            return ExitCode.OK;
        }
    }
}
