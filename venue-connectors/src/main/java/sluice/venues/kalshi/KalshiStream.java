package sluice.venues.kalshi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import sluice.domain.MarketId;
import sluice.venues.api.QuoteListener;
import sluice.venues.api.Subscription;
import sluice.venues.api.UserListener;
import sluice.venues.http.SocketSettings;
import sluice.venues.http.VenueHttp;
import sluice.venues.http.VenueSocket;
import sluice.venues.kalshi.KalshiJson.Unreadable;

/**
 * One websocket with its subscriptions, made again after every loss. It asks the venue for a sign of life on a quiet
 * socket, since the venue's pings are not seen here.
 */
final class KalshiStream implements Subscription, VenueSocket.Listener {
    /** What the channels of one stream mean. Called by one thread at a time. */
    interface Handler {
        List<String> channels();

        /** Parameters of the subscription besides its channels. */
        default void describe(ObjectNode params) {}

        /** A channel is subscribed to, as {@code sid}. */
        default void onSubscribed(String channel, long sid) {}

        /** Every channel is subscribed to. */
        default void onAllSubscribed() {}

        void onMessage(KalshiJson message) throws Unreadable;

        /** A message of this channel cannot be believed. */
        void onUnreadable(KalshiStream stream, String why);

        void onGap(String why);

        default void onTick() {}

        /** The venue has answered a question, and so has told everything that it had to tell when it was asked. */
        default void onCurrent(long askedAtMillis) {}

        /** How often the venue is asked for a sign of life. */
        default Duration askEvery(Duration silence) {
            return silence.dividedBy(3);
        }
    }

    /** What was missed is read: so to begin, and to be told what cannot be understood, are gaps like any other. */
    private interface ReadAgain extends Handler {
        @Override
        default void onAllSubscribed() {
            onGap("subscribed from now on; what happened before must be read");
        }

        @Override
        default void onUnreadable(KalshiStream stream, String why) {
            onGap("a message was not understood: " + why);
        }
    }

    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(250);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(30);

    private final KalshiConfig config;
    private final Handler handler;
    private final InstantSource clock;
    private final VenueSocket socket;
    private final Runnable onClose;

    // Touched under the socket's lock only, but for subscribed.
    private final Set<String> awaited = new HashSet<>();
    private long lastId;
    private long askedAtMillis;
    private long questionId;
    private long questionAtMillis;
    private volatile boolean subscribed;

    KalshiStream(
            KalshiConfig config,
            KalshiKey key,
            VenueHttp http,
            InstantSource clock,
            Handler handler,
            Consumer<KalshiStream> onClose) {
        this.config = config;
        this.handler = handler;
        this.clock = clock;
        this.onClose = () -> onClose.accept(this);
        this.socket = new VenueSocket(
                http,
                () -> new VenueSocket.Handshake(
                        config.websocket(),
                        key.headers(clock.millis(), "GET", config.websocket().getPath())),
                new SocketSettings(config.silence(), "", FIRST_BACK_OFF, LONGEST_BACK_OFF, config.seed()),
                this);
    }

    void start() {
        socket.every(config.silence().dividedBy(3), this::lookAfter);
        socket.every(handler.askEvery(config.silence()), this::ask);
        socket.every(config.conflation(), handler::onTick);
        socket.start();
    }

    /** Whether everything that was subscribed to arrives, as far as anybody can tell. */
    boolean isComplete() {
        return subscribed;
    }

    @Override
    public void close() {
        subscribed = false;
        socket.close();
        onClose.run();
    }

    // ------------------------------------------------------------------ what we say

    @Override
    public void onOpen() {
        subscribe(handler.channels());
    }

    private void subscribe(List<String> channels) {
        subscribed = false;
        awaited.addAll(channels);
        askedAtMillis = clock.millis();
        var command = command("subscribe");
        var params = command.putObject("params");
        var list = params.putArray("channels");
        channels.forEach(list::add);
        handler.describe(params);
        socket.send(command.toString());
    }

    /** Gives up a subscription whose news were lost, and begins it anew: it starts with a snapshot. */
    void again(String channel, long sid) {
        var command = command("unsubscribe");
        command.putObject("params").putArray("sids").add(sid);
        socket.send(command.toString());
        subscribe(List.of(channel));
    }

