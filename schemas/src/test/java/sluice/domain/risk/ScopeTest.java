package sluice.domain.risk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.domain.MarketId;
import sluice.domain.RandomDomain;
import sluice.domain.Venue;

class ScopeTest {
    static LongStream seeds() {
        return RandomDomain.seeds();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void itsTextReadsBack(long seed) {
        Scope scope = new RandomDomain(seed).scope();

        assertThat(Scope.parse(scope.toString())).isEqualTo(scope);
    }

    @ParameterizedTest
    @CsvSource({
        "all, all",
        "ALL, all",
        "venue:KALSHI, venue:kalshi",
        "Venue:Polymarket, venue:polymarket",
        "market:KALSHI:KX, market:kalshi:KX",
        "strategy:Momentum, strategy:Momentum"
    })
    void aThingHasOneSpelling(String written, String spelled) {
        assertThat(Scope.parse(written)).hasToString(spelled);
    }

    @Test
    void aHaltOfAVenueOrMarketMatchesHoweverItWasBuilt() {
        var market = new MarketId(Venue.KALSHI, "KX");

        assertThat(new Scope(Scope.Kind.VENUE, "KALSHI")).isEqualTo(new Scope(Scope.Kind.VENUE, "kalshi"));
        assertThat(new Scope(Scope.Kind.MARKET, "Kalshi:KX"))
                .isEqualTo(new Scope(Scope.Kind.MARKET, market.toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "al",
                "venue",
                "venue:",
                "all:x",
                "venue:kalshii",
                "market:KX",
                "market:kalshi:",
                "order",
                "order:a b",
                "strategy:a|b",
                "account: ",
                "event:a\tb"
            })
    void aScopeThatCouldMatchNothingIsRefused(String text) {
        assertThatThrownBy(() -> Scope.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
