package sluice.console.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import kafka.server.KafkaConfig;
import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sluice.console.config.EnvironmentVariable;

/** What can be known of the container files without a container engine. */
class DockerFilesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern PINNED = Pattern.compile("[a-z0-9./-]+:\\d+\\.\\d+\\.\\d+[A-Za-z0-9._-]*");

    private static JsonNode compose;
    private static List<String> dockerfile = List.of();

    @BeforeAll
    static void read() throws IOException {
        compose = new YAMLMapper().readTree(ROOT.resolve("docker/compose.yaml").toFile());
        dockerfile = Files.readAllLines(ROOT.resolve("docker/Dockerfile"));
    }

    @Test
    void everyImageIsPinnedToAVersion() {
        assertThat(compose.path("services").findValuesAsText("image"))
                .hasSize(3)
                .allSatisfy(image -> assertThat(image).matches(PINNED));
        assertThat(lines("FROM")).hasSize(2).allSatisfy(from -> assertThat(first(from, " "))
                .matches(PINNED));
    }

    @Test
    void theBrokerIsTheVersionWeTestWith() {
        assertThat(compose.at("/services/kafka/image").asText())
                .isEqualTo("apache/kafka:" + AppInfoParser.getVersion());
    }

    @Test
    void everyPortIsBoundToTheLoopbackInterface() {
        var ports = new ArrayList<String>();
        compose.path("services").forEach(service -> service.path("ports").forEach(port -> ports.add(port.asText())));
        assertThat(ports).isNotEmpty().allSatisfy(port -> assertThat(port).startsWith("127.0.0.1:"));
    }

    @Test
    void sluiceIsToldOnlyWhatItUnderstands() {
        assertThat(compose.at("/services/sluice/environment").fieldNames())
                .toIterable()
                .isSubsetOf(Arrays.stream(EnvironmentVariable.values())
                        .map(Enum::name)
                        .toList())
                .contains("PAPER_TRADING");
        assertThat(compose.at("/services/sluice/environment/PAPER_TRADING").asText())
                .isEqualTo("1");
    }

    @Test
    void theBrokerIsToldOnlyWhatItUnderstands() {
        var known = KafkaConfig.configNames();
        compose.at("/services/kafka/environment").fieldNames().forEachRemaining(name -> {
            if (!name.equals("CLUSTER_ID")) {
                assertThat(known.contains(name.replaceFirst("^KAFKA_", "")
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '.')))
                        .as(name)
                        .isTrue();
            }
        });
    }

    @Test
    void everybodyReachesTheBrokerUnderANameItGoesBy() {
        String advertised = compose.at("/services/kafka/environment/KAFKA_ADVERTISED_LISTENERS")
                .asText();
        assertThat(advertised)
                .contains("//"
                        + compose.at("/services/sluice/environment/SLUICE_KAFKA_BOOTSTRAP_SERVERS")
                                .asText())
                .contains("//"
                        + compose.at("/services/registry/environment/APICURIO_KAFKASQL_BOOTSTRAP_SERVERS")
                                .asText())
                .contains("//127.0.0.1:9092");
        assertThat(compose.at("/services/sluice/environment/SLUICE_REGISTRY_URL")
                        .asText())
                .startsWith("http://registry:8080/");
    }

    @Test
    void everythingThatIsNamedIsThere() {
        JsonNode build = compose.at("/services/sluice/build");
        Path context =
                ROOT.resolve("docker").resolve(build.path("context").asText()).normalize();
        assertThat(context).isEqualTo(ROOT);
        assertThat(context.resolve(build.path("dockerfile").asText())).isRegularFile();
        assertThat(ROOT.resolve("docker/sluice")).isExecutable();
        for (String copy : lines("COPY")) {
            String source = first(copy.replaceFirst("^--from=build /src/", ""), " ");
            // What the build makes is not there before it.
            if (!source.startsWith("console/target/")) {
                assertThat(ROOT.resolve(source)).as(copy).exists();
            }
        }
        compose.path("services").forEach(service -> service.path("volumes")
                .forEach(volume -> assertThat(compose.path("volumes").has(first(volume.asText(), ":")))
                        .as(volume.asText())
                        .isTrue()));
    }

    @Test
    void theContainerIsNotRootAndSaysWhetherItIsWell() {
        assertThat(lines("USER")).containsExactly("10001:10001");
        assertThat(lines("HEALTHCHECK")).hasSize(1);
        assertThat(compose.at("/services/sluice/volumes/0").asText())
                .endsWith(":" + lines("VOLUME").get(0))
                .endsWith(":"
                        + compose.at("/services/sluice/environment/SLUICE_DATA_DIRECTORY")
                                .asText());
        assertThat(String.join("\n", dockerfile)).contains("ls /var/lib/sluice/*/running.json");
    }

    @Test
    void theContainerRunsWhatTheLauncherRuns() throws IOException {
        Pattern main = Pattern.compile("sluice\\.console\\.cli\\.Main|console/target/sluice\\.jar|target/lib");
        String launcher = Files.readString(ROOT.resolve("docker/sluice"));
        assertThat(main.matcher(launcher).results().map(MatchResult::group).distinct())
                .containsExactlyInAnyOrder("sluice.console.cli.Main", "console/target/sluice.jar", "target/lib");
    }

    private static String first(String text, String separator) {
        return text.substring(0, text.indexOf(separator) < 0 ? text.length() : text.indexOf(separator));
    }

    private static List<String> lines(String instruction) {
        return dockerfile.stream()
                .filter(line -> line.startsWith(instruction + " "))
                .map(line -> line.substring(instruction.length() + 1).strip())
                .toList();
    }
}
