/**
 * The decisions: may this order leave, and what do we hold?
 *
 * <p>{@link sluice.risk.core.AccountCore} takes one journal entry after the other and says what follows from it. It
 * knows no Kafka, no clock and no configuration: limits, halts, the trading day and the time all come from the journal,
 * so the same entries give the same answers live, in tests and in replay.
 *
 * <p>Amounts inside the books of this package are integers in millionths (of a dollar, of a contract).
 */
@NullMarked
package sluice.risk.core;

import org.jspecify.annotations.NullMarked;
