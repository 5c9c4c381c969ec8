package sluice.console.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import sluice.fault.CrashPoint;

/** A process that plays a role; loaded and waiting until it is told to go. */
final class Child implements AutoCloseable {
    /** A role that loads and does nothing. */
    static final String TRAINING = "training";

    private final Process process;
    private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
    private volatile long readyAtMillis;

    /** @param armed where it is to die, as in {@link CrashPoint#VARIABLE}; null for nowhere */
    Child(String role, Path settings, Path log, ClassArchive classes, @Nullable String armed) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(role.equals(TRAINING) ? List.of(classes.writing()) : classes.options());
        if (Runtime.version().feature() >= 24) {
            command.add("--sun-misc-unsafe-memory-access=allow");
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", classes.classPath(), Roles.class.getName(), role, settings.toString()));
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        if (armed != null) {
            builder.environment().put(CrashPoint.VARIABLE, armed);
        }
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().start(() -> {
            try (var out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    if (line.equals("ready")) {
                        readyAtMillis = System.currentTimeMillis();
                        ready.complete(true);
                    }
                }
            } catch (IOException e) {
                // It was killed.
            }
            ready.complete(false);
        });
    }

    void go() {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException("a process ended before it was told to go", e);
        }
    }

    /** Waits until it works or has died; whether it works. */
    boolean awaitReady() throws Exception {
        try {
            return ready.get(90, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("a process neither works nor has died after 90 s", e);
        }
    }

    boolean isReady() {
        return ready.getNow(false);
    }

    long readyAtMillis() {
        return readyAtMillis;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Whether it ends within this time. */
    boolean endsWithin(long millis) throws InterruptedException {
        return process.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    int exitValue() {
        return process.exitValue();
    }

    /** Tells it that it will not be wanted, and waits for its end. */
    void dismiss() throws InterruptedException {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process.waitFor();
    }

    /** Kills it with signal 9. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
