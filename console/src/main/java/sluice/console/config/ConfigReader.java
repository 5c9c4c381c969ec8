package sluice.console.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import sluice.domain.AccountId;
import sluice.domain.MarketId;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.Quantity;
import sluice.domain.StrategyId;
import sluice.domain.Venue;

/**
 * Reads the configuration: the file first, then the environment over it.
 *
 * <p>All failures are {@link ConfigException}s that name the file and the line, or the environment variable.
 */
public final class ConfigReader {
    private ConfigReader() {}

    /**
     * Reads a file and the environment.
     *
     * @param file the configuration; relative folders in it are relative to its own folder
     * @param environment variables of the process
     */
    public static LoadedConfig read(Path file, Map<String, String> environment) {
        return read(parse(file), file, environment);
    }

    private static LoadedConfig read(LocatedYaml yaml, Path file, Map<String, String> environment) {
        var effects = EnvironmentVariable.apply(environment, yaml);
        SluiceConfig config = bind(yaml);
        return new LoadedConfig(relativeTo(file, config), file, yaml, effects);
    }

    /**
     * Reads only what is needed to find the brokers, so that a slip in another section never keeps an operator from
     * halting.
     */
    public static ConnectionConfig readConnection(Path file, Map<String, String> environment) {
        LocatedYaml yaml = parse(file);
        EnvironmentVariable.applyConnection(environment, yaml);
        yaml.root().retain("data-directory", "kafka", "registry");
        SluiceConfig config = relativeTo(file, bind(yaml));
        return new ConnectionConfig(config.dataDirectory(), config.kafka(), config.registry());
    }

