package sluice.venues.api;

/** A stream that goes on until it is closed. */
public interface Subscription extends AutoCloseable {
    /** After this returns, the listener is not called any more. Closing again does nothing. */
    @Override
    void close();
}
