package sluice.venues.paper;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import sluice.domain.AccountId;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.Venue;
import sluice.domain.order.Fill;
import sluice.domain.order.OrderCommand;
import sluice.domain.paper.PaperAccount;
import sluice.domain.paper.PaperEvent;
import sluice.topics.Topics;
import sluice.venues.api.Balance;
import sluice.venues.placement.AccountSnapshot;
import sluice.venues.placement.FencedProducer;
import sluice.venues.placement.KafkaPlacementLog;
import sluice.venues.placement.Outbox;
import sluice.venues.placement.PlacementCodec;
import sluice.venues.placement.PlacementCore;
import sluice.venues.placement.Placer;
import sluice.venues.placement.TopicReader;
import sluice.wire.AvroSerde;

/**
 * The accounts of one partition of commands: their exchange, their ledger, their placements. It opens by fencing
 * whoever owned them before and rebuilding everything from what is on record.
 */
final class PaperShard implements AutoCloseable {
    /** Even without a change, accounts are told of this often. */
    private static final Duration SNAPSHOT_EVERY = Duration.ofSeconds(10);

    /** However often cash changes, an account is told of no more often. */
    private static final Duration SNAPSHOT_PAUSE = Duration.ofMillis(100);

    private static final class Told {
        boolean changed = true;
        boolean ever;
        long atMillis;
        final List<Fill> fills = new ArrayList<>();
    }

    private record AccountAtVenue(AccountId account, Venue venue) {}

    private final int partition;
    private final FencedProducer producer;
    private final KafkaPaperLedger ledger;
    private final PaperVenue venue;
    private final Placer placer;
    private final Outbox outbox;
    private final InstantSource clock;
    private final Map<AccountAtVenue, Told> told = new LinkedHashMap<>();

    /**
     * Opens the shard.
     *
     * @param toldUntil offset in the ledger up to which everything was reported; what comes after is reported again
     */
    PaperShard(
            PaperConnectorConfig config,
            InstantSource clock,
            int partition,
            int epoch,
            long toldUntil,
            MarketFeed markets,
            Outbox outbox) {
        this.partition = partition;
        this.outbox = outbox;
        this.clock = clock;
        var ledgerPartition = new TopicPartition(config.topics().nameOf(Topics.PAPER_LEDGER), partition);
        var placementPartition = new TopicPartition(config.topics().nameOf(Topics.PLACEMENTS), partition);
        var ledgerSerde = new AvroSerde<>(sluice.avro.PaperEvent.class, config.registry());
        var placementSerde = new AvroSerde<>(sluice.avro.Placement.class, config.registry());
        this.producer = new FencedProducer(config.client(), config.topics().prefix() + "placement-paper-" + partition);
        try (var reader = new TopicReader(config.client())) {
            var both = List.of(ledgerPartition, placementPartition);
            var beginnings = reader.beginnings(both);
            var ends = reader.ends(both);
            this.ledger = new KafkaPaperLedger(
                    producer, ledgerPartition, ledgerSerde, ends.getOrDefault(ledgerPartition, 0L));
            this.venue = new PaperVenue(config.rules(), ledger, clock);
            var tellAgain = new ArrayList<PaperEvent>();
            reader.read(
                    ledgerPartition,
                    beginnings.getOrDefault(ledgerPartition, 0L),
                    ends.getOrDefault(ledgerPartition, 0L),
                    record -> {
                        var event = PaperEventCodec.fromAvro(TopicReader.valueOf(record, ledgerSerde));
                        venue.restore(event);
                        if (record.offset() >= toldUntil) {
                            tellAgain.add(event);
                        }
                    });
            var core = new PlacementCore(Mode.PAPER, venue.readLag(), Duration.ZERO);
            reader.read(
                    placementPartition,
                    beginnings.getOrDefault(placementPartition, 0L),
                    ends.getOrDefault(placementPartition, 0L),
                    record -> {
                        if (!TopicReader.isOurs(record)) {
                            return;
                        }
                        var placement = PlacementCodec.fromAvro(TopicReader.valueOf(record, placementSerde));
                        // The partition with our number may hold placements of other venues' connectors.
                        if (placement.mode() == Mode.PAPER) {
                            core.restore(placement);
                        }
                    });
            this.placer = new Placer(
                    core,
                    new KafkaPlacementLog(producer, placementPartition, placementSerde),
                    account -> venue,
                    config.lastLook(),
                    outbox::send,
                    clock,
                    epoch,
                    Runnable::run);
            tellAgain.forEach(event -> tell(event, isAnswer(event)));
        } catch (RuntimeException e) {
            producer.close();
            throw e;
        }
        venue.addListener(this::tell);
        markets.books().forEach(book -> venue.restoreBook(book.quote(), book.origin()));
        markets.markets().forEach(venue::onMarket);
        markets.settlements().forEach(venue::onSettlement);
        venue.accounts().forEach(account -> toldOf(account.account(), account.venue()));
    }

