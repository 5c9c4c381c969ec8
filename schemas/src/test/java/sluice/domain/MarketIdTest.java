package sluice.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MarketIdTest {
    static LongStream seeds() {
        return RandomDomain.seeds();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void itsTextReadsBack(long seed) {
        MarketId market = new RandomDomain(seed).marketId();

        assertThat(MarketId.parse(market.toString())).isEqualTo(market);
    }

    @Test
    void onlyTheFirstColonDivides() {
        assertThat(MarketId.parse("Kalshi:KX:A")).isEqualTo(new MarketId(Venue.KALSHI, "KX:A"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "KXNBA", ":KXNBA", "kalshi", "nyse:IBM"})
    void aMarketNeedsAVenue(String text) {
        assertThatThrownBy(() -> MarketId.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not written venue:id, as in kalshi:KXNBA-26-BOS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a|b", "a\nb", "\u007f"})
    void aNameIsOneWordWithoutABar(String id) {
        assertThatThrownBy(() -> new MarketId(Venue.KALSHI, id)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aNameIsAtMostTwoHundredCharactersLong() {
        assertThat(new AccountId("x".repeat(200)).value()).hasSize(200);
        assertThatThrownBy(() -> new AccountId("x".repeat(201)))
                .hasMessage("AccountId has 201 characters; from 1 to 200 are allowed");
    }

    @Test
    void marketsAreOrderedByVenueThenName() {
        assertThat(new MarketId(Venue.KALSHI, "Z")).isLessThan(new MarketId(Venue.POLYMARKET, "A"));
        assertThat(new MarketId(Venue.KALSHI, "A")).isLessThan(new MarketId(Venue.KALSHI, "B"));
    }
}
