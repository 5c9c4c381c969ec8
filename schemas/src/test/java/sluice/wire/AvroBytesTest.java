package sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import sluice.domain.RandomDomain;

class AvroBytesTest {
    @Test
    void aRecordThatCouldNotBeWrittenLeavesNothingBehindForTheNext() {
        // Given
        var random = new RandomDomain(1);
        var good = OrderCodec.toAvro(random.fill());
        byte[] expected = AvroBytes.encode(good);
        var bad = sluice.avro.Fill.newBuilder(OrderCodec.toAvro(random.fill()))
                .setFee(new BigDecimal("9999999999999.000000"))
                .build();

        // When
        assertThatThrownBy(() -> AvroBytes.encode(bad)).isInstanceOf(RuntimeException.class);

        // Then
        assertThat(AvroBytes.encode(good)).isEqualTo(expected);
    }
}
