package sluice.wire;

import sluice.domain.AccountId;
import sluice.domain.OrderId;
import sluice.domain.StrategyId;
import sluice.domain.market.Market;
import sluice.domain.order.Fill;
import sluice.domain.order.OrderCommand;
import sluice.domain.order.VenueReport;

/** What is asked of a venue and what it says: commands, reports and fills. */
public final class OrderCodec {
    private OrderCodec() {}

    public static sluice.avro.OrderCommand toAvro(OrderCommand command) {
        return new sluice.avro.OrderCommand(
                switch (command.type()) {
                    case PLACE -> sluice.avro.OrderCommandType.PLACE;
                    case CANCEL -> sluice.avro.OrderCommandType.CANCEL;
                },
                VocabularyCodec.text("OrderCommand.order_id", command.orderId().value()),
                VocabularyCodec.text("OrderCommand.account", command.account().value()),
                VocabularyCodec.text("OrderCommand.strategy", command.strategy().value()),
                VocabularyCodec.toAvro(command.mode()),
                VocabularyCodec.toAvro(command.market().id().venue()),
                VocabularyCodec.text(
                        "OrderCommand.market_id", command.market().id().id()),
                VocabularyCodec.optional("OrderCommand.token_id", command.tokenId(), VocabularyCodec::text),
                VocabularyCodec.toAvro(command.side()),
                VocabularyCodec.toAvro(command.action()),
                VocabularyCodec.decimal("OrderCommand.limit_price", command.limitPrice()),
                VocabularyCodec.decimal("OrderCommand.quantity", command.quantity()),
                VocabularyCodec.toAvro(command.timeInForce()),
                command.postOnly(),
                VocabularyCodec.optional(
                        "OrderCommand.expires_at", command.expiresAtMillis(), VocabularyCodec::instant),
                VocabularyCodec.instant("OrderCommand.deadline", command.deadlineMillis()),
                VocabularyCodec.instant("OrderCommand.decided_at", command.decidedAtMillis()),
                command.decisionSequence(),
                VocabularyCodec.text("OrderCommand.reason", command.reason()),
                VocabularyCodec.optional("OrderCommand.group_id", command.groupId(), VocabularyCodec::text),
                command.legIndex(),
                command.legCount(),
                MarketCodec.toAvro(command.market()));
    }

    public static OrderCommand fromAvro(sluice.avro.OrderCommand avro) {
        Market market = MarketCodec.fromAvro(VocabularyCodec.required("OrderCommand.market", avro.getMarket()));
        VocabularyCodec.requireSame(
                "OrderCommand.market_id",
                VocabularyCodec.market(
                        "OrderCommand.market_id",
                        VocabularyCodec.fromAvro("OrderCommand.venue", avro.getVenue()),
                        avro.getMarketId()),
                "OrderCommand.market",
                market.id());
        return new OrderCommand(
                switch (VocabularyCodec.required("OrderCommand.type", avro.getType())) {
                    case PLACE -> OrderCommand.Type.PLACE;
                    case CANCEL -> OrderCommand.Type.CANCEL;
                    case UNKNOWN -> throw VocabularyCodec.unknown("OrderCommand.type", OrderCommand.Type.values());
                },
                VocabularyCodec.named("OrderCommand.order_id", avro.getOrderId(), OrderId::new),
                VocabularyCodec.named("OrderCommand.account", avro.getAccount(), AccountId::new),
                VocabularyCodec.named("OrderCommand.strategy", avro.getStrategy(), StrategyId::new),
                VocabularyCodec.fromAvro("OrderCommand.mode", avro.getMode()),
                market,
                VocabularyCodec.optional("OrderCommand.token_id", avro.getTokenId(), VocabularyCodec::text),
                VocabularyCodec.fromAvro("OrderCommand.side", avro.getSide()),
                VocabularyCodec.fromAvro("OrderCommand.action", avro.getAction()),
                VocabularyCodec.price("OrderCommand.limit_price", avro.getLimitPrice()),
                VocabularyCodec.quantity("OrderCommand.quantity", avro.getQuantity()),
                VocabularyCodec.fromAvro("OrderCommand.time_in_force", avro.getTimeInForce()),
                avro.getPostOnly(),
                VocabularyCodec.optional("OrderCommand.expires_at", avro.getExpiresAt(), VocabularyCodec::millis),
                VocabularyCodec.millis("OrderCommand.deadline", avro.getDeadline()),
                VocabularyCodec.millis("OrderCommand.decided_at", avro.getDecidedAt()),
                avro.getDecisionSequence(),
                VocabularyCodec.text("OrderCommand.reason", avro.getReason()),
                VocabularyCodec.optional("OrderCommand.group_id", avro.getGroupId(), VocabularyCodec::text),
                avro.getLegIndex(),
                avro.getLegCount());
    }

