package sluice.venues.polymarket;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.domain.EventId;
import sluice.domain.MarketId;
import sluice.domain.Micros;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.market.FeeModel;
import sluice.domain.market.FeeTerms;
import sluice.domain.market.Market;
import sluice.domain.market.MarketStatus;
import sluice.domain.market.PriceGrid;
import sluice.domain.market.Settlement;
import sluice.venues.polymarket.PolymarketChain.ExchangeKind;
import sluice.venues.polymarket.Words.Unreadable;

/** A market as Gamma and the order book tell of it, made one. The order book decides what can be traded and how. */
final class Listing {
    private static final String SOURCE = "polymarket";
    private static final Quantity QUANTITY_STEP = Quantity.parse("0.01");
    private static final Money MIN_MARKETABLE = Money.parse("1");
    private static final BigDecimal HALF = new BigDecimal("0.5");

    private Listing() {}

    /**
     * @param gamma Gamma's market
     * @param clob the order book's compact market
     * @param restricted whether we may not trade from here
     */
    static Market market(MarketId id, JsonNode gamma, JsonNode clob, boolean restricted, long nowMillis)
            throws Unreadable {
        requireSame(id, Words.text(gamma, "conditionId"), "Gamma");
        requireSame(id, Words.text(clob, "c"), "the order book");
        var protocol = Words.textOr(gamma, "version", "v1");
        var unified =
                switch (protocol) {
                    case "v1" -> false;
                    case "v2" -> true;
                    default ->
                        throw new Unreadable(id + " trades by protocol \"" + protocol + "\"; v1 and v2 are known");
                };
        var tokens = unified ? texts(gamma.path("positionIds")) : texts(gamma.path("clobTokenIds"));
        if (tokens.size() != 2) {
            throw new Unreadable(id + " has " + tokens.size() + " tokens; two are wanted");
        }
        var listed = new ArrayList<String>();
        clob.path("t").forEach(token -> listed.add(token.path("t").asText()));
        if (!listed.containsAll(tokens)) {
            throw new Unreadable(id + ": Gamma names tokens " + tokens + " and the order book " + listed);
        }
        boolean negRisk = clob.path("nr").asBoolean(false);
        var exchange = unified ? ExchangeKind.UNIFIED : negRisk ? ExchangeKind.NEG_RISK : ExchangeKind.STANDARD;
        var tick = Words.price(clob, "mts");
        var event = gamma.path("events").path(0).path("id").asText();
        return new Market(
                id,
                event.isEmpty() ? null : new EventId(event),
                negRisk,
                Words.textOr(gamma, "category", ""),
                Words.textOr(gamma, "question", ""),
                status(gamma, clob),
                Words.millisOrNull(gamma, "startDate"),
                Words.millisOrNull(gamma, "endDate"),
                Words.millisOrNull(gamma, "umaEndDate"),
                grid(tick),
                QUANTITY_STEP,
                Words.quantity(clob, "mos"),
                MIN_MARKETABLE,
                fees(gamma, clob),
                tokens.get(0),
                tokens.get(1),
                restricted,
                exchange.index(),
                nowMillis,
                SOURCE);
    }

    /** The prices that a tick allows: from one tick above nothing to one below a dollar. */
    static PriceGrid grid(Price tick) throws Unreadable {
        if (tick.micros() <= 0 || tick.micros() > Price.HALF.micros()) {
            throw new Unreadable("a tick of " + tick + " allows no price");
        }
        return new PriceGrid(List.of(new PriceGrid.Band(tick, tick.complement(), tick)));
    }

    private static MarketStatus status(JsonNode gamma, JsonNode clob) {
        if (gamma.path("closed").asBoolean(false)) {
            return switch (Words.textOr(gamma, "umaResolutionStatus", "")) {
                case "resolved", "settled" -> MarketStatus.SETTLED;
                case "disputed" -> MarketStatus.DISPUTED;
                case "proposed" -> MarketStatus.DETERMINED;
                default -> MarketStatus.CLOSED;
            };
        }
        if (gamma.path("archived").asBoolean(false)) {
            return MarketStatus.CLOSED;
        }
        if (!gamma.path("active").asBoolean(false)) {
            return MarketStatus.UNOPENED;
        }
        return clob.path("ao").asBoolean(false) ? MarketStatus.ACTIVE : MarketStatus.PAUSED;
    }

