package sluice.console.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Objects;

/** Why a file or folder cannot be used, in words: the messages of these exceptions are hardly more than its name. */
public final class FileProblem {
    private FileProblem() {}

    /** The reason alone, without the file. */
    public static String words(Exception e) {
        return switch (e) {
            case UncheckedIOException wrapped when wrapped.getCause() != null -> words(wrapped.getCause());
            case NoSuchFileException none -> "there is no such file or folder";
            case AccessDeniedException denied -> "permission denied";
            case FileAlreadyExistsException other -> "a file of that name is there already";
            case DirectoryNotEmptyException full -> "it is not empty";
            case FileSystemException other
            when other.getReason() != null -> other.getReason().toLowerCase(Locale.ROOT);
            default -> Objects.requireNonNullElse(e.getMessage(), "it cannot be read or written");
        };
    }

    /** Why a folder in which to keep data cannot be used, and what to do. */
    public static String ofDataFolder(Object folder, IOException e, String option) {
        return "cannot use the data directory " + folder + ": " + words(e) + "; give another one with " + option;
    }
}
