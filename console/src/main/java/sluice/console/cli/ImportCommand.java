package sluice.console.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.console.config.FileProblem;
import sluice.domain.AccountId;
import sluice.domain.StrategyId;
import sluice.topics.TopicSettings;
import sluice.venues.recording.Problems;
import sluice.venues.recording.Recording;
import sluice.venues.recording.RecordingFormat;
import sluice.venues.recording.RecordingOptions;
import sluice.venues.recording.Recordings;
import sluice.venues.recording.publish.PublishedEvents;
import sluice.venues.recording.publish.RecordingPublisher;
import sluice.venues.recording.publish.RecordingRecords;

/** Writes a recording into topics, as fast as the broker takes it. */
@Command(
        name = "import",
        description = "Write recorded market data, and signals where there are some, into topics.",
        footer = {
            "%nRecords have the times that were recorded, and the order of the recording. Exit code 1 when lines had to",
            "be skipped; the first of them are named.",
            "The neutral format, for recordings of your own (JSON lines or CSV), is described with examples in",
            "venue-connectors/src/main/resources/recordings/FORMAT.md.",
            "%nExamples:",
            "  ./sluice import recordings/monday",
            "  ./sluice import games_quotes.csv.gz --format polymarket-us --zone America/New_York",
            "  ./sluice import recordings/monday --resume"
        })
final class ImportCommand extends ClusterCommand {
    private static final int MOST_NAMED = 10;

    @Parameters(paramLabel = "PATH", description = "A file or a folder.")
    String path = "";

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description = "neutral, polymarket-us, kalshi-capture or kalshi-journal; found out unless named.")
    @Nullable
    String format;

    @Option(
            names = "--fills",
            description =
                    "Also recorded fills. Beside a venue that fills the recorded signals anew they would be booked"
                            + " twice.")
    boolean fills;

    @Option(
            names = "--resume",
            description = "Go on with an import of the same recording that was interrupted, where it stopped.")
    boolean resume;

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

    ImportCommand(Host host) {
        super(host);
    }

    @Override
    public Integer call() {
        var problems = new Problems();
        RecordingFormat wanted = format();
        RecordingOptions options = options();
        Recording recording;
        try {
            recording = Recordings.open(host.workingDirectory().resolve(path), wanted, options, problems);
        } catch (IOException e) {
            throw Failure.failed("cannot import " + path + ": " + FileProblem.words(e));
        }
        RecordingPublisher.Result result;
        try (Cluster cluster = connect();
                Progress progress = new Progress(host, "records")) {
            host.say("importing " + recording);
            TopicSettings topics = cluster.settingsOnBroker(RecordingRecords.TOPICS);
            result = new RecordingPublisher(cluster.producer(), new RecordingRecords(topics, cluster.registry(), fills))
                    .publish(
                            recording,
                            resume
                                    ? cluster.reader().with(it -> PublishedEvents.read(it, topics))
                                    : PublishedEvents.none(),
                            (event, at) -> progress.at(at.bytesRead(), at.bytesTotal(), at.events()));
        } catch (IOException | UncheckedIOException e) {
            throw Failure.failed("cannot import " + path + " to its end: "
                    + FileProblem.words(e)
                    + "; ./sluice import " + path
                    + " --resume goes on where it stopped");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.failed("interrupted; ./sluice import " + path + " --resume goes on");
        }
        problems.first().stream().limit(MOST_NAMED).forEach(problem -> host.say(problem.toString()));
        ObjectNode summary = JsonNodeFactory.instance
                .objectNode()
                .put("published", result.published())
                .put("before", result.before())
                .put("left", result.left())
                .put("skippedLines", problems.linesSkipped());
        ObjectNode found = summary.putObject("problems");
        problems.counts().forEach((kind, count) -> found.put(kind.name(), count));
        Output.writeOne(host.out(), output.formatFor(host, false), summary);
        return problems.linesSkipped() == 0 ? ExitCode.OK : ExitCode.FAILURE;
    }

    private @Nullable RecordingFormat format() {
        if (format == null) {
            return null;
        }
        return Arrays.stream(RecordingFormat.values())
                .filter(it -> it.text().equals(format))
                .findFirst()
                .orElseThrow(() -> Failure.usage("--format " + format + " is none of "
                        + Arrays.stream(RecordingFormat.values())
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
