package sluice.venues.http;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request.
 *
 * @param body exact bytes; null for a request without a body. {@code content-type} is a header like any other
 * @param notAfterMillis no byte of it leaves after this time of the clock, however long it took to connect
 */
public record HttpCall(
        String method,
        URI uri,
        Map<String, String> headers,
        @Nullable ByteBuffer body,
        long notAfterMillis) {
    public HttpCall(String method, URI uri, Map<String, String> headers, @Nullable ByteBuffer body) {
        this(method, uri, headers, body, Long.MAX_VALUE);
    }

    public HttpCall {
        headers = Map.copyOf(headers);
        body = body == null ? null : body.asReadOnlyBuffer();
    }

    public static HttpCall get(URI uri, Map<String, String> headers) {
        return new HttpCall("GET", uri, headers, null);
    }
}
