/** How fast it is, as ratios measured side by side in one run. */
@NullMarked
package sluice.benchmarks;

import org.jspecify.annotations.NullMarked;
