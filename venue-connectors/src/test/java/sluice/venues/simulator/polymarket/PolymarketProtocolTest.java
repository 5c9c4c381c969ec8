package sluice.venues.simulator.polymarket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.domain.Money;
import sluice.domain.Quantity;
import sluice.venues.api.ReadOutcome;
import sluice.venues.http.HttpSettings;
import sluice.venues.http.VenueHttp;
import sluice.venues.polymarket.Address;
import sluice.venues.polymarket.ChainReader;
import sluice.venues.polymarket.PolymarketChain;
import sluice.venues.polymarket.PolymarketChain.ExchangeKind;
import sluice.venues.simulator.Served;
import sluice.venues.simulator.Served.Response;
import sluice.venues.simulator.Simulator;
import sluice.venues.simulator.Vectors;

/**
 * The orders are those of the vectors, signed by the official client; only the HMAC is made anew, for its timestamp.
 */
class PolymarketProtocolTest {
    private static final String ADDRESS = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
    private static final String WALLET = ADDRESS.toLowerCase(Locale.ROOT);

    @TempDir
    Path folder;

    private JsonNode vectors = Served.JSON.missingNode();
    private Served served;

    @BeforeEach
    void serve() throws Exception {
        vectors = Vectors.of("polymarket");
        served = new Served(Simulator.Kind.POLYMARKET, folder, setup(), 0);
    }

    @AfterEach
    void stop() throws IOException {
        if (served != null) {
            served.close();
        }
    }

    private JsonNode vector(String id) {
        for (JsonNode one : vectors.path("orders")) {
            if (one.path("id").asText().equals(id)) {
                return one;
            }
        }
        throw new IllegalArgumentException(id);
    }

    private JsonNode l2() {
        return vector("v2-limit-buy-0.01-eoa").path("inputs").path("l2");
    }

    /** One market for every token of the vectors, with the tick and exchange that the vector signed for. */
    private ObjectNode setup() {
        ObjectNode setup = Served.JSON.createObjectNode();
        ObjectNode alice =
                setup.putArray("accounts").addObject().put("name", "alice").put("address", ADDRESS);
        JsonNode derived = vectors.path("walletDerivation").path("cases").path(0);
        alice.putObject("wallets")
                .put("1", derived.path("polyProxy").asText())
                .put("2", derived.path("gnosisSafe").asText())
                .put("3", derived.path("depositWalletBeacon").asText());
        alice.putObject("cash")
                .put("0", "1000")
                .put("1", "1000")
                .put("2", "1000")
                .put("3", "1000");
        alice.putArray("apiKeys")
                .addObject()
                .put("key", l2().path("apiKey").asText())
                .put("secret", l2().path("secret").asText())
                .put("passphrase", l2().path("passphrase").asText());
        ArrayNode markets = setup.putArray("markets");
        String token =
                vector("v2-limit-buy-0.01-eoa").path("order").path("tokenId").asText();
        String other = vector("v2-limit-buy-no-token-0.01-eoa")
                .path("order")
                .path("tokenId")
                .asText();
        market(markets, 1, token, other, "0.01", false);
        Set<String> known = new LinkedHashSet<>(List.of(token, other));
        JsonNode negRisk = vector("v2-limit-buy-0.001-negrisk-eoa");
        String negToken = negRisk.path("order").path("tokenId").asText();
        if (known.add(negToken)) {
            market(markets, 2, negToken, "77", "0.001", true);
        }
        return setup;
    }

    private static void market(ArrayNode markets, int number, String yes, String no, String tick, boolean negRisk) {
        markets.addObject()
                .put("conditionId", "0x" + String.format(Locale.ROOT, "%064d", number))
                .put("yesToken", yes)
                .put("noToken", no)
                .put("question", "Q" + number)
                .put("tick", tick)
                .put("negRisk", negRisk)
                .put("feeRate", "0.05");
    }

    private static final String MARKET = "0x" + "0".repeat(63) + "1";

