/** An exchange that fills our orders against recorded or live books, pessimistically. */
@NullMarked
package sluice.domain.paper;

import org.jspecify.annotations.NullMarked;
