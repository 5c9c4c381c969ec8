package sluice.risk.core;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.risk.core.Desk.micros;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import sluice.domain.Side;
import sluice.domain.TimeInForce;
import sluice.domain.Venue;
import sluice.domain.market.Market;
import sluice.domain.order.Fill;
import sluice.domain.order.VenueReport;
import sluice.domain.risk.Decision;

/** News that comes late, or twice. */
class BooksTest {
    private static final long DAY_MILLIS = 24 * 60 * 60 * 1000L;

    private final Desk desk = Desk.open();

    // ---------------------------------------------------------------- windows

    @Test
    void theLastApprovalLeavesTheWindowLikeAnyOther() {
        // Given
        desk.ask().buy(Side.YES, "10", "0.50").send();

        // When
        desk.later(DAY_MILLIS);
        desk.tick();

        // Then
        assertThat(desk.book().trades24h).isZero();
    }

    // ---------------------------------------------------------------- told again

    @Test
    void aTradeOfAnOrderThatRestedForAWeekCountsOnceHoweverOftenItIsTold() {
        // Given
        Decision decision = send(Desk.market("kalshi:KX"), "0.50");
        desk.later(8 * DAY_MILLIS);
        Fill fill = desk.fillOf(decision, "4", "0.50", "0");
        desk.fill(fill);
        desk.report(decision, VenueReport.Type.CANCELLED, "4");
        long cash = cash(Venue.KALSHI);

        // When
        desk.tick();
        desk.fill(fill);

        // Then
        assertThat(cash(Venue.KALSHI)).isEqualTo(cash);
        assertThat(desk.book().gross).isEqualTo(micros("2"));
    }

    @Test
    void anOrderIsForgottenAWeekAfterItsLastTrade() {
        // Given
        Decision decision = send(Desk.market("kalshi:KX"), "0.50");
        desk.later(DAY_MILLIS);
        desk.fill(desk.fillOf(decision, "10", "0.50", "0"));

        // When
        desk.later(AccountCore.ANSWER_LIFE_MILLIS - 1);
        desk.tick();

        // Then
        assertThat(desk.state.orders().get(decision.intentId())).isNotNull();

        // When
        desk.later(1);
        desk.tick();

        // Then
        assertThat(desk.state.orders().get(decision.intentId())).isNull();
        assertThat(desk.state.answers().get(decision.intentId())).isNull();
    }

    private Decision send(Market market, String price) {
        Desk.Ask ask = desk.ask().on(market).buy(Side.YES, "10", price);
        ask.timeInForce = TimeInForce.GTC;
        return ask.send();
    }

    private long cash(Venue venue) {
        return Objects.requireNonNull(desk.book().venue(venue).ledgerCash);
    }
}
