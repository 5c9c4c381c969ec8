package sluice.domain.paper;

import java.util.List;
import sluice.domain.AccountId;
import sluice.domain.Money;
import sluice.domain.Venue;
import sluice.domain.journal.JournalEntry.Holding;

/**
 * What an account has at a simulated venue. An immutable copy.
 *
 * @param cash all cash
 * @param reserved part of the cash that open orders may still cost
 * @param holdings by market; none of them empty
 * @param openOrders by order id
 */
public record PaperAccount(
        AccountId account,
        Venue venue,
        Money cash,
        Money reserved,
        List<Holding> holdings,
        List<PaperOrder> openOrders) {
    public PaperAccount {
        holdings = List.copyOf(holdings);
        openOrders = List.copyOf(openOrders);
    }

    /** Cash that a new order may use. */
    public Money available() {
        return cash.minus(reserved);
    }
}
