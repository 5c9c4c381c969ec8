package sluice.console.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import sluice.avro.RegisteredSchema;
import sluice.topics.Topic;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.wire.AvroBytes;
import sluice.wire.AvroSerde;
import sluice.wire.Compatibility;
import sluice.wire.InMemorySchemaRegistry;
import sluice.wire.SchemaRegistry.Registration;
import sluice.wire.SchemaVersion;

/**
 * A schema registry in this process that answers the part of the Confluent REST API that serdes and tools use:
 * subjects, versions, ids, compatibility and its levels. Avro only, without references between schemas.
 *
 * <p>It listens on the loopback interface only. Every change is on the topic {@code schemas} before it is answered, so
 * that ids survive restarts; one registry at a time may write there. New versions are held to FULL_TRANSITIVE unless a
 * level is set, and every level but NONE refuses a change of a decimal's scale, which others accept.
 */
public final class EmbeddedRegistry implements AutoCloseable {
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String topic;
    private final String ownSubject;
    private final InMemorySchemaRegistry schemas;
    private final KafkaProducer<String, byte[]> producer;
    private final HttpServer http;
    private final ExecutorService requests;

    /** An answer that is an error, with the code that the Confluent API gives it. */
    private static final class ErrorAnswer extends RuntimeException {
        private final int code;

        ErrorAnswer(int code, String message) {
            super(message, null, false, false);
            this.code = code;
        }

        int status() {
            return code >= 1000 ? code / 100 : code;
        }
    }

