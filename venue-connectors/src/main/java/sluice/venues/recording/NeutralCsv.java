package sluice.venues.recording;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.domain.MarketId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Venue;
import sluice.domain.market.Level;
import sluice.domain.market.Quote;
import sluice.venues.recording.RecordedEvent.QuoteEvent;

/** Quotes of the neutral format as CSV, best bid and ask; see FORMAT.md. */
final class NeutralCsv implements LineParser, Line.Order {
    static final String[] REQUIRED = {"at", "venue", "market", "bid", "ask"};

    private final Csv csv;
    private final Quantity assumedSize;

    NeutralCsv(Csv csv, RecordingOptions options) {
        this.csv = csv;
        this.assumedSize = options.assumedSize();
    }

    @Override
    public Line.Place place(String text) throws BadLine {
        Csv.Row row = csv.row(text);
        String received = row.text("received");
        return new Line.Place(received == null ? Json.millis("at", row.need("at")) : Json.millis("received", received));
    }

    @Override
    public void accept(Line line, Output out) throws BadLine {
        Csv.Row row = csv.row(line.text());
        String bidSize = row.text("bid_size");
        String askSize = row.text("ask_size");
        String bid = row.text("bid");
        String ask = row.text("ask");
        boolean depthKnown = (bid == null || bidSize != null) && (ask == null || askSize != null);
        String lastPrice = row.text("last_price");
        String lastSize = row.text("last_size");
        String lastAt = row.text("last_at");
        String source = row.text("source");
        try {
            Quote quote = new Quote(
                    new MarketId(Json.oneOf(Venue.class, "venue", row.need("venue")), row.need("market")),
                    side("bid", bid, bidSize),
                    side("ask", ask, askSize),
                    depthKnown,
                    lastPrice == null ? null : Json.price("last_price", lastPrice),
                    lastSize == null ? null : Json.quantity("last_size", lastSize),
                    lastAt == null ? null : Long.valueOf(Json.millis("last_at", lastAt)),
                    null,
                    Json.millis("at", row.need("at")),
                    source == null ? line.source().name() : source);
            out.emit(new QuoteEvent(line.key(), quote));
        } catch (IllegalArgumentException e) {
            throw new BadLine(String.valueOf(e.getMessage()));
        }
    }

    private List<Level> side(String name, @Nullable String price, @Nullable String size) throws BadLine {
        if (price == null) {
            return List.of();
        }
        Price at = Json.price(name, price);
        return List.of(new Level(at, size == null ? assumedSize : Json.quantity(name + "_size", size)));
    }
}
