/**
 * How bytes reach a venue and come back: one exchange at a time, never repeated, with an outcome that says what may
 * have left. Knows no venue.
 */
@NullMarked
package sluice.venues.http;

import org.jspecify.annotations.NullMarked;
