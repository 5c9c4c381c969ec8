package sluice.venues.polymarket;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.MarketId;
import sluice.domain.Micros;
import sluice.domain.Money;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.Venue;
import sluice.domain.journal.JournalEntry.Holding;
import sluice.domain.market.Market;
import sluice.domain.market.PriceGrid;
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
import sluice.venues.http.HttpOutcome;
import sluice.venues.http.VenueHttp;
import sluice.venues.polymarket.PolymarketChain.ExchangeKind;
import sluice.venues.polymarket.Words.Unreadable;

/**
 * Polymarket's order book.
 *
 * <p>No order leaves before {@link #refresh} has found that we may trade: place, clock, version and account.
 * {@link #keepFresh} asks that on a schedule. Where the venue refuses this place, that is the end of it; nothing here
 * goes around.
 *
 * <p>Reading an account and trading with it are two things: whoever makes a client reads, and only
 * {@link #startTrading} begins the heartbeats, without which (where they are configured) no order leaves.
 *
 * <p>The venue knows orders by the hash that was signed. An order made by an earlier process has to be made known by
 * {@link #know} to be told under our id.
 *
 * <p>A buy that fills at once or dies is an amount of dollars to the venue: better prices than the limit may bring more
 * shares than were asked for, never a higher cost.
 */
public final class PolymarketClient implements VenueClient, AutoCloseable {
    /** What is remembered of an order, for as long as this object lives: its names, and the shares that were signed. */
    private record Known(OrderRef ref, @Nullable Quantity quantity) {}

    /** What reading one order found. */
    private sealed interface OrderRead {
        record Present(OrderState state) implements OrderRead {}

        record NotOpen() implements OrderRead {}

        record Failed(String why) implements OrderRead {}
    }

    /** Most orders of one batch. */
    public static final int LARGEST_BATCH = 15;

    private static final Duration REFRESH_EVERY = Duration.ofSeconds(30);
    private static final Duration BEAT_EVERY = Duration.ofSeconds(5);
    private static final int ASSETS_PER_SOCKET = 200;
    private static final int POSITIONS_PER_PAGE = 500;
    private static final int MOST_POSITIONS = 10_000;
    private static final long GTD_MARGIN_SECONDS = 60;

    /** Trades may be listed late; so much of the past is read again. */
    private static final long FILL_OVERLAP_SECONDS = 120;

    /** How an order is found that can itself not be read any more. */
    private static final String BY_TRADES = "found by its trades";

