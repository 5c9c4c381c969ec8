package sluice.venues.kalshi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.domain.Action;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.market.FillFee;
import sluice.domain.market.MarketStatus;
import sluice.domain.market.Settlement;
import sluice.domain.order.Fill;
import sluice.domain.order.VenueReport;
import sluice.venues.api.LookupOutcome;
import sluice.venues.kalshi.KalshiJson.Unreadable;

/** The official samples, in our words. */
class KalshiReadingTest {
    private static final KnownOrders.Known BUYS_YES =
            new KnownOrders.Known(new OrderId("o-1"), Side.YES, Action.BUY, 0);
    private static final KnownOrders.Known BUYS_NO = new KnownOrders.Known(new OrderId("o-2"), Side.NO, Action.BUY, 0);
    private static final KnownOrders.Known SELLS_YES =
            new KnownOrders.Known(new OrderId("o-3"), Side.YES, Action.SELL, 0);

    private static KalshiJson with(KalshiJson json, String field, String value) throws Unreadable {
        var copy = (com.fasterxml.jackson.databind.node.ObjectNode) json.node().deepCopy();
        copy.put(field, value);
        return KalshiJson.parse(copy.toString());
    }

    @Test
    void aFillIsTheSameFromRestAndFromTheSocket() throws Exception {
        var rest = KalshiVectors.sample("/rest_samples/fills_page/response")
                .list("fills")
                .getFirst();
        var socket = KalshiVectors.sample("/ws_samples/fill/message/msg");

        var fromRest = KalshiReading.fill(rest, BUYS_YES, TestOrders.ACCOUNT, Mode.LIVE);
        var fromSocket = KalshiReading.fill(socket, BUYS_YES, TestOrders.ACCOUNT, Mode.LIVE);

        assertThat(fromRest).isEqualTo(fromSocket);
        assertThat(fromRest)
                .isEqualTo(new Fill(
                        "5b391664-0d97-42c1-8fba-675d9f6d26b2",
                        "o-1",
                        "dc36fc90-2248-4d70-aca4-a1a9f5b19f71",
                        TestOrders.ACCOUNT,
                        Mode.LIVE,
                        TestOrders.MARKET,
                        Side.YES,
                        Action.BUY,
                        Price.parse("0.44"),
                        Quantity.parse("6"),
                        Money.parse("0.1035"),
                        true,
                        Fill.Status.FINAL,
                        1_795_185_000_183L));
    }

    private static KalshiJson market(String status, String result, String more) throws Unreadable {
        return KalshiJson.parse("{\"ticker\":\"M\",\"status\":\"" + status + "\",\"result\":\"" + result
                + "\",\"updated_time\":\"2026-10-01T00:00:00Z\"" + more + "}");
    }

    @Test
    void aMarketThatHasNoResultPaysNothingYet() throws Exception {
        for (var status : List.of("initialized", "active", "inactive", "closed", "brand_new")) {
            assertThat(KalshiReading.resultOf(market(status, "", ""))).isEmpty();
        }
    }

    @Test
    void onlyAFinalizedResultIsFinal() throws Exception {
        assertThat(KalshiReading.resultOf(market("determined", "yes", "")).orElseThrow())
                .satisfies(it -> {
                    assertThat(it.status()).isEqualTo(Settlement.Status.DETERMINED);
                    assertThat(it.yesValue()).isEqualTo(Price.ONE);
                });
        assertThat(KalshiReading.resultOf(market("amended", "no", "")).orElseThrow())
                .satisfies(it -> {
                    assertThat(it.status()).isEqualTo(Settlement.Status.AMENDED);
                    assertThat(it.yesValue()).isEqualTo(Price.ZERO);
                });
        assertThat(KalshiReading.resultOf(market(
                                "finalized",
                                "scalar",
                                ",\"settlement_value_dollars\":\"0.3000\",\"settlement_ts\":\"2026-10-02T00:00:00Z\""))
                        .orElseThrow())
                .satisfies(it -> {
                    assertThat(it.status()).isEqualTo(Settlement.Status.FINAL);
                    assertThat(it.result()).isEqualTo(Settlement.Result.SCALAR);
                    assertThat(it.yesValue()).isEqualTo(Price.parse("0.3"));
                    assertThat(it.settledAtMillis())
                            .isEqualTo(java.time.Instant.parse("2026-10-02T00:00:00Z")
                                    .toEpochMilli());
                });
    }

    @Test
    void aResultThatContradictsItselfIsNone() throws Exception {
        var wrong = market("finalized", "yes", ",\"settlement_value_dollars\":\"0.0000\"");
        var none = market("finalized", "", "");
        var strange = market("finalized", "maybe", "");

        for (var each : List.of(wrong, none, strange)) {
            assertThatThrownBy(() -> KalshiReading.resultOf(each)).isInstanceOf(Unreadable.class);
        }
    }

