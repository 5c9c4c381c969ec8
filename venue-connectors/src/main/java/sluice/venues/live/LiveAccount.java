package sluice.venues.live;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.Mode;
import sluice.domain.OrderId;
import sluice.domain.Venue;
import sluice.domain.journal.JournalEntry.Holding;
import sluice.domain.order.Fill;
import sluice.domain.order.VenueReport;
import sluice.fault.CrashPoint;
import sluice.venues.api.Balance;
import sluice.venues.api.FillPage;
import sluice.venues.api.OpenOrder;
import sluice.venues.api.ReadOutcome;
import sluice.venues.api.Subscription;
import sluice.venues.api.UserListener;
import sluice.venues.api.VenueClient;
import sluice.venues.placement.AccountSnapshot;
import sluice.venues.placement.Outbox;

/**
 * What an account has at the venue, as the venue tells of it: by its stream, and by reading again after every gap and
 * on a schedule. Fills of both are one set; one that names no order of ours waits a while for the placement that
 * explains it, and is then told as nobody's.
 *
 * <p>Streams and reads run elsewhere; everything else belongs to the connector's thread.
 */
final class LiveAccount implements AutoCloseable {
    /** Long ago, and yet near enough to be subtracted from. */
    private static final long NEVER = Long.MIN_VALUE / 2;

    /** Told again after this many others, which does no harm. */
    private static final int FILLS_REMEMBERED = 100_000;

    /** A fill may be told before the answer that names its order. */
    private static final Duration WAIT_FOR_A_NAME = Duration.ofSeconds(30);

    /** After a change, what the account has is read soon, and not for each change. */
    private static final Duration SNAPSHOT_PAUSE = Duration.ofMillis(500);

    /** What the connector's thread does with news of orders. */
    interface Orders {
        void onReport(VenueReport report);

        /** News may have been lost: what may live must be asked for. */
        void onGap();

        Optional<OrderId> orderNamed(String venueOrderId);
    }

    private record FillKey(String tradeId, String venueOrderId, Fill.Status status) {}

    private record Nameless(Fill fill, long sinceMillis) {}

