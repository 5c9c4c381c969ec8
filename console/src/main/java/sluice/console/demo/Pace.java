package sluice.console.demo;

import java.util.Locale;

/**
 * How fast a recording is played.
 *
 * @param factor recorded seconds for each second; 0 for as fast as everything is taken in
 */
record Pace(int factor) {
    static final Pace MAX = new Pace(0);

    /**
     * Reads {@code max}, or a factor such as {@code 60x}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static Pace parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.equals("max")) {
            return MAX;
        }
        if (lower.matches("[1-9]\\d{0,5}x")) {
            return new Pace(Integer.parseInt(lower.substring(0, lower.length() - 1)));
        }
        throw new IllegalArgumentException("speed \"" + text + "\" is not max or a factor such as 1x or 60x");
    }

    /**
     * Milliseconds to wait before what was recorded {@code recordedMillis} after the start, {@code elapsedMillis} in.
     */
    long millisToWait(long recordedMillis, long elapsedMillis) {
        return factor == 0 ? 0 : Math.max(0, recordedMillis / factor - elapsedMillis);
    }
}