    private EmbeddedRegistry(String bootstrapServers, TopicSettings settings, int port) {
        this.topic = settings.nameOf(Topics.SCHEMAS);
        this.ownSubject = settings.subjectOf(Topics.SCHEMAS).orElseThrow();
        this.schemas = new InMemorySchemaRegistry(this::store);
        this.http = listen(port);
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        0,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        Topic.LARGEST_WRAPPING_BATCH,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        (int) PATIENCE.toMillis(),
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        (int) PATIENCE.toMillis() / 3),
                new StringSerializer(),
                new ByteArraySerializer());
        this.requests = Executors.newFixedThreadPool(
                2, Thread.ofPlatform().daemon().name("schema-registry-", 1).factory());
        http.createContext("/", this::answer);
        http.setExecutor(requests);
    }

    /**
     * Reads back what was registered, registers the schemas of the catalogue, and starts to answer.
     *
     * @param bootstrapServers broker on which the topic {@code schemas} exists
     * @param port port to answer on; 0 for any that is free
     * @throws StackException if the port is taken or the broker does not answer
     */
    public static EmbeddedRegistry start(String bootstrapServers, TopicSettings settings, int port) {
        var registry = new EmbeddedRegistry(bootstrapServers, settings, port);
        try {
            registry.restore(bootstrapServers);
            registry.schemas.registerCatalogue(settings);
            registry.http.start();
            return registry;
        } catch (RuntimeException | Error e) {
            registry.close();
            throw e;
        }
    }

    /** Where it answers. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    /** Stops answering. */
    @Override
    public void close() {
        http.stop(0);
        requests.shutdownNow();
        producer.close(Duration.ofSeconds(5));
    }

    private static HttpServer listen(int port) {
        try {
            return HttpServer.create(
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 0);
        } catch (IOException e) {
            throw new StackException(
                    "port " + port + " on 127.0.0.1 cannot be used for the schema registry: " + e.getMessage()
                            + "; stop what uses it, or set another port",
                    e);
        }
    }

    // ---------------------------------------------------------------- the topic

    /** Returns when the change is on the broker. */
    private void store(RegisteredSchema change) {
        // The first change of all registers the schema of these very records.
        int id = schemas.idOf(ownSubject, change.getSchema()).orElse(change.getId());
        var body = AvroBytes.encode(change);
        var value = ByteBuffer.allocate(5 + body.length)
                .put((byte) 0)
                .putInt(id)
                .put(body)
                .array();
        var record = new ProducerRecord<>(topic, change.getSubject() + "|" + change.getVersion(), value);
        try {
            producer.send(record).get();
        } catch (ExecutionException e) {
            throw new StackException("a schema could not be written to " + topic + ": " + StackException.reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackException("interrupted while writing a schema to " + topic, e);
        }
    }

    private void restore(String bootstrapServers) {
        // Id 1 is always this one: whoever reads the topic must know it before the first record.
        var own = new RegisteredSchema(
                ownSubject, 1, 1, RegisteredSchema.getClassSchema().toString(), false);
        schemas.restore(own);
        var values = new AvroSerde<>(RegisteredSchema.class, schemas);
        var partition = new TopicPartition(topic, 0);
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        (int) PATIENCE.toMillis(),
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = Objects.requireNonNull(
                    consumer.endOffsets(List.of(partition)).get(partition));
            if (end == 0) {
                store(own);
            }
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (consumer.position(partition) < end) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    var change = values.deserialize(topic, record.value());
                    if (change != null) {
                        schemas.restore(change);
                    }
                }
                if (System.nanoTime() > deadline) {
                    throw new StackException(topic + " could not be read to its end at offset " + end + " within "
                            + PATIENCE.toSeconds() + " s; got to " + consumer.position(partition));
                }
            }
        } catch (KafkaException e) {
            throw new StackException("the registered schemas could not be read from " + topic + ": " + e, e);
        }
    }

    // ---------------------------------------------------------------- HTTP

    private void answer(HttpExchange exchange) {
        try (exchange) {
            int status = 200;
            JsonNode body;
            try {
                if (exchange.getRequestHeaders().containsKey("Origin")) {
                    // A page in a browser may send requests to any port of its reader's machine.
                    throw new ErrorAnswer(403, "this registry answers programs and no pages");
                }
                body = route(exchange.getRequestMethod(), exchange.getRequestURI(), read(exchange));
            } catch (ErrorAnswer e) {
                status = e.status();
                body = error(e.code, String.valueOf(e.getMessage()));
            } catch (RuntimeException e) {
                status = 500;
                body = error(50001, "the registry failed: " + e);
            }
            var bytes = body.toString().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", MEDIA_TYPE);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (IOException e) {
            // Whoever asked has gone.
        }
    }

    private static JsonNode read(HttpExchange exchange) throws IOException {
        var bytes = exchange.getRequestBody().readAllBytes();
        if (bytes.length == 0) {
            return NODES.objectNode();
        }
        try {
            return JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new ErrorAnswer(400, "the request's body is no JSON: " + e.getOriginalMessage());
        }
    }

    private JsonNode route(String method, URI uri, JsonNode body) {
        var path = Arrays.stream(uri.getRawPath().split("/"))
                .filter(part -> !part.isEmpty())
                .map(part -> URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8))
                .toList();
        String query = "&" + (uri.getQuery() == null ? "" : uri.getQuery()) + "&";
        var answer = path.isEmpty()
                ? NODES.objectNode()
                : switch (path.getFirst()) {
                    case "subjects" -> subjects(method, path, body, query);
                    case "schemas" -> byId(method, path);
                    case "compatibility" -> compatibility(method, path, body, query);
                    case "config" -> config(method, path, body, query);
                    case "mode" ->
                        method.equals("GET") && path.size() == 1
                                ? NODES.objectNode().put("mode", "READWRITE")
                                : null;
                    default -> null;
                };
        if (answer == null) {
            throw new ErrorAnswer(404, "this registry does not answer " + method + " " + uri.getRawPath());
        }
        return answer;
    }

    private @Nullable JsonNode subjects(String method, List<String> path, JsonNode body, String query) {
        if (path.size() == 1) {
            return method.equals("GET") ? texts(schemas.subjects()) : null;
        }
        String subject = path.get(1);
        boolean versions = path.size() > 2 && path.get(2).equals("versions");
        return switch (method + " " + path.size()) {
            case "POST 2" -> find(subject, body);
            case "DELETE 2" -> deleteSubject(subject, query);
            case "GET 3" -> versions ? numbers(requireVersions(subject)) : null;
            case "POST 3" -> versions ? register(subject, body) : null;
            case "GET 4" -> versions ? version(requireVersion(subject, path.get(3))) : null;
            case "DELETE 4" -> versions ? deleteVersion(subject, path.get(3), query) : null;
            case "GET 5" ->
                versions && path.get(4).equals("schema")
                        ? parsed(requireVersion(subject, path.get(3)).schema())
                        : null;
            default -> null;
        };
    }

    private JsonNode register(String subject, JsonNode body) {
        var schema = schema(body);
        return switch (schemas.register(subject, schema)) {
            case Registration.Registered(int id) -> NODES.objectNode().put("id", id);
            case Registration.Refused(String reason) ->
                throw new ErrorAnswer(
                        409,
                        "Schema being registered is incompatible with an earlier schema for subject \"" + subject
                                + "\": " + reason);
        };
    }

    private JsonNode find(String subject, JsonNode body) {
        var schema = schema(body);
        requireVersions(subject);
        return version(schemas.find(subject, schema).orElseThrow(() -> new ErrorAnswer(40403, "Schema not found")));
    }

    private JsonNode deleteSubject(String subject, String query) {
        var versions = requireVersions(subject);
        requireSoft(query);
        versions.forEach(version -> schemas.delete(subject, version));
        return numbers(versions);
    }

    private JsonNode deleteVersion(String subject, String name, String query) {
        var version = requireVersion(subject, name);
        requireSoft(query);
        schemas.delete(subject, version.version());
        return NODES.numberNode(version.version());
    }

    private static void requireSoft(String query) {
        if (query.contains("&permanent=true&")) {
            throw new ErrorAnswer(
                    42205,
                    "schemas are hidden and never removed for good: records with their ids may turn up at any time");
        }
    }

    private @Nullable JsonNode byId(String method, List<String> path) {
        if (!method.equals("GET")) {
            return null;
        }
        if (path.size() == 2 && path.get(1).equals("types")) {
            return texts(List.of("AVRO"));
        }
        if (path.size() < 3 || !path.get(1).equals("ids")) {
            return null;
        }
        int id;
        try {
            id = Integer.parseInt(path.get(2));
        } catch (NumberFormatException e) {
            throw new ErrorAnswer(404, "\"" + path.get(2) + "\" is no schema id");
        }
        var schema = schemas.byId(id).orElseThrow(() -> new ErrorAnswer(40403, "Schema " + id + " not found"));
        return switch (path.size() == 3 ? "" : path.size() == 4 ? path.get(3) : "?") {
            case "" -> NODES.objectNode().put("schema", schema.toString());
            case "schema" -> parsed(schema);
            case "subjects" ->
                texts(schemas.uses(id).stream()
                        .map(SchemaVersion::subject)
                        .distinct()
                        .toList());
            case "versions" -> {
                var uses = NODES.arrayNode();
                schemas.uses(id)
                        .forEach(use ->
                                uses.addObject().put("subject", use.subject()).put("version", use.version()));
                yield uses;
            }
            default -> null;
        };
    }

    private @Nullable JsonNode compatibility(String method, List<String> path, JsonNode body, String query) {
        boolean known = method.equals("POST")
                && path.size() >= 4
                && path.size() <= 5
                && path.get(1).equals("subjects")
                && path.get(3).equals("versions");
        if (!known) {
            return null;
        }
        var schema = schema(body);
        String subject = path.get(2);
        List<String> problems;
        if (path.size() == 4) {
            problems = schemas.incompatibilities(subject, schema);
        } else {
            var version = requireVersion(subject, path.get(4));
            problems = schemas.compatibilityOf(subject)
                    .problems(schema, new TreeMap<>(Map.of(version.version(), version.schema())));
        }
        var answer = NODES.objectNode().put("is_compatible", problems.isEmpty());
        if (query.contains("&verbose=true&")) {
            answer.set("messages", texts(problems));
        }
        return answer;
    }

    private @Nullable JsonNode config(String method, List<String> path, JsonNode body, String query) {
        if (path.size() > 2) {
            return null;
        }
        String subject = path.size() == 2 ? path.get(1) : null;
        return switch (method) {
            case "GET" -> {
                var level = subject == null || query.contains("&defaultToGlobal=true&")
                        ? subject == null ? schemas.compatibility() : schemas.compatibilityOf(subject)
                        : schemas.ownCompatibilityOf(subject)
                                .orElseThrow(() -> new ErrorAnswer(
                                        40408,
                                        "Subject '" + subject
                                                + "' does not have subject-level compatibility configured"));
                yield NODES.objectNode().put("compatibilityLevel", level.name());
            }
            case "PUT" -> {
                var level = level(body.path("compatibility").asText());
                if (subject == null) {
                    schemas.setCompatibility(level);
                } else {
                    schemas.setCompatibility(subject, level);
                }
                yield NODES.objectNode().put("compatibility", level.name());
            }
            case "DELETE" -> {
                if (subject == null) {
                    schemas.setCompatibility(Compatibility.FULL_TRANSITIVE);
                    yield NODES.objectNode().put("compatibilityLevel", Compatibility.FULL_TRANSITIVE.name());
                }
                var level = schemas.compatibilityOf(subject);
                schemas.clearCompatibility(subject);
                yield NODES.objectNode().put("compatibilityLevel", level.name());
            }
            default -> null;
        };
    }

    private static Compatibility level(String name) {
        try {
            return Compatibility.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new ErrorAnswer(
                    42203,
                    "Invalid compatibility level \"" + name + "\"; valid ones are "
                            + Arrays.toString(Compatibility.values()));
        }
    }

    private static Schema schema(JsonNode body) {
        String type = body.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw new ErrorAnswer(42201, "schema type " + type + " is not supported here; AVRO is");
        }
        if (!body.path("references").isEmpty()) {
            throw new ErrorAnswer(42201, "references are not supported here; send one schema with everything in it");
        }
        try {
            return new Schema.Parser().parse(body.path("schema").asText());
        } catch (AvroRuntimeException e) {
            throw new ErrorAnswer(42201, "Invalid schema: " + e.getMessage());
        }
    }

    private List<Integer> requireVersions(String subject) {
        var versions = schemas.versions(subject);
        if (versions.isEmpty()) {
            throw new ErrorAnswer(40401, "Subject '" + subject + "' not found.");
        }
        return versions;
    }

    private SchemaVersion requireVersion(String subject, String name) {
        requireVersions(subject);
        if (name.equals("latest") || name.equals("-1")) {
            return schemas.latest(subject).orElseThrow();
        }
        int number;
        try {
            number = Integer.parseInt(name);
        } catch (NumberFormatException e) {
            number = 0;
        }
        if (number < 1) {
            throw new ErrorAnswer(42202, "The specified version '" + name + "' is not a number from 1, nor \"latest\"");
        }
        int version = number;
        return schemas.version(subject, version)
                .orElseThrow(() -> new ErrorAnswer(40402, "Version " + version + " not found."));
    }

    private static ObjectNode version(SchemaVersion it) {
        return NODES.objectNode()
                .put("subject", it.subject())
                .put("version", it.version())
                .put("id", it.id())
                .put("schema", it.schema().toString());
    }

    private static JsonNode parsed(Schema schema) {
        try {
            return JSON.readTree(schema.toString());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Avro wrote a schema that is no JSON", e);
        }
    }

    private static ObjectNode error(int code, String message) {
        return NODES.objectNode().put("error_code", code).put("message", message);
    }

    private static JsonNode texts(List<String> values) {
        var array = NODES.arrayNode();
        values.forEach(array::add);
        return array;
    }

    private static JsonNode numbers(List<Integer> values) {
        var array = NODES.arrayNode();
        values.forEach(array::add);
        return array;
    }
}
