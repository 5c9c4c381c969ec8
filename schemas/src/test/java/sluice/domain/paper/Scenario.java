package sluice.domain.paper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.MarketId;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.StrategyId;
import sluice.domain.TimeInForce;
import sluice.domain.Venue;
import sluice.domain.market.FeeModel;
import sluice.domain.market.FeeTerms;
import sluice.domain.market.Level;
import sluice.domain.market.Market;
import sluice.domain.market.MarketStatus;
import sluice.domain.market.PriceGrid;
import sluice.domain.market.Quote;
import sluice.domain.market.Settlement;
import sluice.domain.order.OrderCommand;

/**
 * A scenario as text: lines that begin with a time go into the exchange, lines that begin with an arrow are what came
 * out. The runner writes the same text from what really happened, and the two must be equal.
 *
 * <pre>
 *   0 deposit 100
 *   0 book 0.40x10 | 0.45x10 0.46x20
 *   0 buy yes 15 at 0.46 IOC as o1
 *     -> o1 accepted, arrives 50
 *  50 wait
 *     -> o1 filled 10 yes at 0.45 ...
 * </pre>
 *
 * <p>Orders travel 50 ms. Kalshi's taker rate is 0.07, its maker rate 0.0175; Polymarket's taker rate is 0.05.
 */
final class Scenario {
    static final AccountId ACCOUNT = new AccountId("a1");
    private static final int FIRST = 0;

    private final PaperExchange exchange =
            new PaperExchange(new PaperRules(PaperLatency.fixed(50), PaperRules.DEFAULT_ASSUMED_DEPTH));
    private final MarketId market;
    private final StringBuilder transcript = new StringBuilder();

    private Scenario(MarketId market) {
        this.market = market;
    }

    static void play(Venue venue, String text) {
        var scenario = new Scenario(new MarketId(venue, "M"));
        text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(scenario::step);
        assertThat(scenario.transcript.toString()).isEqualTo(normalised(text));
    }

    private static String normalised(String text) {
        var lines = new StringBuilder();
        text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(line -> lines.append(
                        line.startsWith("->") ? "    " : "")
                .append(line)
                .append('\n'));
        return lines.toString();
    }

    private void step(String line) {
        if (line.startsWith("->")) {
            return;
        }
        transcript.append(line).append('\n');
        var words = List.of(line.split(" +"));
        long now = Long.parseLong(words.get(FIRST));
        var rest = words.subList(2, words.size());
        var events =
                switch (words.get(1)) {
                    case "deposit" -> exchange.deposit(ACCOUNT, market.venue(), Money.parse(rest.get(FIRST)), now);
                    case "book" -> exchange.onQuote(quote(market, now, rest), null);
                    case "buy" -> exchange.place(order(Action.BUY, rest, now), now);
                    case "sell" -> exchange.place(order(Action.SELL, rest, now), now);
                    case "cancel" -> exchange.cancel(new OrderId(rest.get(FIRST)), "test", now);
                    case "wait" -> exchange.advanceTo(now);
                    case "market" ->
                        exchange.onMarket(
                                market(market, MarketStatus.valueOf(rest.get(FIRST)), after(rest, "closes"), now), now);
                    case "settle" ->
                        exchange.settle(
                                settlement(
                                        market,
                                        Settlement.Status.valueOf(rest.get(FIRST)),
                                        Price.parse(rest.get(1)),
                                        now),
                                now);
                    default -> throw new IllegalArgumentException("scenario line not understood: " + line);
                };
        events.forEach(event -> transcript.append("    -> ").append(told(event)).append('\n'));
    }

    private static String told(PaperEvent event) {
        return switch (event) {
            case PaperEvent.Deposited e -> "deposited " + e.cashChange() + ", cash " + e.cashAfter();
            case PaperEvent.Accepted e -> e.orderId() + " accepted, arrives " + e.arrivesAtMillis();
            case PaperEvent.Refused e -> e.orderId() + " refused " + e.code();
            case PaperEvent.Rested e -> e.orderId() + " rested";
            case PaperEvent.Filled e ->
                e.orderId() + " filled " + e.fill().quantity() + " "
                        + e.fill().side().name().toLowerCase(Locale.ROOT) + " at "
                        + e.fill().price() + (e.fill().taker() ? " taker" : " maker") + ", fee "
                        + e.fill().fee() + ", cash " + e.cashAfter();
            case PaperEvent.Cancelled e ->
                e.orderId() + " cancelled " + e.detail().substring(0, e.detail().indexOf(':'));
            case PaperEvent.Expired e -> e.orderId() + " expired";
            case PaperEvent.LevelGone e -> e.yesPrice() + " is gone";
            case PaperEvent.Settled e -> "settled, paid " + e.cashChange() + ", cash " + e.cashAfter();
        };
    }

