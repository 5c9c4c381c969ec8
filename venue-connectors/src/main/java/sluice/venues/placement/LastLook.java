package sluice.venues.placement;

import java.util.Optional;
import sluice.domain.order.OrderCommand;

/** What is asked between the commit of SENT and the call: whether the order may still leave. For any thread. */
@FunctionalInterface
public interface LastLook {
    /**
     * Why the order may not leave now; empty if it may. Whoever cannot tell (a control topic that cannot be read, an
     * ownership in doubt) answers that it may not.
     *
     * @param epoch which owner of the partition is asking
     */
    Optional<String> whyNot(OrderCommand command, int epoch);
}
