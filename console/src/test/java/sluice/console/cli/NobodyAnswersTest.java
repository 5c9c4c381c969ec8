package sluice.console.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import sluice.console.stack.EmbeddedRegistry;
import sluice.console.stack.TestBroker;
import sluice.console.stack.TopicAdmin;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.wire.SchemaRegistryClient;

/** Brokers are there, and nothing reads what is written: then nothing is known, and that is what is said. */
class NobodyAnswersTest {
    @RegisterExtension
    static final TestBroker BROKER = new TestBroker();

    @TempDir
    Path folder;

    @BeforeAll
    static void topics() {
        BROKER.createTopics();
    }

    @Test
    void aSignalWithoutADecisionIsUnknownAndWritten() {
        // When
        var run = host().run(
                        "signals",
                        "send",
                        "--market",
                        "kalshi:KX",
                        "--side",
                        "yes",
                        "--price",
                        "0.5",
                        "--size",
                        "1",
                        "--request-id",
                        "r-1",
                        "--timeout",
                        "1");

        // Then
        assertThat(run.exitCode()).isEqualTo(ExitCode.UNKNOWN);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains("unknown: no decision was seen within 1 s. The signal is written (signals.json, partition ")
                .contains("look with ./sluice decisions show r-1");
        var written = host().run("topics", "print", "signals.json", "--where", "request_id=r-1", "-o", "ndjson");
        assertThat(written.exitCode()).isZero();
        assertThat(written.out()).contains("\"limit_price\":\"0.5\"").contains("\"key\":\"main\"");
    }

    @Test
    void aSignalIsStampedOnlyWhenItCanLeave() {
        // Given a clock that nobody may ask before there is a broker
        var host = new TestHost(folder).clock(new Clock() {
            @Override
            public Instant instant() {
                throw new AssertionError("asked for the time while there is no connection");
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        });

        // Then
        assertThat(host.run(
                                "signals",
                                "send",
                                "--market",
                                "kalshi:KX",
                                "--side",
                                "yes",
                                "--price",
                                "0.5",
                                "--size",
                                "1",
                                "--bootstrap-servers",
                                "127.0.0.1:1")
                        .err())
                .startsWith("error: no broker answers at 127.0.0.1:1");
    }

    @Test
    void aHaltWithoutAGateIsUnknownAndWritten() {
        try (var registry = EmbeddedRegistry.start(BROKER.bootstrapServers(), BROKER.settings(), 0);
                var client = new SchemaRegistryClient(registry.uri())) {
            // Given
            client.registerCatalogue(BROKER.settings());
            var host = host().always("--registry", registry.uri().toString());

            // When
            var run = host.run("halt", "--scope", "all", "--reason", "test", "--timeout", "1");
            var limits = host.run("limits", "set", "max-order-cost=5", "--reason", "test", "--timeout", "1");

            // Then
            assertThat(run.exitCode()).isEqualTo(ExitCode.UNKNOWN);
            assertThat(run.err())
                    .contains("HALT of all is written; it holds over restarts")
                    .contains("unknown: 0 of 2 partitions of the gate had answered after 1 s.");
            assertThat(host.run("topics", "print", "control", "-o", "ndjson").out())
                    .contains("\"type\":\"HALT\"")
                    .contains("\"operator\":\"tester\"");
            assertThat(limits.exitCode()).isEqualTo(ExitCode.UNKNOWN);
            assertThat(limits.err())
                    .contains("max-order-cost: unset -> 5")
                    .contains("unknown: the new limits are written, but only 0 of 2 partitions of the journal");
        }
    }

    @Test
    void whatStopsIsWrittenBeforeItsNamesAreLookedUp() {
        try (var registry = EmbeddedRegistry.start(BROKER.bootstrapServers(), BROKER.settings(), 0);
                var client = new SchemaRegistryClient(registry.uri())) {
            // Given
            client.registerCatalogue(BROKER.settings());
            var host = host().always("--registry", registry.uri().toString());

            for (var command : List.of("halt", "disarm")) {
                // When
                var run = host.run(command, "--scope", "account:mian", "--reason", "test", "--timeout", "1");

                // Then
                assertThat(run.exitCode()).isEqualTo(ExitCode.UNKNOWN);
                assertThat(run.err())
                        .containsSubsequence(
                                " of account:mian is written",
                                "warning: whether there is an account mian cannot be told: neither the configuration"
                                        + " nor any record names one\n",
                                "unknown: 0 of 2 partitions of the gate had answered");
            }
        }
    }

    @Test
    void namesThatCannotBeLookedUpDoNotEndAStopUnconfirmed() throws Exception {
        var settings = new TopicSettings(BROKER.settings().prefix() + "torn.", (short) 1, Map.of());
        // Given a Sluice whose accounts cannot be read
        try (var admin = Admin.create(Map.of("bootstrap.servers", (Object) BROKER.bootstrapServers()))) {
            new TopicAdmin(admin, settings).ensure(Duration.ofSeconds(60));
            admin.deleteTopics(List.of(settings.nameOf(Topics.ACCOUNTS))).all().get();
        }
        try (var registry = EmbeddedRegistry.start(BROKER.bootstrapServers(), settings, 0);
                var client = new SchemaRegistryClient(registry.uri())) {
            client.registerCatalogue(settings);
            var host = new TestHost(folder)
                    .always(
                            "--bootstrap-servers",
                            BROKER.bootstrapServers(),
                            "--prefix",
                            settings.prefix(),
                            "--registry",
                            registry.uri().toString());

            // When
            var run = host.run("halt", "--scope", "account:mian", "--reason", "test", "--timeout", "1");

            // Then
            assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.UNKNOWN);
            assertThat(run.err())
                    .containsSubsequence(
                            "HALT of account:mian is written",
                            "warning: HALT is written; whether what it names is known could not be looked up: ",
                            "unknown: 0 of 2 partitions of the gate had answered");
        }
    }

    @Test
    void aCommandThatCannotBeReadIsAHaltUntilEverythingIsResumed() throws Exception {
        try (var registry = EmbeddedRegistry.start(BROKER.bootstrapServers(), BROKER.settings(), 0);
                var producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", BROKER.bootstrapServers()),
                        new StringSerializer(),
                        new StringSerializer())) {
            var topic = BROKER.settings().nameOf(Topics.CONTROL);
            producer.send(new ProducerRecord<>(topic, "all", "no command")).get();

            var run = host().always("--registry", registry.uri().toString()).run("armed");

            assertThat(run.err())
                    .contains(
                            "cannot be read and counts as a halt of everything until everything was resumed after it");
        }
    }

    @Test
    void withoutARegistryRecordsWithASchemaAreShownAsTheyAre() {
        assertThat(host().run("halt", "--scope", "all", "--reason", "x").err())
                .contains("error: no schema registry is named; add --registry URL");
    }

    private TestHost host() {
        return new TestHost(folder)
                .always(
                        "--bootstrap-servers",
                        BROKER.bootstrapServers(),
                        "--prefix",
                        BROKER.settings().prefix());
    }
}
