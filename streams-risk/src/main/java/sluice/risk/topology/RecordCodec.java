package sluice.risk.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sluice.avro.AccountState;
import sluice.avro.Execution;
import sluice.avro.ExecutionStatus;
import sluice.avro.Notification;
import sluice.avro.Position;
import sluice.avro.Severity;
import sluice.avro.StrategyTotals;
import sluice.avro.VenueCash;
import sluice.domain.Micros;
import sluice.domain.Price;
import sluice.domain.order.Signal;
import sluice.domain.risk.Decision;
import sluice.risk.core.AccountEvent;
import sluice.risk.core.BookId;
import sluice.risk.core.OrderState;
import sluice.wire.RiskCodec;
import sluice.wire.VocabularyCodec;

/** Writes what the core says as the records that are told to the outside. */
final class RecordCodec {
    private RecordCodec() {}

    static Execution execution(OrderState order, long atMillis) {
        ExecutionStatus status =
                switch (order.status()) {
                    case FILLED -> ExecutionStatus.FILLED;
                    case CANCELLED, EXPIRED -> order.filled() > 0 ? ExecutionStatus.PARTIAL : ExecutionStatus.CANCELLED;
                    case REJECTED -> ExecutionStatus.REJECTED;
                    case APPROVED, UNCERTAIN, WORKING, CLOSING ->
                        throw new IllegalStateException(
                                "order " + order.id() + " is " + order.status() + ", not at an end");
                };
        return execution(
                order.signal(),
                order.mode(),
                status,
                order.filled() > 0 ? null : order.endReason(),
                order.id().value(),
                order.venueOrderId(),
                order.filled(),
                order.cost(),
                order.fees(),
                atMillis,
                order.decisionSequence());
    }

    static Execution refused(Decision decision) {
        return execution(
                decision.signal(),
                decision.mode(),
                ExecutionStatus.REJECTED,
                decision.code() + ": " + decision.reason(),
                null,
                null,
                0,
                0,
                0,
                decision.atMillis(),
                decision.sequence());
    }

    private static Execution execution(
            Signal signal,
            sluice.domain.Mode mode,
            ExecutionStatus status,
            @Nullable String reason,
            @Nullable String orderId,
            @Nullable String venueOrderId,
            long filled,
            long cost,
            long fees,
            long atMillis,
            long sequence) {
        Long average = filled > 0 ? (Long) Micros.mulDivFloor(Math.abs(cost), Micros.ONE, filled) : null;
        Long edge = signal.edgePctMicros();
        return new Execution(
                signal.requestId(),
                signal.idempotencyKey(),
                status,
                reason,
                orderId,
                venueOrderId,
                Micros.decimal(filled),
                average == null ? null : Micros.decimal(average),
                Micros.decimal(fees),
                Micros.decimal(cost),
                VocabularyCodec.toAvro(signal.market().venue()),
                signal.market().id(),
                signal.contractTeam(),
                signal.gameId(),
                signal.sport(),
                signal.signalId(),
                signal.signalType(),
                edge == null ? null : Micros.decimal(edge),
                VocabularyCodec.toAvro(signal.side()),
                VocabularyCodec.toAvro(signal.action()),
                Micros.decimal(signal.limitPrice().micros()),
                Micros.decimal(signal.size().micros()),
                VocabularyCodec.instant("requested_at", signal.createdAtMillis()),
                VocabularyCodec.instant("executed_at", atMillis),
                atMillis - signal.createdAtMillis(),
                signal.account().value(),
                signal.strategy().value(),
                VocabularyCodec.toAvro(mode),
                signal.groupId(),
                signal.legIndex(),
                signal.legCount(),
                sequence);
    }

