package sluice.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.jspecify.annotations.Nullable;

/**
 * A schema registry behind the Confluent REST API: Confluent's own, Apicurio's ({@code /apis/ccompat/v7}), Karapace,
 * Redpanda, or the embedded one.
 *
 * <p>What it learns about ids it never asks again. While the registry cannot be asked, ids and schemas come from the
 * bundle, so that a dead registry does not stop trading in schemas that were known before.
 */
public final class SchemaRegistryClient implements SchemaRegistry, AutoCloseable {
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI base;
    private final Duration timeout;
    private final SchemaBundle bundle;
    private final HttpClient http;
    private final Map<Integer, Schema> schemaById = new ConcurrentHashMap<>();
    private final Map<Place, Integer> idByPlace = new ConcurrentHashMap<>();

    private record Place(String subject, Schema schema) {}

    private record Answer(int status, JsonNode body, String request) {
        /** The registry's own error code, which says more than the status; the status where there is none. */
        int code() {
            return body.path("error_code").asInt(status);
        }

        String message() {
            return body.path("message").asText(body.toString());
        }
    }

    /** A client of the registry at {@code base}, without a bundle, that waits at most five seconds for an answer. */
    public SchemaRegistryClient(URI base) {
        this(base, Duration.ofSeconds(5), SchemaBundle.EMPTY);
    }

    /**
     * @param base where the API starts, for example {@code http://127.0.0.1:8081}
     * @param timeout longest wait for a connection and for an answer
     * @param bundle what to go by while the registry does not answer
     */
    public SchemaRegistryClient(URI base, Duration timeout, SchemaBundle bundle) {
        this.base = URI.create(base.toString().replaceAll("/+$", ""));
        this.timeout = timeout;
        this.bundle = bundle;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .build();
    }

    @Override
    public Registration register(String subject, Schema schema) {
        var answer = send("POST", "/subjects/" + encoded(subject) + "/versions", body(schema));
        return switch (answer.status()) {
            case 200 -> {
                int id = answer.body().path("id").asInt();
                idByPlace.put(new Place(subject, schema), id);
                yield new Registration.Registered(id);
            }
            case 409, 422 -> new Registration.Refused(answer.message());
            default -> throw unexpected(answer);
        };
    }

    @Override
    public OptionalInt idOf(String subject, Schema schema) {
        var place = new Place(subject, schema);
        Integer known = idByPlace.get(place);
        if (known != null) {
            return OptionalInt.of(known);
        }
        Answer answer;
        try {
            answer = send("POST", "/subjects/" + encoded(subject), body(schema));
        } catch (RegistryUnavailableException e) {
            var bundled = bundle.idOf(subject, schema);
            if (bundled.isPresent()) {
                idByPlace.put(place, bundled.getAsInt());
                return bundled;
            }
            throw e;
        }
        return switch (answer.status()) {
            case 200 -> {
                int id = answer.body().path("id").asInt();
                idByPlace.put(place, id);
                yield OptionalInt.of(id);
            }
            case 404 -> OptionalInt.empty();
            default -> throw unexpected(answer);
        };
    }

    @Override
    public Optional<Schema> byId(int id) {
        var known = schemaById.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        Answer answer;
        try {
            answer = send("GET", "/schemas/ids/" + id, null);
        } catch (RegistryUnavailableException e) {
            var bundled = bundle.byId(id);
            if (bundled.isPresent()) {
                schemaById.put(id, bundled.get());
                return bundled;
            }
            throw e;
        }
        return switch (answer.status()) {
            case 200 -> {
                var schema = parse(answer);
                schemaById.put(id, schema);
                yield Optional.of(schema);
            }
            case 404 -> Optional.empty();
            default -> throw unexpected(answer);
        };
    }

    @Override
    public List<Integer> versions(String subject) {
        var answer = send("GET", "/subjects/" + encoded(subject) + "/versions", null);
        return switch (answer.status()) {
            case 200 -> {
                var versions = new ArrayList<Integer>();
                answer.body().forEach(version -> versions.add(version.asInt()));
                yield List.copyOf(versions);
            }
            case 404 -> List.of();
            default -> throw unexpected(answer);
        };
    }

    @Override
    public Optional<SchemaVersion> version(String subject, int version) {
        return versionCalled(subject, Integer.toString(version));
    }

    @Override
    public Optional<SchemaVersion> latest(String subject) {
        return versionCalled(subject, "latest");
    }

    @Override
    public List<String> incompatibilities(String subject, Schema schema) {
        var answer =
                send("POST", "/compatibility/subjects/" + encoded(subject) + "/versions?verbose=true", body(schema));
        return switch (answer.status()) {
            case 200 -> {
                if (answer.body().path("is_compatible").asBoolean()) {
                    yield List.of();
                }
                var messages = new ArrayList<String>();
                answer.body().path("messages").forEach(message -> messages.add(message.asText()));
                yield messages.isEmpty()
                        ? List.of("incompatible, the registry does not say why")
                        : List.copyOf(messages);
            }
            case 404 -> List.of(); // There is no version yet that it could be at odds with.
            default -> throw unexpected(answer);
        };
    }

    /** Ends connections that are open. */
    @Override
    public void close() {
        http.close();
    }

    private Optional<SchemaVersion> versionCalled(String subject, String version) {
        var answer = send("GET", "/subjects/" + encoded(subject) + "/versions/" + version, null);
        return switch (answer.status()) {
            case 200 ->
                Optional.of(new SchemaVersion(
                        subject,
                        answer.body().path("version").asInt(),
                        answer.body().path("id").asInt(),
                        parse(answer)));
            case 404 -> Optional.empty();
            default -> throw unexpected(answer);
        };
    }

    private Answer send(String method, String path, @Nullable String body) {
        String asked = method + " " + base + path;
        var request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(timeout)
                .header("Accept", MEDIA_TYPE + ", application/json")
                .header("Content-Type", MEDIA_TYPE)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response;
        try {
            response = sendOnceMoreIfTheConnectionWasStale(request);
        } catch (IOException e) {
            throw new RegistryUnavailableException(
                    "no answer from the schema registry within " + timeout.toMillis() + " ms to " + asked + ": " + e,
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryUnavailableException("interrupted while waiting for " + asked, e);
        }
        try {
            return new Answer(response.statusCode(), JSON.readTree(response.body()), asked);
        } catch (JsonProcessingException e) {
            return new Answer(response.statusCode(), JsonNodeFactory.instance.textNode(response.body()), asked);
        }
    }

    /** Every call here may be repeated, and a server may close an idle connection at the moment it is used again. */
    private HttpResponse<String> sendOnceMoreIfTheConnectionWasStale(HttpRequest request)
            throws IOException, InterruptedException {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (HttpTimeoutException | ConnectException e) {
            throw e;
        } catch (IOException e) {
            return http.send(request, BodyHandlers.ofString());
        }
    }

    private static RegistryUnavailableException unexpected(Answer answer) {
        return new RegistryUnavailableException("the schema registry answered " + answer.request() + " with status "
                + answer.status() + ", code " + answer.code() + ": " + answer.message());
    }

    private static Schema parse(Answer answer) {
        try {
            return new Schema.Parser().parse(answer.body().path("schema").asText());
        } catch (SchemaParseException e) {
            throw new RegistryUnavailableException(
                    "the schema registry answered " + answer.request() + " with something that is no Avro schema: "
                            + e.getMessage(),
                    e);
        }
    }

    private static String body(Schema schema) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("schema", schema.toString())
                .toString();
    }

    private static String encoded(String subject) {
        return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
