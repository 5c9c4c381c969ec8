package sluice.console.cli;

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

    public int exitCode() {
        return exitCode;
    }
}
