package sluice.venues.polymarket;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sluice.domain.Action;
import sluice.domain.MarketId;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.Venue;
import sluice.domain.market.FillFee;
import sluice.domain.market.Market;
import sluice.domain.order.Fill;
import sluice.venues.api.OrderRef;
import sluice.venues.polymarket.Words.Unreadable;

/**
 * Trades as the venue tells of them, made our fills.
 *
 * <p>A trade is told again whenever its status moves: MATCHED, MINED, CONFIRMED, or FAILED. The fill keeps its identity
 * and goes from provisional to final, or to void. The venue does not tell its fee; it follows from the market's
 * schedule.
 */
final class Trades {
    private static final String PREFIX = "TRADE_STATUS_";

    /** Finds what is known of a market. */
    interface Markets {
        Market of(MarketId id) throws Unreadable;
    }

    /** Finds the names of an order by the venue's id of it, in whatever case. */
    interface Orders {
        @Nullable
        OrderRef of(String venueOrderId);
    }

    private final PolymarketAccount account;
    private final Mode mode;
    private final Markets markets;
    private final Orders orders;

    Trades(PolymarketAccount account, Mode mode, Markets markets, Orders orders) {
        this.account = account;
        this.mode = mode;
        this.markets = markets;
        this.orders = orders;
    }

    /** How sure the trade is. A status that we do not know keeps it in doubt: booked, and looked at again. */
    static Fill.Status status(JsonNode trade) throws Unreadable {
        var status = Words.text(trade, "status");
        return switch (status.startsWith(PREFIX) ? status.substring(PREFIX.length()) : status) {
            case "CONFIRMED" -> Fill.Status.FINAL;
            case "FAILED" -> Fill.Status.VOID;
            default -> Fill.Status.PROVISIONAL;
        };
    }

    static long matchedAt(JsonNode trade) throws Unreadable {
        return Words.millis(trade, trade.has("match_time") ? "match_time" : "matchtime");
    }

    /** The fills of this account's orders in a trade; none where it is another wallet's of the same owner. */
    List<Fill> fills(JsonNode trade) throws Unreadable {
        var takes = isTaker(trade);
        var fills = new ArrayList<Fill>();
        var market = markets.of(marketOf(trade));
        if (takes) {
            fills.add(fill(trade, market, trade, Words.text(trade, "taker_order_id"), "size", true, 0));
        }
        var parts = new HashMap<String, Integer>();
        for (var maker : trade.path("maker_orders")) {
            var order = Words.text(maker, "order_id");
            if (isOurs(
                    maker,
                    order,
                    maker.path("owner").asText().equals(account.credentials().key()))) {
                int part = parts.merge(order, 1, Integer::sum) - 1;
                fills.add(fill(trade, market, maker, order, "matched_amount", false, part));
            }
        }
        if (fills.isEmpty() && !namesEveryWallet(trade)) {
            throw new Unreadable("trade " + Words.text(trade, "id") + " is told to us and is not clearly ours or "
                    + "another's; the funder " + account.funder() + " and the API key are looked for");
        }
        return fills;
    }

    private static boolean namesEveryWallet(JsonNode trade) {
        boolean all = !Words.textOr(trade, "maker_address", "").isEmpty();
        for (var maker : trade.path("maker_orders")) {
            all &= !Words.textOr(maker, "maker_address", "").isEmpty();
        }
        return all;
    }

    /** Shares of one order in a trade. */
    static Quantity sharesOf(JsonNode trade, String venueOrderId) throws Unreadable {
        var shares = Quantity.ZERO;
        if (Words.textOr(trade, "taker_order_id", "").equalsIgnoreCase(venueOrderId)) {
            shares = Words.quantity(trade, "size");
        }
        for (var maker : trade.path("maker_orders")) {
            if (Words.textOr(maker, "order_id", "").equalsIgnoreCase(venueOrderId)) {
                shares = shares.plus(Words.quantity(maker, "matched_amount"));
            }
        }
        return shares;
    }

    private boolean isTaker(JsonNode trade) throws Unreadable {
        var order = Words.text(trade, "taker_order_id");
        var role = Words.textOr(trade, "trader_side", "");
        return switch (role) {
            case "TAKER" -> isOurs(trade, order, true);
            // The top of a trade describes its taker, who is we as well where we traded with ourselves.
            case "MAKER" -> isOurs(trade, order, false) && orders.of(order) != null;
            case "" ->
                isOurs(
                        trade,
                        order,
                        trade.path("owner")
                                .asText()
                                .equals(account.credentials().key()));
            default -> throw new Unreadable("trader_side is \"" + role + "\"; TAKER and MAKER are known");
        };
    }

    /**
     * Whether an order in a trade is this account's. An owner's wallets share an API key, so what we know of the order
     * comes first, then the wallet, and only then what is left to go by.
     */
    private boolean isOurs(JsonNode part, String order, boolean otherwise) {
        var known = orders.of(order);
        if (known != null) {
            return known.account().equals(account.id());
        }
        var wallet = Words.textOr(part, "maker_address", "");
        return wallet.isEmpty() ? otherwise : account.funder().is(wallet);
    }

    private Fill fill(
            JsonNode trade, Market market, JsonNode part, String venueOrderId, String size, boolean taker, int index)
            throws Unreadable {
        Side side = Listing.side(market, Words.text(part, "asset_id"));
        Action action = action(part);
        // A price with more decimals than we keep is rounded against us.
        Price price = Words.price(part, "price", action == Action.BUY ? RoundingMode.UP : RoundingMode.DOWN);
        Quantity quantity = Words.quantity(part, size);
        var fee = FillFee.of(market.fees(), action, price, quantity, taker, Money.ZERO)
                .fee();
        var id = Words.text(trade, "id");
        var known = orders.of(venueOrderId);
        return new Fill(
                index == 0 ? id : id + "#" + index,
                known == null ? "" : known.orderId().value(),
                venueOrderId.toLowerCase(Locale.ROOT),
                account.id(),
                mode,
                market.id(),
                side,
                action,
                price,
                quantity,
                fee,
                taker,
                status(trade),
                matchedAt(trade));
    }

    static Action action(JsonNode part) throws Unreadable {
        var side = Words.text(part, "side");
        return switch (side) {
            case "BUY" -> Action.BUY;
            case "SELL" -> Action.SELL;
            default -> throw new Unreadable("side is \"" + side + "\"; BUY and SELL are known");
        };
    }

    /** The market that a message names by its condition. */
    static MarketId marketOf(JsonNode message) throws Unreadable {
        var condition = Words.text(message, "market");
        try {
            return new MarketId(Venue.POLYMARKET, condition);
        } catch (IllegalArgumentException e) {
            throw new Unreadable("market " + Words.shown(condition) + " is no condition id");
        }
    }
}
