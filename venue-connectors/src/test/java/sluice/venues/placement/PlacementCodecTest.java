package sluice.venues.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sluice.domain.Mode;
import sluice.domain.OrderId;
import sluice.wire.AvroBytes;
import sluice.wire.InvalidRecordException;

class PlacementCodecTest {
    @Test
    void whatIsSentIsReadBackToTheByte() {
        var sent = placement(Placement.Stage.SENT, ByteBuffer.wrap(new byte[] {1, 2, -3}), null);
        assertThat(readBack(sent)).isEqualTo(sent);
        assertThat(readBack(sent)).isEqualTo(sent);
    }

    @ParameterizedTest
    @EnumSource(Outcome.Kind.class)
    void everyOutcomeIsReadBack(Outcome.Kind kind) {
        var withCode = new Outcome(kind, "insufficient_balance", "it may cost 3.5 with fees; available is 1");
        var bare = new Outcome(kind, "", "");
        for (var outcome : new Outcome[] {withCode, bare}) {
            var placement = placement(Placement.Stage.OUTCOME, ByteBuffer.allocate(0), outcome);
            assertThat(readBack(placement)).isEqualTo(placement);
        }
    }

    @Test
    void anOutcomeThatSaysNothingKnownIsRefused() {
        var avro = PlacementCodec.toAvro(
                placement(Placement.Stage.OUTCOME, ByteBuffer.allocate(0), new Outcome(Outcome.Kind.ABSENT, "", "")));
        avro.put("outcome", "PERHAPS - maybe");
        assertThatThrownBy(() -> PlacementCodec.fromAvro(avro)).isInstanceOf(InvalidRecordException.class);
    }

    private static Placement readBack(Placement placement) {
        var bytes = AvroBytes.encode(PlacementCodec.toAvro(placement));
        return PlacementCodec.fromAvro(AvroBytes.decode(sluice.avro.Placement.class, bytes));
    }

    private static Placement placement(Placement.Stage stage, ByteBuffer request, @Nullable Outcome outcome) {
        return new Placement(
                new OrderId("o1"),
                Commands.ACCOUNT,
                Mode.LIVE,
                Commands.MARKET,
                stage,
                "v1",
                "c1",
                request,
                7,
                5_000,
                1_000,
                outcome);
    }
}
