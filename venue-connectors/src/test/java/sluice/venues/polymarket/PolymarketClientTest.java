package sluice.venues.polymarket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sluice.venues.polymarket.PolymarketTesting.ACCOUNT;
import static sluice.venues.polymarket.PolymarketTesting.MARKET;
import static sluice.venues.polymarket.PolymarketTesting.NO;
import static sluice.venues.polymarket.PolymarketTesting.OWNER;
import static sluice.venues.polymarket.PolymarketTesting.YES;
import static sluice.venues.polymarket.PolymarketTesting.buy;
import static sluice.venues.polymarket.PolymarketTesting.command;
import static sluice.venues.polymarket.PolymarketTesting.market;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.domain.Action;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.TimeInForce;
import sluice.domain.journal.JournalEntry.Holding;
import sluice.domain.market.MarketStatus;
import sluice.domain.market.Settlement;
import sluice.domain.order.Fill;
import sluice.venues.api.Balance;
import sluice.venues.api.CancelOutcome;
import sluice.venues.api.FillPage;
import sluice.venues.api.LookupOutcome;
import sluice.venues.api.PreparedOrder;
import sluice.venues.api.ReadOutcome;
import sluice.venues.api.StopOutcome;
import sluice.venues.api.SubmitOutcome;
import sluice.venues.http.RawServer;
import sluice.venues.polymarket.PolymarketChain.ExchangeKind;

/** What the client concludes from what a venue says, fails to say, or says wrongly. */
class PolymarketClientTest {
    private final ScriptedVenue venue = new ScriptedVenue();
    private final PolymarketClient client = venue.client();

    @AfterEach
    void stop() {
        client.close();
        venue.close();
    }

    // ------------------------------------------------------------------ preparing

    @Test
    void sameIntentGivesTheSameBytesAlsoAfterARestart() {
        var first = client.prepare(buy("o-1"));
        try (var restarted = venue.client()) {
            var second = restarted.prepare(buy("o-1"));

            assertThat(second.request()).isEqualTo(first.request());
            assertThat(second.venueOrderId()).isEqualTo(first.venueOrderId()).hasSize(66);
        }
        assertThat(client.prepare(buy("o-2")).venueOrderId()).isNotEqualTo(first.venueOrderId());
    }

    @Test
    void noIsBoughtAsItsOwnToken() throws Exception {
        var body = body(client.prepare(command("o-1", market(), Side.NO, Action.BUY, "0.48", "10", TimeInForce.GTC)));

        assertThat(body.path("order").path("tokenId").asText()).isEqualTo(NO);
        assertThat(body.path("order").path("side").asText()).isEqualTo("BUY");
        assertThat(body.path("order").path("makerAmount").asText()).isEqualTo("4800000");
    }

    @Test
    void exchangeOfTheMarketIsSignedFor() {
        var standard = client.prepare(buy("o-1"));
        var negRisk = client.prepare(command(
                "o-1",
                market(Price.parse("0.01"), ExchangeKind.NEG_RISK),
                Side.YES,
                Action.BUY,
                "0.52",
                "10",
                TimeInForce.GTC));

        assertThat(negRisk.venueOrderId()).isNotEqualTo(standard.venueOrderId());
        assertThatThrownBy(() -> client.prepare(command(
                        "o-1",
                        market(Price.parse("0.01"), ExchangeKind.UNIFIED),
                        Side.YES,
                        Action.BUY,
                        "0.52",
                        "10",
                        TimeInForce.GTC)))
                .hasMessageContaining("not of the protocol of exchange UNIFIED");
    }

    /** 10 at 0.985 cost 9.85: two decimals, and 10.0000 shares. The client's own rounding would give five decimals. */
    @ParameterizedTest
    @CsvSource({
        "BUY, 0.985, 10, FAK, 9850000, 10000000",
        "BUY, 0.985, 10.13, FAK, 9970000, 10121800",
        "SELL, 0.985, 10.13, FAK, 10120000, 9968200",
        "SELL, 0.123, 0.05, FAK, 50000, 6200",
        "BUY, 0.985, 10.13, GTC, 9978050, 10130000",
    })
    void marketOrdersOnFineTicksKeepToTheVenuesDecimals(
            Action action, String price, String quantity, String type, String maker, String taker) throws Exception {
        var fine = market(Price.parse("0.001"), ExchangeKind.STANDARD);
        var timeInForce = type.equals("FAK") ? TimeInForce.IOC : TimeInForce.GTC;

        var body = body(client.prepare(command("o-1", fine, Side.YES, action, price, quantity, timeInForce)));

        assertThat(body.path("orderType").asText()).isEqualTo(type);
        assertThat(body.path("order").path("makerAmount").asText()).isEqualTo(maker);
        assertThat(body.path("order").path("takerAmount").asText()).isEqualTo(taker);
    }

    @Test
    void orderDiesAMinuteBeforeTheTimeItNames() throws Exception {
        var body = body(client.prepare(command("o-1", market(), Side.YES, Action.BUY, "0.52", "10", TimeInForce.GTD)));

        assertThat(body.path("order").path("expiration").asText()).isEqualTo("1795110059");
    }

    @Test
    void whatCannotBeSaidIsRefused() {
        assertThatThrownBy(() ->
                        client.prepare(command("o-1", market(), Side.YES, Action.BUY, "0.525", "10", TimeInForce.GTC)))
                .hasMessageContaining("price 0.525 is not one that");
        assertThatThrownBy(() -> client.prepare(
                        command("o-1", market(), Side.YES, Action.BUY, "0.52", "0.001", TimeInForce.GTC)))
                .hasMessageContaining("too small");
    }

    // ------------------------------------------------------------------ placing

