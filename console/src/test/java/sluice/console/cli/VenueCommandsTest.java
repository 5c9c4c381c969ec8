package sluice.console.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.console.stack.SimulatedPolymarket;

/** What {@code venues check} says of a venue, and that it leaves nothing behind there. */
class VenueCommandsTest {
    private static final long HEARTBEAT_MILLIS = 300;

    @TempDir
    Path folder;

    /** Who begins heartbeats and falls silent has every open order of the account cancelled. */
    @Test
    void aCheckOfALiveAccountLeavesTheOrdersOfAnotherProcessOpen() throws Exception {
        // Given
        try (var venue = new SimulatedPolymarket(folder, HEARTBEAT_MILLIS)) {
            venue.rest();

            // When
            var run = check(venue.configuration(""));

            // Then nothing is cancelled, long after the venue would have missed a heartbeat
            assertThat(run.exitCode()).as(run.err() + run.out()).isEqualTo(ExitCode.OK);
            long until =
                    System.nanoTime() + Duration.ofMillis(5 * HEARTBEAT_MILLIS).toNanos();
            while (System.nanoTime() < until) {
                assertThat(venue.openOrders()).hasSize(1);
            }
        }
    }

    @Test
    void itSaysWhatTheEnvironmentSetOverTheFile() throws Exception {
        try (var venue = new SimulatedPolymarket(folder, HEARTBEAT_MILLIS)) {
            var run = new TestHost(folder)
                    .with("MAX_DAILY_LOSS", "5")
                    .run("venues", "check", "--config", venue.configuration("").toString(), "-o", "ndjson");

            assertThat(run.err()).contains("Environment MAX_DAILY_LOSS: limits.max-daily-loss = 5");
        }
    }

    @Test
    void withoutANodeItSaysThatTheChainWasNotAsked() throws Exception {
        try (var venue = new SimulatedPolymarket(folder, HEARTBEAT_MILLIS)) {
            var run = check(venue.configuration(""));

            assertThat(run.exitCode()).as(run.err() + run.out()).isEqualTo(ExitCode.OK);
            assertThat(run.out())
                    .contains("\"chain\":\"not asked: no node is configured (venues: polymarket: chain-url)\"");
        }
    }

    @Test
    void withANodeItShowsWhatTheChainSaysOfTheWallet() throws Exception {
        try (var venue = new SimulatedPolymarket(folder, HEARTBEAT_MILLIS)) {
            var run = check(venue.configuration(", chain-url: \"" + venue.address() + "/chain\""));

            assertThat(run.exitCode()).as(run.err() + run.out()).isEqualTo(ExitCode.OK);
            assertThat(run.out())
                    .contains(
                            "\"chain\":\"1000 dollars; allowances standard unlimited and tokens; neg-risk unlimited and"
                                    + " tokens; unified unlimited and tokens\"");
        }
    }

    @Test
    void aNodeThatCannotBeReadFailsTheCheckWithoutShowingItsAddress() throws Exception {
        try (var venue = new SimulatedPolymarket(folder, HEARTBEAT_MILLIS)) {
            var run = check(venue.configuration(", chain-url: \"" + venue.address() + "/v3/key-of-the-node\""));

            assertThat(run.exitCode()).isEqualTo(ExitCode.FAILURE);
            assertThat(run.out()).contains("the chain could not be read: the node answered 40");
            assertThat(run.out() + run.err()).doesNotContain("key-of-the-node");
        }
    }

    private TestHost.Run check(Path config) throws IOException {
        return new TestHost(folder).run("venues", "check", "--config", config.toString(), "-o", "ndjson");
    }
}
