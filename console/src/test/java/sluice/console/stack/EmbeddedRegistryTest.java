package sluice.console.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sluice.avro.Fill;
import sluice.topics.Topics;
import sluice.wire.SchemaRegistry.Registration.Refused;
import sluice.wire.SchemaRegistryClient;

class EmbeddedRegistryTest extends RegistryContract {
    @RegisterExtension
    static final TestBroker BROKER = new TestBroker();

    private static EmbeddedRegistry registry;

    @BeforeAll
    static void start() {
        BROKER.createTopics();
        registry = EmbeddedRegistry.start(BROKER.bootstrapServers(), BROKER.settings(), 0);
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @Override
    URI uri() {
        return registry.uri();
    }

    @Test
    void ourSchemasAreThereFromTheStart() {
        for (var topic : Topics.all()) {
            BROKER.settings().subjectOf(topic).ifPresent(subject -> assertThat(client().versions(subject))
                    .as(subject)
                    .containsExactly(1));
        }
    }

    /** Stock registries accept this at every level, and a price of 0.65 is 65 from then on. */
    @Test
    void aChangeOfScaleIsRefusedAsIncompatible() throws Exception {
        String subject = BROKER.settings().subjectOf(Topics.FILLS).orElseThrow();
        var changed =
                new Schema.Parser().parse(Fill.getClassSchema().toString().replaceFirst("\"scale\":6", "\"scale\":2"));

        assertThat(client().incompatibilities(subject, changed))
                .containsExactly("Fill.price is decimal(18, 2) but decimal(18, 6) in version 1");
        assertThat(client().register(subject, changed)).isInstanceOf(Refused.class);
        var answer = call("POST", "/subjects/" + subject + "/versions", "{\"schema\":" + quoted(changed) + "}");
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body().path("error_code").asInt()).isEqualTo(409);
    }

    @Test
    void requestsThatMakeNoSenseAreAnsweredInWords() throws Exception {
        assertError(call("PUT", "/config", "{\"compatibility\":\"SOME\"}"), 422, 42203);
        assertError(call("GET", "/subjects/" + anySubject() + "/versions/x", null), 422, 42202);
        assertError(call("GET", "/config/" + anySubject(), null), 404, 40408);
        assertError(call("DELETE", "/subjects/" + anySubject() + "?permanent=true", null), 422, 42205);
        assertError(call("POST", "/subjects/a-value/versions", "{"), 400, 400);
        assertError(call("GET", "/nonsense", null), 404, 404);
        assertError(
                call("POST", "/subjects/a-value/versions", "{\"schemaType\":\"PROTOBUF\",\"schema\":\"\"}"),
                422,
                42201);
    }

    @Test
    void everythingRegisteredIsThereWithItsIdAfterARestart() throws Exception {
        // Given
        var schema = record("Lasting", "a");
        int id = id("lasting-value", schema);
        int hidden = id("lasting-hidden-value", record("LastingHidden", "a"));
        call("DELETE", "/subjects/lasting-hidden-value", null);
        call("PUT", "/config/lasting-value", "{\"compatibility\":\"BACKWARD\"}");

        // When a second registry reads the same topic
        try (var again = EmbeddedRegistry.start(BROKER.bootstrapServers(), BROKER.settings(), 0);
                var other = new SchemaRegistryClient(again.uri())) {
            // Then
            assertThat(other.idOf("lasting-value", schema)).hasValue(id);
            assertThat(other.byId(hidden)).isPresent();
            assertThat(other.versions("lasting-hidden-value")).isEmpty();
            assertThat(other.versions(anySubject())).containsExactly(1);
        }
    }

    @Test
    void aTakenPortIsRefusedByItsNumber() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() ->
                            EmbeddedRegistry.start(BROKER.bootstrapServers(), BROKER.settings(), other.getLocalPort()))
                    .isInstanceOf(StackException.class)
                    .hasMessageContaining("port " + other.getLocalPort());
        }
    }

    private static String anySubject() {
        return BROKER.settings().subjectOf(Topics.JOURNAL).orElseThrow();
    }
}
