package sluice.venues.marketdata;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.domain.MarketId;

class SignalledMarketTest {
    @Test
    void aSignalInJsonNamesItsMarket() {
        assertThat(SignalledMarket.of(utf8("{\"platform\": \"kalshi\", \"market_id\": \"KXA\"}")))
                .containsExactly(MarketId.parse("kalshi:KXA"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "7",
                "{\"platform\": \"nowhere\", \"market_id\": \"KXA\"}",
                "{\"platform\": \"kalshi\"}",
                "{\"platform\": {\"a\": 1}, \"market_id\": [1]}",
                "{\"platform\": \"kalshi\", \"market_id\": \"two words\"}"
            })
    void whatNamesNoMarketIsPassedOver(String json) {
        assertThat(SignalledMarket.of(utf8(json))).isEmpty();
    }

    /** The first looks like UTF-32 to a reader of JSON, and is not. */
    @ParameterizedTest
    @ValueSource(strings = {"00017fff00ff00ff", "fffe0000ffffffff", "c0c1f5"})
    void bytesThatAreNoTextArePassedOver(String hex) {
        assertThat(SignalledMarket.of(HexFormat.of().parseHex(hex))).isEmpty();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void anyBytesArePassedOver(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            assertThat(SignalledMarket.of(bytes)).isEmpty();
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