    private static FeeTerms fees(JsonNode gamma, JsonNode clob) throws Unreadable {
        var compact = clob.path("fd");
        var schedule = compact.isObject() ? compact : gamma.path("feeSchedule");
        var rate = Words.decimalOrNull(schedule, compact.isObject() ? "r" : "rate");
        if (rate == null) {
            if (gamma.path("feesEnabled").asBoolean(false)) {
                throw new Unreadable("fees are charged and no schedule says which");
            }
            return new FeeTerms(FeeModel.POLYMARKET, 0, 0, "no fees");
        }
        var exponent = Words.decimalOrNull(schedule, compact.isObject() ? "e" : "exponent");
        if (rate.signum() != 0 && exponent != null && exponent.compareTo(BigDecimal.ONE) != 0) {
            throw new Unreadable("the fee's exponent is " + exponent + "; only 1 is understood");
        }
        boolean takerOnly =
                schedule.path(compact.isObject() ? "to" : "takerOnly").asBoolean(true);
        try {
            long micros = Micros.exact(rate);
            return new FeeTerms(FeeModel.POLYMARKET, micros, takerOnly ? 0 : micros, "rate " + rate.toPlainString());
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new Unreadable("the fee's rate is " + rate);
        }
    }

    /**
     * What a market pays; empty while that is open. A result counts once Gamma calls it resolved and the order book
     * names the same winner.
     *
     * @param clob the order book's full market
     */
    static Optional<Settlement> settlement(MarketId id, JsonNode gamma, JsonNode clob) throws Unreadable {
        requireSame(id, Words.text(gamma, "conditionId"), "Gamma");
        requireSame(id, Words.text(clob, "condition_id"), "the order book");
        if (!gamma.path("closed").asBoolean(false)
                || !Words.textOr(gamma, "umaResolutionStatus", "").equals("resolved")
                || !clob.path("closed").asBoolean(false)) {
            return Optional.empty();
        }
        var prices = texts(gamma.path("outcomePrices"));
        var tokens = Words.textOr(gamma, "version", "v1").equals("v2")
                ? texts(gamma.path("positionIds"))
                : texts(gamma.path("clobTokenIds"));
        if (prices.size() != 2 || tokens.size() != 2) {
            throw new Unreadable(id + " has " + prices.size() + " outcomes; two are wanted");
        }
        var yes = new BigDecimal(prices.get(0));
        var no = new BigDecimal(prices.get(1));
        var winners = new ArrayList<String>();
        for (var token : clob.path("tokens")) {
            if (token.path("winner").asBoolean(false)) {
                winners.add(token.path("token_id").asText());
            }
        }
        var result = result(yes, no);
        if (result == null) {
            throw new Unreadable(
                    id + " is resolved and pays " + prices + "; one or nothing, or half of each, is known");
        }
        boolean agreed =
                switch (result) {
                    case YES -> winners.equals(List.of(tokens.get(0)));
                    case NO -> winners.equals(List.of(tokens.get(1)));
                    case VOID -> clob.path("is_50_50_outcome").asBoolean(false);
                    case SCALAR -> false;
                };
        if (!agreed) {
            throw new Unreadable(id + " is resolved, Gamma pays " + prices + " for " + tokens
                    + " and the order book names the winners " + winners + "; nothing is concluded from that");
        }
        var closed = Words.millisOrNull(gamma, "closedTime");
        return Optional.of(new Settlement(
                id,
                result,
                new Price(Micros.exact(yes)),
                Settlement.Status.FINAL,
                1,
                closed == null ? Words.millis(gamma, "endDate") : closed,
                SOURCE));
    }

    private static Settlement.@Nullable Result result(BigDecimal yes, BigDecimal no) {
        if (yes.compareTo(BigDecimal.ONE) == 0 && no.signum() == 0) {
            return Settlement.Result.YES;
        }
        if (no.compareTo(BigDecimal.ONE) == 0 && yes.signum() == 0) {
            return Settlement.Result.NO;
        }
        return yes.compareTo(HALF) == 0 && no.compareTo(HALF) == 0 ? Settlement.Result.VOID : null;
    }

    /** The side that a token pays on. */
    static Side side(Market market, String token) throws Unreadable {
        if (token.equals(market.yesTokenId())) {
            return Side.YES;
        }
        if (token.equals(market.noTokenId())) {
            return Side.NO;
        }
        throw new Unreadable(market.id() + " has no token " + token);
    }

    private static void requireSame(MarketId id, String told, String who) throws Unreadable {
        if (!told.equalsIgnoreCase(id.id())) {
            throw new Unreadable(who + " was asked for " + id + " and tells of " + told);
        }
    }

    /** A list of texts, written as a list or as a text that holds one. */
    private static List<String> texts(JsonNode node) throws Unreadable {
        var list = node.isTextual() ? Words.parse(node.textValue()) : node;
        var texts = new ArrayList<String>();
        list.forEach(it -> texts.add(it.asText()));
        return texts;
    }
}
