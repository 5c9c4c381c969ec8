package sluice.domain.paper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.MarketId;
import sluice.domain.Money;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.TimeInForce;
import sluice.domain.Venue;
import sluice.domain.market.Level;
import sluice.domain.market.MarketStatus;
import sluice.domain.market.Quote;
import sluice.domain.market.Settlement;
import sluice.domain.order.Fill;
import sluice.domain.order.OrderCommand;

/** Laws of the paper exchange over random days: several accounts, markets of both venues, every kind of order. */
class PaperExchangePropertyTest {
    private static final Money DEPOSIT = Money.parse("60");
    private static final List<AccountId> ACCOUNTS = List.of(new AccountId("a1"), new AccountId("a2"));
    private static final List<MarketId> MARKETS = List.of(
            new MarketId(Venue.KALSHI, "K1"), new MarketId(Venue.KALSHI, "K2"), new MarketId(Venue.POLYMARKET, "P1"));

    private static final List<TimeInForce> TIMES_IN_FORCE = List.of(TimeInForce.values());

    /** One thing that the exchange is told. */
    private sealed interface Input {
        record Deposit(AccountId account, Venue venue, long at) implements Input {}

        record Place(OrderCommand order, long at) implements Input {}

        record Cancel(OrderId order, long at) implements Input {}

        record Book(Quote quote, long at) implements Input {}

        record Settle(Settlement settlement, long at) implements Input {}

        record Advance(long at) implements Input {}
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void cashIsConservedAndNeverNegative(long seed) {
        // Given
        var exchange = exchange(seed);

        // When
        var events = play(exchange, day(seed));

        // Then
        var cash = new HashMap<String, Money>();
        for (var event : events) {
            var key = event.account() + "@" + event.venue();
            var after = cash.getOrDefault(key, Money.ZERO).plus(event.cashChange());
            assertThat(event.cashAfter()).isEqualTo(after);
            assertThat(after.isNegative()).isFalse();
            cash.put(key, after);
        }
        for (var account : exchange.accounts()) {
            assertThat(account.cash()).isEqualTo(cash.get(account.account() + "@" + account.venue()));
            assertThat(account.reserved().exceeds(account.cash())).isFalse();
        }
        // From the fills and the rules alone: deposits, less trades with fees, plus closed pairs, plus payouts.
        assertThat(cash).isEqualTo(cashFromFills(events));
    }

