package sluice.venues.kalshi;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.MarketId;
import sluice.domain.Mode;
import sluice.domain.Quantity;
import sluice.domain.Venue;
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
import sluice.venues.http.HttpCall;
import sluice.venues.http.HttpOutcome;
import sluice.venues.http.VenueHttp;
import sluice.venues.kalshi.KalshiJson.Unreadable;

/**
 * Kalshi, for one account and one key.
 *
 * <p>Every request is signed when it leaves, with the local clock as it is: a clock that is off is refused by the venue
 * and shows in {@link #health}. Orders of an earlier process are in our words again once {@link #know} was told of
 * them; until then their fills carry no id of ours.
 */
public final class KalshiClient implements VenueClient, AutoCloseable {
    private static final String ORDERS = "/portfolio/events/orders";
    private static final String ARCHIVE = "/historical/";
    /** The exchange's reasons for not taking an order, as REST spells them; each says that it was not placed. */
    private static final List<String> CONFLICTS = List.of(
            "fill_or_kill_insufficient_resting_volume",
            "trading_is_paused",
            "exchange_is_paused",
            "exceeded_order_group_risk_limit",
            "exceeded_per_market_risk_limit",
            "exceeded_sell_position_floor",
            "insufficient_balance",
            "invalid_order",
            "market_already_closed",
            "market_inactive",
            "post_only_cross",
            "self_cross_attempt");

    private static final int PAGE = 1000;
    private static final int MOST_PAGES = 1000;
    /** A new order waits so long for its tokens: the last look was taken before, and must not grow old. */
    private static final Duration LONGEST_WAIT_OF_AN_ORDER = Duration.ofMillis(250);

