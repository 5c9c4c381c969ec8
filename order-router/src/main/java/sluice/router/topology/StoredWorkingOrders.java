package sluice.router.topology;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import sluice.domain.OrderId;
import sluice.router.core.WorkingOrder;
import sluice.router.core.WorkingOrders;

/** Working orders in a changelogged store, with an index by time of cancel on the heap. */
final class StoredWorkingOrders implements WorkingOrders {
    private record Due(long atMillis, OrderId id) {}

    private final KeyValueStore<String, sluice.avro.WorkingOrder> store;
    private final Map<OrderId, WorkingOrder> byId = new TreeMap<>();
    private final TreeSet<Due> due =
            new TreeSet<>(Comparator.comparingLong(Due::atMillis).thenComparing(Due::id));

    StoredWorkingOrders(KeyValueStore<String, sluice.avro.WorkingOrder> store) {
        this.store = store;
        try (var all = store.all()) {
            all.forEachRemaining(entry -> index(WorkingOrderCodec.fromAvro(entry.value)));
        }
    }

    private void index(WorkingOrder order) {
        unindex(order.command().orderId());
        byId.put(order.command().orderId(), order);
        Long at = order.cancelAtMillis();
        if (at != null && !order.cancelSent()) {
            due.add(new Due(at, order.command().orderId()));
        }
    }

    private void unindex(OrderId id) {
        WorkingOrder before = byId.remove(id);
        if (before != null && before.cancelAtMillis() != null) {
            due.remove(new Due(before.cancelAtMillis(), id));
        }
    }

    @Override
    public @Nullable WorkingOrder get(OrderId id) {
        return byId.get(id);
    }

    @Override
    public void put(WorkingOrder order) {
        index(order);
        store.put(order.command().orderId().value(), WorkingOrderCodec.toAvro(order));
    }

    @Override
    public void remove(OrderId id) {
        if (byId.containsKey(id)) {
            unindex(id);
            store.delete(id.value());
        }
    }

    @Override
    public List<WorkingOrder> all() {
        return List.copyOf(byId.values());
    }

    @Override
    public List<WorkingOrder> dueBy(long nowMillis) {
        return due.stream()
                .takeWhile(entry -> entry.atMillis() <= nowMillis)
                .map(entry -> byId.get(entry.id()))
                .filter(java.util.Objects::nonNull)
                .toList();
    }
}
