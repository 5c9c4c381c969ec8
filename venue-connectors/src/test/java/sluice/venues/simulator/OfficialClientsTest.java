package sluice.venues.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The venues' own clients, from npm and unchanged except for the host. Skipped where there is no node or no npm. */
class OfficialClientsTest {
    private static final Path SCRIPTS = Path.of("src/test/node");
    private static final Path INSTALLED = Path.of("target/node-clients");

    @TempDir
    Path folder;

    @BeforeAll
    static void install() throws Exception {
        Assumptions.assumeTrue(found("node") && found("npm"), "skipped: node and npm are not on the PATH");
        Files.createDirectories(INSTALLED);
        for (String name : List.of("package.json", "package-lock.json", "kalshi.js", "polymarket.mjs")) {
            Files.copy(SCRIPTS.resolve(name), INSTALLED.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.isDirectory(INSTALLED.resolve("node_modules/kalshi-typescript"))) {
            String installed = run(Map.of(), "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
            Assumptions.assumeTrue(
                    !installed.contains("ENOTFOUND") && !installed.contains("ECONNREFUSED"),
                    "skipped: npm reaches no registry");
        }
    }

    private static boolean found(String program) {
        return Arrays.stream(String.valueOf(System.getenv("PATH")).split(":"))
                .anyMatch(f -> Files.isExecutable(Path.of(f, program)));
    }

    private static String run(Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(INSTALLED.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        return (ended && process.exitValue() == 0 ? "OK " : "FAILED ") + output;
    }

    @Test
    void kalshiTypescriptTradesWithTheSimulator() throws Exception {
        KeyPair pair = rsa();
        Path key = folder.resolve("key.pem");
        Files.writeString(key, pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        KalshiCaller alice = new KalshiCaller();
        ObjectNode setup = alice.setup();
        ((ObjectNode) setup.path("accounts").path(0).path("keys").path(0))
                .put("publicKey", pem("PUBLIC KEY", pair.getPublic().getEncoded()));
        try (Served served = new Served(Simulator.Kind.KALSHI, folder, setup, 0)) {
            served.admin("POST", "/levels", KalshiCaller.levels("0.41", "25", "0.44", "10"));
            String said = run(
                    Map.of(
                            "SIM_URL",
                            "http://127.0.0.1:" + served.simulator.port(),
                            "KEY_ID",
                            KalshiCaller.KEY,
                            "KEY_FILE",
                            key.toString(),
                            "TICKER",
                            KalshiCaller.TICKER),
                    "node",
                    "kalshi.js");
            assertThat(said).startsWith("OK kalshi-typescript");
        }
    }

    private static KeyPair rsa() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2_048);
        return generator.generateKeyPair();
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + what
                + "-----\n";
    }

    @Test
    void clobClientTradesWithTheSimulator() throws Exception {
        // The first development key of Hardhat and Anvil, known to everybody.
        String privateKey = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
        String deposit = "0xBc0fF067b7740Eff76C1ca93c875Ba6B890d6B50";
        String token = "71321045679252212594626385532706912750332728571942532289631379312455583992563";
        ObjectNode setup = Served.JSON.createObjectNode();
        ObjectNode alice = setup.putArray("accounts")
                .addObject()
                .put("name", "alice")
                .put("address", "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
        alice.putObject("wallets").put("3", deposit);
        alice.putObject("cash").put("0", "1000").put("3", "1000");
        setup.putArray("markets")
                .addObject()
                .put("conditionId", "0x01")
                .put("yesToken", token)
                .put("noToken", "5")
                .put("feeRate", "0.05");
        try (Served served = new Served(Simulator.Kind.POLYMARKET, folder, setup, 0)) {
            served.admin(
                    "POST",
                    "/levels",
                    "{\"market\":\"0x01\",\"bids\":[[\"0.41\",\"25\"]],\"asks\":[[\"0.44\",\"100\"]]}");
            String said = run(
                    Map.of(
                            "SIM_URL", "http://127.0.0.1:" + served.simulator.port(),
                            "PRIVATE_KEY", privateKey,
                            "TOKEN", token,
                            "DEPOSIT_WALLET", deposit),
                    "node",
                    "polymarket.mjs");
            assertThat(said).startsWith("OK @polymarket/clob-client-v2");
        }
    }
}
