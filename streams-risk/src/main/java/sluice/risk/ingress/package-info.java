/**
 * The sequencer in front of the journal: everything that can change what an account may do goes into one log.
 *
 * <p>{@link sluice.risk.ingress.core} decides; what is here reads, asks and appends.
 */
@NullMarked
package sluice.risk.ingress;

import org.jspecify.annotations.NullMarked;
