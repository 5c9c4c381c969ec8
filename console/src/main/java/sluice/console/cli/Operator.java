package sluice.console.cli;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.risk.ControlCommand;
import sluice.domain.risk.Scope;
import sluice.topics.Topics;
import sluice.wire.RiskCodec;

/** Writes what operators order. */
final class Operator {
    private Operator() {}

    /**
     * Writes a command to the topic control; it holds from there on.
     *
     * @param lasts after that it has no effect any more; null if it holds until it is taken back
     */
    static ControlCommand send(
            Cluster cluster,
            Host host,
            ControlCommand.Type type,
            Scope scope,
            AccountId account,
            String reason,
            String operator,
            @Nullable Duration lasts) {
        if (reason.isBlank()) {
            throw Failure.usage("--reason is empty; say why");
        }
        long now = host.clock().millis();
        var command = new ControlCommand(
                UUID.randomUUID().toString(),
                type,
                scope,
                account,
                reason,
                operator,
                now,
                lasts == null ? null : now + lasts.toMillis(),
                0,
                Map.of());
        cluster.send(
                Topics.CONTROL,
                scope.toString(),
                cluster.encode(Topics.CONTROL, sluice.avro.ControlCommand.class, RiskCodec.toAvro(command)));
        return command;
    }
}
