package sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.avro.Level;
import sluice.avro.ReportType;
import sluice.avro.Signal;
import sluice.avro.Tick;
import sluice.avro.VenueHealth;
import sluice.avro.VenueReport;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.topics.Value;

class AvroSerdeTest {
    private static final String TOPIC = "levels";

    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final AvroSerde<Level> serde = new AvroSerde<>(Level.class, registry);

    static Stream<Schema> schemasOfTopics() {
        return Topics.all().stream()
                .map(topic -> topic.value())
                .filter(Value.Avro.class::isInstance)
                .map(value -> ((Value.Avro) value).schema())
                .distinct();
    }

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    @ParameterizedTest
    @MethodSource("schemasOfTopics")
    void everyRecordOfEveryTopicComesBackAsItWas(Schema schema) {
        // Given
        registry.registerCatalogue(TopicSettings.DEFAULT);
        var type = type(schema);
        String topic = TopicSettings.DEFAULT.nameOf(Topics.all().stream()
                .filter(it -> it.value().equals(new Value.Avro(schema)))
                .findFirst()
                .orElseThrow());

        for (long seed = 0; seed < 20; seed++) {
            var record = new RandomRecords(seed).next(type);

            // When
            var bytes = write(type, topic, record);
            var back = new AvroSerde<>(type, registry).deserialize(topic, bytes);

            // Then
            assertSame(back, record, seed);
            assertThat(AvroBytes.encode(record))
                    .as("seed %d", seed)
                    .isEqualTo(Arrays.copyOfRange(bytes, 5, bytes.length));
            assertSame(AvroBytes.decode(type, AvroBytes.encode(record)), record, seed);
        }
    }

    /** Field by field: Avro's own equals throws where a record in a list has a decimal that may be null. */
    private static void assertSame(@Nullable SpecificRecord actual, SpecificRecord expected, long seed) {
        assertThat(actual).as("seed %d", seed).usingRecursiveComparison().isEqualTo(expected);
    }

    @Test
    void aRecordIsAZeroByteAnIdOfFourBytesAndItsAvroEncoding() {
        registry.register("first-value", Tick.getClassSchema());
        registry.register("levels-value", Level.getClassSchema());

        var bytes = serde.serialize(TOPIC, new Level(new BigDecimal("0.650000"), new BigDecimal("7.000000")));

        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("00" + "00000002" + "06" + "09eb10" + "06" + "6acfc0");
    }

