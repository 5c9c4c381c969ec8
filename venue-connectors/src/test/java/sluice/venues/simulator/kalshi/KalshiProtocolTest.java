package sluice.venues.simulator.kalshi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sluice.venues.simulator.KalshiCaller;
import sluice.venues.simulator.Served;
import sluice.venues.simulator.Served.Response;
import sluice.venues.simulator.Simulator;
import sluice.venues.simulator.Vectors;
import sluice.venues.simulator.core.Command;
import sluice.venues.simulator.core.Market;

class KalshiProtocolTest {
    private static final String TICKER = KalshiCaller.TICKER;

    @TempDir
    Path folder;

    private final KalshiCaller alice = new KalshiCaller();
    private Served served;

    @BeforeEach
    void serve() throws IOException {
        served = new Served(Simulator.Kind.KALSHI, folder, alice.setup(), 0);
        served.admin("POST", "/levels", KalshiCaller.levels("0.41", "25", "0.44", "6"));
    }

    @AfterEach
    void stop() throws IOException {
        served.close();
    }

    private static JsonNode samples() {
        return Vectors.of("kalshi").path("rest_samples");
    }

    private Response send(JsonNode sample) throws IOException {
        String path = sample.path("path").asText();
        return alice.call(
                served,
                sample.path("method").asText(),
                path,
                sample.has("request") ? sample.path("request").toString() : "");
    }

    @Test
    void refusesWithTheStatusesAndBodiesOfTheVectors() throws IOException {
        JsonNode samples = samples();
        assertThat(send(samples.path("create_gtc_resting")).status()).isEqualTo(201);
        for (String name : List.of(
                "create_duplicate",
                "create_fok_killed",
                "create_post_only_cross",
                "create_insufficient_balance",
                "create_off_tick",
                "create_numeric_types",
                "create_legacy_endpoint",
                "cancel_again",
                "parameter_validation")) {
            Response answer = send(samples.path(name));
            assertThat(answer.status())
                    .as(name)
                    .isEqualTo(samples.path(name).path("status").asInt());
            assertThat(answer.body()).as(name).isEqualTo(samples.path(name).path("response"));
        }
    }

    @Test
    void answersOrdersLikeTheVectors() throws IOException {
        JsonNode samples = samples();
        for (String name : List.of("create_gtc_resting", "create_ioc_partial", "create_ioc_no_fill")) {
            JsonNode sample = samples.path(name);
            Response answer = send(sample);
            assertThat(answer.status()).as(name).isEqualTo(201);
            for (String field : List.of(
                    "client_order_id", "fill_count", "remaining_count", "average_fill_price", "average_fee_paid")) {
                assertThat(answer.body().path(field))
                        .as(name + "." + field)
                        .isEqualTo(sample.path("response").path(field));
            }
        }
        JsonNode mixed = send(samples.path("batch_create_mixed")).body().path("orders");
        assertThat(mixed.path(0).path("remaining_count").asText()).isEqualTo("5.00");
        assertThat(mixed.path(1))
                .isEqualTo(samples.path("batch_create_mixed")
                        .path("response")
                        .path("orders")
                        .path(1));
    }

