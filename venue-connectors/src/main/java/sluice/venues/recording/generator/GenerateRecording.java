package sluice.venues.recording.generator;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import sluice.domain.MarketId;
import sluice.venues.recording.Problems;
import sluice.venues.recording.Recording;
import sluice.venues.recording.Recordings;

/** Writes the shipped recording anew and prints its figures beside those of real recordings. */
public final class GenerateRecording {
    /** The game that both venues list. */
    static final Map.Entry<MarketId, MarketId> PAIR = Map.entry(
            MarketId.parse("kalshi:KXGENHOOPS-26FEB01HRBSMT-HRB"),
            MarketId.parse("polymarket:gen-hoops-hrb-smt-2026-02-01"));

    private GenerateRecording() {}

    /** Arguments: the file to write ({@code .jsonl.gz}) and, if it is not that of the shipped recording, a seed. */
    public static void main(String... args) throws IOException {
        if (args.length < 1 || args.length > 2) {
            System.err.println("usage: GenerateRecording FILE.jsonl.gz [SEED]");
            System.exit(2);
        }
        Path file = Path.of(args[0]);
        long seed = args.length > 1 ? Long.parseLong(args[1]) : RecordingGenerator.SHIPPED_SEED;
        write(seed, file);
        try (Recording.Events events = Recordings.open(file, new Problems()).events()) {
            System.out.print(RecordingStatistics.table(RecordingStatistics.of(events, PAIR)));
        }
        System.out.println(file + ": " + Files.size(file) + " bytes");
    }

    static void write(long seed, Path file) throws IOException {
        try (OutputStream raw = Files.newOutputStream(file);
                OutputStream packed = new Packed(raw)) {
            for (String line : RecordingGenerator.lines(seed)) {
                packed.write(line.getBytes(StandardCharsets.UTF_8));
                packed.write('\n');
            }
        }
    }

    private static final class Packed extends GZIPOutputStream {
        Packed(OutputStream out) throws IOException {
            super(out, 1 << 16);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
