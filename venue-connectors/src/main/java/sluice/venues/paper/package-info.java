/** The paper exchange behind the contract of a venue, with a ledger of its own that survives a crash. */
@NullMarked
package sluice.venues.paper;

import org.jspecify.annotations.NullMarked;
