package sluice.wire;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.OrderId;
import sluice.domain.journal.JournalEntry;
import sluice.domain.journal.JournalEntry.ControlReceived;
import sluice.domain.journal.JournalEntry.DayRolled;
import sluice.domain.journal.JournalEntry.FillReceived;
import sluice.domain.journal.JournalEntry.LimitsReceived;
import sluice.domain.journal.JournalEntry.MarkReceived;
import sluice.domain.journal.JournalEntry.ReportReceived;
import sluice.domain.journal.JournalEntry.SettlementReceived;
import sluice.domain.journal.JournalEntry.SignalReceived;
import sluice.domain.journal.JournalEntry.SnapshotReceived;
import sluice.domain.journal.JournalEntry.Tick;
import sluice.domain.journal.Origin;

/**
 * Entries of the journal. Partition, offset and time of an entry are those of its Kafka record and not part of its
 * value. An entry whose account is not that of its body is refused: it would be booked to the wrong account.
 */
public final class JournalCodec {
    private static final int SHA256_BYTES = 32;
    private static final Pattern SHA256_HEX = Pattern.compile("[0-9a-f]{64}");

    private JournalCodec() {}

    /**
     * Writes an entry; its partition, offset and time are left to Kafka.
     *
     * @param origin the record that the entry was made from; null where the sequencer made it
     */
    public static sluice.avro.JournalEntry toAvro(JournalEntry entry, @Nullable Origin origin) {
        requireOwnAccount(entry.account(), entry.body());
        return new sluice.avro.JournalEntry(
                VocabularyCodec.text("JournalEntry.account", entry.account().value()),
                switch (entry.body()) {
                    case SignalReceived signal -> toAvro(signal);
                    case ReportReceived(var report) -> OrderCodec.toAvro(report);
                    case FillReceived(var fill) -> OrderCodec.toAvro(fill);
                    case ControlReceived(var command) -> RiskCodec.toAvro(command);
                    case LimitsReceived(var limits) -> RiskCodec.toAvro(limits);
                    case SettlementReceived(var settlement) -> MarketCodec.toAvro(settlement);
                    case MarkReceived mark -> toAvro(mark);
                    case SnapshotReceived snapshot -> SnapshotCodec.toAvro(entry.account(), snapshot);
                    case Tick(long number) -> new sluice.avro.Tick(number);
                    case DayRolled(int day, String zone) ->
                        new sluice.avro.DayRolled(day, VocabularyCodec.text("DayRolled.zone", zone));
                },
                origin == null ? null : VocabularyCodec.toAvro(origin));
    }

    /**
     * Reads an entry with its place in the journal.
     *
     * @param partition partition of the Kafka record
     * @param offset offset of the Kafka record
     * @param timestampMillis timestamp of the Kafka record
     */
    public static JournalEntry fromAvro(
            sluice.avro.JournalEntry avro, int partition, long offset, long timestampMillis) {
        AccountId account = VocabularyCodec.named("JournalEntry.account", avro.getAccount(), AccountId::new);
        JournalEntry.Body body =
                switch (VocabularyCodec.required("JournalEntry.body", avro.getBody())) {
                    case sluice.avro.SignalReceived signal -> fromAvro(signal);
                    case sluice.avro.VenueReport report -> new ReportReceived(OrderCodec.fromAvro(report));
                    case sluice.avro.Fill fill -> new FillReceived(OrderCodec.fromAvro(fill));
                    case sluice.avro.ControlCommand command -> new ControlReceived(RiskCodec.fromAvro(command));
                    case sluice.avro.RiskLimits limits -> new LimitsReceived(RiskCodec.fromAvro(limits));
                    case sluice.avro.Settlement settlement -> new SettlementReceived(MarketCodec.fromAvro(settlement));
                    case sluice.avro.Mark mark -> fromAvro(mark);
                    case sluice.avro.VenueSnapshot snapshot -> fromAvro(account, snapshot);
                    case sluice.avro.Tick tick -> new Tick(tick.getNumber());
                    case sluice.avro.DayRolled roll ->
                        new DayRolled(roll.getTradingDay(), VocabularyCodec.text("DayRolled.zone", roll.getZone()));
                    // The union is open in Java alone: Avro gives no common type to its branches.
                    case Object other ->
                        throw new InvalidRecordException(
                                "JournalEntry.body",
                                "a " + other.getClass().getSimpleName() + " is nothing that a journal holds",
                                "run a version that knows it");
                };
        requireOwnAccount(account, body);
        return new JournalEntry(account, partition, offset, timestampMillis, body);
    }

