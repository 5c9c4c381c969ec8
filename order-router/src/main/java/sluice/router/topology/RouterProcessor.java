package sluice.router.topology;

import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import sluice.avro.OrderCommand;
import sluice.risk.core.AccountEvent;
import sluice.router.core.RouterCore;
import sluice.topics.Topics;
import sluice.wire.OrderCodec;

/** Asks the router what a venue is to do, and sends it to the connector of that venue. */
final class RouterProcessor extends ContextualProcessor<String, AccountEvent, String, OrderCommand> {
    private @Nullable RouterCore router;

    @Override
    public void init(ProcessorContext<String, OrderCommand> context) {
        super.init(context);
        KeyValueStore<String, sluice.avro.WorkingOrder> store = context.getStateStore(TradingTopology.WORKING_ORDERS);
        router = new RouterCore(new StoredWorkingOrders(store));
    }

    @Override
    public void process(Record<String, AccountEvent> record) {
        if (router == null) {
            throw new IllegalStateException("a record came before the processor was made ready");
        }
        for (var command : router.on(record.value())) {
            var topic = Topics.ordersFor(command.mode(), command.market().id().venue());
            context()
                    .forward(
                            new Record<>(command.account().value(), OrderCodec.toAvro(command), record.timestamp()),
                            TradingTopology.sinkOf(topic));
        }
    }
}
