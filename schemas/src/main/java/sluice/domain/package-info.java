/**
 * What the words mean: money, prices, quantities, names and the records that decisions are made of.
 *
 * <p>Arithmetic and nothing else: no Kafka, no clock, no I/O, no logger. Everything here is immutable and safe to share
 * between threads.
 */
@NullMarked
package sluice.domain;

import org.jspecify.annotations.NullMarked;
