package sluice.wire;

import java.util.ArrayList;
import java.util.List;
import sluice.domain.EventId;
import sluice.domain.market.FeeModel;
import sluice.domain.market.FeeTerms;
import sluice.domain.market.Level;
import sluice.domain.market.Market;
import sluice.domain.market.MarketStatus;
import sluice.domain.market.PriceGrid;
import sluice.domain.market.Quote;
import sluice.domain.market.QuoteView;
import sluice.domain.market.Settlement;

/** Markets with their fees and prices, quotes and settlements. */
public final class MarketCodec {
    private MarketCodec() {}

    public static sluice.avro.Market toAvro(Market market) {
        return new sluice.avro.Market(
                VocabularyCodec.toAvro(market.id().venue()),
                VocabularyCodec.text("Market.market_id", market.id().id()),
                VocabularyCodec.optional(
                        "Market.event_id",
                        market.event(),
                        (field, event) -> VocabularyCodec.text(field, event.value())),
                market.mutuallyExclusive(),
                market.category().isEmpty() ? null : VocabularyCodec.text("Market.category", market.category()),
                VocabularyCodec.text("Market.title", market.title()),
                toAvro(market.status()),
                VocabularyCodec.optional("Market.open_at", market.openAtMillis(), VocabularyCodec::instant),
                VocabularyCodec.optional("Market.close_at", market.closeAtMillis(), VocabularyCodec::instant),
                VocabularyCodec.optional("Market.resolve_at", market.resolveAtMillis(), VocabularyCodec::instant),
                toAvro(market.prices()),
                VocabularyCodec.decimal("Market.quantity_step", market.quantityStep()),
                VocabularyCodec.decimal("Market.min_quantity", market.minQuantity()),
                VocabularyCodec.decimal("Market.min_notional", market.minNotional()),
                toAvro(market.fees()),
                VocabularyCodec.optional("Market.yes_token_id", market.yesTokenId(), VocabularyCodec::text),
                VocabularyCodec.optional("Market.no_token_id", market.noTokenId(), VocabularyCodec::text),
                market.restricted(),
                market.exchangeIndex(),
                VocabularyCodec.instant("Market.updated_at", market.updatedAtMillis()),
                VocabularyCodec.text("Market.source", market.source()));
    }

    /** Reads a market; an unknown status is kept as one, because it only means that the market cannot be traded. */
    public static Market fromAvro(sluice.avro.Market avro) {
        try {
            return new Market(
                    VocabularyCodec.market(
                            "Market.market_id",
                            VocabularyCodec.fromAvro("Market.venue", avro.getVenue()),
                            avro.getMarketId()),
                    VocabularyCodec.optional(
                            "Market.event_id",
                            avro.getEventId(),
                            (field, event) -> VocabularyCodec.named(field, event, EventId::new)),
                    avro.getMutuallyExclusive(),
                    avro.getCategory() == null
                            ? ""
                            : VocabularyCodec.shortText("Market.category", avro.getCategory(), Market.LONGEST_CATEGORY),
                    VocabularyCodec.text("Market.title", avro.getTitle()),
                    fromAvro(VocabularyCodec.required("Market.status", avro.getStatus())),
                    VocabularyCodec.optional("Market.open_at", avro.getOpenAt(), VocabularyCodec::millis),
                    VocabularyCodec.optional("Market.close_at", avro.getCloseAt(), VocabularyCodec::millis),
                    VocabularyCodec.optional("Market.resolve_at", avro.getResolveAt(), VocabularyCodec::millis),
                    fromAvro(VocabularyCodec.required("Market.price_ranges", avro.getPriceRanges())),
                    VocabularyCodec.quantity("Market.quantity_step", avro.getQuantityStep()),
                    VocabularyCodec.quantity("Market.min_quantity", avro.getMinQuantity()),
                    VocabularyCodec.money("Market.min_notional", avro.getMinNotional()),
                    fromAvro(VocabularyCodec.required("Market.fees", avro.getFees())),
                    VocabularyCodec.optional("Market.yes_token_id", avro.getYesTokenId(), VocabularyCodec::text),
                    VocabularyCodec.optional("Market.no_token_id", avro.getNoTokenId(), VocabularyCodec::text),
                    avro.getRestricted(),
                    avro.getExchangeIndex(),
                    VocabularyCodec.millis("Market.updated_at", avro.getUpdatedAt()),
                    VocabularyCodec.text("Market.source", avro.getSource()));
        } catch (IllegalArgumentException e) {
            throw VocabularyCodec.refused("Market", e);
        }
    }

