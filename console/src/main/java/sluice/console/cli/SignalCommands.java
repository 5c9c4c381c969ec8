package sluice.console.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.console.config.FileProblem;
import sluice.domain.AccountId;
import sluice.domain.MarketId;
import sluice.domain.StrategyId;
import sluice.domain.order.Signal;
import sluice.risk.ingress.core.SignalJson;
import sluice.topics.Topic;
import sluice.topics.Topics;
import sluice.wire.SignalCodec;

/** Signals. */
@Command(
        name = "signals",
        description = "Signals: what a model wants.",
        mixinStandardHelpOptions = true,
        subcommands = {SignalCommands.SendSignal.class, SignalCommands.SendFile.class})
final class SignalCommands {
    /** Of signals that name none, as in the shipped configuration. */
    private static final String ACCOUNT = "main";

    private static final String STRATEGY = "default";

    private static final String CREATED_AT = "created_at";

    private SignalCommands() {}

    /** Stands for the time of a signal that is only looked at; 2000-01-01, because ingress takes nothing older. */
    private static final long BEFORE_SENDING = 946_684_800_000L;

    /** The signal with this time, unless it is no JSON object or says itself when it was made. */
    private static byte[] stamped(byte[] json, long millis) {
        try {
            if (RecordDecoder.EXACT.readTree(json) instanceof ObjectNode signal && !signal.has(CREATED_AT)) {
                return signal.put(CREATED_AT, AvroJson.time(millis)).toString().getBytes(StandardCharsets.UTF_8);
            }
            return json;
        } catch (IOException e) {
            return json; // It is refused with a reason where it is checked.
        }
    }

    /** Says no where ingress would, before anything is sent. */
    private static Signal checked(byte[] json) {
        return switch (new SignalJson(new AccountId(ACCOUNT), new StrategyId(STRATEGY)).parse(json)) {
            case SignalJson.Result.Parsed(Signal signal) -> signal;
            case SignalJson.Result.Rejected(String reason) -> throw Failure.usage("this is no signal: " + reason);
        };
    }

    /** Sends one signal. */
    @Command(
            name = "send",
            description = "Send one signal and wait for the decision.",
            footer = {
                "%nExit code 0 when the order was approved, 5 when it was denied, 6 when no decision was seen in time.",
                "The same --key sends the same order: a repeat gets the first answer again and makes no second order.",
                "%nExamples:",
                "  ./sluice signals send --market kalshi:KXNBA-26-BOS --side yes --price 0.65 --size 50 --edge 21",
                "  ./sluice signals send --market polymarket:0x1f --side no --price 0.3 --size 10 --edge 25"
                        + " --strategy momentum --key game-7",
                "  echo '{\"request_id\": \"r1\", \"idempotency_key\": \"k1\", \"platform\": \"Kalshi\","
                        + " \"market_id\": \"KXNBA-26-BOS\", \"side\": \"Yes\", \"limit_price\": 0.65, \"size\": 50,"
                        + " \"edge_pct\": 18.5, \"created_at\": \"2026-01-28T20:10:00Z\"}'"
                        + " | ./sluice signals send --json -"
            })
    static final class SendSignal extends ClusterCommand {
        @Option(names = "--market", paramLabel = "VENUE:ID", description = "Market, as in kalshi:KXNBA-26-BOS.")
        @Nullable
        String market;

        @Option(names = "--side", paramLabel = "SIDE", description = "yes or no.")
        @Nullable
        String side;

        @Option(names = "--action", paramLabel = "ACTION", description = "buy (the default) or sell.")
        @Nullable
        String action;

        @Option(names = "--price", paramLabel = "DOLLARS", description = "Worst acceptable price of the side, 0 to 1.")
        @Nullable
        String price;

        @Option(names = "--size", paramLabel = "CONTRACTS", description = "Contracts.")
        @Nullable
        String size;

