package sluice.venues.paper;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import sluice.domain.paper.PaperEvent;
import sluice.venues.placement.FencedProducer;
import sluice.wire.AvroSerde;

/** The ledger in one partition of its topic; what one call appends is one transaction. */
final class KafkaPaperLedger implements PaperLedger {
    private final FencedProducer producer;
    private final TopicPartition partition;
    private final AvroSerde<sluice.avro.PaperEvent> serde;
    private long nextOffset;

    /** @param nextOffset where the ledger ends now */
    KafkaPaperLedger(
            FencedProducer producer,
            TopicPartition partition,
            AvroSerde<sluice.avro.PaperEvent> serde,
            long nextOffset) {
        this.producer = producer;
        this.partition = partition;
        this.serde = serde;
        this.nextOffset = nextOffset;
    }

    @Override
    public void append(List<PaperEvent> events) {
        var records = new ArrayList<ProducerRecord<String, byte[]>>(events.size());
        for (var event : events) {
            var key = event.venue() + "|" + event.account();
            var bytes = serde.serialize(partition.topic(), PaperEventCodec.toAvro(event));
            records.add(new ProducerRecord<>(partition.topic(), partition.partition(), key, bytes));
        }
        var offsets = producer.commit(records);
        nextOffset = offsets.get(offsets.size() - 1) + 1;
    }

    /** Everything in the ledger is before this offset. */
    long nextOffset() {
        return nextOffset;
    }
}
