package sluice.venues.kalshi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.TimeInForce;
import sluice.domain.market.Market;
import sluice.domain.order.Fill;
import sluice.venues.api.CancelOutcome;
import sluice.venues.api.FillPage;
import sluice.venues.api.LookupOutcome;
import sluice.venues.api.OpenOrder;
import sluice.venues.api.OrderRef;
import sluice.venues.api.ReadOutcome;
import sluice.venues.api.StopOutcome;
import sluice.venues.api.SubmitOutcome;
import sluice.venues.http.HttpSettings;
import sluice.venues.http.RawServer;
import sluice.venues.http.VenueHttp;

/** What the client makes of a venue's answers, over real sockets. */
class KalshiClientTest {
    private static final String CREATE = "POST /portfolio/events/orders";
    private static final String EMPTY_ORDERS = "{\"orders\":[],\"cursor\":\"\"}";
    private static final String EMPTY_FILLS = "{\"fills\":[],\"cursor\":\"\"}";
    private static final String OUR_ID = KalshiOrders.clientOrderId(new OrderId("o-1"));
    private static final OrderRef REF =
            new OrderRef(new OrderId("o-1"), TestOrders.ACCOUNT, TestOrders.MARKET, OUR_ID, null);

    private final AtomicLong ahead = new AtomicLong();
    private final InstantSource clock = () -> Instant.now().plusMillis(ahead.get());
    private final ScriptedVenue venue = new ScriptedVenue();
    private final VenueHttp http = new VenueHttp(HttpSettings.all(Duration.ofSeconds(2)), clock);
    private final KalshiClient client = client(venue.rest(), Mode.LIVE);

    private KalshiClient client(URI rest, Mode mode) {
        var config = KalshiConfig.of(rest, URI.create("ws://127.0.0.1:1/trade-api/ws/v2"), TestOrders.ACCOUNT, mode)
                .withPercentOfLimits(100)
                .withReadLag(Duration.ofMillis(100));
        var key = KalshiKey.parse(
                "b61e6ba5-3682-4dd6-b804-69b84b2d451c",
                KalshiVectors.ALL.at("/keys/ed25519/private_key_pkcs8_pem").asText(),
                null);
        // Buckets start empty; by the first request they have filled, so that no test waits for tokens.
        ahead.set(-300_000);
        var made = new KalshiClient(config, key, http, clock);
        ahead.set(0);
        return made;
    }

    @AfterEach
    void close() {
        client.close();
        http.close();
        venue.close();
    }

    private SubmitOutcome submit() {
        return client.submit(client.prepare(TestOrders.buy("o-1")));
    }

    private static String answer(String clientOrderId) {
        return "{\"order_id\":\"v-1\",\"client_order_id\":\"" + clientOrderId
                + "\",\"fill_count\":\"0.00\",\"remaining_count\":\"10.00\",\"ts_ms\":1795185000123,\"new_key\":[1]}";
    }

    private static String order(String venueId, String clientId, String status, String filled) {
        var order = (ObjectNode)
                KalshiVectors.ALL.at("/rest_samples/order/response/order").deepCopy();
        return order.put("order_id", venueId)
                .put("client_order_id", clientId)
                .put("status", status)
                .put("fill_count_fp", filled)
                .toString();
    }

    private static String orders(String cursor, String... orders) {
        return "{\"orders\":[" + String.join(",", orders) + "],\"cursor\":\"" + cursor + "\"}";
    }

    private static String fill(String tradeId, String venueId, String time) {
        var fill = (ObjectNode) KalshiVectors.ALL
                .at("/rest_samples/fills_page/response/fills/0")
                .deepCopy();
        return fill.put("fill_id", tradeId)
                .put("trade_id", tradeId)
                .put("order_id", venueId)
                .put("created_time", time)
                .toString();
    }

    private static String date(Instant at) {
        return "Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(at.atOffset(ZoneOffset.UTC));
    }

    private static String unknown(SubmitOutcome outcome) {
        assertThat(outcome).isInstanceOf(SubmitOutcome.Unknown.class);
        return ((SubmitOutcome.Unknown) outcome).why();
    }

    private static SubmitOutcome.Refused refused(SubmitOutcome outcome) {
        assertThat(outcome).isInstanceOf(SubmitOutcome.Refused.class);
        return (SubmitOutcome.Refused) outcome;
    }

