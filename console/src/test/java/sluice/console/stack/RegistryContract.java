package sluice.console.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.avro.Level;
import sluice.topics.TopicSettings;
import sluice.wire.AvroSerde;
import sluice.wire.SchemaRegistry.Registration.Refused;
import sluice.wire.SchemaRegistry.Registration.Registered;
import sluice.wire.SchemaRegistryClient;
import sluice.wire.SchemaVersion;
import sluice.wire.UnreadableRecordException;

/** What we need of a registry, whoever makes it. Every test has subjects of its own, so the order does not matter. */
abstract class RegistryContract {
    private final HttpClient http = HttpClient.newHttpClient();
    private SchemaRegistryClient client;

    /** Where the registry under test answers. */
    abstract URI uri();

    @BeforeEach
    void connect() throws Exception {
        client = new SchemaRegistryClient(uri());
        // Registries disagree about the level that nobody set.
        assertThat(call("PUT", "/config", "{\"compatibility\":\"FULL_TRANSITIVE\"}")
                        .status())
                .isEqualTo(200);
    }

    @AfterEach
    void disconnect() {
        client.close();
        http.close();
    }

    @Test
    void aSchemaHasOneIdWhereverAndHoweverOftenItIsRegistered() {
        var schema = record("Once", "a");

        var id = id("once-value", schema);

        assertThat(client.register("once-value", schema)).isEqualTo(new Registered(id));
        assertThat(client.register("once-elsewhere-value", schema)).isEqualTo(new Registered(id));
        assertThat(client.versions("once-value")).containsExactly(1);
        try (var other = new SchemaRegistryClient(uri())) {
            assertThat(other.idOf("once-value", schema)).hasValue(id);
            assertThat(other.byId(id)).contains(schema);
            assertThat(other.latest("once-value")).contains(new SchemaVersion("once-value", 1, id, schema));
            assertThat(other.version("once-value", 1)).contains(new SchemaVersion("once-value", 1, id, schema));
        }
    }

    @Test
    void aCompatibleChangeIsTheNextVersionWithAnIdOfItsOwn() {
        var first = id("grows-value", record("Grows", "a"));

        var second = id("grows-value", record("Grows", "a", "b"));

        assertThat(second).isNotEqualTo(first);
        assertThat(client.versions("grows-value")).containsExactly(1, 2);
        assertThat(client.latest("grows-value")).map(SchemaVersion::version).contains(2);
    }

    @Test
    void anIncompatibleChangeIsRefusedAndCanBeAskedAboutBefore() {
        client.register("fixed-value", record("Fixed", "a"));
        var changed =
                SchemaBuilder.record("Fixed").fields().requiredBoolean("a").endRecord();

        assertThat(client.incompatibilities("fixed-value", record("Fixed", "a", "b")))
                .isEmpty();
        assertThat(client.incompatibilities("fixed-value", changed)).isNotEmpty();
        assertThat(client.register("fixed-value", changed)).isInstanceOf(Refused.class);
        assertThat(client.versions("fixed-value")).containsExactly(1);
        assertThat(client.incompatibilities("nobody-knows-value", changed)).isEmpty();
    }

    @Test
    void everyEarlierVersionCountsAndNotOnlyTheNewest() {
        // Given a field that came, went, and would come back as something else
        client.register("returns-value", record("Returns", "a"));
        client.register("returns-value", record("Returns"));
        var changed = SchemaBuilder.record("Returns")
                .fields()
                .name("a")
                .type()
                .booleanType()
                .booleanDefault(false)
                .endRecord();

        assertThat(client.register("returns-value", changed)).isInstanceOf(Refused.class);
    }

    @Test
    void whatIsNotThereHasACodeOfItsOwn() throws Exception {
        client.register("there-value", record("There", "a"));
        String unknown = "{\"schema\":" + quoted(record("Unknown", "z")) + "}";

        assertError(call("GET", "/subjects/nowhere-value/versions", null), 404, 40401);
        assertError(call("GET", "/subjects/nowhere-value/versions/latest", null), 404, 40401);
        assertError(call("GET", "/subjects/there-value/versions/99", null), 404, 40402);
        assertError(call("GET", "/schemas/ids/99999", null), 404, 40403);
        assertError(call("POST", "/subjects/nowhere-value", unknown), 404, 40401);
        assertError(call("POST", "/subjects/there-value", unknown), 404, 40403);
        assertThat(client.idOf("there-value", record("Unknown", "z"))).isEmpty();
        assertThat(client.byId(99999)).isEmpty();
        assertThat(client.versions("nowhere-value")).isEmpty();
        assertThat(client.latest("nowhere-value")).isEmpty();
    }

    @Test
    void whatIsNoSchemaIsRefused() throws Exception {
        var answer = call("POST", "/subjects/broken-value/versions", "{\"schema\":\"{\\\"type\\\":\\\"recrod\\\"}\"}");

        assertError(answer, 422, 42201);
    }

