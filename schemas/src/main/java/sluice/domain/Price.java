package sluice.domain;

/** A price per contract in millionths of a dollar; a contract pays one dollar at most, so a price is from 0 to 1. */
public record Price(long micros) implements Comparable<Price> {
    public static final Price ZERO = new Price(0);
    public static final Price ONE = new Price(Micros.ONE);
    public static final Price HALF = new Price(Micros.ONE / 2);

    public Price {
        if (micros < 0 || micros > Micros.ONE) {
            throw new IllegalArgumentException("price " + Micros.text(micros) + " is not between 0 and 1");
        }
    }

    public static Price parse(String text) {
        return new Price(Micros.parse(text));
    }

    /** The price of the other side at which the two together cost one dollar. */
    public Price complement() {
        return new Price(Micros.ONE - micros);
    }

    /**
     * What buying {@code quantity} costs, rounded up: a limit may see a micro-dollar too much, never one too little.
     */
    public Money costOf(Quantity quantity) {
        return new Money(Micros.mulDivCeil(micros, quantity.micros(), Micros.ONE));
    }

    /** What selling {@code quantity} brings, rounded down. */
    public Money proceedsOf(Quantity quantity) {
        return new Money(Micros.mulDivFloor(micros, quantity.micros(), Micros.ONE));
    }

    public boolean isAbove(Price other) {
        return micros > other.micros;
    }

    public boolean isBelow(Price other) {
        return micros < other.micros;
    }

    @Override
    public int compareTo(Price other) {
        return Long.compare(micros, other.micros);
    }

    @Override
    public String toString() {
        return Micros.text(micros);
    }
}