    @ParameterizedTest
    @CsvSource({"live", "matched", "delayed", "unmatched"})
    void venueHoldsTheOrder(String status) {
        var order = ready(buy("o-1"));
        venue.on("POST /order ", "200 OK", accepted(order, status));

        assertThat(client.submit(order))
                .isInstanceOfSatisfying(SubmitOutcome.Accepted.class, it -> assertThat(it.venueOrderId())
                        .isEqualTo(order.venueOrderId()));

        var sent = venue.requests("POST /order ");
        assertThat(sent).hasSize(1);
        assertThat(sent.get(0))
                .endsWith(StandardCharsets.UTF_8.decode(order.request().duplicate()))
                .contains("POLY_ADDRESS: " + OWNER)
                .contains("POLY_SIGNATURE: ");
    }

    @ParameterizedTest(name = "{0} {1} is {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "400 Bad Request|{\"error\":\"invalid signature\"}|invalid_signature",
                "400 Bad Request|{\"error\":\"not enough balance / allowance: 1 < 2\"}|insufficient_funds",
                "400 Bad Request|{\"error\":\"order couldn\u2019t be fully filled. FOK orders are fully filled or killed.\"}|fok_not_filled",
                "401 Unauthorized|{\"error\":\"Unauthorized/Invalid api key\"}|unauthorized",
                "403 Forbidden|{\"error\":\"Trading restricted in your region, see ...\"}|geoblocked",
                "429 Too Many Requests|<html>slow down</html>|rate_limited",
                "503 Unavailable|{\"error\":\"Trading is currently cancel-only. New orders are not accepted, but cancels are allowed.\"}|cancel_only",
            })
    void documentedRefusalsAreRefusals(String status, String body, String code) {
        var order = ready(buy("o-1"));
        venue.on("POST /order ", status, body);

        assertThat(client.submit(order)).isInstanceOfSatisfying(SubmitOutcome.Refused.class, it -> assertThat(it.code())
                .isEqualTo(code));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "200 OK|{\"success\":true,\"errorMsg\":\"\",\"orderID\":\"HASH\",\"status\":\"dreaming\"}",
                "200 OK|{\"success\":true,\"errorMsg\":\"\",\"orderID\":\"0xother\",\"status\":\"live\"}",
                "200 OK|{\"success\":false,\"errorMsg\":\"\",\"orderID\":\"HASH\",\"status\":\"live\"}",
                "200 OK|{\"success\":true,\"errorMsg\":\"something new\",\"orderID\":\"\",\"status\":\"\"}",
                "200 OK|[]",
                "200 OK|{\"success\":true,\"errorMsg\":\"\",\"orde",
                "201 Created|{\"success\":true}",
                "302 Found|",
                "400 Bad Request|{\"error\":\"order HASH is invalid. Duplicated.\"}",
                "400 Bad Request|{\"error\":\"something new\"}",
                "403 Forbidden|<html>Attention Required! | Cloudflare</html>",
                "425 Too Early|{\"error\":\"matching engine restarting\"}",
                "500 Internal Server Error|{\"error\":\"could not insert order\"}",
                "503 Unavailable|<html>maintenance</html>",
            })
    void whateverElseIsUnknown(String status, String body) {
        var order = ready(buy("o-1"));
        venue.on("POST /order ", status, body == null ? "" : body.replace("HASH", order.clientOrderId()));

        assertThat(client.submit(order)).isInstanceOf(SubmitOutcome.Unknown.class);
        assertThat(venue.requests("POST /order ")).hasSize(1);
    }

    @Test
    void silenceAfterTheRequestIsUnknown() {
        var order = ready(buy("o-1"));
        venue.then("POST /order ", (socket, request) -> Thread.sleep(4000));

        assertThat(client.submit(order)).isInstanceOf(SubmitOutcome.Unknown.class);
        assertThat(venue.requests("POST /order ")).hasSize(1);
    }

    @Test
    void answerThatBreaksOffIsUnknown() {
        var order = ready(buy("o-1"));
        var whole = RawServer.response("200 OK", accepted(order, "live"));
        venue.then(
                "POST /order ", (socket, request) -> RawServer.write(socket, whole.substring(0, whole.length() - 20)));

        assertThat(client.submit(order)).isInstanceOf(SubmitOutcome.Unknown.class);
    }

    @Test
    void refusedConnectionIsNotSent() {
        var order = ready(buy("o-1"));
        venue.close();

        assertThat(client.submit(order)).isInstanceOfSatisfying(SubmitOutcome.NotSent.class, it -> assertThat(it.why())
                .contains("before a byte of the request left"));
    }

    @Test
    void batchIsAnsweredOneByOne() {
        var first = ready(buy("o-1"));
        var second = client.prepare(buy("o-2"));
        var third = client.prepare(buy("o-3"));
        venue.on(
                "POST /orders ",
                "200 OK",
                "[" + accepted(first, "live")
                        + ",{\"success\":true,\"errorMsg\":\"invalid post-only order: order crosses book\",\"orderID\":\"\"}"
                        + "," + accepted(second, "live") + "]");

        var outcomes = client.submitBatch(List.of(first, second, third));

        assertThat(outcomes.get(0)).isInstanceOf(SubmitOutcome.Accepted.class);
        assertThat(outcomes.get(1)).isInstanceOf(SubmitOutcome.Refused.class);
        assertThat(outcomes.get(2)).isInstanceOf(SubmitOutcome.Unknown.class);
    }

    @Test
    void batchThatIsAnsweredShortIsUnknown() {
        var first = ready(buy("o-1"));
        var second = client.prepare(buy("o-2"));
        venue.on("POST /orders ", "200 OK", "[" + accepted(first, "live") + "]");

        assertThat(client.submitBatch(List.of(first, second)))
                .allSatisfy(it -> assertThat(it).isInstanceOf(SubmitOutcome.Unknown.class));
    }

    // ------------------------------------------------------------------ whether we may trade

    @Test
    void nothingLeavesBeforeTheVenueWasAsked() {
        var order = client.prepare(buy("o-1"));

        assertThat(client.submit(order)).isInstanceOf(SubmitOutcome.NotSent.class);
        assertThat(client.health().trading()).isFalse();
        assertThat(venue.requests("POST")).isEmpty();
    }

    @Test
    void blockedPlaceSendsNothing() {
        venue.on("GET /api/geoblock", "200 OK", "{\"blocked\":true,\"country\":\"US\",\"region\":\"NY\"}");

        assertThat(client.submit(ready(buy("o-1")))).isInstanceOf(SubmitOutcome.NotSent.class);
        assertThat(client.health().detail()).contains("does not let this place trade (US NY)");
        assertThat(venue.requests("POST")).isEmpty();
    }

    @Test
    void clockThatIsOffStopsOrders() {
        venue.now.addAndGet(60_000);

        assertThat(client.submit(ready(buy("o-1")))).isInstanceOf(SubmitOutcome.NotSent.class);
        assertThat(client.health().clockOffsetMillis()).isEqualTo(60_000);
        assertThat(client.health().detail())
                .contains("60000 ms ahead of the venue's")
                .contains("NTP");
    }

    @Test
    void wrongKeyIsSaid() {
        venue.on(
                "GET /auth/ban-status/closed-only", "401 Unauthorized", "{\"error\":\"Unauthorized/Invalid api key\"}");

        client.refresh();

        assertThat(client.health().trading()).isFalse();
        assertThat(client.health().detail())
                .contains("Invalid api key")
                .contains("is the API key of this wallet")
                .doesNotContain(PolymarketTesting.CREDENTIALS.secret());
    }

    @Test
    void anotherOrderVersionStopsOrders() {
        venue.on("GET /version", "200 OK", "{\"version\":4}");

        client.refresh();

        assertThat(client.health().detail()).contains("version 4");
    }

    @Test
    void closedOnlyAccountMaySellAlone() {
        venue.on("GET /auth/ban-status/closed-only", "200 OK", "{\"closed_only\":true}");
        var sale = ready(command("o-2", market(), Side.YES, Action.SELL, "0.52", "10", TimeInForce.GTC));
        venue.on("POST /order ", "200 OK", accepted(sale, "live"));

        assertThat(client.submit(client.prepare(buy("o-1")))).isInstanceOf(SubmitOutcome.NotSent.class);
        assertThat(client.submit(sale)).isInstanceOf(SubmitOutcome.Accepted.class);
    }

    @Test
    void restartedEngineIsLeftAloneForAWhile() {
        venue.on("POST /order ", "425 Too Early", "{\"error\":\"restarting\"}");
        assertThat(client.submit(ready(buy("o-1")))).isInstanceOf(SubmitOutcome.Unknown.class);

        assertThat(client.submit(client.prepare(buy("o-2")))).isInstanceOf(SubmitOutcome.NotSent.class);
        assertThat(client.health().detail()).contains("restarting");

        venue.now.addAndGet(3000);
        client.submit(client.prepare(buy("o-3")));
        assertThat(venue.requests("POST /order ")).hasSize(2);
    }

    @Test
    void postOnlyModeLasts() {
        venue.on(
                "POST /order ",
                "503 Unavailable",
                "{\"error\":\"post-only mode: only post-only orders and cancels are allowed\","
                        + "\"code\":\"post_only_mode\",\"retry_after_seconds\":79}",
                "Retry-After: 79");
        assertThat(client.submit(ready(buy("o-1")))).isInstanceOf(SubmitOutcome.Refused.class);

        venue.now.addAndGet(70_000);
        venue.on("GET /time", "200 OK", "1795100070");
        client.refresh();
        assertThat(client.submit(client.prepare(buy("o-2"))))
                .isInstanceOfSatisfying(
                        SubmitOutcome.NotSent.class, it -> assertThat(it.why()).contains("post-only orders alone"));
    }

    @Test
    void missedHeartbeatStopsOrders() {
        venue.on("POST /v1/heartbeats", "200 OK", "{\"heartbeat_id\":\"h1\"}");
        client.refresh();
        assertThat(client.beat(ACCOUNT)).isEmpty();
        assertThat(client.health().trading()).isTrue();

        venue.now.addAndGet(1_500);
        venue.on("POST /v1/heartbeats", "500 Oops", "");
        assertThat(client.beat(ACCOUNT)).isPresent();
        venue.now.addAndGet(9_000);

        assertThat(client.health().trading()).isFalse();
        assertThat(client.submit(client.prepare(buy("o-1")))).isInstanceOf(SubmitOutcome.NotSent.class);
    }

    @Test
    void aClientThatReadsSendsNoHeartbeatAndNoOrder() {
        ready(buy("o-1"));
        try (var reading = venue.beatingClient()) {
            reading.refresh();
            reading.balances(ACCOUNT);

            assertThat(reading.health().trading()).isTrue();
            assertThat(reading.submit(reading.prepare(buy("o-1"))))
                    .isInstanceOfSatisfying(SubmitOutcome.NotSent.class, it -> assertThat(it.why())
                            .contains("only reads"));
        }
        assertThat(venue.requests("POST ")).isEmpty();
    }

    @Test
    void fromItsStartOnTradingWaitsForTheFirstHeartbeatAndSaysWhy() {
        venue.on("POST /v1/heartbeats", "503 Unavailable", "{\"error\":\"busy\"}");
        try (var trading = venue.beatingClient()) {
            trading.refresh();

            var first = trading.startTrading();

            assertThat(trading.health().trading()).isFalse();
            assertThat(trading.submit(trading.prepare(buy("o-1"))))
                    .isInstanceOfSatisfying(SubmitOutcome.NotSent.class, it -> assertThat(it.why())
                            .contains("no heartbeat of account " + ACCOUNT + " was answered yet"));
            assertThat(trading.beat(ACCOUNT)).isPresent();
            assertThat(trading.health().detail()).contains("(status 503", "busy");
            assertThat(first).isNotDone();

            venue.on("POST /v1/heartbeats", "200 OK", "{\"heartbeat_id\":\"h1\"}");
            trading.beat(ACCOUNT);
            assertThat(first).isCompleted();
            assertThat(trading.health().trading()).isTrue();
        }
    }

    @Test
    void aMarketThatTheVenueDoesNotHaveIsToldFromOneThatCannotBeRead() {
        venue.on("GET /gamma/markets", "200 OK", "[]");
        assertThat(client.market(MARKET)).isInstanceOfSatisfying(ReadOutcome.Failed.class, it -> assertThat(it.absent())
                .isTrue());

        venue.on("GET /gamma/markets", "502 Bad Gateway", "<html/>");
        assertThat(client.market(MARKET)).isInstanceOfSatisfying(ReadOutcome.Failed.class, it -> assertThat(it.absent())
                .isFalse());
    }

    @Test
    void heartbeatTakesTheIdThatTheVenueExpects() {
        venue.on("POST /v1/heartbeats", "400 Bad Request", "{\"error\":\"wrong id\",\"heartbeat_id\":\"h7\"}")
                .andThen("POST /v1/heartbeats", "200 OK", "{\"heartbeat_id\":\"h8\"}");

        assertThat(client.beat(ACCOUNT)).isEmpty();

        var beats = venue.requests("POST /v1/heartbeats");
        assertThat(beats.get(0)).endsWith("{\"heartbeat_id\":\"\"}");
        assertThat(beats.get(1)).endsWith("{\"heartbeat_id\":\"h7\"}");
    }

    // ------------------------------------------------------------------ looking up

    @ParameterizedTest
    @CsvSource({
        "LIVE, 2, WORKING",
        "ORDER_STATUS_LIVE, 0, WORKING",
        "MATCHED, 10, FILLED",
        "MATCHED, 4, CANCELLED",
        "ORDER_STATUS_CANCELED, 4, CANCELLED",
        "CANCELED_MARKET_RESOLVED, 0, CANCELLED",
        "INVALID, 0, CANCELLED",
        "DELAYED, 0, ACCEPTED",
    })
    void orderIsFound(String status, String matched, LookupOutcome.Status expected) {
        var order = client.prepare(buy("o-1"));
        venue.on("GET /data/order/" + order.venueOrderId(), "200 OK", order(order, status, matched));

        assertThat(client.lookUp(order.ref())).isInstanceOfSatisfying(LookupOutcome.Found.class, it -> {
            assertThat(it.status()).isEqualTo(expected);
            assertThat(it.filled()).isEqualTo(Quantity.parse(matched));
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"404 Not Found|{\"error\":\"Order not found\"}", "200 OK|null", "200 OK|{}", "200 OK|''"})
    void orderIsAbsentFromEveryPlaceWhereItCouldBe(String status, String body) {
        var order = client.prepare(buy("o-1"));
        venue.on("GET /data/order/", status, body);

        assertThat(client.lookUp(order.ref())).isInstanceOf(LookupOutcome.Absent.class);
    }

    @Test
    void absentNeedsEveryPage() {
        var order = client.prepare(buy("o-1"));
        venue.on("GET /data/order/", "404 Not Found", "{\"error\":\"Order not found\"}")
                .on("GET /data/trades", "200 OK", "{\"data\":[],\"next_cursor\":\"MTAw\"}")
                .andThen("GET /data/trades", "500 Oops", "");

        assertThat(client.lookUp(order.ref())).isInstanceOf(LookupOutcome.Unknown.class);
    }

    @Test
    void pageOfAnUnknownShapeIsNoEmptyPage() {
        var order = client.prepare(buy("o-1"));
        venue.on("GET /data/order/", "404 Not Found", "{\"error\":\"Order not found\"}")
                .on("GET /data/trades", "200 OK", "{\"trades\":[]}");

        assertThat(client.lookUp(order.ref())).isInstanceOf(LookupOutcome.Unknown.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404 Not Found|<html>nobody here</html>",
                "403 Forbidden|<html>Cloudflare</html>",
                "200 OK|{\"id\":\"0xother\",\"status\":\"LIVE\"}",
                "200 OK|{\"id\":",
            })
    void unclearReadsProveNothing(String status, String body) {
        var order = client.prepare(buy("o-1"));
        venue.on("GET /data/order/", status, body);

        assertThat(client.lookUp(order.ref())).isInstanceOf(LookupOutcome.Unknown.class);
    }

    @Test
    void newStatusOfAnOrderProvesNothing() {
        var order = client.prepare(buy("o-1"));
        venue.on("GET /data/order/", "200 OK", order(order, "ORDER_STATUS_SLEEPING", "0"));

        assertThat(client.lookUp(order.ref()))
                .isInstanceOfSatisfying(
                        LookupOutcome.Unknown.class, it -> assertThat(it.why()).contains("SLEEPING"));
    }

    @Test
    void killedOrderIsFoundByItsTrades() {
        var order = client.prepare(command("o-1", market(), Side.YES, Action.BUY, "0.52", "10", TimeInForce.IOC));
        venue.on("GET /data/order/", "404 Not Found", "{\"error\":\"Order not found\"}")
                .on("GET /data/trades", "200 OK", ScriptedVenue.page(takerTrade("t1", order, "4", "MINED")));

        try (var restarted = venue.client()) {
            restarted.know(order.ref(), order.request());
            for (var either : List.of(client, restarted)) {
                assertThat(either.lookUp(order.ref())).isInstanceOfSatisfying(LookupOutcome.Found.class, it -> {
                    // One read of the trades may lag: another, later by the lag, has to agree.
                    assertThat(it.status()).isEqualTo(LookupOutcome.Status.GONE);
                    assertThat(it.filled()).isEqualTo(Quantity.parse("4"));
                });
            }
        }
    }

    // ------------------------------------------------------------------ cancelling

    @Test
    void cancelTellsHowMuchWasFilled() {
        var order = client.prepare(buy("o-1"));
        venue.on("DELETE /order", "200 OK", "{\"canceled\":[\"" + order.venueOrderId() + "\"],\"not_canceled\":{}}")
                .on("GET /data/order/", "200 OK", order(order, "CANCELED", "3"));

        assertThat(client.cancel(order.ref()))
                .isInstanceOfSatisfying(CancelOutcome.Cancelled.class, it -> assertThat(it.filled())
                        .isEqualTo(Quantity.parse("3")));
    }

    /** Reads lag: what one of them has not shown yet may have been filled before the cancel. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GTC|{\"canceled\":[\"ID\"],\"not_canceled\":{}}|",
                "GTC|{\"canceled\":[\"ID\"],\"not_canceled\":{}}|4",
                "IOC|{\"canceled\":[\"ID\"],\"not_canceled\":{}}|4",
                "GTC|{\"canceled\":[],\"not_canceled\":{\"ID\":\"already canceled or matched\"}}|4",
            })
    void oneReadThatMissesACancelledOrderDoesNotSayHowMuchWasFilled(
            TimeInForce timeInForce, String answer, @Nullable String traded) {
        var order = client.prepare(command("o-1", market(), Side.YES, Action.BUY, "0.52", "10", timeInForce));
        venue.on("DELETE /order", "200 OK", answer.replace("ID", order.clientOrderId()))
                .on("GET /data/order/", "404 Not Found", "{\"error\":\"Order not found\"}");
        if (traded != null) {
            venue.on("GET /data/trades", "200 OK", ScriptedVenue.page(takerTrade("t1", order, traded, "MATCHED")));
        }

        assertThat(client.cancel(order.ref()))
                .isInstanceOfSatisfying(
                        CancelOutcome.Unknown.class, it -> assertThat(it.why()).contains("is asked for again"));
    }

    @Test
    void cancelOfAnOrderThatItsTradesFilledIsRefused() {
        var order = client.prepare(buy("o-1"));
        venue.on("DELETE /order", "200 OK", "{\"canceled\":[\"" + order.clientOrderId() + "\"],\"not_canceled\":{}}")
                .on("GET /data/order/", "404 Not Found", "{\"error\":\"Order not found\"}")
                .on("GET /data/trades", "200 OK", ScriptedVenue.page(takerTrade("t1", order, "10", "MATCHED")));

        assertThat(client.cancel(order.ref()))
                .isInstanceOfSatisfying(
                        CancelOutcome.Refused.class, it -> assertThat(it.code()).isEqualTo("already_filled"));
    }

    @Test
    void cancelThatMeetsTheRateLimitProvesThatNothingWasDone() {
        var order = client.prepare(buy("o-1"));
        venue.on("DELETE /order", "429 Too Many Requests", "{\"error\":\"slow down\"}");

        assertThat(client.cancel(order.ref()))
                .isInstanceOfSatisfying(
                        CancelOutcome.NotSent.class, it -> assertThat(it.why()).contains("too many requests"));
    }

    @Test
    void cancelOfAnotherOrderProvesNothing() {
        var order = client.prepare(buy("o-1"));
        venue.on("DELETE /order", "200 OK", "{\"canceled\":[\"0xother\"],\"not_canceled\":{}}");

        assertThat(client.cancel(order.ref())).isInstanceOf(CancelOutcome.Unknown.class);
    }

    @Test
    void cancelThatComesTooLateIsRefused() {
        var order = client.prepare(buy("o-1"));
        venue.on(
                        "DELETE /order",
                        "200 OK",
                        "{\"canceled\":[],\"not_canceled\":{\"" + order.venueOrderId()
                                + "\":\"already canceled or matched\"}}")
                .on("GET /data/order/", "200 OK", order(order, "MATCHED", "10"));

        assertThat(client.cancel(order.ref()))
                .isInstanceOfSatisfying(
                        CancelOutcome.Refused.class, it -> assertThat(it.code()).isEqualTo("already_filled"));
    }

    @Test
    void stopIsConfirmedOnlyByAnEmptyBook() {
        venue.on("DELETE /cancel-all", "200 OK", "{\"canceled\":[\"0x1\",\"0x2\"],\"not_canceled\":{}}");
        assertThat(client.stop(ACCOUNT)).isEqualTo(new StopOutcome.Stopped(2, venue.now.get()));

        var order = client.prepare(buy("o-1"));
        venue.on("GET /data/orders", "200 OK", ScriptedVenue.page(order(order, "LIVE", "0")));
        assertThat(client.stop(ACCOUNT)).isInstanceOf(StopOutcome.Unknown.class);
    }

    // ------------------------------------------------------------------ what an account has

    @Test
    void failedTradeTakesItsFillBack() {
        listed();
        var order = client.prepare(buy("o-1"));
        venue.on(
                "GET /data/trades",
                "200 OK",
                ScriptedVenue.page(takerTrade("t1", order, "10", "TRADE_STATUS_MATCHED")));
        var before = page(client.fillsSince(ACCOUNT, FillPage.START));

        venue.on(
                "GET /data/trades", "200 OK", ScriptedVenue.page(takerTrade("t1", order, "10", "TRADE_STATUS_FAILED")));
        var after = page(client.fillsSince(ACCOUNT, before.next()));

        var booked = before.fills().get(0);
        assertThat(booked.status()).isEqualTo(Fill.Status.PROVISIONAL);
        assertThat(booked.orderId()).isEqualTo("o-1");
        // 10 x 0.05 x 0.5 x 0.5
        assertThat(booked.fee()).isEqualTo(Money.parse("0.125"));
        var undone = after.fills().get(0);
        assertThat(undone.status()).isEqualTo(Fill.Status.VOID);
        assertThat(List.of(undone.tradeId(), undone.orderId(), undone.venueOrderId()))
                .isEqualTo(List.of(booked.tradeId(), booked.orderId(), booked.venueOrderId()));
    }

    /** An owner's wallets share an API key: what another of them trades or has open is not this account's. */
    @Test
    void otherWalletOfTheSameOwnerIsAnotherAccount() {
        listed();
        var order = client.prepare(buy("o-1"));
        var other = "0x365f0CA36Ae1f641E02fE3B7743673da42A13A70";
        var unknown = "0x" + "77".repeat(32);
        venue.on(
                        "GET /data/orders",
                        "200 OK",
                        ScriptedVenue.page(order(order, "LIVE", "0")
                                .replace(OWNER.text(), other)
                                .replace(order.clientOrderId(), unknown)))
                .on(
                        "GET /data/trades",
                        "200 OK",
                        ScriptedVenue.page(takerTrade("t1", order, "4", "MINED")
                                .replace("\"owner\":", "\"maker_address\":\"" + other + "\",\"owner\":")
                                .replace(order.clientOrderId(), unknown)));

        assertThat(value(client.openOrders(ACCOUNT))).isEmpty();
        assertThat(page(client.fillsSince(ACCOUNT, FillPage.START)).fills()).isEmpty();
    }

    @Test
    void tradeThatMayBeOursIsNotPassedOver() {
        listed();
        var order = client.prepare(buy("o-1"));
        venue.on(
                "GET /data/trades",
                "200 OK",
                ScriptedVenue.page(takerTrade("t1", order, "4", "MINED")
                        .replace(order.clientOrderId(), "0x" + "77".repeat(32))
                        .replace("TAKER", "MAKER")));

        var page = page(client.fillsSince(ACCOUNT, FillPage.START));

        assertThat(page.fills()).isEmpty();
        assertThat(page.unread()).contains("not clearly ours");
        assertThat(page.next()).as("it is read again").isEqualTo(FillPage.START);
    }

    @Test
    void tradeThatCannotBeReckonedHidesNoOther() {
        listed();
        var order = client.prepare(buy("o-1"));
        venue.on(
                "GET /data/trades",
                "200 OK",
                ScriptedVenue.page(
                        takerTrade("t1", order, "10.0000001", "MINED"), takerTrade("t2", order, "10", "MINED")));

        var page = page(client.fillsSince(ACCOUNT, FillPage.START));

        assertThat(page.fills()).extracting(Fill::tradeId).containsExactly("t2");
        assertThat(page.unread()).startsWith("a trade: ");
        assertThat(page.next()).isEqualTo(FillPage.START);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "-5", "99999999999999999999"})
    void cursorThatIsNoneStartsFromTheBeginning(String cursor) {
        listed();
        var order = client.prepare(buy("o-1"));
        venue.on("GET /data/trades", "200 OK", ScriptedVenue.page(takerTrade("t1", order, "10", "CONFIRMED")));

        var page = page(client.fillsSince(ACCOUNT, cursor));

        assertThat(page.fills()).hasSize(1);
        assertThat(page.next()).isEqualTo("1795098880");
        assertThat(venue.requests("GET /data/trades").get(0)).doesNotContain("after=");
    }

    /** Each is well-formed, and cannot be kept: too large, too long, or too many digits. */
    @Test
    void whatCannotBeKeptFailsTheReadAndNothingElse() {
        listed();
        var order = client.prepare(buy("o-1"));
        var large = order(order, "LIVE", "0").replace("\"10\"", "\"9000000000000\"");
        var position = "{\"conditionId\":\"" + MARKET.id() + "\",\"size\":9000000000000,\"outcomeIndex\":1}";
        venue.on("GET /balance-allowance", "200 OK", "{\"balance\":\"100000000\"}")
                .on("GET /data/orders", "200 OK", ScriptedVenue.page(large, large))
                .on("GET /data-api/positions", "200 OK", "[" + position + "," + position + "]")
                .on("GET /data/order/", "404 Not Found", "{\"error\":\"Order not found\"}")
                .on(
                        "GET /data/trades",
                        "200 OK",
                        ScriptedVenue.page(
                                takerTrade("t1", order, "9000000000000", "MINED"),
                                takerTrade("t2", order, "9000000000000", "MINED")));

        assertThat(client.balances(ACCOUNT)).isInstanceOf(ReadOutcome.Failed.class);
        assertThat(client.positions(ACCOUNT)).isInstanceOf(ReadOutcome.Failed.class);
        assertThat(client.lookUp(order.ref())).isInstanceOf(LookupOutcome.Unknown.class);

        venue.on("GET /balance-allowance", "200 OK", "{\"balance\":\"1e999999999\"}");
        assertThat(client.balances(ACCOUNT)).isInstanceOf(ReadOutcome.Failed.class);
    }

    @Test
    void cursorWaitsForWhatMayStillChange() {
        listed();
        var order = client.prepare(buy("o-1"));
        venue.on(
                "GET /data/trades",
                "200 OK",
                ScriptedVenue.page(
                        takerTrade("t2", order, "1", "MATCHED", 1_795_000_000),
                        takerTrade("t3", order, "1", "CONFIRMED", 1_795_090_000)));

        var first = page(client.fillsSince(ACCOUNT, FillPage.START));
        venue.on(
                "GET /data/trades",
                "200 OK",
                ScriptedVenue.page(takerTrade("t3", order, "1", "CONFIRMED", 1_795_090_000)));
        var second = page(client.fillsSince(ACCOUNT, first.next()));

        assertThat(first.fills()).extracting(Fill::tradeId).containsExactly("t2", "t3");
        assertThat(first.next()).isEqualTo("1794999999");
        assertThat(second.next()).isEqualTo("1795089880");
        assertThat(venue.requests("GET /data/trades").get(1)).contains("after=1794999999");
    }

    @Test
    void makersFillIsTheirOwnTokenAndPrice() {
        listed();
        var order = client.prepare(command("o-1", market(), Side.NO, Action.BUY, "0.48", "10", TimeInForce.GTC));
        venue.on("GET /data/trades", "200 OK", ScriptedVenue.page("""
                {"id":"t1","taker_order_id":"0xffff","market":"%s","asset_id":"%s","side":"BUY","size":"25",\
                "price":"0.52","status":"CONFIRMED","match_time":"1795099000","trader_side":"MAKER","owner":"else",\
                "maker_orders":[{"order_id":"0x1111","owner":"else","maker_address":"0x0","matched_amount":"15",\
                "price":".48","asset_id":"%s","side":"BUY"},{"order_id":"%s","owner":"%s","matched_amount":"10",\
                "price":".48","fee_rate_bps":"","asset_id":"%s","side":"BUY"}]}""".formatted(
                        MARKET.id(), YES, NO, order.venueOrderId(), PolymarketTesting.CREDENTIALS.key(), NO)));

        var fills = page(client.fillsSince(ACCOUNT, FillPage.START)).fills();

        assertThat(fills).hasSize(1);
        assertThat(fills.get(0).side()).isEqualTo(Side.NO);
        assertThat(fills.get(0).price()).isEqualTo(Price.parse("0.48"));
        assertThat(fills.get(0).quantity()).isEqualTo(Quantity.parse("10"));
        assertThat(fills.get(0).fee()).isEqualTo(Money.ZERO);
        assertThat(fills.get(0).status()).isEqualTo(Fill.Status.FINAL);
    }

    @Test
    void fillOfAnUnknownOrderIsToldAndNewTradeStatusStaysProvisional() {
        listed();
        var order = client.prepare(buy("o-1"));
        venue.on(
                "GET /data/trades",
                "200 OK",
                ScriptedVenue.page(takerTrade("t1", order, "10", "TRADE_STATUS_PONDERING")
                        .replace(order.clientOrderId(), "0x" + "77".repeat(32))));

        var fill = page(client.fillsSince(ACCOUNT, FillPage.START)).fills().get(0);

        assertThat(fill.orderId()).isEmpty();
        assertThat(fill.venueOrderId()).isEqualTo("0x" + "77".repeat(32));
        assertThat(fill.status()).isEqualTo(Fill.Status.PROVISIONAL);
    }

    @Test
    void openOrdersBalancesAndPositionsAreRead() {
        listed();
        var order = client.prepare(buy("o-1"));
        venue.on("GET /data/orders", "200 OK", ScriptedVenue.page(order(order, "LIVE", "4")))
                .on(
                        "GET /balance-allowance",
                        "200 OK",
                        "{\"balance\":\"100000000\",\"allowances\":{\"0xE111180000d2663C0091e4f400237545B87B996B\":\""
                                + "9".repeat(70) + "\"}}")
                .on(
                        "GET /data-api/positions",
                        "200 OK",
                        "[{\"conditionId\":\"" + MARKET.id() + "\",\"asset\":\"" + NO
                                + "\",\"size\":12.5,\"outcomeIndex\":1,\"redeemable\":false},"
                                + "{\"conditionId\":\"0x99\",\"size\":3,\"outcomeIndex\":0,\"redeemable\":true}]");

        var open = value(client.openOrders(ACCOUNT)).get(0);
        assertThat(open.orderId()).hasToString("o-1");
        assertThat(open.filled()).isEqualTo(Quantity.parse("4"));
        assertThat(value(client.balances(ACCOUNT)))
                .containsExactly(new Balance("", Money.parse("100"), Money.parse("96.88")));
        assertThat(value(client.allowances(ACCOUNT))).containsValue(new Money(Long.MAX_VALUE));
        assertThat(value(client.positions(ACCOUNT)))
                .containsExactly(new Holding(MARKET, Quantity.ZERO, Quantity.parse("12.5")));
    }

    // ------------------------------------------------------------------ markets

    @Test
    void marketIsWhatBothHostsSay() {
        listed();

        var market = value(client.market(MARKET));

        assertThat(market.status()).isEqualTo(MarketStatus.ACTIVE);
        assertThat(market.yesTokenId()).isEqualTo(YES);
        assertThat(market.noTokenId()).isEqualTo(NO);
        assertThat(market.prices().accepts(Price.parse("0.01"))).isTrue();
        assertThat(market.prices().accepts(Price.parse("0.005"))).isFalse();
        assertThat(market.fees().takerRateMicros()).isEqualTo(50_000);
        assertThat(market.exchangeIndex()).isZero();
    }

    @Test
    void marketThatTheTwoHostsTellDifferentlyIsNotBelieved() {
        venue.on("GET /gamma/markets", "200 OK", PolymarketTesting.GAMMA)
                .on("GET /clob-markets/", "200 OK", PolymarketTesting.CLOB_MARKET.replace(NO, "7"));

        assertThat(client.market(MARKET)).isInstanceOf(ReadOutcome.Failed.class);
    }

    @Test
    void marketThatCannotBeKeptIsNotRead() {
        listed();
        venue.on(
                "GET /gamma/markets",
                "200 OK",
                PolymarketTesting.GAMMA.replace("\"id\":\"1\"", "\"category\":\"" + "x".repeat(300) + "\""));

        assertThat(client.market(MARKET)).isInstanceOfSatisfying(ReadOutcome.Failed.class, it -> assertThat(it.why())
                .contains("300 characters"));
    }

    @Test
    void resultThatPaysNoNumberIsNotRead() {
        venue.on(
                        "GET /gamma/markets?",
                        "200 OK",
                        PolymarketTesting.GAMMA
                                .replace("\"closed\":false", "\"closed\":true,\"umaResolutionStatus\":\"resolved\"")
                                .replace("0.4", "much"))
                .on("GET /markets/0x", "200 OK", "{\"condition_id\":\"" + MARKET.id() + "\",\"closed\":true}");

        assertThat(client.settlement(MARKET)).isInstanceOf(ReadOutcome.Failed.class);
    }

    @Test
    void resultNeedsBothHosts() {
        var gamma = PolymarketTesting.GAMMA
                .replace("\"closed\":false", "\"closed\":true,\"umaResolutionStatus\":\"resolved\"")
                .replace("0.4", "0")
                .replace("0.6", "1");
        var book = "{\"condition_id\":\"" + MARKET.id() + "\",\"closed\":true,\"tokens\":[{\"token_id\":\"" + YES
                + "\",\"winner\":false},{\"token_id\":\"" + NO + "\",\"winner\":true}]}";
        venue.on("GET /gamma/markets?", "200 OK", gamma).on("GET /markets/0x", "200 OK", book);

        assertThat(value(client.settlement(MARKET))).hasValueSatisfying(it -> {
            assertThat(it.result()).isEqualTo(Settlement.Result.NO);
            assertThat(it.yesValue()).isEqualTo(Price.ZERO);
        });

        venue.on("GET /markets/0x", "200 OK", book.replace("\"winner\":true", "\"winner\":false"));
        assertThat(client.settlement(MARKET)).isInstanceOf(ReadOutcome.Failed.class);
    }

    // ------------------------------------------------------------------ API keys

    @Test
    void keyThatExistsIsDerived() {
        venue.on("POST /auth/api-key", "400 Bad Request", "{\"error\":\"Could not create api key\"}")
                .on(
                        "GET /auth/derive-api-key",
                        "200 OK",
                        "{\"apiKey\":\"k\",\"secret\":\"AAAA\",\"passphrase\":\"p\"}");
        var keys = new ApiKeys(
                venue.http,
                venue.config(java.net.URI.create("ws://127.0.0.1:1/")).clob(),
                137,
                venue.clock);

        assertThat(value(keys.createOrDerive(WalletKey.of(PolymarketTesting.SECRET), 0)))
                .isEqualTo(new ApiCredentials("k", "AAAA", "p"));
        assertThat(venue.requests("GET /auth/derive-api-key").get(0)).contains("POLY_NONCE: 0");
    }

    // ------------------------------------------------------------------ small things

    private PreparedOrder ready(sluice.domain.order.OrderCommand command) {
        client.refresh();
        return client.prepare(command);
    }

    private void listed() {
        venue.on("GET /gamma/markets", "200 OK", PolymarketTesting.GAMMA)
                .on("GET /clob-markets/", "200 OK", PolymarketTesting.CLOB_MARKET);
    }

    /** Nobody charges that: the fee of ten shares is more than we can count. */
    private static JsonNode body(PreparedOrder order) throws Exception {
        return Vectors.JSON.readTree(
                StandardCharsets.UTF_8.decode(order.request().duplicate()).toString());
    }

    private static String accepted(PreparedOrder order, String status) {
        return "{\"success\":true,\"errorMsg\":\"\",\"orderID\":\"" + order.venueOrderId() + "\",\"status\":\"" + status
                + "\",\"takingAmount\":\"\",\"makingAmount\":\"\",\"new\":1}";
    }

    private static String order(PreparedOrder order, String status, String matched) {
        return """
                {"id":"%s","status":"%s","owner":"k","maker_address":"%s","market":"%s","asset_id":"%s","side":"BUY",\
                "original_size":"10","size_matched":"%s","price":"0.52","associate_trades":null,"outcome":"Yes",\
                "created_at":1795100000,"expiration":"0","order_type":"GTC"}""".formatted(order.venueOrderId(), status, OWNER, MARKET.id(), YES, matched);
    }

    private static String takerTrade(String id, PreparedOrder order, String size, String status) {
        return takerTrade(id, order, size, status, 1_795_099_000);
    }

    private static String takerTrade(String id, PreparedOrder order, String size, String status, long at) {
        return """
                {"id":"%s","taker_order_id":"%s","market":"%s","asset_id":"%s","side":"BUY","size":"%s","price":"0.5",\
                "status":"%s","match_time":"%d","trader_side":"TAKER","owner":"k","maker_orders":[{"order_id":"0x1",\
                "owner":"else","matched_amount":"%s","price":"0.5","asset_id":"%s","side":"SELL"}]}""".formatted(id, order.venueOrderId(), MARKET.id(), YES, size, status, at, size, YES);
    }

    private static <T> T value(ReadOutcome<T> outcome) {
        assertThat(outcome).isInstanceOf(ReadOutcome.Complete.class);
        return ((ReadOutcome.Complete<T>) outcome).value();
    }

    private static FillPage page(ReadOutcome<FillPage> outcome) {
        return value(outcome);
    }
}
