package sluice.console.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.Venue;
import sluice.domain.risk.Limit;

class EnvironmentVariableTest {
    @TempDir
    Path folder;

    @Test
    void everyNameThatUsersKnowIsHonouredOrRefused() {
        assertThat(Arrays.stream(EnvironmentVariable.values()).map(Enum::name))
                .containsExactlyInAnyOrder(
                        "PAPER_TRADING",
                        "LIVE_TRADING_CONFIRMED",
                        "DRY_RUN",
                        "MAX_ORDER_SIZE",
                        "MAX_DAILY_LOSS",
                        "MAX_GAME_EXPOSURE",
                        "MAX_SPORT_EXPOSURE",
                        "MIN_EDGE_PCT",
                        "KALSHI_API_KEY",
                        "KALSHI_PRIVATE_KEY",
                        "KALSHI_PRIVATE_KEY_PATH",
                        "KALSHI_ENV",
                        "KALSHI_SECRET",
                        "KALSHI_API_SECRET",
                        "POLYMARKET_PRIVATE_KEY",
                        "POLYMARKET_KEY",
                        "POLYMARKET_FUNDER_ADDRESS",
                        "POLYMARKET_CHAIN_ID",
                        "POLYMARKET_CLOB_HOST",
                        "POLYMARKET_API_KEY",
                        "POLYMARKET_PROXY_URL",
                        "LIVE_TRADING",
                        "LIVE_TRADING_INITIAL_BALANCE",
                        "LIVE_TRADING_BET_AMOUNT",
                        "LIVE_TRADING_MIN_ROI",
                        "LIVE_TRADING_MAX_POSITION_SIZE",
                        "LIVE_TRADING_MAX_DAILY_TRADES",
                        "LIVE_TRADING_DAILY_LOSS_LIMIT",
                        "LIVE_TRADING_RESET_KEY",
                        "PAPER_TRADING_INITIAL_BALANCE",
                        "PAPER_TRADING_BET_AMOUNT",
                        "PAPER_TRADING_MIN_ROI",
                        "PAPER_TRADING_ENABLED",
                        "DISCORD_WEBHOOK_URL",
                        "PAGERDUTY_ROUTING_KEY",
                        "SLUICE_KAFKA_BOOTSTRAP_SERVERS",
                        "SLUICE_REGISTRY_URL",
                        "SLUICE_DATA_DIRECTORY");
    }

    @ParameterizedTest
    @CsvSource({
        "MAX_ORDER_SIZE, MAX_ORDER_QUANTITY",
        "MAX_DAILY_LOSS, MAX_DAILY_LOSS",
        "MAX_GAME_EXPOSURE, MAX_EVENT_EXPOSURE",
        "MAX_SPORT_EXPOSURE, MAX_CATEGORY_EXPOSURE",
        "MIN_EDGE_PCT, MIN_EDGE",
        "PAPER_TRADING_MIN_ROI, MIN_ROI",
    })
    void aLimitFromTheEnvironmentWinsOverTheFileAndTheBannerSaysSo(String variable, Limit limit) throws IOException {
        // Given
        String file = "mode: PAPER\nlimits:\n  " + limit.key() + ": 7\n";

        // When
        LoadedConfig loaded = read(file, Map.of(variable, "12.5"));

        // Then
        assertThat(loaded.config().limits().get(limit)).contains(12_500_000L);
        assertThat(loaded.originOf("limits." + limit.key())).isEqualTo("environment variable " + variable);
        assertThat(loaded.banner())
                .contains("Environment " + variable + ": limits." + limit.key() + " = 12.5 over 7 (sluice.yaml:3)");
    }

    @Test
    void aBadValueNamesItsVariable() {
        assertThatThrownBy(() -> read("", Map.of("MAX_DAILY_LOSS", "lots")))
                .hasMessageStartingWith("environment variable MAX_DAILY_LOSS: limits: max-daily-loss is \"lots\"");
        assertThatThrownBy(() -> read("", Map.of("MAX_DAILY_LOSS", "501")))
                .hasMessageStartingWith(
                        "environment variable MAX_DAILY_LOSS: limits: max-daily-loss is 501; it may never");
    }

