package sluice.risk.replay;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import sluice.avro.Decision;
import sluice.domain.journal.JournalEntry;
import sluice.risk.core.AccountCore;
import sluice.risk.core.AccountEvent;
import sluice.risk.core.BookId;
import sluice.risk.core.MapState;
import sluice.wire.DecisionCodec;

/**
 * Computes the decisions of a recorded journal again: the core that trades, on plain maps, one state for each
 * partition.
 *
 * <p>Entries of one partition must come in the order of their offsets; partitions may be interleaved in any way.
 */
public final class Replay {
    private final Map<Integer, AccountCore> coreByPartition = new HashMap<>();
    private final Map<BookId, byte[]> lastHash = new HashMap<>();
    private final Consumer<Decision> decisions;

    /** Tells {@code decisions} of every decision, as it would be recorded. */
    public Replay(Consumer<Decision> decisions) {
        this.decisions = decisions;
    }

    /** Applies one entry and returns everything that follows from it. */
    public List<AccountEvent> apply(JournalEntry entry) {
        AccountCore core =
                coreByPartition.computeIfAbsent(entry.partition(), partition -> new AccountCore(new MapState()));
        List<AccountEvent> events = core.apply(entry);
        for (AccountEvent event : events) {
            if (event instanceof AccountEvent.Decided decided) {
                Decision decision = DecisionCodec.toAvro(
                        decided.decision(), lastHash.getOrDefault(decided.book(), DecisionCodec.noPreviousHash()));
                lastHash.put(decided.book(), decision.getHash().bytes());
                decisions.accept(decision);
            }
        }
        return events;
    }
}
