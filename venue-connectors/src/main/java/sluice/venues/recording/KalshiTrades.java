package sluice.venues.recording;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.venues.recording.Problems.Kind;

/** Reads {@code trades.csv} of the Kalshi journal: round trips, as the bot's accounting put them together. */
final class KalshiTrades {
    private KalshiTrades() {}

    /**
     * One round trip.
     *
     * @param exit null where the contracts were held until the market paid
     * @param netPnl as the file has it, rounded to the cent
     */
    record Trade(
            String file,
            long line,
            String market,
            Side side,
            Half entry,
            @Nullable Half exit,
            Money netPnl) {
        /**
         * Going in or coming out.
         *
         * @param quantity as the venue confirmed it, else as the bot counted it
         * @param price average over its fills
         * @param fillIds the venue's ids; empty where it confirmed none
         */
        record Half(
                long firstMillis, long lastMillis, Quantity quantity, Price price, Money fee, List<String> fillIds) {}
    }

    static boolean isTrades(Csv header) {
        return header.hasAll("entry_ts", "market", "side", "qty", "entry_fill_cents_used", "exit_fill_cents_used");
    }

    static List<Trade> read(Source source, ZoneId zone, Problems problems) throws IOException {
        List<Trade> trades = new ArrayList<>();
        try (Source.Reader reader = source.read(problems)) {
            Csv header = new Csv(String.valueOf(reader.next()));
            for (String text = reader.next(); text != null; text = reader.next()) {
                try {
                    trades.add(trade(header.row(text), source.name(), reader.number(), zone));
                } catch (BadLine e) {
                    problems.add(
                            reader.whole() ? Kind.BAD_LINE : Kind.CUT_OFF,
                            source.name(),
                            reader.number(),
                            String.valueOf(e.getMessage()));
                }
            }
        } catch (BadLine e) {
            problems.add(Kind.BAD_LINE, source.name(), 1, String.valueOf(e.getMessage()));
        }
        return trades;
    }

    private static Trade trade(Csv.Row row, String file, long line, ZoneId zone) throws BadLine {
        boolean exited = row.text("exit_fill_cents_used") != null;
        return new Trade(
                file,
                line,
                row.need("market"),
                Json.oneOf(Side.class, "side", row.need("side")),
                half(row, "entry", zone),
                exited ? half(row, "exit", zone) : null,
                new Money(Json.micros("net_pnl_dollars", row.need("net_pnl_dollars"))));
    }

    private static Trade.Half half(Csv.Row row, String which, ZoneId zone) throws BadLine {
        String confirmed = row.text(which + "_exchange_qty");
        String fee = row.text(which + "_fee_cents");
        String ids = row.text(which + "_exchange_fill_ids");
        long stamp = millis(row.need(which + "_ts"), zone);
        long first = stamp;
        long last = stamp;
        String stamps = row.text(which + "_fill_event_ts_list");
        for (String one : stamps == null ? List.<String>of() : List.of(stamps.split("\\|", -1))) {
            first = Math.min(first, millis(one, zone));
            last = Math.max(last, millis(one, zone));
        }
        return new Trade.Half(
                first,
                last,
                Json.quantity("qty", confirmed == null ? row.need("qty") : confirmed),
                KalshiJournal.cents(which + "_fill_cents_used", row.need(which + "_fill_cents_used")),
                new Money(
                        fee == null
                                ? 0
                                : Json.micros(
                                        "fee",
                                        new BigDecimal(fee).movePointLeft(2).toPlainString())),
                ids == null ? List.of() : List.of(ids.split("\\|", -1)));
    }

    private static long millis(String text, ZoneId zone) throws BadLine {
        try {
            return LocalDateTime.parse(text.replace(' ', 'T'))
                    .atZone(zone)
                    .toInstant()
                    .toEpochMilli();
        } catch (DateTimeException e) {
            throw new BadLine("time \"" + text + "\" is not written as in 2026-05-01 07:57:09");
        }
    }
}
