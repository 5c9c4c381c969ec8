package sluice.venues.kalshi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.domain.Action;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.TimeInForce;
import sluice.domain.order.OrderCommand;

class KalshiOrdersTest {
    private static String body(OrderCommand command) {
        return StandardCharsets.UTF_8
                .decode(KalshiOrders.createBody(command, Map.of(0, "group-0"), null))
                .toString();
    }

    static Stream<JsonNode> directions() {
        return KalshiVectors.each("/direction");
    }

    @ParameterizedTest
    @MethodSource("directions")
    void everyDirectionIsABidOrAnAskForYes(JsonNode vector) {
        boolean bid = KalshiOrders.isBid(
                Side.valueOf(vector.get("side").asText().toUpperCase(Locale.ROOT)),
                Action.valueOf(vector.get("action").asText().toUpperCase(Locale.ROOT)));

        assertThat(bid ? "bid" : "ask").isEqualTo(vector.get("book_side").asText());
        assertThat(bid ? "yes" : "no").isEqualTo(vector.get("outcome_side").asText());
    }

    @ParameterizedTest
    @CsvSource({
        "YES,BUY,0.45,bid,0.4500",
        "YES,SELL,0.45,ask,0.4500",
        "NO,BUY,0.45,ask,0.5500",
        "NO,SELL,0.45,bid,0.5500"
    })
    void theBodyIsWhatTheVenueDocuments(Side side, Action action, String price, String book, String yesPrice) {
        var command = TestOrders.command("o-1", side, action, price, "10", TimeInForce.IOC);

        assertThat(body(command))
                .isEqualTo("{\"ticker\":\"KXTSTHIGH-26NOV20-T60\",\"client_order_id\":\""
                        + KalshiOrders.clientOrderId(new OrderId("o-1")) + "\",\"side\":\"" + book
                        + "\",\"count\":\"10.00\",\"price\":\"" + yesPrice
                        + "\",\"time_in_force\":\"immediate_or_cancel\","
                        + "\"self_trade_prevention_type\":\"taker_at_cross\",\"order_group_id\":\"group-0\","
                        + "\"exchange_index\":0}");
        assertThat(body(command)).isEqualTo(body(command));
    }

    @ParameterizedTest
    @CsvSource({"IOC,immediate_or_cancel", "FOK,fill_or_kill", "GTC,good_till_canceled", "GTD,good_till_canceled"})
    void timesInForceHaveTheVenuesNames(TimeInForce timeInForce, String name) {
        var command = TestOrders.expiring("o-1", timeInForce, 1_795_185_000_999L, false);

        assertThat(body(command)).contains("\"time_in_force\":\"" + name + "\"");
        if (timeInForce == TimeInForce.GTD) {
            assertThat(body(command)).contains("\"expiration_time\":1795185000,");
        } else {
            assertThat(body(command)).doesNotContain("expiration_time");
        }
    }

    @Test
    void postOnlyIsSaidForWhatMayRestOnly() {
        assertThat(body(TestOrders.expiring("o-1", TimeInForce.GTC, null, true)))
                .contains("\"post_only\":true");
        assertThatThrownBy(() -> body(TestOrders.expiring("o-1", TimeInForce.IOC, null, true)))
                .hasMessageContaining("neither take nor rest");
        assertThatThrownBy(() -> body(TestOrders.expiring("o-1", TimeInForce.GTD, null, false)))
                .hasMessageContaining("names no time");
    }

    @Test
    void anIdIsAFunctionOfOurs() {
        assertThat(KalshiOrders.clientOrderId(new OrderId("o-1")))
                .isEqualTo(KalshiOrders.clientOrderId(new OrderId("o-1")))
                .isNotEqualTo(KalshiOrders.clientOrderId(new OrderId("o-2")))
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-3[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    }

    static Stream<Arguments> gridCases() {
        return KalshiVectors.each("/price_grid/structures").flatMap(it -> java.util.stream.StreamSupport.stream(
                        it.get("cases").spliterator(), false)
                .map(c -> Arguments.of(
                        it.get("price_level_structure").asText(),
                        c.get("price").asText(),
                        it,
                        c.get("valid").asBoolean())));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("gridCases")
    void pricesOffTheGridAreKnown(String name, String price, JsonNode structure, boolean valid) throws Exception {
        var grid = KalshiReading.grid(new KalshiJson(structure));

        assertThat(grid.accepts(Price.parse(price))).as(name).isEqualTo(valid);
    }

    static Stream<JsonNode> priceTexts() {
        return KalshiVectors.each("/price_grid/price_text")
                .filter(it -> it.get("price").isTextual());
    }

    @ParameterizedTest
    @MethodSource("priceTexts")
    void aPriceIsWrittenOrRefused(JsonNode vector) {
        var price = Price.parse(vector.get("price").asText());
        var command = TestOrders.command("o-1", Side.YES, Action.BUY, price.toString(), "1", TimeInForce.GTC);
        if (vector.get("ok").asBoolean()) {
            assertThat(body(command)).contains("\"price\":\"0.5600\"");
        } else {
            assertThatThrownBy(() -> body(command)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void countsHaveTwoDecimals() {
        assertThat(KalshiOrders.countText(Quantity.parse("0.01"))).isEqualTo("0.01");
        assertThat(KalshiOrders.countText(Quantity.parse("1000000"))).isEqualTo("1000000.00");
        assertThatThrownBy(() -> KalshiOrders.countText(Quantity.parse("0.005")))
                .hasMessageContaining("0.01");
        assertThatThrownBy(() -> KalshiOrders.countText(Quantity.ZERO)).hasMessageContaining("0.01");
    }

    static Stream<Arguments> creates() {
        return KalshiVectors.named("/rest_samples")
                .filter(it -> it.get()[0].toString().startsWith("create_")
                        && !it.get()[0].toString().contains("numeric")
                        && !it.get()[0].toString().contains("legacy"));
    }

    /** Every field of an official request that we would make too is the same in ours. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("creates")
    void officialRequestsCanBeSaid(String name, JsonNode sample) throws Exception {
        var request = sample.get("request");
        if (sample.at("/response/error/code").asText().equals("invalid_price")) {
            return;
        }
        boolean bid = request.get("side").asText().equals("bid");
        var timeInForce =
                switch (request.get("time_in_force").asText()) {
                    case "fill_or_kill" -> TimeInForce.FOK;
                    case "immediate_or_cancel" -> TimeInForce.IOC;
                    default -> TimeInForce.GTC;
                };
        var ours = KalshiJson.MAPPER.readTree(body(TestOrders.command(
                "o-1",
                Side.YES,
                bid ? Action.BUY : Action.SELL,
                request.get("price").asText(),
                request.get("count").asText(),
                timeInForce)));
        for (var field :
                new String[] {"ticker", "side", "count", "price", "time_in_force", "self_trade_prevention_type"}) {
            assertThat(ours.get(field)).as(name + " " + field).isEqualTo(request.get(field));
        }
    }
}