    private Map<String, String> headers(String method, String path, String body) {
        long now = System.currentTimeMillis() / 1_000;
        int query = path.indexOf('?');
        String text = now + method + (query < 0 ? path : path.substring(0, query)) + body;
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(
                    Base64.getUrlDecoder().decode(l2().path("secret").asText()), "HmacSHA256"));
            return Map.of(
                    "POLY_ADDRESS",
                    ADDRESS,
                    "POLY_API_KEY",
                    l2().path("apiKey").asText(),
                    "POLY_PASSPHRASE",
                    l2().path("passphrase").asText(),
                    "POLY_TIMESTAMP",
                    String.valueOf(now),
                    "POLY_SIGNATURE",
                    Base64.getUrlEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8))));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Response call(String method, String path, String body) throws IOException {
        return served.call(method, path, headers(method, path, body), body);
    }

    private Response post(String id) throws IOException {
        return call("POST", "/order", vector(id).path("wire").path("body").asText());
    }

    private void levels(String bid, String ask) {
        served.admin(
                "POST",
                "/levels",
                "{\"market\":\"" + MARKET + "\",\"bids\":[[\"" + bid + "\",\"500\"]],\"asks\":[[\"" + ask
                        + "\",\"500\"]]}");
    }

    @Test
    void hashesAndSignersAreThoseOfTheVectors() {
        for (JsonNode one : vectors.path("orders")) {
            JsonNode domain = one.path("eip712").path("domain");
            if (domain.path("version").asText().equals("1")) {
                continue;
            }
            byte[] separator = separator(domain);
            ObjectNode written = one.path("order").deepCopy();
            written.put("salt", new BigInteger(one.path("order").path("salt").asText()));
            SignedOrder order = SignedOrder.read(written);
            assertThat(Eip712.hex(separator))
                    .isEqualTo(one.path("domainSeparator").asText());
            assertThat(order.hash(separator))
                    .as(one.path("id").asText())
                    .isEqualTo(one.path("orderHash").asText());
            assertThat(order.signedBy(separator, domain.path("chainId").asLong()))
                    .as(one.path("id").asText())
                    .isEqualTo(one.path("recoveredSigner").asText().toLowerCase(Locale.ROOT));
        }
        for (JsonNode one : vectors.path("negative")) {
            ObjectNode written =
                    vector(one.path("baseOrder").asText()).path("order").deepCopy();
            written.put("salt", new BigInteger(written.path("salt").asText()));
            one.path("messagePatch").properties().forEach(p -> patch(written, p.getKey(), p.getValue()));
            written.put("signature", one.path("signature").asText());
            JsonNode domain = one.path("verifierDomain");
            assertThat(SignedOrder.read(written)
                            .signedBy(separator(domain), domain.path("chainId").asLong()))
                    .as(one.path("id").asText())
                    .isNotEqualTo(one.path("expectedSigner").asText().toLowerCase(Locale.ROOT));
        }
    }

    private static void patch(ObjectNode order, String field, JsonNode value) {
        if (field.equals("side")) {
            order.put("side", value.asInt() == 0 ? "BUY" : "SELL");
        } else if (field.equals("salt")) {
            order.put("salt", new BigInteger(value.asText()));
        } else {
            order.set(field, value);
        }
    }

    private static byte[] separator(JsonNode domain) {
        return Eip712.domain(
                domain.path("name").asText(),
                domain.path("version").asText(),
                domain.path("chainId").asLong(),
                domain.path("verifyingContract").asText());
    }

    @Test
    void walletsAndHmacsAreProvedAsInTheVectors() {
        for (JsonNode one : vectors.path("l1ClobAuth")) {
            JsonNode in = one.path("inputs");
            byte[] digest = Eip712.clobAuth(
                    in.path("chainId").asLong(),
                    in.path("address").asText(),
                    in.path("timestamp").asText(),
                    new BigInteger(in.path("nonce").asText()));
            assertThat(Eip712.hex(digest)).isEqualTo(one.path("digest").asText());
            assertThat(Eip712.signer(digest, Eip712.bytes(one.path("signature").asText())))
                    .isEqualTo(in.path("address").asText().toLowerCase(Locale.ROOT));
        }
        for (JsonNode one : vectors.path("l2Hmac")) {
            assertThat(ApiKeys.hmac(
                            one.path("inputs").path("secret").asText(),
                            one.path("messageSigned").asText()))
                    .as(one.path("id").asText())
                    .isEqualTo(one.path("signature").asText());
        }
    }

    @Test
    void takesTheOfficialClientsOrdersAndTheirIds() throws IOException {
        Response answer = post("v2-limit-buy-0.01-eoa");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.body().path("status").asText()).isEqualTo("live");
        String id = vector("v2-limit-buy-0.01-eoa").path("orderId").asText();
        assertThat(answer.body().path("orderID").asText()).isEqualTo(id);
        assertThat(call("GET", "/data/order/" + id, "")
                        .body()
                        .path("original_size")
                        .asText())
                .isEqualTo("100");
        Response again = post("v2-limit-buy-0.01-eoa");
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.body().path("error").asText()).isEqualTo("order " + id + " is invalid. Duplicated.");
        for (String other : List.of("v2-limit-buy-poly1271", "v2-limit-buy-no-token-0.01-eoa")) {
            Response one = post(other);
            assertThat(one.status()).as(other + one.text()).isEqualTo(200);
            assertThat(one.body().path("orderID").asText())
                    .isEqualTo(vector(other).path("orderId").asText());
        }
        Response cancelled = call("DELETE", "/order", "{\"orderID\":\"" + id + "\"}");
        assertThat(cancelled.body().path("canceled").path(0).asText()).isEqualTo(id);
        assertThat(call("GET", "/data/order/" + id, "").status()).isEqualTo(404);
    }

    @Test
    void refusesInTheVenuesWords() throws IOException {
        assertThat(error(post("v1-legacy-limit-buy-eoa"))).isEqualTo("order_version_mismatch");
        assertThat(error(post("v2-limit-sell-0.01-eoa"))).isEqualTo("not enough balance / allowance");
        String body = vector("v2-limit-buy-0.01-eoa").path("wire").path("body").asText();
        assertThat(error(call("POST", "/order", body.replace("\"52000000\"", "\"51000000\""))))
                .isEqualTo("invalid signature");
        assertThat(error(call("POST", "/order", body.replace("\"owner\":\"550e", "\"owner\":\"660e"))))
                .isEqualTo("the order owner has to be the owner of the API KEY");
        assertThat(error(call("POST", "/order", "{}"))).isEqualTo("Invalid order payload");
        assertThat(error(call("POST", "/order", body.replace("\"signatureType\":0", "\"signatureType\":1"))))
                .isEqualTo("maker address not allowed, please use the deposit wallet flow");
        assertThat(error(call("DELETE", "/order", "{\"orderID\":\"1\"}"))).isEqualTo("Invalid orderID");
        Response bad = served.call("GET", "/data/orders", Map.of("POLY_ADDRESS", ADDRESS), "");
        assertThat(bad.status()).isEqualTo(401);
        assertThat(error(bad)).isEqualTo("Unauthorized/Invalid api key");
        assertThat(error(call("GET", "/book?token_id=x", ""))).isEqualTo("Invalid token id");
        assertThat(call("GET", "/book?token_id=5", "").status()).isEqualTo(404);
        assertThat(error(post("v2-market-buy-fak-0.01"))).startsWith("no orders found to match with FAK order.");
        levels("0.10", "0.30");
        served.faults("{\"fault\":\"F15\",\"mode\":\"post-only\",\"times\":1}");
        assertThat(post("v2-limit-buy-0.01-eoa").body().path("code").asText()).isEqualTo("post_only_mode");
        served.faults("{\"fault\":\"F15\",\"mode\":\"425\",\"times\":1}");
        assertThat(post("v2-limit-buy-0.01-eoa").status()).isEqualTo(425);
        served.faults("{\"fault\":\"F19\",\"step\":100000,\"times\":1}");
        assertThat(error(post("v2-limit-buy-0.01-eoa"))).contains("breaks minimum tick size rule: 0.1");
    }

    private static String error(Response answer) {
        return answer.body().path("error").asText();
    }

    private Served.Stream user() {
        Served.Stream stream = served.stream("/ws/user", Map.of());
        stream.say("{\"type\":\"user\",\"auth\":{\"apiKey\":\""
                + l2().path("apiKey").asText() + "\",\"secret\":\""
                + l2().path("secret").asText() + "\",\"passphrase\":\""
                + l2().path("passphrase").asText() + "\"}}");
        stream.say("PING");
        Served.await("PONG", () -> !stream.messages.isEmpty());
        return stream;
    }

    @Test
    void aTradeIsMinedAndConfirmedAndBothStreamsSaySo() throws IOException {
        levels("0.10", "0.30");
        Served.Stream user = user();
        Served.Stream market = served.stream("/ws/market", Map.of());
        String token =
                vector("v2-limit-buy-0.01-eoa").path("order").path("tokenId").asText();
        market.say("{\"type\":\"market\",\"assets_ids\":[\"" + token + "\"],\"custom_feature_enabled\":true}");
        Served.await("a book", () -> market.of("event_type", "book").size() == 1);

        Response answer = post("v2-limit-buy-0.01-eoa");

        assertThat(answer.body().path("status").asText()).isEqualTo("matched");
        assertThat(answer.body().path("takingAmount").asText()).isEqualTo("100");
        assertThat(answer.body().path("makingAmount").asText()).isEqualTo("30");
        Served.await("confirmed", () -> user.of("status", "CONFIRMED").size() == 1);
        assertThat(user.of("event_type", "trade").stream()
                        .map(m -> m.path("status").asText()))
                .containsExactly("MATCHED", "MINED", "CONFIRMED");
        assertThat(market.of("event_type", "last_trade_price")).hasSize(1);
        JsonNode trade = call("GET", "/data/trades", "").body().path("data").path(0);
        assertThat(trade.path("status").asText()).isEqualTo("TRADE_STATUS_CONFIRMED");
        assertThat(trade.path("price").asText()).isEqualTo("0.3");
        assertThat(call("GET", "/balance-allowance?asset_type=CONDITIONAL&signature_type=0&token_id=" + token, "")
                        .body()
                        .path("balance")
                        .asText())
                .isEqualTo("100000000");
        // 1000 - 30 - 100 * 0.05 * 0.3 * 0.7
        assertThat(served.ledger(WALLET).path("cash").path("").asLong()).isEqualTo(968_950_000L);
    }

    @Test
    void f8UndoesATrade() throws IOException {
        levels("0.10", "0.30");
        served.faults("{\"fault\":\"F8\",\"times\":1}");
        post("v2-limit-buy-0.01-eoa");
        Served.await("failed", () -> served.admin("GET", "/trades", "")
                .body()
                .path("trades")
                .path(0)
                .path("status")
                .asText()
                .equals("FAILED"));
        assertThat(served.ledger(WALLET).path("cash").path("").asLong()).isEqualTo(1_000_000_000L);
        assertThat(served.ledger(WALLET)
                        .path("positions")
                        .path(MARKET)
                        .path("yes")
                        .asLong())
                .isZero();
        assertThat(served.admin("GET", "/health", "").body().path("imbalance").asLong())
                .isZero();
    }

    @Test
    void f9HoldsAnOrderThenMatchesItOrNot() throws IOException {
        levels("0.10", "0.30");
        served.faults("{\"fault\":\"F9\",\"millis\":200,\"times\":1}");
        assertThat(post("v2-limit-buy-0.01-eoa").body().path("status").asText()).isEqualTo("delayed");
        Served.await("matched", () -> status(WALLET).equals("EXECUTED"));
        served.faults("{\"fault\":\"F9\",\"mode\":\"unmatched\",\"millis\":200,\"times\":1}");
        String wallet = vectors.path("walletDerivation")
                .path("cases")
                .path(0)
                .path("depositWalletBeacon")
                .asText()
                .toLowerCase(Locale.ROOT);
        assertThat(post("v2-limit-buy-poly1271").body().path("status").asText()).isEqualTo("delayed");
        Served.await("not matched", () -> status(wallet).equals("CANCELED"));
        assertThat(served.ledger(wallet).path("fills")).isEmpty();
    }

    private String status(String wallet) {
        return served.ledger(wallet).path("orders").path(0).path("status").asText();
    }

    @Test
    void aHeartbeatThatStopsCancelsEverythingAndAWrongOneIsToldTheRightId() throws IOException {
        post("v2-limit-buy-0.01-eoa");
        String id = call("POST", "/v1/heartbeats", "{\"heartbeat_id\":\"\"}")
                .body()
                .path("heartbeat_id")
                .asText();
        Response wrong = call("POST", "/v1/heartbeats", "{\"heartbeat_id\":\"no\"}");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.body().path("heartbeat_id").asText()).isEqualTo(id);
        served.faults("{\"fault\":\"F16\",\"millis\":20000}");
        Served.await("cancelled", () -> status(WALLET).equals("CANCELED"));
    }

    /** Asked by the reader that production uses. */
    @Test
    void theChainAgreesWithTheLedger() throws IOException {
        served.admin(
                "POST",
                "/tokens",
                "{\"account\":\"" + WALLET + "\",\"market\":\"" + MARKET + "\",\"yes\":true,\"quantity\":\"10\"}");
        try (var http = new VenueHttp(HttpSettings.DEFAULT, InstantSource.system())) {
            var chain = new ChainReader(
                    http,
                    URI.create("http://127.0.0.1:" + served.simulator.port() + "/chain"),
                    PolymarketChain.POLYGON,
                    InstantSource.system());
            var wallet = new Address(ADDRESS);
            var yes = new BigInteger(vector("v2-limit-buy-0.01-eoa")
                    .path("order")
                    .path("tokenId")
                    .asText());

            assertThat(complete(chain.collateral(wallet))).isEqualTo(Money.parse("1000"));
            assertThat(complete(chain.allowance(wallet, ExchangeKind.NEG_RISK))).isEqualTo(ChainReader.UNLIMITED);
            assertThat(complete(chain.tokensApproved(wallet, ExchangeKind.STANDARD)))
                    .isTrue();
            assertThat(complete(chain.allowance(new Address("0x" + "12".repeat(20)), ExchangeKind.STANDARD)))
                    .isEqualTo(Money.ZERO);
            assertThat(complete(chain.tokens(wallet, yes))).isEqualTo(Quantity.parse("10"));
            assertThat(complete(chain.redeemable(MARKET))).isFalse();
            served.admin("POST", "/settle", "{\"market\":\"" + MARKET + "\",\"value\":\"1\"}");
            assertThat(complete(chain.redeemable(MARKET))).isTrue();
        }
    }

    private static <T> T complete(ReadOutcome<T> outcome) {
        assertThat(outcome).isInstanceOf(ReadOutcome.Complete.class);
        return ((ReadOutcome.Complete<T>) outcome).value();
    }

    @Test
    void gammaAndTheClobAgreeOnAMarketThatEnds() throws IOException {
        levels("0.10", "0.30");
        post("v2-limit-buy-0.01-eoa");
        assertThat(call("GET", "/gamma/markets?condition_ids=" + MARKET, "").body())
                .hasSize(1);
        served.admin("POST", "/settle", "{\"market\":\"" + MARKET + "\",\"value\":\"1\"}");
        assertThat(call("GET", "/gamma/markets?condition_ids=" + MARKET, "").body())
                .isEmpty();
        JsonNode closed = call("GET", "/gamma/markets?closed=true&condition_ids=" + MARKET, "")
                .body()
                .path(0);
        assertThat(closed.path("outcomePrices").asText()).isEqualTo("[\"1\",\"0\"]");
        JsonNode tokens = call("GET", "/markets/" + MARKET, "").body().path("tokens");
        assertThat(tokens.path(0).path("winner").asBoolean()).isTrue();
        assertThat(call("GET", "/api/geoblock", "").body().path("blocked").asBoolean())
                .isFalse();
    }
}
