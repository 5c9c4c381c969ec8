package sluice.domain.risk;

import java.util.List;
import java.util.Map;
import sluice.domain.AccountId;

/**
 * All limits of one scope; the newest version of a scope replaces the older ones.
 *
 * @param account account they belong to, or {@link AccountId#ALL}
 * @param limits value in millionths of the limit's unit; a missing one is unset
 * @param allowedMarkets markets that may be traded, as patterns over {@code venue:id} with * and ?
 * @param restrictedCategories categories that may not be traded
 */
public record RiskLimits(
        AccountId account,
        Scope scope,
        long version,
        Map<Limit, Long> limits,
        List<String> allowedMarkets,
        List<String> restrictedCategories,
        String setBy,
        String reason,
        long setAtMillis) {
    public RiskLimits {
        limits = Map.copyOf(limits);
        allowedMarkets = List.copyOf(allowedMarkets);
        restrictedCategories = List.copyOf(restrictedCategories);
        limits.forEach((limit, value) -> {
            if (value < 0) {
                throw new IllegalArgumentException(
                        limit.key() + " is negative: " + sluice.domain.Micros.text(value) + "; it must be 0 or more");
            }
        });
    }
}
