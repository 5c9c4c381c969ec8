package sluice.venues.live;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import sluice.avro.OrderCommand;
import sluice.avro.VenueHealth;
import sluice.domain.AccountId;
import sluice.fault.CrashPoint;
import sluice.topics.Topics;
import sluice.venues.api.Health;
import sluice.venues.api.VenueClient;
import sluice.venues.placement.CommandTopic;
import sluice.venues.placement.Outbox;
import sluice.venues.placement.TopicReader;
import sluice.wire.AvroSerde;
import sluice.wire.OrderCodec;
import sluice.wire.VocabularyCodec;

/**
 * Carries out commands at a venue: the process role around {@link VenueClient}s.
 *
 * <p>One thread takes commands, writes placements, and hands over what the venue says; every call to the venue runs on
 * a thread of its own, so that a slow answer holds up its own order alone. A command counts as done when nothing of its
 * order is under way: what a crash interrupts comes again, and what was sent is looked up and never sent again.
 *
 * <p>Placements and commands of an account are in partitions of the same number, which is owned by one instance at a
 * time: the newest owner fences the others.
 *
 * @see sluice.venues.placement.PlacementCore
 */
public final class LiveConnector implements AutoCloseable {
    /** How long a round waits for commands; answers of the venue wait as long. */
    private static final Duration ROUND = Duration.ofMillis(2);

    /** Long ago, and yet near enough to be subtracted from. */
    private static final long NEVER = Long.MIN_VALUE / 2;

    private static final Duration HEALTH_EVERY = Duration.ofSeconds(5);
    private static final Duration HEALTH_SEEN_EVERY = Duration.ofMillis(100);
    private static final Duration FOR_EVER = Duration.ofDays(1);

    private final LiveConnectorConfig config;
    private final Consumer<Throwable> failureListener;
    private final InstantSource clock;
    private final CommandTopic commandTopic;
    private final AvroSerde<OrderCommand> commandSerde;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final TreeMap<Integer, LiveShard> shards = new TreeMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore underWay;
    private final Thread thread;
    private volatile boolean closing;
    private boolean abandoned;
    private boolean joined;
    private long healthAtMillis = NEVER;
    private long healthSeenAtMillis = NEVER;
    private Map<AccountId, List<Boolean>> lightsTold = Map.of();

    /** @param failureListener hears of what ended the connector, other than a close; called once, by its thread */
    public LiveConnector(LiveConnectorConfig config, Consumer<Throwable> failureListener) {
        this.config = config;
        this.failureListener = failureListener;
        this.clock = config.clock();
        this.commandTopic =
                new CommandTopic(config.client(), config.topics(), Topics.ordersFor(config.mode(), config.venue()));
        this.commandSerde = new AvroSerde<>(OrderCommand.class, config.registry());
        this.underWay = new Semaphore(config.mostCalls());
        this.thread = new Thread(this::run, "connector-" + config.venue());
    }

    /** Starts the connector's thread; {@link #ready} tells when it works. */
    public void start() {
        thread.start();
    }

    /** Completes when every placement of its accounts is known and commands are taken, or with what prevented it. */
    public CompletableFuture<Void> ready() {
        return ready.copy();
    }

    /**
     * Ends after the round at hand. Calls that are under way are not waited for: whoever comes next looks them up.
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

    @Override
    public void close() {
        close(FOR_EVER);
    }

    // ------------------------------------------------------------------ the thread

    private void run() {
        try (var outbox = new Outbox(config.client(), config.topics(), config.registry());
                var commands =
                        commandTopic.consumer("connector-" + config.venue() + "-" + config.mode(), config.instance())) {
            commandTopic.requireSamePartitions(commands, Topics.PLACEMENTS);
            commands.subscribe(List.of(commandTopic.name()), new Ownership(commands, outbox));
            try {
                while (!closing) {
                    round(commands, outbox);
                }
                commands.commitSync(progress(commands, shards.values()));
            } catch (RuntimeException e) {
                abandoned = true;
                throw e;
            }
        } catch (RuntimeException e) {
            ready.completeExceptionally(e);
            failureListener.accept(e);
        } finally {
            shards.values().forEach(LiveShard::close);
            shards.clear();
            calls.shutdownNow();
        }
    }

    private void round(KafkaConsumer<String, byte[]> commands, Outbox outbox) {
        for (var record : commands.poll(ROUND)) {
            take(record);
        }
        shards.values().forEach(LiveShard::work);
        tellHealth(outbox);
        outbox.flush();
        var progress = progress(commands, shards.values());
        if (!progress.isEmpty()) {
            committed.putAll(progress);
            // Should this one get lost, the next says more; what comes again is not sent again.
            CrashPoint.OFFSETS_BEFORE_COMMIT.pass();
            commands.commitAsync(progress, (offsets, exception) -> CrashPoint.OFFSETS_COMMITTED.pass());
        }
        if (joined) {
            ready.complete(null);
        }
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        var shard = shards.get(record.partition());
        if (shard == null) {
            throw new IllegalStateException("a command of partition " + record.partition() + ", which is not ours");
        }
        if (TopicReader.isOurs(record)) {
            var command = OrderCodec.fromAvro(TopicReader.valueOf(record, commandSerde));
            // Commands of every mode share the topic, and a mode begins at its start. What another mode's connector did
            // with its own is not known here: whatever we said of it would be made up.
            if (command.mode() == config.mode()) {
                CrashPoint.COMMAND_READ.pass();
                shard.accept(record.offset(), command);
            }
        }
    }

    private void io(Runnable call) {
        calls.execute(() -> {
            try {
                underWay.acquire();
            } catch (InterruptedException e) {
                // The process ends; what was not called yet is looked up by whoever comes next.
                Thread.currentThread().interrupt();
                return;
            }
            try {
                call.run();
            } finally {
                underWay.release();
            }
        });
    }

    private void tellHealth(Outbox outbox) {
        long now = clock.millis();
        if (now - healthSeenAtMillis < HEALTH_SEEN_EVERY.toMillis()) {
            return;
        }
        healthSeenAtMillis = now;
        var health = new HashMap<AccountId, Health>();
        // Of another instance's accounts we read nothing, and would say that all is well.
        config.accounts().forEach((account, client) -> {
            if (shards.values().stream().anyMatch(shard -> shard.owns(account))) {
                health.put(account, healthOf(account, client));
            }
        });
        var lights = new HashMap<AccountId, List<Boolean>>();
        health.forEach((account, is) -> lights.put(account, List.of(is.trading(), is.streams())));
        // A change is told at once; words alone can wait.
        if (now - healthAtMillis < HEALTH_EVERY.toMillis() && lights.equals(lightsTold)) {
            return;
        }
        healthAtMillis = now;
        lightsTold = lights;
        health.forEach((account, is) -> outbox.send(new VenueHealth(
                VocabularyCodec.toAvro(config.venue()),
                VocabularyCodec.toAvro(config.mode()),
                is.trading(),
                is.streams(),
                is.clockOffsetMillis(),
                account + ": " + is.detail(),
                VocabularyCodec.instant("VenueHealth.at", now))));
    }

    /** As the client has it; an account that cannot be read, whatever its venue says, is none to trade on. */
    private Health healthOf(AccountId account, VenueClient client) {
        Health health = client.health();
        return shards.values().stream()
                .flatMap(shard -> shard.troubleOf(account).stream())
                .findFirst()
                .map(trouble -> new Health(
                        false, health.streams(), health.clockOffsetMillis(), health.detail() + "; " + trouble))
                .orElse(health);
    }

