package sluice.console.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.Micros;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.StrategyId;
import sluice.domain.TimeInForce;
import sluice.domain.Venue;
import sluice.domain.journal.JournalEntry;
import sluice.domain.journal.Origin;
import sluice.domain.market.FeeModel;
import sluice.domain.market.FeeTerms;
import sluice.domain.market.Market;
import sluice.domain.market.MarketStatus;
import sluice.domain.market.PriceGrid;
import sluice.domain.market.QuoteView;
import sluice.domain.order.Fill;
import sluice.domain.order.Signal;
import sluice.domain.risk.Limit;
import sluice.domain.risk.RiskLimits;
import sluice.domain.risk.Scope;
import sluice.risk.core.AccountBook;
import sluice.risk.core.AccountCore;
import sluice.risk.core.AccountEvent;
import sluice.risk.core.BookId;
import sluice.risk.core.MapState;
import sluice.venues.recording.Problems;
import sluice.venues.recording.RecordedEvent;
import sluice.venues.recording.Recording;
import sluice.venues.recording.Recordings;

/**
 * A real account's trades, put through gate and ledger as signals and fills, give the profit that its own accounting
 * gives: row by row of {@code trades.csv}, to the cent, wherever a row of that file recomputes from its own numbers.
 *
 * <p>Each row is an account of its own here, so that the ledger's totals are those of the row.
 */
class KalshiJournalLedgerTest {
    private static final BigDecimal HALF_A_CENT = new BigDecimal("0.005");

    /** Lines whose prices, quantity and fees do not give the profit that they state: other quantities were traded. */
    private static final List<Long> DO_NOT_RECOMPUTE = List.of(34L, 46L, 47L, 62L, 130L, 135L, 217L, 244L, 378L, 412L);

    private final MapState state = new MapState();
    private final AccountCore core = new AccountCore(state);
    private long offset;

    private record Row(long line, BigDecimal netPnl, boolean recomputes) {}

