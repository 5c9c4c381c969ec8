package sluice.domain.risk;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.OrderId;
import sluice.domain.journal.Origin;
import sluice.domain.order.Signal;

/**
 * What was decided about a signal, and everything it was decided from. Times are UTC milliseconds.
 *
 * @param sequence counts up by one per account, from 1, without a gap
 * @param code {@link Control#OK}, or the code of the binding reason; for a repeat, the code of the first answer
 * @param reason the binding reason in words, with its numbers and what to do; empty for an approval
 * @param firstSequence for a repeat, the sequence number of the first answer
 * @param firstVerdict for a repeat, the first answer
 * @param checks every control that was asked, in the order of the table
 * @param worstCaseCost what the order can cost at most, fees and padding included; reserved if approved
 * @param orderId the order, if approved now or at first
 * @param deadlineMillis not to be sent after this
 * @param limitsVersions versions of the limits that were asked, as scope=version
 */
public record Decision(
        long sequence,
        long atMillis,
        Mode mode,
        OrderId intentId,
        Signal signal,
        Verdict verdict,
        String code,
        String reason,
        @Nullable Long firstSequence,
        @Nullable Verdict firstVerdict,
        List<Check> checks,
        Money worstCaseCost,
        @Nullable OrderId orderId,
        @Nullable Long deadlineMillis,
        List<String> limitsVersions,
        String feeVersion,
        @Nullable Origin quoteOrigin,
        int journalPartition,
        long journalOffset) {}
