package sluice.console.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.domain.AccountId;
import sluice.domain.StrategyId;
import sluice.topics.Topic;
import sluice.topics.Topics;
import sluice.venues.recording.Problems;
import sluice.venues.recording.RecordedEvent;
import sluice.venues.recording.Recording;
import sluice.venues.recording.RecordingFormat;
import sluice.venues.recording.RecordingOptions;
import sluice.venues.recording.Recordings;
import sluice.wire.AvroSerde;
import sluice.wire.MarketCodec;
import sluice.wire.OrderCodec;
import sluice.wire.SignalCodec;

/** Writes a recording into topics, as fast as the broker takes it. */
@Command(
        name = "import",
        description = "Write recorded market data, and signals where there are some, into topics.",
        footer = {
            "%nRecords keep the times that were recorded; the order is that of the recording.",
            "Exit code 1 when lines had to be skipped.",
            "%nExamples:",
            "  ./sluice import recordings/monday",
            "  ./sluice import games_quotes.csv.gz --format polymarket-us --zone America/New_York",
            "  ./sluice import capture --only quotes,markets,settlements"
        })
final class ImportCommand extends ClusterCommand {
    private static final int MOST_UNCONFIRMED = 10_000;
    private static final int MOST_NAMED = 10;

    /** What a recording may hold. */
    enum Kind {
        QUOTES,
        MARKETS,
        SETTLEMENTS,
        SIGNALS,
        FILLS
    }

