package sluice.console.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The figures in the README are those that the benchmarks and the crash test wrote. */
class FiguresTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static JsonNode results(String name) throws IOException {
        return new JsonMapper()
                .readTree(ROOT.resolve("benchmarks/results").resolve(name).toFile());
    }

    @Test
    void everyFigureStandsInAFileOfResults() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        JsonNode pipeline = results("pipeline.json");

        assertThat(readme)
                .contains("records a second | "
                        + pipeline.path("taskToPassThrough").asText() + " |")
                .contains("alone | " + pipeline.path("passThroughToHop").asText() + " |")
                .contains("p50 " + pipeline.path("decisionMillisP50").asText() + " ms, p99 "
                        + pipeline.path("decisionMillisP99").asText() + " ms")
                .contains("p50 " + pipeline.path("hopMillisP50").asText() + " ms, p99 "
                        + pipeline.path("hopMillisP99").asText() + " ms")
                .contains("against 10 | " + String.format(Locale.ROOT, "%.2f", decision(1000) / decision(10)) + " |");
    }

    @Test
    void everyFigureOfSigningStandsInItsFile() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        JsonNode signing = results("signing.json");

        assertThat(readme)
                .contains("orders a second | " + signed(signing.path("polymarket")) + " |")
                .contains("requests a second | " + signed(signing.path("kalshi")) + " |");
    }

    private static String signed(JsonNode venue) {
        return venue.path("ratioNative").asText() + " times; without native code "
                + venue.path("ratioPureJava").asText() + " times";
    }

    @Test
    void everyFigureOfTheConnectorStandsInItsFile() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        JsonNode connector = results("connector.json");

        assertThat(readme)
                .contains("that one committed write | Kalshi "
                        + connector.path("kalshi").path("connectorToCommit").asText() + " times, Polymarket "
                        + connector.path("polymarket").path("connectorToCommit").asText() + " times |");
    }

    @Test
    void everyCountOfTheCrashTestStandsInItsReport() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        JsonNode crash = results("crash.json");

        assertThat(readme)
                .contains("| " + crash.path("namedKills").asText() + " at "
                        + crash.path("points").asText() + " named points, "
                        + crash.path("randomKills").asText() + " at random |")
                .contains("| " + crash.path("approved").asText() + " approved, "
                        + crash.path("placements").asText() + " placements, "
                        + crash.path("ordersAtVenues").asText() + " at the venues, "
                        + crash.path("ordersFilled").asText() + " of them filled |")
                .contains("| " + crash.path("faultsThatStruck").asText() + " |")
                .contains("| " + crash.path("slowestResolutionMillis").asText() + " ms |")
                .contains(found(crash, "duplicate_order"))
                .contains(found(crash, "order_without_placement"))
                .contains(found(crash, "fill_lost_or_doubled"))
                .contains(found(crash, "reservation_leaked"))
                .contains(found(crash, "not_resolved"))
                .contains(found(crash, "process_failed"));
    }

    private static String found(JsonNode crash, String kind) {
        JsonNode found = crash.path("found").path(kind);
        return " | " + found.path("count").asText() + " of "
                + found.path("trials").asText() + " | "
                + found.path("upperBound95").asText() + " |";
    }

    private static double decision(int markets) throws IOException {
        for (JsonNode each : results("decision.json")) {
            if (each.path("benchmark").asText().endsWith("decideAndRelease")
                    && each.path("params").path("markets").asInt() == markets) {
                return each.path("primaryMetric").path("score").asDouble();
            }
        }
        throw new IllegalStateException("no result for " + markets + " markets");
    }
}
