package sluice.wire;

import org.apache.kafka.common.errors.SerializationException;

/**
 * Bytes that are not what their topic holds, and never will be: trying again gives the same. A registry that does not
 * answer is a {@link RegistryUnavailableException} instead, and then the bytes may well be good.
 */
public final class UnreadableRecordException extends SerializationException {
    public UnreadableRecordException(String message) {
        super(message);
    }

    public UnreadableRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
