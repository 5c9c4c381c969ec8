/** Kalshi's protocol in front of the simulated exchange. */
@NullMarked
package sluice.venues.simulator.kalshi;

import org.jspecify.annotations.NullMarked;
