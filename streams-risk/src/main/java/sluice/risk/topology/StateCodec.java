package sluice.risk.topology;

import java.util.HexFormat;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sluice.avro.Sha256;
import sluice.avro.state.CommandEffect;
import sluice.avro.state.IntentId;
import sluice.domain.EventId;
import sluice.domain.MarketId;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.StrategyId;
import sluice.domain.risk.Arming;
import sluice.domain.risk.Scope;
import sluice.domain.risk.Verdict;
import sluice.risk.core.AccountBook;
import sluice.risk.core.Answer;
import sluice.risk.core.BookedTrade;
import sluice.risk.core.Cell;
import sluice.risk.core.ControlBook;
import sluice.risk.core.DecisionStub;
import sluice.risk.core.EventBook;
import sluice.risk.core.MarketEntry;
import sluice.risk.core.OrderState;
import sluice.risk.core.OrderStatus;
import sluice.risk.core.Posting;
import sluice.risk.core.StrategyBook;
import sluice.wire.MarketCodec;
import sluice.wire.OrderCodec;
import sluice.wire.RiskCodec;
import sluice.wire.SignalCodec;
import sluice.wire.VocabularyCodec;

/**
 * The values of the core's state as records, and back. A value that an older or newer version wrote and this one cannot
 * stand for, such as an unknown status, throws: the account task stops rather than decide on a guess.
 */
final class StateCodec {
    private static final HexFormat HEX = HexFormat.of();

    private StateCodec() {}

    static sluice.avro.state.ControlBook toAvro(ControlBook book) {
        return new sluice.avro.state.ControlBook(
                book.tradingDay(),
                book.timeMillis(),
                book.limits().stream().map(RiskCodec::toAvro).toList(),
                book.halts().stream().map(RiskCodec::toAvro).toList(),
                book.armings().stream()
                        .map(arming ->
                                new sluice.avro.state.Arming(arming.scope().toString(), arming.untilMillis()))
                        .toList());
    }

    static ControlBook fromAvro(sluice.avro.state.ControlBook avro) {
        return new ControlBook(
                avro.getTradingDay(),
                avro.getTimeMillis(),
                avro.getLimits().stream().map(RiskCodec::fromAvro).toList(),
                avro.getHalts().stream().map(RiskCodec::fromAvro).toList(),
                avro.getArmings().stream()
                        .map(arming -> new Arming(Scope.parse(arming.getScope()), arming.getUntilMillis()))
                        .toList());
    }

    static sluice.avro.state.AccountBook toAvro(AccountBook book) {
        return new sluice.avro.state.AccountBook(
                book.decisions,
                book.oldestDecision,
                book.oldestTrade,
                book.tradingDay,
                book.exposure,
                book.gross,
                book.reserved,
                book.openOrders,
                book.openPositions,
                book.profitToday,
                book.profit24h,
                book.realised,
                book.fees,
                book.tradesToday,
                book.trades24h,
                book.nextPosting,
                book.oldestPosting,
                book.changed,
                book.venues.entrySet().stream()
                        .map(venue -> new sluice.avro.state.VenueBook(
                                VocabularyCodec.toAvro(venue.getKey()),
                                venue.getValue().exposure,
                                venue.getValue().reserved,
                                venue.getValue().ledgerCash,
                                venue.getValue().venueCash,
                                venue.getValue().venueCashAtMillis))
                        .toList(),
                new TreeMap<>(book.categories));
    }