    private final AccountId account;
    private final Venue venue;
    private final Mode mode;
    private final VenueClient client;
    private final Orders orders;
    private final Outbox outbox;
    private final InstantSource clock;
    private final Executor io;
    private final Duration readEvery;
    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final Set<FillKey> told = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<FillKey, Boolean> eldest) {
            return size() > FILLS_REMEMBERED;
        }
    });
    private final List<Nameless> nameless = new ArrayList<>();
    private final Subscription stream;
    private String cursor;
    private boolean readingFills;
    private boolean readingAccount;
    private boolean gap = true;
    private boolean changed = true;
    private String fillsTrouble = "";
    private String accountTrouble = "";
    private long fillsReadAtMillis = NEVER;
    private long accountReadAtMillis = NEVER;

    /** @param cursor where reading fills goes on */
    LiveAccount(
            AccountId account,
            LiveConnectorConfig config,
            VenueClient client,
            Orders orders,
            Outbox outbox,
            InstantSource clock,
            Executor io,
            String cursor) {
        this.account = account;
        this.venue = config.venue();
        this.mode = config.mode();
        this.client = client;
        this.orders = orders;
        this.outbox = outbox;
        this.clock = clock;
        this.io = io;
        this.readEvery = config.readEvery();
        this.cursor = cursor;
        this.stream = client.streamUser(account, new UserListener() {
            @Override
            public void onReport(VenueReport report) {
                inbox.add(() -> {
                    changed = true;
                    orders.onReport(report);
                });
            }

            @Override
            public void onFill(Fill fill) {
                inbox.add(() -> fill(fill));
            }

            @Override
            public void onGap(String why) {
                inbox.add(() -> {
                    gap = true;
                    orders.onGap();
                });
            }
        });
    }

    /** Every fill before this was handed to the outbox, if it was made before the last read. */
    String cursor() {
        return cursor;
    }

    /** What could not be read of it when it was tried last, and why; empty if everything could. */
    Optional<String> trouble() {
        var both = (fillsTrouble + (fillsTrouble.isEmpty() || accountTrouble.isEmpty() ? "" : "; ") + accountTrouble);
        return both.isEmpty() ? Optional.empty() : Optional.of(both);
    }

    /** Takes in what was told, and begins the reads that are due. */
    void work() {
        for (var news = inbox.poll(); news != null; news = inbox.poll()) {
            news.run();
        }
        nameAgain();
        long now = clock.millis();
        if (!readingFills && (gap || now - fillsReadAtMillis >= readEvery.toMillis())) {
            readFills(now);
        }
        long pause = now - accountReadAtMillis;
        if (!readingAccount && (pause >= readEvery.toMillis() || (changed && pause >= SNAPSHOT_PAUSE.toMillis()))) {
            readAccount(now);
        }
    }

    // ------------------------------------------------------------------ fills

    private void fill(Fill fill) {
        OrderId order = fill.order().orElse(null);
        if (order == null) {
            order = orders.orderNamed(fill.venueOrderId()).orElse(null);
        }
        if (order == null) {
            if (nameless.stream().noneMatch(waiting -> keyOf(waiting.fill).equals(keyOf(fill)))
                    && !told.contains(keyOf(fill))) {
                nameless.add(new Nameless(fill, clock.millis()));
            }
            return;
        }
        tell(fill, order.value());
    }

    private void nameAgain() {
        if (nameless.isEmpty()) {
            return;
        }
        long now = clock.millis();
        for (var waiting : List.copyOf(nameless)) {
            var order = orders.orderNamed(waiting.fill.venueOrderId());
            if (order.isPresent() || now - waiting.sinceMillis >= WAIT_FOR_A_NAME.toMillis()) {
                nameless.remove(waiting);
                tell(waiting.fill, order.map(OrderId::value).orElse(""));
            }
        }
    }

    private void tell(Fill fill, String orderId) {
        if (!told.add(keyOf(fill))) {
            return;
        }
        changed = true;
        CrashPoint.FILL_BEFORE_SEND.pass();
        outbox.send(fill.withOrder(orderId).withAccount(account, mode));
        CrashPoint.FILL_SENT.pass();
    }

    private static FillKey keyOf(Fill fill) {
        return new FillKey(fill.tradeId(), fill.venueOrderId(), fill.status());
    }

    private void readFills(long now) {
        readingFills = true;
        gap = false;
        String from = cursor;
        io.execute(() -> {
            ReadOutcome<FillPage> outcome = read(() -> client.fillsSince(account, from));
            inbox.add(() -> {
                readingFills = false;
                switch (outcome) {
                    case ReadOutcome.Complete<FillPage>(FillPage page, long asOf) -> {
                        CrashPoint.FILLS_READ.pass();
                        page.fills().forEach(this::fill);
                        cursor = page.next();
                        CrashPoint.CURSOR_MOVED.pass();
                        gap |= page.more();
                        fillsReadAtMillis = now;
                        fillsTrouble = page.unread().isEmpty()
                                ? ""
                                : "one fill at least cannot be read, and is not told until it can be: " + page.unread();
                    }
                    // Asked again when it is due; the cursor stays where it is.
                    case ReadOutcome.Failed<FillPage> failed -> {
                        fillsReadAtMillis = now;
                        fillsTrouble = "fills cannot be read: " + failed.why();
                    }
                }
            });
        });
    }

    // ------------------------------------------------------------------ what it has

    private record Read(
            ReadOutcome<List<OpenOrder>> open,
            ReadOutcome<List<Holding>> positions,
            ReadOutcome<List<Balance>> balances) {}

    private void readAccount(long now) {
        readingAccount = true;
        changed = false;
        io.execute(() -> {
            var read = new Read(
                    read(() -> client.openOrders(account)),
                    read(() -> client.positions(account)),
                    read(() -> client.balances(account)));
            inbox.add(() -> {
                readingAccount = false;
                accountReadAtMillis = now;
                accountTrouble = troubleOf(read);
                outbox.send(snapshot(read, now));
            });
        });
    }

    /** Whatever goes wrong in a read, there is another one. */
    private static <T> ReadOutcome<T> read(Supplier<ReadOutcome<T>> read) {
        try {
            return read.get();
        } catch (RuntimeException e) {
            return new ReadOutcome.Failed<>("an answer of the venue that nobody foresaw: " + e);
        }
    }

    private static String troubleOf(Read read) {
        if (read.balances instanceof ReadOutcome.Failed<List<Balance>>(String why, boolean absent)) {
            return "the balance cannot be read: " + why;
        }
        if (read.open instanceof ReadOutcome.Failed<List<OpenOrder>>(String why, boolean absent)) {
            return "open orders cannot be read: " + why;
        }
        return read.positions instanceof ReadOutcome.Failed<List<Holding>>(String why, boolean absent)
                ? "positions cannot be read: " + why
                : "";
    }

    private AccountSnapshot snapshot(Read read, long startedAt) {
        var open = complete(read.open);
        return new AccountSnapshot(
                account,
                mode,
                venue,
                complete(read.balances),
                complete(read.positions),
                open == null ? null : open.stream().map(this::named).toList(),
                null,
                startedAt);
    }

    private OpenOrder named(OpenOrder order) {
        return order.orderId() != null
                ? order
                : order.withOrderId(orders.orderNamed(order.venueOrderId()).orElse(null));
    }

    private static <T> @Nullable T complete(ReadOutcome<T> outcome) {
        return switch (outcome) {
            case ReadOutcome.Complete<T>(T value, long asOf) -> value;
            case ReadOutcome.Failed<T> failed -> null;
        };
    }

    @Override
    public void close() {
        stream.close();
    }
}
