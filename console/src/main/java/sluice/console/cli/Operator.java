package sluice.console.cli;

import java.util.Map;
import java.util.UUID;
import sluice.domain.AccountId;
import sluice.domain.risk.ControlCommand;
import sluice.domain.risk.Scope;
import sluice.topics.Topics;
import sluice.wire.RiskCodec;

/** Writes what operators order. */
final class Operator {
    private Operator() {}

    /** Writes a command to the topic control; it holds from there on. */
    static ControlCommand send(
            Cluster cluster,
            Host host,
            ControlCommand.Type type,
            Scope scope,
            AccountId account,
            String reason,
            String operator) {
        if (reason.isBlank()) {
            throw Failure.usage("--reason is empty; say why");
        }
        var command = new ControlCommand(
                UUID.randomUUID().toString(),
                type,
                scope,
                account,
                reason,
                operator,
                host.clock().millis(),
                null,
                0,
                Map.of());
        cluster.send(
                Topics.CONTROL,
                scope.toString(),
                cluster.encode(Topics.CONTROL, sluice.avro.ControlCommand.class, RiskCodec.toAvro(command)));
        return command;
    }
}
