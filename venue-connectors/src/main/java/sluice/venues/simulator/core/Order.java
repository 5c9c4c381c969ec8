package sluice.venues.simulator.core;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * An order as the exchange knows it. Only {@link Exchange} changes one; everybody else is given copies.
 *
 * <p>Prices and quantities are millionths. The price is that of the order's own token; {@link #yesPrice} is the same in
 * terms of the one book that a market has.
 */
public final class Order {
    /** Where an order stands. */
    public enum Status {
        DELAYED,
        RESTING,
        CANCELED,
        EXECUTED
    }

    public final String id;
    public final Command.Place placed;
    public String clientId;
    public long price;
    public long initial;
    public long filled;
    public long remaining;
    public Status status;
    public String reason = "";
    public long takerCost;
    public long makerCost;
    public long takerFees;
    public long makerFees;
    public @Nullable Long expiresAt;
    public long updatedAt;

    /** What fee rounding took and may give back. */
    long feeAccumulated;

    /** Place in the queue: lower is older. */
    long priority;

    Order(Command.Place placed) {
        this.id = placed.orderId();
        this.placed = placed;
        this.clientId = placed.clientId();
        this.price = placed.price();
        this.initial = placed.quantity();
        this.remaining = placed.quantity();
        this.status = Status.RESTING;
        this.expiresAt = placed.expiresAt();
        this.updatedAt = placed.at();
    }

    public String account() {
        return placed.account();
    }

    public String market() {
        return placed.market();
    }

    public JsonNode attributes() {
        return placed.attributes();
    }

    /** Whether it stands on the bid side of the YES book. */
    public boolean bid() {
        return placed.yes() == placed.buy();
    }

    /** Price in the YES book. */
    public long yesPrice() {
        return placed.yes() ? price : Exchange.ONE - price;
    }

    /** Whether it can still trade. */
    public boolean live() {
        return status == Status.RESTING || status == Status.DELAYED;
    }

    /** This order as it is now. */
    public Order copy() {
        Order copy = new Order(placed);
        copy.clientId = clientId;
        copy.price = price;
        copy.initial = initial;
        copy.filled = filled;
        copy.remaining = remaining;
        copy.status = status;
        copy.reason = reason;
        copy.takerCost = takerCost;
        copy.makerCost = makerCost;
        copy.takerFees = takerFees;
        copy.makerFees = makerFees;
        copy.expiresAt = expiresAt;
        copy.updatedAt = updatedAt;
        copy.feeAccumulated = feeAccumulated;
        copy.priority = priority;
        return copy;
    }
}
