package sluice.risk.core;

import java.util.List;
import sluice.domain.AccountId;
import sluice.domain.OrderId;
import sluice.domain.StrategyId;

/**
 * Everything that the core remembers of one journal partition, split by what changes together: a decision reads and
 * writes a handful of small values, whatever the account holds.
 *
 * <p>Only {@link AccountCore} writes it. The running totals of accounts and strategies are handed out as the live
 * object (the same one at every call once it was put); everything else is immutable.
 */
public interface CoreState {
    /**
     * Limits, halts and the trading day that hold for every account, under {@link AccountId#ALL}, and for one account.
     */
    Table<AccountId, ControlBook> controls();

    /** Running totals by account and mode. */
    Table<BookId, AccountBook> accounts();

    /** Every book there is, in a fixed order. */
    List<BookId> books();

    /** Running totals by strategy. */
    Table<BookId.OfStrategy, StrategyBook> strategies();

    /** Every strategy of {@code book} that has totals, in a fixed order. */
    List<StrategyId> strategiesOf(BookId book);

    /** Holdings and open orders by event. */
    Table<BookId.OfEvent, EventBook> events();

    /** Which event a market belongs to, from its first order on. */
    Table<BookId.OfMarket, MarketEntry> markets();

    /** First answers by intent; forgotten after {@link AccountCore#ANSWER_LIFE_MILLIS}. */
    Table<OrderId, Answer> answers();

    /** Decisions by sequence number, for as long as a window or an answer needs them. */
    Table<BookId.Numbered, DecisionStub> decisions();

    /** Orders by id, until their answer is forgotten. */
    Table<OrderId, OrderState> orders();

    /** Trades that are booked. */
    Table<TradeKey, BookedTrade> trades();

    /** Profit and loss of the last 24 hours, one by one. */
    Table<BookId.Numbered, Posting> postings();

    /** Operator commands that had their effect. */
    Table<String, Long> commands();
}
