package sluice.wire;

import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sluice.avro.Balance;
import sluice.avro.VenuePosition;
import sluice.avro.VenueSnapshot;
import sluice.domain.AccountId;
import sluice.domain.Money;
import sluice.domain.Venue;
import sluice.domain.journal.JournalEntry.Holding;
import sluice.domain.journal.JournalEntry.SnapshotReceived;

/**
 * Snapshots as the account's books need them: all cash over every bucket, and what is held. Open orders and fills of a
 * snapshot are for the reconciler, which reads them where they were published; the journal does not repeat them.
 */
public final class SnapshotCodec {
    private SnapshotCodec() {}

    /** Writes cash as one bucket. Cash and available cash are either both known or both not. */
    public static VenueSnapshot toAvro(AccountId account, SnapshotReceived snapshot) {
        return new VenueSnapshot(
                VocabularyCodec.text("VenueSnapshot.account", account.value()),
                VocabularyCodec.toAvro(snapshot.mode()),
                VocabularyCodec.toAvro(snapshot.venue()),
                balances(snapshot.cash(), snapshot.available()),
                VocabularyCodec.optional(
                        "VenueSnapshot.positions",
                        snapshot.positions(),
                        (field, positions) -> VocabularyCodec.list(
                                field, positions, (each, holding) -> toAvro(each, snapshot.venue(), holding))),
                null,
                null,
                snapshot.complete(),
                VocabularyCodec.instant("VenueSnapshot.as_of", snapshot.asOfMillis()));
    }

    /** Whose snapshot it is; the domain value does not say, the entry around it does. */
    public static AccountId account(VenueSnapshot avro) {
        return VocabularyCodec.named("VenueSnapshot.account", avro.getAccount(), AccountId::new);
    }

    public static SnapshotReceived fromAvro(VenueSnapshot avro) {
        Venue venue = VocabularyCodec.fromAvro("VenueSnapshot.venue", avro.getVenue());
        return new SnapshotReceived(
                VocabularyCodec.fromAvro("VenueSnapshot.mode", avro.getMode()),
                venue,
                sum("VenueSnapshot.balances.total", avro.getBalances(), Balance::getTotal),
                sum("VenueSnapshot.balances.available", avro.getBalances(), Balance::getAvailable),
                VocabularyCodec.optional(
                        "VenueSnapshot.positions",
                        avro.getPositions(),
                        (field, positions) -> VocabularyCodec.list(
                                field, positions, (each, position) -> fromAvro(each, venue, position))),
                avro.getComplete(),
                VocabularyCodec.millis("VenueSnapshot.as_of", avro.getAsOf()));
    }

    private static @Nullable List<Balance> balances(@Nullable Money cash, @Nullable Money available) {
        if (cash == null && available == null) {
            return null;
        }
        if (cash == null || available == null) {
            throw new InvalidRecordException(
                    "VenueSnapshot.balances",
                    "cash is " + cash + " and available cash is " + available + ", but a balance has both",
                    "read both, or leave both out");
        }
        return List.of(new Balance(
                "",
                VocabularyCodec.decimal("VenueSnapshot.balances.total", cash),
                VocabularyCodec.decimal("VenueSnapshot.balances.available", available)));
    }

    private static @Nullable Money sum(
            String field, @Nullable List<Balance> balances, Function<Balance, BigDecimal> amount) {
        if (balances == null) {
            return null;
        }
        Money sum = Money.ZERO;
        for (Balance balance : balances) {
            sum = sum.plus(VocabularyCodec.bookedMoney(field, amount.apply(balance)));
            VocabularyCodec.requireBookable(field, sum.micros());
        }
        return sum;
    }

    private static VenuePosition toAvro(String field, Venue venue, Holding holding) {
        VocabularyCodec.requireSame(field + ".venue", holding.market().venue(), "VenueSnapshot.venue", venue);
        return new VenuePosition(
                VocabularyCodec.text(field + ".market_id", holding.market().id()),
                VocabularyCodec.decimal(field + ".yes_quantity", holding.yes()),
                VocabularyCodec.decimal(field + ".no_quantity", holding.no()));
    }

    private static Holding fromAvro(String field, Venue venue, VenuePosition avro) {
        return new Holding(
                VocabularyCodec.market(field + ".market_id", venue, avro.getMarketId()),
                VocabularyCodec.bookedQuantity(field + ".yes_quantity", avro.getYesQuantity()),
                VocabularyCodec.bookedQuantity(field + ".no_quantity", avro.getNoQuantity()));
    }
}
