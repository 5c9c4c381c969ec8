/** The one log that decides: every record that can change what an account may do. */
@NullMarked
package sluice.domain.journal;

import org.jspecify.annotations.NullMarked;
