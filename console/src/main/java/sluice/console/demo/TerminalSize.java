package sluice.console.demo;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Columns and rows of a terminal. */
record TerminalSize(int width, int height) {
    static final TerminalSize USUAL = new TerminalSize(80, 24);

    private static final Pattern STTY = Pattern.compile("(\\d{1,5}) (\\d{1,5})\\s*");
    private static final File TERMINAL = new File("/dev/tty");

    /** What the terminal says now, or else COLUMNS and LINES, or else the usual size. */
    static TerminalSize now(Map<String, String> environment) {
        return of(stty(), environment);
    }

    static TerminalSize of(String stty, Map<String, String> environment) {
        Matcher rowsAndColumns = STTY.matcher(stty);
        if (rowsAndColumns.matches()) {
            int height = Integer.parseInt(rowsAndColumns.group(1));
            int width = Integer.parseInt(rowsAndColumns.group(2));
            if (height > 0 && width > 0) {
                return new TerminalSize(width, height);
            }
        }
        return new TerminalSize(
                positive(environment.get("COLUMNS"), USUAL.width), positive(environment.get("LINES"), USUAL.height));
    }

    private static int positive(@org.jspecify.annotations.Nullable String text, int otherwise) {
        return text != null && text.matches("[1-9]\\d{0,4}") ? Integer.parseInt(text) : otherwise;
    }

    private static String stty() {
        try {
            Process asked = new ProcessBuilder("stty", "size")
                    .redirectInput(TERMINAL)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                String answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                return asked.waitFor(1, TimeUnit.SECONDS) && asked.exitValue() == 0 ? answer : "";
            } finally {
                asked.destroyForcibly();
            }
        } catch (IOException e) {
            return ""; // No terminal, or no such program.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