    /** Commands whose answer these are come again, because the two are counted as done together. */
    private static boolean isAnswer(PaperEvent event) {
        return event instanceof PaperEvent.Accepted || event instanceof PaperEvent.Refused;
    }

    // ------------------------------------------------------------------ what comes in

    void deposit(AccountId account, Venue at, Money amount) {
        venue.deposit(account, at, amount);
        toldOf(account, at);
    }

    void accept(OrderCommand command) {
        placer.accept(command);
    }

    void accept(MarketFeed.News news) {
        switch (news) {
            case MarketFeed.News.OfBook(var book) -> venue.onQuote(book.quote(), book.origin());
            case MarketFeed.News.OfMarket(var market) -> venue.onMarket(market);
            case MarketFeed.News.OfSettlement(var settlement) -> venue.onSettlement(settlement);
        }
    }

    /** Carries out what was accepted, lets happen what is due, commits it, and tells of it. */
    void settleUp() {
        placer.work();
        venue.advance();
        venue.settleUp();
        placer.askAgain();
        placer.work();
        tellAccounts();
    }

    // ------------------------------------------------------------------ what goes out

    private void tell(PaperEvent event, boolean answered) {
        if (event instanceof PaperEvent.Filled filled) {
            outbox.send(filled.fill());
            toldOf(event.account(), event.venue()).fills.add(filled.fill());
        }
        if (!event.cashChange().equals(Money.ZERO)) {
            toldOf(event.account(), event.venue()).changed = true;
        }
        if (!answered && event instanceof PaperEvent.OfOrder ofOrder) {
            var order = venue.order(ofOrder);
            if (order != null) {
                PaperReports.of(ofOrder, order).ifPresent(outbox::send);
            }
        }
    }

    private Told toldOf(AccountId account, Venue at) {
        return told.computeIfAbsent(new AccountAtVenue(account, at), key -> new Told());
    }

    private void tellAccounts() {
        long now = clock.millis();
        told.forEach((key, before) -> {
            long pause = now - before.atMillis;
            boolean due = pause >= SNAPSHOT_EVERY.toMillis() || (before.changed && pause >= SNAPSHOT_PAUSE.toMillis());
            if (!before.ever || due) {
                outbox.send(snapshot(venue.account(key.account, key.venue), before.fills, now));
                before.ever = true;
                before.changed = false;
                before.atMillis = now;
                before.fills.clear();
            }
        });
    }

    private static AccountSnapshot snapshot(PaperAccount account, List<Fill> fills, long now) {
        return new AccountSnapshot(
                account.account(),
                Mode.PAPER,
                account.venue(),
                List.of(new Balance("", account.cash(), account.available())),
                account.holdings(),
                account.openOrders().stream().map(PaperVenue::openOrder).toList(),
                fills,
                now);
    }

    // ------------------------------------------------------------------ what is known

    int partition() {
        return partition;
    }

    /** Everything in the ledger before this offset has been handed to the outbox. */
    long toldUntil() {
        return ledger.nextOffset();
    }

    List<PaperAccount> accounts() {
        return venue.accounts();
    }

    @Override
    public void close() {
        producer.close();
    }
}
