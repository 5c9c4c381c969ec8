package sluice.console.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sluice.domain.AccountId;
import sluice.domain.risk.ControlCommand;
import sluice.domain.risk.Scope;
import sluice.topics.Topic;
import sluice.topics.Topics;

/** Commands a scope, and waits until every partition of the gate has said that it took the command. */
abstract class HaltCommand extends ClusterCommand {
    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            required = true,
            description = "all, account:NAME, venue:NAME, strategy:NAME, category:NAME, event:ID or market:VENUE:ID.")
    String scope = "";

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
    String reason = "";

    @Option(
            names = "--account",
            paramLabel = "NAME",
            defaultValue = "*",
            description = "Account in which the scope is meant; every account unless named.")
    String account = "*";

    @Option(names = "--operator", paramLabel = "NAME", description = "Who; $$USER unless named.")
    @Nullable
    String operator;

    @Mixin
    WaitOptions wait = new WaitOptions();

    HaltCommand(Host host) {
        super(host);
    }

    abstract ControlCommand.Type type();

    /** After that the command has no effect any more; null if it holds until it is taken back. */
    @Nullable
    Duration lasts() {
        return null;
    }

    /**
     * Looks at the accounts that a command names before it is written.
     *
     * @param unknown those that neither the configuration nor any record tells of
     * @param known all others; empty if that cannot be told
     */
    void check(Set<String> unknown, Set<String> known) {
        if (!unknown.isEmpty()) {
            host.say("warning: " + notKnown(unknown, known));
        }
    }

    private static String notKnown(Set<String> unknown, Set<String> known) {
        return known.isEmpty()
                ? "whether there is an account " + String.join(" or ", unknown)
                        + " cannot be told: neither the configuration nor any record names one"
                : "no account is called " + String.join(", ", unknown) + "; there are " + String.join(", ", known);
    }

    /** Whether what is named is looked at before the command is written. What stops is written whatever it names. */
    private boolean looksFirst() {
        return type() == ControlCommand.Type.ARM || type() == ControlCommand.Type.RESUME;
    }

    private void check(Cluster cluster, Scope what, AccountId in) {
        Set<String> named = new TreeSet<>();
        if (what.kind() == Scope.Kind.ACCOUNT) {
            named.add(what.id());
        }
        if (!in.equals(AccountId.ALL)) {
            named.add(in.value());
        }
        if (named.isEmpty()) {
            return;
        }
        Set<String> known = new TreeSet<>();
        connection.accounts(host).forEach(account -> known.add(account.value()));
        // A Sluice may run with another configuration than the one that is found from here.
        if (!known.containsAll(named)) {
            isToldOf(cluster, Topics.ACCOUNTS, it -> {
                known.add(it.path("account").asText());
                return false;
            });
        }
        named.removeAll(known);
        check(named, known);
    }

    @Override
    public Integer call() {
        Scope what = scope();
        AccountId in = account();
        if (what.kind() == Scope.Kind.ACCOUNT
                && !in.equals(AccountId.ALL)
                && !in.value().equals(what.id())) {
            throw Failure.usage("--scope " + what + " in account " + in + " can match nothing; leave --account out");
        }
        try (Cluster cluster = connect()) {
            TopicReader.Position end = cluster.reader().end(List.of(cluster.nameOf(Topics.NOTIFICATIONS)));
            int gates = cluster.partitionsOf(Topics.JOURNAL);
            if (looksFirst()) {
                check(cluster, what, in);
            }
            ControlCommand sent = Operator.send(cluster, host, type(), what, in, reason, operatorOr(operator), lasts());
            host.say(type() + " of " + what + " is written; " + afterwards());
            if (wait.no) {
                warn(cluster, what, in);
                return ExitCode.OK;
            }
            Set<String> answered = new HashSet<>();
            var effective = new AtomicBoolean();
            String notice = "command-" + sent.commandId() + "-";
            boolean all = cluster.reader().follow(end, wait.timeout(), found -> {
                if (cluster.decoder().decode(found.value())
                                instanceof RecordDecoder.Decoded.Value(String type, JsonNode told)
                        && told.path("id").asText().startsWith(notice)
                        && answered.add(told.path("id").asText())) {
                    if (answered.size() == 1) {
                        host.out().println(told.path("text").asText());
                        host.out().flush();
                    }
                    // A gate warns where a command changed nothing, such as the lifting of a halt that is not there.
                    effective.compareAndSet(
                            false, told.path("severity").asText().equals("CRITICAL"));
                }
                return answered.size() < gates;
            });
            if (!all) {
                warn(cluster, what, in);
                throw Failure.unknown(answered.size() + " of " + gates + " partitions of the gate had answered after "
                        + wait.seconds + " s. The command is written and takes effect when they read it;"
                        + " look with ./sluice account show, and see that Sluice is running");
            }
            if (!effective.get()) {
                host.say(
                        "error: " + type() + " of " + what + " changed nothing; what is halted: ./sluice account show");
                return ExitCode.FAILURE;
            }
            warn(cluster, what, in);
            if (type() != ControlCommand.Type.RESUME) {
                warnIfNothingMatches(cluster, what);
            }
            return ExitCode.OK;
        }
    }

    /** Says so where a stop that is written names an account that nobody knows. */
    private void warn(Cluster cluster, Scope what, AccountId in) {
        if (!looksFirst()) {
            afterTheFact(() -> check(cluster, what, in));
        }
    }

    private void warnIfNothingMatches(Cluster cluster, Scope what) {
        afterTheFact(() -> {
            if (!isKnown(cluster, what)) {
                host.say("warning: nothing known matches " + what + "; it holds for what comes later");
            }
        });
    }

    /** A look at names that fails takes nothing back of what the gates have confirmed. */
    private void afterTheFact(Runnable look) {
        try {
            look.run();
        } catch (RuntimeException e) {
            host.say("warning: " + type() + " is written; whether what it names is known could not be looked up: "
                    + e.getMessage());
        }
    }

    private String afterwards() {
        return switch (type()) {
            case HALT -> "it holds over restarts";
            case RESUME -> "whether anything was halted there is for the gate to say";
            case ARM -> "it ends by itself";
            default -> "it holds from now on";
        };
    }

    /** Whether any record tells of something in the scope. Asked after the halt is in force: this may take a while. */
    private static boolean isKnown(Cluster cluster, Scope what) {
        return switch (what.kind()) {
            case ALL, ORDER, ACCOUNT -> true;
            case STRATEGY -> isToldOf(cluster, Topics.DECISIONS, it -> is(it, "strategy", what.id()));
            case VENUE -> isToldOf(cluster, Topics.MARKET_METADATA, it -> is(it, "venue", what.id()));
            case CATEGORY -> isToldOf(cluster, Topics.MARKET_METADATA, it -> is(it, "category", what.id()));
            case EVENT -> isToldOf(cluster, Topics.MARKET_METADATA, it -> is(it, "event_id", what.id()));
            case MARKET ->
                isToldOf(cluster, Topics.MARKET_METADATA, it -> (it.path("venue")
                                        .asText() + ":" + it.path("market_id").asText())
                        .equalsIgnoreCase(what.id()));
        };
    }

    private static boolean is(JsonNode record, String field, String name) {
        return record.path(field).asText().equalsIgnoreCase(name);
    }

    private static boolean isToldOf(Cluster cluster, Topic topic, Predicate<JsonNode> matching) {
        var found = new AtomicBoolean();
        cluster.reader().read(List.of(cluster.nameOf(topic)), new Start.Beginning(), record -> {
            if (cluster.decoder().decode(record.value())
                            instanceof RecordDecoder.Decoded.Value(String type, JsonNode value)
                    && matching.test(value)) {
                found.set(true);
            }
            return !found.get();
        });
        return found.get();
    }

    private Scope scope() {
        Scope parsed;
        try {
            parsed = Scope.parse(scope);
        } catch (IllegalArgumentException e) {
            throw Failure.usage("--scope: " + e.getMessage());
        }
        if (parsed.kind() == Scope.Kind.ORDER) {
            throw Failure.usage("--scope " + scope + " is one order; use ./sluice orders cancel " + parsed.id());
        }
        return parsed;
    }

    private AccountId account() {
        try {
            return new AccountId(account);
        } catch (IllegalArgumentException e) {
            throw Failure.usage("--account: " + e.getMessage());
        }
    }

    /** Stops. */
    @Command(
            name = "halt",
            description = "Refuse new orders in a scope and cancel its open ones, until somebody resumes it.",
            footer = {
                "%nA halt outlasts restarts. Exit code 0 when every gate has taken it, 6 when that was not seen in time.",
                "%nExamples:",
                "  ./sluice halt --scope all --reason \"fills look wrong\"",
                "  ./sluice halt --scope strategy:momentum --account main --reason \"model is being changed\"",
                "  ./sluice halt --scope market:kalshi:KXNBA-26-BOS --reason \"rules changed\""
            })
    static final class Halt extends HaltCommand {
        Halt(Host host) {
            super(host);
        }

        @Override
        ControlCommand.Type type() {
            return ControlCommand.Type.HALT;
        }
    }

    /** Lets go on. */
    @Command(
            name = "resume",
            description = "Lift a halt: the same scope and account that were halted.",
            footer = {
                "%nExit code 0 when every gate has taken it, 1 when nothing was halted there, 6 when no answer was seen in time.",
                "%nExamples:",
                "  ./sluice resume --scope all --reason \"fills compared with the venue, they agree\"",
                "  ./sluice resume --scope account:main --account main --reason \"loss understood\""
            })
    static final class Resume extends HaltCommand {
        Resume(Host host) {
            super(host);
        }

        @Override
        ControlCommand.Type type() {
            return ControlCommand.Type.RESUME;
        }
    }

    /** Lets live orders leave, for a time. */
    @Command(
            name = "arm",
            description = {
                "Let live orders of a scope leave for a time; without it the connectors send none. It holds over restarts"
                        + " until its time is over; halts go before it. ./sluice armed lists what is armed.",
                "Exit code 0 when every gate has noted it, 6 when that was not seen in time."
            },
            footer = {
                "%nExamples:",
                "  ./sluice arm --scope account:main --for 8h --reason \"games of tonight\"",
                "  ./sluice arm --scope venue:kalshi --for 90m --reason \"first trades\""
            })
    static final class Arm extends HaltCommand {
        private static final Duration LONGEST = Duration.ofHours(24);

        @Option(
                names = "--for",
                paramLabel = "TIME",
                required = true,
                description = "How long, as in 90m or 8h; 24h at most.")
        String time = "";

        Arm(Host host) {
            super(host);
        }

        @Override
        ControlCommand.Type type() {
            return ControlCommand.Type.ARM;
        }

        /** An arming of nobody is a slip of the pen, and the account that was meant would stay disarmed. */
        @Override
        void check(Set<String> unknown, Set<String> known) {
            if (!unknown.isEmpty() && !known.isEmpty()) {
                throw Failure.usage(notKnown(unknown, known) + ". Nothing was armed");
            }
            super.check(unknown, known);
        }

        @Override
        Duration lasts() {
            Duration lasts;
            try {
                lasts = Duration.parse("PT" + time);
            } catch (DateTimeParseException e) {
                throw Failure.usage("--for " + time + " is no time; write it as 90m, 8h or 1h30m");
            }
            if (lasts.isNegative() || lasts.isZero() || lasts.compareTo(LONGEST) > 0) {
                throw Failure.usage("--for " + time + " is not between a second and 24h");
            }
            return lasts;
        }
    }

    /** Lets no live order leave. */
    @Command(
            name = "disarm",
            description = "Take an arming back: the same scope and account that were armed. Open orders stay.",
            footer = {"%nExamples:", "  ./sluice disarm --scope account:main --reason \"done for today\""})
    static final class Disarm extends HaltCommand {
        Disarm(Host host) {
            super(host);
        }

        @Override
        ControlCommand.Type type() {
            return ControlCommand.Type.DISARM;
        }
    }
}