    @Parameters(paramLabel = "PATH", description = "A file or a folder.")
    String path = "";

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description = "neutral, polymarket-us, kalshi-capture or kalshi-journal; found out unless named.")
    @Nullable
    String format;

    @Option(
            names = "--only",
            paramLabel = "KINDS",
            split = ",",
            description = "Of quotes, markets, settlements, signals and fills, only these; everything but fills unless"
                    + " named.")
    @Nullable
    Set<Kind> only;

    @Option(names = "--zone", paramLabel = "ZONE", description = "Zone of times that are written without one.")
    @Nullable
    String zone;

    @Option(
            names = "--conflation-ms",
            paramLabel = "MILLIS",
            description = "Shortest time between two quotes of one market.")
    @Nullable
    Integer conflationMillis;

    @Option(names = "--account", paramLabel = "NAME", description = "Account of recorded signals and fills.")
    @Nullable
    String account;

    @Option(names = "--strategy", paramLabel = "NAME", description = "Strategy of recorded signals.")
    @Nullable
    String strategy;

    @Mixin
    OutputOptions output = new OutputOptions();

    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private final Map<Class<?>, AvroSerde<?>> serdes = new HashMap<>();
    private final ArrayDeque<Sent> unconfirmed = new ArrayDeque<>();

    private record Sent(Topic topic, Future<RecordMetadata> outcome) {}

    ImportCommand(Host host) {
        super(host);
    }

    @Override
    public Integer call() {
        Set<Kind> kinds = only == null ? EnumSet.complementOf(EnumSet.of(Kind.FILLS)) : only;
        var problems = new Problems();
        try (Cluster cluster = connect();
                Progress progress = new Progress(host, "records")) {
            Recording recording = Recordings.open(host.workingDirectory().resolve(path), format(), options(), problems);
            host.say("importing " + recording);
            try (Recording.Events events = recording.events()) {
                while (events.hasNext()) {
                    write(cluster, events.next(), kinds);
                    Recording.Progress at = events.progress();
                    progress.at(at.bytesRead(), at.bytesTotal(), at.events());
                }
            }
            while (!unconfirmed.isEmpty()) {
                confirmOldest(cluster);
            }
        } catch (IOException | UncheckedIOException e) {
            throw Failure.failed("cannot import " + path + ": " + e.getMessage());
        }
        problems.first().stream().limit(MOST_NAMED).forEach(problem -> host.say(problem.toString()));
        ObjectNode summary = JsonNodeFactory.instance.objectNode();
        for (Kind kind : Kind.values()) {
            summary.put(kind.name().toLowerCase(java.util.Locale.ROOT), counts.getOrDefault(kind, 0L));
        }
        ObjectNode found = summary.putObject("problems");
        problems.counts().forEach((kind, count) -> found.put(kind.name(), count));
        Output.writeOne(host.out(), output.formatFor(host, false), summary);
        return problems.linesSkipped() == 0 ? ExitCode.OK : ExitCode.FAILURE;
    }

    private void write(Cluster cluster, RecordedEvent event, Set<Kind> kinds) {
        switch (event) {
            case RecordedEvent.QuoteEvent it
            when kinds.contains(Kind.QUOTES) ->
                avro(
                        cluster,
                        Kind.QUOTES,
                        Topics.MARKET_QUOTES,
                        it.quote().market().toString(),
                        sluice.avro.Quote.class,
                        MarketCodec.toAvro(it.quote()));
            case RecordedEvent.MarketEvent it
            when kinds.contains(Kind.MARKETS) ->
                avro(
                        cluster,
                        Kind.MARKETS,
                        Topics.MARKET_METADATA,
                        it.market().id().toString(),
                        sluice.avro.Market.class,
                        MarketCodec.toAvro(it.market()));
            case RecordedEvent.SettlementEvent it
            when kinds.contains(Kind.SETTLEMENTS) ->
                avro(
                        cluster,
                        Kind.SETTLEMENTS,
                        Topics.MARKET_SETTLEMENTS,
                        it.settlement().market().toString(),
                        sluice.avro.Settlement.class,
                        MarketCodec.toAvro(it.settlement()));
            case RecordedEvent.SignalEvent it
            when kinds.contains(Kind.SIGNALS) ->
                avro(
                        cluster,
                        Kind.SIGNALS,
                        Topics.SIGNALS,
                        it.signal().account().value(),
                        sluice.avro.Signal.class,
                        SignalCodec.toAvro(it.signal()));
            case RecordedEvent.RawSignalEvent it
            when kinds.contains(Kind.SIGNALS) -> {
                String key = it.key();
                send(cluster, Kind.SIGNALS, Topics.SIGNALS_JSON, key == null ? "" : key, it.value());
            }
            case RecordedEvent.FillEvent it
            when kinds.contains(Kind.FILLS) ->
                avro(
                        cluster,
                        Kind.FILLS,
                        Topics.FILLS,
                        it.fill().account().value(),
                        sluice.avro.Fill.class,
                        OrderCodec.toAvro(it.fill()));
            case RecordedEvent.QuoteEvent ignored -> {}
            case RecordedEvent.MarketEvent ignored -> {}
            case RecordedEvent.SettlementEvent ignored -> {}
            case RecordedEvent.SignalEvent ignored -> {}
            case RecordedEvent.RawSignalEvent ignored -> {}
            case RecordedEvent.FillEvent ignored -> {}
        }
    }

    private <T extends SpecificRecord> void avro(
            Cluster cluster, Kind kind, Topic topic, String key, Class<T> type, T value) {
        @SuppressWarnings("unchecked") // The map pairs each class with its own serde, here and nowhere else.
        var serde = (AvroSerde<T>) serdes.computeIfAbsent(type, unseen -> cluster.serde(type));
        byte[] bytes = serde.serialize(cluster.nameOf(topic), value);
        if (bytes == null) {
            throw new IllegalStateException("no bytes for " + value);
        }
        send(cluster, kind, topic, key, bytes);
    }

    private void send(Cluster cluster, Kind kind, Topic topic, String key, byte[] value) {
        unconfirmed.addLast(new Sent(topic, cluster.sendLater(topic, key, value)));
        counts.merge(kind, 1L, Math::addExact);
        if (unconfirmed.size() > MOST_UNCONFIRMED) {
            confirmOldest(cluster);
        }
    }

    private void confirmOldest(Cluster cluster) {
        Sent oldest = unconfirmed.removeFirst();
        cluster.confirmed(oldest.topic(), oldest.outcome());
    }

    private @Nullable RecordingFormat format() {
        if (format == null) {
            return null;
        }
        return Arrays.stream(RecordingFormat.values())
                .filter(it -> it.text().equals(format))
                .findFirst()
                .orElseThrow(() -> Failure.usage("--format " + format + " is none of "
                        + List.of(RecordingFormat.values()).stream()
                                .map(RecordingFormat::text)
                                .collect(Collectors.joining(", "))));
    }

    private RecordingOptions options() {
        RecordingOptions options = RecordingOptions.DEFAULTS;
        try {
            if (zone != null) {
                options = options.withLocalZone(ZoneId.of(zone));
            }
            if (conflationMillis != null) {
                options = options.withConflation(Duration.ofMillis(conflationMillis));
            }
            if (account != null || strategy != null) {
                options = options.withAccount(
                        account == null ? options.account() : new AccountId(account),
                        strategy == null ? options.strategy() : new StrategyId(strategy));
            }
        } catch (DateTimeException | IllegalArgumentException e) {
            throw Failure.usage(String.valueOf(e.getMessage()));
        }
        return options;
    }
}
