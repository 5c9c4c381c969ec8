/** Connectors to venues that are not in this process: commands in, calls, and everything the venue says out. */
@NullMarked
package sluice.venues.live;

import org.jspecify.annotations.NullMarked;
