package sluice.venues.marketdata;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.avro.Position;
import sluice.avro.Signal;
import sluice.domain.MarketId;
import sluice.domain.Micros;
import sluice.topics.Topics;
import sluice.venues.placement.TopicReader;
import sluice.wire.AvroSerde;
import sluice.wire.InvalidRecordException;
import sluice.wire.MarketCodec;
import sluice.wire.RegistryUnavailableException;
import sluice.wire.UnreadableRecordException;
import sluice.wire.VocabularyCodec;

/**
 * Who asks for which market: signals in either format from some time ago on, every open position, and the results that
 * were told before. For one thread.
 */
final class InterestFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InterestFeed.class);

    /** So many of the newest signals of a partition are read at the start, at most. */
    private static final long MOST_SIGNALS_BACK = 20_000;

    private final MarketDataConfig config;
    private final FollowedMarkets followed;
    private final String signalsTopic;
    private final String jsonTopic;
    private final String positionsTopic;
    private final AvroSerde<Signal> signalSerde;
    private final AvroSerde<Position> positionSerde;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> toReach = new HashMap<>();

    InterestFeed(MarketDataConfig config, FollowedMarkets followed) {
        this.config = config;
        this.followed = followed;
        this.signalsTopic = config.topics().nameOf(Topics.SIGNALS);
        this.jsonTopic = config.topics().nameOf(Topics.SIGNALS_JSON);
        this.positionsTopic = config.topics().nameOf(Topics.POSITIONS);
        this.signalSerde = new AvroSerde<>(Signal.class, config.registry());
        this.positionSerde = new AvroSerde<>(Position.class, config.registry());
        var settings = new HashMap<>(config.client());
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // What is deleted while it was to be read next was too old to matter.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        this.consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            begin();
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    private void begin() {
        var all = new TreeMap<TopicPartition, String>((a, b) -> a.toString().compareTo(b.toString()));
        for (var topic : List.of(signalsTopic, jsonTopic, positionsTopic)) {
            consumer.partitionsFor(topic).forEach(info -> all.put(new TopicPartition(topic, info.partition()), topic));
        }
        consumer.assign(all.keySet());
        var beginnings = consumer.beginningOffsets(all.keySet());
        var ends = consumer.endOffsets(all.keySet());
        long since = config.clock().millis() - config.tuning().keep().toMillis();
        var times = new HashMap<TopicPartition, Long>();
        all.keySet().forEach(partition -> times.put(partition, Math.max(0, since)));
        var recent = consumer.offsetsForTimes(times);
        all.forEach((partition, topic) -> {
            long end = ends.getOrDefault(partition, 0L);
            long from = beginnings.getOrDefault(partition, 0L);
            if (!topic.equals(positionsTopic)) {
                var first = recent.get(partition);
                from = Math.max(first == null ? end : first.offset(), Math.max(from, end - MOST_SIGNALS_BACK));
            }
            consumer.seek(partition, from);
            toReach.put(partition, end);
        });
    }

    /** Results that were told before, oldest first in each market. */
    void readResults(Consumer<sluice.domain.market.Settlement> into) {
        var serde = new AvroSerde<>(sluice.avro.Settlement.class, config.registry());
        try (var reader = new TopicReader(config.client())) {
            var partitions = reader.partitionsOf(config.topics().nameOf(Topics.MARKET_SETTLEMENTS));
            var beginnings = reader.beginnings(partitions);
            var ends = reader.ends(partitions);
            for (var partition : partitions) {
                reader.read(
                        partition, beginnings.getOrDefault(partition, 0L), ends.getOrDefault(partition, 0L), record -> {
                            var settlement = result(serde, record);
                            if (settlement != null && settlement.market().venue() == config.venue()) {
                                into.accept(settlement);
                            }
                        });
            }
        }
    }

    private static sluice.domain.market.@Nullable Settlement result(
            AvroSerde<sluice.avro.Settlement> serde, ConsumerRecord<String, byte[]> record) {
        try {
            var value = serde.deserialize(record.topic(), record.value());
            return value == null ? null : MarketCodec.fromAvro(value);
        } catch (UnreadableRecordException | InvalidRecordException e) {
            // Ingress keeps it as a dead letter. What it may have told is told again, which does no harm.
            return null;
        }
    }

    /** Takes in what has arrived; waits for so long if nothing has. */
    boolean poll(Duration atMost) {
        var records = consumer.poll(atMost);
        for (var record : records) {
            try {
                take(record);
            } catch (UnreadableRecordException | InvalidRecordException e) {
                // Ingress reads the same signals and keeps such a one as a dead letter; positions are our own.
                LOG.debug("{}/{}@{} names no market: {}", record.topic(), record.partition(), record.offset(), e);
            } catch (RegistryUnavailableException e) {
                LOG.warn(
                        "{}/{}@{} could not be read, and its market is followed from the next one on: {}",
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        e.getMessage());
            }
        }
        toReach.entrySet().removeIf(each -> consumer.position(each.getKey()) >= each.getValue());
        return !records.isEmpty();
    }

    /** Whether everything was taken in that was there at the start. */
    boolean isCaughtUp() {
        return toReach.isEmpty();
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        var topic = record.topic();
        if (topic.equals(positionsTopic)) {
            position(record);
            return;
        }
        if (record.value() == null) {
            return;
        }
        List<MarketId> markets;
        if (topic.equals(jsonTopic)) {
            markets = SignalledMarket.of(record.value());
        } else {
            var signal = signalSerde.deserialize(topic, record.value());
            markets = signal == null ? List.of() : SignalledMarket.of(signal);
        }
        // A producer's clock may be ahead; no signal is younger than now.
        long at = Math.min(record.timestamp(), config.clock().millis());
        for (MarketId market : markets) {
            if (market.venue() == config.venue()) {
                followed.signalled(market, at);
            }
        }
    }

    private void position(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            return;
        }
        var name = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            followed.holdsNothing(name);
            return;
        }
        var position = positionSerde.deserialize(positionsTopic, record.value());
        if (position == null) {
            return;
        }
        var market = VocabularyCodec.market(
                "Position.market_id",
                VocabularyCodec.fromAvro("Position.venue", position.getVenue()),
                position.getMarketId());
        boolean open = !position.getSettled()
                && (Micros.exact(position.getYesQuantity()) != 0 || Micros.exact(position.getNoQuantity()) != 0);
        if (open && market.venue() == config.venue()) {
            followed.holds(name, market);
        } else {
            followed.holdsNothing(name);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
