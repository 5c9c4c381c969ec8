package sluice.venues.recording;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Gives each line to the parser of its file; several files may share one. */
record ByFile(List<Part> parts) implements LineParser {
    /**
     * How one file is read.
     *
     * @param headers lines at its start that are no rows
     */
    record Part(LineParser parser, Line.Order order, int headers) {}

    @Override
    public void accept(Line line, Output out) throws BadLine {
        parts.get(line.rank()).parser.accept(line, out);
    }

    @Override
    public void end(Output out) {
        Set<LineParser> distinct = new LinkedHashSet<>();
        parts.forEach(part -> distinct.add(part.parser));
        distinct.forEach(parser -> parser.end(out));
    }
}
