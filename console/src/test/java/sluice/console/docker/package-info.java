/** Tests of what is not Java: the docker files of the repository. */
@NullMarked
package sluice.console.docker;

import org.jspecify.annotations.NullMarked;
