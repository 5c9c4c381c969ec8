package sluice.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sluice.domain.Micros;
import sluice.domain.Mode;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.TimeInForce;
import sluice.domain.Venue;
import sluice.domain.market.Market;
import sluice.venues.http.HttpSettings;
import sluice.venues.http.VenueHttp;
import sluice.venues.kalshi.KalshiKey;
import sluice.venues.polymarket.PolymarketAccount;
import sluice.venues.polymarket.PolymarketClient;
import sluice.venues.polymarket.PolymarketConfig;
import sluice.venues.polymarket.SignatureType;
import sluice.venues.polymarket.WalletKey;

/**
 * Orders signed a second by one thread, ours against the venues' own clients under node, in turns.
 *
 * <p>Polymarket, both sides: from price and size to the signed order as JSON and the headers that prove the request
 * (HMAC), new in every order. Kalshi, both sides: the headers that prove a request (RSA-PSS, 2048 bits). Nothing is
 * sent.
 *
 * <p>What was measured is checked: the official client makes a sample of our Polymarket orders again, byte for byte;
 * Kalshi's signatures, which differ each time, are verified by the other side's library, in both directions. Anything
 * wrong ends the run without figures. Writes {@code benchmarks/results/signing.json}.
 */
public final class SigningBenchmark {
    private static final int ROUNDS = 7;
    private static final double SECONDS = 1.5;
    private static final double WARM_UP_SECONDS = 4;
    private static final int SAMPLE_EVERY = 97;
    private static final String KALSHI_PATH = "/trade-api/v2/portfolio/events/orders";
    private static final JsonMapper JSON = new JsonMapper();

    /** A request that could be sent: the body, empty where it is not signed, and the headers that prove it. */
    private record Signed(int number, ByteBuffer body, Map<String, String> headers) {
        JsonNode json() {
            ObjectNode json = JSON.createObjectNode()
                    .put("number", number)
                    .put("body", StandardCharsets.UTF_8.decode(body.duplicate()).toString());
            json.set("headers", JSON.valueToTree(headers));
            return json;
        }
    }

    private record Run(double perSecond, List<JsonNode> samples) {}

    /** Somebody who signs for a venue; each run begins with nothing remembered of the one before. */
    private record Contender(String name, Supplier<IntFunction<Signed>> ours) {}

    private final Clients clients;
    private final KeyPair kalshiPair;
    private int checked;

    private SigningBenchmark(Clients clients, KeyPair kalshiPair) {
        this.clients = clients;
        this.kalshiPair = kalshiPair;
    }