    static Position position(AccountEvent.PositionChanged changed) {
        Price bid = changed.entry().yesBid();
        Price ask = changed.entry().yesAsk();
        return new Position(
                changed.book().account().value(),
                VocabularyCodec.toAvro(changed.book().mode()),
                VocabularyCodec.toAvro(changed.market().venue()),
                changed.market().id(),
                changed.entry().event().value(),
                changed.entry().category(),
                Micros.decimal(changed.yesQuantity()),
                Micros.decimal(changed.yesCost()),
                Micros.decimal(changed.noQuantity()),
                Micros.decimal(changed.noCost()),
                Micros.decimal(changed.fees()),
                Micros.decimal(changed.realised()),
                Micros.decimal(changed.exposure()),
                changed.entry().settledVersion() > 0,
                bid == null ? null : Micros.decimal(bid.micros()),
                ask == null ? null : Micros.decimal(ask.micros()),
                VocabularyCodec.instant("at", changed.atMillis()));
    }

    static AccountState account(AccountEvent.TotalsChanged changed) {
        AccountEvent.Totals totals = changed.totals();
        List<VenueCash> venues = new ArrayList<>();
        for (AccountEvent.VenueTotals venue : changed.venues()) {
            Long ledger = venue.ledgerCash();
            Long reported = venue.venueCash();
            venues.add(new VenueCash(
                    VocabularyCodec.toAvro(venue.venue()),
                    ledger == null ? null : Micros.decimal(ledger),
                    reported == null ? null : Micros.decimal(reported),
                    reported == null ? null : VocabularyCodec.instant("as_of", venue.venueCashAtMillis()),
                    Micros.decimal(venue.reserved()),
                    Micros.decimal(venue.exposure())));
        }
        List<StrategyTotals> strategies = new ArrayList<>();
        for (AccountEvent.StrategyTotals strategy : changed.strategies()) {
            strategies.add(new StrategyTotals(
                    strategy.strategy().value(),
                    Micros.decimal(strategy.exposure()),
                    Micros.decimal(strategy.dailyLoss()),
                    Micros.decimal(strategy.rollingLoss()),
                    strategy.tradesToday(),
                    strategy.trades24h()));
        }
        Map<String, java.math.BigDecimal> categories = new TreeMap<>();
        changed.categories().forEach((category, exposure) -> categories.put(category, Micros.decimal(exposure)));
        return new AccountState(
                changed.book().account().value(),
                VocabularyCodec.toAvro(changed.book().mode()),
                VocabularyCodec.instant("at", changed.atMillis()),
                totals.tradingDay(),
                totals.decisions(),
                Micros.decimal(totals.exposure()),
                Micros.decimal(totals.gross()),
                Micros.decimal(totals.reserved()),
                totals.openPositions(),
                totals.openOrders(),
                Micros.decimal(totals.dailyLoss()),
                Micros.decimal(totals.rollingLoss()),
                Micros.decimal(totals.realised()),
                Micros.decimal(totals.fees()),
                totals.tradesToday(),
                totals.trades24h(),
                venues,
                strategies,
                categories,
                changed.halts().stream().map(RiskCodec::toAvro).toList());
    }

    static Notification notification(AccountEvent.Notice notice) {
        sluice.domain.Mode mode = notice.mode();
        return new Notification(
                notice.id(),
                VocabularyCodec.instant("at", notice.atMillis()),
                notice.account(),
                mode == null ? sluice.avro.Mode.UNKNOWN : VocabularyCodec.toAvro(mode),
                Severity.valueOf(notice.severity().name()),
                notice.kind(),
                notice.text(),
                notice.nextCommand().isEmpty() ? "" : "./sluice " + notice.nextCommand(),
                notice.subject());
    }

    /** Key of a position: the account, the mode, and the market as {@code venue:id}. */
    static String positionKey(BookId book, sluice.domain.MarketId market) {
        return accountKey(book) + "|" + market;
    }

    /** Key of an account's totals. */
    static String accountKey(BookId book) {
        return book.account() + "|" + book.mode().name().toLowerCase(Locale.ROOT);
    }
}
