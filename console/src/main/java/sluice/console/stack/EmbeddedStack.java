package sluice.console.stack;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import sluice.topics.TopicSettings;

/** Broker, topics and registry on one machine, started in the order in which they need each other. */
public final class EmbeddedStack implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EmbeddedBroker broker;
    private final EmbeddedRegistry registry;
    private final List<TopicAdmin.Difference> differences;

    /**
     * Where the stack lives.
     *
     * @param directory holds everything that must survive a restart
     * @param brokerPort port of the broker, 0 for any that is free
     * @param registryPort port of the schema registry, 0 for any that is free
     */
    public record Settings(Path directory, int brokerPort, int registryPort, TopicSettings topics) {}

    private EmbeddedStack(EmbeddedBroker broker, EmbeddedRegistry registry, List<TopicAdmin.Difference> differences) {
        this.broker = broker;
        this.registry = registry;
        this.differences = differences;
    }

    /**
     * Starts everything and returns once every topic can be written and every schema is registered.
     *
     * @throws StackException if a part cannot start; the parts before it are stopped again
     */
    public static EmbeddedStack start(Settings settings) {
        var broker = EmbeddedBroker.start(settings.directory(), settings.brokerPort());
        try (var admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, (Object) broker.bootstrapServers()))) {
            var report = new TopicAdmin(admin, settings.topics()).ensure(PATIENCE);
            var registry =
                    EmbeddedRegistry.start(broker.bootstrapServers(), settings.topics(), settings.registryPort());
            return new EmbeddedStack(broker, registry, report.differences());
        } catch (RuntimeException | Error e) {
            broker.close();
            throw e;
        }
    }

    /** Where Kafka clients connect. */
    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** Where the schema registry answers. */
    public URI registry() {
        return registry.uri();
    }

    /** Where topics of an earlier start differ from what they should be now; nobody changed them. */
    public List<TopicAdmin.Difference> differences() {
        return differences;
    }

    /** Stops the registry, then the broker. */
    @Override
    public void close() {
        registry.close();
        broker.close();
    }
}
