package sluice.console.demo;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.NoSuchElementException;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sluice.domain.MarketId;
import sluice.domain.Venue;
import sluice.domain.market.Market;
import sluice.domain.market.Quote;
import sluice.domain.market.Settlement;
import sluice.domain.order.Signal;
import sluice.venues.recording.RecordedEvent;
import sluice.venues.recording.Recording;
import sluice.venues.recording.RecordingFormat;

/**
 * What a recording holds of one venue, as if it happened from a moment on, and faster.
 *
 * <p>Markets of Polymarket get ids of the kind that the venue has, made from their recorded names: condition ids in hex
 * and numbers as tokens. Markets trade until their result is there; recorded closing times are left out, because limits
 * on the time before them are real time and not the recording's.
 */
final class RetimedRecording implements Recording {
    private final Recording recording;
    private final Venue venue;
    private final long firstMillis;
    private final long startMillis;
    private final int factor;

    /**
     * @param startMillis when its first event happens now, UTC milliseconds
     * @param factor recorded seconds for each second
     * @throws IOException if the recording cannot be read or is empty
     */
    RetimedRecording(Recording recording, Venue venue, long startMillis, int factor) throws IOException {
        this.recording = recording;
        this.venue = venue;
        this.startMillis = startMillis;
        this.factor = factor;
        try (var events = recording.events()) {
            if (!events.hasNext()) {
                throw new IOException(recording.name() + " holds no events");
            }
            this.firstMillis = events.next().atMillis();
        }
    }

    @Override
    public String name() {
        return recording.name();
    }

    @Override
    public RecordingFormat format() {
        return recording.format();
    }

    @Override
    public long bytes() {
        return recording.bytes();
    }

    @Override
    public Events events() throws IOException {
        var all = recording.events();
        return new Events() {
            private @Nullable RecordedEvent next;

            @Override
            public boolean hasNext() {
                while (next == null && all.hasNext()) {
                    next = retimed(all.next());
                }
                return next != null;
            }

            @Override
            public RecordedEvent next() {
                if (!hasNext() || next == null) {
                    throw new NoSuchElementException();
                }
                RecordedEvent given = next;
                next = null;
                return given;
            }

            @Override
            public Progress progress() {
                return all.progress();
            }

            @Override
            public void close() {
                all.close();
            }
        };
    }

    private long at(long recordedMillis) {
        return startMillis + Math.floorDiv(recordedMillis - firstMillis, factor);
    }

    /** The event at its new time; null if it is of another venue, or a fill, which the venue makes anew. */
    private @Nullable RecordedEvent retimed(RecordedEvent event) {
        long at = at(event.atMillis());
        return switch (event) {
            case RecordedEvent.QuoteEvent e ->
                of(e.quote().market()) ? new RecordedEvent.QuoteEvent(at, quote(e.quote())) : null;
            case RecordedEvent.MarketEvent e ->
                of(e.market().id()) ? new RecordedEvent.MarketEvent(at, market(e.market())) : null;
            case RecordedEvent.SettlementEvent e ->
                of(e.settlement().market()) ? new RecordedEvent.SettlementEvent(at, settlement(e.settlement())) : null;
            case RecordedEvent.SignalEvent e ->
                of(e.signal().market()) ? new RecordedEvent.SignalEvent(at, signal(e.signal())) : null;
            case RecordedEvent.RawSignalEvent e -> {
                byte[] raw = raw(e.value());
                yield raw == null ? null : new RecordedEvent.RawSignalEvent(at, e.key(), raw);
            }
            case RecordedEvent.FillEvent e -> null;
        };
    }

    private boolean of(MarketId market) {
        return market.venue() == venue;
    }

    private Quote quote(Quote quote) {
        Long traded = quote.lastTradeAtMillis();
        return new Quote(
                id(quote.market()),
                quote.bids(),
                quote.asks(),
                quote.depthKnown(),
                quote.lastTradePrice(),
                quote.lastTradeQuantity(),
                traded == null ? null : (Long) at(traded),
                quote.sequence(),
                at(quote.atMillis()),
                quote.source());
    }

