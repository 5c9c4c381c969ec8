package sluice.wire;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.avro.Schema;
import sluice.topics.Topic;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.topics.Value;

/**
 * Schemas by subject and by id. Implementations are safe for several threads; a registry behind a network throws
 * {@link RegistryUnavailableException} from any method when it cannot be asked.
 */
public interface SchemaRegistry {
    /** What came of an attempt to register a schema. */
    sealed interface Registration {
        /** The schema is registered, now or since earlier, and records carry this id. */
        record Registered(int id) implements Registration {}

        /** The registry refuses the schema; the reason is its own words. */
        record Refused(String reason) implements Registration {}
    }

    /** Registers the schema as the newest version of the subject; registering it again changes nothing. */
    Registration register(String subject, Schema schema);

    /** The id of exactly this schema under the subject; empty if it is not registered there. */
    OptionalInt idOf(String subject, Schema schema);

    /** The schema with this id; empty if no schema has it. */
    Optional<Schema> byId(int id);

    /** Versions of the subject, ascending; none if there is no such subject. */
    List<Integer> versions(String subject);

    /** One version of the subject. */
    Optional<SchemaVersion> version(String subject, int version);

    /** The newest version of the subject. */
    Optional<SchemaVersion> latest(String subject);

    /** Why the schema cannot become the next version of the subject; empty if it can. */
    List<String> incompatibilities(String subject, Schema schema);

    /**
     * Registers the value schema of every topic of the catalogue, in its order. The deploy step of a cluster and the
     * start of the embedded stack do this; nothing else ever registers a schema of ours.
     *
     * @throws IllegalStateException if the registry refuses one; those before it are registered
     */
    default void registerCatalogue(TopicSettings settings) {
        for (Topic topic : Topics.all()) {
            if (topic.value() instanceof Value.Avro avro) {
                String subject = settings.subjectOf(topic).orElseThrow();
                if (register(subject, avro.schema()) instanceof Registration.Refused refused) {
                    throw new IllegalStateException("the registry refuses " + avro + " as the next version of "
                            + subject + ": " + refused.reason());
                }
            }
        }
    }
}