    public static sluice.avro.VenueReport toAvro(VenueReport report) {
        return new sluice.avro.VenueReport(
                VocabularyCodec.text("VenueReport.order_id", report.orderId().value()),
                VocabularyCodec.text("VenueReport.account", report.account().value()),
                VocabularyCodec.toAvro(report.mode()),
                VocabularyCodec.toAvro(report.market().venue()),
                VocabularyCodec.text("VenueReport.market_id", report.market().id()),
                switch (report.type()) {
                    case ACCEPTED -> sluice.avro.ReportType.ACCEPTED;
                    case REFUSED -> sluice.avro.ReportType.REFUSED;
                    case NOT_SENT -> sluice.avro.ReportType.NOT_SENT;
                    case UNCERTAIN -> sluice.avro.ReportType.UNCERTAIN;
                    case WORKING -> sluice.avro.ReportType.WORKING;
                    case FILLED -> sluice.avro.ReportType.FILLED;
                    case CANCELLED -> sluice.avro.ReportType.CANCELLED;
                    case EXPIRED -> sluice.avro.ReportType.EXPIRED;
                    case ABSENT -> sluice.avro.ReportType.ABSENT;
                    case CANCEL_REFUSED -> sluice.avro.ReportType.CANCEL_REFUSED;
                },
                VocabularyCodec.optional("VenueReport.venue_order_id", report.venueOrderId(), VocabularyCodec::text),
                VocabularyCodec.optional(
                        "VenueReport.filled_quantity", report.filledQuantity(), VocabularyCodec::decimal),
                VocabularyCodec.text("VenueReport.code", report.code()),
                VocabularyCodec.text("VenueReport.detail", report.detail()),
                VocabularyCodec.instant("VenueReport.at", report.atMillis()));
    }

    public static VenueReport fromAvro(sluice.avro.VenueReport avro) {
        return new VenueReport(
                VocabularyCodec.named("VenueReport.order_id", avro.getOrderId(), OrderId::new),
                VocabularyCodec.named("VenueReport.account", avro.getAccount(), AccountId::new),
                VocabularyCodec.fromAvro("VenueReport.mode", avro.getMode()),
                VocabularyCodec.market(
                        "VenueReport.market_id",
                        VocabularyCodec.fromAvro("VenueReport.venue", avro.getVenue()),
                        avro.getMarketId()),
                switch (VocabularyCodec.required("VenueReport.type", avro.getType())) {
                    case ACCEPTED -> VenueReport.Type.ACCEPTED;
                    case REFUSED -> VenueReport.Type.REFUSED;
                    case NOT_SENT -> VenueReport.Type.NOT_SENT;
                    case UNCERTAIN -> VenueReport.Type.UNCERTAIN;
                    case WORKING -> VenueReport.Type.WORKING;
                    case FILLED -> VenueReport.Type.FILLED;
                    case CANCELLED -> VenueReport.Type.CANCELLED;
                    case EXPIRED -> VenueReport.Type.EXPIRED;
                    case ABSENT -> VenueReport.Type.ABSENT;
                    case CANCEL_REFUSED -> VenueReport.Type.CANCEL_REFUSED;
                    case UNKNOWN -> throw VocabularyCodec.unknown("VenueReport.type", VenueReport.Type.values());
                },
                VocabularyCodec.optional("VenueReport.venue_order_id", avro.getVenueOrderId(), VocabularyCodec::text),
                VocabularyCodec.optional(
                        "VenueReport.filled_quantity", avro.getFilledQuantity(), VocabularyCodec::bookedQuantity),
                VocabularyCodec.text("VenueReport.code", avro.getCode()),
                VocabularyCodec.text("VenueReport.detail", avro.getDetail()),
                VocabularyCodec.millis("VenueReport.at", avro.getAt()));
    }

