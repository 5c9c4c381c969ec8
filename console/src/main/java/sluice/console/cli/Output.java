package sluice.console.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes rows to stdout in one of the formats. JSON and NDJSON carry whole rows, tables and CSV their columns.
 *
 * <p>Tables are written when all rows are known, or, when following, row by row with columns that grow as needed.
 */
final class Output {
    private static final String GAP = "  ";
    private static final int WIDEST = 60;

    private final PrintStream out;
    private final OutputFormat format;
    private final List<Column> columns;
    private final boolean following;
    private final List<List<String>> waiting = new ArrayList<>();
    private final int[] widths;
    private long rows;

    Output(PrintStream out, OutputFormat format, List<Column> columns, boolean following) {
        this.out = out;
        this.format = format;
        this.columns = columns;
        this.following = following;
        this.widths =
                columns.stream().mapToInt(column -> column.title().length()).toArray();
    }

    /**
     * Writes a row.
     *
     * @return false once nobody reads stdout any more
     */
    boolean row(JsonNode row) {
        switch (format) {
            case TABLE -> tableRow(row);
            case JSON -> out.print((rows == 0 ? "[\n" : ",\n") + row);
            case NDJSON -> out.print(row + "\n");
            case CSV -> {
                if (rows == 0) {
                    out.print(csv(titles()));
                }
                out.print(csv(cells(row)));
            }
        }
        rows++;
        // Asking flushes, which is too slow to do for every row of a long list.
        return !(following || rows % 256 == 0) || !out.checkError();
    }

    /** Writes one thing by itself: an object in JSON, and a line for each of its fields in a table. */
    static void writeOne(PrintStream out, OutputFormat format, JsonNode thing) {
        switch (format) {
            case JSON -> out.print(thing.toPrettyString() + "\n");
            case NDJSON -> out.print(thing + "\n");
            case TABLE, CSV -> {
                var lines = new ArrayList<List<String>>();
                flatten("", thing, lines);
                if (format == OutputFormat.CSV) {
                    out.print(csv(List.of("field", "value")));
                }
                int width = lines.stream()
                        .mapToInt(line -> line.get(0).length())
                        .max()
                        .orElse(0);
                for (List<String> line : lines) {
                    out.print(
                            format == OutputFormat.CSV
                                    ? csv(line)
                                    : padded(line.get(0), width) + GAP + line.get(1) + "\n");
                }
            }
        }
        out.flush();
    }

    private static void flatten(String path, JsonNode node, List<List<String>> lines) {
        if (node.isObject() && !node.isEmpty()) {
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                flatten(path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), lines);
            }
        } else if (node.isArray() && !node.isEmpty()) {
            for (int i = 0; i < node.size(); i++) {
                flatten(path + "." + i, node.get(i), lines);
            }
        } else if (!node.isNull()) {
            lines.add(List.of(path, visible(node.isContainerNode() ? "none" : node.asText())));
        }
    }

    /** Number of rows so far. */
    long rows() {
        return rows;
    }

    /**
     * Ends the output. Without it a table is not shown and an array not closed, so that what a failure cut short does
     * not look whole.
     */
    void end() {
        switch (format) {
            case TABLE -> {
                if (rows == 0) {
                    tableLine(titles());
                }
                flushTable();
            }
            case JSON -> out.print(rows == 0 ? "[]\n" : "\n]\n");
            case CSV -> {
                if (rows == 0) {
                    out.print(csv(titles()));
                }
            }
            case NDJSON -> {}
        }
        out.flush();
    }

    private void tableRow(JsonNode row) {
        List<String> cells = cells(row).stream().map(Output::visible).toList();
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], Math.min(WIDEST, cells.get(i).length()));
        }
        waiting.add(cells);
        if (following) {
            if (rows == 0) {
                tableLine(titles());
            }
            flushTable();
        }
    }

    private void flushTable() {
        if (!following && rows > 0) {
            tableLine(titles());
        }
        waiting.forEach(this::tableLine);
        waiting.clear();
    }

    private void tableLine(List<String> cells) {
        var line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            line.append(i == 0 ? "" : GAP).append(padded(cells.get(i), widths[i]));
        }
        out.print(line.toString().stripTrailing() + "\n");
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private List<String> titles() {
        return columns.stream()
                .map(column -> format == OutputFormat.TABLE
                        ? column.title().toUpperCase(Locale.ROOT).replace('_', ' ')
                        : column.title())
                .toList();
    }

    private List<String> cells(JsonNode row) {
        return columns.stream()
                .map(column -> {
                    JsonNode value = Where.at(row, column.path());
                    return value.isNull() || value.isMissingNode() ? "" : Where.text(value);
                })
                .toList();
    }

    /** A cell must not move the cursor or break the line, whatever a record holds. */
    private static String visible(String text) {
        return text.codePoints().anyMatch(Character::isISOControl)
                ? text.codePoints()
                        .map(c -> Character.isISOControl(c) ? '\uFFFD' : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                : text;
    }

    private static String csv(List<String> cells) {
        return cells.stream()
                        .map(cell -> cell.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                                ? "\"" + cell.replace("\"", "\"\"") + "\""
                                : cell)
                        .collect(Collectors.joining(","))
                + "\r\n";
    }
}
