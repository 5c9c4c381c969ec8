package sluice.risk.core;

import sluice.domain.AccountId;
import sluice.domain.Venue;

/** What makes a trade one, however often and in whatever order it is told. */
public record TradeKey(Venue venue, AccountId account, String tradeId, String orderId) {}
