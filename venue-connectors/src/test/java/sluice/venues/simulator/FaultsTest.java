package sluice.venues.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.venues.simulator.Served.Response;

/** Each fault, seen at work from outside. F8 and F9 are in the test of Polymarket, the only venue that has them. */
class FaultsTest {
    private static final String ORDERS = "POST /trade-api/v2/portfolio/events/orders";

    @TempDir
    Path folder;

    private final KalshiCaller alice = new KalshiCaller();
    private Served served;

    @BeforeEach
    void serve() throws IOException {
        served = new Served(Simulator.Kind.KALSHI, folder, alice.setup(), 0);
        served.admin("POST", "/levels", KalshiCaller.levels("0.41", "25", "0.44", "100"));
    }

    @AfterEach
    void stop() throws IOException {
        served.close();
    }

    private Response take(String clientId) throws IOException {
        return alice.create(served, clientId, "bid", "0.4400", "1.00", "immediate_or_cancel");
    }

    private Response rest(String clientId) throws IOException {
        return alice.create(served, clientId, "bid", "0.4000", "4.00", "good_till_canceled");
    }

    private JsonNode orders() {
        return served.ledger("alice").path("orders");
    }

    private Served.Stream fillsAndOrders() {
        String path = "/trade-api/ws/v2";
        Served.Stream stream = served.stream(path, alice.headers("GET", path, System.currentTimeMillis()));
        stream.say("{\"id\":1,\"cmd\":\"subscribe\",\"params\":{\"channels\":[\"fill\",\"user_orders\"]}}");
        Served.await("subscribed", () -> stream.of("type", "subscribed").size() == 2);
        return stream;
    }

    @Test
    void f1AcceptsAndLosesTheAnswer() {
        served.faults("{\"fault\":\"F1\",\"times\":1}");
        assertThatThrownBy(() -> take("f1")).isInstanceOf(IOException.class);
        assertThat(orders()).hasSize(1);
    }

    @Test
    void f2ResetsBeforeAnythingHappens() {
        served.faults("{\"fault\":\"F2\",\"times\":1}");
        assertThatThrownBy(() -> take("f2")).isInstanceOf(IOException.class);
        assertThat(orders()).isEmpty();
    }

    @Test
    void f3AcceptsAndAnswersAnError() throws IOException {
        served.faults("{\"fault\":\"F3\",\"times\":1,\"status\":500}");
        assertThat(take("f3").status()).isEqualTo(500);
        assertThat(orders()).hasSize(1);
        assertThat(take("f3").status()).isEqualTo(409);
    }

    @Test
    void f4RepeatsFrames() throws IOException {
        Served.Stream stream = fillsAndOrders();
        served.faults("{\"fault\":\"F4\",\"where\":\"fill\",\"count\":3}");
        take("f4");
        Served.await("three frames of one fill", () -> stream.of("type", "fill").size() == 3);
        assertThat(stream.of("type", "fill").stream().distinct()).hasSize(1);
    }

    @Test
    void f5DropsFillsOnly() throws IOException {
        Served.Stream stream = fillsAndOrders();
        served.faults("{\"fault\":\"F5\",\"where\":\"fill\"}");
        take("f5");
        Served.await("the order's frame", () -> !stream.of("type", "user_order").isEmpty());
        assertThat(stream.of("type", "fill")).isEmpty();
    }

    @Test
    void f6SwapsFrames() throws IOException {
        Served.Stream stream = fillsAndOrders();
        served.faults("{\"fault\":\"F6\",\"where\":\"fill\",\"times\":1}");
        take("f6");
        Served.await("both frames", () -> stream.messages.size() == 4);
        assertThat(stream.messages.get(2).path("type").asText()).isEqualTo("user_order");
        assertThat(stream.messages.get(3).path("type").asText()).isEqualTo("fill");
    }