        @Option(names = "--max-cost", paramLabel = "DOLLARS", description = "Most that it may cost, fees included.")
        @Nullable
        String maxCost;

        @Option(names = "--edge", paramLabel = "POINTS", description = "Claimed edge in percentage points.")
        @Nullable
        String edge;

        @Option(names = "--model-price", paramLabel = "DOLLARS", description = "The model's probability of the side.")
        @Nullable
        String modelPrice;

        @Option(names = "--time-in-force", paramLabel = "LIFE", description = "ioc (the default), fok, gtc or gtd.")
        @Nullable
        String timeInForce;

        @Option(names = "--expires-at", paramLabel = "TIME", description = "End of a gtd order, RFC 3339.")
        @Nullable
        String expiresAt;

        @Option(names = "--post-only", description = "Refuse rather than take; with gtc or gtd.")
        boolean postOnly;

        @Option(names = "--account", paramLabel = "NAME", description = "Account; the configured one unless named.")
        @Nullable
        String account;

        @Option(names = "--strategy", paramLabel = "NAME", description = "Strategy; the configured one unless named.")
        @Nullable
        String strategy;

        @Option(names = "--game", paramLabel = "ID", description = "Game that the market belongs to.")
        @Nullable
        String game;

        @Option(names = "--sport", paramLabel = "NAME", description = "Sport or category.")
        @Nullable
        String sport;

        @Option(names = "--key", paramLabel = "TEXT", description = "Idempotency key; a new one unless given.")
        @Nullable
        String key;

        @Option(
                names = "--request-id",
                paramLabel = "TEXT",
                description = "Id of this request; a new one unless given.")
        @Nullable
        String requestId;

        @Option(
                names = "--created-at",
                paramLabel = "TIME",
                description = "When the model made it, RFC 3339; the moment of sending unless given.")
        @Nullable
        String createdAt;

        @Option(
                names = "--json",
                paramLabel = "FILE",
                description = "Read the whole signal as JSON; - is stdin. created_at may be left out.")
        @Nullable
        String json;

        @Option(names = "--avro", description = "Write to the topic signals, with its schema, and not to signals.json.")
        boolean avro;

        @Mixin
        WaitOptions wait = new WaitOptions();

        @Mixin
        OutputOptions output = new OutputOptions();

        SendSignal(Host host) {
            super(host);
        }

        @Override
        public Integer call() {
            byte[] given = json == null ? fromOptions() : fromJson(json);
            checked(stamped(given, BEFORE_SENDING));
            try (Cluster cluster = connect()) {
                Topic topic = avro ? Topics.SIGNALS : Topics.SIGNALS_JSON;
                Topic deadLetters = Topics.deadLettersOf(topic);
                TopicReader.Position end =
                        cluster.reader().end(List.of(cluster.nameOf(Topics.DECISIONS), cluster.nameOf(deadLetters)));
                cluster.warmUp(topic);
                if (avro) {
                    cluster.encode(
                            topic,
                            sluice.avro.Signal.class,
                            SignalCodec.toAvro(checked(stamped(given, BEFORE_SENDING))));
                }
                // Only now, when nothing is left to wait for: connecting takes as long as a signal may be old.
                byte[] bytes = stamped(given, host.clock().millis());
                Signal signal = checked(bytes);
                byte[] value =
                        avro ? cluster.encode(topic, sluice.avro.Signal.class, SignalCodec.toAvro(signal)) : bytes;
                RecordMetadata sent = cluster.send(topic, signal.account().value(), value);
                String where = topic.name() + ", partition " + sent.partition() + ", offset " + sent.offset();
                host.say(
                        "sent request " + signal.requestId() + ", key " + signal.idempotencyKey() + " (" + where + ")");
                return wait.no ? ExitCode.OK : answer(cluster, end, signal, deadLetters, sent, where);
            }
        }

