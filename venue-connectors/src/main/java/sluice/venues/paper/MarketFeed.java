package sluice.venues.paper;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import sluice.domain.MarketId;
import sluice.domain.journal.Origin;
import sluice.domain.market.Market;
import sluice.domain.market.MarketStatus;
import sluice.domain.market.Quote;
import sluice.domain.market.Settlement;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.venues.placement.TopicReader;
import sluice.wire.AvroSerde;
import sluice.wire.InvalidRecordException;
import sluice.wire.MarketCodec;
import sluice.wire.SchemaRegistry;
import sluice.wire.UnreadableRecordException;

/**
 * Everything that the venues say of markets: what there is at the start, then what comes.
 *
 * <p>Metadata and settlements are read from their beginning. Of the quotes only the newest of each market matters at
 * the start, so they are read backwards until every market that trades has one. Records that cannot be read are passed
 * over here: ingress reads the same topics and keeps them as dead letters.
 */
final class MarketFeed implements AutoCloseable {
    /** A book, and the record that told of it. */
    record Book(Quote quote, Origin origin) {}

    /** What a record said. */
    sealed interface News {
        record OfBook(Book book) implements News {}

        record OfMarket(Market market) implements News {}

        record OfSettlement(Settlement settlement) implements News {}
    }

    /** Quotes read in the first step backwards, per partition; each further step reads twice as many. */
    private static final long FIRST_STEP = 5_000;

    /** A market whose newest book is older than this, against the newest of all, starts without one. */
    private static final Duration OLDEST_BOOK = Duration.ofHours(24);

    private final TopicSettings topics;
    private final String quotesTopic;
    private final String metadataTopic;
    private final String settlementsTopic;
    private final AvroSerde<sluice.avro.Quote> quoteSerde;
    private final AvroSerde<sluice.avro.Market> marketSerde;
    private final AvroSerde<sluice.avro.Settlement> settlementSerde;
    private final KafkaConsumer<String, byte[]> consumer;
    private final TreeMap<MarketId, Book> books = new TreeMap<>();
    private final TreeMap<MarketId, Market> markets = new TreeMap<>();
    private final List<Settlement> settlements = new ArrayList<>();