    private static Path journal() {
        String told = System.getProperty("sluice.shared");
        Path below = Path.of("data", "local-only", "kalshi-btc15m-live-journal");
        if (told != null) {
            return Path.of(told).resolve(below);
        }
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path path = folder.resolve("shared").resolve(below);
            if (Files.exists(path)) {
                return path;
            }
        }
        return Path.of("absent");
    }

    private List<AccountEvent> enter(AccountId account, long at, JournalEntry.Body body) {
        return core.apply(new JournalEntry(account, 0, offset++, at, body));
    }

    @Test
    void theLedgerGivesTheProfitOfEveryRowThatRecomputesItself() throws IOException {
        Path folder = journal();
        Assumptions.assumeTrue(Files.isDirectory(folder), "skipped: no recorded trading journal beside the repository");
        // Given
        List<Row> rows = rows(folder.resolve("trades.csv.gz"));
        openDesk();

        // When
        int fills = 0;
        try (Recording.Events events = Recordings.open(folder, new Problems()).events()) {
            while (events.hasNext()) {
                RecordedEvent event = events.next();
                if (event instanceof RecordedEvent.FillEvent fill) {
                    book(fill, fills++);
                } else if (event instanceof RecordedEvent.SettlementEvent settlement) {
                    enter(
                            AccountId.ALL,
                            event.atMillis(),
                            new JournalEntry.SettlementReceived(settlement.settlement()));
                }
            }
        }

        // Then
        assertThat(rows).hasSize(470);
        assertThat(rows.stream().filter(row -> !row.recomputes).map(Row::line))
                .containsExactlyElementsOf(DO_NOT_RECOMPUTE);
        assertThat(rows.stream().filter(row -> row.recomputes)).hasSize(460).allSatisfy(row -> assertThat(
                        profitOf(row.line))
                .as("trades.csv line " + row.line)
                .isCloseTo(row.netPnl, within(HALF_A_CENT)));
        for (BookId book : state.books()) {
            AccountBook totals = state.accounts().get(book);
            assertThat(totals).isNotNull();
            assertThat(totals.reserved).as(book + " reserved").isZero();
            assertThat(totals.openOrders).as(book + " open orders").isZero();
        }
    }

    private BigDecimal profitOf(long line) {
        AccountBook book = state.accounts().get(new BookId(account(line), Mode.PAPER));
        return book == null ? BigDecimal.valueOf(Long.MIN_VALUE) : Micros.decimal(book.realised - book.fees);
    }

    private static AccountId account(long line) {
        return new AccountId("line-" + line);
    }

    private void openDesk() {
        enter(AccountId.ALL, 0, new JournalEntry.DayRolled(0, "UTC"));
        Map<Limit, Long> limits = new EnumMap<>(Limit.class);
        for (Limit limit : Limit.values()) {
            limits.put(limit, limit.bound() == Limit.Bound.MOST ? 1_000_000_000L * Micros.ONE : 0L);
        }
        enter(
                AccountId.ALL,
                0,
                new JournalEntry.LimitsReceived(new RiskLimits(
                        AccountId.ALL, Scope.ALL, 1, limits, List.of("*"), List.of(), "test", "test", 0)));
    }

    /** The signal behind a fill is decided first, and must be approved; then its fill is booked on its order. */
    private void book(RecordedEvent.FillEvent event, int number) {
        Fill fill = event.fill();
        String origin = event.origin();
        long line = Long.parseLong(origin.substring(origin.indexOf(':') + 1, origin.indexOf(' ')));
        AccountId account = account(line);
        BookId book = new BookId(account, Mode.PAPER);
        if (state.accounts().get(book) == null) {
            enter(
                    account,
                    event.atMillis(),
                    new JournalEntry.SnapshotReceived(
                            Mode.PAPER,
                            Venue.KALSHI,
                            Money.parse("1000"),
                            Money.parse("1000"),
                            null,
                            true,
                            event.atMillis()));
        }
        OrderId order = new OrderId("o-" + number);
        var events = enter(account, event.atMillis(), signal(fill, account, order, event));
        if (fill.action() == Action.BUY) {
            assertThat(events).as(origin).anyMatch(it -> it instanceof AccountEvent.OrderApproved);
        }
        // A few rows state an exit before their entry. Such a sale is refused for want of inventory; its fill is a fact
        // all the same, and is booked as one that belongs to no order.
        enter(
                account,
                event.atMillis(),
                new JournalEntry.FillReceived(fill.withOrder(order.value())
                        .withAccount(account, Mode.PAPER)
                        .withStatus(Fill.Status.FINAL)));
    }

    private static JournalEntry.SignalReceived signal(
            Fill fill, AccountId account, OrderId order, RecordedEvent.FillEvent event) {
        long at = event.atMillis();
        @Nullable String key = event.signalKey();
        Signal signal = new Signal(
                "request-" + order,
                key == null ? order.value() : key + "/" + order,
                account,
                new StrategyId("recorded"),
                fill.market(),
                null,
                null,
                null,
                null,
                null,
                null,
                fill.action() == Action.BUY ? (Long) Micros.ONE : null,
                fill.side(),
                fill.action(),
                fill.price(),
                fill.quantity(),
                null,
                Micros.ONE,
                TimeInForce.IOC,
                false,
                null,
                at,
                null,
                null,
                null,
                Map.of());
        Price yes = fill.side() == sluice.domain.Side.YES
                ? fill.price()
                : fill.price().complement();
        Market market = new Market(
                fill.market(),
                null,
                false,
                "crypto",
                "",
                MarketStatus.ACTIVE,
                null,
                at + 900_000,
                null,
                PriceGrid.of(new Price(1)),
                new Quantity(1),
                new Quantity(1),
                Money.ZERO,
                new FeeTerms(FeeModel.KALSHI, 70_000, 0, "test"),
                null,
                null,
                false,
                null,
                at,
                "test");
        return new JournalEntry.SignalReceived(
                signal,
                Mode.PAPER,
                order,
                "00",
                new QuoteView(yes, yes, null, null, at, new Origin("market.quotes", 0, 0)),
                market,
                false);
    }

    private static List<Row> rows(Path trades) throws IOException {
        List<Row> rows = new ArrayList<>();
        try (var reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(trades)), StandardCharsets.UTF_8))) {
            List<String> header = Arrays.asList(reader.readLine().split(",", -1));
            long line = 1;
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                line++;
                String[] cells = text.split(",", -1);
                Map<String, String> row = new TreeMap<>();
                for (int i = 0; i < header.size(); i++) {
                    row.put(header.get(i), cells[i]);
                }
                rows.add(row(line, row));
            }
        }
        return rows;
    }

    private static Row row(long line, Map<String, String> row) {
        String exitText = row.getOrDefault("exit_fill_cents_used", "");
        BigDecimal exit = !exitText.isEmpty()
                ? new BigDecimal(exitText)
                : row.getOrDefault("side", "").equals(row.getOrDefault("market_result", "?"))
                        ? BigDecimal.valueOf(100)
                        : BigDecimal.ZERO;
        BigDecimal net = exit.subtract(number(row, "entry_fill_cents_used"))
                .multiply(number(row, "qty"))
                .subtract(number(row, "entry_fee_cents"))
                .subtract(number(row, "exit_fee_cents"))
                .movePointLeft(2);
        BigDecimal told = number(row, "net_pnl_dollars");
        return new Row(line, told, net.subtract(told).abs().compareTo(HALF_A_CENT) <= 0);
    }

    private static BigDecimal number(Map<String, String> row, String column) {
        return new BigDecimal(row.getOrDefault(column, "absent"));
    }
}
