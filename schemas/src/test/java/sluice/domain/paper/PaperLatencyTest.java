package sluice.domain.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sluice.domain.OrderId;

class PaperLatencyTest {
    @Test
    void drawsFollowTheMeasuredQuantiles() {
        // Given
        var latency = PaperLatency.measuredAtKalshi(7);

        // When
        var draws = IntStream.range(0, 100_000)
                .mapToLong(i -> latency.millisFor(new OrderId("order-" + i)))
                .sorted()
                .toArray();

        // Then
        assertThat(draws[50_000]).isBetween(46L, 48L);
        assertThat(draws[95_000]).isBetween(106L, 112L);
        assertThat(draws[99_000]).isBetween(150L, 162L);
        assertThat(draws[0]).isGreaterThanOrEqualTo(15);
        assertThat(draws[99_999]).isLessThanOrEqualTo(400);
    }

    @Test
    void drawDependsOnSeedAndOrderAlone() {
        var id = new OrderId("order-1");
        assertThat(PaperLatency.measuredAtKalshi(1).millisFor(id))
                .isEqualTo(PaperLatency.measuredAtKalshi(1).millisFor(id));
        var overSeeds = IntStream.range(0, 50)
                .mapToLong(seed -> PaperLatency.measuredAtKalshi(seed).millisFor(id))
                .distinct()
                .count();
        assertThat(overSeeds).isGreaterThan(20);
    }

    @Test
    void distributionThatDoesNotCoverEveryDrawIsRefused() {
        var half = List.of(new PaperLatency.Quantile(0, 1), new PaperLatency.Quantile(500_000, 2));
        assertThatThrownBy(() -> new PaperLatency(1, half)).hasMessageContaining("do not reach from 0 to 1000000");
        var falling = List.of(new PaperLatency.Quantile(0, 5), new PaperLatency.Quantile(1_000_000, 2));
        assertThatThrownBy(() -> new PaperLatency(1, falling)).hasMessageContaining("do not rise");
    }
}