    private static sluice.avro.MarketStatus toAvro(MarketStatus status) {
        return switch (status) {
            case UNKNOWN -> sluice.avro.MarketStatus.UNKNOWN;
            case UNOPENED -> sluice.avro.MarketStatus.UNOPENED;
            case ACTIVE -> sluice.avro.MarketStatus.ACTIVE;
            case PAUSED -> sluice.avro.MarketStatus.PAUSED;
            case CLOSED -> sluice.avro.MarketStatus.CLOSED;
            case DETERMINED -> sluice.avro.MarketStatus.DETERMINED;
            case DISPUTED -> sluice.avro.MarketStatus.DISPUTED;
            case AMENDED -> sluice.avro.MarketStatus.AMENDED;
            case SETTLED -> sluice.avro.MarketStatus.SETTLED;
        };
    }

    private static MarketStatus fromAvro(sluice.avro.MarketStatus status) {
        return switch (status) {
            case UNKNOWN -> MarketStatus.UNKNOWN;
            case UNOPENED -> MarketStatus.UNOPENED;
            case ACTIVE -> MarketStatus.ACTIVE;
            case PAUSED -> MarketStatus.PAUSED;
            case CLOSED -> MarketStatus.CLOSED;
            case DETERMINED -> MarketStatus.DETERMINED;
            case DISPUTED -> MarketStatus.DISPUTED;
            case AMENDED -> MarketStatus.AMENDED;
            case SETTLED -> MarketStatus.SETTLED;
        };
    }

    public static sluice.avro.FeeTerms toAvro(FeeTerms fees) {
        return new sluice.avro.FeeTerms(
                switch (fees.model()) {
                    case NONE -> sluice.avro.FeeModel.NONE;
                    case KALSHI -> sluice.avro.FeeModel.KALSHI;
                    case POLYMARKET -> sluice.avro.FeeModel.POLYMARKET;
                },
                VocabularyCodec.decimal("FeeTerms.taker_rate", fees.takerRateMicros()),
                VocabularyCodec.decimal("FeeTerms.maker_rate", fees.makerRateMicros()),
                VocabularyCodec.text("FeeTerms.version", fees.version()));
    }

    public static FeeTerms fromAvro(sluice.avro.FeeTerms avro) {
        FeeModel model =
                switch (VocabularyCodec.required("FeeTerms.model", avro.getModel())) {
                    case NONE -> FeeModel.NONE;
                    case KALSHI -> FeeModel.KALSHI;
                    case POLYMARKET -> FeeModel.POLYMARKET;
                    case UNKNOWN -> throw VocabularyCodec.unknown("FeeTerms.model", FeeModel.values());
                };
        try {
            return new FeeTerms(
                    model,
                    VocabularyCodec.micros("FeeTerms.taker_rate", avro.getTakerRate()),
                    VocabularyCodec.micros("FeeTerms.maker_rate", avro.getMakerRate()),
                    VocabularyCodec.text("FeeTerms.version", avro.getVersion()));
        } catch (IllegalArgumentException e) {
            throw VocabularyCodec.refused("FeeTerms", e);
        }
    }