    static AccountBook fromAvro(sluice.avro.state.AccountBook avro) {
        var book = new AccountBook();
        book.decisions = avro.getDecisions();
        book.oldestDecision = avro.getOldestDecision();
        book.oldestTrade = avro.getOldestTrade();
        book.tradingDay = avro.getTradingDay();
        book.exposure = avro.getExposure();
        book.gross = avro.getGross();
        book.reserved = avro.getReserved();
        book.openOrders = avro.getOpenOrders();
        book.openPositions = avro.getOpenPositions();
        book.profitToday = avro.getProfitToday();
        book.profit24h = avro.getProfit24h();
        book.realised = avro.getRealised();
        book.fees = avro.getFees();
        book.tradesToday = avro.getTradesToday();
        book.trades24h = avro.getTrades24h();
        book.nextPosting = avro.getNextPosting();
        book.oldestPosting = avro.getOldestPosting();
        book.changed = avro.getChanged();
        for (sluice.avro.state.VenueBook avroVenue : avro.getVenues()) {
            var venue = new AccountBook.VenueBook();
            venue.exposure = avroVenue.getExposure();
            venue.reserved = avroVenue.getReserved();
            venue.ledgerCash = avroVenue.getLedgerCash();
            venue.venueCash = avroVenue.getVenueCash();
            venue.venueCashAtMillis = avroVenue.getVenueCashAtMillis();
            book.venues.put(VocabularyCodec.fromAvro("VenueBook.venue", avroVenue.getVenue()), venue);
        }
        book.categories.putAll(avro.getCategories());
        return book;
    }

    static sluice.avro.state.StrategyBook toAvro(StrategyBook book) {
        return new sluice.avro.state.StrategyBook(
                book.exposure, book.tradingDay, book.profitToday, book.profit24h, book.tradesToday, book.trades24h);
    }

    static StrategyBook fromAvro(sluice.avro.state.StrategyBook avro) {
        var book = new StrategyBook();
        book.exposure = avro.getExposure();
        book.tradingDay = avro.getTradingDay();
        book.profitToday = avro.getProfitToday();
        book.profit24h = avro.getProfit24h();
        book.tradesToday = avro.getTradesToday();
        book.trades24h = avro.getTrades24h();
        return book;
    }

    static sluice.avro.state.EventBook toAvro(EventBook book) {
        return new sluice.avro.state.EventBook(
                book.category(),
                book.exclusive(),
                book.cells().stream().map(StateCodec::toAvro).toList());
    }

    static EventBook fromAvro(sluice.avro.state.EventBook avro) {
        return new EventBook(
                avro.getCategory(),
                avro.getExclusive(),
                avro.getCells().stream().map(StateCodec::fromAvro).toList());
    }

    private static sluice.avro.state.Cell toAvro(Cell cell) {
        return new sluice.avro.state.Cell(
                VocabularyCodec.toAvro(cell.market.venue()),
                cell.market.id(),
                cell.strategy.value(),
                cell.yesQuantity,
                cell.yesCost,
                cell.yesFees,
                cell.noQuantity,
                cell.noCost,
                cell.noFees,
                cell.yesProvisional,
                cell.noProvisional,
                cell.ordersIfYes,
                cell.ordersIfNo,
                cell.ordersIfVoid,
                cell.openCost,
                cell.openOrders,
                cell.openingOrders,
                cell.yesSelling,
                cell.noSelling,
                cell.yesBuying,
                cell.noBuying,
                cell.realised,
                cell.feesPaid);
    }

    private static Cell fromAvro(sluice.avro.state.Cell avro) {
        var cell = new Cell(
                new MarketId(VocabularyCodec.fromAvro("Cell.venue", avro.getVenue()), avro.getMarketId()),
                new StrategyId(avro.getStrategy()));
        cell.yesQuantity = avro.getYesQuantity();
        cell.yesCost = avro.getYesCost();
        cell.yesFees = avro.getYesFees();
        cell.noQuantity = avro.getNoQuantity();
        cell.noCost = avro.getNoCost();
        cell.noFees = avro.getNoFees();
        cell.yesProvisional = avro.getYesProvisional();
        cell.noProvisional = avro.getNoProvisional();
        cell.ordersIfYes = avro.getOrdersIfYes();
        cell.ordersIfNo = avro.getOrdersIfNo();
        cell.ordersIfVoid = avro.getOrdersIfVoid();
        cell.openCost = avro.getOpenCost();
        cell.openOrders = avro.getOpenOrders();
        cell.openingOrders = avro.getOpeningOrders();
        cell.yesSelling = avro.getYesSelling();
        cell.noSelling = avro.getNoSelling();
        cell.yesBuying = avro.getYesBuying();
        cell.noBuying = avro.getNoBuying();
        cell.realised = avro.getRealised();
        cell.feesPaid = avro.getFeesPaid();
        return cell;
    }

