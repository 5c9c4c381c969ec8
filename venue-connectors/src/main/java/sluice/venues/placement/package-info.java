/**
 * How an order leaves, once for all venues: what is about to be sent is on disk before it is sent, it is sent once, and
 * what cannot be known is looked up until it is.
 */
@NullMarked
package sluice.venues.placement;

import org.jspecify.annotations.NullMarked;
