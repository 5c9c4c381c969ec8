package sluice.venues.kalshi;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.EventId;
import sluice.domain.MarketId;
import sluice.domain.Micros;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.Venue;
import sluice.domain.journal.JournalEntry.Holding;
import sluice.domain.market.FeeModel;
import sluice.domain.market.FeeTerms;
import sluice.domain.market.Market;
import sluice.domain.market.MarketStatus;
import sluice.domain.market.PriceGrid;
import sluice.domain.market.Settlement;
import sluice.domain.order.Fill;
import sluice.domain.order.VenueReport;
import sluice.venues.api.Balance;
import sluice.venues.api.LookupOutcome;
import sluice.venues.api.OpenOrder;
import sluice.venues.kalshi.KalshiJson.Unreadable;

/** The venue's objects in our words. Pure; what is not as documented is {@link Unreadable}, never a guess. */
final class KalshiReading {
    static final String SOURCE = "kalshi";

    /** Smallest part of a contract. */
    private static final Quantity STEP = new Quantity(10_000);

    private static final BigDecimal TAKER = new BigDecimal("0.07");
    private static final BigDecimal MAKER = new BigDecimal("0.0175");
    private static final BigDecimal COMBO_MAKER = new BigDecimal("0.035");
    private static final long CENT_MICROS = 10_000;

    private KalshiReading() {}

    static MarketId market(String ticker) {
        return new MarketId(Venue.KALSHI, ticker);
    }

    // ------------------------------------------------------------------ orders and fills

    /** Bid or ask, whether a message has the canonical field or its deprecated siblings only. */
    private static boolean isBid(KalshiJson json) throws Unreadable {
        var book = json.text("book_side");
        return switch (book) {
            case "bid" -> true;
            case "ask" -> false;
            default -> throw json.missing("book_side", "bid or ask");
        };
    }

    /** Side and action of ours where they are known to fit; otherwise a bid buys YES and an ask buys NO. */
    private record Direction(Side side, Action action) {
        static Direction of(boolean bid, KnownOrders.@Nullable Known known) throws Unreadable {
            if (known == null || known.side() == null || known.action() == null) {
                return new Direction(bid ? Side.YES : Side.NO, Action.BUY);
            }
            if (KalshiOrders.isBid(known.side(), known.action()) != bid) {
                throw new Unreadable("order " + known.id() + " of ours is " + known.action() + " " + known.side()
                        + ", and the venue tells of the other side of the book");
            }
            return new Direction(known.side(), known.action());
        }
    }

    static OpenOrder openOrder(KalshiJson order, KnownOrders.@Nullable Known known) throws Unreadable {
        var direction = Direction.of(isBid(order), known);
        return new OpenOrder(
                known == null ? null : known.id(),
                order.text("order_id"),
                market(order.text("ticker")),
                direction.side,
                direction.action,
                KalshiOrders.inYes(direction.side, order.price("yes_price_dollars")),
                order.quantity("initial_count_fp"),
                order.quantity("fill_count_fp"));
    }

    static LookupOutcome.Found found(KalshiJson order, long atMillis) throws Unreadable {
        var status = order.text("status");
        return new LookupOutcome.Found(
                order.text("order_id"),
                switch (status) {
                    case "resting" -> LookupOutcome.Status.WORKING;
                    case "executed" -> LookupOutcome.Status.FILLED;
                    case "canceled" -> LookupOutcome.Status.CANCELLED;
                    default -> throw new Unreadable("order status \"" + status + "\" is none we know");
                },
                order.quantity("fill_count_fp"),
                status,
                atMillis);
    }

    /** A fill, from REST or from the websocket: the names of market and time differ, all else is the same. */
    static Fill fill(KalshiJson fill, KnownOrders.@Nullable Known known, AccountId account, Mode mode)
            throws Unreadable {
        var direction = Direction.of(isBid(fill), known);
        var trade = fill.optionalText("fill_id");
        return new Fill(
                trade == null || trade.isEmpty() ? fill.text("trade_id") : trade,
                known == null ? "" : known.id().value(),
                fill.text("order_id"),
                account,
                mode,
                market(fill.text("market_ticker")),
                direction.side,
                direction.action,
                KalshiOrders.inYes(direction.side, fill.price("yes_price_dollars")),
                fill.quantity("count_fp"),
                fill.money("fee_cost"),
                fill.flag("is_taker"),
                Fill.Status.FINAL,
                fill.has("ts_ms") ? fill.integer("ts_ms") : fill.time("created_time"));
    }