    /** Bits 40 to 103 of a token id: zero in Protocol V2, and a hash in the other. */
    private static final BigInteger PROTOCOL_MASK =
            BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE).shiftLeft(40);

    private final PolymarketConfig config;
    private final Map<AccountId, PolymarketAccount> accounts = new TreeMap<>();
    private final VenueHttp http;
    private final ClobRequests clob;
    private final InstantSource clock;
    private final BiConsumer<MarketId, String> marketChanged;
    private final Map<ExchangeKind, byte[]> domains = new EnumMap<>(ExchangeKind.class);
    private final TradingState state = new TradingState();
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Map<MarketId, Market> markets = new ConcurrentHashMap<>();
    private final Map<AccountId, String> heartbeats = new ConcurrentHashMap<>();
    private final Set<ClobSocket> sockets = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(
            3, Thread.ofPlatform().daemon().name("polymarket-", 0).factory());
    private final List<Future<?>> schedules = new ArrayList<>();
    private volatile boolean blockedPlace;

    /**
     * @param marketChanged hears that what is known of a market is out of date (its tick, its result), and why
     * @param clock local time; how far it is off is measured, not corrected
     */
    public PolymarketClient(
            PolymarketConfig config,
            List<PolymarketAccount> accounts,
            VenueHttp http,
            InstantSource clock,
            BiConsumer<MarketId, String> marketChanged) {
        this.config = config;
        this.http = http;
        this.clock = clock;
        this.clob = new ClobRequests(http, config.clob(), clock);
        this.marketChanged = (market, why) -> {
            markets.remove(market);
            marketChanged.accept(market, why);
        };
        for (var account : accounts) {
            this.accounts.put(account.id(), account);
        }
        for (var kind : ExchangeKind.values()) {
            domains.put(
                    kind,
                    config.chain().domainSeparator(config.chain().exchanges().of(kind)));
        }
    }

    /** Asks whether we may trade, now and on a schedule. Reads only: the venue does nothing for it. */
    public void keepFresh() {
        every(REFRESH_EVERY, this::refresh);
    }

    /**
     * Begins to trade: where heartbeats are configured they are sent from now on, and no order leaves before one was
     * answered.
     *
     * <p>For a process that goes on: once it falls silent, the venue cancels every open order of these accounts' keys,
     * whichever process placed it. Whoever only reads must not call this.
     *
     * @return completes when each account's first heartbeat was answered, at once without heartbeats; never fails
     */
    public CompletableFuture<Void> startTrading() {
        if (!config.heartbeats()) {
            return CompletableFuture.completedFuture(null);
        }
        accounts.keySet().forEach(state::expectBeats);
        var first = state.firstBeats();
        for (var account : accounts.values()) {
            // A beat that fails leaves the last one to grow old, which stops new orders.
            every(BEAT_EVERY, () -> beat(account.id()));
        }
        return first;
    }

    /** A schedule goes on whatever its task throws: silence would look like health until it is too old. */
    private void every(Duration period, Runnable task) {
        Runnable guarded = () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                state.asked(new TradingState.Round(
                        List.of("asking the venue failed here: " + e), null, Set.of(), clock.millis()));
            }
        };
        schedules.add(timer.scheduleWithFixedDelay(guarded, 0, period.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Ends streams and schedules; where heartbeats were sent, the venue cancels our orders soon after. */
    @Override
    public void close() {
        schedules.forEach(it -> it.cancel(false));
        timer.shutdownNow();
        sockets.forEach(ClobSocket::close);
        sockets.clear();
    }

    // ------------------------------------------------------------------ preparing

    /**
     * {@inheritDoc}
     *
     * <p>The order's salt follows from account and order id, its timestamp is the decision's. Sizes are cut to two
     * decimals.
     */
    @Override
    public PreparedOrder prepare(OrderCommand command) {
        var account = account(command.account());
        var market = command.market();
        var kind = ExchangeKind.of(market);
        var order = order(command, account, kind);
        byte[] domain = domain(kind);
        byte[] signature = order.signature(account.key(), domain, config.chain().chainId());
        var handling = new ExchangeOrder.Handling(
                orderType(command),
                command.postOnly(),
                false,
                expiration(command),
                account.credentials().key());
        var hash = Eip712.hex(order.hash(domain));
        var prepared = new PreparedOrder(command, hash, hash, ClobRequests.utf8(order.body(signature, handling)));
        known.put(hash, new Known(prepared.ref(), command.quantity()));
        return prepared;
    }

    private ExchangeOrder order(OrderCommand command, PolymarketAccount account, ExchangeKind kind) {
        var market = command.market();
        var token = command.side() == Side.YES ? market.yesTokenId() : market.noTokenId();
        if (token == null || (command.tokenId() != null && !command.tokenId().equals(token))) {
            throw new IllegalArgumentException(market.id() + " has the token " + token + " for " + command.side()
                    + ", and the order names " + command.tokenId());
        }
        var tokenId = new BigInteger(token);
        if ((tokenId.and(PROTOCOL_MASK).signum() == 0) != (kind == ExchangeKind.UNIFIED)) {
            throw new IllegalArgumentException("token " + token + " is not of the protocol of exchange " + kind + "; "
                    + market.id() + " must be read again");
        }
        var tick = tick(command);
        var amounts = command.timeInForce().mayRest()
                ? OrderAmounts.limit(command.action(), command.limitPrice(), command.quantity(), tick)
                : OrderAmounts.market(command.action(), command.limitPrice(), command.quantity(), tick);
        return new ExchangeOrder(
                salt(command),
                account.funder(),
                account.signer(),
                tokenId,
                amounts.maker(),
                amounts.taker(),
                command.action(),
                account.signatureType(),
                command.decidedAtMillis(),
                ExchangeOrder.NO_BYTES,
                config.builder());
    }

    private static sluice.domain.Price tick(OrderCommand command) {
        var market = command.market();
        if (market.prices().accepts(command.limitPrice())) {
            for (PriceGrid.Band band : market.prices().bands()) {
                if (!command.limitPrice().isBelow(band.start())
                        && !command.limitPrice().isAbove(band.end())
                        && command.limitPrice().micros() % band.step().micros() == 0) {
                    return band.step();
                }
            }
        }
        throw new IllegalArgumentException("price " + command.limitPrice() + " is not one that " + market.id()
                + " takes: " + market.prices().bands());
    }

    /** The same for the same intent, and different for any other: 53 bits of a hash of its name. */
    private static long salt(OrderCommand command) {
        byte[] hash = Eip712.hash("sluice|" + command.account() + "|" + command.orderId());
        return ByteBuffer.wrap(hash).getLong() & ExchangeOrder.LARGEST_SALT;
    }

    private static String orderType(OrderCommand command) {
        if (command.postOnly() && !command.timeInForce().mayRest()) {
            throw new IllegalArgumentException(
                    "order " + command.orderId() + " is post-only and may not rest; choose GTC or GTD");
        }
        return switch (command.timeInForce()) {
            case IOC -> "FAK";
            case FOK -> "FOK";
            case GTC -> "GTC";
            case GTD -> "GTD";
        };
    }

    /** The venue takes an order off a minute before the time that it names. */
    private static long expiration(OrderCommand command) {
        return switch (command.timeInForce()) {
            case IOC, FOK, GTC -> 0;
            case GTD -> {
                var expires = command.expiresAtMillis();
                if (expires == null) {
                    throw new IllegalArgumentException("order " + command.orderId() + " is GTD and names no time");
                }
                yield Math.floorDiv(expires, 1000L) + GTD_MARGIN_SECONDS;
            }
        };
    }

    /**
     * Makes an order of an earlier process known, so that news of it is told under our id.
     *
     * @param request the bytes that it was sent with, as they were written before the call; empty if they are not kept
     *     any more. With them, an order whose trades fill it is known to be filled once it is gone
     */
    @Override
    public void know(OrderRef ref, ByteBuffer request) {
        var hash = ref.venueOrderId();
        if (hash == null) {
            return;
        }
        Quantity shares = null;
        if (request.hasRemaining()) {
            try {
                var body = Words.parse(
                        StandardCharsets.UTF_8.decode(request.duplicate()).toString());
                var order = body.path("order");
                shares = new Quantity(units(order, Trades.action(order) == Action.BUY ? "takerAmount" : "makerAmount"));
            } catch (Unreadable e) {
                throw new IllegalArgumentException(
                        "what is on record for order " + ref.orderId() + " is not a request to Polymarket: " + e.why());
            }
        }
        known.putIfAbsent(hash.toLowerCase(Locale.ROOT), new Known(ref, shares));
    }

    // ------------------------------------------------------------------ placing and cancelling

    @Override
    public SubmitOutcome submit(PreparedOrder order) {
        var account = account(order.command().account());
        var why = whyNot(order);
        if (why.isPresent()) {
            return new SubmitOutcome.NotSent(why.get());
        }
        var answer = clob.signed(
                account,
                "POST",
                "/order",
                Map.of(),
                order.request(),
                order.command().deadlineMillis());
        var outcome = Submission.outcome(answer, order.clientOrderId());
        learn(answer, outcome);
        return outcome;
    }

    private Optional<String> whyNot(PreparedOrder order) {
        var command = order.command();
        if (config.heartbeats() && !state.expectsBeats(command.account())) {
            return Optional.of("this client only reads: heartbeats are wanted, and trading was not started");
        }
        return state.whyNot(command.account(), command.action() == Action.BUY, command.postOnly(), clock.millis());
    }

    /**
     * Sends up to {@link #LARGEST_BATCH} orders of one account in one request, at most once.
     *
     * @return an outcome for each, in their order
     */
    public List<SubmitOutcome> submitBatch(List<PreparedOrder> orders) {
        if (orders.isEmpty() || orders.size() > LARGEST_BATCH) {
            throw new IllegalArgumentException(
                    orders.size() + " orders in a batch; 1 to " + LARGEST_BATCH + " are taken");
        }
        var account = account(orders.get(0).command().account());
        if (!orders.stream().allMatch(it -> it.command().account().equals(account.id()))) {
            throw new IllegalArgumentException("a batch holds orders of one account");
        }
        for (var order : orders) {
            var why = whyNot(order);
            if (why.isPresent()) {
                return all(orders, new SubmitOutcome.NotSent(order.command().orderId() + ": " + why.get()));
            }
        }
        var body = new StringJoiner(",", "[", "]");
        orders.forEach(
                order -> body.add(StandardCharsets.UTF_8.decode(order.request().duplicate())));
        var answer = clob.signed(
                account,
                "POST",
                "/orders",
                Map.of(),
                StandardCharsets.UTF_8.encode(body.toString()),
                orders.stream()
                        .mapToLong(order -> order.command().deadlineMillis())
                        .min()
                        .orElseThrow());
        var outcomes = batchOutcomes(answer, orders);
        outcomes.forEach(outcome -> learn(answer, outcome));
        return outcomes;
    }

    private static List<SubmitOutcome> batchOutcomes(HttpOutcome outcome, List<PreparedOrder> orders) {
        return switch (outcome) {
            case HttpOutcome.NotSent notSent -> all(orders, new SubmitOutcome.NotSent(notSent.why()));
            case HttpOutcome.NoAnswer noAnswer -> all(orders, new SubmitOutcome.Unknown(noAnswer.why()));
            case HttpOutcome.Answer answer
            when answer.status() == 200 -> {
                try {
                    var elements = Words.array(Words.parse(answer.body()), "the batch's answer");
                    if (elements.size() != orders.size()) {
                        throw new Unreadable(elements.size() + " answers to " + orders.size() + " orders");
                    }
                    var outcomes = new ArrayList<SubmitOutcome>();
                    for (int i = 0; i < orders.size(); i++) {
                        outcomes.add(Submission.accepted(
                                elements.get(i), orders.get(i).clientOrderId(), answer.receivedAtMillis()));
                    }
                    yield outcomes;
                } catch (Unreadable | IllegalArgumentException | ArithmeticException e) {
                    yield all(orders, new SubmitOutcome.Unknown("status 200, and " + why(e)));
                }
            }
            case HttpOutcome.Answer answer -> all(orders, ofWholeBatch(Submission.refused(answer)));
        };
    }

    /** What is wrong with one order is told in the list; as the answer to all it proves nothing of each. */
    private static SubmitOutcome ofWholeBatch(SubmitOutcome outcome) {
        return switch (outcome) {
            case SubmitOutcome.Refused refused ->
                switch (refused.code()) {
                    case "invalid_payload",
                            "batch_too_large",
                            "unauthorized",
                            "geoblocked",
                            "rate_limited",
                            "post_only_mode",
                            "cancel_only",
                            "trading_disabled" -> refused;
                    default -> new SubmitOutcome.Unknown("the whole batch was answered " + refused.detail());
                };
            case SubmitOutcome.Accepted accepted -> accepted;
            case SubmitOutcome.NotSent notSent -> notSent;
            case SubmitOutcome.Unknown unknown -> unknown;
        };
    }

    private static List<SubmitOutcome> all(List<PreparedOrder> orders, SubmitOutcome outcome) {
        return java.util.Collections.nCopies(orders.size(), outcome);
    }

    private void learn(HttpOutcome answer, SubmitOutcome outcome) {
        if (answer instanceof HttpOutcome.Answer told) {
            state.learn(told.status(), retryAfterSeconds(told), outcome, clock.millis());
        }
    }

    private static @Nullable Integer retryAfterSeconds(HttpOutcome.Answer answer) {
        try {
            var header = answer.header("retry-after");
            if (header != null) {
                return Integer.valueOf(header.strip());
            }
            var body = Words.parse(answer.body()).path("retry_after_seconds");
            return body.isInt() ? (Integer) body.intValue() : null;
        } catch (NumberFormatException | Unreadable e) {
            return null;
        }
    }

    @Override
    public CancelOutcome cancel(OrderRef order) {
        var account = account(order.account());
        var id = hashOf(order);
        var answer = clob.signed(account, "DELETE", "/order", "{\"orderID\":\"" + id + "\"}");
        return switch (answer) {
            case HttpOutcome.NotSent notSent -> new CancelOutcome.NotSent(notSent.why());
            case HttpOutcome.NoAnswer noAnswer -> new CancelOutcome.Unknown(noAnswer.why());
            case HttpOutcome.Answer told when told.status() == 200 -> cancelled(order, id, told);
            // Admission comes before the request is looked at.
            case HttpOutcome.Answer told
            when told.status() == 429 -> new CancelOutcome.NotSent(ClobRequests.told(told));
            case HttpOutcome.Answer told -> new CancelOutcome.Unknown(ClobRequests.told(told));
        };
    }

    private CancelOutcome cancelled(OrderRef order, String id, HttpOutcome.Answer told) {
        JsonNode answer;
        try {
            answer = Words.parse(told.body());
        } catch (Unreadable | IllegalArgumentException | ArithmeticException e) {
            return new CancelOutcome.Unknown(why(e));
        }
        boolean listed = false;
        for (var cancelled : answer.path("canceled")) {
            listed |= cancelled.asText().equalsIgnoreCase(id);
        }
        String refusal = null;
        for (var not : answer.path("not_canceled").properties()) {
            if (not.getKey().equalsIgnoreCase(id)) {
                refusal = not.getValue().asText();
            }
        }
        if (listed == (refusal != null)) {
            return new CancelOutcome.Unknown(
                    "the answer to a cancel of " + id + " says nothing clear of it: " + Words.shown(told.body()));
        }
        return howItEnded(order, id, refusal);
    }

    /** @param refusal why the venue did not cancel it; null if it did */
    private CancelOutcome howItEnded(OrderRef order, String id, @Nullable String refusal) {
        boolean done = refusal == null;
        // Either way the order itself has to say how it ended and how much of it was filled.
        return switch (lookUp(order)) {
            case LookupOutcome.Found found
            when found.status() == LookupOutcome.Status.CANCELLED ->
                new CancelOutcome.Cancelled(found.filled(), found.atMillis());
            case LookupOutcome.Found found
            when found.status() == LookupOutcome.Status.FILLED ->
                new CancelOutcome.Refused("already_filled", refusal == null ? "" : refusal, found.atMillis());
            // Not open any more, and its trades are told by one read, which may lag: a fill of a moment ago may be
            // missing.
            case LookupOutcome.Found found
            when found.status() == LookupOutcome.Status.GONE ->
                new CancelOutcome.Unknown((done ? "cancelled" : "order " + id + " was not cancelled (" + refusal + ")")
                        + "; how much of it was filled is asked for again");
            case LookupOutcome.Found found
            when done ->
                new CancelOutcome.Unknown(
                        "order " + id + " was cancelled and is still told as " + found.status() + "; ask again");
            case LookupOutcome.Found found ->
                new CancelOutcome.Unknown("order " + id + " was not cancelled (" + refusal + ") and is told as "
                        + found.status() + "; ask again");
            // A cancelled order may be gone from every list; that none of it was filled, one read does not say.
            case LookupOutcome.Absent absent
            when done -> new CancelOutcome.Unknown("cancelled; how much of it was filled is asked for again");
            case LookupOutcome.Absent absent ->
                new CancelOutcome.Refused("order_not_found", refusal == null ? "" : refusal, absent.asOfMillis());
            case LookupOutcome.Unknown unknown ->
                new CancelOutcome.Unknown("order " + id + (done ? " was cancelled" : " was not cancelled: " + refusal)
                        + ", and how much of it was filled could not be read: " + unknown.why());
        };
    }

    /**
     * Cancels everything by one request, and looks whether anything is left. The venue's switch is the API key's: it
     * cancels the orders of every wallet of the same owner.
     */
    @Override
    public StopOutcome stop(AccountId id) {
        var account = account(id);
        int cancelled;
        switch (clob.signed(account, "DELETE", "/cancel-all", null)) {
            case HttpOutcome.NotSent notSent -> {
                return new StopOutcome.Unknown(notSent.why());
            }
            case HttpOutcome.NoAnswer noAnswer -> {
                return new StopOutcome.Unknown(noAnswer.why());
            }
            case HttpOutcome.Answer answer
            when answer.status() == 200 -> {
                try {
                    cancelled = Words.array(Words.parse(answer.body()).path("canceled"), "canceled")
                            .size();
                } catch (Unreadable | IllegalArgumentException | ArithmeticException e) {
                    return new StopOutcome.Unknown(why(e));
                }
            }
            case HttpOutcome.Answer answer -> {
                return new StopOutcome.Unknown(ClobRequests.told(answer));
            }
        }
        return switch (clob.readAll(account, "/data/orders", Map.of())) {
            case ReadOutcome.Failed<List<JsonNode>> failed ->
                new StopOutcome.Unknown(
                        "cancelled " + cancelled + ", and what is left could not be read: " + failed.why());
            case ReadOutcome.Complete<List<JsonNode>> left ->
                left.value().isEmpty()
                        ? new StopOutcome.Stopped(cancelled, left.asOfMillis())
                        : new StopOutcome.Unknown("cancelled " + cancelled + ", and "
                                + left.value().size() + " orders are still open; stop again");
        };
    }

    // ------------------------------------------------------------------ looking up

    @Override
    public Duration readLag() {
        return config.readLag();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Trades are read before the order: whatever was open then is open or finished when the order is read.
     */
    @Override
    public LookupOutcome lookUp(OrderRef order) {
        var account = account(order.account());
        var id = hashOf(order);
        var query = new LinkedHashMap<String, String>();
        query.put("maker_address", account.funder().text());
        query.put("market", order.market().id());
        var trades = clob.readAll(account, "/data/trades", query);
        return switch (readOrder(account, id)) {
            case OrderRead.Failed failed -> new LookupOutcome.Unknown(failed.why());
            case OrderRead.Present present -> found(id, present.state());
            case OrderRead.NotOpen gone ->
                switch (trades) {
                    case ReadOutcome.Failed<List<JsonNode>> failed -> new LookupOutcome.Unknown(failed.why());
                    case ReadOutcome.Complete<List<JsonNode>> all -> fromTrades(account, id, all.value());
                };
        };
    }

    private LookupOutcome found(String id, OrderState order) {
        var ours = known.get(id);
        if (ours != null && ours.quantity != null && order.size().compareTo(ours.quantity) > 0) {
            return new LookupOutcome.Unknown("order " + id + " is told with a size of " + order.size() + ", and "
                    + ours.quantity + " were signed; in which unit the venue counts is not clear");
        }
        return new LookupOutcome.Found(id, order.status(), order.filled(), order.words(), clock.millis());
    }

    private LookupOutcome fromTrades(PolymarketAccount account, String id, List<JsonNode> trades) {
        try {
            boolean traded = false;
            var filled = Quantity.ZERO;
            for (var trade : trades) {
                var shares = Trades.sharesOf(trade, id);
                traded |= !shares.isZero();
                if (Trades.status(trade) != Fill.Status.VOID) {
                    filled = filled.plus(shares);
                }
            }
            if (traded) {
                return new LookupOutcome.Found(id, statusOfTraded(id, filled), filled, BY_TRADES, clock.millis());
            }
        } catch (Unreadable | IllegalArgumentException | ArithmeticException e) {
            return new LookupOutcome.Unknown(why(e));
        }
        return switch (clob.readAll(account, "/data/orders", Map.of("id", id))) {
            case ReadOutcome.Failed<List<JsonNode>> failed -> new LookupOutcome.Unknown(failed.why());
            case ReadOutcome.Complete<List<JsonNode>> open -> {
                for (var order : open.value()) {
                    if (Words.textOr(order, "id", "").equalsIgnoreCase(id)) {
                        yield new LookupOutcome.Unknown("order " + id + " is listed as open and cannot be read");
                    }
                }
                yield new LookupOutcome.Absent(clock.millis());
            }
        };
    }

    /** Filled, or no more than that the venue had it: the list of trades may lag, also where the order cannot rest. */
    private LookupOutcome.Status statusOfTraded(String id, Quantity filled) {
        var order = known.get(id);
        return order != null && order.quantity != null && filled.compareTo(order.quantity) >= 0
                ? LookupOutcome.Status.FILLED
                : LookupOutcome.Status.GONE;
    }

    private OrderRead readOrder(PolymarketAccount account, String id) {
        return switch (clob.signed(account, "GET", "/data/order/" + id, null)) {
            case HttpOutcome.NotSent notSent -> new OrderRead.Failed(notSent.why());
            case HttpOutcome.NoAnswer noAnswer -> new OrderRead.Failed(noAnswer.why());
            case HttpOutcome.Answer answer -> {
                try {
                    yield read(answer, id);
                } catch (Unreadable | IllegalArgumentException | ArithmeticException e) {
                    yield new OrderRead.Failed(why(e));
                }
            }
        };
    }

    /** A missing order, nothing, null and {} are the same; a page of somebody else's is not. */
    private static OrderRead read(HttpOutcome.Answer answer, String id) throws Unreadable {
        if (answer.status() != 200 && answer.status() != 404) {
            return new OrderRead.Failed("GET /data/order: " + ClobRequests.told(answer));
        }
        var json = Words.parse(answer.body());
        if (answer.status() == 404) {
            boolean said = json.isMissingNode()
                    || json.isNull()
                    || Words.textOr(json, "error", "").toLowerCase(Locale.ROOT).contains("not found");
            return said
                    ? new OrderRead.NotOpen()
                    : new OrderRead.Failed("GET /data/order: " + ClobRequests.told(answer));
        }
        if (json.isMissingNode() || json.isNull() || json.isEmpty()) {
            return new OrderRead.NotOpen();
        }
        if (!Words.text(json, "id").equalsIgnoreCase(id)) {
            throw new Unreadable("order " + id + " was asked for, and " + json.path("id") + " is told of");
        }
        return new OrderRead.Present(OrderState.of(json));
    }

    // ------------------------------------------------------------------ what an account has

    @Override
    public ReadOutcome<List<OpenOrder>> openOrders(AccountId id) {
        var account = account(id);
        return switch (clob.readAll(account, "/data/orders", Map.of())) {
            case ReadOutcome.Failed<List<JsonNode>> failed -> new ReadOutcome.Failed<>(failed.why());
            case ReadOutcome.Complete<List<JsonNode>> all -> {
                try {
                    var open = new ArrayList<OpenOrder>();
                    for (var order : all.value()) {
                        if (isOf(account, order)) {
                            open.add(openOrder(order));
                        }
                    }
                    yield new ReadOutcome.Complete<>(open, all.asOfMillis());
                } catch (Unreadable | IllegalArgumentException | ArithmeticException e) {
                    yield new ReadOutcome.Failed<>(why(e));
                }
            }
        };
    }

    /**
     * An owner's wallets share an API key, and the venue lists all of theirs; one without a wallet may be anybody's.
     */
    private static boolean isOf(PolymarketAccount account, JsonNode order) {
        var wallet = Words.textOr(order, "maker_address", "");
        return wallet.isEmpty() || account.funder().is(wallet);
    }

    private OpenOrder openOrder(JsonNode order) throws Unreadable {
        var id = Words.text(order, "id").toLowerCase(Locale.ROOT);
        var market = cached(Trades.marketOf(order));
        var state = OrderState.of(order);
        var ours = known.get(id);
        if (state.filled().compareTo(state.size()) > 0) {
            throw new Unreadable(
                    "order " + id + " has more filled than it is for: " + state.filled() + " of " + state.size());
        }
        return new OpenOrder(
                ours == null ? null : ours.ref.orderId(),
                id,
                market.id(),
                Listing.side(market, Words.text(order, "asset_id")),
                Trades.action(order),
                Words.price(order, "price"),
                state.size(),
                state.filled());
    }

    /**
     * {@inheritDoc}
     *
     * <p>The cursor is a time from which something may still change: a page repeats every trade that was neither
     * confirmed nor failed when it was read, and the newest minutes.
     */
    @Override
    public ReadOutcome<FillPage> fillsSince(AccountId id, String cursor) {
        var account = account(id);
        long since = secondsOf(cursor);
        var query = new LinkedHashMap<String, String>();
        query.put("maker_address", account.funder().text());
        if (since > 0) {
            query.put("after", Long.toString(since));
        }
        return switch (clob.readAll(account, "/data/trades", query)) {
            case ReadOutcome.Failed<List<JsonNode>> failed -> new ReadOutcome.Failed<>(failed.why());
            case ReadOutcome.Complete<List<JsonNode>> all -> {
                yield new ReadOutcome.Complete<>(page(trades(account), all.value(), since), all.asOfMillis());
            }
        };
    }

    /** A trade that nobody can read must not hide the others: it is read again until it can be. */
    private static FillPage page(Trades trades, List<JsonNode> all, long since) {
        var fills = new ArrayList<Fill>();
        var unread = "";
        long newest = 0;
        long oldestOpen = Long.MAX_VALUE;
        for (var trade : all) {
            try {
                long at = Trades.matchedAt(trade) / 1000;
                newest = Math.max(newest, at);
                if (Trades.status(trade) == Fill.Status.PROVISIONAL) {
                    oldestOpen = Math.min(oldestOpen, at - 1);
                }
                fills.addAll(trades.fills(trade));
            } catch (Unreadable | IllegalArgumentException | ArithmeticException e) {
                unread = "a trade: " + why(e);
            }
        }
        fills.sort(Comparator.comparingLong(Fill::tradedAtMillis).thenComparing(Fill::tradeId));
        if (!unread.isEmpty()) {
            return new FillPage(fills, cursor(since), false, unread);
        }
        return new FillPage(fills, cursor(Math.max(since, Math.min(newest - FILL_OVERLAP_SECONDS, oldestOpen))), false);
    }

    private static String cursor(long seconds) {
        return seconds == 0 ? FillPage.START : Long.toString(seconds);
    }

    private Trades trades(PolymarketAccount account) {
        return new Trades(account, config.mode(), this::cached, this::refOf);
    }

    private @Nullable OrderRef refOf(String venueOrderId) {
        var ours = known.get(venueOrderId.toLowerCase(Locale.ROOT));
        return ours == null ? null : ours.ref;
    }

    @Override
    public ReadOutcome<List<Holding>> positions(AccountId id) {
        var account = account(id);
        var yes = new TreeMap<MarketId, Quantity>();
        var no = new TreeMap<MarketId, Quantity>();
        long asOf = clock.millis();
        for (int offset = 0; ; offset += POSITIONS_PER_PAGE) {
            var query = new LinkedHashMap<String, String>();
            query.put("user", account.funder().text());
            query.put("sizeThreshold", "0");
            query.put("limit", Integer.toString(POSITIONS_PER_PAGE));
            query.put("offset", Integer.toString(offset));
            switch (clob.read(config.data(), "/positions", query)) {
                case ReadOutcome.Failed<JsonNode> failed -> {
                    return new ReadOutcome.Failed<>(failed.why());
                }
                case ReadOutcome.Complete<JsonNode> page -> {
                    try {
                        for (var position : Words.array(page.value(), "the positions")) {
                            add(position, yes, no);
                        }
                    } catch (Unreadable | IllegalArgumentException | ArithmeticException e) {
                        return new ReadOutcome.Failed<>(why(e));
                    }
                    if (page.value().size() < POSITIONS_PER_PAGE) {
                        var markets = new HashSet<>(yes.keySet());
                        markets.addAll(no.keySet());
                        return new ReadOutcome.Complete<>(
                                markets.stream()
                                        .sorted()
                                        .map(it -> new Holding(
                                                it,
                                                yes.getOrDefault(it, Quantity.ZERO),
                                                no.getOrDefault(it, Quantity.ZERO)))
                                        .toList(),
                                asOf);
                    }
                }
            }
            if (offset >= MOST_POSITIONS) {
                return new ReadOutcome.Failed<>("more than " + MOST_POSITIONS
                        + " positions; the venue lists no more, so the rest is not known");
            }
        }
    }

    private static void add(JsonNode position, Map<MarketId, Quantity> yes, Map<MarketId, Quantity> no)
            throws Unreadable {
        if (position.path("redeemable").asBoolean(false)) {
            return; // Settled: it is cash that waits to be redeemed.
        }
        var market = new MarketId(Venue.POLYMARKET, Words.text(position, "conditionId"));
        // The data API computes sizes in floating point; what is beyond a millionth of a share is its noise.
        var size = Words.decimal(position, "size").setScale(Micros.SCALE, RoundingMode.HALF_UP);
        if (size.signum() < 0) {
            throw new Unreadable("a position of " + size + " in " + market);
        }
        var side = Words.decimal(position, "outcomeIndex").intValue();
        if (side != 0 && side != 1) {
            throw new Unreadable("a position in outcome " + side + " of " + market + "; 0 and 1 are known");
        }
        (side == 0 ? yes : no).merge(market, new Quantity(Micros.exact(size)), Quantity::plus);
    }

    /** Cash as the order book counts it, less what open buys would cost. */
    @Override
    public ReadOutcome<List<Balance>> balances(AccountId id) {
        var account = account(id);
        return switch (clob.read(account, "/balance-allowance", collateralQuery(account))) {
            case ReadOutcome.Failed<JsonNode> failed -> new ReadOutcome.Failed<>(failed.why());
            case ReadOutcome.Complete<JsonNode> told ->
                switch (openOrders(id)) {
                    case ReadOutcome.Failed<List<OpenOrder>> failed -> new ReadOutcome.Failed<>(failed.why());
                    case ReadOutcome.Complete<List<OpenOrder>> open -> {
                        try {
                            var total = new Money(units(told.value(), "balance"));
                            var held = Money.ZERO;
                            for (var order : open.value()) {
                                if (order.action() == Action.BUY) {
                                    held = held.plus(order.limit()
                                            .costOf(order.quantity().minus(order.filled())));
                                }
                            }
                            var available = total.minus(held);
                            yield new ReadOutcome.Complete<>(
                                    List.of(new Balance("", total, available.isNegative() ? Money.ZERO : available)),
                                    told.asOfMillis());
                        } catch (Unreadable | IllegalArgumentException | ArithmeticException e) {
                            yield new ReadOutcome.Failed<>(why(e));
                        }
                    }
                };
        };
    }

    private static Map<String, String> collateralQuery(PolymarketAccount account) {
        var query = new LinkedHashMap<String, String>();
        query.put("asset_type", "COLLATERAL");
        query.put("signature_type", Integer.toString(account.signatureType().code()));
        return query;
    }

    /**
     * Dollars that each contract may take from the account, as the order book has it cached; an unlimited allowance
     * reads as the largest amount there is.
     */
    public ReadOutcome<Map<Address, Money>> allowances(AccountId id) {
        var account = account(id);
        return switch (clob.read(account, "/balance-allowance", collateralQuery(account))) {
            case ReadOutcome.Failed<JsonNode> failed -> new ReadOutcome.Failed<>(failed.why());
            case ReadOutcome.Complete<JsonNode> told -> {
                try {
                    var allowances = new LinkedHashMap<Address, Money>();
                    for (var spender : told.value().path("allowances").properties()) {
                        allowances.put(
                                new Address(spender.getKey()),
                                new Money(units(told.value().path("allowances"), spender.getKey())));
                    }
                    yield new ReadOutcome.Complete<>(allowances, told.asOfMillis());
                } catch (Unreadable | IllegalArgumentException | ArithmeticException e) {
                    yield new ReadOutcome.Failed<>(why(e));
                }
            }
        };
    }

    /** Has the order book look at the chain again, after funds or approvals were changed. */
    public ReadOutcome<List<Balance>> refreshBalances(AccountId id) {
        var account = account(id);
        return switch (clob.read(account, "/balance-allowance/update", collateralQuery(account))) {
            case ReadOutcome.Failed<JsonNode> failed -> new ReadOutcome.Failed<>(failed.why());
            case ReadOutcome.Complete<JsonNode> done -> balances(id);
        };
    }

    /** Millionths, written out without a point. */
    private static long units(JsonNode object, String key) throws Unreadable {
        try {
            var units = Words.decimal(object, key).toBigIntegerExact();
            if (units.signum() < 0) {
                throw new Unreadable(key + " is " + units);
            }
            return units.bitLength() < Long.SIZE ? units.longValue() : Long.MAX_VALUE;
        } catch (ArithmeticException e) {
            throw new Unreadable(key + " is " + object.path(key) + ", not a whole number of millionths");
        }
    }

    // ------------------------------------------------------------------ markets and streams

    @Override
    public ReadOutcome<Market> market(MarketId id) {
        return switch (gamma(id)) {
            case ReadOutcome.Failed<JsonNode> failed -> new ReadOutcome.Failed<>(failed.why(), failed.absent());
            case ReadOutcome.Complete<JsonNode> gamma ->
                switch (clob.read(config.clob(), "/clob-markets/" + id.id(), Map.of())) {
                    case ReadOutcome.Failed<JsonNode> failed -> new ReadOutcome.Failed<>(failed.why(), failed.absent());
                    case ReadOutcome.Complete<JsonNode> book -> {
                        try {
                            var market = Listing.market(id, gamma.value(), book.value(), blockedPlace, clock.millis());
                            markets.put(id, market);
                            yield new ReadOutcome.Complete<>(market, book.asOfMillis());
                        } catch (Unreadable | IllegalArgumentException | ArithmeticException e) {
                            yield new ReadOutcome.Failed<>(why(e));
                        }
                    }
                };
        };
    }

    /** {@inheritDoc} Only what is final is told: a proposed result may be disputed. */
    @Override
    public ReadOutcome<Optional<Settlement>> settlement(MarketId id) {
        return switch (gamma(id)) {
            case ReadOutcome.Failed<JsonNode> failed -> new ReadOutcome.Failed<>(failed.why(), failed.absent());
            case ReadOutcome.Complete<JsonNode> gamma ->
                switch (clob.read(config.clob(), "/markets/" + id.id(), Map.of())) {
                    case ReadOutcome.Failed<JsonNode> failed -> new ReadOutcome.Failed<>(failed.why(), failed.absent());
                    case ReadOutcome.Complete<JsonNode> book -> {
                        try {
                            yield new ReadOutcome.Complete<>(
                                    Listing.settlement(id, gamma.value(), book.value()), book.asOfMillis());
                        } catch (Unreadable | IllegalArgumentException | ArithmeticException e) {
                            yield new ReadOutcome.Failed<>(why(e));
                        }
                    }
                };
        };
    }

    /** Gamma lists open markets unless closed ones are asked for. */
    private ReadOutcome<JsonNode> gamma(MarketId id) {
        for (var closed : List.of("false", "true")) {
            var query = new LinkedHashMap<String, String>();
            query.put("condition_ids", id.id());
            query.put("closed", closed);
            switch (clob.read(config.gamma(), "/markets", query)) {
                case ReadOutcome.Failed<JsonNode> failed -> {
                    return failed;
                }
                case ReadOutcome.Complete<JsonNode> found -> {
                    for (var market : found.value()) {
                        if (Words.textOr(market, "conditionId", "").equalsIgnoreCase(id.id())) {
                            return new ReadOutcome.Complete<>(market, found.asOfMillis());
                        }
                    }
                }
            }
        }
        return new ReadOutcome.Failed<>("Gamma has no market " + id, true);
    }

    private Market cached(MarketId id) throws Unreadable {
        var market = markets.get(id);
        if (market != null) {
            return market;
        }
        return switch (market(id)) {
            case ReadOutcome.Complete<Market> read -> read.value();
            case ReadOutcome.Failed<Market> failed -> throw new Unreadable(failed.why());
        };
    }

    /** {@inheritDoc} A market that cannot be read is told as a gap, and not followed. */
    @Override
    public Subscription streamQuotes(Set<MarketId> ids, QuoteListener listener) {
        var followed = new ArrayList<Market>();
        for (var id : new java.util.TreeSet<>(ids)) {
            try {
                followed.add(cached(id));
            } catch (Unreadable | IllegalArgumentException | ArithmeticException e) {
                listener.onGap(id, "it cannot be followed: " + why(e));
            }
        }
        // Several sockets, one listener: it is promised one thread at a time.
        var oneAtATime = new QuoteListener() {
            @Override
            public synchronized void onQuote(sluice.domain.market.Quote quote) {
                listener.onQuote(quote);
            }

            @Override
            public synchronized void onGap(MarketId market, String why) {
                listener.onGap(market, why);
            }

            @Override
            public synchronized void onCurrent(Set<MarketId> markets, long asOfMillis) {
                listener.onCurrent(markets, asOfMillis);
            }
        };
        var opened = new ArrayList<ClobSocket>();
        for (int from = 0; from < followed.size(); from += ASSETS_PER_SOCKET) {
            var part = followed.subList(from, Math.min(from + ASSETS_PER_SOCKET, followed.size()));
            opened.add(open(config.marketSocket(), new BookStream(part, oneAtATime, marketChanged)));
        }
        return () -> opened.forEach(this::close);
    }

    @Override
    public Subscription streamUser(AccountId id, UserListener listener) {
        var account = account(id);
        var stream = new UserStream(account, config.mode(), trades(account), this::refOf, listener);
        var socket = open(config.userSocket(), stream);
        return () -> close(socket);
    }

    private ClobSocket open(java.net.URI uri, ClobSocket.Listener listener) {
        var socket = new ClobSocket(http, uri, config.sockets(), timer, clock, listener);
        sockets.add(socket);
        socket.start();
        return socket;
    }

    private void close(ClobSocket socket) {
        sockets.remove(socket);
        socket.close();
    }

    // ------------------------------------------------------------------ whether we may trade

    @Override
    public Health health() {
        var why = state.whyNotTrading(clock.millis());
        boolean streams = sockets.stream().allMatch(ClobSocket::isAlive);
        return new Health(
                why.isEmpty(),
                streams,
                state.clockOffsetMillis(),
                why.orElse("trading")
                        + (streams
                                ? ""
                                : "; a stream is not connected or does not answer; what it would tell is read instead"));
    }

    /** Asks whether we may trade from here, with this clock, this version of orders and these accounts. */
    public void refresh() {
        var problems = new ArrayList<String>();
        var offset = measureClock(problems);
        checkVersion(problems);
        checkPlace(problems);
        var closedOnly = new HashSet<AccountId>();
        for (var account : accounts.values()) {
            switch (clob.read(account, "/auth/ban-status/closed-only", Map.of())) {
                case ReadOutcome.Failed<JsonNode> failed ->
                    problems.add("account " + account.id() + " cannot make a signed read: " + failed.why());
                case ReadOutcome.Complete<JsonNode> told -> {
                    var flag = told.value().path("closed_only");
                    if (!flag.isBoolean()) {
                        problems.add("account " + account.id() + ": its ban status is "
                                + Words.shown(told.value().toString()));
                    } else if (flag.booleanValue()) {
                        closedOnly.add(account.id());
                    }
                }
            }
        }
        state.asked(new TradingState.Round(List.copyOf(problems), offset, closedOnly, clock.millis()));
    }

    /** Local time minus the venue's, which comes in whole seconds; measured against the middle of the call. */
    private @Nullable Long measureClock(List<String> problems) {
        long before = clock.millis();
        return switch (clob.read(config.clob(), "/time", Map.of())) {
            case ReadOutcome.Failed<JsonNode> failed -> {
                problems.add("the venue's clock cannot be read: " + failed.why());
                yield null;
            }
            case ReadOutcome.Complete<JsonNode> told -> {
                if (!told.value().isIntegralNumber()) {
                    problems.add(
                            "the venue's clock says " + Words.shown(told.value().toString()));
                    yield null;
                }
                // It is anywhere in the second that it names; half a second in is the best guess.
                long venue = told.value().longValue() * 1000 + 500;
                long offset = (before + told.asOfMillis()) / 2 - venue;
                if (Math.abs(offset) > config.maxClockOffset().toMillis()) {
                    problems.add("the local clock is " + Math.abs(offset) + " ms "
                            + (offset > 0 ? "ahead of" : "behind") + " the venue's; the bound is "
                            + config.maxClockOffset().toMillis() + " ms, so set the clock (NTP)");
                }
                yield offset;
            }
        };
    }

    private void checkVersion(List<String> problems) {
        var ours = config.chain().exchanges().standard().domainVersion();
        switch (clob.read(config.clob(), "/version", Map.of())) {
            case ReadOutcome.Failed<JsonNode> failed ->
                problems.add("the venue's order version cannot be read: " + failed.why());
            case ReadOutcome.Complete<JsonNode> told -> {
                var theirs = told.value().path("version").asText();
                if (!theirs.equals(ours)) {
                    problems.add("the venue takes orders of version " + theirs + " and we sign version " + ours
                            + "; configure the exchanges of that version");
                }
            }
        }
    }

    private void checkPlace(List<String> problems) {
        var geoblock = config.geoblock();
        if (geoblock == null) {
            return;
        }
        switch (clob.read(geoblock, "", Map.of())) {
            case ReadOutcome.Failed<JsonNode> failed ->
                problems.add("whether we may trade from here cannot be read: " + failed.why());
            case ReadOutcome.Complete<JsonNode> told -> {
                var blocked = told.value().path("blocked");
                if (!blocked.isBoolean()) {
                    problems.add("whether we may trade from here is "
                            + Words.shown(told.value().toString()));
                    return;
                }
                blockedPlace = blocked.booleanValue();
                if (blockedPlace) {
                    problems.add("the venue does not let this place trade ("
                            + told.value().path("country").asText() + " "
                            + told.value().path("region").asText() + "); no order is sent from here");
                }
            }
        }
    }

    /**
     * Tells the venue that we are alive; once told, it cancels the account's orders when we fall silent for ten
     * seconds.
     *
     * @return why it did not work; empty if it did
     */
    Optional<String> beat(AccountId id) {
        var account = account(id);
        var first = beatWith(account, heartbeats.getOrDefault(id, ""));
        if (first instanceof HttpOutcome.Answer answer && answer.status() == 400) {
            // The venue expects another id, and says which.
            var expected = heartbeatId(answer.body());
            if (expected != null) {
                first = beatWith(account, expected);
            }
        }
        var why = beaten(id, first);
        why.ifPresent(it -> state.beatFailed(id, it));
        return why;
    }

    private HttpOutcome beatWith(PolymarketAccount account, String last) {
        return clob.signed(account, "POST", "/v1/heartbeats", "{\"heartbeat_id\":\"" + last + "\"}");
    }

    private Optional<String> beaten(AccountId id, HttpOutcome outcome) {
        return switch (outcome) {
            case HttpOutcome.Answer answer
            when answer.status() == 200 -> {
                var next = heartbeatId(answer.body());
                if (next == null) {
                    yield Optional.of("the heartbeat's answer has no id: " + Words.shown(answer.body()));
                }
                heartbeats.put(id, next);
                state.beat(id, clock.millis());
                yield Optional.empty();
            }
            case HttpOutcome.Answer answer -> Optional.of(ClobRequests.told(answer));
            case HttpOutcome.NotSent notSent -> Optional.of(notSent.why());
            case HttpOutcome.NoAnswer noAnswer -> Optional.of(noAnswer.why());
        };
    }

    private static @Nullable String heartbeatId(String body) {
        try {
            return Words.text(Words.parse(body), "heartbeat_id");
        } catch (Unreadable e) {
            return null;
        }
    }

    // ------------------------------------------------------------------ small things

    private PolymarketAccount account(AccountId id) {
        var account = accounts.get(id);
        if (account == null) {
            throw new IllegalArgumentException(
                    "account " + id + " has no Polymarket wallet; configured are " + accounts.keySet());
        }
        return account;
    }

    private byte[] domain(ExchangeKind kind) {
        var domain = domains.get(kind);
        if (domain == null) {
            throw new IllegalStateException("no domain of " + kind);
        }
        return domain;
    }

    /** What the venue said may be well-formed and still be nothing that we can keep: too large, too long. */
    private static String why(Exception e) {
        return String.valueOf(e.getMessage());
    }

    /** A cursor that is not one of ours has seen nothing. */
    private static long secondsOf(String cursor) {
        try {
            return Math.max(0, Long.parseLong(cursor));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String hashOf(OrderRef order) {
        var hash = order.venueOrderId() == null ? order.clientOrderId() : order.venueOrderId();
        return hash.toLowerCase(Locale.ROOT);
    }
}
