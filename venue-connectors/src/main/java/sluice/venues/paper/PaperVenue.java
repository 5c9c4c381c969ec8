package sluice.venues.paper;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.MarketId;
import sluice.domain.Money;
import sluice.domain.Venue;
import sluice.domain.journal.JournalEntry.Holding;
import sluice.domain.journal.Origin;
import sluice.domain.market.Market;
import sluice.domain.market.Quote;
import sluice.domain.market.Settlement;
import sluice.domain.order.Fill;
import sluice.domain.order.OrderCommand;
import sluice.domain.paper.PaperAccount;
import sluice.domain.paper.PaperEvent;
import sluice.domain.paper.PaperExchange;
import sluice.domain.paper.PaperOrder;
import sluice.domain.paper.PaperRules;
import sluice.venues.api.Balance;
import sluice.venues.api.CancelOutcome;
import sluice.venues.api.FillPage;
import sluice.venues.api.Health;
import sluice.venues.api.LookupOutcome;
import sluice.venues.api.OpenOrder;
import sluice.venues.api.OrderRef;
import sluice.venues.api.PreparedOrder;
import sluice.venues.api.QuoteListener;
import sluice.venues.api.ReadOutcome;
import sluice.venues.api.StopOutcome;
import sluice.venues.api.SubmitOutcome;
import sluice.venues.api.Subscription;
import sluice.venues.api.UserListener;
import sluice.venues.api.VenueClient;
import sluice.wire.AvroBytes;
import sluice.wire.OrderCodec;

/**
 * The paper exchange as a venue: it answers like one, and like one it never says anything that its own ledger does not
 * hold already. Every call that changes something commits to the ledger before it returns; what markets and time bring
 * about is committed by {@link #settleUp}, and only then told.
 *
 * <p>An exception out of the ledger leaves this object of no use; a new one is rebuilt from the ledger.
 *
 * <p>Not safe for several threads, unlike a live venue: books, time and orders must reach it in one order.
 */
public final class PaperVenue implements VenueClient {
    /** Hears of what was committed, after it was. */
    @FunctionalInterface
    interface Listener {
        /** An event was committed. {@code answered} says that a caller gets it as the answer to a call. */
        void onCommitted(PaperEvent event, boolean answered);
    }

    private final PaperExchange exchange;
    private final PaperLedger ledger;
    private final InstantSource clock;
    private final List<PaperEvent> uncommitted = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final Map<AccountId, List<Fill>> fills = new HashMap<>();
    private final List<Consumer<Quote>> quoteListeners = new ArrayList<>();

    /** A venue with no past; {@link #restore} gives it one. */
    public PaperVenue(PaperRules rules, PaperLedger ledger, InstantSource clock) {
        this.exchange = new PaperExchange(rules);
        this.ledger = ledger;
        this.clock = clock;
    }

    // ------------------------------------------------------------------ the past

    /** Takes an event out of the ledger. All of them, in order, before anything else. */
    public void restore(PaperEvent event) {
        exchange.apply(event);
        remember(event);
    }

    /** Takes the newest book there was before this process. */
    public void restoreBook(Quote quote, Origin origin) {
        long now = clock.millis();
        uncommitted.addAll(exchange.restoreBook(quote.notAfter(now), origin, now));
    }

    // ------------------------------------------------------------------ what markets and time bring about

    /** Puts the starting cash into an account, unless it ever had some. */
    public void deposit(AccountId account, Venue venue, Money amount) {
        if (!exchange.hasDeposit(account, venue)) {
            uncommitted.addAll(exchange.deposit(account, venue, amount, clock.millis()));
        }
    }

    /** A book arrived. One that says it is of the future is of now: it must not outrank the real ones to come. */
    public void onQuote(Quote told, Origin origin) {
        var quote = told.notAfter(clock.millis());
        uncommitted.addAll(exchange.onQuote(quote, origin));
        for (var listener : List.copyOf(quoteListeners)) {
            listener.accept(quote);
        }
    }

    /** News of a market arrived. */
    public void onMarket(Market market) {
        uncommitted.addAll(exchange.onMarket(market, clock.millis()));
    }

