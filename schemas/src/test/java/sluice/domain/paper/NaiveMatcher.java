package sluice.domain.paper;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.domain.Action;
import sluice.domain.MarketId;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.TimeInForce;
import sluice.domain.Venue;
import sluice.domain.market.Quote;
import sluice.domain.order.OrderCommand;

/**
 * The rules of matching a second time, as plainly as possible and without the exchange's code: everything is a purchase
 * or a sale of YES in whole micro-contracts, every question walks all orders. Cash and fees are left out; contracts are
 * counted, because a sale needs them.
 */
final class NaiveMatcher {
    private static final class Order {
        final OrderCommand command;
        final long arrives;
        /** Limit in micro-dollars of YES, and whether YES is bought. */
        final long yes;

        final boolean bid;
        long left;
        long rested = -1;
        int fills;

        Order(OrderCommand command, long arrives) {
            this.command = command;
            this.arrives = arrives;
            long limit = command.limitPrice().micros();
            this.yes = command.side() == Side.YES ? limit : 1_000_000 - limit;
            this.bid = (command.side() == Side.YES) == (command.action() == Action.BUY);
            this.left = command.quantity().micros();
        }

        MarketId market() {
            return command.market().id();
        }
    }

    private final PaperLatency latency;
    private final long assumed;
    private final Map<OrderId, Order> open = new LinkedHashMap<>();
    private final Map<OrderId, OrderCommand> seen = new HashMap<>();
    private final Map<MarketId, Quote> books = new HashMap<>();
    private final Map<MarketId, Boolean> over = new HashMap<>();
    private final Map<String, Long> held = new HashMap<>();
    private final Map<String, Long> taken = new HashMap<>();
    private final List<String> fills = new ArrayList<>();

    NaiveMatcher(PaperLatency latency, Quantity assumed) {
        this.latency = latency;
        this.assumed = assumed.micros();
    }

    List<String> fills() {
        return fills;
    }

    void place(OrderCommand command, long now) {
        var order = new Order(command, now + latency.millisFor(command.orderId()));
        boolean fresh = seen.putIfAbsent(command.orderId(), command) == null;
        var market = command.market();
        boolean mayRest = command.timeInForce() == TimeInForce.GTC || command.timeInForce() == TimeInForce.GTD;
        boolean crosses = wouldTake(order) > 0;
        long notional =
                Math.ceilDiv(command.limitPrice().micros() * command.quantity().micros(), 1_000_000L);
        boolean valid = fresh
                && !over.containsKey(market.id())
                && now <= command.deadlineMillis()
                && command.quantity().micros() > 0
                && (command.expiresAtMillis() == null || command.expiresAtMillis() > now)
                && (!mayRest
                        || command.quantity().micros() >= market.minQuantity().micros())
                && !(command.postOnly() && crosses)
                && !(command.action() == Action.BUY
                        && (crosses || !mayRest)
                        && notional < market.minNotional().micros());
        if (valid && command.action() == Action.SELL) {
            long promised = open.values().stream()
                    .filter(other -> other.command.action() == Action.SELL
                            && holding(other).equals(holding(order)))
                    .mapToLong(other -> other.left)
                    .sum();
            valid = promised + order.left <= held.getOrDefault(holding(order), 0L);
        }
        if (valid) {
            open.put(command.orderId(), order);
        }
    }

    void cancel(OrderId id) {
        open.remove(id);
    }

    void settle(MarketId market) {
        over.put(market, true);
        open.values().removeIf(order -> order.market().equals(market));
        // A final result takes the contracts away, another one stops their sale: nothing is sold in either case.
    }

    void book(Quote quote) {
        var before = books.put(quote.market(), quote);
        taken.keySet()
                .removeIf(key -> key.contains(" " + quote.market() + " ")
                        && quote.bids().stream().noneMatch(l -> key.endsWith(" bid " + l.price()))
                        && quote.asks().stream().noneMatch(l -> key.endsWith(" ask " + l.price())));
        long now = quote.atMillis();
        expire(quote.market(), now);
        matchResting(quote, before);
        arrive(quote.market(), now);
    }

    void advance(long now) {
        for (var market : List.copyOf(books.keySet())) {
            expire(market, now);
            arrive(market, now);
        }
        seen.values().stream().map(command -> command.market().id()).distinct().forEach(market -> {
            expire(market, now);
            arrive(market, now);
        });
    }

    private void expire(MarketId market, long now) {
        open.values()
                .removeIf(order -> order.market().equals(market)
                        && order.command.expiresAtMillis() != null
                        && order.command.expiresAtMillis() <= now);
    }

    private void arrive(MarketId market, long now) {
        open.values().stream()
                .filter(order -> order.market().equals(market) && order.rested < 0 && order.arrives <= now)
                .sorted(Comparator.<Order>comparingLong(order -> order.arrives)
                        .thenComparing(order -> order.command.orderId().value()))
                .toList()
                .forEach(order -> arrive(order, now));
    }

