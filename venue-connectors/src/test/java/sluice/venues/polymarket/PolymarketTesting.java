package sluice.venues.polymarket;

import java.util.HexFormat;
import java.util.List;
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

/** An account for tests: its key is public, and worth nothing. */
final class PolymarketTesting {
    static final byte[] SECRET =
            HexFormat.of().parseHex("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
    static final Address OWNER = new Address("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    static final AccountId ACCOUNT = new AccountId("a1");
    static final ApiCredentials CREDENTIALS = new ApiCredentials(
            "550e8400-e29b-41d4-a716-446655440000",
            "c29tZV90aHJvd2F3YXlfc2VjcmV0X2Zvcl90ZXN0c18zMmI=",
            "6c1d9f3a7b5e2048d1c0a9b8e7f60512");

    private PolymarketTesting() {}

    static PolymarketAccount eoa() {
        return new PolymarketAccount(ACCOUNT, WalletKey.of(SECRET), SignatureType.EOA, OWNER, CREDENTIALS);
    }

    static final MarketId MARKET = new MarketId(Venue.POLYMARKET, "0x" + "5f".repeat(32));
    static final String YES = "71321045679252212594626385532706912750332728571942532289631379312455583992563";
    static final String NO = "52114319501245915516055106046884209969926127482827954674443846427813813222426";
    static final String GAMMA = """
            [{"id":"1","question":"Rain?","conditionId":"%s","clobTokenIds":"[\\"%s\\",\\"%s\\"]",\
            "outcomes":"[\\"Yes\\",\\"No\\"]","outcomePrices":"[\\"0.4\\",\\"0.6\\"]","active":true,"closed":false,\
            "acceptingOrders":true,"endDate":"2026-12-01T00:00:00Z","feesEnabled":true,"unknownKey":{"x":1}}]""".formatted(MARKET.id(), YES, NO);
    static final String CLOB_MARKET = """
            {"c":"%s","t":[{"t":"%s","o":"Yes"},{"t":"%s","o":"No"}],"mts":0.01,"mos":5,"ao":true,\
            "fd":{"r":0.05,"e":1,"to":true}}""".formatted(MARKET.id(), YES, NO);

    static Market market(Price tick, PolymarketChain.ExchangeKind exchange) {
        return new Market(
                MARKET,
                null,
                false,
                "",
                "Rain?",
                MarketStatus.ACTIVE,
                null,
                null,
                null,
                new PriceGrid(List.of(new PriceGrid.Band(tick, tick.complement(), tick))),
                Quantity.parse("0.01"),
                Quantity.parse("5"),
                Money.parse("1"),
                new FeeTerms(FeeModel.POLYMARKET, 50_000, 0, "test"),
                YES,
                NO,
                false,
                exchange.index(),
                1,
                "test");
    }

    static Market market() {
        return market(Price.parse("0.01"), PolymarketChain.ExchangeKind.STANDARD);
    }

    static OrderCommand command(
            String id,
            Market market,
            Side side,
            Action action,
            String price,
            String quantity,
            TimeInForce timeInForce) {
        return new OrderCommand(
                OrderCommand.Type.PLACE,
                new OrderId(id),
                ACCOUNT,
                new StrategyId("s1"),
                Mode.LIVE,
                market,
                null,
                side,
                action,
                Price.parse(price),
                Quantity.parse(quantity),
                timeInForce,
                false,
                timeInForce == TimeInForce.GTD ? 1_795_109_999_999L : null,
                Long.MAX_VALUE,
                1_795_100_000_123L,
                1,
                "a test",
                null,
                null,
                null);
    }

    /** Buys 10 YES at 0.52, for as long as it takes. */
    static OrderCommand buy(String id) {
        return command(id, market(), Side.YES, Action.BUY, "0.52", "10", TimeInForce.GTC);
    }
}