    private static <T> T complete(ReadOutcome<T> outcome) {
        assertThat(outcome).isInstanceOf(ReadOutcome.Complete.class);
        return ((ReadOutcome.Complete<T>) outcome).value();
    }

    private static String failed(ReadOutcome<?> outcome) {
        assertThat(outcome).isInstanceOf(ReadOutcome.Failed.class);
        return ((ReadOutcome.Failed<?>) outcome).why();
    }

    // ------------------------------------------------------------------ placing

    @Test
    void anOrderLeavesOnceWithThePreparedBytesAndASignature() {
        venue.on(CREATE, "201 Created", answer(OUR_ID));
        var prepared = client.prepare(TestOrders.buy("o-1"));

        var outcome = client.submit(prepared);

        assertThat(outcome).isEqualTo(new SubmitOutcome.Accepted("v-1", 1_795_185_000_123L));
        assertThat(venue.requests()).singleElement().satisfies(request -> assertThat(request)
                .startsWith("POST /trade-api/v2/portfolio/events/orders HTTP/1.1\r\n")
                .contains("KALSHI-ACCESS-KEY: b61e6ba5", "KALSHI-ACCESS-SIGNATURE: ", "content-type: application/json")
                .endsWith("\r\n\r\n"
                        + StandardCharsets.UTF_8.decode(prepared.request().duplicate())));
        assertThat(client.prepare(TestOrders.buy("o-1")).request()).isEqualTo(prepared.request());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 Bad Request|{\"error\":{\"code\":\"insufficient_balance\",\"message\":\"m\"}}|insufficient_balance",
                "400 Bad Request|{\"error\":{\"code\":\"invalid_order\",\"message\":\"m\",\"details\":\"post only"
                        + " cross\"}}|invalid_order",
                "400 Bad Request|{\"code\":\"bad_request\",\"message\":\"m\"}|bad_request",
                "400 Bad Request|{\"msg\":\"limit\"}|invalid_parameter",
                "403 Forbidden|{\"error\":{\"code\":\"forbidden\",\"message\":\"m\"}}|forbidden",
                "404 Not Found|{\"error\":{\"code\":\"not_found\",\"message\":\"m\"}}|not_found",
                "409 Conflict|{\"error\":{\"code\":\"fill_or_kill_insufficient_resting_volume\"}}"
                        + "|fill_or_kill_insufficient_resting_volume",
                "409 Conflict|{\"error\":{\"code\":\"trading_is_paused\"}}|trading_is_paused",
                "409 Conflict|{\"error\":{\"code\":\"exceeded_order_group_risk_limit\"}}|exceeded_order_group_risk_limit",
                "410 Gone|{\"error\":{\"code\":\"deprecated_v1_order_endpoint\"}}|deprecated_v1_order_endpoint",
                "429 Too Many Requests|{\"error\":\"too many requests\"}|too_many_requests"
            })
    void theVenuesNoIsARefusal(String status, String body, String code) {
        venue.on(CREATE, status, body);

        assertThat(refused(submit()).code()).isEqualTo(code);
        assertThat(venue.requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "500 Internal Server Error|{\"error\":{\"code\":\"internal_server_error\"}}",
                "503 Service Unavailable|{\"error\":{\"code\":\"service_unavailable\"}}",
                "504 Gateway Timeout|<html>",
                "425 Too Early|{\"error\":{\"code\":\"too_early\"}}",
                "409 Conflict|{\"error\":{\"code\":\"a_new_code\"}}",
                "200 OK|{\"order_id\":\"v-1\",\"fill_count\":\"0\",\"remaining_count\":\"10\",\"ts_ms\":1}",
                "201 Created|{\"order\":{\"id\":1}}",
                "201 Created|[]",
                "201 Created|{\"order_id\":\"v-1\",\"fill_count\":0,\"remaining_count\":\"1000\",\"ts_ms\":1}",
                "302 Found|{}",
                "403 Forbidden|<html><title>Access denied</title></html>"
            })
    void everythingElseIsADoubtAndNothingIsSentTwice(String status, String body) {
        venue.on(CREATE, status, body);

        assertThat(unknown(submit())).isNotEmpty();
        assertThat(venue.lines()).containsOnlyOnce(CREATE);
    }

