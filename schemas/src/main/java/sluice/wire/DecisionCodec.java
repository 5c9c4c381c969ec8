package sluice.wire;

import java.math.BigDecimal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sluice.avro.Sha256;
import sluice.domain.Micros;
import sluice.domain.order.Signal;
import sluice.domain.risk.Check;
import sluice.domain.risk.Decision;
import sluice.domain.risk.Verdict;

/**
 * Decisions, each chained to the one before it by hash: who changes, drops or inserts one breaks the chain after it.
 *
 * <p>Equal decisions with equal predecessors give equal bytes; a replay is compared by them.
 */
public final class DecisionCodec {
    /** Bytes of a SHA-256. */
    private static final int HASH_BYTES = 32;

    private DecisionCodec() {}

    /** The previous hash of an account's first decision: zeros. */
    public static byte[] noPreviousHash() {
        return new byte[HASH_BYTES];
    }

    /**
     * Writes a decision and fills in its hash.
     *
     * @param previousHash hash of the account's decision before this one, or {@link #noPreviousHash}
     */
    public static sluice.avro.Decision toAvro(Decision decision, byte[] previousHash) {
        if (previousHash.length != HASH_BYTES) {
            throw new InvalidRecordException(
                    "Decision.previous_hash",
                    "it has " + previousHash.length + " bytes, but a SHA-256 has " + HASH_BYTES,
                    "pass the hash of the account's decision before this one");
        }
        Signal signal = decision.signal();
        Sha256 hash = new Sha256(new byte[HASH_BYTES]);
        var avro = new sluice.avro.Decision(
                VocabularyCodec.text("Decision.account", signal.account().value()),
                decision.sequence(),
                VocabularyCodec.instant("Decision.at", decision.atMillis()),
                VocabularyCodec.toAvro(decision.mode()),
                VocabularyCodec.text("Decision.strategy", signal.strategy().value()),
                VocabularyCodec.text("Decision.intent_id", decision.intentId().value()),
                VocabularyCodec.identity("Decision.request_id", signal.requestId()),
                VocabularyCodec.identity("Decision.idempotency_key", signal.idempotencyKey()),
                VocabularyCodec.optional("Decision.signal_id", signal.signalId(), VocabularyCodec::text),
                VocabularyCodec.toAvro(signal.market().venue()),
                VocabularyCodec.text("Decision.market_id", signal.market().id()),
                VocabularyCodec.optional("Decision.token_id", signal.tokenId(), VocabularyCodec::text),
                VocabularyCodec.toAvro(signal.side()),
                VocabularyCodec.toAvro(signal.action()),
                VocabularyCodec.decimal("Decision.limit_price", signal.limitPrice()),
                VocabularyCodec.decimal("Decision.size", signal.size()),
                VocabularyCodec.optional("Decision.group_id", signal.groupId(), VocabularyCodec::text),
                signal.legIndex(),
                signal.legCount(),
                toAvro(decision.verdict()),
                VocabularyCodec.text("Decision.code", decision.code()),
                VocabularyCodec.text("Decision.reason", decision.reason()),
                decision.firstSequence(),
                decision.firstVerdict() == null ? null : toAvro(decision.firstVerdict()),
                VocabularyCodec.list("Decision.controls", decision.checks(), DecisionCodec::toAvro),
                Micros.decimal(decision.worstCaseCost().micros()),
                VocabularyCodec.optional(
                        "Decision.order_id",
                        decision.orderId(),
                        (field, order) -> VocabularyCodec.text(field, order.value())),
                VocabularyCodec.optional("Decision.deadline", decision.deadlineMillis(), VocabularyCodec::instant),
                VocabularyCodec.list("Decision.limits_versions", decision.limitsVersions(), VocabularyCodec::text),
                VocabularyCodec.text("Decision.fee_version", decision.feeVersion()),
                decision.quoteOrigin() == null ? null : VocabularyCodec.toAvro(decision.quoteOrigin()),
                decision.journalPartition(),
                decision.journalOffset(),
                new Sha256(previousHash.clone()),
                hash);
        hash.bytes(hashOf(avro));
        return avro;
    }

    /** Whether the decision's hash is that of its content; it was written with the schema of this version. */
    public static boolean verify(sluice.avro.Decision avro) {
        return Arrays.equals(avro.getHash().bytes(), hashOf(avro));
    }

    /** Whether {@code next} is the decision after {@code previous} in its account's chain, and its hash is its own. */
    public static boolean verify(sluice.avro.Decision next, sluice.avro.@Nullable Decision previous) {
        boolean linked = previous == null
                ? Arrays.equals(next.getPreviousHash().bytes(), noPreviousHash())
                : next.getAccount().equals(previous.getAccount())
                        && next.getSequence() == previous.getSequence() + 1
                        && next.getPreviousHash().equals(previous.getHash());
        return linked && verify(next);
    }

    /** The hash is the last field, so its zeros are the last bytes, whatever it holds now. */
    private static byte[] hashOf(sluice.avro.Decision avro) {
        byte[] bytes = AvroBytes.encode(avro);
        Arrays.fill(bytes, bytes.length - HASH_BYTES, bytes.length, (byte) 0);
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static sluice.avro.Verdict toAvro(Verdict verdict) {
        return switch (verdict) {
            case APPROVED -> sluice.avro.Verdict.APPROVED;
            case DENIED -> sluice.avro.Verdict.DENIED;
            case DUPLICATE -> sluice.avro.Verdict.DUPLICATE;
            case CONFLICT -> sluice.avro.Verdict.CONFLICT;
        };
    }

    private static sluice.avro.ControlResult toAvro(String field, Check check) {
        return new sluice.avro.ControlResult(
                check.control().row(),
                check.control().name(),
                VocabularyCodec.text(field + ".scope", check.scope()),
                number(check.limit()),
                number(check.used()),
                number(check.after()),
                number(check.headroom()),
                switch (check.outcome()) {
                    case PASS -> sluice.avro.CheckOutcome.PASS;
                    case FAIL -> sluice.avro.CheckOutcome.FAIL;
                    case WAIVED -> sluice.avro.CheckOutcome.WAIVED;
                    case NOT_APPLICABLE -> sluice.avro.CheckOutcome.NOT_APPLICABLE;
                },
                VocabularyCodec.text(field + ".detail", check.detail()));
    }

    /** A number that was computed, not received: the schema gives it the digits for any 64-bit value. */
    private static @Nullable BigDecimal number(long micros) {
        return micros == Check.NONE ? null : Micros.decimal(micros);
    }
}