        private int answer(
                Cluster cluster,
                TopicReader.Position end,
                Signal signal,
                Topic deadLetters,
                RecordMetadata sent,
                String where) {
            var decision = new ObjectNode[1];
            var refusal = new String[1];
            String deadLettersName = cluster.nameOf(deadLetters);
            boolean answered = cluster.reader().follow(end, wait.timeout(), found -> {
                if (cluster.decoder().decode(found.value())
                                instanceof RecordDecoder.Decoded.Value(String type, JsonNode told)
                        && told instanceof ObjectNode value) {
                    if (found.topic().equals(deadLettersName)) {
                        JsonNode origin = value.path("origin");
                        if (origin.path("partition").asInt(-1) == sent.partition()
                                && origin.path("offset").asLong(-1) == sent.offset()) {
                            refusal[0] = value.path("reason").asText();
                        }
                    } else if (value.path("request_id").asText().equals(signal.requestId())
                            && value.path("idempotency_key").asText().equals(signal.idempotencyKey())) {
                        decision[0] = value;
                    }
                }
                return decision[0] == null && refusal[0] == null;
            });
            if (!answered) {
                throw Failure.unknown("no decision was seen within " + wait.seconds + " s. The signal is written ("
                        + where + ") and may still be decided: look with ./sluice decisions show "
                        + signal.requestId() + ", and see that Sluice is running");
            }
            if (refusal[0] != null) {
                throw Failure.failed("the signal went to " + deadLetters.name() + ": " + refusal[0]);
            }
            return show(decision[0]);
        }

        private int show(ObjectNode decision) {
            OutputFormat format = output.formatFor(host, false);
            String verdict = decision.path("verdict").asText();
            String first = decision.path("first_verdict").asText();
            if (format == OutputFormat.TABLE) {
                var line = new StringBuilder(verdict);
                if (verdict.equals("DUPLICATE")) {
                    line.append(" of decision ")
                            .append(decision.path("first_sequence").asText())
                            .append(", which was ")
                            .append(first);
                }
                if (decision.hasNonNull("order_id")) {
                    line.append(", order ").append(decision.path("order_id").asText());
                }
                host.out()
                        .println(line.append(" (")
                                .append(decision.path("code").asText())
                                .append(")"));
                if (!decision.path("reason").asText().isEmpty()) {
                    host.out().println(decision.path("reason").asText());
                }
            } else {
                Output.writeOne(host.out(), format, decision);
            }
            host.out().flush();
            boolean approved = verdict.equals("APPROVED") || (verdict.equals("DUPLICATE") && first.equals("APPROVED"));
            return approved ? ExitCode.OK : ExitCode.REFUSED;
        }

        private byte[] fromJson(String source) {
            if (market != null || side != null || price != null || size != null) {
                throw Failure.usage("--json holds the whole signal; leave out --market, --side, --price and --size");
            }
            try {
                return source.equals("-")
                        ? host.in().readAllBytes()
                        : Files.readAllBytes(host.workingDirectory().resolve(source));
            } catch (IOException e) {
                throw Failure.failed("cannot read " + source + ": " + FileProblem.words(e));
            }
        }

        private byte[] fromOptions() {
            if (market == null || side == null || price == null || size == null) {
                throw Failure.usage("a signal needs --market, --side, --price and --size, or all of it with --json");
            }
            MarketId named;
            try {
                named = MarketId.parse(market);
            } catch (IllegalArgumentException e) {
                throw Failure.usage("--market: " + e.getMessage());
            }
            String id = requestId != null ? requestId : UUID.randomUUID().toString();
            ObjectNode signal = JsonNodeFactory.instance
                    .objectNode()
                    .put("request_id", id)
                    .put("idempotency_key", key != null ? key : id)
                    .put("platform", named.venue().name())
                    .put("market_id", named.id())
                    .put("side", side)
                    .put("limit_price", price)
                    .put("size", size);
            put(signal, CREATED_AT, createdAt);
            put(signal, "action", action);
            put(signal, "account", account);
            put(signal, "strategy", strategy);
            put(signal, "max_cost", maxCost);
            put(signal, "edge_pct", edge);
            put(signal, "model_price", modelPrice);
            put(signal, "time_in_force", timeInForce);
            put(signal, "expires_at", expiresAt);
            put(signal, "game_id", game);
            put(signal, "sport", sport);
            if (postOnly) {
                signal.put("post_only", true);
            }
            return signal.toString().getBytes(StandardCharsets.UTF_8);
        }

