package sluice.risk.topology;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.OrderId;
import sluice.domain.StrategyId;
import sluice.risk.core.AccountBook;
import sluice.risk.core.Answer;
import sluice.risk.core.BookId;
import sluice.risk.core.BookedTrade;
import sluice.risk.core.ControlBook;
import sluice.risk.core.CoreState;
import sluice.risk.core.DecisionStub;
import sluice.risk.core.EventBook;
import sluice.risk.core.MarketEntry;
import sluice.risk.core.OrderState;
import sluice.risk.core.Posting;
import sluice.risk.core.StrategyBook;
import sluice.risk.core.Table;
import sluice.risk.core.TradeKey;

/**
 * The core's state over the stores of one task. Everything put is in the stores before the entry is handled to its end,
 * so that Kafka commits it with the outputs of the entry, or not at all.
 *
 * <p>Make it when the task's stores are open and restored, and drop it when they close: what it keeps at hand is not
 * taken back when a transaction is aborted. Not thread-safe; it belongs to the task's thread.
 */
public final class StoreState implements CoreState {
    /** Gives the open store of a name, as {@code ProcessorContext::getStateStore} does. */
    @FunctionalInterface
    public interface OpenStores {
        KeyValueStore<Bytes, byte[]> named(String name);
    }

    /**
     * Values that are written once and read about once more: enough for the ends of the windows, which every entry
     * looks at.
     */
    private static final int FEW = 256;

    /** Finished orders stay in the store for days; what lives is asked for again and again. */
    private static final int RECENT_ORDERS = 10_000;

    private final Table<AccountId, ControlBook> controls;
    private final TreeMap<BookId, AccountBook> accountsByBook = new TreeMap<>();
    private final Table<BookId, AccountBook> accounts;
    private final Map<BookId, TreeSet<StrategyId>> strategiesByBook = new HashMap<>();
    private final Table<BookId.OfStrategy, StrategyBook> strategies;
    private final Table<BookId.OfEvent, EventBook> events;
    private final Table<BookId.OfMarket, MarketEntry> markets;
    private final Table<OrderId, Answer> answers;
    private final Table<BookId.Numbered, DecisionStub> decisions;
    private final Table<OrderId, OrderState> orders;
    private final Table<TradeKey, BookedTrade> trades;
    private final Table<BookId.Numbered, Posting> postings;
    private final Table<String, Long> commands;

    public StoreState(Stores stores, OpenStores open) {
        controls = StoreTable.whole(stores.controls, open.named(stores.controls.name()));
        accounts = StoreTable.loaded(stores.accounts, open.named(stores.accounts.name()), accountsByBook);
        strategies = strategies(stores.strategies, open.named(stores.strategies.name()));
        events = StoreTable.whole(stores.events, open.named(stores.events.name()));
        markets = StoreTable.whole(stores.markets, open.named(stores.markets.name()));
        answers = StoreTable.recent(stores.answers, open.named(stores.answers.name()), FEW);
        decisions = StoreTable.recent(stores.decisions, open.named(stores.decisions.name()), FEW);
        orders = StoreTable.recent(stores.orders, open.named(stores.orders.name()), RECENT_ORDERS);
        trades = StoreTable.recent(stores.trades, open.named(stores.trades.name()), FEW);
        postings = StoreTable.recent(stores.postings, open.named(stores.postings.name()), FEW);
        commands = StoreTable.recent(stores.commands, open.named(stores.commands.name()), FEW);
    }

    private Table<BookId.OfStrategy, StrategyBook> strategies(
            Stored<BookId.OfStrategy, StrategyBook> stored, KeyValueStore<Bytes, byte[]> store) {
        var atHand = new HashMap<BookId.OfStrategy, StrategyBook>();
        var table = StoreTable.loaded(stored, store, atHand);
        atHand.keySet().forEach(this::remember);
        return new Table<>() {
            @Override
            public @Nullable StrategyBook get(BookId.OfStrategy key) {
                return table.get(key);
            }

            @Override
            public void put(BookId.OfStrategy key, StrategyBook value) {
                table.put(key, value);
                remember(key);
            }

            @Override
            public void delete(BookId.OfStrategy key) {
                table.delete(key);
                strategiesByBook.getOrDefault(key.book(), new TreeSet<>()).remove(key.strategy());
            }
        };
    }

    private void remember(BookId.OfStrategy key) {
        strategiesByBook.computeIfAbsent(key.book(), book -> new TreeSet<>()).add(key.strategy());
    }

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
        return List.copyOf(strategiesByBook.getOrDefault(book, new TreeSet<>()));
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
