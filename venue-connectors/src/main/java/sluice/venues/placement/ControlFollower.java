package sluice.venues.placement;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.domain.order.OrderCommand;
import sluice.domain.risk.ControlCommand;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.wire.AvroSerde;
import sluice.wire.InvalidRecordException;
import sluice.wire.RiskCodec;
import sluice.wire.SchemaRegistry;
import sluice.wire.UnreadableRecordException;

/**
 * The last look before a call: follows the control topic by itself, so that a halt stops orders that were approved
 * before it, and stops everything while it cannot tell. It holds a lease on its knowledge: only if it was at the end of
 * the topic within the last second may anything leave.
 *
 * <p>{@link #whyNot} may be called by any thread.
 */
public final class ControlFollower implements LastLook, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlFollower.class);
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration ASK_EVERY = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** A busy machine may let the lease run out for a moment; an order waits so long for the next one. */
    private static final Duration WAIT_FOR_THE_LEASE = Duration.ofSeconds(1);

    /** Without a lease for longer than this, orders do not wait for one: each would hold up those behind it. */
    private static final Duration LOST = Duration.ofSeconds(5);

    private static final Duration AFTER_A_FAILURE = Duration.ofMillis(200);

    private final Map<String, Object> client;
    private final TopicPartition partition;
    private final AvroSerde<sluice.avro.ControlCommand> serde;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final ControlState state = new ControlState();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition renewed = lock.newCondition();
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean closing;
    private boolean current;
    private long currentAtNanos;
    private long askedAtNanos = System.nanoTime() - ASK_EVERY.toNanos();

    /**
     * Starts to follow.
     *
     * @param client how to reach the broker: settings of a Kafka client
     * @param clock time by which an arming expires
     */
    public ControlFollower(
            Map<String, Object> client, TopicSettings topics, SchemaRegistry registry, InstantSource clock) {
        this.client = new HashMap<>(client);
        this.client.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        this.client.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        this.partition = new TopicPartition(topics.nameOf(Topics.CONTROL), 0);
        this.serde = new AvroSerde<>(sluice.avro.ControlCommand.class, registry);
        this.clock = clock;
        this.nanos = System::nanoTime;
        this.thread = new Thread(this::run, "control-follower");
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits until everything that was commanded so far is known; false if that took longer. */
    public boolean awaitReady(Duration atMost) throws InterruptedException {
        return caughtUp.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What is armed now. */
    public List<ControlState.Arming> armed() {
        lock.lock();
        try {
            return state.armed(clock.millis());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<String> whyNot(OrderCommand command, int epoch) {
        lock.lock();
        try {
            long patience = WAIT_FOR_THE_LEASE.toNanos();
            while (current && age() > LEASE.toMillis() && age() < LOST.toMillis() && patience > 0) {
                patience = renewed.awaitNanos(patience);
            }
            long age = age();
            if (!current || age > LEASE.toMillis()) {
                return Optional.of("the control topic was not read to its end for "
                        + (current ? age + " ms" : "the whole time since the start") + "; a halt might be in it");
            }
            return state.whyNot(command, clock.millis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted while waiting for the control topic");
        } finally {
            lock.unlock();
        }
    }

    /** Milliseconds since we were at the end of the topic for certain. */
    private long age() {
        return TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - currentAtNanos);
    }

    private void run() {
        long next = 0;
        while (!closing) {
            try (var consumer = new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                consumer.assign(List.of(partition));
                if (next == 0) {
                    consumer.seekToBeginning(List.of(partition));
                } else {
                    consumer.seek(partition, next);
                }
                while (!closing) {
                    next = follow(consumer);
                }
            } catch (KafkaException e) {
                LOG.warn("cannot follow {}: {}; no order leaves meanwhile", partition, e.toString());
                pause();
            }
        }
    }

    private long follow(KafkaConsumer<byte[], byte[]> consumer) {
        var records = consumer.poll(POLL);
        lock.lock();
        try {
            for (var record : records) {
                apply(record.value(), record.timestamp(), record.offset());
            }
        } finally {
            lock.unlock();
        }
        long asked = nanos.getAsLong();
        if (records.isEmpty() && asked - askedAtNanos < ASK_EVERY.toNanos()) {
            return consumer.position(partition, PATIENCE);
        }
        askedAtNanos = asked;
        Long end = consumer.endOffsets(List.of(partition), PATIENCE).get(partition);
        long position = consumer.position(partition, PATIENCE);
        if (end != null && position >= end) {
            lock.lock();
            try {
                current = true;
                currentAtNanos = asked;
                renewed.signalAll();
            } finally {
                lock.unlock();
            }
            caughtUp.countDown();
        }
        return position;
    }

    private void apply(byte[] value, long atMillis, long offset) {
        try {
            sluice.avro.ControlCommand avro = serde.deserialize(partition.topic(), value);
            if (avro != null) {
                ControlCommand command = RiskCodec.fromAvro(avro);
                state.apply(command, atMillis);
            }
        } catch (UnreadableRecordException | InvalidRecordException e) {
            state.applyUnreadable(partition + "@" + offset, atMillis);
            LOG.error(
                    "the command at {}@{} cannot be read: {}; it counts as a halt of everything",
                    partition,
                    offset,
                    e.getMessage());
        }
    }

    private void pause() {
        try {
            Thread.sleep(AFTER_A_FAILURE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
