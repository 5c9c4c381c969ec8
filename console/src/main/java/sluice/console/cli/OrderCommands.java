package sluice.console.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.domain.AccountId;
import sluice.domain.risk.ControlCommand;
import sluice.domain.risk.Scope;
import sluice.topics.Topic;
import sluice.topics.Topics;

/** Orders, as far as topics tell of them. */
@Command(
        name = "orders",
        description = "Orders: where each stands, and taking one back.",
        mixinStandardHelpOptions = true,
        subcommands = {
            OrderCommands.ListOrders.class,
            OrderCommands.ShowOrder.class,
            OrderCommands.TraceOrder.class,
            OrderCommands.CancelOrder.class
        })
final class OrderCommands {
    private OrderCommands() {}

    /** Lists orders. */
    @Command(
            name = "list",
            description = "List orders and where each stands.",
            footer = {
                "%nExamples:",
                "  ./sluice orders list --open",
                "  ./sluice orders list --account main --where status=PARTIAL -o csv",
                "  ./sluice orders list --follow"
            })
    static final class ListOrders extends LogListCommand {
        private final OrderFold orders = new OrderFold();

        @Option(names = "--open", description = "Only orders that may still be filled.")
        boolean open;

        ListOrders(Host host) {
            super(host);
        }

        @Override
        List<Topic> topics() {
            return OrderFold.TOPICS;
        }

        @Override
        List<Column> columns() {
            return List.of(
                    new Column("order", "order_id"),
                    Column.of("account"),
                    Column.of("strategy"),
                    Column.of("mode"),
                    Column.of("venue"),
                    new Column("market", "market_id"),
                    Column.of("side"),
                    Column.of("action"),
                    new Column("price", "limit_price"),
                    Column.of("quantity"),
                    Column.of("filled"),
                    new Column("average", "avg_price"),
                    Column.of("fees"),
                    Column.of("status"),
                    new Column("updated", "updated_at"));
        }

        @Override
        Optional<Row> after(Topic topic, String key, ObjectNode value) {
            return orders.after(topic, value)
                    .map(order -> new Row(order.path("order_id").asText(), order));
        }

        @Override
        boolean shows(ObjectNode row) {
            return !open || !OrderFold.ENDED.contains(row.path("status").asText());
        }
    }

    /** Shows everything about one order. */
    @Command(
            name = "show",
            description =
                    "Show one order and every record that tells of it, by the time at which what it tells happened.",
            footer = {"%nExamples:", "  ./sluice orders show o-123", "  ./sluice orders show o-123 -o json"})
    static final class ShowOrder extends ClusterCommand {
        @Parameters(paramLabel = "ID", description = "The order.")
        String id = "";

        @Mixin
        OutputOptions output = new OutputOptions();

        ShowOrder(Host host) {
            super(host);
        }

        @Override
        public Integer call() {
            var topics = new ArrayList<>(OrderFold.TOPICS);
            topics.add(Topics.DECISIONS);
            topics.add(Topics.PLACEMENTS);
            var told = new ArrayList<Told>();
            try (Cluster cluster = connect()) {
                cluster.reader().read(topics.stream().map(cluster::nameOf).toList(), new Start.Beginning(), found -> {
                    Topic topic = cluster.settings().topicOf(found.topic()).orElseThrow();
                    value(cluster, found)
                            .filter(value -> value.path("order_id").asText().equals(id))
                            .ifPresent(value -> told.add(new Told(topic, found.partition(), found.offset(), value)));
                    return true;
                });
            }
            told.sort(Told.IN_ORDER);
            var orders = new OrderFold();
            ObjectNode shown = JsonNodeFactory.instance.objectNode();
            var records = shown.putArray("records");
            for (Told one : told) {
                if (OrderFold.TOPICS.contains(one.topic)) {
                    orders.after(one.topic, one.value).ifPresent(order -> shown.set("order", order));
                }
                records.addObject()
                        .put("at", one.at())
                        .put("topic", one.topic.name())
                        .put("partition", one.partition)
                        .put("offset", one.offset)
                        .put("what", what(one.value))
                        .set("value", one.value);
            }
            if (records.isEmpty()) {
                throw Failure.failed("no record tells of order " + id + "; see ./sluice orders list");
            }
            OutputFormat format = output.formatFor(host, false);
            if (format != OutputFormat.TABLE) {
                Output.writeOne(host.out(), format, shown);
                return ExitCode.OK;
            }
            if (shown.has("order")) {
                Output.writeOne(host.out(), format, shown.path("order"));
                host.out().println();
            }
            var table = new Output(
                    host.out(),
                    format,
                    List.of(
                            Column.of("at"),
                            Column.of("topic"),
                            Column.of("partition"),
                            Column.of("offset"),
                            Column.of("what")),
                    false);
            records.forEach(table::row);
            table.end();
            return ExitCode.OK;
        }

