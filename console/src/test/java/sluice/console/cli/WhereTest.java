package sluice.console.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhereTest {
    private static final String ROW = """
            {"verdict": "DENIED", "order_id": null, "sequence": 17, "price": "0.65", "paid": 0.650,
             "controls": [{"outcome": "PASS"}, {"outcome": "FAIL"}],
             "limits": {"venue.x": {"a.b": "1"}}, "body": {"Tick": {"number": 5}}, "ok": true}
            """;

    @ParameterizedTest
    @CsvSource({
        "verdict=DENIED, true",
        "verdict=denied, false",
        "order_id=null, true",
        "nothing=null, true",
        "sequence=17, true",
        "price=0.65, true",
        "paid=0.650, true",
        "controls.1.outcome=FAIL, true",
        "controls.2.outcome=FAIL, false",
        "limits.venue.x.a.b=1, true",
        "body.Tick.number=5, true",
        "body.Tick.number.deeper=5, false",
        "ok=true, true",
        "verdict=, false",
    })
    void aConditionComparesTheTextAtAPath(String condition, boolean holds) throws Exception {
        JsonNode row = RecordDecoder.EXACT.readTree(ROW);
        assertThat(Where.parse(condition).holdsFor(row)).isEqualTo(holds);
    }

    @Test
    void theValueMayHoldAnEqualsSign() {
        assertThat(Where.parse("a=b=c")).isEqualTo(new Where("a", "b=c"));
    }

    @Test
    void whatIsNoConditionSaysHowOneIsWritten() {
        assertThatThrownBy(() -> Where.parse("verdict"))
                .hasMessage("\"verdict\" is not a condition; write path=value, as in verdict=DENIED");
        assertThatThrownBy(() -> Where.parse("=x")).isInstanceOf(IllegalArgumentException.class);
    }
}
