package sluice.domain.paper;

import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.MarketId;
import sluice.domain.Money;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Venue;
import sluice.domain.journal.Origin;
import sluice.domain.market.Settlement;
import sluice.domain.order.Fill;
import sluice.domain.order.OrderCommand;

/**
 * What the paper exchange did. Its events in their order are its ledger: applied to a new exchange, they give the same
 * accounts, orders and holdings.
 *
 * <p>Times are UTC milliseconds of the exchange's clock.
 */
public sealed interface PaperEvent {
    AccountId account();

    /** Venue that is simulated. */
    Venue venue();

    /** Cash that moved; negative where the account paid. */
    Money cashChange();

    /** Cash of the account at this venue afterwards. */
    Money cashAfter();

    long atMillis();

    /** Cash was put in. */
    record Deposited(AccountId account, Venue venue, Money cashChange, Money cashAfter, long atMillis)
            implements PaperEvent {}

    /**
     * The order passed the venue's checks and is on its way.
     *
     * @param arrivesAtMillis when it reaches the book
     */
    record Accepted(OrderCommand order, long arrivesAtMillis, Money cashAfter, long atMillis) implements OfOrder {
        @Override
        public AccountId account() {
            return order.account();
        }

        @Override
        public MarketId market() {
            return order.market().id();
        }

        @Override
        public OrderId orderId() {
            return order.orderId();
        }
    }

    /**
     * The order failed a check and never lived.
     *
     * @param code the venue's code, as {@code insufficient_balance}
     * @param detail in words, with the numbers
     */
    record Refused(OrderCommand order, String code, String detail, Money cashAfter, long atMillis) implements OfOrder {
        @Override
        public AccountId account() {
            return order.account();
        }

        @Override
        public MarketId market() {
            return order.market().id();
        }

        @Override
        public OrderId orderId() {
            return order.orderId();
        }
    }

    /** The order, or what arrival left of it, stays in the book. */
    record Rested(AccountId account, MarketId market, OrderId orderId, Money cashAfter, long atMillis)
            implements OfOrder {}

    /**
     * The order traded.
     *
     * @param cashChange the trade with its fee, and one dollar for each pair of YES and NO that it closed
     * @param level price of YES of the displayed level that was used up; null where a printed trade went through a
     *     resting order
     * @param quoteOrigin the quote record that it was filled against; null if the exchange was not told
     */
    record Filled(
            Fill fill,
            Money cashChange,
            Money cashAfter,
            @Nullable Price level,
            @Nullable Origin quoteOrigin,
            long atMillis)
            implements OfOrder {
        @Override
        public AccountId account() {
            return fill.account();
        }

        @Override
        public MarketId market() {
            return fill.market();
        }

        @Override
        public OrderId orderId() {
            return new OrderId(fill.orderId());
        }
    }

    /**
     * What was left of the order is gone.
     *
     * @param detail why: a code, a colon and words
     */
    record Cancelled(AccountId account, MarketId market, OrderId orderId, String detail, Money cashAfter, long atMillis)
            implements OfOrder {}

    /** The order's time ended. */
    record Expired(AccountId account, MarketId market, OrderId orderId, Money cashAfter, long atMillis)
            implements OfOrder {}

    /**
     * A price that the account had taken from is no longer displayed; when it comes back, all of it is there again.
     *
     * @param ask whether it was an ask for YES
     */
    record LevelGone(AccountId account, MarketId market, boolean ask, Price yesPrice, Money cashAfter, long atMillis)
            implements PaperEvent {
        @Override
        public Venue venue() {
            return market.venue();
        }

        @Override
        public Money cashChange() {
            return Money.ZERO;
        }
    }

    /** The market paid out what the account held; it holds nothing of it any more. */
    record Settled(AccountId account, Settlement settlement, Money cashChange, Money cashAfter, long atMillis)
            implements PaperEvent {
        @Override
        public Venue venue() {
            return settlement.market().venue();
        }
    }

    /** Something that happened to an order. */
    sealed interface OfOrder extends PaperEvent {
        OrderId orderId();

        MarketId market();

        @Override
        default Venue venue() {
            return market().venue();
        }

        @Override
        default Money cashChange() {
            return Money.ZERO;
        }
    }
}
