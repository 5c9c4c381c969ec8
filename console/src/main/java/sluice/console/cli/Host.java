package sluice.console.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * All that commands touch of the process that runs them, so that a test can be one too.
 *
 * @param outIsTerminal whether a person reads stdout
 * @param errIsTerminal whether a person reads stderr; progress is shown there only then
 * @param home folder of the installation, where the shipped sluice.yaml stands
 */
public record Host(
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean outIsTerminal,
        boolean errIsTerminal,
        Map<String, String> environment,
        Path workingDirectory,
        Path home,
        Clock clock) {
    /** The real process. The launcher says through system properties what only a shell can know. */
    public static Host ofThisProcess() {
        String terminals = System.getProperty("sluice.terminals", "");
        return new Host(
                System.in,
                new Stdout(),
                new PrintStream(System.err, true, StandardCharsets.UTF_8),
                terminals.contains("out"),
                terminals.contains("err"),
                System.getenv(),
                Path.of("").toAbsolutePath(),
                Path.of(System.getProperty("sluice.home", "")).toAbsolutePath(),
                Clock.systemUTC());
    }

    /** Whether colours may be used on stdout. */
    public boolean colours() {
        return outIsTerminal
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
    }

    /** A line for a person, beside the data. */
    public void say(String line) {
        out.flush();
        err.println(line);
    }
}
