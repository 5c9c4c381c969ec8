package sluice.domain.risk;

import sluice.domain.AccountId;
import sluice.domain.EventId;
import sluice.domain.MarketId;
import sluice.domain.StrategyId;

/** What an order is, for the scopes of limits and halts to match. */
public record Subject(AccountId account, StrategyId strategy, MarketId market, EventId event, String category) {
    /** Whether a limit or a halt of this scope concerns it. An order is never a scope of either. */
    public boolean isIn(Scope scope) {
        return switch (scope.kind()) {
            case ALL -> true;
            case ACCOUNT -> scope.id().equals(account.value());
            case VENUE -> scope.id().equalsIgnoreCase(market.venue().name());
            case STRATEGY -> scope.id().equals(strategy.value());
            case CATEGORY -> scope.id().equals(category);
            case EVENT -> scope.id().equals(event.value());
            case MARKET -> scope.id().equals(market.toString());
            case ORDER -> false;
        };
    }
}