    public static sluice.avro.Fill toAvro(Fill fill) {
        return new sluice.avro.Fill(
                VocabularyCodec.identity("Fill.trade_id", fill.tradeId()),
                VocabularyCodec.text("Fill.order_id", fill.orderId()),
                VocabularyCodec.text("Fill.venue_order_id", fill.venueOrderId()),
                VocabularyCodec.text("Fill.account", fill.account().value()),
                VocabularyCodec.toAvro(fill.mode()),
                VocabularyCodec.toAvro(fill.market().venue()),
                VocabularyCodec.text("Fill.market_id", fill.market().id()),
                VocabularyCodec.toAvro(fill.side()),
                VocabularyCodec.toAvro(fill.action()),
                VocabularyCodec.decimal("Fill.price", fill.price()),
                VocabularyCodec.decimal("Fill.quantity", fill.quantity()),
                VocabularyCodec.decimal("Fill.fee", fill.fee()),
                fill.taker(),
                switch (fill.status()) {
                    case PROVISIONAL -> sluice.avro.FillStatus.PROVISIONAL;
                    case FINAL -> sluice.avro.FillStatus.FINAL;
                    case VOID -> sluice.avro.FillStatus.VOID;
                },
                VocabularyCodec.instant("Fill.traded_at", fill.tradedAtMillis()));
    }

    public static Fill fromAvro(sluice.avro.Fill avro) {
        return new Fill(
                VocabularyCodec.identity("Fill.trade_id", avro.getTradeId()),
                orderId("Fill.order_id", avro.getOrderId()),
                VocabularyCodec.text("Fill.venue_order_id", avro.getVenueOrderId()),
                VocabularyCodec.named("Fill.account", avro.getAccount(), AccountId::new),
                VocabularyCodec.fromAvro("Fill.mode", avro.getMode()),
                VocabularyCodec.market(
                        "Fill.market_id", VocabularyCodec.fromAvro("Fill.venue", avro.getVenue()), avro.getMarketId()),
                VocabularyCodec.fromAvro("Fill.side", avro.getSide()),
                VocabularyCodec.fromAvro("Fill.action", avro.getAction()),
                VocabularyCodec.price("Fill.price", avro.getPrice()),
                VocabularyCodec.bookedQuantity("Fill.quantity", avro.getQuantity()),
                VocabularyCodec.bookedMoney("Fill.fee", avro.getFee()),
                avro.getTaker(),
                switch (VocabularyCodec.required("Fill.status", avro.getStatus())) {
                    case PROVISIONAL -> Fill.Status.PROVISIONAL;
                    case FINAL -> Fill.Status.FINAL;
                    case VOID -> Fill.Status.VOID;
                    case UNKNOWN -> throw VocabularyCodec.unknown("Fill.status", Fill.Status.values());
                },
                VocabularyCodec.millis("Fill.traded_at", avro.getTradedAt()));
    }

    /** Empty, or a name that an order of ours may have: any other would stop the account that books it. */
    private static String orderId(String field, String value) {
        return VocabularyCodec.text(field, value).isEmpty()
                ? value
                : VocabularyCodec.named(field, value, OrderId::new).value();
    }
}
