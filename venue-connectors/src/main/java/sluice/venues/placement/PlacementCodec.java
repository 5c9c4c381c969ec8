package sluice.venues.placement;

import sluice.domain.AccountId;
import sluice.domain.OrderId;
import sluice.wire.InvalidRecordException;
import sluice.wire.VocabularyCodec;

/** Placements as they are written. */
public final class PlacementCodec {
    private PlacementCodec() {}

    public static sluice.avro.Placement toAvro(Placement placement) {
        var outcome = placement.outcome();
        return new sluice.avro.Placement(
                VocabularyCodec.text("Placement.order_id", placement.orderId().value()),
                VocabularyCodec.text("Placement.account", placement.account().value()),
                VocabularyCodec.toAvro(placement.mode()),
                VocabularyCodec.toAvro(placement.market().venue()),
                VocabularyCodec.text("Placement.market_id", placement.market().id()),
                switch (placement.stage()) {
                    case SENT -> sluice.avro.PlacementStage.SENT;
                    case OUTCOME -> sluice.avro.PlacementStage.OUTCOME;
                },
                VocabularyCodec.optional("Placement.venue_order_id", placement.venueOrderId(), VocabularyCodec::text),
                VocabularyCodec.text("Placement.client_order_id", placement.clientOrderId()),
                placement.request().duplicate(),
                placement.epoch(),
                VocabularyCodec.instant("Placement.deadline", placement.deadlineMillis()),
                VocabularyCodec.instant("Placement.at", placement.atMillis()),
                outcome == null ? "" : VocabularyCodec.text("Placement.outcome", outcome.text()));
    }

    public static Placement fromAvro(sluice.avro.Placement avro) {
        var stage =
                switch (avro.getStage()) {
                    case SENT -> Placement.Stage.SENT;
                    case OUTCOME -> Placement.Stage.OUTCOME;
                    case UNKNOWN ->
                        throw new InvalidRecordException(
                                "Placement.stage",
                                "UNKNOWN is not one of SENT, OUTCOME",
                                "run a version that knows the value that was written");
                };
        return new Placement(
                VocabularyCodec.named("Placement.order_id", avro.getOrderId(), OrderId::new),
                VocabularyCodec.named("Placement.account", avro.getAccount(), AccountId::new),
                VocabularyCodec.fromAvro("Placement.mode", avro.getMode()),
                VocabularyCodec.market(
                        "Placement.market_id",
                        VocabularyCodec.fromAvro("Placement.venue", avro.getVenue()),
                        avro.getMarketId()),
                stage,
                VocabularyCodec.optional("Placement.venue_order_id", avro.getVenueOrderId(), VocabularyCodec::text),
                VocabularyCodec.text("Placement.client_order_id", avro.getClientOrderId()),
                avro.getRequest(),
                avro.getEpoch(),
                VocabularyCodec.millis("Placement.deadline", avro.getDeadline()),
                VocabularyCodec.millis("Placement.at", avro.getAt()),
                stage == Placement.Stage.SENT ? null : outcome(avro.getOutcome()));
    }

    private static Outcome outcome(String text) {
        try {
            return Outcome.parse(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidRecordException(
                    "Placement.outcome", String.valueOf(e.getMessage()), "look at what wrote it");
        }
    }
}