    static sluice.avro.state.MarketEntry toAvro(MarketEntry entry) {
        return new sluice.avro.state.MarketEntry(
                entry.event().value(),
                entry.category(),
                entry.mutuallyExclusive(),
                entry.settledVersion(),
                micros(entry.settledValue()),
                micros(entry.yesBid()),
                micros(entry.yesAsk()));
    }

    static MarketEntry fromAvro(sluice.avro.state.MarketEntry avro) {
        return new MarketEntry(
                new EventId(avro.getEventId()),
                avro.getCategory(),
                avro.getMutuallyExclusive(),
                avro.getSettledVersion(),
                price(avro.getSettledValue()),
                price(avro.getYesBid()),
                price(avro.getYesAsk()));
    }

    private static @Nullable Long micros(@Nullable Price price) {
        return price == null ? null : price.micros();
    }

    private static @Nullable Price price(@Nullable Long micros) {
        return micros == null ? null : new Price(micros);
    }

    static sluice.avro.state.Answer toAvro(Answer answer) {
        return new sluice.avro.state.Answer(
                new Sha256(HEX.parseHex(answer.payloadHash())),
                answer.sequence(),
                switch (answer.verdict()) {
                    case APPROVED -> sluice.avro.Verdict.APPROVED;
                    case DENIED -> sluice.avro.Verdict.DENIED;
                    case DUPLICATE -> sluice.avro.Verdict.DUPLICATE;
                    case CONFLICT -> sluice.avro.Verdict.CONFLICT;
                },
                answer.code());
    }

    static Answer fromAvro(sluice.avro.state.Answer avro) {
        return new Answer(
                HEX.formatHex(avro.getPayloadHash().bytes()),
                avro.getSequence(),
                switch (avro.getVerdict()) {
                    case APPROVED -> Verdict.APPROVED;
                    case DENIED -> Verdict.DENIED;
                    case DUPLICATE -> Verdict.DUPLICATE;
                    case CONFLICT -> Verdict.CONFLICT;
                    case UNKNOWN -> throw unknown("Answer.verdict");
                },
                avro.getCode());
    }

    static sluice.avro.state.DecisionStub toAvro(DecisionStub stub) {
        return new sluice.avro.state.DecisionStub(
                stub.atMillis(),
                stub.intent().map(StateCodec::intent).orElse(null),
                stub.strategy().value(),
                stub.opening());
    }

    static DecisionStub fromAvro(sluice.avro.state.DecisionStub avro) {
        Object intent = avro.getIntent();
        return new DecisionStub(
                avro.getAtMillis(),
                Optional.ofNullable(intent)
                        .map(it -> new OrderId(
                                it instanceof IntentId digits ? HEX.formatHex(digits.bytes()) : it.toString())),
                new StrategyId(avro.getStrategy()),
                avro.getOpening());
    }

    private static Object intent(OrderId id) {
        String text = id.value();
        boolean digits =
                text.length() == 32 && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
        return digits ? new IntentId(HEX.parseHex(text)) : text;
    }

    static sluice.avro.state.OrderState toAvro(OrderState order) {
        OrderStatus endedAs = order.endedAs();
        return new sluice.avro.state.OrderState(
                order.id().value(),
                SignalCodec.toAvro(order.signal()),
                VocabularyCodec.toAvro(order.mode()),
                order.event().value(),
                MarketCodec.toAvro(order.feeTerms()),
                order.decisionSequence(),
                order.approvedAtMillis(),
                toAvro(order.status()),
                order.quantity(),
                order.filled(),
                order.cost(),
                order.fees(),
                order.finalFilled(),
                endedAs == null ? null : toAvro(endedAs),
                order.endReason(),
                order.venueOrderId(),
                order.tradeIds(),
                order.changedAtMillis());
    }

