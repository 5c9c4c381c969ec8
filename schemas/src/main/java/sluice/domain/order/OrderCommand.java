package sluice.domain.order;

import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.Mode;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.StrategyId;
import sluice.domain.TimeInForce;
import sluice.domain.market.Market;

/**
 * What the account task asks a connector to do. Times are UTC milliseconds.
 *
 * @param deadlineMillis not to be sent after this
 * @param decidedAtMillis time of the journal record that approved it
 * @param reason why, for a cancel
 * @param market the market as it was known when the order was approved
 */
public record OrderCommand(
        Type type,
        OrderId orderId,
        AccountId account,
        StrategyId strategy,
        Mode mode,
        Market market,
        @Nullable String tokenId,
        Side side,
        Action action,
        Price limitPrice,
        Quantity quantity,
        TimeInForce timeInForce,
        boolean postOnly,
        @Nullable Long expiresAtMillis,
        long deadlineMillis,
        long decidedAtMillis,
        long decisionSequence,
        String reason,
        @Nullable String groupId,
        @Nullable Integer legIndex,
        @Nullable Integer legCount) {
    /** Place or cancel. */
    public enum Type {
        PLACE,
        CANCEL
    }
}
