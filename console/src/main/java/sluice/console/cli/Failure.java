package sluice.console.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/** Ends a command with a message for a person and an exit code; no stack trace is shown for it. */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private Failure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** Not done. */
    public static Failure failed(String message) {
        return new Failure(ExitCode.FAILURE, message);
    }

    /** The command line cannot be understood. */
    public static Failure usage(String message) {
        return new Failure(ExitCode.USAGE, message);
    }

    /** Understood and refused. */
    public static Failure refused(String message) {
        return new Failure(ExitCode.REFUSED, message);
    }

    /** What came of it is not known. */
    public static Failure unknown(String message) {
        return new Failure(ExitCode.UNKNOWN, message);
    }

    /** Why a file cannot be used, in words: the messages of these exceptions are but the file's name. */
    static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException none -> "there is no such file";
            case AccessDeniedException denied -> "permission denied";
            case FileAlreadyExistsException other -> other.getFile() + " is there and is no folder";
            case DirectoryNotEmptyException full -> full.getFile() + " is not empty";
            case FileSystemException other
            when other.getReason() != null -> String.valueOf(other.getReason()).toLowerCase(Locale.ROOT);
            default -> e.getMessage() == null ? "it cannot be read or written" : e.getMessage();
        };
    }

    public int exitCode() {
        return exitCode;
    }
}
