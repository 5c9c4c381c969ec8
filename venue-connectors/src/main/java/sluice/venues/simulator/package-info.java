/**
 * Serves the venues' protocols over real HTTP and websockets, from an exchange of its own: durable, seeded, with faults
 * on request. Shares no code with the clients that talk to it, so that a misreading of a protocol shows as a
 * difference.
 */
@NullMarked
package sluice.venues.simulator;

import org.jspecify.annotations.NullMarked;
