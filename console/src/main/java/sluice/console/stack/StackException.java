package sluice.console.stack;

/** A part of the stack cannot start or go on; the message says what was tried, what was seen and what to do. */
public final class StackException extends RuntimeException {
    public StackException(String message) {
        super(message);
    }

    public StackException(String message, Throwable cause) {
        super(message, cause);
    }
}