    @Test
    void f7ShowsOldRowsOrLeavesOneOut() throws IOException {
        rest("f7");
        served.faults("{\"fault\":\"F7\",\"mode\":\"row\",\"times\":1}");
        assertThat(alice.call(served, "GET", "/portfolio/orders", "").body().path("orders"))
                .isEmpty();
        assertThat(alice.call(served, "GET", "/portfolio/orders", "").body().path("orders"))
                .hasSize(1);
        served.faults("{\"fault\":\"F7\",\"millis\":60000,\"times\":1}");
        assertThat(alice.call(served, "GET", "/portfolio/orders", "").body().path("orders"))
                .isEmpty();
    }

    @Test
    void f10FillsBeforeTheCancelArrives() throws IOException {
        String id = rest("f10").body().path("order_id").asText();
        served.faults("{\"fault\":\"F10\",\"times\":1}");
        assertThat(alice.call(served, "DELETE", "/portfolio/events/orders/" + id, "")
                        .status())
                .isEqualTo(404);
        assertThat(orders().path(0).path("status").asText()).isEqualTo("EXECUTED");
    }

    @Test
    void f10AnswersAboutAnotherOrderOrKeepsFilling() throws IOException {
        String id = rest("f10a").body().path("order_id").asText();
        served.faults("{\"fault\":\"F10\",\"mode\":\"other\",\"times\":1}");
        Response other = alice.call(served, "DELETE", "/portfolio/events/orders/" + id, "");
        assertThat(other.body().path("order_id").asText()).isNotEqualTo(id);

        String late = rest("f10b").body().path("order_id").asText();
        served.faults("{\"fault\":\"F10\",\"mode\":\"late\",\"millis\":300,\"times\":1}");
        assertThat(alice.call(served, "DELETE", "/portfolio/events/orders/" + late, "")
                        .status())
                .isEqualTo(200);
        Served.await(
                "cancelled in the end",
                () -> orders().path(1).path("status").asText().equals("CANCELED"));
        assertThat(orders().path(1).path("filled").asLong()).isEqualTo(2_000_000);
    }

    @Test
    void f11MakesOrdersAndPositionsAppear() throws IOException {
        served.faults("{\"fault\":\"F11\",\"times\":1},{\"fault\":\"F11\",\"mode\":\"position\",\"times\":1}");
        take("f11a");
        take("f11b");
        assertThat(orders()).hasSize(4);
        assertThat(orders().findValues("outside").stream().filter(JsonNode::asBoolean))
                .hasSize(2);
    }

    @Test
    void f12ChangesHowAMarketEnds() throws IOException {
        take("f12");
        served.faults("{\"fault\":\"F12\",\"mode\":\"scalar\",\"value\":\"0.25\"}");
        served.admin("POST", "/settle", "{\"market\":\"" + KalshiCaller.TICKER + "\",\"value\":\"1\"}");
        assertThat(served.ledger("alice")
                        .path("payouts")
                        .path(0)
                        .path("revenue")
                        .asLong())
                .isEqualTo(250_000);
    }

    @Test
    void f13ChargesAnotherFeeAndMovesCash() throws IOException {
        take("usual");
        served.faults("{\"fault\":\"F13\",\"micros\":100,\"times\":1}");
        take("dearer");
        JsonNode fills = served.ledger("alice").path("fills");
        assertThat(fills.path(1).path("fee").asLong())
                .isEqualTo(fills.path(0).path("fee").asLong() + 100);
        long before = served.ledger("alice").path("cash").path("0").asLong();
        served.faults("{\"fault\":\"F13\",\"mode\":\"deposit\",\"times\":1}");
        rest("paid");
        assertThat(served.ledger("alice").path("cash").path("0").asLong()).isEqualTo(before + 1_000_000);
        assertThat(served.admin("GET", "/health", "").body().path("imbalance").asLong())
                .isZero();
    }

    @Test
    void f14TakesAClientIdTwice() throws IOException {
        take("f14");
        assertThat(take("f14").status()).isEqualTo(409);
        served.faults("{\"fault\":\"F14\"}");
        assertThat(take("f14").status()).isEqualTo(201);
        assertThat(orders()).hasSize(2);
    }

