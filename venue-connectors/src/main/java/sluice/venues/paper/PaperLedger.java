package sluice.venues.paper;

import java.util.List;
import sluice.domain.paper.PaperEvent;

/** Where the paper exchange's events are kept for ever. */
@FunctionalInterface
public interface PaperLedger {
    /**
     * Returns once all of the events are committed, in this order.
     *
     * @throws sluice.venues.placement.FencedException if another process owns the ledger now; nothing was written
     */
    void append(List<PaperEvent> events);
}
