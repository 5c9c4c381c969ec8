/**
 * What a venue says of markets, put into topics: metadata, books and results of the markets that somebody asks for or
 * holds.
 */
@NullMarked
package sluice.venues.marketdata;

import org.jspecify.annotations.NullMarked;
