/** Polymarket's protocol in front of the simulated exchange. */
@NullMarked
package sluice.venues.simulator.polymarket;

import org.jspecify.annotations.NullMarked;
