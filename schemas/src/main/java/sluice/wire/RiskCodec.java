package sluice.wire;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import sluice.domain.AccountId;
import sluice.domain.risk.ControlCommand;
import sluice.domain.risk.Halt;
import sluice.domain.risk.Limit;
import sluice.domain.risk.RiskLimits;

/** What operators set and order, and what stays stopped. */
public final class RiskCodec {
    private RiskCodec() {}

    public static sluice.avro.RiskLimits toAvro(RiskLimits limits) {
        // Sorted by name: bytes must not depend on hash order.
        var byName = new TreeMap<String, BigDecimal>();
        limits.limits()
                .forEach((limit, micros) ->
                        byName.put(limit.key(), VocabularyCodec.decimal(fieldOf(limit.key()), micros)));
        return new sluice.avro.RiskLimits(
                VocabularyCodec.text("RiskLimits.account", limits.account().value()),
                VocabularyCodec.toAvro(limits.scope()),
                limits.version(),
                byName,
                VocabularyCodec.list("RiskLimits.allowed_markets", limits.allowedMarkets(), VocabularyCodec::text),
                VocabularyCodec.list(
                        "RiskLimits.restricted_categories", limits.restrictedCategories(), VocabularyCodec::text),
                VocabularyCodec.text("RiskLimits.set_by", limits.setBy()),
                VocabularyCodec.text("RiskLimits.reason", limits.reason()),
                VocabularyCodec.instant("RiskLimits.set_at", limits.setAtMillis()));
    }

    /** Reads limits; a name that is no limit is refused, because it would leave the meant one unset. */
    public static RiskLimits fromAvro(sluice.avro.RiskLimits avro) {
        Map<Limit, Long> limits = new EnumMap<>(Limit.class);
        VocabularyCodec.required("RiskLimits.limits", avro.getLimits())
                .forEach((name, value) -> limits.put(limitNamed(name), VocabularyCodec.micros(fieldOf(name), value)));
        try {
            return new RiskLimits(
                    VocabularyCodec.named("RiskLimits.account", avro.getAccount(), AccountId::new),
                    VocabularyCodec.fromAvro("RiskLimits.scope", avro.getScope()),
                    avro.getVersion(),
                    limits,
                    VocabularyCodec.list("RiskLimits.allowed_markets", avro.getAllowedMarkets(), VocabularyCodec::text),
                    VocabularyCodec.list(
                            "RiskLimits.restricted_categories", avro.getRestrictedCategories(), VocabularyCodec::text),
                    VocabularyCodec.text("RiskLimits.set_by", avro.getSetBy()),
                    VocabularyCodec.text("RiskLimits.reason", avro.getReason()),
                    VocabularyCodec.millis("RiskLimits.set_at", avro.getSetAt()));
        } catch (IllegalArgumentException e) {
            throw VocabularyCodec.refused("RiskLimits.limits", e);
        }
    }

    private static String fieldOf(String limit) {
        return "RiskLimits.limits." + limit;
    }

    private static Limit limitNamed(String name) {
        return Limit.byKey(name)
                .orElseThrow(() -> new InvalidRecordException(
                        "RiskLimits.limits",
                        "\"" + name + "\" is not a limit; the nearest is "
                                + nearest(name).key(),
                        "correct the name and set the limits again"));
    }

    private static Limit nearest(String name) {
        return Arrays.stream(Limit.values())
                .min(Comparator.comparingInt(limit -> editDistance(limit.key(), name)))
                .orElseThrow();
    }

