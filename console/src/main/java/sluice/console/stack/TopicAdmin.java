package sluice.console.stack;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import sluice.topics.Topic;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;

/** Brings the catalogue's topics onto a broker and tells where a broker differs from the catalogue. */
public final class TopicAdmin {
    /** A pause between looks; leaders are elected within milliseconds. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final Admin admin;
    private final TopicSettings settings;

    /**
     * What a topic should have and what it has. {@code setting} is partitions, replication or a topic setting's name.
     */
    public record Difference(String topic, String setting, String expected, String actual) {
        @Override
        public String toString() {
            return topic + ": " + setting + " is " + actual + " and should be " + expected;
        }
    }

    /** What {@link #ensure} did and saw; topics by their names on the broker. */
    public record Report(List<String> created, List<Difference> differences) {}

    public TopicAdmin(Admin admin, TopicSettings settings) {
        this.admin = admin;
        this.settings = settings;
    }

    /**
     * Creates the topics that are missing and returns once every partition of every topic can be written.
     *
     * <p>A topic that exists is never changed; where it differs from the catalogue, the report says so.
     *
     * @throws StackException if the broker refuses, or a partition cannot be written when {@code timeout} is over
     */
    public Report ensure(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        var existing = describe();
        var created = new ArrayList<String>();
        var missing = Topics.all().stream()
                .filter(topic -> !existing.containsKey(settings.nameOf(topic)))
                .toList();
        var requests = admin.createTopics(
                        missing.stream().map(topic -> topic.newTopic(settings)).toList())
                .values();
        for (Topic topic : missing) {
            String name = settings.nameOf(topic);
            try {
                Objects.requireNonNull(requests.get(name)).get();
                created.add(name);
            } catch (ExecutionException e) {
                // Another process that starts at the same moment may have been quicker.
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw failed("create topic " + name, e.getCause());
                }
            } catch (InterruptedException e) {
                throw interrupted("create topic " + name, e);
            }
        }
        awaitLeaders(deadline);
        return new Report(List.copyOf(created), check());
    }

    /** Where the broker differs from the catalogue, in the catalogue's order; a missing topic has no partitions. */
    public List<Difference> check() {
        var existing = describe();
        var resources = existing.keySet().stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        var configs = get(
                "read the topics' settings", admin.describeConfigs(resources).all());
        var differences = new ArrayList<Difference>();
        for (Topic topic : Topics.all()) {
            String name = settings.nameOf(topic);
            var description = existing.get(name);
            int partitions = description == null ? 0 : description.partitions().size();
            compare(name, "partitions", settings.partitionsOf(topic), partitions, differences);
            if (description != null) {
                int copies = description.partitions().getFirst().replicas().size();
                compare(name, "replication", settings.replication(), copies, differences);
                var actual = configs.get(new ConfigResource(ConfigResource.Type.TOPIC, name));
                topic.config(settings).forEach((setting, expected) -> {
                    var entry = actual == null ? null : actual.get(setting);
                    compare(name, setting, expected, entry == null ? "absent" : entry.value(), differences);
                });
            }
        }
        return List.copyOf(differences);
    }

    private static void compare(
            String topic, String setting, Object expected, Object actual, List<Difference> differences) {
        if (!expected.toString().equals(actual.toString())) {
            differences.add(new Difference(topic, setting, expected.toString(), actual.toString()));
        }
    }

    private Map<String, TopicDescription> describe() {
        var names = Topics.all().stream().map(settings::nameOf).toList();
        var existing = new HashMap<String, TopicDescription>();
        admin.describeTopics(names).topicNameValues().forEach((name, answer) -> {
            try {
                existing.put(name, answer.get());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw failed("describe topic " + name, e.getCause());
                }
            } catch (InterruptedException e) {
                throw interrupted("describe topic " + name, e);
            }
        });
        return existing;
    }

    /**
     * A created topic has leaders only a moment later. An idempotent producer that is quicker loses its first batch and
     * then, because the second one is accepted with a gap before it, every later one: thousands of records, silently.
     */
    private void awaitLeaders(long deadline) {
        // The controller has created them; the broker that is asked hears of that a moment later.
        var existing = describe();
        while (existing.size() < Topics.all().size() && System.nanoTime() < deadline) {
            pause();
            existing = describe();
        }
        var waiting = new HashMap<TopicPartition, OffsetSpec>();
        existing.forEach((name, description) -> description
                .partitions()
                .forEach(it -> waiting.put(new TopicPartition(name, it.partition()), OffsetSpec.latest())));
        while (true) {
            var offsets = admin.listOffsets(waiting);
            Throwable last = null;
            for (TopicPartition partition : List.copyOf(waiting.keySet())) {
                try {
                    offsets.partitionResult(partition).get();
                    waiting.remove(partition);
                } catch (ExecutionException e) {
                    last = e.getCause();
                } catch (InterruptedException e) {
                    throw interrupted("wait for " + partition, e);
                }
            }
            if (waiting.isEmpty()) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new StackException("no leader for " + waiting.keySet() + " within the time given; last answer: "
                        + (last == null ? "none" : StackException.reason(last)) + "; is every broker running?");
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_AGAIN);
        } catch (InterruptedException e) {
            throw interrupted("wait for the topics' leaders", e);
        }
    }

    private static <T> T get(String what, KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw failed(what, e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(what, e);
        }
    }

    private static StackException failed(String what, @Nullable Throwable cause) {
        return new StackException(
                "could not " + what + ": " + (cause == null ? "no reason was given" : StackException.reason(cause)),
                cause == null ? new IllegalStateException() : cause);
    }

    private static StackException interrupted(String what, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new StackException("interrupted while trying to " + what, e);
    }
}