    @Test
    void readsHaveTheShapesOfTheVectors() throws IOException {
        JsonNode samples = samples();
        send(samples.path("create_gtc_resting"));
        String id = alice.create(served, "taker", "bid", "0.4400", "2.00", "immediate_or_cancel")
                .body()
                .path("order_id")
                .asText();
        Map<String, String> paths = Map.ofEntries(
                Map.entry("exchange_status", "/exchange/status"),
                Map.entry("exchange_schedule", "/exchange/schedule"),
                Map.entry("user_data_timestamp", "/exchange/user_data_timestamp"),
                Map.entry("orderbook", "/markets/" + TICKER + "/orderbook"),
                Map.entry("markets_page", "/markets"),
                Map.entry("trades", "/markets/trades"),
                Map.entry("event_fee_changes", "/events/fee_changes"),
                Map.entry("series", "/series/KXTSTHIGH"),
                Map.entry("order", "/portfolio/orders/" + id),
                Map.entry("orders_page", "/portfolio/orders"),
                Map.entry("fills_page", "/portfolio/fills"),
                Map.entry("positions", "/portfolio/positions"),
                Map.entry("balance", "/portfolio/balance"),
                Map.entry("account_limits", "/account/limits"),
                Map.entry("endpoint_costs", "/account/endpoint_costs"),
                Map.entry("historical_cutoff", "/historical/cutoff"));
        for (Map.Entry<String, String> one : paths.entrySet()) {
            Response answer = alice.call(served, "GET", one.getValue(), "");
            assertThat(answer.status()).as(one.getKey()).isEqualTo(200);
            JsonNode expected = samples.path(one.getKey()).path("response").deepCopy();
            expected.findParents("floor_strike").forEach(m -> ((com.fasterxml.jackson.databind.node.ObjectNode) m)
                    .remove(List.of("floor_strike", "strike_type")));
            assertThat(KalshiCaller.missing(expected, answer.body(), one.getKey()))
                    .isEmpty();
        }
    }

    @Test
    void verifiesEverySignatureOfTheVectors() throws IOException {
        JsonNode vectors = Vectors.of("kalshi");
        Map<String, PublicKey> keys = Map.of(
                vectors.path("keys").path("rsa").path("api_key_id").asText(),
                key(vectors.path("keys").path("rsa").path("public_key_spki_pem").asText()),
                vectors.path("keys").path("ed25519").path("api_key_id").asText(),
                key(vectors.path("keys")
                        .path("ed25519")
                        .path("public_key_spki_pem")
                        .asText()));
        for (JsonNode one : vectors.path("auth").path("valid")) {
            assertThat(verifies(keys, one, one.path("message").asText()))
                    .as(one.path("id").asText())
                    .isTrue();
        }
        for (JsonNode one : vectors.path("auth").path("invalid")) {
            assertThat(verifies(keys, one, one.path("message_expected").asText()))
                    .as(one.path("id").asText())
                    .isFalse();
        }
    }

    private static boolean verifies(Map<String, PublicKey> keys, JsonNode one, String message) {
        JsonNode headers = one.path("headers");
        PublicKey key = keys.get(headers.path("KALSHI-ACCESS-KEY").asText());
        return key != null
                && KalshiKeys.verifies(
                        key, message, headers.path("KALSHI-ACCESS-SIGNATURE").asText());
    }