    @Test
    void anAnswerAboutAnotherOrderIsADoubt() {
        venue.on(CREATE, "201 Created", answer("somebody-elses"));

        assertThat(unknown(submit())).contains("it speaks of client order somebody-elses");
    }

    @Test
    void aPageOfAProxySaysWhoMayHaveAnswered() {
        venue.on(CREATE, "403 Forbidden", "<html><body>Access\n denied</body></html>");

        assertThat(unknown(submit())).contains("status 403", "<html><body>Access denied", "proxy, firewall, geoblock");
    }

    /** A proxy's 404 says nothing about what the venue has. */
    @Test
    void aMarketThatTheVenueDoesNotHaveIsToldFromOneThatCannotBeRead() {
        String market = "GET /markets/" + TestOrders.MARKET.id();
        venue.on(market, "404 Not Found", ScriptedVenue.NOT_FOUND)
                .on(market, "404 Not Found", "<html>nobody here</html>");
        assertThat(client.market(TestOrders.MARKET))
                .isInstanceOfSatisfying(
                        ReadOutcome.Failed.class, it -> assertThat(it.absent()).isTrue());
        assertThat(client.market(TestOrders.MARKET))
                .isInstanceOfSatisfying(
                        ReadOutcome.Failed.class, it -> assertThat(it.absent()).isFalse());
    }

    @Test
    void aWrongKeySaysWhatToCheck() {
        venue.on(
                CREATE,
                "401 Unauthorized",
                "{\"error\":{\"code\":\"authentication_error\",\"message\":\"authentication_error\","
                        + "\"details\":\"INCORRECT_API_KEY_SIGNATURE\"}}");

        assertThat(refused(submit()).detail())
                // The code is told beside it, and need not be said again.
                .startsWith("INCORRECT_API_KEY_SIGNATURE; check that ")
                .contains(
                        "Kalshi key b61e6ba5-3682-4dd6-b804-69b84b2d451c (Ed25519)",
                        "demo and production have separate keys");
    }

    @ParameterizedTest
    @ValueSource(longs = {60_000, -60_000})
    void aClockThatIsAMinuteOffIsSaidAndStopsTrading(long offBy) {
        // Given
        ahead.set(offBy);
        venue.on(
                CREATE,
                "401 Unauthorized",
                "{\"error\":{\"code\":\"header_timestamp_expired\",\"message\":\"header timestamp expired\"}}",
                date(Instant.now()));

        // When
        var outcome = refused(submit());

        // Then
        assertThat(outcome.code()).isEqualTo("header_timestamp_expired");
        assertThat(outcome.detail())
                .contains(offBy > 0 ? "ms ahead of the venue's" : "ms behind the venue's", "set it (NTP)");
        assertThat(client.health().clockOffsetMillis()).isBetween(offBy - 3_000, offBy + 3_000);
        assertThat(client.health().trading()).isFalse();
        assertThat(client.health().detail()).contains("the bound is 1000 ms");
    }

    @Test
    void aBodyThatBreaksOffAndATimeOutAreDoubts() {
        var forEver = new CountDownLatch(1);
        venue.on(
                        CREATE,
                        (socket, request) -> RawServer.write(
                                socket, "HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{\"order_id\":\"v"))
                .on(CREATE, (socket, request) -> forEver.await());

        assertThat(unknown(submit())).contains("status 201", "broke off");
        assertThat(unknown(submit())).contains("after the request had begun to leave");
        assertThat(venue.requests()).hasSize(2);
        forEver.countDown();
    }

    @Test
    void aRefusedConnectionProvesThatNothingWasPlaced() {
        venue.close();

        assertThat(submit()).isInstanceOf(SubmitOutcome.NotSent.class);
    }

    @Test
    void aStormOf429EmptiesOurBucketAndCancelsStillLeave() {
        // Given
        venue.on(CREATE, "429 Too Many Requests", "{\"error\":\"too many requests\"}")
                .on("DELETE /portfolio/events/orders/v-1", "404 Not Found", ScriptedVenue.NOT_FOUND);
        assertThat(refused(submit()).code()).isEqualTo("too_many_requests");

        // When the next order comes at once, with no time to wait
        var hasty = client.submit(client.prepare(TestOrders.withDeadline("o-2", clock.millis() + 50)));
        client.cancel(new OrderRef(new OrderId("o-1"), TestOrders.ACCOUNT, TestOrders.MARKET, OUR_ID, "v-1"));

        // Then
        assertThat(hasty).isInstanceOfSatisfying(SubmitOutcome.NotSent.class, it -> assertThat(it.why())
                .contains("rate limit has no room"));
        assertThat(venue.lines()).filteredOn(it -> it.equals(CREATE)).hasSize(1);
        assertThat(venue.lines()).anyMatch(it -> it.startsWith("DELETE /portfolio/events/orders/v-1"));
    }

