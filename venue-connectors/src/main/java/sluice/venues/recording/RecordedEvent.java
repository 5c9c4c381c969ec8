package sluice.venues.recording;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sluice.domain.market.Level;
import sluice.domain.market.Market;
import sluice.domain.market.Quote;
import sluice.domain.market.Settlement;
import sluice.domain.order.Fill;
import sluice.domain.order.Signal;

/**
 * One thing that a recording holds.
 *
 * <p>{@link #atMillis} is when the recorder saw it, UTC milliseconds: the order of a recording and the time at which a
 * replay gives it. What the venue's own clock said stands in the content, and the two may differ.
 */
public sealed interface RecordedEvent {
    /** When the recorder saw it, UTC milliseconds. */
    long atMillis();

    /** A book. */
    record QuoteEvent(long atMillis, Quote quote) implements RecordedEvent {
        /** Whether the ask is below the bid: such a book is kept as it was recorded, but offers no usable price. */
        public boolean crossed() {
            Level bid = quote.bestBid();
            Level ask = quote.bestAsk();
            return bid != null && ask != null && ask.price().isBelow(bid.price());
        }
    }

    /** What is known of a market, apart from its book. */
    record MarketEvent(long atMillis, Market market) implements RecordedEvent {}

    /** What a market pays. */
    record SettlementEvent(long atMillis, Settlement settlement) implements RecordedEvent {}

    /** A signal that was understood, for the Avro topic of signals. */
    record SignalEvent(long atMillis, Signal signal) implements RecordedEvent {}

    /**
     * A fill that really happened.
     *
     * @param signalKey idempotency key of the {@link SignalEvent} that led to it; null where the recording does not say
     * @param origin the line it was read from, for people
     */
    record FillEvent(long atMillis, Fill fill, @Nullable String signalKey, String origin) implements RecordedEvent {}

    /**
     * A record for topic {@code signals.json} as it was sent: any bytes, so that broken ones can be replayed too. Not a
     * record class, because bytes need a defensive copy and a comparison of their own.
     */
    final class RawSignalEvent implements RecordedEvent {
        private final long atMillis;
        private final @Nullable String key;
        private final byte[] value;

        public RawSignalEvent(long atMillis, @Nullable String key, byte[] value) {
            this.atMillis = atMillis;
            this.key = key;
            this.value = value.clone();
        }

        @Override
        public long atMillis() {
            return atMillis;
        }

        /** Key of the record, by custom the account; null where it had none. */
        public @Nullable String key() {
            return key;
        }

        /** A copy of the record's bytes. */
        public byte[] value() {
            return value.clone();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof RawSignalEvent that
                    && atMillis == that.atMillis
                    && Objects.equals(key, that.key)
                    && Arrays.equals(value, that.value);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(atMillis) * 31 + Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return "RawSignalEvent[" + atMillis + ", " + key + ", "
                    + HexFormat.of().formatHex(value, 0, Math.min(value.length, 16)) + "…]";
        }
    }
}
