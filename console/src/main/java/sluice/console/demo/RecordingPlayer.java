package sluice.console.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import sluice.console.stack.LocalStack;
import sluice.venues.recording.RecordedEvent;
import sluice.venues.recording.Recording;

/**
 * Plays a recording into the topics that models and connectors write, by the recording's own clock.
 *
 * <p>Before and after each signal it waits until everything is quiet, so that the signal is decided against the books
 * of its moment, and its order reaches the venue before the next book does. One that was killed goes on behind the last
 * record that it had published.
 */
final class RecordingPlayer {
    /** The recording's time after its end until everything is settled: longer than a resting order may live. */
    private static final long AFTERMATH_MILLIS = 130_000;

    private static final long STEP_MILLIS = 5_000;

    /** Told now and then how far it has come. */
    interface Listener {
        void at(long eventTimeMillis, Recording.Progress progress);
    }

    private final LocalStack stack;
    private final RecordingClock clock;
    private final Pace pace;
    private final Listener listener;

    RecordingPlayer(LocalStack stack, RecordingClock clock, Pace pace, Listener listener) {
        this.stack = stack;
        this.clock = clock;
        this.pace = pace;
        this.listener = listener;
    }

    /** Plays to the end, and lets time pass until orders that rest have been cancelled. */
    void play(Recording recording) throws IOException, InterruptedException {
        var records = new RecordingRecords(stack.topics(), stack.registryClient());
        long published = lastPublished();
        Map<String, Object> config = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                stack.bootstrapServers(),
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.LINGER_MS_CONFIG,
                0);
        try (var quiet = new Quiet(stack);
                var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
                var events = recording.events()) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            long started = System.nanoTime();
            long firstAt = Long.MIN_VALUE;
            long sequence = -1;
            while (events.hasNext()) {
                RecordedEvent event = events.next();
                sequence++;
                if (sequence <= published) {
                    continue;
                }
                firstAt = firstAt == Long.MIN_VALUE ? event.atMillis() : firstAt;
                long elapsed = Duration.ofNanos(System.nanoTime() - started).toMillis();
                Thread.sleep(pace.millisToWait(event.atMillis() - firstAt, elapsed));
                boolean signal =
                        event instanceof RecordedEvent.SignalEvent || event instanceof RecordedEvent.RawSignalEvent;
                if (signal) {
                    stepTo(event.atMillis(), quiet, sent);
                }
                clock.advanceTo(event.atMillis());
                var record = records.of(sequence, event);
                if (record == null) {
                    continue;
                }
                sent.add(producer.send(record));
                if (signal || sent.size() >= 500) {
                    confirm(sent);
                }
                if (signal) {
                    quiet.await(clock.millis());
                }
                listener.at(event.atMillis(), events.progress());
            }
            confirm(sent);
            long end = clock.millis() + AFTERMATH_MILLIS;
            for (long at = clock.millis(); at <= end; at += STEP_MILLIS) {
                stepTo(at, quiet, sent);
            }
        }
    }

    /** Lets time come up to a moment, and everything be taken in that belongs before it. */
    private void stepTo(long atMillis, Quiet quiet, List<Future<RecordMetadata>> sent) throws InterruptedException {
        confirm(sent);
        clock.advanceTo(atMillis);
        quiet.await(atMillis);
    }

    private static void confirm(List<Future<RecordMetadata>> sent) throws InterruptedException {
        for (Future<RecordMetadata> one : sent) {
            try {
                one.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a recorded event could not be published: " + e.getCause(), e);
            }
        }
        sent.clear();
    }

    /** Number of the last recorded event that stands in a topic; -1 if none does. */
    private long lastPublished() {
        long last = -1;
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", stack.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (var topic : RecordingRecords.TOPICS) {
                for (int i = 0; i < stack.topics().partitionsOf(topic); i++) {
                    partitions.add(new TopicPartition(stack.topics().nameOf(topic), i));
                }
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (!ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    last = Math.max(last, RecordingRecords.sequenceOf(record.headers()));
                }
            }
        }
        return last;
    }
}
