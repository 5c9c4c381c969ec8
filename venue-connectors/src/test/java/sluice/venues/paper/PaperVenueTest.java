package sluice.venues.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.domain.MarketId;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.TimeInForce;
import sluice.domain.Venue;
import sluice.domain.journal.JournalEntry.Holding;
import sluice.domain.journal.Origin;
import sluice.domain.market.Level;
import sluice.domain.market.Quote;
import sluice.domain.order.Fill;
import sluice.domain.order.OrderCommand;
import sluice.domain.order.VenueReport;
import sluice.domain.paper.PaperEvent;
import sluice.domain.paper.PaperLatency;
import sluice.domain.paper.PaperRules;
import sluice.venues.api.CancelOutcome;
import sluice.venues.api.FillPage;
import sluice.venues.api.LookupOutcome;
import sluice.venues.api.OrderRef;
import sluice.venues.api.QuoteListener;
import sluice.venues.api.ReadOutcome;
import sluice.venues.api.StopOutcome;
import sluice.venues.api.SubmitOutcome;
import sluice.venues.api.UserListener;
import sluice.venues.placement.Commands;

class PaperVenueTest {
    private static final PaperRules RULES = new PaperRules(PaperLatency.fixed(50), PaperRules.DEFAULT_ASSUMED_DEPTH);

    private final AtomicLong clock = new AtomicLong(1_000);
    private final List<PaperEvent> ledger = new ArrayList<>();
    private final AtomicBoolean ledgerFails = new AtomicBoolean();
    private final List<String> told = new ArrayList<>();
    private final PaperVenue venue = new PaperVenue(RULES, this::append, () -> Instant.ofEpochMilli(clock.get()));

    @BeforeEach
    void open() {
        venue.deposit(Commands.ACCOUNT, Venue.KALSHI, Money.parse("100"));
        venue.onQuote(book("0.45"), new Origin("market.quotes", 0, 1));
        venue.settleUp();
    }

    @Test
    void anAnswerIsInTheLedgerBeforeItIsGiven() {
        // When
        var answer = submit("o1", TimeInForce.GTC);

        // Then
        assertThat(answer).isEqualTo(new SubmitOutcome.Accepted("paper-o1", 1_000));
        assertThat(ledger).hasSize(2).last().isInstanceOf(PaperEvent.Accepted.class);
    }

    @Test
    void withoutALedgerThereIsNoAnswerAndNothingIsTold() {
        // Given
        submit("o1", TimeInForce.GTC);
        venue.streamUser(Commands.ACCOUNT, listener());
        ledgerFails.set(true);

        // Then
        assertThatThrownBy(() -> submit("o2", TimeInForce.GTC)).hasMessage("disk full");
        clock.addAndGet(100);
        venue.advance();
        assertThatThrownBy(venue::settleUp).hasMessage("disk full");
        assertThat(told).isEmpty();
    }

    @Test
    void theSameOrderGetsTheSameAnswerAndOneLife() {
        submit("o1", TimeInForce.GTC);
        assertThat(submit("o1", TimeInForce.GTC)).isInstanceOf(SubmitOutcome.Accepted.class);
        var dear = Commands.place("dear", Mode.PAPER, TimeInForce.GTC, 500);
        var refused = venue.submit(venue.prepare(dear));
        assertThat(refused).isInstanceOfSatisfying(SubmitOutcome.Refused.class, it -> assertThat(it.code())
                .isEqualTo("deadline_passed"));
        assertThat(venue.submit(venue.prepare(dear))).isEqualTo(refused);
        assertThat(ledger).hasSize(3);
    }

    @Test
    void preparingTwiceGivesTheSameBytes() {
        var command = Commands.place("o1", Mode.PAPER, TimeInForce.GTC, 5_000);
        assertThat(venue.prepare(command)).isEqualTo(venue.prepare(command));
        assertThat(venue.prepare(command).request().remaining()).isPositive();
    }

    @Test
    void whatAnOrderBecomesIsTold() {
        // Given
        venue.streamUser(Commands.ACCOUNT, listener());

        // When
        submit("o1", TimeInForce.IOC);
        clock.addAndGet(50);
        venue.advance();
        venue.settleUp();

        // Then
        assertThat(told).containsExactly("ACCEPTED o1", "fill o1-1", "CANCELLED o1 4");
        assertThat(venue.lookUp(ref("o1")))
                .isEqualTo(new LookupOutcome.Found(
                        "paper-o1",
                        LookupOutcome.Status.CANCELLED,
                        Quantity.parse("4"),
                        "ioc_unfilled: nothing more was there at its price",
                        1_050));
        assertThat(venue.lookUp(ref("o2"))).isEqualTo(new LookupOutcome.Absent(1_050));
    }

