package sluice.domain;

/** A number of contracts in millionths; never negative. */
public record Quantity(long micros) implements Comparable<Quantity> {
    public static final Quantity ZERO = new Quantity(0);

    public Quantity {
        if (micros < 0) {
            throw new IllegalArgumentException("quantity " + Micros.text(micros) + " is negative");
        }
    }

    public static Quantity parse(String text) {
        return new Quantity(Micros.parse(text));
    }

    public Quantity plus(Quantity other) {
        return new Quantity(Math.addExact(micros, other.micros));
    }

    /** What is left; throws if {@code other} is more than this. */
    public Quantity minus(Quantity other) {
        return new Quantity(Math.subtractExact(micros, other.micros));
    }

    public Quantity min(Quantity other) {
        return micros <= other.micros ? this : other;
    }

    public boolean isZero() {
        return micros == 0;
    }

    /** What these contracts pay at {@code value} dollars each, rounded down. */
    public Money paidAt(Price value) {
        return value.proceedsOf(this);
    }

    @Override
    public int compareTo(Quantity other) {
        return Long.compare(micros, other.micros);
    }

    @Override
    public String toString() {
        return Micros.text(micros);
    }
}