    @Test
    void anOrderThatExistsAlreadyIsLookedUpAndNotSentAgain() {
        // Given
        venue.on(CREATE, "409 Conflict", "{\"error\":{\"code\":\"order_already_exists\",\"message\":\"m\"}}")
                .on("GET /portfolio/orders", "200 OK", orders("", order("v-7", OUR_ID, "resting", "0.00")));

        // When, then
        assertThat(submit()).isInstanceOfSatisfying(SubmitOutcome.Accepted.class, it -> assertThat(it.venueOrderId())
                .isEqualTo("v-7"));
        assertThat(venue.lines()).filteredOn(it -> it.equals(CREATE)).hasSize(1);
    }

    @Test
    void anOrderThatExistsAlreadyAndDoesNotShowIsADoubt() {
        venue.on(CREATE, "409 Conflict", "{\"error\":{\"code\":\"order_already_exists\",\"message\":\"m\"}}")
                .on("GET /portfolio/orders", "200 OK", EMPTY_ORDERS)
                .on("GET /historical/orders", "200 OK", EMPTY_ORDERS)
                .on("GET /portfolio/fills", "200 OK", EMPTY_FILLS);

        assertThat(unknown(submit())).contains("exists already, and does not show it yet");
    }

    @Test
    void aDryRunSaysWhatItWouldHaveSentAndSendsNothing() {
        var dry = client(venue.rest(), Mode.DRY_RUN);

        var outcome = dry.submit(dry.prepare(TestOrders.buy("o-1")));

        assertThat(outcome).isInstanceOfSatisfying(SubmitOutcome.NotSent.class, it -> assertThat(it.why())
                .contains("dry run", "POST " + venue.rest() + "/portfolio/events/orders", "\"count\":\"10.00\""));
        assertThat(dry.stop(TestOrders.ACCOUNT)).isInstanceOf(StopOutcome.Unknown.class);
        assertThat(venue.requests()).isEmpty();
    }

    @Test
    void anotherAccountsOrderIsNotPrepared() {
        var config =
                KalshiConfig.of(venue.rest(), URI.create("ws://127.0.0.1:1/"), new AccountId("somebody"), Mode.LIVE);
        var other = new KalshiClient(
                config,
                KalshiKey.parse(
                        "k",
                        KalshiVectors.ALL.at("/keys/rsa/private_key_pkcs1_pem").asText(),
                        null),
                http,
                clock);

        assertThatThrownBy(() -> other.prepare(TestOrders.buy("o-1")))
                .hasMessageContaining("speaks for kalshi of somebody");
        assertThat(failed(other.positions(TestOrders.ACCOUNT))).contains("not for a1");
    }

    // ------------------------------------------------------------------ looking up

    @Test
    void absenceNeedsEveryPageOfEverything() {
        // Given
        venue.on("GET /portfolio/orders", "200 OK", orders("c1", order("v-1", "other", "resting", "0.00")))
                .on("GET /portfolio/orders", "200 OK", EMPTY_ORDERS)
                .on("GET /historical/orders", "200 OK", EMPTY_ORDERS)
                .on("GET /portfolio/fills", "200 OK", EMPTY_FILLS);

        // When
        var outcome = client.lookUp(REF);

        // Then
        assertThat(outcome).isInstanceOf(LookupOutcome.Absent.class);
        assertThat(venue.lines())
                .containsExactly(
                        "GET /exchange/user_data_timestamp",
                        "GET /portfolio/orders?limit=1000&ticker=KXTSTHIGH-26NOV20-T60",
                        "GET /portfolio/orders?limit=1000&ticker=KXTSTHIGH-26NOV20-T60&cursor=c1",
                        "GET /historical/orders?limit=1000&ticker=KXTSTHIGH-26NOV20-T60",
                        "GET /portfolio/fills?limit=1000&ticker=KXTSTHIGH-26NOV20-T60");
    }

