/**
 * The account task on Kafka Streams: the wiring around {@link sluice.risk.core.AccountCore}, and nothing that decides.
 */
@NullMarked
package sluice.risk.topology;

import org.jspecify.annotations.NullMarked;
