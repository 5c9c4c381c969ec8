package sluice.console.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import sluice.avro.AccountState;
import sluice.avro.DeadLetter;
import sluice.avro.Decision;
import sluice.avro.Fill;
import sluice.avro.Position;
import sluice.console.stack.LocalStack;
import sluice.domain.Micros;
import sluice.topics.Topic;
import sluice.topics.Topics;
import sluice.wire.AvroSerde;

/**
 * Shows a run while it goes on: decisions, fills, positions, profit and what is used of the limits. On a terminal a
 * page that is drawn again and again, elsewhere a line every few seconds; both on stderr.
 */
final class DemoView implements AutoCloseable {
    private static final int LINES = 40;
    private static final Duration LOOK_AT_TERMINAL = Duration.ofSeconds(2);
    private static final Duration REDRAW = Duration.ofMillis(250);
    private static final Duration LINE_EVERY = Duration.ofSeconds(5);

    private final LocalStack stack;
    private final PrintStream err;
    private final boolean terminal;
    private final boolean colours;
    private final String banner;
    private final Thread thread;
    private volatile boolean closing;
    private volatile long eventTime;
    private volatile double share;

    private final Deque<String> decisions = new ArrayDeque<>();
    private final Deque<String> fills = new ArrayDeque<>();
    private final Map<String, Position> positions = new TreeMap<>();
    private final Map<String, AccountState> accounts = new TreeMap<>();
    private final Map<String, Long> verdicts = new TreeMap<>();
    private final Set<String> deadLetters = new HashSet<>();
    private final Page page = new Page();
    private final Supplier<TerminalSize> terminalSize;
    private TerminalSize size = TerminalSize.USUAL;
    private long sizeSeen = System.nanoTime() - LOOK_AT_TERMINAL.toNanos();
    private long fillCount;

