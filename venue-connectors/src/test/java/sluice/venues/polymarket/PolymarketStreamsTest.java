package sluice.venues.polymarket;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.venues.polymarket.PolymarketTesting.ACCOUNT;
import static sluice.venues.polymarket.PolymarketTesting.MARKET;
import static sluice.venues.polymarket.PolymarketTesting.NO;
import static sluice.venues.polymarket.PolymarketTesting.YES;
import static sluice.venues.polymarket.PolymarketTesting.buy;

import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.domain.MarketId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.market.Level;
import sluice.domain.market.Quote;
import sluice.domain.order.Fill;
import sluice.domain.order.VenueReport;
import sluice.venues.api.QuoteListener;
import sluice.venues.api.UserListener;
import sluice.venues.http.SocketServer;

/** Books and own news from the websockets, gaps included. */
class PolymarketStreamsTest {
    private final ScriptedVenue venue = new ScriptedVenue();
    private final SocketServer server = new SocketServer();
    private final PolymarketClient client = venue.client(server.uri());
    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();

    private final QuoteListener quotes = new QuoteListener() {
        @Override
        public void onQuote(Quote quote) {
            heard.add(quote);
        }

        @Override
        public void onGap(MarketId market, String why) {
            heard.add("gap: " + why);
        }
    };

    private final UserListener user = new UserListener() {
        @Override
        public void onReport(VenueReport report) {
            heard.add(report);
        }

        @Override
        public void onFill(Fill fill) {
            heard.add(fill);
        }

        @Override
        public void onGap(String why) {
            heard.add("gap: " + why);
        }
    };

    @BeforeEach
    void list() {
        venue.on("GET /gamma/markets", "200 OK", PolymarketTesting.GAMMA)
                .on("GET /clob-markets/", "200 OK", PolymarketTesting.CLOB_MARKET);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        venue.close();
    }

    // ------------------------------------------------------------------ books

    @Test
    void bookFollowsItsChanges() throws Exception {
        var session = follow();
        SocketServer.say(session, book());
        var first = next(Quote.class);
        assertThat(first.bestBid()).isEqualTo(level("0.48", "30"));
        assertThat(first.bestAsk()).isEqualTo(level("0.52", "25"));

        SocketServer.say(session, "[" + change("BUY", "0.49", "5", "0.49", "0.52", 1_795_100_001_000L) + "]");
        assertThat(next(Quote.class).bestBid()).isEqualTo(level("0.49", "5"));

        SocketServer.say(session, change("BUY", "0.49", "0", "0.48", "0.52", 1_795_100_002_000L));
        assertThat(next(Quote.class).bestBid()).isEqualTo(level("0.48", "30"));

        SocketServer.say(session, """
                {"event_type":"last_trade_price","market":"%s","asset_id":"%s","price":"0.52","size":"3","side":"BUY",\
                "fee_rate_bps":"0","timestamp":"1795100003000"}""".formatted(MARKET.id(), YES));
        assertThat(next(Quote.class).lastTradePrice()).isEqualTo(Price.parse("0.52"));
        assertThat(client.health().streams()).isTrue();
    }

    @Test
    void bookThatDisagreesIsDroppedAndAskedForAnew() throws Exception {
        var session = follow();
        SocketServer.say(session, book());
        next(Quote.class);

        // A change in between was lost: the best bid should be 0.50 by now.
        SocketServer.say(session, change("SELL", "0.55", "5", "0.50", "0.52", 1_795_100_001_000L));

        assertThat(next(String.class)).contains("best prices");
        assertThat(nextText()).contains("unsubscribe").contains(YES);
        assertThat(nextText()).contains("\"subscribe\"").contains(YES);
        SocketServer.say(session, change("SELL", "0.56", "5", "0.50", "0.52", 1_795_100_002_000L));
        SocketServer.say(session, book());
        assertThat(next(Quote.class).asks()).hasSize(2);
    }

