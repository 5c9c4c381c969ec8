/** Turns approvals into venue commands, and knows when to cancel: pure, with no Kafka and no clock. */
@NullMarked
package sluice.router.core;

import org.jspecify.annotations.NullMarked;
