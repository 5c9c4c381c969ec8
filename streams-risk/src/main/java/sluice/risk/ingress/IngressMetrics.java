package sluice.risk.ingress;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import sluice.topics.Topic;
import sluice.topics.Topics;

/** Counts since the process started. Safe for several threads; numbers read together need not belong together. */
public final class IngressMetrics {
    private final Map<Topic, LongAdder> taken = counters();
    private final Map<Topic, LongAdder> deadLetters = counters();
    private final LongAdder appended = new LongAdder();
    private final LongAdder postponements = new LongAdder();
    private final LongAdder restarts = new LongAdder();
    private final AtomicLong aheadMillis = new AtomicLong();

    IngressMetrics() {}

    /** Records of {@code input} that were taken, dead letters included; repeats count. */
    public long taken(Topic input) {
        return countOf(taken, input).sum();
    }

    /** Records of {@code input} that went to its dead letters; repeats count. */
    public long deadLetters(Topic input) {
        return countOf(deadLetters, input).sum();
    }

    /** Entries appended to the journal; an entry for every account counts once. */
    public long appended() {
        return appended.sum();
    }

    /** How often a partition had to wait for the schema registry. */
    public long postponements() {
        return postponements.sum();
    }

    /** How often the clients were closed and opened again because the broker or the registry did not do their part. */
    public long restarts() {
        return restarts.sum();
    }

    /**
     * How far the journal's time is ahead of the clock, milliseconds. While it is not zero, time stands still and no
     * tick is told: the clock went back, or the journal was written under another one.
     */
    public long aheadOfClockMillis() {
        return aheadMillis.get();
    }

    void took(Topic input) {
        countOf(taken, input).increment();
    }

    void deadLetter(Topic input) {
        countOf(deadLetters, input).increment();
    }

    void append() {
        appended.increment();
    }

    void postponed() {
        postponements.increment();
    }

    void restarted() {
        restarts.increment();
    }

    void aheadOfClock(long millis) {
        aheadMillis.set(millis);
    }

    private static Map<Topic, LongAdder> counters() {
        return Topics.INGRESS_INPUTS.stream().collect(Collectors.toMap(Function.identity(), topic -> new LongAdder()));
    }

    private static LongAdder countOf(Map<Topic, LongAdder> counters, Topic input) {
        LongAdder counter = counters.get(input);
        if (counter == null) {
            throw new IllegalArgumentException("ingress does not read " + input.name());
        }
        return counter;
    }
}
