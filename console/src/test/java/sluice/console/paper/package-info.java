/** The paper connector on a real broker. */
@NullMarked
package sluice.console.paper;

import org.jspecify.annotations.NullMarked;