    private static Map<String, Money> cashFromFills(List<PaperEvent> events) {
        var cash = new HashMap<String, Money>();
        var held = new HashMap<String, long[]>();
        for (var event : events) {
            var key = event.account() + "@" + event.venue();
            long change =
                    switch (event) {
                        case PaperEvent.Deposited deposited -> DEPOSIT.micros();
                        case PaperEvent.Filled filled -> {
                            var fill = filled.fill();
                            var holding = held.computeIfAbsent(fill.account() + "/" + fill.market(), k -> new long[2]);
                            int sign = fill.action() == Action.BUY ? 1 : -1;
                            holding[fill.side() == Side.YES ? 0 : 1] +=
                                    sign * fill.quantity().micros();
                            long pairs = fill.market().venue() == Venue.KALSHI ? Math.min(holding[0], holding[1]) : 0;
                            holding[0] -= pairs;
                            holding[1] -= pairs;
                            assertThat(holding[0]).isNotNegative();
                            assertThat(holding[1]).isNotNegative();
                            // Grid 0.01 and step 0.01: the product is exact, so no rounding can hide here.
                            long gross = fill.price().micros() * fill.quantity().micros() / 1_000_000;
                            yield pairs - sign * gross - fill.fee().micros();
                        }
                        case PaperEvent.Settled settled -> {
                            var market = settled.settlement().market();
                            var holding = held.getOrDefault(settled.account() + "/" + market, new long[2]);
                            held.remove(settled.account() + "/" + market);
                            long yes = settled.settlement().yesValue().micros();
                            yield holding[0] * yes / 1_000_000 + holding[1] * (1_000_000 - yes) / 1_000_000;
                        }
                        case PaperEvent.OfOrder other -> 0;
                        case PaperEvent.LevelGone gone -> 0;
                    };
            cash.merge(key, new Money(change), Money::plus);
        }
        return cash;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void fillsKeepToTheirOrders(long seed) {
        // Given
        var exchange = exchange(seed);

        // When
        var events = play(exchange, day(seed));

        // Then
        var filled = new HashMap<OrderId, Quantity>();
        var numbers = new HashMap<OrderId, Integer>();
        var ended = new HashSet<OrderId>();
        for (var event : events) {
            if (event instanceof PaperEvent.Filled fillEvent) {
                var fill = fillEvent.fill();
                var order = exchange.order(fillEvent.orderId()).orElseThrow();
                assertThat(ended).doesNotContain(order.id());
                assertThat(fillEvent.atMillis()).isGreaterThanOrEqualTo(order.arrivesAtMillis());
                assertThat(fill.tradeId()).isEqualTo(order.id() + "-" + numbers.merge(order.id(), 1, Integer::sum));
                assertThat(order.accepts(fill.price())).isTrue();
                assertThat(fill.quantity().micros()).isPositive();
                var sum = filled.merge(order.id(), fill.quantity(), Quantity::plus);
                assertThat(sum).isLessThanOrEqualTo(order.quantity());
            } else if (event instanceof PaperEvent.Cancelled || event instanceof PaperEvent.Expired) {
                assertThat(ended.add(((PaperEvent.OfOrder) event).orderId())).isTrue();
            }
        }
        filled.forEach((id, sum) -> {
            var order = exchange.order(id).orElseThrow();
            assertThat(order.filled()).isEqualTo(sum);
            if (order.timeInForce() == TimeInForce.FOK) {
                assertThat(sum).isEqualTo(order.quantity());
            }
        });
    }

    /** Between two disappearances of a price, an account never has more of it than the most that was displayed. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void neverTakesMoreThanWasDisplayed(long seed) {
        // Given
        var exchange = exchange(seed);
        record At(AccountId account, MarketId market, boolean ask, Price price) {}
        var taken = new HashMap<At, Long>();

        for (var input : day(seed)) {
            // When
            if (input instanceof Input.Book book) {
                taken.keySet()
                        .removeIf(at -> at.market().equals(book.quote().market())
                                && (at.ask()
                                                ? book.quote().asks()
                                                : book.quote().bids())
                                        .stream().noneMatch(level -> level.price()
                                                .equals(at.price())));
            }
            var events = tell(exchange, input);

            // Then
            for (var event : events) {
                if (event instanceof PaperEvent.Filled filled && filled.level() != null) {
                    var order = exchange.order(filled.orderId()).orElseThrow();
                    var at = new At(order.account(), order.market(), order.takesAsks(), filled.level());
                    long sum = taken.merge(at, filled.fill().quantity().micros(), Long::sum);
                    var book = exchange.book(order.market()).orElseThrow();
                    assertThat(sum).isLessThanOrEqualTo(displayed(book, at.ask(), at.price()));
                }
            }
        }
    }

    /** Contracts at a price, or the assumption where the book has no quantities; 0 where the price is not there. */
    private static long displayed(Quote quote, boolean ask, Price price) {
        if (!quote.depthKnown()) {
            boolean there = (ask ? quote.asks() : quote.bids())
                    .stream().anyMatch(level -> level.price().equals(price));
            return there ? PaperRules.DEFAULT_ASSUMED_DEPTH.micros() : 0;
        }
        return (ask ? quote.asks() : quote.bids())
                .stream()
                        .filter(level -> level.price().equals(price))
                        .mapToLong(level -> level.quantity().micros())
                        .sum();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void eventsAloneRebuildTheExchangeAndItGoesOnAlike(long seed) {
        // Given
        var random = new Random(seed);
        var live = exchange(seed);
        var day = day(seed);
        int crash = random.nextInt(day.size());
        var before = play(live, day.subList(0, crash));

        // When
        var rebuilt = exchange(seed);
        before.forEach(rebuilt::apply);
        for (var market : MARKETS) {
            live.book(market).ifPresent(book -> assertThat(rebuilt.restoreBook(book, null, 0))
                    .isEmpty());
        }
        for (var input : day.subList(0, crash)) {
            if (input instanceof Input.Settle settle) {
                assertThat(rebuilt.settle(settle.settlement(), settle.at())).isEmpty();
            }
        }

        // Then
        assertThat(rebuilt.accounts()).isEqualTo(live.accounts());
        assertThat(rebuilt.nextDueMillis()).isEqualTo(live.nextDueMillis());
        assertThat(takenIn(rebuilt)).isEqualTo(takenIn(live));
        var rest = day.subList(crash, day.size());
        assertThat(lines(play(rebuilt, rest))).isEqualTo(lines(play(live, rest)));
    }

    private static List<String> lines(List<PaperEvent> events) {
        return events.stream().map(PaperEvent::toString).toList();
    }

    private static Map<String, Quantity> takenIn(PaperExchange exchange) {
        var taken = new HashMap<String, Quantity>();
        for (var account : ACCOUNTS) {
            for (var market : MARKETS) {
                exchange.book(market).ifPresent(book -> {
                    book.asks()
                            .forEach(level -> taken.put(
                                    account + " ask " + market + level.price(),
                                    exchange.taken(account, market, true, level.price())));
                    book.bids()
                            .forEach(level -> taken.put(
                                    account + " bid " + market + level.price(),
                                    exchange.taken(account, market, false, level.price())));
                });
            }
        }
        return taken;
    }

    /** Feeds of different markets arrive in any order relative to each other; no fill may depend on it. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void interleavingOfMarketsDoesNotMatter(long seed) {
        // Given: enough cash that markets do not compete for it
        var random = new Random(seed);
        var day = day(seed);
        var shuffled = interleavedAnew(day, random);

        // When
        var one = rich(seed);
        var other = rich(seed);
        var fills = fills(play(one, day));
        var fillsShuffled = fills(play(other, shuffled));

        // Then
        assertThat(fillsShuffled).isEqualTo(fills);
    }

    /** Between two passings of time, draws the inputs of the markets in another order, each market's own order kept. */
    private static List<Input> interleavedAnew(List<Input> day, Random random) {
        var result = new ArrayList<Input>();
        var queues = new HashMap<Integer, List<Input>>();
        for (var input : day) {
            if (input instanceof Input.Advance || input instanceof Input.Deposit) {
                drain(queues, result, random);
                result.add(input);
            } else {
                queues.computeIfAbsent(marketOf(input), key -> new ArrayList<>())
                        .add(input);
            }
        }
        drain(queues, result, random);
        return result;
    }

    private static void drain(Map<Integer, List<Input>> queues, List<Input> into, Random random) {
        while (!queues.isEmpty()) {
            var keys = new ArrayList<>(queues.keySet());
            var key = keys.get(random.nextInt(keys.size()));
            var queue = queues.getOrDefault(key, new ArrayList<>());
            into.add(queue.remove(0));
            if (queue.isEmpty()) {
                queues.remove(key);
            }
        }
    }

    private static int marketOf(Input input) {
        return switch (input) {
            case Input.Place place -> MARKETS.indexOf(place.order().market().id());
            case Input.Cancel cancel -> cancel.order().value().charAt(2) - '0';
            case Input.Book book -> MARKETS.indexOf(book.quote().market());
            case Input.Settle settle -> MARKETS.indexOf(settle.settlement().market());
            case Input.Deposit deposit -> -1;
            case Input.Advance advance -> -1;
        };
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theNaiveMatcherFillsAlike(long seed) {
        // Given
        var day = day(seed);
        var naive = new NaiveMatcher(PaperLatency.measuredAtKalshi(seed), PaperRules.DEFAULT_ASSUMED_DEPTH);

        // When
        var fills = fills(play(rich(seed), day));
        for (var input : day) {
            switch (input) {
                case Input.Place place -> naive.place(place.order(), place.at());
                case Input.Cancel cancel -> naive.cancel(cancel.order());
                case Input.Book book -> naive.book(book.quote());
                case Input.Settle settle -> naive.settle(settle.settlement().market());
                case Input.Advance advance -> naive.advance(advance.at());
                case Input.Deposit deposit -> {}
            }
        }

        // Then
        var expected = naive.fills().stream().sorted().toList();
        assertThat(fills.stream()
                        .map(fill -> fill.tradeId() + " " + fill.quantity() + "@" + fill.price()
                                + (fill.taker() ? " taker" : " maker"))
                        .sorted()
                        .toList())
                .isEqualTo(expected);
    }

    // ------------------------------------------------------------------ random days

    private static List<Fill> fills(List<PaperEvent> events) {
        return events.stream()
                .filter(PaperEvent.Filled.class::isInstance)
                .map(event -> ((PaperEvent.Filled) event).fill())
                .sorted(Comparator.comparing(Fill::tradeId))
                .toList();
    }

    private static PaperExchange exchange(long seed) {
        return new PaperExchange(PaperRules.withSeed(seed));
    }

    private static PaperExchange rich(long seed) {
        var exchange = exchange(seed);
        for (var account : ACCOUNTS) {
            for (var venue : Venue.values()) {
                exchange.deposit(account, venue, Money.parse("1000000"), 0);
            }
        }
        return exchange;
    }

    private static List<PaperEvent> play(PaperExchange exchange, List<Input> inputs) {
        var events = new ArrayList<PaperEvent>();
        inputs.forEach(input -> events.addAll(tell(exchange, input)));
        return events;
    }

    private static List<PaperEvent> tell(PaperExchange exchange, Input input) {
        return switch (input) {
            case Input.Deposit deposit ->
                exchange.hasDeposit(deposit.account(), deposit.venue())
                        ? List.of()
                        : exchange.deposit(deposit.account(), deposit.venue(), DEPOSIT, deposit.at());
            case Input.Place place -> exchange.place(place.order(), place.at());
            case Input.Cancel cancel -> exchange.cancel(cancel.order(), "random", cancel.at());
            case Input.Book book -> exchange.onQuote(book.quote(), null);
            case Input.Settle settle -> exchange.settle(settle.settlement(), settle.at());
            case Input.Advance advance -> exchange.advanceTo(advance.at());
        };
    }

    /** A random day. An order is named o-market-number, so that a cancel knows its market. */
    private static List<Input> day(long seed) {
        var random = new Random(seed * 31 + 7);
        var day = new ArrayList<Input>();
        ACCOUNTS.forEach(account -> {
            day.add(new Input.Deposit(account, Venue.KALSHI, 0));
            day.add(new Input.Deposit(account, Venue.POLYMARKET, 0));
        });
        var placed = new ArrayList<OrderId>();
        long now = 0;
        int steps = 100 + random.nextInt(200);
        for (int i = 0; i < steps; i++) {
            now += random.nextInt(40);
            int market = random.nextInt(MARKETS.size());
            int dice = random.nextInt(100);
            if (dice < 45) {
                day.add(new Input.Book(randomBook(MARKETS.get(market), now, random), now));
            } else if (dice < 80) {
                var id = "o-" + market + "-" + i;
                placed.add(new OrderId(id));
                day.add(new Input.Place(randomOrder(id, MARKETS.get(market), now, random), now));
            } else if (dice < 85 && !placed.isEmpty()) {
                day.add(new Input.Cancel(placed.get(random.nextInt(placed.size())), now));
            } else if (dice < 86) {
                var status = random.nextBoolean() ? Settlement.Status.FINAL : Settlement.Status.DETERMINED;
                var value = new Price(random.nextInt(101) * 10_000L);
                day.add(new Input.Settle(Scenario.settlement(MARKETS.get(market), status, value, now), now));
            } else {
                day.add(new Input.Advance(now));
            }
        }
        day.add(new Input.Advance(now + 1_000));
        return day;
    }

    private static OrderCommand randomOrder(String id, MarketId market, long now, Random random) {
        var tif = TIMES_IN_FORCE.get(random.nextInt(TIMES_IN_FORCE.size()));
        return Scenario.order(
                id,
                ACCOUNTS.get(random.nextInt(ACCOUNTS.size())),
                Scenario.market(market, MarketStatus.ACTIVE, null, 0),
                random.nextBoolean() ? Side.YES : Side.NO,
                random.nextInt(3) > 0 ? Action.BUY : Action.SELL,
                new Price((35 + random.nextInt(31)) * 10_000L),
                new Quantity(random.nextBoolean() ? random.nextInt(40) * 1_000_000L : random.nextInt(4_000) * 10_000L),
                tif,
                tif.mayRest() && random.nextInt(4) == 0,
                tif == TimeInForce.GTD ? (Long) (now + random.nextInt(600)) : null,
                now + random.nextInt(50),
                now);
    }

    private static Quote randomBook(MarketId market, long now, Random random) {
        int middle = 42 + random.nextInt(17);
        boolean traded = random.nextInt(3) == 0;
        return new Quote(
                market,
                ladder(middle, -1, random),
                ladder(middle + 1 + random.nextInt(3), 1, random),
                random.nextInt(8) > 0,
                traded ? new Price((middle + random.nextInt(7) - 3) * 10_000L) : null,
                traded && random.nextBoolean() ? new Quantity(random.nextInt(20) * 500_000L) : null,
                traded && random.nextInt(5) > 0 ? (Long) (now - random.nextInt(30)) : null,
                null,
                now,
                "random");
    }

    private static List<Level> ladder(int from, int step, Random random) {
        var levels = new ArrayList<Level>();
        for (int i = 0, cents = from; i < random.nextInt(6) && cents > 0 && cents < 100; i++) {
            levels.add(new Level(new Price(cents * 10_000L), new Quantity(random.nextInt(30) * 500_000L)));
            cents += step * (1 + random.nextInt(2));
        }
        return levels;
    }
}
