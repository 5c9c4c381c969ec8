package sluice.domain;

/** An amount of dollars in millionths; negative where it is owed or lost. Sums throw rather than wrap. */
public record Money(long micros) implements Comparable<Money> {
    public static final Money ZERO = new Money(0);

    public static Money parse(String text) {
        return new Money(Micros.parse(text));
    }

    public Money plus(Money other) {
        return new Money(Math.addExact(micros, other.micros));
    }

    public Money minus(Money other) {
        return new Money(Math.subtractExact(micros, other.micros));
    }

    public Money negated() {
        return new Money(Math.negateExact(micros));
    }

    public boolean exceeds(Money bound) {
        return micros > bound.micros;
    }

    public boolean isNegative() {
        return micros < 0;
    }

    @Override
    public int compareTo(Money other) {
        return Long.compare(micros, other.micros);
    }

    @Override
    public String toString() {
        return Micros.text(micros);
    }
}
