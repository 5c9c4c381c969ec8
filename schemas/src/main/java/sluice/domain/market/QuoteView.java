package sluice.domain.market;

import org.jspecify.annotations.Nullable;
import sluice.domain.Price;
import sluice.domain.journal.Origin;

/**
 * The book at one moment, as a decision needs it; prices of YES.
 *
 * @param atMillis when the venue said so, UTC milliseconds
 * @param origin the quote record this was taken from
 */
public record QuoteView(
        @Nullable Price yesBid,
        @Nullable Price yesAsk,
        @Nullable Price lastTradePrice,
        @Nullable Long lastTradeAtMillis,
        long atMillis,
        Origin origin) {}