    void reconnect(String why) {
        socket.reconnect(why);
    }

    private ObjectNode command(String name) {
        var command = KalshiJson.MAPPER.createObjectNode();
        command.put("id", ++lastId);
        command.put("cmd", name);
        return command;
    }

    private void lookAfter() {
        if (!awaited.isEmpty() && socket.isOpen()) {
            long waited = clock.millis() - askedAtMillis;
            if (waited > config.silence().toMillis()) {
                socket.reconnect(
                        "subscription to " + new TreeSet<>(awaited) + " was not answered within " + waited + " ms");
            }
        }
    }

    /** One question at a time, unless it is not answered for long. */
    private void ask() {
        boolean waiting = questionId != 0
                && clock.millis() - questionAtMillis
                        < config.silence().dividedBy(3).toMillis();
        if (waiting || !socket.isOpen()) {
            return;
        }
        var question = command("list_subscriptions");
        questionId = lastId;
        questionAtMillis = clock.millis();
        socket.send(question.toString());
    }

    // ------------------------------------------------------------------ what we hear

    @Override
    public void onText(String text) {
        try {
            var message = KalshiJson.parse(text);
            if (questionId != 0 && message.has("id") && message.integer("id") == questionId) {
                questionId = 0;
                handler.onCurrent(questionAtMillis);
            }
            switch (message.text("type")) {
                case "subscribed" -> acknowledged(message.object("msg"));
                case "error" -> refused(message);
                // Also "ok" and "unsubscribed": they carry sequence numbers.
                default -> handler.onMessage(message);
            }
        } catch (Unreadable | IllegalArgumentException | ArithmeticException e) {
            handler.onUnreadable(this, String.valueOf(e.getMessage()));
        }
    }

    private void acknowledged(KalshiJson msg) throws Unreadable {
        var channel = msg.text("channel");
        handler.onSubscribed(channel, msg.integer("sid"));
        if (awaited.remove(channel) && awaited.isEmpty()) {
            subscribed = true;
            handler.onAllSubscribed();
        }
    }

    /** A refusal leaves us without what we asked for, and some end a subscription: both are mended by starting over. */
    private void refused(KalshiJson message) throws Unreadable {
        var msg = message.object("msg");
        socket.reconnect("the venue says error " + msg.integer("code") + ": " + msg.optionalText("msg"));
    }

    @Override
    public void onGap(String why) {
        subscribed = false;
        awaited.clear();
        questionId = 0;
        handler.onGap(why);
    }

    // ------------------------------------------------------------------ books

    /** Books of markets: the newest one at most once in each interval, whatever has happened in between. */
    static final class Quotes implements Handler {
        private static final String BOOK = "orderbook_delta";

        /** An order is priced against a book of a short while ago at most, also where nothing happens. */
        private static final Duration ASK_EVERY = Duration.ofSeconds(1);

        private final Set<String> tickers;
        private final int depth;
        private final QuoteListener listener;
        private final KalshiBook book = new KalshiBook();
        private final Set<String> changed = new TreeSet<>();

        Quotes(Set<MarketId> markets, int depth, QuoteListener listener) {
            this.tickers = new TreeSet<>();
            markets.forEach(it -> tickers.add(it.id()));
            this.depth = depth;
            this.listener = listener;
        }

        @Override
        public List<String> channels() {
            return List.of(BOOK, "trade");
        }

        @Override
        public void describe(ObjectNode params) {
            var list = params.putArray("market_tickers");
            tickers.forEach(list::add);
            params.put("use_yes_price", true);
        }

        @Override
        public void onSubscribed(String channel, long sid) {
            if (channel.equals(BOOK)) {
                book.restart();
                book.subscribed(sid);
            }
        }

        @Override
        public void onMessage(KalshiJson message) throws Unreadable {
            if (message.text("type").equals("trade")) {
                book.traded(message);
                return;
            }
            book.take(message).ifPresent(changed::add);
        }

        @Override
        public void onUnreadable(KalshiStream stream, String why) {
            lost(why);
            var sid = book.sid();
            book.restart();
            if (sid != null) {
                stream.again(BOOK, sid);
            }
        }

        @Override
        public void onGap(String why) {
            book.restart();
            lost(why);
        }