    @Test
    void anAskIsOurWordsWhereTheOrderIsKnown() throws Exception {
        var ask = with(KalshiVectors.sample("/ws_samples/fill/message/msg"), "book_side", "ask");

        var buysNo = KalshiReading.fill(ask, BUYS_NO, TestOrders.ACCOUNT, Mode.LIVE);
        var sellsYes = KalshiReading.fill(ask, SELLS_YES, TestOrders.ACCOUNT, Mode.LIVE);
        var unknown = KalshiReading.fill(ask, null, TestOrders.ACCOUNT, Mode.LIVE);

        assertThat(buysNo.side()).isEqualTo(Side.NO);
        assertThat(buysNo.price()).isEqualTo(Price.parse("0.56"));
        assertThat(sellsYes.side()).isEqualTo(Side.YES);
        assertThat(sellsYes.action()).isEqualTo(Action.SELL);
        assertThat(sellsYes.price()).isEqualTo(Price.parse("0.44"));
        assertThat(unknown.orderId()).isEmpty();
        assertThat(unknown.action()).isEqualTo(Action.BUY);
        assertThat(unknown.side()).isEqualTo(Side.NO);
        assertThatThrownBy(() -> KalshiReading.fill(ask, BUYS_YES, TestOrders.ACCOUNT, Mode.LIVE))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining("the other side of the book");
    }

    @Test
    void userOrdersAreReports() throws Exception {
        var resting = KalshiReading.report(
                KalshiVectors.sample("/ws_samples/user_order_resting/message/msg"),
                BUYS_YES,
                TestOrders.ACCOUNT,
                Mode.LIVE,
                1);
        var last = KalshiVectors.sample("/ws_samples/user_order_final/message/msg");
        var cancelled = KalshiReading.report(last, BUYS_YES, TestOrders.ACCOUNT, Mode.LIVE, 1);
        var expired = KalshiReading.report(
                with(last, "last_update_reason", "ExpiryCancel"), BUYS_YES, TestOrders.ACCOUNT, Mode.LIVE, 1);

        assertThat(resting.type()).isEqualTo(VenueReport.Type.WORKING);
        assertThat(resting.atMillis()).isEqualTo(1_795_185_000_423L);
        assertThat(cancelled.type()).isEqualTo(VenueReport.Type.CANCELLED);
        assertThat(cancelled.filledQuantity()).isEqualTo(Quantity.parse("6"));
        assertThat(expired.type()).isEqualTo(VenueReport.Type.EXPIRED);
        assertThatThrownBy(() -> KalshiReading.report(
                        with(last, "status", "half_dead"), BUYS_YES, TestOrders.ACCOUNT, Mode.LIVE, 1))
                .hasMessageContaining("\"half_dead\" is none we know");
    }

    @Test
    void ordersAreFoundAsTheyStand() throws Exception {
        var order = KalshiVectors.sample("/rest_samples/order/response/order");

        assertThat(KalshiReading.found(order, 7).status()).isEqualTo(LookupOutcome.Status.WORKING);
        assertThat(KalshiReading.found(with(order, "status", "executed"), 7).status())
                .isEqualTo(LookupOutcome.Status.FILLED);
        assertThatThrownBy(() -> KalshiReading.found(with(order, "status", "pending"), 7))
                .isInstanceOf(Unreadable.class);
        assertThat(KalshiReading.openOrder(order, null).limit()).isEqualTo(Price.parse("0.41"));
    }

    @Test
    void holdingsHaveASideAndBalancesAShard() throws Exception {
        var position = KalshiVectors.sample("/rest_samples/positions/response")
                .list("market_positions")
                .getFirst();
        var balance = KalshiVectors.sample("/rest_samples/balance/response");

        assertThat(KalshiReading.holding(position).yes()).isEqualTo(Quantity.parse("8"));
        assertThat(KalshiReading.holding(with(position, "position_fp", "-3.50")).no())
                .isEqualTo(Quantity.parse("3.5"));
        assertThat(KalshiReading.balances(balance)).singleElement().satisfies(it -> {
            assertThat(it.bucket()).isEqualTo("0");
            assertThat(it.total()).isEqualTo(Money.parse("9641.3427"));
        });
        assertThatThrownBy(() -> KalshiReading.balances(with(balance, "balance_dollars", "1.0000")))
                .hasMessageContaining("the shards hold");
    }