    /** A result arrived. */
    public void onSettlement(Settlement settlement) {
        uncommitted.addAll(exchange.settle(settlement, clock.millis()));
    }

    /** Time has passed: what is due by now happens. */
    public void advance() {
        uncommitted.addAll(exchange.advanceTo(clock.millis()));
    }

    /** Commits what markets and time have brought about, and tells of it. */
    public void settleUp() {
        commit(0);
    }

    void addListener(Listener listener) {
        listeners.add(listener);
    }

    /** Commits everything; the newest {@code answers} events are the answer to a call. */
    private void commit(int answers) {
        if (uncommitted.isEmpty()) {
            return;
        }
        ledger.append(uncommitted);
        var committed = List.copyOf(uncommitted);
        uncommitted.clear();
        for (int i = 0; i < committed.size(); i++) {
            remember(committed.get(i));
            for (var listener : List.copyOf(listeners)) {
                listener.onCommitted(committed.get(i), i >= committed.size() - answers);
            }
        }
    }

    private void remember(PaperEvent event) {
        if (event instanceof PaperEvent.Filled filled) {
            fills.computeIfAbsent(filled.account(), account -> new ArrayList<>())
                    .add(filled.fill());
        }
    }

    // ------------------------------------------------------------------ orders

    @Override
    public PreparedOrder prepare(OrderCommand command) {
        return new PreparedOrder(
                command,
                command.orderId().value(),
                PaperOrder.venueOrderIdOf(command.orderId()),
                ByteBuffer.wrap(AvroBytes.encode(OrderCodec.toAvro(command))));
    }

    /** An order whose id was seen before gets the answer that it got then. */
    @Override
    public SubmitOutcome submit(PreparedOrder prepared) {
        var command = prepared.command();
        var events = exchange.place(command, clock.millis());
        uncommitted.addAll(events);
        commit(events.size());
        var order = exchange.order(command.orderId())
                .orElseThrow(() -> new IllegalStateException("order " + command.orderId() + " left no trace"));
        if (order.status() != PaperOrder.Status.REFUSED) {
            return new SubmitOutcome.Accepted(order.venueOrderId(), clock.millis());
        }
        int colon = order.detail().indexOf(':');
        return new SubmitOutcome.Refused(
                order.detail().substring(0, colon),
                order.detail().substring(colon + 1).strip(),
                clock.millis());
    }

    @Override
    public CancelOutcome cancel(OrderRef ref) {
        var events = exchange.cancel(ref.orderId(), "asked for", clock.millis());
        uncommitted.addAll(events);
        commit(events.size());
        var order = exchange.order(ref.orderId()).orElse(null);
        if (order == null) {
            return new CancelOutcome.Refused("order_not_found", "no such order", clock.millis());
        }
        return events.isEmpty()
                ? new CancelOutcome.Refused("order_not_open", "the order is " + order.status(), clock.millis())
                : new CancelOutcome.Cancelled(order.filled(), clock.millis());
    }

    @Override
    public LookupOutcome lookUp(OrderRef ref) {
        var order = exchange.order(ref.orderId()).orElse(null);
        if (order == null) {
            return new LookupOutcome.Absent(clock.millis());
        }
        var status =
                switch (order.status()) {
                    case REFUSED -> LookupOutcome.Status.REFUSED;
                    case PENDING -> LookupOutcome.Status.ACCEPTED;
                    case RESTING -> LookupOutcome.Status.WORKING;
                    case FILLED -> LookupOutcome.Status.FILLED;
                    case CANCELLED -> LookupOutcome.Status.CANCELLED;
                    case EXPIRED -> LookupOutcome.Status.EXPIRED;
                };
        return new LookupOutcome.Found(order.venueOrderId(), status, order.filled(), order.detail(), clock.millis());
    }

    /** Its own ledger remembers them. */
    @Override
    public void know(OrderRef ref, ByteBuffer request) {}

    /** None: a call has returned only after the ledger had it, and reads are of the same memory. */
    @Override
    public Duration readLag() {
        return Duration.ZERO;
    }

    // ------------------------------------------------------------------ what an account has

    @Override
    public ReadOutcome<List<OpenOrder>> openOrders(AccountId account) {
        var open = new ArrayList<OpenOrder>();
        for (var venue : Venue.values()) {
            exchange.account(account, venue).openOrders().forEach(order -> open.add(openOrder(order)));
        }
        return complete(open);
    }