    MarketFeed(Map<String, Object> client, TopicSettings topics, SchemaRegistry registry) {
        this.topics = topics;
        this.quotesTopic = topics.nameOf(Topics.MARKET_QUOTES);
        this.metadataTopic = topics.nameOf(Topics.MARKET_METADATA);
        this.settlementsTopic = topics.nameOf(Topics.MARKET_SETTLEMENTS);
        this.quoteSerde = new AvroSerde<>(sluice.avro.Quote.class, registry);
        this.marketSerde = new AvroSerde<>(sluice.avro.Market.class, registry);
        this.settlementSerde = new AvroSerde<>(sluice.avro.Settlement.class, registry);
        var config = new HashMap<>(client);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        this.consumer = new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
        // What the constructor reads belongs to it; without it there is no feed.
        try (var reader = new TopicReader(client)) {
            load(reader);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    private void load(TopicReader reader) {
        var ends = new HashMap<TopicPartition, Long>();
        for (var topic : List.of(metadataTopic, settlementsTopic)) {
            var partitions = reader.partitionsOf(topic);
            ends.putAll(reader.ends(partitions));
            var beginnings = reader.beginnings(partitions);
            for (var partition : partitions) {
                reader.read(
                        partition,
                        beginnings.getOrDefault(partition, 0L),
                        ends.getOrDefault(partition, 0L),
                        record -> remember(read(record)));
            }
        }
        var quotePartitions = reader.partitionsOf(quotesTopic);
        var quoteEnds = reader.ends(quotePartitions);
        loadBooks(reader, reader.beginnings(quotePartitions), quoteEnds);
        ends.putAll(quoteEnds);
        consumer.assign(ends.keySet());
        ends.forEach(consumer::seek);
    }

    private void loadBooks(TopicReader reader, Map<TopicPartition, Long> beginnings, Map<TopicPartition, Long> ends) {
        var wanted = tradingMarkets();
        var unread = new HashMap<>(ends);
        long step = FIRST_STEP;
        long newest = Long.MIN_VALUE;
        while (!unread.isEmpty()) {
            long oldestOfStep = Long.MAX_VALUE;
            for (var partition : List.copyOf(unread.keySet())) {
                long to = unread.getOrDefault(partition, 0L);
                long from = Math.max(beginnings.getOrDefault(partition, 0L), to - step);
                var found = new HashMap<MarketId, Book>();
                reader.read(partition, from, to, record -> {
                    if (read(record) instanceof News.OfBook news) {
                        keepNewer(found, news.book);
                    }
                });
                for (var book : found.values()) {
                    newest = Math.max(newest, book.quote.atMillis());
                    oldestOfStep = Math.min(oldestOfStep, book.quote.atMillis());
                    books.putIfAbsent(book.quote.market(), book);
                }
                if (from <= beginnings.getOrDefault(partition, 0L)) {
                    unread.remove(partition);
                } else {
                    unread.put(partition, from);
                }
            }
            boolean allFound = !wanted.isEmpty() && books.keySet().containsAll(wanted);
            boolean tooOld = oldestOfStep < newest - OLDEST_BOOK.toMillis();
            if (allFound || tooOld) {
                return;
            }
            step *= 2;
        }
    }

    private Set<MarketId> tradingMarkets() {
        var trading = new HashSet<MarketId>();
        for (var market : markets.values()) {
            if (market.status() == MarketStatus.ACTIVE) {
                trading.add(market.id());
            }
        }
        settlements.forEach(settlement -> trading.remove(settlement.market()));
        return trading;
    }

    private static void keepNewer(Map<MarketId, Book> into, Book book) {
        into.merge(
                book.quote.market(),
                book,
                (before, after) -> after.quote.atMillis() >= before.quote.atMillis() ? after : before);
    }

    // ------------------------------------------------------------------ what there is

    /** The newest book of each market. */
    List<Book> books() {
        return List.copyOf(books.values());
    }

    /** The newest news of each market. */
    List<Market> markets() {
        return List.copyOf(markets.values());
    }

    /** Every result there ever was, in the order of their records. */
    List<Settlement> settlements() {
        return List.copyOf(settlements);
    }

    /** Every partition that is read. */
    Set<TopicPartition> partitions() {
        return consumer.assignment();
    }

    /** The next offset that {@link #poll} has not handed over. */
    long positionOf(TopicPartition partition) {
        return consumer.position(partition);
    }

    // ------------------------------------------------------------------ what comes

    /** Hands over what has arrived, in the order of its records, without waiting; tells whether anything had. */
    boolean poll(Consumer<News> into) {
        var records = consumer.poll(Duration.ZERO);
        for (var record : records) {
            var news = read(record);
            if (news != null) {
                remember(news);
                into.accept(news);
            }
        }
        return !records.isEmpty();
    }

    private void remember(@Nullable News news) {
        switch (news) {
            case null -> {}
            case News.OfBook(var book) -> keepNewer(books, book);
            case News.OfMarket(var market) ->
                markets.merge(
                        market.id(),
                        market,
                        (before, after) -> after.updatedAtMillis() >= before.updatedAtMillis() ? after : before);
            case News.OfSettlement(var settlement) -> settlements.add(settlement);
        }
    }

    private @Nullable News read(ConsumerRecord<String, byte[]> record) {
        var topic = record.topic();
        try {
            if (topic.equals(quotesTopic)) {
                var origin = new Origin(
                        topics.topicOf(topic).orElse(Topics.MARKET_QUOTES).name(), record.partition(), record.offset());
                return news(
                        quoteSerde.deserialize(topic, record.value()),
                        quote -> new News.OfBook(new Book(MarketCodec.fromAvro(quote), origin)));
            }
            if (topic.equals(metadataTopic)) {
                return news(
                        marketSerde.deserialize(topic, record.value()),
                        market -> new News.OfMarket(MarketCodec.fromAvro(market)));
            }
            return news(
                    settlementSerde.deserialize(topic, record.value()),
                    settlement -> new News.OfSettlement(MarketCodec.fromAvro(settlement)));
        } catch (UnreadableRecordException | InvalidRecordException e) {
            // Ingress reads the same record, and tells of it as a dead letter.
            return null;
        }
    }

    private static <T> @Nullable News news(@Nullable T record, Function<T, News> codec) {
        return record == null ? null : codec.apply(record);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
