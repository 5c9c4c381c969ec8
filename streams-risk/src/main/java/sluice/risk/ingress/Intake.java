package sluice.risk.ingress;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.avro.ControlCommand;
import sluice.avro.Fill;
import sluice.avro.Market;
import sluice.avro.Quote;
import sluice.avro.RiskLimits;
import sluice.avro.Settlement;
import sluice.avro.Signal;
import sluice.avro.VenueReport;
import sluice.avro.VenueSnapshot;
import sluice.domain.AccountId;
import sluice.domain.MarketId;
import sluice.domain.journal.JournalEntry;
import sluice.domain.journal.Origin;
import sluice.risk.ingress.core.IngressCore;
import sluice.risk.ingress.core.IngressCore.Answer;
import sluice.risk.ingress.core.IngressCore.Append;
import sluice.risk.ingress.core.SignalJson;
import sluice.topics.Topic;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.wire.AvroSerde;
import sluice.wire.InvalidRecordException;
import sluice.wire.JournalCodec;
import sluice.wire.MarketCodec;
import sluice.wire.OrderCodec;
import sluice.wire.RegistryUnavailableException;
import sluice.wire.RiskCodec;
import sluice.wire.SchemaRegistry;
import sluice.wire.SignalCodec;
import sluice.wire.SnapshotCodec;
import sluice.wire.UnreadableRecordException;
import sluice.wire.VocabularyCodec;

/**
 * From the bytes of a record to the bytes of a journal entry, or to the reason why there is none. For one thread.
 *
 * <p>No record can stop it: whatever is wrong with one is an {@link Outcome.Rejected}. A registry that does not answer
 * is nothing wrong with the record: that throws {@link RegistryUnavailableException}, and the same record may be taken
 * again.
 */
