package sluice.router.topology;

import java.time.Instant;
import sluice.domain.EventId;
import sluice.router.core.WorkingOrder;
import sluice.wire.OrderCodec;
import sluice.wire.VocabularyCodec;

/** The router's state as it is stored. */
final class WorkingOrderCodec {
    private WorkingOrderCodec() {}

    static sluice.avro.WorkingOrder toAvro(WorkingOrder order) {
        Long cancelAt = order.cancelAtMillis();
        return new sluice.avro.WorkingOrder(
                OrderCodec.toAvro(order.command()),
                order.event().value(),
                cancelAt == null ? null : VocabularyCodec.instant("cancel_at", cancelAt),
                order.cancelSent());
    }

    static WorkingOrder fromAvro(sluice.avro.WorkingOrder avro) {
        Instant cancelAt = avro.getCancelAt();
        return new WorkingOrder(
                OrderCodec.fromAvro(avro.getCommand()),
                new EventId(avro.getEventId()),
                cancelAt == null ? null : (Long) cancelAt.toEpochMilli(),
                avro.getCancelSent());
    }
}
