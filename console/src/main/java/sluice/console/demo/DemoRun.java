package sluice.console.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import sluice.console.config.RunningStack;
import sluice.console.config.SluiceConfig;
import sluice.console.stack.LocalStack;
import sluice.topics.Topics;
import sluice.venues.recording.Recording;

/**
 * Plays one recording through a whole stack of its own, shows it, and sums it up.
 *
 * <p>A run that was killed goes on where it was; one that was finished makes room for a new one.
 */
public final class DemoRun implements AutoCloseable {
    private static final String MARKER = "demo.json";
    private static final ObjectMapper JSON = new JsonMapper();

    /** What is written beside a run's data. */
    private record Marker(String recording, boolean finished) {}

    private final SluiceConfig config;
    private final Recording recording;
    private final Path directory;
    private final Pace pace;
    private final PrintStream err;
    private final boolean terminal;
    private final boolean colours;
    private final OptionalLong events;
    private final Map<String, String> environment;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private @Nullable LocalStack stack;

    /**
     * Prepares a run.
     *
     * @param directory where its data are; only a run of this kind is ever removed from there
     * @param pace {@code max}, or recorded seconds for each second, such as {@code 60x}
     * @param fresh throw an unfinished run away instead of going on with it
     * @param events how many events the recording has, where that is known; else progress goes by the bytes read, which
     *     runs ahead of what is played
     * @param environment says the size of a terminal that does not say it itself
     * @throws IllegalArgumentException if the pace cannot be read
     * @throws IOException if the directory holds something else, or an unfinished run of another recording
     */
    public DemoRun(
            SluiceConfig config,
            Recording recording,
            Path directory,
            String pace,
            boolean fresh,
            PrintStream err,
            boolean terminal,
            boolean colours,
            OptionalLong events,
            Map<String, String> environment)
            throws IOException {
        this.config = config;
        this.recording = recording;
        this.directory = directory;
        this.pace = Pace.parse(pace);
        this.err = err;
        this.terminal = terminal;
        this.colours = colours;
        this.events = events;
        this.environment = environment;
        makeRoom(fresh);
    }

    private void makeRoom(boolean fresh) throws IOException {
        Optional<RunningStack> running = RunningStack.read(directory).filter(RunningStack::isAlive);
        if (running.isPresent()) {
            throw new IOException("a demo is running already in " + directory + ", process "
                    + running.get().pid() + "; end it first, or give another folder with --data-directory");
        }
        Marker marker = readMarker();
        if (marker != null && !marker.finished && !fresh && !marker.recording.equals(recording.name())) {
            throw new IOException(directory + " holds an unfinished run of " + marker.recording
                    + "; finish it by running it again, or throw it away with --fresh");
        }
        if (marker != null && (marker.finished || fresh)) {
            remove(directory);
        } else if (marker != null) {
            err.println("going on with the unfinished run in " + directory);
        } else if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                if (files.findAny().isPresent()) {
                    throw new IOException(
                            directory + " is no folder of a demo, and nothing in it is touched; give another"
                                    + " one with --data-directory");
                }
            }
        }
        Files.createDirectories(directory);
        writeMarker(false);
    }

    private @Nullable Marker readMarker() throws IOException {
        try {
            var tree = JSON.readTree(Files.readString(directory.resolve(MARKER)));
            return new Marker(
                    tree.path("recording").asText(""), tree.path("finished").asBoolean(false));
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private void writeMarker(boolean finished) throws IOException {
        Map<String, Object> marker = new LinkedHashMap<>();
        marker.put("recording", recording.name());
        marker.put("finished", finished);
        Files.writeString(directory.resolve(MARKER), JSON.writeValueAsString(marker));
    }

    private static void remove(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }

    /**
     * Starts everything, plays the recording to its end and sums it up. The stack stays up until {@link #close}.
     *
     * @throws IllegalStateException if a role failed on the way
     */
    public DemoSummary run() throws IOException, InterruptedException {
        long started = System.nanoTime();
        var clock = new RecordingClock(firstMoment());
        LocalStack up = LocalStack.start(
                config,
                directory,
                clock,
                beforeRoles -> clock.advanceTo(lastMoment(beforeRoles)),
                line -> err.println("  " + line),
                error -> failure.compareAndSet(null, error));
        stack = up;
        try (var view = new DemoView(
                up, err, terminal, colours, "MODE PAPER  fills are simulated", () -> TerminalSize.now(environment))) {
            view.start();
            new RecordingPlayer(up, clock, pace, (at, progress) -> {
                        Throwable error = failure.get();
                        if (error != null) {
                            throw new IllegalStateException("a role stopped: " + error, error);
                        }
                        view.at(at, share(progress));
                    })
                    .play(recording);
            view.ended();
        }
        Throwable error = failure.get();
        if (error != null) {
            throw new IllegalStateException("a role stopped: " + error, error);
        }
        var report = new RunReport(up);
        DemoSummary summary = report.summary(
                recording.name(), Duration.ofNanos(System.nanoTime() - started).toMillis());
        report.differences().forEach(difference -> err.println("books differ: " + difference));
        writeMarker(true);
        return summary;
    }

    /** Never all of it: what rests is still waited for when the last event is played. */
    private double share(Recording.Progress progress) {
        double done = events.isPresent()
                ? (double) progress.events() / Math.max(1, events.getAsLong())
                : (double) progress.bytesRead() / Math.max(1, progress.bytesTotal());
        return Math.min(0.99, done);
    }

    /** Where its data are. */
    public Path directory() {
        return directory;
    }

    /** Where other commands find the stack while it is up. */
    public String bootstrapServers() {
        LocalStack up = stack;
        return up == null ? "" : up.bootstrapServers();
    }

    private long firstMoment() throws IOException {
        try (var events = recording.events()) {
            if (!events.hasNext()) {
                throw new IOException(recording.name() + " holds no events");
            }
            return events.next().atMillis();
        }
    }

    /** Time of the newest journal record, so that time goes on after a restart; 0 if there is none. */
    private static long lastMoment(LocalStack stack) {
        long last = 0;
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", stack.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            for (var partition : stack.topics().topicPartitionsOf(Topics.JOURNAL)) {
                consumer.assign(List.of(partition));
                long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
                if (end == 0) {
                    continue;
                }
                consumer.seek(partition, end - 1);
                while (consumer.position(partition) < end) {
                    for (var record : consumer.poll(Duration.ofMillis(200))) {
                        last = Math.max(last, record.timestamp());
                    }
                }
            }
        }
        return last;
    }

    @Override
    public void close() {
        LocalStack up = stack;
        if (up != null) {
            up.close();
        }
    }
}
