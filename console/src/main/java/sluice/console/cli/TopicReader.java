package sluice.console.cli;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads committed records of topics: up to their end as of now, and on from there.
 *
 * <p>Up to the end, records of all partitions come in one order, by their timestamps, which is the same on every
 * reading. After that they come as they are committed. Not safe for use by several threads.
 */
final class TopicReader implements AutoCloseable {
    /** Told of each record; false ends the reading. */
    interface Visitor {
        boolean visit(ConsumerRecord<byte[], byte[]> found);
    }

    /** Where reading stood; reading on from here misses nothing and repeats nothing. */
    record Position(Map<TopicPartition, Long> offsets) {
        Position {
            offsets = Map.copyOf(offsets);
        }
    }

    /** For reading on until the process ends. */
    static final Duration FOR_EVER = Duration.ofDays(10_000);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration STALLED = Duration.ofSeconds(30);

    /** Records that are held of one partition while others catch up. */
    private static final int MOST_HELD = 2_000;

    private static final Comparator<ConsumerRecord<byte[], byte[]>> BY_TIME =
            Comparator.<ConsumerRecord<byte[], byte[]>>comparingLong(ConsumerRecord::timestamp)
                    .thenComparing(ConsumerRecord::topic)
                    .thenComparingInt(ConsumerRecord::partition);

    private final Consumer<byte[], byte[]> consumer;

