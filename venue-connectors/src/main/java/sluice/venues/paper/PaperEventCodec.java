package sluice.venues.paper;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import sluice.avro.PaperEventType;
import sluice.domain.AccountId;
import sluice.domain.MarketId;
import sluice.domain.Money;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Venue;
import sluice.domain.journal.Origin;
import sluice.domain.market.Settlement;
import sluice.domain.order.Fill;
import sluice.domain.order.OrderCommand;
import sluice.domain.paper.PaperEvent;
import sluice.wire.InvalidRecordException;
import sluice.wire.MarketCodec;
import sluice.wire.OrderCodec;
import sluice.wire.VocabularyCodec;

/** Events of the paper exchange as its ledger holds them. */
public final class PaperEventCodec {
    private static final String NEXT = "the ledger is broken or of another version; do not trade on it";

    private PaperEventCodec() {}

    public static sluice.avro.PaperEvent toAvro(PaperEvent event) {
        return switch (event) {
            case PaperEvent.Deposited e -> new Row(PaperEventType.DEPOSITED).write(e);
            case PaperEvent.Accepted e ->
                new Row(PaperEventType.ACCEPTED)
                        .order(e.order())
                        .arrivesAt(e.arrivesAtMillis())
                        .write(e);
            case PaperEvent.Refused e ->
                new Row(PaperEventType.REFUSED)
                        .order(e.order())
                        .code(e.code())
                        .detail(e.detail())
                        .write(e);
            case PaperEvent.Rested e -> new Row(PaperEventType.RESTED).write(e);
            case PaperEvent.Filled e ->
                new Row(PaperEventType.FILLED)
                        .fill(e.fill())
                        .level(e.level(), null)
                        .quoteOrigin(e.quoteOrigin())
                        .write(e);
            case PaperEvent.Cancelled e ->
                new Row(PaperEventType.CANCELLED).detail(e.detail()).write(e);
            case PaperEvent.Expired e -> new Row(PaperEventType.EXPIRED).write(e);
            case PaperEvent.LevelGone e ->
                new Row(PaperEventType.LEVEL_GONE)
                        .market(e.market())
                        .level(e.yesPrice(), e.ask())
                        .write(e);
            case PaperEvent.Settled e ->
                new Row(PaperEventType.SETTLED)
                        .market(e.settlement().market())
                        .settlement(e.settlement())
                        .write(e);
        };
    }

    /** One record in the making: the fields that some events have and others have not. */
    private static final class Row {
        private final PaperEventType type;
        private @Nullable MarketId market;
        private @Nullable OrderCommand order;
        private @Nullable Long arrivesAt;
        private @Nullable Fill fill;
        private @Nullable Price level;
        private @Nullable Boolean levelAsk;
        private @Nullable Settlement settlement;
        private @Nullable Origin quoteOrigin;
        private String code = "";
        private String detail = "";

        Row(PaperEventType type) {
            this.type = type;
        }

        Row market(MarketId value) {
            market = value;
            return this;
        }

        Row order(OrderCommand value) {
            order = value;
            return this;
        }

        Row arrivesAt(long value) {
            arrivesAt = value;
            return this;
        }

        Row fill(Fill value) {
            fill = value;
            return this;
        }

        Row level(@Nullable Price price, @Nullable Boolean ask) {
            level = price;
            levelAsk = ask;
            return this;
        }

        Row settlement(Settlement value) {
            settlement = value;
            return this;
        }

        Row quoteOrigin(@Nullable Origin value) {
            quoteOrigin = value;
            return this;
        }

        Row code(String value) {
            code = value;
            return this;
        }

        Row detail(String value) {
            detail = value;
            return this;
        }

        sluice.avro.PaperEvent write(PaperEvent event) {
            var orderId = "";
            if (event instanceof PaperEvent.OfOrder ofOrder) {
                market = ofOrder.market();
                orderId = ofOrder.orderId().value();
            }
            return new sluice.avro.PaperEvent(
                    type,
                    VocabularyCodec.text("PaperEvent.account", event.account().value()),
                    VocabularyCodec.toAvro(event.venue()),
                    market == null ? "" : VocabularyCodec.text("PaperEvent.market_id", market.id()),
                    order == null ? null : OrderCodec.toAvro(order),
                    VocabularyCodec.text("PaperEvent.order_id", orderId),
                    VocabularyCodec.optional("PaperEvent.arrives_at", arrivesAt, VocabularyCodec::instant),
                    fill == null ? null : OrderCodec.toAvro(fill),
                    VocabularyCodec.optional("PaperEvent.level_price", level, VocabularyCodec::decimal),
                    levelAsk,
                    settlement == null ? null : MarketCodec.toAvro(settlement),
                    VocabularyCodec.decimal("PaperEvent.cash_change", event.cashChange()),
                    VocabularyCodec.decimal("PaperEvent.cash_after", event.cashAfter()),
                    quoteOrigin == null ? null : VocabularyCodec.toAvro(quoteOrigin),
                    VocabularyCodec.text("PaperEvent.code", code),
                    VocabularyCodec.text("PaperEvent.detail", detail),
                    VocabularyCodec.instant("PaperEvent.at", event.atMillis()));
        }
    }