    private OrderCommand order(Action action, List<String> words, long now) {
        // yes 15 at 0.46 IOC [post-only] [until T] [deadline T] as o1
        var at = words.indexOf("at");
        var deadline = after(words, "deadline");
        return order(
                words.get(words.indexOf("as") + 1),
                ACCOUNT,
                market(market, MarketStatus.ACTIVE, null, 0),
                Side.valueOf(words.get(FIRST).toUpperCase(Locale.ROOT)),
                action,
                Price.parse(words.get(at + 1)),
                Quantity.parse(words.get(1)),
                TimeInForce.valueOf(words.get(at + 2)),
                words.contains("post-only"),
                after(words, "until"),
                deadline == null ? now + 1_000 : deadline,
                now);
    }

    static OrderCommand order(
            String id,
            AccountId account,
            Market market,
            Side side,
            Action action,
            Price limit,
            Quantity quantity,
            TimeInForce timeInForce,
            boolean postOnly,
            @Nullable Long expiresAt,
            long deadline,
            long now) {
        return new OrderCommand(
                OrderCommand.Type.PLACE,
                new OrderId(id),
                account,
                new StrategyId("s1"),
                Mode.PAPER,
                market,
                null,
                side,
                action,
                limit,
                quantity,
                timeInForce,
                postOnly,
                expiresAt,
                deadline,
                now,
                1,
                "",
                null,
                null,
                null);
    }

    static Market market(MarketId id, MarketStatus status, @Nullable Long closesAt, long now) {
        var fees = id.venue() == Venue.POLYMARKET
                ? new FeeTerms(FeeModel.POLYMARKET, 50_000, 0, "test")
                : new FeeTerms(FeeModel.KALSHI, 70_000, 17_500, "test");
        return new Market(
                id,
                null,
                false,
                "sports",
                "",
                status,
                null,
                closesAt,
                null,
                PriceGrid.of(Price.parse("0.01")),
                Quantity.parse("0.01"),
                id.venue() == Venue.POLYMARKET ? Quantity.parse("5") : Quantity.parse("0.01"),
                id.venue() == Venue.POLYMARKET ? Money.parse("1") : Money.ZERO,
                fees,
                null,
                null,
                false,
                null,
                now,
                "test");
    }

    static Settlement settlement(MarketId id, Settlement.Status status, Price yesValue, long now) {
        var result = yesValue.equals(Price.ONE)
                ? Settlement.Result.YES
                : yesValue.equals(Price.ZERO) ? Settlement.Result.NO : Settlement.Result.SCALAR;
        return new Settlement(id, result, yesValue, status, 1, now, "test");
    }

    /** {@code 0.40x10 | 0.45x10 0.46x20}, then optionally {@code unsized} and {@code last 0.44x5 printed 90}. */
    static Quote quote(MarketId market, long now, List<String> words) {
        int bar = words.indexOf("|");
        var last = words.contains("last") ? words.get(words.indexOf("last") + 1) : null;
        return new Quote(
                market,
                levels(words.subList(0, bar)),
                levels(words.subList(bar + 1, words.size())),
                !words.contains("unsized"),
                last == null ? null : level(last).price(),
                last == null ? null : level(last).quantity(),
                after(words, "printed"),
                null,
                now,
                "test");
    }

    private static List<Level> levels(List<String> words) {
        var levels = new ArrayList<Level>();
        for (var word : words) {
            if (!Character.isDigit(word.charAt(0))) {
                break;
            }
            levels.add(level(word));
        }
        return levels;
    }

    private static Level level(String word) {
        var parts = List.of(word.split("x"));
        return new Level(Price.parse(parts.get(FIRST)), Quantity.parse(parts.get(1)));
    }

    private static @Nullable Long after(List<String> words, String key) {
        int at = words.indexOf(key);
        return at < 0 ? null : Long.valueOf(words.get(at + 1));
    }
}
