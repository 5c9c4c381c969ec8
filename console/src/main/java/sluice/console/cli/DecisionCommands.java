package sluice.console.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.topics.Topic;
import sluice.topics.Topics;

/** What was decided about signals, and why. */
@Command(
        name = "decisions",
        description = "What was decided about signals, and why.",
        mixinStandardHelpOptions = true,
        subcommands = {DecisionCommands.ListDecisions.class, DecisionCommands.ShowDecision.class})
final class DecisionCommands {
    private DecisionCommands() {}

    /** Lists decisions. */
    @Command(
            name = "list",
            description = "List decisions.",
            footer = {
                "%nExamples:",
                "  ./sluice decisions list --limit 20",
                "  ./sluice decisions list --where verdict=DENIED --where code=MAX_ORDER_COST",
                "  ./sluice decisions list --from 15m --follow -o ndjson"
            })
    static final class ListDecisions extends LogListCommand {
        ListDecisions(Host host) {
            super(host);
        }

        @Override
        List<Topic> topics() {
            return List.of(Topics.DECISIONS);
        }

        @Override
        List<Column> columns() {
            return List.of(
                    Column.of("at"),
                    Column.of("account"),
                    new Column("number", "sequence"),
                    Column.of("strategy"),
                    new Column("venue", "platform"),
                    new Column("market", "market_id"),
                    Column.of("side"),
                    Column.of("action"),
                    new Column("price", "limit_price"),
                    Column.of("size"),
                    Column.of("verdict"),
                    Column.of("code"),
                    new Column("order", "order_id"));
        }

        @Override
        boolean eachRecordIsOne() {
            return true;
        }

        @Override
        Optional<Row> after(Topic topic, String key, ObjectNode value) {
            return Optional.of(new Row("", value));
        }
    }

    /** Shows one decision with every control. */
    @Command(
            name = "show",
            description = "Show one decision with every control that was asked, its limit and what was used.",
            footer = {
                "%nExamples:",
                "  ./sluice decisions show 17 --account main",
                "  ./sluice decisions show request-42 -o json"
            })
    static final class ShowDecision extends ClusterCommand {
        @Parameters(
                paramLabel = "ID",
                description = "Number of the decision in its account, or its request, order, signal or intent id.")
        String id = "";

        @Option(names = "--account", paramLabel = "NAME", description = "Only this account.")
        @Nullable
        String account;

        @Mixin
        OutputOptions output = new OutputOptions();

        ShowDecision(Host host) {
            super(host);
        }

        @Override
        public Integer call() {
            var found = new ArrayList<ObjectNode>();
            try (Cluster cluster = connect()) {
                cluster.reader().read(List.of(cluster.nameOf(Topics.DECISIONS)), new Start.Beginning(), it -> {
                    if (cluster.decoder().decode(it.value())
                                    instanceof RecordDecoder.Decoded.Value(String type, JsonNode json)
                            && json instanceof ObjectNode decision
                            && isMeant(decision)) {
                        found.add(decision);
                    }
                    return true;
                });
            }
            if (found.isEmpty()) {
                throw Failure.failed("no decision " + id + (account == null ? "" : " of account " + account)
                        + "; see ./sluice decisions list");
            }
            if (found.size() > 1 && id.matches("\\d+")) {
                throw Failure.usage("several accounts have a decision " + id + ": "
                        + String.join(
                                ", ",
                                found.stream()
                                        .map(it -> it.path("account").asText())
                                        .toList())
                        + "; add --account NAME");
            }
            OutputFormat format = output.formatFor(host, false);
            for (ObjectNode decision : found) {
                show(decision, format);
            }
            return ExitCode.OK;
        }

        private boolean isMeant(ObjectNode decision) {
            if (account != null && !decision.path("account").asText().equals(account)) {
                return false;
            }
            return decision.path("sequence").asText().equals(id)
                    || List.of("request_id", "order_id", "signal_id", "intent_id", "idempotency_key").stream()
                            .anyMatch(field -> decision.path(field).asText().equals(id));
        }

        private void show(ObjectNode decision, OutputFormat format) {
            if (format != OutputFormat.TABLE) {
                Output.writeOne(host.out(), format, decision);
                return;
            }
            ObjectNode head = decision.deepCopy();
            JsonNode controls = head.remove("controls");
            Output.writeOne(host.out(), format, head);
            host.out().println();
            var table = new Output(
                    host.out(),
                    format,
                    List.of(
                            Column.of("row"),
                            Column.of("control"),
                            Column.of("scope"),
                            Column.of("limit"),
                            Column.of("used"),
                            Column.of("after"),
                            Column.of("headroom"),
                            Column.of("outcome"),
                            Column.of("detail")),
                    false);
            controls.forEach(table::row);
            table.end();
        }
    }
}
