package sluice.console.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the real {@code ./sluice} in an installation whose Maven and Java are stand-ins that say how they were called.
 */
class LauncherTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    private Path home = Path.of("");

    private record Run(int exitCode, String out, String err, long pid) {}

    @BeforeEach
    void install() throws IOException {
        home = Files.createDirectories(folder.resolve("a folder with blanks"));
        Files.copy(ROOT.resolve("sluice"), home.resolve("sluice"));
        script(home.resolve("sluice"), Files.readString(ROOT.resolve("sluice")));
        Files.createDirectories(home.resolve(".mvn"));
        Files.copy(ROOT.resolve(".mvn/find-jdk.sh"), home.resolve(".mvn/find-jdk.sh"));
        Files.writeString(home.resolve("pom.xml"), "<project/>");
        Files.createDirectories(home.resolve("console/src/main/java"));
        Files.writeString(home.resolve("console/src/main/java/Some.java"), "");
        Files.writeString(home.resolve("console/pom.xml"), "<project/>");
        script(home.resolve("mvnw"), """
                #!/bin/sh
                echo "mvnw $*"
                [ ! -f fail ] || { echo "a test failed"; exit 1; }
                mkdir -p console/target/lib && : > console/target/sluice.jar && : > console/target/lib/some.jar
                """);
        jdk(25);
    }

    @Test
    void itBuildsWhatIsNotBuiltAndThenRunsIt() throws Exception {
        // When
        Run first = run("decisions", "list", "--where", "a=b c");
        Run second = run("--help");

        // Then
        assertThat(first.err()).contains("Building Sluice").contains("mvnw -q -B");
        assertThat(first.out())
                .doesNotContain("mvnw")
                .contains("arg=sluice.console.cli.Main\narg=decisions\narg=list\narg=--where\narg=a=b c\n")
                .contains("arg=-cp\narg=" + home + "/console/target/sluice.jar:" + home + "/console/target/lib/*\n")
                .contains("arg=-Dsluice.home=" + home + "\n");
        assertThat(second.err()).isEmpty();
        assertThat(second.exitCode()).isZero();
    }

    @Test
    void itBuildsAgainWhenASourceIsNewer() throws Exception {
        // Given
        run("--help");
        Path source = home.resolve("console/src/main/java/Some.java");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));

        // Then
        assertThat(run("--help").err()).contains("Building Sluice");
    }

    @Test
    void aBuildThatFailsIsSaidAndNothingRuns() throws Exception {
        // Given
        Files.writeString(home.resolve("fail"), "");

        // When
        Run run = run("--help");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("a test failed").contains("The build failed; see above.");

        // And it is tried again
        Files.delete(home.resolve("fail"));
        assertThat(run("--help").exitCode()).isZero();
    }

    @Test
    void itWorksThroughLinksFromAnywhereAndStaysThere() throws Exception {
        // Given
        Path elsewhere = Files.createDirectories(folder.resolve("else where"));
        Files.createSymbolicLink(elsewhere.resolve("one"), Path.of("../a folder with blanks/sluice"));
        Files.createSymbolicLink(elsewhere.resolve("two"), elsewhere.resolve("one"));

        // When
        Run run = run(elsewhere, Map.of(), List.of(elsewhere.resolve("two").toString(), "version"));

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("pwd=" + elsewhere + "\n").contains("arg=-Dsluice.home=" + home + "\n");
    }

    @Test
    void itBecomesTheJavaProcess() throws Exception {
        run("--help");
        Run run = run("--help");
        assertThat(run.out()).contains("pid=" + run.pid() + "\n");
    }

    @Test
    void theExitCodeIsThatOfTheCommand() throws Exception {
        run("--help");
        assertThat(run(home, Map.of("FAKE_EXIT", "6"), List.of("./sluice", "--help"))
                        .exitCode())
                .isEqualTo(6);
    }

    @Test
    void flagsFitTheVersionAndTheCommand() throws Exception {
        assertThat(run("decisions", "list").out())
                .contains("--sun-misc-unsafe-memory-access=allow")
                .contains("--enable-native-access=ALL-UNNAMED")
                .contains("-XX:+UseSerialGC");
        assertThat(run("up").out()).doesNotContain("UseSerialGC").doesNotContain("SharedArchiveFile");
        jdk(21);
        assertThat(run("decisions", "list").out())
                .doesNotContain("--sun-misc-unsafe-memory-access=allow")
                .contains("--enable-native-access=ALL-UNNAMED");
    }

    @Test
    void theArchiveOfClassesIsMadeOnceForEachJdkWithTheFlagsOfTheRunThatUsesIt() throws Exception {
        // When
        Run first = run("decisions", "list");
        Run second = run("limits", "show");

        // Then
        String dump = Files.readString(folder.resolve("jdk/bin/java.dumps"));
        assertThat(dump.lines()).hasSize(1);
        assertThat(second.err()).isEmpty();
        List<String> flags = second.out()
                .lines()
                .filter(line -> line.startsWith("arg=-") && !line.matches("arg=-(Xlog|D|cp|XX:SharedArchiveFile).*"))
                .map(line -> line.substring("arg=".length()))
                .toList();
        assertThat(flags).contains("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC");
        assertThat(dump).startsWith(String.join(" ", flags) + " -XX:ArchiveClassesAtExit=");
        assertThat(first.out()).contains("arg=-XX:SharedArchiveFile=" + home + "/console/target/sluice.");

        // And what does not fit another JDK is not offered to it, and nothing is ever said about it
        assertThat(second.out()).contains("cds*=off,aot*=off:stderr");
        jdk(21);
        assertThat(archiveOf(run("limits", "show"))).isNotEqualTo(archiveOf(second));
    }

    private static String archiveOf(Run run) {
        return run.out()
                .lines()
                .filter(line -> line.startsWith("arg=-XX:SharedArchiveFile="))
                .findFirst()
                .orElse("none");
    }

    @Test
    void furtherOptionsAreHandedToJava() throws Exception {
        assertThat(run(home, Map.of("SLUICE_JAVA_OPTS", "-Xmx300m -Da=b"), List.of("./sluice", "--help"))
                        .out())
                .contains("arg=-Xmx300m\narg=-Da=b\n");
    }

    @Test
    void withoutAJdkOneLineSaysWhatToInstall() throws Exception {
        // Given an installation that looks for JDKs where there are none
        Path finder = home.resolve(".mvn/find-jdk.sh");
        Files.writeString(
                finder,
                Files.readString(finder)
                        .replaceAll("/usr/lib/jvm|/usr/java|/opt/java|/opt/jdk|/Library/Java", "/no/such/folder"));

        // When
        Run run = run(home, Map.of("JAVA_HOME", "", "HOME", folder.toString()), List.of("./sluice", "--help"));

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo(
                        "No JDK 21 or newer found; install one (for example Temurin 25, package temurin-25-jdk) or set"
                                + " JAVA_HOME to it.\n");
    }

    @Test
    void aJdkThatIsTooOldIsPassedOver() throws Exception {
        // Given
        Path finder = home.resolve(".mvn/find-jdk.sh");
        Files.writeString(finder, Files.readString(finder).replace("/usr/lib/jvm", folder + "/jvm"));
        Path old = jdkAt(folder.resolve("old"), 17);
        jdkAt(folder.resolve("jvm/new"), 23);

        // When
        Run run = run(home, Map.of("JAVA_HOME", old.toString()), List.of("./sluice", "--help"));

        // Then
        assertThat(run.out()).contains("java=" + folder.resolve("jvm/new") + "/bin/java\n");
    }

    @Test
    void ofTwoAtOnceOneBuilds() throws Exception {
        // Given one that builds, and holds the lock
        Path lock = Files.createDirectories(home.resolve("console/target/sluice.lock"));
        Process owner = new ProcessBuilder("sleep", "60").start();
        Files.writeString(lock.resolve("pid"), owner.pid() + "\n");

        // When another comes
        Process waiting = start(home, Map.of(), List.of("./sluice", "--help"));
        var err = waiting.errorReader(StandardCharsets.UTF_8).readLine();

        // Then it waits, until the first is gone
        assertThat(err).startsWith("Waiting for process " + owner.pid());
        assertThat(waiting.isAlive()).isTrue();
        owner.destroyForcibly().waitFor();
        assertThat(waiting.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(waiting.exitValue()).isZero();
        assertThat(lock).doesNotExist();
    }

    private void jdk(int version) throws IOException {
        jdkAt(folder.resolve("jdk"), version);
    }

    private static Path jdkAt(Path jdk, int version) throws IOException {
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + ".0.1\"\n");
        script(jdk.resolve("bin/javac"), "#!/bin/sh\n");
        script(jdk.resolve("bin/java"), """
                #!/bin/sh
                for arg in "$@"; do case $arg in -XX:ArchiveClassesAtExit=*) echo "$@" >>"$0.dumps"; : >"${arg#*=}" ;; esac; done
                echo "java=$0"
                echo "pid=$$"
                echo "pwd=$(pwd)"
                for arg in "$@"; do echo "arg=$arg"; done
                exit ${FAKE_EXIT:-0}
                """);
        return jdk;
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Run run(String... args) throws Exception {
        var command = new java.util.ArrayList<>(List.of("./sluice"));
        command.addAll(List.of(args));
        return run(home, Map.of(), command);
    }

    private Run run(Path directory, Map<String, String> environment, List<String> command) throws Exception {
        Process process = start(directory, environment, command);
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), out, err, process.pid());
    }

    private Process start(Path directory, Map<String, String> environment, List<String> command) throws IOException {
        var builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().remove("SLUICE_JAVA_OPTS");
        builder.environment().putAll(environment);
        return builder.start();
    }
}
