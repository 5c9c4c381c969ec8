package sluice.risk.ingress;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.InterruptException;
import sluice.wire.RegistryUnavailableException;
import sluice.wire.SchemaRegistry;
import sluice.wire.SchemaVersion;

/**
 * Asks for schemas in the background and waits for an answer only briefly. One record with a new schema id and a
 * registry that hangs would otherwise hold up everything that is sequenced, a halt among it, for as long as the
 * registry's client is patient.
 */
final class BackgroundRegistry implements SchemaRegistry {
    private final SchemaRegistry registry;
    private final Duration patience;
    private final Map<Integer, CompletableFuture<Optional<Schema>>> asked = new ConcurrentHashMap<>();

    BackgroundRegistry(SchemaRegistry registry, Duration patience) {
        this.registry = registry;
        this.patience = patience;
    }

    /** As the registry answers; a later call takes up an answer that an earlier one did not wait for. */
    @Override
    public Optional<Schema> byId(int id) {
        var answer = asked.computeIfAbsent(
                id, it -> CompletableFuture.supplyAsync(() -> registry.byId(it), Thread::startVirtualThread));
        try {
            Optional<Schema> schema = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            asked.remove(id, answer);
            return schema;
        } catch (TimeoutException e) {
            throw new RegistryUnavailableException(
                    "the schema registry has not answered for schema id " + id + " within " + patience.toMillis()
                            + " ms; its answer will be taken up when it comes",
                    e);
        } catch (ExecutionException e) {
            asked.remove(id, answer);
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException("schema id " + id + " could not be asked for", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public Registration register(String subject, Schema schema) {
        return registry.register(subject, schema);
    }

    @Override
    public OptionalInt idOf(String subject, Schema schema) {
        return registry.idOf(subject, schema);
    }

    @Override
    public List<Integer> versions(String subject) {
        return registry.versions(subject);
    }

    @Override
    public Optional<SchemaVersion> version(String subject, int version) {
        return registry.version(subject, version);
    }

    @Override
    public Optional<SchemaVersion> latest(String subject) {
        return registry.latest(subject);
    }

    @Override
    public List<String> incompatibilities(String subject, Schema schema) {
        return registry.incompatibilities(subject, schema);
    }
}
