package sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.domain.RandomDomain;
import sluice.domain.journal.JournalEntry;

/** What is written comes back as it was, through the bytes; and equal values give equal bytes. */
class RoundTripTest {
    static LongStream seeds() {
        return RandomDomain.seeds();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyValueComesBack(long seed) {
        var random = new RandomDomain(seed);

        for (int i = 0; i < 20; i++) {
            returns(random::signal, SignalCodec::toAvro, SignalCodec::fromAvro);
            returns(random::market, MarketCodec::toAvro, MarketCodec::fromAvro);
            returns(random::fees, MarketCodec::toAvro, MarketCodec::fromAvro);
            returns(random::quote, MarketCodec::toAvro, MarketCodec::fromAvro);
            returns(random::quoteView, MarketCodec::toAvro, MarketCodec::fromAvro);
            returns(random::settlement, MarketCodec::toAvro, MarketCodec::fromAvro);
            returns(random::orderCommand, OrderCodec::toAvro, OrderCodec::fromAvro);
            returns(random::report, OrderCodec::toAvro, OrderCodec::fromAvro);
            returns(random::fill, OrderCodec::toAvro, OrderCodec::fromAvro);
            returns(random::limits, RiskCodec::toAvro, RiskCodec::fromAvro);
            returns(random::control, RiskCodec::toAvro, RiskCodec::fromAvro);
            returns(random::halt, RiskCodec::toAvro, RiskCodec::fromAvro);
            JournalEntry entry = random.entry();
            returns(
                    () -> entry,
                    value -> JournalCodec.toAvro(value, random.maybe(random::origin)),
                    avro -> JournalCodec.fromAvro(avro, entry.partition(), entry.offset(), entry.timeMillis()));
        }
    }

    private static <D, A extends SpecificRecord> void returns(
            Supplier<D> values, Function<D, A> toAvro, Function<A, D> fromAvro) {
        D value = values.get();
        A avro = toAvro.apply(value);
        A read = decode(AvroBytes.encode(avro), avro);
        assertThat(read).isEqualTo(avro);
        assertThat(fromAvro.apply(read)).isEqualTo(value);
    }

    @SuppressWarnings("unchecked")
    private static <A extends SpecificRecord> A decode(byte[] bytes, A like) {
        return AvroBytes.decode((Class<A>) like.getClass(), bytes);
    }
}
