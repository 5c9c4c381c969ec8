/** Whole parts together against recorded reality. */
@NullMarked
package sluice.console.acceptance;

import org.jspecify.annotations.NullMarked;
