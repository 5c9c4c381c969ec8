/** Connectors to venues between real topics. */
@NullMarked
package sluice.console.live;

import org.jspecify.annotations.NullMarked;
