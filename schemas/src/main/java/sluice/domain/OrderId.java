package sluice.domain;

/**
 * Identity of an order: the identity of the intent it was made for, so that a repeated intent can never make a second
 * order.
 */
public record OrderId(String value) implements Comparable<OrderId> {
    public OrderId {
        Names.require("OrderId", value);
    }

    @Override
    public int compareTo(OrderId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
