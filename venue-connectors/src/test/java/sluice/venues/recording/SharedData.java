package sluice.venues.recording;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** Real recordings, which may not be committed: a folder {@code shared/data} beside the repository. */
final class SharedData {
    private SharedData() {}

    /** A path below {@code shared/data}; the test that asks is skipped where it is absent. */
    static Path find(String below) {
        Path found = look(below);
        Assumptions.assumeTrue(
                found != null,
                "skipped: no " + below + " in a folder shared/data beside the repository (-Dsluice.shared)");
        return found == null ? Path.of("") : found;
    }

    private static @Nullable Path look(String below) {
        String told = System.getProperty("sluice.shared");
        if (told != null) {
            Path path = Path.of(told, "data", below);
            return Files.exists(path) ? path : null;
        }
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path path = folder.resolve("shared").resolve("data").resolve(below);
            if (Files.exists(path)) {
                return path;
            }
        }
        return null;
    }
}
