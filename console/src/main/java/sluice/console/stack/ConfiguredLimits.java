package sluice.console.stack;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import sluice.console.config.LimitValues;
import sluice.console.config.SluiceConfig;
import sluice.domain.AccountId;
import sluice.domain.risk.RiskLimits;
import sluice.domain.risk.Scope;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.wire.AvroSerde;
import sluice.wire.InvalidRecordException;
import sluice.wire.RiskCodec;
import sluice.wire.UnreadableRecordException;

/**
 * Publishes the limits of the configuration to {@code risk.limits}, where they differ from what stands there.
 *
 * <p>Limits that an operator has set since are never overwritten by a start: a restart must not loosen what a person
 * tightened.
 */
final class ConfiguredLimits {
    /** Who set limits that came from the configuration. */
    static final String SET_BY = "configuration";

    private record Key(AccountId account, Scope scope) {}

    private ConfiguredLimits() {}

    /** What the configuration asks for, at version 0. */
    private static List<RiskLimits> wanted(SluiceConfig config, long nowMillis) {
        List<RiskLimits> wanted = new ArrayList<>();
        wanted.add(new RiskLimits(
                AccountId.ALL,
                Scope.ALL,
                0,
                config.limits().values(),
                config.allowedMarkets(),
                config.restrictedCategories(),
                SET_BY,
                "limits of the configuration",
                nowMillis));
        for (SluiceConfig.Account account : config.accounts()) {
            if (!account.limits().values().isEmpty()) {
                wanted.add(limits(
                        account.name(),
                        new Scope(Scope.Kind.ACCOUNT, account.name().value()),
                        account.limits(),
                        nowMillis));
            }
        }
        for (SluiceConfig.Strategy strategy : config.strategies()) {
            if (!strategy.limits().values().isEmpty()) {
                wanted.add(limits(
                        strategy.account(),
                        new Scope(Scope.Kind.STRATEGY, strategy.name().value()),
                        strategy.limits(),
                        nowMillis));
            }
        }
        return wanted;
    }

    private static RiskLimits limits(AccountId account, Scope scope, LimitValues values, long nowMillis) {
        return new RiskLimits(
                account,
                scope,
                0,
                values.values(),
                List.of(),
                List.of(),
                SET_BY,
                "limits of the configuration",
                nowMillis);
    }

    /**
     * Publishes what differs and waits until it is written. Records that are no limits are passed over, as ingress
     * does, which makes dead letters of them: one slip of a writer must not keep every later start from happening.
     *
     * @return what was done and what was passed over, one line each, for people
     */
    static List<String> publish(
            SluiceConfig config,
            TopicSettings topics,
            Consumer<String, byte[]> reader,
            AvroSerde<sluice.avro.RiskLimits> serde,
            Producer<String, sluice.avro.RiskLimits> writer,
            InstantSource clock)
            throws InterruptedException {
        List<String> done = new ArrayList<>();
        Map<Key, RiskLimits> newest = newest(topics, reader, serde, done);
        for (RiskLimits wanted : wanted(config, clock.millis())) {
            RiskLimits known = newest.get(new Key(wanted.account(), wanted.scope()));
            String name = wanted.account() + " " + wanted.scope();
            if (known != null && isSame(known, wanted)) {
                done.add("limits of " + name + ": version " + known.version() + " as configured");
            } else if (known != null && !known.setBy().equals(SET_BY)) {
                done.add("limits of " + name + ": version " + known.version() + " set by " + known.setBy()
                        + " stays; the configuration differs and was not published");
            } else {
                RiskLimits next = at(wanted, known == null ? 1 : known.version() + 1);
                write(topics, writer, next);
                done.add("limits of " + name + ": version " + next.version() + " published from the configuration");
            }
        }
        return done;
    }

    private static boolean isSame(RiskLimits known, RiskLimits wanted) {
        return known.limits().equals(wanted.limits())
                && known.allowedMarkets().equals(wanted.allowedMarkets())
                && known.restrictedCategories().equals(wanted.restrictedCategories());
    }

    private static RiskLimits at(RiskLimits limits, long version) {
        return new RiskLimits(
                limits.account(),
                limits.scope(),
                version,
                limits.limits(),
                limits.allowedMarkets(),
                limits.restrictedCategories(),
                limits.setBy(),
                limits.reason(),
                limits.setAtMillis());
    }

    private static void write(TopicSettings topics, Producer<String, sluice.avro.RiskLimits> writer, RiskLimits limits)
            throws InterruptedException {
        try {
            writer.send(new ProducerRecord<>(
                            topics.nameOf(Topics.RISK_LIMITS),
                            limits.account() + "|" + limits.scope(),
                            RiskCodec.toAvro(limits)))
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "limits could not be written to risk.limits: " + StackException.reason(e), e);
        }
    }

    private static Map<Key, RiskLimits> newest(
            TopicSettings topics,
            Consumer<String, byte[]> reader,
            AvroSerde<sluice.avro.RiskLimits> serde,
            List<String> passedOver) {
        String topic = topics.nameOf(Topics.RISK_LIMITS);
        List<TopicPartition> partitions = reader.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        reader.assign(partitions);
        reader.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
        Map<Key, RiskLimits> newest = new HashMap<>();
        while (!ends.entrySet().stream().allMatch(end -> reader.position(end.getKey()) >= end.getValue())) {
            for (var record : reader.poll(Duration.ofMillis(100))) {
                try {
                    sluice.avro.RiskLimits value = serde.deserialize(topic, record.value());
                    if (value != null) {
                        RiskLimits limits = RiskCodec.fromAvro(value);
                        newest.merge(
                                new Key(limits.account(), limits.scope()),
                                limits,
                                (a, b) -> b.version() >= a.version() ? b : a);
                    }
                } catch (UnreadableRecordException | InvalidRecordException e) {
                    passedOver.add("warning: " + topic + ", partition " + record.partition() + ", offset "
                            + record.offset() + " holds no limits and is passed over: " + e.getMessage());
                }
            }
        }
        return newest;
    }
}