    public static List<sluice.avro.PriceRange> toAvro(PriceGrid prices) {
        return prices.bands().stream()
                .map(band -> new sluice.avro.PriceRange(
                        VocabularyCodec.decimal("PriceRange.start", band.start()),
                        VocabularyCodec.decimal("PriceRange.end", band.end()),
                        VocabularyCodec.decimal("PriceRange.step", band.step())))
                .toList();
    }

    public static PriceGrid fromAvro(List<sluice.avro.PriceRange> avro) {
        var bands = new ArrayList<PriceGrid.Band>(avro.size());
        for (sluice.avro.PriceRange range : avro) {
            try {
                bands.add(new PriceGrid.Band(
                        VocabularyCodec.price("PriceRange.start", range.getStart()),
                        VocabularyCodec.price("PriceRange.end", range.getEnd()),
                        VocabularyCodec.price("PriceRange.step", range.getStep())));
            } catch (IllegalArgumentException e) {
                throw VocabularyCodec.refused("PriceRange", e);
            }
        }
        return new PriceGrid(bands);
    }

    public static sluice.avro.Quote toAvro(Quote quote) {
        return new sluice.avro.Quote(
                VocabularyCodec.toAvro(quote.market().venue()),
                VocabularyCodec.text("Quote.market_id", quote.market().id()),
                VocabularyCodec.list("Quote.bids", quote.bids(), MarketCodec::toAvro),
                VocabularyCodec.list("Quote.asks", quote.asks(), MarketCodec::toAvro),
                quote.depthKnown(),
                VocabularyCodec.optional("Quote.last_trade_price", quote.lastTradePrice(), VocabularyCodec::decimal),
                VocabularyCodec.optional(
                        "Quote.last_trade_quantity", quote.lastTradeQuantity(), VocabularyCodec::decimal),
                VocabularyCodec.optional("Quote.last_trade_at", quote.lastTradeAtMillis(), VocabularyCodec::instant),
                quote.sequence(),
                VocabularyCodec.instant("Quote.at", quote.atMillis()),
                VocabularyCodec.text("Quote.source", quote.source()));
    }

    public static Quote fromAvro(sluice.avro.Quote avro) {
        return new Quote(
                VocabularyCodec.market(
                        "Quote.market_id",
                        VocabularyCodec.fromAvro("Quote.venue", avro.getVenue()),
                        avro.getMarketId()),
                VocabularyCodec.list("Quote.bids", avro.getBids(), MarketCodec::fromAvro),
                VocabularyCodec.list("Quote.asks", avro.getAsks(), MarketCodec::fromAvro),
                avro.getDepthKnown(),
                VocabularyCodec.optional("Quote.last_trade_price", avro.getLastTradePrice(), VocabularyCodec::price),
                VocabularyCodec.optional(
                        "Quote.last_trade_quantity", avro.getLastTradeQuantity(), VocabularyCodec::quantity),
                VocabularyCodec.optional("Quote.last_trade_at", avro.getLastTradeAt(), VocabularyCodec::millis),
                avro.getSequence(),
                VocabularyCodec.millis("Quote.at", avro.getAt()),
                VocabularyCodec.text("Quote.source", avro.getSource()));
    }

    private static sluice.avro.Level toAvro(String field, Level level) {
        return new sluice.avro.Level(
                VocabularyCodec.decimal(field + ".price", level.price()),
                VocabularyCodec.decimal(field + ".quantity", level.quantity()));
    }

    private static Level fromAvro(String field, sluice.avro.Level avro) {
        return new Level(
                VocabularyCodec.price(field + ".price", avro.getPrice()),
                VocabularyCodec.quantity(field + ".quantity", avro.getQuantity()));
    }

