package sluice.venues.polymarket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.web3j.crypto.StructuredDataEncoder;
import sluice.domain.Action;
import sluice.domain.Price;
import sluice.domain.Quantity;

/** What the venue's official client signs and sends, byte for byte. */
class VectorsTest {
    static Stream<Arguments> orders() {
        return Vectors.of("orders");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("orders")
    void orderIsHashedAndSigned(String id, JsonNode vector) {
        byte[] domain = domain(vector);
        var key = key(vector.path("inputs").path("privateKey"));
        if (isLegacy(vector)) {
            // Production refuses V1 orders and we do not make them; hash by web3j, sign by us.
            byte[] digest = web3jDigest(vector.path("eip712"));
            assertThat(Eip712.hex(digest)).isEqualTo(vector.path("orderHash").asText());
            assertThat(Eip712.hex(key.sign(digest)))
                    .isEqualTo(vector.path("signature").asText());
            return;
        }
        var order = order(vector.path("eip712").path("message"));

        assertThat(Eip712.hex(domain)).isEqualTo(vector.path("domainSeparator").asText());
        assertThat(Eip712.hex(order.structHash()))
                .isEqualTo(vector.path("structHash").asText());
        assertThat(Eip712.hex(order.hash(domain)))
                .isEqualTo(vector.path("orderId").asText());
        byte[] signature = order.signature(key, domain, chainId(vector));
        assertThat(Eip712.hex(signature)).isEqualTo(vector.path("signature").asText());
        byte[] signed = order.signedDigest(domain, chainId(vector));
        if (vector.has("typedDataSign")) {
            assertThat(Eip712.hex(signed))
                    .isEqualTo(vector.path("typedDataSign").path("digestSigned").asText());
        }
        assertThat(WalletKey.recover(signed, java.util.Arrays.copyOf(signature, 65)))
                .isEqualTo(new Address(vector.path("recoveredSigner").asText()));
    }

    /** A second opinion: web3j's general encoder of typed data agrees with ours, which knows one struct. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("orders")
    void web3jHashesTheSame(String id, JsonNode vector) {
        assertThat(Eip712.hex(web3jDigest(vector.path("eip712"))))
                .isEqualTo(vector.path("orderHash").asText());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("orders")
    void orderIsSentByteForByte(String id, JsonNode vector) {
        var wire = vector.path("wire");
        if (wire.isMissingNode() || wire.isNull()) {
            return;
        }
        var body = wire.path("body").asText();
        if (!isLegacy(vector)) {
            var order = order(vector.path("eip712").path("message"));
            assertThat(body(vector, order)).isEqualTo(body);
        }
        assertThat(l2(
                        vector.path("inputs").path("l2"),
                        wire.path("headers").path("POLY_ADDRESS").asText(),
                        vector.path("inputs").path("dateNowMs").asLong() / 1000,
                        wire.path("method").asText(),
                        wire.path("requestTarget").asText(),
                        body))
                .isEqualTo(headers(wire));
    }

    /**
     * Amounts from the arguments. The official client gives market orders on ticks finer than 0.01 more decimals than
     * the venue takes; ours follow the venue's rule (two and four decimals) there, and the client everywhere else.
     */
    @ParameterizedTest(name = "{0}")
    @MethodSource("orders")
    void amountsFollowFromTheArguments(String id, JsonNode vector) {
        var arguments = vector.path("inputs").path("args");
        var market = vector.path("inputs").path("kind").asText().equals("market");
        var amounts = amounts(
                market,
                arguments.path("side").asText(),
                arguments.path("price").asText(),
                arguments.path(market ? "amount" : "size").asText(),
                vector.path("inputs").path("options").path("tickSize").asText());
        requireAmounts(
                amounts,
                market,
                arguments.path("side").asText(),
                vector.path("order").path("makerAmount").asLong(),
                vector.path("order").path("takerAmount").asLong());
    }

    static Stream<Arguments> amountCases() {
        return Vectors.of("amounts", "cases");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("amountCases")
    void amountsAreTheClientsOrTheVenuesRule(String id, JsonNode vector) {
        var market = vector.path("kind").asText().equals("market");
        var side = vector.path("side").asText();
        var size = market ? (side.equals("BUY") ? "collateralAmount" : "shares") : "size";
        var amounts = amounts(
                market,
                side,
                vector.path("price").asText(),
                vector.path(size).asText(),
                vector.path("tickSize").asText());
        requireAmounts(
                amounts,
                market,
                side,
                vector.path("makerAmount").asLong(),
                vector.path("takerAmount").asLong());
    }

    private static void requireAmounts(OrderAmounts ours, boolean market, String side, long maker, long taker) {
        assertThat(ours.maker()).isEqualTo(maker);
        if (!market) {
            assertThat(ours.taker()).isEqualTo(taker);
            return;
        }
        // The venue's rule, whatever the client says: at most two decimals and four. A buy wants less than the client's
        // quotient, never more; a sale never wants less than its limit.
        assertThat(ours.maker() % 10_000).isZero();
        var cut = BigDecimal.valueOf(taker, 6)
                .setScale(4, side.equals("BUY") ? RoundingMode.FLOOR : RoundingMode.CEILING);
        assertThat(BigDecimal.valueOf(ours.taker(), 6)).isEqualByComparingTo(cut);
    }

    static Stream<Arguments> batches() {
        return Vectors.of("batches");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("batches")
    void batchIsItsOrders(String id, JsonNode vector) {
        var bodies = new java.util.StringJoiner(",", "[", "]");
        for (var part : vector.path("orders")) {
            var order = Vectors.order(part.asText());
            bodies.add(body(order, order(order.path("eip712").path("message"))));
        }
        var wire = vector.path("wire");
        assertThat(bodies.toString()).isEqualTo(wire.path("body").asText());
        assertThat(l2(
                        vector.path("l2"),
                        wire.path("headers").path("POLY_ADDRESS").asText(),
                        vector.path("dateNowMs").asLong() / 1000,
                        "POST",
                        wire.path("requestTarget").asText(),
                        bodies.toString()))
                .isEqualTo(headers(wire));
    }

    static Stream<Arguments> walletProofs() {
        return Vectors.of("l1ClobAuth");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("walletProofs")
    void walletIsProved(String id, JsonNode vector) {
        var inputs = vector.path("inputs");
        var key = key(inputs.path("privateKey"));
        long timestamp = inputs.path("timestamp").asLong();
        long nonce = inputs.path("nonce").asLong();
        long chainId = inputs.path("chainId").asLong();

        byte[] digest = PolymarketAccount.walletDigest(key.address(), chainId, timestamp, nonce);
        assertThat(Eip712.hex(digest)).isEqualTo(vector.path("digest").asText());
        assertThat(PolymarketAccount.walletHeaders(key, chainId, timestamp, nonce))
                .isEqualTo(headers(vector.path("wire")));
        assertThat(Eip712.hex(web3jDigest(vector.path("eip712"))))
                .isEqualTo(vector.path("digest").asText());
    }

    static Stream<Arguments> proofs() {
        return Vectors.of("l2Hmac");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("proofs")
    void requestIsProved(String id, JsonNode vector) {
        var inputs = vector.path("inputs");
        var body = inputs.path("body");
        var signature = new ApiCredentials("k", inputs.path("secret").asText(), "p")
                .sign(
                        inputs.path("timestamp").asLong(),
                        inputs.path("method").asText(),
                        inputs.path("requestPath").asText(),
                        body.isNull() || body.isMissingNode() ? null : utf8(body.asText()));
        assertThat(signature).isEqualTo(vector.path("signature").asText());
    }

    static Stream<Arguments> requests() {
        return Vectors.of("l2HttpRequests");
    }

    /** The query of an address is not signed. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void requestsAreProvedWithoutTheirQuery(String id, JsonNode vector) {
        var wire = vector.path("wire");
        var target = wire.path("requestTarget").asText();
        int query = target.indexOf('?');
        var inputs = vector.path("inputs");
        assertThat(l2(
                        inputs,
                        inputs.path("address").asText(),
                        inputs.path("timestamp").asLong(),
                        wire.path("method").asText(),
                        query < 0 ? target : target.substring(0, query),
                        wire.path("body").isNull() ? null : wire.path("body").asText()))
                .isEqualTo(headers(wire));
    }

    static Stream<Arguments> tampered() {
        return Vectors.of("negative");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tampered")
    void changedOrderIsNotOurs(String id, JsonNode vector) {
        var base = Vectors.order(vector.path("baseOrder").asText());
        var message = (ObjectNode) base.path("eip712").path("message").deepCopy();
        vector.path("messagePatch").properties().forEach(it -> message.set(it.getKey(), it.getValue()));
        var domain = vector.path("verifierDomain");
        byte[] separator = Eip712.domainSeparator(
                domain.path("name").asText(),
                domain.path("version").asText(),
                domain.path("chainId").asLong(),
                new Address(domain.path("verifyingContract").asText()));
        // A deposit wallet's signature begins with its owner's.
        byte[] signature = java.util.Arrays.copyOf(Vectors.bytes(vector.path("signature")), 65);
        byte[] digest =
                order(message).signedDigest(separator, domain.path("chainId").asLong());

        var recovered = WalletKey.recover(digest, signature);

        assertThat(recovered)
                .isNotEqualTo(new Address(vector.path("expectedSigner").asText()));
        if (vector.hasNonNull("recoveredInstead")) {
            assertThat(recovered)
                    .isEqualTo(new Address(vector.path("recoveredInstead").asText()));
        }
    }

    static Stream<Arguments> wallets() {
        return Vectors.of("walletDerivation", "cases");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wallets")
    void walletsFollowFromTheirOwner(String id, JsonNode vector) {
        var owner = new Address(vector.path("owner").asText());
        var factories = WalletFactories.POLYGON;
        assertThat(factories.proxyOf(owner))
                .hasToString(vector.path("polyProxy").asText());
        assertThat(factories.safeOf(owner))
                .hasToString(vector.path("gnosisSafe").asText());
        assertThat(factories.depositWalletOf(owner))
                .hasToString(vector.path("depositWalletBeacon").asText());
        assertThat(factories.olderDepositWalletOf(owner))
                .hasToString(vector.path("depositWalletUups").asText());
    }

    @Test
    void thereAreVectors() {
        assertThat(orders()).isNotEmpty();
        assertThat(amountCases()).isNotEmpty();
        assertThat(tampered()).isNotEmpty();
    }

    // ------------------------------------------------------------------ what vectors say

    private static boolean isLegacy(JsonNode vector) {
        return vector.path("eip712").path("domain").path("version").asText().equals("1");
    }

    private static WalletKey key(JsonNode hex) {
        return WalletKey.of(Vectors.bytes(hex));
    }

    private static long chainId(JsonNode vector) {
        return vector.path("eip712").path("domain").path("chainId").asLong();
    }

    private static byte[] domain(JsonNode vector) {
        var domain = vector.path("eip712").path("domain");
        return Eip712.domainSeparator(
                domain.path("name").asText(),
                domain.path("version").asText(),
                domain.path("chainId").asLong(),
                new Address(domain.path("verifyingContract").asText()));
    }

    private static ExchangeOrder order(JsonNode message) {
        return new ExchangeOrder(
                message.path("salt").asLong(),
                new Address(message.path("maker").asText()),
                new Address(message.path("signer").asText()),
                new BigInteger(message.path("tokenId").asText()),
                message.path("makerAmount").asLong(),
                message.path("takerAmount").asLong(),
                message.path("side").asInt() == 0 ? Action.BUY : Action.SELL,
                type(message.path("signatureType").asInt()),
                message.path("timestamp").asLong(),
                message.path("metadata").asText(),
                message.path("builder").asText());
    }

    private static SignatureType type(int code) {
        return Stream.of(SignatureType.values())
                .filter(it -> it.code() == code)
                .findFirst()
                .orElseThrow();
    }

    private static String body(JsonNode vector, ExchangeOrder order) {
        var inputs = vector.path("inputs");
        return order.body(
                Vectors.bytes(vector.path("signature")),
                new ExchangeOrder.Handling(
                        inputs.path("orderType").asText(),
                        inputs.path("postOnly").asBoolean(),
                        inputs.path("deferExec").asBoolean(),
                        vector.path("order").path("expiration").asLong(),
                        inputs.path("l2").path("apiKey").asText()));
    }

    private static OrderAmounts amounts(boolean market, String side, String price, String size, String tick) {
        var action = Action.valueOf(side);
        return market
                ? OrderAmounts.market(
                        action, Price.parse(price), Quantity.parse(size).micros(), Price.parse(tick))
                : OrderAmounts.limit(action, Price.parse(price), Quantity.parse(size), Price.parse(tick));
    }

    private static Map<String, String> l2(
            JsonNode inputs, String address, long timestamp, String method, String path, @Nullable String body) {
        var key = inputs.has("apiKey") ? inputs.path("apiKey") : inputs.path("key");
        return new ApiCredentials(
                        key.asText(),
                        inputs.path("secret").asText(),
                        inputs.path("passphrase").asText())
                .headers(new Address(address), timestamp, method, path, body == null ? null : utf8(body));
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, String> headers(JsonNode wire) {
        var headers = new HashMap<String, String>();
        wire.path("headers")
                .properties()
                .forEach(it -> headers.put(it.getKey(), it.getValue().asText()));
        return headers;
    }

    /** Digest of typed data by web3j, from the vector's own type string. */
    private static byte[] web3jDigest(JsonNode typed) {
        var root = Vectors.JSON.createObjectNode();
        var types = root.putObject("types");
        var domainTypes = types.putArray("EIP712Domain");
        for (var field :
                new String[] {"name string", "version string", "chainId uint256", "verifyingContract address"}) {
            var parts = field.split(" ", -1);
            if (typed.path("domain").has(parts[0])) {
                domainTypes.addObject().put("name", parts[0]).put("type", parts[1]);
            }
        }
        var typeString = typed.path("typeString").asText();
        int open = typeString.indexOf('(');
        var primary = typeString.substring(0, open);
        var fields = types.putArray(primary);
        for (var field : typeString.substring(open + 1, typeString.length() - 1).split(",", -1)) {
            var parts = field.split(" ", -1);
            fields.addObject().put("name", parts[1]).put("type", parts[0]);
        }
        root.put("primaryType", primary);
        root.set("domain", typed.path("domain"));
        root.set("message", typed.path("message"));
        try {
            return new StructuredDataEncoder(Vectors.JSON.writeValueAsString(root)).hashStructuredData();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
