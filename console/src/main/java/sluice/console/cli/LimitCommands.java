package sluice.console.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.console.config.ConfigReader;
import sluice.console.config.FutureControl;
import sluice.console.config.LimitValues;
import sluice.console.config.NearestName;
import sluice.console.config.SluiceConfig;
import sluice.domain.AccountId;
import sluice.domain.Micros;
import sluice.domain.risk.Limit;
import sluice.domain.risk.RiskLimits;
import sluice.domain.risk.Scope;
import sluice.topics.Topics;
import sluice.wire.AvroSerde;
import sluice.wire.InvalidRecordException;
import sluice.wire.RiskCodec;
import sluice.wire.UnreadableRecordException;

/** Limits. */
@Command(
        name = "limits",
        description = "Limits: what holds, and changing it.",
        mixinStandardHelpOptions = true,
        subcommands = {LimitCommands.ShowLimits.class, LimitCommands.SetLimits.class})
final class LimitCommands {
    private LimitCommands() {}

    /** Whose limits, and of what. */
    record Owner(AccountId account, Scope scope) {
        static final Comparator<Owner> ORDER =
                Comparator.comparing(Owner::account).thenComparing(Owner::scope);
    }

    /** The version in force of every scope: the newest and, where two came with one number, the first of them. */
    private static Map<Owner, RiskLimits> inForce(Cluster cluster, Host host) {
        var newest = new TreeMap<Owner, RiskLimits>(Owner.ORDER);
        String topic = cluster.nameOf(Topics.RISK_LIMITS);
        try (AvroSerde<sluice.avro.RiskLimits> serde = cluster.serde(sluice.avro.RiskLimits.class)) {
            cluster.reader().read(List.of(topic), new Start.Beginning(), found -> {
                try {
                    sluice.avro.RiskLimits avro = serde.deserialize(topic, found.value());
                    if (avro != null) {
                        RiskLimits limits = RiskCodec.fromAvro(avro);
                        newest.merge(
                                new Owner(limits.account(), limits.scope()),
                                limits,
                                (known, next) -> next.version() > known.version() ? next : known);
                    }
                } catch (UnreadableRecordException | InvalidRecordException e) {
                    host.say("warning: " + topic + ", partition " + found.partition() + ", offset " + found.offset()
                            + ": " + e.getMessage());
                }
                return true;
            });
        }
        return newest;
    }

    private static String unit(Limit limit) {
        return switch (limit.unit()) {
            case DOLLARS -> "dollars";
            case CONTRACTS -> "contracts";
            case PERCENT -> "percent";
            case MILLIS -> "milliseconds";
            case COUNT -> "count";
            case SWITCH -> "1 or 0";
        };
    }

    /** Shows limits. */
    @Command(
            name = "show",
            description = "Show the limits in force by account and scope, with version, author and time.",
            footer = {
                "%nWhere several scopes name one order, the tightest value holds. A limit that no scope sets refuses every"
                        + " order.",
                "%nExamples:",
                "  ./sluice limits show",
                "  ./sluice limits show --not-enforced",
                "  ./sluice limits show --where scope=all --where limit=max-order-cost -o json"
            })
    static final class ShowLimits extends ClusterCommand {
        @Option(
                names = "--where",
                paramLabel = "PATH=VALUE",
                description = "Only rows in which this column has exactly this value. May be repeated.",
                converter = WhereConverter.class)
        List<Where> where = List.of();

        @Mixin
        OutputOptions output = new OutputOptions();

        ShowLimits(Host host) {
            super(host);
        }

        @Option(
                names = "--not-enforced",
                description = "Instead, settings of the configuration that nothing enforces in this version.")
        boolean notEnforced;