    private static LocatedYaml parse(Path file) {
        try {
            return LocatedYaml.parse(Objects.toString(file.getFileName()), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw ConfigException.invalid("there is no configuration " + file
                    + "; name one with --config, or copy the example sluice.yaml from the project's root");
        } catch (IOException e) {
            throw ConfigException.invalid("configuration " + file + " cannot be read: " + FileProblem.words(e));
        }
    }

    private static SluiceConfig relativeTo(Path file, SluiceConfig c) {
        Path folder = Objects.requireNonNullElse(file.toAbsolutePath().getParent(), Path.of("/"));
        return new SluiceConfig(
                c.mode(),
                folder.resolve(c.dataDirectory()).normalize(),
                c.tradingDayZone(),
                c.kafka(),
                c.registry(),
                c.embedded(),
                c.accounts().stream().map(account -> account.in(folder)).toList(),
                c.strategies(),
                c.limits(),
                c.allowedMarkets(),
                c.restrictedCategories(),
                c.notEnforcedYet(),
                c.paper(),
                c.venues(),
                c.signals(),
                c.intervals());
    }

    private static SluiceConfig bind(LocatedYaml yaml) {
        try {
            return mapper().treeToValue(yaml.root(), SluiceConfig.class);
        } catch (UnrecognizedPropertyException e) {
            String path = path(e);
            throw ConfigException.invalid(yaml.origin(path) + ": " + path + " is not a setting"
                    + NearestName.suggestion(
                            e.getPropertyName(),
                            e.getKnownPropertyIds().stream()
                                    .map(Object::toString)
                                    .toList()));
        } catch (JsonMappingException e) {
            throw explained(yaml, e);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a parsed configuration cannot be malformed", e);
        }
    }

    private static ConfigException explained(LocatedYaml yaml, JsonMappingException e) {
        String path = path(e);
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidSetting invalid) {
                String full = path.isEmpty() ? invalid.key() : path + "." + invalid.key();
                String text = yaml.origin(full) + ": " + section(path) + invalid.getMessage();
                return invalid.isRefused() ? ConfigException.refused(text) : ConfigException.invalid(text);
            }
        }
        if (e instanceof MismatchedInputException && e.getCause() == null) {
            return ConfigException.invalid(yaml.origin(path) + ": " + path + " has the wrong shape;"
                    + " compare it with the example sluice.yaml");
        }
        return ConfigException.invalid(yaml.origin(path) + ": " + path + " " + e.getOriginalMessage());
    }

    /** Says in which section a key stands, where the key alone would not. */
    private static String section(String path) {
        return path.isEmpty() ? "" : path + ": ";
    }

    private static String path(JsonMappingException e) {
        var path = new StringBuilder();
        for (JsonMappingException.Reference reference : e.getPath()) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
            }
        }
        return path.toString();
    }

    private static ObjectMapper mapper() {
        var texts = new SimpleModule("texts");
        text(texts, Mode.class, ConfigReader::mode);
        text(texts, Path.class, Path::of);
        text(texts, ZoneId.class, ConfigReader::zone);
        text(texts, Integer.class, text -> Math.toIntExact(whole(text)));
        text(texts, Long.class, ConfigReader::whole);
        text(texts, Money.class, text -> new Money(LimitValues.plainDecimal("an amount of dollars", text)));
        text(texts, Quantity.class, text -> new Quantity(LimitValues.plainDecimal("a number of contracts", text)));
        text(texts, SluiceConfig.Latency.class, SluiceConfig.Latency::parse);
        text(texts, AccountId.class, AccountId::new);
        text(texts, StrategyId.class, StrategyId::new);
        text(texts, MarketId.class, MarketId::parse);
        text(texts, Venue.class, text -> smallWord("a venue", Venue.class, text));
        text(
                texts,
                VenueSettings.Environment.class,
                text -> smallWord("an environment", VenueSettings.Environment.class, text));
        text(texts, VenueSettings.Wallet.class, text -> smallWord("a wallet", VenueSettings.Wallet.class, text));
        text(texts, URI.class, ConfigReader::address);
        text(texts, Boolean.class, ConfigReader::yesOrNo);
        texts.addKeyDeserializer(Venue.class, new VenueKey());
        return JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .addModule(new Jdk8Module())
                .addModule(texts)
                .build();
    }

    /**
     * Reads a mode, and guesses nothing: a word that is not exactly a mode could stand for either side of real money.
     */
    static Mode mode(String text) {
        return Arrays.stream(Mode.values())
                .filter(mode -> mode.name().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "is \"" + text + "\"; the modes are PAPER, DRY_RUN and LIVE, and nothing starts with another"));
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "is \"" + text + "\", which is no time zone; write UTC or a place such as America/New_York", e);
        }
    }

    private static <E extends Enum<E>> E smallWord(String what, Class<E> words, String text) {
        return Arrays.stream(words.getEnumConstants())
                .filter(word -> word.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("is \"" + text + "\", which is not " + what + "; there are "
                                + Arrays.stream(words.getEnumConstants())
                                        .map(word -> word.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(", "))));
    }

    /** Not quoted, and no cause that quotes it: some addresses hold a key. */
    private static URI address(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is no address: " + e.getReason()
                    + (e.getIndex() < 0 ? "" : ", at character " + (e.getIndex() + 1))
                    + ". It is not shown here, because an address may hold a key");
        }
    }

    private static boolean yesOrNo(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("is \"" + text + "\"; it must be true or false");
        };
    }

    private static long whole(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("is \"" + text + "\", which is not a whole number", e);
        }
    }

    private static <T> void text(SimpleModule module, Class<T> type, Function<String, T> reader) {
        module.addDeserializer(type, new TextDeserializer<>(type, reader));
    }

    /** Reads a value from its text, with a message that a person can act on; an empty text is a text like any other. */
    private static final class TextDeserializer<T> extends StdScalarDeserializer<T> {
        private static final long serialVersionUID = 1L;

        private final transient Function<String, T> reader;

        TextDeserializer(Class<T> type, Function<String, T> reader) {
            super(type);
            this.reader = reader;
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (!parser.currentToken().isScalarValue()) {
                throw JsonMappingException.from(parser, "is a list or a section, but one value belongs here");
            }
            try {
                return reader.apply(parser.getText());
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw new JsonMappingException(parser, String.valueOf(e.getMessage()), e);
            }
        }
    }

    /** Venues are written in small letters, as in market patterns. */
    private static final class VenueKey extends KeyDeserializer {
        @Override
        public Venue deserializeKey(String key, DeserializationContext context) throws IOException {
            return Arrays.stream(Venue.values())
                    .filter(venue -> venue.name().toLowerCase(Locale.ROOT).equals(key))
                    .findFirst()
                    .orElseThrow(() -> new JsonMappingException(
                            context.getParser(), "has the venue " + key + "; there are kalshi, polymarket and paper"));
        }
    }
}