    @Test
    void aMarketIsPutTogetherFromItsEventAndSeries() throws Exception {
        var market = KalshiReading.market(
                KalshiVectors.sample("/rest_samples/market/response/market"),
                KalshiVectors.sample("/rest_samples/event/response/event"),
                KalshiVectors.sample("/rest_samples/series/response/series"));

        assertThat(market.id()).isEqualTo(TestOrders.MARKET);
        assertThat(market.status()).isEqualTo(MarketStatus.ACTIVE);
        assertThat(market.category()).isEqualTo("Climate and Weather");
        assertThat(market.fees().takerRateMicros()).isEqualTo(70_000);
        assertThat(market.fees().makerRateMicros()).isZero();
        assertThat(market.exchangeIndex()).isZero();
        assertThat(market.prices().accepts(Price.parse("0.41"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "initialized,UNOPENED",
        "active,ACTIVE",
        "inactive,PAUSED",
        "closed,CLOSED",
        "determined,DETERMINED",
        "disputed,DISPUTED",
        "amended,AMENDED",
        "finalized,SETTLED",
        "something_new,UNKNOWN"
    })
    void statusesHaveNames(String word, MarketStatus status) {
        assertThat(KalshiReading.status(word)).isEqualTo(status);
    }

    @Test
    void settlementsPayWhatTheySay() throws Exception {
        var yes = KalshiVectors.sample("/rest_samples/settlements/response")
                .list("settlements")
                .getFirst();

        var settlement = KalshiReading.settlement(yes);

        assertThat(settlement.result()).isEqualTo(Settlement.Result.YES);
        assertThat(settlement.yesValue()).isEqualTo(Price.ONE);
        assertThat(settlement.status()).isEqualTo(Settlement.Status.FINAL);
        assertThatThrownBy(() -> KalshiReading.settlement(with(yes, "market_result", "no")))
                .hasMessageContaining("result no with a value of 100 cents");
    }

    @Test
    void feesWithoutAFormulaAreNotGuessed() {
        var event = KalshiVectors.sample("/rest_samples/event/response/event");
        assertThatThrownBy(() -> KalshiReading.fees(
                        event, with(KalshiVectors.sample("/rest_samples/series/response/series"), "fee_type", "flat")))
                .hasMessageContaining("\"flat\" has no formula");
    }

    static Stream<Arguments> feeCases() {
        return KalshiVectors.each("/fees/order_cases")
                .map(it -> Arguments.of(it.get("name").asText(), it));
    }

    /** From the terms as the venue publishes them to the fee of each fill; a direct member's, which is what we are. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("feeCases")
    void feesAreWhatTheVenueCharges(String name, JsonNode vector) throws Exception {
        assumeThat(vector.get("balance_precision_dollars").asText())
                .as("cents are the precision of members through a broker")
                .isEqualTo("0.0001");
        var series =
                KalshiJson.parse("{\"fee_type\":\"" + vector.get("fee_type").asText() + "\",\"fee_multiplier\":"
                        + vector.get("fee_multiplier").asText() + "}");
        var terms = KalshiReading.fees(KalshiJson.parse("{}"), series);
        var accumulated = Money.ZERO;
        for (var fill : vector.get("fills")) {
            var yes = Price.parse(fill.get("yes_price_dollars").asText());
            var cash = fill.get("cash").asText();
            boolean buysNo = cash.equals("sell_yes_opening");
            var charged = FillFee.of(
                    terms,
                    cash.equals("sell_yes_closing") ? Action.SELL : Action.BUY,
                    buysNo ? yes.complement() : yes,
                    Quantity.parse(fill.get("count_fp").asText()),
                    fill.get("role").asText().equals("taker"),
                    accumulated);
            assertThat(charged.fee())
                    .as(name)
                    .isEqualTo(Money.parse(fill.get("net_fee_dollars").asText()));
            accumulated = charged.accumulated();
            assertThat(accumulated)
                    .as(name)
                    .isEqualTo(Money.parse(fill.get("accumulator_after_dollars").asText()));
        }
    }

    static Stream<Arguments> samples() {
        return KalshiVectors.named("/rest_samples")
                .filter(it -> ((JsonNode) it.get()[1]).get("status").asInt() >= 400);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("samples")
    void everyShapeOfARefusalIsRead(String name, JsonNode sample) {
        var error = KalshiError.parse(sample.get("response").toString());

        assertThat(error).as(name).isPresent();
        var code = sample.at("/response/error/code");
        if (!code.isMissingNode()) {
            assertThat(error.orElseThrow().code()).isEqualTo(code.asText());
        }
    }

    @Test
    void whatIsNotTheVenuesIsNoRefusal() {
        assertThat(KalshiError.parse("<html>Forbidden</html>")).isEmpty();
        assertThat(KalshiError.parse("")).isEmpty();
        assertThat(KalshiError.parse("{\"ok\":true}")).isEmpty();
        assertThat(KalshiError.parse("{\"error\":\"too many requests\"}")
                        .orElseThrow()
                        .code())
                .isEqualTo("too_many_requests");
        assertThat(KalshiError.parse("{\"error\":{\"code\":\"user_not_found:_1\"}}")
                        .orElseThrow()
                        .is("user_not_found"))
                .isTrue();
    }
}
