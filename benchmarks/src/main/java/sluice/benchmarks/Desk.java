package sluice.benchmarks;

import java.util.Base64;
import java.util.HexFormat;
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
import sluice.venues.polymarket.ApiCredentials;

/** Whose orders are measured, with keys that are known to everybody, and in which market of each venue. */
final class Desk {
    static final AccountId ACCOUNT = new AccountId("main");

    /** The first development key of Hardhat and Anvil. */
    static final String WALLET_KEY = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

    static final ApiCredentials CREDENTIALS = new ApiCredentials(
            "00000000-0000-0000-0000-000000000000", Base64.getUrlEncoder().encodeToString(new byte[32]), "benchmark");
    static final String KALSHI_KEY = "00000000-0000-0000-0000-000000000001";
    static final String YES = "71321045679252212594626385532706912750332728571942532289631379312455583992563";
    static final String NO = "52114319501245915516055106046884209969926127482827954674443846427813813222426";

    private Desk() {}

    static byte[] walletKey() {
        return HexFormat.of().parseHex(WALLET_KEY);
    }

    static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + what + "-----\n";
    }

    static Market market(Venue venue) {
        boolean kalshi = venue == Venue.KALSHI;
        return new Market(
                new MarketId(venue, kalshi ? "KXSIM-1" : "0x" + "5f".repeat(32)),
                null,
                false,
                "benchmark",
                "",
                MarketStatus.ACTIVE,
                null,
                null,
                null,
                PriceGrid.of(Price.parse("0.01")),
                Quantity.parse("0.01"),
                Quantity.parse(kalshi ? "0.01" : "5"),
                Money.ZERO,
                new FeeTerms(kalshi ? FeeModel.KALSHI : FeeModel.POLYMARKET, kalshi ? 70_000 : 50_000, 0, "benchmark"),
                kalshi ? null : YES,
                kalshi ? null : NO,
                false,
                0,
                0,
                "benchmark");
    }

    /** A purchase of YES that was decided now, and may leave within two seconds. */
    static OrderCommand buy(OrderId id, Market market, Price price, Quantity quantity, TimeInForce timeInForce) {
        long now = System.currentTimeMillis();
        return new OrderCommand(
                OrderCommand.Type.PLACE,
                id,
                ACCOUNT,
                new StrategyId("benchmark"),
                Mode.LIVE,
                market,
                null,
                Side.YES,
                Action.BUY,
                price,
                quantity,
                timeInForce,
                false,
                null,
                now + 2_000,
                now,
                1,
                "",
                null,
                null,
                null);
    }
}
