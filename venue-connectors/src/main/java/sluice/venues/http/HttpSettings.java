package sluice.venues.http;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Bounds of a connection to a venue.
 *
 * @param connect to open a connection, TLS included
 * @param read between two bytes that arrive
 * @param write between two bytes that leave
 * @param call for everything, from name lookup to the last byte of the answer
 * @param maxBodyBytes a longer answer is not read
 * @param proxy an HTTP proxy; null for what the JVM is configured with ({@code https.proxyHost}), usually none. Never
 *     used for the loopback interface
 */
public record HttpSettings(
        Duration connect,
        Duration read,
        Duration write,
        Duration call,
        int maxBodyBytes,
        @Nullable InetSocketAddress proxy) {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    /** Ten seconds for everything, 16 MiB for a body, no proxy of its own. */
    public static final HttpSettings DEFAULT = all(TEN_SECONDS);

    public HttpSettings {
        for (var timeout : new Duration[] {connect, read, write, call}) {
            if (timeout.isZero() || timeout.isNegative()) {
                throw new IllegalArgumentException(
                        "time-out " + timeout + " is not positive; nothing may wait for ever");
            }
        }
        if (maxBodyBytes < 1) {
            throw new IllegalArgumentException("the longest body is " + maxBodyBytes + " bytes; it must be positive");
        }
    }

    /** One time-out for everything. */
    public static HttpSettings all(Duration timeout) {
        return new HttpSettings(timeout, timeout, timeout, timeout, 16 * 1024 * 1024, null);
    }

    public HttpSettings through(InetSocketAddress httpProxy) {
        return new HttpSettings(connect, read, write, call, maxBodyBytes, httpProxy);
    }
}
