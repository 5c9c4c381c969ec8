package sluice.domain.market;

import org.jspecify.annotations.Nullable;
import sluice.domain.EventId;
import sluice.domain.MarketId;
import sluice.domain.Money;
import sluice.domain.Quantity;

/**
 * What is known of a market, apart from its book. Times are UTC milliseconds.
 *
 * @param event event or game that the market belongs to; null where the venue names none
 * @param mutuallyExclusive whether at most one market of the event can pay YES
 * @param category sport or category; empty where the venue names none
 * @param quantityStep quantities are multiples of this
 * @param minQuantity smallest order that may rest
 * @param minNotional smallest marketable order, price times quantity
 * @param restricted whether the venue may not let us trade it
 */
public record Market(
        MarketId id,
        @Nullable EventId event,
        boolean mutuallyExclusive,
        String category,
        String title,
        MarketStatus status,
        @Nullable Long openAtMillis,
        @Nullable Long closeAtMillis,
        @Nullable Long resolveAtMillis,
        PriceGrid prices,
        Quantity quantityStep,
        Quantity minQuantity,
        Money minNotional,
        FeeTerms fees,
        @Nullable String yesTokenId,
        @Nullable String noTokenId,
        boolean restricted,
        @Nullable Integer exchangeIndex,
        long updatedAtMillis,
        String source) {
    /** Characters that a category may have, because it becomes part of books and scopes. */
    public static final int LONGEST_CATEGORY = 200;

    public Market {
        if (category.length() > LONGEST_CATEGORY) {
            throw new IllegalArgumentException("category of " + id + " has " + category.length()
                    + " characters; at most " + LONGEST_CATEGORY + " are allowed");
        }
        if (quantityStep.isZero()) {
            throw new IllegalArgumentException("quantity step of " + id + " is zero; it must be positive");
        }
    }
}
