package sluice.console.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import sluice.console.config.SluiceConfig;
import sluice.domain.Mode;
import sluice.domain.Venue;

/**
 * At which hosts the live books in a data folder were made. Positions, limits and armings of a simulated venue must
 * never count at the real one.
 */
final class VenuesOfFolder {
    private static final String FILE = "venues.properties";

    private VenuesOfFolder() {}

    /**
     * Notes the hosts of every venue with a live account, or holds them against what was noted before.
     *
     * @throws StackException if the folder's live books were made at other hosts
     * @throws IOException if the note cannot be read or written
     */
    static void require(Path folder, SluiceConfig config) throws IOException {
        Path file = folder.resolve(FILE);
        var noted = new Properties();
        if (Files.exists(file)) {
            try (var in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                noted.load(in);
            }
        }
        boolean changed = false;
        for (Venue venue : List.of(Venue.KALSHI, Venue.POLYMARKET)) {
            if (config.accounts().stream()
                    .noneMatch(account -> config.modeOf(account) == Mode.LIVE && account.reaches(venue))) {
                continue;
            }
            String now = word(config.venues().environmentOf(venue));
            String before = noted.getProperty(word(venue));
            if (before == null) {
                noted.setProperty(word(venue), now);
                changed = true;
            } else if (!before.equals(now)) {
                throw new StackException("the live books in " + folder + " were made at " + word(venue) + " " + before
                        + ", and the configuration says " + now
                        + "; give this one a folder of its own with --name, or set the environment back");
            }
        }
        if (changed) {
            Files.createDirectories(folder);
            try (var out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
                noted.store(out, null);
            }
        }
    }

    private static String word(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }
}
