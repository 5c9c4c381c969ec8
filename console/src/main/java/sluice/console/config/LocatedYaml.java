package sluice.console.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * A YAML document in which every scalar is the text that stands in the file, and every value knows where it came from.
 *
 * <p>Numbers stay text because a decimal must reach its setting digit by digit. A key without a value counts as absent.
 */
final class LocatedYaml {
    private final String name;
    private final ObjectNode root = JsonNodeFactory.instance.objectNode();
    private final Map<String, String> origins = new HashMap<>();

    private LocatedYaml(String name) {
        this.name = name;
    }

    /** Reads a document; {@code name} is what messages call it. */
    static LocatedYaml parse(String name, String text) {
        var yaml = new LocatedYaml(name);
        try (YAMLParser parser = new YAMLFactory().createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_OBJECT) {
                yaml.readObject(parser, yaml.root, "");
            } else if (first != null && first != JsonToken.VALUE_NULL) {
                throw yaml.invalid(
                        parser.currentTokenLocation(),
                        "the file is not a list of settings, each written as key: value");
            }
            if (parser.nextToken() != null) {
                throw yaml.invalid(
                        parser.currentTokenLocation(),
                        "a second document begins here; one file holds one configuration");
            }
            return yaml;
        } catch (JsonProcessingException e) {
            throw yaml.notYaml(e);
        } catch (IOException e) {
            throw ConfigException.invalid(name + " cannot be read: " + e.getMessage());
        }
    }

    private ConfigException notYaml(JsonProcessingException e) {
        if (e.getCause() instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
            return ConfigException.invalid(name + ":" + (marked.getProblemMark().getLine() + 1) + ": this is not YAML: "
                    + marked.getProblem());
        }
        return invalid(e.getLocation(), "this is not YAML: " + e.getOriginalMessage());
    }

    private void readObject(YAMLParser parser, ObjectNode into, String path) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            JsonLocation where = parser.currentTokenLocation();
            String keyPath = path.isEmpty() ? key : path + "." + key;
            if (into.has(key) || origins.containsKey(keyPath)) {
                throw invalid(where, keyPath + " stands here a second time; the first is at " + origins.get(keyPath));
            }
            origins.put(keyPath, name + ":" + where.getLineNr());
            parser.nextToken();
            JsonNode value = readValue(parser, keyPath);
            if (value != null) {
                into.set(key, value);
            }
        }
    }

    private @Nullable JsonNode readValue(YAMLParser parser, String path) throws IOException {
        if (parser.isCurrentAlias()) {
            throw invalid(
                    parser.currentTokenLocation(),
                    path + " refers to another value (*" + parser.getText() + "); write the value out");
        }
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            readObject(parser, object, path);
            return object;
        }
        if (token == JsonToken.START_ARRAY) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                String element = path + "[" + array.size() + "]";
                origins.put(element, name + ":" + parser.currentTokenLocation().getLineNr());
                JsonNode value = readValue(parser, element);
                array.add(value == null ? JsonNodeFactory.instance.nullNode() : value);
            }
            return array;
        }
        return token == JsonToken.VALUE_NULL ? null : JsonNodeFactory.instance.textNode(parser.getText());
    }

    private ConfigException invalid(@Nullable JsonLocation where, String problem) {
        return ConfigException.invalid(name + ":" + (where == null ? "1" : where.getLineNr()) + ": " + problem);
    }

    /** All settings, as a tree of objects, arrays and texts. */
    ObjectNode root() {
        return root;
    }

    /**
     * Puts {@code value} at a dotted path, over what stands there, and remembers who said so. A section may be an
     * element of a list, as in {@code accounts[0].name}; the list is made where there is none.
     */
    void set(String path, String value, String origin) {
        ObjectNode object = root;
        int cut = path.lastIndexOf('.');
        if (cut >= 0) {
            for (String section : List.of(path.substring(0, cut).split("\\.", -1))) {
                if (!(section(object, section) instanceof ObjectNode inside)) {
                    throw ConfigException.invalid(origin(section) + ": " + section
                            + " is not a section of settings, so " + origin + " cannot set " + path);
                }
                object = inside;
            }
        }
        object.put(path.substring(cut + 1), value);
        origins.put(path, origin);
    }

    private static JsonNode section(ObjectNode in, String name) {
        int bracket = name.indexOf('[');
        if (bracket < 0) {
            return in.has(name) ? in.get(name) : in.putObject(name);
        }
        String list = name.substring(0, bracket);
        int index = Integer.parseInt(name.substring(bracket + 1, name.length() - 1));
        JsonNode elements = in.has(list) ? in.get(list) : in.putArray(list);
        if (elements instanceof ArrayNode array && index == array.size()) {
            return array.addObject();
        }
        return elements.path(index);
    }

    /** Takes away what stands at a dotted path, if anything does. */
    void remove(String path) {
        int cut = path.lastIndexOf('.');
        if (at(path.substring(0, Math.max(0, cut))) instanceof ObjectNode section) {
            section.remove(path.substring(cut + 1));
            origins.remove(path);
        }
    }

    /** The text at a dotted path. */
    Optional<String> text(String path) {
        JsonNode node = at(path);
        return node.isTextual() ? Optional.of(node.textValue()) : Optional.empty();
    }

    private JsonNode at(String path) {
        JsonNode node = root;
        if (path.isEmpty()) {
            return node;
        }
        for (String key : List.of(path.split("\\.", -1))) {
            int bracket = key.indexOf('[');
            node = bracket < 0
                    ? node.path(key)
                    : node.path(key.substring(0, bracket))
                            .path(Integer.parseInt(key.substring(bracket + 1, key.length() - 1)));
        }
        return node;
    }

    /** Where the value at a path, or the nearest thing around it, came from. */
    String origin(String path) {
        for (String at = path; !at.isEmpty(); at = parent(at)) {
            String origin = origins.get(at);
            if (origin != null) {
                return origin;
            }
        }
        return name;
    }

    private static String parent(String path) {
        int cut = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
        return cut < 0 ? "" : path.substring(0, cut);
    }
}
