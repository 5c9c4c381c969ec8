package sluice.console.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sluice.console.config.RunningStack;

/** The folder of a demo's data: only what a demo has made is ever removed from it. */
final class RunFolder {
    private static final String MARKER = "demo.json";
    private static final ObjectMapper JSON = new JsonMapper();

    private RunFolder() {}

    /** What is written beside a run's data. */
    private record Marker(String recording, boolean finished) {}

    /**
     * Makes room for a run: removes a finished one, and goes on with an unfinished one of the same recording.
     *
     * @param fresh throw an unfinished run away as well
     * @throws IOException if a run is under way there, or the folder holds something else
     */
    static void makeRoom(Path directory, String recording, boolean fresh, PrintStream err) throws IOException {
        Optional<RunningStack> running = RunningStack.read(directory).filter(RunningStack::isAlive);
        if (running.isPresent()) {
            throw new IOException("a demo is running already in " + directory + ", process "
                    + running.get().pid() + "; end it first, or give another folder with --data-directory");
        }
        Marker marker = read(directory);
        if (marker != null && !marker.finished && !fresh && !marker.recording.equals(recording)) {
            throw new IOException(directory + " holds an unfinished run of " + marker.recording
                    + "; finish it by running it again, or throw it away with --fresh");
        }
        if (marker != null && (marker.finished || fresh)) {
            remove(directory);
        } else if (marker != null) {
            err.println("going on with the unfinished run in " + directory);
        } else if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                if (files.findAny().isPresent()) {
                    throw new IOException(
                            directory + " is no folder of a demo, and nothing in it is touched; give another"
                                    + " one with --data-directory");
                }
            }
        }
        Files.createDirectories(directory);
        mark(directory, recording, false);
    }

    private static @Nullable Marker read(Path directory) throws IOException {
        try {
            var tree = JSON.readTree(Files.readString(directory.resolve(MARKER)));
            return new Marker(
                    tree.path("recording").asText(""), tree.path("finished").asBoolean(false));
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Notes what the folder holds. */
    static void mark(Path directory, String recording, boolean finished) throws IOException {
        Map<String, Object> marker = new LinkedHashMap<>();
        marker.put("recording", recording);
        marker.put("finished", finished);
        Files.writeString(directory.resolve(MARKER), JSON.writeValueAsString(marker));
    }

    private static void remove(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
