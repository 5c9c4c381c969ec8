package sluice.venues.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.domain.Action;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.TimeInForce;
import sluice.domain.order.Fill;
import sluice.domain.order.Signal;
import sluice.venues.recording.Problems.Kind;
import sluice.venues.recording.RecordedEvent.FillEvent;
import sluice.venues.recording.RecordedEvent.MarketEvent;
import sluice.venues.recording.RecordedEvent.SettlementEvent;
import sluice.venues.recording.RecordedEvent.SignalEvent;

class KalshiJournalTest {
    private static final String TRADES_HEADER =
            "entry_ts,market,side,qty,entry_fill_event_ts_list,entry_fill_cents_used,"
                    + "entry_fee_cents,entry_exchange_qty,entry_exchange_fill_ids,exit_ts,exit_fill_event_ts_list,"
                    + "exit_fill_cents_used,exit_fee_cents,exit_exchange_qty,exit_exchange_fill_ids,net_pnl_dollars";

    @TempDir
    private Path folder = Path.of("");

    private final List<String> journal = new ArrayList<>();

    private void event(String type, String time, String more) {
        journal.add(
                "{\"event_type\":\"" + type + "\",\"market\":\"KX-A\",\"side\":\"no\",\"run_id\":\"r\",\"ts_mono\":1.5,"
                        + "\"ts_wall\":\"2026-05-01T02:17:" + time + "+00:00\"" + more + "}");
    }

    private void entry(String second, String id, int filled) {
        event(
                "signal_seen",
                second + ".100",
                ",\"cap_price_cents\":69,\"position_size\":2,\"mushroom_p_yes\":0.1234565,\"mushroom_edge_cents\":9.490148");
        event("order_submit_start", second + ".200", ",\"client_order_id\":\"b-entry-" + id + "\"");
        event(
                filled == 2 ? "fill_full" : "fill_partial",
                second + ".300",
                ",\"client_order_id\":\"b-entry-" + id + "\",\"order_id\":\"o-" + id + "\",\"fill_count\":" + filled);
    }

    private void exit(String second, String id, int filled) {
        event(
                "exit_signal_seen",
                second + ".100",
                ",\"cap_price_cents\":60,\"position_size\":2,\"mushroom_v28_p_yes\":0.6");
        event("order_submit_start", second + ".200", ",\"client_order_id\":\"b-exit-" + id + "\"");
        event(
                "fill_full",
                second + ".300",
                ",\"client_order_id\":\"b-exit-" + id + "\",\"order_id\":\"o-" + id + "\",\"fill_count\":" + filled);
    }

    private List<RecordedEvent> read(Problems problems, String... trades) throws IOException {
        RecordedFiles.write(folder, "execution_events.ndjson.gz", journal);
        List<String> rows = new ArrayList<>(List.of(TRADES_HEADER));
        rows.addAll(List.of(trades));
        RecordedFiles.write(folder, "trades.csv.gz", rows);
        RecordedFiles.write(
                folder,
                "market_results.csv",
                "market,result,status,settlement_ts,close_time",
                "None,,,,",
                "KX-A,no,finalized,2026-05-01T02:30:16.705205Z,2026-05-01T02:30:00Z");
        return RecordedFiles.read(folder, problems);
    }

