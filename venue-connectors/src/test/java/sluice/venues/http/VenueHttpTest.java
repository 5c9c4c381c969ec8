package sluice.venues.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VenueHttpTest {
    private final VenueHttp http = new VenueHttp(HttpSettings.all(Duration.ofSeconds(10)), InstantSource.system());

    @AfterEach
    void close() {
        http.close();
    }

    private static HttpCall post(URI uri) {
        return new HttpCall(
                "POST",
                uri,
                Map.of("content-type", "application/json"),
                ByteBuffer.wrap("{\"a\":1}".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void theExactBytesLeaveAndTheAnswerComesBack() {
        try (var server = RawServer.answering(RawServer.response("201 Created", "{\"ok\":true}", "X-Some: Thing"))) {
            // When
            var outcome = http.send(post(server.uri("/orders?x=1")));

            // Then
            assertThat(outcome).isInstanceOfSatisfying(HttpOutcome.Answer.class, answer -> {
                assertThat(answer.status()).isEqualTo(201);
                assertThat(answer.body()).isEqualTo("{\"ok\":true}");
                assertThat(answer.header("X-SOME")).isEqualTo("Thing");
                assertThat(answer.receivedAtMillis()).isGreaterThanOrEqualTo(answer.sentAtMillis());
            });
            assertThat(server.requests()).singleElement().satisfies(request -> assertThat(request)
                    .startsWith("POST /orders?x=1 HTTP/1.1\r\n")
                    .contains("content-type: application/json\r\n")
                    .endsWith("\r\n\r\n{\"a\":1}"));
        }
    }

    @Test
    void aRefusedConnectionProvesThatNothingLeft() throws IOException {
        // Given a port where nobody listens
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }

        // When
        var outcome = http.send(post(URI.create("http://127.0.0.1:" + port + "/orders")));

        // Then
        assertThat(outcome).isInstanceOfSatisfying(HttpOutcome.NotSent.class, it -> assertThat(it.why())
                .contains("POST 127.0.0.1/orders")
                .contains("before a byte"));
    }

    /** A connection may take longer than an order may wait. */
    @Test
    void nothingLeavesAfterItsTime() {
        try (var server = RawServer.answering(RawServer.response("201 Created", "{}"))) {
            var order = post(server.uri("/orders"));
            var late = new HttpCall(order.method(), order.uri(), order.headers(), order.body(), 1);

            // When
            var outcome = http.send(late);

            // Then
            assertThat(outcome).isInstanceOfSatisfying(HttpOutcome.NotSent.class, it -> assertThat(it.why())
                    .contains("ms after its deadline")
                    .contains("before a byte"));
            assertThat(server.requests())
                    .allSatisfy(request -> assertThat(request).isEmpty());
            assertThat(http.send(order)).isInstanceOf(HttpOutcome.Answer.class);
        }
    }

    @Test
    void aNameThatDoesNotResolveProvesThatNothingLeft() {
        assertThat(http.send(post(URI.create("https://no-such-host.invalid/orders"))))
                .isInstanceOf(HttpOutcome.NotSent.class);
    }

    @Test
    void aServerWithoutTlsProvesThatNothingLeft() {
        try (var server = RawServer.answering("this is not TLS\r\n\r\n")) {
            var uri = URI.create("https://127.0.0.1:" + server.uri("").getPort() + "/orders");

            assertThat(http.send(post(uri))).isInstanceOf(HttpOutcome.NotSent.class);
            assertThat(server.requests()).noneMatch(it -> it.contains("POST"));
        }
    }

    @Test
    void aConnectionThatDiesAfterTheRequestLeavesADoubt() {
        try (var server = new RawServer((socket, request) -> socket.close())) {
            assertThat(http.send(post(server.uri("/orders"))))
                    .isInstanceOfSatisfying(HttpOutcome.NoAnswer.class, it -> assertThat(it.why())
                            .contains("after the request had begun to leave"));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void aServerThatNeverAnswersLeavesADoubtInTime() {
        var forEver = new CountDownLatch(1);
        try (var server = new RawServer((socket, request) -> forEver.await());
                var hasty = new VenueHttp(HttpSettings.all(Duration.ofMillis(200)), InstantSource.system())) {
            assertThat(hasty.send(post(server.uri("/orders")))).isInstanceOf(HttpOutcome.NoAnswer.class);
            assertThat(server.requests()).hasSize(1);
        } finally {
            forEver.countDown();
        }
    }

    @Test
    void aBodyThatBreaksOffLeavesADoubtThatNamesTheStatus() {
        try (var server = RawServer.answering("HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{\"order")) {
            assertThat(http.send(post(server.uri("/orders"))))
                    .isInstanceOfSatisfying(
                            HttpOutcome.NoAnswer.class,
                            it -> assertThat(it.why()).contains("status 201").contains("broke off"));
        }
    }

    @Test
    void aBodyOverTheBoundIsNotRead() {
        var bound = new HttpSettings(
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                10,
                null);
        try (var server = RawServer.answering(RawServer.response("200 OK", "0123456789a"));
                var small = new VenueHttp(bound, InstantSource.system())) {
            assertThat(small.send(HttpCall.get(server.uri("/"), Map.of())))
                    .isInstanceOfSatisfying(HttpOutcome.NoAnswer.class, it -> assertThat(it.why())
                            .contains("more than 10 bytes"));
        }
    }

    /** OkHttp repeats some of these even with its retries off. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "503 Service Unavailable|Retry-After: 0",
                "408 Request Timeout|X: y",
                "421 Misdirected Request|X: y",
                "307 Temporary Redirect|Location: /elsewhere",
                "302 Found|Location: /elsewhere",
                "401 Unauthorized|WWW-Authenticate: Basic"
            })
    void noAnswerMakesItLeaveTwice(String statusLine, String header) {
        try (var server = RawServer.answering(RawServer.response(statusLine, "", header))) {
            // When
            var order = http.send(post(server.uri("/orders")));
            var cancel = http.send(new HttpCall("DELETE", server.uri("/orders/1"), Map.of(), null));

            // Then
            var status = Integer.parseInt(statusLine.substring(0, 3));
            assertThat(order).isInstanceOfSatisfying(HttpOutcome.Answer.class, it -> assertThat(it.status())
                    .isEqualTo(status));
            assertThat(cancel).isInstanceOf(HttpOutcome.Answer.class);
            assertThat(server.requests()).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://example.com/", "http://127.0.0.1.example.com/", "ftp://127.0.0.1/", "/orders"})
    void nothingLeavesInTheClear(String uri) {
        assertThatThrownBy(() -> http.send(HttpCall.get(URI.create(uri), Map.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("https");
    }
}
