package sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import sluice.avro.RegisteredSchema;
import sluice.topics.TopicSettings;
import sluice.wire.SchemaRegistry.Registration.Refused;
import sluice.wire.SchemaRegistry.Registration.Registered;

class InMemorySchemaRegistryTest {
    private static final Schema ONE = record("int");
    private static final Schema OTHER = record("string");

    private final ArrayList<RegisteredSchema> log = new ArrayList<>();
    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry(log::add);

    @Test
    void aSchemaHasOneIdUnderEverySubjectAndRepeatsChangeNothing() {
        assertThat(registry.register("a-value", ONE)).isEqualTo(new Registered(1));
        assertThat(registry.register("b-value", OTHER)).isEqualTo(new Registered(2));
        assertThat(registry.register("b-value-too", ONE)).isEqualTo(new Registered(1));
        assertThat(registry.register("a-value", ONE)).isEqualTo(new Registered(1));

        assertThat(log).hasSize(3);
        assertThat(registry.uses(1)).extracting(SchemaVersion::subject).containsExactly("a-value", "b-value-too");
        assertThat(registry.subjects()).containsExactly("a-value", "b-value", "b-value-too");
    }

    @Test
    void whatDoesNotFitIsRefusedAndTakesNoId() {
        registry.register("a-value", ONE);

        assertThat(registry.register("a-value", OTHER)).isInstanceOf(Refused.class);

        assertThat(registry.byId(2)).isEmpty();
        assertThat(registry.versions("a-value")).containsExactly(1);
    }

    @Test
    void theLogBringsEverythingBackAndNoIdIsGivenTwice() {
        // Given two schemas of which one was deleted, and levels
        registry.register("a-value", ONE);
        registry.register("b-value", OTHER);
        registry.delete("b-value", 1);
        registry.setCompatibility("a-value", Compatibility.NONE);
        registry.setCompatibility(Compatibility.BACKWARD);

        // When
        var again = new InMemorySchemaRegistry();
        log.forEach(again::restore);

        // Then
        assertThat(again.subjects()).containsExactly("a-value");
        assertThat(again.byId(2)).contains(OTHER);
        assertThat(again.compatibilityOf("a-value")).isEqualTo(Compatibility.NONE);
        assertThat(again.compatibility()).isEqualTo(Compatibility.BACKWARD);
        assertThat(again.register("c-value", record("boolean"))).isEqualTo(new Registered(3));
        assertThat(again.register("b-value", OTHER)).isEqualTo(new Registered(2));
        assertThat(again.versions("b-value")).containsExactly(2);
    }

    @Test
    void aChangeThatCannotBeLoggedHasNotHappened() {
        var readOnly = new InMemorySchemaRegistry(change -> {
            throw new IllegalStateException("disk full");
        });

        assertThatThrownBy(() -> readOnly.register("a-value", ONE)).hasMessage("disk full");

        assertThat(readOnly.versions("a-value")).isEmpty();
        assertThat(readOnly.byId(1)).isEmpty();
    }

    @Test
    void theWholeCatalogueFitsIntoARegistry() {
        registry.registerCatalogue(TopicSettings.DEFAULT);

        assertThat(registry.versions("sluice.journal-value")).containsExactly(1);
        assertThat(registry.versions("sluice.signals.dlq-value")).containsExactly(1);
        assertThat(registry.subjects()).doesNotContain("sluice.signals.json-value");
    }

    private static Schema record(String type) {
        return SchemaBuilder.record("Thing")
                .fields()
                .name("field")
                .type(type)
                .noDefault()
                .endRecord();
    }
}
