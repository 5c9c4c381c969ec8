package sluice.venues.kalshi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.market.Level;
import sluice.domain.market.Quote;
import sluice.venues.kalshi.KalshiJson.Unreadable;

class KalshiBookTest {
    private final KalshiBook book = new KalshiBook();

    @BeforeEach
    void snapshot() throws Exception {
        book.subscribed(1);
        take("""
                {"type":"orderbook_snapshot","sid":1,"seq":1,"msg":{"market_ticker":"M","market_id":"x",
                 "yes_dollars_fp":[["0.4000","60.00"],["0.4100","25.00"]],
                 "no_dollars_fp":[["0.4400","10.00"],["0.4500","40.00"]]},"sending_ts_ms":1795185000128}""");
    }

    private void take(String message) throws Unreadable {
        book.take(KalshiJson.parse(message));
    }

    private static String delta(long seq, String side, String price, String delta) {
        return "{\"type\":\"orderbook_delta\",\"sid\":1,\"seq\":" + seq + ",\"msg\":{\"market_ticker\":\"M\","
                + "\"price_dollars\":\"" + price + "\",\"delta_fp\":\"" + delta + "\",\"side\":\"" + side
                + "\",\"ts_ms\":1795185000200}}";
    }

    private static Level level(String price, String quantity) {
        return new Level(Price.parse(price), Quantity.parse(quantity));
    }

    private Quote quote() {
        return book.quote("M", 10).orElseThrow();
    }

    @Test
    void bestPricesComeFirstInYes() {
        assertThat(quote().bids()).containsExactly(level("0.41", "25"), level("0.40", "60"));
        assertThat(quote().asks()).containsExactly(level("0.44", "10"), level("0.45", "40"));
        assertThat(quote().atMillis()).isEqualTo(1_795_185_000_128L);
        assertThat(book.quote("M", 1).orElseThrow().bids()).hasSize(1);
    }

    @Test
    void changesAddUpAndAnEmptyLevelGoes() throws Exception {
        take(delta(2, "no", "0.4400", "-10.00"));
        take(delta(3, "yes", "0.4200", "3.50"));
        take(delta(4, "yes", "0.4100", "-5.00"));

        assertThat(quote().bids()).containsExactly(level("0.42", "3.5"), level("0.41", "20"), level("0.40", "60"));
        assertThat(quote().asks()).containsExactly(level("0.45", "40"));
        assertThat(quote().sequence()).isEqualTo(4);
        assertThat(quote().atMillis()).isEqualTo(1_795_185_000_200L);
    }

    @Test
    void aMessageWithoutABookCountsToo() throws Exception {
        take("{\"id\":3,\"sid\":1,\"seq\":2,\"type\":\"ok\",\"msg\":{\"market_tickers\":[\"M\"]}}");
        take(delta(3, "yes", "0.4200", "1.00"));

        assertThat(quote().bestBid()).isEqualTo(level("0.42", "1"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 100})
    void aMissingRepeatedOrEarlyNumberEndsTheBookUntilItIsBegunAnew(long seq) {
        assertThatThrownBy(() -> take(delta(seq, "yes", "0.4200", "1.00")))
                .hasMessage("message " + seq + " follows 1 of subscription 1");
        assertThat(book.quote("M", 10)).isEmpty();

        book.restart();
        assertThat(book.tickers()).isEmpty();
    }

    @Test
    void whatCannotBeIsNotBelieved() {
        for (var impossible : List.of(
                delta(2, "yes", "0.4100", "-26.00"),
                delta(2, "maybe", "0.4100", "1.00"),
                delta(2, "yes", "1.4100", "1.00"),
                delta(2, "yes", "0.4100", "much"),
                delta(2, "yes", "0.4100", "1.00").replace("\"M\"", "\"OTHER\""))) {
            var fresh = new KalshiBookTest();
            assertThatThrownBy(() -> {
                        fresh.snapshot();
                        fresh.take(impossible);
                    })
                    .isInstanceOf(Unreadable.class);
            assertThat(fresh.book.quote("M", 10)).isEmpty();
        }
    }

    @Test
    void messagesOfAnotherSubscriptionAreNotOfThisBook() throws Exception {
        take(delta(7, "yes", "0.4200", "1.00").replace("\"sid\":1", "\"sid\":9"));

        assertThat(quote().bestBid()).isEqualTo(level("0.41", "25"));
    }

    /** The default mode of the venue's samples: after a subscription without {@code use_yes_price}, NO is in NO. */
    @Test
    void theOfficialSnapshotIsReadAsAsked() throws Exception {
        var official = new KalshiBook();
        official.subscribed(1);
        official.take(KalshiVectors.sample("/ws_samples/orderbook_snapshot/message"));
        official.take(KalshiVectors.sample("/ws_samples/orderbook_delta/message"));
        official.take(KalshiVectors.sample("/ws_samples/orderbook_delta_own/message"));

        assertThat(official.quote(TestOrders.TICKER, 1).orElseThrow().bestBid()).isEqualTo(level("0.41", "35"));
    }
}