    DemoView(
            LocalStack stack,
            PrintStream err,
            boolean terminal,
            boolean colours,
            String banner,
            Supplier<TerminalSize> terminalSize) {
        this.stack = stack;
        this.err = err;
        this.terminal = terminal;
        this.colours = colours;
        this.banner = banner;
        this.terminalSize = terminalSize;
        this.thread = new Thread(this::run, "demo-view");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** How far the player has come. */
    void at(long eventTimeMillis, double shareDone) {
        eventTime = eventTimeMillis;
        share = shareDone;
    }

    /** Everything is played. */
    void ended() {
        share = 1;
    }

    private void run() {
        List<Topic> refused = List.of(Topics.deadLettersOf(Topics.SIGNALS), Topics.deadLettersOf(Topics.SIGNALS_JSON));
        List<Topic> shown = new ArrayList<>(refused);
        shown.addAll(List.of(Topics.DECISIONS, Topics.FILLS, Topics.POSITIONS, Topics.ACCOUNTS));
        Map<String, AvroSerde<? extends SpecificRecord>> serdes = new HashMap<>();
        for (Topic topic : refused) {
            serdes.put(stack.topics().nameOf(topic), new AvroSerde<>(DeadLetter.class, stack.registryClient()));
        }
        serdes.put(stack.topics().nameOf(Topics.DECISIONS), new AvroSerde<>(Decision.class, stack.registryClient()));
        serdes.put(stack.topics().nameOf(Topics.FILLS), new AvroSerde<>(Fill.class, stack.registryClient()));
        serdes.put(stack.topics().nameOf(Topics.POSITIONS), new AvroSerde<>(Position.class, stack.registryClient()));
        serdes.put(stack.topics().nameOf(Topics.ACCOUNTS), new AvroSerde<>(AccountState.class, stack.registryClient()));
        Map<String, Object> config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                stack.bootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed");
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (Topic topic : shown) {
                partitions.addAll(stack.topics().topicPartitionsOf(topic));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long drawn = System.nanoTime();
            while (!closing) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    var serde = serdes.get(record.topic());
                    SpecificRecord value = serde == null ? null : serde.deserialize(record.topic(), record.value());
                    if (value != null) {
                        take(record.key(), value);
                    }
                }
                Duration every = terminal ? REDRAW : LINE_EVERY;
                if (System.nanoTime() - drawn > every.toNanos()) {
                    drawn = System.nanoTime();
                    draw();
                }
            }
        } catch (org.apache.kafka.common.KafkaException e) {
            err.println("the live view ended: " + e.getMessage());
        }
    }

    private void take(String key, SpecificRecord value) {
        switch (value) {
            case Decision decision -> {
                verdicts.merge(decision.getVerdict().name().toLowerCase(Locale.ROOT), 1L, Long::sum);
                last(
                        decisions,
                        time(decision.getAt()) + "  "
                                + colour(decision.getVerdict().name(), decision) + "  "
                                // First what a narrow terminal must not cut off.
                                + (decision.getCode().equals("OK") ? "" : decision.getCode() + "  ")
                                + decision.getAccount() + "/" + decision.getStrategy() + "  "
                                + decision.getAction() + " " + plain(decision.getSize()) + " " + decision.getSide()
                                + " "
                                + decision.getMarketId() + " @ " + plain(decision.getLimitPrice()));
            }
            case Fill fill -> {
                fillCount++;
                last(
                        fills,
                        time(fill.getTradedAt()) + "  " + fill.getAccount() + "  " + fill.getAction() + " "
                                + plain(fill.getQuantity()) + " " + fill.getSide() + " " + fill.getMarketId() + " @ "
                                + plain(fill.getPrice()) + "  fee " + plain(fill.getFee()));
            }
            case Position position -> positions.put(key, position);
            case AccountState account -> accounts.put(key, account);
            case DeadLetter letter -> {
                // One record may be told twice after a crash.
                var origin = letter.getOrigin();
                deadLetters.add(origin.getTopic() + "/" + origin.getPartition() + "@" + origin.getOffset());
            }
            default -> throw new IllegalStateException("a record of a topic that is not shown: " + value.getSchema());
        }
    }

    private String colour(String verdict, Decision decision) {
        if (!colours) {
            return String.format("%-9s", verdict);
        }
        String code =
                switch (decision.getVerdict()) {
                    case APPROVED -> "32";
                    case DENIED -> "33";
                    case DUPLICATE -> "36";
                    case CONFLICT, UNKNOWN -> "31";
                };
        return "\u001b[" + code + "m" + String.format("%-9s", verdict) + "\u001b[0m";
    }

    private static void last(Deque<String> lines, String line) {
        lines.addLast(line);
        if (lines.size() > LINES) {
            lines.removeFirst();
        }
    }

    private static String time(Instant at) {
        return at.toString().substring(11, Math.min(19, at.toString().length()));
    }

    private static String plain(java.math.BigDecimal decimal) {
        return Micros.text(Micros.exact(decimal));
    }

    private void draw() {
        if (!terminal) {
            err.println(progress() + "  " + counts());
            return;
        }
        if (System.nanoTime() - sizeSeen >= LOOK_AT_TERMINAL.toNanos()) {
            size = terminalSize.get();
            sizeSeen = System.nanoTime();
        }
        err.print(page.draw(lines(size.height()), size));
        err.flush();
    }

    /** Event time and share done; no time before there was an event. */
    private String progress() {
        long at = eventTime;
        return (at == 0
                        ? "starting"
                        : Instant.ofEpochMilli(at)
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString())
                + String.format(Locale.ROOT, "  %3d %%", (long) Math.floor(share * 100));
    }

    private String counts() {
        return "decisions: " + DemoSummary.words(verdicts) + "  fills: " + fillCount + "  dead letters: "
                + deadLetters.size();
    }

    private List<String> lines(int height) {
        List<String> held = positions.values().stream()
                .filter(position -> position.getYesQuantity().signum() > 0
                        || position.getNoQuantity().signum() > 0)
                .map(position -> "  " + position.getAccount() + "  " + position.getMarketId() + "  YES "
                        + plain(position.getYesQuantity()) + "  NO " + plain(position.getNoQuantity())
                        + "  worst case " + plain(position.getExposure()))
                .toList();
        // Banner, blank, four headings, and the row of the cursor; decisions, fills and positions share the rest.
        int each = Math.clamp((height - 7L - accounts.size()) / 3, 1, LINES);
        List<String> lines = new ArrayList<>();
        lines.add((colours ? "\u001b[30;43m " + banner + " \u001b[0m" : banner) + "  " + progress());
        lines.add("");
        lines.add("Decisions: " + DemoSummary.words(verdicts) + "  dead letters: " + deadLetters.size());
        lines.addAll(padded(decisions, each));
        lines.add("Fills: " + fillCount);
        lines.addAll(padded(fills, each));
        lines.add("Accounts");
        for (AccountState account : accounts.values()) {
            lines.add("  " + account.getAccount()
                    + (account.getHalts().isEmpty()
                            ? ""
                            : "  HALTED " + account.getHalts().get(0).getScope())
                    + "  loss today " + plain(account.getDailyLoss()) + "  exposure " + plain(account.getExposure())
                    + "  trades " + account.getTradesToday() + "  realised " + plain(account.getRealisedPnl())
                    + "  fees "
                    + plain(account.getFees()) + "  reserved " + plain(account.getReserved()) + "  positions "
                    + account.getOpenPositions());
        }
        lines.add("Positions: " + held.size());
        held.stream().limit(each).forEach(lines::add);
        return lines;
    }

    private static List<String> padded(Deque<String> newest, int count) {
        List<String> padded = new ArrayList<>();
        newest.stream().skip(Math.max(0, newest.size() - count)).forEach(line -> padded.add("  " + line));
        while (padded.size() < count) {
            padded.add("");
        }
        return padded;
    }

    /** Draws once more and ends. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (terminal) {
            draw();
        }
    }
}
