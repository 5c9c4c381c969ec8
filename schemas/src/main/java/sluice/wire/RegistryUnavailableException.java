package sluice.wire;

/** The schema registry did not answer, or not with an answer that can be understood. Trying again later may help. */
public final class RegistryUnavailableException extends RuntimeException {
    public RegistryUnavailableException(String message) {
        super(message);
    }

    public RegistryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