    @Test
    void signalsAreBuysAndSalesOfTheirSide() throws IOException {
        // given
        entry("02", "1", 2);
        exit("32", "2", 2);

        // when
        Problems problems = new Problems();
        List<RecordedEvent> events = read(
                problems,
                "2026-04-30 22:17:02,KX-A,no,2.0,2026-04-30 22:17:02,69.0,3.0,2.0,a,2026-04-30 22:17:32,"
                        + "2026-04-30 22:17:32,63.0,4.0,2.0,b,-0.19");

        // then
        List<SignalEvent> signals = RecordedFiles.only(SignalEvent.class, events);
        assertThat(signals).hasSize(2);
        Signal buy = signals.get(0).signal();
        assertThat(buy.action()).isEqualTo(Action.BUY);
        assertThat(buy.side()).isEqualTo(Side.NO);
        assertThat(buy.limitPrice()).isEqualTo(Price.parse("0.69"));
        assertThat(buy.size()).isEqualTo(Quantity.parse("2"));
        assertThat(buy.timeInForce()).isEqualTo(TimeInForce.IOC);
        assertThat(buy.modelPriceMicros()).isEqualTo(1_000_000 - 123_456); // half even
        assertThat(buy.edgePctMicros()).isEqualTo(9_490_148);
        Signal sale = signals.get(1).signal();
        assertThat(sale.action()).isEqualTo(Action.SELL);
        assertThat(sale.limitPrice()).isEqualTo(Price.parse("0.6"));
        List<FillEvent> fills = RecordedFiles.only(FillEvent.class, events);
        assertThat(fills.stream().map(FillEvent::signalKey))
                .containsExactly(buy.idempotencyKey(), sale.idempotencyKey());
        Fill first = fills.get(0).fill();
        assertThat(first.venueOrderId()).isEqualTo("o-1");
        assertThat(first.tradeId()).isEqualTo("a");
        assertThat(first.mode()).isEqualTo(Mode.PAPER);
        assertThat(fills.get(1).fill().fee()).isEqualTo(Money.parse("0.04"));
        assertThat(RecordedFiles.only(MarketEvent.class, events)).hasSize(1);
        assertThat(RecordedFiles.only(SettlementEvent.class, events)).hasSize(1);
        assertThat(events.get(events.size() - 1)).isInstanceOf(SettlementEvent.class);
        assertThat(problems.linesSkipped()).isEqualTo(1); // the junk line of the results
    }

    @Test
    void severalOrdersOfARowShareItsFeeExactly() throws IOException {
        // given
        entry("02", "1", 2);
        entry("12", "2", 1);

        // when
        List<FillEvent> fills = RecordedFiles.only(
                FillEvent.class,
                read(
                        new Problems(),
                        "2026-04-30 22:17:02,KX-A,no,3.0,2026-04-30 22:17:02|2026-04-30 22:17:12,76.6667,4.5,3.0,a|b,"
                                + ",,,0,,,0.65"));

        // then
        assertThat(fills.stream().map(fill -> fill.fill().quantity().toString()))
                .containsExactly("2", "1");
        assertThat(fills.stream().map(fill -> fill.fill().fee().toString())).containsExactly("0.03", "0.015");
        assertThat(fills.stream().map(fill -> fill.fill().tradeId())).containsExactly("a", "b");
        assertThat(fills).allSatisfy(fill -> assertThat(fill.fill().price()).isEqualTo(Price.parse("0.766667")));
        assertThat(fills).allSatisfy(fill -> assertThat(fill.origin()).isEqualTo("trades.csv.gz:2 entry"));
    }

    @Test
    void whereTheVenueConfirmedOtherContractsTheRowIsRight() throws IOException {
        // given
        entry("02", "1", 2);

        // when
        Problems problems = new Problems();
        List<FillEvent> fills = RecordedFiles.only(
                FillEvent.class,
                read(problems, "2026-04-30 22:17:02,KX-A,no,2.0,2026-04-30 22:17:02,69.2,4.0,2.5,a|b,,,,0,,,0.73"));

        // then
        assertThat(fills).hasSize(1);
        assertThat(fills.get(0).fill().quantity()).isEqualTo(Quantity.parse("2.5"));
        assertThat(fills.get(0).fill().venueOrderId()).isEmpty();
        assertThat(fills.get(0).fill().tradeId()).isEqualTo("a+b");
        assertThat(fills.get(0).signalKey()).isNull();
    }

    @Test
    void withoutTradesThereAreNoPricesAndSoNoFills() throws IOException {
        // given
        entry("02", "1", 2);
        Path file = RecordedFiles.write(folder, "execution_events.ndjson", journal);
        Problems problems = new Problems();

        // when
        List<RecordedEvent> events = RecordedFiles.read(file, problems);

        // then
        assertThat(RecordedFiles.only(FillEvent.class, events)).isEmpty();
        assertThat(problems.count(Kind.ASSUMED)).isEqualTo(1);
    }
}