    static OpenOrder openOrder(PaperOrder order) {
        return new OpenOrder(
                order.id(),
                order.venueOrderId(),
                order.market(),
                order.side(),
                order.action(),
                order.limit(),
                order.quantity(),
                order.filled());
    }

    @Override
    public ReadOutcome<FillPage> fillsSince(AccountId account, String cursor) {
        var all = fills.getOrDefault(account, List.of());
        int from = cursor.equals(FillPage.START) ? 0 : Integer.parseInt(cursor);
        return complete(new FillPage(all.subList(from, all.size()), Integer.toString(all.size()), false));
    }

    @Override
    public ReadOutcome<List<Holding>> positions(AccountId account) {
        var holdings = new ArrayList<Holding>();
        for (var venue : Venue.values()) {
            holdings.addAll(exchange.account(account, venue).holdings());
        }
        return complete(holdings);
    }

    /** Cash at each simulated venue; the bucket is the venue's name. */
    @Override
    public ReadOutcome<List<Balance>> balances(AccountId account) {
        var balances = new ArrayList<Balance>();
        for (var venue : Venue.values()) {
            if (exchange.hasDeposit(account, venue)) {
                var books = exchange.account(account, venue);
                balances.add(new Balance(venue.name(), books.cash(), books.available()));
            }
        }
        return complete(balances);
    }

    /** Every account at every simulated venue. */
    public List<PaperAccount> accounts() {
        return exchange.accounts();
    }

    /** An account at a simulated venue. */
    public PaperAccount account(AccountId account, Venue venue) {
        return exchange.account(account, venue);
    }

    @Nullable
    PaperOrder order(PaperEvent.OfOrder event) {
        return exchange.order(event.orderId()).orElse(null);
    }

    // ------------------------------------------------------------------ markets, streams and state

    @Override
    public ReadOutcome<Market> market(MarketId market) {
        return exchange.market(market)
                .<ReadOutcome<Market>>map(this::complete)
                .orElseGet(() -> new ReadOutcome.Failed<>("nothing is known of " + market));
    }

    /** Nothing is settled here first: paper pays what the venue that it simulates has settled. */
    @Override
    public ReadOutcome<Optional<Settlement>> settlement(MarketId market) {
        return new ReadOutcome.Failed<>("the paper venue settles nothing by itself; ask " + market.venue());
    }

    @Override
    public Subscription streamQuotes(Set<MarketId> markets, QuoteListener listener) {
        var wanted = Set.copyOf(markets);
        for (var market : wanted) {
            exchange.book(market).ifPresent(listener::onQuote);
        }
        Consumer<Quote> forward = quote -> {
            if (wanted.contains(quote.market())) {
                listener.onQuote(quote);
            }
        };
        quoteListeners.add(forward);
        return () -> quoteListeners.remove(forward);
    }

    @Override
    public Subscription streamUser(AccountId account, UserListener listener) {
        Listener forward = (event, answered) -> {
            if (!event.account().equals(account) || !(event instanceof PaperEvent.OfOrder ofOrder)) {
                return;
            }
            if (ofOrder instanceof PaperEvent.Filled filled) {
                listener.onFill(filled.fill());
            }
            exchange.order(ofOrder.orderId())
                    .flatMap(order -> PaperReports.of(ofOrder, order))
                    .ifPresent(listener::onReport);
        };
        listeners.add(forward);
        return () -> listeners.remove(forward);
    }

    @Override
    public Health health() {
        return new Health(true, true, 0L, "simulated");
    }

    @Override
    public StopOutcome stop(AccountId account) {
        int cancelled = 0;
        for (var venue : Venue.values()) {
            for (var order : exchange.account(account, venue).openOrders()) {
                uncommitted.addAll(exchange.cancel(order.id(), "every order of the account", clock.millis()));
                cancelled++;
            }
        }
        commit(0);
        return new StopOutcome.Stopped(cancelled, clock.millis());
    }

    private <T> ReadOutcome<T> complete(T value) {
        return new ReadOutcome.Complete<>(value, clock.millis());
    }
}