    @Test
    void aPageThatFailsOrNeverEndsOrAFillOfAHiddenOrderProvesNothing() {
        venue.on("GET /portfolio/orders", "200 OK", orders("c1"))
                .on(
                        "GET /portfolio/orders",
                        "503 Service Unavailable",
                        "{\"error\":{\"code\":\"service_unavailable\"}}")
                .on("GET /portfolio/orders", "200 OK", orders("c1"))
                .on("GET /portfolio/orders", "200 OK", orders("c1"))
                .on("GET /portfolio/orders", "200 OK", EMPTY_ORDERS)
                .on("GET /historical/orders", "200 OK", EMPTY_ORDERS)
                .on(
                        "GET /portfolio/fills",
                        "200 OK",
                        "{\"fills\":[" + fill("t-1", "v-9", "2026-11-20T14:30:00Z") + "],\"cursor\":\"\"}");

        assertThat(client.lookUp(REF).toString()).contains("Unknown", "status 503");
        assertThat(client.lookUp(REF).toString()).contains("Unknown", "its pages do not end");
        assertThat(client.lookUp(REF).toString()).contains("Unknown", "order v-9, which the venue does not show yet");
    }

    @Test
    void oldListsAndAnOrderThatTheVenueHasNamedProveNoAbsence() {
        venue.on(CREATE, "201 Created", answer(OUR_ID))
                .on("GET /portfolio/orders", "200 OK", EMPTY_ORDERS)
                .on("GET /historical/orders", "200 OK", EMPTY_ORDERS)
                .on("GET /portfolio/fills", "200 OK", EMPTY_FILLS);

        venue.readsAreBehind(Duration.ofSeconds(5));
        assertThat(client.lookUp(REF).toString())
                .contains("Unknown", "the venue's lists are", "100 ms is what we allow");
        venue.readsAreBehind(Duration.ZERO);
        assertThat(client.lookUp(REF)).isInstanceOf(LookupOutcome.Absent.class);
        submit();
        assertThat(client.lookUp(REF).toString()).contains("Unknown", "told of order o-1 as v-1");
    }

    @Test
    void anOrderIsFoundWhereverItIs() {
        venue.on("GET /portfolio/orders", "200 OK", EMPTY_ORDERS)
                .on("GET /historical/orders", "200 OK", orders("", order("v-1", OUR_ID, "canceled", "6.00")));

        assertThat(client.lookUp(REF)).isInstanceOfSatisfying(LookupOutcome.Found.class, it -> {
            assertThat(it.status()).isEqualTo(LookupOutcome.Status.CANCELLED);
            assertThat(it.filled()).isEqualTo(Quantity.parse("6"));
        });
    }

    @Test
    void aStatusThatNobodyKnowsIsADoubt() {
        venue.on("GET /portfolio/orders", "200 OK", orders("", order("v-1", OUR_ID, "hibernating", "0.00")));

        assertThat(client.lookUp(REF).toString()).contains("Unknown", "\"hibernating\" is none we know");
    }

    // ------------------------------------------------------------------ cancelling and stopping

    @Test
    void aCancelGoesToTheOrdersMarketAndCountsWhatWasFilled() {
        venue.on(CREATE, "201 Created", answer(OUR_ID))
                .on(
                        "DELETE /portfolio/events/orders/v-1",
                        "200 OK",
                        "{\"order_id\":\"v-1\",\"reduced_by\":\"7.00\",\"ts_ms\":5}")
                .on(
                        "GET /portfolio/orders/v-1",
                        "200 OK",
                        "{\"order\":" + order("v-1", OUR_ID, "resting", "0.00") + "}");
        submit();

        assertThat(client.cancel(REF)).isEqualTo(new CancelOutcome.Cancelled(Quantity.parse("3"), 5));
        assertThat(venue.lines()).contains("DELETE /portfolio/events/orders/v-1?market_ticker=KXTSTHIGH-26NOV20-T60");
    }

