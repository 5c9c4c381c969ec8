package sluice.venues.polymarket;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.provider.Arguments;

/** Golden vectors: our copy, or any file of the same format named by {@code -Dsluice.vectors.polymarket}. */
final class Vectors {
    static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final JsonNode ALL = load();

    private Vectors() {}

    static Stream<Arguments> of(String... path) {
        var node = ALL;
        for (var name : path) {
            node = node.path(name);
        }
        return StreamSupport.stream(node.spliterator(), false)
                .map(it -> Arguments.of(it.path("id").asText(it.toString()), it));
    }

    static JsonNode order(String id) {
        return StreamSupport.stream(ALL.path("orders").spliterator(), false)
                .filter(it -> it.path("id").asText().equals(id))
                .findFirst()
                .orElseThrow();
    }

    static byte[] bytes(JsonNode hex) {
        return HexFormat.of().parseHex(hex.asText().substring(2));
    }

    private static JsonNode load() {
        var file = System.getProperty("sluice.vectors.polymarket");
        try {
            if (file != null && !file.isEmpty()) {
                return JSON.readTree(Files.readString(Path.of(file)));
            }
            try (var in = Vectors.class.getResourceAsStream("/polymarket-vectors.json")) {
                return JSON.readTree(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("vectors cannot be read from " + file, e);
        }
    }
}
