package sluice.risk.core;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.OrderId;
import sluice.domain.StrategyId;

/** The state on plain maps, for replay, simulation and tests. */
public final class MapState implements CoreState {
    private static final class MapTable<K, V> implements Table<K, V> {
        private final Map<K, V> map;

        MapTable(Map<K, V> map) {
            this.map = map;
        }

        @Override
        public @Nullable V get(K key) {
            return map.get(key);
        }

        @Override
        public void put(K key, V value) {
            map.put(key, value);
        }

        @Override
        public void delete(K key) {
            map.remove(key);
        }
    }

    private final TreeMap<BookId, AccountBook> accountsByBook = new TreeMap<>();
    private final Map<BookId, TreeMap<StrategyId, StrategyBook>> strategiesByBook = new HashMap<>();
    private final Table<AccountId, ControlBook> controls = new MapTable<>(new HashMap<>());
    private final Table<BookId, AccountBook> accounts = new MapTable<>(accountsByBook);
    private final Table<BookId.OfEvent, EventBook> events = new MapTable<>(new HashMap<>());
    private final Table<BookId.OfMarket, MarketEntry> markets = new MapTable<>(new HashMap<>());
    private final Table<OrderId, Answer> answers = new MapTable<>(new HashMap<>());
    private final Table<BookId.Numbered, DecisionStub> decisions = new MapTable<>(new HashMap<>());
    private final Table<OrderId, OrderState> orders = new MapTable<>(new HashMap<>());
    private final Table<TradeKey, BookedTrade> trades = new MapTable<>(new HashMap<>());
    private final Table<BookId.Numbered, Posting> postings = new MapTable<>(new HashMap<>());
    private final Table<String, Long> commands = new MapTable<>(new HashMap<>());
    private final Table<BookId.OfStrategy, StrategyBook> strategies = new Table<>() {
        @Override
        public @Nullable StrategyBook get(BookId.OfStrategy key) {
            TreeMap<StrategyId, StrategyBook> ofBook = strategiesByBook.get(key.book());
            return ofBook == null ? null : ofBook.get(key.strategy());
        }

        @Override
        public void put(BookId.OfStrategy key, StrategyBook value) {
            strategiesByBook.computeIfAbsent(key.book(), b -> new TreeMap<>()).put(key.strategy(), value);
        }

        @Override
        public void delete(BookId.OfStrategy key) {
            TreeMap<StrategyId, StrategyBook> ofBook = strategiesByBook.get(key.book());
            if (ofBook != null) {
                ofBook.remove(key.strategy());
            }
        }
    };

    @Override
    public Table<AccountId, ControlBook> controls() {
        return controls;
    }

    @Override
    public Table<BookId, AccountBook> accounts() {
        return accounts;
    }

    @Override
    public List<BookId> books() {
        return List.copyOf(accountsByBook.keySet());
    }

    @Override
    public Table<BookId.OfStrategy, StrategyBook> strategies() {
        return strategies;
    }

    @Override
    public List<StrategyId> strategiesOf(BookId book) {
        TreeMap<StrategyId, StrategyBook> ofBook = strategiesByBook.get(book);
        return ofBook == null ? List.of() : List.copyOf(ofBook.keySet());
    }

    @Override
    public Table<BookId.OfEvent, EventBook> events() {
        return events;
    }

    @Override
    public Table<BookId.OfMarket, MarketEntry> markets() {
        return markets;
    }

    @Override
    public Table<OrderId, Answer> answers() {
        return answers;
    }

    @Override
    public Table<BookId.Numbered, DecisionStub> decisions() {
        return decisions;
    }

    @Override
    public Table<OrderId, OrderState> orders() {
        return orders;
    }

    @Override
    public Table<TradeKey, BookedTrade> trades() {
        return trades;
    }

    @Override
    public Table<BookId.Numbered, Posting> postings() {
        return postings;
    }

    @Override
    public Table<String, Long> commands() {
        return commands;
    }
}