        /**
         * A record that tells of the order. Records have timestamps by several clocks, in a demo the recording's and
         * ours, so they stand by the time that they themselves tell, which is the pipeline's one clock, and at one time
         * by who must have come before whom.
         */
        private record Told(Topic topic, int partition, long offset, ObjectNode value) {
            static final Comparator<Told> IN_ORDER =
                    Comparator.comparing(Told::at).thenComparing(Told::rank).thenComparing(Told::offset);

            String at() {
                return Stream.of("decided_at", "executed_at", "traded_at", "at")
                        .map(field -> value.path(field).asText(""))
                        .filter(time -> !time.isEmpty() && !time.equals("null"))
                        .findFirst()
                        .orElse("");
            }

            private int rank() {
                return topic.equals(Topics.DECISIONS)
                        ? 0
                        : topic.equals(Topics.PLACEMENTS)
                                ? 2
                                : topic.equals(Topics.VENUE_REPORTS)
                                        ? 3
                                        : topic.equals(Topics.FILLS) ? 4 : topic.equals(Topics.EXECUTIONS) ? 5 : 1;
            }
        }
    }

    /** Follows an order through the topics. */
    @Command(
            name = "trace",
            description = {
                "Show every record of one order across all topics, from the signal on, in the order in which the broker's"
                        + " clock has them, with the time between hops.",
                "Entries of the journal carry the pipeline's own clock and show no time. A demo has records by the"
                        + " recording's clock and by ours: they stand in the order in which one leads to another."
            },
            footer = {"%nExamples:", "  ./sluice orders trace o-123", "  ./sluice orders trace o-123 -o json"})
    static final class TraceOrder extends ClusterCommand {
        private static final List<Topic> TOPICS = List.of(
                Topics.JOURNAL,
                Topics.DECISIONS,
                Topics.ORDERS_PAPER,
                Topics.ORDERS_KALSHI,
                Topics.ORDERS_POLYMARKET,
                Topics.PLACEMENTS,
                Topics.VENUE_REPORTS,
                Topics.FILLS,
                Topics.EXECUTIONS);

        /** No order rests for longer than that between two of its records. */
        private static final Duration ONE_CLOCK = Duration.ofDays(2);

        @Parameters(paramLabel = "ID", description = "The order.")
        String id = "";

        @Mixin
        OutputOptions output = new OutputOptions();

        TraceOrder(Host host) {
            super(host);
        }

        /**
         * A record that tells of the order.
         *
         * @param at when the broker took it
         * @param origin the record that it was made from; empty but for entries of the journal
         */
        private record Hop(Topic topic, int partition, long offset, long at, String what, String origin) {
            static Hop of(Topic topic, ConsumerRecord<byte[], byte[]> found, JsonNode value) {
                JsonNode from = value.path("origin");
                return new Hop(
                        topic,
                        found.partition(),
                        found.offset(),
                        found.timestamp(),
                        topic.equals(Topics.JOURNAL) ? "entry" : OrderCommands.what(value),
                        from.isObject()
                                ? place(
                                        from.path("topic").asText(),
                                        from.path("partition").asInt(),
                                        from.path("offset").asLong())
                                : "");
            }

            String place() {
                return place(topic.name(), partition, offset);
            }

