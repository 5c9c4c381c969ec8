package sluice.console.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.domain.AccountId;
import sluice.domain.Micros;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.Quantity;
import sluice.domain.StrategyId;
import sluice.domain.Venue;
import sluice.domain.risk.Limit;

class SluiceConfigTest {
    /** The file that the repository ships. */
    private static final Path SHIPPED = Path.of("../sluice.yaml");

    /** Every limit of the shipped file; a change here is a change of what users get. */
    private static final Map<String, String> SHIPPED_LIMITS = Arrays.stream("""
                    max-signal-age-ms 2000
                    max-signal-skew-ms 1000
                    close-buffer-ms 60000
                    min-time-to-resolution-ms 0
                    max-time-to-resolution-ms 31536000000
                    min-price 0.01
                    max-price 0.99
                    min-order-quantity 1
                    max-book-age-ms 2000
                    max-spread 0.1
                    max-last-trade-age-ms 30000
                    collar-absolute 0.05
                    collar-percent 10
                    min-edge-pct 20
                    min-roi-pct 1
                    max-order-quantity 100
                    max-order-cost 100
                    max-balance-age-ms 30000
                    max-market-exposure 500
                    max-market-gross 1000
                    max-event-exposure 100
                    max-category-exposure 200
                    max-strategy-exposure 1000
                    max-venue-exposure 1000
                    max-account-exposure 1000
                    max-account-gross 1000
                    max-open-positions 3
                    max-market-open-orders 5
                    max-account-open-orders 20
                    max-market-open-notional 500
                    max-account-open-notional 1000
                    max-daily-loss 100
                    max-strategy-daily-loss 100
                    daily-loss-look-ahead 1
                    max-daily-trades 10
                    max-strategy-daily-trades 10
                    working-order-timeout-ms 60000
                    """.split("\n"))
            .map(line -> line.split(" "))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));

    /** What the shipped file keeps for controls that are still to come. */
    private static final String SHIPPED_FUTURE = """
            max-order-equity-share-pct 5
            max-daily-loss-equity-share-pct 5
            min-balance-warning 10
            max-drawdown-pct 15
            max-consecutive-losses 4
            max-balance-drop-pct 10
            max-orders-per-second 1
            venue-message-budget-pct 25
            max-repeated-fills 5
            repeated-fills-window-ms 60000
            slippage-warning-pct 0.5
            max-slippage-pct 2
            max-api-error-rate-pct 25
            api-error-calls 20
            max-api-errors 5
            api-error-window-ms 60000
            max-stream-silence-ms 15000
            max-heartbeat-age-ms 7000
            max-unexplained-cash 1
            reconcile-light-interval-ms 10000
            reconcile-full-interval-ms 300000
            clock-warning-ms 250
            max-clock-offset-ms 1000
            first-order-hold 1
            settlement-overdue-ms 172800000
            http-timeout-ms 10000
            order-confirm-target-ms 5000
            kill-target-ms 1000
            promotion-min-paper-days 14
            promotion-min-paper-trades 100
            promotion-min-win-rate-pct 55
            promotion-min-edge-realised-pct 50
            promotion-max-crashes 0
            promotion-max-unexplained-breaks 0
            tier-2-min-live-trades 50
            tier-2-max-fill-deviation-pct 2
            tier-2-max-slippage-pct 0.5
            tier-2-min-fill-rate-pct 80
            tier-3-min-live-trades 200
            tier-4-min-live-trades 500
            tier-4-min-sharpe-ratio 1
            tier-4-max-drawdown-pct 15
            """;

    @TempDir
    Path folder;

    @Test
    void shippedFileSetsEveryLimitToItsDocumentedValue() {
        // When
        SluiceConfig config = ConfigReader.read(SHIPPED, Map.of()).config();

        // Then
        assertThat(config.limits().names()).containsExactly(Limit.values());
        var texts = new LinkedHashMap<String, String>();
        config.limits().values().forEach((limit, micros) -> texts.put(limit.key(), Micros.text(micros)));
        assertThat(texts).containsExactlyInAnyOrderEntriesOf(SHIPPED_LIMITS);
        assertThat(config.unsetLimits(config.accounts().get(0))).isEmpty();
    }

    @Test
    void shippedFileKeepsTheDocumentedValuesOfControlsToCome() {
        // When
        SluiceConfig config = ConfigReader.read(SHIPPED, Map.of()).config();

        // Then
        assertThat(config.notEnforcedYet().entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .toList())
                .isEqualTo(SHIPPED_FUTURE.lines().toList());
        assertThat(config.notEnforced())
                .doesNotHaveDuplicates()
                .containsAll(Arrays.stream(FutureControl.values())
                        .filter(control -> control != FutureControl.MAX_DAILY_TURNOVER)
                        .toList());
    }

    @Test
    void everyDefaultIsPinned() throws IOException {
        // When
        SluiceConfig config = read("").config();

        // Then
        assertThat(config)
                .isEqualTo(new SluiceConfig(
                        Mode.PAPER,
                        folder.resolve("data"),
                        ZoneOffset.UTC,
                        new SluiceConfig.Kafka(Optional.empty(), "sluice.", Map.of(), 1, Map.of()),
                        new SluiceConfig.Registry(Optional.empty()),
                        new SluiceConfig.Embedded(9092, 8081),
                        List.of(new SluiceConfig.Account(
                                new AccountId("main"),
                                Optional.empty(),
                                LimitValues.NONE,
                                Optional.empty(),
                                Optional.empty())),
                        List.of(),
                        LimitValues.NONE,
                        List.of(),
                        List.of(),
                        Map.of(),
                        new SluiceConfig.Paper(
                                Map.of(
                                        Venue.KALSHI, Money.parse("1000"),
                                        Venue.POLYMARKET, Money.parse("1000"),
                                        Venue.PAPER, Money.parse("1000")),
                                1L,
                                new SluiceConfig.Latency(Optional.empty()),
                                Quantity.parse("10")),
                        new VenueSettings(
                                new VenueSettings.Kalshi(
                                        VenueSettings.Environment.PRODUCTION, Optional.empty(), 25, 2_000),
                                new VenueSettings.Polymarket(
                                        VenueSettings.Environment.PRODUCTION,
                                        Optional.empty(),
                                        true,
                                        true,
                                        5_000,
                                        Optional.empty()),
                                List.of(),
                                List.of()),
                        new SluiceConfig.Signals(new AccountId("main"), new StrategyId("default")),
                        new SluiceConfig.Intervals(1_000, 5_000, 10_000)));
    }

    @Test
    void shippedFileShowsTheDefaultsOfEverythingThatIsNotALimit() throws IOException {
        // Given
        SluiceConfig defaults = read("").config();

        // When
        SluiceConfig shipped = ConfigReader.read(SHIPPED, Map.of()).config();

        // Then
        assertThat(shipped)
                .usingRecursiveComparison()
                .ignoringFields("dataDirectory", "tradingDayZone", "limits", "notEnforcedYet", "allowedMarkets")
                .isEqualTo(defaults);
        assertThat(shipped.tradingDayZone()).isEqualTo(ZoneId.of("UTC"));
        assertThat(shipped.dataDirectory())
                .isEqualTo(SHIPPED.toAbsolutePath().resolveSibling("data").normalize());
        assertThat(shipped.allowedMarkets()).containsExactly("kalshi:*", "polymarket:*", "paper:*");
    }

    @Test
    void everySettingCanBeSet() throws IOException {
        // When
        SluiceConfig config = read("""
                        mode: PAPER
                        data-directory: elsewhere
                        trading-day-zone: America/New_York
                        kafka:
                          bootstrap-servers: a:9092,b:9092
                          prefix: test-
                          partitions: {journal: 6}
                          replication: 3
                          properties: {security.protocol: SASL_SSL}
                        registry: {url: "http://registry:8080/apis/ccompat/v7"}
                        embedded: {kafka-port: 0, registry-port: 0}
                        accounts:
                          - {name: one, mode: PAPER, limits: {max-order-cost: 12.345678}}
                          - {name: two}
                        strategies:
                          - {name: momentum, account: one, limits: {max-strategy-exposure: "50"}}
                        limits: {max-daily-loss: 0.000001, daily-loss-look-ahead: false}
                        allowed-markets: ["kalshi:KXNBA*"]
                        restricted-categories: [politics]
                        not-enforced-yet: {max-drawdown-pct: 15}
                        paper:
                          starting-balances: {kalshi: 250.50}
                          seed: 42
                          latency-ms: 120
                          assumed-depth: 7.5
                        signals: {default-account: one, default-strategy: s}
                        intervals: {tick-ms: 500, marks-ms: 2000, snapshots-ms: 3000}
                        """).config();

        // Then
        assertThat(config.dataDirectory()).isEqualTo(folder.resolve("elsewhere"));
        assertThat(config.tradingDayZone()).isEqualTo(ZoneId.of("America/New_York"));
        assertThat(config.kafka())
                .isEqualTo(new SluiceConfig.Kafka(
                        Optional.of("a:9092,b:9092"),
                        "test-",
                        Map.of("journal", 6),
                        3,
                        Map.of("security.protocol", "SASL_SSL")));
        assertThat(config.registry().url()).contains("http://registry:8080/apis/ccompat/v7");
        assertThat(config.accounts().get(0).limits().get(Limit.MAX_ORDER_COST)).contains(12_345_678L);
        assertThat(config.accounts().get(1).name()).isEqualTo(new AccountId("two"));
        assertThat(config.strategies())
                .containsExactly(new SluiceConfig.Strategy(
                        new StrategyId("momentum"),
                        new AccountId("one"),
                        new LimitValues(Map.of(Limit.MAX_STRATEGY_EXPOSURE, 50_000_000L))));
        assertThat(config.limits().values())
                .containsExactly(Map.entry(Limit.MAX_DAILY_LOSS, 1L), Map.entry(Limit.DAILY_LOSS_LOOK_AHEAD, 0L));
        assertThat(config.paper().startingBalances())
                .containsEntry(Venue.KALSHI, Money.parse("250.5"))
                .containsEntry(Venue.POLYMARKET, Money.parse("1000"));
        assertThat(config.paper().latencyMs().fixedMillis()).contains(120);
        assertThat(config.topicSettings().partitions()).containsEntry("journal", 6);
        assertThat(config.topicSettings().replication()).isEqualTo((short) 3);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "modes: PAPER | sluice.yaml:1: modes is not a setting; did you mean mode?",
                "kafka: {prefx: a} | sluice.yaml:1: kafka.prefx is not a setting; did you mean prefix?",
                "zebra: 1 | sluice.yaml:1: zebra is not a setting",
                "limits: {max-order-cst: 1}"
                        + " | sluice.yaml:1: limits: max-order-cst is not a limit; did you mean max-order-cost?",
                "limits: {max-order-cost: 1.0000001} | sluice.yaml:1: limits: max-order-cost is 1.0000001;"
                        + " at most six decimals are kept, and nothing is rounded for you",
                "limits: {max-order-cost: 1e3} | sluice.yaml:1: limits: max-order-cost is \"1e3\";"
                        + " it must be a plain decimal number of at most 12 digits before the point, such as 12.50",
                "limits: {max-order-cost: -1}"
                        + " | sluice.yaml:1: limits: max-order-cost is negative: -1; it must be 0 or more",
                "limits: {max-price: 1.01} | sluice.yaml:1: limits: max-price is 1.01;"
                        + " a contract pays one dollar at most, so it is from 0 to 1",
                "limits: {max-open-positions: 2.5}"
                        + " | sluice.yaml:1: limits: max-open-positions counts things and must be a whole number, but is 2.5",
                "limits: {daily-loss-look-ahead: maybe}"
                        + " | sluice.yaml:1: limits: daily-loss-look-ahead is a switch, 1 or 0, but is maybe",
                "limits: [1, 2] | sluice.yaml:1: limits has the wrong shape; compare it with the example sluice.yaml",
                "mode: paper | sluice.yaml:1: mode is \"paper\"; the modes are PAPER, DRY_RUN and LIVE,"
                        + " and nothing starts with another",
                "mode: '' | sluice.yaml:1: mode is \"\"; the modes are PAPER, DRY_RUN and LIVE,"
                        + " and nothing starts with another",
                "mode: [PAPER] | sluice.yaml:1: mode is a list or a section, but one value belongs here",
                "mode: LIVE | sluice.yaml:1: account main is in mode LIVE and has no access to any venue;"
                        + " add kalshi or polymarket to it, or set mode: PAPER",
                "mode: DRY_RUN | sluice.yaml:1: account main is in mode DRY_RUN and has no access to any venue;"
                        + " add kalshi or polymarket to it, or set mode: PAPER",
                "accounts: [{name: main, mode: LIVE}] | sluice.yaml:1: account main is in mode LIVE and has no access to"
                        + " any venue; add kalshi or polymarket to it, or set mode: PAPER",
                "accounts: [{name: main, kalshi: {key-file: k}}] | sluice.yaml:1: accounts[0].kalshi: key-id is missing;"
                        + " Kalshi shows it beside the key (or set KALSHI_API_KEY)",
                "accounts: [{name: main, kalshi: {key-id: k}}] | sluice.yaml:1: accounts[0].kalshi: key-file is missing;"
                        + " it holds the private key as PEM (or set KALSHI_PRIVATE_KEY or KALSHI_PRIVATE_KEY_PATH)",
                "accounts: [{name: main, polymarket: {}}] | sluice.yaml:1: accounts[0].polymarket: wallet-file is missing;"
                        + " it holds the wallet owner's key (or set POLYMARKET_PRIVATE_KEY)",
                "accounts: [{name: main, polymarket: {wallet-file: w, wallet: safe}}] | sluice.yaml:1:"
                        + " accounts[0].polymarket: funder is missing; with a SAFE wallet it is not the key's own address",
                "accounts: [{name: main, polymarket: {wallet-file: w, wallet: gold}}] | sluice.yaml:1:"
                        + " accounts[0].polymarket.wallet is \"gold\", which is not a wallet; there are eoa, proxy, safe,"
                        + " deposit",
                "venues: {kalshi: {environment: simulated}} | sluice.yaml:1: venues.kalshi: environment is simulated, and"
                        + " address is missing, such as http://127.0.0.1:8089",
                "venues: {kalshi: {environment: simulated, address: \"http://10.0.0.1:80\"}} | sluice.yaml:1: venues.kalshi:"
                        + " address is http://10.0.0.1:80; a simulated venue is on the loopback interface, as"
                        + " http://127.0.0.1:PORT",
                "venues: {kalshi: {address: \"http://127.0.0.1:80\"}} | sluice.yaml:1: venues.kalshi: address is for a"
                        + " simulated venue; production has its own. Leave it out, or set environment: simulated",
                "venues: {polymarket: {environment: demo}} | sluice.yaml:1: venues.polymarket: environment is demo, and"
                        + " Polymarket has none; there are production and simulated",
                "venues: {polymarket: {geoblock: false}} | sluice.yaml:1: venues.polymarket: geoblock is off; the venue"
                        + " decides from where it may be traded on, and is asked",
                "venues: {market-data: [kalshi]} | sluice.yaml:1: market-data has KALSHI, but no account has access to it;"
                        + " its books are read with a key",
                "venues: {watch: [\"kalshi:A\"]} | sluice.yaml:1: venues: watch has kalshi:A, but market-data leaves KALSHI"
                        + " out",
                "accounts: [] | sluice.yaml:1: accounts is empty; at least one account must trade",
                "accounts: [{limits: {}}] | sluice.yaml:1: accounts[0]: an account has no name; add name: main",
                "accounts: [{name: ''}] | sluice.yaml:1: accounts[0].name AccountId has 0 characters;"
                        + " from 1 to 200 are allowed",
                "accounts: [{name: main}, {name: main}] | sluice.yaml:1: account main is listed twice",
                "accounts: [{name: other}]" + " | sluice.yaml: default-account is main, but accounts has only other",
                "trading-day-zone: Mars | sluice.yaml:1: trading-day-zone is \"Mars\", which is no time zone;"
                        + " write UTC or a place such as America/New_York",
                "kafka: {partitions: {jurnal: 3}}"
                        + " | sluice.yaml:1: kafka: jurnal is no topic; did you mean journal?",
                "kafka: {partitions: {journal: 0}}"
                        + " | sluice.yaml:1: kafka: partitions.journal is 0; from 1 to 1000 is allowed",
                "kafka: {replication: three} | sluice.yaml:1: kafka.replication is \"three\", which is not a whole number",
                "kafka: {replication: 3} | sluice.yaml:1: kafka: replication is 3, but the embedded stack has one broker;"
                        + " set it to 1",
                "kafka: {bootstrap-servers: ''} | sluice.yaml:1: kafka: bootstrap-servers is empty; write an address,"
                        + " or embedded",
                "kafka: {prefix: a b} | sluice.yaml:1: kafka: prefix \"a b\" may hold letters, digits, dots, dashes and"
                        + " underscores only",
                "registry: {url: registry:8080} | sluice.yaml:1: registry: url is \"registry:8080\"; it must be embedded"
                        + " or begin with http:// or https://",
                "embedded: {kafka-port: 99999}"
                        + " | sluice.yaml:1: embedded: kafka-port is 99999; from 0 to 65535 is allowed",
                "embedded: {registry-port: 9092}"
                        + " | sluice.yaml:1: embedded: registry-port 9092 is taken by the broker",
                "paper: {starting-balances: {mars: 1}} | sluice.yaml:1: paper.starting-balances has the venue mars;"
                        + " there are kalshi, polymarket and paper",
                "paper: {starting-balances: {kalshi: -1}}"
                        + " | sluice.yaml:1: paper: the starting balance at KALSHI is negative",
                "paper: {latency-ms: fast} | sluice.yaml:1: paper.latency-ms is \"fast\"; it must be measured,"
                        + " or milliseconds from 0 to 99999",
                "intervals: {tick-ms: 1} | sluice.yaml:1: intervals: tick-ms is 1; from 100 to 10000 is allowed",
                "allowed-markets: [KXNBA] | sluice.yaml:1: \"KXNBA\" is not a pattern over venue:id,"
                        + " such as kalshi:* or polymarket:0x12*",
                "limits: {max-daily-loss: 501} | sluice.yaml:1: limits: max-daily-loss is 501; it may never be above 500"
                        + " dollars, and no setting lifts that",
                "limits: {max-account-exposure: 1000.01} | sluice.yaml:1: limits: max-account-exposure is 1000.01; it may"
                        + " never be above 1000 dollars, and no setting lifts that",
                "not-enforced-yet: {max-drawdwn-pct: 1} | sluice.yaml:1: max-drawdwn-pct is not a control that is known"
                        + " to come; did you mean max-drawdown-pct?",
                "not-enforced-yet: {max-drawdown-pct: -1} | sluice.yaml:1: max-drawdown-pct is negative: -1",
                "[1, 2] | sluice.yaml:1: the file is not a list of settings, each written as key: value",
                "{mode: PAPER, mode: PAPER} | sluice.yaml:1: mode stands here a second time; the first is at sluice.yaml:1",
                "{limits: &a {}, accounts: *a} | sluice.yaml:1: accounts refers to another value (*a); write the value out",
            })
    void whatIsWrongIsSaidWithItsLine(String yaml, String message) {
        assertThatThrownBy(() -> read(yaml)).isInstanceOf(ConfigException.class).hasMessage(message);
    }

    @Test
    void linesAreThoseOfTheOffendingKey() {
        assertThatThrownBy(() -> read("mode: PAPER\nlimits:\n  max-order-cost: 5\n  max-order-quantity: x\n"))
                .hasMessageStartingWith("sluice.yaml:4: limits: max-order-quantity is \"x\"");
        assertThatThrownBy(() -> read("accounts:\n  - name: main\n  - name: b\n    limitz: {}\n"))
                .hasMessage("sluice.yaml:4: accounts[1].limitz is not a setting; did you mean limits?");
        assertThatThrownBy(() -> read("mode: PAPER\nkafka:\n\tprefix: a\n"))
                .hasMessageStartingWith("sluice.yaml:3: this is not YAML: found character '\\t(TAB)'");
        assertThatThrownBy(() -> read("mode: PAPER\n---\nmode: PAPER\n"))
                .hasMessage("sluice.yaml:3: a second document begins here; one file holds one configuration");
    }

    @Test
    void onlyRefusalsAreRefusals() {
        assertThatThrownBy(() -> read("mode: LIVE"))
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.kind()).isEqualTo(ConfigException.Kind.REFUSED));
        assertThatThrownBy(() -> read("mode: live"))
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.kind()).isEqualTo(ConfigException.Kind.INVALID));
    }

    @Test
    void aMissingFileSaysWhatToDo() {
        assertThatThrownBy(() -> ConfigReader.read(folder.resolve("none.yaml"), Map.of()))
                .hasMessage("there is no configuration " + folder.resolve("none.yaml")
                        + "; name one with --config, or copy the example sluice.yaml from the project's root");
    }

    @Test
    void anUnsetLimitIsAllowedAndNamedAtStart() throws IOException {
        // When
        LoadedConfig loaded = read("""
                limits: {max-order-cost: 5, max-daily-loss: }
                accounts:
                  - name: main
                    limits: {max-order-quantity: 5}
                """);

        // Then
        SluiceConfig.Account main = loaded.config().accounts().get(0);
        assertThat(loaded.config().unsetLimits(main))
                .hasSize(Limit.values().length - 2)
                .contains(Limit.MAX_DAILY_LOSS)
                .doesNotContain(Limit.MAX_ORDER_COST, Limit.MAX_ORDER_QUANTITY);
        assertThat(loaded.banner())
                .anySatisfy(line -> assertThat(line)
                        .startsWith("Account main REFUSES EVERY ORDER: unset max-signal-age-ms, ")
                        .contains("max-daily-loss")
                        .endsWith("; set them under limits"))
                .contains("No market may be traded: allowed-markets is empty");
    }

    @Test
    void theBannerNamesTheModeAndWhatNothingEnforces() {
        assertThat(ConfigReader.read(SHIPPED, Map.of()).banner())
                .satisfiesExactly(
                        mode -> assertThat(mode)
                                .matches("Mode PAPER \\(sluice.yaml:\\d+\\): fills are simulated,"
                                        + " no order leaves this machine"),
                        file -> assertThat(file)
                                .isEqualTo("Configuration ../sluice.yaml, 37 of 37 limits set for every order"),
                        future -> assertThat(future)
                                .matches("NOT ENFORCED by this version: \\d+ settings of controls to come;"
                                        + " ./sluice limits show --not-enforced lists them"));
    }

    @Test
    void findingTheBrokersDoesNotNeedTheRestToBeRight() throws IOException {
        // Given
        Path file = write("mode: nonsense\nlimits: {max-order-cst: 1}\nkafka: {bootstrap-servers: \"a:1\"}\n");

        // When
        ConnectionConfig connection = ConfigReader.readConnection(file, Map.of("POLYMARKET_PROXY_URL", "socks5://x"));

        // Then
        assertThat(connection.kafka().bootstrapServers()).contains("a:1");
        assertThat(connection.dataDirectory()).isEqualTo(folder.resolve("data"));
    }

    private LoadedConfig read(String yaml) throws IOException {
        return ConfigReader.read(write(yaml), Map.of());
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(folder.resolve("sluice.yaml"), yaml);
    }
}
