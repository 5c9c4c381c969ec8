package sluice.venues.recording;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Writes small recordings and reads them whole. */
final class RecordedFiles {
    private RecordedFiles() {}

    static Path write(Path folder, String name, String... lines) throws IOException {
        return write(folder, name, List.of(lines));
    }

    static Path write(Path folder, String name, List<String> lines) throws IOException {
        String text = String.join("\n", lines) + "\n";
        Path file = folder.resolve(name);
        Files.write(file, name.endsWith(".gz") ? gzip(text) : text.getBytes(StandardCharsets.UTF_8));
        return file;
    }

    static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream packed = new GZIPOutputStream(bytes)) {
            packed.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    static List<RecordedEvent> read(Path path, Problems problems) throws IOException {
        return read(path, RecordingOptions.DEFAULTS, problems);
    }

    static List<RecordedEvent> read(Path path, RecordingOptions options, Problems problems) throws IOException {
        List<RecordedEvent> all = new ArrayList<>();
        try (Recording.Events events =
                Recordings.open(path, null, options, problems).events()) {
            events.forEachRemaining(all::add);
        }
        return all;
    }

    static <E extends RecordedEvent> List<E> only(Class<E> type, List<RecordedEvent> events) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
