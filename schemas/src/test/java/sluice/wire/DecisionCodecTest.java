package sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.avro.Sha256;
import sluice.domain.Micros;
import sluice.domain.RandomDomain;
import sluice.domain.risk.Check;
import sluice.domain.risk.Decision;

class DecisionCodecTest {
    static LongStream seeds() {
        return RandomDomain.seeds();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theHashIsThatOfTheRecordWithZerosInItsPlace(long seed) throws NoSuchAlgorithmException {
        var random = new RandomDomain(seed);
        sluice.avro.Decision decision = DecisionCodec.toAvro(random.decision(), hash(0));

        var withoutHash = sluice.avro.Decision.newBuilder(decision)
                .setHash(new Sha256(hash(0)))
                .build();

        assertThat(decision.getHash().bytes())
                .isEqualTo(MessageDigest.getInstance("SHA-256").digest(AvroBytes.encode(withoutHash)));
        assertThat(DecisionCodec.verify(decision)).isTrue();
        assertThat(DecisionCodec.verify(AvroBytes.decode(sluice.avro.Decision.class, AvroBytes.encode(decision))))
                .as("after a trip through the bytes")
                .isTrue();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyFieldOfADecisionIsWritten(long seed) {
        var random = new RandomDomain(seed);
        Decision decision = random.decision();
        byte[] previous = hash(7);

        sluice.avro.Decision avro = DecisionCodec.toAvro(decision, previous);

        var signal = decision.signal();
        assertThat(avro.getAccount()).isEqualTo(signal.account().value());
        assertThat(avro.getSequence()).isEqualTo(decision.sequence());
        assertThat(avro.getAt().toEpochMilli()).isEqualTo(decision.atMillis());
        assertThat(avro.getMode().name()).isEqualTo(decision.mode().name());
        assertThat(avro.getStrategy()).isEqualTo(signal.strategy().value());
        assertThat(avro.getIntentId()).isEqualTo(decision.intentId().value());
        assertThat(avro.getRequestId()).isEqualTo(signal.requestId());
        assertThat(avro.getIdempotencyKey()).isEqualTo(signal.idempotencyKey());
        assertThat(avro.getSignalId()).isEqualTo(signal.signalId());
        assertThat(avro.getPlatform().name()).isEqualTo(signal.market().venue().name());
        assertThat(avro.getMarketId()).isEqualTo(signal.market().id());
        assertThat(avro.getTokenId()).isEqualTo(signal.tokenId());
        assertThat(avro.getSide().name()).isEqualTo(signal.side().name());
        assertThat(avro.getAction().name()).isEqualTo(signal.action().name());
        assertThat(avro.getLimitPrice())
                .isEqualTo(Micros.decimal(signal.limitPrice().micros()));
        assertThat(avro.getSize()).isEqualTo(Micros.decimal(signal.size().micros()));
        assertThat(avro.getGroupId()).isEqualTo(signal.groupId());
        assertThat(avro.getLegIndex()).isEqualTo(signal.legIndex());
        assertThat(avro.getLegCount()).isEqualTo(signal.legCount());
        assertThat(avro.getVerdict().name()).isEqualTo(decision.verdict().name());
        assertThat(avro.getCode()).isEqualTo(decision.code());
        assertThat(avro.getReason()).isEqualTo(decision.reason());
        assertThat(avro.getFirstSequence()).isEqualTo(decision.firstSequence());
        assertThat(String.valueOf(avro.getFirstVerdict())).isEqualTo(String.valueOf(decision.firstVerdict()));
        assertThat(avro.getWorstCaseCost())
                .isEqualTo(Micros.decimal(decision.worstCaseCost().micros()));
        assertThat(avro.getOrderId())
                .isEqualTo(
                        decision.orderId() == null ? null : decision.orderId().value());
        assertThat(avro.getDeadline() == null ? null : avro.getDeadline().toEpochMilli())
                .isEqualTo(decision.deadlineMillis());
        assertThat(avro.getLimitsVersions()).isEqualTo(decision.limitsVersions());
        assertThat(avro.getFeeVersion()).isEqualTo(decision.feeVersion());
        assertThat(
                        avro.getQuoteOrigin() == null
                                ? null
                                : VocabularyCodec.fromAvro("Decision.quote_origin", avro.getQuoteOrigin()))
                .isEqualTo(decision.quoteOrigin());
        assertThat(avro.getJournalPartition()).isEqualTo(decision.journalPartition());
        assertThat(avro.getJournalOffset()).isEqualTo(decision.journalOffset());
        assertThat(avro.getPreviousHash().bytes()).isEqualTo(previous);
        assertThat(avro.getControls()).hasSameSizeAs(decision.checks());
        for (int i = 0; i < decision.checks().size(); i++) {
            Check check = decision.checks().get(i);
            var result = avro.getControls().get(i);
            assertThat(result.getRow()).isEqualTo(check.control().row());
            assertThat(result.getControl()).isEqualTo(check.control().name());
            assertThat(result.getScope()).isEqualTo(check.scope());
            assertThat(orNone(result.getLimit())).isEqualTo(check.limit());
            assertThat(orNone(result.getUsed())).isEqualTo(check.used());
            assertThat(orNone(result.getAfter())).isEqualTo(check.after());
            assertThat(orNone(result.getHeadroom())).isEqualTo(check.headroom());
            assertThat(result.getOutcome().name()).isEqualTo(check.outcome().name());
            assertThat(result.getDetail()).isEqualTo(check.detail());
        }
    }

    private static long orNone(@Nullable BigDecimal number) {
        return number == null ? Check.NONE : Micros.exact(number);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aDecisionFollowsItsPredecessorAndNoOther(long seed) {
        var random = new RandomDomain(seed);
        Decision decision = random.decision();
        var first = DecisionCodec.toAvro(at(decision, 1), DecisionCodec.noPreviousHash());
        var second = DecisionCodec.toAvro(at(decision, 2), first.getHash().bytes());
        var third = DecisionCodec.toAvro(at(decision, 3), second.getHash().bytes());

        assertThat(DecisionCodec.verify(first, null)).isTrue();
        assertThat(DecisionCodec.verify(second, first)).isTrue();
        assertThat(DecisionCodec.verify(third, second)).isTrue();

        assertThat(DecisionCodec.verify(third, first)).as("one dropped").isFalse();
        assertThat(DecisionCodec.verify(second, null)).as("the first dropped").isFalse();
        assertThat(DecisionCodec.verify(second, second)).as("one repeated").isFalse();
        var rewritten = DecisionCodec.toAvro(at(random.decision(), 1), DecisionCodec.noPreviousHash());
        assertThat(DecisionCodec.verify(second, rewritten)).as("one rewritten").isFalse();
    }

    private static byte[] hash(int filler) {
        byte[] hash = new byte[32];
        Arrays.fill(hash, (byte) filler);
        return hash;
    }

    private static Decision at(Decision decision, long sequence) {
        return new Decision(
                sequence,
                decision.atMillis(),
                decision.mode(),
                decision.intentId(),
                decision.signal(),
                decision.verdict(),
                decision.code(),
                decision.reason(),
                decision.firstSequence(),
                decision.firstVerdict(),
                decision.checks(),
                decision.worstCaseCost(),
                decision.orderId(),
                decision.deadlineMillis(),
                decision.limitsVersions(),
                decision.feeVersion(),
                decision.quoteOrigin(),
                decision.journalPartition(),
                decision.journalOffset());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aChangeInAnyFieldBreaksTheHash(long seed) {
        var random = new RandomDomain(seed);
        var decision = DecisionCodec.toAvro(random.decision(), hash(0));
        var model = SpecificData.getForClass(sluice.avro.Decision.class);

        for (Schema.Field field : decision.getSchema().getFields()) {
            var changed = model.deepCopy(decision.getSchema(), decision);
            Object other = DecisionCodec.toAvro(random.decision(), hash(1)).get(field.pos());
            changed.put(field.pos(), other);

            assertThat(DecisionCodec.verify(changed))
                    .as("%s from %s to %s", field.name(), decision.get(field.pos()), other)
                    .isEqualTo(Arrays.equals(AvroBytes.encode(changed), AvroBytes.encode(decision)));
        }
    }

    @Test
    void theHashIsTheLastField() {
        var fields = sluice.avro.Decision.getClassSchema().getFields();

        assertThat(fields.get(fields.size() - 1).name())
                .as("the hash is taken over the encoding with its last 32 bytes zeroed")
                .isEqualTo("hash");
    }
}
