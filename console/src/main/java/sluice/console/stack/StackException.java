package sluice.console.stack;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import sluice.console.config.FileProblem;

/** A part of the stack cannot start or go on; the message says what was tried, what was seen and what to do. */
public final class StackException extends RuntimeException {
    /** What lies behind a failure, in its own words and without the names of classes. */
    public static String reason(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null && (cause instanceof ExecutionException || cause.getMessage() == null)) {
            cause = cause.getCause();
        }
        return cause instanceof IOException io
                ? FileProblem.words(io)
                : Objects.requireNonNullElse(cause.getMessage(), "no reason was given");
    }

    public StackException(String message) {
        super(message);
    }

    public StackException(String message, Throwable cause) {
        super(message, cause);
    }
}
