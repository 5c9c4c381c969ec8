package sluice.venues.placement;

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

/** Commands for tests. */
public final class Commands {
    public static final AccountId ACCOUNT = new AccountId("a1");
    public static final MarketId MARKET = new MarketId(Venue.KALSHI, "M");

    private Commands() {}

    /** Buys 10 YES at 0.45. */
    public static OrderCommand place(String id, Mode mode, TimeInForce timeInForce, long deadlineMillis) {
        return command(OrderCommand.Type.PLACE, id, mode, timeInForce, deadlineMillis);
    }

    public static OrderCommand cancel(String id, Mode mode) {
        return command(OrderCommand.Type.CANCEL, id, mode, TimeInForce.GTC, Long.MAX_VALUE);
    }

    private static OrderCommand command(
            OrderCommand.Type type, String id, Mode mode, TimeInForce timeInForce, long deadlineMillis) {
        return new OrderCommand(
                type,
                new OrderId(id),
                ACCOUNT,
                new StrategyId("s1"),
                mode,
                market(),
                null,
                Side.YES,
                Action.BUY,
                Price.parse("0.45"),
                Quantity.parse("10"),
                timeInForce,
                false,
                null,
                deadlineMillis,
                1,
                1,
                "a test",
                null,
                null,
                null);
    }

    public static Market market() {
        return new Market(
                MARKET,
                null,
                false,
                "sports",
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
                null,
                1,
                "test");
    }
}