    static OrderState fromAvro(sluice.avro.state.OrderState avro) {
        return new OrderState(
                new OrderId(avro.getOrderId()),
                SignalCodec.fromAvro(avro.getSignal()),
                VocabularyCodec.fromAvro("OrderState.mode", avro.getMode()),
                new EventId(avro.getEventId()),
                MarketCodec.fromAvro(avro.getFeeTerms()),
                avro.getDecisionSequence(),
                avro.getApprovedAtMillis(),
                fromAvro("OrderState.status", avro.getStatus()),
                avro.getQuantity(),
                avro.getFilled(),
                avro.getCost(),
                avro.getFees(),
                avro.getFinalFilled(),
                avro.getEndedAs() == null ? null : fromAvro("OrderState.ended_as", avro.getEndedAs()),
                avro.getEndReason(),
                avro.getVenueOrderId(),
                avro.getTradeIds(),
                avro.getChangedAtMillis());
    }

    private static sluice.avro.state.OrderStatus toAvro(OrderStatus status) {
        return switch (status) {
            case APPROVED -> sluice.avro.state.OrderStatus.APPROVED;
            case UNCERTAIN -> sluice.avro.state.OrderStatus.UNCERTAIN;
            case WORKING -> sluice.avro.state.OrderStatus.WORKING;
            case CLOSING -> sluice.avro.state.OrderStatus.CLOSING;
            case FILLED -> sluice.avro.state.OrderStatus.FILLED;
            case CANCELLED -> sluice.avro.state.OrderStatus.CANCELLED;
            case EXPIRED -> sluice.avro.state.OrderStatus.EXPIRED;
            case REJECTED -> sluice.avro.state.OrderStatus.REJECTED;
        };
    }

    private static OrderStatus fromAvro(String field, sluice.avro.state.OrderStatus status) {
        return switch (status) {
            case APPROVED -> OrderStatus.APPROVED;
            case UNCERTAIN -> OrderStatus.UNCERTAIN;
            case WORKING -> OrderStatus.WORKING;
            case CLOSING -> OrderStatus.CLOSING;
            case FILLED -> OrderStatus.FILLED;
            case CANCELLED -> OrderStatus.CANCELLED;
            case EXPIRED -> OrderStatus.EXPIRED;
            case REJECTED -> OrderStatus.REJECTED;
            case UNKNOWN -> throw unknown(field);
        };
    }

    static sluice.avro.state.BookedTrade toAvro(BookedTrade trade) {
        return new sluice.avro.state.BookedTrade(OrderCodec.toAvro(trade.fill()), trade.realised());
    }

    static BookedTrade fromAvro(sluice.avro.state.BookedTrade avro) {
        return new BookedTrade(OrderCodec.fromAvro(avro.getFill()), avro.getRealised());
    }

    static sluice.avro.state.Posting toAvro(Posting posting) {
        return new sluice.avro.state.Posting(
                posting.atMillis(), posting.strategy().value(), posting.amount());
    }

    static Posting fromAvro(sluice.avro.state.Posting avro) {
        return new Posting(avro.getAtMillis(), new StrategyId(avro.getStrategy()), avro.getAmount());
    }

    static CommandEffect toAvro(Long atMillis) {
        return new CommandEffect(atMillis);
    }

    static Long fromAvro(CommandEffect avro) {
        return avro.getAtMillis();
    }

    private static IllegalStateException unknown(String field) {
        return new IllegalStateException(
                field + " of a stored value is UNKNOWN: a newer version wrote it; run that version, or a newer one");
    }
}
