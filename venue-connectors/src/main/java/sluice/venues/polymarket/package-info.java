/**
 * Polymarket: its order book, its signatures and its words, and the only place that knows them.
 *
 * <p>V2 and V3 name the version of the exchange contract that an order is signed for. A market is a condition id, and
 * YES and NO are two tokens of it; NO is bought as its own token. The venue has no client order id: an order's id is
 * the hash that we sign, so it is known before the call.
 */
@NullMarked
package sluice.venues.polymarket;

import org.jspecify.annotations.NullMarked;