        private void lost(String why) {
            changed.clear();
            tickers.forEach(it -> listener.onGap(KalshiReading.market(it), why));
        }

        @Override
        public void onTick() {
            for (var ticker : changed) {
                book.quote(ticker, depth).ifPresent(listener::onQuote);
            }
            changed.clear();
        }

        @Override
        public Duration askEvery(Duration silence) {
            var third = silence.dividedBy(3);
            return third.compareTo(ASK_EVERY) < 0 ? third : ASK_EVERY;
        }

        @Override
        public void onCurrent(long askedAtMillis) {
            onTick();
            var markets = new HashSet<MarketId>();
            book.tickers().forEach(ticker -> markets.add(KalshiReading.market(ticker)));
            if (!markets.isEmpty()) {
                listener.onCurrent(markets, askedAtMillis);
            }
        }
    }

    // ------------------------------------------------------------------ our own orders

    /** An account's fills and orders. */
    static final class User implements ReadAgain {
        private final KalshiConfig config;
        private final KnownOrders known;
        private final UserListener listener;
        private final InstantSource clock;

        User(KalshiConfig config, KnownOrders known, UserListener listener, InstantSource clock) {
            this.config = config;
            this.known = known;
            this.listener = listener;
            this.clock = clock;
        }

        @Override
        public List<String> channels() {
            return List.of("fill", "user_orders");
        }

        @Override
        public void onMessage(KalshiJson message) throws Unreadable {
            switch (message.text("type")) {
                case "fill" -> fill(message.object("msg"));
                case "user_order" -> order(message.object("msg"));
                default -> {
                    // Answers to commands, and channels that nobody asked for.
                }
            }
        }

        private void fill(KalshiJson fill) throws Unreadable {
            var venueId = fill.text("order_id");
            var clientId = fill.optionalText("client_order_id");
            if (clientId != null && !clientId.isEmpty()) {
                known.named(venueId, clientId);
            } else if (!known.isNamed(venueId)) {
                // It may be ours: reading the fills tells, since that asks for the order.
                throw new Unreadable("a fill of order " + venueId + " without our id");
            }
            var ours = known.byVenueId(venueId);
            listener.onFill(KalshiReading.fill(fill, ours, config.account(), config.mode()));
        }

        private void order(KalshiJson order) throws Unreadable {
            var clientId = order.optionalText("client_order_id");
            var ours = known.byClientId(clientId);
            if (ours == null || clientId == null) {
                // Somebody else's; reconciliation looks at these.
                return;
            }
            known.named(order.text("order_id"), clientId);
            listener.onReport(KalshiReading.report(order, ours, config.account(), config.mode(), clock.millis()));
        }

        @Override
        public void onGap(String why) {
            listener.onGap(why);
        }
    }

    // ------------------------------------------------------------------ markets

    /** What happens to markets and events, all of them. */
    static final class Lifecycle implements ReadAgain {
        private final LifecycleListener listener;
        private final Runnable forgetTerms;
        private final Map<Long, Long> sequences = new HashMap<>();

        Lifecycle(LifecycleListener listener, Runnable forgetTerms) {
            this.listener = listener;
            this.forgetTerms = forgetTerms;
        }

        @Override
        public List<String> channels() {
            return List.of("market_lifecycle_v2");
        }

        @Override
        public void onMessage(KalshiJson message) throws Unreadable {
            if (message.has("sid") && message.has("seq")) {
                long sid = message.integer("sid");
                long seq = message.integer("seq");
                var before = sequences.put(sid, seq);
                if (before != null && seq != before + 1) {
                    listener.onGap("message " + seq + " follows " + before);
                }
            }
            switch (message.text("type")) {
                case "market_lifecycle_v2" -> {
                    var msg = message.object("msg");
                    listener.onMarketChanged(KalshiReading.market(msg.text("market_ticker")), msg.text("event_type"));
                }
                case "event_lifecycle" ->
                    listener.onEventChanged(message.object("msg").text("event_ticker"), "created");
                case "event_fee_update" -> {
                    forgetTerms.run();
                    listener.onEventChanged(message.object("msg").text("event_ticker"), "fees");
                }
                default -> {
                    // Answers to commands.
                }
            }
        }

        @Override
        public void onGap(String why) {
            sequences.clear();
            listener.onGap(why);
        }
    }
}
