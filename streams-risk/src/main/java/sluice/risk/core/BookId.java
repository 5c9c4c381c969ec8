package sluice.risk.core;

import sluice.domain.AccountId;
import sluice.domain.EventId;
import sluice.domain.MarketId;
import sluice.domain.Mode;
import sluice.domain.StrategyId;

/** The books of an account in a mode. Paper never counts toward live, nor live toward paper. */
public record BookId(AccountId account, Mode mode) implements Comparable<BookId> {
    /** A strategy within the books. */
    public record OfStrategy(BookId book, StrategyId strategy) {}

    /** An event within the books. */
    public record OfEvent(BookId book, EventId event) {}

    /** A market within the books. */
    public record OfMarket(BookId book, MarketId market) {}

    /** The n-th of something within the books. */
    public record Numbered(BookId book, long number) {}

    @Override
    public int compareTo(BookId other) {
        int byAccount = account.compareTo(other.account);
        return byAccount != 0 ? byAccount : mode.compareTo(other.mode);
    }

    @Override
    public String toString() {
        return account + "/" + mode;
    }
}
