package sluice.console.crash;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * The class path of the processes, as jars, with an archive of loaded classes once there is one: a process then starts
 * in a fraction of the time, and a crash test is made of starts.
 */
final class ClassArchive {
    private final String classPath;
    private final Path archive;

    ClassArchive(Path folder) throws IOException {
        var jars = new ArrayList<String>();
        for (String each : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(each);
            jars.add(Files.isDirectory(path) ? jar(path, folder.resolve("classes-" + jars.size() + ".jar")) : each);
        }
        this.classPath = String.join(File.pathSeparator, jars);
        this.archive = folder.resolve("classes.jsa");
    }

    private static String jar(Path classes, Path jar) throws IOException {
        try (var out = new JarOutputStream(Files.newOutputStream(jar));
                var files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(
                        new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
        return jar.toString();
    }

    String classPath() {
        return classPath;
    }

    /** Where a process that ends in peace leaves the classes that it has loaded. */
    String writing() {
        return "-XX:ArchiveClassesAtExit=" + archive;
    }

    /** Options of a process that uses what there is. */
    List<String> options() {
        return Files.exists(archive) ? List.of("-XX:SharedArchiveFile=" + archive, "-Xshare:auto") : List.of();
    }
}