    /** A message of the user_orders channel about an order of ours. */
    static VenueReport report(KalshiJson order, KnownOrders.Known known, AccountId account, Mode mode, long nowMillis)
            throws Unreadable {
        var status = order.text("status");
        var given = order.optionalText("last_update_reason");
        var reason = given == null ? "" : given;
        var type =
                switch (status) {
                    case "resting" -> VenueReport.Type.WORKING;
                    case "executed" -> VenueReport.Type.FILLED;
                    case "canceled" ->
                        reason.equals("ExpiryCancel") ? VenueReport.Type.EXPIRED : VenueReport.Type.CANCELLED;
                    default -> throw new Unreadable("order status \"" + status + "\" is none we know");
                };
        long at = order.has("last_updated_ts_ms") ? order.integer("last_updated_ts_ms") : nowMillis;
        return new VenueReport(
                known.id(),
                account,
                mode,
                market(order.text("ticker")),
                type,
                order.text("order_id"),
                order.quantity("fill_count_fp"),
                reason,
                "",
                at);
    }

    // ------------------------------------------------------------------ what an account has

    static Holding holding(KalshiJson position) throws Unreadable {
        long micros = position.micros("position_fp");
        return new Holding(
                market(position.text("ticker")),
                new Quantity(Math.max(0, micros)),
                new Quantity(Math.max(0, Math.negateExact(micros))));
    }

    /**
     * Cash of each shard. Whether the venue has taken off what open orders hold is not documented; the number stands in
     * both places as it was told.
     */
    static List<Balance> balances(KalshiJson answer) throws Unreadable {
        var balances = new ArrayList<Balance>();
        for (var shard : answer.list("balance_breakdown")) {
            var cash = shard.money("balance");
            balances.add(new Balance(Long.toString(shard.integer("exchange_index")), cash, cash));
        }
        var sum = balances.stream().map(Balance::total).reduce(Money.ZERO, Money::plus);
        if (!sum.equals(answer.money("balance_dollars"))) {
            throw new Unreadable("the shards hold " + sum + " together, and balance_dollars says "
                    + answer.money("balance_dollars"));
        }
        return balances;
    }

    /** A settlement that was paid. */
    static Settlement settlement(KalshiJson json) throws Unreadable {
        var result = json.text("market_result");
        long at = json.time("settled_time");
        var yes =
                switch (result) {
                    case "yes" -> Price.ONE;
                    case "no" -> Price.ZERO;
                    case "scalar" -> cents(json, "value");
                    default -> throw json.missing("market_result", "yes, no or scalar");
                };
        if (json.has("value") && !cents(json, "value").equals(yes)) {
            throw new Unreadable("result " + result + " with a value of " + json.integer("value") + " cents");
        }
        return new Settlement(market(json.text("ticker")), result(result), yes, Settlement.Status.FINAL, 1, at, SOURCE);
    }

    /** What a market pays, as the market itself says; empty while it has no result. */
    static Optional<Settlement> resultOf(KalshiJson market) throws Unreadable {
        var status =
                switch (status(market.text("status"))) {
                    case UNKNOWN, UNOPENED, ACTIVE, PAUSED, CLOSED -> null;
                    case DETERMINED -> Settlement.Status.DETERMINED;
                    case DISPUTED -> Settlement.Status.DISPUTED;
                    case AMENDED -> Settlement.Status.AMENDED;
                    case SETTLED -> Settlement.Status.FINAL;
                };
        if (status == null) {
            return Optional.empty();
        }
        var word = market.text("result");
        var yes =
                switch (word) {
                    case "yes" -> Price.ONE;
                    case "no" -> Price.ZERO;
                    case "scalar" -> market.price("settlement_value_dollars");
                    default -> throw market.missing("result", "yes, no or scalar");
                };
        if (market.has("settlement_value_dollars")
                && !market.price("settlement_value_dollars").equals(yes)) {
            throw new Unreadable(
                    "result " + word + " with a value of " + market.text("settlement_value_dollars") + " for YES");
        }
        var paid = market.optionalTime("settlement_ts");
        return Optional.of(new Settlement(
                market(market.text("ticker")),
                result(word),
                yes,
                status,
                1,
                paid == null ? market.time("updated_time") : paid,
                SOURCE));
    }

