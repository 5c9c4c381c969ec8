package sluice.venues.simulator;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import sluice.domain.market.PriceGrid;
import sluice.venues.recording.Problems;
import sluice.venues.recording.Recording;
import sluice.venues.recording.Recordings;
import sluice.venues.simulator.kalshi.KalshiProtocol;
import sluice.venues.simulator.polymarket.PolymarketProtocol;

/**
 * A venue in a process of its own: the venue's protocol on one loopback port, {@link Admin} on another.
 *
 * <p>SETUP FILE ({@code accounts}), JSON. For Kalshi:
 *
 * <pre>{@code
 * {"accounts": [{"name": "alice", "tier": "basic", "cash": {"0": "1000.00", "2": "50.00"},
 *                "keys": [{"id": UUID, "publicKey": PEM, "subaccount": 0}]}],
 *  "markets":  [{"ticker": "KX-1", "event": "KX", "series": "KX", "title": "", "exchangeIndex": 0,
 *                "structure": "linear_cent", "feeType": "quadratic", "feeMultiplier": "1",
 *                "openAt": ms, "closeAt": ms, "settleAfterMillis": 1800000}]}
 * }</pre>
 *
 * Cash is by shard, and paid in only when the ledger is new. A negative {@code settleAfterMillis} never settles by
 * itself. {@code "liveWindow": {"ordersMillis": ms, "tradesMillis": ms}} moves what is finished to {@code /historical}
 * after another time than the venue's 14 and 60 days. For Polymarket see {@link PolymarketProtocol}. Markets are added
 * when they are not yet in the ledger; a recording's markets are added as they come.
 */
public final class Simulator implements AutoCloseable {
    /** Which venue. */
    public enum Kind {
        KALSHI,
        POLYMARKET
    }

    /**
     * How to run one.
     *
     * @param port 0 for any free one; so too {@code adminPort}
     * @param ledger folder of the durable ledger; made if absent
     * @param faults faults from the start, see {@link Faults}; null for none
     * @param seed of everything random
     * @param setup accounts, keys and markets
     * @param recording feeds the books; null for none
     * @param recordingSpeed times as fast as it was recorded
     * @param randomMaker whether a random maker feeds the books
     * @param readLagMillis how late reads are, 0 to 60,000
     */
    public record Settings(
            Kind kind,
            int port,
            int adminPort,
            Path ledger,
            @Nullable Path faults,
            long seed,
            Path setup,
            @Nullable Path recording,
            int recordingSpeed,
            boolean randomMaker,
            long readLagMillis) {
        public Settings {
            if (readLagMillis < 0 || readLagMillis > 60_000) {
                throw new IllegalArgumentException("read lag " + readLagMillis + " ms is not between 0 and 60000");
            }
            if (recording != null && randomMaker) {
                throw new IllegalArgumentException(
                        "a recording and the random maker would overwrite each other's books; choose one");
            }
        }
    }

    private final Venue venue;
    private final Protocol protocol;
    private final WebServer server;
    private final WebServer admin;
    private final Liquidity.Definer definer;
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable Liquidity liquidity;

    private Simulator(Venue venue, Protocol protocol, WebServer server, WebServer admin, Liquidity.Definer definer) {
        this.venue = venue;
        this.protocol = protocol;
        this.server = server;
        this.admin = admin;
        this.definer = definer;
    }

    /**
     * Starts one, on the loopback interface only.
     *
     * @throws IOException if a file cannot be read, the ledger is damaged or a port is taken; the message says which
     */
    public static Simulator start(Settings settings) throws IOException {
        return start(settings, InstantSource.system());
    }

    static Simulator start(Settings settings, InstantSource clock) throws IOException {
        ObjectMapper json = JsonMapper.builder().build();
        Faults faults = new Faults(json, settings.seed());
        Path faultsFile = settings.faults();
        if (faultsFile != null) {
            faults.replace(read(json, faultsFile));
        }
        JsonNode setup = read(json, settings.setup());
        boolean kalshi = settings.kind() == Kind.KALSHI;
        Venue venue = new Venue(
                json,
                kalshi ? KalshiProtocol.RULES : PolymarketProtocol.RULES,
                settings.ledger(),
                faults,
                clock,
                settings.seed(),
                settings.readLagMillis());
        Protocol protocol;
        Liquidity.Definer definer;
        if (kalshi) {
            KalshiProtocol speaking = new KalshiProtocol(json, venue, setup);
            protocol = speaking;
            definer = market -> speaking.define(kalshiMarket(json, market));
        } else {
            PolymarketProtocol speaking = new PolymarketProtocol(json, venue, setup, settings.seed());
            protocol = speaking;
            definer = market -> speaking.define(polymarketMarket(json, market));
        }
        Arrivals arrivals = new Arrivals(json);
        WebServer server = new WebServer(
                settings.kind().name().toLowerCase(Locale.ROOT),
                settings.port(),
                new FaultyService(faults, protocol.service(), protocol::restricted, arrivals),
                protocol.sockets());
        WebServer admin = new WebServer(
                "admin", settings.adminPort(), new Admin(json, settings.kind().name(), venue, arrivals), Map.of());
        Simulator simulator = new Simulator(venue, protocol, server, admin, definer);
        Path recording = settings.recording();
        if (recording != null) {
            simulator.play(Recordings.open(recording, new Problems()), settings.recordingSpeed());
        } else if (settings.randomMaker()) {
            simulator.liquidity = Liquidity.random(venue, settings.seed(), 250);
        }
        return simulator;
    }

