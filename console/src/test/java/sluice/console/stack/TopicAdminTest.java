package sluice.console.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sluice.console.stack.TopicAdmin.Difference;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;

class TopicAdminTest {
    @RegisterExtension
    static final TestBroker BROKER = new TestBroker();

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Admin admin;

    @BeforeEach
    void connect() {
        admin = Admin.create(Map.of("bootstrap.servers", (Object) BROKER.bootstrapServers()));
    }

    @AfterEach
    void disconnect() {
        admin.close();
    }

    @Test
    void aBrokerHasTheCataloguesTopicsAfterwardsAndASecondTimeChangesNothing() {
        // Given
        var topics = new TopicAdmin(admin, settings("twice."));
        assertThat(topics.check()).extracting(Difference::setting).containsOnly("partitions");

        // When
        var first = topics.ensure(PATIENCE);
        var second = topics.ensure(PATIENCE);

        // Then
        assertThat(first.created())
                .containsExactlyElementsOf(
                        Topics.all().stream().map(settings("twice.")::nameOf).toList());
        assertThat(first.differences()).isEmpty();
        assertThat(second.created()).isEmpty();
        assertThat(second.differences()).isEmpty();
    }

    @Test
    void aTopicThatWasChangedBehindOurBackIsNamedAndLeftAlone() throws Exception {
        // Given a journal that loses its past, and decisions with other partitions than are wanted now
        var settings = settings("changed.");
        new TopicAdmin(admin, settings).ensure(PATIENCE);
        String journal = settings.nameOf(Topics.JOURNAL);
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, journal),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("retention.ms", "3600000"), AlterConfigOp.OpType.SET))))
                .all()
                .get();

        // When
        var wanted = new TopicSettings(settings.prefix(), (short) 1, Map.of("decisions", 7));
        var report = new TopicAdmin(admin, wanted).ensure(PATIENCE);

        // Then
        assertThat(report.created()).isEmpty();
        assertThat(report.differences())
                .extracting(Difference::toString)
                .containsExactly(
                        journal + ": retention.ms is 3600000 and should be -1",
                        settings.nameOf(Topics.DECISIONS) + ": partitions is 2 and should be 7");
    }

    private static TopicSettings settings(String suffix) {
        return new TopicSettings(BROKER.settings().prefix() + suffix, (short) 1, Map.of());
    }
}
