/** The router wired behind the gate, so that an approval and its command leave in one transaction. */
@NullMarked
package sluice.router.topology;

import org.jspecify.annotations.NullMarked;
