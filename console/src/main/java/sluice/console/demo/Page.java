package sluice.console.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * Lines that are drawn over and over in the same place of a terminal. A line that wrapped, or a page that scrolled,
 * would tear the next drawing; so each line is cut to the width, and what does not fit the height is left out.
 */
final class Page {
    private static final String RESET = "\u001b[0m";

    private int drawn;
    private TerminalSize size = new TerminalSize(0, 0);

    /** What is written to show {@code lines} in the place of what was drawn before. */
    String draw(List<String> lines, TerminalSize now) {
        var text = new StringBuilder();
        if (!now.equals(size)) {
            // Lines that were drawn for another size stand nobody knows where.
            text.append(drawn == 0 ? "" : "\u001b[2J\u001b[H");
            drawn = 0;
            size = now;
        } else if (drawn > 0) {
            text.append("\u001b[").append(drawn).append('A');
        }
        // The cursor stands below the last line, so one row is its own.
        List<String> page = new ArrayList<>(lines.subList(0, Math.min(lines.size(), Math.max(1, now.height() - 1))));
        while (page.size() < drawn) {
            page.add("");
        }
        for (String line : page) {
            text.append("\u001b[2K").append(cut(line, now.width())).append('\n');
        }
        drawn = page.size();
        return text.toString();
    }

    /** The line, no wider than {@code width}; colours have no width. */
    static String cut(String line, int width) {
        var cut = new StringBuilder();
        int columns = 0;
        boolean coloured = false;
        for (int i = 0; i < line.length(); ) {
            if (line.charAt(i) == '\u001b') {
                int end = line.indexOf('m', i) + 1;
                cut.append(line, i, end);
                coloured = true;
                i = end;
                continue;
            }
            if (columns == width) {
                return coloured ? cut.append(RESET).toString() : cut.toString();
            }
            int point = line.codePointAt(i);
            cut.appendCodePoint(point);
            columns++;
            i += Character.charCount(point);
        }
        return cut.toString();
    }
}
