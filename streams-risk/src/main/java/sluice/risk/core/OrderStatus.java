package sluice.risk.core;

import java.util.Optional;

/**
 * Where an order stands, as far as we can prove.
 *
 * <pre>
 *   APPROVED --> WORKING --> FILLED
 *      |  \         \-----> CLOSING --(last fill)--> CANCELLED | EXPIRED | FILLED
 *      |   \-> REJECTED
 *      \-----> UNCERTAIN --(evidence)--> WORKING | REJECTED | CLOSING | FILLED
 * </pre>
 *
 * <p>CLOSING: the venue said that the order is over and how much was filled, but not all of those fills have been told
 * yet. What is missing stays reserved.
 *
 * <p>A trade that is told, or taken back, after the end corrects the end: what is filled completely is FILLED, and what
 * is filled in part is neither FILLED nor REJECTED but CANCELLED.
 */
public enum OrderStatus {
    APPROVED,
    UNCERTAIN,
    WORKING,
    CLOSING,
    FILLED,
    CANCELLED,
    EXPIRED,
    REJECTED;

    /** What can happen to an order. */
    public enum Event {
        /** The venue holds it. */
        HELD,
        /** It never lived: refused, not sent, or proven absent. */
        NEVER_LIVED,
        /** Nobody knows. */
        NO_ANSWER,
        /** The venue says it is over. */
        OVER
    }

    /** No more can come of it, except a trade that the venue tells late. */
    public boolean isTerminal() {
        return switch (this) {
            case FILLED, CANCELLED, EXPIRED, REJECTED -> true;
            case APPROVED, UNCERTAIN, WORKING, CLOSING -> false;
        };
    }

    /** The status after {@code event}; empty if it changes nothing or cannot happen here. Fills decide the rest. */
    public Optional<OrderStatus> after(Event event) {
        return Optional.ofNullable(
                switch (this) {
                    case APPROVED, UNCERTAIN ->
                        switch (event) {
                            case HELD -> WORKING;
                            case NEVER_LIVED -> REJECTED;
                            case NO_ANSWER -> UNCERTAIN;
                            case OVER -> CLOSING;
                        };
                    case WORKING ->
                        switch (event) {
                            case OVER -> CLOSING;
                            case HELD, NEVER_LIVED, NO_ANSWER -> null;
                        };
                    case CLOSING, FILLED, CANCELLED, EXPIRED, REJECTED -> null;
                });
    }
}
