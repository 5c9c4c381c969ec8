package sluice.venues.kalshi;

import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.MarketId;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.StrategyId;
import sluice.domain.TimeInForce;
import sluice.domain.Venue;
import sluice.domain.market.FeeModel;
import sluice.domain.market.FeeTerms;
import sluice.domain.market.Market;
import sluice.domain.market.MarketStatus;
import sluice.domain.market.PriceGrid;
import sluice.domain.order.OrderCommand;

/** Commands in the vectors' market. */
final class TestOrders {
    static final AccountId ACCOUNT = new AccountId("a1");
    static final String TICKER = "KXTSTHIGH-26NOV20-T60";
    static final MarketId MARKET = new MarketId(Venue.KALSHI, TICKER);

    private TestOrders() {}

    static OrderCommand command(
            String id, Side side, Action action, String price, String quantity, TimeInForce timeInForce) {
        return command(id, side, action, price, quantity, timeInForce, null, false, Long.MAX_VALUE);
    }

    static OrderCommand expiring(String id, TimeInForce timeInForce, @Nullable Long expiresAt, boolean postOnly) {
        return command(id, Side.YES, Action.BUY, "0.41", "10", timeInForce, expiresAt, postOnly, Long.MAX_VALUE);
    }

    /** Buys 10 YES at 0.41. */
    static OrderCommand buy(String id) {
        return command(id, Side.YES, Action.BUY, "0.41", "10", TimeInForce.GTC);
    }

    static OrderCommand withDeadline(String id, long deadlineMillis) {
        return command(id, Side.YES, Action.BUY, "0.41", "10", TimeInForce.GTC, null, false, deadlineMillis);
    }

    private static OrderCommand command(
            String id,
            Side side,
            Action action,
            String price,
            String quantity,
            TimeInForce timeInForce,
            @Nullable Long expiresAt,
            boolean postOnly,
            long deadlineMillis) {
        return new OrderCommand(
                OrderCommand.Type.PLACE,
                new OrderId(id),
                ACCOUNT,
                new StrategyId("s1"),
                Mode.LIVE,
                market(),
                null,
                side,
                action,
                Price.parse(price),
                Quantity.parse(quantity),
                timeInForce,
                postOnly,
                expiresAt,
                deadlineMillis,
                1,
                1,
                "a test",
                null,
                null,
                null);
    }

    private static Market market() {
        return new Market(
                MARKET,
                null,
                false,
                "",
                "",
                MarketStatus.ACTIVE,
                null,
                null,
                null,
                PriceGrid.of(Price.parse("0.01")),
                Quantity.parse("0.01"),
                Quantity.parse("0.01"),
                Money.ZERO,
                new FeeTerms(FeeModel.KALSHI, 70_000, 0, "test"),
                null,
                null,
                false,
                0,
                1,
                "test");
    }
}