    @Test
    void aSubjectMayHaveALevelOfItsOwn() throws Exception {
        client.register("loose-value", record("Loose", "a"));
        var changed =
                SchemaBuilder.record("Loose").fields().requiredBoolean("a").endRecord();
        assertThat(client.register("loose-value", changed)).isInstanceOf(Refused.class);

        assertThat(call("PUT", "/config/loose-value", "{\"compatibility\":\"NONE\"}")
                        .body()
                        .path("compatibility")
                        .asText())
                .isEqualTo("NONE");

        assertThat(call("GET", "/config/loose-value", null)
                        .body()
                        .path("compatibilityLevel")
                        .asText())
                .isEqualTo("NONE");
        assertThat(call("GET", "/config", null)
                        .body()
                        .path("compatibilityLevel")
                        .asText())
                .isEqualTo("FULL_TRANSITIVE");
        assertThat(client.register("loose-value", changed)).isInstanceOf(Registered.class);
    }

    @Test
    void aDeletedVersionIsGoneFromItsSubjectAndItsIdStaysReadable() throws Exception {
        var schema = record("Hidden", "a");
        int id = id("hidden-value", schema);
        id("hidden-value", record("Hidden", "a", "b"));

        assertThat(call("DELETE", "/subjects/hidden-value/versions/1", null)
                        .body()
                        .asInt())
                .isEqualTo(1);

        assertThat(client.versions("hidden-value")).containsExactly(2);
        try (var other = new SchemaRegistryClient(uri())) {
            assertThat(other.byId(id)).contains(schema);
        }
        assertThat(call("DELETE", "/subjects/hidden-value", null).status()).isEqualTo(200);
        assertThat(client.versions("hidden-value")).isEmpty();
    }

    @Test
    void idsLeadBackToTheirSubjects() throws Exception {
        int id = id("led-value", record("Led", "a"));

        assertThat(call("GET", "/schemas/ids/" + id + "/versions", null).body().toString())
                .contains("\"led-value\"");
        assertThat(call("GET", "/subjects", null).body().toString()).contains("\"led-value\"");
        assertThat(call("GET", "/schemas/types", null).body().toString()).contains("AVRO");
    }

    @Test
    void theWholeCatalogueIsRegisteredAndRecordsTravel() {
        // Given
        var settings = new TopicSettings("travel.", (short) 1, java.util.Map.of());
        client.registerCatalogue(settings);
        client.registerCatalogue(settings);
        client.register("levels-value", Level.getClassSchema());
        var level = new Level(new BigDecimal("0.650000"), new BigDecimal("7.000000"));

        // When
        var bytes = new AvroSerde<>(Level.class, client).serialize("levels", level);

        // Then a process that never wrote reads it
        try (var other = new SchemaRegistryClient(uri())) {
            assertThat(new AvroSerde<>(Level.class, other).deserialize("levels", bytes))
                    .isEqualTo(level);
        }
        assertThat(client.versions("travel.journal-value")).containsExactly(1);
    }

    /** Some registries let such a writer in; its records are refused all the same. */
    @Test
    void aPriceOfAnotherScaleNeverReachesUs() throws Exception {
        var hundredths =
                new Schema.Parser().parse(Level.getClassSchema().toString().replace("\"scale\":6", "\"scale\":2"));
        call("PUT", "/config/hundredths-value", "{\"compatibility\":\"NONE\"}");
        int id = id("hundredths-value", hundredths);
        var bytes = new byte[] {0, (byte) (id >>> 24), (byte) (id >>> 16), (byte) (id >>> 8), (byte) id, 2, 65, 2, 100};

        assertThatThrownBy(() -> new AvroSerde<>(Level.class, client).deserialize("hundredths", bytes))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("decimal(18, 6) but decimal(18, 2)");
    }

    int id(String subject, Schema schema) {
        var answer = client.register(subject, schema);
        assertThat(answer).isInstanceOf(Registered.class);
        return ((Registered) answer).id();
    }

    SchemaRegistryClient client() {
        return client;
    }

    record Answer(int status, JsonNode body) {}

    Answer call(String method, String path, @Nullable String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(uri() + path))
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        var response = http.send(request, BodyHandlers.ofString());
        return new Answer(response.statusCode(), new ObjectMapper().readTree(response.body()));
    }

    static void assertError(Answer answer, int status, int code) {
        assertThat(List.of(answer.status(), answer.body().path("error_code").asInt()))
                .as("%s", answer)
                .containsExactly(status, code);
        assertThat(answer.body().path("message").asText()).isNotBlank();
    }

    static String quoted(Schema schema) {
        return JsonNodeFactory.instance.textNode(schema.toString()).toString();
    }

    /** A record of int fields that each have a default. */
    static Schema record(String name, String... fields) {
        var record = SchemaBuilder.record(name).fields();
        for (String field : fields) {
            record = record.name(field).type().intType().intDefault(0);
        }
        return record.endRecord();
    }
}