    @Test
    void aCancelThatCameTooLateSaysHowTheOrderEnded() {
        venue.on("DELETE /portfolio/events/orders/v-1", "404 Not Found", ScriptedVenue.NOT_FOUND)
                .on(
                        "GET /portfolio/orders/v-1",
                        "200 OK",
                        "{\"order\":" + order("v-1", OUR_ID, "canceled", "4.00") + "}")
                .on(
                        "GET /portfolio/orders/v-1",
                        "200 OK",
                        "{\"order\":" + order("v-1", OUR_ID, "executed", "10.00") + "}")
                .on(
                        "GET /portfolio/orders/v-1",
                        "200 OK",
                        "{\"order\":" + order("v-1", OUR_ID, "resting", "0.00") + "}")
                .on("GET /portfolio/orders/v-1", "404 Not Found", ScriptedVenue.NOT_FOUND);
        var ref = new OrderRef(REF.orderId(), REF.account(), REF.market(), OUR_ID, "v-1");

        assertThat(client.cancel(ref))
                .isInstanceOfSatisfying(CancelOutcome.Cancelled.class, it -> assertThat(it.filled())
                        .isEqualTo(Quantity.parse("4")));
        assertThat(client.cancel(ref)).isInstanceOfSatisfying(CancelOutcome.Refused.class, it -> assertThat(it.code())
                .isEqualTo("order_not_open"));
        assertThat(client.cancel(ref)).isInstanceOf(CancelOutcome.Unknown.class);
        assertThat(client.cancel(ref)).isInstanceOfSatisfying(CancelOutcome.Refused.class, it -> assertThat(it.code())
                .isEqualTo("not_found"));
    }

    @Test
    void aCancelThatMeetsTheRateLimitProvesThatNothingWasDone() {
        venue.on("DELETE /portfolio/events/orders/v-1", "429 Too Many Requests", "{\"error\":\"too many requests\"}");

        assertThat(client.cancel(new OrderRef(REF.orderId(), REF.account(), REF.market(), OUR_ID, "v-1")))
                .isInstanceOfSatisfying(
                        CancelOutcome.NotSent.class, it -> assertThat(it.why()).contains("status 429"));
    }

    @Test
    void aCancelThatIsAnsweredForAnotherOrderIsADoubt() {
        venue.on(
                "DELETE /portfolio/events/orders/v-1",
                "200 OK",
                "{\"order_id\":\"v-2\",\"reduced_by\":\"7.00\",\"ts_ms\":5}");

        assertThat(client.cancel(new OrderRef(REF.orderId(), REF.account(), REF.market(), OUR_ID, "v-1"))
                        .toString())
                .contains("Unknown", "about order v-2");
    }