        private Integer showNotEnforced() {
            SluiceConfig config = ConfigReader.read(
                            ConnectionOptions.configFile(host, connection.config), host.environment())
                    .config();
            Output rows = output.open(
                    host, List.of(Column.of("setting"), Column.of("value"), Column.of("will_control")), false);
            var fields = new SeenFields(where);
            for (FutureControl control : config.notEnforced()) {
                print(
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("setting", control.key())
                                .put("value", config.notEnforcedYet().get(control.key()))
                                .put("will_control", control.words()),
                        rows,
                        fields);
            }
            fields.requireKnown();
            rows.end();
            return ExitCode.OK;
        }

        @Override
        public Integer call() {
            if (notEnforced) {
                return showNotEnforced();
            }
            try (Cluster cluster = connect()) {
                Output rows = output.open(
                        host,
                        List.of(
                                Column.of("account"),
                                Column.of("scope"),
                                Column.of("control"),
                                Column.of("limit"),
                                Column.of("value"),
                                Column.of("unit"),
                                Column.of("version"),
                                Column.of("set_by"),
                                Column.of("set_at"),
                                Column.of("reason")),
                        false);
                Collection<RiskLimits> inForce = inForce(cluster, host).values();
                var fields = new SeenFields(where);
                inForce.forEach(limits -> show(limits, rows, fields));
                fields.requireKnown();
                Set<Limit> set = new HashSet<>();
                inForce.stream()
                        .filter(limits -> limits.scope().kind() == Scope.Kind.ALL
                                || limits.scope().kind() == Scope.Kind.ACCOUNT)
                        .forEach(limits -> set.addAll(limits.limits().keySet()));
                List<String> unset = Arrays.stream(Limit.values())
                        .filter(limit -> !set.contains(limit))
                        .map(Limit::key)
                        .toList();
                if (!unset.isEmpty()) {
                    host.say("warning: unset, and so refusing every order that no narrower scope covers: "
                            + String.join(", ", unset));
                }
                if (inForce.stream().allMatch(limits -> limits.allowedMarkets().isEmpty())) {
                    host.say("warning: no market may be traded, because no scope has allowed-markets");
                }
                rows.end();
                return ExitCode.OK;
            }
        }

        private void show(RiskLimits limits, Output rows, SeenFields fields) {
            var sorted = new EnumMap<Limit, Long>(Limit.class);
            sorted.putAll(limits.limits());
            sorted.forEach((limit, micros) -> {
                ObjectNode row = row(limits);
                row.put("control", limit.row()).put("limit", limit.key());
                row.put("value", Micros.text(micros)).put("unit", unit(limit));
                print(row, rows, fields);
            });
            if (!limits.allowedMarkets().isEmpty()) {
                ObjectNode row = row(limits);
                row.put("control", 5).put("limit", "allowed-markets");
                row.put("value", String.join(",", limits.allowedMarkets())).put("unit", "patterns");
                print(row, rows, fields);
            }
            if (!limits.restrictedCategories().isEmpty()) {
                ObjectNode row = row(limits);
                row.put("control", 5).put("limit", "restricted-categories");
                row.put("value", String.join(",", limits.restrictedCategories()))
                        .put("unit", "names");
                print(row, rows, fields);
            }
        }

        private void print(ObjectNode row, Output rows, SeenFields fields) {
            fields.see(row);
            if (Where.all(where, row)) {
                rows.row(row);
            }
        }

        private static ObjectNode row(RiskLimits limits) {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("account", limits.account().value())
                    .put("scope", limits.scope().toString())
                    .put("version", limits.version())
                    .put("set_by", limits.setBy())
                    .put("set_at", AvroJson.time(limits.setAtMillis()))
                    .put("reason", limits.reason());
        }
    }

