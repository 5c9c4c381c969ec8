package sluice.topics;

import static sluice.topics.Role.ACCOUNT_TASK;
import static sluice.topics.Role.CONNECTORS;
import static sluice.topics.Role.INGRESS;
import static sluice.topics.Role.MODELS;
import static sluice.topics.Role.OPERATOR;
import static sluice.topics.Role.PAPER_CONNECTOR;
import static sluice.topics.Role.RECONCILER;
import static sluice.topics.Role.REGISTRY;
import static sluice.topics.Topic.Durability.FLUSHED;
import static sluice.topics.Topic.Durability.REPLICATED;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.apache.avro.Schema;
import sluice.avro.AccountState;
import sluice.avro.ControlCommand;
import sluice.avro.DeadLetter;
import sluice.avro.Decision;
import sluice.avro.Execution;
import sluice.avro.Fill;
import sluice.avro.Finding;
import sluice.avro.JournalEntry;
import sluice.avro.Market;
import sluice.avro.Notification;
import sluice.avro.OrderCommand;
import sluice.avro.PaperEvent;
import sluice.avro.Placement;
import sluice.avro.Position;
import sluice.avro.Quote;
import sluice.avro.RegisteredSchema;
import sluice.avro.RiskLimits;
import sluice.avro.Settlement;
import sluice.avro.Signal;
import sluice.avro.VenueHealth;
import sluice.avro.VenueReport;
import sluice.avro.VenueSnapshot;
import sluice.domain.Mode;
import sluice.domain.Venue;

/** The catalogue: every topic of Sluice, declared here and nowhere else. */
public final class Topics {
    private static final String DEAD_LETTERS = ".dlq";

    private static final SequencedMap<String, Topic> BY_NAME = new LinkedHashMap<>();

    // What models and operators send.

    public static final Topic SIGNALS = add(
            "signals",
            "account; any key is accepted",
            avro(Signal.getClassSchema()),
            days(7),
            MODELS,
            "ingress",
            2,
            REPLICATED);

    /** Signals from any language, with no registry. */
    public static final Topic SIGNALS_JSON =
            add("signals.json", "any", new Value.Json(), days(7), MODELS, "ingress", 2, REPLICATED);

    public static final Topic CONTROL = add(
            "control",
            "scope",
            avro(ControlCommand.getClassSchema()),
            forever(),
            OPERATOR,
            "ingress; connectors, for their last look before a call",
            1,
            FLUSHED);

    public static final Topic RISK_LIMITS = add(
            "risk.limits",
            "account|scope",
            avro(RiskLimits.getClassSchema()),
            forever(),
            OPERATOR,
            "ingress",
            1,
            REPLICATED);

    // What the venues say of markets.

    public static final Topic MARKET_QUOTES = add(
            "market.quotes",
            "venue:market",
            avro(Quote.getClassSchema()),
            days(7),
            CONNECTORS,
            "ingress; the paper connector",
            2,
            REPLICATED);

    public static final Topic MARKET_METADATA = add(
            "market.metadata",
            "venue:market",
            avro(Market.getClassSchema()),
            compacted(),
            CONNECTORS,
            "ingress; connectors, ahead of need",
            2,
            REPLICATED);

    public static final Topic MARKET_SETTLEMENTS = add(
            "market.settlements",
            "venue:market",
            avro(Settlement.getClassSchema()),
            forever(),
            CONNECTORS,
            "ingress; the paper connector",
            2,
            REPLICATED);

    // What decides, and what was decided.

    /**
     * Everything that can change an account, in the order that decides. Its timestamps are the only clock of a
     * decision.
     */
    public static final Topic JOURNAL = add(
            "journal",
            "account; * for every account of the partition",
            avro(JournalEntry.getClassSchema()),
            forever(),
            INGRESS,
            "account task; replay",
            2,
            FLUSHED);

    public static final Topic DECISIONS = add(
            "decisions",
            "account",
            avro(Decision.getClassSchema()),
            forever(),
            ACCOUNT_TASK,
            "models, console, replay",
            2,
            REPLICATED);

    public static final Topic ORDERS_KALSHI = orders("orders.kalshi", "the Kalshi connector");
    public static final Topic ORDERS_POLYMARKET = orders("orders.polymarket", "the Polymarket connector");
    public static final Topic ORDERS_PAPER = orders("orders.paper", "the paper connector");

    // What happened at the venues.

    public static final Topic PLACEMENTS = add(
            "placements",
            "order id",
            avro(Placement.getClassSchema()),
            forever(),
            CONNECTORS,
            "the connector that wrote it, after a crash",
            2,
            FLUSHED);

    public static final Topic VENUE_REPORTS = add(
            "venue.reports",
            "account",
            avro(VenueReport.getClassSchema()),
            days(30),
            CONNECTORS,
            "ingress",
            2,
            REPLICATED);

    public static final Topic FILLS = add(
            "fills",
            "account",
            avro(Fill.getClassSchema()),
            forever(),
            CONNECTORS,
            "ingress, reconciler, console",
            2,
            REPLICATED);

    // The account task's books.

    public static final Topic EXECUTIONS = add(
            "executions",
            "account",
            avro(Execution.getClassSchema()),
            forever(),
            ACCOUNT_TASK,
            "models, console",
            2,
            REPLICATED);