    public static sluice.avro.QuoteView toAvro(QuoteView view) {
        return new sluice.avro.QuoteView(
                VocabularyCodec.optional("QuoteView.yes_bid", view.yesBid(), VocabularyCodec::decimal),
                VocabularyCodec.optional("QuoteView.yes_ask", view.yesAsk(), VocabularyCodec::decimal),
                VocabularyCodec.optional("QuoteView.last_trade_price", view.lastTradePrice(), VocabularyCodec::decimal),
                VocabularyCodec.optional("QuoteView.last_trade_at", view.lastTradeAtMillis(), VocabularyCodec::instant),
                VocabularyCodec.instant("QuoteView.at", view.atMillis()),
                VocabularyCodec.toAvro(view.origin()));
    }

    public static QuoteView fromAvro(sluice.avro.QuoteView avro) {
        return new QuoteView(
                VocabularyCodec.optional("QuoteView.yes_bid", avro.getYesBid(), VocabularyCodec::price),
                VocabularyCodec.optional("QuoteView.yes_ask", avro.getYesAsk(), VocabularyCodec::price),
                VocabularyCodec.optional(
                        "QuoteView.last_trade_price", avro.getLastTradePrice(), VocabularyCodec::price),
                VocabularyCodec.optional("QuoteView.last_trade_at", avro.getLastTradeAt(), VocabularyCodec::millis),
                VocabularyCodec.millis("QuoteView.at", avro.getAt()),
                VocabularyCodec.fromAvro("QuoteView.origin", avro.getOrigin()));
    }

    public static sluice.avro.Settlement toAvro(Settlement settlement) {
        return new sluice.avro.Settlement(
                VocabularyCodec.toAvro(settlement.market().venue()),
                VocabularyCodec.text("Settlement.market_id", settlement.market().id()),
                switch (settlement.result()) {
                    case YES -> sluice.avro.SettlementResult.YES;
                    case NO -> sluice.avro.SettlementResult.NO;
                    case VOID -> sluice.avro.SettlementResult.VOID;
                    case SCALAR -> sluice.avro.SettlementResult.SCALAR;
                },
                VocabularyCodec.decimal("Settlement.yes_value", settlement.yesValue()),
                switch (settlement.status()) {
                    case DETERMINED -> sluice.avro.SettlementStatus.DETERMINED;
                    case DISPUTED -> sluice.avro.SettlementStatus.DISPUTED;
                    case AMENDED -> sluice.avro.SettlementStatus.AMENDED;
                    case FINAL -> sluice.avro.SettlementStatus.FINAL;
                },
                settlement.version(),
                VocabularyCodec.instant("Settlement.settled_at", settlement.settledAtMillis()),
                VocabularyCodec.text("Settlement.source", settlement.source()));
    }

    public static Settlement fromAvro(sluice.avro.Settlement avro) {
        return new Settlement(
                VocabularyCodec.market(
                        "Settlement.market_id",
                        VocabularyCodec.fromAvro("Settlement.venue", avro.getVenue()),
                        avro.getMarketId()),
                switch (VocabularyCodec.required("Settlement.result", avro.getResult())) {
                    case YES -> Settlement.Result.YES;
                    case NO -> Settlement.Result.NO;
                    case VOID -> Settlement.Result.VOID;
                    case SCALAR -> Settlement.Result.SCALAR;
                    case UNKNOWN -> throw VocabularyCodec.unknown("Settlement.result", Settlement.Result.values());
                },
                VocabularyCodec.price("Settlement.yes_value", avro.getYesValue()),
                switch (VocabularyCodec.required("Settlement.status", avro.getStatus())) {
                    case DETERMINED -> Settlement.Status.DETERMINED;
                    case DISPUTED -> Settlement.Status.DISPUTED;
                    case AMENDED -> Settlement.Status.AMENDED;
                    case FINAL -> Settlement.Status.FINAL;
                    case UNKNOWN -> throw VocabularyCodec.unknown("Settlement.status", Settlement.Status.values());
                },
                avro.getVersion(),
                VocabularyCodec.millis("Settlement.settled_at", avro.getSettledAt()),
                VocabularyCodec.text("Settlement.source", avro.getSource()));
    }
}
