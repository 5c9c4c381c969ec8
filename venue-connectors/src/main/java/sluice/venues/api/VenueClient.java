package sluice.venues.api;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sluice.domain.AccountId;
import sluice.domain.MarketId;
import sluice.domain.journal.JournalEntry.Holding;
import sluice.domain.market.Market;
import sluice.domain.market.Settlement;
import sluice.domain.order.OrderCommand;

/**
 * One venue. Live and simulated ones answer the same questions with the same guarantees.
 *
 * <p>No method retries a write, and none throws because of what a venue answered or failed to answer: that is an
 * outcome. What is not understood is Unknown, never success and never a refusal. Unless an implementation says
 * otherwise, methods may be called by several threads, and each blocks until its answer or a deadline of its own.
 */
public interface VenueClient {
    // ------------------------------------------------------------------ orders

    /**
     * Builds and signs the order. Contacts nobody; the same command gives the same ids and bytes, also after a restart,
     * so that an order can be found again by what was written before it left.
     *
     * @throws IllegalArgumentException if the command cannot be said in the venue's terms
     */
    PreparedOrder prepare(OrderCommand command);

    /**
     * Sends a prepared order, at most once. Every answer that leaves open whether the venue has the order is Unknown:
     * time-outs, broken connections, server errors, bodies that cannot be read. {@code NotSent} is proof that not one
     * byte of it left.
     */
    SubmitOutcome submit(PreparedOrder order);

    /** Asks to cancel an order. May be repeated. */
    CancelOutcome cancel(OrderRef order);

    /**
     * Looks for an order wherever it could be: open orders, finished ones, fills. {@code Absent} only if all of them
     * were read completely.
     */
    LookupOutcome lookUp(OrderRef order);

    /**
     * Remembers an order that an earlier process placed, so that what the venue tells of it is told under our id.
     * Contacts nobody.
     *
     * @param request the bytes that were written before its call; read-only
     */
    void know(OrderRef order, ByteBuffer request);

    /** How far reads may lag behind the exchange: an order may stay invisible for this long after it was accepted. */
    Duration readLag();

    // ------------------------------------------------------------------ what an account has

    /** Every open order of the account, also those that are not ours. */
    ReadOutcome<List<OpenOrder>> openOrders(AccountId account);

    /**
     * Fills after a cursor, oldest first. Following the cursors from {@link FillPage#START} sees every fill at least
     * once; it may repeat some.
     */
    ReadOutcome<FillPage> fillsSince(AccountId account, String cursor);

    /** Everything the account holds, settled markets left out. */
    ReadOutcome<List<Holding>> positions(AccountId account);

    /** Cash, by bucket. */
    ReadOutcome<List<Balance>> balances(AccountId account);

    // ------------------------------------------------------------------ markets and streams

    /** What is known of a market; Failed also if there is no such market. */
    ReadOutcome<Market> market(MarketId market);

    /**
     * What a market pays, as far as the venue says so; empty while there is no result. A result that is not final may
     * change. The version is not the venue's to tell: it is 1 here, and counts up where results are kept.
     */
    ReadOutcome<Optional<Settlement>> settlement(MarketId market);

    /** Tells the listener of the books of these markets from now on, each market's newest known book first. */
    Subscription streamQuotes(Set<MarketId> markets, QuoteListener listener);

    /** Tells the listener of the account's orders and fills from now on. */
    Subscription streamUser(AccountId account, UserListener listener);

    // ------------------------------------------------------------------ state

    /** Whether the venue can be traded on, by the newest knowledge; does not block. */
    Health health();

    /** Pulls the venue's own switch: cancels every open order of the account by one request. May be repeated. */
    StopOutcome stop(AccountId account);
}
