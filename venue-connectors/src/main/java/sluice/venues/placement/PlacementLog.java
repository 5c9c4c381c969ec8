package sluice.venues.placement;

/** Where placements are kept for ever. */
@FunctionalInterface
public interface PlacementLog {
    /**
     * Returns once the placement is committed and this writer was still the owner.
     *
     * @throws FencedException if another owner has taken over; nothing was written
     */
    void write(Placement placement);
}
