package sluice.venues.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.api.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VenueSocketTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final VenueHttp http = new VenueHttp(HttpSettings.DEFAULT, InstantSource.system());
    private final SocketServer server = new SocketServer();

    private final VenueSocket.Listener listener = new VenueSocket.Listener() {
        @Override
        public void onOpen() {
            heard.add("open");
        }

        @Override
        public void onText(String text) {
            heard.add("text " + text);
        }

        @Override
        public void onGap(String why) {
            heard.add("gap " + why);
        }
    };

    @AfterEach
    void close() {
        server.close();
        http.close();
    }

    private VenueSocket socket(Duration silence, String probe) {
        var socket = new VenueSocket(
                http,
                () -> new VenueSocket.Handshake(server.uri(), Map.of("KALSHI-ACCESS-KEY", "key")),
                new SocketSettings(silence, probe, Duration.ofMillis(10), Duration.ofMillis(50), 1),
                listener);
        socket.start();
        return socket;
    }

    private String next() throws InterruptedException {
        var text = heard.poll(10, TimeUnit.SECONDS);
        if (text == null) {
            throw new AssertionError("nothing was heard within 10 s");
        }
        return text;
    }

    @Test
    void textsGoBothWaysAndALostConnectionIsToldAndMadeAgain() throws Exception {
        try (var socket = socket(LONG, "")) {
            // Given
            var first = server.nextSession();
            assertThat(next()).isEqualTo("open");
            assertThat(socket.send("hello")).isTrue();
            assertThat(server.nextText()).isEqualTo("hello");
            SocketServer.say(first, "one");
            assertThat(next()).isEqualTo("text one");

            // When
            first.disconnect();

            // Then
            assertThat(next()).startsWith("gap lost");
            var second = server.nextSession();
            assertThat(next()).isEqualTo("open");
            SocketServer.say(second, "two");
            assertThat(next()).isEqualTo("text two");
            assertThat(server.keys()).containsExactly("key", "key");
        }
    }

    @Test
    void aCloseByTheVenueIsAGapToo() throws Exception {
        try (var socket = socket(LONG, "")) {
            var session = server.nextSession();
            assertThat(next()).isEqualTo("open");
            session.close(1012, "maintenance", Callback.NOOP);

            assertThat(next()).isEqualTo("gap closed by the venue: 1012 maintenance");
            server.nextSession();
            assertThat(next()).isEqualTo("open");
            assertThat(socket.isOpen()).isTrue();
        }
    }

    @Test
    void openButSilentIsDeadAfterAProbeThatNobodyAnswers() throws Exception {
        try (var socket = socket(Duration.ofMillis(400), "are you there")) {
            server.nextSession();
            assertThat(next()).isEqualTo("open");

            assertThat(server.nextText()).isEqualTo("are you there");
            assertThat(next()).startsWith("gap open, and silent for ").contains("the bound is 400 ms");
            assertThat(next()).isEqualTo("open");
            assertThat(socket.isOpen()).isTrue();
        }
    }

    @Test
    void nothingIsHeardAfterClosing() throws Exception {
        var socket = socket(LONG, "");
        var session = server.nextSession();
        assertThat(next()).isEqualTo("open");

        socket.close();
        heard.clear();
        SocketServer.say(session, "late");

        assertThat(heard.poll(200, TimeUnit.MILLISECONDS)).isNull();
        assertThat(socket.send("x")).isFalse();
    }

    @Test
    void waitsDoubleUpToABound() {
        var settings = new SocketSettings(LONG, "", Duration.ofMillis(100), Duration.ofSeconds(1), 1);
        assertThat(settings.backOff(1)).isEqualTo(Duration.ofMillis(100));
        assertThat(settings.backOff(3)).isEqualTo(Duration.ofMillis(400));
        assertThat(settings.backOff(50)).isEqualTo(Duration.ofSeconds(1));
    }
}