            private static String place(String topic, int partition, long offset) {
                return topic + "/" + partition + "@" + offset;
            }

            /** By who must have come before whom. */
            int rank() {
                if (topic.equals(Topics.JOURNAL)) {
                    return origin.startsWith(Topics.SIGNALS.name()) ? 1 : 6;
                }
                return topic.equals(Topics.SIGNALS) || topic.equals(Topics.SIGNALS_JSON)
                        ? 0
                        : topic.equals(Topics.DECISIONS)
                                ? 2
                                : topic.equals(Topics.PLACEMENTS)
                                        ? 4
                                        : topic.equals(Topics.VENUE_REPORTS) || topic.equals(Topics.FILLS)
                                                ? 5
                                                : topic.equals(Topics.EXECUTIONS) ? 7 : 3;
            }
        }

        @Override
        public Integer call() {
            var hops = new ArrayList<Hop>();
            try (Cluster cluster = connect()) {
                read(cluster, TOPICS, (topic, found) -> value(cluster, found)
                        .filter(this::tellsOfIt)
                        .ifPresent(value -> hops.add(Hop.of(topic, found, value))));
                if (hops.isEmpty()) {
                    throw Failure.failed("no record tells of order " + id + "; see ./sluice orders list");
                }
                var origins = new HashSet<String>();
                hops.forEach(hop -> origins.add(hop.origin));
                read(cluster, List.of(Topics.SIGNALS, Topics.SIGNALS_JSON), (topic, found) -> {
                    if (origins.contains(Hop.place(topic.name(), found.partition(), found.offset()))) {
                        value(cluster, found).ifPresent(value -> hops.add(Hop.of(topic, found, value)));
                    }
                });
            }
            print(inOrder(hops));
            return ExitCode.OK;
        }

        private static void read(
                Cluster cluster, List<Topic> topics, BiConsumer<Topic, ConsumerRecord<byte[], byte[]>> each) {
            cluster.reader().read(topics.stream().map(cluster::nameOf).toList(), new Start.Beginning(), found -> {
                each.accept(cluster.settings().topicOf(found.topic()).orElseThrow(), found);
                return true;
            });
        }

        private boolean tellsOfIt(JsonNode value) {
            return Stream.of("order_id", "intent_id").anyMatch(field -> value.findValues(field).stream()
                    .anyMatch(name -> name.asText().equals(id)));
        }

        /** Whether all records have their times from one clock; a demo has the recording's and ours. */
        private static boolean haveOneClock(List<Hop> hops) {
            LongSummaryStatistics times = hops.stream()
                    .filter(hop -> !hop.topic.equals(Topics.JOURNAL))
                    .mapToLong(Hop::at)
                    .summaryStatistics();
            return times.getMax() - times.getMin() < ONE_CLOCK.toMillis();
        }

        private static List<Hop> inOrder(List<Hop> hops) {
            var byRank = Comparator.comparingInt(Hop::rank)
                    .thenComparingLong(Hop::at)
                    .thenComparingLong(Hop::offset);
            if (!haveOneClock(hops)) {
                return hops.stream().sorted(byRank).toList();
            }
            var times = new HashMap<String, Long>();
            hops.forEach(hop -> times.put(hop.place(), hop.at));
            return hops.stream()
                    .sorted(Comparator.comparingLong((Hop hop) -> times.getOrDefault(hop.origin, hop.at))
                            .thenComparing(byRank))
                    .toList();
        }

        private void print(List<Hop> hops) {
            Output rows = output.open(
                    host,
                    List.of(
                            Column.of("at"),
                            new Column("+ms", "after_ms"),
                            Column.of("topic"),
                            Column.of("partition"),
                            Column.of("offset"),
                            Column.of("what")),
                    false);
            boolean oneClock = haveOneClock(hops);
            Hop before = null;
            for (Hop hop : hops) {
                ObjectNode row = JsonNodeFactory.instance.objectNode();
                if (!hop.topic.equals(Topics.JOURNAL)) {
                    row.put("at", Instant.ofEpochMilli(hop.at).toString());
                    if (before != null && oneClock) {
                        row.put("after_ms", hop.at - before.at);
                    }
                    before = hop;
                }
                rows.row(row.put("topic", hop.topic.name())
                        .put("partition", hop.partition)
                        .put("offset", hop.offset)
                        .put("what", hop.what));
            }
            rows.end();
        }
    }

