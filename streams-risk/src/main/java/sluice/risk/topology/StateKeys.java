package sluice.risk.topology;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import sluice.domain.AccountId;
import sluice.domain.EventId;
import sluice.domain.MarketId;
import sluice.domain.Mode;
import sluice.domain.OrderId;
import sluice.domain.StrategyId;
import sluice.domain.Venue;
import sluice.risk.core.BookId;
import sluice.risk.core.TradeKey;

/**
 * The keys of the stores: UTF-8 texts with | between their parts, which no name contains, so that people and tools can
 * read them. A number stands last, in eight bytes with the highest first, so that keys sort by it.
 */
final class StateKeys {
    static final KeyCodec<String> TEXT = of(text -> text, text -> text);
    static final KeyCodec<AccountId> ACCOUNT = of(AccountId::value, AccountId::new);
    static final KeyCodec<OrderId> ORDER = of(OrderId::value, OrderId::new);
    static final KeyCodec<BookId> BOOK = of(StateKeys::text, text -> book(parts(text, 2)));
    static final KeyCodec<BookId.OfStrategy> STRATEGY =
            of(key -> text(key.book()) + "|" + key.strategy().value(), text -> {
                String[] parts = parts(text, 3);
                return new BookId.OfStrategy(book(parts), new StrategyId(parts[2]));
            });
    static final KeyCodec<BookId.OfEvent> EVENT =
            of(key -> text(key.book()) + "|" + key.event().value(), text -> {
                String[] parts = parts(text, 3);
                return new BookId.OfEvent(book(parts), new EventId(parts[2]));
            });
    static final KeyCodec<BookId.OfMarket> MARKET = of(
            key -> text(key.book()) + "|" + key.market().venue() + "|"
                    + key.market().id(),
            text -> {
                String[] parts = parts(text, 4);
                return new BookId.OfMarket(book(parts), new MarketId(Venue.valueOf(parts[2]), parts[3]));
            });

    /** The trade's id stands last: it is the venue's, and may have a | in it. */
    static final KeyCodec<TradeKey> TRADE =
            of(key -> key.venue() + "|" + key.account().value() + "|" + key.orderId() + "|" + key.tradeId(), text -> {
                String[] parts = parts(text, 4);
                return new TradeKey(Venue.valueOf(parts[0]), new AccountId(parts[1]), parts[3], parts[2]);
            });

    static final KeyCodec<BookId.Numbered> NUMBERED = new KeyCodec<>() {
        @Override
        public byte[] write(BookId.Numbered key) {
            byte[] book = (text(key.book()) + "|").getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.allocate(book.length + Long.BYTES)
                    .put(book)
                    .putLong(key.number())
                    .array();
        }

        @Override
        public BookId.Numbered read(byte[] bytes) {
            int end = bytes.length - Long.BYTES;
            String book = new String(bytes, 0, end, StandardCharsets.UTF_8);
            return new BookId.Numbered(
                    book(parts(book, 3)),
                    ByteBuffer.wrap(bytes, end, Long.BYTES).getLong());
        }
    };

    private StateKeys() {}

    private static String text(BookId book) {
        return book.account().value() + "|" + book.mode();
    }

    private static BookId book(String[] parts) {
        return new BookId(new AccountId(parts[0]), Mode.valueOf(parts[1]));
    }

    private static String[] parts(String key, int count) {
        String[] parts = key.split("\\|", count);
        if (parts.length != count) {
            throw new IllegalArgumentException("store key \"" + key + "\" has " + parts.length + " parts, not " + count
                    + ": " + Arrays.toString(parts));
        }
        return parts;
    }

    private static <K> KeyCodec<K> of(Function<K, String> write, Function<String, K> read) {
        return new KeyCodec<>() {
            @Override
            public byte[] write(K key) {
                return write.apply(key).getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public K read(byte[] bytes) {
                return read.apply(new String(bytes, StandardCharsets.UTF_8));
            }
        };
    }
}
