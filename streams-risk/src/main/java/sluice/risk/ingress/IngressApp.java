package sluice.risk.ingress;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.risk.ingress.IngressSession.AppendFailedException;
import sluice.risk.ingress.IngressSession.NotReadyException;
import sluice.wire.RegistryUnavailableException;
import sluice.wire.SchemaRegistry;

/**
 * Puts everything that can change an account into one log: reads signals, commands, limits, venue reports, fills,
 * settlements and snapshots, validates them, adds the newest book and rules of the market to a signal, stamps the time
 * and appends to {@code journal}. What cannot be read or is not valid goes to the topic's dead letters.
 *
 * <p>At least once: after a crash some records are appended again, and the account task knows them by their keys.
 * Nothing is lost, whether the process, the broker or the registry dies: inputs are committed after what was made of
 * them is acknowledged.
 *
 * <p>This is a plain consumer and producer in one loop and not a Kafka Streams topology, on purpose. It is a sequencer:
 * it owns the clock of the journal, which in a replay is that of a recording, so time must be injectable and come once
 * a second without any record. It joins nothing and keeps no state that its topics do not hold. And it is one hop on
 * every order's way, at least once, without a transaction to commit: a millisecond.
 *
 * <p>Timestamps of the journal never go back from one instance, also over a restart. Run one instance; a second one of
 * the same group takes over partitions of a dead one, but two at work interleave their clocks.
 *
 * <p>Its methods may be called from any thread.
 */
public final class IngressApp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IngressApp.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final IngressSettings settings;
    private final Map<String, Object> kafka;
    private final SchemaRegistry registry;
    private final InstantSource clock;
    private final Consumer<Throwable> onFailure;

    private final IngressMetrics metrics = new IngressMetrics();
    private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
    private final CountDownLatch ready = new CountDownLatch(1);
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();

    /**
     * @param kafka how to reach the broker: bootstrap servers and, where needed, security
     * @param registry where the schemas of this release are registered already; stays the caller's to close
     * @param clock time of the journal: the wall clock when live, that of a recording in a replay
     * @param onFailure told once, from the ingress thread, of what it cannot recover from; it has stopped then, and
     *     nothing is decided any more
     */
    public IngressApp(
            IngressSettings settings,
            Map<String, ?> kafka,
            SchemaRegistry registry,
            InstantSource clock,
            Consumer<Throwable> onFailure) {
        this.settings = settings;
        this.kafka = Map.copyOf(kafka);
        this.registry = registry;
        this.clock = clock;
        this.onFailure = onFailure;
    }

    /**
     * Starts to work and returns at once. A broker, topics or a registry that are not there yet are waited for.
     *
     * @throws IllegalStateException if it was started before
     */
    public void start() {
        var worker = new Thread(this::run, "sluice-ingress");
        if (!thread.compareAndSet(null, worker)) {
            throw new IllegalStateException("ingress was started before; make a new one");
        }
        worker.start();
    }

    /**
     * Waits until market data is caught up with and inputs are being taken.
     *
     * @return false if that did not happen within {@code timeout}
     */
    public boolean awaitReady(Duration timeout) throws InterruptedException {
        return ready.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * The offset after the last record of an input partition that was taken: its entry or dead letter is acknowledged,
     * or its quote is beside the next signal. -1 while the partition is not ours.
     *
     * @param partition of the topic as it is named on the broker
     */
    public long positionOf(TopicPartition partition) {
        return positions.getOrDefault(partition, -1L);
    }

    /** What was counted since this object was made. */
    public IngressMetrics metrics() {
        return metrics;
    }

    /** {@link #close(Duration)} with half a minute. */
    @Override
    public void close() {
        close(Duration.ofSeconds(30));
    }

    /**
     * Stops after the records in hand and commits them.
     *
     * @return false if it has not ended within {@code timeout}; it is interrupted then, and what was in hand comes
     *     again at the next start
     */
    public boolean close(Duration timeout) {
        stop.countDown();
        Thread worker = thread.get();
        if (worker == null) {
            return true;
        }
        try {
            if (worker.join(timeout)) {
                return true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LOG.warn("ingress has not ended within {} ms and is interrupted", timeout.toMillis());
        worker.interrupt();
        return false;
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        while (!stopping()) {
            long started = System.nanoTime();
            try (var session =
                    new IngressSession(settings, kafka, registry, clock, this::stopping, positions, metrics)) {
                while (!stopping()) {
                    session.step();
                    if (ready.getCount() > 0 && session.ready()) {
                        LOG.info("ingress takes records as {}", settings.instanceId());
                        ready.countDown();
                    }
                }
                session.finish();
            } catch (RuntimeException | Error e) {
                if (stopping() && e instanceof InterruptException) {
                    return;
                }
                if (!mayPass(e)) {
                    LOG.error("ingress stops: {}", e.toString(), e);
                    stop.countDown();
                    onFailure.accept(e);
                    return;
                }
                if (System.nanoTime() - started > LONGEST_PAUSE.toNanos()) {
                    pause = FIRST_PAUSE;
                }
                LOG.warn("ingress starts again in {} ms: {}", pause.toMillis(), e.toString());
                metrics.restarted();
                waitFor(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            } finally {
                positions.clear();
            }
        }
    }

    /** Whether another start may go better: what the broker or the registry did not do now, they may do later. */
    private static boolean mayPass(Throwable e) {
        return switch (e) {
            case NotReadyException ignored -> true;
            case AppendFailedException failed -> failed.getCause() instanceof KafkaException cause && mayPass(cause);
            case RegistryUnavailableException ignored -> true;
            case AuthenticationException ignored -> false;
            case AuthorizationException ignored -> false;
            case FencedInstanceIdException ignored -> false;
            case ConfigException ignored -> false;
            case KafkaException ignored -> !(e.getCause() instanceof ConfigException);
            default -> false;
        };
    }

    private boolean stopping() {
        return stop.getCount() == 0;
    }

    private void waitFor(Duration pause) {
        try {
            boolean ignored = stop.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            stop.countDown();
            Thread.currentThread().interrupt();
        }
    }
}