    @Test
    void anEmptyValueIsNoValue() throws IOException {
        assertThat(read("", Map.of("MAX_DAILY_LOSS", "", "KALSHI_SECRET", "")).banner())
                .noneMatch(line -> line.startsWith("Environment"));
    }

    @Test
    void theStartingBalanceHoldsAtEveryVenue() throws IOException {
        assertThat(read("", Map.of("PAPER_TRADING_INITIAL_BALANCE", "250"))
                        .config()
                        .paper()
                        .startingBalances())
                .containsOnlyKeys(Venue.values())
                .containsValue(Money.parse("250"))
                .doesNotContainValue(Money.parse("1000"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "TRUE", "yes", "Yes"})
    void paperTradingIsPaper(String value) throws IOException {
        assertThat(read("mode: LIVE", Map.of("PAPER_TRADING", value)).config().mode())
                .isEqualTo(Mode.PAPER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "false", "no", "NO"})
    void paperTradingOffMeansLiveAndIsRefusedWithoutAVenue(String value) {
        assertRefused(
                () -> read("", Map.of("PAPER_TRADING", value)),
                "environment variable PAPER_TRADING: account main is in mode LIVE and has no access to any venue");
    }

    /** Older systems traded live on any value but the three they knew. */
    @ParameterizedTest
    @ValueSource(strings = {"", " ", "2", "off", "on", "paper", "live", "tru", "TRUE!", "0.0", "null"})
    void anUnknownWordRefusesToStart(String value) {
        assertRefused(
                () -> read("", Map.of("PAPER_TRADING", value)), "PAPER_TRADING is \"" + value + "\"; it must be 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"LIVE_TRADING", "DRY_RUN", "LIVE_TRADING_CONFIRMED", "PAPER_TRADING_ENABLED"})
    void everySwitchFailsClosed(String variable) {
        assertRefused(() -> read("", Map.of(variable, "maybe")), variable + " is \"maybe\"");
    }

    @Test
    void contradictionsRefuseToStart() {
        assertRefused(
                () -> read("", Map.of("PAPER_TRADING", "1", "LIVE_TRADING", "true")),
                "the environment asks for several modes at once: PAPER_TRADING=1 for PAPER, LIVE_TRADING=true for LIVE");
        assertRefused(
                () -> read("", Map.of("PAPER_TRADING", "1", "DRY_RUN", "true")),
                "the environment asks for several modes");
        assertRefused(
                () -> read("mode: LIVE", Map.of("LIVE_TRADING", "false")),
                "LIVE_TRADING is off, but sluice.yaml:1 says mode LIVE");
        assertRefused(() -> read("", Map.of("PAPER_TRADING_ENABLED", "0")), "PAPER_TRADING_ENABLED is off");
    }

    @Test
    void switchesThatAgreeWithPaperStart() throws IOException {
        assertThat(read(
                                "",
                                Map.of(
                                        "PAPER_TRADING", "1",
                                        "LIVE_TRADING", "false",
                                        "DRY_RUN", "0",
                                        "LIVE_TRADING_CONFIRMED", "true",
                                        "PAPER_TRADING_ENABLED", "true"))
                        .banner())
                .contains("Environment PAPER_TRADING: mode = PAPER");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POLYMARKET_PROXY_URL | Sluice does not work around a venue's geoblock",
                "LIVE_TRADING_RESET_KEY | ./sluice resume and a reason",
                "KALSHI_SECRET | use KALSHI_PRIVATE_KEY_PATH",
                "KALSHI_API_SECRET | use KALSHI_PRIVATE_KEY_PATH",
                "POLYMARKET_API_KEY | use POLYMARKET_PRIVATE_KEY",
                "PAPER_TRADING_BET_AMOUNT | limits.max-order-cost",
                "LIVE_TRADING_BET_AMOUNT | limits.max-order-cost",
                "LIVE_TRADING_INITIAL_BALANCE | read from the venue",
            })
    void whatIsRefusedSaysWhatToUseInstead(String variable, String words) {
        assertThatThrownBy(() -> read("", Map.of(variable, "sekret-value")))
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.kind()).isEqualTo(ConfigException.Kind.REFUSED))
                .hasMessageStartingWith(variable + " is set, and is refused: ")
                .hasMessageContaining(words)
                .hasMessageNotContaining("sekret");
    }

