package sluice.console.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import sluice.domain.risk.ControlCommand;
import sluice.topics.Topics;
import sluice.venues.placement.ControlState;
import sluice.wire.InvalidRecordException;
import sluice.wire.RiskCodec;
import sluice.wire.UnreadableRecordException;

/** What live trading is armed now, as the connectors see it. */
@Command(
        name = "armed",
        description = {
            "List what is armed for live orders now: scope, account, until when, by whom and why.",
            "Nothing listed: no live order leaves. Halts go before armings; see ./sluice account show."
        },
        footer = {"%nExamples:", "  ./sluice armed", "  ./sluice armed -o json"})
final class ArmedCommand extends ClusterCommand {
    @Mixin
    OutputOptions output = new OutputOptions();

    ArmedCommand(Host host) {
        super(host);
    }

    @Override
    public Integer call() {
        var state = new ControlState();
        try (Cluster cluster = connect();
                var serde = cluster.serde(sluice.avro.ControlCommand.class)) {
            String topic = cluster.nameOf(Topics.CONTROL);
            cluster.reader().read(List.of(topic), new Start.Beginning(), found -> {
                try {
                    sluice.avro.ControlCommand command = serde.deserialize(topic, found.value());
                    if (command != null) {
                        ControlCommand read = RiskCodec.fromAvro(command);
                        state.apply(read, found.timestamp());
                    }
                } catch (UnreadableRecordException | InvalidRecordException e) {
                    host.say("warning: the command at offset " + found.offset() + " of " + topic
                            + " cannot be read and counts as a halt of everything until everything was resumed after it: "
                            + e.getMessage());
                }
                return true;
            });
        }
        Output rows = output.open(
                host,
                List.of(
                        Column.of("scope"),
                        Column.of("account"),
                        Column.of("until"),
                        Column.of("by"),
                        Column.of("reason")),
                false);
        for (ControlState.Arming arming : state.armed(host.clock().millis())) {
            rows.row(JsonNodeFactory.instance
                    .objectNode()
                    .put("scope", arming.scope().toString())
                    .put("account", arming.account().value())
                    .put("until", Instant.ofEpochMilli(arming.untilMillis()).toString())
                    .put("by", arming.by())
                    .put("reason", arming.reason()));
        }
        rows.end();
        if (rows.rows() == 0) {
            host.say("Nothing is armed: no live order leaves");
        }
        return ExitCode.OK;
    }
}
