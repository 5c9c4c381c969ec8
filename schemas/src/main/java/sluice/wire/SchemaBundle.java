package sluice.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.avro.Schema;
import sluice.topics.Topic;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;

/**
 * Schemas and their ids as one registry gave them, to go by while that registry does not answer. A bundle of another
 * registry would write records with wrong ids, so it belongs beside the registry's address in a deployment.
 */
public record SchemaBundle(List<SchemaVersion> schemas) {
    public static final SchemaBundle EMPTY = new SchemaBundle(List.of());

    public SchemaBundle {
        schemas = List.copyOf(schemas);
    }

    /** Every version of every topic's values that the registry holds. */
    public static SchemaBundle of(SchemaRegistry registry, TopicSettings settings) {
        var schemas = new ArrayList<SchemaVersion>();
        for (Topic topic : Topics.all()) {
            settings.subjectOf(topic).ifPresent(subject -> registry.versions(subject)
                    .forEach(version -> registry.version(subject, version).ifPresent(schemas::add)));
        }
        return new SchemaBundle(schemas);
    }

    /** Reads what {@link #write} wrote. */
    public static SchemaBundle read(Path file) throws IOException {
        var schemas = new ArrayList<SchemaVersion>();
        for (JsonNode entry : new ObjectMapper().readTree(Files.readString(file))) {
            schemas.add(new SchemaVersion(
                    entry.path("subject").asText(),
                    entry.path("version").asInt(),
                    entry.path("id").asInt(),
                    new Schema.Parser().parse(entry.path("schema").asText())));
        }
        return new SchemaBundle(schemas);
    }

    /** Writes the bundle as JSON. */
    public void write(Path file) throws IOException {
        var entries = JsonNodeFactory.instance.arrayNode();
        for (SchemaVersion it : schemas) {
            entries.addObject()
                    .put("subject", it.subject())
                    .put("version", it.version())
                    .put("id", it.id())
                    .put("schema", it.schema().toString());
        }
        Files.writeString(file, entries.toPrettyString() + "\n");
    }

    OptionalInt idOf(String subject, Schema schema) {
        return schemas.stream()
                .filter(it -> it.subject().equals(subject) && it.schema().equals(schema))
                .mapToInt(SchemaVersion::id)
                .findFirst();
    }

    Optional<Schema> byId(int id) {
        return schemas.stream()
                .filter(it -> it.id() == id)
                .map(SchemaVersion::schema)
                .findFirst();
    }
}
