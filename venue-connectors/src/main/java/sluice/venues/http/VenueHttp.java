package sluice.venues.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.EventListener;
import okhttp3.Headers;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;
import sluice.fault.CrashPoint;

/**
 * Requests to venues over pooled connections, HTTP/2 where it is offered.
 *
 * <p>Every request is written at most once: no retry, no redirect, no second address after a byte has left. TLS is
 * always verified; plain {@code http} and {@code ws} are accepted for the loopback interface only. Safe for several
 * threads, each of which blocks for its own answer.
 */
public final class VenueHttp implements AutoCloseable {
    private static final int IDLE_CONNECTIONS = 8;
    private static final Duration KEEP_ALIVE = Duration.ofMinutes(5);
    /** An HTTP/2 connection that does not answer this often is dead, and is not handed out for the next request. */
    private static final Duration PING = Duration.ofSeconds(10);

    /** What one call got to do. Written and read by the calling thread, except for HTTP/2 bookkeeping. */
    private static final class Trace extends EventListener {
        private final long notAfterMillis;
        private volatile boolean writing;

        Trace(long notAfterMillis) {
            this.notAfterMillis = notAfterMillis;
        }

        @Override
        public void requestHeadersStart(Call call) {
            writing = true;
        }

        @Override
        public void responseHeadersStart(Call call) {
            // All of the request is handed to the system by now.
            if (!call.request().method().equals("GET")) {
                CrashPoint.REQUEST_WRITTEN.pass();
            }
        }
    }

    private final OkHttpClient client;
    private final InstantSource clock;
    private final int maxBodyBytes;

