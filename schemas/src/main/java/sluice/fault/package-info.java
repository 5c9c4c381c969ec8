/** Where a process can be made to die, so that what it leaves behind can be examined. */
@NullMarked
package sluice.fault;

import org.jspecify.annotations.NullMarked;
