package sluice.venues.polymarket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.web3j.crypto.ECKeyPair;
import org.web3j.crypto.Sign;
import org.web3j.crypto.Wallet;
import org.web3j.protocol.ObjectMapperFactory;
import sluice.domain.Money;
import sluice.domain.Quantity;
import sluice.venues.api.ReadOutcome;
import sluice.venues.http.HttpSettings;
import sluice.venues.http.VenueHttp;

/** Keys, key files, and what the chain says of a wallet. */
class WalletTest {
    @TempDir
    private Path folder;

    // ------------------------------------------------------------------ signatures

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void nativeCodePlainCodeAndWeb3jSignTheSame(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            byte[] secret = new byte[32];
            byte[] digest = new byte[32];
            random.nextBytes(secret);
            random.nextBytes(digest);
            secret[0] = 0; // Below the order of the curve, and with a leading zero now and then.

            byte[] ours = WalletKey.of(secret).sign(digest);

            assertThat(WalletKey.withoutNativeCode(secret).sign(digest)).isEqualTo(ours);
            var theirs = Sign.signMessage(digest, ECKeyPair.create(new BigInteger(1, secret)), false);
            assertThat(ours).startsWith(theirs.getR()).endsWith(theirs.getV());
            assertThat(java.util.Arrays.copyOfRange(ours, 32, 64)).isEqualTo(theirs.getS());
            assertThat(WalletKey.recover(digest, ours))
                    .isEqualTo(WalletKey.of(secret).address());
        }
    }

    @Test
    void nativeCodeLoadsOnTheMachinesThatWeSupport() {
        var machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        assumeTrue(machine.equals("Linux amd64") || machine.equals("Linux aarch64"), "skipped on " + machine);
        assertThat(WalletKey.signsNatively()).isTrue();
    }

    @Test
    void keyOutsideTheCurveIsRefusedWithoutRepeatingIt() {
        byte[] tooLarge = new byte[32];
        java.util.Arrays.fill(tooLarge, (byte) 0xff);
        assertThatThrownBy(() -> WalletKey.of(tooLarge)).hasMessageNotContaining("ffff");
        assertThatThrownBy(() -> WalletKey.of(new byte[32])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WalletKey.of(new byte[31])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void mistypedAddressIsRefused() {
        assertThatThrownBy(() -> new Address("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92267"))
                .hasMessageContaining("checksum");
        assertThatThrownBy(() -> new Address("0x12")).hasMessageContaining("40 hex digits");
    }

    // ------------------------------------------------------------------ key files

    @Test
    void encryptedFileGivesItsKey() throws Exception {
        var pair = ECKeyPair.create(new BigInteger(1, PolymarketTesting.SECRET));
        var file = write(
                "wallet.json",
                ObjectMapperFactory.getObjectMapper().writeValueAsString(Wallet.createLight("right", pair)),
                "rw-------");

        assertThat(WalletFile.read(file, "right").address()).isEqualTo(PolymarketTesting.OWNER);
        assertThatThrownBy(() -> WalletFile.read(file, "wrong"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is the password right?");
    }

    @Test
    void bareFileGivesItsKey() throws Exception {
        var file = write("key", "0x" + HexFormat.of().formatHex(PolymarketTesting.SECRET) + "\n", "rw-------");

        assertThat(WalletFile.read(file, "").address()).isEqualTo(PolymarketTesting.OWNER);
    }

    @Test
    void fileThatOthersMayReadIsRefused() throws Exception {
        var file = write("key", HexFormat.of().formatHex(PolymarketTesting.SECRET), "rw-r--r--");

        assertThatThrownBy(() -> WalletFile.read(file, "")).hasMessageContaining("chmod 600");
    }

    @Test
    void whatIsNoKeyFileIsRefusedWithoutRepeatingIt() throws Exception {
        var words = write("words", "correct horse battery staple", "rw-------");
        var json = write("json", "{\"secret\": \"horse\", ", "rw-------");

        assertThatThrownBy(() -> WalletFile.read(words, "")).hasMessageNotContaining("horse");
        assertThatThrownBy(() -> WalletFile.read(json, "")).hasMessageNotContaining("horse");
    }

    private Path write(String name, String text, String permissions) throws IOException {
        var file = folder.resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return file;
    }

    // ------------------------------------------------------------------ the chain

    @Test
    void chainTellsOfBalancesAllowancesAndResults() throws Exception {
        var wallet = PolymarketTesting.OWNER;
        var condition = "0x" + "ab".repeat(32);
        var answers = Map.of(
                "70a08231", 12_340_000L, // balanceOf(address)
                "dd62ed3e", 5_000_000L, // allowance(address,address)
                "e985e9c5", 1L, // isApprovedForAll(address,address)
                "00fdd58e", 7_000_000L, // balanceOf(address,uint256)
                "dd34de67", 0L); // payoutDenominator(bytes32)
        try (var node = new Node(137, answers)) {
            var chain = node.reader(PolymarketChain.POLYGON);

            assertThat(value(chain.collateral(wallet))).isEqualTo(Money.parse("12.34"));
            assertThat(value(chain.allowance(wallet, PolymarketChain.ExchangeKind.NEG_RISK)))
                    .isEqualTo(Money.parse("5"));
            assertThat(value(chain.tokensApproved(wallet, PolymarketChain.ExchangeKind.STANDARD)))
                    .isTrue();
            assertThat(value(chain.tokens(wallet, BigInteger.TEN))).isEqualTo(Quantity.parse("7"));
            assertThat(value(chain.redeemable(condition))).isFalse();
        }
    }

    @Test
    void nodeOfAnotherChainIsNotBelieved() throws Exception {
        try (var node = new Node(1, Map.of("70a08231", 12_340_000L))) {
            var answer = node.reader(PolymarketChain.POLYGON).collateral(PolymarketTesting.OWNER);

            assertThat(answer).isInstanceOfSatisfying(ReadOutcome.Failed.class, it -> assertThat(it.why())
                    .contains("not on chain 137"));
        }
    }

    @Test
    void contractThatAnswersNothingIsNoZero() throws Exception {
        try (var node = new Node(137, Map.of())) {
            assertThat(node.reader(PolymarketChain.POLYGON).collateral(PolymarketTesting.OWNER))
                    .isInstanceOf(ReadOutcome.Failed.class);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32000,\"message\":\"header not found\"}} | header not found",
                "200 | <html><body>Gateway</body></html> | the chain could not be read",
                "200 | {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"nonsense\"} | the chain could not be read",
                "401 | {\"error\":\"invalid project id\"} | the node answered 401",
                "503 | <html>busy</html> | the node answered 503",
            })
    void whatIsNoAnswerIsNoNumber(int status, String body, String words) throws Exception {
        try (var node = new Node(137, Map.of())) {
            node.always(status, body);

            assertThat(node.reader(PolymarketChain.POLYGON).collateral(PolymarketTesting.OWNER))
                    .isInstanceOfSatisfying(
                            ReadOutcome.Failed.class,
                            it -> assertThat(it.why()).contains(words).doesNotContain("key-of-the-node"));
        }
    }

    @Test
    void anErrorOfACallIsToldWithTheFunctionThatWasAsked() throws Exception {
        try (var node = new Node(137, Map.of("70a08231", -1L))) {
            assertThat(node.reader(PolymarketChain.POLYGON).collateral(PolymarketTesting.OWNER))
                    .isInstanceOfSatisfying(ReadOutcome.Failed.class, it -> assertThat(it.why())
                            .contains("balanceOf", "execution reverted"));
        }
    }

    @Test
    void aNodeThatDoesNotAnswerIsGivenUpAndItsAddressIsNotShown() throws Exception {
        var release = new CountDownLatch(1);
        try (var node = new Node(137, Map.of());
                var impatient = new VenueHttp(HttpSettings.all(Duration.ofMillis(200)), InstantSource.system())) {
            node.holdUntil(release);

            var answer = node.reader(impatient, PolymarketChain.POLYGON).collateral(PolymarketTesting.OWNER);
            // The server's end waits for what it has under way.
            release.countDown();

            assertThat(answer).isInstanceOfSatisfying(ReadOutcome.Failed.class, it -> assertThat(it.why())
                    .contains("127.0.0.1")
                    .doesNotContain("key-of-the-node"));
        }
    }

    @Test
    void noNodeAtAllIsSaid() throws Exception {
        ReadOutcome<Money> answer;
        try (var node = new Node(137, Map.of())) {
            node.server.stop(0);
            answer = node.reader(PolymarketChain.POLYGON).collateral(PolymarketTesting.OWNER);
        }
        assertThat(answer).isInstanceOfSatisfying(ReadOutcome.Failed.class, it -> assertThat(it.why())
                .contains("before a byte of the request left")
                .doesNotContain("key-of-the-node"));
    }

    private static <T> T value(ReadOutcome<T> outcome) {
        assertThat(outcome).isInstanceOf(ReadOutcome.Complete.class);
        return ((ReadOutcome.Complete<T>) outcome).value();
    }

    /** A JSON-RPC node that knows a few numbers, by the selector of the function that is asked. */
    private static final class Node implements AutoCloseable {
        private final HttpServer server;
        private final Map<String, Long> answers;
        private volatile CountDownLatch hold = new CountDownLatch(0);
        private volatile @Nullable String always;
        private volatile int status = 200;
        private final VenueHttp http = new VenueHttp(HttpSettings.DEFAULT, InstantSource.system());

        Node(long chainId, Map<String, Long> answers) throws IOException {
            this.answers = new HashMap<>(answers);
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                try {
                    hold.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                var said = always;
                if (said != null) {
                    send(exchange, status, said);
                    return;
                }
                var call = Vectors.JSON.readTree(exchange.getRequestBody());
                var answer = Vectors.JSON.createObjectNode().put("jsonrpc", "2.0");
                answer.set("id", call.path("id"));
                if (call.path("method").asText().equals("eth_chainId")) {
                    answer.put("result", "0x" + Long.toHexString(chainId));
                } else {
                    var data = call.path("params").path(0).path("data").asText();
                    var number = this.answers.get(data.substring(2, 10));
                    if (number != null && number < 0) {
                        answer.putObject("error").put("code", 3).put("message", "execution reverted");
                    } else {
                        answer.put("result", number == null ? "0x" : String.format("0x%064x", number));
                    }
                }
                send(exchange, 200, answer.toString());
            });
            server.start();
        }

        private static void send(HttpExchange exchange, int status, String body) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        }

        /** Answers the same, whatever is asked. */
        void always(int code, String body) {
            status = code;
            always = body;
        }

        void holdUntil(CountDownLatch released) {
            hold = released;
        }

        ChainReader reader(PolymarketChain chain) {
            return reader(http, chain);
        }

        ChainReader reader(VenueHttp by, PolymarketChain chain) {
            var address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v3/key-of-the-node");
            return new ChainReader(by, address, chain, InstantSource.system());
        }

        @Override
        public void close() {
            server.stop(0);
            http.close();
        }
    }
}
