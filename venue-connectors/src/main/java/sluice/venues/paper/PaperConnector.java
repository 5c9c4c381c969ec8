package sluice.venues.paper;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import sluice.avro.OrderCommand;
import sluice.domain.paper.PaperAccount;
import sluice.topics.Topics;
import sluice.venues.placement.CommandTopic;
import sluice.venues.placement.Outbox;
import sluice.venues.placement.TopicReader;
import sluice.wire.AvroSerde;
import sluice.wire.OrderCodec;

/**
 * Carries out commands of mode PAPER: the process role around {@link PaperVenue}.
 *
 * <p>It reads commands as a group, so that several instances share the accounts, and market data on its own. One thread
 * does everything, in this order, round after round: take news of markets, take commands, let time pass, commit to the
 * ledger, report, and only then count as done what was taken. So a crash loses nothing and repeats at most some
 * reports, and whoever reads them drops what they know.
 *
 * <p>Placements, ledger and commands of an account are in partitions of the same number, which is owned by one instance
 * at a time: the newest owner fences the others.
 */
public final class PaperConnector implements AutoCloseable {
    private static final String GROUP = "connector-paper";

    /** How long a round waits for commands when there is no other news; time and books wait as long. */
    private static final Duration ROUND = Duration.ofMillis(2);

    private static final Duration FOR_EVER = Duration.ofDays(1);
    private static final String TOLD_UNTIL = "ledger=";

    private final PaperConnectorConfig config;
    private final Consumer<Throwable> failureListener;
    private final InstantSource clock;
    private final CommandTopic commandTopic;
    private final AvroSerde<OrderCommand> commandSerde;
    private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final ReentrantLock books = new ReentrantLock();
    private final TreeMap<Integer, PaperShard> shards = new TreeMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    private final Thread thread;
    private volatile boolean closing;
    /** After a failure nobody knows how far a round got; what is closed then counts nothing as done. */
    private boolean abandoned;

    private boolean joined;

    private volatile long timeMillis;

    /** @param failureListener hears of what ended the connector, other than a close; called once, by its thread */
    public PaperConnector(PaperConnectorConfig config, Consumer<Throwable> failureListener) {
        this.config = config;
        this.failureListener = failureListener;
        this.clock = new NeverBack(config.clock());
        this.commandTopic = new CommandTopic(config.client(), config.topics(), Topics.ORDERS_PAPER);
        this.commandSerde = new AvroSerde<>(OrderCommand.class, config.registry());
        this.thread = new Thread(this::run, "paper-connector");
    }

    /** Starts the connector's thread; {@link #ready} tells when it works. */
    public void start() {
        thread.start();
    }

    /**
     * Completes when the connector has restored its accounts and is taking commands, or with what prevented it. An
     * instance that got no accounts, because there are as many others as partitions, is ready too.
     */
    public CompletableFuture<Void> ready() {
        return ready.copy();
    }

