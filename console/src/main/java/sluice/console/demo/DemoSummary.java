package sluice.console.demo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import sluice.domain.Money;
import sluice.domain.Quantity;

/**
 * What a run came to, computed from its topics alone.
 *
 * @param signals signals sent: decisions and dead letters of signals
 * @param redelivered signals that ingress took once more after a crash; they were answered as duplicates, and are in
 *     none of the other counts
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
public record DemoSummary(
        String mode,
        String recording,
        long signals,
        long duplicates,
        long conflicts,
        long deadLetters,
        long redelivered,
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
    /** Whether the run's two proofs hold. */
    public boolean isProven() {
        return decisionsSha256.equals(replaySha256) && venueBooksEqual;
    }

    /** Counts as a person says them, as in {@code COLLAR 9, EDGE 16}; {@code none} for none. */
    public static String words(Map<String, Long> counts) {
        return counts.isEmpty()
                ? "none"
                : counts.entrySet().stream()
                        .map(count -> count.getKey() + " " + count.getValue())
                        .collect(Collectors.joining(", "));
    }

    /** The summary by name, decimals as text; the schema that scripts rely on. */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("mode", mode);
        json.put("recording", recording);
        json.put("signals", signals);
        json.put("duplicates", duplicates);
        json.put("conflicts", conflicts);
        json.put("deadLetters", deadLetters);
        json.put("redelivered", redelivered);
        json.put("approved", approved);
        json.put("denied", denied);
        json.put("orders", orders);
        json.put("fills", fills);
        json.put("filledQuantity", filledQuantity.toString());
        json.put("fees", fees.toString());
        json.put("realisedPnl", realisedPnl.toString());
        json.put("openPositions", openPositions);
        json.put("settledMarkets", settledMarkets);
        json.put("reservedAtEnd", reservedAtEnd.toString());
        json.put("journalEntries", journalEntries);
        json.put("venueBooksEqual", venueBooksEqual);
        json.put("elapsedMillis", elapsedMillis);
        json.put("decisionsSha256", decisionsSha256);
        json.put("replaySha256", replaySha256);
        return json;
    }
}