    @Test
    void whatThisVersionDoesNotHaveIsNamedAsUnusedAndNeverShown() throws IOException {
        // Given
        List<String> variables = List.of(
                "DISCORD_WEBHOOK_URL",
                "PAGERDUTY_ROUTING_KEY",
                "LIVE_TRADING_MIN_ROI",
                "LIVE_TRADING_MAX_POSITION_SIZE",
                "LIVE_TRADING_MAX_DAILY_TRADES",
                "LIVE_TRADING_DAILY_LOSS_LIMIT");

        for (String variable : variables) {
            // When
            LoadedConfig loaded = read("", Map.of(variable, "sekret-value"));

            // Then
            assertThat(loaded.banner())
                    .anyMatch(line -> line.startsWith("Environment " + variable + ": not used by this version: "))
                    .noneMatch(line -> line.contains("sekret"));
        }
    }

    @Test
    void credentialsWinOverTheFileAndAreNeverShown() throws IOException {
        // When
        LoadedConfig loaded = read(
                """
                signals: {default-account: desk}
                accounts:
                  - name: desk
                    kalshi: {key-id: old-id, key-file: old.pem}
                    polymarket: {wallet-file: old.key, wallet: safe, funder: "0x%s"}
                """.formatted("0".repeat(40)),
                Map.of(
                        "KALSHI_API_KEY", "sekret-id",
                        "KALSHI_PRIVATE_KEY", "sekret-pem",
                        "POLYMARKET_KEY", "sekret-wallet",
                        "POLYMARKET_FUNDER_ADDRESS", "0x" + "a".repeat(40)));

        // Then
        SluiceConfig.Account desk = loaded.config().accounts().getFirst();
        assertThat(desk.name().value()).isEqualTo("desk");
        assertThat(desk.kalshi()).hasValueSatisfying(access -> {
            assertThat(access.keyId()).isEqualTo("sekret-id");
            assertThat(access.keyFile()).isEmpty();
            assertThat(access.keyVariable()).contains("KALSHI_PRIVATE_KEY");
        });
        assertThat(desk.polymarket()).hasValueSatisfying(access -> {
            assertThat(access.walletFile()).isEmpty();
            assertThat(access.walletVariable()).contains("POLYMARKET_KEY");
            assertThat(access.funder()).contains("0x" + "a".repeat(40));
        });
        assertThat(loaded.banner())
                .contains(
                        "Environment KALSHI_PRIVATE_KEY: sets accounts[0].kalshi.key-variable over"
                                + " accounts[0].kalshi.key-file (sluice.yaml:4)",
                        "Environment KALSHI_API_KEY: sets accounts[0].kalshi.key-id over sluice.yaml:4")
                .noneMatch(line -> line.contains("sekret") || line.contains("aaaa"));
    }

    @Test
    void credentialsAloneMakeTheMainAccount() throws IOException {
        SluiceConfig.Account only = read(
                        "",
                        Map.of(
                                "KALSHI_API_KEY", "id",
                                "KALSHI_PRIVATE_KEY_PATH", "keys/kalshi.pem",
                                "KALSHI_ENV", "demo"))
                .config()
                .accounts()
                .getFirst();

        assertThat(only.name().value()).isEqualTo("main");
        assertThat(only.kalshi().orElseThrow().keyFile()).contains(folder.resolve("keys/kalshi.pem"));
    }

    @Test
    void credentialsWithoutAnAccountAreRefusedWhereThereAreSeveral() {
        assertRefused(
                () -> read("accounts: [{name: a}, {name: b}]", Map.of("POLYMARKET_PRIVATE_KEY", "sekret")),
                "POLYMARKET_PRIVATE_KEY is set, and names no account; the configuration has 2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "KALSHI_PRIVATE_KEY_PATH | -----BEGIN sekret | holds a key and no path",
                "POLYMARKET_FUNDER_ADDRESS | sekret | is no address",
                "KALSHI_ENV | sekret | must be prod or demo",
                "POLYMARKET_CHAIN_ID | sekret | must be 137",
                "POLYMARKET_CLOB_HOST | sekret | must be https://clob.polymarket.com",
            })
    void credentialsThatCannotBeAreRefusedAndNotShown(String variable, String value, String words) {
        assertThatThrownBy(() -> read("", Map.of(variable, value)))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(variable)
                .hasMessageContaining(words)
                .hasMessageNotContaining("sekret");
    }

