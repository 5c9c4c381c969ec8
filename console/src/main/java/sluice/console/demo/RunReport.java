package sluice.console.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sluice.avro.AccountState;
import sluice.avro.DeadLetter;
import sluice.avro.Decision;
import sluice.avro.Fill;
import sluice.avro.JournalEntry;
import sluice.avro.OrderCommand;
import sluice.avro.OrderCommandType;
import sluice.avro.Origin;
import sluice.avro.Position;
import sluice.avro.Settlement;
import sluice.avro.SettlementStatus;
import sluice.avro.SignalReceived;
import sluice.avro.VenueCash;
import sluice.console.stack.LocalStack;
import sluice.domain.AccountId;
import sluice.domain.MarketId;
import sluice.domain.Micros;
import sluice.domain.Money;
import sluice.domain.Quantity;
import sluice.domain.Venue;
import sluice.reconciler.core.Books;
import sluice.reconciler.core.Difference;
import sluice.reconciler.core.Reconciliation;
import sluice.risk.replay.DecisionDigest;
import sluice.risk.replay.Replay;
import sluice.topics.Topic;
import sluice.topics.Topics;
import sluice.wire.JournalCodec;
import sluice.wire.VocabularyCodec;

/**
 * Sums a run up from its topics, computes its decisions again from its journal, and compares its books with the venue's
 * own.
 */
final class RunReport {
    private final LocalStack stack;
    private final Topic orders;
    private final Supplier<Map<AccountId, Books>> venueBooks;

    /**
     * @param orders where the orders of the run are commanded
     * @param venueBooks the books that the venue itself keeps
     */
    RunReport(LocalStack stack, Topic orders, Supplier<Map<AccountId, Books>> venueBooks) {
        this.stack = stack;
        this.orders = orders;
        this.venueBooks = venueBooks;
    }

    DemoSummary summary(String recording, long elapsedMillis) {
        var again = new DecisionDigest();
        var replay = new Replay(again::add);
        long[] entries = {0};
        Set<String> signals = new HashSet<>();
        Set<String> redelivered = new HashSet<>();
        TopicScan.scan(stack, Topics.JOURNAL, JournalEntry.class, record -> {
            entries[0]++;
            replay.apply(
                    JournalCodec.fromAvro(record.value(), record.partition(), record.offset(), record.timestamp()));
            if (record.value().getBody() instanceof SignalReceived
                    && !signals.add(place(record.value().getOrigin()))) {
                redelivered.add(place(record.partition(), record.offset()));
            }
        });

        Map<String, Long> verdicts = new HashMap<>();
        Map<String, Long> denied = new TreeMap<>();
        var recorded = new DecisionDigest();
        TopicScan.scan(stack, Topics.DECISIONS, Decision.class, record -> {
            Decision decision = record.value();
            recorded.add(decision);
            if (redelivered.contains(place(decision.getJournalPartition(), decision.getJournalOffset()))) {
                return;
            }
            verdicts.merge(decision.getVerdict().name(), 1L, Long::sum);
            if (decision.getVerdict() == sluice.avro.Verdict.DENIED) {
                denied.merge(decision.getCode(), 1L, Long::sum);
            }
        });

        // A record may be told twice after a crash; where it came from makes it one.
        Set<String> deadLetters = new HashSet<>();
        for (var source : List.of(Topics.SIGNALS, Topics.SIGNALS_JSON)) {
            TopicScan.scan(stack, Topics.deadLettersOf(source), DeadLetter.class, record -> {
                deadLetters.add(place(record.value().getOrigin()));
            });
        }
        Set<String> placed = new HashSet<>();
        TopicScan.scan(stack, orders, OrderCommand.class, record -> {
            if (record.value().getType() == OrderCommandType.PLACE) {
                placed.add(record.value().getOrderId());
            }
        });
        Set<String> trades = new HashSet<>();
        long[] filled = {0};
        TopicScan.scan(stack, Topics.FILLS, Fill.class, record -> {
            Fill fill = record.value();
            if (trades.add(fill.getAccount() + "|" + fill.getTradeId() + "|" + fill.getOrderId())) {
                filled[0] += Micros.exact(fill.getQuantity());
            }
        });
        Set<String> settled = new TreeSet<>();
        TopicScan.scan(stack, Topics.MARKET_SETTLEMENTS, Settlement.class, record -> {
            if (record.value().getStatus() == SettlementStatus.FINAL) {
                settled.add(record.value().getVenue() + ":" + record.value().getMarketId());
            }
        });

        long fees = 0;
        long realised = 0;
        long open = 0;
        long reserved = 0;
        String mode = "PAPER";
        for (AccountState account : accounts().values()) {
            fees += Micros.exact(account.getFees());
            realised += Micros.exact(account.getRealisedPnl());
            open += account.getOpenPositions();
            reserved += Micros.exact(account.getReserved());
            mode = account.getMode().name();
        }
        return new DemoSummary(
                mode,
                recording,
                TopicScan.count(stack, Topics.SIGNALS) + TopicScan.count(stack, Topics.SIGNALS_JSON),
                verdicts.getOrDefault("DUPLICATE", 0L),
                verdicts.getOrDefault("CONFLICT", 0L),
                deadLetters.size(),
                redelivered.size(),
                verdicts.getOrDefault("APPROVED", 0L),
                denied,
                placed.size(),
                trades.size(),
                new Quantity(filled[0]),
                new Money(fees),
                new Money(realised),
                open,
                settled.size(),
                new Money(reserved),
                entries[0],
                differences().isEmpty(),
                elapsedMillis,
                recorded.hex(),
                again.hex());
    }

