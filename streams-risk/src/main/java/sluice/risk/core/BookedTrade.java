package sluice.risk.core;

import sluice.domain.order.Fill;

/** A trade as it was booked; a void reverses exactly this. */
public record BookedTrade(Fill fill, long realised) {}
