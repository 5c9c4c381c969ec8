package sluice.venues.placement;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import sluice.fault.CrashPoint;
import sluice.topics.Topic;

/**
 * Writes as the only owner of something: whoever opens a producer with the same transactional id fences the one before,
 * whose next write then fails. Opening it also ends what its predecessor left open, so that a reader of committed
 * records sees all there is.
 *
 * <p>Not safe for several threads. After an exception it is of no use any more.
 */
public final class FencedProducer implements AutoCloseable {
    /** Longer than a pause of ours, shorter than anybody should wait for what a dead owner left open. */
    private static final int TRANSACTION_TIMEOUT_MILLIS = 10_000;

    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final String transactionalId;
    private final KafkaProducer<String, byte[]> producer;

    /**
     * Returns once predecessors are fenced.
     *
     * @param client how to reach the broker: settings of a Kafka client
     */
    public FencedProducer(Map<String, Object> client, String transactionalId) {
        this.transactionalId = transactionalId;
        var config = new HashMap<>(client);
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topic.LARGEST_WRAPPING_BATCH);
        this.producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
        producer.initTransactions();
    }

    /**
     * Writes all of the records or none, and returns once they are committed.
     *
     * @return their offsets, in the same order
     * @throws FencedException if another owner has taken over
     * @throws KafkaException if it could not be written, or is not known to be
     */
    public List<Long> commit(List<ProducerRecord<String, byte[]>> records) {
        try {
            producer.beginTransaction();
            var sends = new ArrayList<Future<RecordMetadata>>(records.size());
            for (var record : records) {
                sends.add(producer.send(record));
            }
            CrashPoint.TRANSACTION_OPEN.pass();
            producer.commitTransaction();
            var offsets = new ArrayList<Long>(records.size());
            for (var send : sends) {
                offsets.add(send.get().offset());
            }
            return offsets;
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            throw new FencedException(
                    transactionalId + " is owned by another process now; this one writes and sends no more", e);
        } catch (ExecutionException e) {
            throw new KafkaException("a committed write of " + transactionalId + " has no offset", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while " + transactionalId + " was writing", e);
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