    /**
     * Feeds the books from a recording from now on, {@code speed} times as fast, to its end. Its markets are added as
     * they come, and its results determine them. Once only, and only where nothing else feeds the books.
     */
    public void play(Recording recording, int speed) {
        if (liquidity != null) {
            throw new IllegalStateException("something feeds the books already");
        }
        liquidity = Liquidity.recorded(venue, recording, speed, definer);
    }

    private static JsonNode read(ObjectMapper json, Path file) throws IOException {
        String tooShort = "it ends before it is complete";
        try {
            JsonNode read = json.readTree(Files.readAllBytes(file));
            if (read.isMissingNode()) {
                throw notJson(file, 1, 1, tooShort);
            }
            return read;
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw notJson(
                    file,
                    at.getLineNr(),
                    at.getColumnNr(),
                    e instanceof JsonEOFException ? tooShort : e.getOriginalMessage());
        }
    }

    private static IOException notJson(Path file, int line, int column, String why) {
        return new IOException(file + ", line " + line + ", column " + column + ": this is not JSON: " + why
                + "; mend it and start again");
    }

    private static ObjectNode kalshiMarket(ObjectMapper json, sluice.domain.market.Market market) {
        String event = Liquidity.eventOf(market);
        PriceGrid.Band first = market.prices().bands().get(0);
        Integer index = market.exchangeIndex();
        return json.createObjectNode()
                .put("ticker", market.id().id())
                .put("event", event == null ? market.id().id() : event)
                .put("title", market.title())
                .put("category", market.category())
                .put("mutuallyExclusive", market.mutuallyExclusive())
                .put("exchangeIndex", index == null ? 0 : index)
                .put("structure", first.step().micros() >= 10_000 ? "linear_cent" : "deci_cent");
    }

    /** A recording may not know the tokens; they are then made up from the market's name. */
    private static ObjectNode polymarketMarket(ObjectMapper json, sluice.domain.market.Market market) {
        String event = Liquidity.eventOf(market);
        String yes = market.yesTokenId();
        String no = market.noTokenId();
        long rate = market.fees().takerRateMicros();
        return json.createObjectNode()
                .put("conditionId", market.id().id())
                .put("event", event == null ? market.id().id() : event)
                .put("question", market.title())
                .put("yesToken", yes == null ? madeUp(market.id().id() + "/yes") : yes)
                .put("noToken", no == null ? madeUp(market.id().id() + "/no") : no)
                .put(
                        "tick",
                        Decimals.plain(market.prices().bands().get(0).step().micros()))
                .put("minSize", Decimals.plain(market.minQuantity().micros()))
                .put("feeRate", Decimals.plain(rate));
    }

    private static String madeUp(String name) {
        return new BigInteger(1, name.getBytes(StandardCharsets.UTF_8))
                .mod(BigInteger.TWO.pow(255))
                .toString();
    }

    /** Where the venue's protocol is served. */
    public int port() {
        return server.port();
    }

    public int adminPort() {
        return admin.port();
    }

    /** Ends it; a second time does nothing. */
    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Liquidity feeding = liquidity;
        if (feeding != null) {
            feeding.close();
        }
        server.close();
        admin.close();
        protocol.close();
        venue.close();
    }

    /**
     * Runs one until the process ends: {@code kalshi|polymarket --port N --admin-port N --ledger DIR --setup FILE
     * [--faults FILE] [--seed N] [--recording FILE] [--speed N] [--random-maker] [--read-lag MILLIS]}.
     */
    public static void main(String[] args) throws Exception {
        Settings settings = parse(args);
        Simulator simulator = start(settings);
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                simulator.close();
            } catch (IOException e) {
                System.err.println("the ledger could not be closed: " + e.getMessage());
            }
            ended.countDown();
        }));
        announce(simulator, new PrintStream(System.out, true, StandardCharsets.UTF_8));
        ended.await();
    }

    private static void announce(Simulator simulator, PrintStream out) {
        out.println("port " + simulator.port() + " admin " + simulator.adminPort());
    }

    private static Settings parse(String[] args) {
        Map<String, String> given = new HashMap<>();
        for (int i = 1; i < args.length; i++) {
            boolean flag = args[i].equals("--random-maker");
            given.put(args[i], flag ? "true" : i + 1 < args.length ? args[i + 1] : "");
            i += flag ? 0 : 1;
        }
        String faults = given.get("--faults");
        String recording = given.get("--recording");
        return new Settings(
                Kind.valueOf(args[0].toUpperCase(Locale.ROOT)),
                Integer.parseInt(given.getOrDefault("--port", "0")),
                Integer.parseInt(given.getOrDefault("--admin-port", "0")),
                Path.of(given.getOrDefault("--ledger", "simulator-ledger")),
                faults == null ? null : Path.of(faults),
                Long.parseLong(given.getOrDefault("--seed", "1")),
                Path.of(given.getOrDefault("--setup", "simulator.json")),
                recording == null ? null : Path.of(recording),
                Integer.parseInt(given.getOrDefault("--speed", "1")),
                given.containsKey("--random-maker"),
                Long.parseLong(given.getOrDefault("--read-lag", "0")));
    }
}
