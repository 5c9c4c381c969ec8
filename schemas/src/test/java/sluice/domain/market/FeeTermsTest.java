package sluice.domain.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.domain.Action;
import sluice.domain.Micros;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.RandomDomain;

class FeeTermsTest {
    /** An order this large is far beyond any limit; its cost still fits. */
    private static final long LARGEST_ORDER = 1_000_000_000L * Micros.ONE;

    static LongStream seeds() {
        return RandomDomain.seeds();
    }

    @Test
    void kalshiFiftyYesAtSixtyFiveCents() {
        var fees = new FeeTerms(FeeModel.KALSHI, Micros.parse("0.07"), 0, "2026-07-07");
        var quantity = Quantity.parse("50");
        var limit = Price.parse("0.65");

        Money cost = limit.costOf(quantity);
        Money fee = fees.worstCase(Action.BUY, quantity, limit, false);
        Money pad = fees.padding(quantity);

        assertThat(cost).isEqualTo(Money.parse("32.50"));
        assertThat(fee).isEqualTo(Money.parse("0.7963"));
        assertThat(pad).isEqualTo(Money.parse("0.03"));
        assertThat(cost.plus(fee).plus(pad)).isEqualTo(Money.parse("33.3263"));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void worstCaseAgreesWithExactDecimals(long seed) {
        var random = new RandomDomain(seed);
        for (int i = 0; i < 100; i++) {
            FeeTerms fees = random.fees();
            Action action = random.oneOf(Action.values());
            var quantity = new Quantity(random.number(0, LARGEST_ORDER));
            Price limit = random.price();
            boolean postOnly = random.flag();

            assertThat(fees.worstCase(action, quantity, limit, postOnly))
                    .as("%s %s %s @ %s post-only %s", fees, action, quantity, limit, postOnly)
                    .isEqualTo(new Money(Micros.exact(byDecimals(fees, action, quantity, limit, postOnly))));
        }
    }

    private static BigDecimal byDecimals(
            FeeTerms fees, Action action, Quantity quantity, Price limit, boolean postOnly) {
        BigDecimal step =
                switch (fees.model()) {
                    case NONE -> null;
                    case KALSHI -> new BigDecimal("0.0001");
                    case POLYMARKET -> new BigDecimal("0.00001");
                };
        if (step == null) {
            return BigDecimal.ZERO;
        }
        BigDecimal rate = Micros.decimal(fees.makerRateMicros());
        if (!postOnly) {
            rate = rate.max(Micros.decimal(fees.takerRateMicros()));
        }
        BigDecimal p = Micros.decimal(limit.micros());
        BigDecimal half = new BigDecimal("0.5");
        if (action == Action.SELL && p.compareTo(half) < 0) {
            p = half;
        }
        return rate.multiply(Micros.decimal(quantity.micros()))
                .multiply(p)
                .multiply(BigDecimal.ONE.subtract(p))
                .divide(step, 0, RoundingMode.CEILING)
                .multiply(step);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void noPriceWithinTheLimitCostsMoreThanWasReserved(long seed) {
        var random = new RandomDomain(seed);
        for (int i = 0; i < 100; i++) {
            FeeTerms fees = random.fees();
            var quantity = new Quantity(random.number(0, LARGEST_ORDER));
            Price limit = random.price();
            var better = new Price(random.number(0, limit.micros()));
            var dearer = new Price(random.number(limit.micros(), Micros.ONE));

            Money reserved = limit.costOf(quantity)
                    .plus(fees.worstCase(Action.BUY, quantity, limit, false))
                    .plus(fees.padding(quantity));
            Money paid = better.costOf(quantity).plus(fees.worstCase(Action.BUY, quantity, better, false));

            assertThat(paid).as("bought at %s", better).isLessThanOrEqualTo(reserved);
            assertThat(fees.worstCase(Action.BUY, quantity, dearer, false))
                    .as("fee of a sale at %s", dearer)
                    .isLessThanOrEqualTo(fees.worstCase(Action.SELL, quantity, limit, false));
        }
    }

    @ParameterizedTest
    @CsvSource({
        // At one cent a fill each may be rounded up by one step, and Kalshi's accumulator adds a cent at most.
        "NONE, 50, 0",
        "KALSHI, 0, 0.01",
        "KALSHI, 0.01, 0.0101",
        "KALSHI, 0.010001, 0.0102",
        "KALSHI, 1.99, 0.0299",
        "KALSHI, 2, 0.03",
        "KALSHI, 1000000, 0.03",
        "POLYMARKET, 0.01, 0.00001",
        "POLYMARKET, 2, 0.002",
        "POLYMARKET, 1000000, 0.002"
    })
    void paddingGrowsWithTheFillsUpToTwoHundred(FeeModel model, String quantity, String padding) {
        var fees = new FeeTerms(model, Micros.parse("0.07"), 0, "test");

        assertThat(fees.padding(Quantity.parse(quantity))).isEqualTo(Money.parse(padding));
    }

    @Test
    void oneContractTakenPaysTheTakerRateRoundedUpToAMicroDollar() {
        var fees = new FeeTerms(FeeModel.KALSHI, Micros.parse("0.07"), Micros.parse("0.0175"), "test");

        assertThat(fees.perContract(Price.HALF)).isEqualTo(Money.parse("0.0175"));
        assertThat(fees.perContract(Price.parse("0.333333"))).isEqualTo(Money.parse("0.015556"));
        assertThat(fees.perContract(Price.ONE)).isEqualTo(Money.ZERO);
    }

    @Test
    void aPostOnlyOrderPaysTheMakerRate() {
        var fees = new FeeTerms(FeeModel.KALSHI, Micros.parse("0.07"), Micros.parse("0.0175"), "test");
        var quantity = Quantity.parse("100");

        assertThat(fees.worstCase(Action.BUY, quantity, Price.HALF, true)).isEqualTo(Money.parse("0.4375"));
        assertThat(fees.worstCase(Action.BUY, quantity, Price.HALF, false)).isEqualTo(Money.parse("1.75"));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1_000_001})
    void aRateIsFromZeroToOne(long micros) {
        assertThatThrownBy(() -> new FeeTerms(FeeModel.KALSHI, micros, 0, "test"))
                .hasMessage("taker rate " + Micros.text(micros) + " is not between 0 and 1");
        assertThatThrownBy(() -> new FeeTerms(FeeModel.KALSHI, 0, micros, "test"))
                .hasMessage("maker rate " + Micros.text(micros) + " is not between 0 and 1");
    }
}