    public VenueHttp(HttpSettings settings, InstantSource clock) {
        this.clock = clock;
        this.maxBodyBytes = settings.maxBodyBytes();
        var builder = new OkHttpClient.Builder()
                .connectTimeout(settings.connect())
                .readTimeout(settings.read())
                .writeTimeout(settings.write())
                .callTimeout(settings.call())
                .pingInterval(PING)
                .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS))
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .followSslRedirects(false)
                .addNetworkInterceptor(chain -> withoutInvitation(chain.proceed(inTime(chain.request(), clock))))
                .eventListenerFactory(call -> {
                    var trace = call.request().tag(Trace.class);
                    return trace == null ? EventListener.NONE : trace;
                });
        var proxy = settings.proxy();
        if (proxy != null) {
            builder.proxySelector(new ProxyUnlessLoopback(proxy));
        }
        this.client = builder.build();
    }

    /** Between the connection, which may have taken long, and the first byte. */
    private static Request inTime(Request request, InstantSource clock) throws IOException {
        var trace = request.tag(Trace.class);
        long late = trace == null ? 0 : clock.millis() - trace.notAfterMillis;
        if (late > 0) {
            throw new InterruptedIOException(late + " ms after its deadline when it was connected");
        }
        return request;
    }

    /** OkHttp takes "503, try again at once" at its word even where retries are off; we do not. */
    private static Response withoutInvitation(Response response) {
        return response.code() == 503
                ? response.newBuilder().removeHeader("Retry-After").build()
                : response;
    }

    /**
     * Sends one request and waits for all of its answer.
     *
     * @throws IllegalArgumentException if the address is not https, or plain and not loopback, or the request cannot be
     *     said in HTTP
     */
    public HttpOutcome send(HttpCall call) {
        var trace = new Trace(call.notAfterMillis());
        var request = new Request.Builder()
                .url(checked(call.uri(), "https", "http").toString())
                .method(call.method(), body(call))
                .headers(headers(call.headers()))
                .tag(Trace.class, trace)
                .build();
        long sentAt = clock.millis();
        try (var response = client.newCall(request).execute()) {
            return read(call, response, sentAt);
        } catch (IOException e) {
            var why = call.method() + " " + call.uri().getHost() + call.uri().getRawPath() + ": " + told(e);
            return trace.writing
                    ? new HttpOutcome.NoAnswer(why + ", after the request had begun to leave")
                    : new HttpOutcome.NotSent(why + ", before a byte of the request left");
        }
    }

    private HttpOutcome read(HttpCall call, Response response, long sentAt) {
        var what = call.method() + " " + call.uri().getRawPath() + ": status " + response.code();
        try {
            var source = response.body().source();
            if (source.request(maxBodyBytes + 1L)) {
                return new HttpOutcome.NoAnswer(what + ", and a body of more than " + maxBodyBytes + " bytes");
            }
            var headers = new HashMap<String, String>();
            response.headers().forEach(it -> headers.put(it.getFirst().toLowerCase(Locale.ROOT), it.getSecond()));
            return new HttpOutcome.Answer(response.code(), headers, source.readUtf8(), sentAt, clock.millis());
        } catch (IOException e) {
            return new HttpOutcome.NoAnswer(what + ", then its body broke off: " + told(e));
        }
    }

    /** Opens a connection before it is needed, by a read that may be answered in any way. */
    public HttpOutcome warmUp(URI uri) {
        return send(HttpCall.get(uri, Map.of()));
    }

    OkHttpClient client() {
        return client;
    }

    /** Ends idle connections and the threads behind them; calls under way are not waited for. */
    @Override
    public void close() {
        client.dispatcher().cancelAll();
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }

    // ------------------------------------------------------------------ addresses

    /** Refuses what would send signed requests in the clear. */
    static URI checked(URI uri, String secure, String plain) {
        var scheme = uri.getScheme();
        var host = uri.getHost();
        if (scheme == null || host == null) {
            throw new IllegalArgumentException("\"" + uri + "\" is not an address; write " + secure + "://host/path");
        }
        if (scheme.equals(secure) || (scheme.equals(plain) && isLoopback(host))) {
            return uri;
        }
        throw new IllegalArgumentException("\"" + uri + "\" is not " + secure + "; " + plain
                + " is accepted for the loopback interface only (127.0.0.1, ::1, localhost)");
    }

    /** By the text alone: a name that resolves to 127.0.0.1 today may not tomorrow. */
    private static boolean isLoopback(String host) {
        if (host.equals("localhost")) {
            return true;
        }
        var bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        if (bare.isEmpty() || !bare.matches("[0-9.]+|[0-9a-fA-F:]*:[0-9a-fA-F:.]*")) {
            return false;
        }
        try {
            return InetAddress.getByName(bare).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static final class ProxyUnlessLoopback extends ProxySelector {
        private final List<Proxy> proxy;

        ProxyUnlessLoopback(InetSocketAddress address) {
            this.proxy = List.of(new Proxy(Proxy.Type.HTTP, address));
        }

        @Override
        public List<Proxy> select(URI uri) {
            return isLoopback(uri.getHost()) ? List.of(Proxy.NO_PROXY) : proxy;
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException e) {
            // The call says so itself.
        }
    }

    // ------------------------------------------------------------------ bodies

    static Headers headers(Map<String, String> headers) {
        var builder = new Headers.Builder();
        headers.forEach(builder::add);
        return builder.build();
    }

    private static @Nullable RequestBody body(HttpCall call) {
        var bytes = call.body();
        if (bytes != null) {
            return new OnceBody(bytes);
        }
        // OkHttp insists on a body for these; an empty one leaves as "content-length: 0".
        return switch (call.method()) {
            case "POST", "PUT", "PATCH" -> new OnceBody(ByteBuffer.allocate(0));
            default -> null;
        };
    }

    /**
     * A body that OkHttp may not write a second time, whatever it would do otherwise. Its type is the caller's header.
     */
    private static final class OnceBody extends RequestBody {
        private final ByteBuffer bytes;

        OnceBody(ByteBuffer bytes) {
            this.bytes = bytes;
        }

        @Override
        public okhttp3.@Nullable MediaType contentType() {
            return null;
        }

        @Override
        public long contentLength() {
            return bytes.remaining();
        }

        @Override
        public boolean isOneShot() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            sink.write(bytes.duplicate());
        }
    }

    static String told(Throwable e) {
        var message = e.getMessage();
        return e.getClass().getSimpleName() + (message == null ? "" : " (" + message + ")");
    }
}