    // ------------------------------------------------------------------ progress

    /** How far commands are carried out, and how far fills were read, as one commit. */
    private Map<TopicPartition, OffsetAndMetadata> progress(
            KafkaConsumer<String, byte[]> commands, Collection<LiveShard> of) {
        var progress = new HashMap<TopicPartition, OffsetAndMetadata>();
        for (var shard : of) {
            var partition = new TopicPartition(commandTopic.name(), shard.partition());
            var now =
                    new OffsetAndMetadata(shard.doneUntil(commands.position(partition)), Cursors.text(shard.cursors()));
            if (!now.equals(committed.get(partition))) {
                progress.put(partition, now);
            }
        }
        return progress;
    }

    /** Cursors of accounts as the metadata of a commit; left out where they do not fit, which reads from the start. */
    static final class Cursors {
        private static final int MOST_CHARACTERS = 4_000;

        private Cursors() {}

        static String text(Map<AccountId, String> cursors) {
            var text = new StringBuilder();
            cursors.forEach((account, cursor) -> text.append(base64(account.value()))
                    .append('=')
                    .append(base64(cursor))
                    .append(' '));
            return text.length() > MOST_CHARACTERS ? "" : text.toString().strip();
        }

        static Map<AccountId, String> parse(@Nullable String text) {
            var cursors = new TreeMap<AccountId, String>();
            if (text != null && !text.isBlank()) {
                for (String each : text.split(" ", -1)) {
                    int equals = each.indexOf('=');
                    cursors.put(new AccountId(plain(each.substring(0, equals))), plain(each.substring(equals + 1)));
                }
            }
            return cursors;
        }

        private static String base64(String text) {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }

        private static String plain(String base64) {
            return new String(Base64.getUrlDecoder().decode(base64), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    // ------------------------------------------------------------------ ownership

    private final class Ownership implements ConsumerRebalanceListener {
        private final KafkaConsumer<String, byte[]> commands;
        private final Outbox outbox;

        Ownership(KafkaConsumer<String, byte[]> commands, Outbox outbox) {
            this.commands = commands;
            this.outbox = outbox;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            CrashPoint.PARTITIONS_ASSIGNED.pass();
            var progress = commands.committed(Set.copyOf(partitions));
            int count = commands.partitionsFor(commandTopic.name()).size();
            for (var partition : partitions) {
                var before = progress.get(partition);
                shards.put(
                        partition.partition(),
                        new LiveShard(
                                config,
                                clock,
                                partition.partition(),
                                count,
                                commands.groupMetadata().generationId(),
                                Cursors.parse(before == null ? null : before.metadata()),
                                outbox,
                                LiveConnector.this::io));
            }
            joined = true;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (!abandoned) {
                var lost = partitions.stream()
                        .map(partition -> shards.get(partition.partition()))
                        .filter(shard -> shard != null)
                        .toList();
                outbox.flush();
                commands.commitSync(progress(commands, lost));
            }
            release(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            release(partitions);
        }

        private void release(Collection<TopicPartition> partitions) {
            for (var partition : partitions) {
                var shard = shards.remove(partition.partition());
                if (shard != null) {
                    shard.close();
                }
                committed.remove(partition);
            }
        }
    }
}
