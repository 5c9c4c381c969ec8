package sluice.risk.core;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.domain.Mode;
import sluice.domain.OrderId;
import sluice.domain.Venue;
import sluice.domain.market.Market;
import sluice.domain.risk.Decision;
import sluice.domain.risk.Halt;
import sluice.domain.risk.Scope;

/** What follows from a journal entry: what is written to topics, and what the router acts on. */
public sealed interface AccountEvent {
    /** A signal was answered. */
    record Decided(BookId book, Decision decision) implements AccountEvent {}

    /** An order may leave; its worst case is reserved. */
    record OrderApproved(OrderState order, Market market, long deadlineMillis, long workingTimeoutMillis)
            implements AccountEvent {}

    /** An order is at an end, or a trade was told of one that was. */
    record OrderEnded(OrderState order, long atMillis) implements AccountEvent {}

    /** A signal was refused; its result is known at once. */
    record SignalRefused(Decision decision) implements AccountEvent {}

    /** A holding, or what is ordered in its market, changed. Amounts in millionths. */
    record PositionChanged(
            BookId book,
            sluice.domain.MarketId market,
            MarketEntry entry,
            long yesQuantity,
            long yesCost,
            long noQuantity,
            long noCost,
            long fees,
            long realised,
            long exposure,
            long atMillis)
            implements AccountEvent {}

    /** Running totals, at most once a second. The books are copied. Amounts in millionths. */
    record TotalsChanged(
            BookId book,
            Totals totals,
            List<VenueTotals> venues,
            List<StrategyTotals> strategies,
            Map<String, Long> categories,
            List<Halt> halts,
            long atMillis)
            implements AccountEvent {}

    /** Totals of an account. */
    record Totals(
            int tradingDay,
            long decisions,
            long exposure,
            long gross,
            long reserved,
            long openPositions,
            long openOrders,
            long dailyLoss,
            long rollingLoss,
            long realised,
            long fees,
            long tradesToday,
            long trades24h) {}

    /** Totals at a venue. */
    record VenueTotals(
            Venue venue,
            long exposure,
            long reserved,
            @Nullable Long ledgerCash,
            @Nullable Long venueCash,
            long venueCashAtMillis) {}

    /** Totals of a strategy. */
    record StrategyTotals(
            sluice.domain.StrategyId strategy,
            long exposure,
            long dailyLoss,
            long rollingLoss,
            long tradesToday,
            long trades24h) {}

    /** Open orders in the scope are to be cancelled. */
    record CancelWanted(BookId book, Scope scope, String reason) implements AccountEvent {}

    /** One order is to be cancelled. */
    record OrderCancelWanted(BookId book, OrderId order, String reason) implements AccountEvent {}

    /** Time went on; deadlines may have passed. */
    record TimePassed(long nowMillis) implements AccountEvent {}

    /** A person should be told. {@code id} is the same whenever the same entry is handled again. */
    record Notice(
            String id,
            String account,
            @Nullable Mode mode,
            Severity severity,
            String kind,
            String text,
            String nextCommand,
            String subject,
            long atMillis)
            implements AccountEvent {}

    /** How urgent a notice is. */
    enum Severity {
        INFO,
        WARNING,
        CRITICAL
    }
}
