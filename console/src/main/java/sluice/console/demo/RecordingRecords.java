package sluice.console.demo;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import sluice.avro.Market;
import sluice.avro.Quote;
import sluice.avro.Settlement;
import sluice.avro.Signal;
import sluice.topics.Topic;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.venues.recording.RecordedEvent;
import sluice.wire.AvroSerde;
import sluice.wire.MarketCodec;
import sluice.wire.SchemaRegistry;
import sluice.wire.SignalCodec;

/**
 * Writes recorded events as the records that connectors and models would have written. Each carries its number in the
 * recording as a header, so that a player that was killed goes on behind the last one that was published.
 */
final class RecordingRecords {
    /** Number of the event in its recording, eight bytes, big endian. */
    static final String SEQUENCE = "recording-sequence";

    /** Topics that a recording is published to. */
    static final java.util.List<Topic> TOPICS = java.util.List.of(
            Topics.MARKET_QUOTES,
            Topics.MARKET_METADATA,
            Topics.MARKET_SETTLEMENTS,
            Topics.SIGNALS,
            Topics.SIGNALS_JSON);

    private final TopicSettings topics;
    private final AvroSerde<Quote> quotes;
    private final AvroSerde<Market> markets;
    private final AvroSerde<Settlement> settlements;
    private final AvroSerde<Signal> signals;

    RecordingRecords(TopicSettings topics, SchemaRegistry registry) {
        this.topics = topics;
        this.quotes = new AvroSerde<>(Quote.class, registry);
        this.markets = new AvroSerde<>(Market.class, registry);
        this.settlements = new AvroSerde<>(Settlement.class, registry);
        this.signals = new AvroSerde<>(Signal.class, registry);
    }

    /** The record of an event; null for a fill that really happened, which only a connector may tell. */
    @Nullable
    ProducerRecord<byte[], byte[]> of(long sequence, RecordedEvent event) {
        return switch (event) {
            case RecordedEvent.QuoteEvent quote ->
                avro(
                        Topics.MARKET_QUOTES,
                        quote.quote().market().toString(),
                        quotes,
                        MarketCodec.toAvro(quote.quote()),
                        event,
                        sequence);
            case RecordedEvent.MarketEvent market ->
                avro(
                        Topics.MARKET_METADATA,
                        market.market().id().toString(),
                        markets,
                        MarketCodec.toAvro(market.market()),
                        event,
                        sequence);
            case RecordedEvent.SettlementEvent settlement ->
                avro(
                        Topics.MARKET_SETTLEMENTS,
                        settlement.settlement().market().toString(),
                        settlements,
                        MarketCodec.toAvro(settlement.settlement()),
                        event,
                        sequence);
            case RecordedEvent.SignalEvent signal ->
                avro(
                        Topics.SIGNALS,
                        signal.signal().account().value(),
                        signals,
                        SignalCodec.toAvro(signal.signal()),
                        event,
                        sequence);
            case RecordedEvent.RawSignalEvent raw -> {
                String key = raw.key();
                yield record(
                        Topics.SIGNALS_JSON,
                        key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                        raw.value(),
                        event,
                        sequence);
            }
            case RecordedEvent.FillEvent fill -> null;
        };
    }

    private <T extends SpecificRecord> ProducerRecord<byte[], byte[]> avro(
            Topic topic, String key, AvroSerde<T> serde, T value, RecordedEvent event, long sequence) {
        byte[] bytes = serde.serialize(topics.nameOf(topic), value);
        if (bytes == null) {
            throw new IllegalStateException("a record of " + topic.name() + " has no bytes");
        }
        return record(topic, key.getBytes(StandardCharsets.UTF_8), bytes, event, sequence);
    }

    private ProducerRecord<byte[], byte[]> record(
            Topic topic, byte @Nullable [] key, byte[] value, RecordedEvent event, long sequence) {
        var record = new ProducerRecord<byte[], byte[]>(topics.nameOf(topic), null, event.atMillis(), key, value);
        record.headers().add(SEQUENCE, ByteBuffer.allocate(8).putLong(sequence).array());
        return record;
    }

    /** Number of the recorded event that a record was made from; -1 if it came from elsewhere. */
    static long sequenceOf(Headers headers) {
        Header header = headers.lastHeader(SEQUENCE);
        return header == null ? -1 : ByteBuffer.wrap(header.value()).getLong();
    }
}
