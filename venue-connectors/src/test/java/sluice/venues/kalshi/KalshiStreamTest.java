package sluice.venues.kalshi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sluice.domain.MarketId;
import sluice.domain.Mode;
import sluice.domain.Price;
import sluice.domain.market.Quote;
import sluice.domain.order.Fill;
import sluice.domain.order.VenueReport;
import sluice.venues.api.QuoteListener;
import sluice.venues.api.UserListener;
import sluice.venues.http.HttpSettings;
import sluice.venues.http.SocketServer;
import sluice.venues.http.VenueHttp;

/** Streams over a real websocket. */
class KalshiStreamTest {
    /** Something that a listener heard. */
    private record Heard(String what, Object about) {}

    private final SocketServer server = new SocketServer();
    private final VenueHttp http = new VenueHttp(HttpSettings.DEFAULT, InstantSource.system());
    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    private final KalshiClient client = client(Duration.ofSeconds(30));

    private final QuoteListener quotes = new QuoteListener() {
        @Override
        public void onQuote(Quote quote) {
            heard.add(new Heard("quote", quote));
        }

        @Override
        public void onGap(MarketId market, String why) {
            heard.add(new Heard("gap", why));
        }
    };

    private final UserListener user = new UserListener() {
        @Override
        public void onReport(VenueReport report) {
            heard.add(new Heard("report", report));
        }

        @Override
        public void onFill(Fill fill) {
            heard.add(new Heard("fill", fill));
        }

        @Override
        public void onGap(String why) {
            heard.add(new Heard("gap", why));
        }
    };

    private KalshiClient client(Duration silence) {
        var config = KalshiConfig.of(
                        URI.create("http://127.0.0.1:1/trade-api/v2"), server.uri(), TestOrders.ACCOUNT, Mode.LIVE)
                .withSilence(silence);
        var key = KalshiKey.parse(
                "key-1",
                KalshiVectors.ALL.at("/keys/ed25519/private_key_pkcs8_pem").asText(),
                null);
        return new KalshiClient(config, key, http, InstantSource.system());
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
        http.close();
    }

