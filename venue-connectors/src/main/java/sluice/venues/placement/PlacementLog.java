package sluice.venues.placement;

import java.util.List;

/** Where placements are kept for ever. */
@FunctionalInterface
public interface PlacementLog {
    /**
     * Returns once all of the placements are committed and this writer was still the owner.
     *
     * @throws FencedException if another owner has taken over; nothing was written
     */
    void write(List<Placement> placements);
}
