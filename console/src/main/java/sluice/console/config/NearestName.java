package sluice.console.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses what somebody meant to type. */
public final class NearestName {
    private NearestName() {}

    /** The candidate with the fewest edits to {@code word}, if they are few enough to be a slip. */
    public static Optional<String> of(String word, Collection<String> candidates) {
        int most = Math.max(2, word.length() / 3);
        return candidates.stream()
                .filter(candidate -> edits(word, candidate) <= most)
                .min(Comparator.<String>comparingInt(candidate -> edits(word, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** The suggestion as the end of a message: {@code "; did you mean x?"}, or nothing. */
    public static String suggestion(String word, Collection<String> candidates) {
        return of(word, candidates).map(name -> "; did you mean " + name + "?").orElse("");
    }

    /** Insertions, deletions and replacements that turn {@code a} into {@code b}. */
    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
