package sluice.console.stack;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.console.config.FileProblem;
import sluice.console.config.SluiceConfig;
import sluice.console.config.VenueSettings;
import sluice.console.config.VenueSettings.Environment;
import sluice.console.config.VenueSettings.KalshiAccess;
import sluice.console.config.VenueSettings.PolymarketAccess;
import sluice.domain.AccountId;
import sluice.domain.MarketId;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.Venue;
import sluice.venues.api.Balance;
import sluice.venues.api.PrivateFile;
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
import sluice.venues.polymarket.PolymarketAccount;
import sluice.venues.polymarket.PolymarketClient;
import sluice.venues.polymarket.PolymarketConfig;
import sluice.venues.polymarket.SignatureType;
import sluice.venues.polymarket.WalletFile;
import sluice.venues.polymarket.WalletKey;

/**
 * Every account of the configuration at every venue that it has access to, each with a client that has made a signed
 * read. A client of an account that may not send (PAPER, DRY_RUN) cannot write to its venue.
 *
 * <p>Secrets are read from files that only their owner may read, and are in no message.
 */
public final class VenueConnections implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VenueConnections.class);
    private static final Duration REFRESH_EVERY = Duration.ofSeconds(10);

    /** An API key of a wallet is the one with this number; the venue makes it the first time. */
    private static final long API_KEY_NUMBER = 0;

    /**
     * An account at a venue.
     *
     * @param balances what the signed read found; Failed if it could not be made
     * @param limits what the key may do, in words; empty where the venue does not say
     */
    public record Connection(
            AccountId account,
            Venue venue,
            Mode mode,
            Environment environment,
            VenueClient client,
            ReadOutcome<List<Balance>> balances,
            String limits) {
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
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("venues-refresh").factory());

    private VenueConnections(InstantSource clock, BiConsumer<MarketId, String> marketChanged) {
        this.clock = clock;
        this.marketChanged = marketChanged;
        open.push(timer::shutdownNow);
    }

    /**
     * Connects all accounts. What cannot be reached is connected all the same, with a failed read to show for it.
     *
     * @param said told what is being done, for people
     * @param marketChanged hears that what is known of a market is out of date, and why
     * @throws StackException if a key file cannot be used, or no API key can be had
     */
    public static VenueConnections open(
            SluiceConfig config,
            InstantSource clock,
            Consumer<String> said,
            BiConsumer<MarketId, String> marketChanged) {
        var venues = new VenueConnections(clock, marketChanged);
        try {
            for (SluiceConfig.Account account : config.accounts()) {
                Mode mode = config.modeOf(account);
                account.kalshi().ifPresent(access -> {
                    said.accept("connecting account " + account.name() + " to Kalshi");
                    venues.kalshi(account.name(), mode, access, config.venues().kalshi());
                });
                account.polymarket().ifPresent(access -> {
                    said.accept("connecting account " + account.name() + " to Polymarket");
                    venues.polymarket(
                            account.name(), mode, access, config.venues().polymarket());
                });
            }
            return venues;
        } catch (RuntimeException | Error e) {
            venues.close();
            throw e;
        }
    }

    private void kalshi(AccountId account, Mode mode, KalshiAccess access, VenueSettings.Kalshi settings) {
        KalshiKey key;
        try {
            char @Nullable [] passphrase = access.passphraseFile()
                    .map(file -> secret(account, file).toCharArray())
                    .orElse(null);
            key = KalshiKey.read(access.keyId(), access.keyFile(), passphrase);
        } catch (IllegalArgumentException e) {
            throw new StackException("account " + account + " at Kalshi: " + e.getMessage(), e);
        }
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
                limits instanceof ReadOutcome.Complete<KalshiTier> tier ? words(tier.value()) : "");
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

    private void polymarket(AccountId id, Mode mode, PolymarketAccess access, VenueSettings.Polymarket settings) {
        WalletKey key;
        try {
            key = WalletFile.read(
                    access.walletFile(),
                    access.passwordFile().map(file -> secret(id, file)).orElse(""));
        } catch (IOException e) {
            throw new StackException("account " + id + " at Polymarket: " + FileProblem.words(e), e);
        }
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
                        .createOrDerive(key, API_KEY_NUMBER)) {
                    case ReadOutcome.Complete<ApiCredentials> made -> made.value();
                    case ReadOutcome.Failed<ApiCredentials> failed ->
                        throw new StackException("account " + id + " at Polymarket: no API key for " + key.address()
                                + ": " + failed.why());
                };
        PolymarketAccount account;
        try {
            account = new PolymarketAccount(
                    id,
                    key,
                    signatureType(access.wallet()),
                    access.funder().map(Address::new).orElseGet(key::address),
                    credentials);
        } catch (IllegalArgumentException e) {
            throw new StackException("account " + id + " at Polymarket: " + e.getMessage(), e);
        }
        var client = new PolymarketClient(config, List.of(account), http, clock, marketChanged);
        open.push(client);
        client.refresh();
        client.start();
        add(id, Venue.POLYMARKET, mode, settings.environment(), client, "");
    }

    private static SignatureType signatureType(VenueSettings.Wallet wallet) {
        return switch (wallet) {
            case EOA -> SignatureType.EOA;
            case PROXY -> SignatureType.POLY_PROXY;
            case SAFE -> SignatureType.POLY_GNOSIS_SAFE;
            case DEPOSIT -> SignatureType.POLY_1271;
        };
    }

    private void add(
            AccountId account, Venue venue, Mode mode, Environment environment, VenueClient client, String limits) {
        connections.add(new Connection(
                account,
                venue,
                mode,
                environment,
                mode == Mode.LIVE ? client : new DryRunClient(client),
                client.balances(account),
                limits));
    }

    private VenueHttp http() {
        var http = new VenueHttp(HttpSettings.DEFAULT, clock);
        open.push(http);
        return http;
    }

    /** A secret in a file of its own, without the line's end. */
    private static String secret(AccountId account, Path file) {
        try {
            PrivateFile.require(file);
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new StackException(
                    "account " + account + ": the secret in " + file + " cannot be read: " + FileProblem.words(e), e);
        }
    }

    /** All accounts at all venues, in the order of the configuration. */
    public List<Connection> all() {
        return List.copyOf(connections);
    }

    /** Clients of the accounts that trade at a venue in a mode. */
    public Map<AccountId, VenueClient> at(Venue venue, Mode mode) {
        Map<AccountId, VenueClient> clients = new LinkedHashMap<>();
        connections.stream()
                .filter(it -> it.venue() == venue && it.mode() == mode)
                .forEach(it -> clients.put(it.account(), it.client()));
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