    /** Sets limits. */
    @Command(
            name = "set",
            description = "Set limits of a scope; the others of that scope stay as they are.",
            footer = {
                "%nWaits until every partition of the journal has the new version: from there on it holds. Exit code 6"
                        + " when that was not seen in time.",
                "%nExamples:",
                "  ./sluice limits set max-order-cost=50 max-daily-trades=20 --reason \"first week went well\"",
                "  ./sluice limits set max-strategy-exposure=25 --scope strategy:momentum --account main"
                        + " --reason \"new model\"",
                "  ./sluice limits set max-order-cost=unset --scope market:kalshi:KXNBA-26-BOS --reason \"no exception"
                        + " any more\"",
                "  ./sluice limits set --allowed-markets kalshi:KXNBA*,polymarket:* --reason \"basketball only\""
            })
    static final class SetLimits extends ClusterCommand {
        @Parameters(
                paramLabel = "NAME=VALUE",
                arity = "0..*",
                description = "Limits in their units; unset takes one away. Names: see ./sluice limits show.")
        List<String> changes = List.of();

        @Option(
                names = "--allowed-markets",
                paramLabel = "PATTERNS",
                split = ",",
                description = "Markets that may be traded in this scope, in the place of the ones so far.")
        @Nullable
        List<String> allowedMarkets;

        @Option(
                names = "--restricted-categories",
                paramLabel = "NAMES",
                split = ",",
                description = "Categories that may not be traded, in the place of the ones so far.")
        @Nullable
        List<String> restrictedCategories;

        @Option(
                names = "--scope",
                paramLabel = "SCOPE",
                defaultValue = "all",
                description = "all (the default), account:NAME, venue:NAME, strategy:NAME, category:NAME, event:ID or"
                        + " market:VENUE:ID.")
        String scope = "all";

        @Option(
                names = "--account",
                paramLabel = "NAME",
                defaultValue = "*",
                description = "Account they belong to; every account unless named.")
        String account = "*";

        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
        String reason = "";

        @Option(names = "--operator", paramLabel = "NAME", description = "Who; $$USER unless named.")
        @Nullable
        String operator;

        @Mixin
        WaitOptions wait = new WaitOptions();

        SetLimits(Host host) {
            super(host);
        }

        @Override
        public Integer call() {
            Owner owner = owner();
            Map<Limit, @Nullable Long> wanted = wanted();
            if (wanted.isEmpty() && allowedMarkets == null && restrictedCategories == null) {
                throw Failure.usage("nothing to set; write NAME=VALUE, as in max-order-cost=50");
            }
            if (reason.isBlank()) {
                throw Failure.usage("--reason is empty; say why");
            }
            try (Cluster cluster = connect()) {
                RiskLimits before = inForce(cluster, host).get(owner);
                RiskLimits next = next(owner, before, wanted);
                TopicReader.Position journal = cluster.reader().end(List.of(cluster.nameOf(Topics.JOURNAL)));
                RecordMetadata written = cluster.send(
                        Topics.RISK_LIMITS,
                        owner.account() + "|" + owner.scope(),
                        cluster.encode(Topics.RISK_LIMITS, sluice.avro.RiskLimits.class, RiskCodec.toAvro(next)));
                tellChange(before, next);
                requireOurs(cluster, owner, next);
                if (!wait.no) {
                    awaitJournal(cluster, journal, written);
                }
                host.out()
                        .println(owner.scope() + " of account " + owner.account() + " is at version " + next.version());
                return ExitCode.OK;
            }
        }

        private Owner owner() {
            try {
                Scope parsed = Scope.parse(scope);
                if (parsed.kind() == Scope.Kind.ORDER) {
                    throw Failure.usage("--scope " + scope + ": one order has no limits of its own");
                }
                return new Owner(new AccountId(account), parsed);
            } catch (IllegalArgumentException e) {
                throw Failure.usage(String.valueOf(e.getMessage()));
            }
        }