    public static final Topic POSITIONS = add(
            "positions",
            "account|mode|venue:market",
            avro(Position.getClassSchema()),
            compacted(),
            ACCOUNT_TASK,
            "console, reconciler",
            2,
            REPLICATED);

    public static final Topic ACCOUNTS = add(
            "accounts",
            "account|mode",
            avro(AccountState.getClassSchema()),
            compacted(),
            ACCOUNT_TASK,
            "console, reconciler",
            2,
            REPLICATED);

    // Whether we and the venues agree.

    public static final Topic VENUE_SNAPSHOTS = add(
            "venue.snapshots",
            "account|venue",
            avro(VenueSnapshot.getClassSchema()),
            days(30),
            CONNECTORS,
            "ingress, reconciler",
            2,
            REPLICATED);

    public static final Topic VENUE_HEALTH = add(
            "venue.health",
            "venue",
            avro(VenueHealth.getClassSchema()),
            days(7),
            CONNECTORS,
            "ingress, console",
            1,
            REPLICATED);

    public static final Topic RECONCILIATION_FINDINGS = add(
            "reconciliation.findings",
            "account",
            avro(Finding.getClassSchema()),
            forever(),
            RECONCILER,
            "console, alerts",
            1,
            REPLICATED);

    public static final Topic NOTIFICATIONS = add(
            "notifications",
            "account",
            avro(Notification.getClassSchema()),
            days(30),
            Role.ALL,
            "alerts, console",
            1,
            REPLICATED);

    // Stores of our own components.

    /** The paper exchange's own books; it comes back from them after a crash. */
    public static final Topic PAPER_LEDGER = add(
            "paper.ledger",
            "venue|account",
            avro(PaperEvent.getClassSchema()),
            forever(),
            PAPER_CONNECTOR,
            "the paper connector, after a crash; console, to compare books",
            2,
            FLUSHED);

    /** The embedded registry's memory. Compacted by subject and version, so that ids survive restarts. */
    public static final Topic SCHEMAS = add(
            "schemas",
            "subject|version",
            avro(RegisteredSchema.getClassSchema()),
            compacted(),
            REGISTRY,
            "the embedded registry, at start",
            1,
            REPLICATED);

    /** What ingress reads. Each has a dead-letter topic, because ingress must neither lose a record nor stop at one. */
    public static final List<Topic> INGRESS_INPUTS = List.of(
            SIGNALS,
            SIGNALS_JSON,
            CONTROL,
            RISK_LIMITS,
            MARKET_QUOTES,
            MARKET_METADATA,
            MARKET_SETTLEMENTS,
            VENUE_REPORTS,
            FILLS,
            VENUE_SNAPSHOTS,
            VENUE_HEALTH);

    static {
        for (Topic input : INGRESS_INPUTS) {
            add(
                    input.name() + DEAD_LETTERS,
                    "as in " + input.name(),
                    avro(DeadLetter.getClassSchema()),
                    days(30),
                    INGRESS,
                    "operators, who mend a record and send it again",
                    1,
                    REPLICATED);
        }
    }

    private Topics() {}

    /** Every topic, in the order of the table that introduces them. */
    public static List<Topic> all() {
        return List.copyOf(BY_NAME.values());
    }

    /** The topic of this name, without prefix. */
    public static Optional<Topic> byName(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /**
     * Where records of {@code input} go that cannot be read or are not valid.
     *
     * @throws IllegalArgumentException if the topic has no dead-letter topic, because ingress does not read it
     */
    public static Topic deadLettersOf(Topic input) {
        return byName(input.name() + DEAD_LETTERS)
                .orElseThrow(() -> new IllegalArgumentException("topic " + input.name() + " has no dead-letter topic"));
    }

    /**
     * Where the commands for an order go. In PAPER every order goes to the paper connector, whatever venue it
     * simulates.
     *
     * @throws IllegalArgumentException if the order would leave for a venue that exists only in PAPER
     */
    public static Topic ordersFor(Mode mode, Venue venue) {
        return switch (mode) {
            case PAPER -> ORDERS_PAPER;
            case DRY_RUN, LIVE ->
                switch (venue) {
                    case KALSHI -> ORDERS_KALSHI;
                    case POLYMARKET -> ORDERS_POLYMARKET;
                    case PAPER ->
                        throw new IllegalArgumentException(
                                "a " + mode + " order for venue PAPER; that venue exists in mode PAPER only");
                };
        };
    }

    private static Topic orders(String name, String reader) {
        return add(name, "account", avro(OrderCommand.getClassSchema()), days(7), ACCOUNT_TASK, reader, 2, REPLICATED);
    }

    private static Topic add(
            String name,
            String key,
            Value value,
            Retention retention,
            Role writer,
            String readers,
            int partitions,
            Topic.Durability durability) {
        var topic = new Topic(name, key, value, retention, writer, readers, partitions, durability);
        if (BY_NAME.putIfAbsent(name, topic) != null) {
            throw new IllegalStateException("topic " + name + " is declared twice");
        }
        return topic;
    }

    private static Value avro(Schema schema) {
        return new Value.Avro(schema);
    }

    private static Retention days(int days) {
        return new Retention.For(Duration.ofDays(days));
    }

    private static Retention forever() {
        return new Retention.Forever();
    }

    private static Retention compacted() {
        return new Retention.Compacted();
    }
}
