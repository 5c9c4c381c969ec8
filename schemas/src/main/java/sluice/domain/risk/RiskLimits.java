package sluice.domain.risk;

import java.util.List;
import java.util.Map;
import sluice.domain.AccountId;

/**
 * All limits of one scope; the newest version of a scope replaces the older ones.
 *
 * @param account account they belong to, or {@link AccountId#ALL}
 * @param limits value in millionths of the limit's unit; a missing one is unset
 * @param allowedMarkets markets that may be traded, as patterns over {@code venue:id} with * and ?; at most 1,000 of at
 *     most 300 characters, as are the categories
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
    private static final int MOST_NAMES = 1_000;
    private static final int LONGEST_NAME = 300;

    public RiskLimits {
        limits = Map.copyOf(limits);
        allowedMarkets = List.copyOf(allowedMarkets);
        restrictedCategories = List.copyOf(restrictedCategories);
        requireShort("allowed-markets", allowedMarkets);
        requireShort("restricted-categories", restrictedCategories);
        limits.forEach((limit, value) -> {
            if (value < 0) {
                throw new IllegalArgumentException(
                        limit.key() + " is negative: " + sluice.domain.Micros.text(value) + "; it must be 0 or more");
            }
        });
    }

    /** Limits are kept in one record with those of every other scope. */
    private static void requireShort(String what, List<String> names) {
        if (names.size() > MOST_NAMES) {
            throw new IllegalArgumentException(
                    what + " has " + names.size() + " entries; at most " + MOST_NAMES + " are allowed, use patterns");
        }
        for (String name : names) {
            if (name.length() > LONGEST_NAME) {
                throw new IllegalArgumentException("an entry of " + what + " has " + name.length()
                        + " characters; at most " + LONGEST_NAME + " are allowed");
            }
        }
    }
}
