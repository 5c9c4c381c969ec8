/**
 * Makes the recording that Sluice ships, because recorded third-party data may not be shipped. Pure: the same seed
 * gives the same bytes. What it makes says that it is generated.
 */
@NullMarked
package sluice.venues.recording.generator;

import org.jspecify.annotations.NullMarked;