    @Test
    void changedTickDropsTheBookAndWhatIsKnownOfTheMarket() throws Exception {
        var session = follow();
        SocketServer.say(session, book());
        next(Quote.class);
        int reads = venue.requests("GET /clob-markets/").size();

        SocketServer.say(session, """
                {"event_type":"tick_size_change","market":"%s","asset_id":"%s","old_tick_size":"0.01",\
                "new_tick_size":"0.001","timestamp":"1795100001000"}""".formatted(MARKET.id(), YES));

        assertThat(next(String.class)).contains("from 0.01 to 0.001");
        client.streamQuotes(Set.of(MARKET), quotes);
        assertThat(venue.requests("GET /clob-markets/")).hasSize(reads + 1);
    }

    @Test
    void silentSocketIsAGapAndComesBack() throws Exception {
        var session = follow();
        SocketServer.say(session, book());
        next(Quote.class);

        // Nobody answers its PING any more.
        assertThat(next(String.class)).contains("silent");
        SocketServer.say(server.nextSession(), book());
        assertThat(next(Quote.class).bids()).hasSize(2);
    }

    @Test
    void nonsenseIsAGap() throws Exception {
        var session = follow();
        SocketServer.say(session, book());
        next(Quote.class);

        SocketServer.say(session, "{\"event_type\":\"price_change\",\"timestamp\":\"1795100001000\",\"price_chan");

        assertThat(next(String.class)).contains("not understood");
    }

    @Test
    void closedStreamSaysNothingMore() throws Exception {
        var stream = client.streamQuotes(Set.of(MARKET), quotes);
        var session = server.nextSession();
        server.nextText();

        stream.close();
        SocketServer.say(session, book());

        assertThat(heard.poll(200, TimeUnit.MILLISECONDS)).isNull();
    }

    // ------------------------------------------------------------------ own news

    @Test
    void ordersAndTradesAreTold() throws Exception {
        var order = client.prepare(buy("o-1"));
        var session = listen();

        SocketServer.say(session, order(order.clientOrderId(), "PLACEMENT", "LIVE", "0"));
        assertThat(next(VenueReport.class).type()).isEqualTo(VenueReport.Type.WORKING);

        SocketServer.say(session, trade(order.clientOrderId(), "MATCHED"));
        var fill = next(Fill.class);
        assertThat(fill.orderId()).isEqualTo("o-1");
        assertThat(fill.status()).isEqualTo(Fill.Status.PROVISIONAL);

        SocketServer.say(session, trade(order.clientOrderId(), "FAILED"));
        assertThat(next(Fill.class).status()).isEqualTo(Fill.Status.VOID);

        SocketServer.say(session, order(order.clientOrderId(), "CANCELLATION", "CANCELED_by somebody", "4"));
        var end = next(VenueReport.class);
        assertThat(end.type()).isEqualTo(VenueReport.Type.CANCELLED);
        assertThat(end.filledQuantity()).isEqualTo(Quantity.parse("4"));
    }

    @Test
    void orderOfAnEarlierProcessIsKnownOnceItIsMadeKnown() throws Exception {
        var ref = client.prepare(buy("o-1")).ref();
        try (var restarted = venue.client(server.uri())) {
            restarted.know(ref, java.nio.ByteBuffer.allocate(0));
            restarted.streamUser(ACCOUNT, user);
            var session = server.nextSession();
            server.nextText();
            next(String.class);

            SocketServer.say(session, trade(ref.clientOrderId(), "CONFIRMED"));

            assertThat(next(Fill.class).orderId()).isEqualTo("o-1");
        }
    }

    @Test
    void whatIsNotUnderstoodHasToBeRead() throws Exception {
        var order = client.prepare(buy("o-1"));
        var session = listen();

        SocketServer.say(session, order(order.clientOrderId(), "PLACEMENT", "SLEEPING", "0"));
        assertThat(next(String.class)).contains("SLEEPING");
        SocketServer.say(session, order(order.clientOrderId(), "CANCELLATION", "CANCELED_x", ""));
        assertThat(next(String.class)).contains("not how much of it was filled");
        SocketServer.say(session, order("0x" + "77".repeat(32), "PLACEMENT", "LIVE", "0"));
        assertThat(next(String.class)).contains("not ours");
        SocketServer.say(session, "{\"event_type\":\"surprise\"}");
        assertThat(next(String.class)).contains("surprise");
    }