    @Test
    void readsShowCashHoldingsOrdersAndFills() {
        // Given
        submit("o1", TimeInForce.GTC);
        clock.addAndGet(50);
        venue.advance();
        venue.settleUp();

        // Then: 4 of 10 filled for 1.8693, 6 still cost at most 2.834
        assertThat(venue.balances(Commands.ACCOUNT))
                .isInstanceOfSatisfying(ReadOutcome.Complete.class, it -> assertThat(it.value())
                        .hasToString("[Balance[bucket=KALSHI, total=98.1307, available=95.2967]]"));
        assertThat(venue.positions(Commands.ACCOUNT))
                .isEqualTo(new ReadOutcome.Complete<>(
                        List.of(new Holding(Commands.MARKET, Quantity.parse("4"), Quantity.ZERO)), 1_050));
        assertThat(venue.openOrders(Commands.ACCOUNT))
                .isInstanceOfSatisfying(ReadOutcome.Complete.class, it -> assertThat(it.value())
                        .asString()
                        .contains("venueOrderId=paper-o1")
                        .contains("filled=4"));
        assertThat(fills(FillPage.START)).containsExactly("o1-1");
        assertThat(fills("1")).isEmpty();
    }

    @Test
    void cancelEndsAnOrderOnceAndStopEndsAll() {
        submit("o1", TimeInForce.GTC);
        submit("o2", TimeInForce.GTC);
        submit("o3", TimeInForce.GTC);
        assertThat(venue.cancel(ref("o1"))).isEqualTo(new CancelOutcome.Cancelled(Quantity.ZERO, 1_000));
        assertThat(venue.cancel(ref("o1")))
                .isEqualTo(new CancelOutcome.Refused("order_not_open", "the order is CANCELLED", 1_000));
        assertThat(venue.cancel(ref("o9")))
                .isEqualTo(new CancelOutcome.Refused("order_not_found", "no such order", 1_000));
        assertThat(venue.stop(Commands.ACCOUNT)).isEqualTo(new StopOutcome.Stopped(2, 1_000));
        assertThat(venue.stop(Commands.ACCOUNT)).isEqualTo(new StopOutcome.Stopped(0, 1_000));
    }

    @Test
    void theLedgerAloneBringsItBack() {
        // Given
        submit("o1", TimeInForce.GTC);
        clock.addAndGet(50);
        venue.advance();
        venue.settleUp();

        // When
        var back = new PaperVenue(RULES, this::append, () -> Instant.ofEpochMilli(clock.get()));
        ledger.forEach(event -> back.restore(PaperEventCodec.fromAvro(PaperEventCodec.toAvro(event))));

        // Then
        assertThat(back.accounts()).isEqualTo(venue.accounts());
        assertThat(back.fillsSince(Commands.ACCOUNT, FillPage.START))
                .isEqualTo(venue.fillsSince(Commands.ACCOUNT, FillPage.START));
    }

    @Test
    void quotesAreStreamedTheNewestFirst() {
        // Given
        var seen = new ArrayList<String>();
        var listener = new QuoteListener() {
            @Override
            public void onQuote(Quote quote) {
                seen.add(quote.asks().get(0).price().toString());
            }

            @Override
            public void onGap(MarketId market, String why) {
                seen.add("gap");
            }
        };

        // When
        try (var subscription = venue.streamQuotes(Set.of(Commands.MARKET), listener)) {
            venue.onQuote(book("0.46"), new Origin("market.quotes", 0, 2));
            assertThat(subscription).isNotNull();
        }
        venue.onQuote(book("0.47"), new Origin("market.quotes", 0, 3));

        // Then
        assertThat(seen).containsExactly("0.45", "0.46");
    }

    // ------------------------------------------------------------------

    private void append(List<PaperEvent> events) {
        if (ledgerFails.get()) {
            throw new IllegalStateException("disk full");
        }
        ledger.addAll(events);
    }

    private SubmitOutcome submit(String id, TimeInForce timeInForce) {
        return venue.submit(venue.prepare(command(id, timeInForce)));
    }

    private OrderRef ref(String id) {
        return venue.prepare(command(id, TimeInForce.GTC)).ref();
    }

    private static OrderCommand command(String id, TimeInForce timeInForce) {
        return Commands.place(id, Mode.PAPER, timeInForce, 5_000);
    }

    private List<String> fills(String cursor) {
        return switch (venue.fillsSince(Commands.ACCOUNT, cursor)) {
            case ReadOutcome.Complete<FillPage> page ->
                page.value().fills().stream().map(Fill::tradeId).toList();
            case ReadOutcome.Failed<FillPage> failed -> List.of(failed.why());
        };
    }

    private Quote book(String ask) {
        return new Quote(
                Commands.MARKET,
                List.of(),
                List.of(new Level(Price.parse(ask), Quantity.parse("4"))),
                true,
                null,
                null,
                null,
                null,
                clock.get(),
                "test");
    }

    private UserListener listener() {
        return new UserListener() {
            @Override
            public void onReport(VenueReport report) {
                var filled = report.filledQuantity();
                told.add(report.type() + " " + report.orderId() + (filled == null ? "" : " " + filled));
            }

            @Override
            public void onFill(Fill fill) {
                told.add("fill " + fill.tradeId());
            }

            @Override
            public void onGap(String why) {
                told.add("gap");
            }
        };
    }
}
