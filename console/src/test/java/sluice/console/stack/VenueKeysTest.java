package sluice.console.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.console.config.ConfigReader;
import sluice.domain.AccountId;

/** Keys out of the environment are held to what keys in files are held to. */
class VenueKeysTest {
    private static final AccountId MAIN = new AccountId("main");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\\n"})
    void aKalshiKeyIsReadFromTheEnvironmentWhateverItsLineEnds(String lineEnd) throws Exception {
        byte[] key = KeyPairGenerator.getInstance("Ed25519")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        String pem = "-----BEGIN PRIVATE KEY-----" + lineEnd
                + Base64.getEncoder().encodeToString(key) + lineEnd + "-----END PRIVATE KEY-----" + lineEnd;

        var keys = read(Map.of("KALSHI_API_KEY", "an-id", "KALSHI_PRIVATE_KEY", pem));

        assertThat(keys.kalshi(MAIN).id()).isEqualTo("an-id");
    }

    @Test
    void aWalletIsReadFromTheEnvironment() throws IOException {
        var keys = read(Map.of("POLYMARKET_PRIVATE_KEY", "0x" + SimulatedPolymarket.SECRET));

        assertThat(keys.polymarket(MAIN).key().address().is(SimulatedPolymarket.ADDRESS))
                .isTrue();
    }

    @Test
    void whatIsNoKeyIsRefusedAndNotShown() {
        assertThatThrownBy(() -> read(Map.of("POLYMARKET_PRIVATE_KEY", "sekret")))
                .isInstanceOf(StackException.class)
                .hasMessageContaining("environment variable POLYMARKET_PRIVATE_KEY")
                .hasMessageNotContaining("sekret");
        assertThatThrownBy(() -> read(Map.of("KALSHI_API_KEY", "an-id", "KALSHI_PRIVATE_KEY", "sekret")))
                .isInstanceOf(StackException.class)
                .hasMessageContaining("environment variable KALSHI_PRIVATE_KEY: there is no PEM in it")
                .hasMessageNotContaining("sekret");
    }

    @Test
    void aVariableThatTheConfigurationNamesAndNobodyHasSetIsNamed() throws IOException {
        var config = Files.writeString(
                folder.resolve("sluice.yaml"), "accounts: [{name: main, polymarket: {wallet-variable: DESK_KEY}}]");

        assertThatThrownBy(
                        () -> VenueKeys.read(ConfigReader.read(config, Map.of()).config(), Map.of()))
                .isInstanceOf(StackException.class)
                .hasMessageContaining("account main at Polymarket: environment variable DESK_KEY is not set");
    }

    @Test
    void aFunderThatTheKeyCannotSignForIsRefused() {
        var environment = new HashMap<>(Map.of("POLYMARKET_PRIVATE_KEY", SimulatedPolymarket.SECRET));
        environment.put("POLYMARKET_FUNDER_ADDRESS", "0x" + "1".repeat(40));

        assertThatThrownBy(() -> read(environment)).hasMessageContaining("signs as EOA, so its funder must be");
    }

    private VenueKeys read(Map<String, String> environment) throws IOException {
        var config = Files.writeString(folder.resolve("sluice.yaml"), "mode: PAPER\n");
        return VenueKeys.read(ConfigReader.read(config, environment).config(), environment);
    }
}
