/** Do we and the venue agree? Two views in, typed differences out; pure. */
@NullMarked
package sluice.reconciler.core;

import org.jspecify.annotations.NullMarked;
