package sluice.console.stack;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.console.config.SluiceConfig;
import sluice.console.config.VenueSettings;
import sluice.console.config.VenueSettings.Environment;
import sluice.console.config.VenueSettings.KalshiAccess;
import sluice.domain.AccountId;
import sluice.domain.MarketId;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.Venue;
import sluice.venues.api.Balance;
import sluice.venues.api.ReadOutcome;
import sluice.venues.api.VenueClient;
import sluice.venues.http.HttpSettings;
import sluice.venues.http.VenueHttp;
import sluice.venues.kalshi.KalshiClient;
import sluice.venues.kalshi.KalshiConfig;
import sluice.venues.kalshi.KalshiKey;
import sluice.venues.kalshi.KalshiTier;
import sluice.venues.live.DryRunClient;
import sluice.venues.polymarket.Address;
import sluice.venues.polymarket.ApiCredentials;
import sluice.venues.polymarket.ApiKeys;
import sluice.venues.polymarket.ChainReader;
import sluice.venues.polymarket.PolymarketAccount;
import sluice.venues.polymarket.PolymarketClient;
import sluice.venues.polymarket.PolymarketConfig;

/**
 * Every account of the configuration at every venue that it has access to, each with a client that has made a signed
 * read.
 *
 * <p>Opening them gives access to read, and nothing a venue acts on is sent: no order, no cancel, no heartbeat. Only
 * {@link #startTrading} gives out clients that write, and those for LIVE accounts alone. A heartbeat binds: whoever has
 * begun it and falls silent has every open order of the account cancelled, also those of another process.
 */
