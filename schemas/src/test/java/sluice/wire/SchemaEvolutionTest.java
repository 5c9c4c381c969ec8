package sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.topics.Topics;
import sluice.topics.Value;

/**
 * Every version of a record that was ever on a topic stays readable by every other version of it.
 *
 * <p>Versions are kept in {@code src/main/schemas-archive/<record>/<version>.avsc}. After a change of a schema, archive
 * it on purpose: {@code ./mvnw -pl schemas test -Dtest=SchemaEvolutionTest -Dsluice.archive=true} writes the next
 * version of every record that differs from its newest one. A version that no release has carried may be deleted first.
 */
class SchemaEvolutionTest {
    /** Numbers that we compute from what was asked, however absurd; 19 digits hold any of 64 bits. */
    private static final Set<String> COMPUTED = Set.of(
            "Decision.controls[].limit/bytes",
            "Decision.controls[].used/bytes",
            "Decision.controls[].after/bytes",
            "Decision.controls[].headroom/bytes",
            "Decision.worst_case_cost");

    private static final Path ARCHIVE = Path.of("src/main/schemas-archive");

    static Stream<Schema> recordsOfTopics() {
        return Topics.all().stream()
                .flatMap(topic -> topic.value() instanceof Value.Avro avro ? Stream.of(avro.schema()) : Stream.empty())
                .distinct()
                .sorted(Comparator.comparing(Schema::getName));
    }

    @BeforeAll
    static void archiveIfAsked() throws IOException {
        if (!Boolean.getBoolean("sluice.archive")) {
            return;
        }
        for (Schema schema : recordsOfTopics().toList()) {
            var archived = archived(schema);
            if (archived.isEmpty() || !archived.lastEntry().getValue().equals(schema)) {
                int next = archived.isEmpty() ? 1 : archived.lastKey() + 1;
                Path file = ARCHIVE.resolve(schema.getName()).resolve(next + ".avsc");
                Files.createDirectories(file.getParent());
                Files.writeString(
                        file, new ObjectMapper().readTree(schema.toString()).toPrettyString() + "\n");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("recordsOfTopics")
    void theNewestArchivedVersionIsTheCurrentSchema(Schema schema) throws IOException {
        var archived = archived(schema);

        assertThat(archived)
                .as("%s has no archived version; the head of this class says how to archive it", schema.getName())
                .isNotEmpty();
        assertThat(archived.lastEntry().getValue())
                .as("%s changed; the head of this class says how to archive the change", schema.getName())
                .isEqualTo(schema);
    }

    @ParameterizedTest
    @MethodSource("recordsOfTopics")
    void everyVersionReadsEveryOtherAndNumbersMeanTheSame(Schema schema) throws IOException {
        var archived = archived(schema);

        assertThat(Compatibility.FULL_TRANSITIVE.problems(schema, archived)).isEmpty();
    }

    @Test
    void everyDirectoryOfTheArchiveBelongsToARecordOfATopic() throws IOException {
        try (var directories = Files.list(ARCHIVE)) {
            assertThat(directories.map(it -> it.getFileName().toString()))
                    .as("a record that left its topic stays readable only while it is checked")
                    .containsExactlyInAnyOrderElementsOf(
                            recordsOfTopics().map(Schema::getName).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("recordsOfTopics")
    void everythingIsExplainedAndEveryDecimalHasSixPlaces(Schema schema) {
        var types = new LinkedHashMap<String, Schema>();
        collect(schema, schema.getName(), types);

        assertThat(types).allSatisfy((path, type) -> {
            switch (type.getType()) {
                case RECORD -> {
                    assertThat(type.getDoc()).as("doc of %s", path).isNotBlank();
                    for (var field : type.getFields()) {
                        assertThat(field.doc())
                                .as("doc of %s.%s", path, field.name())
                                .isNotBlank();
                    }
                }
                case FIXED -> assertThat(type.getDoc()).as("doc of %s", path).isNotBlank();
                case ENUM -> {
                    assertThat(type.getDoc()).as("doc of %s", path).isNotBlank();
                    assertThat(type.getEnumSymbols())
                            .as("first symbol of %s", path)
                            .startsWith("UNKNOWN");
                    assertThat(type.getEnumDefault()).as("default of %s", path).isEqualTo("UNKNOWN");
                }
                case BYTES -> {
                    if (type.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
                        assertThat(decimal.getPrecision())
                                .as("precision of %s", path)
                                .isEqualTo(COMPUTED.contains(path) ? 19 : 18);
                        assertThat(decimal.getScale()).as("scale of %s", path).isEqualTo(6);
                    }
                }
                case FLOAT, DOUBLE -> throw new AssertionError(path + " is a " + type + "; money is never one");
                case ARRAY, MAP, UNION, STRING, INT, LONG, BOOLEAN, NULL -> {}
            }
        });
    }

    /** Every type below the schema, by the path that leads there first. */
    private static void collect(Schema schema, String path, Map<String, Schema> types) {
        switch (schema.getType()) {
            case RECORD -> {
                if (!types.containsValue(schema)) {
                    types.put(path, schema);
                    schema.getFields().forEach(it -> collect(it.schema(), path + "." + it.name(), types));
                }
            }
            case ARRAY -> collect(schema.getElementType(), path + "[]", types);
            case MAP -> collect(schema.getValueType(), path + "{}", types);
            case UNION -> schema.getTypes().forEach(it -> collect(it, path + "/" + it.getName(), types));
            case ENUM, FIXED, STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL -> types.put(path, schema);
        }
    }

    private static NavigableMap<Integer, Schema> archived(Schema schema) throws IOException {
        var versions = new TreeMap<Integer, Schema>();
        Path directory = ARCHIVE.resolve(schema.getName());
        if (Files.isDirectory(directory)) {
            try (var files = Files.newDirectoryStream(directory, "*.avsc")) {
                for (Path file : files) {
                    String name = file.getFileName().toString();
                    versions.put(
                            Integer.parseInt(name.substring(0, name.length() - ".avsc".length())),
                            new Schema.Parser().parse(Files.readString(file)));
                }
            }
        }
        return versions;
    }
}
