package sluice.console.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import sluice.venues.recording.Recordings;

/** What the repository ships, for tests that run it. */
public final class Shipped {
    private Shipped() {}

    /** The repository's root. */
    public static Path root() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("README.md")) && Files.exists(at.resolve("mvnw"))) {
                return at;
            }
        }
        throw new IllegalStateException("the test does not run inside the repository");
    }

    /** The first lines of the shipped recording, as a recording of its own in {@code file}. */
    public static Path recording(Path file, int lines) throws IOException {
        var shipped = Objects.requireNonNull(Recordings.class.getResourceAsStream("/recordings/game-night.jsonl.gz"));
        try (var reader =
                new BufferedReader(new InputStreamReader(new GZIPInputStream(shipped), StandardCharsets.UTF_8))) {
            return Files.write(file, reader.lines().limit(lines).toList());
        }
    }
}
