package sluice.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrashPointTest {
    @Test
    void nothingHappensUnlessArmed() {
        assertThat(CrashPoint.Armed.parse(null)).isEmpty();
        assertThat(CrashPoint.Armed.parse("")).isEmpty();
        for (CrashPoint point : CrashPoint.values()) {
            point.pass();
        }
    }

    @Test
    void diesAtThePassThatIsNamedAndAtNoOtherPoint() {
        var armed = CrashPoint.Armed.parse("FENCED:2").orElseThrow();

        assertThat(armed.isDue(CrashPoint.RESTORED)).isFalse();
        assertThat(armed.isDue(CrashPoint.FENCED)).isFalse();
        assertThat(armed.isDue(CrashPoint.FENCED)).isTrue();
        assertThat(armed.isDue(CrashPoint.FENCED)).isFalse();
        assertThat(CrashPoint.Armed.parse("FENCED").orElseThrow().isDue(CrashPoint.FENCED))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOWHERE", "fenced", "FENCED:", "FENCED:0", "FENCED:x", "FENCED:-1", ":1"})
    void whatNamesNoPointIsSaid(String text) {
        assertThatThrownBy(() -> CrashPoint.Armed.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SLUICE_CRASH is \"" + text + "\"");
    }
}
