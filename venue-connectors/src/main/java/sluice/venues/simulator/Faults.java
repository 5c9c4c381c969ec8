package sluice.venues.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which faults are on, and when they strike. The same seed, faults and opportunities give the same strikes.
 *
 * <p>FORMAT. {@code {"faults": [ENTRY, ...]}} with ENTRY
 *
 * <pre>{@code
 * {"fault": "F3",            which, see below
 *  "mode": "status",         variant, optional
 *  "where": "POST /order",   only requests whose "METHOD /path", or frames whose type, contain this; optional
 *  "probability": "0.25",    of each opportunity, decimal text or number; 1 if absent
 *  "times": 3,               at most so often; no bound if absent
 *  "skip": 2,                so many opportunities pass first; 0 if absent
 *  "millis": 2000, ...}      options of the fault
 * }</pre>
 *
 * <table>
 * <caption>Faults, modes and options</caption>
 * <tr><td>F1</td><td>carried out, answer lost: {@code close} (usual) or {@code hang} with {@code millis}</td></tr>
 * <tr><td>F2</td><td>not carried out, connection reset</td></tr>
 * <tr><td>F3</td><td>carried out, answered with {@code status} (500)</td></tr>
 * <tr><td>F4</td><td>a frame is sent {@code count} (2) times</td></tr>
 * <tr><td>F5</td><td>a frame is dropped; {@code gap}: all for {@code millis}; {@code where} "fill" drops fills only</td></tr>
 * <tr><td>F6</td><td>{@code swap} (usual): a frame goes out after the next one; {@code late}: after {@code millis}; {@code
 * answer}: the HTTP answer waits {@code millis}, so that frames overtake it</td></tr>
 * <tr><td>F7</td><td>reads: {@code stale} (usual) by {@code millis} (5000); {@code row} or {@code page} missing</td></tr>
 * <tr><td>F8</td><td>trades: {@code failed} (usual), {@code retrying}, {@code late} with {@code millis}</td></tr>
 * <tr><td>F9</td><td>order status delayed: {@code match} (usual) after {@code millis} (3000), or {@code unmatched}</td></tr>
 * <tr><td>F10</td><td>cancels: {@code fill} (usual) filled first; {@code other} answers about another order; {@code late}
 * says done, fills go on for {@code millis} (2000)</td></tr>
 * <tr><td>F11</td><td>on a new order: {@code order} (usual) or {@code position} of the account appears from outside</td></tr>
 * <tr><td>F12</td><td>{@code POST /settle}: {@code amended}, {@code void}, {@code scalar} with {@code value}, {@code
 * never}; early is to settle before the close</td></tr>
 * <tr><td>F13</td><td>{@code fee} (usual) off by {@code micros} (100); {@code deposit}, {@code withdrawal}, {@code
 * transfer} of {@code micros} (1000000)</td></tr>
 * <tr><td>F14</td><td>client id of a finished order is accepted again</td></tr>
 * <tr><td>F15</td><td>{@code 429} (usual), {@code 401} the key is known no more, {@code 403}, {@code html} a 403 page of
 * somebody in between, {@code cancel-only}, {@code maintenance}, {@code 425}</td></tr>
 * <tr><td>F16</td><td>the venue's clock is off by {@code millis} (2000)</td></tr>
 * <tr><td>F17</td><td>websocket: {@code silent} (usual) or {@code overflow}</td></tr>
 * <tr><td>F18</td><td>a 2xx answer: {@code shape} (usual) unknown, {@code enum} with a new {@code value}, {@code missing}
 * {@code field} (status), in its first {@code count} places (all); a frame too, where {@code where} is of "frame" and its
 * type</td></tr>
 * <tr><td>F19</td><td>before an order: {@code tick} (usual) to {@code step} micros or {@code fee} to {@code rate} changes</td></tr>
 * </table>
 */
public final class Faults {
    private static final Set<String> KNOWN = Set.of(
            "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F10", "F11", "F12", "F13", "F14", "F15", "F16",
            "F17", "F18", "F19");
    private static final int NEWEST_KEPT = 10_000;

    private final ObjectMapper json;
    private final long seed;
    private final List<Switched> switched = new ArrayList<>();
    private final List<ObjectNode> strikes = new ArrayList<>();
    private long switchedOn;

    private static final class Switched {
        final Fault fault;
        final SplittableRandom random;
        long seen;
        long struck;