    private static PublicKey key(String pem) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            return new JcaPEMKeyConverter().getPublicKey((SubjectPublicKeyInfo) parser.readObject());
        }
    }

    @Test
    void refusesCallersAsTheVectorsSay() throws IOException {
        String path = "/trade-api/v2/portfolio/balance";
        long now = System.currentTimeMillis();
        Map<String, String> good = alice.headers("GET", path, now);
        var errors = Vectors.of("kalshi").path("auth").path("header_errors");
        var unsigned = new java.util.HashMap<>(good);
        unsigned.remove("KALSHI-ACCESS-SIGNATURE");
        var unknown = new java.util.HashMap<>(good);
        unknown.put("KALSHI-ACCESS-KEY", "00000000-0000-4000-8000-000000000000");
        List<Map<String, String>> cases = List.of(unsigned, unknown, Map.of(), Map.of("Authorization", "Bearer x"));
        for (int i = 0; i < cases.size(); i++) {
            Response answer = served.call("GET", path, cases.get(i), "");
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.body()).isEqualTo(errors.path(i).path("expect_body"));
        }
        for (JsonNode skew :
                Vectors.of("kalshi").path("auth").path("timestamp_skew").path("cases")) {
            long at = now + skew.path("offset_ms").asLong();
            Response answer = served.call("GET", path, alice.headers("GET", path, at), "");
            boolean accepted = skew.path("expect").asText().equals("accept");
            assertThat(answer.status()).as(skew.path("id").asText()).isEqualTo(accepted ? 200 : 401);
            if (!accepted) {
                assertThat(answer.body()).isEqualTo(skew.path("expect_body"));
            }
        }
    }

    @Test
    void priceGridsAreThoseOfTheVectors() {
        for (JsonNode one : Vectors.of("kalshi").path("price_grid").path("structures")) {
            List<Command.Band> bands =
                    KalshiJson.bands(one.path("price_level_structure").asText());
            for (JsonNode sample : one.path("cases")) {
                long price = sluice.venues.simulator.Decimals.micros(
                        sample.path("price").asText());
                assertThat(Market.onGrid(bands, price))
                        .as(one.path("price_level_structure") + " " + sample)
                        .isEqualTo(sample.path("valid").asBoolean());
            }
        }
    }

    @Test
    void tellsTheStreamWhatHappensInOrder() throws IOException {
        String path = "/trade-api/ws/v2";
        Served.Stream stream = served.stream(path, alice.headers("GET", path, System.currentTimeMillis()));
        stream.say(
                "{\"id\":1,\"cmd\":\"subscribe\",\"params\":{\"channels\":[\"orderbook_delta\",\"ticker\",\"trade\"],"
                        + "\"market_tickers\":[\"" + TICKER + "\"]}}");
        stream.say("{\"id\":2,\"cmd\":\"subscribe\",\"params\":{\"channels\":"
                + "[\"fill\",\"user_orders\",\"market_positions\",\"market_lifecycle_v2\"]}}");
        Served.await(
                "seven subscriptions", () -> stream.of("type", "subscribed").size() == 7);

        alice.create(served, "mine", "bid", "0.4400", "10.00", "good_till_canceled");
        served.admin("POST", "/settle", "{\"market\":\"" + TICKER + "\",\"value\":\"1\"}");

        Served.await("settled", () -> stream.of("type", "market_lifecycle_v2").size() == 2);
        assertThat(stream.of("type", "orderbook_snapshot")).hasSize(1);
        List<Long> sequence = stream.messages.stream()
                .filter(m -> m.path("type").asText().startsWith("orderbook"))
                .map(m -> m.path("seq").asLong())
                .toList();
        for (int i = 0; i < sequence.size(); i++) {
            assertThat(sequence.get(i)).isEqualTo(i + 1);
        }
        JsonNode samples = Vectors.of("kalshi").path("ws_samples");
        for (String name : List.of(
                "orderbook_snapshot",
                "orderbook_delta_own",
                "ticker",
                "trade",
                "fill",
                "market_position",
                "user_order_final")) {
            JsonNode sample = samples.path(name).path("message");
            List<JsonNode> like = stream.of("type", sample.path("type").asText());
            assertThat(like).as(name).anyMatch(m -> KalshiCaller.missing(sample, m, name)
                    .isEmpty());
        }
        assertThat(stream.of("type", "fill").get(0).path("msg").path("count_fp").asText())
                .isEqualTo("6.00");
        assertThat(stream.of("type", "user_order"))
                .last()
                .extracting(m -> m.path("msg").path("status").asText())
                .isEqualTo("canceled");
    }

    @Test
    void readsLagBehindTheEngineAndTheStreamDoesNot() throws IOException {
        served.close();
        served = new Served(Simulator.Kind.KALSHI, folder.resolve("lag"), alice.setup(), 1_500);
        Response created = alice.create(served, "late", "bid", "0.4000", "1.00", "good_till_canceled");
        assertThat(created.status()).isEqualTo(201);
        String path = "/portfolio/orders/" + created.body().path("order_id").asText();
        assertThat(alice.call(served, "GET", path, "").status()).isEqualTo(404);
        Served.await("the order can be read", () -> statusOf(path) == 200);
    }

    private int statusOf(String path) {
        try {
            return alice.call(served, "GET", path, "").status();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anOrderGroupStopsItsOrdersWhenTooMuchTrades() throws IOException {
        String group = alice.call(served, "POST", "/portfolio/order_groups/create", "{\"contracts_limit\":2}")
                .body()
                .path("order_group_id")
                .asText();
        String body = "{\"ticker\":\"" + TICKER + "\",\"client_order_id\":\"g\",\"side\":\"bid\",\"count\":\"5.00\","
                + "\"price\":\"0.4000\",\"time_in_force\":\"good_till_canceled\","
                + "\"self_trade_prevention_type\":\"maker\",\"order_group_id\":\"" + group + "\"}";
        String id = alice.call(served, "POST", "/portfolio/events/orders", body)
                .body()
                .path("order_id")
                .asText();

        served.admin("POST", "/take", "{\"order\":\"" + id + "\",\"quantity\":\"3\"}");

        JsonNode order =
                alice.call(served, "GET", "/portfolio/orders/" + id, "").body().path("order");
        assertThat(order.path("status").asText()).isEqualTo("canceled");
        assertThat(order.path("fill_count_fp").asText()).isEqualTo("3.00");
        Response refused = alice.call(served, "POST", "/portfolio/events/orders", body.replace("\"g\"", "\"g2\""));
        assertThat(refused.status()).isEqualTo(409);
    }

    @Test
    void settlesAndPays() throws IOException {
        alice.create(served, "s", "bid", "0.4400", "2.00", "immediate_or_cancel");
        served.admin("POST", "/settle", "{\"market\":\"" + TICKER + "\",\"value\":\"1\"}");
        JsonNode settlement = alice.call(served, "GET", "/portfolio/settlements", "")
                .body()
                .path("settlements")
                .path(0);
        assertThat(settlement.path("revenue").asLong()).isEqualTo(200);
        assertThat(settlement.path("market_result").asText()).isEqualTo("yes");
        assertThat(KalshiCaller.missing(
                        samples()
                                .path("settlements")
                                .path("response")
                                .path("settlements")
                                .path(0),
                        settlement,
                        "settlement"))
                .isEmpty();
        // 1000 - 2 * 0.44 - fee 0.0345 + 2
        assertThat(served.ledger("alice").path("cash").path("0").asLong()).isEqualTo(1_001_085_500L);
        assertThat(served.admin("GET", "/health", "").body().path("imbalance").asLong())
                .isZero();
    }

    @Test
    void theBasicTierRunsOutOfWriteTokensAndCancelsAreCheap() throws IOException {
        served.close();
        var setup = alice.setup();
        ((com.fasterxml.jackson.databind.node.ObjectNode) setup.path("accounts").path(0)).put("tier", "basic");
        served = new Served(Simulator.Kind.KALSHI, folder.resolve("basic"), setup, 0);
        Response last = alice.create(served, "b0", "bid", "0.0100", "1.00", "good_till_canceled");
        for (int i = 1; i < 60 && last.status() == 201; i++) {
            last = alice.create(served, "b" + i, "bid", "0.0100", "1.00", "good_till_canceled");
        }
        assertThat(last.status()).isEqualTo(429);
        assertThat(last.body()).isEqualTo(Served.JSON.readTree("{\"error\":\"too many requests\"}"));
    }

    @Test
    @Timeout(30)
    void finishedOrdersAndFillsMoveToTheArchive() throws IOException {
        // Given a venue that keeps what is finished for no time at all
        served.close();
        var setup = alice.setup();
        setup.putObject("liveWindow").put("ordersMillis", 0).put("tradesMillis", 0);
        served = new Served(Simulator.Kind.KALSHI, folder.resolve("archive"), setup, 0);
        served.admin("POST", "/levels", KalshiCaller.levels("0.41", "25", "0.44", "6"));

        // When
        alice.create(served, "rests", "bid", "0.0100", "1.00", "good_till_canceled");
        alice.create(served, "done", "bid", "0.4400", "2.00", "immediate_or_cancel");
        // A moment later than it was done.
        while (names("/historical/orders").isEmpty()) {
            Thread.onSpinWait();
        }

        // Then
        assertThat(names("/historical/orders")).containsExactly("done");
        assertThat(names("/portfolio/orders")).containsExactly("rests");
        assertThat(alice.call(served, "GET", "/historical/fills", "").body().path("fills"))
                .hasSize(1);
        assertThat(alice.call(served, "GET", "/portfolio/fills", "").body().path("fills"))
                .isEmpty();
    }

    private List<String> names(String list) throws IOException {
        return alice.call(served, "GET", list, "").body().path("orders").findValuesAsText("client_order_id");
    }
}
