package sluice.console.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sluice.console.config.ConfigReader;
import sluice.domain.Venue;
import sluice.venues.recording.Problems;
import sluice.venues.recording.Recording;
import sluice.venues.recording.Recordings;

/** The main job with orders that are signed and sent over HTTP to a simulated venue. */
class VenueDemoTest {
    private static final int LINES = 6_000;

    @TempDir
    private Path folder = Path.of("replaced by the extension");

    @ParameterizedTest
    @EnumSource(
            value = Venue.class,
            names = {"KALSHI", "POLYMARKET"})
    void ordersAreSentFilledAndBookedAsTheVenueBooksThem(Venue venue) throws Exception {
        try (var run = demo(venue, "120x")) {
            // When
            DemoSummary summary = run.run();

            // Then
            assertThat(summary.mode()).isEqualTo("LIVE");
            assertThat(summary.orders()).isEqualTo(summary.approved()).isPositive();
            assertThat(summary.fills()).isPositive();
            assertThat(summary.venueBooksEqual()).isTrue();
            assertThat(summary.reservedAtEnd().micros()).isZero();
            assertThat(summary.replaySha256()).isEqualTo(summary.decisionsSha256());
        }
    }

    @Test
    void aVenueHasAClockOfItsOwnAndCannotBeHurried() {
        assertThatThrownBy(() -> demo(Venue.KALSHI, "max"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("speed max is for the paper venue; a venue has a clock of its own, so give a factor such as"
                        + " 60x");
    }

    private VenueDemo demo(Venue venue, String speed) throws Exception {
        Recording recording = Recordings.open(Shipped.recording(folder.resolve("part.jsonl"), LINES), new Problems());
        return new VenueDemo(
                ConfigReader.read(Shipped.root().resolve("console/demo.yaml"), Map.of())
                        .config(),
                recording,
                venue,
                folder.resolve("data"),
                speed,
                new PrintStream(PrintStream.nullOutputStream()),
                false,
                false,
                Map.of());
    }
}
