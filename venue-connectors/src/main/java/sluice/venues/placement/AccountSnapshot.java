package sluice.venues.placement;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.avro.VenueOrder;
import sluice.avro.VenuePosition;
import sluice.avro.VenueSnapshot;
import sluice.domain.AccountId;
import sluice.domain.Mode;
import sluice.domain.Venue;
import sluice.domain.journal.JournalEntry.Holding;
import sluice.domain.order.Fill;
import sluice.venues.api.Balance;
import sluice.venues.api.OpenOrder;
import sluice.wire.OrderCodec;
import sluice.wire.VocabularyCodec;

/**
 * What an account has at a venue. A part that could not be read is null, and the whole is then not complete: nothing
 * may be concluded from it.
 *
 * @param openOrders those without an order id are nobody's that we know
 * @param fills those since the last snapshot; null where fills are told alone
 * @param asOfMillis what was there at this time is in it; what came later may be
 */
public record AccountSnapshot(
        AccountId account,
        Mode mode,
        Venue venue,
        @Nullable List<Balance> balances,
        @Nullable List<Holding> positions,
        @Nullable List<OpenOrder> openOrders,
        @Nullable List<Fill> fills,
        long asOfMillis) {
    VenueSnapshot toAvro() {
        return new VenueSnapshot(
                account.value(),
                VocabularyCodec.toAvro(mode),
                VocabularyCodec.toAvro(venue),
                balances == null
                        ? null
                        : balances.stream().map(AccountSnapshot::toAvro).toList(),
                positions == null
                        ? null
                        : positions.stream().map(AccountSnapshot::toAvro).toList(),
                openOrders == null
                        ? null
                        : openOrders.stream().map(AccountSnapshot::toAvro).toList(),
                fills == null ? null : fills.stream().map(OrderCodec::toAvro).toList(),
                openOrders != null && positions != null && balances != null,
                VocabularyCodec.instant("VenueSnapshot.as_of", asOfMillis));
    }

    private static sluice.avro.Balance toAvro(Balance balance) {
        return new sluice.avro.Balance(
                balance.bucket(),
                VocabularyCodec.decimal("VenueSnapshot.balances.total", balance.total()),
                VocabularyCodec.decimal("VenueSnapshot.balances.available", balance.available()));
    }

    private static VenuePosition toAvro(Holding holding) {
        return new VenuePosition(
                holding.market().id(),
                VocabularyCodec.decimal("VenueSnapshot.positions.yes_quantity", holding.yes()),
                VocabularyCodec.decimal("VenueSnapshot.positions.no_quantity", holding.no()));
    }

    private static VenueOrder toAvro(OpenOrder order) {
        return new VenueOrder(
                order.orderId() == null ? "" : order.orderId().value(),
                order.venueOrderId(),
                order.market().id(),
                VocabularyCodec.toAvro(order.side()),
                VocabularyCodec.toAvro(order.action()),
                VocabularyCodec.decimal("VenueSnapshot.open_orders.price", order.limit()),
                VocabularyCodec.decimal("VenueSnapshot.open_orders.quantity", order.quantity()),
                VocabularyCodec.decimal("VenueSnapshot.open_orders.filled_quantity", order.filled()));
    }
}
