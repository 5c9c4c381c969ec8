package sluice.console.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.venues.simulator.Simulator;

/** What is wrong with the files of a simulated venue is said in one line. */
@Timeout(60) // without a mistake in its files it runs until it is stopped
class SimulateCommandTest {
    @TempDir
    Path folder;

    @Test
    void brokenFaultsAreSaidWithTheirPlace() throws IOException {
        // Given
        Path broken = Files.writeString(folder.resolve("broken.json"), "{\"faults\": [\n  {\"fault\": \"F1\",}\n]}\n");

        // When
        var run = simulate("--setup", "setup.json", "--faults", "broken.json");

        // Then
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILURE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo("error: cannot simulate kalshi: " + broken + ", line 2, column 18: this is not JSON: "
                        + "Unexpected character ('}' (code 125)): was expecting double-quote to start field name; "
                        + "mend it and start again\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"accounts\": ["})
    void aSetupThatEndsTooSoonIsSaidWithItsPlace(String text) throws IOException {
        // Given
        Path broken = Files.writeString(folder.resolve("setup.json"), text);

        // When
        var run = simulate("--setup", "setup.json");

        // Then
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILURE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo("error: cannot simulate kalshi: " + broken + ", line 1, column " + (text.length() + 1)
                        + ": this is not JSON: it ends before it is complete; mend it and start again\n");
    }

    @Test
    void aFileThatCannotBeReadIsNamedWithTheReason() {
        // When
        var run = simulate("--setup", "no-such-file.json");

        // Then
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILURE);
        assertThat(run.err())
                .isEqualTo("error: cannot simulate kalshi: " + folder.resolve("no-such-file.json")
                        + ": there is no such file or folder\n");
    }

    /** The setup that the help shows for Polymarket is one that can be traded with as it stands. */
    @Test
    void thePolymarketSetupOfTheHelpWorksAsItStands() throws IOException {
        // Given
        var help = new TestHost(folder).run("simulate", "--help").out();
        String setup = between(help, "  {\"accounts\": [{\"name\": \"me\", \"address\"", "With chain-url");
        Files.writeString(folder.resolve("poly.json"), setup);
        String digits = between(help, "  printf ", " > wallet.key").substring("  printf ".length());
        Path wallet = Files.writeString(folder.resolve("wallet.key"), digits);
        Files.setPosixFilePermissions(wallet, PosixFilePermissions.fromString("rw-------"));

        // When
        try (var simulator = Simulator.start(new Simulator.Settings(
                Simulator.Kind.POLYMARKET,
                0,
                0,
                folder.resolve("ledger"),
                null,
                1,
                folder.resolve("poly.json"),
                null,
                1,
                true,
                0))) {
            Files.writeString(folder.resolve("sluice.yaml"), """
                    accounts: [{name: main, mode: LIVE, polymarket: {wallet-file: wallet.key}}]
                    venues: {polymarket: {environment: simulated, address: "http://127.0.0.1:%1$d",
                      chain-url: "http://127.0.0.1:%1$d/chain"}}
                    """.formatted(simulator.port()));
            var check = new TestHost(folder).run("venues", "check", "-o", "ndjson");

            // Then
            assertThat(check.exitCode()).as(check.out() + check.err()).isEqualTo(ExitCode.OK);
            assertThat(check.out()).contains("\"available\":\"1000\"", "1000 dollars");
            assertThat(setup).containsPattern("\"0x[0-9a-f]{64}\"");
            var market = URI.create(
                    "http://127.0.0.1:" + simulator.port() + "/gamma/markets?condition_ids=0x" + "5f".repeat(32));
            try (var told = market.toURL().openStream()) {
                assertThat(new String(told.readAllBytes(), StandardCharsets.UTF_8))
                        .contains("Will it rain?");
            }
        }
    }

    private static String between(String text, String from, String to) {
        int start = text.indexOf(from);
        int end = text.indexOf(to, start);
        assertThat(start).as(text).isNotNegative();
        assertThat(end).as(text).isGreaterThan(start);
        return text.substring(start, end);
    }

    private TestHost.Run simulate(String... options) {
        var arguments = Stream.concat(Stream.of("simulate", "kalshi", "--ledger", "ledger"), Stream.of(options));
        return new TestHost(folder).run(arguments.toArray(String[]::new));
    }
}