    @Test
    void stoppingTriggersTheGroupsCancelsAllAndReadsUntilNothingIsOpen() {
        // Given
        var config = KalshiConfig.of(
                        venue.rest(), URI.create("ws://127.0.0.1:1/trade-api/ws/v2"), TestOrders.ACCOUNT, Mode.LIVE)
                .withPercentOfLimits(100)
                .withOrderGroups(Map.of(2, "g-2"));
        var grouped = new KalshiClient(
                config,
                KalshiKey.parse(
                        "k",
                        KalshiVectors.ALL
                                .at("/keys/ed25519/private_key_pkcs8_pem")
                                .asText(),
                        null),
                http,
                clock);
        venue.on("PUT /portfolio/order_groups/g-2/trigger", "200 OK", "{}")
                .on("GET /portfolio/orders", "200 OK", orders("", order("v-1", OUR_ID, "resting", "0.00")))
                .on("GET /portfolio/orders", "200 OK", orders("", order("v-1", OUR_ID, "resting", "0.00")))
                .on("GET /portfolio/orders", "200 OK", EMPTY_ORDERS)
                .on(
                        "DELETE /portfolio/events/orders",
                        (socket, request) ->
                                RawServer.write(socket, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"));

        // When
        var outcome = grouped.stop(TestOrders.ACCOUNT);

        // Then
        assertThat(outcome).isInstanceOfSatisfying(StopOutcome.Stopped.class, it -> assertThat(it.cancelled())
                .isEqualTo(1));
        assertThat(venue.lines())
                .startsWith(
                        "PUT /portfolio/order_groups/g-2/trigger?exchange_index=2",
                        "GET /portfolio/orders?limit=1000&status=resting",
                        "DELETE /portfolio/events/orders");
    }

    @Test
    void orderGroupsAreMadeAndReset() {
        venue.on("POST /portfolio/order_groups/create", "201 Created", "{\"order_group_id\":\"g-1\"}")
                .on("PUT /portfolio/order_groups/g-1/reset", "200 OK", "{}");

        assertThat(complete(client.createOrderGroup(Quantity.parse("100"), 1))).isEqualTo("g-1");
        assertThat(complete(client.resetOrderGroup("g-1", 1))).isEmpty();
        assertThat(venue.requests().getFirst()).endsWith("{\"contracts_limit_fp\":\"100.00\",\"exchange_index\":1}");
    }

    // ------------------------------------------------------------------ reading

    @Test
    void fillsAreOursByTheirOrderOldestFirstAndTheCursorOverlaps() {
        // Given one fill of ours, placed before this process, and one of somebody else
        client.know(TestOrders.command("o-1", Side.NO, Action.BUY, "0.56", "10", TimeInForce.GTC));
        var ask =
                fill("t-2", "v-1", "2026-11-20T14:30:05.2Z").replace("\"book_side\":\"bid\"", "\"book_side\":\"ask\"");
        venue.on(
                        "GET /portfolio/fills",
                        "200 OK",
                        "{\"fills\":[" + ask + "," + fill("t-1", "v-2", "2026-11-20T14:30:00Z") + "],\"cursor\":\"\"}")
                .on("GET /historical/fills", "200 OK", EMPTY_FILLS)
                .on(
                        "GET /portfolio/orders/v-1",
                        "200 OK",
                        "{\"order\":" + order("v-1", OUR_ID, "executed", "6.00") + "}")
                .on("GET /portfolio/orders/v-2", "200 OK", "{\"order\":" + order("v-2", "", "executed", "6.00") + "}");

        // When
        var first = complete(client.fillsSince(TestOrders.ACCOUNT, FillPage.START));
        var second = complete(client.fillsSince(TestOrders.ACCOUNT, first.next()));

        // Then
        assertThat(first.fills()).extracting(Fill::tradeId).containsExactly("t-1", "t-2");
        assertThat(first.fills()).extracting(Fill::orderId).containsExactly("", "o-1");
        assertThat(first.fills().getLast().side()).isEqualTo(Side.NO);
        assertThat(first.fills().getLast().price()).isEqualTo(Price.parse("0.56"));
        assertThat(first.more()).isFalse();
        assertThat(second).isEqualTo(new FillPage(first.fills(), first.next(), false));
        long newest = Long.parseLong(first.next());
        assertThat(venue.lines()).contains("GET /portfolio/fills?limit=1000&min_ts=" + (newest - 600));
        assertThat(venue.lines())
                .filteredOn(it -> it.startsWith("GET /portfolio/orders/"))
                .hasSize(2);
    }

    @Test
    void anOrderThatIsMadeKnownLaterIsOursFromThenOn() {
        venue.on(
                        "GET /portfolio/fills",
                        "200 OK",
                        "{\"fills\":[" + fill("t-1", "v-1", "2026-11-20T14:30:00Z") + "],\"cursor\":\"\"}")
                .on("GET /portfolio/orders/v-1", "200 OK", "{\"order\":" + order("v-1", OUR_ID, "executed", "6") + "}");

        var before = complete(client.fillsSince(TestOrders.ACCOUNT, FillPage.START));
        client.know(REF, ByteBuffer.allocate(0));
        var after = complete(client.fillsSince(TestOrders.ACCOUNT, FillPage.START));

        assertThat(before.fills().getFirst().orderId()).isEmpty();
        assertThat(after.fills().getFirst().orderId()).isEqualTo("o-1");
    }

    @Test
    void aFillWhoseOrderCannotBeReadIsNotCalledSomebodyElses() {
        venue.on(
                        "GET /portfolio/fills",
                        "200 OK",
                        "{\"fills\":[" + fill("t-1", "v-1", "2026-11-20T14:30:00Z") + ","
                                + fill("t-2", "v-2", "2026-11-20T14:30:05Z") + "],\"cursor\":\"\"}")
                .on("GET /historical/fills", "200 OK", EMPTY_FILLS)
                .on("GET /portfolio/orders/v-1", "500 Internal Server Error", "{}")
                .on("GET /portfolio/orders/v-2", "200 OK", "{\"order\":" + order("v-2", "", "executed", "6.00") + "}");

        var page = complete(client.fillsSince(TestOrders.ACCOUNT, FillPage.START));

        assertThat(page.fills())
                .as("it hides no other")
                .extracting(Fill::tradeId)
                .containsExactly("t-2");
        assertThat(page.unread()).contains("status 500");
        assertThat(page.next()).as("it is read again").isEqualTo(FillPage.START);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "-5", "999999999999999999", "99999999999999999999"})
    void aCursorThatIsNoneStartsFromTheBeginning(String cursor) {
        venue.on(
                        "GET /portfolio/fills",
                        "200 OK",
                        "{\"fills\":[" + fill("t-1", "v-1", "2026-11-20T14:30:00Z") + "],\"cursor\":\"\"}")
                .on("GET /portfolio/orders/v-1", "200 OK", "{\"order\":" + order("v-1", OUR_ID, "executed", "6") + "}");

        var page = complete(client.fillsSince(TestOrders.ACCOUNT, cursor));

        assertThat(page.fills()).hasSize(1);
        assertThat(page.next()).isEqualTo("1795185000");
        assertThat(venue.lines()).contains("GET /portfolio/fills?limit=1000");
    }

    @Test
    void openOrdersIncludeThoseOfOthers() {
        client.prepare(TestOrders.buy("o-1"));
        venue.on(
                "GET /portfolio/orders",
                "200 OK",
                orders("", order("v-1", OUR_ID, "resting", "2.00"), order("v-2", "x", "resting", "0.00")));

        var open = complete(client.openOrders(TestOrders.ACCOUNT));

        assertThat(open).extracting(OpenOrder::orderId).containsExactly(new OrderId("o-1"), null);
        assertThat(open.getFirst().filled()).isEqualTo(Quantity.parse("2"));
    }

    @Test
    void theOfficialSamplesAreRead() {
        for (var name : List.of("positions", "balance", "settlements", "account_limits", "user_data_timestamp")) {
            var sample = KalshiVectors.ALL.at("/rest_samples/" + name);
            var path = sample.get("path").asText();
            int query = path.indexOf('?');
            venue.on(
                    "GET " + (query < 0 ? path : path.substring(0, query)),
                    "200 OK",
                    sample.get("response").toString());
        }
        assertThat(complete(client.positions(TestOrders.ACCOUNT)).getFirst().yes())
                .isEqualTo(Quantity.parse("8"));
        assertThat(complete(client.balances(TestOrders.ACCOUNT)).getFirst().total())
                .isEqualTo(Money.parse("9641.3427"));
        assertThat(complete(client.settlementsSince(TestOrders.ACCOUNT, 0))).hasSize(1);
        assertThat(complete(client.readLimits()).name()).isEqualTo("basic");
        assertThat(complete(client.userDataAsOf())).isEqualTo(1_795_184_999_423L);
    }

    @Test
    void aMarketBringsItsFeesAlong() {
        venue.on("GET /markets/" + TestOrders.TICKER, "200 OK", response("market"))
                .on("GET /events/KXTSTHIGH-26NOV20", "200 OK", response("event"))
                .on("GET /series/KXTSTHIGH", "200 OK", response("series"));

        Market market = complete(client.market(TestOrders.MARKET));
        complete(client.market(TestOrders.MARKET));

        assertThat(market.fees().version()).isEqualTo("quadratic x 1");
        assertThat(venue.lines()).filteredOn(it -> it.contains("/series/")).hasSize(1);
    }

    private static String response(String sample) {
        return KalshiVectors.ALL.at("/rest_samples/" + sample + "/response").toString();
    }

    @Test
    void healthIsWhatTheExchangeSays() {
        assertThat(client.health().trading()).isFalse();
        venue.on("GET /exchange/status", "200 OK", response("exchange_status"), date(Instant.now()))
                .on("GET /exchange/status", "200 OK", "{\"exchange_active\":true,\"trading_active\":false}")
                .on("GET /exchange/status", "503 Service Unavailable", "<html>down</html>")
                .on("GET /exchange/schedule", "200 OK", response("exchange_schedule"));

        client.refresh();
        assertThat(client.health().detail()).doesNotContain("paused");
        client.refresh();
        assertThat(client.health().trading()).isFalse();
        assertThat(client.health().detail()).contains("trading is paused");
        client.refresh();
        assertThat(client.health().trading()).isFalse();
        assertThat(client.health().detail()).contains("status 503");
    }
}
