package sluice.console.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import sluice.avro.Level;

/** The contract against a registry that others wrote; runs in the profile {@code apicurio}. */
@EnabledIfSystemProperty(named = "sluice.test.apicurio", matches = ".+", disabledReason = "runs with -Papicurio")
class ApicurioRegistryTest extends RegistryContract {
    private static Process server;
    private static URI base;

    @BeforeAll
    static void start() throws Exception {
        Path home = Path.of(System.getProperty("sluice.test.apicurio"));
        int port;
        try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        Path log = home.resolve("server.log");
        server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-Dquarkus.http.host=127.0.0.1",
                        "-Dquarkus.http.port=" + port,
                        "-Dquarkus.management.enabled=false",
                        "-jar",
                        jar(home).toString())
                .redirectErrorStream(true)
                .redirectOutput(new File(log.toString()))
                .start();
        base = URI.create("http://127.0.0.1:" + port + "/apis/ccompat/v7");
        awaitAnswer(log);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.destroy();
        if (!server.waitFor(20, TimeUnit.SECONDS)) {
            server.destroyForcibly();
        }
    }

    @Override
    URI uri() {
        return base;
    }

    /**
     * Why a serde must not trust its registry to keep the scale: this one lets a price change it at FULL_TRANSITIVE.
     */
    @Test
    void aStockRegistryAcceptsAChangeOfScale() {
        var hundredths =
                new Schema.Parser().parse(Level.getClassSchema().toString().replace("\"scale\":6", "\"scale\":2"));
        int before = id("rescaled-value", Level.getClassSchema());

        int after = id("rescaled-value", hundredths);

        assertThat(after).isNotEqualTo(before);
    }

    private static Path jar(Path home) throws IOException {
        try (var files = Files.walk(home, 2)) {
            return files.filter(it -> it.getFileName().toString().equals("quarkus-run.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no quarkus-run.jar below " + home));
        }
    }

    private static void awaitAnswer(Path log) throws Exception {
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(base + "/subjects")).build();
            while (true) {
                try {
                    if (http.send(request, BodyHandlers.discarding()).statusCode() == 200) {
                        return;
                    }
                } catch (IOException e) {
                    // Not listening yet.
                }
                if (System.nanoTime() > deadline || !server.isAlive()) {
                    throw new IllegalStateException("the registry does not answer; see " + log);
                }
                Thread.sleep(200);
            }
        }
    }
}