    /** Needs the folder where the official clients are installed, with {@code signing.mjs} in it. */
    public static void main(String[] args) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2_048);
        KeyPair pair = generator.generateKeyPair();
        try (Clients clients = new Clients(Path.of(args[0]), pair)) {
            Figures.write("signing.json", new SigningBenchmark(clients, pair).run());
        }
    }

    private Map<String, Object> run() throws Exception {
        Map<String, Object> result = new LinkedHashMap<>();
        try (var http = new VenueHttp(HttpSettings.DEFAULT, InstantSource.system())) {
            byte[] secret = Desk.walletKey();
            List<Contender> wallets = new ArrayList<>();
            if (WalletKey.signsNatively()) {
                wallets.add(new Contender("Native", () -> polymarket(WalletKey.of(secret), http)));
            }
            wallets.add(new Contender("PureJava", () -> polymarket(WalletKey.withoutNativeCode(secret), http)));
            result.put("polymarket", compare("polymarket", wallets));
        }
        String pem = Desk.pem("PRIVATE KEY", kalshiPair.getPrivate().getEncoded());
        KalshiKey usual = KalshiKey.parse(Desk.KALSHI_KEY, pem, null);
        KalshiKey plain = KalshiKey.parse(Desk.KALSHI_KEY, pem, null, null);
        List<Contender> keys = new ArrayList<>();
        if (usual.signsNatively()) {
            keys.add(new Contender("Native", () -> kalshi(usual)));
        }
        keys.add(new Contender("PureJava", () -> kalshi(plain)));
        result.put("kalshi", compare("kalshi", keys));
        result.put("rounds", ROUNDS);
        result.put("secondsOfEachInARound", SECONDS);
        result.put("signedRequestsChecked", checked);
        result.put("node", clients.node);
        result.put("clobClient", clients.version("@polymarket/clob-client-v2"));
        result.put("viem", clients.version("viem"));
        result.put("kalshiTypescript", clients.version("kalshi-typescript"));
        result.put("java", Runtime.version().toString());
        return result;
    }

    private Map<String, Object> compare(String venue, List<Contender> contenders) throws Exception {
        List<Double> official = new ArrayList<>();
        Map<String, List<Double>> ours = new LinkedHashMap<>();
        contenders.forEach(each -> ours.put(each.name(), new ArrayList<>()));
        for (int round = 0; round <= ROUNDS; round++) {
            double seconds = round == 0 ? WARM_UP_SECONDS : SECONDS;
            Run theirs = clients.run(venue, seconds);
            checkTheirs(venue, theirs.samples());
            var said = new StringBuilder(String.format("%s %d: official %,.0f/s", venue, round, theirs.perSecond()));
            for (Contender each : contenders) {
                Run run = run(each.ours().get(), seconds);
                checked += clients.check(venue, run.samples());
                said.append(String.format("  %s %,.0f/s", each.name(), run.perSecond()));
                if (round > 0) { // The first one warms up.
                    ours.getOrDefault(each.name(), List.of()).add(run.perSecond());
                }
            }
            if (round > 0) {
                official.add(theirs.perSecond());
            }
            System.err.println(said);
        }
        Map<String, Object> result = new LinkedHashMap<>();
        ours.forEach((name, rates) -> {
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < rates.size(); i++) {
                ratios.add(rates.get(i) / official.get(i));
            }
            result.put("ratio" + name, Figures.decimals(Figures.median(rates) / Figures.median(official)));
            result.put("ratio" + name + "Least", Figures.decimals(Figures.percentile(ratios, 0)));
            result.put("ratio" + name + "Most", Figures.decimals(Figures.percentile(ratios, 1)));
        });
        ours.forEach((name, rates) -> result.put("perSecond" + name, Math.round(Figures.median(rates))));
        result.put("perSecondOfficial", Math.round(Figures.median(official)));
        return result;
    }

    private static Run run(IntFunction<Signed> signer, double seconds) {
        List<Signed> samples = new ArrayList<>();
        long start = System.nanoTime();
        long length = Math.round(seconds * 1e9);
        int count = 0;
        while (System.nanoTime() - start < length) {
            Signed made = signer.apply(count);
            if (count++ % SAMPLE_EVERY == 0) {
                samples.add(made);
            }
        }
        double perSecond = count * 1e9 / (System.nanoTime() - start);
        return new Run(perSecond, samples.stream().map(Signed::json).toList());
    }

    // ---------------------------------------------------------------- our side

    private static IntFunction<Signed> polymarket(WalletKey key, VenueHttp http) {
        var config = PolymarketConfig.production(Mode.LIVE);
        var account = new PolymarketAccount(Desk.ACCOUNT, key, SignatureType.EOA, key.address(), Desk.CREDENTIALS);
        var client = new PolymarketClient(config, List.of(account), http, InstantSource.system(), (market, why) -> {});
        Market market = Desk.market(Venue.POLYMARKET);
        return number -> {
            // The same prices and sizes as in signing.mjs.
            var command = Desk.buy(
                    new OrderId("o-" + number),
                    market,
                    new Price((1 + number % 99) * Micros.ONE / 100),
                    new Quantity((5 + number % 1000) * Micros.ONE),
                    TimeInForce.GTC);
            var order = client.prepare(command);
            return new Signed(
                    number,
                    order.request(),
                    Desk.CREDENTIALS.headers(
                            key.address(), command.decidedAtMillis() / 1000, "POST", "/order", order.request()));
        };
    }

    private static IntFunction<Signed> kalshi(KalshiKey key) {
        return number -> new Signed(
                number, ByteBuffer.allocate(0), key.headers(System.currentTimeMillis(), "POST", KALSHI_PATH));
    }

    // ---------------------------------------------------------------- their side

    /** That what the official client signed is what we take it for. Its Polymarket orders are what ours must equal. */
    private void checkTheirs(String venue, List<JsonNode> samples) throws GeneralSecurityException {
        if (!venue.equals("kalshi")) {
            return;
        }
        for (JsonNode sample : samples) {
            JsonNode headers = sample.path("headers");
            var signature = Signature.getInstance("RSASSA-PSS");
            signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            signature.initVerify(kalshiPair.getPublic());
            signature.update((headers.path("KALSHI-ACCESS-TIMESTAMP").asText() + "POST" + KALSHI_PATH)
                    .getBytes(StandardCharsets.UTF_8));
            if (!signature.verify(Base64.getDecoder()
                    .decode(headers.path("KALSHI-ACCESS-SIGNATURE").asText()))) {
                throw new IllegalStateException("the official client's signature does not verify: " + sample);
            }
            checked++;
        }
    }

    /** The official clients in a process of node, which does nothing while it is not asked. */
    private static final class Clients implements AutoCloseable {
        private final Path folder;
        private final Process process;
        private final Writer in;
        private final BufferedReader out;
        private final String node;

        Clients(Path folder, KeyPair kalshi) throws IOException {
            this.folder = folder;
            this.process = new ProcessBuilder("node", "signing.mjs")
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            this.in = process.outputWriter(StandardCharsets.UTF_8);
            this.out = process.inputReader(StandardCharsets.UTF_8);
            ObjectNode setup = JSON.createObjectNode()
                    .put("privateKey", "0x" + Desk.WALLET_KEY)
                    .put("token", Desk.YES)
                    .put("kalshiKey", Desk.KALSHI_KEY)
                    .put("kalshiPath", KALSHI_PATH)
                    .put(
                            "kalshiPrivate",
                            Desk.pem("PRIVATE KEY", kalshi.getPrivate().getEncoded()))
                    .put(
                            "kalshiPublic",
                            Desk.pem("PUBLIC KEY", kalshi.getPublic().getEncoded()));
            setup.putObject("creds")
                    .put("key", Desk.CREDENTIALS.key())
                    .put("secret", Desk.CREDENTIALS.secret())
                    .put("passphrase", Desk.CREDENTIALS.passphrase());
            this.node = ask(setup).path("node").asText();
        }

        private JsonNode ask(JsonNode question) throws IOException {
            in.write(question + "\n");
            in.flush();
            @Nullable String answer = out.readLine();
            if (answer == null) {
                throw new IllegalStateException("the official clients ended; what they said stands above");
            }
            return JSON.readTree(answer);
        }

        Run run(String venue, double seconds) throws IOException {
            JsonNode answer = ask(JSON.createObjectNode().put("venue", venue).put("seconds", seconds));
            List<JsonNode> samples = new ArrayList<>();
            answer.path("samples").forEach(samples::add);
            return new Run(answer.path("perSecond").asDouble(), samples);
        }

        /** Has a sample of ours checked; it ends everything if one is wrong. */
        int check(String venue, List<JsonNode> samples) throws IOException {
            ObjectNode question = JSON.createObjectNode().put("venue", venue);
            question.putArray("samples").addAll(samples);
            return ask(question).path("checked").asInt();
        }

        String version(String client) throws IOException {
            return JSON.readTree(Files.readString(
                            folder.resolve("node_modules").resolve(client).resolve("package.json")))
                    .path("version")
                    .asText();
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