    private static String place(@Nullable Origin origin) {
        if (origin == null) {
            throw new IllegalStateException("an entry of a signal does not say which record it was made from");
        }
        return origin.getTopic() + "/" + place(origin.getPartition(), origin.getOffset());
    }

    private static String place(int partition, long offset) {
        return partition + "@" + offset;
    }

    /** Newest totals by account. */
    Map<String, AccountState> accounts() {
        Map<String, AccountState> newest = new TreeMap<>();
        TopicScan.scan(stack, Topics.ACCOUNTS, AccountState.class, record -> newest.put(record.key(), record.value()));
        return newest;
    }

    /** Where our books, as told in topics, differ from the venue's own; one line each, for people. */
    List<String> differences() {
        Map<AccountId, Map<Venue, Money>> cash = new HashMap<>();
        for (AccountState account : accounts().values()) {
            Map<Venue, Money> byVenue = cash.computeIfAbsent(new AccountId(account.getAccount()), a -> new TreeMap<>());
            for (VenueCash venue : account.getVenues()) {
                java.math.@Nullable BigDecimal ledger = venue.getLedgerCash();
                if (ledger != null) {
                    byVenue.put(VocabularyCodec.fromAvro("venue", venue.getVenue()), new Money(Micros.exact(ledger)));
                }
            }
        }
        Map<String, Position> positions = new TreeMap<>();
        TopicScan.scan(stack, Topics.POSITIONS, Position.class, record -> positions.put(record.key(), record.value()));
        Map<AccountId, Map<MarketId, Books.Holding>> holdings = new HashMap<>();
        for (Position position : positions.values()) {
            holdings.computeIfAbsent(new AccountId(position.getAccount()), a -> new TreeMap<>())
                    .put(
                            VocabularyCodec.market(
                                    "market",
                                    VocabularyCodec.fromAvro("venue", position.getVenue()),
                                    position.getMarketId()),
                            new Books.Holding(
                                    new Quantity(Micros.exact(position.getYesQuantity())),
                                    new Quantity(Micros.exact(position.getNoQuantity()))));
        }
        List<String> differences = new ArrayList<>();
        Map<AccountId, Books> venues = venueBooks.get();
        Set<AccountId> all = new TreeSet<>(venues.keySet());
        all.addAll(cash.keySet());
        for (AccountId account : all) {
            Books ours = Books.of(cash.getOrDefault(account, Map.of()), holdings.getOrDefault(account, Map.of()));
            Books theirs = venues.getOrDefault(account, Books.of(Map.of(), Map.of()));
            for (Difference difference : Reconciliation.compare(ours, theirs)) {
                differences.add(account + ": " + difference);
            }
        }
        return differences;
    }
}
