package sluice.console.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The figures in the README are those that the benchmarks wrote. */
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
