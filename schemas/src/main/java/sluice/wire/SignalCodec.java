package sluice.wire;

import java.util.List;
import sluice.domain.AccountId;
import sluice.domain.StrategyId;
import sluice.domain.order.Signal;

/** Signals. A signal with legs is refused: one signal is one order. */
public final class SignalCodec {
    private SignalCodec() {}

    public static sluice.avro.Signal toAvro(Signal signal) {
        return new sluice.avro.Signal(
                VocabularyCodec.identity("Signal.request_id", signal.requestId()),
                VocabularyCodec.identity("Signal.idempotency_key", signal.idempotencyKey()),
                VocabularyCodec.text("Signal.account", signal.account().value()),
                VocabularyCodec.text("Signal.strategy", signal.strategy().value()),
                VocabularyCodec.toAvro(signal.market().venue()),
                VocabularyCodec.text("Signal.market_id", signal.market().id()),
                VocabularyCodec.optional("Signal.token_id", signal.tokenId(), VocabularyCodec::text),
                VocabularyCodec.optional("Signal.contract_team", signal.contractTeam(), VocabularyCodec::text),
                VocabularyCodec.optional("Signal.game_id", signal.gameId(), VocabularyCodec::text),
                VocabularyCodec.optional("Signal.sport", signal.sport(), VocabularyCodec::text),
                VocabularyCodec.optional("Signal.signal_id", signal.signalId(), VocabularyCodec::text),
                VocabularyCodec.optional("Signal.signal_type", signal.signalType(), VocabularyCodec::text),
                VocabularyCodec.optional("Signal.edge_pct", signal.edgePctMicros(), VocabularyCodec::decimal),
                VocabularyCodec.toAvro(signal.side()),
                VocabularyCodec.toAvro(signal.action()),
                VocabularyCodec.decimal("Signal.limit_price", signal.limitPrice()),
                VocabularyCodec.decimal("Signal.size", signal.size()),
                VocabularyCodec.optional("Signal.max_cost", signal.maxCost(), VocabularyCodec::decimal),
                VocabularyCodec.optional("Signal.model_price", signal.modelPriceMicros(), VocabularyCodec::decimal),
                VocabularyCodec.toAvro(signal.timeInForce()),
                signal.postOnly(),
                VocabularyCodec.optional("Signal.expires_at", signal.expiresAtMillis(), VocabularyCodec::instant),
                VocabularyCodec.instant("Signal.created_at", signal.createdAtMillis()),
                VocabularyCodec.optional("Signal.group_id", signal.groupId(), VocabularyCodec::text),
                signal.legIndex(),
                signal.legCount(),
                List.of(),
                VocabularyCodec.sorted("Signal.attributes", signal.attributes()));
    }

    public static Signal fromAvro(sluice.avro.Signal avro) {
        if (!VocabularyCodec.required("Signal.legs", avro.getLegs()).isEmpty()) {
            throw new InvalidRecordException(
                    "Signal.legs",
                    "it has " + avro.getLegs().size() + "; signals with legs are not supported yet",
                    "send one signal per leg");
        }
        return new Signal(
                VocabularyCodec.identity("Signal.request_id", avro.getRequestId()),
                VocabularyCodec.identity("Signal.idempotency_key", avro.getIdempotencyKey()),
                VocabularyCodec.named("Signal.account", avro.getAccount(), AccountId::new),
                VocabularyCodec.named("Signal.strategy", avro.getStrategy(), StrategyId::new),
                VocabularyCodec.market(
                        "Signal.market_id",
                        VocabularyCodec.fromAvro("Signal.platform", avro.getPlatform()),
                        avro.getMarketId()),
                VocabularyCodec.optional("Signal.token_id", avro.getTokenId(), VocabularyCodec::text),
                VocabularyCodec.optional("Signal.contract_team", avro.getContractTeam(), VocabularyCodec::text),
                VocabularyCodec.optional("Signal.game_id", avro.getGameId(), VocabularyCodec::text),
                VocabularyCodec.optional("Signal.sport", avro.getSport(), VocabularyCodec::text),
                VocabularyCodec.optional("Signal.signal_id", avro.getSignalId(), VocabularyCodec::text),
                VocabularyCodec.optional("Signal.signal_type", avro.getSignalType(), VocabularyCodec::text),
                VocabularyCodec.optional("Signal.edge_pct", avro.getEdgePct(), VocabularyCodec::micros),
                VocabularyCodec.fromAvro("Signal.side", avro.getSide()),
                VocabularyCodec.fromAvro("Signal.action", avro.getAction()),
                VocabularyCodec.price("Signal.limit_price", avro.getLimitPrice()),
                VocabularyCodec.quantity("Signal.size", avro.getSize()),
                VocabularyCodec.optional("Signal.max_cost", avro.getMaxCost(), VocabularyCodec::money),
                VocabularyCodec.optional("Signal.model_price", avro.getModelPrice(), VocabularyCodec::micros),
                VocabularyCodec.fromAvro("Signal.time_in_force", avro.getTimeInForce()),
                avro.getPostOnly(),
                VocabularyCodec.optional("Signal.expires_at", avro.getExpiresAt(), VocabularyCodec::millis),
                VocabularyCodec.millis("Signal.created_at", avro.getCreatedAt()),
                VocabularyCodec.optional("Signal.group_id", avro.getGroupId(), VocabularyCodec::text),
                avro.getLegIndex(),
                avro.getLegCount(),
                VocabularyCodec.sorted("Signal.attributes", avro.getAttributes()));
    }
}
