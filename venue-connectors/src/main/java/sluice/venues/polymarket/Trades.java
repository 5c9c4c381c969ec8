package sluice.venues.polymarket;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
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

    private final PolymarketAccount account;
    private final Mode mode;
    private final Markets markets;
    private final Function<String, String> ourId;

    /** @param ourId our id of an order of the venue's; empty where we have none */
    Trades(PolymarketAccount account, Mode mode, Markets markets, Function<String, String> ourId) {
        this.account = account;
        this.mode = mode;
        this.markets = markets;
        this.ourId = ourId;
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

    /** The fills of this account's orders in a trade. */
    List<Fill> fills(JsonNode trade) throws Unreadable {
        var market = markets.of(marketOf(trade));
        var fills = new ArrayList<Fill>();
        var role = Words.textOr(trade, "trader_side", "");
        if (isTaker(trade, role)) {
            fills.add(fill(trade, market, trade, Words.text(trade, "taker_order_id"), "size", true, 0));
        }
        var parts = new HashMap<String, Integer>();
        for (var maker : trade.path("maker_orders")) {
            if (isOurs(maker)) {
                var order = Words.text(maker, "order_id");
                int part = parts.merge(order, 1, Integer::sum) - 1;
                fills.add(fill(trade, market, maker, order, "matched_amount", false, part));
            }
        }
        if (fills.isEmpty()) {
            throw new Unreadable("trade " + Words.text(trade, "id") + " is told as ours, and none of its orders is; "
                    + "the funder " + account.funder() + " and the API key are looked for");
        }
        return fills;
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

    private boolean isTaker(JsonNode trade, String role) throws Unreadable {
        return switch (role) {
            case "TAKER" -> true;
            // The top of a trade describes its taker; it is ours as well where we traded with ourselves.
            case "MAKER" -> !ourId.apply(Words.text(trade, "taker_order_id")).isEmpty();
            case "" -> isOurs(trade);
            default -> throw new Unreadable("trader_side is \"" + role + "\"; TAKER and MAKER are known");
        };
    }

    private boolean isOurs(JsonNode part) {
        return Words.textOr(part, "owner", "").equals(account.credentials().key())
                || account.funder().is(Words.textOr(part, "maker_address", ""))
                || !ourId.apply(Words.textOr(part, "order_id", "")).isEmpty();
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
        return new Fill(
                index == 0 ? id : id + "#" + index,
                ourId.apply(venueOrderId),
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
