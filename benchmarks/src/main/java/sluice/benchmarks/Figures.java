package sluice.benchmarks;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** How figures are taken from measurements and written down. */
final class Figures {
    private Figures() {}

    /** Writes a file of {@code benchmarks/results}, below the working directory, and shows it. */
    static void write(String name, Map<String, Object> result) throws IOException {
        String json = new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(result);
        Path file = Path.of("benchmarks", "results", name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, json + "\n");
        System.out.println(json);
    }

    /** With two decimals. */
    static String decimals(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    static String millis(double nanos) {
        return decimals(nanos / 1e6);
    }

    /** The smallest value that no less than {@code share} of them reach. */
    static double percentile(Collection<? extends Number> values, double share) {
        List<Double> sorted = values.stream().map(Number::doubleValue).sorted().toList();
        return sorted.get((int) Math.min(sorted.size() - 1L, (long) (sorted.size() * share)));
    }

    /** Of an odd number of values, the one in the middle. */
    static double median(Collection<? extends Number> values) {
        return percentile(values, 0.5);
    }

    static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
