package sluice.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sluice.avro.Decision;
import sluice.domain.Mode;
import sluice.domain.Venue;

class TopicsTest {
    @Test
    void theCatalogueListsEveryTopicOnceInTheOrderOfItsTable() {
        assertThat(Topics.all())
                .extracting(Topic::name)
                .containsExactly(
                        "signals",
                        "signals.json",
                        "control",
                        "risk.limits",
                        "market.quotes",
                        "market.metadata",
                        "market.settlements",
                        "journal",
                        "decisions",
                        "orders.kalshi",
                        "orders.polymarket",
                        "orders.paper",
                        "placements",
                        "venue.reports",
                        "fills",
                        "executions",
                        "positions",
                        "accounts",
                        "venue.snapshots",
                        "venue.health",
                        "reconciliation.findings",
                        "notifications",
                        "paper.ledger",
                        "schemas",
                        "signals.dlq",
                        "signals.json.dlq",
                        "control.dlq",
                        "risk.limits.dlq",
                        "market.quotes.dlq",
                        "market.metadata.dlq",
                        "market.settlements.dlq",
                        "venue.reports.dlq",
                        "fills.dlq",
                        "venue.snapshots.dlq",
                        "venue.health.dlq");
    }

    @Test
    void whatMustOutliveTheMachineIsFlushedRecordByRecordAndKeptForEver() {
        var flushed = Topics.all().stream()
                .filter(topic -> topic.config(TopicSettings.DEFAULT).containsKey("flush.messages"))
                .toList();

        assertThat(flushed)
                .containsExactly(Topics.CONTROL, Topics.JOURNAL, Topics.PLACEMENTS, Topics.PAPER_LEDGER)
                .allSatisfy(topic -> assertThat(topic.config(TopicSettings.DEFAULT))
                        .containsEntry("flush.messages", "1")
                        .containsEntry("cleanup.policy", "delete")
                        .containsEntry("retention.ms", "-1"));
    }

    /** A replay writes by a recorded clock; neither retention nor the broker's idea of now may get in its way. */
    @Test
    void retentionCountsFromArrivalAndKeptRecordsCarryTheirWritersClock() {
        assertThat(Topics.all()).allSatisfy(topic -> {
            var config = topic.config(TopicSettings.DEFAULT);
            if (config.getOrDefault("retention.ms", "-1").equals("-1")) {
                assertThat(config)
                        .containsEntry("message.timestamp.type", "CreateTime")
                        .containsEntry("message.timestamp.after.max.ms", "9223372036854775807");
            } else {
                assertThat(config).containsEntry("message.timestamp.type", "LogAppendTime");
            }
        });
    }

    @Test
    void aDecisionsTopicIsAskedForWithTheDeploymentsNamePartitionsAndCopies() {
        var settings = new TopicSettings("desk-7.", (short) 3, Map.of("decisions", 12));

        var asked = Topics.DECISIONS.newTopic(settings);

        assertThat(asked.name()).isEqualTo("desk-7.decisions");
        assertThat(asked.numPartitions()).isEqualTo(12);
        assertThat(asked.replicationFactor()).isEqualTo((short) 3);
        assertThat(asked.configs()).containsEntry("min.insync.replicas", "2").containsEntry("retention.ms", "-1");
        assertThat(settings.subjectOf(Topics.DECISIONS)).contains("desk-7.decisions-value");
        assertThat(settings.topicOf("desk-7.decisions")).contains(Topics.DECISIONS);
        assertThat(settings.topicOf("sluice.decisions")).isEmpty();
        assertThat(Topics.DECISIONS.value()).isEqualTo(new Value.Avro(Decision.getClassSchema()));
    }

    @Test
    void aDeadLetterHasRoomForTheLargestRecordFromOutside() {
        int outside =
                Integer.parseInt(Topics.SIGNALS.config(TopicSettings.DEFAULT).get("max.message.bytes"));
        int dead = Integer.parseInt(Topics.deadLettersOf(Topics.SIGNALS)
                .config(TopicSettings.DEFAULT)
                .get("max.message.bytes"));

        assertThat(dead).isGreaterThan(2 * outside);
    }

    @ParameterizedTest
    @EnumSource(Venue.class)
    void everyPaperOrderGoesToThePaperConnector(Venue venue) {
        assertThat(Topics.ordersFor(Mode.PAPER, venue)).isEqualTo(Topics.ORDERS_PAPER);
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"DRY_RUN", "LIVE"})
    void otherOrdersGoToTheirVenueAndNeverToThePaperConnector(Mode mode) {
        assertThat(Topics.ordersFor(mode, Venue.KALSHI)).isEqualTo(Topics.ORDERS_KALSHI);
        assertThat(Topics.ordersFor(mode, Venue.POLYMARKET)).isEqualTo(Topics.ORDERS_POLYMARKET);
        assertThatThrownBy(() -> Topics.ordersFor(mode, Venue.PAPER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("exists in mode PAPER only");
    }

    @Test
    void partitionsOfATopicThatDoesNotExistAreRefused() {
        assertThatThrownBy(() -> new TopicSettings("", (short) 1, Map.of("jornal", 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("jornal");
    }
}