final class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    /** Room in a batch for the record's key and the framing of both. */
    private static final int FRAMING = 4 * 1024;

    /** Bytes of the largest value that fits our own topics. */
    static final int LARGEST_VALUE = Topic.LARGEST_WRAPPING_BATCH - FRAMING;

    private final IngressCore core;
    private final SchemaRegistry registry;
    private final TopicSettings topics;
    private final AvroSerde<sluice.avro.JournalEntry> journal;
    private final Map<Topic, BiFunction<byte[], Origin, Outcome>> ways = new HashMap<>();

    /** What becomes of a record. */
    sealed interface Outcome {
        /** It goes into the journal. */
        record Journaled(Entry entry) implements Outcome {}

        /** It is remembered for signals to come and written nowhere. */
        record Remembered() implements Outcome {}

        /** It is put aside; the reason says what is wrong and what to do. */
        record Rejected(String reason) implements Outcome {}
    }

    /** An entry, and the journal record's value that it is written as. */
    record Entry(Append append, ByteBuffer value) {}

    Intake(IngressCore core, IngressSettings settings, SchemaRegistry registry) {
        this.core = core;
        this.registry = registry;
        this.topics = settings.topics();
        this.journal = new AvroSerde<>(sluice.avro.JournalEntry.class, registry);

        var json = new SignalJson(settings.jsonAccount(), settings.jsonStrategy());
        ways.put(Topics.SIGNALS_JSON, (value, origin) -> switch (json.parse(value)) {
            case SignalJson.Result.Parsed(var signal) -> answer(core.onSignal(signal, origin));
            case SignalJson.Result.Rejected(var reason) -> new Outcome.Rejected(reason);
        });
        read(Topics.SIGNALS, Signal.class, (it, origin) -> answer(core.onSignal(SignalCodec.fromAvro(it), origin)));
        append(Topics.CONTROL, ControlCommand.class, (it, origin) -> core.onControl(RiskCodec.fromAvro(it), origin));
        append(Topics.RISK_LIMITS, RiskLimits.class, (it, origin) -> core.onLimits(RiskCodec.fromAvro(it), origin));
        append(Topics.VENUE_REPORTS, VenueReport.class, (it, origin) -> core.onReport(OrderCodec.fromAvro(it), origin));
        append(Topics.FILLS, Fill.class, (it, origin) -> core.onFill(OrderCodec.fromAvro(it), origin));
        append(
                Topics.MARKET_SETTLEMENTS,
                Settlement.class,
                (it, origin) -> core.onSettlement(MarketCodec.fromAvro(it), origin));
        append(
                Topics.VENUE_SNAPSHOTS,
                VenueSnapshot.class,
                (it, origin) -> core.onSnapshot(
                        VocabularyCodec.named("VenueSnapshot.account", it.getAccount(), AccountId::new),
                        SnapshotCodec.fromAvro(it),
                        origin));
        read(Topics.MARKET_QUOTES, Quote.class, (it, origin) -> {
            core.onQuote(MarketCodec.fromAvro(it), origin);
            return new Outcome.Remembered();
        });
        read(Topics.MARKET_METADATA, Market.class, (it, origin) -> {
            core.onMarket(MarketCodec.fromAvro(it));
            return new Outcome.Remembered();
        });
    }

    /**
     * Takes one record of {@code topic}.
     *
     * @throws RegistryUnavailableException if the record's schema must be asked for and cannot be
     */
    Outcome take(Topic topic, Origin origin, byte @Nullable [] key, byte @Nullable [] value) {
        Outcome outcome = outcome(topic, origin, value);
        if (outcome instanceof Outcome.Rejected) {
            forget(topic, key);
        }
        if (value == null && topic.equals(Topics.MARKET_METADATA)) {
            // In a compacted topic that is how a market is deleted.
            return new Outcome.Remembered();
        }
        return outcome;
    }

    /**
     * The entry that ingress makes by itself.
     *
     * @throws InvalidRecordException if the entry holds something that no record may hold
     */
    Entry entry(Append append) {
        // Partition and offset are the broker's to give.
        var entry = new JournalEntry(append.account(), 0, 0, append.timeMillis(), append.body());
        byte[] bytes = requireNonNull(
                journal.serialize(topics.nameOf(Topics.JOURNAL), JournalCodec.toAvro(entry, append.origin())));
        return new Entry(append, ByteBuffer.wrap(bytes));
    }

    private Outcome outcome(Topic topic, Origin origin, byte @Nullable [] value) {
        if (value == null) {
            return new Outcome.Rejected(topic.name() + ": the record has no value; send a " + topic.value());
        }
        try {
            return requireNonNull(ways.get(topic), topic.name()).apply(value, origin);
        } catch (RegistryUnavailableException e) {
            throw e;
        } catch (UnreadableRecordException | InvalidRecordException e) {
            return new Outcome.Rejected(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // Stopping here would stop halts and fills as well, at every start again, for one record.
            LOG.error("{} could not be taken and goes to the dead letters", origin, e);
            return new Outcome.Rejected("ingress failed on the record: " + e
                    + "; the fault may be in ingress: report it, and send the record again once it is mended");
        }
    }

    /** Without its newest word, what was said of a market before must not pass for the newest. */
    private void forget(Topic topic, byte @Nullable [] key) {
        boolean quote = topic.equals(Topics.MARKET_QUOTES);
        if (key == null || !(quote || topic.equals(Topics.MARKET_METADATA))) {
            return;
        }
        MarketId market;
        try {
            market = MarketId.parse(new String(key, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            // Then it was never the newest word on any market.
            return;
        }
        if (quote) {
            core.withoutQuote(market);
        } else {
            core.withoutMarket(market);
        }
    }

    private Outcome answer(Answer answer) {
        return switch (answer) {
            case Answer.Journaled(Append entry) -> journaled(entry);
            case Answer.Refused(String reason) -> new Outcome.Rejected(reason);
        };
    }

    private Outcome journaled(Append append) {
        Entry entry = entry(append);
        if (entry.value.remaining() > LARGEST_VALUE) {
            return new Outcome.Rejected("the journal entry would have " + entry.value.remaining() + " bytes; at most "
                    + LARGEST_VALUE + " fit: send less in one record");
        }
        return new Outcome.Journaled(entry);
    }

    private <T extends SpecificRecord> void append(Topic topic, Class<T> type, BiFunction<T, Origin, Append> take) {
        read(topic, type, (it, origin) -> journaled(take.apply(it, origin)));
    }

    private <T extends SpecificRecord> void read(Topic topic, Class<T> type, BiFunction<T, Origin, Outcome> take) {
        var serde = new AvroSerde<>(type, registry);
        String name = topics.nameOf(topic);
        ways.put(topic, (value, origin) -> take.apply(requireNonNull(serde.deserialize(name, value)), origin));
    }
}
