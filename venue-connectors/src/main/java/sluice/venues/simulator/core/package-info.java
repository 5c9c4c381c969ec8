/** The simulated exchange: books, money, positions and settlement as a pure function of the commands given to it. */
@NullMarked
package sluice.venues.simulator.core;

import org.jspecify.annotations.NullMarked;
