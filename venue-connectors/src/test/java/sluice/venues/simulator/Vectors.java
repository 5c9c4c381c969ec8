package sluice.venues.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Golden vectors of the venues: a file that a system property names, else the one beside the repository. */
public final class Vectors {
    private Vectors() {}

    /** Skips the test that asks if there are none. */
    public static JsonNode of(String venue) {
        Path file = find(venue);
        Assumptions.assumeTrue(
                Files.exists(file),
                "skipped: no " + venue + "-vectors.json in shared/venues beside the repository, and"
                        + " -Dsluice.vectors." + venue + " names none");
        try {
            return JsonMapper.builder().build().readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    private static Path find(String venue) {
        String named = System.getProperty("sluice.vectors." + venue);
        if (named != null) {
            return Path.of(named);
        }
        String shared = System.getProperty("sluice.shared");
        String name = "venues/" + venue + "-vectors.json";
        if (shared != null) {
            return Path.of(shared, name);
        }
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path file = folder.resolve("shared").resolve(name);
            if (Files.exists(file)) {
                return file;
            }
        }
        return Path.of(name);
    }
}