    private static void requireOwnAccount(AccountId account, JournalEntry.Body body) {
        switch (body) {
            case SignalReceived signal ->
                requireOwnAccount("Signal.account", signal.signal().account(), account);
            case ReportReceived(var report) -> requireOwnAccount("VenueReport.account", report.account(), account);
            case FillReceived(var fill) -> requireOwnAccount("Fill.account", fill.account(), account);
            case ControlReceived ignored -> {}
            case LimitsReceived ignored -> {}
            case SettlementReceived ignored -> {}
            case MarkReceived ignored -> {}
            case SnapshotReceived ignored -> {}
            case Tick ignored -> {}
            case DayRolled ignored -> {}
        }
    }

    private static void requireOwnAccount(String field, AccountId account, AccountId entryAccount) {
        VocabularyCodec.requireSame(field, account, "JournalEntry.account", entryAccount);
    }

    private static sluice.avro.SignalReceived toAvro(SignalReceived received) {
        return new sluice.avro.SignalReceived(
                SignalCodec.toAvro(received.signal()),
                VocabularyCodec.toAvro(received.mode()),
                VocabularyCodec.text(
                        "SignalReceived.intent_id", received.intentId().value()),
                hash(received.payloadHash()),
                received.quote() == null ? null : MarketCodec.toAvro(received.quote()),
                received.market() == null ? null : MarketCodec.toAvro(received.market()),
                received.maintenance());
    }

    private static SignalReceived fromAvro(sluice.avro.SignalReceived avro) {
        return new SignalReceived(
                SignalCodec.fromAvro(VocabularyCodec.required("SignalReceived.signal", avro.getSignal())),
                VocabularyCodec.fromAvro("SignalReceived.mode", avro.getMode()),
                VocabularyCodec.named("SignalReceived.intent_id", avro.getIntentId(), OrderId::new),
                hash(VocabularyCodec.required("SignalReceived.payload_hash", avro.getPayloadHash())),
                avro.getQuote() == null ? null : MarketCodec.fromAvro(avro.getQuote()),
                avro.getMarket() == null ? null : MarketCodec.fromAvro(avro.getMarket()),
                avro.getMaintenance());
    }

    private static ByteBuffer hash(String hex) {
        if (!SHA256_HEX.matcher(hex).matches()) {
            throw new InvalidRecordException(
                    "SignalReceived.payload_hash",
                    "\"" + hex + "\" is not a SHA-256 in hex, which has 64 digits from 0 to f in lower case",
                    "hash the signal's payload again");
        }
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }

    private static String hash(ByteBuffer bytes) {
        if (bytes.remaining() != SHA256_BYTES) {
            throw new InvalidRecordException(
                    "SignalReceived.payload_hash",
                    "it has " + bytes.remaining() + " bytes, but a SHA-256 has " + SHA256_BYTES,
                    "hash the signal's payload again");
        }
        byte[] hash = new byte[SHA256_BYTES];
        bytes.duplicate().get(hash);
        return HexFormat.of().formatHex(hash);
    }

    private static sluice.avro.Mark toAvro(MarkReceived mark) {
        return new sluice.avro.Mark(
                VocabularyCodec.toAvro(mark.market().venue()),
                VocabularyCodec.text("Mark.market_id", mark.market().id()),
                VocabularyCodec.optional("Mark.yes_bid", mark.yesBid(), VocabularyCodec::decimal),
                VocabularyCodec.optional("Mark.yes_ask", mark.yesAsk(), VocabularyCodec::decimal),
                VocabularyCodec.instant("Mark.at", mark.atMillis()));
    }

    private static MarkReceived fromAvro(sluice.avro.Mark avro) {
        return new MarkReceived(
                VocabularyCodec.market(
                        "Mark.market_id", VocabularyCodec.fromAvro("Mark.venue", avro.getVenue()), avro.getMarketId()),
                VocabularyCodec.optional("Mark.yes_bid", avro.getYesBid(), VocabularyCodec::price),
                VocabularyCodec.optional("Mark.yes_ask", avro.getYesAsk(), VocabularyCodec::price),
                VocabularyCodec.millis("Mark.at", avro.getAt()));
    }

    private static SnapshotReceived fromAvro(AccountId account, sluice.avro.VenueSnapshot snapshot) {
        requireOwnAccount("VenueSnapshot.account", SnapshotCodec.account(snapshot), account);
        return SnapshotCodec.fromAvro(snapshot);
    }
}