    @Test
    void tradeThatCannotBeReckonedHasToBeRead() throws Exception {
        venue.on(
                "GET /clob-markets/",
                "200 OK",
                PolymarketTesting.CLOB_MARKET.replace("\"r\":0.05", "\"r\":9000000000000"));
        var order = client.prepare(buy("o-1"));
        var session = listen();

        SocketServer.say(session, trade(order.clientOrderId(), "MATCHED"));

        assertThat(next(String.class)).contains("not understood");
    }

    @Test
    void lostStreamIsAGapAndAnotherOnceItIsBack() throws Exception {
        var session = listen();
        assertThat(client.health().streams())
                .as("connected, and nothing said yet")
                .isFalse();
        SocketServer.say(session, "PONG");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!client.health().streams()) {
            assertThat(System.nanoTime()).as("its first word").isLessThan(deadline);
            Thread.onSpinWait();
        }

        session.close();

        assertThat(next(String.class)).contains("closed by the venue");
        server.nextSession();
        assertThat(next(String.class)).contains("what came before it was not told");
        assertThat(nextText()).contains("\"type\":\"user\"");
    }

    // ------------------------------------------------------------------ small things

    private Session follow() throws InterruptedException {
        client.streamQuotes(Set.of(MARKET), quotes);
        var session = server.nextSession();
        assertThat(nextText()).contains("\"type\":\"market\"").contains(YES).doesNotContain(NO);
        return session;
    }

    private Session listen() throws InterruptedException {
        client.streamUser(ACCOUNT, user);
        var session = server.nextSession();
        assertThat(nextText()).contains("\"type\":\"user\"").contains(PolymarketTesting.CREDENTIALS.key());
        assertThat(next(String.class)).contains("connected");
        return session;
    }

    /** The next text that is not a PING. */
    private String nextText() throws InterruptedException {
        var text = server.nextText();
        while (text.equals("PING")) {
            text = server.nextText();
        }
        return text;
    }

    private <T> T next(Class<T> type) throws InterruptedException {
        var news = heard.poll(10, TimeUnit.SECONDS);
        assertThat(news).as("news within 10 s").isInstanceOf(type);
        return type.cast(news);
    }

    private static Level level(String price, String quantity) {
        return new Level(Price.parse(price), Quantity.parse(quantity));
    }

    private static String book() {
        return """
                {"event_type":"book","market":"%s","asset_id":"%s","bids":[{"price":".48","size":"30"},\
                {"price":".40","size":"100"}],"asks":[{"price":".60","size":"1"},{"price":".52","size":"25"}],\
                "timestamp":"1795100000000","hash":"0abc","tick_size":"0.01"}""".formatted(MARKET.id(), YES);
    }

    private static String change(String side, String price, String size, String bid, String ask, long at) {
        return """
                {"event_type":"price_change","market":"%s","price_changes":[{"asset_id":"%s","price":"%s","size":"%s",\
                "side":"%s","hash":"1","best_bid":"%s","best_ask":"%s"},{"asset_id":"%s","price":"0.5","size":"1",\
                "side":"BUY","hash":"2","best_bid":"0.1","best_ask":"0.9"}],"timestamp":"%d"}""".formatted(MARKET.id(), YES, price, size, side, bid, ask, NO, at);
    }

    private static String order(String id, String type, String status, String matched) {
        return """
                {"event_type":"order","id":"%s","owner":"k","market":"%s","asset_id":"%s","side":"BUY",\
                "original_size":"10","size_matched":"%s","price":"0.52","type":"%s","status":"%s","outcome":"",\
                "created_at":"","timestamp":"1795100001000"}""".formatted(id, MARKET.id(), YES, matched, type, status);
    }

    private static String trade(String order, String status) {
        return """
                {"event_type":"trade","type":"TRADE","id":"t1","taker_order_id":"%s","market":"%s","asset_id":"%s",\
                "side":"BUY","size":"10","price":"0.52","status":"%s","matchtime":"1795100001","trader_side":"TAKER",\
                "maker_orders":[],"timestamp":"1795100001500"}""".formatted(order, MARKET.id(), YES, status);
    }
}
