package sluice.venues.placement;

/** Another process owns what this one was writing to; this one must stop, and call no venue any more. */
public final class FencedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public FencedException(String message, Throwable cause) {
        super(message, cause);
    }
}
