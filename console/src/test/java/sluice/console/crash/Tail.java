package sluice.console.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import sluice.avro.AccountState;
import sluice.avro.Decision;
import sluice.avro.Fill;
import sluice.avro.Placement;
import sluice.avro.PlacementStage;
import sluice.avro.Position;
import sluice.avro.VenueReport;
import sluice.avro.Verdict;
import sluice.domain.Micros;
import sluice.topics.Topic;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.wire.AvroSerde;
import sluice.wire.SchemaRegistry;

/** Everything that is committed to the topics that matter here, as it comes. Thread-safe. */
final class Tail implements AutoCloseable {
    private static final List<Topic> TOPICS = List.of(
            Topics.DECISIONS, Topics.PLACEMENTS, Topics.VENUE_REPORTS, Topics.FILLS, Topics.POSITIONS, Topics.ACCOUNTS);

    /** What became of an order for certain, and when that was written. */
    record Conclusion(String type, String why, long atMillis) {}

    /** An order's first placement. */
    record Sent(String orderId, long writtenAtMillis, long deadlineMillis) {}

    private final TopicSettings topics;
    private final AvroSerde<Decision> decisionSerde;
    private final AvroSerde<Placement> placementSerde;
    private final AvroSerde<VenueReport> reportSerde;
    private final AvroSerde<Fill> fillSerde;
    private final AvroSerde<Position> positionSerde;
    private final AvroSerde<AccountState> accountSerde;
    private final Thread thread;
    private volatile boolean closing;
    private volatile @Nullable Throwable failure;

    private final Map<String, Decision> decisions = new LinkedHashMap<>();
    private final Map<String, Decision> approvals = new HashMap<>();
    private final Map<String, Sent> sentByOrder = new HashMap<>();
    private final Map<String, Integer> sentCounts = new HashMap<>();
    private final Map<String, String> orderByClientId = new HashMap<>();
    private final Map<String, Conclusion> conclusions = new TreeMap<>();
    private final List<String> contradictions = new ArrayList<>();
    private final Set<String> trades = new HashSet<>();
    private final Map<String, Long> filledByVenueOrder = new HashMap<>();
    private final Map<String, Long> feesByVenueOrder = new HashMap<>();
    private final List<String> namelessFills = new ArrayList<>();
    private final Map<String, Position> positions = new HashMap<>();
    private @Nullable AccountState account;

    Tail(Map<String, Object> client, TopicSettings topics, SchemaRegistry registry) {
        this.topics = topics;
        this.decisionSerde = new AvroSerde<>(Decision.class, registry);
        this.placementSerde = new AvroSerde<>(Placement.class, registry);
        this.reportSerde = new AvroSerde<>(VenueReport.class, registry);
        this.fillSerde = new AvroSerde<>(Fill.class, registry);
        this.positionSerde = new AvroSerde<>(Position.class, registry);
        this.accountSerde = new AvroSerde<>(AccountState.class, registry);
        this.thread = Thread.ofPlatform().name("tail").start(() -> {
            try {
                run(client);
            } catch (RuntimeException e) {
                failure = e;
            }
        });
    }

