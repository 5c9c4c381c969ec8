/** Processes that are killed at named points and at random, and what the venues' own ledgers say afterwards. */
@NullMarked
package sluice.console.crash;

import org.jspecify.annotations.NullMarked;
