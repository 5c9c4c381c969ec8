/** The same core over a recorded journal, with no broker. */
@NullMarked
package sluice.risk.replay;

import org.jspecify.annotations.NullMarked;
