package sluice.venues.recording.publish;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import sluice.avro.Fill;
import sluice.avro.Market;
import sluice.avro.Quote;
import sluice.avro.Settlement;
import sluice.avro.Signal;
import sluice.topics.Topic;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.venues.placement.CommandTopic;
import sluice.venues.recording.RecordedEvent;
import sluice.venues.recording.RecordedEvent.FillEvent;
import sluice.venues.recording.RecordedEvent.MarketEvent;
import sluice.venues.recording.RecordedEvent.QuoteEvent;
import sluice.venues.recording.RecordedEvent.RawSignalEvent;
import sluice.venues.recording.RecordedEvent.SettlementEvent;
import sluice.venues.recording.RecordedEvent.SignalEvent;
import sluice.wire.AvroSerde;
import sluice.wire.MarketCodec;
import sluice.wire.OrderCodec;
import sluice.wire.SchemaRegistry;
import sluice.wire.SignalCodec;

/**
 * Makes the records that connectors and models would have written out of recorded events.
 *
 * <p>Each has the event's time, names its partition (the one that Kafka would choose for its key), and carries the
 * event's number in the recording as a header. So a player that was killed can tell which events stand in the topics.
 * Safe for several threads.
 */
public final class RecordingRecords {
    /** Header with the number of the event in its recording, from 0: eight bytes, big endian. */
    public static final String SEQUENCE = "recording-sequence";

    /** Every topic that an event can go to. */
    public static final List<Topic> TOPICS = List.of(
            Topics.MARKET_QUOTES,
            Topics.MARKET_METADATA,
            Topics.MARKET_SETTLEMENTS,
            Topics.SIGNALS,
            Topics.SIGNALS_JSON,
            Topics.FILLS);

    private final TopicSettings topics;
    private final boolean withFills;
    private final AvroSerde<Quote> quotes;
    private final AvroSerde<Market> markets;
    private final AvroSerde<Settlement> settlements;
    private final AvroSerde<Signal> signals;
    private final AvroSerde<Fill> fills;

    /**
     * Makes records for one deployment.
     *
     * @param withFills whether fills are written too. They really happened; beside a venue that fills the recorded
     *     signals anew, they would be booked twice
     */
    public RecordingRecords(TopicSettings topics, SchemaRegistry registry, boolean withFills) {
        this.topics = topics;
        this.withFills = withFills;
        this.quotes = new AvroSerde<>(Quote.class, registry);
        this.markets = new AvroSerde<>(Market.class, registry);
        this.settlements = new AvroSerde<>(Settlement.class, registry);
        this.signals = new AvroSerde<>(Signal.class, registry);
        this.fills = new AvroSerde<>(Fill.class, registry);
    }

    /** The record of an event; null for a fill that is not to be written. */
    public @Nullable ProducerRecord<byte[], byte[]> of(long sequence, RecordedEvent event) {
        return switch (event) {
            case QuoteEvent e ->
                avro(
                        Topics.MARKET_QUOTES,
                        e.quote().market().toString(),
                        quotes,
                        MarketCodec.toAvro(e.quote()),
                        e,
                        sequence);
            case MarketEvent e ->
                avro(
                        Topics.MARKET_METADATA,
                        e.market().id().toString(),
                        markets,
                        MarketCodec.toAvro(e.market()),
                        e,
                        sequence);
            case SettlementEvent e ->
                avro(
                        Topics.MARKET_SETTLEMENTS,
                        e.settlement().market().toString(),
                        settlements,
                        MarketCodec.toAvro(e.settlement()),
                        e,
                        sequence);
            case SignalEvent e ->
                avro(
                        Topics.SIGNALS,
                        e.signal().account().value(),
                        signals,
                        SignalCodec.toAvro(e.signal()),
                        e,
                        sequence);
            case RawSignalEvent e -> record(Topics.SIGNALS_JSON, e.key(), e.value(), e, sequence);
            case FillEvent e ->
                withFills
                        ? avro(
                                Topics.FILLS,
                                e.fill().account().value(),
                                fills,
                                OrderCodec.toAvro(e.fill()),
                                e,
                                sequence)
                        : null;
        };
    }

    private <T extends SpecificRecord> ProducerRecord<byte[], byte[]> avro(
            Topic topic, String key, AvroSerde<T> serde, T value, RecordedEvent event, long sequence) {
        byte[] bytes = serde.serialize(topics.nameOf(topic), value);
        if (bytes == null) {
            throw new IllegalStateException("a record of " + topic.name() + " has no bytes");
        }
        return record(topic, key, bytes, event, sequence);
    }

    private ProducerRecord<byte[], byte[]> record(
            Topic topic, @Nullable String key, byte[] value, RecordedEvent event, long sequence) {
        byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        int partitions = topics.partitionsOf(topic);
        // Without a key Kafka would choose anew on every run, and a rerun could not tell what is there.
        int partition = key == null ? Math.floorMod(sequence, partitions) : CommandTopic.partitionOf(key, partitions);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topics.nameOf(topic), partition, event.atMillis(), keyBytes, value);
        record.headers()
                .add(SEQUENCE, ByteBuffer.allocate(Long.BYTES).putLong(sequence).array());
        return record;
    }

    /** Number of the event that a record was made from; -1 if it was made from none. */
    public static long sequenceOf(Headers headers) {
        Header header = headers.lastHeader(SEQUENCE);
        return header == null || header.value() == null || header.value().length != Long.BYTES
                ? -1
                : ByteBuffer.wrap(header.value()).getLong();
    }
}