    private void arrive(Order order, long now) {
        long there = wouldTake(order);
        if (order.command.action() == Action.SELL) {
            there = Math.min(there, held.getOrDefault(holding(order), 0L));
        }
        var tif = order.command.timeInForce();
        boolean dies = (order.command.postOnly() && there > 0) || (tif == TimeInForce.FOK && there < order.left);
        if (!dies) {
            for (var price : opposite(order)) {
                if (order.bid ? price <= order.yes : price >= order.yes) {
                    fill(order, price, price, displayedLeft(order, price), true);
                }
            }
        }
        if (dies || tif == TimeInForce.IOC || tif == TimeInForce.FOK) {
            open.remove(order.command.orderId());
        } else {
            order.rested = now;
        }
    }

    private void matchResting(Quote quote, @Nullable Quote before) {
        boolean printed = before != null
                && quote.lastTradePrice() != null
                && quote.lastTradeAtMillis() != null
                && (before.lastTradeAtMillis() == null || before.lastTradeAtMillis() < quote.lastTradeAtMillis());
        var printLeft = new HashMap<String, Long>();
        var resting = open.values().stream()
                .filter(order -> order.market().equals(quote.market()) && order.rested >= 0)
                .sorted(Comparator.<Order>comparingLong(order -> order.bid ? -order.yes : order.yes)
                        .thenComparingLong(order -> order.arrives)
                        .thenComparing(order -> order.command.orderId().value()))
                .toList();
        for (var order : resting) {
            long leftBefore = order.left;
            for (var price : opposite(order)) {
                if (order.bid ? price < order.yes : price > order.yes) {
                    fill(order, order.yes, price, displayedLeft(order, price), false);
                }
            }
            if (!printed || order.left < leftBefore || !open.containsKey(order.command.orderId())) {
                continue;
            }
            long price =
                    quote.lastTradePrice() == null ? 0 : quote.lastTradePrice().micros();
            boolean through = order.bid ? price < order.yes : price > order.yes;
            if (through && quote.lastTradeAtMillis() != null && quote.lastTradeAtMillis() > order.rested) {
                var account = order.command.account().value();
                long size = quote.lastTradeQuantity() == null
                        ? assumed
                        : quote.lastTradeQuantity().micros();
                long left = printLeft.getOrDefault(account, size);
                fill(order, order.yes, -1, left, false);
                printLeft.put(account, left - (leftBefore - order.left));
            }
        }
    }

    /** Prices of YES on the other side of the book, best first. */
    private List<Long> opposite(Order order) {
        var book = books.get(order.market());
        if (book == null) {
            return List.of();
        }
        return (order.bid ? book.asks() : book.bids())
                .stream().map(level -> level.price().micros()).toList();
    }

    private long displayedLeft(Order order, long price) {
        var book = books.get(order.market());
        if (book == null) {
            return 0;
        }
        long displayed = (order.bid ? book.asks() : book.bids())
                .stream()
                        .filter(level -> level.price().micros() == price)
                        .mapToLong(level -> book.depthKnown() ? level.quantity().micros() : assumed)
                        .sum();
        return Math.max(0, displayed - taken.getOrDefault(level(order, price), 0L)) / 10_000 * 10_000;
    }

    private long wouldTake(Order order) {
        long sum = 0;
        for (var price : opposite(order)) {
            if (order.bid ? price <= order.yes : price >= order.yes) {
                sum += displayedLeft(order, price);
            }
        }
        return Math.min(sum, order.left);
    }

    private void fill(Order order, long yesPrice, long usedUp, long most, boolean taker) {
        var command = order.command;
        long quantity = Math.min(most / 10_000 * 10_000, order.left);
        if (quantity == 0 || !open.containsKey(command.orderId())) {
            return;
        }
        if (command.action() == Action.SELL) {
            quantity = Math.min(quantity, held.getOrDefault(holding(order), 0L));
            if (quantity == 0) {
                open.remove(command.orderId());
                return;
            }
        }
        order.left -= quantity;
        order.fills++;
        if (usedUp >= 0) {
            taken.merge(level(order, usedUp), quantity, Long::sum);
        }
        held.merge(holding(order), command.action() == Action.BUY ? quantity : -quantity, Long::sum);
        net(order);
        long price = command.side() == Side.YES ? yesPrice : 1_000_000 - yesPrice;
        fills.add(command.orderId() + "-" + order.fills + " " + new Quantity(quantity) + "@" + new Price(price)
                + (taker ? " taker" : " maker"));
        if (order.left == 0) {
            open.remove(command.orderId());
        }
    }

    private void net(Order order) {
        if (order.market().venue() != Venue.KALSHI) {
            return;
        }
        var base = order.command.account() + " " + order.market();
        long pairs = Math.min(held.getOrDefault(base + " YES", 0L), held.getOrDefault(base + " NO", 0L));
        held.merge(base + " YES", -pairs, Long::sum);
        held.merge(base + " NO", -pairs, Long::sum);
    }

    private static String holding(Order order) {
        return order.command.account() + " " + order.market() + " " + order.command.side();
    }

    private static String level(Order order, long price) {
        return order.command.account() + " " + order.market() + " " + (order.bid ? "ask " : "bid ") + new Price(price);
    }
}
