package sluice.console.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The note that an embedded stack leaves in its folder, so that other commands find it: {@code running.json}.
 *
 * @param name name of the stack, which is that of its folder
 * @param pid process that runs it
 * @param startedAt when that process started, RFC 3339, so that a later process with the same number is not taken for
 *     it; empty where the system does not tell
 * @param bootstrapServers where its broker listens
 * @param registryUrl where its schema registry listens
 * @param prefix what the name of every topic begins with
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RunningStack(
        String name, long pid, String startedAt, String bootstrapServers, String registryUrl, String prefix) {
    public static final String FILE = "running.json";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .build();

    public RunningStack {
        if (!startedAt.isEmpty()) {
            Instant.parse(startedAt);
        }
    }

    /** What a search for running stacks found. */
    public record Found(List<RunningStack> alive, List<RunningStack> stale) {}

    /** The note of this very process. */
    public static RunningStack ofThisProcess(String name, String bootstrapServers, String registryUrl, String prefix) {
        ProcessHandle self = ProcessHandle.current();
        return new RunningStack(name, self.pid(), startOf(self), bootstrapServers, registryUrl, prefix);
    }

    /** Leaves the note in {@code folder}; a reader sees the old one or this, never half of one. */
    public void writeTo(Path folder) throws IOException {
        Path half = Files.createTempFile(folder, "running", ".tmp");
        try {
            JSON.writerWithDefaultPrettyPrinter().writeValue(half.toFile(), this);
            Files.move(half, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(half);
        }
    }

    /** Takes the note away at the end, unless another process has left its own since. */
    public void removeFrom(Path folder) throws IOException {
        if (read(folder).filter(this::equals).isPresent()) {
            Files.deleteIfExists(folder.resolve(FILE));
        }
    }

    /** The note in {@code folder}, whether its process lives or not; empty if there is none that can be read. */
    public static Optional<RunningStack> read(Path folder) throws IOException {
        try {
            return Optional.of(JSON.readValue(Files.readString(folder.resolve(FILE)), RunningStack.class));
        } catch (NoSuchFileException | JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** Every note one folder below {@code dataDirectory}, by whether its process still lives. */
    public static Found findIn(Path dataDirectory) throws IOException {
        var alive = new ArrayList<RunningStack>();
        var stale = new ArrayList<RunningStack>();
        if (Files.isDirectory(dataDirectory)) {
            try (Stream<Path> folders = Files.list(dataDirectory)) {
                for (Path folder : folders.sorted().toList()) {
                    read(folder).ifPresent(stack -> (stack.isAlive() ? alive : stale).add(stack));
                }
            }
        }
        return new Found(List.copyOf(alive), List.copyOf(stale));
    }

    /** Whether the process that left the note still runs. */
    public boolean isAlive() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> isSameStart(startOf(process)))
                .isPresent();
    }

    /** Two readings of one process's start may differ by the clock tick that the system counts in. */
    private boolean isSameStart(String other) {
        if (startedAt.isEmpty() || other.isEmpty()) {
            return true;
        }
        return Duration.between(Instant.parse(startedAt), Instant.parse(other))
                        .abs()
                        .toMillis()
                < 2_000;
    }

    private static String startOf(ProcessHandle process) {
        return Objects.requireNonNull(
                process.info().startInstant().map(Instant::toString).orElse(""));
    }
}
