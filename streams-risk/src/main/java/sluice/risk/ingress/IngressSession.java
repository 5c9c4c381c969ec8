package sluice.risk.ingress;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.avro.DeadLetter;
import sluice.domain.AccountId;
import sluice.domain.journal.JournalEntry;
import sluice.domain.journal.Origin;
import sluice.fault.CrashPoint;
import sluice.risk.ingress.Intake.Outcome;
import sluice.risk.ingress.core.IngressCore;
import sluice.risk.ingress.core.IngressCore.Append;
import sluice.topics.Topic;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.wire.AvroSerde;
import sluice.wire.RegistryUnavailableException;
import sluice.wire.SchemaRegistry;

/**
 * Ingress from one start of its clients to their end. When the broker fails it, it ends with an exception, and the next
 * one starts from what was committed: recovery is a start, and every start is a recovery. For one thread.
 *
 * <p>Nothing is committed before every entry and every dead letter that was made of it is acknowledged.
 */
final class IngressSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IngressSession.class);

    /**
     * What changes accounts, in the order in which it is taken where several wait: a halt stops the signals beside it,
     * and facts count before wishes.
     */
    private static final List<Topic> INPUTS = List.of(
            Topics.CONTROL,
            Topics.RISK_LIMITS,
            Topics.MARKET_SETTLEMENTS,
            Topics.VENUE_SNAPSHOTS,
            Topics.VENUE_REPORTS,
            Topics.FILLS,
            Topics.SIGNALS,
            Topics.SIGNALS_JSON);

    /** What belongs beside a signal. */
    private static final List<Topic> MARKET_DATA = List.of(Topics.MARKET_METADATA, Topics.MARKET_QUOTES);

    private static final byte[] TO_ALL = AccountId.ALL.value().getBytes(StandardCharsets.UTF_8);

    /** How long to wait for work before looking at the clock and at market data again. */
    private static final Duration PATIENCE = Duration.ofMillis(2);

    /** A flood of quotes may hold up signals for so long. */
    private static final Duration CATCH_UP_AT_MOST = Duration.ofMillis(50);

    /** Rounds that may be on their way to the broker; the next one waits for the oldest. */
    private static final int MOST_ROUNDS = 64;

    /** How long everything waits for the schema of one record; a halt may stand behind it. */
    private static final Duration REGISTRY_PATIENCE = Duration.ofMillis(200);

    /** How long a partition waits before the registry is asked again. */
    private static final Duration REGISTRY_PAUSE = Duration.ofSeconds(1);

    /** Most quotes of a partition that are read back at a start. */
    private static final long MOST_QUOTES = 500_000;

    private static final Duration CLOSE_AT_MOST = Duration.ofSeconds(5);
    private static final int LONGEST_REASON = 2_000;
    private static final int ENVELOPE = 16 * 1024;

    private final IngressSettings settings;
    private final TopicSettings topics;
    private final InstantSource clock;
    private final BooleanSupplier stopping;
    private final Map<TopicPartition, Long> positions;
    private final IngressMetrics metrics;

    private final Producer<byte[], byte[]> producer;
    private final Consumer<byte[], byte[]> inputs;
    private final Consumer<byte[], byte[]> marketData;
    private final AvroSerde<DeadLetter> deadLetters;
    private final IngressCore core;
    private final Intake intake;
    private final List<TopicPartition> journal;

    private final Map<TopicPartition, Waiting> waiting = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
    private final Deque<Round> unacknowledged = new ArrayDeque<>();
    private List<Future<RecordMetadata>> sent = new ArrayList<>();

    /** A partition whose next record needs a schema that cannot be had now. */
    private record Waiting(Consumer<byte[], byte[]> consumer, long untilNanos) {}

    /** What was sent in a round, and how far the inputs are taken once all of it is acknowledged. */
    private record Round(List<Future<RecordMetadata>> sent, Map<TopicPartition, OffsetAndMetadata> next) {
        boolean isAcknowledged() {
            return sent.stream().allMatch(Future::isDone);
        }
    }

    /** The broker did not take an entry or a dead letter. */
    static final class AppendFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        AppendFailedException(@Nullable Throwable cause) {
            super("an entry was not acknowledged: " + cause, cause);
        }
    }

    /** Something that a start needs is not there yet. */
    static final class NotReadyException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotReadyException(String message) {
            super(message);
        }
    }

    /**
     * Opens the clients, reads where the journal's time stands and what is known of the markets, and joins the group.
     *
     * @param kafka how to reach the broker: bootstrap servers and security
     * @param stopping asked now and then; a start that is no longer wanted ends early
     * @param positions where to tell how far each partition was taken
     * @throws NotReadyException if a topic does not exist
     * @throws RegistryUnavailableException if the registry does not answer
     * @throws KafkaException if the broker does not do its part
     */
    IngressSession(
            IngressSettings settings,
            Map<String, Object> kafka,
            SchemaRegistry registry,
            InstantSource clock,
            BooleanSupplier stopping,
            Map<TopicPartition, Long> positions,
            IngressMetrics metrics) {
        this.settings = settings;
        this.topics = settings.topics();
        this.clock = clock;
        this.stopping = stopping;
        this.positions = positions;
        this.metrics = metrics;
        this.deadLetters = new AvroSerde<>(DeadLetter.class, registry);
        this.producer = producer(kafka);
        this.inputs = consumer(kafka, groupMember());
        this.marketData = consumer(kafka, Map.of(ConsumerConfig.CLIENT_ID_CONFIG, settings.instanceId() + "-markets"));
        try {
            Map<String, List<PartitionInfo>> existing = marketData.listTopics();
            requireTopics(existing);
            this.journal = partitions(existing, List.of(Topics.JOURNAL));
            this.core = new IngressCore(
                    settings.accounts(),
                    settings.zone(),
                    settings.tickEvery(),
                    settings.markEvery(),
                    newestTimeIn(journal));
            this.intake = new Intake(core, settings, new BackgroundRegistry(registry, REGISTRY_PATIENCE));
            askForOurSchemas();
            followMarkets(existing);
            inputs.subscribe(INPUTS.stream().map(topics::nameOf).toList(), new Assignment());
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Whether the group has given us partitions; before, nothing is taken. */
    boolean ready() {
        return !inputs.assignment().isEmpty();
    }

    /**
     * One round: takes what has come and tells what time it is. What an earlier round sent and the broker acknowledged
     * since is committed.
     *
     * @throws AppendFailedException if the broker did not take something; the session is of no use any more
     */
    void step() {
        goOnAfterWaiting();
        ConsumerRecords<byte[], byte[]> inbox = inputs.poll(PATIENCE);
        if (!inbox.isEmpty()) {
            CrashPoint.INGRESS_READ.pass();
        }
        applyMarketData();
        tellTime();
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>(inbox.nextOffsets());
        for (Topic topic : INPUTS) {
            for (ConsumerRecord<byte[], byte[]> record : inbox.records(topics.nameOf(topic))) {
                var partition = new TopicPartition(record.topic(), record.partition());
                if (!waiting.containsKey(partition) && !take(topic, record)) {
                    waitForRegistry(inputs, partition, record.offset());
                    next.put(partition, new OffsetAndMetadata(record.offset()));
                }
            }
        }
        endRound(next);
        commitAcknowledged();
    }

    /** Waits until all that was sent is acknowledged, and commits it. */
    void finish() {
        producer.flush();
        commitAcknowledged();
    }

    /** Ends the clients; what is acknowledged is committed, as far as the broker still answers. */
    @Override
    public void close() {
        try {
            inputs.commitSync(done, CLOSE_AT_MOST);
        } catch (KafkaException e) {
            LOG.info("the last offsets are not committed; the next start repeats their records: {}", e.toString());
        }
        for (AutoCloseable client : List.<AutoCloseable>of(
                () -> inputs.close(CloseOptions.timeout(CLOSE_AT_MOST)),
                () -> marketData.close(CloseOptions.timeout(CLOSE_AT_MOST)),
                () -> producer.close(CLOSE_AT_MOST))) {
            try {
                client.close();
            } catch (Exception e) {
                LOG.info("a client did not close cleanly: {}", e.toString());
            }
        }
    }

    // ---------------------------------------------------------------- taking

    /** Takes a record into the journal or to the dead letters; false if it must wait for its schema. */
    private boolean take(Topic topic, ConsumerRecord<byte[], byte[]> record) {
        tellTime();
        var origin = new Origin(topic.name(), record.partition(), record.offset());
        Outcome outcome;
        try {
            outcome = intake.take(topic, origin, record.key(), record.value());
        } catch (RegistryUnavailableException e) {
            LOG.warn("{} waits for the schema registry: {}", origin, e.getMessage());
            return false;
        }
        metrics.took(topic);
        switch (outcome) {
            case Outcome.Journaled(Intake.Entry entry) -> append(entry);
            case Outcome.Remembered() -> {}
            case Outcome.Rejected(String reason) -> putAside(topic, origin, record, reason);
        }
        return true;
    }

    private void tellTime() {
        long now = clock.millis();
        for (Append append : core.onTime(now)) {
            append(intake.entry(append));
        }
        metrics.aheadOfClock(core.timeMillis() - now);
    }

    private void append(Intake.Entry entry) {
        Append append = entry.append();
        String topic = topics.nameOf(Topics.JOURNAL);
        byte[] value = entry.value().array();
        if (append.account().equals(AccountId.ALL)) {
            for (TopicPartition partition : journal) {
                send(new ProducerRecord<>(topic, partition.partition(), append.timeMillis(), TO_ALL, value));
            }
        } else {
            byte[] account = append.account().value().getBytes(StandardCharsets.UTF_8);
            send(new ProducerRecord<>(topic, null, append.timeMillis(), account, value));
        }
        metrics.append();
    }

    private void putAside(Topic topic, Origin origin, ConsumerRecord<byte[], byte[]> record, String reason) {
        LOG.warn("{} goes to the dead letters: {}", origin, reason);
        String name = topics.nameOf(Topics.deadLettersOf(topic));
        byte[] letter =
                deadLetters.serialize(name, letter(origin, record.key(), record.value(), record.timestamp(), reason));
        send(new ProducerRecord<>(name, record.key(), letter));
        metrics.deadLetter(topic);
    }

    private DeadLetter letter(
            Origin origin, byte @Nullable [] key, byte @Nullable [] value, long timestamp, String reason) {
        int room = Intake.LARGEST_VALUE - ENVELOPE - (key == null ? 0 : 2 * key.length);
        boolean cut = value != null && value.length > room;
        String words = reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) + "…" : reason;
        return new DeadLetter(
                new sluice.avro.Origin(origin.topic(), origin.partition(), origin.offset()),
                key == null ? null : ByteBuffer.wrap(key),
                value == null ? null : ByteBuffer.wrap(cut ? Arrays.copyOf(value, Math.max(room, 0)) : value),
                Instant.ofEpochMilli(timestamp),
                cut ? words + " (only the first " + room + " bytes are kept here)" : words,
                Instant.ofEpochMilli(core.timeMillis()));
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        sent.add(producer.send(record));
    }

    private void endRound(Map<TopicPartition, OffsetAndMetadata> next) {
        if (!sent.isEmpty() || !next.isEmpty()) {
            unacknowledged.add(new Round(sent, next));
            sent = new ArrayList<>();
            CrashPoint.INGRESS_APPENDED.pass();
        }
    }

    /** Commits the rounds that are acknowledged, oldest first; many at once where many are. */
    private void commitAcknowledged() {
        var next = new HashMap<TopicPartition, OffsetAndMetadata>();
        while (!unacknowledged.isEmpty()
                && (unacknowledged.size() > MOST_ROUNDS
                        || unacknowledged.element().isAcknowledged())) {
            Round oldest = unacknowledged.remove();
            oldest.sent.forEach(IngressSession::requireAcknowledged);
            next.putAll(oldest.next);
        }
        if (next.isEmpty()) {
            return;
        }
        CrashPoint.INGRESS_ACKNOWLEDGED.pass();
        done.putAll(next);
        next.forEach((partition, offset) -> positions.put(partition, offset.offset()));
        inputs.commitAsync(next, (offsets, failure) -> {
            CrashPoint.INGRESS_COMMITTED.pass();
            if (failure != null) {
                LOG.info("offsets are not committed and will be with the next records: {}", failure.toString());
            }
        });
    }

    private static void requireAcknowledged(Future<RecordMetadata> sent) {
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw new AppendFailedException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    // ---------------------------------------------------------------- waiting for the registry

    private void waitForRegistry(Consumer<byte[], byte[]> consumer, TopicPartition partition, long offset) {
        consumer.seek(partition, offset);
        consumer.pause(List.of(partition));
        waiting.put(partition, new Waiting(consumer, System.nanoTime() + REGISTRY_PAUSE.toNanos()));
        metrics.postponed();
    }

    private void goOnAfterWaiting() {
        waiting.entrySet().removeIf(entry -> {
            Waiting wait = entry.getValue();
            if (System.nanoTime() - wait.untilNanos < 0) {
                return false;
            }
            wait.consumer.resume(List.of(entry.getKey()));
            return true;
        });
    }

    // ---------------------------------------------------------------- market data

    /** Applies what has come since; what is said of a market then comes before the signals that came with it. */
    private void applyMarketData() {
        long until = System.nanoTime() + CATCH_UP_AT_MOST.toNanos();
        boolean more = true;
        while (more && System.nanoTime() - until < 0) {
            more = applyMarketData(Duration.ZERO);
        }
    }

    /** Applies one poll of market data; false if nothing came. */
    private boolean applyMarketData(Duration patience) {
        ConsumerRecords<byte[], byte[]> records = marketData.poll(patience);
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>(records.nextOffsets());
        for (Topic topic : MARKET_DATA) {
            for (ConsumerRecord<byte[], byte[]> record : records.records(topics.nameOf(topic))) {
                var partition = new TopicPartition(record.topic(), record.partition());
                if (!waiting.containsKey(partition) && !take(topic, record)) {
                    waitForRegistry(marketData, partition, record.offset());
                    next.put(partition, new OffsetAndMetadata(record.offset()));
                }
            }
        }
        next.forEach((partition, offset) -> positions.put(partition, offset.offset()));
        return !next.isEmpty();
    }

    /** Reads all metadata, and quotes from a while ago, up to now; signals have to wait for that. */
    private void followMarkets(Map<String, List<PartitionInfo>> existing) {
        List<TopicPartition> metadata = partitions(existing, List.of(Topics.MARKET_METADATA));
        List<TopicPartition> quotes = partitions(existing, List.of(Topics.MARKET_QUOTES));
        List<TopicPartition> all =
                Stream.concat(metadata.stream(), quotes.stream()).toList();
        marketData.assign(all);
        Map<TopicPartition, Long> ends = marketData.endOffsets(all);
        marketData.seekToBeginning(metadata);
        long from = Math.max(0, clock.millis() - settings.quoteLookBack().toMillis());
        marketData
                .offsetsForTimes(quotes.stream().collect(Collectors.toMap(partition -> partition, partition -> from)))
                .forEach((partition, found) -> {
                    long end = requireNonNull(ends.get(partition));
                    // The clock of a replay is long before any quote arrived, and would have all of them read.
                    marketData.seek(partition, found == null ? end : Math.max(found.offset(), end - MOST_QUOTES));
                });
        all.forEach(partition -> positions.put(partition, marketData.position(partition)));
        while (!stopping.getAsBoolean() && !reached(ends)) {
            goOnAfterWaiting();
            applyMarketData(Duration.ofMillis(100));
            endRound(Map.of());
            commitAcknowledged();
        }
    }

    private boolean reached(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> marketData.position(end.getKey()) >= end.getValue());
    }

    // ---------------------------------------------------------------- starting

    private void requireTopics(Map<String, List<PartitionInfo>> existing) {
        List<String> missing = Stream.of(INPUTS, MARKET_DATA)
                .flatMap(List::stream)
                .flatMap(topic -> Stream.of(topic, Topics.deadLettersOf(topic), Topics.JOURNAL))
                .map(topics::nameOf)
                .filter(name -> !existing.containsKey(name))
                .distinct()
                .toList();
        if (!missing.isEmpty()) {
            throw new NotReadyException("topics are missing: " + String.join(", ", missing) + "; create them");
        }
    }

    private List<TopicPartition> partitions(Map<String, List<PartitionInfo>> existing, List<Topic> wanted) {
        return wanted.stream()
                .flatMap(topic -> requireNonNull(existing.get(topics.nameOf(topic))).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    /** Newest timestamp among the last records of the partitions, UTC milliseconds; 0 if there are none. */
    private long newestTimeIn(List<TopicPartition> partitions) {
        marketData.assign(partitions);
        Map<TopicPartition, Long> ends = marketData.endOffsets(partitions);
        Map<TopicPartition, Long> starts = marketData.beginningOffsets(partitions);
        ends.forEach((partition, end) ->
                marketData.seek(partition, Math.max(requireNonNull(starts.get(partition)), end - 1)));
        long newest = 0;
        while (!stopping.getAsBoolean() && !reached(ends)) {
            for (ConsumerRecord<byte[], byte[]> record : marketData.poll(Duration.ofMillis(100))) {
                newest = Math.max(newest, record.timestamp());
            }
        }
        return newest;
    }

    /** Once here, so that a registry that dies later cannot keep an entry or a dead letter from being written. */
    private void askForOurSchemas() {
        intake.entry(new Append(AccountId.ALL, 0, new JournalEntry.Tick(0), null));
        DeadLetter letter = letter(new Origin("", 0, 0), null, null, 0, "");
        for (Topic topic : Stream.of(INPUTS, MARKET_DATA).flatMap(List::stream).toList()) {
            deadLetters.serialize(topics.nameOf(Topics.deadLettersOf(topic)), letter);
        }
    }

    private final class Assignment implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> positions.put(partition, inputs.position(partition)));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            try {
                finish();
                inputs.commitSync(done);
            } catch (KafkaException e) {
                LOG.info("offsets are not committed; whoever takes over repeats their records: {}", e.toString());
            }
            onPartitionsLost(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> {
                positions.remove(partition);
                waiting.remove(partition);
                done.remove(partition);
            });
        }
    }

    // ---------------------------------------------------------------- clients

    private Producer<byte[], byte[]> producer(Map<String, Object> kafka) {
        var config = new HashMap<>(kafka);
        config.put(ProducerConfig.CLIENT_ID_CONFIG, settings.instanceId());
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // Waiting for company would be the largest part of a signal's way to its decision.
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topic.LARGEST_WRAPPING_BATCH);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 30_000);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private Map<String, Object> groupMember() {
        return Map.of(
                ConsumerConfig.CLIENT_ID_CONFIG,
                settings.instanceId(),
                ConsumerConfig.GROUP_ID_CONFIG,
                settings.groupId(),
                ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
                settings.instanceId(),
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                6_000,
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                2_000,
                // Small, so that a halt never stands behind much of a backlog of signals.
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                256 * 1024);
    }

    private static Consumer<byte[], byte[]> consumer(Map<String, Object> kafka, Map<String, Object> own) {
        var config = new HashMap<>(kafka);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.putAll(own);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
