package sluice.console.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;
import sluice.avro.JournalEntry;
import sluice.avro.Level;
import sluice.avro.Origin;
import sluice.avro.Placement;
import sluice.avro.PlacementStage;
import sluice.avro.Quote;
import sluice.avro.RiskLimits;
import sluice.avro.Scope;
import sluice.avro.ScopeKind;
import sluice.avro.Sha256;
import sluice.avro.Tick;
import sluice.avro.Venue;
import sluice.wire.AvroBytes;

class AvroJsonTest {
    private static final Quote QUOTE = new Quote(
            Venue.KALSHI,
            "KX",
            List.of(new Level(decimal("0.650000"), decimal("1200.000000"))),
            List.of(),
            true,
            null,
            null,
            null,
            7L,
            Instant.parse("2026-01-28T20:10:00Z"),
            "test");

    @Test
    void decimalsAreExactTextAndTimesAreRfc3339WithMilliseconds() {
        assertThat(AvroJson.of(QUOTE))
                .hasToString("{\"venue\":\"KALSHI\",\"market_id\":\"KX\","
                        + "\"bids\":[{\"price\":\"0.65\",\"quantity\":\"1200\"}],\"asks\":[],\"depth_known\":true,"
                        + "\"last_trade_price\":null,\"last_trade_quantity\":null,\"last_trade_at\":null,\"sequence\":7,"
                        + "\"at\":\"2026-01-28T20:10:00.000Z\",\"source\":\"test\"}");
    }

    @Test
    void aRecordOfAnySchemaLooksAsOneOfOurOwn() throws Exception {
        // Given
        byte[] bytes = AvroBytes.encode(QUOTE);

        // When
        var raw = (IndexedRecord) new GenericDatumReader<>(QUOTE.getSchema(), QUOTE.getSchema(), new GenericData())
                .read(null, DecoderFactory.get().binaryDecoder(bytes, null));

        // Then
        assertThat(AvroJson.of(raw)).isEqualTo(AvroJson.of(QUOTE));
    }

    @Test
    void oneOfSeveralKindsStandsUnderItsName() {
        assertThat(AvroJson.of(new JournalEntry("*", new Tick(5L), new Origin("control", 0, 9L))))
                .hasToString("{\"account\":\"*\",\"body\":{\"Tick\":{\"number\":5}},"
                        + "\"origin\":{\"topic\":\"control\",\"partition\":0,\"offset\":9}}");
    }

    @Test
    void bytesAreHexadecimalAndMapsAreSorted() {
        var limits = new RiskLimits(
                "*",
                new Scope(ScopeKind.ALL, ""),
                1L,
                Map.of("b", decimal("1.000000"), "a", decimal("1000000000000.000001")),
                List.of(),
                List.of(),
                "me",
                "why",
                Instant.EPOCH);
        var placement = new Placement(
                "o",
                "main",
                sluice.avro.Mode.PAPER,
                Venue.KALSHI,
                "KX",
                PlacementStage.SENT,
                null,
                "c",
                ByteBuffer.wrap(new byte[] {0, (byte) 0xff}),
                1,
                Instant.EPOCH,
                Instant.EPOCH,
                "");
        var hash = new Sha256(new byte[32]);

        assertThat(AvroJson.of(limits).path("limits")).hasToString("{\"a\":\"1000000000000.000001\",\"b\":\"1\"}");
        assertThat(AvroJson.of(placement).path("request").asText()).isEqualTo("00ff");
        assertThat(hash.bytes()).hasSize(32);
    }

    private static BigDecimal decimal(String text) {
        return new BigDecimal(text);
    }
}