public final class VenueConnections implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VenueConnections.class);
    private static final Duration REFRESH_EVERY = Duration.ofSeconds(10);

    /** An API key of a wallet is the one with this number; the venue makes it the first time. */
    private static final long API_KEY_NUMBER = 0;

    /** How long the start waits for the first heartbeats to be answered. */
    private static final Duration FIRST_HEARTBEAT = Duration.ofSeconds(10);

    /** A wallet as its chain sees it. */
    public record OnChain(ChainReader chain, Address wallet) {}

    /**
     * An account at a venue.
     *
     * @param client reads; what would write says that it was not sent
     * @param balances what the signed read found; Failed if it could not be made
     * @param limits what the key may do, in words; empty where the venue does not say
     * @param onChain its wallet; empty at a venue that has no chain, and where no node is configured
     */
    public record Connection(
            AccountId account,
            Venue venue,
            Mode mode,
            Environment environment,
            VenueClient client,
            ReadOutcome<List<Balance>> balances,
            String limits,
            Optional<OnChain> onChain) {
        /** Cash available in all buckets together; empty if it was not read. */
        public Optional<Money> available() {
            return balances instanceof ReadOutcome.Complete<List<Balance>> read
                    ? Optional.of(read.value().stream().map(Balance::available).reduce(Money.ZERO, Money::plus))
                    : Optional.empty();
        }
    }

    private final InstantSource clock;
    private final BiConsumer<MarketId, String> marketChanged;
    private final List<Connection> connections = new ArrayList<>();

    /** Clients that write, of LIVE accounts; handed out once trading has started. */
    private final Map<Connection, VenueClient> writers = new LinkedHashMap<>();

    /** Clients that have heartbeats to begin, of LIVE accounts. */
    private final Map<AccountId, PolymarketClient> beating = new LinkedHashMap<>();

    private boolean trading;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("venues-refresh").factory());

    private VenueConnections(InstantSource clock, BiConsumer<MarketId, String> marketChanged) {
        this.clock = clock;
        this.marketChanged = marketChanged;
        open.push(timer::shutdownNow);
    }

    /**
     * Connects all accounts to read. What cannot be reached is connected all the same, with a failed read to show for
     * it.
     *
     * @param said told what is being done, for people
     * @param marketChanged hears that what is known of a market is out of date, and why
     * @throws StackException if no API key can be had
     */
    public static VenueConnections open(
            SluiceConfig config,
            VenueKeys keys,
            InstantSource clock,
            Consumer<String> said,
            BiConsumer<MarketId, String> marketChanged) {
        var venues = new VenueConnections(clock, marketChanged);
        try {
            for (SluiceConfig.Account account : config.accounts()) {
                AccountId id = account.name();
                Mode mode = config.modeOf(account);
                account.kalshi().ifPresent(access -> {
                    said.accept("connecting account " + id + " to Kalshi");
                    venues.kalshi(
                            id, mode, access, keys.kalshi(id), config.venues().kalshi());
                });
                if (account.polymarket().isPresent()) {
                    said.accept("connecting account " + id + " to Polymarket");
                    venues.polymarket(
                            id, mode, keys.polymarket(id), config.venues().polymarket());
                }
            }
            return venues;
        } catch (RuntimeException | Error e) {
            venues.close();
            throw e;
        }
    }

    /**
     * Begins to trade: heartbeats of LIVE accounts go out from now on, and {@link #at} gives clients that write. Waits
     * until the heartbeats were answered, because no order leaves before; if they are not in time, it goes on, and
     * orders are refused until they are.
     *
     * @param said told of heartbeats that were not answered, for people
     */
    public void startTrading(Consumer<String> said) throws InterruptedException {
        startTrading(said, FIRST_HEARTBEAT);
    }

    void startTrading(Consumer<String> said, Duration patience) throws InterruptedException {
        Map<AccountId, CompletableFuture<Void>> first = new LinkedHashMap<>();
        beating.forEach((account, client) -> first.put(account, client.startTrading()));
        long deadline = System.nanoTime() + patience.toNanos();
        for (var beat : first.entrySet()) {
            try {
                beat.getValue().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                PolymarketClient client = beating.get(beat.getKey());
                said.accept("warning: account " + beat.getKey() + " at Polymarket sends no order yet, "
                        + patience.toMillis()
                        + " ms after its first heartbeat: "
                        + (client == null ? "" : client.health().detail()));
            } catch (ExecutionException e) {
                throw new IllegalStateException("a heartbeat that is not answered is waited for", e);
            }
        }
        trading = true;
    }

    private void kalshi(
            AccountId account, Mode mode, KalshiAccess access, KalshiKey key, VenueSettings.Kalshi settings) {
        URI rest =
                switch (settings.environment()) {
                    case PRODUCTION -> KalshiConfig.PRODUCTION_REST;
                    case DEMO -> KalshiConfig.DEMO_REST;
                    case SIMULATED -> settings.address().orElseThrow().resolve("/trade-api/v2");
                };
        URI websocket =
                switch (settings.environment()) {
                    case PRODUCTION -> KalshiConfig.PRODUCTION_WEBSOCKET;
                    case DEMO -> KalshiConfig.DEMO_WEBSOCKET;
                    case SIMULATED ->
                        URI.create("ws://" + settings.address().orElseThrow().getRawAuthority() + "/trade-api/ws/v2");
                };
        KalshiConfig standard = KalshiConfig.of(rest, websocket, account, mode);
        var http = http();
        var client = new KalshiClient(
                new KalshiConfig(
                        rest,
                        websocket,
                        account,
                        mode,
                        access.subaccount().orElse(null),
                        standard.orderGroups(),
                        settings.percentOfRateLimits(),
                        Duration.ofMillis(settings.readLagMs()),
                        standard.depth(),
                        standard.conflation(),
                        standard.silence(),
                        standard.seed()),
                key,
                http,
                clock);
        open.push(client);
        client.refresh();
        var limits = client.readLimits();
        // Windows and pauses are announced minutes ahead; the clock's offset is measured with every answer.
        var unused = timer.scheduleWithFixedDelay(
                () -> refresh(client), REFRESH_EVERY.toMillis(), REFRESH_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        add(
                account,
                Venue.KALSHI,
                mode,
                settings.environment(),
                client,
                limits instanceof ReadOutcome.Complete<KalshiTier> tier ? words(tier.value()) : "",
                Optional.empty());
    }

    private static void refresh(KalshiClient client) {
        try {
            client.refresh();
        } catch (RuntimeException e) {
            // A timer gives up after the first exception, and what it keeps fresh would grow old.
            LOG.warn("Kalshi's state could not be asked for: {}", e.toString());
        }
    }

    private static String words(KalshiTier tier) {
        return "tier " + tier.name() + ": " + tier.readPerSecond() + " read and " + tier.writePerSecond()
                + " write tokens a second";
    }

    private void polymarket(AccountId id, Mode mode, VenueKeys.Wallet wallet, VenueSettings.Polymarket settings) {
        PolymarketConfig hosts =
                switch (settings.environment()) {
                    case PRODUCTION, DEMO -> PolymarketConfig.production(mode);
                    case SIMULATED ->
                        PolymarketConfig.oneHost(settings.address().orElseThrow(), settings.geoblock(), mode);
                };
        var config = new PolymarketConfig(
                hosts.clob(),
                hosts.gamma(),
                hosts.data(),
                hosts.geoblock(),
                hosts.marketSocket(),
                hosts.userSocket(),
                hosts.chain(),
                mode,
                Duration.ofMillis(settings.readLagMs()),
                hosts.maxClockOffset(),
                settings.heartbeats() && mode == Mode.LIVE,
                hosts.builder(),
                hosts.sockets());
        var http = http();
        ApiCredentials credentials =
                switch (new ApiKeys(http, config.clob(), config.chain().chainId(), clock)
                        .createOrDerive(wallet.key(), API_KEY_NUMBER)) {
                    case ReadOutcome.Complete<ApiCredentials> made -> made.value();
                    case ReadOutcome.Failed<ApiCredentials> failed ->
                        throw new StackException("account " + id + " at Polymarket: no API key for "
                                + wallet.key().address() + ": " + failed.why());
                };
        var account = new PolymarketAccount(id, wallet.key(), wallet.signatureType(), wallet.funder(), credentials);
        var client = new PolymarketClient(config, List.of(account), http, clock, marketChanged);
        open.push(client);
        client.refresh();
        client.keepFresh();
        if (mode == Mode.LIVE) {
            beating.put(id, client);
        }
        add(
                id,
                Venue.POLYMARKET,
                mode,
                settings.environment(),
                client,
                "",
                settings.chainUrl()
                        .map(url -> new OnChain(new ChainReader(http, url, config.chain(), clock), wallet.funder())));
    }

    private void add(
            AccountId account,
            Venue venue,
            Mode mode,
            Environment environment,
            VenueClient client,
            String limits,
            Optional<OnChain> onChain) {
        var connection = new Connection(
                account, venue, mode, environment, new DryRunClient(client), client.balances(account), limits, onChain);
        connections.add(connection);
        if (mode == Mode.LIVE) {
            writers.put(connection, client);
        }
    }

    private VenueHttp http() {
        var http = new VenueHttp(HttpSettings.DEFAULT, clock);
        open.push(http);
        return http;
    }

    /** All accounts at all venues, in the order of the configuration. */
    public List<Connection> all() {
        return List.copyOf(connections);
    }

    /**
     * Clients of the accounts that trade at a venue in a mode: in LIVE they write, in any other they cannot.
     *
     * @throws IllegalStateException before {@link #startTrading}
     */
    public Map<AccountId, VenueClient> at(Venue venue, Mode mode) {
        if (!trading) {
            throw new IllegalStateException("these connections only read; trading was not started");
        }
        Map<AccountId, VenueClient> clients = new LinkedHashMap<>();
        connections.stream()
                .filter(it -> it.venue() == venue && it.mode() == mode)
                .forEach(it -> clients.put(it.account(), writers.getOrDefault(it, it.client())));
        return clients;
    }

    /** A client of each venue to read its markets with: that of the first account that reaches it. */
    public Map<Venue, VenueClient> readers() {
        Map<Venue, VenueClient> readers = new EnumMap<>(Venue.class);
        connections.forEach(it -> readers.putIfAbsent(it.venue(), it.client()));
        return readers;
    }

    /** Closes every client. Orders stay as they are. */
    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LOG.info("a client did not close cleanly: {}", e.toString());
            }
        }
    }
}
