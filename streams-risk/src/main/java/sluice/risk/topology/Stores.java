package sluice.risk.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import sluice.avro.state.CommandEffect;
import sluice.domain.AccountId;
import sluice.domain.OrderId;
import sluice.risk.core.AccountBook;
import sluice.risk.core.Answer;
import sluice.risk.core.BookId;
import sluice.risk.core.BookedTrade;
import sluice.risk.core.ControlBook;
import sluice.risk.core.DecisionStub;
import sluice.risk.core.EventBook;
import sluice.risk.core.MarketEntry;
import sluice.risk.core.OrderState;
import sluice.risk.core.Posting;
import sluice.risk.core.StrategyBook;
import sluice.risk.core.TradeKey;
import sluice.risk.topology.Stored.Kept;
import sluice.wire.SchemaRegistry;
import sluice.wire.SchemaRegistry.Registration;

/**
 * Every store of the account task, once. A rename strands the state of a running deployment.
 *
 * <p>One instance serves all tasks of an application; the schemas' ids are asked for once.
 */
public final class Stores {
    private final String applicationId;
    private final SchemaRegistry registry;
    private final List<Stored<?, ?>> all = new ArrayList<>();

    /** Limits, halts, trading day and time; key: account. */
    public final Stored<AccountId, ControlBook> controls;

    /** Running totals; key: account|mode. */
    public final Stored<BookId, AccountBook> accounts;

    /** Running totals; key: account|mode|strategy. */
    public final Stored<BookId.OfStrategy, StrategyBook> strategies;

    /** Holdings and open orders; key: account|mode|event. */
    public final Stored<BookId.OfEvent, EventBook> events;

    /** Events of markets, and what they paid; key: account|mode|venue|market. */
    public final Stored<BookId.OfMarket, MarketEntry> markets;

    /**
     * First answers; key: intent. The one store on disk: a topology without any gets a new transactional id at every
     * start, and a dead producer's open transaction would not be fenced but waited for. The largest store goes there.
     */
    public final Stored<OrderId, Answer> answers;

    /** What windows and forgetting need of decisions; key: account|mode| and the sequence number in eight bytes. */
    public final Stored<BookId.Numbered, DecisionStub> decisions;

    /** Orders; key: order. */
    public final Stored<OrderId, OrderState> orders;

    /** Booked trades; key: venue|account|order|trade. */
    public final Stored<TradeKey, BookedTrade> trades;

    /** Profit and loss of 24 hours; key: account|mode| and the number in eight bytes. */
    public final Stored<BookId.Numbered, Posting> postings;

    /** Operator commands that had their effect; key: command id. */
    public final Stored<String, Long> commands;

    /**
     * @param registry where the schemas' ids are asked for
     * @param applicationId {@code application.id} of the Kafka Streams application; changelogs are named after it
     */
    public Stores(SchemaRegistry registry, String applicationId) {
        this.registry = registry;
        this.applicationId = applicationId;
        controls = store(
                "controls",
                Kept.IN_MEMORY,
                StateKeys.ACCOUNT,
                sluice.avro.state.ControlBook.class,
                StateCodec::toAvro,
                StateCodec::fromAvro);
        accounts = store(
                "accounts",
                Kept.IN_MEMORY,
                StateKeys.BOOK,
                sluice.avro.state.AccountBook.class,
                StateCodec::toAvro,
                StateCodec::fromAvro);
        strategies = store(
                "strategies",
                Kept.IN_MEMORY,
                StateKeys.STRATEGY,
                sluice.avro.state.StrategyBook.class,
                StateCodec::toAvro,
                StateCodec::fromAvro);
        events = store(
                "events",
                Kept.IN_MEMORY,
                StateKeys.EVENT,
                sluice.avro.state.EventBook.class,
                StateCodec::toAvro,
                StateCodec::fromAvro);
        markets = store(
                "markets",
                Kept.IN_MEMORY,
                StateKeys.MARKET,
                sluice.avro.state.MarketEntry.class,
                StateCodec::toAvro,
                StateCodec::fromAvro);
        answers = store(
                "answers",
                Kept.ON_DISK,
                StateKeys.ORDER,
                sluice.avro.state.Answer.class,
                StateCodec::toAvro,
                StateCodec::fromAvro);
        decisions = store(
                "decisions",
                Kept.IN_MEMORY,
                StateKeys.NUMBERED,
                sluice.avro.state.DecisionStub.class,
                StateCodec::toAvro,
                StateCodec::fromAvro);
        orders = store(
                "orders",
                Kept.IN_MEMORY,
                StateKeys.ORDER,
                sluice.avro.state.OrderState.class,
                StateCodec::toAvro,
                StateCodec::fromAvro);
        trades = store(
                "trades",
                Kept.IN_MEMORY,
                StateKeys.TRADE,
                sluice.avro.state.BookedTrade.class,
                StateCodec::toAvro,
                StateCodec::fromAvro);
        postings = store(
                "postings",
                Kept.IN_MEMORY,
                StateKeys.NUMBERED,
                sluice.avro.state.Posting.class,
                StateCodec::toAvro,
                StateCodec::fromAvro);
        commands = store(
                "commands",
                Kept.IN_MEMORY,
                StateKeys.TEXT,
                CommandEffect.class,
                StateCodec::toAvro,
                StateCodec::fromAvro);
    }

    private <K, V, A extends SpecificRecord> Stored<K, V> store(
            String name, Kept kept, KeyCodec<K> keys, Class<A> type, Function<V, A> toAvro, Function<A, V> fromAvro) {
        var store = new Stored<>(name, kept, applicationId, keys, type, toAvro, fromAvro, registry);
        all.add(store);
        return store;
    }

    /** Every store, in a fixed order. */
    public List<Stored<?, ?>> all() {
        return List.copyOf(all);
    }

    /**
     * Registers the value schema of every store. The deploy step of a cluster and the start of the embedded stack do
     * this, as with the catalogue of topics.
     *
     * @throws IllegalStateException if the registry refuses one; those before it are registered
     */
    public void registerSchemas() {
        for (Stored<?, ?> store : all) {
            if (registry.register(store.subject(), store.schema()) instanceof Registration.Refused refused) {
                throw new IllegalStateException(
                        "the registry refuses " + store.schema().getFullName() + " as the next version of "
                                + store.subject() + ": " + refused.reason());
            }
        }
    }
}
