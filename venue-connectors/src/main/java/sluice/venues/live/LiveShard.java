package sluice.venues.live;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.apache.kafka.common.TopicPartition;
import sluice.domain.AccountId;
import sluice.domain.OrderId;
import sluice.domain.order.OrderCommand;
import sluice.domain.order.VenueReport;
import sluice.fault.CrashPoint;
import sluice.topics.Topics;
import sluice.venues.api.FillPage;
import sluice.venues.api.OrderRef;
import sluice.venues.api.VenueClient;
import sluice.venues.placement.CommandTopic;
import sluice.venues.placement.FencedProducer;
import sluice.venues.placement.KafkaPlacementLog;
import sluice.venues.placement.Outbox;
import sluice.venues.placement.Placement;
import sluice.venues.placement.PlacementCodec;
import sluice.venues.placement.PlacementCore;
import sluice.venues.placement.Placer;
import sluice.venues.placement.TopicReader;
import sluice.wire.AvroSerde;

/**
 * The accounts of one partition of commands at a venue: their placements, and what the venue tells of them. It opens by
 * fencing whoever owned them before and reading every placement there is.
 */
final class LiveShard implements AutoCloseable {
    private final int partition;
    private final FencedProducer producer;
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final PlacementCore core;
    private final Duration readLag;
    private final Placer placer;
    private final InstantSource clock;
    private final Map<AccountId, LiveAccount> accounts = new LinkedHashMap<>();
    /** Commands that are not carried out yet, by their offset. */
    private final TreeMap<Long, OrderId> begun = new TreeMap<>();

    private long gapAtMillis = NEVER;
    private long questionedAtMillis = NEVER;
    private long questionAtMillis = Long.MAX_VALUE;

    /**
     * Opens the shard.
     *
     * @param partitions of the commands' topic, so that accounts are found as their commands are
     * @param cursors where reading fills goes on, by account
     */
    LiveShard(
            LiveConnectorConfig config,
            InstantSource clock,
            int partition,
            int partitions,
            int epoch,
            Map<AccountId, String> cursors,
            Outbox outbox,
            Executor io) {
        this.partition = partition;
        this.clock = clock;
        var placements = new TopicPartition(config.topics().nameOf(Topics.PLACEMENTS), partition);
        var serde = new AvroSerde<>(sluice.avro.Placement.class, config.registry());
        this.readLag = config.accounts().values().stream()
                .map(VenueClient::readLag)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        this.core = new PlacementCore(config.mode(), readLag, config.lookEvery());
        this.producer = new FencedProducer(
                config.client(),
                config.topics().prefix() + "placement-" + config.venue() + "-" + config.mode() + "-" + partition);
        CrashPoint.FENCED.pass();
        var requests = new HashMap<OrderId, ByteBuffer>();
        try (var reader = new TopicReader(config.client())) {
            reader.read(
                    placements,
                    reader.beginnings(List.of(placements)).getOrDefault(placements, 0L),
                    reader.ends(List.of(placements)).getOrDefault(placements, 0L),
                    record -> {
                        if (!TopicReader.isOurs(record)) {
                            return;
                        }
                        var placement = PlacementCodec.fromAvro(TopicReader.valueOf(record, serde));
                        // The partition with our number holds placements of other venues and modes too.
                        if (placement.mode() == config.mode()
                                && placement.market().venue() == config.venue()) {
                            CrashPoint.RESTORING.pass();
                            core.restore(placement);
                            var client = config.accounts().get(placement.account());
                            if (placement.stage() == Placement.Stage.SENT) {
                                requests.put(placement.orderId(), placement.request());
                            }
                            if (client != null) {
                                client.know(
                                        placement.ref(),
                                        requests.getOrDefault(placement.orderId(), placement.request()));
                            }
                        }
                    });
            CrashPoint.RESTORED.pass();
            var log = new KafkaPlacementLog(producer, placements, serde);
            this.placer = new Placer(
                    core,
                    written -> {
                        // What was reported before is delivered before: an end on record is not asked for again.
                        outbox.flush();
                        log.write(written);
                    },
                    account -> clientOf(config, account),
                    config.lastLook(),
                    outbox::send,
                    clock,
                    epoch,
                    io);
            var orders = new LiveAccount.Orders() {
                @Override
                public void onReport(VenueReport report) {
                    placer.accept(report);
                }

                @Override
                public void onGap() {
                    gapAtMillis = clock.millis();
                    questionAtMillis =
                            Math.min(questionAtMillis, Math.max(gapAtMillis, questionedAtMillis + readLag.toMillis()));
                }

                @Override
                public Optional<OrderId> orderNamed(String venueOrderId) {
                    return core.orderNamed(venueOrderId, null);
                }
            };
            config.accounts().forEach((account, client) -> {
                if (CommandTopic.partitionOf(account.value(), partitions) == partition) {
                    accounts.put(
                            account,
                            new LiveAccount(
                                    account,
                                    config,
                                    client,
                                    orders,
                                    outbox,
                                    clock,
                                    io,
                                    cursors.getOrDefault(account, FillPage.START)));
                }
            });
        } catch (RuntimeException e) {
            producer.close();
            throw e;
        }
        questionAll();
    }

    private static VenueClient clientOf(LiveConnectorConfig config, AccountId account) {
        var client = config.accounts().get(account);
        if (client == null) {
            throw new IllegalArgumentException(
                    "account " + account + " has no credentials for " + config.venue() + " here");
        }
        return client;
    }

    /**
     * How orders stand that may live is asked for: after a start, and when news may have been lost, once at once and
     * once more when reads have caught up with the loss, but not more often than that.
     */
    private void questionAll() {
        long now = clock.millis();
        long caughtUp = gapAtMillis + readLag.toMillis();
        questionAtMillis = caughtUp > now ? caughtUp : Long.MAX_VALUE;
        questionedAtMillis = now;
        for (OrderRef order : core.mayLive()) {
            core.question(order.orderId(), now);
        }
    }

    void accept(long offset, OrderCommand command) {
        begun.put(offset, command.orderId());
        placer.accept(command);
    }

    void work() {
        accounts.values().forEach(LiveAccount::work);
        if (clock.millis() >= questionAtMillis) {
            questionAll();
        }
        placer.askAgain();
        placer.work();
        // The command of an order in doubt comes again after a crash: should the crash fall between the record of how
        // the doubt ended and the report of it, the report is made from the record then. So does a cancel whose order
        // may still live.
        begun.values().removeIf(order -> !placer.isBusy(order) && !core.isUnsettled(order));
    }

    /** The offset from which commands must come again after a crash, given that those before {@code next} were read. */
    long doneUntil(long next) {
        return begun.isEmpty() ? next : Math.min(next, begun.firstKey());
    }

    Map<AccountId, String> cursors() {
        var cursors = new TreeMap<AccountId, String>();
        accounts.forEach((account, live) -> cursors.put(account, live.cursor()));
        return cursors;
    }

    boolean owns(AccountId account) {
        return accounts.containsKey(account);
    }

    /** What could not be read of an account that is ours, and why. */
    Optional<String> troubleOf(AccountId account) {
        return Optional.ofNullable(accounts.get(account)).flatMap(LiveAccount::trouble);
    }

    int partition() {
        return partition;
    }

    @Override
    public void close() {
        accounts.values().forEach(LiveAccount::close);
        producer.close();
    }
}