    @Test
    void f15RefusesInEveryWay() throws IOException {
        served.faults("{\"fault\":\"F15\",\"times\":1}");
        assertThat(take("a").status()).isEqualTo(429);
        served.faults("{\"fault\":\"F15\",\"mode\":\"403\",\"times\":1}");
        assertThat(take("b").text()).startsWith("<html>");
        served.faults("{\"fault\":\"F15\",\"mode\":\"cancel-only\"}");
        assertThat(take("c").status()).isEqualTo(503);
        served.faults("{\"fault\":\"F15\",\"mode\":\"maintenance\"}");
        assertThat(take("d").body().path("error").path("code").asText()).isEqualTo("trading_is_paused");
        assertThat(orders()).isEmpty();
    }

    @Test
    void f16PutsTheClockOff() throws IOException {
        served.faults("{\"fault\":\"F16\",\"millis\":-300000}");
        assertThat(take("f16").body().path("error").path("code").asText()).isEqualTo("header_timestamp_expired");
    }

    @Test
    void f17FallsSilentOrOverflows() throws IOException {
        Served.Stream stream = fillsAndOrders();
        served.faults("{\"fault\":\"F17\",\"where\":\"fill\"}");
        take("f17");
        assertThat(served.admin("GET", "/strikes", "").body().path("strikes")).hasSize(1);
        assertThat(stream.of("type", "fill")).isEmpty();
        served.faults("{\"fault\":\"F17\",\"mode\":\"overflow\",\"times\":1}");
        take("f17b");
        Served.await("error 25", () -> stream.of("type", "error").stream()
                .anyMatch(m -> m.path("msg").path("code").asInt() == 25));
    }

    @Test
    void f18AnswersWhatNobodyKnows() throws IOException {
        served.faults("{\"fault\":\"F18\",\"times\":1}");
        assertThat(take("f18a").body().has("order_id")).isFalse();
        served.faults("{\"fault\":\"F18\",\"mode\":\"enum\",\"where\":\"GET /trade-api/v2/portfolio/orders\"}");
        JsonNode rows =
                alice.call(served, "GET", "/portfolio/orders", "").body().path("orders");
        assertThat(rows.path(0).path("status").asText()).isEqualTo("reticulating");
        served.faults("{\"fault\":\"F18\",\"mode\":\"missing\",\"field\":\"fill_count\",\"where\":\"" + ORDERS + "\"}");
        assertThat(take("f18b").body().has("fill_count")).isFalse();
        assertThat(orders()).hasSize(2);
    }

    @Test
    void f19ChangesTheRulesBeforeTheOrder() throws IOException {
        served.faults("{\"fault\":\"F19\",\"step\":50000,\"times\":1}");
        Response refused = alice.create(served, "f19", "bid", "0.4300", "1.00", "immediate_or_cancel");
        assertThat(refused.body().path("error").path("code").asText()).isEqualTo("invalid_price");
    }

    @Test
    void theSameSeedStrikesTheSame() {
        JsonNode entries = Served.JSON
                .createArrayNode()
                .add(Served.JSON.createObjectNode().put("fault", "F1").put("probability", "0.3"));
        Faults one = new Faults(Served.JSON, 42);
        Faults two = new Faults(Served.JSON, 42);
        one.replace(entries);
        two.replace(entries);
        int strikes = 0;
        for (int i = 0; i < 1_000; i++) {
            boolean struck = one.strike("F1", "POST /order") != null;
            assertThat(two.strike("F1", "POST /order") != null).isEqualTo(struck);
            strikes += struck ? 1 : 0;
        }
        assertThat(strikes).isBetween(230, 370);
    }

    @Test
    void aFaultThatIsNoneOfAVenueIsRefusedByName() {
        Response answer = served.admin("POST", "/faults", "{\"fault\":\"F24\"}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("F24");
    }

    @Test
    void adminIsOnAPortOfItsOwn() throws IOException {
        assertThat(served.call("GET", "/ledger", Map.of(), "").status()).isEqualTo(404);
    }
}
