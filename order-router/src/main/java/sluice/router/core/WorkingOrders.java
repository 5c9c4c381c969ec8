package sluice.router.core;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.domain.OrderId;

/** The orders that were placed and are not at an end. */
public interface WorkingOrders {
    @Nullable
    WorkingOrder get(OrderId id);

    void put(WorkingOrder order);

    void remove(OrderId id);

    /** All of them, ordered by id. */
    List<WorkingOrder> all();

    /** Those whose time to be cancelled is at or before {@code nowMillis}, ordered by that time and id. */
    List<WorkingOrder> dueBy(long nowMillis);
}
