package sluice.venues.marketdata;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sluice.domain.MarketId;
import sluice.domain.Price;
import sluice.domain.Venue;
import sluice.domain.market.Settlement;
import sluice.domain.market.Settlement.Result;
import sluice.domain.market.Settlement.Status;

class KnownResultsTest {
    private static final MarketId MARKET = new MarketId(Venue.KALSHI, "M");

    private final KnownResults results = new KnownResults();

    @Test
    void aResultIsToldOnceForEachDegreeOfFinality() {
        assertThat(results.tell(read(Result.YES, Status.DETERMINED))).contains(told(Result.YES, Status.DETERMINED, 1));
        assertThat(results.tell(read(Result.YES, Status.DETERMINED))).isEmpty();
        assertThat(results.tell(read(Result.YES, Status.FINAL))).contains(told(Result.YES, Status.FINAL, 1));
        assertThat(results.tell(read(Result.YES, Status.FINAL))).isEmpty();
        assertThat(results.isFinal(MARKET)).isTrue();
    }

    @Test
    void aResultThatIsSetAgainCountsUp() {
        results.tell(read(Result.YES, Status.DETERMINED));

        assertThat(results.tell(read(Result.NO, Status.AMENDED))).contains(told(Result.NO, Status.AMENDED, 2));
        assertThat(results.tell(read(Result.NO, Status.FINAL))).contains(told(Result.NO, Status.FINAL, 2));
    }

    @Test
    void whatIsFinalIsNotTakenBackByALateRead() {
        results.tell(read(Result.YES, Status.FINAL));

        assertThat(results.tell(read(Result.YES, Status.DETERMINED))).isEmpty();
    }

    @Test
    void whatWasToldBeforeARestartIsNotToldAgain() {
        results.restore(told(Result.YES, Status.DETERMINED, 3));
        results.restore(told(Result.YES, Status.FINAL, 3));

        assertThat(results.isFinal(MARKET)).isTrue();
        assertThat(results.tell(read(Result.YES, Status.FINAL))).isEmpty();
        assertThat(results.tell(read(Result.NO, Status.FINAL))).contains(told(Result.NO, Status.FINAL, 4));
    }

    private static Settlement read(Result result, Status status) {
        return told(result, status, 1);
    }

    private static Settlement told(Result result, Status status, int version) {
        return new Settlement(
                MARKET, result, result == Result.YES ? Price.ONE : Price.ZERO, status, version, 1, "test");
    }
}
