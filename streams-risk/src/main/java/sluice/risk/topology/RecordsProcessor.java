package sluice.risk.topology;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import sluice.risk.core.AccountEvent;
import sluice.wire.DecisionCodec;

/** Writes events as records for the outside, each to its topic, and links every decision to the one before it. */
final class RecordsProcessor extends ContextualProcessor<String, AccountEvent, String, SpecificRecord> {
    private @Nullable KeyValueStore<String, byte[]> chain;

    @Override
    public void init(ProcessorContext<String, SpecificRecord> context) {
        super.init(context);
        chain = context.getStateStore(AccountTopology.CHAIN);
    }

    @Override
    public void process(Record<String, AccountEvent> record) {
        switch (record.value()) {
            case AccountEvent.Decided decided -> {
                if (chain == null) {
                    throw new IllegalStateException("a record came before the processor was made ready");
                }
                String book = RecordCodec.accountKey(decided.book());
                byte[] previous = chain.get(book);
                var decision = DecisionCodec.toAvro(
                        decided.decision(), previous == null ? DecisionCodec.noPreviousHash() : previous);
                chain.put(book, decision.getHash().bytes());
                tell(record, decided.book().account().value(), decision, AccountTopology.DECISIONS);
            }
            case AccountEvent.SignalRefused refused -> {
                var execution = RecordCodec.refused(refused.decision());
                tell(record, execution.getAccount(), execution, AccountTopology.EXECUTIONS);
            }
            case AccountEvent.OrderEnded ended -> {
                var execution = RecordCodec.execution(ended.order(), ended.atMillis());
                tell(record, execution.getAccount(), execution, AccountTopology.EXECUTIONS);
            }
            case AccountEvent.PositionChanged changed ->
                tell(
                        record,
                        RecordCodec.positionKey(changed.book(), changed.market()),
                        RecordCodec.position(changed),
                        AccountTopology.POSITIONS);
            case AccountEvent.TotalsChanged changed ->
                tell(
                        record,
                        RecordCodec.accountKey(changed.book()),
                        RecordCodec.account(changed),
                        AccountTopology.ACCOUNTS);
            case AccountEvent.Notice notice ->
                tell(record, notice.account(), RecordCodec.notification(notice), AccountTopology.NOTIFICATIONS);
            case AccountEvent.OrderApproved approved -> {}
            case AccountEvent.CancelWanted wanted -> {}
            case AccountEvent.OrderCancelWanted wanted -> {}
            case AccountEvent.TimePassed time -> {}
        }
    }

    private void tell(Record<String, AccountEvent> cause, String key, SpecificRecord value, String sink) {
        context().forward(new Record<>(key, value, cause.timestamp()), sink);
    }
}
