package sluice.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws of money, prices and quantities. */
class MoneyLawsTest {
    static LongStream seeds() {
        return RandomDomain.seeds();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void buyingNeverCostsLessThanSellingBrings(long seed) {
        var random = new RandomDomain(seed);
        for (int i = 0; i < 100; i++) {
            Price price = random.price();
            Quantity quantity = random.quantity();

            Money cost = price.costOf(quantity);
            Money proceeds = price.proceedsOf(quantity);

            assertThat(cost).isGreaterThanOrEqualTo(proceeds);
            assertThat(cost.minus(proceeds)).isBetween(Money.ZERO, new Money(1));
            BigDecimal exact = Micros.decimal(price.micros()).multiply(Micros.decimal(quantity.micros()));
            assertThat(Micros.decimal(cost.micros())).isEqualTo(exact.setScale(6, RoundingMode.CEILING));
            assertThat(Micros.decimal(proceeds.micros())).isEqualTo(exact.setScale(6, RoundingMode.FLOOR));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aPriceAndItsComplementCostOneDollarTogether(long seed) {
        var random = new RandomDomain(seed);
        for (int i = 0; i < 100; i++) {
            Price price = random.price();
            Quantity quantity = random.quantity();

            assertThat(price.complement().complement()).isEqualTo(price);
            assertThat(price.micros() + price.complement().micros()).isEqualTo(Micros.ONE);
            Money pair = price.costOf(quantity).plus(price.complement().costOf(quantity));
            assertThat(pair.minus(Price.ONE.costOf(quantity)))
                    .as("a pair pays a dollar and may cost one rounding more, never less")
                    .isBetween(Money.ZERO, new Money(1));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void splittingAnOrderNeverMakesItCheaper(long seed) {
        var random = new RandomDomain(seed);
        for (int i = 0; i < 100; i++) {
            Price price = random.price();
            Quantity whole = random.quantity();
            Quantity part = new Quantity(random.number(0, whole.micros()));

            Money costOfParts = price.costOf(part).plus(price.costOf(whole.minus(part)));
            Money proceedsOfParts = price.proceedsOf(part).plus(price.proceedsOf(whole.minus(part)));

            assertThat(costOfParts).isGreaterThanOrEqualTo(price.costOf(whole));
            assertThat(proceedsOfParts).isLessThanOrEqualTo(price.proceedsOf(whole));
        }
    }

    @Test
    void costRoundsUpAndProceedsRoundDown() {
        Price price = Price.parse("0.333333");
        Quantity quantity = Quantity.parse("0.000001");

        assertThat(price.costOf(quantity)).isEqualTo(Money.parse("0.000001"));
        assertThat(price.proceedsOf(quantity)).isEqualTo(Money.ZERO);
        assertThat(quantity.paidAt(Price.ONE)).isEqualTo(Money.parse("0.000001"));
    }

    @Test
    void nothingWraps() {
        Money most = new Money(Long.MAX_VALUE);
        Money least = new Money(Long.MIN_VALUE);
        Money least1 = new Money(-1);

        assertThatThrownBy(() -> most.plus(new Money(1))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> least.minus(new Money(1))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> most.minus(least1)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(least::negated).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> new Quantity(Long.MAX_VALUE).plus(new Quantity(1)))
                .isInstanceOf(ArithmeticException.class);
        assertThat(Price.ONE.costOf(new Quantity(Long.MAX_VALUE))).isEqualTo(most);
    }

    @Test
    void aQuantityIsNeverNegative() {
        assertThatThrownBy(() -> new Quantity(-1)).hasMessage("quantity -0.000001 is negative");
        assertThatThrownBy(() -> Quantity.parse("1").minus(Quantity.parse("1.000001")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Quantity.parse("1").minus(Quantity.parse("1"))).isEqualTo(Quantity.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-0.000001", "1.000001", "65", "1000000"})
    void aPriceIsFromZeroToOne(String text) {
        assertThatThrownBy(() -> Price.parse(text)).hasMessage("price " + text + " is not between 0 and 1");
    }

    @Test
    void comparisonsFollowTheNumber() {
        assertThat(Price.ZERO).isLessThan(Price.HALF).isLessThan(Price.ONE);
        assertThat(Price.HALF.isAbove(Price.HALF)).isFalse();
        assertThat(Price.HALF.isBelow(Price.HALF)).isFalse();
        assertThat(Price.ONE.isAbove(Price.HALF)).isTrue();
        assertThat(Money.parse("100.000001").exceeds(Money.parse("100"))).isTrue();
        assertThat(Money.parse("100").exceeds(Money.parse("100")))
                .as("a limit of 100 allows 100")
                .isFalse();
        assertThat(Quantity.parse("2").min(Quantity.parse("3"))).isEqualTo(Quantity.parse("2"));
    }
}
