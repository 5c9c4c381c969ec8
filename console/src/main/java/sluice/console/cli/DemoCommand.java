package sluice.console.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sluice.console.config.ConfigReader;
import sluice.console.config.EnvironmentVariable;
import sluice.console.config.FileProblem;
import sluice.console.config.LoadedConfig;
import sluice.console.config.SluiceConfig;
import sluice.console.demo.Demo;
import sluice.console.demo.DemoRun;
import sluice.console.demo.DemoSummary;
import sluice.console.demo.VenueDemo;
import sluice.domain.Venue;
import sluice.venues.recording.Problems;
import sluice.venues.recording.Recording;
import sluice.venues.recording.RecordingOptions;
import sluice.venues.recording.Recordings;

/** The main job: a recording through everything. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Plays a recording with sample signals through the whole pipeline, on a real broker in this process: in paper"
                    + " mode, or with orders that are signed and sent to a simulated venue.",
            "Ends with a summary, and with a proof: the decisions are computed again from the journal, and the books are"
                    + " compared with the venue's own. Exit code 1 if either differs."
        },
        footer = {
            "%nExamples:",
            "  ./sluice demo",
            "  ./sluice demo --exit --output json",
            "  ./sluice demo --speed 60x",
            "  ./sluice demo --venue kalshi-sim --exit",
            "  ./sluice demo --venue polymarket-sim --speed 30x",
            "  ./sluice demo --data my-recording.jsonl.gz"
        })
final class DemoCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new JsonMapper();
    private static final String PAPER = "paper";
    private static final Map<String, Venue> SIMULATED =
            Map.of("kalshi-sim", Venue.KALSHI, "polymarket-sim", Venue.POLYMARKET);
    private static final long LARGEST_COUNTED_BYTES = 4_000_000;

    private final Host host;

    @Option(names = "--exit", description = "End after the summary; without it everything stays up until Ctrl-C.")
    boolean exit;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "Summary as table or json. Default: table.")
    OutputFormat output = OutputFormat.TABLE;

    @Option(
            names = "--data",
            paramLabel = "RECORDING",
            description = "File or folder of a recording. Default: the generated one that Sluice ships.")
    @Nullable
    Path data;

    @Option(
            names = "--venue",
            paramLabel = "VENUE",
            description =
                    "paper, kalshi-sim or polymarket-sim. At a simulated venue its part of the recording is played,"
                            + " by the wall clock, and every run begins anew. Default: paper.")
    String venue = PAPER;

    @Option(
            names = "--speed",
            paramLabel = "SPEED",
            description = "1x, 60x, any other factor, or max. Default: max, and 60x at a simulated venue.")
    @Nullable
    String speed;

    @Option(
            names = "--data-directory",
            paramLabel = "FOLDER",
            description =
                    "Where the run keeps its data. Default: the folder demo in the data directory in which other commands"
                            + " look, so data/demo. A run that was killed goes on there.")
    @Nullable
    Path directory;

    @Option(names = "--fresh", description = "Throw an unfinished run away instead of going on with it.")
    boolean fresh;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration. Default: console/demo.yaml, whose limits are wide enough to see fills.")
    @Nullable
    Path config;

    @Option(names = "--debug", description = "Show where an error came from.")
    boolean debug;

    DemoCommand(Host host) {
        this.host = host;
    }

    @Override
    public Integer call() throws Exception {
        if (output == OutputFormat.CSV || output == OutputFormat.NDJSON) {
            throw Failure.usage("a summary is one object; use -o table or -o json");
        }
        LoadedConfig loaded = ConfigReader.read(
                config == null
                        ? host.home().resolve("console/demo.yaml")
                        : host.workingDirectory().resolve(config),
                // A demo trades with a recording, and at no venue of yours.
                EnvironmentVariable.withoutAccess(host.environment()));
        var problems = new Problems();
        Recording recording;
        OptionalLong events;
        try {
            recording = recording(problems);
            events = events();
        } catch (IOException | UncheckedIOException e) {
            throw Failure.failed("cannot read the recording " + (data == null ? "that is shipped" : data) + ": "
                    + FileProblem.words(e));
        }
        Demo run;
        Path folder = directory == null
                ? defaultFolder(loaded)
                : host.workingDirectory().resolve(directory);
        try {
            run = prepared(loaded.config(), recording, folder, events);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(String.valueOf(e.getMessage()));
        } catch (FileSystemException e) {
            throw Failure.failed(FileProblem.ofDataFolder(folder, e, "--data-directory"));
        } catch (IOException e) {
            throw Failure.failed(String.valueOf(e.getMessage()));
        }
        if (SIMULATED.containsKey(venue)) {
            host.say("Mode LIVE at a simulated venue: orders are signed and sent, and no money is real");
        } else {
            loaded.banner().forEach(host::say);
        }
        try (var log = new LogFile(run.directory(), warning -> {});
                run) {
            host.say("Log: " + log.file());
            Runtime.getRuntime().addShutdownHook(new Thread(run::close, "demo-shutdown"));
            DemoSummary summary = run.run();
            if (problems.linesSkipped() > 0) {
                host.say(problems.toString());
            }
            print(summary);
            host.say(
                    "Each run proves itself, and two may differ in which signals pass: they are decided on a real broker, in"
                            + " the order in which records arrive.");
            if (!exit) {
                host.say("Everything stays up for a look around (Kafka at " + run.bootstrapServers()
                        + "), for example:");
                host.say("  ./sluice decisions list --limit 20");
                host.say("  ./sluice topics print journal --from -10");
                host.say("Ctrl-C ends it.");
                new CountDownLatch(1).await();
            }
            return summary.isProven() ? ExitCode.OK : ExitCode.FAILURE;
        }
    }

    private Demo prepared(SluiceConfig config, Recording recording, Path folder, OptionalLong events)
            throws IOException {
        Venue at = SIMULATED.get(venue);
        if (at != null) {
            return new VenueDemo(
                    config,
                    recording,
                    at,
                    folder,
                    speed == null ? VenueDemo.SPEED : speed,
                    host.err(),
                    host.errIsTerminal(),
                    host.colours(),
                    host.environment());
        }
        if (!venue.equals(PAPER)) {
            throw new IllegalArgumentException(
                    "--venue " + venue + " is none; there are paper, kalshi-sim and polymarket-sim");
        }
        return new DemoRun(
                config,
                recording,
                folder,
                speed == null ? "max" : speed,
                fresh,
                host.err(),
                host.errIsTerminal(),
                host.colours(),
                events,
                host.environment());
    }

    /**
     * Below the data directory in which commands without a --config look, or else that of the --config that is named.
     */
    private Path defaultFolder(LoadedConfig loaded) {
        Path data = config == null
                ? ConfigReader.readConnection(ConnectionOptions.configFile(host, null), host.environment())
                        .dataDirectory()
                : loaded.config().dataDirectory();
        return data.resolve(venue.equals(PAPER) ? "demo" : "demo-" + venue);
    }

    private Recording recording(Problems problems) throws IOException {
        return data == null
                ? Recordings.shipped()
                : Recordings.open(host.workingDirectory().resolve(data), null, RecordingOptions.DEFAULTS, problems);
    }

    /** Counts what is small enough to be read twice, so that progress is exact. */
    private OptionalLong events() throws IOException {
        Recording counted = recording(new Problems());
        if (counted.bytes() > LARGEST_COUNTED_BYTES) {
            return OptionalLong.empty();
        }
        long count = 0;
        try (var all = counted.events()) {
            for (; all.hasNext(); all.next()) {
                count++;
            }
        }
        return OptionalLong.of(count);
    }

    private void print(DemoSummary summary) throws IOException {
        var json = summary.json();
        if (output == OutputFormat.JSON) {
            host.out().println(JSON.writeValueAsString(json));
        } else {
            json.put("denied", DemoSummary.words(summary.denied()));
            json.forEach((name, value) -> host.out().printf("%-18s %s%n", name, value));
        }
        host.out().flush();
    }
}
