package sluice.console.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A process to run commands in, whose streams can be looked at. */
final class TestHost {
    /** What a command did. */
    record Run(int exitCode, String out, String err) {}

    private final Path directory;
    private final Map<String, String> environment = new HashMap<>(Map.of("USER", "tester"));
    private final List<String> always = new ArrayList<>();
    private boolean terminal;
    private String stdin = "";
    private Clock clock = Clock.systemUTC();

    TestHost(Path directory) {
        this.directory = directory;
    }

    TestHost onATerminal(boolean is) {
        terminal = is;
        return this;
    }

    TestHost with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    TestHost stdin(String text) {
        stdin = text;
        return this;
    }

    TestHost clock(Clock at) {
        clock = at;
        return this;
    }

    /** Adds options to every command that follows. */
    TestHost always(String... options) {
        always.addAll(List.of(options));
        return this;
    }

    Run run(String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var all = new ArrayList<>(List.of(args));
        all.addAll(always);
        int code = Cli.run(host(out, err), all.toArray(String[]::new));
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    Host host() {
        return host(new ByteArrayOutputStream(), new ByteArrayOutputStream());
    }

    private Host host(ByteArrayOutputStream out, ByteArrayOutputStream err) {
        return new Host(
                new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminal,
                false,
                Map.copyOf(environment),
                directory,
                directory,
                clock);
    }
}