    /**
     * Ends after the round at hand, so that nothing is left half done.
     *
     * @return whether it ended in time; if not, halt the process
     */
    public boolean close(Duration atMost) {
        closing = true;
        try {
            return thread.join(atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends it, however long that takes. */
    @Override
    public void close() {
        close(FOR_EVER);
    }

    /**
     * The next offset of a partition that is not yet carried out, with its reports delivered; 0 if this instance does
     * not read the partition. For whoever plays a recording and must know that it was taken in.
     */
    public long positionOf(TopicPartition partition) {
        return positions.getOrDefault(partition, 0L);
    }

    /**
     * The time up to which everything has happened: every round that has ended let it come, with its reports delivered.
     * For whoever plays a recording; 0 before the first round.
     */
    public long timeMillis() {
        return timeMillis;
    }

    /** What every account has, by the exchange's own books, as of a moment between two rounds. */
    public List<PaperAccount> accounts() {
        books.lock();
        try {
            var all = new ArrayList<PaperAccount>();
            shards.values().forEach(shard -> all.addAll(shard.accounts()));
            return all;
        } finally {
            books.unlock();
        }
    }

    // ------------------------------------------------------------------ the thread

    private void run() {
        try (var outbox = new Outbox(config.client(), config.topics(), config.registry());
                var markets = new MarketFeed(config.client(), config.topics(), config.registry());
                var commands = commandTopic.consumer(GROUP, config.instance())) {
            commandTopic.requireSamePartitions(commands, Topics.PAPER_LEDGER, Topics.PLACEMENTS);
            commands.subscribe(List.of(commandTopic.name()), new Ownership(commands, markets, outbox));
            try {
                while (!closing) {
                    round(commands, markets, outbox);
                }
                countAsDone(commands);
            } catch (RuntimeException e) {
                abandoned = true;
                throw e;
            }
        } catch (RuntimeException e) {
            ready.completeExceptionally(e);
            failureListener.accept(e);
        } finally {
            books.lock();
            try {
                shards.values().forEach(PaperShard::close);
                shards.clear();
            } finally {
                books.unlock();
            }
        }
    }

    private void round(KafkaConsumer<String, byte[]> commands, MarketFeed markets, Outbox outbox) {
        boolean news;
        long began = clock.millis();
        books.lock();
        try {
            news = markets.poll(each -> shards.values().forEach(shard -> shard.accept(each)));
        } finally {
            books.unlock();
        }
        var asked = commands.poll(news ? Duration.ZERO : ROUND);
        books.lock();
        try {
            for (var record : asked) {
                carryOut(record);
            }
            shards.values().forEach(PaperShard::settleUp);
            outbox.flush();
            commitProgress(commands);
        } finally {
            books.unlock();
        }
        for (var partition : markets.partitions()) {
            positions.put(partition, markets.positionOf(partition));
        }
        for (var partition : commands.assignment()) {
            positions.put(partition, commands.position(partition));
        }
        timeMillis = began;
        if (joined) {
            ready.complete(null);
        }
    }

    private void carryOut(ConsumerRecord<String, byte[]> record) {
        var shard = shards.get(record.partition());
        if (shard == null) {
            throw new IllegalStateException("a command of partition " + record.partition() + ", which is not ours");
        }
        if (!TopicReader.isOurs(record)) {
            return;
        }
        shard.accept(OrderCodec.fromAvro(TopicReader.valueOf(record, commandSerde)));
    }

    private void commitProgress(KafkaConsumer<String, byte[]> commands) {
        var progress = progress(commands, shards.values());
        if (!progress.isEmpty()) {
            committed.putAll(progress);
            // Should this one get lost, the next says more; a crash before it repeats some reports.
            commands.commitAsync(progress, (offsets, exception) -> {});
        }
    }

    private void countAsDone(KafkaConsumer<String, byte[]> commands) {
        committed.clear();
        commands.commitSync(progress(commands, shards.values()));
    }

    /** How far commands are carried out and the ledger is told, as one commit: the one must not run ahead. */
    private Map<TopicPartition, OffsetAndMetadata> progress(
            KafkaConsumer<String, byte[]> commands, Collection<PaperShard> of) {
        var progress = new HashMap<TopicPartition, OffsetAndMetadata>();
        for (var shard : of) {
            var partition = new TopicPartition(commandTopic.name(), shard.partition());
            var now = new OffsetAndMetadata(commands.position(partition), TOLD_UNTIL + shard.toldUntil());
            if (!now.equals(committed.get(partition))) {
                progress.put(partition, now);
            }
        }
        return progress;
    }

    private static long toldUntil(@Nullable OffsetAndMetadata progress) {
        if (progress == null || !progress.metadata().startsWith(TOLD_UNTIL)) {
            return 0;
        }
        return Long.parseLong(progress.metadata().substring(TOLD_UNTIL.length()));
    }

    // ------------------------------------------------------------------ ownership

    /** Opens what this instance is given and closes what it loses. */
    private final class Ownership implements ConsumerRebalanceListener {
        private final KafkaConsumer<String, byte[]> commands;
        private final MarketFeed markets;
        private final Outbox outbox;

        Ownership(KafkaConsumer<String, byte[]> commands, MarketFeed markets, Outbox outbox) {
            this.commands = commands;
            this.markets = markets;
            this.outbox = outbox;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            books.lock();
            try {
                var progress = commands.committed(Set.copyOf(partitions));
                for (var partition : partitions) {
                    var shard = new PaperShard(
                            config,
                            clock,
                            partition.partition(),
                            commands.groupMetadata().generationId(),
                            toldUntil(progress.get(partition)),
                            markets,
                            outbox);
                    shards.put(partition.partition(), shard);
                    deposit(shard);
                }
                joined = true;
            } finally {
                books.unlock();
            }
        }

        private void deposit(PaperShard shard) {
            int count = commands.partitionsFor(commandTopic.name()).size();
            config.startingBalances().forEach((account, balances) -> {
                if (CommandTopic.partitionOf(account.value(), count) == shard.partition()) {
                    balances.forEach((venue, amount) -> shard.deposit(account, venue, amount));
                }
            });
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            books.lock();
            try {
                var lost = partitions.stream()
                        .map(partition -> shards.get(partition.partition()))
                        .filter(shard -> shard != null)
                        .toList();
                if (!abandoned) {
                    outbox.flush();
                    commands.commitSync(progress(commands, lost));
                }
                release(partitions);
            } finally {
                books.unlock();
            }
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            books.lock();
            try {
                release(partitions);
            } finally {
                books.unlock();
            }
        }

        private void release(Collection<TopicPartition> partitions) {
            for (var partition : partitions) {
                var shard = shards.remove(partition.partition());
                if (shard != null) {
                    shard.close();
                }
                positions.remove(partition);
                committed.remove(partition);
            }
        }
    }

    /** A clock that stands still where the one under it goes back. */
    private static final class NeverBack implements InstantSource {
        private final InstantSource clock;
        private final AtomicLong latest = new AtomicLong(Long.MIN_VALUE);

        NeverBack(InstantSource clock) {
            this.clock = clock;
        }

        @Override
        public long millis() {
            return latest.accumulateAndGet(clock.millis(), Math::max);
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis());
        }
    }
}