    private static final Duration LONGEST_WAIT_OF_A_READ = Duration.ofSeconds(10);
    /** Fills are read again from this long before the newest one, in case an older one became visible late. */
    private static final Duration FILLS_OVERLAP = Duration.ofMinutes(10);
    /** Fills younger than this are never in the archive, which begins months ago. */
    private static final Duration NEVER_ARCHIVED = Duration.ofDays(7);
    /** Fees of a series or an event are read again after this. */
    private static final Duration TERMS_LIFE = Duration.ofMinutes(5);

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);
    private static final Duration STOP_LOOK = Duration.ofMillis(200);
    /** Beyond this no order should be opened: its deadlines and the venue's clock no longer agree. */
    private static final long MOST_CLOCK_OFFSET_MILLIS = 1000;

    /** How well the venue's clock is known after a few answers. */
    private static final long CLOCK_TOLERANCE_MILLIS = 250;

    private record Terms(KalshiJson json, long readAtMillis) {}

    private record State(@Nullable KalshiExchange exchange, List<KalshiExchange.Window> windows, String trouble) {}

    private final KalshiConfig config;
    private final KalshiKey key;
    private final VenueHttp http;
    private final InstantSource clock;
    private volatile KalshiLimits limits;
    private final ClockOffset offset = new ClockOffset();
    private final KnownOrders known = new KnownOrders();
    private final Map<String, Terms> terms = new ConcurrentHashMap<>();
    private final Set<KalshiStream> streams = ConcurrentHashMap.newKeySet();
    private volatile State state = new State(null, List.of(), "the exchange was not asked yet");

    /**
     * Contacts nobody.
     *
     * @param http stays open when this closes
     */
    public KalshiClient(KalshiConfig config, KalshiKey key, VenueHttp http, InstantSource clock) {
        this.config = config;
        this.key = key;
        this.http = http;
        this.clock = clock;
        this.limits = new KalshiLimits(KalshiTier.BASIC.share(config.percentOfLimits()), clock);
    }

    // ------------------------------------------------------------------ orders

    /** Remembers an order that was placed before this process, with all that a fill of it needs. */
    public void know(OrderCommand command) {
        known.add(
                KalshiOrders.clientOrderId(command.orderId()),
                new KnownOrders.Known(
                        command.orderId(),
                        command.side(),
                        command.action(),
                        command.market().exchangeIndex()));
    }

    /** Remembers the ids of an order that was placed before this process. Its asks will read as buying NO. */
    @Override
    public void know(OrderRef order, ByteBuffer request) {
        remember(order);
    }

    private void remember(OrderRef order) {
        known.add(order.clientOrderId(), new KnownOrders.Known(order.orderId(), null, null, null));
        var venueOrderId = order.venueOrderId();
        if (venueOrderId != null) {
            known.named(venueOrderId, order.clientOrderId());
        }
    }

    /** The request is the body; its headers are signed when it leaves. */
    @Override
    public PreparedOrder prepare(OrderCommand command) {
        if (command.market().id().venue() != Venue.KALSHI || !command.account().equals(config.account())) {
            throw new IllegalArgumentException("order " + command.orderId() + " is for "
                    + command.market().id() + " of " + command.account() + "; this client speaks for kalshi of "
                    + config.account());
        }
        know(command);
        return new PreparedOrder(
                command,
                KalshiOrders.clientOrderId(command.orderId()),
                null,
                KalshiOrders.createBody(command, config.orderGroups(), config.subaccount()));
    }

    @Override
    public SubmitOutcome submit(PreparedOrder order) {
        var command = order.command();
        if (config.mode() == Mode.DRY_RUN) {
            return new SubmitOutcome.NotSent(dryRun("POST", ORDERS, order.request()));
        }
        var shard = command.market().exchangeIndex();
        long patience = Math.min(LONGEST_WAIT_OF_AN_ORDER.toMillis(), command.deadlineMillis() - clock.millis());
        if (!limits.awaitOrder(shard, patience)) {
            return new SubmitOutcome.NotSent("our share of the rate limit has no room for an order within " + patience
                    + " ms; send fewer, or raise percent-of-limits");
        }
        return switch (send("POST", ORDERS, order.request(), command.deadlineMillis())) {
            case HttpOutcome.NotSent notSent -> new SubmitOutcome.NotSent(notSent.why());
            case HttpOutcome.NoAnswer none -> new SubmitOutcome.Unknown(none.why());
            case HttpOutcome.Answer answer -> answered(order, answer);
        };
    }

    private SubmitOutcome answered(PreparedOrder order, HttpOutcome.Answer answer) {
        if (answer.status() == 201) {
            return accepted(order, answer);
        }
        var error = KalshiError.parse(answer.body()).orElse(null);
        if (answer.status() == 429) {
            limits.refused(true, order.command().market().exchangeIndex());
        }
        if (error == null) {
            return new SubmitOutcome.Unknown(told("POST", ORDERS, answer));
        }
        if (error.is("trading_is_paused") || error.is("exchange_is_paused")) {
            state = new State(null, state.windows, error.code());
        }
        return switch (answer.status()) {
            case 400, 401, 403, 404, 410, 422, 429 -> refused(error, answer);
            case 409 -> {
                if (error.is("order_already_exists")) {
                    yield existsAlready(order);
                }
                yield CONFLICTS.stream().anyMatch(error::is)
                        ? refused(error, answer)
                        : new SubmitOutcome.Unknown(told("POST", ORDERS, answer));
            }
            default -> new SubmitOutcome.Unknown(told("POST", ORDERS, answer));
        };
    }

    private SubmitOutcome accepted(PreparedOrder order, HttpOutcome.Answer answer) {
        try {
            var json = KalshiJson.parse(answer.body());
            var venueOrderId = json.text("order_id");
            var echoed = json.optionalText("client_order_id");
            if (echoed != null && !echoed.equals(order.clientOrderId())) {
                throw new Unreadable("it speaks of client order " + echoed + ", not of " + order.clientOrderId());
            }
            var placed = json.quantity("fill_count").plus(json.quantity("remaining_count"));
            if (placed.compareTo(order.command().quantity()) > 0) {
                throw new Unreadable("it speaks of " + placed + " contracts");
            }
            known.named(venueOrderId, order.clientOrderId());
            return new SubmitOutcome.Accepted(venueOrderId, json.integer("ts_ms"));
        } catch (Unreadable | IllegalArgumentException | ArithmeticException e) {
            return new SubmitOutcome.Unknown("order " + order.command().orderId()
                    + " was answered with 201 and a body that is not understood: " + e.getMessage());
        }
    }

    private SubmitOutcome refused(KalshiError error, HttpOutcome.Answer answer) {
        return new SubmitOutcome.Refused(error.code(), explained(answer, error), venueTime(answer.receivedAtMillis()));
    }

    /** The id was used before: by this very order, as far as we can be concerned, so its own record decides. */
    private SubmitOutcome existsAlready(PreparedOrder order) {
        return switch (lookUp(order.ref())) {
            case LookupOutcome.Found found -> new SubmitOutcome.Accepted(found.venueOrderId(), found.atMillis());
            case LookupOutcome.Absent absent ->
                new SubmitOutcome.Unknown("the venue says that order "
                        + order.command().orderId() + " exists already, and does not show it yet");
            case LookupOutcome.Unknown unknown ->
                new SubmitOutcome.Unknown("the venue says that order "
                        + order.command().orderId() + " exists already; looking it up: " + unknown.why());
        };
    }

    @Override
    public CancelOutcome cancel(OrderRef order) {
        remember(order);
        var venueOrderId = order.venueOrderId() == null ? known.venueIdOf(order.clientOrderId()) : order.venueOrderId();
        if (venueOrderId == null) {
            switch (lookUp(order)) {
                case LookupOutcome.Found found -> venueOrderId = found.venueOrderId();
                case LookupOutcome.Absent absent -> {
                    return new CancelOutcome.Refused(
                            "not_found", "no order with client id " + order.clientOrderId(), absent.asOfMillis());
                }
                case LookupOutcome.Unknown unknown -> {
                    return new CancelOutcome.Unknown("the venue's id of the order is not known: " + unknown.why());
                }
            }
        }
        // Without the market a cancel goes to shard 0, where an order of another shard is unknown.
        var path = ORDERS + "/" + encoded(venueOrderId)
                + query(
                        "subaccount",
                        config.subaccount(),
                        "market_ticker",
                        order.market().id());
        if (config.mode() == Mode.DRY_RUN) {
            return new CancelOutcome.NotSent(dryRun("DELETE", path, null));
        }
        var ours = known.byClientId(order.clientOrderId());
        limits.spend(ours == null ? null : ours.exchangeIndex(), KalshiLimits.CHEAP_COST);
        return switch (send("DELETE", path, null)) {
            case HttpOutcome.NotSent notSent -> new CancelOutcome.NotSent(notSent.why());
            case HttpOutcome.NoAnswer none -> new CancelOutcome.Unknown(none.why());
            case HttpOutcome.Answer answer -> cancelled(venueOrderId, path, answer);
        };
    }

    private CancelOutcome cancelled(String venueOrderId, String path, HttpOutcome.Answer answer) {
        try {
            if (answer.status() == 200) {
                var json = KalshiJson.parse(answer.body());
                if (!json.text("order_id").equals(venueOrderId)) {
                    throw new Unreadable("the answer is about order " + json.text("order_id"));
                }
                // The rest that was taken off is certain; a read of what was filled may still lag behind.
                var initial = order(venueOrderId).quantity("initial_count_fp");
                return new CancelOutcome.Cancelled(initial.minus(json.quantity("reduced_by")), json.integer("ts_ms"));
            }
            var error = KalshiError.parse(answer.body()).orElse(null);
            if (answer.status() == 429) {
                limits.refused(true, null);
            }
            if (error == null) {
                return new CancelOutcome.Unknown(told("DELETE", path, answer));
            }
            return switch (answer.status()) {
                case 404 -> notOpen(venueOrderId, error);
                // Turned away before it was looked at.
                case 429 -> new CancelOutcome.NotSent(told("DELETE", path, answer));
                case 400, 401, 403, 409, 410, 422 ->
                    new CancelOutcome.Refused(
                            error.code(), explained(answer, error), venueTime(answer.receivedAtMillis()));
                default -> new CancelOutcome.Unknown(told("DELETE", path, answer));
            };
        } catch (Unreadable | IllegalArgumentException | ArithmeticException e) {
            return new CancelOutcome.Unknown("cancel of " + venueOrderId + ": " + e.getMessage());
        }
    }

    /** The venue knows no such open order: its record says how it ended. */
    private CancelOutcome notOpen(String venueOrderId, KalshiError error) throws Unreadable {
        long at = venueTime(clock.millis());
        var order = orderIfAny(venueOrderId).orElse(null);
        if (order == null) {
            return new CancelOutcome.Refused(error.code(), "the venue knows no order " + venueOrderId, at);
        }
        var found = KalshiReading.found(order, at);
        return switch (found.status()) {
            case CANCELLED, EXPIRED -> new CancelOutcome.Cancelled(found.filled(), at);
            case FILLED -> new CancelOutcome.Refused("order_not_open", "the order is filled", at);
            case ACCEPTED, WORKING, GONE, REFUSED ->
                new CancelOutcome.Unknown("the exchange has no open order " + venueOrderId
                        + ", and reads still show it as " + found.detail());
        };
    }

    @Override
    public LookupOutcome lookUp(OrderRef ref) {
        remember(ref);
        try {
            var venueOrderId = ref.venueOrderId() == null ? known.venueIdOf(ref.clientOrderId()) : ref.venueOrderId();
            if (venueOrderId != null) {
                var order = orderIfAny(venueOrderId).orElse(null);
                if (order != null) {
                    return found(ref, order);
                }
            }
            // Read first, so that all that follows is at least as fresh.
            long now = venueTime(clock.millis());
            long asOf = userDataTime();
            var ticker = ref.market().id();
            var seen = new HashSet<String>();
            for (var list : List.of("/portfolio/orders", ARCHIVE + "orders")) {
                for (var order : pages(list, "orders", "ticker", ticker)) {
                    seen.add(order.text("order_id"));
                    if (ref.clientOrderId().equals(order.optionalText("client_order_id"))) {
                        return found(ref, order);
                    }
                }
            }
            for (var fill : pages("/portfolio/fills", "fills", "ticker", ticker)) {
                if (!seen.contains(fill.text("order_id"))) {
                    return new LookupOutcome.Unknown("fill " + fill.text("trade_id") + " is of order "
                            + fill.text("order_id") + ", which the venue does not show yet; it may be this one");
                }
            }
            var named = known.venueIdOf(ref.clientOrderId());
            if (named != null) {
                return new LookupOutcome.Unknown("the venue has told of order " + ref.orderId() + " as " + named
                        + ", and its lists do not show it yet");
            }
            if (now - asOf > config.readLag().toMillis() + CLOCK_TOLERANCE_MILLIS) {
                return new LookupOutcome.Unknown("order " + ref.orderId() + " is in no list, but the venue's lists are "
                        + (now - asOf) + " ms old; " + config.readLag().toMillis() + " ms is what we allow");
            }
            return new LookupOutcome.Absent(asOf);
        } catch (Unreadable | IllegalArgumentException | ArithmeticException e) {
            return new LookupOutcome.Unknown("order " + ref.orderId() + " cannot be looked up: " + e.getMessage());
        }
    }

    private LookupOutcome found(OrderRef ref, KalshiJson order) throws Unreadable {
        if (!ref.clientOrderId().equals(order.optionalText("client_order_id"))
                || !ref.market().id().equals(order.text("ticker"))) {
            throw new Unreadable("order " + order.text("order_id") + " in " + order.text("ticker") + " has client id "
                    + order.optionalText("client_order_id") + ", not " + ref.clientOrderId() + " in "
                    + ref.market().id());
        }
        var found = KalshiReading.found(order, venueTime(clock.millis()));
        known.named(found.venueOrderId(), ref.clientOrderId());
        return found;
    }

    private KalshiJson order(String venueOrderId) throws Unreadable {
        return orderIfAny(venueOrderId)
                .orElseThrow(() -> new Unreadable("the venue does not show order " + venueOrderId));
    }

    private Optional<KalshiJson> orderIfAny(String venueOrderId) throws Unreadable {
        var path = "/portfolio/orders/" + encoded(venueOrderId);
        var answer = get(path, KalshiLimits.CHEAP_COST);
        if (answer.status() == 404 && KalshiError.parse(answer.body()).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(ok(path, answer).object("order"));
    }

    @Override
    public Duration readLag() {
        return config.readLag();
    }

    // ------------------------------------------------------------------ what an account has

    @Override
    public ReadOutcome<List<OpenOrder>> openOrders(AccountId account) {
        return complete(account, () -> {
            var open = new ArrayList<OpenOrder>();
            for (var order :
                    pages("/portfolio/orders", "orders", "status", "resting", "subaccount", config.subaccount())) {
                open.add(KalshiReading.openOrder(order, named(order)));
            }
            return open;
        });
    }

    /** Remembers what the venue calls the order, and says whether it is ours. */
    private KnownOrders.@Nullable Known named(KalshiJson order) throws Unreadable {
        var clientId = order.optionalText("client_order_id");
        known.named(order.text("order_id"), clientId == null ? "" : clientId);
        return known.byClientId(clientId);
    }

    /** The cursor is the second of the newest fill; each page begins some minutes before it. */
    @Override
    public ReadOutcome<FillPage> fillsSince(AccountId account, String cursor) {
        return complete(account, () -> {
            long newest = secondsOf(cursor);
            long from = Math.max(0, newest - FILLS_OVERLAP.toSeconds());
            var since = from == 0 ? null : (Long) from;
            var lists = new ArrayList<>(List.of("/portfolio/fills"));
            if (Instant.ofEpochSecond(from).isBefore(clock.instant().minus(NEVER_ARCHIVED))) {
                lists.add(ARCHIVE + "fills");
            }
            var fills = new HashMap<String, Fill>();
            var unread = "";
            for (var list : lists) {
                for (var json : pages(list, "fills", "min_ts", since, "subaccount", config.subaccount())) {
                    try {
                        var fill = KalshiReading.fill(json, ownerOf(json), config.account(), config.mode());
                        fills.putIfAbsent(fill.tradeId() + "|" + fill.venueOrderId(), fill);
                    } catch (Unreadable | IllegalArgumentException | ArithmeticException e) {
                        // One that nobody can read must not hide the others; it is read again until it can be.
                        unread = "a fill: " + e.getMessage();
                    }
                }
            }
            var sorted = new ArrayList<>(fills.values());
            sorted.sort(Comparator.comparingLong(Fill::tradedAtMillis).thenComparing(Fill::tradeId));
            long last = sorted.isEmpty() ? 0 : sorted.getLast().tradedAtMillis() / 1000;
            boolean moves = last > newest && unread.isEmpty();
            return new FillPage(
                    sorted, moves ? Long.toString(last) : newest == 0 ? FillPage.START : cursor, false, unread);
        });
    }

    /** A cursor that is not one of ours has seen nothing. */
    private static long secondsOf(String cursor) {
        try {
            long seconds = Long.parseLong(cursor);
            return seconds < 0 || seconds > Instant.MAX.getEpochSecond() ? 0 : seconds;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Fills carry no client id when they are read, so the order is asked for it. */
    private KnownOrders.@Nullable Known ownerOf(KalshiJson fill) throws Unreadable {
        var venueOrderId = fill.text("order_id");
        if (!known.isNamed(venueOrderId)) {
            var order = orderIfAny(venueOrderId).orElse(null);
            named(order == null ? archived(venueOrderId, fill.text("market_ticker")) : order);
        }
        return known.byVenueId(venueOrderId);
    }

    private KalshiJson archived(String venueOrderId, String ticker) throws Unreadable {
        for (var order : pages(ARCHIVE + "orders", "orders", "ticker", ticker)) {
            if (order.text("order_id").equals(venueOrderId)) {
                return order;
            }
        }
        throw new Unreadable("there is a fill of order " + venueOrderId + ", and the venue does not show the order");
    }

    @Override
    public ReadOutcome<List<Holding>> positions(AccountId account) {
        return complete(account, () -> {
            var holdings = new ArrayList<Holding>();
            for (var position : pages(
                    "/portfolio/positions",
                    "market_positions",
                    "count_filter",
                    "position",
                    "subaccount",
                    config.subaccount())) {
                if (position.micros("position_fp") != 0) {
                    holdings.add(KalshiReading.holding(position));
                }
            }
            return holdings;
        });
    }

    /** Cash of each shard, without which an order there is refused; the bucket is the shard's number. */
    @Override
    public ReadOutcome<List<Balance>> balances(AccountId account) {
        return complete(
                account,
                () -> KalshiReading.balances(read("/portfolio/balance" + query("subaccount", config.subaccount()))));
    }

    /** Settlements that were paid to the account since a time, oldest first; some may come again. */
    public ReadOutcome<List<Settlement>> settlementsSince(AccountId account, long sinceMillis) {
        return complete(account, () -> {
            var settlements = new ArrayList<Settlement>();
            var since = sinceMillis <= 0 ? null : (Long) (sinceMillis / 1000);
            for (var json : pages(
                    "/portfolio/settlements", "settlements", "min_ts", since, "subaccount", config.subaccount())) {
                settlements.add(KalshiReading.settlement(json));
            }
            settlements.sort(Comparator.comparingLong(Settlement::settledAtMillis));
            return settlements;
        });
    }

    // ------------------------------------------------------------------ markets and streams

    @Override
    public ReadOutcome<Market> market(MarketId id) {
        return complete(config.account(), () -> {
            var market = told(id);
            var event = terms("/events/" + encoded(market.text("event_ticker")), "event");
            var series = terms("/series/" + encoded(event.text("series_ticker")), "series");
            return KalshiReading.market(market, event, series);
        });
    }

    @Override
    public ReadOutcome<Optional<Settlement>> settlement(MarketId id) {
        return complete(config.account(), () -> KalshiReading.resultOf(told(id)));
    }

    private KalshiJson told(MarketId id) throws Unreadable {
        var market = read("/markets/" + encoded(id.id())).object("market");
        if (!market.text("ticker").equals(id.id())) {
            throw new Unreadable("asked for " + id + ", told of " + market.text("ticker"));
        }
        return market;
    }

    private KalshiJson terms(String path, String name) throws Unreadable {
        var remembered = terms.get(path);
        long now = clock.millis();
        if (remembered != null && now - remembered.readAtMillis < TERMS_LIFE.toMillis()) {
            return remembered.json;
        }
        var json = read(path).object(name);
        terms.put(path, new Terms(json, now));
        return json;
    }

    @Override
    public Subscription streamQuotes(Set<MarketId> markets, QuoteListener listener) {
        return stream(new KalshiStream.Quotes(markets, config.depth(), listener));
    }

    /** After each connection a gap is told: what happened before it has to be read. */
    @Override
    public Subscription streamUser(AccountId account, UserListener listener) {
        if (!account.equals(config.account())) {
            throw new IllegalArgumentException(wrongAccount(account));
        }
        return stream(new KalshiStream.User(config, known, listener, clock));
    }

    /** Tells the listener of changes of all markets from now on. */
    public Subscription streamLifecycle(LifecycleListener listener) {
        return stream(new KalshiStream.Lifecycle(listener, terms::clear));
    }

    private Subscription stream(KalshiStream.Handler handler) {
        var stream = new KalshiStream(config, key, http, clock, handler, streams::remove);
        streams.add(stream);
        stream.start();
        return stream;
    }

    // ------------------------------------------------------------------ state

    /** Asks the exchange how it is, which {@link #health} then tells; also opens a connection before it is needed. */
    public ReadOutcome<KalshiExchange> refresh() {
        var outcome = complete(config.account(), () -> KalshiExchange.status(read("/exchange/status")));
        switch (outcome) {
            case ReadOutcome.Complete<KalshiExchange> complete -> state = new State(complete.value(), announced(), "");
            case ReadOutcome.Failed<KalshiExchange> failed -> state = new State(null, state.windows, failed.why());
        }
        return outcome;
    }

    private List<KalshiExchange.Window> announced() {
        return switch (complete(config.account(), () -> KalshiExchange.schedule(read("/exchange/schedule")))) {
            case ReadOutcome.Complete<List<KalshiExchange.Window>> complete -> complete.value();
            // The weekly one is known anyway.
            case ReadOutcome.Failed<List<KalshiExchange.Window>> failed -> state.windows;
        };
    }

    /** Asks what the key may do in a second, and keeps to our share of it from now on. */
    public ReadOutcome<KalshiTier> readLimits() {
        var outcome = complete(config.account(), () -> KalshiTier.of(read("/account/limits")));
        if (outcome instanceof ReadOutcome.Complete<KalshiTier> complete) {
            limits = new KalshiLimits(complete.value().share(config.percentOfLimits()), clock);
        }
        return outcome;
    }

    /** How far the venue's reads of orders, fills, positions and balances have come, in UTC milliseconds. */
    public ReadOutcome<Long> userDataAsOf() {
        return complete(config.account(), this::userDataTime);
    }

    private long userDataTime() throws Unreadable {
        return read("/exchange/user_data_timestamp").time("as_of_time");
    }

    @Override
    public Health health() {
        var now = state;
        var exchange = now.exchange;
        var ahead = offset.millis();
        var detail = new ArrayList<String>();
        if (exchange == null) {
            detail.add(now.trouble);
        } else if (!exchange.exchangeActive()) {
            detail.add("the exchange is paused, cancels included");
        } else if (!exchange.tradingActive()) {
            detail.add("trading is paused; cancels work");
        } else if (!exchange.pausedShards().isEmpty()) {
            detail.add("shards " + exchange.pausedShards() + " are paused");
        }
        boolean maintenance = KalshiExchange.isMaintenance(venueTime(clock.millis()), now.windows);
        if (maintenance) {
            detail.add("maintenance");
        }
        boolean clockOff = false;
        if (ahead != null && Math.abs(ahead) > MOST_CLOCK_OFFSET_MILLIS) {
            clockOff = true;
            detail.add(offClock(ahead));
        }
        boolean trading = exchange != null && exchange.tradingActive() && exchange.exchangeActive();
        boolean complete = streams.stream().allMatch(KalshiStream::isComplete);
        if (!complete) {
            detail.add("a websocket is not subscribed: its stream is not complete; fills and orders are read instead");
        }
        return new Health(
                trading && !maintenance && !clockOff,
                complete,
                ahead,
                detail.isEmpty() ? "ok" : String.join("; ", detail));
    }

    /**
     * Triggers the account's order groups, then cancels every order, and reads until none is open. Orders that are
     * placed within the next minute may be cancelled too.
     */
    @Override
    public StopOutcome stop(AccountId account) {
        if (!account.equals(config.account())) {
            return new StopOutcome.Unknown(wrongAccount(account));
        }
        var path = ORDERS + query("subaccount", config.subaccount());
        if (config.mode() == Mode.DRY_RUN) {
            return new StopOutcome.Unknown(dryRun("DELETE", path, null));
        }
        config.orderGroups().forEach((shard, group) -> triggerOrderGroup(group, shard));
        int before = openOrders(account) instanceof ReadOutcome.Complete<List<OpenOrder>> open
                ? open.value().size()
                : 0;
        limits.spend(null, KalshiLimits.CHEAP_COST);
        var outcome = send("DELETE", path, null);
        if (!(outcome instanceof HttpOutcome.Answer answer)) {
            return new StopOutcome.Unknown(outcome.toString());
        }
        if (answer.status() != 204) {
            return new StopOutcome.Unknown(told("DELETE", path, answer));
        }
        long until =
                clock.millis() + STOP_PATIENCE.toMillis() + config.readLag().toMillis();
        var last = "nothing was read";
        do {
            switch (openOrders(account)) {
                case ReadOutcome.Complete<List<OpenOrder>> open -> {
                    if (open.value().isEmpty()) {
                        return new StopOutcome.Stopped(before, open.asOfMillis());
                    }
                    last = open.value().size() + " orders are still shown as open";
                }
                case ReadOutcome.Failed<List<OpenOrder>> failed -> last = failed.why();
            }
            try {
                Thread.sleep(STOP_LOOK.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new StopOutcome.Unknown("interrupted; " + last);
            }
        } while (clock.millis() < until);
        return new StopOutcome.Unknown("every order was asked to be cancelled, and " + last);
    }

    // ------------------------------------------------------------------ order groups: the venue's own brake

    /**
     * Makes an order group: more than {@code contracts} matched within 15 seconds cancel all of its orders and refuse
     * new ones until it is reset.
     *
     * @return its id, for {@link KalshiConfig#orderGroups}
     */
    public ReadOutcome<String> createOrderGroup(Quantity contracts, int shard) {
        var body = KalshiJson.MAPPER.createObjectNode();
        body.put("contracts_limit_fp", KalshiOrders.countText(contracts));
        body.put("exchange_index", shard);
        if (config.subaccount() != null) {
            body.put("subaccount", config.subaccount());
        }
        return groupCall("POST", "/portfolio/order_groups/create", body.toString(), shard, 201, "order_group_id");
    }

    /** Cancels the orders of a group and refuses new ones in it, until {@link #resetOrderGroup}. */
    public ReadOutcome<String> triggerOrderGroup(String group, int shard) {
        return groupCall("PUT", groupPath(group, "/trigger", shard), "{}", shard, 200, null);
    }

    /** Lets a group take orders again. */
    public ReadOutcome<String> resetOrderGroup(String group, int shard) {
        return groupCall("PUT", groupPath(group, "/reset", shard), "{}", shard, 200, null);
    }

    private String groupPath(String group, String verb, int shard) {
        return "/portfolio/order_groups/" + encoded(group) + verb
                + query("subaccount", config.subaccount(), "exchange_index", shard);
    }

    private ReadOutcome<String> groupCall(
            String method, String path, String body, int shard, int expected, @Nullable String wanted) {
        if (config.mode() == Mode.DRY_RUN) {
            return new ReadOutcome.Failed<>(dryRun(method, path, bytes(body)));
        }
        limits.spend(shard, KalshiLimits.DEFAULT_COST);
        var outcome = send(method, path, bytes(body));
        if (!(outcome instanceof HttpOutcome.Answer answer)) {
            return new ReadOutcome.Failed<>(outcome.toString());
        }
        if (answer.status() != expected) {
            return new ReadOutcome.Failed<>(told(method, path, answer));
        }
        return complete(
                config.account(),
                () -> wanted == null ? "" : KalshiJson.parse(answer.body()).text(wanted));
    }

    @Override
    public void close() {
        List.copyOf(streams).forEach(KalshiStream::close);
    }

    // ------------------------------------------------------------------ reading

    /** Something that is read whole or not at all. */
    private interface Reading<T> {
        T read() throws Unreadable;
    }

    private <T> ReadOutcome<T> complete(AccountId account, Reading<T> reading) {
        if (!account.equals(config.account())) {
            return new ReadOutcome.Failed<>(wrongAccount(account));
        }
        long asOf = venueTime(clock.millis());
        try {
            return new ReadOutcome.Complete<>(reading.read(), asOf);
        } catch (Unreadable e) {
            return new ReadOutcome.Failed<>(String.valueOf(e.getMessage()), e.absent);
        } catch (IllegalArgumentException | ArithmeticException e) {
            return new ReadOutcome.Failed<>(String.valueOf(e.getMessage()));
        }
    }

    private String wrongAccount(AccountId account) {
        return "this client speaks for account " + config.account() + ", not for " + account;
    }

    private KalshiJson read(String path) throws Unreadable {
        return ok(path, get(path, KalshiLimits.DEFAULT_COST));
    }

    private HttpOutcome.Answer get(String path, int cost) throws Unreadable {
        if (!limits.awaitRead(cost, LONGEST_WAIT_OF_A_READ.toMillis())) {
            throw new Unreadable("GET " + path + ": our share of the rate limit has no room for a read within "
                    + LONGEST_WAIT_OF_A_READ.toSeconds() + " s");
        }
        return switch (send("GET", path, null)) {
            case HttpOutcome.NotSent notSent -> throw new Unreadable(notSent.why());
            case HttpOutcome.NoAnswer none -> throw new Unreadable(none.why());
            case HttpOutcome.Answer answer -> {
                if (answer.status() == 429) {
                    limits.refused(false, null);
                }
                yield answer;
            }
        };
    }

    private KalshiJson ok(String path, HttpOutcome.Answer answer) throws Unreadable {
        if (answer.status() != 200) {
            // A proxy's 404 says nothing about what the venue has.
            boolean absent =
                    answer.status() == 404 && KalshiError.parse(answer.body()).isPresent();
            throw new Unreadable(told("GET", path, answer), absent);
        }
        return KalshiJson.parse(answer.body());
    }

    /** Every object of a list, over all of its pages. */
    private List<KalshiJson> pages(String path, String name, @Nullable Object... query) throws Unreadable {
        var all = new ArrayList<KalshiJson>();
        var seen = new HashSet<String>();
        var cursor = "";
        do {
            var parameters = new ArrayList<@Nullable Object>(List.of("limit", PAGE));
            Collections.addAll(parameters, query);
            parameters.add("cursor");
            parameters.add(cursor.isEmpty() ? null : cursor);
            var whole = path + query(parameters.toArray());
            var answer = get(whole, KalshiLimits.DEFAULT_COST);
            if (answer.status() == 404
                    && path.startsWith(ARCHIVE)
                    && KalshiError.parse(answer.body()).isPresent()) {
                // A venue that has moved nothing away has no archive; what we ask for is rarely older than minutes.
                return all;
            }
            var page = ok(whole, answer);
            all.addAll(page.list(name));
            var next = page.optionalText("cursor");
            cursor = next == null ? "" : next;
            // An unknown cursor gets the first page again: a list that never ends is not a complete one.
            if (!cursor.isEmpty() && (!seen.add(cursor) || seen.size() > MOST_PAGES)) {
                throw new Unreadable("GET " + path + ": its pages do not end");
            }
        } while (!cursor.isEmpty());
        return all;
    }

    // ------------------------------------------------------------------ sending

    private HttpOutcome send(String method, String path, @Nullable ByteBuffer body) {
        return send(method, path, body, Long.MAX_VALUE);
    }

    private HttpOutcome send(String method, String path, @Nullable ByteBuffer body, long notAfterMillis) {
        var uri = URI.create(config.rest() + path);
        var headers = new HashMap<>(key.headers(clock.millis(), method, uri.getRawPath()));
        headers.put("accept", "application/json");
        if (body != null) {
            headers.put("content-type", "application/json");
        }
        var outcome = http.send(new HttpCall(method, uri, headers, body, notAfterMillis));
        if (outcome instanceof HttpOutcome.Answer answer) {
            measure(answer);
        }
        return outcome;
    }

    private void measure(HttpOutcome.Answer answer) {
        var date = answer.header("date");
        if (date == null) {
            return;
        }
        try {
            long said = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date))
                    .toEpochMilli();
            offset.saidWithinSecond(said, answer.sentAtMillis(), answer.receivedAtMillis());
        } catch (DateTimeException e) {
            // A server that cannot say the time says nothing about ours.
        }
    }

    private long venueTime(long localMillis) {
        var ahead = offset.millis();
        return ahead == null ? localMillis : localMillis - ahead;
    }

    private String dryRun(String method, String path, @Nullable ByteBuffer body) {
        var headers = key.headers(clock.millis(), method, config.rest().getPath() + path);
        return "dry run; would have sent: " + method + " " + config.rest() + path + " as key "
                + headers.get("KALSHI-ACCESS-KEY") + " at " + headers.get("KALSHI-ACCESS-TIMESTAMP")
                + (body == null ? "" : " " + StandardCharsets.UTF_8.decode(body.duplicate()));
    }

    private static ByteBuffer bytes(String body) {
        return ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8));
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A query of names and values; a name whose value is null is left out. */
    private static String query(@Nullable Object... namesAndValues) {
        var text = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            var value = namesAndValues[i + 1];
            if (value != null) {
                text.append(text.isEmpty() ? '?' : '&')
                        .append(namesAndValues[i])
                        .append('=')
                        .append(encoded(value.toString()));
            }
        }
        return text.toString();
    }

    // ------------------------------------------------------------------ words

    private String told(String method, String path, HttpOutcome.Answer answer) {
        var what = method + " " + path + ": status " + answer.status();
        return KalshiError.parse(answer.body())
                .map(error -> {
                    var explained = explained(answer, error);
                    return what + ", " + error.code() + (explained.isEmpty() ? "" : ": " + explained);
                })
                .orElseGet(() -> what + ", and a body that is not the venue's: \"" + KalshiJson.start(answer.body())
                        + "\"; something between us and Kalshi may have answered (proxy, firewall, geoblock)");
    }

    /** What the venue says beyond its code, and what to do. */
    private String explained(HttpOutcome.Answer answer, KalshiError error) {
        var hint = hint(answer, error);
        return error.detail().isEmpty() || hint.isEmpty() ? error.detail() + hint : error.detail() + "; " + hint;
    }

    /** What to do about a refusal that a person has to mend. */
    private String hint(HttpOutcome.Answer answer, KalshiError error) {
        if (error.is("header_timestamp_expired")) {
            var ahead = offset.millis();
            if (ahead == null) {
                return "set the local clock (NTP)";
            }
            return Math.abs(ahead) > MOST_CLOCK_OFFSET_MILLIS
                    ? offClock(ahead)
                    : "the local clock agrees with the venue's Date header (" + ahead
                            + " ms), so the venue's own clocks disagree, or the request was very slow";
        }
        if (answer.status() == 401) {
            return "check that " + key + " is registered with "
                    + config.rest().getHost()
                    + " (demo and production have separate keys), has not expired, and that the key file belongs to it";
        }
        if (answer.status() == 429) {
            return "too many requests for the venue's rate limit; send fewer, or lower percent-of-limits";
        }
        return "";
    }

    private static String offClock(long ahead) {
        return "the local clock is " + Math.abs(ahead) + " ms " + (ahead > 0 ? "ahead of" : "behind")
                + " the venue's, the bound is " + MOST_CLOCK_OFFSET_MILLIS + " ms; set it (NTP)";
    }
}