    private static Price cents(KalshiJson json, String name) throws Unreadable {
        long cents = json.integer(name);
        if (cents < 0 || cents > Micros.ONE / CENT_MICROS) {
            throw json.missing(name, "cents from 0 to 100");
        }
        return new Price(cents * CENT_MICROS);
    }

    private static Settlement.Result result(String word) {
        return switch (word) {
            case "yes" -> Settlement.Result.YES;
            case "no" -> Settlement.Result.NO;
            default -> Settlement.Result.SCALAR;
        };
    }

    // ------------------------------------------------------------------ markets

    static Market market(KalshiJson market, KalshiJson event, KalshiJson series) throws Unreadable {
        var ticker = market.text("ticker");
        var category = series.optionalText("category");
        var title = market.optionalText("title");
        var subtitle = market.optionalText("yes_sub_title");
        return new Market(
                market(ticker),
                new EventId(market.text("event_ticker")),
                event.flag("mutually_exclusive"),
                category == null ? "" : category,
                title != null && !title.isEmpty() ? title : subtitle == null ? "" : subtitle,
                status(market.text("status")),
                market.optionalTime("open_time"),
                market.optionalTime("close_time"),
                market.optionalTime("expected_expiration_time"),
                grid(market),
                STEP,
                STEP,
                Money.ZERO,
                fees(event, series),
                null,
                null,
                false,
                market.has("exchange_index") ? (Integer) Math.toIntExact(market.integer("exchange_index")) : null,
                market.time("updated_time"),
                SOURCE);
    }

    static MarketStatus status(String word) {
        return switch (word) {
            case "initialized" -> MarketStatus.UNOPENED;
            case "active" -> MarketStatus.ACTIVE;
            case "inactive" -> MarketStatus.PAUSED;
            case "closed" -> MarketStatus.CLOSED;
            case "determined" -> MarketStatus.DETERMINED;
            case "disputed" -> MarketStatus.DISPUTED;
            case "amended" -> MarketStatus.AMENDED;
            case "finalized" -> MarketStatus.SETTLED;
            // Not tradable, and not an error: the venue adds words.
            default -> MarketStatus.UNKNOWN;
        };
    }

    static PriceGrid grid(KalshiJson market) throws Unreadable {
        var bands = new ArrayList<PriceGrid.Band>();
        for (var range : market.list("price_ranges")) {
            try {
                bands.add(new PriceGrid.Band(range.price("start"), range.price("end"), range.price("step")));
            } catch (IllegalArgumentException e) {
                throw new Unreadable(String.valueOf(e.getMessage()));
            }
        }
        if (bands.isEmpty()) {
            throw market.missing("price_ranges", "a price grid");
        }
        return new PriceGrid(bands);
    }

    /** What the venue charges: the event's terms where it has its own, else the series'. */
    static FeeTerms fees(KalshiJson event, KalshiJson series) throws Unreadable {
        var own = event.optionalText("fee_type_override");
        var type = own == null || own.isEmpty() ? series.text("fee_type") : own;
        var multiplier = Micros.decimal(
                event.has("fee_multiplier_override")
                        ? event.micros("fee_multiplier_override")
                        : series.micros("fee_multiplier"));
        var maker =
                switch (type) {
                    case "quadratic" -> BigDecimal.ZERO;
                    case "quadratic_with_maker_fees" -> MAKER;
                    case "quadratic_with_combo_maker_fees" -> COMBO_MAKER;
                    default -> throw new Unreadable("fee type \"" + type + "\" has no formula that we know");
                };
        try {
            return new FeeTerms(
                    FeeModel.KALSHI,
                    rate(TAKER, multiplier),
                    rate(maker, multiplier),
                    type + " x " + multiplier.stripTrailingZeros().toPlainString());
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new Unreadable("fee multiplier " + multiplier + " is none we can charge: " + e.getMessage());
        }
    }

    /** Rounded up: a limit may see a fee too high, never one too low. */
    private static long rate(BigDecimal rate, BigDecimal multiplier) {
        return Micros.exact(rate.multiply(multiplier).setScale(Micros.SCALE, RoundingMode.CEILING));
    }
}
