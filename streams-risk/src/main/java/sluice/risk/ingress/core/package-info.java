/**
 * What ingress decides: which signals are orders, what belongs beside them, and what everybody must be told of time.
 *
 * <p>Pure: no Kafka, no clock, no I/O. Time comes in as an argument and never goes back.
 */
@NullMarked
package sluice.risk.ingress.core;

import org.jspecify.annotations.NullMarked;