    /** Takes over a consumer that reads committed records only and belongs to no group. */
    TopicReader(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** Where the topics end now. */
    Position end(Collection<String> topics) {
        return new Position(consumer.endOffsets(partitions(topics)));
    }

    /**
     * Visits every record from {@code start} to the end as of now, or until the visitor has seen enough.
     *
     * @return the end as of now
     */
    Position read(Collection<String> topics, Start start, Visitor visitor) {
        Set<TopicPartition> partitions = partitions(topics);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        switch (start) {
            case Start.Last last -> readLast(last.records(), partitions, ends, visitor);
            case Start.Beginning ignored -> readMerged(consumer.beginningOffsets(partitions), ends, visitor);
            case Start.Offset offset -> readMerged(from(offset.offset(), partitions, ends), ends, visitor);
            case Start.Time time -> readMerged(from(time, partitions, ends), ends, visitor);
        }
        return new Position(ends);
    }

    /**
     * Visits records from {@code position} on as they are committed, until the visitor has seen enough or the time is
     * over.
     *
     * @return whether the visitor ended the reading
     */
    boolean follow(Position position, Duration atMost, Visitor visitor) {
        consumer.assign(position.offsets().keySet());
        consumer.resume(position.offsets().keySet());
        position.offsets().forEach(consumer::seek);
        long deadline = System.nanoTime() + atMost.toNanos();
        do {
            long left = Math.max(0, deadline - System.nanoTime());
            for (var found : consumer.poll(left < POLL.toNanos() ? Duration.ofNanos(left) : POLL)) {
                if (!visitor.visit(found)) {
                    return true;
                }
            }
        } while (System.nanoTime() < deadline);
        return false;
    }

    /** Lends the consumer to a reader of another kind; its assignment and positions may be changed. */
    <T> T with(Function<Consumer<byte[], byte[]>, T> other) {
        return other.apply(consumer);
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(2)));
    }

    private Set<TopicPartition> partitions(Collection<String> topics) {
        var partitions = new LinkedHashSet<TopicPartition>();
        for (String topic : topics) {
            List<PartitionInfo> found = consumer.partitionsFor(topic);
            if (found == null || found.isEmpty()) {
                throw Failure.failed("there is no topic " + topic + " on this broker; see ./sluice topics list,"
                        + " and check --prefix");
            }
            found.forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition())));
        }
        return partitions;
    }

    private static long of(Map<TopicPartition, Long> offsets, TopicPartition partition) {
        Long offset = offsets.get(partition);
        if (offset == null) {
            throw new IllegalStateException("the broker told no offset of " + partition);
        }
        return offset;
    }

    private Map<TopicPartition, Long> from(
            long offset, Set<TopicPartition> partitions, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
        return partitions.stream()
                .collect(Collectors.toMap(
                        partition -> partition,
                        partition -> Math.min(Math.max(offset, of(beginnings, partition)), of(ends, partition))));
    }

    private Map<TopicPartition, Long> from(
            Start.Time time, Set<TopicPartition> partitions, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> time.time()
                        .toEpochMilli())));
        var starts = new HashMap<TopicPartition, Long>(ends);
        found.forEach((partition, at) -> {
            if (at != null) {
                starts.put(partition, Math.min(at.offset(), of(ends, partition)));
            }
        });
        return starts;
    }

    /** Offsets may belong to markers or to what was aborted, so it takes a look to know how far back N records are. */
    private void readLast(int count, Set<TopicPartition> partitions, Map<TopicPartition, Long> ends, Visitor visitor) {
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
        for (long back = 2L * count + 16; ; back *= 4) {
            var starts = new HashMap<TopicPartition, Long>();
            for (TopicPartition partition : partitions) {
                starts.put(partition, Math.max(of(beginnings, partition), of(ends, partition) - back));
            }
            var newest = new ArrayDeque<ConsumerRecord<byte[], byte[]>>();
            var seen = new HashMap<TopicPartition, Integer>();
            readMerged(starts, ends, found -> {
                seen.merge(new TopicPartition(found.topic(), found.partition()), 1, Integer::sum);
                newest.addLast(found);
                if (newest.size() > count) {
                    newest.removeFirst();
                }
                return true;
            });
            boolean enough = partitions.stream()
                    .allMatch(partition -> of(starts, partition) == of(beginnings, partition)
                            || seen.getOrDefault(partition, 0) >= count);
            if (enough) {
                for (var found : newest) {
                    if (!visitor.visit(found)) {
                        return;
                    }
                }
                return;
            }
        }
    }

    /** One partition on its way to its end. */
    private static final class Lane {
        final TopicPartition partition;
        final long end;
        final Deque<ConsumerRecord<byte[], byte[]>> held = new ArrayDeque<>();
        boolean isRead;

        Lane(TopicPartition partition, long end) {
            this.partition = partition;
            this.end = end;
        }
    }

    private void readMerged(Map<TopicPartition, Long> starts, Map<TopicPartition, Long> ends, Visitor visitor) {
        var lanes = new LinkedHashMap<TopicPartition, Lane>();
        starts.forEach((partition, start) -> {
            if (start < of(ends, partition)) {
                lanes.put(partition, new Lane(partition, of(ends, partition)));
            }
        });
        if (lanes.isEmpty()) {
            return;
        }
        consumer.assign(lanes.keySet());
        consumer.resume(lanes.keySet());
        lanes.keySet().forEach(partition -> consumer.seek(partition, of(starts, partition)));
        long progress = System.nanoTime();
        long before = -1;
        while (lanes.values().stream().anyMatch(lane -> !lane.isRead)) {
            for (var found : consumer.poll(POLL)) {
                Lane lane = lanes.get(new TopicPartition(found.topic(), found.partition()));
                if (lane != null && found.offset() < lane.end) {
                    lane.held.addLast(found);
                }
            }
            long position =
                    lanes.keySet().stream().mapToLong(consumer::position).sum();
            if (position != before) {
                before = position;
                progress = System.nanoTime();
            } else if (System.nanoTime() - progress > STALLED.toNanos()) {
                throw Failure.failed("no record of " + lanes.keySet() + " came for " + STALLED.toSeconds()
                        + " s, although there are more; is the broker well?");
            }
            lanes.values().forEach(lane -> lane.isRead = consumer.position(lane.partition) >= lane.end);
            if (!visitNext(lanes.values(), visitor)) {
                return;
            }
            lanes.values().forEach(this::throttle);
        }
    }

    /** A partition that is read, or far ahead of the others, waits: memory stays bounded however long topics are. */
    private void throttle(Lane lane) {
        if (lane.isRead || lane.held.size() > MOST_HELD) {
            consumer.pause(List.of(lane.partition));
        } else if (lane.held.size() < MOST_HELD / 2) {
            consumer.resume(List.of(lane.partition));
        }
    }

    /** Visits what is certain to come next: as long as every partition that has more to give shows its next record. */
    private static boolean visitNext(Collection<Lane> lanes, Visitor visitor) {
        while (true) {
            Lane next = null;
            ConsumerRecord<byte[], byte[]> first = null;
            for (Lane lane : lanes) {
                ConsumerRecord<byte[], byte[]> head = lane.held.peekFirst();
                if (head == null && !lane.isRead) {
                    return true;
                }
                if (head != null && (first == null || BY_TIME.compare(head, first) < 0)) {
                    first = head;
                    next = lane;
                }
            }
            if (next == null || first == null) {
                return true;
            }
            next.held.removeFirst();
            if (!visitor.visit(first)) {
                return false;
            }
        }
    }
}
