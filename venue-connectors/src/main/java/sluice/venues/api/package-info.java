/**
 * What every venue must answer, live or simulated, and how sure each answer is.
 *
 * <p>A refusal and a doubt are values here, because they differ in what may be done next; an exception is a bug or the
 * end of this process.
 */
@NullMarked
package sluice.venues.api;

import org.jspecify.annotations.NullMarked;
