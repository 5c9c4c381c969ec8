package sluice.domain.order;

import java.util.Optional;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.MarketId;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;

/**
 * A trade of ours. The same trade may be told many times; (market's venue, account, trade id, order id) makes it one.
 *
 * @param orderId our order id, as {@link OrderId} wants it; empty when the venue tells of an order we do not know
 * @param price price of {@code side}
 * @param fee as the venue charged it
 * @param tradedAtMillis when the venue traded, UTC milliseconds
 */
public record Fill(
        String tradeId,
        String orderId,
        String venueOrderId,
        AccountId account,
        Mode mode,
        MarketId market,
        Side side,
        Action action,
        Price price,
        Quantity quantity,
        Money fee,
        boolean taker,
        Status status,
        long tradedAtMillis) {
    public Fill {
        if (!orderId.isEmpty()) {
            new OrderId(orderId);
        }
    }

    /** How sure a fill is. */
    public enum Status {
        PROVISIONAL,
        FINAL,
        VOID
    }

    /** Our order that was traded, where the venue's word names one. */
    public Optional<OrderId> order() {
        return orderId.isEmpty() ? Optional.empty() : Optional.of(new OrderId(orderId));
    }

    /** Cash that the trade moves, fee included: negative when we pay. A cost rounds up, proceeds round down. */
    public Money cashChange() {
        Money gross = action == Action.BUY ? price.costOf(quantity).negated() : price.proceedsOf(quantity);
        return gross.minus(fee);
    }

    /** The same trade, known this surely. */
    public Fill withStatus(Status newStatus) {
        return with(orderId, account, mode, newStatus);
    }

    /** The same trade, of this order of ours; empty for none that we know. */
    public Fill withOrder(String newOrderId) {
        return with(newOrderId, account, mode, status);
    }

    /** The same trade, of this account and mode. */
    public Fill withAccount(AccountId newAccount, Mode newMode) {
        return with(orderId, newAccount, newMode, status);
    }

    private Fill with(String newOrderId, AccountId newAccount, Mode newMode, Status newStatus) {
        return new Fill(
                tradeId,
                newOrderId,
                venueOrderId,
                newAccount,
                newMode,
                market,
                side,
                action,
                price,
                quantity,
                fee,
                taker,
                newStatus,
                tradedAtMillis);
    }
}