    private Market market(Market market) {
        return new Market(
                id(market.id()),
                market.event(),
                market.mutuallyExclusive(),
                market.category(),
                market.title(),
                market.status(),
                null,
                null,
                null,
                market.prices(),
                market.quantityStep(),
                market.minQuantity(),
                market.minNotional(),
                market.fees(),
                token(market.yesTokenId()),
                token(market.noTokenId()),
                market.restricted(),
                market.exchangeIndex(),
                at(market.updatedAtMillis()),
                market.source());
    }

    private Settlement settlement(Settlement settlement) {
        return new Settlement(
                id(settlement.market()),
                settlement.result(),
                settlement.yesValue(),
                settlement.status(),
                settlement.version(),
                at(settlement.settledAtMillis()),
                settlement.source());
    }

    private Signal signal(Signal signal) {
        Long expires = signal.expiresAtMillis();
        return new Signal(
                signal.requestId(),
                signal.idempotencyKey(),
                signal.account(),
                signal.strategy(),
                id(signal.market()),
                token(signal.tokenId()),
                signal.contractTeam(),
                signal.gameId(),
                signal.sport(),
                signal.signalId(),
                signal.signalType(),
                signal.edgePctMicros(),
                signal.side(),
                signal.action(),
                signal.limitPrice(),
                signal.size(),
                signal.maxCost(),
                signal.modelPriceMicros(),
                signal.timeInForce(),
                signal.postOnly(),
                expires == null ? null : (Long) at(expires),
                at(signal.createdAtMillis()),
                signal.groupId(),
                signal.legIndex(),
                signal.legCount(),
                signal.attributes());
    }

    /**
     * The same text with its times and, at Polymarket, its ids made over; null if it names the other venue. What says
     * none of this stays as it is, byte for byte: much of it is broken on purpose.
     */
    private byte @Nullable [] raw(byte[] value) {
        String text = new String(value, StandardCharsets.ISO_8859_1);
        Matcher platform = field("platform").matcher(text);
        if (platform.find() && !platform.group(2).equalsIgnoreCase(venue.name()) && isVenue(platform.group(2))) {
            return null;
        }
        text = replace(text, "created_at", this::createdAt);
        if (venue == Venue.POLYMARKET) {
            text = replace(
                    text, "market_id", name -> id(new MarketId(venue, name)).id());
            text = replace(text, "token_id", name -> String.valueOf(token(name)));
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private String createdAt(String recorded) {
        try {
            return Instant.ofEpochMilli(at(Instant.parse(recorded).toEpochMilli()))
                    .toString();
        } catch (DateTimeParseException e) {
            return recorded;
        }
    }

    private static boolean isVenue(String name) {
        return Arrays.stream(Venue.values()).anyMatch(known -> known.name().equalsIgnoreCase(name));
    }

    private static Pattern field(String name) {
        return Pattern.compile("(\"" + name + "\"\\s*:\\s*\")([^\"]+)(\")");
    }

    private static String replace(String text, String name, UnaryOperator<String> by) {
        Matcher found = field(name).matcher(text);
        return found.replaceFirst(it -> Matcher.quoteReplacement(it.group(1) + by.apply(it.group(2)) + it.group(3)));
    }

    private static MarketId id(MarketId market) {
        if (market.venue() != Venue.POLYMARKET || market.id().matches("0x[0-9a-f]{64}")) {
            return market;
        }
        return new MarketId(Venue.POLYMARKET, "0x" + HexFormat.of().formatHex(sha256(market.id())));
    }

    private static @Nullable String token(@Nullable String token) {
        return token == null || token.matches("[0-9]+")
                ? token
                : new BigInteger(1, sha256(token)).shiftRight(1).toString();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
