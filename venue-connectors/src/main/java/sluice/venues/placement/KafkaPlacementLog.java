package sluice.venues.placement;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import sluice.wire.AvroSerde;

/**
 * Placements in their topic, one transaction for all that are written at once. The placements of one partition of
 * commands are in the partition with the same number, so that an owner finds all of its own, and nobody else's, after a
 * restart.
 */
public final class KafkaPlacementLog implements PlacementLog {
    private final FencedProducer producer;
    private final TopicPartition partition;
    private final AvroSerde<sluice.avro.Placement> serde;

    public KafkaPlacementLog(
            FencedProducer producer, TopicPartition partition, AvroSerde<sluice.avro.Placement> serde) {
        this.producer = producer;
        this.partition = partition;
        this.serde = serde;
    }

    @Override
    public void write(List<Placement> placements) {
        producer.commit(placements.stream().map(this::record).toList());
    }

    private ProducerRecord<String, byte[]> record(Placement placement) {
        var bytes = serde.serialize(partition.topic(), PlacementCodec.toAvro(placement));
        return new ProducerRecord<>(
                partition.topic(), partition.partition(), placement.orderId().value(), bytes);
    }
}
