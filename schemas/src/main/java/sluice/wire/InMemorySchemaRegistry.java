package sluice.wire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import sluice.avro.RegisteredSchema;

/**
 * A registry without a network. Unit tests and replay from files use it as it is; the embedded registry puts HTTP in
 * front of it and a topic behind it.
 *
 * <p>Ids count from 1 and are never given again, also not after a deletion: a record that carries one may turn up at
 * any time. The same schema has one id under every subject. Safe for several threads.
 */
public final class InMemorySchemaRegistry implements SchemaRegistry {
    /** Whose level holds where a subject has none of its own. No subject has an empty name. */
    private static final String EVERY_SUBJECT = "";

    private final Consumer<RegisteredSchema> log;
    private final Map<String, Compatibility> levels = new HashMap<>();
    private final SortedMap<String, SortedMap<Integer, Entry>> subjects = new TreeMap<>();
    private final SortedMap<Integer, Schema> byId = new TreeMap<>();
    private final Map<String, Integer> idByText = new HashMap<>();

    private record Entry(SchemaVersion version, boolean deleted) {}

    /** A registry that holds nothing and forgets everything with the process; compatibility is FULL_TRANSITIVE. */
    public InMemorySchemaRegistry() {
        this(change -> {});
    }

    /**
     * A registry that hands every change to {@code log} before it takes effect: where the log throws, nothing has
     * changed. {@link #restore} takes the same records back.
     */
    public InMemorySchemaRegistry(Consumer<RegisteredSchema> log) {
        this.log = log;
        levels.put(EVERY_SUBJECT, Compatibility.FULL_TRANSITIVE);
    }

    /** Applies a change that was logged earlier. Order matters only between changes of one subject and version. */
    public synchronized void restore(RegisteredSchema change) {
        apply(change);
    }

    @Override
    public synchronized Registration register(String subject, Schema schema) {
        if (subject.isBlank()) {
            return new Registration.Refused("the subject has no name");
        }
        var known = idOf(subject, schema);
        if (known.isPresent()) {
            return new Registration.Registered(known.getAsInt());
        }
        var problems = incompatibilities(subject, schema);
        if (!problems.isEmpty()) {
            return new Registration.Refused(String.join("; ", problems));
        }
        var earlier = subjects.getOrDefault(subject, new TreeMap<>());
        int version = earlier.isEmpty() ? 1 : earlier.lastKey() + 1;
        String text = schema.toString();
        int id = idByText.getOrDefault(text, byId.isEmpty() ? 1 : byId.lastKey() + 1);
        change(new RegisteredSchema(subject, version, id, text, false));
        return new Registration.Registered(id);
    }

    @Override
    public synchronized OptionalInt idOf(String subject, Schema schema) {
        return find(subject, schema).map(SchemaVersion::id).map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    /** The version under which exactly this schema stands in the subject. */
    public synchronized Optional<SchemaVersion> find(String subject, Schema schema) {
        String text = schema.toString();
        return present(subject).stream()
                .filter(it -> it.schema().toString().equals(text))
                .findFirst();
    }

    @Override
    public synchronized Optional<Schema> byId(int id) {
        return Optional.ofNullable(byId.get(id));
    }

    @Override
    public synchronized List<Integer> versions(String subject) {
        return present(subject).stream().map(SchemaVersion::version).toList();
    }

    @Override
    public synchronized Optional<SchemaVersion> version(String subject, int version) {
        return present(subject).stream().filter(it -> it.version() == version).findFirst();
    }

    @Override
    public synchronized Optional<SchemaVersion> latest(String subject) {
        var present = present(subject);
        return present.isEmpty() ? Optional.empty() : Optional.of(present.getLast());
    }

    @Override
    public synchronized List<String> incompatibilities(String subject, Schema schema) {
        var earlier = new TreeMap<Integer, Schema>();
        present(subject).forEach(it -> earlier.put(it.version(), it.schema()));
        return compatibilityOf(subject).problems(schema, earlier);
    }

    /** Subjects with at least one version, in the order of their names. */
    public synchronized List<String> subjects() {
        return subjects.keySet().stream().filter(it -> !present(it).isEmpty()).toList();
    }

    /** Every place where the id stands, by subject and version. */
    public synchronized List<SchemaVersion> uses(int id) {
        return subjects.keySet().stream()
                .flatMap(subject -> present(subject).stream())
                .filter(it -> it.id() == id)
                .toList();
    }

    /** Hides a version from its subject; the id stays readable. Nothing happens if there is no such version. */
    public synchronized void delete(String subject, int version) {
        version(subject, version)
                .ifPresent(it -> change(new RegisteredSchema(
                        subject, version, it.id(), it.schema().toString(), true)));
    }

    /** The level that new versions of the subject are held to. */
    public synchronized Compatibility compatibilityOf(String subject) {
        return ownCompatibilityOf(subject).orElseGet(this::compatibility);
    }

    /** The subject's own level, if it was set. */
    public synchronized Optional<Compatibility> ownCompatibilityOf(String subject) {
        return Optional.ofNullable(levels.get(subject));
    }

    /** The level of every subject that has none of its own. */
    public synchronized Compatibility compatibility() {
        return levels.getOrDefault(EVERY_SUBJECT, Compatibility.FULL_TRANSITIVE);
    }

    /** Sets the level of every subject that has none of its own. */
    public synchronized void setCompatibility(Compatibility level) {
        change(new RegisteredSchema(EVERY_SUBJECT, 0, 0, level.name(), false));
    }

    /** Sets the subject's own level. */
    public synchronized void setCompatibility(String subject, Compatibility level) {
        change(new RegisteredSchema(subject, 0, 0, level.name(), false));
    }

    /** Takes the subject's own level away. */
    public synchronized void clearCompatibility(String subject) {
        change(new RegisteredSchema(subject, 0, 0, compatibilityOf(subject).name(), true));
    }

    private void change(RegisteredSchema change) {
        log.accept(change);
        apply(change);
    }

    private void apply(RegisteredSchema change) {
        if (change.getVersion() == 0) {
            if (change.getDeleted()) {
                levels.remove(change.getSubject());
            } else {
                levels.put(change.getSubject(), Compatibility.valueOf(change.getDefinition()));
            }
            return;
        }
        var schema = new Schema.Parser().parse(change.getDefinition());
        byId.put(change.getId(), schema);
        idByText.put(schema.toString(), change.getId());
        var version = new SchemaVersion(change.getSubject(), change.getVersion(), change.getId(), schema);
        subjects.computeIfAbsent(change.getSubject(), name -> new TreeMap<>())
                .put(change.getVersion(), new Entry(version, change.getDeleted()));
    }

    private List<SchemaVersion> present(String subject) {
        var versions = new ArrayList<SchemaVersion>();
        for (Entry entry : subjects.getOrDefault(subject, new TreeMap<>()).values()) {
            if (!entry.deleted()) {
                versions.add(entry.version());
            }
        }
        return versions;
    }
}
