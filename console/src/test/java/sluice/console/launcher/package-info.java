/** Tests of what is not Java: the launcher files of the repository. */
@NullMarked
package sluice.console.launcher;

import org.jspecify.annotations.NullMarked;