    /** Takes an order back. */
    @Command(
            name = "cancel",
            description = "Cancel one order, and wait until it is at an end.",
            footer = {
                "%nExit code 0 when the order has ended, 1 when it had ended before, 6 when that was not seen in time.",
                "%nExamples:",
                "  ./sluice orders cancel o-123 --reason \"priced wrong\"",
                "  ./sluice orders cancel o-123 --reason \"priced wrong\" --no-wait"
            })
    static final class CancelOrder extends ClusterCommand {
        @Parameters(paramLabel = "ID", description = "The order.")
        String id = "";

        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
        String reason = "";

        @Mixin
        WaitOptions wait = new WaitOptions();

        @Option(names = "--operator", paramLabel = "NAME", description = "Who; $$USER unless named.")
        @Nullable
        String operator;

        CancelOrder(Host host) {
            super(host);
        }

        @Override
        public Integer call() {
            try (Cluster cluster = connect()) {
                var orders = new OrderFold();
                var newest = new ObjectNode[1];
                List<String> names =
                        OrderFold.TOPICS.stream().map(cluster::nameOf).toList();
                TopicReader.Visitor visitor = found -> {
                    Topic topic = cluster.settings().topicOf(found.topic()).orElseThrow();
                    value(cluster, found)
                            .filter(value -> value.path("order_id").asText().equals(id))
                            .flatMap(value -> orders.after(topic, value))
                            .ifPresent(order -> newest[0] = order);
                    return newest[0] == null
                            || !OrderFold.ENDED.contains(
                                    newest[0].path("status").asText());
                };
                TopicReader.Position end = cluster.reader().read(names, new Start.Beginning(), found -> {
                    visitor.visit(found);
                    return true;
                });
                ObjectNode order = newest[0];
                if (order == null) {
                    throw Failure.failed("no record tells of order " + id + "; see ./sluice orders list --open");
                }
                if (OrderFold.ENDED.contains(order.path("status").asText())) {
                    throw Failure.failed("order " + id + " is "
                            + order.path("status").asText() + " already; there is nothing to cancel");
                }
                Operator.send(
                        cluster,
                        host,
                        ControlCommand.Type.CANCEL_ORDER,
                        new Scope(Scope.Kind.ORDER, id),
                        new AccountId(order.path("account").asText()),
                        reason,
                        operatorOr(operator),
                        null);
                if (wait.no) {
                    host.say("cancel of " + id + " is ordered; see ./sluice orders show " + id);
                    return ExitCode.OK;
                }
                if (!cluster.reader().follow(end, wait.timeout(), visitor)) {
                    throw Failure.unknown("order " + id + " had not ended after " + wait.seconds
                            + " s; it may still be filled: look with ./sluice orders show " + id);
                }
                Output.writeOne(host.out(), host.outIsTerminal() ? OutputFormat.TABLE : OutputFormat.JSON, newest[0]);
                return ExitCode.OK;
            }
        }
    }

    private static String what(JsonNode value) {
        var words = new ArrayList<String>();
        for (String field : List.of(
                "verdict",
                "type",
                "stage",
                "status",
                "code",
                "reason",
                "outcome",
                "detail",
                "quantity",
                "price",
                "filled_quantity")) {
            String text = value.path(field).asText("");
            if (!text.isEmpty() && !text.equals("null")) {
                words.add(field + " " + text);
            }
        }
        return String.join(", ", words);
    }

    private static Optional<ObjectNode> value(Cluster cluster, ConsumerRecord<byte[], byte[]> found) {
        return cluster.decoder().decode(found.value())
                                instanceof RecordDecoder.Decoded.Value(String type, JsonNode json)
                        && json instanceof ObjectNode value
                ? Optional.of(value)
                : Optional.empty();
    }
}
