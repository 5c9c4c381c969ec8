package sluice.venues.recording;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import sluice.venues.recording.Problems.Kind;
import sluice.venues.recording.RecordedEvent.FillEvent;
import sluice.venues.recording.RecordedEvent.MarketEvent;
import sluice.venues.recording.RecordedEvent.QuoteEvent;
import sluice.venues.recording.RecordedEvent.RawSignalEvent;
import sluice.venues.recording.RecordedEvent.SettlementEvent;
import sluice.venues.recording.RecordedEvent.SignalEvent;

/** Pulls lines, has them parsed, and gives the events in time order. */
final class EventStream implements Recording.Events, LineParser.Output {
    private record Later(RecordedEvent event, long sequence) {}

    private final OrderedLines lines;
    private final LineParser parser;
    private final long bytesTotal;
    private final Problems problems;
    private final ArrayDeque<RecordedEvent> ready = new ArrayDeque<>();
    private final PriorityQueue<Later> later =
            new PriorityQueue<>(Comparator.<Later>comparingLong(l -> l.event.atMillis())
                    .thenComparingInt(l -> place(l.event))
                    .thenComparingLong(Later::sequence));
    private long sequence;
    private long given;
    private long now = Long.MIN_VALUE;
    private boolean ended;

    EventStream(OrderedLines lines, LineParser parser, long bytesTotal, Problems problems) {
        this.lines = lines;
        this.parser = parser;
        this.bytesTotal = bytesTotal;
        this.problems = problems;
    }

    /** Order at one moment: what a market is, its book, what was asked, what was traded, what it paid. */
    private static int place(RecordedEvent event) {
        return switch (event) {
            case MarketEvent e -> 0;
            case QuoteEvent e -> 1;
            case SignalEvent e -> 2;
            case RawSignalEvent e -> 2;
            case FillEvent e -> 3;
            case SettlementEvent e -> 4;
        };
    }

    @Override
    public void emit(RecordedEvent event) {
        while (!later.isEmpty() && due(later.element(), event)) {
            give(later.remove().event);
        }
        give(event);
    }

    private static boolean due(Later waiting, RecordedEvent event) {
        int order = Long.compare(waiting.event.atMillis(), event.atMillis());
        return order < 0 || (order == 0 && place(waiting.event) < place(event));
    }

    private void give(RecordedEvent event) {
        if (event.atMillis() < now) {
            throw new IllegalStateException("event at " + event.atMillis() + " after one at " + now
                    + "; a reader must keep time order: " + event);
        }
        now = event.atMillis();
        ready.add(event);
        if (event instanceof QuoteEvent quote && quote.crossed()) {
            problems.add(
                    Kind.CROSSED,
                    quote.quote().source(),
                    0,
                    quote.quote().market() + " at " + Instant.ofEpochMilli(now));
        }
    }

    @Override
    public void later(RecordedEvent event) {
        later.add(new Later(event, sequence++));
    }

    @Override
    public boolean hasNext() {
        try {
            while (ready.isEmpty() && !ended) {
                step();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return !ready.isEmpty();
    }

    private void step() throws IOException {
        Line line = lines.next();
        if (line == null) {
            ended = true;
            parser.end(this);
            while (!later.isEmpty()) {
                give(later.remove().event);
            }
            return;
        }
        try {
            parser.accept(line, this);
        } catch (BadLine e) {
            report(line, e.getMessage());
        }
    }

    private void report(Line line, @Nullable String reason) {
        String why = reason == null ? "cannot be read" : reason;
        if (line.whole()) {
            problems.add(Kind.BAD_LINE, line.source().name(), line.number(), why);
        } else {
            problems.add(Kind.CUT_OFF, line.source().name(), line.number(), "the last line is cut off (" + why + ")");
        }
    }

    @Override
    public RecordedEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the recording has ended");
        }
        given++;
        return ready.remove();
    }

    @Override
    public Recording.Progress progress() {
        return new Recording.Progress(Math.min(lines.bytesRead(), bytesTotal), bytesTotal, lines.rows(), given);
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
