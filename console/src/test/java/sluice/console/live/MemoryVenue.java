package sluice.console.live;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import sluice.domain.AccountId;
import sluice.domain.MarketId;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.Quantity;
import sluice.domain.journal.JournalEntry.Holding;
import sluice.domain.market.Market;
import sluice.domain.market.Settlement;
import sluice.domain.order.Fill;
import sluice.domain.order.OrderCommand;
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

/**
 * A venue in memory, which outlives the connectors that call it. What it does to an order is in the order's name: an id
 * that contains {@code lost} is taken and its answer gets lost, {@code gone} never arrives, {@code no} is refused,
 * {@code slow} waits for {@link #answerSlowOnes}; every other one is taken. What is taken is filled at once, except
 * {@code rest}.
 */
final class MemoryVenue implements VenueClient {
    final Map<String, Integer> calls = new ConcurrentHashMap<>();
    final Set<String> taken = ConcurrentHashMap.newKeySet();
    final Set<String> cancelled = ConcurrentHashMap.newKeySet();
    final List<Fill> fills = new CopyOnWriteArrayList<>();
    private final CountDownLatch slow = new CountDownLatch(1);
    private final List<UserListener> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean streaming = true;

    void answerSlowOnes() {
        slow.countDown();
    }

    /** From now on nothing is told by the stream. */
    void fallSilent() {
        streaming = false;
    }

    @Override
    public PreparedOrder prepare(OrderCommand command) {
        String id = command.orderId().value();
        return new PreparedOrder(
                command, "c-" + id, null, ByteBuffer.wrap(("order " + id).getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public SubmitOutcome submit(PreparedOrder order) {
        String id = order.command().orderId().value();
        calls.merge(id, 1, Integer::sum);
        if (id.contains("slow")) {
            try {
                slow.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new SubmitOutcome.Unknown("interrupted");
            }
        }
        if (id.contains("no")) {
            return new SubmitOutcome.Refused("not_enough", "no money", 1);
        }
        if (id.contains("gone")) {
            return new SubmitOutcome.Unknown("connection reset");
        }
        taken.add(id);
        if (!id.contains("rest")) {
            fill(order.command());
        }
        return id.contains("lost") ? new SubmitOutcome.Unknown("timeout") : new SubmitOutcome.Accepted("v-" + id, 1);
    }

    private void fill(OrderCommand command) {
        String id = command.orderId().value();
        var fill = new Fill(
                "t-" + id,
                "",
                "v-" + id,
                command.account(),
                Mode.LIVE,
                command.market().id(),
                command.side(),
                command.action(),
                command.limitPrice(),
                command.quantity(),
                Money.parse("0.01"),
                true,
                Fill.Status.FINAL,
                command.decidedAtMillis());
        fills.add(fill);
        if (streaming) {
            listeners.forEach(listener -> listener.onFill(fill));
        }
    }

    @Override
    public CancelOutcome cancel(OrderRef order) {
        String id = order.orderId().value();
        cancelled.add(id);
        return id.contains("unclear")
                ? new CancelOutcome.Unknown("timeout")
                : new CancelOutcome.Cancelled(Quantity.ZERO, 2);
    }

    @Override
    public LookupOutcome lookUp(OrderRef order) {
        String id = order.orderId().value();
        if (!taken.contains(id)) {
            return new LookupOutcome.Absent(1);
        }
        var filled =
                fills.stream().filter(fill -> fill.tradeId().equals("t-" + id)).findFirst();
        return new LookupOutcome.Found(
                "v-" + id,
                filled.isPresent()
                        ? LookupOutcome.Status.FILLED
                        : cancelled.contains(id) ? LookupOutcome.Status.CANCELLED : LookupOutcome.Status.WORKING,
                filled.map(Fill::quantity).orElse(Quantity.ZERO),
                "",
                1);
    }

    @Override
    public void know(OrderRef order, ByteBuffer request) {}

    @Override
    public Duration readLag() {
        return Duration.ofMillis(100);
    }

    @Override
    public ReadOutcome<List<OpenOrder>> openOrders(AccountId account) {
        return new ReadOutcome.Complete<>(List.of(), 1);
    }

    @Override
    public ReadOutcome<FillPage> fillsSince(AccountId account, String cursor) {
        int from = cursor.isEmpty() ? 0 : Integer.parseInt(cursor);
        var all = new ArrayList<>(fills);
        return new ReadOutcome.Complete<>(
                new FillPage(all.subList(from, all.size()), Integer.toString(all.size()), false), 1);
    }

    @Override
    public ReadOutcome<List<Holding>> positions(AccountId account) {
        return new ReadOutcome.Complete<>(List.of(), 1);
    }

    @Override
    public ReadOutcome<List<Balance>> balances(AccountId account) {
        return new ReadOutcome.Complete<>(List.of(new Balance("", Money.parse("100"), Money.parse("90"))), 1);
    }

    @Override
    public ReadOutcome<Market> market(MarketId market) {
        return new ReadOutcome.Failed<>("not asked for here");
    }

    @Override
    public ReadOutcome<Optional<Settlement>> settlement(MarketId market) {
        return new ReadOutcome.Failed<>("not asked for here");
    }

    @Override
    public Subscription streamQuotes(Set<MarketId> markets, QuoteListener listener) {
        return () -> {};
    }

    @Override
    public Subscription streamUser(AccountId account, UserListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public Health health() {
        return new Health(true, true, 0L, "in memory");
    }

    @Override
    public StopOutcome stop(AccountId account) {
        return new StopOutcome.Unknown("not asked for here");
    }
}
