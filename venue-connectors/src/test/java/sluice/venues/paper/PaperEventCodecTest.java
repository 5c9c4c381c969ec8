package sluice.venues.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.domain.Action;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.TimeInForce;
import sluice.domain.Venue;
import sluice.domain.journal.Origin;
import sluice.domain.market.Settlement;
import sluice.domain.order.Fill;
import sluice.domain.paper.PaperEvent;
import sluice.venues.placement.Commands;
import sluice.wire.AvroBytes;
import sluice.wire.InvalidRecordException;

class PaperEventCodecTest {
    private static final OrderId ID = new OrderId("o1");
    private static final Money CASH = Money.parse("98.1307");

    static Stream<PaperEvent> events() {
        var order = Commands.place("o1", Mode.PAPER, TimeInForce.GTC, 5_000);
        var settlement = new Settlement(
                Commands.MARKET,
                Settlement.Result.SCALAR,
                Price.parse("0.333333"),
                Settlement.Status.FINAL,
                2,
                9_000,
                "test");
        return Stream.of(
                new PaperEvent.Deposited(Commands.ACCOUNT, Venue.KALSHI, Money.parse("100"), CASH, 1),
                new PaperEvent.Accepted(order, 1_047, CASH, 1_000),
                new PaperEvent.Refused(order, "invalid_price", "price 0.455 is not on the grid", CASH, 1_000),
                new PaperEvent.Rested(Commands.ACCOUNT, Commands.MARKET, ID, CASH, 1_050),
                filled(Price.parse("0.45"), new Origin("market.quotes", 1, 77)),
                filled(null, null),
                new PaperEvent.Cancelled(Commands.ACCOUNT, Commands.MARKET, ID, "ioc_unfilled: nothing", CASH, 1_060),
                new PaperEvent.Expired(Commands.ACCOUNT, Commands.MARKET, ID, CASH, 1_070),
                new PaperEvent.LevelGone(Commands.ACCOUNT, Commands.MARKET, true, Price.parse("0.45"), CASH, 1_080),
                new PaperEvent.LevelGone(Commands.ACCOUNT, Commands.MARKET, false, Price.parse("0.40"), CASH, 1_080),
                new PaperEvent.Settled(Commands.ACCOUNT, settlement, Money.parse("3.33333"), CASH, 9_001));
    }

    private static PaperEvent filled(@Nullable Price level, @Nullable Origin origin) {
        var fill = new Fill(
                "o1-1",
                "o1",
                "paper-o1",
                Commands.ACCOUNT,
                Mode.PAPER,
                Commands.MARKET,
                Side.NO,
                Action.BUY,
                Price.parse("0.55"),
                Quantity.parse("3.25"),
                Money.parse("0.0563"),
                level != null,
                Fill.Status.FINAL,
                1_055);
        return new PaperEvent.Filled(fill, Money.parse("-1.8438"), CASH, level, origin, 1_055);
    }

    @ParameterizedTest
    @MethodSource("events")
    void whatIsWrittenIsReadBack(PaperEvent event) {
        var bytes = AvroBytes.encode(PaperEventCodec.toAvro(event));
        assertThat(PaperEventCodec.fromAvro(AvroBytes.decode(sluice.avro.PaperEvent.class, bytes)))
                .isEqualTo(event);
    }

    @Test
    void anEventWithoutItsPartIsRefused() {
        var avro = PaperEventCodec.toAvro(filled(null, null));
        avro.put("fill", null);
        assertThatThrownBy(() -> PaperEventCodec.fromAvro(avro))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("PaperEvent.fill: it is missing");
    }

    @Test
    void anEventThatNamesAnotherAccountThanItsPartIsRefused() {
        var avro = PaperEventCodec.toAvro(filled(null, null));
        avro.put("account", "mallory");
        assertThatThrownBy(() -> PaperEventCodec.fromAvro(avro))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("mallory at KALSHI is not a1 at KALSHI");
    }
}