    private <T> T next(String what, Class<T> type) throws InterruptedException {
        var next = heard.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no " + what + " within 10 s");
        }
        assertThat(next.what).as(next.toString()).isEqualTo(what);
        return type.cast(next.about);
    }

    /** The next command of a kind, other than asking for a sign of life. */
    private JsonNode command(String cmd) throws Exception {
        while (true) {
            var command = KalshiJson.MAPPER.readTree(server.nextText());
            if (!command.get("cmd").asText().equals("list_subscriptions") || cmd.equals("list_subscriptions")) {
                assertThat(command.get("cmd").asText()).isEqualTo(cmd);
                return command;
            }
        }
    }

    private static void acknowledge(Session session, JsonNode subscribe, long firstSid) {
        long sid = firstSid;
        for (var channel : subscribe.at("/params/channels")) {
            SocketServer.say(
                    session,
                    "{\"id\":" + subscribe.get("id") + ",\"type\":\"subscribed\",\"msg\":{\"channel\":" + channel
                            + ",\"sid\":" + sid++ + "}}");
        }
    }

    private static String snapshot(long sid, String bid) {
        return "{\"type\":\"orderbook_snapshot\",\"sid\":" + sid + ",\"seq\":1,\"msg\":{\"market_ticker\":\""
                + TestOrders.TICKER + "\",\"yes_dollars_fp\":[[\"" + bid
                + "\",\"25.00\"]],\"no_dollars_fp\":[[\"0.4400\",\"10.00\"]]},\"sending_ts_ms\":1795185000128}\n";
    }

    private static String delta(long sid, long seq, String price) {
        return "{\"type\":\"orderbook_delta\",\"sid\":" + sid + ",\"seq\":" + seq + ",\"msg\":{\"market_ticker\":\""
                + TestOrders.TICKER + "\",\"price_dollars\":\"" + price
                + "\",\"delta_fp\":\"1.00\",\"side\":\"yes\",\"ts_ms\":1795185000200}}";
    }

    private static Price bestBid(Quote quote) {
        return quote.bids().getFirst().price();
    }

    // ------------------------------------------------------------------ quotes

    @Test
    void booksComeConflatedAndAreAskedForInYes() throws Exception {
        try (var stream = client.streamQuotes(Set.of(TestOrders.MARKET), quotes)) {
            var session = server.nextSession();
            var subscribe = command("subscribe");
            assertThat(subscribe.at("/params/use_yes_price").asBoolean()).isTrue();
            assertThat(subscribe.at("/params/market_tickers/0").asText()).isEqualTo(TestOrders.TICKER);
            assertThat(client.health().streams()).isFalse();
            acknowledge(session, subscribe, 1);

            SocketServer.say(session, snapshot(1, "0.4100"));
            for (int i = 2; i < 40; i++) {
                SocketServer.say(session, delta(1, i, "0.4200"));
            }

            int told = 1;
            var quote = next("quote", Quote.class);
            while (!Long.valueOf(39).equals(quote.sequence())) {
                quote = next("quote", Quote.class);
                told++;
            }
            assertThat(bestBid(quote)).isEqualTo(Price.parse("0.42"));
            assertThat(quote.asks().getFirst().price()).isEqualTo(Price.parse("0.44"));
            assertThat(told).isLessThan(39);
            assertThat(client.health().streams()).isTrue();
            assertThat(stream).isNotNull();
        }
        assertThat(client.health().streams()).isTrue();
    }

    @Test
    void aGapIsToldAndTheBookIsBegunAnewFromASnapshot() throws Exception {
        try (var stream = client.streamQuotes(Set.of(TestOrders.MARKET), quotes)) {
            // Given
            var session = server.nextSession();
            acknowledge(session, command("subscribe"), 1);
            SocketServer.say(session, snapshot(1, "0.4100"));
            assertThat(bestBid(next("quote", Quote.class))).isEqualTo(Price.parse("0.41"));

            // When a message is missing
            SocketServer.say(session, delta(1, 3, "0.4200"));

            // Then
            assertThat(next("gap", String.class)).isEqualTo("message 3 follows 1 of subscription 1");
            assertThat(command("unsubscribe").at("/params/sids/0").asLong()).isEqualTo(1);
            var again = command("subscribe");
            assertThat(again.at("/params/channels")).hasSize(1);
            SocketServer.say(session, delta(1, 4, "0.4300"));
            acknowledge(session, again, 7);
            SocketServer.say(session, snapshot(7, "0.4000"));
            assertThat(bestBid(next("quote", Quote.class))).isEqualTo(Price.parse("0.40"));
            assertThat(stream).isNotNull();
        }
    }

    @Test
    void anErrorOfTheVenueAndALostConnectionBeginAnew() throws Exception {
        try (var stream = client.streamQuotes(Set.of(TestOrders.MARKET), quotes)) {
            var first = server.nextSession();
            acknowledge(first, command("subscribe"), 1);
            SocketServer.say(
                    first,
                    "{\"sid\":1,\"type\":\"error\",\"msg\":{\"code\":25,\"msg\":\"subscription buffer overflow\"}}");

            assertThat(next("gap", String.class)).isEqualTo("the venue says error 25: subscription buffer overflow");
            var second = server.nextSession();
            acknowledge(second, command("subscribe"), 1);
            SocketServer.say(second, snapshot(1, "0.4000"));
            assertThat(bestBid(next("quote", Quote.class))).isEqualTo(Price.parse("0.40"));
            second.disconnect();
            next("gap", String.class);
            server.nextSession();
            command("subscribe");
            assertThat(server.keys()).containsOnly("key-1");
            assertThat(stream).isNotNull();
        }
    }

    @Test
    void anAnswerConfirmsTheBooksAsOfTheQuestion() throws Exception {
        var confirmed = new LinkedBlockingQueue<Map.Entry<Set<MarketId>, Long>>();
        var listener = new QuoteListener() {
            @Override
            public void onQuote(Quote quote) {}

            @Override
            public void onGap(MarketId market, String why) {
                confirmed.add(Map.entry(Set.of(), 0L));
            }

            @Override
            public void onCurrent(Set<MarketId> markets, long asOfMillis) {
                confirmed.add(Map.entry(markets, asOfMillis));
            }
        };
        long before = System.currentTimeMillis();
        try (var stream = client.streamQuotes(Set.of(TestOrders.MARKET), listener)) {
            var session = server.nextSession();
            acknowledge(session, command("subscribe"), 1);
            var early = command("list_subscriptions");
            // Nothing is known yet, so nothing is confirmed by it.
            SocketServer.say(session, "{\"id\":" + early.get("id") + ",\"type\":\"ok\",\"msg\":[]}");
            SocketServer.say(session, snapshot(1, "0.4200"));
            var question = command("list_subscriptions");
            long asked = System.currentTimeMillis();
            SocketServer.say(session, "{\"id\":" + question.get("id") + ",\"type\":\"ok\",\"msg\":[]}");

            var answer = Objects.requireNonNull(confirmed.poll(10, TimeUnit.SECONDS));
            assertThat(answer.getKey()).containsExactly(TestOrders.MARKET);
            assertThat(answer.getValue()).isBetween(before, asked);

            // An answer to nothing confirms nothing, and a book whose news were lost is not confirmed.
            SocketServer.say(session, "{\"id\":" + question.get("id") + ",\"type\":\"ok\",\"msg\":[]}");
            SocketServer.say(session, delta(1, 3, "0.4300"));
            command("unsubscribe");
            command("subscribe");
            var next = command("list_subscriptions");
            SocketServer.say(session, "{\"id\":" + next.get("id") + ",\"type\":\"ok\",\"msg\":[]}");
            assertThat(Objects.requireNonNull(confirmed.poll(10, TimeUnit.SECONDS))
                            .getKey())
                    .as("a gap")
                    .isEmpty();
            session.disconnect();
            assertThat(Objects.requireNonNull(confirmed.poll(10, TimeUnit.SECONDS))
                            .getKey())
                    .as("a gap, with no confirmation before it")
                    .isEmpty();
            assertThat(stream).isNotNull();
        }
    }

    @Test
    void anOpenSocketThatSaysNothingIsAskedAndThenDropped() throws Exception {
        try (var hasty = client(Duration.ofMillis(600));
                var stream = hasty.streamQuotes(Set.of(TestOrders.MARKET), quotes)) {
            var session = server.nextSession();
            acknowledge(session, command("subscribe"), 1);
            command("list_subscriptions");

            assertThat(next("gap", String.class)).contains("open, and silent for", "the bound is 600 ms");
            assertThat(hasty.health().detail()).contains("a websocket is not subscribed");
            server.nextSession();
            assertThat(stream).isNotNull();
        }
    }

    // ------------------------------------------------------------------ our own orders

    private Session subscribedUser() throws Exception {
        var session = server.nextSession();
        var subscribe = command("subscribe");
        assertThat(subscribe.at("/params/channels").toString()).isEqualTo("[\"fill\",\"user_orders\"]");
        acknowledge(session, subscribe, 5);
        assertThat(next("gap", String.class)).contains("what happened before must be read");
        return session;
    }

    private static String sample(String name) {
        return KalshiVectors.ALL.at("/ws_samples/" + name + "/message").toString();
    }

    @Test
    void fillsAndOrdersOfOursAreToldInOurWords() throws Exception {
        var ours = KalshiOrders.clientOrderId(TestOrders.buy("o-1").orderId());
        client.prepare(TestOrders.buy("o-1"));
        try (var stream = client.streamUser(TestOrders.ACCOUNT, user)) {
            var session = subscribedUser();

            SocketServer.say(session, sample("fill").replace("50d00787-862a-43db-851b-ec1ede27387c", ours));
            SocketServer.say(session, sample("user_order_final").replace("50d00787-862a-43db-851b-ec1ede27387c", ours));

            assertThat(next("fill", Fill.class).orderId()).isEqualTo("o-1");
            assertThat(next("report", VenueReport.class).type()).isEqualTo(VenueReport.Type.CANCELLED);
            assertThat(stream).isNotNull();
        }
    }

    @Test
    void aFillOfAnOrderThatIsNotOursIsToldWithoutAnId() throws Exception {
        try (var stream = client.streamUser(TestOrders.ACCOUNT, user)) {
            var session = subscribedUser();

            SocketServer.say(session, sample("fill"));
            SocketServer.say(session, sample("user_order_final"));
            SocketServer.say(
                    session,
                    sample("fill")
                            .replace("\"client_order_id\"", "\"other_key\"")
                            .replace("dc36fc90-2248", "dc36fc90-0000"));

            assertThat(next("fill", Fill.class).orderId()).isEmpty();
            // Without the venue's word for whose it is, it is read instead of guessed.
            assertThat(next("gap", String.class)).contains("a fill of order", "without our id");
            assertThat(stream).isNotNull();
        }
    }

    @Test
    void whatIsNotUnderstoodIsAGapAndNothingElseIsLost() throws Exception {
        var ours = KalshiOrders.clientOrderId(TestOrders.buy("o-1").orderId());
        client.prepare(TestOrders.buy("o-1"));
        try (var stream = client.streamUser(TestOrders.ACCOUNT, user)) {
            var session = subscribedUser();
            var order = sample("user_order_final").replace("50d00787-862a-43db-851b-ec1ede27387c", ours);

            SocketServer.say(session, order.replace("\"canceled\"", "\"hibernating\""));
            SocketServer.say(session, "{\"type\":");
            SocketServer.say(session, "{\"type\":\"a_new_type\",\"msg\":{}}");
            SocketServer.say(session, order);

            assertThat(next("gap", String.class)).contains("\"hibernating\" is none we know");
            assertThat(next("gap", String.class)).contains("not JSON");
            assertThat(next("report", VenueReport.class).type()).isEqualTo(VenueReport.Type.CANCELLED);
            assertThat(stream).isNotNull();
        }
    }

    @Test
    void afterALossEverythingBeforeTheNewSubscriptionIsAGap() throws Exception {
        try (var stream = client.streamUser(TestOrders.ACCOUNT, user)) {
            subscribedUser().disconnect();

            assertThat(next("gap", String.class)).startsWith("lost");
            subscribedUser();
            assertThat(stream).isNotNull();
        }
    }

    // ------------------------------------------------------------------ markets

    @Test
    void changesOfMarketsAndEventsAreTold() throws Exception {
        var listener = new LifecycleListener() {
            @Override
            public void onMarketChanged(MarketId market, String what) {
                heard.add(new Heard("market", what + " " + market));
            }

            @Override
            public void onEventChanged(String eventTicker, String what) {
                heard.add(new Heard("event", what + " " + eventTicker));
            }

            @Override
            public void onGap(String why) {
                heard.add(new Heard("gap", why));
            }
        };
        try (var stream = client.streamLifecycle(listener)) {
            var session = server.nextSession();
            acknowledge(session, command("subscribe"), 8);
            assertThat(next("gap", String.class)).contains("from now on");

            SocketServer.say(session, sample("lifecycle_determined"));
            SocketServer.say(session, sample("event_fee_update"));

            assertThat(next("market", String.class)).isEqualTo("determined " + TestOrders.MARKET);
            assertThat(next("gap", String.class)).isEqualTo("message 10 follows 4");
            assertThat(next("event", String.class)).isEqualTo("fees KXTSTHIGH-26NOV20");
            assertThat(stream).isNotNull();
        }
    }
}
