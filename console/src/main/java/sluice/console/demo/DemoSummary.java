package sluice.console.demo;

import java.util.Map;
import sluice.domain.Money;
import sluice.domain.Quantity;

/**
 * What a run came to, computed from its topics alone.
 *
 * @param signals signals sent: decisions and dead letters of signals
 * @param denied denials by code, ordered by code
 * @param orders orders that were sent to the venue
 * @param fills trades, each counted once
 * @param realisedPnl realised and settled profit of all accounts, before fees
 * @param openPositions markets held or being opened at the end, over all accounts
 * @param settledMarkets markets that paid out
 * @param reservedAtEnd worst-case cost still reserved
 * @param venueBooksEqual whether our cash and holdings equal those of the paper venue's own ledger to the micro-dollar
 * @param decisionsSha256 digest of the decisions as recorded
 * @param replaySha256 digest of the decisions computed again from the journal
 */
record DemoSummary(
        String mode,
        String recording,
        long signals,
        long duplicates,
        long conflicts,
        long deadLetters,
        long approved,
        Map<String, Long> denied,
        long orders,
        long fills,
        Quantity filledQuantity,
        Money fees,
        Money realisedPnl,
        long openPositions,
        long settledMarkets,
        Money reservedAtEnd,
        long journalEntries,
        boolean venueBooksEqual,
        long elapsedMillis,
        String decisionsSha256,
        String replaySha256) {
    boolean isProven() {
        return decisionsSha256.equals(replaySha256) && venueBooksEqual;
    }
}
