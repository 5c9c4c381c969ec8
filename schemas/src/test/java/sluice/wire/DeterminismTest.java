package sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.domain.RandomDomain;

/** Equal values give equal bytes, however their maps were filled and whatever order the JVM hashes them in. */
class DeterminismTest {
    static {
        TrustedSchemas.trust();
    }

    static LongStream seeds() {
        return RandomDomain.seeds();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void mapsAreWrittenInTheOrderOfTheirKeys(long seed) {
        var random = new RandomDomain(seed);
        Map<String, String> attributes = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            attributes.put(random.identity(), random.text());
        }
        var signal = SignalCodec.toAvro(random.signal());
        var command = RiskCodec.toAvro(random.control());
        var limits = RiskCodec.toAvro(random.limits());

        byte @Nullable [] signalBytes = null;
        byte @Nullable [] commandBytes = null;
        byte @Nullable [] limitsBytes = null;
        for (int i = 0; i < 10; i++) {
            var shuffledSignal = SignalCodec.toAvro(SignalCodec.fromAvro(sluice.avro.Signal.newBuilder(signal)
                    .setAttributes(shuffled(attributes, seed + i))
                    .build()));
            var shuffledCommand = RiskCodec.toAvro(RiskCodec.fromAvro(sluice.avro.ControlCommand.newBuilder(command)
                    .setAttributes(shuffled(attributes, seed + i))
                    .build()));
            var shuffledLimits = RiskCodec.toAvro(RiskCodec.fromAvro(sluice.avro.RiskLimits.newBuilder(limits)
                    .setLimits(shuffled(limits.getLimits(), seed + i))
                    .build()));

            // The JVM's own order of an immutable map changes from run to run, which no single run would show.
            assertThat(List.copyOf(shuffledSignal.getAttributes().keySet())).isSorted();
            assertThat(List.copyOf(shuffledCommand.getAttributes().keySet())).isSorted();
            assertThat(List.copyOf(shuffledLimits.getLimits().keySet())).isSorted();

            signalBytes = same(signalBytes, AvroBytes.encode(shuffledSignal));
            commandBytes = same(commandBytes, AvroBytes.encode(shuffledCommand));
            limitsBytes = same(limitsBytes, AvroBytes.encode(shuffledLimits));
        }
    }

    private static byte[] same(byte @Nullable [] before, byte[] now) {
        if (before != null) {
            assertThat(now).isEqualTo(before);
        }
        return now;
    }

    private static <V> Map<String, V> shuffled(Map<String, V> map, long seed) {
        var keys = new ArrayList<>(map.keySet());
        Collections.shuffle(keys, new Random(seed));
        var shuffled = new LinkedHashMap<String, V>();
        for (String key : keys) {
            shuffled.put(key, Objects.requireNonNull(map.get(key)));
        }
        return shuffled;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theSameDecisionHasTheSameHash(long seed) {
        var one = DecisionCodec.toAvro(new RandomDomain(seed).decision(), DecisionCodec.noPreviousHash());
        var other = DecisionCodec.toAvro(new RandomDomain(seed).decision(), DecisionCodec.noPreviousHash());

        assertThat(AvroBytes.encode(one)).isEqualTo(AvroBytes.encode(other));
        assertThat(one.getHash()).isEqualTo(other.getHash());
    }
}
