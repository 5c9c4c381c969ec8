/**
 * The command line: noun and verb, data on stdout and everything else on stderr.
 *
 * <p>A command reads topics or writes to them through {@link sluice.console.cli.Cluster} and prints through
 * {@link sluice.console.cli.Output}; it holds no state and decides nothing about orders. The exit code says how far it
 * came, see {@link sluice.console.cli.ExitCode}.
 */
@NullMarked
package sluice.console.cli;

import org.jspecify.annotations.NullMarked;
