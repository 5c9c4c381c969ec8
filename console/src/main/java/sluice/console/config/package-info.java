/**
 * What a user sets: one {@code sluice.yaml}, and the environment variables that older systems know.
 *
 * <p>Everything is checked before anything starts. A key that is not known, a number that would have to be rounded and
 * a mode that nobody can mean are errors that name the file and the line. A limit may be left out; then it is unset,
 * and an unset limit refuses every order.
 */
@NullMarked
package sluice.console.config;

import org.jspecify.annotations.NullMarked;
