package sluice.console.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import sluice.avro.AccountState;
import sluice.console.config.SluiceConfig;
import sluice.console.stack.LocalStack;
import sluice.domain.AccountId;
import sluice.domain.Micros;
import sluice.domain.Mode;
import sluice.domain.Venue;
import sluice.domain.risk.ControlCommand;
import sluice.domain.risk.Scope;
import sluice.topics.Topics;
import sluice.venues.recording.RecordedEvent;
import sluice.venues.recording.Recording;
import sluice.venues.recording.publish.RecordingRecords;
import sluice.wire.AvroSerde;
import sluice.wire.RiskCodec;

/**
 * Plays a recording at a simulated venue: its books stand there, signals go to the topic, and orders are signed and
 * sent in mode LIVE over HTTP and websockets, by the wall clock. A new run begins anew.
 */
public final class VenueDemo implements Demo {
    /** Recorded seconds for each second, unless another speed is asked for. */
    public static final String SPEED = "60x";

    /** Until orders that rest are cancelled, results are paid and the venue's last word is booked. */
    private static final Duration AFTERMATH = Duration.ofSeconds(150);

    private static final Duration ARMED_FOR = Duration.ofHours(24);

    private final SluiceConfig config;
    private final Recording recording;
    private final Venue venue;
    private final Path directory;
    private final Pace pace;
    private final PrintStream err;
    private final boolean terminal;
    private final boolean colours;
    private final Map<String, String> environment;
    private final InstantSource clock = InstantSource.system();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private @Nullable LocalStack stack;
    private @Nullable SimulatedVenue simulated;

    /**
     * Prepares a run.
     *
     * @param venue KALSHI or POLYMARKET
     * @param directory where its data are; what an earlier run of this kind left there is removed
     * @param speed recorded seconds for each second, such as {@code 60x}
     * @throws IllegalArgumentException if the speed cannot be read or is {@code max}: venues have clocks of their own
     * @throws IOException if the directory holds something else, or a run is under way there
     */
    public VenueDemo(
            SluiceConfig config,
            Recording recording,
            Venue venue,
            Path directory,
            String speed,
            PrintStream err,
            boolean terminal,
            boolean colours,
            Map<String, String> environment)
            throws IOException {
        this.config = config;
        this.recording = recording;
        this.venue = venue;
        this.directory = directory;
        this.pace = Pace.parse(speed);
        this.err = err;
        this.terminal = terminal;
        this.colours = colours;
        this.environment = environment;
        if (pace.factor() == 0) {
            throw new IllegalArgumentException(
                    "speed max is for the paper venue; a venue has a clock of its own, so give a factor such as "
                            + SPEED);
        }
        RunFolder.makeRoom(directory, recording.name(), true, err);
    }

    @Override
    public DemoSummary run() throws IOException, InterruptedException {
        long started = System.nanoTime();
        List<AccountId> accounts =
                config.accounts().stream().map(SluiceConfig.Account::name).toList();
        var venueItself = SimulatedVenue.start(venue, accounts, directory.resolve("venue"));
        simulated = venueItself;
        err.println("  " + venueItself.words());
        LocalStack up = LocalStack.start(
                venueItself.live(config),
                directory,
                clock,
                beforeRoles -> {},
                line -> err.println("  " + line),
                error -> failure.compareAndSet(null, error));
        stack = up;
        arm(up);
        var report = new RunReport(up, Topics.ordersFor(Mode.LIVE, venue), venueItself::books);
        var played = new RetimedRecording(recording, venue, clock.millis(), pace.factor());
        try (var view = new DemoView(
                up, err, terminal, colours, "MODE LIVE at a simulated " + venue, () -> TerminalSize.now(environment))) {
            view.start();
            venueItself.play(played);
            sendSignals(up, played, view);
            awaitTheEnd(report);
            view.ended();
        }
        awaitBooks(report);
        DemoSummary summary = report.summary(
                recording.name(), Duration.ofNanos(System.nanoTime() - started).toMillis());
        report.differences().forEach(difference -> err.println("books differ: " + difference));
        RunFolder.mark(directory, recording.name(), true);
        return summary;
    }

    private void arm(LocalStack up) throws InterruptedException {
        long now = clock.millis();
        var command = new ControlCommand(
                UUID.randomUUID().toString(),
                ControlCommand.Type.ARM,
                Scope.ALL,
                AccountId.ALL,
                "a demo at a simulated venue",
                "demo",
                now,
                now + ARMED_FOR.toMillis(),
                0,
                Map.of());
        String topic = up.topics().nameOf(Topics.CONTROL);
        try (var serde = new AvroSerde<>(sluice.avro.ControlCommand.class, up.registryClient());
                var producer = producer(up)) {
            send(producer, new ProducerRecord<>(topic, null, serde.serialize(topic, RiskCodec.toAvro(command))));
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(LocalStack up) {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        up.bootstrapServers(),
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record)
            throws InterruptedException {
        try {
            producer.send(record).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a record could not be published: " + e.getCause(), e);
        }
    }

    /** Signals at their times; everything else of the recording happens at the venue. */
    private void sendSignals(LocalStack up, Recording played, DemoView view) throws IOException, InterruptedException {
        var records = new RecordingRecords(up.topics(), up.registryClient(), false);
        try (var producer = producer(up);
                var events = played.events()) {
            long sequence = 0;
            while (events.hasNext()) {
                RecordedEvent event = events.next();
                requireHealth();
                Thread.sleep(Math.max(0, event.atMillis() - clock.millis()));
                if (event instanceof RecordedEvent.SignalEvent || event instanceof RecordedEvent.RawSignalEvent) {
                    var record = records.of(sequence, event);
                    if (record != null) {
                        send(producer, record);
                    }
                }
                sequence++;
                view.at(
                        event.atMillis(),
                        Math.min(
                                0.99,
                                (double) events.progress().bytesRead()
                                        / Math.max(1, events.progress().bytesTotal())));
            }
        }
    }

    private void requireHealth() {
        Throwable error = failure.get();
        if (error != null) {
            throw new IllegalStateException("a role stopped: " + error, error);
        }
    }

    /** Until nothing is reserved any more: orders that rest are cancelled after a while. */
    private void awaitTheEnd(RunReport report) throws InterruptedException {
        long deadline = System.nanoTime() + AFTERMATH.toNanos();
        while (System.nanoTime() < deadline) {
            requireHealth();
            boolean open = false;
            for (AccountState account : report.accounts().values()) {
                open |= account.getOpenOrders() > 0 || Micros.exact(account.getReserved()) > 0;
            }
            if (!open) {
                return;
            }
            Thread.sleep(500);
        }
    }

    /** What the venue did last takes a moment to be told. */
    private static void awaitBooks(RunReport report) throws InterruptedException {
        long deadline = System.nanoTime() + AFTERMATH.toNanos();
        while (!report.differences().isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(1_000);
        }
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

    @Override
    public void close() {
        LocalStack up = stack;
        if (up != null) {
            up.close();
        }
        SimulatedVenue at = simulated;
        if (at != null) {
            at.close();
        }
    }
}
