package sluice.console.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import sluice.console.config.ConfigReader;
import sluice.topics.Topics;

/** Starts everything again after somebody wrote what does not belong there. */
class LocalStackTest {
    @RegisterExtension
    static final TestBroker BROKER = new TestBroker();

    @TempDir
    Path folder;

    @Test
    void whatIsNoLimitsDoesNotKeepTheNextStartFromHappening() throws Exception {
        // Given a stack that ran, and a record in risk.limits that is none
        assertThat(startAndStop()).contains("limits of * all: version 1 published from the configuration");
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", BROKER.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            BROKER.settings().nameOf(Topics.RISK_LIMITS), "{}".getBytes(StandardCharsets.UTF_8)))
                    .get();
        }

        // When it starts again
        List<String> said = startAndStop();

        // Then it says what it passed over, and goes by the limits that are there
        assertThat(said)
                .anyMatch(line ->
                        line.startsWith("warning: " + BROKER.settings().nameOf(Topics.RISK_LIMITS) + ", partition ")
                                && line.contains("holds no limits and is passed over: "))
                .contains("limits of * all: version 1 as configured");
    }

    private List<String> startAndStop() throws IOException {
        Path file = Files.writeString(
                folder.resolve("sluice.yaml"),
                "kafka: {bootstrap-servers: \"" + BROKER.bootstrapServers() + "\", prefix: \""
                        + BROKER.settings().prefix()
                        + "\"}\nembedded: {registry-port: 0}\nlimits: {max-order-cost: 5}\n");
        var said = new ArrayList<String>();
        LocalStack.start(
                        ConfigReader.read(file, Map.of()).config(),
                        Files.createDirectories(folder.resolve("data/main")),
                        Clock.systemUTC(),
                        ready -> {},
                        said::add,
                        failed -> {})
                .close();
        return said;
    }
}