    private void run(Map<String, Object> client) {
        var settings = new HashMap<>(client);
        settings.put("isolation.level", "read_committed");
        settings.put("fetch.max.wait.ms", 20);
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = new ArrayList<TopicPartition>();
            for (Topic topic : TOPICS) {
                consumer.partitionsFor(topics.nameOf(topic))
                        .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!closing) {
                for (var record : consumer.poll(Duration.ofMillis(50))) {
                    take(record);
                }
            }
        }
    }

    private static <T extends SpecificRecord> T value(AvroSerde<T> serde, ConsumerRecord<String, byte[]> record) {
        T value = serde.deserialize(record.topic(), record.value());
        if (value == null) {
            throw new IllegalStateException("an empty record in " + record.topic());
        }
        return value;
    }

    private synchronized void take(ConsumerRecord<String, byte[]> record) {
        Topic topic = topics.topicOf(record.topic()).orElseThrow();
        if (topic.equals(Topics.DECISIONS)) {
            var decision = value(decisionSerde, record);
            decisions.putIfAbsent(decision.getIdempotencyKey(), decision);
            String orderId = decision.getOrderId();
            if (decision.getVerdict() == Verdict.APPROVED && orderId != null) {
                approvals.putIfAbsent(orderId, decision);
            }
        } else if (topic.equals(Topics.PLACEMENTS)) {
            take(value(placementSerde, record), record.timestamp());
        } else if (topic.equals(Topics.VENUE_REPORTS)) {
            take(value(reportSerde, record), record.timestamp());
        } else if (topic.equals(Topics.FILLS)) {
            var fill = value(fillSerde, record);
            if (trades.add(fill.getTradeId() + "|" + fill.getVenueOrderId())) {
                filledByVenueOrder.merge(fill.getVenueOrderId(), Micros.exact(fill.getQuantity()), Long::sum);
                feesByVenueOrder.merge(fill.getVenueOrderId(), Micros.exact(fill.getFee()), Long::sum);
            }
            if (fill.getOrderId().isEmpty()) {
                namelessFills.add(fill.getTradeId() + " of " + fill.getVenueOrderId());
            }
        } else if (topic.equals(Topics.POSITIONS)) {
            var position = value(positionSerde, record);
            positions.put(position.getVenue() + ":" + position.getMarketId(), position);
        } else {
            account = value(accountSerde, record);
        }
    }

    private void take(Placement placement, long atMillis) {
        orderByClientId.put(placement.getClientOrderId(), placement.getOrderId());
        if (placement.getStage() == PlacementStage.SENT) {
            sentCounts.merge(placement.getOrderId(), 1, Integer::sum);
            sentByOrder.putIfAbsent(
                    placement.getOrderId(),
                    new Sent(
                            placement.getOrderId(),
                            atMillis,
                            placement.getDeadline().toEpochMilli()));
        }
    }

    private void take(VenueReport report, long atMillis) {
        switch (report.getType()) {
            case ACCEPTED, REFUSED, NOT_SENT, ABSENT -> {
                var before = conclusions.putIfAbsent(
                        report.getOrderId(),
                        new Conclusion(report.getType().name(), report.getCode() + " " + report.getDetail(), atMillis));
                if (before != null && !before.type.equals(report.getType().name())) {
                    contradictions.add(
                            "order " + report.getOrderId() + " was " + before.type + " and then " + report.getType());
                }
            }
            default -> {}
        }
    }

    void requireAlive() {
        if (failure != null) {
            throw new IllegalStateException("the topics cannot be followed", failure);
        }
    }

    synchronized @Nullable Decision decisionOn(String key) {
        return decisions.get(key);
    }

    synchronized @Nullable Decision approvalOf(String orderId) {
        return approvals.get(orderId);
    }

    synchronized @Nullable Sent sent(String orderId) {
        return sentByOrder.get(orderId);
    }

    synchronized int timesSent(String orderId) {
        return sentCounts.getOrDefault(orderId, 0);
    }

    synchronized @Nullable String orderOfClientId(String clientId) {
        return orderByClientId.get(clientId);
    }

    synchronized @Nullable Conclusion conclusionOn(String orderId) {
        return conclusions.get(orderId);
    }

    synchronized long filled(String venueOrderId) {
        return filledByVenueOrder.getOrDefault(venueOrderId, 0L);
    }

    synchronized long fees(String venueOrderId) {
        return feesByVenueOrder.getOrDefault(venueOrderId, 0L);
    }

    synchronized long yesHeld(String market) {
        var position = positions.get(market);
        return position == null ? 0 : Micros.exact(position.getYesQuantity());
    }

    /** Worst-case cost of all orders that the account task takes to be open. */
    synchronized long reserved() {
        return account == null ? 0 : Micros.exact(account.getReserved());
    }

    synchronized long openOrders() {
        return account == null ? 0 : account.getOpenOrders();
    }

    synchronized List<String> contradictions() {
        return List.copyOf(contradictions);
    }

    synchronized List<String> namelessFills() {
        return List.copyOf(namelessFills);
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
