package sluice.console.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import sluice.console.config.ConfigReader;
import sluice.console.stack.LocalStack;
import sluice.console.stack.TestBroker;
import sluice.domain.risk.Limit;
import sluice.topics.Topics;

/** Commands against a whole Sluice: real broker, registry, ingress, account task and paper venue. */
class CommandsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final TestBroker BROKER = new TestBroker();

    @TempDir
    static Path folder;

    private static @Nullable LocalStack stack;

    @BeforeAll
    static void start() throws IOException {
        // The command line finds the stack by the note it leaves, as users' commands do.
        Files.writeString(folder.resolve("sluice.yaml"), "mode: PAPER\n");
        var limits = new StringBuilder();
        for (Limit limit : Limit.values()) {
            limits.append("  ")
                    .append(limit.key())
                    .append(": ")
                    .append(wide(limit))
                    .append('\n');
        }
        Path file = Files.writeString(
                folder.resolve("stack.yaml"),
                "kafka: {bootstrap-servers: \"" + BROKER.bootstrapServers() + "\", prefix: \""
                        + BROKER.settings().prefix() + "\"}\n"
                        + "embedded: {registry-port: 0}\n"
                        + "paper: {latency-ms: 1}\n"
                        + "intervals: {snapshots-ms: 1000}\n"
                        + "allowed-markets: [\"kalshi:*\"]\n"
                        + "limits:\n" + limits);
        stack = LocalStack.start(
                ConfigReader.read(file, Map.of()).config(),
                Files.createDirectories(folder.resolve("data").resolve("main")),
                Clock.systemUTC(),
                ready -> {},
                said -> {},
                failed -> {
                    throw new IllegalStateException("a role failed", failed);
                });
        importMarkets("KX-A", "KX-HALT", "KX-REST", "KX-FILE", "KX-LIMIT");
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    /** Values that let everything pass that the tests do not mean to be refused. */
    private static String wide(Limit limit) {
        return switch (limit) {
            case MIN_PRICE -> "0.01";
            case MAX_PRICE -> "0.99";
            case COLLAR_ABSOLUTE, MAX_SPREAD -> "1";
            case MIN_EDGE, MIN_ROI, MIN_TIME_TO_RESOLUTION, CLOSE_BUFFER -> "0";
            case MIN_ORDER_QUANTITY, DAILY_LOSS_LOOK_AHEAD -> "1";
            case MAX_ORDER_QUANTITY -> "100";
            case MAX_DAILY_LOSS -> "500";
            case MAX_MARKET_EXPOSURE, MAX_STRATEGY_EXPOSURE, MAX_VENUE_EXPOSURE, MAX_ACCOUNT_EXPOSURE -> "1000";
            default ->
                switch (limit.unit()) {
                    case MILLIS -> "86400000";
                    case PERCENT -> "1000";
                    case DOLLARS, CONTRACTS, COUNT -> "100000";
                    case SWITCH -> "1";
                };
        };
    }

    private static void importMarkets(String... markets) throws IOException {
        Instant now = Instant.now();
        var lines = new ArrayList<String>();
        lines.add("{\"type\":\"recording\",\"source\":\"test\",\"format\":1}");
        for (String market : markets) {
            lines.add("{\"type\":\"market\",\"at\":\"" + now + "\",\"venue\":\"kalshi\",\"market\":\"" + market
                    + "\",\"event\":\"EV-" + market + "\",\"category\":\"basketball\",\"status\":\"active\","
                    + "\"tick\":\"0.01\",\"close_at\":\"" + now.plusSeconds(36_000) + "\",\"resolve_at\":\""
                    + now.plusSeconds(40_000) + "\"}");
            lines.add("{\"type\":\"quote\",\"at\":\"" + now + "\",\"venue\":\"kalshi\",\"market\":\"" + market
                    + "\",\"bids\":[[\"0.40\",\"500\"]],\"asks\":[[\"0.42\",\"500\"]]}");
        }
        lines.add("this is no line of a recording");
        Path file = Files.write(folder.resolve("recording.jsonl"), lines);
        var run = host().run("import", file.toString(), "-o", "json");
        assertThat(run.out()).contains("\"published\" : " + 2 * markets.length).contains("\"skippedLines\" : 1");
        assertThat(run.err()).contains("recording.jsonl:" + lines.size() + ": bad line: ");
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILURE);
    }

    @Test
    void aSignalIsAnsweredFilledAndBooked() throws IOException {
        // When it is sent
        var approved = sendUntilApproved("KX-A", "0.45", "10", "k-1");
        JsonNode decision = json(approved.out());
        String order = decision.path("order_id").asText();
        String key = decision.path("idempotency_key").asText();

        // Then the answer is whole
        assertThat(decision.path("verdict").asText()).isEqualTo("APPROVED");
        assertThat(decision.path("controls").isEmpty()).isFalse();

        // And a repeat makes no second order, and another order under the same key none at all
        var repeat = host().run(signal("KX-A", "0.45", "10", key));
        assertThat(repeat.exitCode()).isZero();
        assertThat(json(repeat.out()).path("verdict").asText()).isEqualTo("DUPLICATE");
        assertThat(json(repeat.out()).path("order_id").asText()).isEqualTo(order);
        var conflict = host().run(signal("KX-A", "0.46", "10", key));
        assertThat(conflict.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(json(conflict.out()).path("verdict").asText()).isEqualTo("CONFLICT");

        // And too large is denied, with the reason
        var large = host().onATerminal(true).run(signal("KX-A", "0.45", "101", "k-2"));
        assertThat(large.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(large.out()).startsWith("DENIED (").contains("101").contains("100");

        // And the order is filled and shown everywhere
        JsonNode filled = until(
                () -> only(host().run("orders", "list", "--where", "order_id=" + order)),
                found -> found.path("status").asText().equals("FILLED"));
        assertThat(filled.path("filled").asText()).isEqualTo("10");
        assertThat(filled.path("avg_price").asText()).isEqualTo("0.42");
        assertThat(host().run("orders", "list", "--open", "--where", "order_id=" + order)
                        .out())
                .isEqualTo("[]\n");

        JsonNode shown = json(host().run("orders", "show", order).out());
        assertThat(each(shown.path("records"), "at")).isSorted();
        assertThat(each(shown.path("records"), "topic"))
                .containsSubsequence("decisions", "orders.paper", "placements", "venue.reports", "fills", "executions");
        assertThat(host().onATerminal(true).run("orders", "show", order).out())
                .contains("order_id")
                .contains("TOPIC");

        JsonNode fill = only(host().run("fills", "list", "--where", "order_id=" + order));
        assertThat(fill.path("quantity").asText()).isEqualTo("10");
        assertThat(host().run("fills", "list", "--where", "order_id=" + order, "-o", "csv")
                        .out())
                .startsWith("traded,account,mode,venue,market,side,action,price,quantity,fee,status,order,trade\r\n")
                .contains(",main,PAPER,KALSHI,KX-A,YES,BUY,0.42,10,");

        JsonNode position = only(host().run("positions", "list", "--where", "market_id=KX-A"));
        assertThat(position.path("yes_quantity").asText()).isEqualTo("10");
        assertThat(json(host().run("account", "show").out()).path("account").asText())
                .isEqualTo("main");
        assertThat(host().onATerminal(true)
                        .run("account", "show", "--account", "main")
                        .out())
                .contains("open_positions")
                .doesNotContain("{");

        String number = decision.path("sequence").asText();
        assertThat(json(host().run("decisions", "show", number, "--account", "main")
                        .out()))
                .isEqualTo(decision);
        assertThat(host().onATerminal(true).run("decisions", "show", order).out())
                .contains("CONTROL", "HEADROOM");
        assertThat(host().run("decisions", "list", "--where", "verdict=CONFLICT", "-o", "ndjson")
                        .out())
                .contains("\"idempotency_key\":\"" + key + "\"");
        assertThat(host().onATerminal(true)
                        .run("decisions", "list", "--limit", "1")
                        .out()
                        .lines())
                .hasSize(2);
        assertThat(host().run("decisions", "list", "--account", "nobody").out()).isEqualTo("[]\n");
    }

    @Test
    void aHaltStopsItsScopeUntilItIsResumed() throws IOException {
        // Given
        sendUntilApproved("KX-HALT", "0.45", "1", "h-1");

        // When
        var halt = host().run("halt", "--scope", "market:kalshi:KX-HALT", "--reason", "rules changed");

        // Then
        assertThat(halt.err())
                .contains("HALT of market:kalshi:KX-HALT is written")
                .doesNotContain("nothing known");
        assertThat(halt.out())
                .contains("HALT of market:kalshi:KX-HALT by tester (rules changed): new orders are refused");
        assertThat(halt.exitCode()).isZero();
        var denied = host().run(signal("KX-HALT", "0.45", "1", "h-2"));
        assertThat(denied.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(json(denied.out()).path("code").asText()).contains("KILL");
        JsonNode halts = until(() -> json(host().run("account", "show").out()), state -> !state.path("halts")
                        .isEmpty())
                .path("halts");
        assertThat(halts.findValuesAsText("reason")).contains("rules changed");

        // When
        var other = host().run("resume", "--scope", "market:kalshi:KX-OTHER", "--reason", "slip");
        var resume = host().run("resume", "--scope", "market:kalshi:KX-HALT", "--reason", "read them");

        // Then
        assertThat(other.exitCode()).isEqualTo(ExitCode.FAILURE);
        assertThat(other.err()).contains("error: RESUME of market:kalshi:KX-OTHER changed nothing");
        assertThat(other.out()).contains("nothing was halted under exactly this scope and account");
        assertThat(resume.exitCode()).isZero();
        assertThat(host().run(signal("KX-HALT", "0.45", "1", "h-3")).exitCode()).isZero();
    }

    @Test
    void aHaltOfWhatNobodyKnowsSaysSo() {
        var halt = host().run("halt", "--scope", "strategy:momentm", "--reason", "slip");
        assertThat(halt.exitCode()).isZero();
        assertThat(halt.err()).contains("nothing known matches strategy:momentm; it holds for what comes later\n");
        assertThat(host().run("resume", "--scope", "strategy:momentm", "--reason", "slip")
                        .exitCode())
                .isZero();
        var never = host().run("halt", "--scope", "account:main", "--account", "other", "--reason", "x");
        assertThat(never.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(never.err()).startsWith("error: --scope account:main in account other can match nothing");
    }

    @Test
    void aHaltOfAnUnknownAccountIsWrittenAndWarnsAndAnArmingOfOneIsRefused() {
        // A stop goes first and asks afterwards
        var halt = host().run("halt", "--scope", "account:mian", "--reason", "slip");
        assertThat(halt.exitCode()).as(halt.err()).isZero();
        assertThat(halt.err())
                .contains("HALT of account:mian is written")
                .contains("warning: no account is called mian; there are main\n");
        assertThat(host().run("resume", "--scope", "account:mian", "--reason", "slip")
                        .exitCode())
                .isZero();

        // An arming of nobody is a slip
        var armed = host().run("arm", "--scope", "account:mian", "--for", "1h", "--reason", "slip");
        assertThat(armed.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(armed.err()).contains("error: no account is called mian; there are main. Nothing was armed");
        var inNobody = host().run("arm", "--scope", "all", "--account", "mian", "--for", "1h", "--reason", "slip");
        assertThat(inNobody.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(host().run("armed", "-o", "ndjson").out()).doesNotContain("mian");
    }

    @Test
    void whatIsArmedIsListedUntilItIsDisarmedOrOver() throws IOException {
        // Given
        String scope = "venue:polymarket";
        assertThat(host().run("arm", "--scope", scope, "--for", "90m", "--reason", "games of tonight")
                        .exitCode())
                .isZero();

        // When
        var listed = host().run("armed", "-o", "ndjson");

        // Then
        JsonNode arming = json(listed.out());
        assertThat(arming.path("scope").asText()).isEqualTo(scope);
        assertThat(arming.path("account").asText()).isEqualTo("*");
        assertThat(arming.path("by").asText()).isEqualTo("tester");
        assertThat(arming.path("reason").asText()).isEqualTo("games of tonight");
        assertThat(Instant.parse(arming.path("until").asText()))
                .isBetween(Instant.now().plusSeconds(80 * 60), Instant.now().plusSeconds(91 * 60));

        // When it is over, and when it is taken back
        var later = host().clock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(91)))
                .run("armed", "-o", "ndjson");
        assertThat(host().run("disarm", "--scope", scope, "--reason", "done").exitCode())
                .isZero();
        var afterwards = host().run("armed", "-o", "ndjson");

        // Then
        assertThat(later.out()).isEmpty();
        assertThat(afterwards.out()).isEmpty();
        assertThat(afterwards.err()).contains("Nothing is armed: no live order leaves");
    }

    @Test
    void nothingIsPrintedBeforeASlipIsSaid() {
        for (String[] slip : new String[][] {
            {"topics", "print", "nope"},
            {"orders", "list", "--from", "2026-13-45"},
            {"limits", "show", "--where", "nosuch=1"},
            {"topics", "print", "risk.limits", "--where", "nosuch=1"},
        }) {
            var run = host().run(slip);
            assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.USAGE);
            assertThat(run.out()).isEmpty();
        }
        assertThat(host().run("limits", "show", "--where", "nosuch=1").err())
                .isEqualTo(
                        "error: --where nosuch=1: nothing here has nosuch; there are account, scope, version, set_by,"
                                + " set_at, reason, control, limit, value, unit\n");
        assertThat(host().run("import", "no-such-file.jsonl").err())
                .isEqualTo("error: cannot import no-such-file.jsonl: there is no such file or folder\n");
        assertThat(host().run("signals", "send-file", "no-such-file.jsonl").err())
                .isEqualTo(
                        "error: cannot read no-such-file.jsonl: there is no such file or folder; no signal was sent\n");
    }

    @Test
    void haltsNeedAScopeAndAReason() {
        assertThat(host().run("halt", "--scope", "everything", "--reason", "x").err())
                .startsWith("error: --scope: scope \"everything\" is not all, account:");
        assertThat(host().run("halt", "--scope", "order:o-1", "--reason", "x").err())
                .startsWith("error: --scope order:o-1 is one order; use ./sluice orders cancel o-1");
        assertThat(host().run("resume", "--scope", "all", "--reason", " ").err())
                .contains("error: --reason is empty; say why");
    }

    @Test
    void aRestingOrderIsCancelledOnce() throws IOException {
        // Given
        var resting = sendUntilApproved("KX-REST", "0.05", "3", "r-1", "--time-in-force", "gtc");
        String order = json(resting.out()).path("order_id").asText();
        until(
                () -> only(host().run("orders", "list", "--where", "order_id=" + order)),
                found -> found.path("status").asText().equals("WORKING"));

        // When
        var cancel = host().run("orders", "cancel", order, "--reason", "priced wrong", "--timeout", "30");
        var again = host().run("orders", "cancel", order, "--reason", "priced wrong");

        // Then
        assertThat(cancel.exitCode()).isZero();
        assertThat(json(cancel.out()).path("status").asText()).isEqualTo("CANCELLED");
        assertThat(again.exitCode()).isEqualTo(ExitCode.FAILURE);
        assertThat(again.err())
                .isEqualTo("error: order " + order + " is CANCELLED already; there is nothing to cancel\n");
        assertThat(host().run("orders", "cancel", "o-none", "--reason", "x").err())
                .startsWith("error: no record tells of order o-none");
    }

    @Test
    void limitsAreSetByVersionAndHold() throws IOException {
        // When
        var set = host().run(
                        "limits",
                        "set",
                        "max-order-cost=2.50",
                        "max-order-quantity=7",
                        "--scope",
                        "market:kalshi:KX-LIMIT",
                        "--reason",
                        "first week",
                        "--operator",
                        "ann");

        // Then
        assertThat(set.err()).contains("max-order-quantity: unset -> 7\n").contains("max-order-cost: unset -> 2.5\n");
        assertThat(set.out()).isEqualTo("market:kalshi:KX-LIMIT of account * is at version 1\n");
        assertThat(set.exitCode()).isZero();
        var denied = host().run(signal("KX-LIMIT", "0.45", "8", "l-1"));
        assertThat(denied.exitCode()).isEqualTo(ExitCode.REFUSED);

        // When one is taken away
        var unset = host().run(
                        "limits",
                        "set",
                        "max-order-quantity=unset",
                        "max-order-cost=4",
                        "--scope",
                        "market:kalshi:KX-LIMIT",
                        "--reason",
                        "second week");

        // Then
        assertThat(unset.err()).contains("max-order-quantity: 7 -> unset\n").contains("max-order-cost: 2.5 -> 4\n");
        assertThat(unset.exitCode()).isZero();
        JsonNode rows = json(host().run("limits", "show", "--where", "scope=market:kalshi:KX-LIMIT")
                .out());
        assertThat(rows).hasSize(1);
        assertThat(rows.path(0))
                .hasToString(
                        "{\"account\":\"*\",\"scope\":\"market:kalshi:KX-LIMIT\",\"version\":2,\"set_by\":\"tester\","
                                + "\"set_at\":\"" + rows.path(0).path("set_at").asText()
                                + "\",\"reason\":\"second week\",\"control\":11,\"limit\":\"max-order-cost\",\"value\":\"4\","
                                + "\"unit\":\"dollars\"}");
        assertThat(json(host().run("limits", "show", "--where", "scope=all").out()))
                .hasSize(Limit.values().length + 1);
    }

    @Test
    void limitsThatAreNoneAreNamed() {
        assertThat(host().run("limits", "set", "max-order-cst=1", "--reason", "x")
                        .err())
                .isEqualTo("error: max-order-cst is not a limit; did you mean max-order-cost?\n");
        assertThat(host().run("limits", "set", "max-order-cost=1.0000001", "--reason", "x")
                        .err())
                .startsWith("error: max-order-cost is 1.0000001; at most six decimals are kept");
        var tooMuch = host().run("limits", "set", "max-daily-loss=500.01", "--reason", "x");
        assertThat(tooMuch.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(tooMuch.err())
                .isEqualTo("refused: max-daily-loss is 500.01; it may never be above 500 dollars,"
                        + " and no setting lifts that\n");
        assertThat(host().run("limits", "set", "max-order-cost", "--reason", "x")
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);
        assertThat(host().run("limits", "set", "--reason", "x").err()).startsWith("error: nothing to set");
    }

    @Test
    void aFileOfSignalsIsSentAndItsBadLinesAreNamed() throws IOException {
        // Given
        Files.writeString(folder.resolve("signals.jsonl"), """
                {"request_id":"f1","idempotency_key":"f1","platform":"kalshi","market_id":"KX-FILE","side":"yes","limit_price":0.450,"size":1,"created_at":"2020-01-01T00:00:00Z","model":"m"}

                {"request_id":"f2"}
                nonsense
                """);
        Files.writeString(folder.resolve("signals.csv"), """
                request_id,idempotency_key,platform,market_id,side,limit_price,size,created_at
                c1,c1,kalshi,KX-FILE,yes,0.45,2,2020-01-01T00:00:00Z
                """);

        // When
        var lines = host().run("signals", "send-file", "signals.jsonl", "--now", "--strategy", "files");
        var rows = host().run("signals", "send-file", "signals.csv", "--now");
        var unstamped = host().stdin("{\"request_id\":\"f5\",\"idempotency_key\":\"f5\",\"platform\":\"kalshi\","
                        + "\"market_id\":\"KX-FILE\",\"side\":\"yes\",\"limit_price\":0.45,\"size\":1}\n")
                .run("signals", "send-file", "-");
        var raw = host().run("signals", "send-file", "signals.jsonl", "--unchecked");

        // Then
        assertThat(json(lines.out())).hasToString("{\"sent\":1,\"leftOut\":2}");
        assertThat(lines.exitCode()).isEqualTo(ExitCode.FAILURE);
        assertThat(lines.err())
                .contains("signals.jsonl:3: left out: this is no signal: idempotency_key is missing")
                .contains("signals.jsonl:4: left out: Unrecognized token 'nonsense'");
        assertThat(json(rows.out())).hasToString("{\"sent\":1,\"leftOut\":0}");
        assertThat(rows.exitCode()).isZero();
        assertThat(json(unstamped.out())).hasToString("{\"sent\":1,\"leftOut\":0}");
        assertThat(json(raw.out())).hasToString("{\"sent\":3,\"leftOut\":0}");
        var printed = host().run(
                        "topics", "print", "signals.json", "--where", "request_id=f1", "-o", "ndjson", "--limit", "1");
        assertThat(printed.out()).contains("\"limit_price\":0.450").contains("\"strategy\":\"files\"");
        until(() -> json(host().run("topics", "print", "signals.json.dlq").out()), letters -> letters.toString()
                .contains("Unrecognized token"));
    }

    @Test
    void topicsAreListedDescribedAndPrinted() throws Exception {
        // Given a record that nobody can read
        byte[] junk = {0, 0, 0, 127, 127, 1, 2};
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", BROKER.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            var record = new ProducerRecord<>(
                    BROKER.settings().nameOf(Topics.RECONCILIATION_FINDINGS), new byte[] {(byte) 0xff}, junk);
            record.headers().add("trace", "t-1".getBytes(StandardCharsets.UTF_8));
            producer.send(record).get();
        }

        // Then
        JsonNode all = json(host().run("topics", "list").out());
        assertThat(all).hasSize(Topics.all().size());
        assertThat(all.findValuesAsText("state")).containsOnly("there");
        JsonNode described = json(host().run("topics", "describe", "journal").out());
        assertThat(described.path("subject").asText())
                .isEqualTo(BROKER.settings().prefix() + "journal-value");
        assertThat(described.path("config").path("flush.messages").asText()).isEqualTo("1");
        assertThat(described.path("partitions")).hasSize(2);

        JsonNode unreadable = json(host().run("topics", "print", "reconciliation.findings")
                        .out())
                .path(0);
        assertThat(unreadable.path("type").asText()).isEqualTo("unreadable");
        assertThat(unreadable.path("hex").asText()).isEqualTo("0000007f7f0102");
        assertThat(unreadable.path("key").asText()).isEqualTo("0xff");
        assertThat(unreadable.path("headers").path("trace").asText()).isEqualTo("t-1");
        assertThat(unreadable.path("reason").asText()).contains("schema id 32639, which the registry does not have");

        assertThat(host().run("topics", "print", "jurnal").err())
                .startsWith("error: jurnal is no topic of Sluice; did you mean journal?");
        assertThat(host().run("topics", "print", "journal", "--from", "soon").exitCode())
                .isEqualTo(ExitCode.USAGE);

        // And the last records are the last, whatever the partition
        String last = host().run("topics", "print", "journal", "--from", "-3", "-o", "ndjson")
                .out();
        assertThat(last.lines()).hasSize(3);
        assertThat(host().onATerminal(true)
                        .run("topics", "print", "journal", "--limit", "2")
                        .out())
                .startsWith("PARTITION  OFFSET  TIMESTAMP")
                .contains("JournalEntry");

        // And following sees what comes
        var following = CompletableFuture.supplyAsync(() -> host().run(
                        "topics",
                        "print",
                        "journal",
                        "--from",
                        "0s",
                        "--follow",
                        "--limit",
                        "2",
                        "--where",
                        "account=*"));
        assertThat(following.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).out().lines())
                .hasSize(2);
    }

    private static TestHost host() {
        return new TestHost(folder);
    }

    private static String[] signal(String market, String price, String size, String key, String... more) {
        var args = new ArrayList<>(List.of(
                "signals",
                "send",
                "--market",
                "kalshi:" + market,
                "--side",
                "yes",
                "--price",
                price,
                "--size",
                size,
                "--edge",
                "30",
                "--key",
                key,
                "--timeout",
                "60"));
        args.addAll(List.of(more));
        return args.toArray(String[]::new);
    }

    /** Markets and cash reach ingress and the books by themselves; until then a signal is denied. */
    private static TestHost.Run sendUntilApproved(
            String market, String price, String size, String key, String... more) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (int attempt = 0; ; attempt++) {
            var run = host().run(signal(market, price, size, key + "-" + attempt, more));
            if (run.exitCode() == 0) {
                return run;
            }
            assertThat(System.nanoTime()).as("%s%n%s", run.out(), run.err()).isLessThan(deadline);
        }
    }

    private interface Look {
        JsonNode at() throws IOException;
    }

    private static JsonNode until(Look look, Predicate<JsonNode> wanted) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            JsonNode seen = look.at();
            if (wanted.test(seen)) {
                return seen;
            }
            assertThat(System.nanoTime()).as("still %s", seen).isLessThan(deadline);
        }
    }

    private static List<String> each(JsonNode rows, String field) {
        var values = new ArrayList<String>();
        rows.forEach(row -> values.add(row.path(field).asText()));
        return values;
    }

    private static JsonNode only(TestHost.Run run) throws IOException {
        return json(run.out()).path(0);
    }

    private static JsonNode json(String text) throws IOException {
        return Objects.requireNonNull(RecordDecoder.EXACT.readTree(text));
    }
}