        Switched(Fault fault, SplittableRandom random) {
            this.fault = fault;
            this.random = random;
        }
    }

    Faults(ObjectMapper json, long seed) {
        this.json = json;
        this.seed = seed;
    }

    /** @throws IllegalArgumentException naming what cannot be understood; then nothing has changed */
    synchronized void replace(JsonNode document) {
        List<Fault> read = read(document);
        switched.clear();
        switchedOn = 0;
        read.forEach(this::on);
    }

    /** @throws IllegalArgumentException naming what cannot be understood; then nothing has changed */
    synchronized void add(JsonNode document) {
        read(document).forEach(this::on);
    }

    synchronized void clear() {
        switched.clear();
    }

    private void on(Fault fault) {
        switched.add(new Switched(fault, new SplittableRandom(seed * 1_000_003 + switchedOn++)));
    }

    private static List<Fault> read(JsonNode document) {
        JsonNode entries = document.has("faults") ? document.path("faults") : document;
        List<Fault> read = new ArrayList<>();
        for (JsonNode entry : entries.isArray() ? entries : List.of(entries)) {
            String id = entry.path("fault").asText();
            if (!KNOWN.contains(id)) {
                throw new IllegalArgumentException(
                        "\"fault\": \"" + id + "\" is no fault of a venue; F1 to F19 are, in " + entry);
            }
            BigDecimal probability;
            try {
                probability = new BigDecimal(entry.path("probability").asText("1"));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("\"probability\" is not a number in " + entry, e);
            }
            if (probability.signum() < 0 || probability.compareTo(BigDecimal.ONE) > 0) {
                throw new IllegalArgumentException("\"probability\" is not between 0 and 1 in " + entry);
            }
            int chance = probability
                    .movePointRight(6)
                    .setScale(0, RoundingMode.HALF_UP)
                    .intValueExact();
            read.add(new Fault(
                    id,
                    entry.path("mode").asText(""),
                    entry.path("where").asText(""),
                    chance,
                    entry.path("times").asLong(-1),
                    entry.path("skip").asLong(0),
                    entry));
        }
        return read;
    }

    /** The fault that strikes here, or null. {@code place} is {@code "METHOD /path"} or the type of a frame. */
    public @Nullable Fault strike(String id, String place) {
        return strike(id, place, mode -> true);
    }

    /** The same for one mode only; entries without a mode count as {@code usual}. */
    public @Nullable Fault strike(String id, String wanted, String usual, String place) {
        return strike(id, place, mode -> (mode.isEmpty() ? usual : mode).equals(wanted));
    }

    /** The same for entries whose mode passes. */
    public synchronized @Nullable Fault strike(String id, String place, Predicate<String> modes) {
        for (Switched one : switched) {
            Fault fault = one.fault;
            if (!fault.id().equals(id) || !place.contains(fault.where()) || !modes.test(fault.mode())) {
                continue;
            }
            boolean skipped = one.seen++ < fault.skip();
            boolean spent = fault.times() >= 0 && one.struck >= fault.times();
            if (!skipped && !spent && one.random.nextInt(1_000_000) < fault.chance()) {
                one.struck++;
                ObjectNode strike = json.createObjectNode();
                strike.put("fault", id)
                        .put("mode", fault.mode())
                        .put("where", place)
                        .put("number", one.struck);
                strikes.add(strike);
                if (strikes.size() > NEWEST_KEPT) {
                    strikes.remove(0);
                }
                return fault;
            }
        }
        return null;
    }

    /** A fault that is a state rather than an event, or null: not counted, not random. */
    public synchronized @Nullable Fault standing(String id, String place) {
        return switched.stream()
                .map(s -> s.fault)
                .filter(f -> f.id().equals(id) && place.contains(f.where()))
                .findFirst()
                .orElse(null);
    }

    /** What is on, and how often each has struck. */
    synchronized JsonNode describe() {
        ArrayNode all = json.createArrayNode();
        for (Switched one : switched) {
            ObjectNode node = one.fault.options().deepCopy();
            all.add(node.put("seen", one.seen).put("struck", one.struck));
        }
        return json.createObjectNode().set("faults", all);
    }

    /** The newest strikes, oldest first. */
    synchronized JsonNode strikes() {
        ArrayNode all = json.createArrayNode();
        strikes.forEach(all::add);
        return json.createObjectNode().set("strikes", all);
    }
}