        private static void put(ObjectNode signal, String field, @Nullable String value) {
            if (value != null) {
                signal.put(field, value);
            }
        }
    }

    /** Sends a file of signals. */
    @Command(
            name = "send-file",
            description = "Send every signal of a file: one JSON object on each line, or CSV with field names on top.",
            footer = {
                "%nLines that are no signal are named and left out, unless --unchecked sends them as they are.",
                "Exit code 1 when any was left out. Decisions: ./sluice decisions list --follow",
                "%nFields of JSON, and columns of CSV:",
                "  needed        request_id, idempotency_key, platform, market_id, side, limit_price, size",
                "  else as said  created_at (the moment of sending), account, strategy, action (buy), time_in_force (ioc)",
                "  may be given  edge_pct, model_price, max_cost, expires_at, post_only, signal_type, signal_id, token_id,",
                "                contract_team, game_id, sport, group_id, leg_index, leg_count; any other is kept as it is",
                "%nExamples:",
                "  ./sluice signals send-file signals.jsonl --now",
                "  ./sluice signals send-file signals.csv --account main --strategy backfill",
                "  cat signals.jsonl | ./sluice signals send-file -"
            })
    static final class SendFile extends ClusterCommand {
        private static final int MOST_UNCONFIRMED = 5_000;
        private static final int MOST_NAMED = 10;

        @Parameters(paramLabel = "FILE", description = "The file; - is stdin, as JSON lines.")
        String file = "";

        @Option(names = "--now", description = "Put the moment of sending in the place of each created_at.")
        boolean now;

        @Option(names = "--unchecked", description = "Send lines as they are, also those that are no signal.")
        boolean unchecked;

        @Option(names = "--account", paramLabel = "NAME", description = "Account of signals that name none.")
        @Nullable
        String account;

        @Option(names = "--strategy", paramLabel = "NAME", description = "Strategy of signals that name none.")
        @Nullable
        String strategy;

        private long sent;
        private long leftOut;
        private long line;

        SendFile(Host host) {
            super(host);
        }

        /** Counts what was read, for the progress bar. */
        private static final class Counted extends FilterInputStream {
            private long bytes;

            Counted(InputStream in) {
                super(in);
            }

            @Override
            public int read() throws IOException {
                int read = super.read();
                bytes += read < 0 ? 0 : 1;
                return read;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int read = super.read(buffer, offset, length);
                bytes += Math.max(0, read);
                return read;
            }
        }