    @Test
    void nothingIsWrittenWithASchemaThatNobodyRegistered() {
        assertThatThrownBy(
                        () -> serde.serialize(TOPIC, new Level(new BigDecimal("1.000000"), new BigDecimal("1.000000"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Level is not registered in this version under levels-value");
    }

    @Test
    void anOlderWritersRecordGetsTheDefaultsOfNewFields() {
        // Given a version of the record that has no detail yet
        var old = without(VenueHealth.getClassSchema(), "detail");
        registry.register("health-value", old);
        var record = new GenericData.Record(old);
        record.put("venue", new GenericData.EnumSymbol(old.getField("venue").schema(), "KALSHI"));
        record.put("mode", new GenericData.EnumSymbol(old.getField("mode").schema(), "PAPER"));
        record.put("trading", true);
        record.put("streams", true);
        record.put("at", 1_000L);

        // When
        var read =
                new AvroSerde<>(VenueHealth.class, registry).deserialize("health", withHeader(1, generic(old, record)));

        // Then
        assertThat(read).isNotNull();
        assertThat(read.getDetail()).isEmpty();
        assertThat(read.getTrading()).isTrue();
    }

    @Test
    void aNewerWritersSymbolIsReadAsADoubt() {
        // Given a version whose enum has one symbol more than ours
        var newer = new Schema.Parser()
                .parse(VenueReport.getClassSchema()
                        .toString()
                        .replace("\"CANCEL_REFUSED\"", "\"CANCEL_REFUSED\",\"AMENDED\""));
        registry.register("reports-value", newer);
        var ours = new RandomRecords(1).next(VenueReport.class);
        ours.put("type", ReportType.ABSENT);
        var record = new GenericData.Record(newer);
        var model = SpecificData.getForClass(VenueReport.class);
        for (var field : newer.getFields()) {
            record.put(field.pos(), ours.get(field.name()));
        }
        record.put("type", new GenericData.EnumSymbol(newer.getField("type").schema(), "AMENDED"));
        var writer = new GenericDatumWriter<GenericRecord>(newer, model);

        // When
        var read = new AvroSerde<>(VenueReport.class, registry)
                .deserialize("reports", withHeader(1, generic(writer, record)));

        // Then
        assertThat(read).isNotNull();
        assertThat(read.getType()).isEqualTo(ReportType.UNKNOWN);
    }

    @Test
    void aPriceOfAnotherScaleIsRefusedWhereStockAvroReadsItAHundredTimesWrong() throws Exception {
        // Given a writer that counts in hundredths, in a registry that let it
        var hundredths =
                new Schema.Parser().parse(Level.getClassSchema().toString().replace("\"scale\":6", "\"scale\":2"));
        registry.register("levels-value", hundredths);
        var written = new GenericData.Record(hundredths);
        written.put("price", ByteBuffer.wrap(new byte[] {65}));
        written.put("quantity", ByteBuffer.wrap(new byte[] {100}));
        var body = generic(hundredths, written);

        // When Avro alone reads 0.65
        var reader = new SpecificDatumReader<Level>(
                hundredths, Level.getClassSchema(), SpecificData.getForClass(Level.class));
        var misread = reader.read(null, DecoderFactory.get().binaryDecoder(body, null));

        // Then it is off by the change of scale, and we refuse
        assertThat(misread.getPrice()).isEqualByComparingTo("0.000065");
        assertThatThrownBy(() -> serde.deserialize(TOPIC, withHeader(1, body)))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("Level.price is decimal(18, 6) but decimal(18, 2)");
    }

    @ParameterizedTest
    @MethodSource("poison")
    void whatIsNoRecordIsRefusedInWords(String hex, String words) {
        registry.register("levels-value", Level.getClassSchema());
        registry.register("ticks-value", Tick.getClassSchema());

        assertThatThrownBy(() -> serde.deserialize(TOPIC, HexFormat.of().parseHex(hex)))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageStartingWith("levels: ")
                .hasMessageContaining(words);
    }

    static Stream<Arguments> poison() {
        return Stream.of(
                poison("", "value of 0 bytes"),
                poison("00000001", "value of 4 bytes (00 00 00 01)"),
                poison("0100000001", "starts with 01 00 00 00 01"),
                poison("7b2261223a317d", "as JSON to the topic that takes JSON"),
                poison("00000000ff06", "schema id 255 is not known"),
                poison("000000000202", "schema id 2 is sluice.avro.Tick and not sluice.avro.Level"),
                poison("0000000001", "0 bytes are no Level"),
                poison("00000000010609eb10", "4 bytes are no Level"),
                poison("00000000010609eb10066acfc00000", "ends 2 bytes before the end of its 10 bytes"),
                // A length of two thousand million, which must not be allocated before it is believed.
                poison("0000000001feffffff0f", "5 bytes are no Level"),
                poison("0000000001ffffffffffffffffff01", "10 bytes are no Level"));
    }

    private static Arguments poison(String hex, String words) {
        return Arguments.of(hex, words);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void brokenBytesAreReadOrRefusedAndNothingElse(long seed) {
        // Given good records that were damaged somewhere
        var random = new Random(seed);
        registry.register("signals-value", Signal.getClassSchema());
        var signals = new AvroSerde<>(Signal.class, registry);
        for (int i = 0; i < 300; i++) {
            var bytes = write(Signal.class, "signals", new RandomRecords(random.nextLong()).next(Signal.class));
            int damages = 1 + random.nextInt(4);
            IntStream.range(0, damages)
                    .forEach(it -> bytes[5 + random.nextInt(bytes.length - 5)] = (byte) random.nextInt());
            var cut = Arrays.copyOf(bytes, random.nextBoolean() ? bytes.length : 5 + random.nextInt(bytes.length - 5));

            // When, Then
            try {
                signals.deserialize("signals", cut);
            } catch (UnreadableRecordException refused) {
                assertThat(refused.getMessage()).startsWith("signals: schema id 1: ");
            }
        }
    }

    @Test
    void aRegistryThatDoesNotAnswerIsNoVerdictOnTheBytes() {
        try (var nobody =
                new SchemaRegistryClient(URI.create("http://127.0.0.1:1"), Duration.ofSeconds(1), SchemaBundle.EMPTY)) {
            var unconnected = new AvroSerde<>(Level.class, nobody);

            assertThatThrownBy(
                            () -> unconnected.deserialize(TOPIC, HexFormat.of().parseHex("000000000106")))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("http://127.0.0.1:1/schemas/ids/1");
        }
    }

    @Test
    void aDeadRegistryDoesNotStopWhatWasKnownBefore() {
        // Given
        registry.registerCatalogue(TopicSettings.DEFAULT);
        var bundle = SchemaBundle.of(registry, TopicSettings.DEFAULT);
        var health = new RandomRecords(3).next(VenueHealth.class);
        var expected = write(VenueHealth.class, "sluice.venue.health", health);
        try (var nobody = new SchemaRegistryClient(URI.create("http://127.0.0.1:1"), Duration.ofSeconds(1), bundle)) {
            var healths = new AvroSerde<>(VenueHealth.class, nobody);

            // When, Then
            assertThat(healths.serialize("sluice.venue.health", health)).isEqualTo(expected);
            assertThat(healths.deserialize("sluice.venue.health", expected)).isEqualTo(health);
        }
    }

    private <T extends SpecificRecord> byte[] write(Class<T> type, String topic, T record) {
        var bytes = new AvroSerde<>(type, registry).serialize(topic, record);
        assertThat(bytes).isNotNull();
        return bytes;
    }

    @SuppressWarnings("unchecked")
    private static Class<SpecificRecord> type(Schema schema) {
        return (Class<SpecificRecord>) SpecificData.get().getClass(schema);
    }

    private static Schema without(Schema schema, String field) {
        var fields = schema.getFields().stream()
                .filter(it -> !it.name().equals(field))
                .map(it -> new Schema.Field(it, it.schema()))
                .toList();
        return Schema.createRecord(schema.getName(), schema.getDoc(), schema.getNamespace(), false, fields);
    }

    private static byte[] generic(Schema schema, GenericRecord record) {
        return generic(new GenericDatumWriter<>(schema), record);
    }

    private static byte[] generic(GenericDatumWriter<GenericRecord> writer, GenericRecord record) {
        try (var out = new ByteArrayOutputStream()) {
            var encoder = EncoderFactory.get().binaryEncoder(out, null);
            writer.write(record, encoder);
            encoder.flush();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] withHeader(int id, byte[] body) {
        return ByteBuffer.allocate(5 + body.length)
                .put((byte) 0)
                .putInt(id)
                .put(body)
                .array();
    }
}