    /** Levenshtein's distance: the fewest inserted, deleted or replaced characters that turn one into the other. */
    private static int editDistance(String from, String to) {
        int[] row = new int[to.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }

    /** Writes an unsigned command; who signs does so over the Avro record. */
    public static sluice.avro.ControlCommand toAvro(ControlCommand command) {
        return new sluice.avro.ControlCommand(
                VocabularyCodec.identity("ControlCommand.command_id", command.commandId()),
                switch (command.type()) {
                    case HALT -> sluice.avro.ControlType.HALT;
                    case RESUME -> sluice.avro.ControlType.RESUME;
                    case CANCEL_ALL -> sluice.avro.ControlType.CANCEL_ALL;
                    case FLATTEN -> sluice.avro.ControlType.FLATTEN;
                    case CANCEL_ORDER -> sluice.avro.ControlType.CANCEL_ORDER;
                    case ARM -> sluice.avro.ControlType.ARM;
                    case DISARM -> sluice.avro.ControlType.DISARM;
                    case ACK -> sluice.avro.ControlType.ACK;
                },
                VocabularyCodec.toAvro(command.scope()),
                VocabularyCodec.text("ControlCommand.account", command.account().value()),
                VocabularyCodec.text("ControlCommand.reason", command.reason()),
                VocabularyCodec.text("ControlCommand.operator", command.operator()),
                VocabularyCodec.instant("ControlCommand.issued_at", command.issuedAtMillis()),
                VocabularyCodec.optional(
                        "ControlCommand.expires_at", command.expiresAtMillis(), VocabularyCodec::instant),
                command.sequence(),
                null,
                null,
                VocabularyCodec.sorted("ControlCommand.attributes", command.attributes()));
    }

    /** Reads a command. A signature is for whoever lets the command in; it is not part of the domain value. */
    public static ControlCommand fromAvro(sluice.avro.ControlCommand avro) {
        try {
            return new ControlCommand(
                    VocabularyCodec.identity("ControlCommand.command_id", avro.getCommandId()),
                    switch (VocabularyCodec.required("ControlCommand.type", avro.getType())) {
                        case HALT -> ControlCommand.Type.HALT;
                        case RESUME -> ControlCommand.Type.RESUME;
                        case CANCEL_ALL -> ControlCommand.Type.CANCEL_ALL;
                        case FLATTEN -> ControlCommand.Type.FLATTEN;
                        case CANCEL_ORDER -> ControlCommand.Type.CANCEL_ORDER;
                        case ARM -> ControlCommand.Type.ARM;
                        case DISARM -> ControlCommand.Type.DISARM;
                        case ACK -> ControlCommand.Type.ACK;
                        case UNKNOWN ->
                            throw VocabularyCodec.unknown("ControlCommand.type", ControlCommand.Type.values());
                    },
                    VocabularyCodec.fromAvro("ControlCommand.scope", avro.getScope()),
                    VocabularyCodec.named("ControlCommand.account", avro.getAccount(), AccountId::new),
                    VocabularyCodec.text("ControlCommand.reason", avro.getReason()),
                    VocabularyCodec.text("ControlCommand.operator", avro.getOperator()),
                    VocabularyCodec.millis("ControlCommand.issued_at", avro.getIssuedAt()),
                    VocabularyCodec.optional("ControlCommand.expires_at", avro.getExpiresAt(), VocabularyCodec::millis),
                    avro.getSequence(),
                    VocabularyCodec.sorted("ControlCommand.attributes", avro.getAttributes()));
        } catch (IllegalArgumentException e) {
            throw VocabularyCodec.refused("ControlCommand.reason", e);
        }
    }

    public static sluice.avro.Halt toAvro(Halt halt) {
        return new sluice.avro.Halt(
                VocabularyCodec.toAvro(halt.scope()),
                VocabularyCodec.text("Halt.reason", halt.reason()),
                VocabularyCodec.text("Halt.by", halt.by()),
                VocabularyCodec.instant("Halt.since", halt.sinceMillis()));
    }

    public static Halt fromAvro(sluice.avro.Halt avro) {
        return new Halt(
                VocabularyCodec.fromAvro("Halt.scope", avro.getScope()),
                VocabularyCodec.text("Halt.reason", avro.getReason()),
                VocabularyCodec.text("Halt.by", avro.getBy()),
                VocabularyCodec.millis("Halt.since", avro.getSince()));
    }
}
