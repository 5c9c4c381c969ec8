package sluice.risk.ingress.core;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.MarketId;
import sluice.domain.Micros;
import sluice.domain.Money;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.StrategyId;
import sluice.domain.TimeInForce;
import sluice.domain.Venue;
import sluice.domain.order.Signal;
import sluice.risk.ingress.core.SignalJson.Result;

class SignalJsonTest {
    private static final SignalJson JSON = new SignalJson(new AccountId("main"), new StrategyId("default"));

    /** The sample of the execution service's trace. */
    private static final String SAMPLE = """
            {"request_id": "req-1", "idempotency_key": "NBAHOU-BOSJAN28:ModelEdgeYes:1", "platform": "Kalshi",
             "market_id": "KXNBAGAME-26JAN28HOUBOS-BOS", "token_id": null, "contract_team": "Boston Celtics",
             "game_id": "NBAHOU-BOSJAN28", "sport": "NBA", "signal_id": "sig-9", "signal_type": "ModelEdgeYes",
             "edge_pct": 18.5, "side": "Yes", "limit_price": 0.65, "size": 50.0,
             "created_at": "2026-01-28T20:10:00.142Z"}""";

    @Test
    void readsTheShapeThatModelsAlreadySend() {
        // When
        Signal signal = parsed(SAMPLE);

        // Then
        assertThat(signal)
                .isEqualTo(new Signal(
                        "req-1",
                        "NBAHOU-BOSJAN28:ModelEdgeYes:1",
                        new AccountId("main"),
                        new StrategyId("default"),
                        new MarketId(Venue.KALSHI, "KXNBAGAME-26JAN28HOUBOS-BOS"),
                        null,
                        "Boston Celtics",
                        "NBAHOU-BOSJAN28",
                        "NBA",
                        "sig-9",
                        "ModelEdgeYes",
                        18_500_000L,
                        Side.YES,
                        Action.BUY,
                        Price.parse("0.65"),
                        Quantity.parse("50"),
                        null,
                        null,
                        TimeInForce.IOC,
                        false,
                        null,
                        1_769_631_000_142L,
                        null,
                        null,
                        null,
                        Map.of()));
    }

    @Test
    void readsEveryOptionalField() {
        // When
        Signal signal = parsed(with(
                "account",
                "\"a-2\"",
                "strategy",
                "\"momentum\"",
                "action",
                "\"sell\"",
                "max_cost",
                "\"33.40\"",
                "model_price",
                "0.835",
                "time_in_force",
                "\"gtd\"",
                "post_only",
                "true",
                "expires_at",
                "1769631060000",
                "group_id",
                "\"pair-7\"",
                "leg_index",
                "1",
                "leg_count",
                "2",
                "token_id",
                "\"7124\""));

        // Then
        assertThat(signal.account()).isEqualTo(new AccountId("a-2"));
        assertThat(signal.strategy()).isEqualTo(new StrategyId("momentum"));
        assertThat(signal.action()).isEqualTo(Action.SELL);
        assertThat(signal.maxCost()).isEqualTo(Money.parse("33.4"));
        assertThat(signal.modelPriceMicros()).isEqualTo(835_000);
        assertThat(signal.timeInForce()).isEqualTo(TimeInForce.GTD);
        assertThat(signal.postOnly()).isTrue();
        assertThat(signal.expiresAtMillis()).isEqualTo(1_769_631_060_000L);
        assertThat(signal.groupId()).isEqualTo("pair-7");
        assertThat(signal.legIndex()).isEqualTo(1);
        assertThat(signal.legCount()).isEqualTo(2);
        assertThat(signal.tokenId()).isEqualTo("7124");
    }

