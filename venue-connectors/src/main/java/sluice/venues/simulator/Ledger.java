package sluice.venues.simulator;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import sluice.venues.simulator.core.Command;

/**
 * The simulator's memory: every command it has carried out, one line each, on disk before anybody is answered.
 *
 * <p>FORMAT. A line is eight hexadecimal digits (CRC-32 of the rest), a space, and the command as JSON, ended by a line
 * feed. A last line without its line feed was cut off while it was being written, so nobody was answered: it is dropped
 * when the ledger is opened. Any other line that does not match its checksum means a damaged file, and opening fails.
 */
final class Ledger implements AutoCloseable {
    private final ObjectMapper json;
    private final FileChannel channel;
    private final List<Command> earlier = new ArrayList<>();

    /** @throws IOException if the file cannot be used, or is damaged other than at its end */
    Ledger(ObjectMapper json, Path folder) throws IOException {
        this.json = json;
        Files.createDirectories(folder);
        Path file = folder.resolve("ledger.jsonl");
        byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        int start = 0;
        int number = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                number++;
                earlier.add(read(new String(bytes, start, i - start, StandardCharsets.UTF_8), file, number));
                start = i + 1;
            }
        }
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.tryLock() == null) {
            channel.close();
            throw new IOException(file + " is in use by another simulator; give each its own ledger folder");
        }
        channel.truncate(start);
        channel.position(start);
    }

    private Command read(String line, Path file, int number) throws IOException {
        if (line.length() < 10 || !line.substring(0, 8).equals(checksum(line.substring(9)))) {
            throw new IOException(
                    file + " line " + number + " does not match its checksum: the ledger is damaged, and the"
                            + " simulator would not know whom it owes what. Restore the file or begin with an empty folder");
        }
        return Command.read(json, line.substring(9));
    }

    private static String checksum(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    /** What was in the file when it was opened, in order. */
    List<Command> earlier() {
        return earlier;
    }

    /** Writes a command. With {@code durable} it is on disk when this returns, together with everything before it. */
    void append(Command command, boolean durable) {
        String text = Command.write(json, command);
        ByteBuffer line = ByteBuffer.wrap((checksum(text) + " " + text + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (line.hasRemaining()) {
                channel.write(line);
            }
            if (durable) {
                channel.force(false);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the ledger cannot be written; nothing may be answered any more", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.force(true);
        channel.close();
    }
}
