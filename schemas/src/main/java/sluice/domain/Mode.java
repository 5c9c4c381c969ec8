package sluice.domain;

/**
 * What may happen to an order: simulated fills, everything but the socket, or real money. Books of one mode never count
 * in another.
 */
public enum Mode {
    PAPER,
    DRY_RUN,
    LIVE
}
