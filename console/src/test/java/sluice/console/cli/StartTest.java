package sluice.console.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartTest {
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-01-28T12:00:00Z"), ZoneOffset.UTC);

    @Test
    void aStartIsABeginningAnOffsetOrACount() {
        assertThat(Start.parse("beginning", NOON)).isEqualTo(new Start.Beginning());
        assertThat(Start.parse("0", NOON)).isEqualTo(new Start.Offset(0));
        assertThat(Start.parse("120", NOON)).isEqualTo(new Start.Offset(120));
        assertThat(Start.parse("-20", NOON)).isEqualTo(new Start.Last(20));
    }

    @ParameterizedTest
    @CsvSource({
        "15m, 2026-01-28T11:45:00Z",
        "30s, 2026-01-28T11:59:30Z",
        "2h, 2026-01-28T10:00:00Z",
        "1d, 2026-01-27T12:00:00Z",
        "2026-01-20, 2026-01-20T00:00:00Z",
        "2026-01-20T10:00:00Z, 2026-01-20T10:00:00Z",
        "2026-01-20T10:00:00.5-05:00, 2026-01-20T15:00:00.5Z",
    })
    void orATime(String text, Instant time) {
        assertThat(Start.parse(text, NOON)).isEqualTo(new Start.Time(time));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-0", "--5", "yesterday", "5w", "2026-13-01", "2026-01-20T10:00", "1.5"})
    void anythingElseSaysWhatThereIs(String text) {
        assertThatThrownBy(() -> Start.parse(text, NOON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("\"" + text + "\" is not a start; write beginning, an offset, -20");
    }
}
