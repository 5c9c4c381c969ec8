package sluice.venues.simulator.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.domain.market.FeeModel;

/** What must hold whatever the orders. */
class ExchangeLawsTest {
    private static final Exchange.Rules NETTING = new Exchange.Rules(FeeModel.KALSHI, true);
    private static final Exchange.Rules TOKENS = new Exchange.Rules(FeeModel.POLYMARKET, false);
    private static final List<String> ACCOUNTS = List.of("alice", "bob", "carol");
    private static final int STEPS = 400;

    @ParameterizedTest(name = "netting, seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void lawsHoldWithNetting(long seed) {
        run(NETTING, seed);
    }

    @ParameterizedTest(name = "tokens, seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void lawsHoldWithTokens(long seed) {
        run(TOKENS, seed);
    }

    private static void run(Exchange.Rules rules, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Exchange exchange = new Exchange(rules);
        Exchange replayed = new Exchange(rules);
        var json = JsonMapper.builder().build();
        List<Command> setup = new ArrayList<>(List.of(market("A", "0"), market("B", "0")));
        ACCOUNTS.forEach(a -> setup.add(new Command.Deposit(0, a, "0", 500 * Exchange.ONE, "")));
        for (int step = 0; step < STEPS + setup.size(); step++) {
            Command command = step < setup.size() ? setup.get(step) : random(random, exchange, step, step > STEPS - 5);
            List<Order> standing =
                    exchange.liveOrders().stream().map(Order::copy).toList();
            Exchange.Outcome outcome = exchange.apply(command);
            replayed.apply(Command.read(json, Command.write(json, command)));

            assertThat(exchange.imbalance())
                    .as("money, step %d: %s", step, command)
                    .isZero();
            if (command instanceof Command.Place placed && outcome.denial() == null) {
                checkFills(placed, outcome, standing);
            }
            for (Order order : exchange.liveOrders()) {
                assertThat(order.filled + order.remaining).isEqualTo(order.initial);
            }
        }
        assertThat(exchange.trades()).as("something traded").isNotEmpty();
        assertThat(List.copyOf(replayed.trades())).isEqualTo(List.copyOf(exchange.trades()));
        assertThat(replayed.cash("alice")).isEqualTo(exchange.cash("alice"));
    }

    private static void checkFills(Command.Place placed, Exchange.Outcome outcome, List<Order> standing) {
        boolean bid = placed.yes() == placed.buy();
        long limit = placed.yes() ? placed.price() : Exchange.ONE - placed.price();
        List<Trade.Fill> made = outcome.fills().stream().filter(f -> !f.taker()).toList();
        for (Trade.Fill fill : made) {
            assertThat(bid ? fill.yesPrice() <= limit : fill.yesPrice() >= limit)
                    .as("no fill through the limit: %s for %s", fill, placed)
                    .isTrue();
        }
        Comparator<Order> best = Comparator.comparingLong((Order o) -> bid ? o.yesPrice() : -o.yesPrice());
        List<String> queue = standing.stream()
                .filter(o -> o.market().equals(placed.market()) && o.bid() != bid)
                .sorted(best.thenComparingLong(o -> o.priority))
                .map(o -> o.id)
                .toList();
        List<String> traded = made.stream().map(Trade.Fill::orderId).toList();
        List<String> expected = queue.stream().filter(traded::contains).toList();
        assertThat(traded).as("best price first, then oldest").isEqualTo(expected);
    }

    private static Command random(SplittableRandom random, Exchange exchange, int step, boolean late) {
        long at = step * 1_000L;
        String market = random.nextBoolean() ? "A" : "B";
        if (late) {
            return random.nextBoolean()
                    ? new Command.Determine(at, market, random.nextLong(0, Exchange.ONE + 1), "scalar")
                    : new Command.Settle(at, market);
        }
        List<Order> live = exchange.liveOrders().stream()
                .filter(o -> !o.account().equals(Exchange.HOUSE))
                .toList();
        int kind = random.nextInt(20);
        if (kind < 3) {
            long mid = random.nextLong(20, 80) * 10_000;
            return new Command.SetLevels(at, market, levels(random, mid, -1), levels(random, mid, 1));
        }
        if (kind == 3 && !live.isEmpty()) {
            return new Command.Cancel(at, live.get(random.nextInt(live.size())).id, "");
        }
        if (kind == 4 && !live.isEmpty()) {
            Order order = live.get(random.nextInt(live.size()));
            return new Command.Amend(
                    at,
                    order.id,
                    random.nextLong(1, 100) * 10_000,
                    order.filled + random.nextLong(0, 20) * 500_000,
                    null,
                    "");
        }
        if (kind == 5 && !exchange.trades().isEmpty()) {
            List<Trade> trades = List.copyOf(exchange.trades());
            return new Command.SetTrade(
                    at, trades.get(random.nextInt(trades.size())).id(), Trade.Status.FAILED, "");
        }
        if (kind == 6 && !live.isEmpty()) {
            return new Command.HouseTakes(at, live.get(random.nextInt(live.size())).id, Exchange.ONE);
        }
        return new Command.Place(
                at,
                "order-" + step,
                ACCOUNTS.get(random.nextInt(ACCOUNTS.size())),
                "0",
                market,
                random.nextBoolean(),
                exchange.market("A") != null && random.nextInt(4) > 0,
                random.nextLong(1, 100) * 10_000,
                random.nextLong(1, 4_000) * 10_000,
                List.of(Command.TimeInForce.values()).get(random.nextInt(3)),
                random.nextInt(10) == 0,
                false,
                List.of(Command.SelfTrade.values()).get(random.nextInt(3)),
                "",
                "",
                null,
                null,
                false,
                false,
                false,
                JsonNodeFactory.instance.objectNode());
    }

    private static List<Command.Level> levels(SplittableRandom random, long mid, int side) {
        List<Command.Level> levels = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            levels.add(new Command.Level(mid + (long) side * i * 10_000L, random.nextLong(1, 50) * Exchange.ONE));
        }
        return levels;
    }

    private static Command.DefineMarket market(String id, String pocket) {
        return new Command.DefineMarket(
                0,
                id,
                "E",
                pocket,
                List.of(new Command.Band(0, Exchange.ONE, 10_000)),
                new Command.Fees(70_000, 17_500),
                null,
                null,
                -1,
                JsonNodeFactory.instance.objectNode());
    }

    @Test
    void cashOfAnAccountNeverGoesBelowZeroWithNetting() {
        for (long seed = 100; seed < 110; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Exchange exchange = new Exchange(NETTING);
            exchange.apply(market("A", "0"));
            exchange.apply(market("B", "0"));
            ACCOUNTS.forEach(a -> exchange.apply(new Command.Deposit(0, a, "0", 50 * Exchange.ONE, "")));
            for (int step = 0; step < STEPS; step++) {
                Command command = random(random, exchange, step, false);
                if (!(command instanceof Command.SetTrade)) {
                    exchange.apply(command);
                }
                for (String account : ACCOUNTS) {
                    assertThat(exchange.cash(account, "0"))
                            .as("seed %d step %d %s", seed, step, account)
                            .isNotNegative();
                }
            }
        }
    }
}