    public static PaperEvent fromAvro(sluice.avro.PaperEvent avro) {
        var account = VocabularyCodec.named("PaperEvent.account", avro.getAccount(), AccountId::new);
        var venue = VocabularyCodec.fromAvro("PaperEvent.venue", avro.getVenue());
        Money change = VocabularyCodec.money("PaperEvent.cash_change", avro.getCashChange());
        Money after = VocabularyCodec.money("PaperEvent.cash_after", avro.getCashAfter());
        long at = VocabularyCodec.millis("PaperEvent.at", avro.getAt());
        var event =
                switch (avro.getType()) {
                    case DEPOSITED -> new PaperEvent.Deposited(account, venue, change, after, at);
                    case ACCEPTED ->
                        new PaperEvent.Accepted(
                                OrderCodec.fromAvro(needed("order", avro.getOrder())),
                                VocabularyCodec.millis(
                                        "PaperEvent.arrives_at", needed("arrives_at", avro.getArrivesAt())),
                                after,
                                at);
                    case REFUSED ->
                        new PaperEvent.Refused(
                                OrderCodec.fromAvro(needed("order", avro.getOrder())),
                                VocabularyCodec.text("PaperEvent.code", avro.getCode()),
                                VocabularyCodec.text("PaperEvent.detail", avro.getDetail()),
                                after,
                                at);
                    case RESTED -> new PaperEvent.Rested(account, market(venue, avro), orderId(avro), after, at);
                    case FILLED ->
                        new PaperEvent.Filled(
                                OrderCodec.fromAvro(needed("fill", avro.getFill())),
                                change,
                                after,
                                level(avro.getLevelPrice()),
                                avro.getQuoteOrigin() == null
                                        ? null
                                        : VocabularyCodec.fromAvro("PaperEvent.quote_origin", avro.getQuoteOrigin()),
                                at);
                    case CANCELLED ->
                        new PaperEvent.Cancelled(
                                account,
                                market(venue, avro),
                                orderId(avro),
                                VocabularyCodec.text("PaperEvent.detail", avro.getDetail()),
                                after,
                                at);
                    case EXPIRED -> new PaperEvent.Expired(account, market(venue, avro), orderId(avro), after, at);
                    case LEVEL_GONE ->
                        new PaperEvent.LevelGone(
                                account,
                                market(venue, avro),
                                needed("level_ask", avro.getLevelAsk()),
                                VocabularyCodec.price(
                                        "PaperEvent.level_price", needed("level_price", avro.getLevelPrice())),
                                after,
                                at);
                    case SETTLED ->
                        new PaperEvent.Settled(
                                account,
                                MarketCodec.fromAvro(needed("settlement", avro.getSettlement())),
                                change,
                                after,
                                at);
                    case UNKNOWN ->
                        throw new InvalidRecordException(
                                "PaperEvent.type", "UNKNOWN is no event that this version knows", NEXT);
                };
        if (!event.account().equals(account) || event.venue() != venue) {
            throw new InvalidRecordException(
                    "PaperEvent.account",
                    account + " at " + venue + " is not " + event.account() + " at " + event.venue()
                            + ", whom the event inside concerns",
                    NEXT);
        }
        return event;
    }

    private static @Nullable Price level(@Nullable BigDecimal price) {
        return price == null ? null : VocabularyCodec.price("PaperEvent.level_price", price);
    }

    private static MarketId market(Venue venue, sluice.avro.PaperEvent avro) {
        return VocabularyCodec.market("PaperEvent.market_id", venue, avro.getMarketId());
    }

    private static OrderId orderId(sluice.avro.PaperEvent avro) {
        return VocabularyCodec.named("PaperEvent.order_id", avro.getOrderId(), OrderId::new);
    }

    private static <T> T needed(String field, @Nullable T value) {
        if (value == null) {
            throw new InvalidRecordException("PaperEvent." + field, "it is missing", NEXT);
        }
        return value;
    }
}
