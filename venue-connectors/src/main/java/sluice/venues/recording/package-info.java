/**
 * Reads recorded market data, signals and fills of any supported format as one stream in time order; pure I/O without
 * Kafka.
 */
@NullMarked
package sluice.venues.recording;

import org.jspecify.annotations.NullMarked;
