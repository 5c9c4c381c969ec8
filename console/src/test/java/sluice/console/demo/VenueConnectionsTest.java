package sluice.console.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sluice.console.config.ConfigReader;
import sluice.console.config.SluiceConfig;
import sluice.console.config.VenueSettings.KalshiAccess;
import sluice.console.stack.StackException;
import sluice.console.stack.VenueConnections;
import sluice.console.stack.VenueKeys;
import sluice.domain.AccountId;
import sluice.domain.MarketId;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.OrderId;
import sluice.domain.Venue;
import sluice.venues.api.CancelOutcome;
import sluice.venues.api.OrderRef;
import sluice.venues.api.ReadOutcome;

/** What the configuration's accounts find at a venue that verifies every signature. */
class VenueConnectionsTest {
    private static final AccountId MAIN = new AccountId("main");

    @TempDir
    private Path folder = Path.of("replaced by the extension");

    private final List<SimulatedVenue> venues = new ArrayList<>();

    @ParameterizedTest
    @EnumSource(
            value = Venue.class,
            names = {"KALSHI", "POLYMARKET"})
    void aSignedReadFindsTheAccountsCash(Venue venue) throws Exception {
        try (var connections = open(live(venue))) {
            assertThat(connections.all()).singleElement().satisfies(connection -> {
                assertThat(connection.available()).contains(Money.parse("1000"));
                assertThat(connection.client().health().trading())
                        .as(connection.client().health().detail())
                        .isTrue();
            });
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Venue.class,
            names = {"KALSHI", "POLYMARKET"})
    void whatIsOpenedToReadCannotWrite(Venue venue) throws Exception {
        try (var connections = open(live(venue))) {
            var order = new OrderRef(new OrderId("o"), MAIN, new MarketId(venue, "KX"), "client-id", "venue-id");

            assertThat(connections.all().getFirst().client().cancel(order)).isInstanceOf(CancelOutcome.NotSent.class);
            assertThat(Objects.requireNonNull(connections.readers().get(venue)).cancel(order))
                    .isInstanceOf(CancelOutcome.NotSent.class);
            assertThatThrownBy(() -> connections.at(venue, Mode.LIVE)).hasMessageContaining("trading was not started");

            connections.startTrading(line -> {});
            assertThat(connections.at(venue, Mode.LIVE)).containsOnlyKeys(MAIN);
            assertThat(Objects.requireNonNull(connections.at(venue, Mode.LIVE).get(MAIN))
                            .cancel(order))
                    .isNotInstanceOf(CancelOutcome.NotSent.class);
            assertThat(connections.at(venue, Mode.PAPER)).isEmpty();
        }
    }

    @Test
    void aKeyThatTheVenueDoesNotKnowReadsNothingAndSaysWhatTheVenueSaid() throws Exception {
        SluiceConfig config = live(Venue.KALSHI);
        KalshiAccess right = config.accounts().getFirst().kalshi().orElseThrow();

        try (var connections = open(with(
                config,
                new KalshiAccess(
                        "00000000-0000-0000-0000-000000000000",
                        right.keyFile(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())))) {
            assertThat(connections.all()).singleElement().satisfies(connection -> {
                assertThat(connection.available()).isEmpty();
                assertThat(connection.balances())
                        .isInstanceOfSatisfying(ReadOutcome.Failed.class, failed -> assertThat(failed.why())
                                .contains("401"));
            });
        }
    }

    @Test
    void aKeyThatOthersCanReadIsRefusedAndNotShown() throws Exception {
        SluiceConfig config = live(Venue.KALSHI);
        Path key = config.accounts().getFirst().kalshi().orElseThrow().keyFile().orElseThrow();
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(() -> open(config))
                .isInstanceOf(StackException.class)
                .hasMessageContaining("is open to others (rw-r--r--)")
                .hasMessageContaining("chmod 600 " + key)
                .hasMessageNotContaining("PRIVATE");
    }

    @Test
    void anAccountThatMayNotSendCannotWriteToItsVenue() throws Exception {
        SluiceConfig config = live(Venue.KALSHI);
        var dry = config.trading(
                config.venues(),
                List.of(new SluiceConfig.Account(
                        MAIN,
                        Optional.of(Mode.DRY_RUN),
                        config.accounts().getFirst().limits(),
                        config.accounts().getFirst().kalshi(),
                        Optional.empty())));

        try (var connections = open(dry)) {
            connections.startTrading(line -> {});
            var client = Objects.requireNonNull(
                    connections.at(Venue.KALSHI, Mode.DRY_RUN).get(MAIN));
            assertThat(client.cancel(new OrderRef(
                            new OrderId("o"), MAIN, new MarketId(Venue.KALSHI, "KX"), "client-id", "venue-id")))
                    .isInstanceOf(CancelOutcome.NotSent.class);
        }
    }

    private SluiceConfig live(Venue venue) throws Exception {
        var simulated = SimulatedVenue.start(venue, List.of(MAIN), folder.resolve(venue.name()));
        venues.add(simulated);
        Path file = Files.writeString(folder.resolve("sluice.yaml"), "mode: PAPER\n");
        return simulated.live(ConfigReader.read(file, Map.of()).config());
    }

    private static SluiceConfig with(SluiceConfig config, KalshiAccess access) {
        return config.trading(
                config.venues(),
                config.accounts().stream()
                        .map(account -> account.live(Optional.of(access), Optional.empty()))
                        .toList());
    }

    private static VenueConnections open(SluiceConfig config) {
        return VenueConnections.open(
                config, VenueKeys.read(config, Map.of()), InstantSource.system(), line -> {}, (market, why) -> {});
    }

    @AfterEach
    void stop() {
        venues.forEach(SimulatedVenue::close);
    }
}