    /** Every accepted way to write a value, and what it means. */
    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "limit_price | \"0.65\"                          | 0.65",
                "limit_price | 0.650000                          | 0.65",
                "limit_price | 6.5e-1                            | 0.65",
                "limit_price | 0.65000000000                     | 0.65",
                "limit_price | 0.000001                          | 0.000001",
                "limit_price | 0.999999                          | 0.999999",
                "size        | 50                                | 50",
                "size        | 5E1                               | 50",
                "size        | \"0.000001\"                      | 0.000001",
                "size        | 9223372036854.775807              | 9223372036854.775807",
                "edge_pct    | -3.25                             | -3250000",
                "edge_pct    | -0                                | 0",
                "created_at  | 1769631000142                     | 1769631000142",
                "created_at  | \"1769631000142\"                 | 1769631000142",
                "created_at  | \"2026-01-28T20:10:00.142999Z\"   | 1769631000142",
                "created_at  | \"2026-01-28t20:10:00.142z\"      | 1769631000142",
                "created_at  | \"2026-01-28 15:10:00.142-05:00\" | 1769631000142",
                "created_at  | \"2026-01-29T01:40:00.142+05:30\" | 1769631000142",
                "side        | \"YES\"                           | YES",
                "side        | \"no\"                            | NO",
                "platform    | \"polymarket\"                    | POLYMARKET",
                "platform    | \"PAPER\"                         | PAPER",
            })
    void readsValuesExactly(String field, String json, String expected) {
        // When
        Signal signal = parsed(with(field, json));

        // Then
        Map<String, Object> seen = Map.of(
                "limit_price", signal.limitPrice(),
                "size", signal.size(),
                "edge_pct", requireNonNull(signal.edgePctMicros()),
                "created_at", signal.createdAtMillis(),
                "side", signal.side(),
                "platform", signal.market().venue());
        assertThat(seen.get(field)).hasToString(expected);
    }

    /** One row per mistake; the last column is what a person is told. */
    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "limit_price | 1.5            | limit_price is 1.5; it must lie between 0 and 1 dollar, both excluded",
                "limit_price | 65             | send dollars per contract, 0.65 for 65 cents",
                "limit_price | 0              | limit_price is 0; it must lie between 0 and 1 dollar",
                "limit_price | 1.000000       | limit_price is 1.000000; it must lie between 0 and 1 dollar",
                "limit_price | -0.5           | limit_price is -0.5; it must lie between 0 and 1 dollar",
                "limit_price | 0.1234567      | limit_price is 0.1234567, which has more than six decimals",
                "limit_price | 1e-400         | limit_price is 1e-400, which has more than six decimals",
                "limit_price | \"65c\"        | limit_price is the text \"65c\"; send a decimal number",
                "limit_price | \"\"           | limit_price is the text \"\"; send a decimal number",
                "limit_price | \"NaN\"        | limit_price is the text \"NaN\"; send a decimal number",
                "limit_price | \"+0.5\"       | send a decimal number",
                "limit_price | \"٠.5\"        | send a decimal number",
                "limit_price | true           | limit_price is true; send a decimal number",
                "limit_price | [0.65]         | limit_price is an array; send a decimal number",
                "limit_price | null           | limit_price is null; it is required",
                "limit_price | NaN            | not JSON that is read",
                "limit_price | .65            | not JSON that is read",
                "limit_price | 0.65 0.66      | not JSON that is read",
                "size        | 0              | size is 0; it must be more than 0: send the number of contracts",
                "size        | -1             | size is -1; it must be more than 0",
                "size        | 9223372036854.775808 | size is 9223372036854.775808, which has more than six decimals or is too large",
                "size        | 1e9999         | size is 1e9999, which has more than six decimals or is too large",
                "size        | 1e999999999    | size is 1e999999999; send a decimal number",
                "size        | {}             | size is an object; send a decimal number",
                "max_cost    | 0              | max_cost is 0; it must be more than 0: send dollars, or leave it out",
                "model_price | 1.01           | model_price is 1.01; it must lie between 0 and 1",
                "edge_pct    | \"high\"       | edge_pct is the text \"high\"; send a decimal number",
                "side        | \"maybe\"      | side is the text \"maybe\"; send YES or NO",
                "side        | 1              | side is 1; send text in quotes",
                "action      | \"hold\"       | action is the text \"hold\"; send BUY or SELL",
                "platform    | \"Betfair\"    | platform is the text \"Betfair\"; send KALSHI or POLYMARKET or PAPER",
                "platform    | \"UNKNOWN\"    | platform is the text \"UNKNOWN\"; send KALSHI",
                "market_id   | \"KX NBA\"     | market_id market \"KX NBA\" has a space",
                "market_id   | \"\"           | market_id market has 0 characters; from 1 to 200 are allowed",
                "account     | `\"a|b\"`      | `account AccountId \"a|b\" has a space, a control character or a |`",
                "request_id  | \" \"          | request_id has 1 characters, all blank; from 1 to 200 are allowed",
                "request_id  | 7              | request_id is 7; send text in quotes",
                "idempotency_key | \"\"       | idempotency_key has 0 characters, all blank; from 1 to 200 are allowed",
                "idempotency_key | \"a\\u0000\" | idempotency_key has a control character at 1",
                "idempotency_key | \"\\ud800\"  | idempotency_key holds half of a surrogate pair at 0",
                "time_in_force | \"FAK\"      | time_in_force is the text \"FAK\"; send IOC or FOK or GTC or GTD",
                "time_in_force | \"GTD\"      | time_in_force is GTD without expires_at",
                "expires_at  | 1769631060000  | expires_at is set with time_in_force IOC",
                "post_only   | true           | post_only is true with time_in_force IOC, which never rests",
                "post_only   | \"yes\"        | post_only is the text \"yes\"; send true or false, without quotes",
                "group_id    | \"g\"          | group_id is set without leg_index or leg_count",
                "leg_index   | 0              | leg_index or leg_count is set without group_id",
                "leg_index   | 0.5            | leg_index is 0.5; send a whole number",
                "leg_count   | 99999999999    | leg_count is 99999999999; send a whole number",
                "legs        | [{}]           | legs is not read from JSON; send one record for each leg",
                "created_at  | 1769631000     | created_at is 1769631000, which is before 2000 (seconds since 1970?)",
                "created_at  | 1769631000142000 | created_at is 1769631000142000, which is not from 2000 to 2199",
                "created_at  | 99999999999999999999 | created_at is 99999999999999999999; send an RFC 3339 time",
                "created_at  | 1769631000.142 | created_at is 1769631000.142; send an RFC 3339 time",
                "created_at  | \"2026-01-28T20:10:00\" | created_at is the text \"2026-01-28T20:10:00\"; send an RFC 3339 time with its offset",
                "created_at  | \"yesterday\"  | created_at is the text \"yesterday\"; send an RFC 3339 time",
                "created_at  | {}             | created_at is an object; send an RFC 3339 time",
            })
    void saysWhatIsWrongAndWhatToDo(String field, String json, String reason) {
        assertThat(rejected(with(field, json))).contains(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "request_id",
                "idempotency_key",
                "platform",
                "market_id",
                "side",
                "limit_price",
                "size",
                "created_at"
            })
    void namesAMissingFieldAndTheFieldsItSaw(String field) {
        // Given
        var fields = fields();
        fields.remove(field);
        fields.put("limitPrice", "0.65");

        // Then
        assertThat(rejected(object(fields)))
                .startsWith(field + " is missing; it is required (fields seen: ")
                .contains(fields.firstEntry().getKey());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token_id",
                "contract_team",
                "game_id",
                "sport",
                "signal_id",
                "signal_type",
                "edge_pct",
            })
    void doesWithoutWhatOnlyDescribes(String field) {
        // Given
        var fields = fields();
        fields.remove(field);

        // Then
        assertThat(JSON.parse(bytes(object(fields)))).isInstanceOf(Result.Parsed.class);
    }

    /** Records that are no JSON object of ours at all. */
    @ParameterizedTest(name = "[{index}] {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                          | the record is empty",
                "`   `                       | the record holds nothing",
                "[]                          | the record holds no JSON object but a START_ARRAY",
                "\"text\"                    | the record holds no JSON object but a VALUE_STRING",
                "null                        | the record holds no JSON object",
                "{                           | not JSON that is read",
                "{} {}                       | something follows the JSON object",
                "{} x                        | not JSON that is read",
                "{'a': 1}                    | not JSON that is read",
                "{\"a\": 1, \"a\": 2}        | Duplicate field 'a'",
                "{\"a\": {\"b\": 1, \"b\": 2}} | Duplicate field 'b'",
                "{\"a\": 1,}                 | not JSON that is read",
                "{\"a\": Infinity}           | not JSON that is read",
                "// comment                  | not JSON that is read",
            })
    void refusesWhatIsNoObject(String json, String reason) {
        assertThat(rejected(json)).contains(reason);
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        byte[] latin1 = SAMPLE.replace("Boston Celtics", "Montréal").getBytes(StandardCharsets.ISO_8859_1);
        byte[] utf16 = SAMPLE.getBytes(StandardCharsets.UTF_16);
        byte[] overlong = {'{', '"', (byte) 0xC0, (byte) 0xAF, '"', ':', '1', '}'};

        assertThat(List.of(latin1, utf16, overlong))
                .allSatisfy(bytes -> assertThat(rejected(bytes)).contains("not UTF-8"));
    }

    @Test
    void recognisesAvroOnTheWrongTopic() {
        assertThat(rejected(new byte[] {0, 0, 0, 0, 7, 10})).contains("send it to the topic signals");
    }

    @Test
    void ignoresAByteOrderMark() {
        assertThat(parsed("\uFEFF" + SAMPLE)).isEqualTo(parsed(SAMPLE));
    }

    @Test
    void refusesBombs() {
        String deep = with("x", "[".repeat(5_000) + "]".repeat(5_000));
        String long_ = with("x", '"' + "y".repeat(SignalJson.MOST_BYTES) + '"');
        String digits = with("size", "1".repeat(60_000));

        assertThat(rejected(deep)).contains("nesting depth").hasSizeLessThan(700);
        assertThat(rejected(long_)).contains("at most 65536 are read");
        assertThat(rejected(digits)).contains("size is 1111").hasSizeLessThan(700);
    }

    @Test
    void keepsUnknownFieldsCharacterByCharacter() {
        // When
        Signal signal = parsed(with(
                "vega", "1.50",
                "huge", "1E+400",
                "flag", "true",
                "gone", "null",
                "note", "\"a \\\"b\\\" \\u00e9\"",
                "model", "{ \"name\" : \"m1\",\"w\":[1.0, 2e1 ] }",
                "list", "[ ]",
                "", "\"no name\""));

        // Then
        assertThat(signal.attributes())
                .containsOnly(
                        Map.entry("vega", "1.50"),
                        Map.entry("huge", "1E+400"),
                        Map.entry("flag", "true"),
                        Map.entry("gone", "null"),
                        Map.entry("note", "a \"b\" é"),
                        Map.entry("model", "{ \"name\" : \"m1\",\"w\":[1.0, 2e1 ] }"),
                        Map.entry("list", "[ ]"),
                        Map.entry("", "no name"));
    }

    @Test
    void aReasonIsOneBoundedLine() {
        String reason = rejected(with("side", "\"\\n\\u001b[31m" + "x".repeat(10_000) + '"'));

        assertThat(reason).doesNotContain("\n", "\u001b").hasSizeLessThan(300);
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anyBytesGiveAnAnswer(long seed) {
        // Given
        var random = new Random(seed);

        for (int i = 0; i < 50; i++) {
            // When
            Result result = JSON.parse(damaged(random));

            // Then
            if (result instanceof Result.Rejected rejected) {
                assertThat(rejected.reason()).isNotBlank().hasSizeLessThanOrEqualTo(1_300);
            } else if (result instanceof Result.Parsed parsed) {
                assertThat(SignalRules.contradiction(parsed.signal())).isEmpty();
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void decimalsAreExactToTheMicro(long seed) {
        // Given
        var random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            long price = 1 + random.nextLong(999_999);
            long size = 1 + random.nextLong(Long.MAX_VALUE >> random.nextInt(60));
            long edge = random.nextLong(-200_000_000, 200_000_000);

            // When
            Signal signal = parsed(with(
                    "limit_price", written(price, random),
                    "size", written(size, random),
                    "edge_pct", written(edge, random)));

            // Then
            assertThat(signal.limitPrice().micros()).isEqualTo(price);
            assertThat(signal.size().micros()).isEqualTo(size);
            assertThat(signal.edgePctMicros()).isEqualTo(edge);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyUnknownFieldIsKept(long seed) {
        // Given
        var random = new Random(seed);
        var unknown = new LinkedHashMap<String, String>();
        var fields = new ArrayList<>(fields().entrySet());
        int count = random.nextInt(40);
        for (int i = 0; i < count; i++) {
            String name = "x" + i + text(random);
            boolean isText = random.nextBoolean();
            String value = isText ? text(random) : nested(random, 4);
            unknown.put(name, value);
            fields.add(random.nextInt(fields.size() + 1), Map.entry(name, isText ? quoted(value) : value));
        }

        // When
        Signal signal = parsed(fields.stream()
                .map(field -> quoted(field.getKey()) + space(random) + ":" + space(random) + field.getValue())
                .collect(Collectors.joining("," + space(random), "{", "}")));

        // Then
        assertThat(signal.attributes()).isEqualTo(unknown);
    }

    // ---------------------------------------------------------------- makers

    /** The sample, or something like it, with a few bytes changed, dropped, doubled or cut off. */
    private static byte[] damaged(Random random) {
        byte[] bytes = random.nextInt(20) == 0 ? new byte[random.nextInt(300)] : bytes(SAMPLE);
        if (bytes.length < 100) {
            random.nextBytes(bytes);
            return bytes;
        }
        String alphabet = "{}[]\",:0123456789.eE+-\\u nulltrfas\u00ff\u0000";
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
                case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
                default -> {
                    byte[] doubled = Arrays.copyOf(bytes, bytes.length + at);
                    System.arraycopy(bytes, 0, doubled, bytes.length, at);
                    bytes = doubled;
                }
            }
        }
        return bytes;
    }

    private static String written(long micros, Random random) {
        BigDecimal decimal = Micros.decimal(micros);
        String text =
                switch (random.nextInt(4)) {
                    case 0 -> decimal.toPlainString();
                    case 1 -> Micros.text(micros);
                    case 2 -> decimal.unscaledValue() + "e-6";
                    default -> decimal.setScale(6 + random.nextInt(12)).toPlainString();
                };
        return random.nextBoolean() ? text : '"' + text + '"';
    }

    private static String text(Random random) {
        return random.ints(random.nextInt(12), 0, 0x2FFFF)
                .filter(c -> c < 0xD800 || c > 0xDFFF)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String nested(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 6)) {
            case 0 -> "null";
            case 1 -> random.nextBoolean() ? "true" : "false";
            case 2 -> random.nextInt() + "." + random.nextInt(1_000) + "E" + random.nextInt(-400, 400);
            case 3 -> Long.toString(random.nextLong());
            case 4 -> "[" + space(random) + nested(random, depth - 1) + "," + nested(random, depth - 1) + "]";
            default ->
                "{\"k\"" + space(random) + ":" + nested(random, depth - 1) + ", \"}\":" + quoted(text(random)) + "}";
        };
    }

    private static String space(Random random) {
        return " \n\t\r".substring(random.nextInt(5));
    }

    private static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    private static SequencedMap<String, String> fields() {
        var fields = new LinkedHashMap<String, String>();
        fields.put("request_id", "\"req-1\"");
        fields.put("idempotency_key", "\"k-1\"");
        fields.put("platform", "\"Kalshi\"");
        fields.put("market_id", "\"KXNBA-BOS\"");
        fields.put("token_id", "null");
        fields.put("contract_team", "\"Boston Celtics\"");
        fields.put("game_id", "\"g-1\"");
        fields.put("sport", "\"NBA\"");
        fields.put("signal_id", "\"s-1\"");
        fields.put("signal_type", "\"ModelEdgeYes\"");
        fields.put("edge_pct", "18.5");
        fields.put("side", "\"Yes\"");
        fields.put("limit_price", "0.65");
        fields.put("size", "50");
        fields.put("created_at", "1769631000142");
        return fields;
    }

    /** The valid signal with some fields set to some JSON. */
    private static String with(String... namesAndValues) {
        var fields = fields();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return object(fields);
    }

    private static String object(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> quoted(field.getKey()) + ":" + field.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static Signal parsed(String json) {
        Result result = JSON.parse(bytes(json));
        assertThat(result).as(json).isInstanceOf(Result.Parsed.class);
        return ((Result.Parsed) result).signal();
    }

    private static String rejected(String json) {
        return rejected(bytes(json));
    }

    private static String rejected(byte[] json) {
        Result result = JSON.parse(json);
        assertThat(result).isInstanceOf(Result.Rejected.class);
        return ((Result.Rejected) result).reason();
    }
}
