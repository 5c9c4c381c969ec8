package sluice.venues.placement;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import sluice.avro.VenueHealth;
import sluice.avro.VenueSnapshot;
import sluice.domain.market.Market;
import sluice.domain.market.Quote;
import sluice.domain.market.Settlement;
import sluice.domain.order.Fill;
import sluice.domain.order.VenueReport;
import sluice.fault.CrashPoint;
import sluice.topics.Topic;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.wire.AvroSerde;
import sluice.wire.MarketCodec;
import sluice.wire.OrderCodec;
import sluice.wire.SchemaRegistry;

/** What leaves a connector, at least once. Not safe for several threads. */
public final class Outbox implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final KafkaProducer<String, byte[]> producer;
    private final AvroSerde<sluice.avro.VenueReport> reportSerde;
    private final AvroSerde<sluice.avro.Fill> fillSerde;
    private final AvroSerde<VenueSnapshot> snapshotSerde;
    private final AvroSerde<VenueHealth> healthSerde;
    private final String reports;
    private final String fills;
    private final String snapshots;
    private final AvroSerde<sluice.avro.Market> marketSerde;
    private final AvroSerde<sluice.avro.Quote> quoteSerde;
    private final AvroSerde<sluice.avro.Settlement> settlementSerde;
    private final String health;
    private final String metadata;
    private final String quotes;
    private final String settlements;
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();

    public Outbox(Map<String, Object> client, TopicSettings topics, SchemaRegistry registry) {
        var config = new HashMap<>(client);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topic.LARGEST_WRAPPING_BATCH);
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        this.producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
        this.reportSerde = new AvroSerde<>(sluice.avro.VenueReport.class, registry);
        this.fillSerde = new AvroSerde<>(sluice.avro.Fill.class, registry);
        this.snapshotSerde = new AvroSerde<>(VenueSnapshot.class, registry);
        this.healthSerde = new AvroSerde<>(VenueHealth.class, registry);
        this.marketSerde = new AvroSerde<>(sluice.avro.Market.class, registry);
        this.quoteSerde = new AvroSerde<>(sluice.avro.Quote.class, registry);
        this.settlementSerde = new AvroSerde<>(sluice.avro.Settlement.class, registry);
        this.metadata = topics.nameOf(Topics.MARKET_METADATA);
        this.quotes = topics.nameOf(Topics.MARKET_QUOTES);
        this.settlements = topics.nameOf(Topics.MARKET_SETTLEMENTS);
        this.health = topics.nameOf(Topics.VENUE_HEALTH);
        this.reports = topics.nameOf(Topics.VENUE_REPORTS);
        this.fills = topics.nameOf(Topics.FILLS);
        this.snapshots = topics.nameOf(Topics.VENUE_SNAPSHOTS);
    }

    public void send(VenueReport report) {
        send(reports, report.account().value(), reportSerde, OrderCodec.toAvro(report));
    }

    public void send(Fill fill) {
        send(fills, fill.account().value(), fillSerde, OrderCodec.toAvro(fill));
    }

    public void send(VenueHealth of) {
        send(health, of.getVenue().name(), healthSerde, of);
    }

    public void send(AccountSnapshot snapshot) {
        var avro = snapshot.toAvro();
        send(snapshots, avro.getAccount() + "|" + avro.getVenue(), snapshotSerde, avro);
    }

    public void send(Market market) {
        send(metadata, market.id().toString(), marketSerde, MarketCodec.toAvro(market));
    }

    public void send(Quote quote) {
        send(quotes, quote.market().toString(), quoteSerde, MarketCodec.toAvro(quote));
    }

    public void send(Settlement settlement) {
        send(settlements, settlement.market().toString(), settlementSerde, MarketCodec.toAvro(settlement));
    }

    private <T extends SpecificRecord> void send(String topic, String key, AvroSerde<T> serde, T value) {
        sent.add(producer.send(new ProducerRecord<>(topic, key, serde.serialize(topic, value))));
    }

    /**
     * Returns once everything is delivered.
     *
     * @throws KafkaException if something was not
     */
    public void flush() {
        if (sent.isEmpty()) {
            return;
        }
        CrashPoint.OUTBOX_BEFORE_FLUSH.pass();
        producer.flush();
        try {
            for (var each : sent) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new KafkaException("what a connector has to tell could not be delivered", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while delivering what a connector has to tell", e);
        }
        CrashPoint.OUTBOX_FLUSHED.pass();
        sent.clear();
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
