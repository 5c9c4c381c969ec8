package sluice.venues.recording;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows of a CSV file whose columns are found by the names in its first line, so that their order does not matter. */
final class Csv {
    private final Map<String, Integer> columns = new HashMap<>();
    private final int width;

    Csv(String header) throws BadLine {
        List<String> names = split(header);
        width = names.size();
        for (int i = 0; i < width; i++) {
            columns.put(names.get(i).trim().toLowerCase(Locale.ROOT), i);
        }
    }

    boolean hasAll(String... names) {
        for (String name : names) {
            if (!columns.containsKey(name)) {
                return false;
            }
        }
        return true;
    }

    /** @throws BadLine if the row has another number of columns than the header or a quote is left open */
    Row row(String text) throws BadLine {
        List<String> values = split(text);
        if (values.size() != width) {
            throw new BadLine(values.size() + " columns; the header has " + width);
        }
        return new Row(this, values);
    }

    private static List<String> split(String text) throws BadLine {
        List<String> values = new ArrayList<>();
        int at = 0;
        while (at <= text.length()) {
            if (at < text.length() && text.charAt(at) == '"') {
                StringBuilder value = new StringBuilder();
                at++;
                while (true) {
                    int quote = text.indexOf('"', at);
                    if (quote < 0) {
                        throw new BadLine("a quote is left open");
                    }
                    value.append(text, at, quote);
                    at = quote + 1;
                    if (at < text.length() && text.charAt(at) == '"') {
                        value.append('"');
                        at++;
                    } else {
                        break;
                    }
                }
                if (at < text.length() && text.charAt(at) != ',') {
                    throw new BadLine("text after a closing quote");
                }
                values.add(value.toString());
                at++;
            } else {
                int comma = text.indexOf(',', at);
                int end = comma < 0 ? text.length() : comma;
                values.add(text.substring(at, end));
                at = end + 1;
            }
        }
        return values;
    }

    /** One row. */
    record Row(Csv header, List<String> values) {
        /** The value; null where it is empty, says null, or has no column. */
        @Nullable
        String text(String name) {
            Integer column = header.columns.get(name);
            if (column == null) {
                return null;
            }
            String value = values.get(column).trim();
            return value.isEmpty() || value.equalsIgnoreCase("null") || value.equalsIgnoreCase("nan") ? null : value;
        }

        String need(String name) throws BadLine {
            String text = text(name);
            if (text == null) {
                throw new BadLine(name + " is missing");
            }
            return text;
        }
    }
}
