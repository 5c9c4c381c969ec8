package sluice.console.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import sluice.console.config.SluiceConfig;
import sluice.console.stack.LocalStack;
import sluice.topics.Topics;
import sluice.venues.recording.Recording;

/**
 * Plays one recording through a whole stack of its own, shows it, and sums it up.
 *
 * <p>A run that was killed goes on where it was; one that was finished makes room for a new one.
 */
public final class DemoRun implements Demo {
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
        RunFolder.makeRoom(directory, recording.name(), fresh, err);
    }

    @Override
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
        var report = new RunReport(
                up, Topics.ORDERS_PAPER, () -> VenueBooks.of(up.paper().accounts()));
        DemoSummary summary = report.summary(
                recording.name(), Duration.ofNanos(System.nanoTime() - started).toMillis());
        report.differences().forEach(difference -> err.println("books differ: " + difference));
        RunFolder.mark(directory, recording.name(), true);
        return summary;
    }

    /** Never all of it: what rests is still waited for when the last event is played. */
    private double share(Recording.Progress progress) {
        double done = events.isPresent()
                ? (double) progress.events() / Math.max(1, events.getAsLong())
                : (double) progress.bytesRead() / Math.max(1, progress.bytesTotal());
        return Math.min(0.99, done);
    }

    @Override
    public Path directory() {
        return directory;
    }

    @Override
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
