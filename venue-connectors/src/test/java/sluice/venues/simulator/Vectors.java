package sluice.venues.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Golden vectors of the venues: a file that {@code -Dsluice.vectors.VENUE} names, else those of the test resources. */
public final class Vectors {
    private Vectors() {}

    public static JsonNode of(String venue) {
        String named = System.getProperty("sluice.vectors." + venue);
        try {
            if (named != null) {
                return JsonMapper.builder().build().readTree(Files.readString(Path.of(named)));
            }
            try (var shipped = Vectors.class.getResourceAsStream("/" + venue + "-vectors.json")) {
                return JsonMapper.builder().build().readTree(Objects.requireNonNull(shipped, "vectors of " + venue));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the vectors of " + venue + " cannot be read", e);
        }
    }
}
