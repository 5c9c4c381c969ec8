package sluice.venues.kalshi;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.provider.Arguments;

/** The venue's golden vectors: ours, or those in the file that {@code -Dsluice.vectors.kalshi=FILE} names. */
final class KalshiVectors {
    static final JsonNode ALL = read();

    private KalshiVectors() {}

    private static JsonNode read() {
        var file = System.getProperty("sluice.vectors.kalshi");
        try (var in = file == null
                ? KalshiVectors.class.getResourceAsStream("/kalshi-vectors.json")
                : Files.newInputStream(Path.of(file))) {
            return KalshiJson.MAPPER.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<JsonNode> each(String pointer) {
        var node = ALL.at(pointer);
        if (node.isEmpty()) {
            throw new IllegalStateException("there are no vectors at " + pointer);
        }
        return StreamSupport.stream(node.spliterator(), false);
    }

    /** Named cases of an object, for parameterised tests. */
    static Stream<Arguments> named(String pointer) {
        return ALL.at(pointer).properties().stream()
                .map((Map.Entry<String, JsonNode> it) -> Arguments.of(it.getKey(), it.getValue()));
    }

    static KalshiJson sample(String pointer) {
        var node = ALL.at(pointer);
        if (node.isMissingNode()) {
            throw new IllegalStateException("there is no sample at " + pointer);
        }
        return new KalshiJson(node);
    }
}
