package sluice.venues.recording.publish;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import sluice.venues.recording.RecordedEvent;
import sluice.venues.recording.Recording;

/**
 * Publishes a whole recording as fast as the broker takes it, and stops at the first record that the broker does not
 * take, so that every partition holds the events from the first to some last one without a hole. For one thread.
 */
public final class RecordingPublisher {
    /** Records on their way at once. */
    private static final int MOST_UNCONFIRMED = 10_000;

    /** Told of every event, published now or before. */
    public interface Listener {
        /** Events are counted from 1; their time is that of the recording. */
        void at(RecordedEvent event, Recording.Progress progress);
    }

    /**
     * What was done.
     *
     * @param published records written now
     * @param before records that stood there already
     * @param left events that have no record
     */
    public record Result(long published, long before, long left) {}

    private final Producer<byte[], byte[]> producer;
    private final RecordingRecords records;
    private final Deque<Future<RecordMetadata>> unconfirmed = new ArrayDeque<>();

    /** @param producer idempotent, with acknowledgement by all; it stays the caller's to close */
    public RecordingPublisher(Producer<byte[], byte[]> producer, RecordingRecords records) {
        this.producer = producer;
        this.records = records;
    }

    /**
     * Publishes what is not there yet. When this returns, everything is acknowledged.
     *
     * @throws IOException if the recording cannot be read or the broker does not take a record; publishing again with
     *     what {@link PublishedEvents#read} finds then goes on
     * @throws InterruptedException if the thread is interrupted; likewise
     */
    public Result publish(Recording recording, PublishedEvents already, Listener listener)
            throws IOException, InterruptedException {
        long sequence = 0;
        long published = 0;
        long before = 0;
        long left = 0;
        try (Recording.Events events = recording.events()) {
            while (events.hasNext()) {
                RecordedEvent event = events.next();
                ProducerRecord<byte[], byte[]> record = records.of(sequence, event);
                sequence++;
                if (record == null) {
                    left++;
                } else if (already.has(record)) {
                    before++;
                } else {
                    send(record);
                    published++;
                }
                listener.at(event, events.progress());
            }
            while (!unconfirmed.isEmpty()) {
                confirm(unconfirmed.remove());
            }
        } finally {
            unconfirmed.clear();
        }
        return new Result(published, before, left);
    }

    private void send(ProducerRecord<byte[], byte[]> record) throws IOException, InterruptedException {
        while (unconfirmed.size() >= MOST_UNCONFIRMED
                || (!unconfirmed.isEmpty() && unconfirmed.element().isDone())) {
            confirm(unconfirmed.remove());
        }
        unconfirmed.add(producer.send(record));
    }

    private static void confirm(Future<RecordMetadata> sent) throws IOException, InterruptedException {
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw new IOException("the broker did not take a recorded event: " + e.getCause(), e);
        }
    }
}