        private Map<Limit, @Nullable Long> wanted() {
            var wanted = new LinkedHashMap<Limit, @Nullable Long>();
            List<String> names = Arrays.stream(Limit.values()).map(Limit::key).toList();
            for (String change : changes) {
                int equals = change.indexOf('=');
                if (equals < 1) {
                    throw Failure.usage("\"" + change + "\" is not NAME=VALUE, as in max-order-cost=50");
                }
                String name = change.substring(0, equals);
                String value = change.substring(equals + 1);
                Limit limit = Limit.byKey(name)
                        .orElseThrow(
                                () -> Failure.usage(name + " is not a limit" + NearestName.suggestion(name, names)));
                if (wanted.containsKey(limit)) {
                    throw Failure.usage(name + " is set twice");
                }
                try {
                    wanted.put(limit, value.equals("unset") ? null : Long.valueOf(LimitValues.parse(limit, value)));
                } catch (LimitValues.AboveCeiling e) {
                    throw Failure.refused(String.valueOf(e.getMessage()));
                } catch (IllegalArgumentException e) {
                    throw Failure.usage(String.valueOf(e.getMessage()));
                }
            }
            return wanted;
        }

        private RiskLimits next(Owner owner, @Nullable RiskLimits before, Map<Limit, @Nullable Long> wanted) {
            var values = new EnumMap<Limit, Long>(Limit.class);
            if (before != null) {
                values.putAll(before.limits());
            }
            wanted.forEach((limit, value) -> {
                if (value == null) {
                    values.remove(limit);
                } else {
                    values.put(limit, value);
                }
            });
            return new RiskLimits(
                    owner.account(),
                    owner.scope(),
                    before == null ? 1 : before.version() + 1,
                    values,
                    allowedMarkets != null ? allowedMarkets : before == null ? List.of() : before.allowedMarkets(),
                    restrictedCategories != null
                            ? restrictedCategories
                            : before == null ? List.of() : before.restrictedCategories(),
                    operatorOr(operator),
                    reason,
                    host.clock().millis());
        }

        private void tellChange(@Nullable RiskLimits before, RiskLimits next) {
            for (Limit limit : Limit.values()) {
                Long was = before == null ? null : before.limits().get(limit);
                Long is = next.limits().get(limit);
                if (was == null ? is != null : !was.equals(is)) {
                    host.say(limit.key() + ": " + (was == null ? "unset" : Micros.text(was)) + " -> "
                            + (is == null ? "unset" : Micros.text(is)));
                }
            }
        }

        /**
         * Two operators may take the same number at the same time; then the first record holds and the other does not.
         */
        private void requireOurs(Cluster cluster, Owner owner, RiskLimits ours) {
            RiskLimits now = inForce(cluster, host).get(owner);
            if (now == null || now.version() != ours.version()) {
                return; // A newer one builds on ours, or replaced it, as its author wanted.
            }
            if (!now.equals(ours)) {
                throw Failure.failed(now.setBy() + " set version " + now.version() + " of " + owner.scope()
                        + " at the same moment (" + now.reason() + "), so yours has no effect;"
                        + " look with ./sluice limits show and set it again");
            }
        }

        private void awaitJournal(Cluster cluster, TopicReader.Position from, RecordMetadata written) {
            Set<Integer> reached = new HashSet<>();
            boolean everywhere = cluster.reader().follow(from, wait.timeout(), found -> {
                if (cluster.decoder().decode(found.value())
                                instanceof RecordDecoder.Decoded.Value(String type, JsonNode entry)
                        && entry.path("origin").path("topic").asText().equals(Topics.RISK_LIMITS.name())
                        && entry.path("origin").path("partition").asInt() == written.partition()
                        && entry.path("origin").path("offset").asLong() == written.offset()) {
                    reached.add(found.partition());
                }
                return reached.size() < from.offsets().size();
            });
            if (!everywhere) {
                throw Failure.unknown("the new limits are written, but only " + reached.size() + " of "
                        + from.offsets().size() + " partitions of the journal had them after " + wait.seconds
                        + " s; they hold as soon as Sluice reads them: see that it is running");
            }
        }
    }
}
