package sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.domain.RandomDomain;
import sluice.domain.journal.JournalEntry;

/** What is written comes back as it was, through the bytes; and equal values give equal bytes. */
class RoundTripTest {
    static LongStream seeds() {
        return RandomDomain.seeds();
    }

    @BeforeAll
    static void trustGeneratedRecords() {
        TrustedSchemas.trust();
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
        A read = read(bytes(avro), avro);
        assertThat(read).isEqualTo(avro);
        assertThat(fromAvro.apply(read)).isEqualTo(value);
    }

    static byte[] bytes(SpecificRecord avro) {
        var bytes = new ByteArrayOutputStream();
        try {
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
            new SpecificDatumWriter<SpecificRecord>(avro.getSchema()).write(avro, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @SuppressWarnings("unchecked")
    static <A extends SpecificRecord> A read(byte[] bytes, A like) {
        try {
            return new SpecificDatumReader<>((Class<A>) like.getClass())
                    .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
