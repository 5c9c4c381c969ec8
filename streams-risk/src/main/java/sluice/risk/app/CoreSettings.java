package sluice.risk.app;

import java.nio.file.Path;
import sluice.topics.TopicSettings;

/**
 * How the account task runs.
 *
 * @param applicationId name of the task; also the prefix of its changelog topics and transactional ids
 * @param instance name of this process within the task, kept over restarts, so that a restart is not a rebalance
 * @param stateDirectory where stores keep their files
 * @param threads stream threads; more than journal partitions are of no use
 * @param commitIntervalMillis how often decisions become visible; 5 is where latency and throughput balance
 */
public record CoreSettings(
        String bootstrapServers,
        TopicSettings topics,
        String applicationId,
        String instance,
        Path stateDirectory,
        int threads,
        int commitIntervalMillis) {
    public CoreSettings {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + "; at least 1 is needed");
        }
        if (commitIntervalMillis < 1 || commitIntervalMillis > 1000) {
            throw new IllegalArgumentException(
                    "commit interval is " + commitIntervalMillis + " ms; from 1 to 1000 are allowed");
        }
    }
}
