package sluice.venues.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A simulator that is killed remembers everything it has answered. */
class KilledTest {
    @TempDir
    Path folder;

    private final KalshiCaller alice = new KalshiCaller();

    @Test
    void whatWasAnsweredSurvivesKillMinusNine() throws Exception {
        Path setup = folder.resolve("setup.json");
        Files.writeString(setup, alice.setup().toString());
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Simulator.class.getName(),
                        "kalshi",
                        "--ledger",
                        folder.resolve("ledger").toString(),
                        "--setup",
                        setup.toString()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Set<String> answered = new HashSet<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            int port = port(out);
            HttpClient client = HttpClient.newHttpClient();
            for (int i = 0; i < 40; i++) {
                String body = "{\"ticker\":\"" + KalshiCaller.TICKER + "\",\"client_order_id\":\"k" + i
                        + "\",\"side\":\"bid\",\"count\":\"1.00\",\"price\":\"0.1000\","
                        + "\"time_in_force\":\"good_till_canceled\",\"self_trade_prevention_type\":\"maker\"}";
                String path = "/trade-api/v2/portfolio/events/orders";
                HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
                for (Map.Entry<String, String> header :
                        alice.headers("POST", path, System.currentTimeMillis()).entrySet()) {
                    request.header(header.getKey(), header.getValue());
                }
                assertThat(client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(201);
                answered.add("k" + i);
            }
        } finally {
            process.destroyForcibly();
            process.waitFor(10, TimeUnit.SECONDS);
        }
        // As if it had been writing when it died.
        Path ledger = folder.resolve("ledger").resolve("ledger.jsonl");
        Files.writeString(ledger, "00000000 {\"at\":1,\"op\":\"Pla", StandardOpenOption.APPEND);

        try (Served again = new Served(Simulator.Kind.KALSHI, folder, alice.setup(), 0)) {
            Set<String> remembered = new HashSet<>();
            for (JsonNode order : again.ledger("alice").path("orders")) {
                remembered.add(order.path("clientId").asText());
            }
            assertThat(remembered).isEqualTo(answered);
            assertThat(alice.create(again, "k0", "bid", "0.1000", "1.00", "good_till_canceled")
                            .status())
                    .isEqualTo(409);
            assertThat(alice.create(again, "new", "bid", "0.1000", "1.00", "good_till_canceled")
                            .status())
                    .isEqualTo(201);
        }
        assertThat(Files.readString(ledger)).doesNotContain("\"Pla\n").endsWith("\n");
    }

    private static int port(BufferedReader out) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("port ")) {
                return Integer.parseInt(line.split(" ", -1)[1]);
            }
        }
        throw new IOException("the simulator ended without naming its port");
    }

    @Test
    void aDamagedLineInTheMiddleIsNotPassedOver() throws IOException {
        new Served(Simulator.Kind.KALSHI, folder, alice.setup(), 0).close();
        Path ledger = folder.resolve("ledger").resolve("ledger.jsonl");
        Files.writeString(ledger, Files.readString(ledger).replace("opening", "closing"));
        assertThatThrownBy(() -> new Served(Simulator.Kind.KALSHI, folder, alice.setup(), 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 1 does not match its checksum");
    }

    @Test
    void twoSimulatorsDoNotShareALedger() throws IOException {
        try (Served first = new Served(Simulator.Kind.KALSHI, folder, alice.setup(), 0)) {
            assertThat(first.simulator.port()).isPositive();
            assertThatThrownBy(() -> new Served(Simulator.Kind.KALSHI, folder, alice.setup(), 0))
                    .isInstanceOf(Exception.class);
        }
    }
}