        @Override
        public Integer call() {
            boolean csv = file.toLowerCase(Locale.ROOT).endsWith(".csv");
            if (csv && unchecked) {
                throw Failure.usage("--unchecked sends lines as they are, and lines of a CSV file are no JSON");
            }
            Path path = host.workingDirectory().resolve(file);
            try (Cluster cluster = connect();
                    Counted in = new Counted(file.equals("-") ? host.in() : Files.newInputStream(path));
                    Progress progress = new Progress(host, "signals")) {
                long total = file.equals("-") ? 0 : Files.size(path);
                cluster.warmUp(Topics.SIGNALS_JSON); // so that each line leaves when it is stamped
                var unconfirmed = new ArrayDeque<Future<RecordMetadata>>();
                if (csv) {
                    MappingIterator<Map<String, String>> rows = new CsvMapper()
                            .readerForMapOf(String.class)
                            .with(CsvSchema.emptySchema().withHeader())
                            .readValues(new InputStreamReader(in, StandardCharsets.UTF_8));
                    line = 1;
                    while (rows.hasNext()) {
                        line++;
                        fromRow(rows.next()).ifPresent(value -> send(cluster, value, unconfirmed));
                        progress.at(in.bytes, total, sent);
                    }
                } else {
                    var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
                    for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                        line++;
                        if (!text.isBlank()) {
                            fromLine(text).ifPresent(value -> send(cluster, value, unconfirmed));
                        }
                        progress.at(in.bytes, total, sent);
                    }
                }
                unconfirmed.forEach(one -> cluster.confirmed(Topics.SIGNALS_JSON, one));
            } catch (IOException e) {
                throw Failure.failed(
                        "cannot read " + file + (line == 0 ? "" : " beyond line " + line) + ": " + FileProblem.words(e)
                                + "; " + (sent == 0 ? "no signal was" : sent + " signals were") + " sent");
            }
            Output.writeOne(
                    host.out(),
                    host.outIsTerminal() ? OutputFormat.TABLE : OutputFormat.JSON,
                    JsonNodeFactory.instance.objectNode().put("sent", sent).put("leftOut", leftOut));
            return leftOut == 0 ? ExitCode.OK : ExitCode.FAILURE;
        }

        private void send(Cluster cluster, byte[] value, ArrayDeque<Future<RecordMetadata>> unconfirmed) {
            unconfirmed.addLast(cluster.sendLater(Topics.SIGNALS_JSON, account != null ? account : ACCOUNT, value));
            if (unconfirmed.size() > MOST_UNCONFIRMED) {
                cluster.confirmed(Topics.SIGNALS_JSON, unconfirmed.removeFirst());
            }
            sent++;
        }

        private Optional<byte[]> fromRow(Map<String, String> row) {
            ObjectNode signal = JsonNodeFactory.instance.objectNode();
            row.forEach((field, value) -> {
                if (!value.isEmpty()) {
                    switch (field) {
                        case "post_only" -> signal.put(field, Boolean.parseBoolean(value));
                        case "leg_index", "leg_count" -> signal.put(field, Integer.valueOf(value));
                        default -> signal.put(field, value);
                    }
                }
            });
            return checkedOrLeftOut(signal);
        }

        private Optional<byte[]> fromLine(String text) {
            if (unchecked && !now && account == null && strategy == null) {
                return Optional.of(text.getBytes(StandardCharsets.UTF_8));
            }
            try {
                if (RecordDecoder.EXACT.readTree(text) instanceof ObjectNode signal) {
                    return checkedOrLeftOut(signal);
                }
                return unreadable(text, "the line holds no JSON object");
            } catch (JsonProcessingException e) {
                return unreadable(text, e.getOriginalMessage());
            }
        }

        private Optional<byte[]> unreadable(String text, String why) {
            if (unchecked) {
                return Optional.of(text.getBytes(StandardCharsets.UTF_8));
            }
            leaveOut(why);
            return Optional.empty();
        }

        private Optional<byte[]> checkedOrLeftOut(ObjectNode signal) {
            if (now || (!signal.has(CREATED_AT) && !unchecked)) {
                signal.put(CREATED_AT, AvroJson.time(host.clock().millis()));
            }
            if (account != null && !signal.has("account")) {
                signal.put("account", account);
            }
            if (strategy != null && !signal.has("strategy")) {
                signal.put("strategy", strategy);
            }
            byte[] bytes = signal.toString().getBytes(StandardCharsets.UTF_8);
            if (!unchecked) {
                try {
                    checked(bytes);
                } catch (Failure e) {
                    leaveOut(String.valueOf(e.getMessage()));
                    return Optional.empty();
                }
            }
            return Optional.of(bytes);
        }

        private void leaveOut(String why) {
            leftOut++;
            if (leftOut <= MOST_NAMED) {
                host.say(file + ":" + line + ": left out: " + why);
            } else if (leftOut == MOST_NAMED + 1) {
                host.say("further lines that are left out are only counted");
            }
        }
    }
}
