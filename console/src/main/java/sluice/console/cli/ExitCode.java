package sluice.console.cli;

/** What the exit code of a command means; part of what scripts rely on. */
public final class ExitCode {
    /** Done. */
    public static final int OK = 0;
    /** Not done; the message says why. */
    public static final int FAILURE = 1;
    /** The command line or the configuration cannot be understood. */
    public static final int USAGE = 2;
    /** Understood and refused: a control denied it, or a setting that must not be honoured. */
    public static final int REFUSED = 5;
    /** Sent, but what came of it was not seen in time. It may still happen: look before trying again. */
    public static final int UNKNOWN = 6;

    private ExitCode() {}
}
