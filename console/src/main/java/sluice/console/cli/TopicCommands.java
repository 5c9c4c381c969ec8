package sluice.console.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.console.config.NearestName;
import sluice.console.stack.StackException;
import sluice.topics.Retention;
import sluice.topics.Topic;
import sluice.topics.Topics;

/** Topics and what is in them. */
@Command(
        name = "topics",
        description = "Topics, and every record in them.",
        mixinStandardHelpOptions = true,
        subcommands = {TopicCommands.ListTopics.class, TopicCommands.DescribeTopic.class, TopicCommands.PrintTopic.class
        })
final class TopicCommands {
    private TopicCommands() {}

    private static String retention(Topic topic) {
        return switch (topic.retention()) {
            case Retention.For kept -> kept.time().toDays() + " days";
            case Retention.Forever ignored -> "for ever";
            case Retention.Compacted ignored -> "newest per key";
        };
    }

    private static <T> T await(KafkaFuture<T> future, String what) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.failed("interrupted while asking for " + what);
        } catch (ExecutionException e) {
            throw Failure.failed("the broker did not tell " + what + ": " + StackException.reason(e));
        }
    }

    private static Topic known(String name, Cluster cluster) {
        return Topics.byName(name)
                .or(() -> cluster.settings().topicOf(name))
                .orElseThrow(() -> Failure.usage(name + " is no topic of Sluice"
                        + NearestName.suggestion(
                                name, Topics.all().stream().map(Topic::name).toList())
                        + "; see ./sluice topics list"));
    }

    /** Lists topics. */
    @Command(
            name = "list",
            description = "List every topic: what it holds, who writes it, how long it is kept, how much is in it.",
            footer = {"%nExamples:", "  ./sluice topics list", "  ./sluice topics list -o csv"})
    static final class ListTopics extends ClusterCommand {
        @Mixin
        OutputOptions output = new OutputOptions();

        ListTopics(Host host) {
            super(host);
        }

        @Override
        public Integer call() {
            try (Cluster cluster = connect()) {
                Output rows = output.open(
                        host,
                        List.of(
                                Column.of("topic"),
                                Column.of("key"),
                                Column.of("value"),
                                Column.of("kept"),
                                Column.of("writer"),
                                Column.of("partitions"),
                                Column.of("offsets"),
                                Column.of("state")),
                        false);
                var there = await(cluster.admin().listTopics().names(), "its topics");
                var partitions = new ArrayList<TopicPartition>();
                Map<String, TopicDescription> described = await(
                        cluster.admin()
                                .describeTopics(Topics.all().stream()
                                        .map(cluster::nameOf)
                                        .filter(there::contains)
                                        .toList())
                                .allTopicNames(),
                        "their partitions");
                described.forEach((name, topic) -> topic.partitions()
                        .forEach(partition -> partitions.add(new TopicPartition(name, partition.partition()))));
                Map<TopicPartition, Long> ends = offsets(cluster, partitions, OffsetSpec.latest());
                Map<TopicPartition, Long> beginnings = offsets(cluster, partitions, OffsetSpec.earliest());
                for (Topic topic : Topics.all()) {
                    String name = cluster.nameOf(topic);
                    TopicDescription found = described.get(name);
                    ObjectNode row = JsonNodeFactory.instance
                            .objectNode()
                            .put("topic", topic.name())
                            .put("name", name)
                            .put("key", topic.key())
                            .put("value", topic.value().toString())
                            .put("kept", retention(topic))
                            .put("writer", topic.writer().name())
                            .put("readers", topic.readers());
                    if (found == null) {
                        row.putNull("partitions").putNull("offsets").put("state", "missing");
                    } else {
                        long offsets = found.partitions().stream()
                                .map(partition -> new TopicPartition(name, partition.partition()))
                                .mapToLong(it -> ends.getOrDefault(it, 0L) - beginnings.getOrDefault(it, 0L))
                                .sum();
                        row.put("partitions", found.partitions().size())
                                .put("offsets", offsets)
                                .put("state", "there");
                    }
                    rows.row(row);
                }
                rows.end();
                return ExitCode.OK;
            }
        }
    }

    private static Map<TopicPartition, Long> offsets(
            Cluster cluster, List<TopicPartition> partitions, OffsetSpec spec) {
        var asked = new HashMap<TopicPartition, OffsetSpec>();
        partitions.forEach(partition -> asked.put(partition, spec));
        var offsets = new HashMap<TopicPartition, Long>();
        await(cluster.admin().listOffsets(asked).all(), "offsets")
                .forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    /** Describes a topic. */
    @Command(
            name = "describe",
            description = "Show one topic: its declaration, what the broker says of it, its schema.",
            footer = {
                "%nExamples:",
                "  ./sluice topics describe decisions",
                "  ./sluice topics describe signals.json -o json"
            })
    static final class DescribeTopic extends ClusterCommand {
        @Parameters(paramLabel = "NAME", description = "The topic, without prefix.")
        String name = "";

        @Mixin
        OutputOptions output = new OutputOptions();

        DescribeTopic(Host host) {
            super(host);
        }

        @Override
        public Integer call() {
            try (Cluster cluster = connect()) {
                Topic topic = known(name, cluster);
                String onBroker = cluster.nameOf(topic);
                var there = await(cluster.admin().listTopics().names(), "its topics");
                if (!there.contains(onBroker)) {
                    throw Failure.failed("there is no topic " + onBroker + " on this broker; ./sluice up creates it");
                }
                ObjectNode shown = JsonNodeFactory.instance
                        .objectNode()
                        .put("topic", topic.name())
                        .put("name", onBroker)
                        .put("key", topic.key())
                        .put("value", topic.value().toString())
                        .put("kept", retention(topic))
                        .put("stored_when", topic.durability().name())
                        .put("writer", topic.writer().name())
                        .put("readers", topic.readers());
                cluster.settings().subjectOf(topic).ifPresent(subject -> {
                    shown.put("subject", subject);
                    cluster.registry().latest(subject).ifPresent(schema -> shown.put("schema_version", schema.version())
                            .put("schema_id", schema.id()));
                });
                describePartitions(cluster, onBroker, shown);
                var resource = new ConfigResource(ConfigResource.Type.TOPIC, onBroker);
                var settings = new TreeMap<String, String>();
                await(cluster.admin().describeConfigs(List.of(resource)).all(), "its settings").values().stream()
                        .flatMap(it -> it.entries().stream())
                        .filter(it -> it.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
                        .forEach(it -> settings.put(it.name(), it.value()));
                ObjectNode config = shown.putObject("config");
                settings.forEach(config::put);
                Output.writeOne(host.out(), output.formatFor(host, false), shown);
                return ExitCode.OK;
            }
        }

        private static void describePartitions(Cluster cluster, String onBroker, ObjectNode shown) {
            TopicDescription found = await(
                            cluster.admin().describeTopics(List.of(onBroker)).allTopicNames(), "its partitions")
                    .values()
                    .iterator()
                    .next();
            List<TopicPartition> partitions = found.partitions().stream()
                    .map(it -> new TopicPartition(onBroker, it.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = offsets(cluster, partitions, OffsetSpec.latest());
            Map<TopicPartition, Long> beginnings = offsets(cluster, partitions, OffsetSpec.earliest());
            var array = shown.putArray("partitions");
            for (TopicPartition partition : partitions) {
                array.addObject()
                        .put("partition", partition.partition())
                        .put("first_offset", beginnings.get(partition))
                        .put("end_offset", ends.get(partition))
                        .put(
                                "in_sync",
                                found.partitions()
                                        .get(partition.partition())
                                        .isr()
                                        .size());
            }
        }
    }

    /** Prints records. */
    @Command(
            name = "print",
            description = "Print the records of a topic, decoded by the schema they were written with.",
            footer = {
                "%nRecords that cannot be decoded are shown in hexadecimal, with the reason.",
                "%nExamples:",
                "  ./sluice topics print decisions --from -20",
                "  ./sluice topics print journal --from 15m --where key=main --follow",
                "  ./sluice topics print fills --where venue=KALSHI --limit 10 -o ndjson",
                "  ./sluice topics print signals.json.dlq --from beginning"
            })
    static final class PrintTopic extends ClusterCommand {
        private static final int PREVIEW = 160;

        @Parameters(paramLabel = "NAME", description = "The topic, without prefix.")
        String name = "";

        @Option(
                names = "--from",
                paramLabel = "START",
                defaultValue = "beginning",
                description = "beginning (the default), an offset, -20 for the last 20 records, 15m for 15 minutes ago,"
                        + " 2026-01-28, or 2026-01-28T20:10:00Z.")
        String from = "beginning";

        @Option(
                names = {"-f", "--follow"},
                description = "Go on with what comes, until interrupted.")
        boolean follow;

        @Option(
                names = "--where",
                paramLabel = "PATH=VALUE",
                description =
                        "Only records in which the value at this dotted path, or else partition, offset, key, type"
                                + " or headers.NAME, is exactly this. May be repeated.",
                converter = WhereConverter.class)
        List<Where> where = List.of();

        @Option(names = "--limit", paramLabel = "N", description = "Stop after N records.")
        int limit;

        @Mixin
        OutputOptions output = new OutputOptions();

        private long shown;
        private @Nullable SeenFields fields;

        PrintTopic(Host host) {
            super(host);
        }

        @Override
        public Integer call() {
            if (limit < 0) {
                throw Failure.usage("--limit " + limit + " is negative; it must be 1 or more");
            }
            Start start = LogListCommand.startOf(from, host);
            try (Cluster cluster = connect()) {
                List<String> names = List.of(cluster.nameOf(known(name, cluster)));
                Output rows = output.open(
                        host,
                        List.of(
                                Column.of("partition"),
                                Column.of("offset"),
                                Column.of("timestamp"),
                                Column.of("key"),
                                Column.of("type"),
                                new Column("value", "preview")),
                        follow);
                boolean table = output.formatFor(host, follow) == OutputFormat.TABLE;
                TopicReader.Visitor visitor = found -> print(cluster, found, rows, table);
                TopicReader.Position end = cluster.reader().read(names, start, visitor);
                fields().requireKnown();
                if (follow && (limit == 0 || shown < limit)) {
                    cluster.reader().follow(end, TopicReader.FOR_EVER, visitor);
                }
                rows.end();
                return ExitCode.OK;
            }
        }

        private SeenFields fields() {
            SeenFields seen = fields;
            if (seen == null) {
                seen = new SeenFields(where);
                fields = seen;
            }
            return seen;
        }

        private boolean print(Cluster cluster, ConsumerRecord<byte[], byte[]> found, Output rows, boolean table) {
            ObjectNode row = row(cluster, found);
            fields().see(row);
            fields().see(row.path("value"));
            if (!where.stream().allMatch(condition -> holds(condition, row))) {
                return true;
            }
            if (table || output.format == OutputFormat.CSV) {
                String value = row.has("hex")
                        ? row.path("reason").asText() + ": " + row.path("hex").asText()
                        : Where.text(row.path("value"));
                row.put("preview", table && value.length() > PREVIEW ? value.substring(0, PREVIEW) + "…" : value);
            }
            shown++;
            return rows.row(row) && (limit == 0 || shown < limit);
        }

        /** The value is asked first: a condition is nearly always on what a record says, not on where it stands. */
        private static boolean holds(Where condition, ObjectNode row) {
            JsonNode inValue = Where.at(row.path("value"), condition.path());
            return inValue.isMissingNode()
                    ? condition.holdsFor(row)
                    : Where.text(inValue).equals(condition.value());
        }

        private static ObjectNode row(Cluster cluster, ConsumerRecord<byte[], byte[]> found) {
            ObjectNode row = JsonNodeFactory.instance
                    .objectNode()
                    .put("partition", found.partition())
                    .put("offset", found.offset())
                    .put("timestamp", AvroJson.time(found.timestamp()))
                    .put("key", text(found.key()));
            ObjectNode headers = row.putObject("headers");
            for (Header header : found.headers()) {
                headers.put(header.key(), text(header.value()));
            }
            switch (cluster.decoder().decode(found.value())) {
                case RecordDecoder.Decoded.Value(String type, JsonNode json) ->
                    row.put("type", type).set("value", readable(type, json));
                case RecordDecoder.Decoded.Nothing() ->
                    row.put("type", "nothing").putNull("value");
                case RecordDecoder.Decoded.Unreadable(String hex, String reason) ->
                    row.put("type", "unreadable")
                            .putNull("value")
                            .put("reason", reason)
                            .put("hex", hex);
            }
            return row;
        }

        /** Most of what ends as a dead letter was text, and whoever mends it wants to read it. */
        private static JsonNode readable(String type, JsonNode json) {
            if (type.equals("DeadLetter") && json instanceof ObjectNode letter && letter.hasNonNull("value")) {
                String text = text(HexFormat.of().parseHex(letter.path("value").asText()));
                if (text != null && !text.startsWith("0x")) {
                    letter.put("value_text", text);
                }
            }
            return json;
        }

        private static @Nullable String text(byte @Nullable [] bytes) {
            return bytes == null ? null : RecordDecoder.key(bytes);
        }
    }
}