    @Test
    void twoKeysForOneAccountAreRefused() {
        assertRefused(
                () -> read("", Map.of("KALSHI_PRIVATE_KEY", "a", "KALSHI_PRIVATE_KEY_PATH", "b")),
                "KALSHI_PRIVATE_KEY and KALSHI_PRIVATE_KEY_PATH are both set");
    }

    @Test
    void aSecretInPlaceOfAVariablesNameIsNotShown() {
        assertThatThrownBy(() -> read(
                        "accounts: [{name: main, polymarket: {wallet-variable: " + "ab".repeat(32) + "}}]", Map.of()))
                .hasMessageContaining("wallet-variable is no name of an environment variable")
                .hasMessageNotContaining("abab");
    }

    /** Capital hex digits that begin with a letter look like a name. */
    @Test
    void aKeyThatCouldPassForAVariablesNameIsNotShown() {
        assertThatThrownBy(() -> read(
                        "accounts: [{name: main, polymarket: {wallet-variable: " + "AB".repeat(32) + "}}]", Map.of()))
                .hasMessageContaining("wallet-variable is no name of an environment variable")
                .hasMessageNotContaining("ABAB");
    }

    @Test
    void anAddressThatIsNoneIsNotShownBecauseItMayHoldAKey() {
        assertThatThrownBy(() ->
                        read("venues: {polymarket: {chain-url: \"https://node.example/v3/sekret key\"}}", Map.of()))
                .hasMessageContaining("venues.polymarket.chain-url is no address: Illegal character in path")
                .hasMessageNotContaining("sekret");
    }

    @Test
    void aDemoReachesNoVenueWhateverIsSet() {
        assertThat(EnvironmentVariable.withoutAccess(Map.of("KALSHI_API_KEY", "id", "MAX_DAILY_LOSS", "5")))
                .containsExactly(Map.entry("MAX_DAILY_LOSS", "5"));
    }

    @Test
    void containersSayWhereTheBrokersAre() throws IOException {
        // When
        SluiceConfig config = read(
                        "kafka: {replication: 1}",
                        Map.of(
                                "SLUICE_KAFKA_BOOTSTRAP_SERVERS", "kafka:9092",
                                "SLUICE_REGISTRY_URL", "http://registry:8080/apis/ccompat/v7",
                                "SLUICE_DATA_DIRECTORY", "/var/lib/sluice"))
                .config();

        // Then
        assertThat(config.kafka().bootstrapServers()).contains("kafka:9092");
        assertThat(config.registry().url()).contains("http://registry:8080/apis/ccompat/v7");
        assertThat(config.dataDirectory()).isEqualTo(Path.of("/var/lib/sluice"));
    }

    @Test
    void aSectionOfTheWrongShapeIsNotOverwritten() {
        assertThatThrownBy(() -> read("limits: none", Map.of("MAX_DAILY_LOSS", "1")))
                .hasMessage("sluice.yaml:1: limits is not a section of settings,"
                        + " so environment variable MAX_DAILY_LOSS cannot set limits.max-daily-loss");
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable start, String message) {
        assertThatThrownBy(start)
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.kind()).isEqualTo(ConfigException.Kind.REFUSED))
                .hasMessageStartingWith(message);
    }

    private LoadedConfig read(String yaml, Map<String, String> environment) throws IOException {
        return ConfigReader.read(Files.writeString(folder.resolve("sluice.yaml"), yaml), environment);
    }

    @Test
    void theShippedFileListsEveryVariable() throws IOException {
        String shipped = Files.readString(Path.of("../sluice.yaml"));
        assertThat(EnvironmentVariable.values()).allMatch(it -> shipped.matches("(?s).*\\b" + it + "\\b.*"));
    }
}
