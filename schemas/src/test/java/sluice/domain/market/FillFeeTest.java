package sluice.domain.market;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.domain.Action;
import sluice.domain.Micros;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;

/** Fees against published and recorded charges, and against the bound that orders are reserved with. */
class FillFeeTest {
    private static final FeeTerms KALSHI = new FeeTerms(FeeModel.KALSHI, 70_000, 17_500, "test");

    private static JsonNode vectors() throws IOException {
        try (var in = FillFeeTest.class.getResourceAsStream("/kalshi-fee-vectors.json")) {
            return new ObjectMapper().readTree(in);
        }
    }

    static Stream<Arguments> orderCases() throws IOException {
        return StreamSupport.stream(vectors().get("order_cases").spliterator(), false)
                .map(node -> Arguments.of(node.get("name").asText(), node));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("orderCases")
    void kalshiOrderIsChargedAsRecorded(String name, JsonNode order) throws IOException {
        // Given
        var k = vectors().get("formula").get("k").get(order.get("fee_type").asText());
        var multiplier = order.get("fee_multiplier").asText();
        var terms = new FeeTerms(
                FeeModel.KALSHI,
                rate(multiplier, k.get("taker").asText()),
                rate(multiplier, k.get("maker").asText()),
                "vectors");
        long precision = Micros.parse(order.get("balance_precision_dollars").asText());

        // When
        var accumulated = Money.ZERO;
        for (var fill : order.get("fills")) {
            var yesPrice = Price.parse(fill.get("yes_price_dollars").asText());
            var cash = fill.get("cash").asText();
            var price = cash.equals("sell_yes_opening") ? yesPrice.complement() : yesPrice;
            var action = cash.equals("sell_yes_closing") ? Action.SELL : Action.BUY;
            var quantity = Quantity.parse(fill.get("count_fp").asText());
            boolean taker = fill.get("role").asText().equals("taker");
            var charged = FillFee.kalshi(terms, action, price, quantity, taker, accumulated, precision);
            accumulated = charged.accumulated();

            // Then
            assertThat(charged.fee()).isEqualTo(money(fill, "net_fee_dollars"));
            assertThat(accumulated).isEqualTo(money(fill, "accumulator_after_dollars"));
            var gross = action == Action.BUY ? price.costOf(quantity).negated() : price.proceedsOf(quantity);
            assertThat(gross.minus(charged.fee())).isEqualTo(money(fill, "balance_change_dollars"));
        }
    }

    static Stream<Arguments> publishedTable() throws IOException {
        return StreamSupport.stream(vectors().get("published_table").get("rows").spliterator(), false)
                .map(row -> Arguments.of(
                        row.get("price").asText(),
                        row.get("count").asText(),
                        row.get("expected_cents").asLong()));
    }

    @ParameterizedTest(name = "{1} at {0}")
    @MethodSource("publishedTable")
    void kalshiFeeRoundedUpToCentsIsThePublishedTable(String price, String count, long cents) {
        // When
        var charged = FillFee.of(KALSHI, Action.BUY, Price.parse(price), Quantity.parse(count), true, Money.ZERO);

        // Then
        assertThat(Math.ceilDiv(charged.fee().micros(), 10_000)).isEqualTo(cents);
    }

    @ParameterizedTest(name = "{0}: {2} at {1} costs {3}")
    @CsvSource({
        "sports,               0.50,  100,   1.25",
        "half a unit rounds up, 0.51, 0.01,  0.00013",
        "just charged,         0.50,  0.0008, 0.00001",
        "too small to charge,  0.50,  0.0007, 0",
        "a long shot,          0.01,  5,     0.00248",
        "its complement,       0.99,  5,     0.00248",
    })
    void polymarketTakerPays(String name, String price, String quantity, String fee) {
        // Given
        var sports = new FeeTerms(FeeModel.POLYMARKET, 50_000, 0, "test");

        // When
        var taker = FillFee.of(sports, Action.BUY, Price.parse(price), Quantity.parse(quantity), true, Money.ZERO);
        var maker = FillFee.of(sports, Action.BUY, Price.parse(price), Quantity.parse(quantity), false, Money.ZERO);

        // Then
        assertThat(taker.fee()).isEqualTo(Money.parse(fee));
        assertThat(maker.fee()).isEqualTo(Money.ZERO);
    }

    @Test
    void noFeeModelChargesNothing() {
        var none = new FeeTerms(FeeModel.NONE, 1_000_000, 1_000_000, "test");
        assertThat(FillFee.of(none, Action.BUY, Price.HALF, Quantity.parse("100"), true, Money.ZERO)
                        .fee())
                .isEqualTo(Money.ZERO);
    }

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    /** What is reserved for an order covers whatever its fills are charged, however the order is cut up. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void reservationCoversEveryWayToFill(long seed) {
        // Given
        var random = new Random(seed);
        var model = random.nextBoolean() ? FeeModel.KALSHI : FeeModel.POLYMARKET;
        var terms = new FeeTerms(model, random.nextInt(100_001), random.nextInt(20_001), "random");
        var action = random.nextBoolean() ? Action.BUY : Action.SELL;
        int limit = 1 + random.nextInt(9_999);
        int fills = 1 + random.nextInt(200);

        // When
        var total = Quantity.ZERO;
        var fees = Money.ZERO;
        var accumulated = Money.ZERO;
        for (int i = 0; i < fills; i++) {
            var quantity = new Quantity(10_000L * (1 + random.nextInt(random.nextBoolean() ? 5 : 5_000)));
            // A purchase fills at its limit or below, a sale at its limit or above.
            int price = action == Action.BUY ? 1 + random.nextInt(limit) : limit + random.nextInt(10_000 - limit);
            var charged =
                    FillFee.of(terms, action, new Price(price * 100L), quantity, random.nextBoolean(), accumulated);
            assertThat(charged.fee().isNegative()).isFalse();
            accumulated = charged.accumulated();
            fees = fees.plus(charged.fee());
            total = total.plus(quantity);
            // A better price of a purchase frees more than its higher fee takes, so compare at the limit's cost.
            if (action == Action.BUY) {
                var limitPrice = new Price(limit * 100L);
                fees = fees.minus(limitPrice.costOf(quantity).minus(new Price(price * 100L).costOf(quantity)));
            }
        }

        // Then
        var reserved =
                terms.worstCase(action, total, new Price(limit * 100L), false).plus(terms.padding(total));
        assertThat(fees).isLessThanOrEqualTo(reserved);
    }

    private static long rate(String multiplier, String k) {
        return Micros.exact(
                new BigDecimal(multiplier).multiply(new BigDecimal(k)).stripTrailingZeros());
    }

    private static Money money(JsonNode fill, String field) {
        return Money.parse(fill.get(field).asText());
    }
}
