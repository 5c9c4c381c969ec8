package sluice.domain.order;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.MarketId;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.StrategyId;
import sluice.domain.TimeInForce;

/**
 * What a model wants: at most {@code size} contracts of one side of one market, at {@code limitPrice} or better.
 *
 * @param edgePctMicros claimed edge in percentage points of probability, in millionths; null where none was claimed
 * @param limitPrice worst acceptable price of {@code side}
 * @param maxCost most that the order may cost, fees and padding included; null for no such bound
 * @param modelPriceMicros the model's probability for {@code side} in millionths; null where none was given
 * @param createdAtMillis when the model made the signal, UTC milliseconds
 * @param attributes fields we do not know, kept as text
 */
public record Signal(
        String requestId,
        String idempotencyKey,
        AccountId account,
        StrategyId strategy,
        MarketId market,
        @Nullable String tokenId,
        @Nullable String contractTeam,
        @Nullable String gameId,
        @Nullable String sport,
        @Nullable String signalId,
        @Nullable String signalType,
        @Nullable Long edgePctMicros,
        Side side,
        Action action,
        Price limitPrice,
        Quantity size,
        @Nullable Money maxCost,
        @Nullable Long modelPriceMicros,
        TimeInForce timeInForce,
        boolean postOnly,
        @Nullable Long expiresAtMillis,
        long createdAtMillis,
        @Nullable String groupId,
        @Nullable Integer legIndex,
        @Nullable Integer legCount,
        Map<String, String> attributes) {
    public Signal {
        attributes = Map.copyOf(attributes);
    }
}
