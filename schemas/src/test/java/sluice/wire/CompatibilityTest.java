package sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CompatibilityTest {
    private static final String DECIMAL =
            "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":18,\"scale\":6}";
    private static final String CENTS = "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":18,\"scale\":2}";
    private static final String SHORTER =
            "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":9,\"scale\":6}";
    private static final String MILLIS = "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}";
    private static final String MICROS = "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}";

    static Stream<Arguments> changesThatStockAvroAccepts() {
        return Stream.of(
                Arguments.of(DECIMAL, CENTS, "Order.price is decimal(18, 6) but decimal(18, 2)"),
                Arguments.of(DECIMAL, SHORTER, "Order.price is decimal(18, 6) but decimal(9, 6)"),
                Arguments.of(DECIMAL, "\"bytes\"", "Order.price is decimal(18, 6) but no logical type"),
                Arguments.of(DECIMAL, "\"string\"", "Order.price is decimal(18, 6) but no logical type"),
                Arguments.of(MILLIS, MICROS, "Order.price is timestamp-millis but timestamp-micros"),
                Arguments.of(MILLIS, "\"int\"", "Order.price is timestamp-millis but no logical type"),
                Arguments.of(nullable(DECIMAL), nullable(CENTS), "Order.price is decimal(18, 6) but decimal(18, 2)"),
                Arguments.of(nullable(DECIMAL), CENTS, "Order.price is decimal(18, 6) but decimal(18, 2)"),
                Arguments.of(list(DECIMAL), list(CENTS), "Order.price[] is decimal(18, 6) but decimal(18, 2)"),
                Arguments.of(map(DECIMAL), map(CENTS), "Order.price{} is decimal(18, 6) but decimal(18, 2)"),
                Arguments.of(
                        list(nullable(record("Level", map(DECIMAL)))),
                        list(nullable(record("Level", map(CENTS)))),
                        "Order.price[].price{} is decimal(18, 6) but decimal(18, 2)"));
    }

    @ParameterizedTest
    @MethodSource("changesThatStockAvroAccepts")
    void aNumberNeverChangesItsMeaningAtAnyDepth(String before, String after, String problem) {
        var old = parse(record("Order", before));
        var proposed = parse(record("Order", after));

        // Stock Avro reads what the other wrote, and reads it wrong.
        assertThat(SchemaCompatibility.checkReaderWriterCompatibility(old, proposed)
                        .getType())
                .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
        assertThat(Compatibility.changedMeanings(old, proposed)).containsExactly(problem);
        for (Compatibility level : Compatibility.values()) {
            if (level != Compatibility.NONE) {
                assertThat(level.problems(proposed, versions(old)))
                        .as("%s", level)
                        .isNotEmpty();
            }
        }
        assertThat(Compatibility.changedMeanings(old, old)).isEmpty();
        assertThat(Compatibility.changedMeanings(proposed, proposed)).isEmpty();
    }

    @Test
    void branchesOfTheSameKindAreComparedAndOthersAreNot() {
        var both = parse(record("Order", "[\"string\"," + DECIMAL + "," + MILLIS + ",\"int\"]"));

        assertThat(Compatibility.changedMeanings(both, both)).isEmpty();
    }

    @Test
    void aSchemaThatContainsItselfIsComparedToItsEnd() {
        String tree = "{\"type\":\"record\",\"name\":\"Tree\",\"fields\":[{\"name\":\"value\",\"type\":%s},"
                + "{\"name\":\"next\",\"type\":[\"null\",\"Tree\"]}]}";

        assertThat(Compatibility.changedMeanings(parse(tree.formatted(DECIMAL)), parse(tree.formatted(CENTS))))
                .containsExactly("Tree.value is decimal(18, 6) but decimal(18, 2)");
    }

    /** One field more: with a default both read each other; without one the new cannot read the old. */
    @ParameterizedTest
    @CsvSource({
        "NONE, true, true",
        "BACKWARD, true, false",
        "BACKWARD_TRANSITIVE, true, false",
        "FORWARD, true, true",
        "FORWARD_TRANSITIVE, true, true",
        "FULL, true, false",
        "FULL_TRANSITIVE, true, false"
    })
    void eachLevelMeansWhatItsNameSays(Compatibility level, boolean withDefault, boolean withoutDefault) {
        var old = versions(parse(record("Order", DECIMAL)));
        String more = "{\"type\":\"record\",\"name\":\"Order\",\"fields\":[{\"name\":\"price\",\"type\":" + DECIMAL
                + "},{\"name\":\"more\",\"type\":\"int\"%s}]}";

        assertThat(level.problems(parse(more.formatted(",\"default\":0")), old).isEmpty())
                .isEqualTo(withDefault);
        assertThat(level.problems(parse(more.formatted("")), old).isEmpty()).isEqualTo(withoutDefault);
    }

    @Test
    void onlyTransitiveLevelsLookBehindTheNewestVersion() {
        // Given a field that came with a default, and would now change its type against the oldest version alone
        var oldest = parse(record("Order", "\"string\""));
        var newest = parse("{\"type\":\"record\",\"name\":\"Order\",\"fields\":[]}");
        var proposed = parse("{\"type\":\"record\",\"name\":\"Order\",\"fields\":"
                + "[{\"name\":\"price\",\"type\":\"boolean\",\"default\":false}]}");
        var versions = versions(oldest);
        versions.put(2, newest);

        assertThat(Compatibility.BACKWARD.problems(proposed, versions)).isEmpty();
        assertThat(Compatibility.FULL_TRANSITIVE.problems(proposed, versions))
                .isNotEmpty()
                .allMatch(it -> it.contains("version 1"));
    }

    private static SortedMap<Integer, Schema> versions(Schema... schemas) {
        var versions = new TreeMap<Integer, Schema>();
        for (Schema schema : List.of(schemas)) {
            versions.put(versions.size() + 1, schema);
        }
        return versions;
    }

    private static String record(String name, String type) {
        return "{\"type\":\"record\",\"name\":\"" + name + "\",\"fields\":[{\"name\":\"price\",\"type\":" + type
                + "}]}";
    }

    private static String nullable(String type) {
        return "[\"null\"," + type + "]";
    }

    private static String list(String type) {
        return "{\"type\":\"array\",\"items\":" + type + "}";
    }

    private static String map(String type) {
        return "{\"type\":\"map\",\"values\":" + type + "}";
    }

    private static Schema parse(String text) {
        return new Schema.Parser().parse(text);
    }
}
