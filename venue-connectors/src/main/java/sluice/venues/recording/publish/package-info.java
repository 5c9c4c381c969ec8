/** Writes recorded events into the topics that models and connectors write, and goes on where it was interrupted. */
@NullMarked
package sluice.venues.recording.publish;

import org.jspecify.annotations.NullMarked;
