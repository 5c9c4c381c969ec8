package sluice.console.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sluice.topics.Topic;

/**
 * A list of things that topics tell of: reads them to their end as of now, keeps the newest state of each thing, and
 * prints those that are asked for. When following, each change prints the thing again.
 */
abstract class ListCommand extends ClusterCommand {
    /** A thing under its identity, as it stands after a record. */
    record Row(String key, ObjectNode json) {}

    @Mixin
    OutputOptions output = new OutputOptions();

    @Option(
            names = "--where",
            paramLabel = "PATH=VALUE",
            description = "Only rows in which the value at this dotted path is exactly this. May be repeated.",
            converter = WhereConverter.class)
    List<Where> where = List.of();

    @Option(names = "--account", paramLabel = "NAME", description = "Only this account.")
    @Nullable
    String account;

    @Option(names = "--limit", paramLabel = "N", description = "At most the last N rows.")
    int limit;

    ListCommand(Host host) {
        super(host);
    }

    /** Topics to read. */
    abstract List<Topic> topics();

    abstract List<Column> columns();

    /** The thing that a record tells of, as it stands after the record; empty if it tells of none. */
    abstract Optional<Row> after(Topic topic, String key, ObjectNode value);

    /** Whether every record is a thing of its own, so that none need be remembered. */
    boolean eachRecordIsOne() {
        return false;
    }

    /** Which rows are shown besides what --where and --account say. */
    boolean shows(ObjectNode row) {
        return true;
    }

    Start start() {
        return new Start.Beginning();
    }

    boolean follow() {
        return false;
    }

    @Override
    public Integer call() {
        if (limit < 0) {
            throw Failure.usage("--limit " + limit + " is negative; it must be 1 or more");
        }
        Start start = start();
        Output rows = output.open(host, columns(), follow());
        try (Cluster cluster = connect()) {
            return list(cluster, rows, start);
        }
    }

    private int list(Cluster cluster, Output rows, Start start) {
        var fields = new SeenFields(where);
        var newest = new LinkedHashMap<String, ObjectNode>();
        Deque<ObjectNode> last = new ArrayDeque<>();
        var unreadable = new Unreadable();
        List<String> names = topics().stream().map(cluster::nameOf).toList();
        boolean streams = eachRecordIsOne() && limit == 0;
        TopicReader.Position end = cluster.reader().read(names, start, found -> {
            if (found.value() == null && found.key() != null) {
                newest.remove(RecordDecoder.key(found.key()));
            }
            Optional<Row> row = row(cluster, found, unreadable);
            if (row.isEmpty()) {
                return true;
            }
            fields.see(row.get().json());
            if (streams) {
                return !isShown(row.get().json()) || rows.row(row.get().json());
            }
            if (!eachRecordIsOne()) {
                newest.put(row.get().key(), row.get().json());
            } else if (isShown(row.get().json())) {
                keepLast(last, row.get().json());
            }
            return true;
        });
        fields.requireKnown();
        newest.values().stream().filter(this::isShown).forEach(row -> keepLast(last, row));
        for (ObjectNode row : last) {
            if (!rows.row(row)) {
                return ExitCode.OK;
            }
        }
        if (follow()) {
            cluster.reader().follow(end, TopicReader.FOR_EVER, found -> row(cluster, found, unreadable)
                    .filter(row -> isShown(row.json()))
                    .map(row -> rows.row(row.json()))
                    .orElse(true));
        }
        rows.end();
        return unreadable.exitCode();
    }

    private void keepLast(Deque<ObjectNode> last, ObjectNode row) {
        last.addLast(row);
        if (limit > 0 && last.size() > limit) {
            last.removeFirst();
        }
    }

    private boolean isShown(ObjectNode row) {
        return (account == null || row.path("account").asText().equals(account)) && Where.all(where, row) && shows(row);
    }

    private Optional<Row> row(Cluster cluster, ConsumerRecord<byte[], byte[]> found, Unreadable unreadable) {
        Topic topic = cluster.settings().topicOf(found.topic()).orElseThrow();
        String key = found.key() == null ? "" : RecordDecoder.key(found.key());
        return switch (cluster.decoder().decode(found.value())) {
            case RecordDecoder.Decoded.Value(String type, JsonNode json)
            when json instanceof ObjectNode value -> after(topic, key, value);
            case RecordDecoder.Decoded.Value(String type, JsonNode json) ->
                unreadable.tell(topic, found, "value is no object");
            case RecordDecoder.Decoded.Unreadable(String hex, String reason) -> unreadable.tell(topic, found, reason);
            case RecordDecoder.Decoded.Nothing() -> Optional.empty();
        };
    }

    /** Rows may be missing from a list only if that is said. */
    private final class Unreadable {
        private final Map<String, Integer> counts = new LinkedHashMap<>();

        Optional<Row> tell(Topic topic, ConsumerRecord<byte[], byte[]> found, String reason) {
            if (counts.merge(topic.name(), 1, Integer::sum) == 1) {
                host.say("warning: " + topic.name() + ", partition " + found.partition() + ", offset " + found.offset()
                        + ": " + reason + "; see ./sluice topics print " + topic.name());
            }
            return Optional.empty();
        }

        int exitCode() {
            counts.forEach((topic, count) -> host.say(
                    "error: " + count + " records of " + topic + " could not be read, so rows may be missing or old"));
            return counts.isEmpty() ? ExitCode.OK : ExitCode.FAILURE;
        }
    }
}
