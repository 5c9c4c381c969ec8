package sluice.console.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.console.config.SluiceConfig;
import sluice.domain.AccountId;
import sluice.domain.Mode;
import sluice.domain.Venue;
import sluice.venues.api.Health;

/** From the connection that reads to the client that trades: the first heartbeat is in between. */
class TradingStartTest {
    private static final String SLOW = """
            {"faults": [{"fault": "F6", "mode": "answer", "where": "POST /v1/heartbeats", "millis": 700}]}""";
    private static final String BROKEN = """
            {"faults": [{"fault": "F3", "where": "POST /v1/heartbeats"}]}""";

    @TempDir
    Path folder;

    private final List<String> said = new ArrayList<>();
    private SimulatedPolymarket venue;

    @BeforeEach
    void start() throws IOException {
        venue = new SimulatedPolymarket(folder, 15_000);
    }

    @AfterEach
    void stop() throws IOException {
        venue.close();
    }

    @Test
    void tradingHasStartedOnceTheFirstHeartbeatIsAnswered() throws Exception {
        venue.faults(SLOW);
        try (var connections = open()) {
            connections.startTrading(said::add, Duration.ofSeconds(30));

            assertThat(health(connections).trading())
                    .as(health(connections).detail())
                    .isTrue();
            assertThat(said).isEmpty();
        }
    }

    @Test
    void aHeartbeatThatIsNotAnsweredHoldsUpTheOrdersAndNotTheStart() throws Exception {
        venue.faults(BROKEN);
        try (var connections = open()) {
            connections.startTrading(said::add, Duration.ofMillis(300));

            assertThat(health(connections).trading()).isFalse();
            assertThat(said)
                    .singleElement()
                    .asString()
                    .startsWith(
                            "warning: account main at Polymarket sends no order yet, 300 ms after its first heartbeat:"
                                    + " no heartbeat of account main was answered yet")
                    .contains("500");
        }
    }

    private VenueConnections open() throws IOException {
        SluiceConfig config = venue.config();
        return VenueConnections.open(
                config, VenueKeys.read(config, Map.of()), InstantSource.system(), line -> {}, (market, why) -> {});
    }

    private static Health health(VenueConnections connections) {
        return Objects.requireNonNull(
                        connections.at(Venue.POLYMARKET, Mode.LIVE).get(new AccountId("main")))
                .health();
    }
}
