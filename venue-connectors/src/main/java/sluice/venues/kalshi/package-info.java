/**
 * Kalshi, trade-api/v2 as of autumn 2026: keys and signatures, orders on the YES leg, reads with complete paging, order
 * books by websocket. The only place that knows its JSON.
 */
@NullMarked
package sluice.venues.kalshi;

import org.jspecify.annotations.NullMarked;
