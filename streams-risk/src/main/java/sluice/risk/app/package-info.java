/** The account task as a process: start, stop, and what to do on a bug. */
@NullMarked
package sluice.risk.app;

import org.jspecify.annotations.NullMarked;
