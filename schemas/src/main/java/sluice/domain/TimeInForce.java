package sluice.domain;

/** How long an order may live: fill what is there, all or nothing, until cancelled, until a time. */
public enum TimeInForce {
    IOC,
    FOK,
    GTC,
    GTD;

    /** Whether an order may stay in the book after it arrived. */
    public boolean mayRest() {
        return this == GTC || this == GTD;
    }
}
